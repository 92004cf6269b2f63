#include "http/server.h"

/* Refusals before routing (RFC 9112): whatever two readers of the same bytes could take for two different requests.
 * libmicrohttpd 0.9.75 has unfolded lines and cut at NUL before we see them; deploy/nginx.conf refuses those. */

static bool is_token_char(char c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool digit = c >= '0' && c <= '9';
    return letter || digit || (c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_token(str text)
{
    for (i64 i = 0; i < text.len; i++) {
        if (!is_token_char(text.data[i])) {
            return false;
        }
    }
    return text.len > 0;
}

static bool has_control(str text)
{
    for (i64 i = 0; i < text.len; i++) {
        u8 c = (u8)text.data[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return true;
        }
    }
    return false;
}

static bool is_length(str text)
{
    for (i64 i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
    }
    i64 value;
    return text.len > 0 && str_i64(text, &value);
}

/* host [":" port]: letters, digits, '-', '.', '_', or an address in brackets. */
static bool is_host(str text)
{
    i64 bracket = text.len > 0 && text.data[0] == '[' ? str_find_char(text, ']') : -1;
    if (text.len > 0 && text.data[0] == '[' && bracket < 3) {
        return false;
    }
    for (i64 i = 1; i < bracket; i++) {
        if (strchr("0123456789abcdefABCDEF:.", text.data[i]) == NULL) {
            return false;
        }
    }
    str rest = bracket > 0 ? str_slice(text, bracket + 1, text.len) : text;
    str port = rest;
    str name = str_cut(&port, ':');
    for (i64 i = 0; i < name.len; i++) {
        if (!is_token_char(name.data[i]) || strchr("!#$%&'*+^`|~", name.data[i]) != NULL) {
            return false;
        }
    }
    bool named = bracket > 0 ? name.len == 0 : name.len > 0;
    return named && name.len < 256 && (!str_is(port) || (is_length(port) && port.len <= 5));
}

static bool is_target(str target)
{
    for (i64 i = 0; i < target.len; i++) {
        u8 c = (u8)target.data[i];
        if (c <= 0x20 || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '\\' || c == '^' || c == '`') {
            return false;
        }
    }
    return target.len > 0 && target.data[0] == '/';
}

static struct refusal check_line(const struct head *head)
{
    if (!str_eq(head->version, STR("HTTP/1.1")) && !str_eq(head->version, STR("HTTP/1.0"))) {
        return (struct refusal){505, "error.http_version"};
    }
    if (!is_token(head->method) || head->method.len > 16) {
        return (struct refusal){501, "error.http_method"};
    }
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    bool found = false;
    for (i64 i = 0; i < countof(known); i++) {
        found = found || str_eq(head->method, str_from(known[i]));
    }
    if (!found) {
        return (struct refusal){501, "error.http_method"};
    }
    if (head->target.len > LIMIT_URL) {
        return (struct refusal){414, "error.http_target_long"};
    }
    return is_target(head->target) ? (struct refusal){0} : (struct refusal){400, "error.http_target"};
}

struct seen {
    i32 hosts, lengths, codings;
    i64 bytes;
};

static struct refusal check_header(const struct param *header, struct seen *seen)
{
    seen->bytes += header->name.len + header->value.len + 4;
    if (!is_token(header->name) || has_control(header->value)) {
        return (struct refusal){400, "error.http_header"};
    }
    if (str_eq_nocase(header->name, STR("Host"))) {
        seen->hosts++;
        return is_host(header->value) ? (struct refusal){0} : (struct refusal){400, "error.http_host"};
    }
    if (str_eq_nocase(header->name, STR("Content-Length"))) {
        seen->lengths++;
        return is_length(header->value) ? (struct refusal){0} : (struct refusal){400, "error.http_framing"};
    }
    if (str_eq_nocase(header->name, STR("Transfer-Encoding"))) {
        seen->codings++;
        return str_eq_nocase(header->value, STR("chunked")) ? (struct refusal){0}
                                                            : (struct refusal){400, "error.http_framing"};
    }
    return (struct refusal){0};
}

struct refusal strict_check(const struct head *head)
{
    struct refusal refusal = check_line(head);
    if (refusal.status != 0) {
        return refusal;
    }
    struct seen seen = {0};
    for (i64 i = 0; i < head->header_count; i++) {
        refusal = check_header(&head->headers[i], &seen);
        if (refusal.status != 0) {
            return refusal;
        }
    }
    if (head->header_count > LIMIT_HEADERS || seen.bytes > LIMIT_HEADER_BYTES) {
        return (struct refusal){431, "error.http_headers_large"};
    }
    bool old = str_eq(head->version, STR("HTTP/1.0"));
    if (seen.hosts > 1 || (seen.hosts == 0 && !old)) {
        return (struct refusal){400, "error.http_host"};
    }
    if (seen.lengths > 1 || seen.codings > 1 || (seen.lengths > 0 && seen.codings > 0) || (seen.codings > 0 && old)) {
        return (struct refusal){400, "error.http_framing"};
    }
    return (struct refusal){0};
}
