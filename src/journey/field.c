#include "journey/field.h"

enum { USE_QUESTION = 1, USE_MAP = 2, USE_BY = 4, USE_ALL = 7 };

static const struct {
    const char *name;
    enum field_kind kind;
    enum word word;
    u32 uses;
} fields[] = {
    {"kind", FIELD_WORD, WORD_KIND, USE_ALL},
    {"channel", FIELD_WORD, WORD_CHANNEL, USE_ALL},
    {"place", FIELD_WORD, WORD_PLACE, USE_ALL},
    {"touchpoint", FIELD_TOUCHPOINT, WORD_COUNT, USE_QUESTION | USE_BY},
    {"touchpoint", FIELD_WORD, WORD_TOUCHPOINT, USE_MAP},
    {"declared", FIELD_WORD, WORD_TOUCHPOINT, USE_QUESTION | USE_BY},
    {"stage", FIELD_STAGE, WORD_COUNT, USE_QUESTION | USE_BY},
    {"journey", FIELD_JOURNEY, WORD_COUNT, USE_QUESTION | USE_BY},
    {"version", FIELD_VERSION, WORD_COUNT, USE_BY},
    {"source", FIELD_WORD, WORD_SOURCE, USE_ALL},
    {"metric", FIELD_WORD, WORD_METRIC, USE_ALL},
    {"question", FIELD_WORD, WORD_QUESTION, USE_ALL},
    {"scale", FIELD_WORD, WORD_SCALE, USE_ALL},
    {"currency", FIELD_WORD, WORD_CURRENCY, USE_ALL},
    {"score", FIELD_SCORE, WORD_COUNT, USE_QUESTION | USE_MAP},
    {"amount", FIELD_AMOUNT, WORD_COUNT, USE_QUESTION | USE_MAP},
    {"text", FIELD_TEXT, WORD_COUNT, USE_QUESTION | USE_MAP},
};

static u32 bit_of(enum field_use use)
{
    return use == FIELD_IN_QUESTION ? USE_QUESTION : use == FIELD_IN_MAP ? USE_MAP : USE_BY;
}

static str allowed(struct ctx *ctx, enum field_use use)
{
    struct buf out = buf_in(&ctx->arena);
    for (i64 i = 0; i < countof(fields); i++) {
        if ((fields[i].uses & bit_of(use)) != 0) {
            buf_format(&out, "%s, ", fields[i].name);
        }
    }
    buf_add(&out, use == FIELD_IN_MAP ? STR("prop:NAME") : STR("prop:NAME, trait:NAME"));
    return buf_str(&out);
}

static bool named(str text, str prefix, enum field_kind kind, struct field *out)
{
    if (!str_starts(text, prefix) || text.len == prefix.len || text.len > 200) {
        return false;
    }
    *out = (struct field){.kind = kind, .name = str_slice(text, prefix.len, text.len)};
    // What we keep for ourselves in props is nobody's property.
    return !str_eq(out->name, STR("$")) && !str_starts(out->name, STR("$."));
}

err field_parse(struct ctx *ctx, str text, enum field_use use, struct field *out)
{
    for (i64 i = 0; i < countof(fields); i++) {
        if ((fields[i].uses & bit_of(use)) != 0 && str_eq(text, str_from(fields[i].name))) {
            *out = (struct field){.kind = fields[i].kind, .word = fields[i].word};
            return OK;
        }
    }
    if (named(text, STR("prop:"), FIELD_PROP, out)) {
        return OK;
    }
    if (use != FIELD_IN_MAP && named(text, STR("trait:"), FIELD_TRAIT, out)) {
        return OK;
    }
    return FAIL(ctx, ERR_INVALID, "", "error.ask.field", {"field", text}, {"allowed", allowed(ctx, use)});
}

bool field_is_number(const struct field *field)
{
    return field->kind == FIELD_SCORE || field->kind == FIELD_AMOUNT;
}
