#include "store/settings.h"

#include "databases.h"

static struct store *open_store(struct ctx *ctx, enum database database)
{
    struct store *store;
    struct store_options options = database_new(database);
    assert_ok(store_open(ctx, &options, &store));
    return store;
}

/* The bit of a member. */
static shape_seen bit_of(const char *name)
{
    for (i64 i = 0; i < settings_shape.field_count; i++) {
        if (str_eq(str_from(settings_shape.fields[i].name), str_from(name))) {
            return (shape_seen)1 << i;
        }
    }
    return 0;
}

TEST_BOTH(settings_have_defaults_and_keep_what_is_changed)
{
    struct ctx ctx = {0};
    struct store *store = open_store(&ctx, database);
    struct settings settings;
    assert_ok(settings_read(&ctx, store, &settings));
    assert_int_equal(settings.minimum_n, 30);
    assert_true(settings.truncate_addresses);
    assert_false(settings.demo);
    settings.minimum_n = 5;
    settings.demo = true;
    settings.language = 1;
    settings.organisation = STR("không lưu");
    assert_ok(settings_write(&ctx, store, &settings, bit_of("minimum_n") | bit_of("demo") | bit_of("language")));
    assert_ok(settings_read(&ctx, store, &settings));
    assert_int_equal(settings.minimum_n, 5);
    assert_true(settings.demo);
    assert_int_equal(settings.language, 1);
    assert_true(str_eq(settings.organisation, STR("Chạm")));
    store_close(store);
    ctx_end(&ctx);
}

TEST_BOTH(zones_and_addresses_that_are_none_are_refused)
{
    struct ctx ctx = {0};
    struct store *store = open_store(&ctx, database);
    struct settings settings = {.zone = STR("Asia/Atlantis")};
    assert_int_equal(settings_write(&ctx, store, &settings, bit_of("zone")), ERR_INVALID);
    assert_true(str_eq(ctx.fault.pointer, STR("/zone")));
    static const char *const bad[] = {"cham.vn", "javascript:alert(1)", "https://a\"b", "ftp://a"};
    for (i64 i = 0; i < countof(bad); i++) {
        ctx_forgive(&ctx);
        settings.public_url = str_from(bad[i]);
        assert_int_equal(settings_write(&ctx, store, &settings, bit_of("public_url")), ERR_INVALID);
    }
    store_close(store);
    ctx_end(&ctx);
}

TEST_BOTH(what_the_operator_configured_wins)
{
    struct ctx ctx = {0};
    struct store *store = open_store(&ctx, database);
    struct settings configured = {.zone = STR("Asia/Tokyo")}, settings = {.zone = STR("Europe/Paris")};
    settings_configure(&configured, bit_of("zone"));
    assert_ok(settings_write(&ctx, store, &settings, bit_of("zone")));
    assert_ok(settings_read(&ctx, store, &settings));
    assert_true(str_eq(settings.zone, STR("Asia/Tokyo")));
    settings_configure(&(struct settings){0}, 0);
    assert_ok(settings_read(&ctx, store, &settings));
    assert_true(str_eq(settings.zone, STR("Europe/Paris")));
    store_close(store);
    ctx_end(&ctx);
}
