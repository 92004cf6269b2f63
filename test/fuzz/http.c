/* Requests from outside: heads, addresses, parameters, forwarded addresses and origins are judged without harm, and what is
 * accepted is what it claims to be. The first byte chooses; the rest is cut at line feeds. */
#include "fuzz.h"

#include "http/server.h"

struct wanted {
    i64 limit;
    str after;
    f64 share;
    bool all;
    struct str_list places;
};
static const struct shape_field fields[] = {
    {"limit", SHAPE_I64, offsetof(struct wanted, limit), .min = 1, .max = 100},
    {"after", SHAPE_STR, offsetof(struct wanted, after), .max = 20},
    {"share", SHAPE_F64, offsetof(struct wanted, share)},
    {"all", SHAPE_BOOL, offsetof(struct wanted, all)},
    {"place", SHAPE_STRS, offsetof(struct wanted, places), .max = 3},
};
static const struct shape shape = SHAPE("Wanted", struct wanted, fields, NULL);

static void judge_head(str rest)
{
    struct param headers[LIMIT_HEADERS + 1];
    struct head head = {.headers = headers};
    head.method = str_cut(&rest, '\n');
    head.target = str_cut(&rest, '\n');
    head.version = str_cut(&rest, '\n');
    while (str_is(rest) && head.header_count < countof(headers)) {
        str value = str_cut(&rest, '\n');
        str name = str_cut(&value, ':');
        headers[head.header_count++] = (struct param){name, str_is(value) ? value : STR("")};
    }
    if (strict_check(&head).status == 0) {
        assert(head.target.data[0] == '/' && head.target.len <= LIMIT_URL);
        for (i64 i = 0; i < head.header_count; i++) {
            assert(headers[i].name.len > 0 && str_find_char(headers[i].name, ' ') < 0);
        }
    }
}

static void judge_query(struct ctx *ctx, str text)
{
    struct wanted wanted = {0};
    str decoded;
    (void)query_carries_secret(text);
    (void)query_get(&ctx->arena, text, STR("limit"));
    if (percent_decode(&ctx->arena, text, false, &decoded)) {
        assert(utf8_valid(decoded) && decoded.len <= text.len);
        for (i64 i = 0; i < decoded.len; i++) {
            assert((u8)decoded.data[i] >= 0x20);
        }
    }
    if (query_read(ctx, &shape, text, &wanted) == OK) {
        assert(wanted.limit >= 0 && wanted.limit <= 100);
        assert(wanted.after.len <= 20 && wanted.places.count <= 3);
    }
}

static void judge_address(struct ctx *ctx, str text)
{
    struct network networks[2];
    str forwarded = text;
    str network = str_cut(&forwarded, '\n');
    assert(network_parse(STR("10.0.0.0/8"), &networks[0]));
    i64 count = network_parse(network, &networks[1]) ? 2 : 1;
    str found = address_forwarded(&ctx->arena, networks, count, STR("10.0.0.1"), str_is(forwarded) ? forwarded : text);
    struct network parsed;
    assert(network_parse(found, &parsed));
    (void)origin_same(text, network, STR("https://cham.vn"));
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len)
{
    struct ctx ctx = {0};
    if (len == 0) {
        return 0;
    }
    str text = fuzz_str(bytes + 1, len - 1);
    switch (bytes[0]) {
    case 'h': judge_head(text); break;
    case 'q': judge_query(&ctx, text); break;
    default: judge_address(&ctx, text); break;
    }
    ctx_end(&ctx);
    return 0;
}
