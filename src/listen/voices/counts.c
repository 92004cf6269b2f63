#include "listen/voices/counts.h"

#include "base/hash.h"
#include "base/id.h"
#include "journey/tally.h"
#include "text/reading.h"

#include <stdlib.h>

static const struct shape_field value_fields[] = {
    {"value", SHAPE_STR, offsetof(struct facet_value, value), .flags = SHAPE_REQUIRED},
    {"n", SHAPE_I64, offsetof(struct facet_value, n), .flags = SHAPE_REQUIRED},
};
static const struct shape value_shape = SHAPE("FacetValue", struct facet_value, value_fields, "shape.facet_value");

static const struct shape_field facet_fields[] = {
    {"name", SHAPE_STR, offsetof(struct facet, name), .flags = SHAPE_REQUIRED},
    {"values", SHAPE_LIST, offsetof(struct facet, values), .of = &value_shape, .flags = SHAPE_REQUIRED},
    {"none", SHAPE_I64, offsetof(struct facet, none), .flags = SHAPE_REQUIRED, .help = "shape.facet.none"},
};
static const struct shape facet_shape = SHAPE("Facet", struct facet, facet_fields, "shape.facet");

static const struct shape_field counts_fields[] = {
    {"n", SHAPE_I64, offsetof(struct feedback_counts, n), .flags = SHAPE_REQUIRED},
    {"with_text", SHAPE_I64, offsetof(struct feedback_counts, with_text), .flags = SHAPE_REQUIRED},
    {"complaints", SHAPE_I64, offsetof(struct feedback_counts, complaints), .flags = SHAPE_REQUIRED},
    {"spam", SHAPE_I64, offsetof(struct feedback_counts, spam), .flags = SHAPE_REQUIRED},
    {"facets", SHAPE_LIST, offsetof(struct feedback_counts, facets), .of = &facet_shape, .flags = SHAPE_REQUIRED},
    {"scores", SHAPE_JSON, offsetof(struct feedback_counts, scores), .flags = SHAPE_REQUIRED,
     .help = "shape.feedback_counts.scores"},
};
const struct shape feedback_counts_shape = SHAPE("FeedbackCounts", struct feedback_counts, counts_fields,
                                                 "shape.feedback_counts");

/* Plain columns first; the last two are taken apart by hand. */
static const struct {
    const char *name;
    size_t offset;
} columns[] = {
    {"source", offsetof(struct feedback_tally, source)}, {"channel", offsetof(struct feedback_tally, channel)},
    {"place", offsetof(struct feedback_tally, place)},   {"touchpoint", offsetof(struct feedback_tally, touchpoint)},
    {"metric", offsetof(struct feedback_tally, metric)}, {"question", offsetof(struct feedback_tally, question)},
    {"survey", offsetof(struct feedback_tally, survey)}, {"language", offsetof(struct feedback_tally, language)},
    {"class", offsetof(struct feedback_tally, class)},   {"emotion", offsetof(struct feedback_tally, emotion)},
    {"label", offsetof(struct feedback_tally, label)},   {"status", offsetof(struct feedback_tally, status)},
};
enum { FACET_OWNER = countof(columns), FACET_TOPIC, FACET_TOPIC_GOOD, FACET_TOPIC_BAD, FACET_COUNT };
static const char *const others[] = {"owner", "topic", "topic_good", "topic_bad"};

struct bucket {
    str value; /* in the counter's arena; none: free */
    i64 n;
    i32 facet;
};

/* Answers that may be scored together. */
struct scored_group {
    str metric, question, scale;
    struct tally tally;
};

struct counter {
    struct arena *arena;
    struct bucket *buckets;
    i64 count, capacity; /* a power of two */
    i64 none[FACET_COUNT];
    i64 owners_seen;
    struct scored_group *groups;
    i64 group_count, group_capacity;
    struct feedback_counts *out;
};

static struct bucket *find_bucket(struct bucket *buckets, i64 capacity, i32 facet, str value)
{
    u64 at = hash_str(value) + (u64)(i64)facet * 0x9e3779b97f4a7c15u;
    for (;; at++) {
        struct bucket *bucket = &buckets[at & (u64)(capacity - 1)];
        if (!str_is(bucket->value) || (bucket->facet == facet && str_eq(bucket->value, value))) {
            return bucket;
        }
    }
}

static void grow(struct counter *counter)
{
    i64 capacity = counter->capacity == 0 ? 1024 : counter->capacity * 2;
    struct bucket *buckets = arena_new(counter->arena, struct bucket, capacity);
    for (i64 i = 0; i < counter->capacity; i++) {
        const struct bucket *old = &counter->buckets[i];
        if (str_is(old->value)) {
            *find_bucket(buckets, capacity, old->facet, old->value) = *old;
        }
    }
    counter->buckets = buckets;
    counter->capacity = capacity;
}

static void count_value(struct counter *counter, i32 facet, str value, i64 n)
{
    if (!str_is(value)) {
        counter->none[facet] += n;
        return;
    }
    if (counter->count * 2 >= counter->capacity) {
        grow(counter);
    }
    struct bucket *bucket = find_bucket(counter->buckets, counter->capacity, facet, value);
    if (!str_is(bucket->value)) {
        *bucket = (struct bucket){str_copy(counter->arena, value), 0, facet};
        counter->count++;
    }
    bucket->n += n;
}

static void count_topics(struct counter *counter, i32 facet, i64 topics, i64 n)
{
    counter->none[facet] += topics == 0 ? n : 0;
    for (i64 i = 1; i < TOPIC_COUNT_; i++) {
        if ((topics >> i & 1) != 0) {
            count_value(counter, facet, str_from(text_topic_words[i]), n);
        }
    }
}

static bool same_text(str a, str b)
{
    return str_is(a) == str_is(b) && str_eq(a, b);
}

static struct scored_group *group_of(struct counter *counter, const struct feedback_tally *row)
{
    str question = str_is(row->metric) ? STR_NONE : row->question;
    for (i64 i = 0; i < counter->group_count; i++) {
        struct scored_group *group = &counter->groups[i];
        if (same_text(group->metric, row->metric) && same_text(group->question, question) &&
            same_text(group->scale, row->scale)) {
            return group;
        }
    }
    if (counter->group_count == counter->group_capacity) {
        i64 wish = counter->group_capacity * 2 + 16;
        counter->groups = arena_grow(counter->arena, counter->groups,
                                     counter->group_capacity * (i64)sizeof *counter->groups,
                                     wish * (i64)sizeof *counter->groups, _Alignof(struct scored_group));
        counter->group_capacity = wish;
    }
    struct scored_group *group = &counter->groups[counter->group_count++];
    *group = (struct scored_group){str_copy(counter->arena, row->metric),
                                   str_copy(counter->arena, question),
                                   str_copy(counter->arena, row->scale),
                                   {0}};
    (void)metric_parse(row->metric, &group->tally.metric);
    return group;
}

static err count_row(void *self, struct ctx *ctx, const struct feedback_tally *row)
{
    (void)ctx;
    struct counter *counter = self;
    struct feedback_counts *out = counter->out;
    char owner[ID_TEXT_LEN];
    struct scale scale = {0};
    out->n += row->n;
    out->with_text += row->has_text ? row->n : 0;
    out->complaints += row->complaint ? row->n : 0;
    out->spam += row->spam ? row->n : 0;
    for (i32 i = 0; i < countof(columns); i++) {
        count_value(counter, i, *(const str *)((const char *)row + columns[i].offset), row->n);
    }
    count_value(counter, FACET_OWNER, row->owner == 0 ? STR_NONE : id_text(row->owner, owner), row->n);
    count_topics(counter, FACET_TOPIC, row->topics, row->n);
    count_topics(counter, FACET_TOPIC_GOOD, row->topics_good, row->n);
    count_topics(counter, FACET_TOPIC_BAD, row->topics_bad, row->n);
    if (row->score.is && (!str_is(row->scale) || scale_parse(row->scale, &scale))) {
        tally_add_many(&group_of(counter, row)->tally, scale, row->score.value, row->n);
    }
    return OK;
}

static int by_count(const void *a, const void *b)
{
    const struct facet_value *x = a, *y = b;
    if (x->n != y->n) {
        return x->n > y->n ? -1 : 1;
    }
    return str_cmp(x->value, y->value);
}

static void put_facets(struct counter *counter)
{
    struct facet *facets = arena_new(counter->arena, struct facet, FACET_COUNT);
    for (i32 facet = 0; facet < FACET_COUNT; facet++) {
        struct facet_value *values = arena_new(counter->arena, struct facet_value, greater(counter->count, 1));
        i64 count = 0;
        for (i64 i = 0; i < counter->capacity; i++) {
            const struct bucket *bucket = &counter->buckets[i];
            if (str_is(bucket->value) && bucket->facet == facet) {
                values[count++] = (struct facet_value){bucket->value, bucket->n};
            }
        }
        qsort(values, (size_t)count, sizeof *values, by_count);
        const char *name = facet < (i32)countof(columns) ? columns[facet].name : others[facet - (i32)countof(columns)];
        facets[facet] = (struct facet){str_from(name), {values, lesser(count, FACET_VALUES_MAX)}, counter->none[facet]};
    }
    counter->out->facets = (struct shape_list){facets, FACET_COUNT};
}

static int by_group(const void *a, const void *b)
{
    const struct scored_group *x = a, *y = b;
    int order = str_cmp(x->metric, y->metric);
    order = order != 0 ? order : str_cmp(x->question, y->question);
    return order != 0 ? order : str_cmp(x->scale, y->scale);
}

static str scores_text(struct counter *counter, i64 minimum_n)
{
    struct json_writer out = json_writer_in(counter->arena);
    if (counter->group_count > 0) {
        qsort(counter->groups, (size_t)counter->group_count, sizeof *counter->groups, by_group);
    }
    json_list(&out);
    for (i64 i = 0; i < counter->group_count; i++) {
        const struct scored_group *group = &counter->groups[i];
        json_object(&out);
        json_pair_str(&out, "metric", group->metric);
        json_pair_str(&out, "question", group->question);
        json_pair_str(&out, "scale", group->scale);
        tally_write(&out, &group->tally, minimum_n);
        json_object_end(&out);
    }
    json_list_end(&out);
    return json_text(&out);
}

err feedback_count(struct ctx *ctx, const struct feedback_chosen *chosen, i64 minimum_n, struct feedback_counts *out)
{
    struct counter counter = {.arena = &ctx->arena, .out = out};
    *out = (struct feedback_counts){0};
    grow(&counter);
    TRY(feedback_tally(ctx, chosen, count_row, &counter));
    put_facets(&counter);
    out->scores = scores_text(&counter, minimum_n);
    return OK;
}
