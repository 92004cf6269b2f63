#include "people/alias.h"

#include "test.h"

TEST(an_alias_is_the_same_however_it_is_written)
{
    static const struct {
        const char *text, *whole; /* NULL: none */
    } cases[] = {
        {"user:KH-1", "user:KH-1"},
        {" User : KH-1 ", "user:KH-1"},
        {"user:a:b", "user:a:b"},
        {"email:Lan@Vidu.VN", "email:lan@vidu.vn"},
        {"email: lan@vidu.vn", "email:lan@vidu.vn"},
        {"phone:0901 234 567", "phone:+84901234567"},
        {"phone:+84 901 234 567", "phone:+84901234567"},
        {"zalo:8123", "zalo:8123"},
        {"mail:lan@vidu.vn", NULL},
        {"email:khong phai", NULL},
        {"phone:12", NULL},
        {"user:", NULL},
        {"lan@vidu.vn", NULL},
        {"", NULL},
    };
    struct arena arena = {0};
    for (i64 i = 0; i < countof(cases); i++) {
        str whole = alias_whole(&arena, str_from(cases[i].text));
        bool same = cases[i].whole == NULL ? !str_is(whole) : str_eq(whole, str_from(cases[i].whole));
        if (!same) {
            print_error("%s: %.*s\n", cases[i].text, STR_ARG(whole));
            fail();
        }
        if (str_is(whole)) {
            assert_true(str_eq(alias_whole(&arena, whole), whole));
        }
    }
    arena_free(&arena);
}
