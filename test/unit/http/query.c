#include "test.h"

#include "http/server.h"

enum { COLOURS = 2 };
static const char *const colours[] = {"đỏ", "xanh", NULL};

struct wanted {
    i64 limit;
    str after;
    bool all;
    f64 share;
    i32 colour;
    struct str_list places;
};
static const struct shape_field fields[] = {
    {"limit", SHAPE_I64, offsetof(struct wanted, limit), .min = 1, .max = 100},
    {"after", SHAPE_STR, offsetof(struct wanted, after), .max = 20},
    {"all", SHAPE_BOOL, offsetof(struct wanted, all)},
    {"share", SHAPE_F64, offsetof(struct wanted, share)},
    {"colour", SHAPE_WORD, offsetof(struct wanted, colour), .words = colours},
    {"place", SHAPE_STRS, offsetof(struct wanted, places), .max = 3},
};
static const struct shape shape = SHAPE("Wanted", struct wanted, fields, NULL);

static struct ctx ctx;

static int begin(void **state)
{
    (void)state;
    return 0;
}

static int end(void **state)
{
    (void)state;
    ctx_end(&ctx);
    ctx = (struct ctx){0};
    return 0;
}

TEST_WITH(parameters_are_read_by_their_shape, begin, end)
{
    struct wanted wanted = {0};
    assert_ok(query_read(
        &ctx, &shape,
        STR("limit=20&after=123&all=true&share=0.5&colour=xanh&place=H%C3%A0+N%E1%BB%99i&place=Hu%e1%ba%bf"), &wanted));
    assert_int_equal(wanted.limit, 20);
    assert_true(str_eq(wanted.after, STR("123"))); // a text stays a text, though it looks like a number
    assert_true(wanted.all);
    assert_true(wanted.share == 0.5);
    assert_int_equal(wanted.colour, 1);
    assert_int_equal(wanted.places.count, 2);
    assert_true(str_eq(wanted.places.items[0], STR("Hà Nội")));
    assert_true(str_eq(wanted.places.items[1], STR("Huế")));
}

TEST_WITH(what_does_not_fit_is_a_malformed_request, begin, end)
{
    static const char *const bad[] = {
        "limit=0",     "limit=101",   "limit=abc",       "limit=",       "limit=1e1000",
        "limit=0x10",  "limit=01",    "limit=1&limit=2", "all=yes",      "all=1",
        "colour=blue", "unknown=1",   "after=%zz",       "after=%",      "after=%0",
        "after=%00",   "after=%ff",   "after=%0d%0a",    "after=%c0%af", "place=a&place=b&place=c&place=d",
        "limit[]=1",   "%6cimit=500",
    };
    for (i64 i = 0; i < countof(bad); i++) {
        struct wanted wanted = {0};
        err code = query_read(&ctx, &shape, str_from(bad[i]), &wanted);
        if (code != ERR_MALFORMED) {
            fail_msg("%s: %d", bad[i], code);
        }
        ctx_forgive(&ctx);
    }
}

TEST_WITH(an_empty_query_is_fine, begin, end)
{
    static const char *const good[] = {"", "&", "&&limit=1&"};
    for (i64 i = 0; i < countof(good); i++) {
        struct wanted wanted = {0};
        assert_ok(query_read(&ctx, &shape, str_from(good[i]), &wanted));
    }
}

TEST(secrets_in_addresses_are_noticed)
{
    assert_true(query_carries_secret(STR("a=1&API_KEY=x")));
    assert_true(query_carries_secret(STR("access_token")));
    assert_false(query_carries_secret(STR("keys=1&a=token")));
    assert_false(query_carries_secret(STR("")));
    assert_false(query_carries_secret(STR_NONE));
}
