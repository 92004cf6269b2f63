#include "act/opt_out.h"

#include "act/state.h"
#include "base/id.h"

enum { MAC_TEXT = 32, TOKEN_LEN = ID_TEXT_LEN + MAC_TEXT };

static str token_of(struct ctx *ctx, const struct act *act, i64 send)
{
    char id[ID_TEXT_LEN], mac[MAC_TEXT];
    str text = id_text(send, id);
    struct u128 hash = hash_keyed(act->options.key, (const str[]){STR("opt-out"), text}, 2);
    str hashed = hex(&hash, sizeof hash, mac);
    return str_format(&ctx->arena, "%.*s%.*s", STR_ARG(text), STR_ARG(hashed));
}

str opt_out_url(struct ctx *ctx, struct act *act, i64 send)
{
    str base = act->options.base(act->options.self, &ctx->arena), token = token_of(ctx, act, send);
    return str_format(&ctx->arena, "%.*s/o/%.*s", STR_ARG(base), STR_ARG(token));
}

/* In time that does not tell how much of it is right. */
static bool same(str a, str b)
{
    u8 differs = a.len != b.len;
    for (i64 i = 0; i < a.len && i < b.len; i++) {
        differs |= (u8)(a.data[i] ^ b.data[i]);
    }
    return differs == 0;
}

struct addressed {
    str alias, address;
    i32 purpose, channel;
};
static const struct shape_field addressed_fields[] = {
    {"alias", SHAPE_STR, offsetof(struct addressed, alias)},
    {"address", SHAPE_STR, offsetof(struct addressed, address)},
    {"purpose", SHAPE_WORD, offsetof(struct addressed, purpose), .words = purpose_words},
    {"channel", SHAPE_WORD, offsetof(struct addressed, channel), .words = reach_words},
};
static const struct shape addressed_shape = SHAPE("SendAddress", struct addressed, addressed_fields, NULL);

/* "l…@vidu.vn": enough to know one's own. */
static str hidden(struct ctx *ctx, str address)
{
    i64 at = str_find_char(address, '@');
    if (at <= 0) {
        return STR("");
    }
    str first = utf8_prefix(address, lesser(at, 4)), rest = str_slice(address, at, address.len);
    i64 one = 0;
    (void)utf8_next(first, &one);
    return str_format(&ctx->arena, "%.*s…%.*s", STR_ARG(str_slice(first, 0, one)), STR_ARG(rest));
}

err opt_out_look(struct ctx *ctx, struct act *act, str token, struct opt_out *out)
{
    struct addressed row = {0};
    bool holds = false;
    *out = (struct opt_out){0};
    if (token.len != TOKEN_LEN || !id_parse(str_slice(token, 0, ID_TEXT_LEN), &out->send) ||
        !same(token, token_of(ctx, act, out->send))) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    err code = store_one(ctx, act->store, SQL_SEND_ADDRESS, ARGS(ARG_ID("id", out->send)), &addressed_shape, &row);
    if (code == ERR_NOT_FOUND || (code == OK && !str_is(row.alias))) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    TRY(code);
    out->alias = row.address.len > 0 ? str_format(&ctx->arena, "email:%.*s", STR_ARG(row.address)) : row.alias;
    out->shown = hidden(ctx, row.address);
    out->purpose = row.purpose;
    out->channel = row.channel;
    str aliases[] = {out->alias, row.alias};
    TRY(consent_holds(ctx, act->store, &(struct str_list){aliases, 2}, (enum purpose)row.purpose,
                      (enum reach)row.channel, &holds, NULL));
    out->out = !holds;
    return OK;
}

err opt_out_do(struct ctx *ctx, struct act *act, const struct opt_out *what, bool all)
{
    char id[ID_TEXT_LEN];
    for (i32 purpose = 0; purpose < PURPOSE_COUNT; purpose++) {
        struct consent word = {
            .alias = what->alias,
            .purpose = purpose,
            .state = CONSENT_WITHDRAWN,
            .how = HOW_OPT_OUT,
            .evidence = str_copy(&ctx->arena, id_text(what->send, id)),
            .by = STR(""),
        };
        if (all || purpose == what->purpose) {
            TRY(consent_put(ctx, act->store, &word));
        }
    }
    return OK;
}
