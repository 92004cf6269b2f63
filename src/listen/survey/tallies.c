#include "listen/survey/tallies.h"

#include "json/write.h"

#include <stdlib.h>

void numbers_keep(struct arena *arena, struct numbers_kept *numbers, f64 number)
{
    if (numbers->count == numbers->capacity) {
        i64 wish = numbers->capacity * 2 + 64;
        numbers->items = arena_grow(arena, numbers->items, numbers->capacity * (i64)sizeof(f64),
                                    wish * (i64)sizeof(f64), _Alignof(f64));
        numbers->capacity = wish;
    }
    numbers->items[numbers->count++] = number;
}

void numbers_merge(struct arena *arena, struct numbers_kept *into, const struct numbers_kept *more)
{
    i64 wish = into->count + more->count;
    if (more->count == 0) {
        return;
    }
    if (wish > into->capacity) {
        into->items = arena_grow(arena, into->items, into->capacity * (i64)sizeof(f64), wish * (i64)sizeof(f64),
                                 _Alignof(f64));
        into->capacity = wish;
    }
    memcpy(into->items + into->count, more->items, (size_t)more->count * sizeof(f64));
    into->count = wish;
}

/* Puts the number of a rank where it would stand if all were sorted (Hoare 1961). */
static f64 of_rank(f64 *items, i64 count, i64 rank)
{
    i64 left = 0, right = count - 1;
    while (left < right) {
        f64 pivot = items[left + (right - left) / 2];
        i64 i = left, k = right;
        while (i <= k) {
            for (; items[i] < pivot; i++) {
            }
            for (; items[k] > pivot; k--) {
            }
            if (i <= k) {
                f64 other = items[i];
                items[i++] = items[k];
                items[k--] = other;
            }
        }
        if (rank <= k) {
            right = k;
        } else if (rank >= i) {
            left = i;
        } else {
            break;
        }
    }
    return items[rank];
}

struct maybe_f64 numbers_quantile(struct numbers_kept *numbers, i64 hundredths)
{
    if (numbers->count == 0) {
        return (struct maybe_f64){0};
    }
    i64 rank = lesser(hundredths * numbers->count / 100, numbers->count - 1);
    return (struct maybe_f64){of_rank(numbers->items, numbers->count, rank), true};
}

/* How many numbers an option list of a question has. */
static i64 chosen_count(const struct survey_question *question)
{
    return question->options.count * greater(question->rows.count, 1);
}

void tally_join(struct arena *arena, struct question_tally *into, const struct question_tally *more)
{
    into->seen += more->seen;
    into->answered += more->answered;
    into->skipped += more->skipped;
    into->left += more->left;
    into->texts += more->texts;
    nps_merge(&into->nps, &more->nps);
    csat_merge(&into->csat, &more->csat);
    ces_merge(&into->ces, &more->ces);
    for (i64 i = 0; i < TALLY_SCORES; i++) {
        into->scores[i] += more->scores[i];
    }
    for (i64 i = 0; i < chosen_count(into->question); i++) {
        into->chosen[i] += more->chosen[i];
    }
    for (i64 i = 0; i < into->question->options.count; i++) {
        into->ranks[i] += more->ranks[i];
    }
    for (i64 i = 0; i < SURVEY_EMOTIONS; i++) {
        into->emotions[i] += more->emotions[i];
        into->strengths[i] += more->strengths[i];
    }
    numbers_merge(arena, &into->values, &more->values);
    numbers_merge(arena, &into->spent, &more->spent);
}

/* Counting. */

static void count_score(struct question_tally *tally, const struct survey_answer *answer)
{
    const struct survey_question *question = tally->question;
    struct answer given = {survey_metric((enum survey_type)question->type), survey_scale(question), answer->number,
                           question->reversed};
    struct scale scale;
    f64 score;
    if (metric_admit(&given, &score, &scale) != OK) {
        return;
    }
    err counted = ERR_INVALID;
    switch (question->type) {
    case SURVEY_NPS: counted = nps_add(&tally->nps, score); break;
    case SURVEY_CSAT: counted = csat_add(&tally->csat, scale, score); break;
    default: counted = ces_add(&tally->ces, score); break;
    }
    if (counted == OK && score >= 0 && score < TALLY_SCORES) {
        tally->scores[(i64)score]++;
    }
}

static void count_matrix(struct question_tally *tally, const struct survey_answer *answer)
{
    const struct survey_question *question = tally->question;
    for (i64 i = 0; i < answer->chosen.count; i++) {
        str rest = answer->chosen.items[i];
        str row_id = str_cut(&rest, ':');
        i64 row = survey_option_find(&question->rows, row_id), option = survey_option_find(&question->options, rest);
        if (row >= 0 && option >= 0) {
            tally->chosen[row * question->options.count + option]++;
        }
    }
}

static void count_chosen(struct question_tally *tally, const struct survey_answer *answer)
{
    for (i64 i = 0; i < answer->chosen.count; i++) {
        i64 option = survey_option_find(&tally->question->options, answer->chosen.items[i]);
        if (option >= 0) {
            tally->chosen[option]++;
            tally->ranks[option] += i + 1;
        }
    }
}

static void count_emotion(struct question_tally *tally, const struct survey_answer *answer)
{
    for (i64 i = 0; i < SURVEY_EMOTIONS; i++) {
        if (str_eq(answer->chosen.items[0], str_from(survey_emotion_words[i]))) {
            tally->emotions[i]++;
            tally->strengths[i] += (i64)answer->number;
        }
    }
}

void tally_answer(struct arena *arena, struct question_tally *tally, const struct survey_answer *answer)
{
    tally->answered++;
    switch (tally->question->type) {
    case SURVEY_NPS:
    case SURVEY_CSAT:
    case SURVEY_CES: count_score(tally, answer); break;
    case SURVEY_MATRIX: count_matrix(tally, answer); break;
    case SURVEY_SINGLE:
    case SURVEY_MULTIPLE:
    case SURVEY_RANKING: count_chosen(tally, answer); break;
    case SURVEY_EMOTION: count_emotion(tally, answer); break;
    case SURVEY_SLIDER: numbers_keep(arena, &tally->values, answer->number); break;
    default: break;
    }
    bool words = (str_is(answer->text) && answer->text.len > 0) || (str_is(answer->other) && answer->other.len > 0);
    tally->texts += words ? 1 : 0;
}

/* Saying. */

static struct maybe_f64 some(f64 number)
{
    return (struct maybe_f64){number, true};
}

static void say_csat(const struct question_tally *tally, struct result_figure *out)
{
    struct csat_score score;
    if (csat_score(&tally->csat, &score) == OK) {
        out->n = score.answer_count;
        out->score = some(score.percent);
        out->low = some(score.low);
        out->high = some(score.high);
        out->mean = score.mean;
    }
}

static void say_ces(const struct question_tally *tally, struct result_figure *out)
{
    struct ces_score score;
    if (ces_score(&tally->ces, &score) == OK) {
        out->n = score.answer_count;
        out->score = out->mean = some(score.mean);
        out->low = some(score.low);
        out->high = some(score.high);
    }
}

static void say_nps(const struct question_tally *tally, struct result_figure *out)
{
    struct nps_score score;
    if (nps_score(&tally->nps, &score) == OK) {
        out->n = score.answer_count;
        out->score = some(score.points);
        out->low = some(score.low);
        out->high = some(score.high);
    }
}

void tally_figure(struct ctx *ctx, const struct question_tally *tally, i64 minimum_n, struct result_figure *out)
{
    char text[SCALE_TEXT_MAX];
    struct scale scale = survey_scale(tally->question);
    enum metric metric = survey_metric((enum survey_type)tally->question->type);
    *out = (struct result_figure){.metric = metric_word(metric),
                                  .scale = str_copy(&ctx->arena, scale_text(scale, text))};
    switch (metric) {
    case METRIC_NPS: say_nps(tally, out); break;
    case METRIC_CSAT: say_csat(tally, out); break;
    default: say_ces(tally, out); break;
    }
    out->few = out->n < minimum_n;
    struct result_value *counts = arena_new(&ctx->arena, struct result_value, TALLY_SCORES);
    for (i32 i = scale.low; i <= scale.high && i < TALLY_SCORES; i++) {
        counts[out->counts.count++] = (struct result_value){i, tally->scores[i]};
    }
    out->counts.items = counts;
}

static struct shape_list say_options(struct ctx *ctx, const struct survey_question *question, const i64 *chosen,
                                     const i64 *ranks)
{
    const struct survey_option *options = question->options.items;
    struct result_count *items = arena_new(&ctx->arena, struct result_count, greater(question->options.count, 1));
    for (i64 i = 0; i < question->options.count; i++) {
        f64 mean = ranks != NULL && chosen[i] > 0 ? (f64)ranks[i] / (f64)chosen[i] : 0;
        items[i] = (struct result_count){options[i].id, chosen[i], mean};
    }
    return (struct shape_list){items, question->options.count};
}

static struct shape_list say_rows(struct ctx *ctx, const struct question_tally *tally)
{
    const struct survey_question *question = tally->question;
    const struct survey_option *rows = question->rows.items;
    struct result_row *items = arena_new(&ctx->arena, struct result_row, greater(question->rows.count, 1));
    for (i64 i = 0; i < question->rows.count; i++) {
        items[i].id = rows[i].id;
        items[i].options = say_options(ctx, question, tally->chosen + i * question->options.count, NULL);
    }
    return (struct shape_list){items, question->rows.count};
}

static struct shape_list say_emotions(struct ctx *ctx, const struct question_tally *tally)
{
    struct result_count *items = arena_new(&ctx->arena, struct result_count, SURVEY_EMOTIONS);
    for (i64 i = 0; i < SURVEY_EMOTIONS; i++) {
        i64 n = tally->emotions[i];
        items[i] = (struct result_count){str_from(survey_emotion_words[i]), n,
                                         n > 0 ? (f64)tally->strengths[i] / (f64)n : 0};
    }
    return (struct shape_list){items, SURVEY_EMOTIONS};
}

/* The numbers are sorted by now. */
static struct shape_list say_histogram(struct ctx *ctx, const struct numbers_kept *values)
{
    struct result_value *items = arena_new(&ctx->arena, struct result_value, greater(values->count, 1));
    i64 count = 0;
    for (i64 i = 0; i < values->count; i++) {
        if (count == 0 || items[count - 1].value != values->items[i]) {
            items[count++] = (struct result_value){values->items[i], 0};
        }
        items[count - 1].n++;
    }
    return (struct shape_list){items, count};
}

static void say_by_type(struct ctx *ctx, struct question_tally *tally, i64 minimum_n, struct result_question *out)
{
    switch (tally->question->type) {
    case SURVEY_NPS:
    case SURVEY_CSAT:
    case SURVEY_CES:
        out->figure = arena_new(&ctx->arena, struct result_figure, 1);
        tally_figure(ctx, tally, minimum_n, out->figure);
        break;
    case SURVEY_SINGLE:
    case SURVEY_MULTIPLE: out->options = say_options(ctx, tally->question, tally->chosen, NULL); break;
    case SURVEY_RANKING: out->ranks = say_options(ctx, tally->question, tally->chosen, tally->ranks); break;
    case SURVEY_MATRIX: out->rows = say_rows(ctx, tally); break;
    case SURVEY_EMOTION: out->emotions = say_emotions(ctx, tally); break;
    case SURVEY_SLIDER:
        out->q25 = numbers_quantile(&tally->values, 25);
        out->median = numbers_quantile(&tally->values, 50);
        out->q75 = numbers_quantile(&tally->values, 75);
        out->histogram = say_histogram(ctx, &tally->values);
        break;
    default: break;
    }
}

void tally_say(struct ctx *ctx, struct question_tally *tally, i64 minimum_n, struct result_question *out)
{
    struct maybe_f64 median_ms = numbers_quantile(&tally->spent, 50);
    struct json_writer writer = json_writer_in(&ctx->arena);
    shape_write(&writer, &survey_question_shape, tally->question, SHAPE_ALL);
    *out = (struct result_question){
        .id = tally->question->id,
        .series = tally->series,
        .type = str_from(survey_type_words[tally->question->type]),
        .question = json_text(&writer),
        .seen = tally->seen,
        .answered = tally->answered,
        .skipped = tally->skipped,
        .left = tally->left,
        .seconds_median = {median_ms.value / 1000, median_ms.is},
        .texts = tally->texts,
    };
    say_by_type(ctx, tally, minimum_n, out);
}
