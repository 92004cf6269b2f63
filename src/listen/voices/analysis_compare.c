#include "listen/voices/analysis.h"

#include "journey/tally.h"
#include "listen/voices/phrases.h"
#include "measure/compare.h"
#include "text/reading.h"

#include <math.h>
#include <stdlib.h>

enum { CLASSES = 3, EMOTIONS = EMOTION_COUNT_, TOPICS = TOPIC_COUNT_, PHRASE_ROWS = 40 };

/* What is counted of a group. */
struct group {
    const struct analysed *series;
    i64 n, texts, complaints;
    i64 classes[CLASSES + 1], emotions[EMOTIONS], topics[TOPICS], topics_bad[TOPICS];
    struct tally tally;
};

static i32 word_of(const char *const *words, str word)
{
    for (i32 i = 0; words[i] != NULL; i++) {
        if (str_eq(word, str_from(words[i]))) {
            return i;
        }
    }
    return 0;
}

static err take(void *self, struct ctx *ctx, const struct feedback_tally *row)
{
    struct group *group = self;
    struct scale scale;
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    group->n += row->n;
    bool mine = row->score.is && analysis_is(group->series, row->metric, row->question, row->scale);
    if (mine && scale_parse(row->scale, &scale)) {
        tally_add_many(&group->tally, scale, row->score.value, row->n);
    }
    if (!row->has_text || row->spam) {
        return OK;
    }
    group->texts += row->n;
    group->complaints += row->complaint ? row->n : 0;
    group->classes[word_of(text_class_words, row->class)] += row->n;
    group->emotions[word_of(text_emotion_words, row->emotion)] += row->n;
    for (i32 topic = 1; topic < TOPICS; topic++) {
        group->topics[topic] += (row->topics >> topic & 1) * row->n;
        group->topics_bad[topic] += (row->topics_bad >> topic & 1) * row->n;
    }
    return OK;
}

struct comparing {
    struct compare_row *rows;
    i64 count;
    const struct group *first, *second;
};

static void put(struct comparing *comparing, struct compare_row row, const struct difference *difference)
{
    row.delta = difference->delta;
    row.low = difference->low;
    row.high = difference->high;
    row.p = difference->p;
    comparing->rows[comparing->count++] = row;
}

/* A share of the texts of both groups; what nobody says is no row. */
static void put_share(struct comparing *comparing, const char *what, str key, i64 hits, i64 other_hits)
{
    struct difference difference;
    i64 texts = comparing->first->texts, others = comparing->second->texts;
    if (hits + other_hits == 0 || compare_shares(hits, texts, other_hits, others, &difference) != OK) {
        return;
    }
    put(comparing,
        (struct compare_row){.what = str_from(what),
                             .key = key,
                             .first_n = texts,
                             .second_n = others,
                             .first = (f64)hits / (f64)texts,
                             .second = (f64)other_hits / (f64)others},
        &difference);
}

err analysis_difference(const struct tally *first, const struct tally *second, struct difference *out)
{
    switch (first->metric) {
    case METRIC_NPS: return compare_nps(&first->nps, &second->nps, out);
    case METRIC_CSAT:
        TRY(compare_shares(first->csat.top, first->csat.top + first->csat.other, second->csat.top,
                           second->csat.top + second->csat.other, out));
        out->delta *= 100.0;
        out->low *= 100.0;
        out->high *= 100.0;
        return OK;
    case METRIC_CES: return compare_means(&first->ces.moments, &second->ces.moments, out);
    default: return compare_means(&first->other, &second->other, out);
    }
}

static void put_score(struct comparing *comparing, const struct analysed *series)
{
    struct difference difference;
    struct score first = tally_score(&comparing->first->tally), second = tally_score(&comparing->second->tally);
    if (!first.is || !second.is ||
        analysis_difference(&comparing->first->tally, &comparing->second->tally, &difference) != OK) {
        return;
    }
    put(comparing,
        (struct compare_row){.what = STR("score"),
                             .key = series->metric.len > 0 ? series->metric : series->question,
                             .first_n = first.n,
                             .second_n = second.n,
                             .first = first.score,
                             .second = second.score},
        &difference);
}

static int by_p(const void *a, const void *b)
{
    const struct compare_row *left = a, *right = b;
    if (left->found != right->found) {
        return right->found - left->found;
    }
    return left->p != right->p ? (left->p > right->p) - (left->p < right->p) : str_cmp(left->key, right->key);
}

/* Marks the discoveries among all rows and brings the surest to the front. */
static void judge(struct ctx *ctx, struct comparing *comparing)
{
    f64 *p = arena_new(&ctx->arena, f64, comparing->count + 1);
    for (i64 i = 0; i < comparing->count; i++) {
        p[i] = comparing->rows[i].p;
    }
    f64 limit = discovery_limit(p, comparing->count, 0.05);
    for (i64 i = 0; i < comparing->count; i++) {
        comparing->rows[i].found = comparing->rows[i].p <= limit;
    }
    qsort(comparing->rows, (size_t)comparing->count, sizeof *comparing->rows, by_p);
}

static void put_counts(struct comparing *comparing)
{
    const struct group *first = comparing->first, *second = comparing->second;
    for (i32 class = 1; class <= CLASSES; class ++) {
        put_share(comparing, "class", str_from(text_class_words[class]), first->classes[class], second->classes[class]);
    }
    for (i32 emotion = 1; emotion < EMOTIONS; emotion++) {
        put_share(comparing, "emotion", str_from(text_emotion_words[emotion]), first->emotions[emotion],
                  second->emotions[emotion]);
    }
    put_share(comparing, "complaint", STR("complaint"), first->complaints, second->complaints);
    for (i32 topic = 1; topic < TOPICS; topic++) {
        str key = str_from(text_topic_words[topic]);
        put_share(comparing, "topic", key, first->topics[topic], second->topics[topic]);
        put_share(comparing, "topic_bad", key, first->topics_bad[topic], second->topics_bad[topic]);
    }
}

/* Phrases only as far as they are discoveries; one inside another that differs as much is left out. */
static i64 phrase_rows(const struct comparing *comparing, i64 from)
{
    i64 kept = from;
    for (i64 i = from; i < comparing->count && kept - from < PHRASE_ROWS; i++) {
        const struct compare_row *row = &comparing->rows[i];
        bool covered = false;
        for (i64 k = from; k < kept && !covered; k++) {
            str other = comparing->rows[k].key;
            covered = str_find(other, row->key) >= 0 || str_find(row->key, other) >= 0;
        }
        if (row->found && !covered) {
            comparing->rows[kept++] = *row;
        }
    }
    return kept;
}

err analysis_compare(struct ctx *ctx, const struct feedback_chosen *first, const struct feedback_chosen *second,
                     bool words, struct compare_answer *out)
{
    struct analysed series;
    struct group groups[2] = {0};
    struct shape_list phrases = {0};
    i64 texts = 0, other_texts = 0;
    TRY(analysis_series(ctx, first, &series));
    for (i64 i = 0; i < 2; i++) {
        groups[i].series = &series;
        (void)metric_parse(series.metric, &groups[i].tally.metric);
        TRY(feedback_tally(ctx, i == 0 ? first : second, take, &groups[i]));
    }
    if (words) {
        TRY(phrases_compare(ctx, first, second, &phrases, &texts, &other_texts));
    }
    i64 plain = 2 + CLASSES + EMOTIONS + 2 * TOPICS;
    struct comparing comparing = {
        .rows = arena_new(&ctx->arena, struct compare_row, plain + phrases.count),
        .first = &groups[0],
        .second = &groups[1],
    };
    put_score(&comparing, &series);
    put_counts(&comparing);
    judge(ctx, &comparing);
    i64 counted = comparing.count;
    struct comparing said = {.rows = comparing.rows + counted,
                             .first = &(struct group){.texts = texts},
                             .second = &(struct group){.texts = other_texts}};
    for (i64 i = 0; i < phrases.count; i++) {
        const struct phrase_count *phrase = (const struct phrase_count *)phrases.items + i;
        put_share(&said, "phrase", phrase->phrase, phrase->first, phrase->second);
    }
    judge(ctx, &said);
    *out = (struct compare_answer){
        .first = {groups[0].n, groups[0].texts},
        .second = {groups[1].n, groups[1].texts},
        .compared = counted + said.count,
        .rows = {comparing.rows, counted + phrase_rows(&said, 0)},
    };
    return OK;
}
