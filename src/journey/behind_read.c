#include "journey/behind.h"

#include "base/id.h"
#include "journey/pointer.h"

/* What can be asked about rows of which kind, the default first. */
static const struct {
    const char *word;
    enum ask_kind kind;
    enum behind_what what;
} words[] = {
    {"people", ASK_COUNT, BEHIND_PEOPLE},       {"people", ASK_SCORE, BEHIND_PEOPLE},
    {"reached", ASK_FUNNEL, BEHIND_REACHED},    {"lost", ASK_FUNNEL, BEHIND_LOST},
    {"cohort", ASK_RETENTION, BEHIND_COHORT},   {"returned", ASK_RETENTION, BEHIND_RETURNED},
    {"reached", ASK_ADHERENCE, BEHIND_REACHED}, {"done", ASK_ADHERENCE, BEHIND_DONE},
    {"late", ASK_ADHERENCE, BEHIND_LATE},       {"never", ASK_ADHERENCE, BEHIND_NEVER},
    {"missed", ASK_ADHERENCE, BEHIND_MISSED},   {"open", ASK_ADHERENCE, BEHIND_OPEN},
    {"skipped", ASK_ADHERENCE, BEHIND_SKIPPED}, {"repeated", ASK_ADHERENCE, BEHIND_REPEATED},
    {"people", ASK_ADHERENCE, BEHIND_PEOPLE},   {"edge", ASK_PATHS, BEHIND_EDGE},
    {"path", ASK_PATHS, BEHIND_PATH},
};

static err read_what(struct ctx *ctx, struct json value, struct behind *out)
{
    str word = STR_NONE;
    struct buf allowed = buf_in(&ctx->arena);
    (void)json_str(value, &word);
    for (i64 i = 0; i < countof(words); i++) {
        if (words[i].kind != out->question.kind) {
            continue;
        }
        if (!json_is(value) || json_type(value) == JSON_NULL || str_eq(word, str_from(words[i].word))) {
            out->what = words[i].what;
            return OK;
        }
        buf_format(&allowed, "%s%s", allowed.len == 0 ? "" : ", ", words[i].word);
    }
    if (allowed.len == 0) {
        pointer_enter(ctx, STR("question"));
        return FAIL(ctx, ERR_INVALID, "ask", "error.word",
                    {"allowed", STR("count, score, funnel, retention, paths, adherence")});
    }
    return FAIL(ctx, ERR_INVALID, "what", "error.word", {"allowed", buf_str(&allowed)});
}

/* A member of the row that may be null but must be there. */
static err row_text(struct ctx *ctx, struct json row, str name, str *out)
{
    struct json value = json_get(row, name);
    str text = STR_NONE;
    str before = pointer_enter(ctx, name);
    if (!json_is(value)) {
        return FAIL(ctx, ERR_INVALID, "", "error.required", {"field", name});
    }
    if (json_type(value) != JSON_NULL && !json_str(value, &text)) {
        return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("string, null")});
    }
    *out = str_copy(&ctx->arena, text);
    ctx->pointer = before;
    return OK;
}

static err row_number(struct ctx *ctx, struct json object, const char *name, i64 low, i64 high, i64 *out)
{
    struct json value = json_get(object, str_from(name));
    if (!json_i64(value, out)) {
        return FAIL(ctx, ERR_INVALID, name, json_is(value) ? "error.type" : "error.required",
                    {"expected", STR("integer")}, {"field", str_from(name)});
    }
    if (*out < low || *out > high) {
        return FAIL(ctx, ERR_INVALID, name, "error.range", {"low", str_format(&ctx->arena, "%lld", (long long)low)},
                    {"high", str_format(&ctx->arena, "%lld", (long long)high)});
    }
    return OK;
}

static err read_path(struct ctx *ctx, struct json row, struct behind_row *out)
{
    struct json list = json_get(row, STR("path"));
    if (json_type(list) != JSON_LIST || json_count(list) == 0 || json_count(list) > FLOW_NODES_MAX) {
        return FAIL(ctx, ERR_INVALID, "path", "error.type", {"expected", STR("list")});
    }
    for (struct json_iter iter = json_each(list); json_next(&iter);) {
        str text = STR_NONE;
        (void)json_str(iter.value, &text);
        out->path[out->path_count++] = str_copy(&ctx->arena, text);
    }
    (void)json_bool(json_get(row, STR("cut")), &out->cut);
    return OK;
}

static err read_edge(struct ctx *ctx, struct json row, const struct question *question, struct behind_row *out)
{
    (void)json_bool(json_get(row, STR("begin")), &out->begin);
    (void)json_bool(json_get(row, STR("end")), &out->end);
    if (!out->begin) {
        TRY(row_text(ctx, row, STR("from"), &out->from));
    }
    if (!out->end) {
        TRY(row_text(ctx, row, STR("to"), &out->to));
    }
    bool stepped = str_is(question->start.text) || str_is(question->end.text);
    return stepped && !out->begin && !out->end ? row_number(ctx, row, "step", 1, PATH_STEPS_MAX, &out->step) : OK;
}

static err read_row(struct ctx *ctx, struct json row, struct behind *out)
{
    const struct question *question = &out->question;
    if (json_type(row) != JSON_OBJECT) {
        return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("object")});
    }
    for (i64 i = 0; i < question->by_count; i++) {
        TRY(row_text(ctx, row, question->by_names[i], &out->row.values[i]));
    }
    if (question->every != PERIOD_NONE) {
        TRY(row_text(ctx, row, question->kind == ASK_RETENTION ? STR("cohort") : STR("period"), &out->row.period));
    }
    if (question_scores_one(question)) {
        TRY(row_text(ctx, row, STR("metric"), &out->row.metric));
        TRY(row_text(ctx, row, STR("scale"), &out->row.scale));
    }
    if (question->kind == ASK_COUNT && (question->of & COUNT_AMOUNT) != 0) {
        TRY(row_text(ctx, row, STR("currency"), &out->row.currency));
    }
    if (question->kind == ASK_ADHERENCE) {
        return row_text(ctx, row, STR("touchpoint"), &out->row.touchpoint);
    }
    switch (out->what) {
    case BEHIND_REACHED: return row_number(ctx, row, "step", 1, question->step_count, &out->row.step);
    case BEHIND_LOST: return row_number(ctx, row, "step", 2, question->step_count, &out->row.step);
    case BEHIND_EDGE: return read_edge(ctx, row, question, &out->row);
    case BEHIND_PATH: return read_path(ctx, row, &out->row);
    default: return OK;
    }
}

err behind_read(struct ctx *ctx, struct json object, const struct question_defaults *defaults, struct behind *out)
{
    str after;
    struct json last = json_get(object, STR("after"));
    *out = (struct behind){.limit = QUESTION_LIMIT_DEFAULT};
    str before = pointer_enter(ctx, STR("question"));
    TRY(question_read(ctx, json_get(object, STR("question")), defaults, &out->question));
    ctx->pointer = before;
    TRY(read_what(ctx, json_get(object, STR("what")), out));
    pointer_enter(ctx, STR("row"));
    TRY(read_row(ctx, json_get(object, STR("row")), out));
    ctx->pointer = before;
    if (out->what == BEHIND_RETURNED) {
        TRY(row_number(ctx, object, "k", 0, out->question.periods - 1, &out->k));
    }
    if (json_is(json_get(object, STR("limit")))) {
        TRY(row_number(ctx, object, "limit", 1, QUESTION_LIMIT_MAX, &out->limit));
    }
    if (json_is(last) && json_type(last) != JSON_NULL && !(json_str(last, &after) && id_parse(after, &out->after))) {
        return FAIL(ctx, ERR_INVALID, "after", "error.type", {"expected", STR("id")});
    }
    return OK;
}
