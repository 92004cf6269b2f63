/* The tracking API of Segment's and RudderStack's clients: /v1/…, /sourceConfig. docs/tracking.md tells what is taken and how.
 *
 * Content types are not looked at: browsers send JSON as text/plain, RudderStack's node client as a form.
 */
#include "api/app.h"
#include "api/routes.h"
#include "json/write.h"
#include "listen/collector.h"
#include "listen/limits.h"

#define SUCCESS STR("{\"success\":true}")

/* The write key is the user name of Basic, mostly with an empty password, sometimes without the colon. */
static str basic_key(struct arena *arena, str encoded)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = arena_new(arena, char, encoded.len + 4);
    i64 len = 0;
    u32 bits = 0;
    i32 have = 0;
    for (i64 i = 0; i < encoded.len && encoded.data[i] != '='; i++) {
        char c = encoded.data[i] == '-' ? '+' : encoded.data[i] == '_' ? '/' : encoded.data[i];
        const char *at = c != 0 ? strchr(letters, c) : NULL;
        if (at == NULL) {
            return STR_NONE;
        }
        bits = bits << 6 | (u32)(at - letters);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[len++] = (char)(bits >> have & 0xFF);
        }
    }
    str both = {out, len};
    i64 colon = str_find_char(both, ':');
    return colon >= 0 ? str_slice(both, 0, colon) : both;
}

static str header_key(struct request *request)
{
    str header = str_trim(request_header(request, "Authorization"));
    if (header.len > 6 && str_eq_nocase(str_slice(header, 0, 6), STR("basic "))) {
        return basic_key(&request->ctx->arena, str_trim(str_slice(header, 6, header.len)));
    }
    if (header.len > 7 && str_eq_nocase(str_slice(header, 0, 7), STR("bearer "))) {
        return str_trim(str_slice(header, 7, header.len));
    }
    return STR_NONE;
}

static void answer(struct collecting *collecting, err result, const struct fault *fault)
{
    struct request *request = collecting->context;
    struct reply *reply = http_reply(request);
    if (result != OK) {
        request->ctx->fault = *fault;
        if (fault->retry_after_s > 0 && result == ERR_BUSY) {
            i64 reset_s = ctx_now_ms(request->ctx) / 1000 + fault->retry_after_s;
            reply_header(reply, "X-RateLimit-Reset", str_format(&request->ctx->arena, "%lld", (long long)reset_s));
        }
        http_resume(request, result);
        return;
    }
    http_resume(request, reply_json(reply, SUCCESS));
}

static err collect(struct request *request, struct reply *reply, enum track_type type)
{
    struct collector *collector = request->app->collector;
    struct collecting *collecting = arena_new(&request->ctx->arena, struct collecting, 1);
    *collecting = (struct collecting){
        .tracking = {.route = type,
                     .body = request->body,
                     .key = header_key(request),
                     .sent_at = request_header(request, "SentAt")},
        .answer = answer,
        .context = request,
    };
    TRY(collector_decode(request->ctx, collector, collecting));
    if (collecting->tracking.count == 0) {
        return reply_json(reply, SUCCESS);
    }
    http_suspend(request);
    collector_submit(request->ctx, collector, collecting);
    return OK;
}

static err track(struct request *request, struct reply *reply)
{
    return collect(request, reply, TRACK_TRACK);
}

static err identify(struct request *request, struct reply *reply)
{
    return collect(request, reply, TRACK_IDENTIFY);
}

static err page(struct request *request, struct reply *reply)
{
    return collect(request, reply, TRACK_PAGE);
}

static err screen(struct request *request, struct reply *reply)
{
    return collect(request, reply, TRACK_SCREEN);
}

static err group(struct request *request, struct reply *reply)
{
    return collect(request, reply, TRACK_GROUP);
}

static err alias(struct request *request, struct reply *reply)
{
    return collect(request, reply, TRACK_ALIAS);
}

static err batch(struct request *request, struct reply *reply)
{
    return collect(request, reply, TRACK_BATCH);
}

/* What the clients measure about themselves is of no use here. */
static err own_metrics(struct request *request, struct reply *reply)
{
    (void)request;
    return reply_json(reply, SUCCESS);
}

static err cacheable(struct reply *reply, str json)
{
    reply_header(reply, "Cache-Control", STR("public, max-age=300"));
    return reply_json(reply, json);
}

/* What a client asks before it sends. Without integrations["Segment.io"].apiKey it would silently send nothing. */
static err project_settings(struct request *request, struct reply *reply)
{
    str key = request_param(request, "key"), url = http_base(request->app->http);
    if (!collector_knows(request->app->collector, key)) {
        return FAIL(request->ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    i64 scheme = str_find(url, STR("://"));
    str host = str_slice(url, scheme + 3, url.len);
    struct json_writer out = json_writer_in(&request->ctx->arena);
    json_object(&out);
    json_key(&out, STR("integrations"));
    json_object(&out);
    json_key(&out, STR("Segment.io"));
    json_object(&out);
    json_pair_str(&out, "apiKey", key);
    json_pair_str(&out, "apiHost", str_format(&request->ctx->arena, "%.*s/v1", STR_ARG(host)));
    json_pair_str(&out, "protocol", str_slice(url, 0, scheme));
    json_pair_raw(&out, "unbundledIntegrations", STR("[]"));
    json_pair_bool(&out, "addBundledMetadata", true);
    json_object_end(&out);
    json_object_end(&out);
    json_pair_raw(&out, "plan",
                  STR("{\"track\":{\"__default\":{\"enabled\":true}},\"identify\":{\"__default\":{\"enabled\":true}},"
                      "\"group\":{\"__default\":{\"enabled\":true}}}"));
    json_pair_raw(&out, "metrics", STR("{\"sampleRate\":0}"));
    json_pair_raw(&out, "remotePlugins", STR("[]"));
    json_object_end(&out);
    return cacheable(reply, json_text(&out));
}

/* For pages that load the client by a script element. */
static err client_script(struct request *request, struct reply *reply)
{
    if (!collector_knows(request->app->collector, request_param(request, "key"))) {
        return FAIL(request->ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    return reply_asset(reply, request, STR("/client/analytics.min.js"));
}

/* The same for RudderStack's clients. */
static err source_config(struct request *request, struct reply *reply)
{
    str named = request_query(request, "writeKey"), key = str_is(named) ? named : header_key(request);
    if (!collector_knows(request->app->collector, key)) {
        return FAIL(request->ctx, ERR_UNAUTHENTICATED, NULL, "error.key_unknown");
    }
    struct json_writer out = json_writer_in(&request->ctx->arena);
    json_object(&out);
    json_key(&out, STR("source"));
    json_object(&out);
    json_pair_str(&out, "id", STR("cham"));
    json_pair_str(&out, "name", STR("Chạm"));
    json_pair_str(&out, "writeKey", key);
    json_pair_bool(&out, "enabled", true);
    json_pair_str(&out, "workspaceId", STR("cham"));
    json_pair_raw(&out, "config",
                  STR("{\"statsCollection\":{\"errors\":{\"enabled\":false},\"metrics\":{\"enabled\":false}}}"));
    json_pair_raw(&out, "dataplanes", STR("{}"));
    json_pair_raw(&out, "destinations", STR("[]"));
    json_object_end(&out);
    json_object_end(&out);
    return cacheable(reply, json_text(&out));
}

/* clang-format off */
#define COLLECT(at, call, words)                                                                                       \
    {HTTP_POST, at, call, RIGHT_COLLECT, .out_type = "application/json", .limit_bytes = TRACK_BODY_MAX,                \
     .flags = ROUTE_TRACKING | ROUTE_INLINE, .summary = words}
#define CONFIGURE(at, call, words)                                                                                     \
    {HTTP_GET, at, call, RIGHT_COLLECT, .out_type = "application/json",                                                 \
     .flags = ROUTE_TRACKING | ROUTE_INLINE | ROUTE_CACHED, .summary = words}
/* clang-format on */

static const struct route routes[] = {
    COLLECT("/v1/track", track, "api.track"),
    COLLECT("/v1/t", track, "api.track"),
    COLLECT("/v1/identify", identify, "api.identify"),
    COLLECT("/v1/i", identify, "api.identify"),
    COLLECT("/v1/page", page, "api.page"),
    COLLECT("/v1/p", page, "api.page"),
    COLLECT("/v1/screen", screen, "api.screen"),
    COLLECT("/v1/s", screen, "api.screen"),
    COLLECT("/v1/group", group, "api.group"),
    COLLECT("/v1/g", group, "api.group"),
    COLLECT("/v1/alias", alias, "api.alias"),
    COLLECT("/v1/a", alias, "api.alias"),
    COLLECT("/v1/batch", batch, "api.batch"),
    COLLECT("/v1/b", batch, "api.batch"),
    COLLECT("/v1/import", batch, "api.batch"),
    COLLECT("/v1/m", own_metrics, "api.client_metrics"),
    CONFIGURE("/v1/projects/:key/settings", project_settings, "api.project_settings"),
    {HTTP_GET, "/analytics.js/v1/:key/analytics.min.js", client_script, RIGHT_COLLECT,
     .out_type = "text/javascript; charset=utf-8", .flags = ROUTE_TRACKING | ROUTE_INLINE | ROUTE_CACHED,
     .summary = "api.client_script"},
    CONFIGURE("/sourceConfig", source_config, "api.source_config"),
    CONFIGURE("/sourceConfig/", source_config, "api.source_config"),
};
const struct route_table tracking_routes = ROUTES(routes);
