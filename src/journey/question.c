#include "journey/question.h"

#include "base/id.h"
#include "journey/pointer.h"
#include "journey/question_keys.h"
#include "measure/metric.h"

const char *const ask_words[ASK_KIND_COUNT_ + 1] = {"score",     "count", "timeline", "adherence", "funnel",
                                                    "retention", "paths", "features", NULL};

err member_wrong_type(struct ctx *ctx, const char *expected)
{
    return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", str_from(expected)});
}

err member_text(struct ctx *ctx, struct json value, str *out)
{
    str text;
    if (!json_str(value, &text)) {
        return member_wrong_type(ctx, "string");
    }
    *out = str_copy(&ctx->arena, text);
    return OK;
}

err member_number(struct ctx *ctx, struct json value, i64 low, i64 high, i64 *out)
{
    if (!json_i64(value, out)) {
        return member_wrong_type(ctx, "integer");
    }
    if (*out < low || *out > high) {
        return FAIL(ctx, ERR_INVALID, "", "error.range", {"low", str_format(&ctx->arena, "%lld", (long long)low)},
                    {"high", str_format(&ctx->arena, "%lld", (long long)high)});
    }
    return OK;
}

err member_flag(struct ctx *ctx, struct json value, bool *out)
{
    return json_bool(value, out) ? OK : member_wrong_type(ctx, "true, false");
}

err member_id(struct ctx *ctx, struct json value, i64 *out)
{
    str text;
    if (json_type(value) == JSON_NULL) {
        return OK;
    }
    return json_str(value, &text) && id_parse(text, out) ? OK : member_wrong_type(ctx, "id");
}

err member_word(struct ctx *ctx, struct json value, const char *const *words, i64 *out)
{
    str word = STR_NONE;
    (void)json_str(value, &word);
    struct buf allowed = buf_in(&ctx->arena);
    for (i64 i = 0; words[i] != NULL; i++) {
        if (str_eq(word, str_from(words[i]))) {
            *out = i;
            return OK;
        }
        buf_format(&allowed, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    return FAIL(ctx, ERR_INVALID, "", "error.word", {"allowed", buf_str(&allowed)});
}

err member_words(struct ctx *ctx, struct json value, const char *const *words, u32 *out)
{
    i64 word, i = 0;
    if (json_type(value) != JSON_LIST) {
        TRY(member_word(ctx, value, words, &word));
        *out |= 1u << word;
        return OK;
    }
    for (struct json_iter iter = json_each(value); json_next(&iter); i++) {
        str before = pointer_enter_index(ctx, i);
        TRY(member_word(ctx, iter.value, words, &word));
        *out |= 1u << word;
        ctx->pointer = before;
    }
    return OK;
}

err member_stated(struct ctx *ctx, struct json value, struct stated *out)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    *out = (struct stated){.condition = {.op = CONDITION_ALL}};
    if (json_type(value) == JSON_NULL) {
        return OK;
    }
    json_put_value(&writer, value);
    out->text = json_text(&writer);
    return condition_read(ctx, value, FIELD_IN_QUESTION, &out->condition);
}

#define FOR(kind) (1u << (kind))
enum {
    FOR_TIMELINE = FOR(ASK_TIMELINE),
    FOR_FUNNEL = FOR(ASK_FUNNEL),
    FOR_RETENTION = FOR(ASK_RETENTION),
    FOR_PATHS = FOR(ASK_PATHS),
    FOR_FEATURES = FOR(ASK_FEATURES),
    FOR_ROWS = FOR(ASK_KIND_COUNT_), /* POST /rows asks for no kind */
    FOR_ASK = FOR_ROWS - 1,
    FOR_ALL = FOR_ASK | FOR_ROWS,
    FOR_GROUPS = FOR(ASK_SCORE) | FOR(ASK_COUNT) | FOR(ASK_ADHERENCE) | FOR_FUNNEL | FOR_RETENTION | FOR_PATHS,
};

static const struct {
    const char *name;
    read_key *read; /* NULL: read before the others */
    u32 uses;
} keys[] = {
    {"ask", NULL, FOR_ASK},
    {"zone", NULL, FOR_ALL},
    {"from", read_from, FOR_ALL},
    {"to", read_to, FOR_ALL},
    {"where", read_where, FOR_ALL},
    {"by", read_by, FOR_GROUPS},
    {"every", read_every, FOR_GROUPS},
    {"metric", read_metric, FOR(ASK_SCORE)},
    {"of", read_of, FOR(ASK_COUNT)},
    {"steps", read_steps, FOR_FUNNEL},
    {"within", read_within, FOR_FUNNEL},
    {"order", read_order, FOR_FUNNEL},
    {"start", read_start, FOR_RETENTION | FOR_PATHS},
    {"return", read_return, FOR_RETENTION},
    {"periods", read_periods, FOR_RETENTION},
    {"cohort", read_cohort, FOR_RETENTION},
    {"elapsed", read_elapsed, FOR_RETENTION},
    {"end", read_end, FOR_PATHS},
    {"steps", read_path_steps, FOR_PATHS},
    {"top", read_top, FOR_PATHS},
    {"collapse", read_collapse, FOR_PATHS},
    {"node", read_node, FOR_PATHS},
    {"traveller", read_traveller, FOR_PATHS},
    {"ends", read_ends, FOR_PATHS},
    {"of", read_path_of, FOR_PATHS},
    {"person", read_person, FOR_TIMELINE | FOR_FEATURES},
    {"limit", read_limit, FOR_TIMELINE | FOR_FEATURES | FOR_ROWS},
    {"after", read_after, FOR_TIMELINE | FOR_ROWS},
    {"after", read_after_person, FOR_FEATURES},
    {"journey", read_journey, FOR_ALL},
    {"version", read_version, FOR_ALL},
    {"versions", read_versions, FOR_ALL},
    {"as_of", read_as_of, FOR_ALL},
    {"minimum_n", read_minimum_n, FOR_ASK},
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

/* The calendar decides what dates mean, so it is read before them. */
static err begin(struct ctx *ctx, struct json object, const struct question_defaults *defaults, struct question *out)
{
    struct json zone = json_get(object, STR("zone"));
    str name = STR_NONE;
    *out = (struct question){
        .zone = defaults->zone,
        .minimum_n = defaults->minimum_n,
        .limit = QUESTION_LIMIT_DEFAULT,
        .where = {.op = CONDITION_ALL},
        .periods = RETENTION_PERIODS_DEFAULT,
        .top = TOP_DEFAULT,
        .node = {.kind = FIELD_WORD, .word = WORD_KIND},
        .node_name = STR("kind"),
    };
    if (json_type(object) != JSON_OBJECT) {
        return member_wrong_type(ctx, "object");
    }
    if (!json_is(zone) || json_type(zone) == JSON_NULL) {
        return OK;
    }
    str before = pointer_enter(ctx, STR("zone"));
    TRY(member_text(ctx, zone, &name));
    ctx->pointer = before;
    return zone_find(ctx, name, &out->zone); // which names the place itself
}

static str kinds_allowed(struct ctx *ctx)
{
    struct buf out = buf_in(&ctx->arena);
    for (i32 i = 0; i < ASK_KIND_COUNT_; i++) {
        buf_format(&out, "%s%s", i == 0 ? "" : ", ", ask_words[i]);
    }
    return buf_str(&out);
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
    return FAIL(ctx, ERR_INVALID, "ask", "error.word", {"allowed", kinds_allowed(ctx)});
}

static err required(struct ctx *ctx, const char *key, bool there)
{
    return there ? OK : FAIL(ctx, ERR_INVALID, key, "error.required", {"field", str_from(key)});
}

/* A row of adherence says touchpoint, stage and metric itself. */
static err check_planned(struct ctx *ctx, const struct question *question)
{
    for (i64 i = 0; i < question->by_count; i++) {
        const struct field *field = &question->by[i];
        bool metric = field->kind == FIELD_WORD && field->word == WORD_METRIC;
        if (metric || field->kind == FIELD_TOUCHPOINT || field->kind == FIELD_STAGE) {
            (void)pointer_enter(ctx, STR("by"));
            (void)pointer_enter_index(ctx, i);
            return FAIL(ctx, ERR_INVALID, "", "error.ask.field", {"field", question->by_names[i]},
                        {"allowed", STR("kind, channel, place, declared, journey, version, source, question, scale, "
                                        "currency, prop:NAME, trait:NAME")});
        }
    }
    return OK;
}

/* What a kind cannot do without, and what it takes where nothing is said. */
static err complete(struct ctx *ctx, struct question *out)
{
    switch (out->kind) {
    case ASK_SCORE: return required(ctx, "metric", out->metric.len > 0);
    case ASK_TIMELINE: return required(ctx, "person", out->person != 0 || out->person_alias.len > 0);
    case ASK_ADHERENCE: return check_planned(ctx, out);
    case ASK_FUNNEL: return required(ctx, "steps", out->step_count > 0);
    case ASK_RETENTION:
        if (out->every == PERIOD_NONE) {
            out->every = PERIOD_WEEK;
            out->every_word = STR("week");
        }
        return OK;
    case ASK_PATHS:
        if (out->path_steps == 0 && (str_is(out->start.text) || str_is(out->end.text))) {
            out->path_steps = PATH_STEPS_DEFAULT;
        }
        out->parts = out->parts == 0 ? PATH_EDGES | PATH_VARIANTS : out->parts;
        return OK;
    default: return OK;
    }
}

err question_read(struct ctx *ctx, struct json object, const struct question_defaults *defaults, struct question *out)
{
    TRY(begin(ctx, object, defaults, out));
    TRY(read_kind(ctx, object, out));
    TRY(read_keys(ctx, object, FOR(out->kind), out));
    return complete(ctx, out);
}

err question_read_rows(struct ctx *ctx, struct json object, const struct question_defaults *defaults,
                       struct question *out)
{
    TRY(begin(ctx, object, defaults, out));
    out->kind = ASK_TIMELINE;
    return read_keys(ctx, object, FOR_ROWS, out);
}

bool question_scores_one(const struct question *question)
{
    enum metric metric;
    return question->kind == ASK_SCORE && !metric_parse(question->metric, &metric);
}

static i64 add_stated(const struct stated *stated, const struct condition **out, i64 count)
{
    if (str_is(stated->text)) {
        out[count++] = &stated->condition;
    }
    return count;
}

i64 question_conditions(const struct question *question, const struct condition *out[QUESTION_CONDITIONS_MAX])
{
    i64 count = 0;
    out[count++] = &question->where;
    for (i64 i = 0; i < question->step_count; i++) {
        count = add_stated(&question->steps[i], out, count);
    }
    count = add_stated(&question->start, out, count);
    count = add_stated(&question->back, out, count);
    return add_stated(&question->end, out, count);
}

i64 question_fields(const struct question *question, const struct field *out[QUESTION_FIELDS_MAX])
{
    i64 count = 0;
    for (; count < question->by_count; count++) {
        out[count] = &question->by[count];
    }
    if (question->kind == ASK_PATHS) {
        out[count++] = &question->node;
    }
    return count;
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
