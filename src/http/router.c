#include "http/server.h"

#include "base/log.h"

/* Routes are compared segment by segment; where several fit, the one with the fewest :params wins, so
 * /people/export is found before /people/:id. */

static i32 split(str path, str segments[SEGMENTS_MAX])
{
    if (path.len == 0 || path.data[0] != '/') {
        return -1;
    }
    str rest = str_slice(path, 1, path.len);
    i32 count = 0;
    while (str_is(rest)) {
        if (count == SEGMENTS_MAX) {
            return -1;
        }
        segments[count++] = str_cut(&rest, '/');
    }
    return count;
}

static err add_route(struct ctx *ctx, struct routing *out, const struct route *route)
{
    if (route->right <= RIGHT_NONE_ || route->right >= RIGHT_COUNT_ || route->handler == NULL) {
        log_say(LOG_ERROR, "a route without a right or a handler", "path", route->path, NULL);
        return FAIL(ctx, ERR_INVALID, NULL, "error.system");
    }
    *out = (struct routing){.route = route};
    out->segment_count = split(str_from(route->path), out->segments);
    for (i32 i = 0; i < out->segment_count; i++) {
        out->param_count += str_starts(out->segments[i], STR(":")) ? 1 : 0;
    }
    if (out->segment_count <= 0 || out->param_count > LIMIT_PARAMS) {
        log_say(LOG_ERROR, "a route with an impossible path", "path", route->path, NULL);
        return FAIL(ctx, ERR_INVALID, NULL, "error.system");
    }
    return OK;
}

err router_open(struct ctx *ctx, struct http *http)
{
    for (i64 i = 0; i < http->options.table_count; i++) {
        http->routing_count += http->options.tables[i]->count;
    }
    http->routings = mem_new((i64)sizeof(struct routing) * http->routing_count);
    http->counts = mem_new((i64)sizeof(struct route_count) * (http->routing_count + 2));
    i64 at = 0;
    for (i64 i = 0; i < http->options.table_count; i++) {
        const struct route_table *table = http->options.tables[i];
        for (i64 k = 0; k < table->count; k++) {
            TRY(add_route(ctx, &http->routings[at++], &table->routes[k]));
        }
    }
    return OK;
}

static bool fits(const struct routing *routing, const str *segments, i32 count)
{
    if (routing->segment_count != count) {
        return false;
    }
    for (i32 i = 0; i < count; i++) {
        bool param = routing->segments[i].len > 0 && routing->segments[i].data[0] == ':';
        if (param ? segments[i].len == 0 : !str_eq(routing->segments[i], segments[i])) {
            return false;
        }
    }
    return true;
}

static void take_params(struct route_match *out, const str *segments)
{
    const struct routing *routing = out->routing;
    for (i32 i = 0; i < routing->segment_count; i++) {
        str name = routing->segments[i];
        if (name.len > 0 && name.data[0] == ':') {
            out->params[out->param_count++] = (struct param){str_slice(name, 1, name.len), segments[i]};
        }
    }
}

void router_match(const struct http *http, enum http_method method, str path, struct route_match *out)
{
    *out = (struct route_match){0};
    str segments[SEGMENTS_MAX];
    i32 count = split(path, segments);
    for (i64 i = 0; count > 0 && i < http->routing_count; i++) {
        const struct routing *routing = &http->routings[i];
        if (!fits(routing, segments, count)) {
            continue;
        }
        out->path_known = true;
        out->tracking = out->tracking || (routing->route->flags & ROUTE_TRACKING) != 0;
        out->methods |= 1u << routing->route->method;
        if (routing->route->method == method &&
            (out->routing == NULL || routing->param_count < out->routing->param_count)) {
            out->routing = routing;
        }
    }
    if (out->routing != NULL) {
        take_params(out, segments);
    }
}

str router_allow(struct arena *arena, const struct route_match *match)
{
    static const char *const names[HTTP_METHOD_COUNT_] = {"GET, HEAD", "POST", "PUT", "PATCH", "DELETE"};
    struct buf out = buf_in(arena);
    for (i32 i = 0; i < HTTP_METHOD_COUNT_; i++) {
        if ((match->methods >> i & 1u) != 0) {
            buf_format(&out, "%s%s", out.len > 0 ? ", " : "", names[i]);
        }
    }
    if (match->tracking) {
        buf_add(&out, STR(", OPTIONS"));
    }
    return buf_str(&out);
}
