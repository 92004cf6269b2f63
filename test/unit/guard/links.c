#include "open.h"

#include "guard/links.h"

static const str PASSWORD = {"mật khẩu dài", 16};

TEST_GUARD(the_first_owner_is_made_by_a_link_and_only_once)
{
    bool needed = false;
    str token, other;
    i64 user = 0;
    assert_ok(users_need_owner(&ctx, guard, &needed));
    assert_true(needed);
    assert_ok(link_create(&ctx, guard, LINK_OWNER, 0, &token));
    struct link_answer answer = {token, STR("chu@example.vn"), STR("Chủ"), PASSWORD};
    assert_ok(link_accept(&ctx, guard, &answer, &user));
    assert_ok(users_need_owner(&ctx, guard, &needed));
    assert_false(needed);
    assert_ok(link_create(&ctx, guard, LINK_OWNER, 0, &other));
    answer = (struct link_answer){other, STR("ke@example.vn"), STR("Kẻ khác"), PASSWORD};
    assert_int_equal(link_accept(&ctx, guard, &answer, &user), ERR_NOT_FOUND);
    struct user found;
    ctx_forgive(&ctx);
    assert_int_equal(user_by_email(&ctx, guard, STR("ke@example.vn"), &found), ERR_NOT_FOUND);
}

TEST_GUARD(a_link_is_used_once)
{
    struct user user = {.email = STR("an@example.vn"), .name = STR("An"), .role = ROLE_AGENT};
    str token;
    i64 id = 0;
    assert_ok(user_create(&ctx, guard, &user));
    assert_ok(link_create(&ctx, guard, LINK_INVITATION, user.id, &token));
    struct link link;
    assert_ok(link_look(&ctx, guard, token, &link));
    assert_int_equal(link.purpose, LINK_INVITATION);
    assert_int_equal(link.role, ROLE_AGENT);
    struct link_answer answer = {.token = token, .password = PASSWORD};
    assert_ok(link_accept(&ctx, guard, &answer, &id));
    assert_int_equal(id, user.id);
    assert_int_equal(link_accept(&ctx, guard, &answer, &id), ERR_NOT_FOUND);
    ctx_forgive(&ctx);
    assert_int_equal(link_look(&ctx, guard, token, &link), ERR_NOT_FOUND);
}

TEST_GUARD(a_newer_link_ends_the_older)
{
    struct user user = {.email = STR("an@example.vn"), .name = STR("An"), .role = ROLE_AGENT};
    str older, newer;
    struct link link;
    assert_ok(user_create(&ctx, guard, &user));
    assert_ok(link_create(&ctx, guard, LINK_INVITATION, user.id, &older));
    assert_ok(link_create(&ctx, guard, LINK_RESET, user.id, &newer));
    assert_int_equal(link_look(&ctx, guard, older, &link), ERR_NOT_FOUND);
    ctx_forgive(&ctx);
    assert_ok(link_look(&ctx, guard, newer, &link));
}

TEST_GUARD(a_refused_password_leaves_the_link_usable)
{
    struct user user = {.email = STR("an@example.vn"), .name = STR("An"), .role = ROLE_AGENT};
    str token;
    i64 id;
    assert_ok(user_create(&ctx, guard, &user));
    assert_ok(link_create(&ctx, guard, LINK_INVITATION, user.id, &token));
    struct link_answer answer = {.token = token, .password = STR("ngắn")};
    assert_int_equal(link_accept(&ctx, guard, &answer, &id), ERR_INVALID);
    ctx_forgive(&ctx);
    answer.password = PASSWORD;
    assert_ok(link_accept(&ctx, guard, &answer, &id));
}

TEST_GUARD(the_owners_link_needs_an_address_and_a_taken_one_is_said)
{
    str token;
    i64 id;
    assert_ok(link_create(&ctx, guard, LINK_OWNER, 0, &token));
    struct link_answer answer = {.token = token, .name = STR("Chủ"), .password = PASSWORD};
    assert_int_equal(link_accept(&ctx, guard, &answer, &id), ERR_INVALID);
    assert_true(str_eq(ctx.fault.pointer, STR("/email")));
}
