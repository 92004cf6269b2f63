#include "open.h"

#include "guard/keys.h"
#include "guard/users.h"

static str make(struct key *key)
{
    struct principal local = guard_local();
    str secret = STR_NONE;
    assert_ok(key_create(&ctx, guard, &local, key, &secret));
    return secret;
}

TEST_GUARD(a_write_key_collects_and_nothing_else)
{
    struct key key = {.name = STR("Cửa hàng"), .kind = KEY_WRITE, .trust = STR("server")};
    str secret = make(&key);
    struct write_key found;
    struct principal who;
    assert_ok(guard_write_key(&ctx, guard, secret, &found));
    assert_int_equal(found.trust, TRUST_SERVER);
    assert_int_equal(found.id, key.id);
    assert_string_equal(found.name, "Cửa hàng");
    assert_int_equal(guard_api_key(&ctx, guard, secret, &who), ERR_UNAUTHENTICATED);
}

TEST_GUARD(an_api_key_has_the_rights_of_its_scopes_and_collects_nothing)
{
    str scopes[] = {STR("read")};
    struct key key = {.name = STR("báo cáo"), .kind = KEY_API, .scopes = {scopes, 1}};
    str secret = make(&key);
    struct principal who;
    struct write_key none;
    assert_ok(guard_api_key(&ctx, guard, secret, &who));
    assert_int_equal(who.rights, rights_of_scopes(1u << SCOPE_READ));
    assert_int_equal(guard_write_key(&ctx, guard, secret, &none), ERR_UNAUTHENTICATED);
}

TEST_GUARD(a_removed_key_stops_at_once_and_works_not_after_a_restart_either)
{
    struct key key = {.name = STR("x"), .kind = KEY_WRITE, .trust = STR("browser")}, removed;
    str secret = make(&key);
    struct write_key found;
    assert_ok(keys_load(&ctx, guard));
    assert_ok(guard_write_key(&ctx, guard, secret, &found));
    assert_ok(key_remove(&ctx, guard, key.id, &removed));
    assert_true(str_eq(removed.name, STR("x")));
    assert_int_equal(guard_write_key(&ctx, guard, secret, &found), ERR_UNAUTHENTICATED);
    assert_ok(keys_load(&ctx, guard));
    ctx_forgive(&ctx);
    assert_int_equal(guard_write_key(&ctx, guard, secret, &found), ERR_UNAUTHENTICATED);
    ctx_forgive(&ctx);
    assert_int_equal(key_remove(&ctx, guard, key.id, &removed), ERR_NOT_FOUND);
}

TEST_GUARD(kinds_need_their_trust_or_scopes)
{
    str scopes[] = {STR("read")}, odd[] = {STR("root")};
    struct key bad[] = {
        {.name = STR("x"), .kind = KEY_WRITE},
        {.name = STR("x"), .kind = KEY_WRITE, .trust = STR("friend")},
        {.name = STR("x"), .kind = KEY_WRITE, .trust = STR("server"), .scopes = {scopes, 1}},
        {.name = STR("x"), .kind = KEY_API},
        {.name = STR("x"), .kind = KEY_API, .scopes = {odd, 1}},
    };
    struct principal local = guard_local();
    for (i64 i = 0; i < countof(bad); i++) {
        str secret;
        assert_int_equal(key_create(&ctx, guard, &local, &bad[i], &secret), ERR_INVALID);
        ctx_forgive(&ctx);
    }
}

TEST_GUARD(lists_show_how_a_secret_begins_and_no_more)
{
    struct key key = {.name = STR("x"), .kind = KEY_WRITE, .trust = STR("browser")};
    str secret = make(&key);
    struct shape_list list;
    assert_ok(key_list(&ctx, guard, &list));
    assert_int_equal(list.count, 1);
    const struct key *shown = list.items;
    assert_true(str_starts(secret, shown->prefix));
    assert_true(shown->prefix.len * 3 < secret.len);
}
