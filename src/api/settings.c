#include "store/settings.h"
#include "api/app.h"
#include "api/routes.h"
#include "listen/collector.h"

/* The same members in the same order as settings_shape, each optional: the bits of what was given mean the same. */
static const struct shape_field change_fields[] = {
    {"organisation", SHAPE_STR, offsetof(struct settings, organisation), .min = 1, .max = ORGANISATION_MAX,
     .help = "shape.settings.organisation"},
    {"zone", SHAPE_STR, offsetof(struct settings, zone), .min = 1, .max = 64, .help = "shape.settings.zone"},
    {"language", SHAPE_WORD, offsetof(struct settings, language), .words = language_words,
     .help = "shape.settings.language"},
    {"minimum_n", SHAPE_I64, offsetof(struct settings, minimum_n), .min = 1, .max = 10000,
     .help = "shape.settings.minimum_n"},
    {"public_url", SHAPE_STR, offsetof(struct settings, public_url), .max = 200, .help = "shape.settings.public_url"},
    {"dedupe_days", SHAPE_I64, offsetof(struct settings, dedupe_days), .min = 1, .max = 400,
     .help = "shape.settings.dedupe_days"},
    {"answer_files_mb", SHAPE_I64, offsetof(struct settings, answer_files_mb), .min = ANSWER_FILES_MB_MIN,
     .max = ANSWER_FILES_MB_MAX, .help = "shape.settings.answer_files_mb"},
    {"truncate_addresses", SHAPE_BOOL, offsetof(struct settings, truncate_addresses),
     .help = "shape.settings.truncate_addresses"},
};
static const struct shape change_shape = SHAPE("SettingsChange", struct settings, change_fields,
                                               "shape.settings_change");

static err show(struct request *request, struct reply *reply)
{
    struct settings settings;
    TRY(settings_read(request->ctx, request->app->store, &settings));
    return reply_shape(reply, &settings_shape, &settings);
}

static str names_of(struct arena *arena, shape_seen seen)
{
    struct buf names = buf_in(arena);
    for (i64 i = 0; i < change_shape.field_count; i++) {
        if ((seen >> i & 1) != 0) {
            buf_format(&names, "%s%s", names.len > 0 ? ", " : "", change_fields[i].name);
        }
    }
    return buf_str(&names);
}

/* What is kept of the settings in memory. */
err settings_apply(void *self, struct ctx *ctx, str text)
{
    struct app *app = self;
    struct settings settings;
    (void)text;
    TRY(settings_read(ctx, app->store, &settings));
    TRY(collector_settings(ctx, app->collector));
    if (app->http != NULL) {
        http_settings(app->http, settings.public_url, (enum language)settings.language);
    }
    return OK;
}

static err change(struct request *request, struct reply *reply)
{
    struct settings settings;
    TRY(settings_write(request->ctx, request->app->store, request->input, request->seen));
    TRY(request_audit(request, "settings.change", names_of(&request->ctx->arena, request->seen), STR("")));
    TRY(settings_apply(request->app, request->ctx, STR_NONE));
    TRY(settings_read(request->ctx, request->app->store, &settings));
    return reply_shape(reply, &settings_shape, &settings);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/settings", show, RIGHT_SIGNED_IN, .out = &settings_shape, .summary = "route.settings.show"},
    {HTTP_PATCH, "/api/v1/settings", change, RIGHT_SETTINGS_WRITE, .in = &change_shape, .out = &settings_shape,
     .flags = ROUTE_CHANGES, .summary = "route.settings.change"},
};
const struct route_table settings_routes = ROUTES(routes);
