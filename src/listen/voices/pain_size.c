/* How large a pain point is, and which of them may be one. */
#include "base/zone.h"
#include "listen/voices/inside.h"
#include "listen/voices/pain.h"
#include "measure/interval.h"
#include "people/people.h"
#include "store/search.h"

#include <stdlib.h>

static const struct shape_field week_fields[] = {
    {"from_ms", SHAPE_TIME, offsetof(struct pain_week, from_ms), .flags = SHAPE_REQUIRED},
    {"n", SHAPE_I64, offsetof(struct pain_week, n), .flags = SHAPE_REQUIRED},
    {"of", SHAPE_I64, offsetof(struct pain_week, of), .flags = SHAPE_REQUIRED, .help = "shape.pain_size.of"},
    {"share", SHAPE_MAYBE_F64, offsetof(struct pain_week, share), .flags = SHAPE_REQUIRED},
    {"low", SHAPE_MAYBE_F64, offsetof(struct pain_week, low), .flags = SHAPE_REQUIRED},
    {"high", SHAPE_MAYBE_F64, offsetof(struct pain_week, high), .flags = SHAPE_REQUIRED},
};
static const struct shape week_shape = SHAPE("PainWeek", struct pain_week, week_fields, "shape.pain_week");

static const struct shape_field size_fields[] = {
    {"feedback", SHAPE_I64, offsetof(struct pain_size, feedback), .flags = SHAPE_REQUIRED},
    {"people", SHAPE_I64, offsetof(struct pain_size, people), .flags = SHAPE_REQUIRED},
    {"nobody", SHAPE_I64, offsetof(struct pain_size, nobody), .flags = SHAPE_REQUIRED,
     .help = "shape.pain_size.nobody"},
    {"complaints", SHAPE_I64, offsetof(struct pain_size, complaints), .flags = SHAPE_REQUIRED},
    {"of", SHAPE_I64, offsetof(struct pain_size, of), .flags = SHAPE_REQUIRED, .help = "shape.pain_size.of"},
    {"share", SHAPE_MAYBE_F64, offsetof(struct pain_size, share), .flags = SHAPE_REQUIRED,
     .help = "shape.pain_size.share"},
    {"low", SHAPE_MAYBE_F64, offsetof(struct pain_size, low), .flags = SHAPE_REQUIRED},
    {"high", SHAPE_MAYBE_F64, offsetof(struct pain_size, high), .flags = SHAPE_REQUIRED},
    {"weeks", SHAPE_LIST, offsetof(struct pain_size, weeks), .of = &week_shape, .flags = SHAPE_REQUIRED},
};
const struct shape pain_size_shape = SHAPE("PainSize", struct pain_size, size_fields, "shape.pain_size");

static const struct shape_field pair_fields[] = {
    {"a", SHAPE_ID, offsetof(struct pain_pair, a), .flags = SHAPE_REQUIRED},
    {"b", SHAPE_ID, offsetof(struct pain_pair, b), .flags = SHAPE_REQUIRED},
    {"a_name", SHAPE_STR, offsetof(struct pain_pair, a_name), .flags = SHAPE_REQUIRED},
    {"b_name", SHAPE_STR, offsetof(struct pain_pair, b_name), .flags = SHAPE_REQUIRED},
    {"why", SHAPE_STR, offsetof(struct pain_pair, why), .flags = SHAPE_REQUIRED, .help = "shape.pain_pair.why"},
    {"share", SHAPE_F64, offsetof(struct pain_pair, share), .flags = SHAPE_REQUIRED, .help = "shape.pain_pair.share"},
};
const struct shape pain_pair_shape = SHAPE("PainPair", struct pain_pair, pair_fields, "shape.pain_pair");

struct evidence {
    i64 at_ms;
    alias_no person; /* 0: nobody is known */
};

struct sizing {
    struct people *people;
    struct evidence *items;
    i64 count, capacity, complaints;
};

static err add_evidence(void *self, struct ctx *ctx, const struct feedback *row)
{
    struct sizing *sizing = self;
    if (sizing->count == sizing->capacity) {
        i64 wish = sizing->capacity * 2 + 256;
        sizing->items = arena_grow(&ctx->arena, sizing->items, sizing->capacity * (i64)sizeof *sizing->items,
                                   wish * (i64)sizeof *sizing->items, _Alignof(struct evidence));
        sizing->capacity = wish;
    }
    struct evidence *item = &sizing->items[sizing->count++];
    item->at_ms = row->at_ms;
    sizing->complaints += row->complaint;
    if (str_is(row->alias) && sizing->people != NULL) {
        struct identity *identity = people_identity(sizing->people);
        identity_lock(identity);
        alias_no no = identity_find(identity, row->alias);
        item->person = no == 0 ? 0 : identity_person(identity, no);
        identity_unlock(identity);
    }
    return OK;
}

static int by_person(const void *a, const void *b)
{
    const struct evidence *x = a, *y = b;
    return (x->person > y->person) - (x->person < y->person);
}

static int by_time(const void *a, const void *b)
{
    const struct evidence *x = a, *y = b;
    return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

static err add_n(void *self, struct ctx *ctx, const struct feedback_tally *tally)
{
    (void)ctx;
    *(i64 *)self += tally->n;
    return OK;
}

static str moment(struct arena *arena, i64 at_ms)
{
    char text[ISO_MAX];
    return str_copy(arena, iso_format(zone_utc(), at_ms, text));
}

/* A filter of a stretch of time. */
static struct feedback_filter *stretch(struct arena *arena, i64 from_ms, i64 to_ms)
{
    struct feedback_filter *filter = arena_new(arena, struct feedback_filter, 1);
    filter->from = from_ms > INT64_MIN ? moment(arena, from_ms) : STR_NONE;
    filter->to = to_ms < INT64_MAX ? moment(arena, to_ms) : STR_NONE;
    return filter;
}

/* All feedback with words in a stretch. */
static err count_words(struct ctx *ctx, const struct feedback_source_of *from, i64 from_ms, i64 to_ms, i64 *out)
{
    struct feedback_filter *filter = stretch(&ctx->arena, from_ms, to_ms);
    struct feedback_chosen *chosen;
    filter->has_text = ONLY_TRUE;
    *out = 0;
    TRY(feedback_choose(ctx, from, filter, &chosen));
    return feedback_tally(ctx, chosen, add_n, out);
}

static void put_share(i64 n, i64 of, struct maybe_f64 *share, struct maybe_f64 *low, struct maybe_f64 *high)
{
    struct interval interval;
    // Scores without words are evidence too, so that a part can be larger than what has words.
    if (interval_share(lesser(n, of), of, &interval) == OK) {
        *share = (struct maybe_f64){interval.value, true};
        *low = (struct maybe_f64){interval.low, true};
        *high = (struct maybe_f64){interval.high, true};
    }
}

static err put_weeks(struct ctx *ctx, const struct feedback_source_of *from, struct sizing *sizing, i64 to_ms,
                     struct pain_size *out)
{
    struct pain_week *weeks = arena_new(&ctx->arena, struct pain_week, PAIN_WEEKS_MAX);
    i64 count = 0, k = sizing->count - 1;
    if (sizing->count == 0) {
        return OK;
    }
    qsort(sizing->items, (size_t)sizing->count, sizeof *sizing->items, by_time);
    i64 last_ms = lesser(to_ms == INT64_MAX ? ctx_now_ms(ctx) : to_ms - 1,
                         greater(ctx_now_ms(ctx), sizing->items[k].at_ms));
    i64 first_ms = period_start(from->zone, PERIOD_WEEK, sizing->items[0].at_ms);
    i64 at_ms = period_start(from->zone, PERIOD_WEEK, last_ms);
    for (; at_ms >= first_ms && count < PAIN_WEEKS_MAX; at_ms = period_start(from->zone, PERIOD_WEEK, at_ms - 1)) {
        struct pain_week *week = &weeks[PAIN_WEEKS_MAX - ++count];
        week->from_ms = at_ms;
        for (; k >= 0 && sizing->items[k].at_ms >= at_ms; k--) {
            week->n++;
        }
        TRY(count_words(ctx, from, at_ms, lesser(period_next(from->zone, PERIOD_WEEK, at_ms), to_ms), &week->of));
        put_share(week->n, week->of, &week->share, &week->low, &week->high);
    }
    out->weeks = (struct shape_list){weeks + PAIN_WEEKS_MAX - count, count};
    return OK;
}

err pain_measure(struct ctx *ctx, const struct feedback_source_of *from, i64 id, i64 from_ms, i64 to_ms,
                 struct pain_size *out)
{
    struct sizing sizing = {.people = from->people};
    struct feedback_filter *filter = stretch(&ctx->arena, from_ms, to_ms);
    struct feedback_chosen *chosen;
    *out = (struct pain_size){0};
    filter->pain = id;
    TRY(from->people == NULL ? OK : people_catch_up(ctx, from->people));
    TRY(feedback_choose(ctx, from, filter, &chosen));
    TRY(feedback_each(ctx, chosen, add_evidence, &sizing));
    TRY(count_words(ctx, from, from_ms, to_ms, &out->of));
    if (sizing.count > 0) {
        qsort(sizing.items, (size_t)sizing.count, sizeof *sizing.items, by_person);
    }
    for (i64 i = 0; i < sizing.count; i++) {
        out->nobody += sizing.items[i].person == 0;
        out->people += sizing.items[i].person != 0 && (i == 0 || sizing.items[i].person != sizing.items[i - 1].person);
    }
    out->feedback = sizing.count;
    out->complaints = sizing.complaints;
    put_share(out->feedback, out->of, &out->share, &out->low, &out->high);
    return put_weeks(ctx, from, &sizing, to_ms, out);
}

/* Proposals. */

/* Shares from which a person should look. */
static const f64 EVIDENCE_SHARE = 0.4, WORDS_SHARE = 0.5;

static bool holds_word(str words, str word)
{
    for (str rest = words; str_is(rest);) {
        if (str_eq(str_cut(&rest, ' '), word)) {
            return true;
        }
    }
    return false;
}

/* How many of the words of one text the other has, of all words of both (Jaccard 1901). */
static f64 words_shared(str a, str b)
{
    i64 both = 0, only = 0;
    for (str rest = a; str_is(rest);) {
        str word = str_cut(&rest, ' ');
        both += holds_word(b, word);
        only += !holds_word(b, word);
    }
    for (str rest = b; str_is(rest);) {
        only += !holds_word(a, str_cut(&rest, ' '));
    }
    return both + only == 0 ? 0 : (f64)both / (f64)(both + only);
}

static bool is_open(const struct pain *pain)
{
    return pain->merged == 0 && pain->status != PAIN_DROPPED && pain->status != PAIN_SOLVED;
}

struct pairing {
    struct shape_list pains;
    str *words;
    struct pain_pair *pairs;
    i64 count;
};

static err compare(struct ctx *ctx, const struct feedback_source_of *from, struct pairing *pairing, i64 i, i64 k)
{
    const struct pain *a = (const struct pain *)pairing->pains.items + i;
    const struct pain *b = (const struct pain *)pairing->pains.items + k;
    i64 shared = 0, least = lesser(a->evidence, b->evidence);
    struct pain_pair pair = {.a = a->id, .b = b->id, .a_name = a->name, .b_name = b->name};
    if (least > 0) {
        struct sight_texts seen = feedback_sight_texts(&ctx->arena, &from->sight);
        TRY(store_number(ctx, from->store, SQL_PAIN_SHARED,
                         ARGS(ARG_I64("a", a->id), ARG_I64("b", b->id), ARG_STR("sight_places", seen.places),
                              ARG_STR("sight_touchpoints", seen.touchpoints)),
                         &shared));
    }
    f64 evidence = least > 0 ? (f64)shared / (f64)least : 0;
    f64 words = words_shared(pairing->words[i], pairing->words[k]);
    bool same_place = str_is(a->touchpoint) && str_is(b->touchpoint) && str_eq(a->touchpoint, b->touchpoint);
    if (evidence >= EVIDENCE_SHARE) {
        pair.why = STR("evidence");
        pair.share = evidence;
    } else if (words >= (same_place ? WORDS_SHARE / 2 : WORDS_SHARE)) {
        pair.why = STR("words");
        pair.share = words;
    } else {
        return OK;
    }
    pairing->pairs[pairing->count++] = pair;
    return OK;
}

static int by_share(const void *a, const void *b)
{
    const struct pain_pair *x = a, *y = b;
    return (x->share < y->share) - (x->share > y->share);
}

enum { PAIRS_MAX = 200, COMPARED_MAX = 200 };

err pain_proposals(struct ctx *ctx, const struct feedback_source_of *from, struct shape_list *out)
{
    struct pairing pairing = {.pairs = arena_new(&ctx->arena, struct pain_pair, PAIRS_MAX)};
    TRY(pain_list(ctx, from->store, &from->sight, &pairing.pains));
    i64 count = lesser(pairing.pains.count, COMPARED_MAX);
    const struct pain *pains = pairing.pains.items;
    pairing.words = arena_new(&ctx->arena, str, greater(count, 1));
    for (i64 i = 0; i < count; i++) {
        pairing.words[i] = search_words_of(&ctx->arena, pains[i].name);
    }
    for (i64 i = 0; i < count; i++) {
        for (i64 k = i + 1; k < count && pairing.count < PAIRS_MAX; k++) {
            if (is_open(&pains[i]) && is_open(&pains[k])) {
                TRY(compare(ctx, from, &pairing, i, k));
            }
        }
    }
    qsort(pairing.pairs, (size_t)pairing.count, sizeof *pairing.pairs, by_share);
    *out = (struct shape_list){pairing.pairs, pairing.count};
    return OK;
}
