#include "journey/index_layers.h"

enum { FEW = 64 }; /* a base is not made anew for less than this part of it */

struct builder {
    struct loose rows;
    struct dictionary texts[WORD_COUNT];
    struct numbers scores;
};

struct record record_of(struct dictionary texts[WORD_COUNT], struct numbers *scores, const struct event *event,
                        alias_no alias)
{
    struct record record = {
        .at_ms = event->at_ms,
        .id = event->id,
        .alias = alias,
        .answered = event->metric.len > 0 || event->question.len > 0 || event->score.is,
        .voiced = event->text.len > 0,
        .priced = event->amount.is,
        .words =
            {
                [WORD_KIND] = dictionary_put(&texts[WORD_KIND], event->kind),
                [WORD_CHANNEL] = dictionary_put(&texts[WORD_CHANNEL], event->channel),
                [WORD_PLACE] = dictionary_put(&texts[WORD_PLACE], event->place),
                [WORD_TOUCHPOINT] = dictionary_put(&texts[WORD_TOUCHPOINT], event->touchpoint),
                [WORD_SOURCE] = dictionary_put(&texts[WORD_SOURCE], event->source),
            },
    };
    if (record.answered) {
        record.score = event->score.is ? numbers_put(scores, event->score.value) : 0;
        record.words[WORD_METRIC] = dictionary_put(&texts[WORD_METRIC], event->metric);
        record.words[WORD_QUESTION] = dictionary_put(&texts[WORD_QUESTION], event->question);
        record.words[WORD_SCALE] = dictionary_put(&texts[WORD_SCALE], event->scale);
    }
    if (record.priced) {
        record.amount = event->amount.value;
        record.words[WORD_CURRENCY] = dictionary_put(&texts[WORD_CURRENCY], event->currency);
    }
    return record;
}

struct builder *builder_new(void)
{
    return mem_new(sizeof(struct builder));
}

i64 builder_put(struct builder *builder, const struct event *event, alias_no alias)
{
    struct record record = record_of(builder->texts, &builder->scores, event, alias);
    loose_put(&builder->rows, &record);
    return builder->rows.rows.count - 1;
}

void builder_name(struct builder *builder, i64 row, alias_no alias)
{
    builder->rows.aliases[row] = alias;
}

void builder_free(struct builder *builder)
{
    if (builder == NULL) {
        return;
    }
    for (i32 word = 0; word < WORD_COUNT; word++) {
        dictionary_free(&builder->texts[word]);
        mem_free((void *)(uintptr_t)builder->rows.translate[word]);
    }
    mem_free((void *)(uintptr_t)builder->rows.translate_scores);
    numbers_free(&builder->scores);
    loose_free(&builder->rows);
    mem_free(builder);
}

/* Gives every text of the builder its code in the index. */
static void translate(struct index *index, struct builder *builder)
{
    for (i32 word = 0; word < WORD_COUNT; word++) {
        u32 count = builder->texts[word].count;
        u32 *codes = mem_new((i64)sizeof(u32) * (count + 1));
        for (u32 code = 1; code <= count; code++) {
            codes[code] = dictionary_put(&index->texts[word], dictionary_text(&builder->texts[word], code));
        }
        builder->rows.translate[word] = codes;
    }
    u32 *codes = mem_new((i64)sizeof(u32) * (builder->scores.count + 1));
    for (u32 code = 1; code <= builder->scores.count; code++) {
        codes[code] = numbers_put(&index->scores, builder->scores.values[code]);
    }
    builder->rows.translate_scores = codes;
}

/* The base is replaced by one that has the new rows too. */
static void load_base(struct index *index, const struct layer_input *inputs, i32 count)
{
    u32 known;
    struct persons *persons = identity_share(index->identity, &known);
    struct alias_order order = {persons->person, persons->next, known};
    struct layer *base = layer_build(inputs, count, &order, NULL);
    persons_leave(persons);
    pthread_mutex_lock(&index->lock);
    layer_leave(index->layers[0]);
    index->layers[0] = base;
    index->generation++;
    pthread_mutex_unlock(&index->lock);
}

void index_load(struct index *index, struct builder **builders, i32 count, i64 last_id)
{
    struct layer_input *inputs = mem_new((count + 1) * (i64)sizeof(struct layer_input));
    i64 rows = 0;
    pthread_mutex_lock(&index->merging);
    pthread_mutex_lock(&index->adding);
    inputs[0].layer = index->layers[0];
    inputs[0].dead = index->layers[0]->dead;
    for (i32 i = 0; i < count; i++) {
        translate(index, builders[i]);
        inputs[i + 1].loose = &builders[i]->rows;
        rows += builders[i]->rows.rows.count;
    }
    if (rows > index->layers[0]->rows.count / FEW) {
        load_base(index, inputs, count + 1);
    } else if (rows > 0) { // what came after a snapshot
        struct layer *layer = layer_build(inputs + 1, count, NULL, NULL);
        pthread_mutex_lock(&index->lock);
        index_push(index, layer);
        pthread_mutex_unlock(&index->lock);
    }
    __atomic_store_n(&index->last_id, greater(index->last_id, last_id), __ATOMIC_RELAXED);
    pthread_mutex_unlock(&index->adding);
    pthread_mutex_unlock(&index->merging);
    for (i32 i = 0; i < count; i++) {
        builder_free(builders[i]);
    }
    mem_free(inputs);
}

void index_adopt(struct index *index, struct layer *base, i64 last_id)
{
    pthread_mutex_lock(&index->adding);
    pthread_mutex_lock(&index->lock);
    layer_leave(index->layers[0]);
    index->layers[0] = base;
    index->generation++;
    index_new_tail(index); // with the columns that came along, of which the next events may have no value
    pthread_mutex_unlock(&index->lock);
    __atomic_store_n(&index->last_id, last_id, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&index->adding);
}
