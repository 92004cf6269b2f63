#include "journey/question_keys.h"

#include "journey/pointer.h"

/* Keys of the questions about sequences: funnel, retention, paths. */

err read_steps(struct ctx *ctx, struct json value, struct question *out)
{
    if (json_type(value) != JSON_LIST) {
        return member_wrong_type(ctx, "list");
    }
    if (json_count(value) == 0) {
        return FAIL(ctx, ERR_INVALID, "", "error.too_short", {"least", STR("1")});
    }
    if (json_count(value) > FUNNEL_STEPS_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.too_long", {"most", str_format(&ctx->arena, "%d", FUNNEL_STEPS_MAX)});
    }
    for (struct json_iter iter = json_each(value); json_next(&iter);) {
        str before = pointer_enter_index(ctx, out->step_count);
        if (json_type(iter.value) == JSON_NULL) {
            return member_wrong_type(ctx, "object, list");
        }
        TRY(member_stated(ctx, iter.value, &out->steps[out->step_count++]));
        ctx->pointer = before;
    }
    return OK;
}

err read_within(struct ctx *ctx, struct json value, struct question *out)
{
    str text;
    i64 within_ms;
    if (json_type(value) == JSON_NULL) {
        return OK;
    }
    if (!json_str(value, &text) || !duration_parse(text, &within_ms)) {
        return FAIL(ctx, ERR_INVALID, "", "error.ask.duration");
    }
    out->within = str_copy(&ctx->arena, text);
    out->within_ms = (struct maybe_i64){within_ms, true};
    return OK;
}

err read_order(struct ctx *ctx, struct json value, struct question *out)
{
    i64 word;
    TRY(member_word(ctx, value, (const char *const[]){"loose", "strict", NULL}, &word));
    out->strict = word == 1;
    return OK;
}

err read_start(struct ctx *ctx, struct json value, struct question *out)
{
    return member_stated(ctx, value, &out->start);
}

err read_end(struct ctx *ctx, struct json value, struct question *out)
{
    return member_stated(ctx, value, &out->end);
}

err read_return(struct ctx *ctx, struct json value, struct question *out)
{
    return member_stated(ctx, value, &out->back);
}

err read_periods(struct ctx *ctx, struct json value, struct question *out)
{
    return member_number(ctx, value, 1, RETENTION_PERIODS_MAX, &out->periods);
}

err read_cohort(struct ctx *ctx, struct json value, struct question *out)
{
    i64 word;
    TRY(member_word(ctx, value, (const char *const[]){"first", "every", NULL}, &word));
    out->each_cohort = word == 1;
    return OK;
}

err read_elapsed(struct ctx *ctx, struct json value, struct question *out)
{
    return member_flag(ctx, value, &out->elapsed);
}

err read_path_steps(struct ctx *ctx, struct json value, struct question *out)
{
    return json_type(value) == JSON_NULL ? OK
                                         : member_number(ctx, value, PATH_STEPS_MIN, PATH_STEPS_MAX, &out->path_steps);
}

err read_top(struct ctx *ctx, struct json value, struct question *out)
{
    return member_number(ctx, value, 1, TOP_MAX, &out->top);
}

err read_collapse(struct ctx *ctx, struct json value, struct question *out)
{
    return member_flag(ctx, value, &out->collapse);
}

err read_ends(struct ctx *ctx, struct json value, struct question *out)
{
    return member_flag(ctx, value, &out->ends);
}

err read_path_of(struct ctx *ctx, struct json value, struct question *out)
{
    return member_words(ctx, value, (const char *const[]){"edges", "variants", NULL}, &out->parts);
}

err read_node(struct ctx *ctx, struct json value, struct question *out)
{
    TRY(member_text(ctx, value, &out->node_name));
    return field_parse(ctx, out->node_name, FIELD_IN_BY, &out->node);
}

err read_traveller(struct ctx *ctx, struct json value, struct question *out)
{
    str text;
    TRY(member_text(ctx, value, &text));
    out->traveller_name = STR_NONE;
    if (str_eq(text, STR("person"))) {
        return OK;
    }
    if (!str_starts(text, STR("prop:"))) {
        return FAIL(ctx, ERR_INVALID, "", "error.word", {"allowed", STR("person, prop:NAME")});
    }
    out->traveller_name = text;
    return field_parse(ctx, text, FIELD_IN_BY, &out->traveller);
}
