#include "listen/survey/answer.h"

#include "journey/pointer.h"

#include <math.h>

static err wrong(struct ctx *ctx)
{
    return FAIL(ctx, ERR_INVALID, "", "error.survey.answer");
}

static str number_text(struct ctx *ctx, f64 number)
{
    char text[32];
    i64 len = f64_text(number, text);
    return str_copy(&ctx->arena, (str){text, len});
}

static err out_of(struct ctx *ctx, f64 low, f64 high)
{
    return FAIL(ctx, ERR_INVALID, "", "error.range", {"low", number_text(ctx, low)}, {"high", number_text(ctx, high)});
}

/* Whole numbers on the question's scale: 9.5 and "10" are no answers. */
static err read_score(struct ctx *ctx, const struct survey_question *question, struct json value,
                      struct survey_answer *out)
{
    struct scale scale = survey_scale(question);
    if (!json_f64(value, &out->number)) {
        return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("integer")});
    }
    if (!(out->number >= scale.low && out->number <= scale.high)) {
        return out_of(ctx, scale.low, scale.high);
    }
    return out->number == floor(out->number) ? OK
                                             : FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("integer")});
}

static err read_slider(struct ctx *ctx, const struct survey_question *question, struct json value,
                       struct survey_answer *out)
{
    f64 low = question->min.value, high = question->max.is ? question->max.value : 100;
    f64 step = question->step.is ? question->step.value : 1;
    if (!json_f64(value, &out->number)) {
        return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("number")});
    }
    if (!(out->number >= low && out->number <= high)) {
        return out_of(ctx, low, high);
    }
    f64 steps = (out->number - low) / step;
    return fabs(steps - round(steps)) < 1e-6 ? OK : wrong(ctx);
}

static bool was_chosen(const struct survey_answer *answer, str id)
{
    for (i64 i = 0; i < answer->chosen.count; i++) {
        if (str_eq(answer->chosen.items[i], id)) {
            return true;
        }
    }
    return false;
}

/* "a" or {"option":"x","other":"…"}. */
static err read_option(struct ctx *ctx, const struct survey_question *question, struct json value,
                       struct survey_answer *out)
{
    str id, other = STR_NONE;
    bool plain = json_str(value, &id);
    if (!plain) {
        if (!json_str(json_get(value, STR("option")), &id) || !json_str(json_get(value, STR("other")), &other) ||
            json_count(value) != 2 || other.len > SURVEY_OTHER_MAX) {
            return wrong(ctx);
        }
    }
    i64 index = survey_option_find(&question->options, id);
    if (index < 0 || was_chosen(out, id)) {
        return FAIL(ctx, ERR_INVALID, "", "error.survey.option");
    }
    const struct survey_option *option = (const struct survey_option *)question->options.items + index;
    if (!plain && !option->other) {
        return wrong(ctx);
    }
    out->chosen.items[out->chosen.count++] = str_copy(&ctx->arena, id);
    out->other = plain ? out->other : str_copy(&ctx->arena, other);
    return OK;
}

static err read_options(struct ctx *ctx, const struct survey_question *question, struct json value,
                        struct survey_answer *out)
{
    i64 count = json_type(value) == JSON_LIST ? json_count(value) : -1;
    if (count < 0 || count > question->options.count) {
        return wrong(ctx);
    }
    for (struct json_iter item = json_each(value); json_next(&item);) {
        TRY(read_option(ctx, question, item.value, out));
    }
    bool ranking = question->type == SURVEY_RANKING;
    if (count > 0 && ((question->least > 0 && count < question->least) ||
                      (!ranking && question->most > 0 && count > question->most))) {
        return out_of(ctx, (f64)question->least,
                      question->most > 0 ? (f64)question->most : (f64)question->options.count);
    }
    return OK;
}

static err read_matrix(struct ctx *ctx, const struct survey_question *question, struct json value,
                       struct survey_answer *out)
{
    if (json_type(value) != JSON_OBJECT || json_count(value) > question->rows.count || json_repeats(value)) {
        return wrong(ctx);
    }
    for (struct json_iter row = json_each(value); json_next(&row);) {
        str id;
        if (survey_option_find(&question->rows, row.key) < 0 || !json_str(row.value, &id) ||
            survey_option_find(&question->options, id) < 0) {
            return FAIL(ctx, ERR_INVALID, "", "error.survey.option");
        }
        out->chosen.items[out->chosen.count++] = str_format(&ctx->arena, "%.*s:%.*s", STR_ARG(row.key), STR_ARG(id));
    }
    return OK;
}

static err read_emotion(struct ctx *ctx, struct json value, struct survey_answer *out)
{
    str word;
    f64 strength = 2;
    struct json given = json_get(value, STR("strength"));
    if (!json_str(json_get(value, STR("emotion")), &word) || json_count(value) != (json_is(given) ? 2 : 1) ||
        (json_is(given) && !json_f64(given, &strength)) || strength != floor(strength) || strength < 1 ||
        strength > 3) {
        return wrong(ctx);
    }
    for (i32 i = 0; i < SURVEY_EMOTIONS; i++) {
        if (str_eq(word, str_from(survey_emotion_words[i]))) {
            out->chosen.items[out->chosen.count++] = str_from(survey_emotion_words[i]);
            out->number = strength;
            return OK;
        }
    }
    return wrong(ctx);
}

static err read_words(struct ctx *ctx, const struct survey_question *question, struct json value,
                      struct survey_answer *out)
{
    str text;
    i64 most = question->most > 0 ? lesser(question->most, SURVEY_WORDS_MAX) : SURVEY_WORDS_MAX;
    if (!json_str(value, &text)) {
        return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("string")});
    }
    i64 letters = 0;
    for (i64 at = 0; at < text.len; letters++) {
        (void)utf8_next(text, &at);
    }
    if (letters > most) {
        return FAIL(ctx, ERR_INVALID, "", "error.too_long", {"most", number_text(ctx, (f64)most)});
    }
    out->text = str_copy(&ctx->arena, text);
    return OK;
}

static bool is_field(const struct survey_question *question, str name)
{
    for (i64 i = 0; i < question->fields.count; i++) {
        if (str_eq(question->fields.items[i], name)) {
            return true;
        }
    }
    return false;
}

static err read_contact(struct ctx *ctx, const struct survey_question *question, struct json value)
{
    if (json_type(value) != JSON_OBJECT || json_repeats(value)) {
        return wrong(ctx);
    }
    for (struct json_iter field = json_each(value); json_next(&field);) {
        str text, before = pointer_enter(ctx, field.key);
        bool agreed;
        if (str_eq(field.key, STR("consent")) && json_bool(field.value, &agreed)) {
            ctx->pointer = before; // that the details may be used for the question's purpose
            continue;
        }
        i64 version;
        if (str_eq(field.key, STR("wording")) && json_i64(field.value, &version) && version > 0) {
            ctx->pointer = before; // the words that were shown beside it
            continue;
        }
        if (!is_field(question, field.key) || !json_str(field.value, &text) || text.len > 200) {
            return wrong(ctx);
        }
        bool email = str_eq(field.key, STR("email"));
        i64 at = str_find_char(text, '@');
        if (email && (at <= 0 || at == text.len - 1 || str_find_char(text, ' ') >= 0)) {
            return FAIL(ctx, ERR_INVALID, "", "error.email");
        }
        ctx->pointer = before;
    }
    return OK;
}

static err read_files(struct ctx *ctx, struct json value, struct survey_answer *out)
{
    i64 count = json_type(value) == JSON_LIST ? json_count(value) : -1;
    if (count < 0 || count > SURVEY_FILES_MAX) {
        return wrong(ctx);
    }
    for (struct json_iter item = json_each(value); json_next(&item);) {
        str id;
        if (!json_str(item.value, &id) || id.len > SURVEY_WORD_MAX || was_chosen(out, id)) {
            return wrong(ctx);
        }
        out->chosen.items[out->chosen.count++] = str_copy(&ctx->arena, id);
    }
    return OK;
}

static err read_by_type(struct ctx *ctx, const struct survey_question *question, struct json value,
                        struct survey_answer *out)
{
    switch (question->type) {
    case SURVEY_NPS:
    case SURVEY_CSAT:
    case SURVEY_CES: return read_score(ctx, question, value, out);
    case SURVEY_SLIDER: return read_slider(ctx, question, value, out);
    case SURVEY_EMOTION: return read_emotion(ctx, value, out);
    case SURVEY_SINGLE: return read_option(ctx, question, value, out);
    case SURVEY_MULTIPLE:
    case SURVEY_RANKING: return read_options(ctx, question, value, out);
    case SURVEY_MATRIX: return read_matrix(ctx, question, value, out);
    case SURVEY_TEXT: return read_words(ctx, question, value, out);
    case SURVEY_CONTACT: return read_contact(ctx, question, value);
    case SURVEY_FILE: return read_files(ctx, value, out);
    default: return wrong(ctx); // a note
    }
}

/* Nothing chosen, nothing written: a skip. */
static bool is_empty(const struct survey_question *question, struct json value, const struct survey_answer *answer)
{
    switch (question->type) {
    case SURVEY_MULTIPLE:
    case SURVEY_RANKING:
    case SURVEY_MATRIX:
    case SURVEY_FILE: return answer->chosen.count == 0;
    case SURVEY_TEXT: return str_trim(answer->text).len == 0;
    case SURVEY_CONTACT: return json_count(value) == 0;
    default: return false;
    }
}

static err read_answer(struct ctx *ctx, const struct survey_question *question, struct json value,
                       struct survey_answer *out)
{
    i64 most = greater(greater(question->options.count, question->rows.count), SURVEY_FILES_MAX);
    *out = (struct survey_answer){.chosen = {arena_new(&ctx->arena, str, most), 0}};
    if (json_type(value) == JSON_NULL) {
        return OK;
    }
    TRY(read_by_type(ctx, question, value, out));
    struct json_writer writer = json_writer_in(&ctx->arena);
    json_put_value(&writer, value);
    out->json = json_text(&writer);
    out->given = !is_empty(question, value, out);
    out->has_number = survey_numeric((enum survey_type)question->type) || question->type == SURVEY_EMOTION;
    return OK;
}

err survey_answers_read(struct ctx *ctx, const struct survey_document *document, str json, struct survey_answer *out)
{
    struct json object;
    if (!str_is(json) || str_eq(json, STR("null"))) {
        return OK;
    }
    str before = pointer_enter(ctx, STR("answers"));
    TRY(json_parse(ctx, json_reader_here(), json, &object));
    if (json_type(object) != JSON_OBJECT || json_repeats(object)) {
        return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("object")});
    }
    for (struct json_iter member = json_each(object); json_next(&member);) {
        str inside = pointer_enter(ctx, member.key);
        i64 index = survey_question_find(document, member.key);
        if (index < 0) {
            return FAIL(ctx, ERR_INVALID, "", "error.survey.question");
        }
        TRY(read_answer(ctx, survey_question_at(document, index), member.value, &out[index]));
        ctx->pointer = inside;
    }
    ctx->pointer = before;
    return OK;
}

str survey_answers_text(struct ctx *ctx, const struct survey_document *document, const struct survey_answer *answers,
                        const bool *way)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    json_object(&writer);
    for (i64 i = 0; i < document->questions.count; i++) {
        if (answers[i].given && (way == NULL || way[i])) {
            json_key(&writer, survey_question_at(document, i)->id);
            json_put_raw(&writer, answers[i].json);
        }
    }
    json_object_end(&writer);
    return json_text(&writer);
}

/* Hidden fields stand beside our own in an event's props: none may look like one of these. */
static bool is_ours(str name)
{
    static const char *const ours[] = {"survey",   "response", "item",   "answer",  "answers", "emotion",
                                       "strength", "language", "target", "channel", "place",   "touchpoint"};
    for (i64 i = 0; i < countof(ours); i++) {
        if (str_eq(name, str_from(ours[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_hidden_name(str name)
{
    for (i64 i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) {
            return false;
        }
    }
    return name.len > 0 && name.len <= SURVEY_WORD_MAX && !is_ours(name);
}

err survey_hidden_read(struct ctx *ctx, str json, struct hidden_field **out, i64 *count)
{
    struct json object;
    *count = 0;
    *out = arena_new(&ctx->arena, struct hidden_field, SURVEY_HIDDEN_MAX);
    if (!str_is(json) || str_eq(json, STR("null"))) {
        return OK;
    }
    str before = pointer_enter(ctx, STR("hidden"));
    TRY(json_parse(ctx, json_reader_here(), json, &object));
    if (json_type(object) != JSON_OBJECT || json_repeats(object) || json_count(object) > SURVEY_HIDDEN_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("object")});
    }
    for (struct json_iter member = json_each(object); json_next(&member);) {
        str value, inside = pointer_enter(ctx, member.key);
        if (!is_hidden_name(member.key) || !json_str(member.value, &value) || value.len > SURVEY_OTHER_MAX) {
            return FAIL(ctx, ERR_INVALID, "", "error.survey.hidden");
        }
        (*out)[(*count)++] = (struct hidden_field){str_copy(&ctx->arena, member.key), str_copy(&ctx->arena, value)};
        ctx->pointer = inside;
    }
    ctx->pointer = before;
    return OK;
}
