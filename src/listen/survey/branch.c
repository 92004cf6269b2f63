#include "listen/survey/branch.h"

#include "journey/pointer.h"
#include "listen/survey/document.h"

#include <stdio.h>

static const char *const op_words[BRANCH_OP_COUNT_] = {"is", "is_not", "gt",       "gte",
                                                       "lt", "lte",    "contains", "answered"};

struct reading {
    i64 count; /* conditions so far */
};

static err read_one(struct ctx *ctx, struct reading *reading, struct json value, i32 depth, struct branch *out);

static err wrong(struct ctx *ctx)
{
    return FAIL(ctx, ERR_INVALID, "", "error.survey.condition");
}

static err read_parts(struct ctx *ctx, struct reading *reading, struct json list, i32 depth, struct branch *out)
{
    if (json_type(list) != JSON_LIST || depth > BRANCH_DEPTH_MAX) {
        return wrong(ctx);
    }
    out->parts = arena_new(&ctx->arena, struct branch, greater(json_count(list), 1));
    for (struct json_iter item = json_each(list); json_next(&item); out->part_count++) {
        str before = pointer_enter_index(ctx, out->part_count);
        TRY(read_one(ctx, reading, item.value, depth + 1, &out->parts[out->part_count]));
        ctx->pointer = before;
    }
    return OK;
}

/* Numbers compare as the texts that the answers have: 9, not 9.0. */
static bool read_text(struct ctx *ctx, struct json value, str *out)
{
    f64 number;
    if (json_str(value, out)) {
        *out = str_copy(&ctx->arena, *out);
        return out->len <= SURVEY_TEXTS_MAX;
    }
    if (!json_f64(value, &number)) {
        return false;
    }
    char text[32];
    i64 len = f64_text(number, text);
    *out = str_copy(&ctx->arena, (str){text, len});
    return true;
}

static err read_values(struct ctx *ctx, struct json value, struct str_list *out)
{
    bool list = json_type(value) == JSON_LIST;
    i64 count = list ? json_count(value) : 1;
    if (count > SURVEY_OPTIONS_MAX) {
        return wrong(ctx);
    }
    out->items = arena_new(&ctx->arena, str, greater(count, 1));
    if (!list) {
        out->count = 1;
        return read_text(ctx, value, &out->items[0]) ? OK : wrong(ctx);
    }
    for (struct json_iter item = json_each(value); json_next(&item);) {
        if (!read_text(ctx, item.value, &out->items[out->count++])) {
            return wrong(ctx);
        }
    }
    return OK;
}

static err read_operand(struct ctx *ctx, struct json value, struct branch *out)
{
    switch (out->op) {
    case BRANCH_IS:
    case BRANCH_IS_NOT:
    case BRANCH_CONTAINS: return read_values(ctx, value, &out->values);
    case BRANCH_ANSWERED: return json_bool(value, &out->truth) ? OK : wrong(ctx);
    default: return json_f64(value, &out->number) ? OK : wrong(ctx);
    }
}

static i32 op_of(str word)
{
    for (i32 op = 0; op < BRANCH_OP_COUNT_; op++) {
        if (str_eq(word, str_from(op_words[op]))) {
            return op;
        }
    }
    return -1;
}

/* One member names what is compared, the other how: {"question":"q1","lte":6}. {"language":["vi"]} is both at once. */
static err read_comparison(struct ctx *ctx, struct json value, struct branch *out)
{
    bool named = false, compared = false;
    for (struct json_iter member = json_each(value); json_next(&member);) {
        i32 op = op_of(member.key);
        if (op >= 0 && !compared) {
            out->op = op;
            TRY(read_operand(ctx, member.value, out));
            compared = true;
        } else if (str_eq(member.key, STR("language")) && !named && !compared) {
            out->of = BRANCH_LANGUAGE;
            TRY(read_values(ctx, member.value, &out->values));
            named = compared = true;
        } else {
            bool question = str_eq(member.key, STR("question"));
            if (named || (!question && !str_eq(member.key, STR("hidden"))) || !json_str(member.value, &out->name)) {
                return wrong(ctx);
            }
            out->of = question ? BRANCH_QUESTION : BRANCH_HIDDEN;
            out->name = str_copy(&ctx->arena, out->name);
            named = true;
        }
    }
    bool number = out->op >= BRANCH_GT && out->op <= BRANCH_LTE;
    return named && compared && !(out->of == BRANCH_HIDDEN && number) ? OK : wrong(ctx);
}

static err read_one(struct ctx *ctx, struct reading *reading, struct json value, i32 depth, struct branch *out)
{
    struct json any = json_get(value, STR("any")), none = json_get(value, STR("not"));
    out->at = ctx->pointer;
    if (json_type(value) != JSON_OBJECT || ++reading->count > BRANCHES_MAX) {
        return wrong(ctx);
    }
    if (!json_is(any) && !json_is(none)) {
        return read_comparison(ctx, value, out);
    }
    if (json_count(value) != 1) {
        return wrong(ctx);
    }
    out->of = json_is(any) ? BRANCH_ANY : BRANCH_NOT;
    if (json_is(any)) {
        str before = pointer_enter(ctx, STR("any"));
        TRY(read_parts(ctx, reading, any, depth, out));
        ctx->pointer = before;
        return OK;
    }
    out->parts = arena_new(&ctx->arena, struct branch, 1);
    out->part_count = 1;
    if (json_type(none) == JSON_LIST) { // not all of them
        return read_parts(ctx, reading, none, depth, &out->parts[0]);
    }
    return depth < BRANCH_DEPTH_MAX ? read_one(ctx, reading, none, depth + 1, &out->parts[0]) : wrong(ctx);
}

err branch_read(struct ctx *ctx, str json, struct branch *out)
{
    struct json list;
    struct reading reading = {0};
    *out = (struct branch){.of = BRANCH_ALL, .at = ctx->pointer};
    if (!str_is(json) || str_eq(json, STR("null"))) {
        return OK;
    }
    TRY(json_parse(ctx, json_reader_here(), json, &list));
    return read_parts(ctx, &reading, list, 0, out);
}

/* Looking. */

static bool among(str text, const struct str_list *values)
{
    for (i64 i = 0; i < values->count; i++) {
        if (str_eq(text, values->items[i])) {
            return true;
        }
    }
    return false;
}

static bool holds_number(const struct branch *condition, f64 number)
{
    switch (condition->op) {
    case BRANCH_GT: return number > condition->number;
    case BRANCH_GTE: return number >= condition->number;
    case BRANCH_LT: return number < condition->number;
    case BRANCH_LTE: return number <= condition->number;
    default: return false;
    }
}

/* A ranking is compared by what stands first, everything else by all that was chosen. */
static bool answer_is(const struct branch *condition, const struct survey_answer *answer, enum survey_type type)
{
    char text[32];
    if (survey_numeric(type)) {
        i64 len = f64_text(answer->number, text);
        return among((str){text, len}, &condition->values);
    }
    i64 count = type == SURVEY_RANKING ? lesser(answer->chosen.count, 1) : answer->chosen.count;
    for (i64 i = 0; i < count; i++) {
        if (among(answer->chosen.items[i], &condition->values)) {
            return true;
        }
    }
    return type == SURVEY_TEXT && among(answer->text, &condition->values);
}

static bool answer_contains(const struct branch *condition, const struct survey_answer *answer)
{
    for (i64 i = 0; i < answer->chosen.count; i++) {
        if (among(answer->chosen.items[i], &condition->values)) {
            return true;
        }
    }
    for (i64 i = 0; i < condition->values.count && str_is(answer->text); i++) {
        if (str_find(answer->text, condition->values.items[i]) >= 0) {
            return true;
        }
    }
    return false;
}

static bool holds_answer(const struct branch *condition, const struct branch_on *on)
{
    i64 index = survey_question_find(on->document, condition->name);
    const struct survey_answer *answer = index >= 0 && on->way[index] ? &on->answers[index] : NULL;
    bool given = answer != NULL && answer->given;
    if (condition->op == BRANCH_ANSWERED) {
        return given == condition->truth;
    }
    if (!given) {
        return condition->op == BRANCH_IS_NOT;
    }
    enum survey_type type = (enum survey_type)survey_question_at(on->document, index)->type;
    switch (condition->op) {
    case BRANCH_IS: return answer_is(condition, answer, type);
    case BRANCH_IS_NOT: return !answer_is(condition, answer, type);
    case BRANCH_CONTAINS: return answer_contains(condition, answer);
    default: return survey_numeric(type) && holds_number(condition, answer->number);
    }
}

static bool holds_hidden(const struct branch *condition, const struct branch_on *on)
{
    str value = STR_NONE;
    for (i64 i = 0; i < on->hidden_count; i++) {
        value = str_eq(on->hidden[i].name, condition->name) ? on->hidden[i].value : value;
    }
    switch (condition->op) {
    case BRANCH_ANSWERED: return str_is(value) == condition->truth;
    case BRANCH_IS: return str_is(value) && among(value, &condition->values);
    case BRANCH_IS_NOT: return !str_is(value) || !among(value, &condition->values);
    default: break;
    }
    for (i64 i = 0; i < condition->values.count && str_is(value); i++) {
        if (str_find(value, condition->values.items[i]) >= 0) {
            return true;
        }
    }
    return false;
}

bool branch_holds(const struct branch *condition, const struct branch_on *on)
{
    switch (condition->of) {
    case BRANCH_QUESTION: return holds_answer(condition, on);
    case BRANCH_HIDDEN: return holds_hidden(condition, on);
    case BRANCH_LANGUAGE: return among(on->language, &condition->values);
    case BRANCH_NOT: return !branch_holds(&condition->parts[0], on);
    default: break;
    }
    bool any = condition->of == BRANCH_ANY;
    for (i64 i = 0; i < condition->part_count; i++) {
        if (branch_holds(&condition->parts[i], on) == any) {
            return any;
        }
    }
    return !any;
}

void branch_each(const struct branch *condition, void (*each)(void *self, const struct branch *part), void *self)
{
    if (condition->of >= BRANCH_QUESTION) {
        each(self, condition);
    }
    for (i64 i = 0; i < condition->part_count; i++) {
        branch_each(&condition->parts[i], each, self);
    }
}
