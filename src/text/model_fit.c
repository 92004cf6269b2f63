#include "text/model_inside.h"

#include "text/regress.h"

#include <math.h>
#include <stdlib.h>

enum {
    WEIGHTS_MAX = 12 * 1000 * 1000, /* features times labels: 48 MB of numbers in the model */
    SMALL = 400,                    /* texts up to which a feature that occurs once is kept */
};

const f32 model_group_weight[MODEL_GROUPS] = {
    [FEATURES_WORDS] = 1.0F,        [FEATURES_LETTERS] = 1.0F, [FEATURES_BARE_WORDS] = 0.7F,
    [FEATURES_BARE_LETTERS] = 0.7F, [FEATURES_READING] = 0.5F,
};

void model_scales(const f32 squares[MODEL_GROUPS], f32 scales[MODEL_GROUPS])
{
    for (i32 group = 0; group < MODEL_GROUPS; group++) {
        bool scaled = group != FEATURES_READING && squares[group] > 0.0F;
        scales[group] = model_group_weight[group] / (scaled ? sqrtf(squares[group]) : 1.0F);
    }
}

void model_shares(f64 *sums, i64 count)
{
    f64 total = 0.0, most = -INFINITY;
    for (i64 i = 0; i < count; i++) {
        most = fmax(most, sums[i]);
    }
    for (i64 i = 0; i < count; i++) {
        sums[i] = exp(sums[i] - most);
        total += sums[i];
    }
    for (i64 i = 0; i < count; i++) {
        sums[i] /= total;
    }
}

/* How many of the used texts hold each feature. */
static i64 count_texts(const struct corpus *corpus, const bool *use, i32 *holds)
{
    i64 texts = 0;
    for (i64 text = 0; text < corpus->text_count; text++) {
        if (use[text]) {
            texts++;
            for (i64 i = corpus->start[text]; i < corpus->start[text + 1]; i++) {
                holds[corpus->ids[i]]++;
            }
        }
    }
    return texts;
}

/* In how many texts a feature must be so that the model keeps its size. */
static i32 least_holding(const struct corpus *corpus, const i32 *holds, i64 texts)
{
    for (i32 least = texts <= SMALL ? 1 : 2;; least++) {
        i64 kept = 0;
        for (i64 id = 0; id < corpus->id_count; id++) {
            kept += holds[id] >= least;
        }
        if (kept * corpus->label_count <= WEIGHTS_MAX || kept == 0) {
            return least;
        }
    }
}

static void choose_features(const struct corpus *corpus, const bool *use, struct fitted *out)
{
    i32 *holds = mem_new((corpus->id_count + 1) * (i64)sizeof(i32));
    i64 texts = count_texts(corpus, use, holds);
    i32 least = least_holding(corpus, holds, texts);
    out->place = mem_new((corpus->id_count + 1) * (i64)sizeof(i32));
    out->rarity = mem_new((corpus->id_count + 1) * (i64)sizeof(f32));
    for (i64 id = 0; id < corpus->id_count; id++) {
        out->place[id] = -1;
        if (holds[id] >= least) {
            bool reading = corpus->groups[id] == FEATURES_READING;
            f32 rarity = 1.0F + logf((1.0F + (f32)texts) / (1.0F + (f32)holds[id]));
            out->rarity[out->feature_count] = reading ? 1.0F : rarity;
            out->place[id] = (i32)out->feature_count++;
        }
    }
    mem_free(holds);
}

struct value {
    i32 place;
    u8 group;
    f32 value;
};

/* The features of a text that the model knows, scaled; returns how many. */
static i64 values_of(const struct fitted *fitted, const struct corpus *corpus, i64 text, struct value *out)
{
    f32 squares[MODEL_GROUPS] = {0}, scales[MODEL_GROUPS];
    i64 count = 0;
    for (i64 i = corpus->start[text]; i < corpus->start[text + 1]; i++) {
        u32 id = corpus->ids[i];
        i32 place = fitted->place[id];
        if (place >= 0) {
            f32 value = corpus->times[i] * fitted->rarity[place];
            squares[corpus->groups[id]] += value * value;
            out[count++] = (struct value){place, corpus->groups[id], value};
        }
    }
    model_scales(squares, scales);
    for (i64 i = 0; i < count; i++) {
        out[i].value *= scales[out[i].group];
    }
    return count;
}

static int by_place(const void *a, const void *b)
{
    const struct value *left = a, *right = b;
    return (left->place > right->place) - (left->place < right->place);
}

static i64 longest(const struct corpus *corpus)
{
    i64 most = 1;
    for (i64 text = 0; text < corpus->text_count; text++) {
        most = greater(most, corpus->start[text + 1] - corpus->start[text]);
    }
    return most;
}

struct rows_room {
    struct regress_rows rows;
    i64 *start;
    i32 *places, *labels;
    f32 *values;
};

static struct rows_room rows_of(const struct fitted *fitted, const struct corpus *corpus, const bool *use)
{
    i64 entries = 0, count = 0;
    for (i64 text = 0; text < corpus->text_count; text++) {
        entries += use[text] ? corpus->start[text + 1] - corpus->start[text] : 0;
        count += use[text];
    }
    struct rows_room room = {
        .start = mem_new((count + 1) * (i64)sizeof(i64)),
        .places = mem_new((entries + 1) * (i64)sizeof(i32)),
        .labels = mem_new((count + 1) * (i64)sizeof(i32)),
        .values = mem_new((entries + 1) * (i64)sizeof(f32)),
    };
    struct value *values = mem_new(longest(corpus) * (i64)sizeof(struct value));
    i64 row = 0;
    for (i64 text = 0; text < corpus->text_count; text++) {
        if (!use[text]) {
            continue;
        }
        i64 n = values_of(fitted, corpus, text, values), at = room.start[row];
        qsort(values, (size_t)n, sizeof *values, by_place);
        for (i64 i = 0; i < n; i++) {
            room.places[at + i] = values[i].place;
            room.values[at + i] = values[i].value;
        }
        room.labels[row] = corpus->labels[text];
        room.start[++row] = at + n;
    }
    mem_free(values);
    room.rows = (struct regress_rows){
        .count = count,
        .feature_count = fitted->feature_count,
        .label_count = corpus->label_count,
        .start = room.start,
        .places = room.places,
        .values = room.values,
        .labels = room.labels,
    };
    return room;
}

void corpus_fit(const struct corpus *corpus, const bool *use, const struct fit_options *options, struct fitted *out)
{
    *out = (struct fitted){.label_count = corpus->label_count};
    choose_features(corpus, use, out);
    struct rows_room room = rows_of(out, corpus, use);
    out->weights = mem_new((out->feature_count * out->label_count + 1) * (i64)sizeof(f32));
    out->bias = mem_new(out->label_count * (i64)sizeof(f32));
    struct regress_options regression = {.strength = options->strength, .balance = options->balance, .stop = 0.005};
    regress(&room.rows, &regression, out->weights, out->bias);
    mem_free(room.start);
    mem_free(room.places);
    mem_free(room.labels);
    mem_free(room.values);
}

void fitted_free(struct fitted *fitted)
{
    mem_free(fitted->place);
    mem_free(fitted->rarity);
    mem_free(fitted->weights);
    mem_free(fitted->bias);
    *fitted = (struct fitted){0};
}

void fitted_shares(const struct fitted *fitted, const struct corpus *corpus, i64 text, f64 *shares)
{
    i64 most = corpus->start[text + 1] - corpus->start[text], labels = fitted->label_count;
    struct value *values = mem_new((most + 1) * (i64)sizeof(struct value));
    i64 count = values_of(fitted, corpus, text, values);
    for (i64 label = 0; label < labels; label++) {
        shares[label] = (f64)fitted->bias[label];
    }
    for (i64 i = 0; i < count; i++) {
        const f32 *weights = fitted->weights + (i64)values[i].place * labels;
        for (i64 label = 0; label < labels; label++) {
            shares[label] += (f64)(weights[label] * values[i].value);
        }
    }
    mem_free(values);
    model_shares(shares, labels);
}
