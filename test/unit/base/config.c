#include "test.h"

#include "base/config.h"

TEST(later_sources_win_over_earlier_ones)
{
    struct ctx ctx = {0};
    struct config config;
    config_defaults(&config);
    assert_true(str_eq(config.listen, STR("127.0.0.1:8080")));
    assert_true(str_eq(config.zone, STR("Asia/Ho_Chi_Minh")));
    assert_false(str_is(config.public_url));
    assert_false(config_given(&config, "zone"));

    assert_ok(config_text(&ctx, &config, STR("# a comment\nlisten = 0.0.0.0:80 # all\n\n dedupe_days=30")));
    assert_true(str_eq(config.listen, STR("0.0.0.0:80")));
    assert_int_equal(config.dedupe_days, 30);

    char *environment[] = {"PATH=/bin", "CHAM_LISTEN=[::1]:81", "CHAM_BIN=/x", NULL};
    assert_ok(config_environment(&ctx, &config, environment));
    assert_true(str_eq(config.listen, STR("[::1]:81")));

    assert_ok(config_set(&ctx, &config, STR("public-url"), STR("https://cham.vn")));
    assert_true(str_eq(config.public_url, STR("https://cham.vn")));
    assert_true(config_given(&config, "public_url"));
    ctx_end(&ctx);
}

TEST(mistakes_name_the_place_and_what_is_allowed)
{
    static const struct {
        const char *text, *pointer, *key;
    } cases[] = {
        {"listen = x\nlisen = y", "/2", "error.config_key"},
        {"listen", "/1", "error.config_line"},
        {"dedupe_days = 0", "/1/dedupe_days", "error.config_number"},
        {"dedupe_days = many", "/1/dedupe_days", "error.config_number"},
        {"\nlanguage = fr", "/2/language", "error.config_word"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct ctx ctx = {0};
        struct config config;
        config_defaults(&config);
        assert_int_equal(config_text(&ctx, &config, str_from(cases[i].text)), ERR_INVALID);
        assert_string_equal(ctx.fault.key, cases[i].key);
        assert_true(str_eq(ctx.fault.pointer, str_from(cases[i].pointer)));
        ctx_end(&ctx);
    }
}

TEST(every_default_is_allowed)
{
    for (i64 i = 0; i < config_key_count; i++) {
        struct ctx ctx = {0};
        struct config config;
        config_defaults(&config);
        assert_ok(config_set(&ctx, &config, str_from(config_keys[i].name), str_from(config_keys[i].otherwise)));
        ctx_end(&ctx);
    }
}
