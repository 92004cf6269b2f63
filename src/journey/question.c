#include "journey/question.h"

#include "base/id.h"
#include "journey/pointer.h"

const char *const ask_words[ASK_KIND_COUNT_ + 1] = {"score", "count", "timeline", "adherence", NULL};

typedef err read_key(struct ctx *ctx, struct json value, struct question *out);

static err wrong_type(struct ctx *ctx, const char *expected)
{
    return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", str_from(expected)});
}

static err read_text(struct ctx *ctx, struct json value, str *out)
{
    str text;
    if (!json_str(value, &text)) {
        return wrong_type(ctx, "string");
    }
    *out = str_copy(&ctx->arena, text);
    return OK;
}

static err read_moment(struct ctx *ctx, struct json value, const struct question *question, struct maybe_i64 *out)
{
    str text;
    i64 at_ms;
    if (json_type(value) == JSON_NULL) {
        return OK;
    }
    bool is_text = json_str(value, &text);
    if (!(is_text ? iso_parse(question->zone, text, &at_ms) : json_i64(value, &at_ms))) {
        return FAIL(ctx, ERR_INVALID, "", "error.ask.moment");
    }
    *out = (struct maybe_i64){at_ms, true};
    return OK;
}

static err read_from(struct ctx *ctx, struct json value, struct question *out)
{
    return read_moment(ctx, value, out, &out->from_ms);
}

static err read_to(struct ctx *ctx, struct json value, struct question *out)
{
    return read_moment(ctx, value, out, &out->to_ms);
}

static err read_as_of(struct ctx *ctx, struct json value, struct question *out)
{
    struct maybe_i64 moment = {0};
    TRY(read_moment(ctx, value, out, &moment));
    out->as_of_ms = moment.value;
    return OK;
}

static err read_where(struct ctx *ctx, struct json value, struct question *out)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    json_put_value(&writer, value);
    out->where_text = json_text(&writer);
    return condition_read(ctx, value, FIELD_IN_QUESTION, &out->where);
}

static err read_by(struct ctx *ctx, struct json value, struct question *out)
{
    if (json_type(value) != JSON_LIST) {
        return wrong_type(ctx, "list");
    }
    if (json_count(value) > BY_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.too_long", {"most", str_format(&ctx->arena, "%d", BY_MAX)});
    }
    for (struct json_iter iter = json_each(value); json_next(&iter);) {
        str before = pointer_enter_index(ctx, out->by_count);
        str *name = &out->by_names[out->by_count];
        TRY(read_text(ctx, iter.value, name));
        TRY(field_parse(ctx, *name, FIELD_IN_BY, &out->by[out->by_count]));
        for (i64 i = 0; i < out->by_count; i++) {
            if (str_eq(out->by_names[i], *name)) {
                return FAIL(ctx, ERR_INVALID, "", "error.repeated_field", {"field", *name});
            }
        }
        out->by_count++;
        ctx->pointer = before;
    }
    return OK;
}

static err read_every(struct ctx *ctx, struct json value, struct question *out)
{
    if (json_type(value) == JSON_NULL) {
        return OK;
    }
    TRY(read_text(ctx, value, &out->every_word));
    if (!period_parse(out->every_word, &out->every)) {
        return FAIL(ctx, ERR_INVALID, "", "error.word", {"allowed", STR("hour, day, week, month, quarter, year")});
    }
    return OK;
}

static err read_metric(struct ctx *ctx, struct json value, struct question *out)
{
    TRY(read_text(ctx, value, &out->metric));
    return out->metric.len > 0 && out->metric.len <= 200 ? OK : wrong_type(ctx, "nps, csat, ces, question id");
}

static err read_of_word(struct ctx *ctx, struct json value, struct question *out)
{
    str word = STR_NONE;
    (void)json_str(value, &word);
    u32 bit = str_eq(word, STR("events"))   ? COUNT_EVENTS
              : str_eq(word, STR("people")) ? COUNT_PEOPLE
              : str_eq(word, STR("amount")) ? COUNT_AMOUNT
                                            : 0;
    if (bit == 0) {
        return FAIL(ctx, ERR_INVALID, "", "error.word", {"allowed", STR("events, people, amount")});
    }
    out->of |= bit;
    return OK;
}

static err read_of(struct ctx *ctx, struct json value, struct question *out)
{
    if (json_type(value) != JSON_LIST) {
        return read_of_word(ctx, value, out);
    }
    i64 i = 0;
    for (struct json_iter iter = json_each(value); json_next(&iter); i++) {
        str before = pointer_enter_index(ctx, i);
        TRY(read_of_word(ctx, iter.value, out));
        ctx->pointer = before;
    }
    return OK;
}

static err read_id(struct ctx *ctx, struct json value, i64 *out)
{
    str text;
    if (json_type(value) == JSON_NULL) {
        return OK;
    }
    return json_str(value, &text) && id_parse(text, out) ? OK : wrong_type(ctx, "id");
}

static err read_journey(struct ctx *ctx, struct json value, struct question *out)
{
    return read_id(ctx, value, &out->journey);
}

static err read_person(struct ctx *ctx, struct json value, struct question *out)
{
    str text;
    if (json_str(value, &text) && str_find_char(text, ':') > 0 && text.len <= 300) {
        out->person_alias = str_copy(&ctx->arena, text);
        return OK;
    }
    return read_id(ctx, value, &out->person);
}

static err read_number(struct ctx *ctx, struct json value, i64 low, i64 high, i64 *out)
{
    if (!json_i64(value, out)) {
        return wrong_type(ctx, "integer");
    }
    if (*out < low || *out > high) {
        return FAIL(ctx, ERR_INVALID, "", "error.range", {"low", str_format(&ctx->arena, "%lld", (long long)low)},
                    {"high", str_format(&ctx->arena, "%lld", (long long)high)});
    }
    return OK;
}

static err read_version(struct ctx *ctx, struct json value, struct question *out)
{
    return json_type(value) == JSON_NULL ? OK : read_number(ctx, value, 1, 1000000, &out->version);
}

static err read_minimum_n(struct ctx *ctx, struct json value, struct question *out)
{
    return read_number(ctx, value, 1, 1000000, &out->minimum_n);
}

static err read_limit(struct ctx *ctx, struct json value, struct question *out)
{
    return read_number(ctx, value, 1, QUESTION_LIMIT_MAX, &out->limit);
}

static err read_after(struct ctx *ctx, struct json value, struct question *out)
{
    str text;
    if (json_type(value) == JSON_NULL) {
        return OK;
    }
    if (!json_str(value, &text) || !cursor_parse(text, &out->after_ms, &out->after_id)) {
        return FAIL(ctx, ERR_INVALID, "", "error.ask.cursor");
    }
    return OK;
}

enum { FOR_SCORE = 1, FOR_COUNT = 2, FOR_TIMELINE = 4, FOR_ADHERENCE = 8, FOR_ROWS = 16, FOR_ASK = 15, FOR_ALL = 31 };

static const struct {
    const char *name;
    read_key *read; /* NULL: read before the others */
    u32 uses;
} keys[] = {
    {"ask", NULL, FOR_ASK},
    {"from", read_from, FOR_ALL},
    {"to", read_to, FOR_ALL},
    {"where", read_where, FOR_ALL},
    {"by", read_by, FOR_SCORE | FOR_COUNT},
    {"every", read_every, FOR_SCORE | FOR_COUNT},
    {"metric", read_metric, FOR_SCORE},
    {"of", read_of, FOR_COUNT},
    {"person", read_person, FOR_TIMELINE},
    {"limit", read_limit, FOR_TIMELINE | FOR_ROWS},
    {"after", read_after, FOR_TIMELINE | FOR_ROWS},
    {"journey", read_journey, FOR_ALL},
    {"version", read_version, FOR_ALL},
    {"as_of", read_as_of, FOR_ALL},
    {"minimum_n", read_minimum_n, FOR_SCORE | FOR_ADHERENCE},
};

static str keys_of(struct ctx *ctx, u32 use)
{
    struct buf out = buf_in(&ctx->arena);
    for (i64 i = 0; i < countof(keys); i++) {
        if ((keys[i].uses & use) != 0) {
            buf_format(&out, "%s%s", out.len == 0 ? "" : ", ", keys[i].name);
        }
    }
    return buf_str(&out);
}

static err read_keys(struct ctx *ctx, struct json object, u32 use, struct question *out)
{
    if (json_type(object) != JSON_OBJECT) {
        return wrong_type(ctx, "object");
    }
    if (json_repeats(object)) {
        return FAIL(ctx, ERR_INVALID, "", "error.ask.repeated");
    }
    for (struct json_iter iter = json_each(object); json_next(&iter);) {
        str before = pointer_enter(ctx, iter.key);
        i64 i = 0;
        while (i < countof(keys) && !((keys[i].uses & use) != 0 && str_eq(iter.key, str_from(keys[i].name)))) {
            i++;
        }
        if (i == countof(keys)) {
            return FAIL(ctx, ERR_INVALID, "", "error.unknown_field", {"field", iter.key},
                        {"allowed", keys_of(ctx, use)});
        }
        if (keys[i].read != NULL) {
            TRY(keys[i].read(ctx, iter.value, out));
        }
        ctx->pointer = before;
    }
    if (out->from_ms.is && out->to_ms.is && out->from_ms.value > out->to_ms.value) {
        return FAIL(ctx, ERR_INVALID, "to", "error.ask.backwards");
    }
    return OK;
}

static void begin(const struct question_defaults *defaults, struct question *out)
{
    *out = (struct question){
        .zone = defaults->zone,
        .minimum_n = defaults->minimum_n,
        .limit = QUESTION_LIMIT_DEFAULT,
        .where = {.op = CONDITION_ALL},
    };
}

static err read_kind(struct ctx *ctx, struct json object, struct question *out)
{
    str word = STR_NONE;
    (void)json_str(json_get(object, STR("ask")), &word);
    for (i32 i = 0; i < ASK_KIND_COUNT_; i++) {
        if (str_eq(word, str_from(ask_words[i]))) {
            out->kind = (enum ask_kind)i;
            return OK;
        }
    }
    return FAIL(ctx, ERR_INVALID, "ask", "error.word", {"allowed", STR("score, count, timeline, adherence")});
}

err question_read(struct ctx *ctx, struct json object, const struct question_defaults *defaults, struct question *out)
{
    begin(defaults, out);
    if (json_type(object) != JSON_OBJECT) {
        return wrong_type(ctx, "object");
    }
    TRY(read_kind(ctx, object, out));
    TRY(read_keys(ctx, object, 1u << out->kind, out));
    if (out->kind == ASK_SCORE && out->metric.len == 0) {
        return FAIL(ctx, ERR_INVALID, "metric", "error.required", {"field", STR("metric")});
    }
    if (out->kind == ASK_TIMELINE && out->person == 0 && out->person_alias.len == 0) {
        return FAIL(ctx, ERR_INVALID, "person", "error.required", {"field", STR("person")});
    }
    return OK;
}

err question_read_rows(struct ctx *ctx, struct json object, const struct question_defaults *defaults,
                       struct question *out)
{
    begin(defaults, out);
    out->kind = ASK_TIMELINE;
    return read_keys(ctx, object, FOR_ROWS, out);
}

str cursor_text(i64 at_ms, i64 id, char out[CURSOR_MAX])
{
    char text[ID_TEXT_LEN];
    str shown = id_text(id, text);
    return (str){out, snprintf(out, CURSOR_MAX, "%lld.%.*s", (long long)at_ms, STR_ARG(shown))};
}

bool cursor_parse(str text, i64 *at_ms, i64 *id)
{
    str rest = text;
    str at = str_cut(&rest, '.');
    return str_is(rest) && str_i64(at, at_ms) && id_parse(rest, id);
}
