#include "open.h"

#include "guard/inside.h"
#include "guard/users.h"

static const str PASSWORD = {"mật khẩu dài", 16};

static struct user new_user(const char *email, enum role role)
{
    struct user user = {.email = str_from(email), .name = STR("An"), .role = (i32)role};
    assert_ok(user_create(&ctx, guard, &user));
    assert_ok(user_password(&ctx, guard, user.id, PASSWORD));
    return user;
}

static err sign_in(const char *email, str password, str *token, struct principal *who)
{
    struct sign_in with = {str_from(email), password, STR("1.2.3.4")};
    return guard_sign_in(&ctx, guard, &with, token, who);
}

TEST_GUARD(the_right_password_opens_a_session_with_the_rights_of_the_role)
{
    struct user user = new_user("An@Example.vn", ROLE_ANALYST);
    struct principal who, again;
    str token;
    assert_ok(sign_in("an@example.vn", PASSWORD, &token, &who));
    assert_int_equal(who.id, user.id);
    assert_int_equal(who.rights, rights_of_role(ROLE_ANALYST));
    assert_ok(guard_session(&ctx, guard, token, &again));
    assert_int_equal(again.session, who.session);
    assert_true(str_eq(again.name, STR("an@example.vn")));
    assert_ok(guard_sign_out(&ctx, guard, &who));
    assert_int_equal(guard_session(&ctx, guard, token, &again), ERR_UNAUTHENTICATED);
}

TEST_GUARD(wrong_passwords_and_unknown_people_fail_alike)
{
    new_user("an@example.vn", ROLE_OWNER);
    struct principal who;
    str token;
    assert_int_equal(sign_in("an@example.vn", STR("mật khẩu sai"), &token, &who), ERR_UNAUTHENTICATED);
    const char *known = ctx.fault.key;
    ctx_forgive(&ctx);
    assert_int_equal(sign_in("ai@example.vn", PASSWORD, &token, &who), ERR_UNAUTHENTICATED);
    assert_string_equal(ctx.fault.key, known);
    ctx_forgive(&ctx);
    assert_int_equal(sign_in("an@example.vn", STR(""), &token, &who), ERR_UNAUTHENTICATED);
}

TEST_GUARD(nobody_signs_in_before_a_password_is_set)
{
    struct user user = {.email = STR("moi@example.vn"), .name = STR("Mới"), .role = ROLE_VIEWER};
    assert_ok(user_create(&ctx, guard, &user));
    struct principal who;
    str token;
    assert_int_equal(sign_in("moi@example.vn", STR(""), &token, &who), ERR_UNAUTHENTICATED);
}

TEST_GUARD(sessions_end_when_they_are_idle_or_old)
{
    new_user("an@example.vn", ROLE_OWNER);
    struct principal who, found;
    str token;
    assert_ok(sign_in("an@example.vn", PASSWORD, &token, &who));
    i64 idle_ms = guard->idle_ms, absolute_ms = guard->absolute_ms;
    guard->idle_ms = -1000;
    assert_int_equal(guard_session(&ctx, guard, token, &found), ERR_UNAUTHENTICATED);
    guard->idle_ms = idle_ms;
    guard->absolute_ms = -1000;
    ctx_forgive(&ctx);
    assert_int_equal(guard_session(&ctx, guard, token, &found), ERR_UNAUTHENTICATED);
    guard->absolute_ms = absolute_ms;
    ctx_forgive(&ctx);
    assert_ok(guard_session(&ctx, guard, token, &found));
}

TEST_GUARD(a_new_password_ends_every_session)
{
    struct user user = new_user("an@example.vn", ROLE_OWNER);
    struct principal who;
    str first, second;
    assert_ok(sign_in("an@example.vn", PASSWORD, &first, &who));
    assert_ok(sign_in("an@example.vn", PASSWORD, &second, &who));
    assert_false(str_eq(first, second));
    assert_ok(user_password(&ctx, guard, user.id, STR("mật khẩu mới hẳn")));
    assert_int_equal(guard_session(&ctx, guard, first, &who), ERR_UNAUTHENTICATED);
    ctx_forgive(&ctx);
    assert_int_equal(guard_session(&ctx, guard, second, &who), ERR_UNAUTHENTICATED);
}

TEST_GUARD(places_and_departments_come_with_the_principal)
{
    str places[] = {STR("Đà Nẵng"), STR("Huế")};
    struct user user = new_user("an@example.vn", ROLE_VIEWER);
    user.places = (struct str_list){places, 2};
    user.active = true;
    new_user("chu@example.vn", ROLE_OWNER);
    assert_ok(user_change(&ctx, guard, &user));
    struct principal who;
    str token;
    assert_ok(sign_in("an@example.vn", PASSWORD, &token, &who));
    assert_int_equal(who.places.count, 2);
    assert_true(str_eq(who.places.items[1], STR("Huế")));
    assert_int_equal(who.departments.count, 0);
}

TEST_GUARD(the_stored_token_and_password_are_not_the_ones_that_open)
{
    struct user user = new_user("an@example.vn", ROLE_OWNER);
    struct principal who;
    str token;
    assert_ok(sign_in("an@example.vn", PASSWORD, &token, &who));
    struct principal none;
    assert_int_equal(guard_session(&ctx, guard, digest_of(&ctx.arena, token), &none), ERR_UNAUTHENTICATED);
    (void)user;
}

TEST_GUARD(the_command_line_acts_as_owner_and_nobody_as_nobody)
{
    struct principal local = guard_local(), nobody = {0};
    for (i32 right = RIGHT_PUBLIC; right < RIGHT_COUNT_; right++) {
        assert_ok(guard_check(&ctx, &local, (enum right)right));
        bool open = right == RIGHT_PUBLIC || right == RIGHT_COLLECT;
        assert_int_equal(guard_check(&ctx, &nobody, (enum right)right), open ? OK : ERR_UNAUTHENTICATED);
        ctx_forgive(&ctx);
    }
}
