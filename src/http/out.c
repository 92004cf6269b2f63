#include "http/out.h"

#include "base/buf.h"
#include "http/server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <curl/curl.h>

enum { NETWORKS_MAX = 64, CONNECT_MS = 5000 };

struct out {
    struct network allowed[NETWORKS_MAX];
    i64 allowed_count;
    const char *user_agent;
    struct ctx ctx; /* of what lives as long */
};

/* Networks that are not the public internet (RFC 6890 and the registries of special-purpose addresses). */
static const char *const inside[] = {
    "0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24",   "192.0.2.0/24",  "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4",   "240.0.0.0/4",    "::/96",          "64:ff9b:1::/48", "100::/64",
    "2001::/23",      "2001:db8::/32", "fc00::/7",       "fe80::/10",      "fec0::/10",      "ff00::/8",
    "3fff::/20",      "5f00::/16",
};

/* Ports behind which another protocol listens: an HTTP request there is a way to speak to it. */
static const i32 other_ports[] = {
    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,    37,    42,    43,    53,
    69,   79,   87,   95,   101,  102,  103,  104,  109,  110,  111,  113,  115,   117,   119,   123,   135,
    137,  139,  143,  161,  179,  389,  427,  445,  465,  512,  513,  514,  515,   526,   530,   531,   532,
    540,  548,  554,  556,  563,  587,  601,  636,  873,  989,  990,  993,  995,   1433,  1521,  1719,  1720,
    1723, 2049, 2181, 2375, 2379, 3306, 3389, 3659, 4045, 5060, 5061, 5432, 5672,  5984,  6000,  6379,  6566,
    6665, 6666, 6667, 6668, 6669, 6697, 8123, 9000, 9042, 9092, 9200, 9300, 10080, 11211, 15672, 27017, 50070,
};

/* Names that stand for the machine, its network, or what runs the machine. */
static const char *const inside_names[] = {"localhost", "metadata", "metadata.google.internal", "instance-data"};
static const char *const inside_endings[] = {".localhost", ".internal", ".local", ".localdomain", ".home.arpa"};

err out_open(struct ctx *ctx, const struct out_options *options, struct out **out)
{
    struct out *self = mem_new(sizeof *self);
    str rest = options->allow;
    while (str_is(rest) && rest.len > 0) {
        str one = str_trim(str_cut(&rest, ','));
        if (one.len == 0) {
            continue;
        }
        if (self->allowed_count == NETWORKS_MAX || !network_parse(one, &self->allowed[self->allowed_count])) {
            out_close(self);
            return FAIL(ctx, ERR_INVALID, "outbound_allow", "error.config_network", {"value", one});
        }
        self->allowed_count++;
    }
    self->user_agent = str_c(&self->ctx.arena, str_is(options->user_agent) ? options->user_agent : STR("Cham"));
    *out = self;
    return OK;
}

void out_close(struct out *out)
{
    if (out != NULL) {
        ctx_end(&out->ctx);
        mem_free(out);
    }
}

/* Addresses. */

/* IPv6 addresses that carry an IPv4 address lead there: 6to4 and NAT64. Text of that address, or of `text` itself. */
static str carried(struct arena *arena, str text)
{
    u8 six[16];
    const char *name = str_c(arena, text);
    if (inet_pton(AF_INET6, name, six) != 1) {
        return text;
    }
    static const u8 nat64[12] = {0x00, 0x64, 0xff, 0x9b};
    const u8 *four = NULL;
    if (six[0] == 0x20 && six[1] == 0x02) {
        four = six + 2;
    } else if (memcmp(six, nat64, sizeof nat64) == 0) {
        four = six + 12;
    }
    return four == NULL ? text : str_format(arena, "%d.%d.%d.%d", four[0], four[1], four[2], four[3]);
}

bool out_is_inside(const struct out *out, str text)
{
    return network_has(out->allowed, out->allowed_count, text);
}

bool out_may_reach(const struct out *out, str text)
{
    struct arena arena = {0};
    bool may = out_is_inside(out, text);
    str real = carried(&arena, text);
    struct network network;
    for (i64 i = 0; !may && i < countof(inside); i++) {
        bool known = network_parse(str_from(inside[i]), &network);
        assert(known);
        if (network_has(&network, 1, real) || network_has(&network, 1, text)) {
            arena_free(&arena);
            return false;
        }
    }
    arena_free(&arena);
    return may || network_parse(text, &network);
}

/* URLs. */

struct target {
    CURLU *parts;
    str host;
    bool https;
};

static void free_parts(void *parts)
{
    curl_url_cleanup(parts);
}

static str part_of(struct ctx *ctx, CURLU *parts, CURLUPart which)
{
    char *text = NULL;
    if (curl_url_get(parts, which, &text, which == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0) != CURLUE_OK) {
        return STR_NONE;
    }
    str copy = str_copy(&ctx->arena, str_from(text));
    curl_free(text);
    return copy;
}

static bool is_other_port(i64 port)
{
    for (i64 i = 0; i < countof(other_ports); i++) {
        if (other_ports[i] == port) {
            return true;
        }
    }
    return port < 1 || port > 65535;
}

static bool is_inside_name(str host)
{
    for (i64 i = 0; i < countof(inside_names); i++) {
        if (str_eq(host, str_from(inside_names[i]))) {
            return true;
        }
    }
    for (i64 i = 0; i < countof(inside_endings); i++) {
        if (str_ends(host, str_from(inside_endings[i]))) {
            return true;
        }
    }
    return str_find_char(host, '.') < 0 && str_find_char(host, ':') < 0; // a name of the local network
}

static bool has_control(str text)
{
    for (i64 i = 0; i < text.len; i++) {
        if ((u8)text.data[i] <= ' ' || text.data[i] == 0x7f) {
            return true;
        }
    }
    return false;
}

/* The library forgives "https:/host" and "https:///host", which others read otherwise. */
static bool is_plain(str url)
{
    i64 at = str_find(url, STR("://"));
    return url.len > 0 && url.len <= OUT_URL_MAX && !has_control(url) && at > 0 && at + 3 < url.len &&
           url.data[at + 3] != '/';
}

/* What an address says, before anybody is asked about its name. */
static err read_target(struct ctx *ctx, const struct out *out, str url, const char *pointer, struct target *target)
{
    CURLU *parts = curl_url();
    ctx_defer(ctx, free_parts, parts);
    if (!is_plain(url) ||
        curl_url_set(parts, CURLUPART_URL, str_c(&ctx->arena, url), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
        return FAIL(ctx, ERR_INVALID, pointer, "error.out_url");
    }
    str scheme = part_of(ctx, parts, CURLUPART_SCHEME);
    str host = str_lower_ascii(&ctx->arena, part_of(ctx, parts, CURLUPART_HOST));
    target->https = str_eq(scheme, STR("https"));
    if (!target->https && !str_eq(scheme, STR("http"))) {
        return FAIL(ctx, ERR_INVALID, pointer, "error.out_scheme");
    }
    i64 port = 0;
    if (!str_i64(part_of(ctx, parts, CURLUPART_PORT), &port) || is_other_port(port)) {
        return FAIL(ctx, ERR_INVALID, pointer, "error.out_port");
    }
    if (str_is(part_of(ctx, parts, CURLUPART_USER)) || str_is(part_of(ctx, parts, CURLUPART_PASSWORD))) {
        return FAIL(ctx, ERR_INVALID, pointer, "error.out_url");
    }
    while (str_ends(host, STR("."))) {
        host.len--;
    }
    // "[::1%eth0]" means something else on every machine.
    if (host.len == 0 || str_find_char(host, '%') >= 0) {
        return FAIL(ctx, ERR_INVALID, pointer, "error.out_url");
    }
    if (out->allowed_count == 0 && is_inside_name(host)) {
        return FAIL(ctx, ERR_INVALID, pointer, "error.out_inside", {"host", host});
    }
    target->parts = parts;
    target->host = host;
    return OK;
}

/* One sending. */

struct sending {
    struct ctx *ctx;
    const struct out *out;
    struct buf body;
    bool https, look_only;
    bool refused, unencrypted, reached; /* an address was refused; http to the public; an address was let through */
};

/* Called with the address a connection is about to be made to: the check and the connection cannot differ. */
static curl_socket_t open_socket(void *self, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct sending *sending = self;
    char text[INET6_ADDRSTRLEN];
    (void)purpose;
    address_text(&address->addr, text);
    str shown = str_from(text);
    bool may = (address->family == AF_INET || address->family == AF_INET6) && out_may_reach(sending->out, shown);
    bool plain = may && !sending->https && !out_is_inside(sending->out, shown);
    sending->refused |= !may;
    sending->unencrypted |= plain;
    if (!may || plain || sending->refused || sending->look_only) {
        sending->reached |= may && !plain;
        return CURL_SOCKET_BAD;
    }
    sending->reached = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take(char *bytes, size_t size, size_t count, void *self)
{
    struct sending *sending = self;
    i64 len = (i64)(size * count);
    i64 room = OUT_REPLY_MAX - sending->body.len;
    buf_add(&sending->body, (str){bytes, lesser(len, room)});
    return len > room ? 0 : (size_t)len; // what is longer is cut, and the connection with it
}

static int look_around(void *self, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct sending *sending = self;
    (void)a, (void)b, (void)c, (void)d;
    return ctx_stopped(sending->ctx);
}

static void free_curl(void *curl)
{
    curl_easy_cleanup(curl);
}

static void free_list(void *list)
{
    curl_slist_free_all(list);
}

static void set_guard(CURL *curl, struct sending *sending, CURLU *url, i64 limit_ms)
{
    curl_easy_setopt(curl, CURLOPT_CURLU, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, sending);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, sending);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_around);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, sending);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, sending->out->user_agent);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(limit_ms > 0 ? limit_ms : OUT_LIMIT_MS));
}

static bool set_headers(CURL *curl, struct ctx *ctx, const struct out_request *request)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (i64 i = 0; i < request->header_count; i++) {
        str value = request->headers[i].value;
        if (str_find_char(value, '\n') >= 0 || str_find_char(value, '\r') >= 0 || str_find_char(value, 0) >= 0) {
            curl_slist_free_all(list);
            return false;
        }
        str line = str_format(&ctx->arena, "%s: %.*s", request->headers[i].name, STR_ARG(value));
        list = curl_slist_append(list, line.data);
    }
    ctx_defer(ctx, free_list, list);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    return true;
}

/* Why nothing may be sent there; OK when it may. */
static err verdict(struct sending *sending, const char *pointer, str host)
{
    if (sending->refused) {
        return FAIL(sending->ctx, ERR_INVALID, pointer, "error.out_inside", {"host", host});
    }
    return sending->unencrypted ? FAIL(sending->ctx, ERR_INVALID, pointer, "error.out_scheme") : OK;
}

err out_check(struct ctx *ctx, struct out *out, str url, const char *pointer)
{
    struct target target;
    TRY(read_target(ctx, out, url, pointer, &target));
    struct sending sending = {.ctx = ctx, .out = out, .https = target.https, .look_only = true};
    CURL *curl = curl_easy_init();
    ctx_defer(ctx, free_curl, curl);
    sending.body = buf_in(&ctx->arena);
    set_guard(curl, &sending, target.parts, CONNECT_MS);
    (void)curl_easy_perform(curl); // ends before a connection is made
    return verdict(&sending, pointer, target.host);
}

static err sent(struct sending *sending, CURL *curl, CURLcode code, str host, struct out_reply *reply)
{
    long status = 0;
    curl_off_t wait = 0;
    TRY(verdict(sending, NULL, host));
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait);
    if (code == CURLE_ABORTED_BY_CALLBACK && ctx_stopped(sending->ctx)) {
        return ERR_CANCELLED;
    }
    bool cut = code == CURLE_WRITE_ERROR && sending->body.len == OUT_REPLY_MAX;
    if (status == 0 || (code != CURLE_OK && !cut)) {
        return FAIL(sending->ctx, ERR_UNAVAILABLE, NULL, "error.out_away", {"host", host});
    }
    *reply = (struct out_reply){(i32)status, (i32)lesser((i64)wait, 1 << 30), buf_str(&sending->body)};
    return OK;
}

err out_send(struct ctx *ctx, struct out *out, const struct out_request *request, struct out_reply *reply)
{
    struct target target;
    TRY(read_target(ctx, out, request->url, NULL, &target));
    struct sending sending = {.ctx = ctx, .out = out, .https = target.https, .body = buf_in(&ctx->arena)};
    CURL *curl = curl_easy_init();
    ctx_defer(ctx, free_curl, curl);
    set_guard(curl, &sending, target.parts, request->limit_ms);
    if (!set_headers(curl, ctx, request)) {
        return FAIL(ctx, ERR_INVALID, NULL, "error.out_url");
    }
    const char *method = request->method != NULL ? request->method : "POST";
    if (strcmp(method, "GET") != 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.len > 0 ? request->body.data : "");
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    }
    return sent(&sending, curl, curl_easy_perform(curl), target.host, reply);
}
