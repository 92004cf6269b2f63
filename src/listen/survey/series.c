/* Which questions are one series over versions and surveys. */
#include "listen/survey/survey.h"

#include "base/id.h"
#include "journey/pointer.h"

#include <stdio.h>

static bool same_ids(const struct shape_list *a, const struct shape_list *b)
{
    const struct survey_option *mine = a->items, *theirs = b->items;
    if (a->count != b->count) {
        return false;
    }
    for (i64 i = 0; i < a->count; i++) {
        i64 at = survey_option_find(b, mine[i].id);
        if (at < 0 || theirs[at].other != mine[i].other) {
            return false;
        }
    }
    return true;
}

static f64 or_else(struct maybe_f64 number, f64 otherwise)
{
    return number.is ? number.value : otherwise;
}

bool survey_same_meaning(const struct survey_question *a, const struct survey_question *b)
{
    struct scale mine = survey_scale(a), theirs = survey_scale(b);
    return a->type == b->type && mine.low == theirs.low && mine.high == theirs.high && a->reversed == b->reversed &&
           same_ids(&a->options, &b->options) && same_ids(&a->rows, &b->rows) &&
           or_else(a->min, 0) == or_else(b->min, 0) && or_else(a->max, 100) == or_else(b->max, 100) &&
           or_else(a->step, 1) == or_else(b->step, 1);
}

static bool speaks(const struct survey_document *document, str language)
{
    for (i64 i = 0; i < document->languages.count; i++) {
        if (str_eq(document->languages.items[i], language)) {
            return true;
        }
    }
    return false;
}

struct pair {
    const struct survey_document *one, *other;
};

/* A text that is asked in this language; none where it is only left over from a language that was given up. */
static str spoken(const struct survey_document *document, struct json texts, str language)
{
    str words;
    bool has = speaks(document, language) && json_str(json_get(texts, language), &words);
    return has ? str_trim(words) : STR("");
}

static bool says_anything(const struct survey_document *document, struct json texts)
{
    for (i64 i = 0; i < document->languages.count; i++) {
        if (spoken(document, texts, document->languages.items[i]).len > 0) {
            return true;
        }
    }
    return false;
}

/* The same in every language that both have, and there is one that both have: nobody can say that a text in another language asks
 * the same, but for its author. */
static bool same_in(const struct pair *pair, struct json mine, struct json theirs)
{
    bool common = false;
    for (i64 i = 0; i < pair->one->languages.count; i++) {
        str language = pair->one->languages.items[i];
        if (speaks(pair->other, language)) {
            str one = spoken(pair->one, mine, language), other = spoken(pair->other, theirs, language);
            if (one.len > 0 && other.len > 0 && !str_eq(one, other)) {
                return false;
            }
            common = common || (one.len > 0 && other.len > 0);
        }
    }
    return common || !says_anything(pair->one, mine) || !says_anything(pair->other, theirs);
}

static bool same_texts(struct ctx *ctx, const struct pair *pair, str a, str b)
{
    struct json_reader *second = json_reader_open();
    struct json mine = {0}, theirs = {0};
    bool has_a = str_is(a) && json_parse(ctx, json_reader_here(), a, &mine) == OK;
    bool has_b = str_is(b) && json_parse(ctx, second, b, &theirs) == OK;
    ctx_forgive(ctx);
    bool same = !has_a || !has_b || same_in(pair, mine, theirs);
    json_reader_close(second);
    return same;
}

static bool same_labels(struct ctx *ctx, const struct pair *pair, const struct shape_list *a,
                        const struct shape_list *b)
{
    const struct survey_option *mine = a->items, *theirs = b->items;
    for (i64 i = 0; i < a->count; i++) {
        i64 at = survey_option_find(b, mine[i].id);
        if (at < 0 || !same_texts(ctx, pair, mine[i].label, theirs[at].label)) {
            return false;
        }
    }
    return true;
}

/* The feeling that a touchpoint is meant to leave is one of the answers. */
static bool same_target(const struct survey_question *a, const struct survey_question *b)
{
    return a->target.len == 0 || b->target.len == 0 || str_eq(a->target, b->target);
}

bool survey_same_words(struct ctx *ctx, const struct survey_asked *one, const struct survey_asked *other)
{
    const struct survey_question *a = one->question, *b = other->question;
    struct pair pair = {one->in, other->in};
    return same_target(a, b) && same_texts(ctx, &pair, a->title, b->title) && same_texts(ctx, &pair, a->low, b->low) &&
           same_texts(ctx, &pair, a->high, b->high) && same_labels(ctx, &pair, &a->options, &b->options) &&
           same_labels(ctx, &pair, &a->rows, &b->rows);
}

struct naming {
    struct ctx *ctx;
    i64 survey;
    const struct survey_history *earlier;
};

/* SURVEY.QUESTION, or with the next number where the question has had a series of that name. */
static str new_series(const struct naming *naming, str question)
{
    char id[ID_TEXT_LEN];
    str base = str_format(&naming->ctx->arena, "%.*s.%.*s", STR_ARG(id_text(naming->survey, id)), STR_ARG(question));
    i64 used = 0;
    for (i64 v = 0; v < naming->earlier->count; v++) {
        const struct survey_document *document = &naming->earlier->versions[v];
        for (i64 i = 0; i < document->questions.count; i++) {
            str series = survey_question_at(document, i)->series;
            i64 number = 1;
            bool mine = str_eq(series, base);
            if (str_starts(series, base) && series.len > base.len + 1 && series.data[base.len] == '.') {
                mine = str_i64(str_slice(series, base.len + 1, series.len), &number);
            }
            used = mine ? greater(used, number) : used;
        }
    }
    return used == 0 ? base : str_format(&naming->ctx->arena, "%.*s.%lld", STR_ARG(base), (long long)used + 1);
}

/* The newest earlier question of this id that asks the same in the same words. */
static str kept_series(const struct naming *naming, const struct survey_asked *asked)
{
    const struct survey_question *question = asked->question;
    for (i64 v = naming->earlier->count - 1; v >= 0; v--) {
        const struct survey_document *document = &naming->earlier->versions[v];
        i64 at = survey_question_find(document, question->id);
        const struct survey_question *before = at >= 0 ? survey_question_at(document, at) : NULL;
        if (before != NULL && survey_same_meaning(question, before) &&
            survey_same_words(naming->ctx, asked, &(struct survey_asked){document, before})) {
            return before->series;
        }
    }
    return STR_NONE;
}

/* What the author says of a question that was edited: 1 only corrected, 0 something new, -1 nothing. */
static i32 said(struct ctx *ctx, str comparable, str question)
{
    struct json object;
    bool truth;
    if (!str_is(comparable) || json_parse(ctx, json_reader_here(), comparable, &object) != OK) {
        ctx_forgive(ctx);
        return -1;
    }
    return json_bool(json_get(object, question), &truth) ? (truth ? 1 : 0) : -1;
}

static err corrected(const struct naming *naming, const struct survey_question *question, str *series)
{
    for (i64 v = naming->earlier->count - 1; v >= 0; v--) {
        const struct survey_document *document = &naming->earlier->versions[v];
        i64 at = survey_question_find(document, question->id);
        if (at >= 0) {
            const struct survey_question *before = survey_question_at(document, at);
            if (!survey_same_meaning(question, before)) {
                str pointer = str_format(&naming->ctx->arena, "comparable/%.*s", STR_ARG(question->id));
                return FAIL(naming->ctx, ERR_INVALID, str_c(&naming->ctx->arena, pointer),
                            "error.survey.not_comparable");
            }
            *series = before->series;
            return OK;
        }
    }
    return OK;
}

err survey_series(struct ctx *ctx, i64 survey, const struct survey_history *earlier, str comparable,
                  struct survey_document *document)
{
    struct naming naming = {ctx, survey, earlier};
    struct survey_question *questions = document->questions.items;
    for (i64 i = 0; i < document->questions.count; i++) {
        struct survey_question *question = &questions[i];
        struct survey_asked asked = {document, question};
        i32 word = said(ctx, comparable, question->id);
        question->series = STR_NONE;
        if (question->type == SURVEY_NOTE) {
            continue;
        }
        if (word == 1) {
            TRY(corrected(&naming, question, &question->series));
        } else if (word < 0 && str_is(question->bank) && survey_bank_same(ctx, &asked)) {
            question->series = question->bank;
        } else if (word < 0) {
            question->series = kept_series(&naming, &asked);
        }
        if (!str_is(question->series)) {
            question->series = new_series(&naming, question->id);
        }
    }
    return OK;
}
