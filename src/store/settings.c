#include "store/settings.h"

#include "base/zone.h"

static const char *const languages[] = {"vi", "en", NULL};

static const struct shape_field settings_fields[] = {
    {"organisation", SHAPE_STR, offsetof(struct settings, organisation), .min = 1, .max = ORGANISATION_MAX,
     .flags = SHAPE_REQUIRED, .help = "shape.settings.organisation"},
    {"zone", SHAPE_STR, offsetof(struct settings, zone), .min = 1, .max = 64, .flags = SHAPE_REQUIRED,
     .help = "shape.settings.zone"},
    {"language", SHAPE_WORD, offsetof(struct settings, language), .words = languages, .flags = SHAPE_REQUIRED,
     .help = "shape.settings.language"},
    {"minimum_n", SHAPE_I64, offsetof(struct settings, minimum_n), .min = 1, .max = 10000, .flags = SHAPE_REQUIRED,
     .help = "shape.settings.minimum_n"},
    {"public_url", SHAPE_STR, offsetof(struct settings, public_url), .max = 200, .flags = SHAPE_REQUIRED,
     .help = "shape.settings.public_url"},
    {"dedupe_days", SHAPE_I64, offsetof(struct settings, dedupe_days), .min = 1, .max = 400, .flags = SHAPE_REQUIRED,
     .help = "shape.settings.dedupe_days"},
    {"answer_files_mb", SHAPE_I64, offsetof(struct settings, answer_files_mb), .min = ANSWER_FILES_MB_MIN,
     .max = ANSWER_FILES_MB_MAX, .flags = SHAPE_REQUIRED, .help = "shape.settings.answer_files_mb"},
    {"truncate_addresses", SHAPE_BOOL, offsetof(struct settings, truncate_addresses), .flags = SHAPE_REQUIRED,
     .help = "shape.settings.truncate_addresses"},
    {"demo", SHAPE_BOOL, offsetof(struct settings, demo), .flags = SHAPE_REQUIRED | SHAPE_READ_ONLY,
     .help = "shape.settings.demo"},
};
const struct shape settings_shape = SHAPE("Settings", struct settings, settings_fields, "shape.settings");

struct settings settings_defaults(void)
{
    return (struct settings){
        .organisation = STR("Chạm"),
        .zone = STR("Asia/Ho_Chi_Minh"),
        .minimum_n = 30,
        .public_url = STR(""),
        .dedupe_days = 90,
        .answer_files_mb = 10 * 1024,
        .truncate_addresses = true,
    };
}

/* What the operator configured. Written once before any thread reads. */
static struct {
    struct settings values;
    shape_seen seen;
    struct arena arena;
} configured;

void settings_configure(const struct settings *settings, shape_seen seen)
{
    arena_reset(&configured.arena);
    configured.values = *settings;
    configured.values.organisation = str_copy(&configured.arena, settings->organisation);
    configured.values.zone = str_copy(&configured.arena, settings->zone);
    configured.values.public_url = str_copy(&configured.arena, settings->public_url);
    configured.seen = seen;
}

static const struct shape_field *field_of(str name)
{
    for (i64 i = 0; i < settings_shape.field_count; i++) {
        if (str_eq(str_from(settings_fields[i].name), name)) {
            return &settings_fields[i];
        }
    }
    return NULL;
}

/* Stored text into its member; what does not fit any more keeps its default. */
static void take(struct ctx *ctx, const struct shape_field *field, str value, struct settings *out)
{
    char *at = (char *)out + field->offset;
    i64 number = 0;
    if (field->type == SHAPE_STR) {
        *(str *)(void *)at = str_copy(&ctx->arena, value);
    } else if (field->type == SHAPE_I64 && str_i64(value, &number)) {
        *(i64 *)(void *)at = lesser(greater(number, field->min), field->max);
    } else if (field->type == SHAPE_BOOL) {
        *(bool *)(void *)at = str_eq(value, STR("1"));
    } else if (field->type == SHAPE_WORD) {
        *(i32 *)(void *)at = str_eq(value, STR("en")) ? 1 : 0;
    }
}

static err read_row(void *self, struct ctx *ctx, const struct store_row *row)
{
    const struct shape_field *field = field_of(row_str(row, 0));
    if (field != NULL) {
        take(ctx, field, row_str(row, 1), self);
    }
    return OK;
}

err settings_read(struct ctx *ctx, struct store *store, struct settings *out)
{
    *out = settings_defaults();
    TRY(store_each(ctx, store, SQL_SETTINGS_ALL, ARGS_NONE, read_row, out));
    for (i64 i = 0; i < settings_shape.field_count; i++) {
        const struct shape_field *field = &settings_fields[i];
        if ((configured.seen >> i & 1) != 0) {
            size_t size = field->type == SHAPE_STR    ? sizeof(str)
                          : field->type == SHAPE_I64  ? sizeof(i64)
                          : field->type == SHAPE_BOOL ? sizeof(bool)
                                                      : sizeof(i32);
            memcpy((char *)out + field->offset, (char *)&configured.values + field->offset, size);
        }
    }
    return OK;
}

static str text_of(struct ctx *ctx, const struct shape_field *field, const struct settings *settings)
{
    const char *at = (const char *)settings + field->offset;
    switch (field->type) {
    case SHAPE_I64: return str_format(&ctx->arena, "%ld", (long)*(const i64 *)(const void *)at);
    case SHAPE_BOOL: return *(const bool *)at ? STR("1") : STR("0");
    case SHAPE_WORD: return str_from(languages[*(const i32 *)(const void *)at]);
    default: return *(const str *)(const void *)at;
    }
}

struct change {
    const struct settings *settings;
    shape_seen seen;
};

static err write_all(struct ctx *ctx, struct store *store, void *arg)
{
    const struct change *change = arg;
    for (i64 i = 0; i < settings_shape.field_count; i++) {
        if ((change->seen >> i & 1) != 0) {
            const struct shape_field *field = &settings_fields[i];
            TRY(store_run(ctx, store, SQL_SETTINGS_PUT,
                          ARGS(ARG_STR("name", str_from(field->name)),
                               ARG_STR("value", text_of(ctx, field, change->settings))),
                          NULL));
        }
    }
    return store_tell(ctx, store, STR("settings"), STR("changed"));
}

static err check_url(struct ctx *ctx, str url)
{
    bool web = str_starts(url, STR("https://")) || str_starts(url, STR("http://"));
    bool plain = str_find_char(url, '"') < 0 && str_find_char(url, ' ') < 0 && str_find_char(url, '<') < 0;
    return url.len == 0 || (web && plain) ? OK : FAIL(ctx, ERR_INVALID, "public_url", "error.public_url");
}

err settings_write(struct ctx *ctx, struct store *store, const struct settings *settings, shape_seen seen)
{
    const struct zone *zone;
    if (shape_has(&settings_shape, seen, "zone") && zone_find(ctx, settings->zone, &zone) != OK) {
        ctx_forgive(ctx);
        return FAIL(ctx, ERR_INVALID, "zone", "error.zone", {"value", settings->zone});
    }
    if (shape_has(&settings_shape, seen, "public_url")) {
        TRY(check_url(ctx, settings->public_url));
    }
    struct change change = {settings, seen};
    return store_writing(store) ? write_all(ctx, store, &change) : store_write(ctx, store, write_all, &change);
}
