/* clickhouse+http://user:password@host:port,host:port/database?cluster=NAME&ask_user=…&ask_password=…&ca=FILE */
#include "events/click_state.h"

static err fail_url(struct ctx *ctx, const char *part)
{
    return FAIL(ctx, ERR_INVALID, "events", "error.events_url", {"part", str_from(part)});
}

static int digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %41 → A. */
static str unescape(struct arena *arena, str text)
{
    char *to = arena_new(arena, char, text.len + 1);
    i64 len = 0;
    for (i64 i = 0; i < text.len; i++) {
        bool escaped = text.data[i] == '%' && i + 2 < text.len + 0 && digit(text.data[i + 1]) >= 0 &&
                       digit(text.data[i + 2]) >= 0;
        to[len++] = escaped ? (char)(digit(text.data[i + 1]) << 4 | digit(text.data[i + 2])) : text.data[i];
        i += escaped ? 2 : 0;
    }
    return (str){to, len};
}

/* A header ends at a line end, and a C string at a zero. */
static bool is_header(str text)
{
    for (i64 i = 0; i < text.len; i++) {
        if ((u8)text.data[i] < 32 || (u8)text.data[i] == 127) {
            return false;
        }
    }
    return true;
}

/* Names and addresses have few letters; whatever else stands there is not sent anywhere. */
static bool is_host(str name)
{
    for (i64 i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '.' && c != '-' && c != '_' && c != ':' && c != '[' && c != ']') {
            return false;
        }
    }
    return name.len > 0;
}

static bool has_port(str name)
{
    i64 colon = name.len - 1;
    while (colon >= 0 && name.data[colon] != ':') {
        colon--;
    }
    i64 port;
    bool inside = name.data[0] == '[' && name.data[name.len - 1] == ']';
    return colon > 0 && !inside && str_i64(str_slice(name, colon + 1, name.len), &port) && port > 0 && port < 65536;
}

static err read_hosts(struct ctx *ctx, struct clickhouse *ch, str hosts)
{
    for (str rest = hosts; str_is(rest);) {
        str name = str_cut(&rest, ',');
        if (!is_host(name) || ch->server_count == CLICK_HOSTS_MAX) {
            return fail_url(ctx, "host");
        }
        struct click_server *server = &ch->servers[ch->server_count++];
        struct arena *arena = &ch->ctx.arena;
        const char *port = has_port(name) ? "" : ch->tls ? ":8443" : ":8123";
        server->name = str_format(arena, "%.*s%s", STR_ARG(name), port);
        server->url = str_format(arena, "%s://%.*s/", ch->tls ? "https" : "http", STR_ARG(server->name));
    }
    return OK;
}

static err read_user(struct ctx *ctx, struct clickhouse *ch, str login)
{
    str password = login;
    str user = str_cut(&password, ':');
    ch->user = unescape(&ch->ctx.arena, user);
    ch->password = str_is(password) ? unescape(&ch->ctx.arena, password) : STR("");
    return is_header(ch->user) && is_header(ch->password) ? OK : fail_url(ctx, "user");
}

static err read_option(struct ctx *ctx, struct clickhouse *ch, str option)
{
    struct arena *arena = &ch->ctx.arena;
    str value = option;
    str name = str_cut(&value, '=');
    value = unescape(arena, value);
    if (!is_header(value)) {
        return fail_url(ctx, "option");
    }
    if (str_eq(name, STR("cluster"))) {
        ch->cluster = value.len == 0 ? NULL : str_c(arena, value);
    } else if (str_eq(name, STR("ask_user"))) {
        ch->ask_user = value;
    } else if (str_eq(name, STR("ask_password"))) {
        ch->ask_password = value;
    } else if (str_eq(name, STR("ca"))) {
        ch->ca = value;
    } else {
        return fail_url(ctx, "option");
    }
    return OK;
}

static err read_scheme(struct ctx *ctx, struct clickhouse *ch, str *rest)
{
    const str plain = STR("clickhouse+http://"), tls = STR("clickhouse+https://");
    ch->tls = str_starts(*rest, tls);
    if (!ch->tls && !str_starts(*rest, plain)) {
        return fail_url(ctx, "scheme");
    }
    *rest = str_slice(*rest, ch->tls ? tls.len : plain.len, rest->len);
    return OK;
}

err click_read_url(struct ctx *ctx, struct clickhouse *ch, str url)
{
    str rest = str_copy(&ch->ctx.arena, url);
    TRY(read_scheme(ctx, ch, &rest));
    str options = rest;
    str path = str_cut(&options, '?');
    str database = path;
    str hosts = str_cut(&database, '/');
    i64 at = str_find_char(hosts, '@');
    ch->user = STR("default");
    ch->password = ch->database = STR("");
    if (at >= 0) {
        TRY(read_user(ctx, ch, str_slice(hosts, 0, at)));
        hosts = str_slice(hosts, at + 1, hosts.len);
    }
    TRY(read_hosts(ctx, ch, hosts));
    ch->database = str_is(database) && database.len > 0 ? unescape(&ch->ctx.arena, database) : STR("default");
    while (str_is(options)) {
        TRY(read_option(ctx, ch, str_cut(&options, '&')));
    }
    if (!str_is(ch->ask_user)) {
        ch->ask_user = ch->user;
        ch->ask_password = ch->password;
    }
    return OK;
}

str clickhouse_shown(struct arena *arena, str url)
{
    i64 from = str_find(url, STR("://"));
    str options = url;
    str head = str_cut(&options, '?');
    i64 at = str_find_char(head, '@');
    struct buf out = buf_in(arena);
    buf_add(&out, from < 0 ? STR("") : str_slice(head, 0, from + 3));
    buf_add(&out, str_slice(head, at >= 0 ? at + 1 : from < 0 ? head.len : from + 3, head.len));
    for (bool first = true; str_is(options);) {
        str option = str_cut(&options, '&');
        if (!str_starts(option, STR("ask_")) && option.len > 0) {
            buf_char(&out, first ? '?' : '&');
            buf_add(&out, option);
            first = false;
        }
    }
    return buf_str(&out);
}
