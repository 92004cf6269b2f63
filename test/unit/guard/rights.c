#include "test.h"

#include "guard/rights.h"

TEST(rights_roles_and_scopes_have_words)
{
    for (i32 i = RIGHT_PUBLIC; i < RIGHT_COUNT_; i++) {
        assert_true(right_words[i][0] != 0);
    }
    assert_null(right_words[RIGHT_COUNT_]);
    assert_null(role_words[ROLE_COUNT_]);
    assert_null(scope_words[SCOPE_COUNT_]);
    assert_string_equal(right_words[RIGHT_PEOPLE_ERASE], "people.erase");
    assert_string_equal(role_words[ROLE_AGENT], "agent");
}

TEST(each_role_may_do_all_that_the_next_lower_may)
{
    static const enum role order[] = {ROLE_OWNER, ROLE_MANAGER, ROLE_ANALYST, ROLE_AGENT, ROLE_VIEWER};
    for (i64 i = 1; i < countof(order); i++) {
        rights higher = rights_of_role(order[i - 1]), lower = rights_of_role(order[i]);
        assert_int_equal(higher & lower, lower);
        assert_true(higher != lower);
    }
}

TEST(only_the_owner_erases_and_administers)
{
    static const enum right own[] = {RIGHT_PEOPLE_ERASE, RIGHT_USERS_MANAGE, RIGHT_KEYS_MANAGE, RIGHT_SETTINGS_WRITE,
                                     RIGHT_AUDIT_READ};
    for (i64 i = 0; i < countof(own); i++) {
        for (i32 role = 0; role < ROLE_COUNT_; role++) {
            assert_int_equal(rights_have(rights_of_role((enum role)role), own[i]), role == ROLE_OWNER);
        }
    }
}

TEST(nobody_has_the_right_that_stands_for_a_forgotten_one)
{
    for (i32 role = 0; role < ROLE_COUNT_; role++) {
        assert_false(rights_have(rights_of_role((enum role)role), RIGHT_NONE_));
        assert_false(rights_have(rights_of_role((enum role)role), RIGHT_COLLECT));
    }
    assert_false(rights_have(rights_of_scopes(7), RIGHT_NONE_));
}

TEST(scopes_add_up)
{
    assert_false(rights_have(rights_of_scopes(0), RIGHT_SIGNED_IN));
    assert_true(rights_have(rights_of_scopes(1u << SCOPE_READ), RIGHT_ASK));
    assert_false(rights_have(rights_of_scopes(1u << SCOPE_READ), RIGHT_PEOPLE_READ));
    assert_true(rights_have(rights_of_scopes(1u << SCOPE_READ | 1u << SCOPE_PERSONAL), RIGHT_PEOPLE_READ));
    assert_int_equal(rights_of_scopes(1u << SCOPE_ADMIN), rights_of_role(ROLE_OWNER));
}
