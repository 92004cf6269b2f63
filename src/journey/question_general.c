#include "journey/question_keys.h"

#include "base/id.h"
#include "journey/pointer.h"

/* Keys that more than one kind of question has. */

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

err read_from(struct ctx *ctx, struct json value, struct question *out)
{
    return read_moment(ctx, value, out, &out->from_ms);
}

err read_to(struct ctx *ctx, struct json value, struct question *out)
{
    return read_moment(ctx, value, out, &out->to_ms);
}

err read_as_of(struct ctx *ctx, struct json value, struct question *out)
{
    struct maybe_i64 moment = {0};
    TRY(read_moment(ctx, value, out, &moment));
    out->as_of_ms = moment.value;
    return OK;
}

err read_where(struct ctx *ctx, struct json value, struct question *out)
{
    struct stated stated;
    TRY(member_stated(ctx, value, &stated));
    out->where = stated.condition;
    out->where_text = stated.text;
    return OK;
}

err read_by(struct ctx *ctx, struct json value, struct question *out)
{
    if (json_type(value) != JSON_LIST) {
        return member_wrong_type(ctx, "list");
    }
    if (json_count(value) > BY_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.too_long", {"most", str_format(&ctx->arena, "%d", BY_MAX)});
    }
    for (struct json_iter iter = json_each(value); json_next(&iter);) {
        str before = pointer_enter_index(ctx, out->by_count);
        str *name = &out->by_names[out->by_count];
        TRY(member_text(ctx, iter.value, name));
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

err read_every(struct ctx *ctx, struct json value, struct question *out)
{
    if (json_type(value) == JSON_NULL) {
        return OK;
    }
    TRY(member_text(ctx, value, &out->every_word));
    if (!period_parse(out->every_word, &out->every)) {
        return FAIL(ctx, ERR_INVALID, "", "error.word", {"allowed", STR("hour, day, week, month, quarter, year")});
    }
    return OK;
}

err read_metric(struct ctx *ctx, struct json value, struct question *out)
{
    TRY(member_text(ctx, value, &out->metric));
    return out->metric.len > 0 && out->metric.len <= 200 ? OK : member_wrong_type(ctx, "nps, csat, ces, question id");
}

err read_of(struct ctx *ctx, struct json value, struct question *out)
{
    return member_words(ctx, value, (const char *const[]){"events", "people", "amount", NULL}, &out->of);
}

err read_journey(struct ctx *ctx, struct json value, struct question *out)
{
    return member_id(ctx, value, &out->journey);
}

err read_person(struct ctx *ctx, struct json value, struct question *out)
{
    str text;
    if (json_str(value, &text) && str_find_char(text, ':') > 0 && text.len <= 300) {
        out->person_alias = str_copy(&ctx->arena, text);
        return OK;
    }
    return member_id(ctx, value, &out->person);
}

err read_version(struct ctx *ctx, struct json value, struct question *out)
{
    return json_type(value) == JSON_NULL ? OK : member_number(ctx, value, 1, 1000000, &out->version);
}

/* What `asked` says about the versions that took part; a question may carry it along, and it decides nothing. */
err read_versions(struct ctx *ctx, struct json value, [[maybe_unused]] struct question *out)
{
    return json_type(value) == JSON_LIST ? OK : member_wrong_type(ctx, "list");
}

err read_minimum_n(struct ctx *ctx, struct json value, struct question *out)
{
    return member_number(ctx, value, 1, 1000000, &out->minimum_n);
}

err read_limit(struct ctx *ctx, struct json value, struct question *out)
{
    return member_number(ctx, value, 1, QUESTION_LIMIT_MAX, &out->limit);
}

err read_after(struct ctx *ctx, struct json value, struct question *out)
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

err read_after_person(struct ctx *ctx, struct json value, struct question *out)
{
    return member_id(ctx, value, &out->after_id);
}
