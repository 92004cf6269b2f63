#include "text/model.h"

#include "text/model_inside.h"

#include <math.h>
#include <stdlib.h>

enum { BECAUSE_PIECES = 512 }; /* of longer texts only the first words are named */

struct model *model_new(i64 label_count, i64 feature_count)
{
    struct arena arena = {0};
    struct model *model = arena_new(&arena, struct model, 1);
    i64 size = 16;
    while (size < feature_count * 2) {
        size *= 2;
    }
    *model = (struct model){
        .label_count = label_count,
        .feature_count = feature_count,
        .table_size = size,
        .labels = arena_new(&arena, str, label_count),
        .keys = arena_new(&arena, u64, feature_count),
        .groups = arena_new(&arena, u8, feature_count),
        .rarity = arena_new(&arena, f32, feature_count),
        .weights = arena_new(&arena, f32, feature_count * label_count),
        .bias = arena_new(&arena, f32, label_count),
        .table = arena_new(&arena, i32, size),
    };
    model->arena = arena;
    return model;
}

void model_free(struct model *model)
{
    if (model != NULL) {
        struct arena arena = model->arena; // the model lies in it
        arena_free(&arena);
    }
}

void model_index(struct model *model)
{
    u64 mask = (u64)model->table_size - 1;
    for (i64 feature = 0; feature < model->feature_count; feature++) {
        u64 at = model->keys[feature] & mask;
        while (model->table[at] != 0) {
            at = (at + 1) & mask;
        }
        model->table[at] = (i32)feature + 1;
    }
}

i64 model_find(const struct model *model, u64 key)
{
    u64 mask = (u64)model->table_size - 1, at = key & mask;
    while (model->table[at] != 0) {
        if (model->keys[model->table[at] - 1] == key) {
            return model->table[at] - 1;
        }
        at = (at + 1) & mask;
    }
    return -1;
}

struct model *model_of_fitted(const struct fitted *fitted, const struct corpus *corpus, const str *names)
{
    struct model *model = model_new(fitted->label_count, fitted->feature_count);
    for (i64 label = 0; label < fitted->label_count; label++) {
        model->labels[label] = str_copy(&model->arena, names[label]);
        model->bias[label] = fitted->bias[label];
    }
    for (i64 id = 0; id < corpus->id_count; id++) {
        if (fitted->place[id] >= 0) {
            model->keys[fitted->place[id]] = corpus->keys[id];
            model->groups[fitted->place[id]] = corpus->groups[id];
        }
    }
    i64 features = fitted->feature_count;
    memcpy(model->rarity, fitted->rarity, (size_t)features * sizeof(f32));
    memcpy(model->weights, fitted->weights, (size_t)(features * fitted->label_count) * sizeof(f32));
    model_index(model);
    return model;
}

i64 model_label_count(const struct model *model)
{
    return model->label_count;
}

str model_label_name(const struct model *model, i32 label)
{
    return model->labels[label];
}

/* A feature of the text that the model knows, with how often it occurs. */
struct known {
    i64 feature;
    f32 times, value;
    struct feature *first; /* the first of its occurrences */
};

struct knowns {
    struct known *items;
    i64 count;
    i32 *of; /* of each occurrence: its place in items; -1 */
};

static struct knowns know(const struct model *model, struct arena *arena, const struct features *features)
{
    i64 size = 16;
    while (size < features->count * 2) {
        size *= 2;
    }
    struct knowns out = {.items = arena_new(arena, struct known, features->count),
                         .of = arena_new(arena, i32, features->count)};
    i32 *table = arena_new(arena, i32, size);
    for (i64 i = 0; i < features->count; i++) {
        i64 feature = model_find(model, features->items[i].key);
        out.of[i] = -1;
        if (feature < 0) {
            continue;
        }
        i64 at = feature * 2654435761 & (size - 1);
        while (table[at] != 0 && out.items[table[at] - 1].feature != feature) {
            at = (at + 1) & (size - 1);
        }
        if (table[at] == 0) {
            out.items[out.count++] = (struct known){.feature = feature, .first = &features->items[i]};
            table[at] = (i32)out.count;
        }
        out.of[i] = table[at] - 1;
        out.items[out.of[i]].times += features->items[i].weight;
    }
    return out;
}

static void weigh(const struct model *model, struct knowns *knowns)
{
    f32 squares[MODEL_GROUPS] = {0}, scales[MODEL_GROUPS];
    for (i64 i = 0; i < knowns->count; i++) {
        struct known *known = &knowns->items[i];
        u8 group = model->groups[known->feature];
        f32 times = group == FEATURES_READING ? known->times : 1.0F + logf(known->times);
        known->value = times * model->rarity[known->feature];
        squares[group] += known->value * known->value;
    }
    model_scales(squares, scales);
    for (i64 i = 0; i < knowns->count; i++) {
        knowns->items[i].value *= scales[model->groups[knowns->items[i].feature]];
    }
}

/* What each byte range adds: a feature's part is shared by its occurrences, and each by the pieces it covers. */
struct shared {
    struct piece_weight {
        i32 at, len;
        f32 weight;
    } * pieces;
    i32 count;
};

static void spread(struct shared *shared, const struct feature *feature, f32 weight)
{
    i32 low = 0, high = shared->count;
    while (low < high) {
        i32 middle = (low + high) / 2;
        if (shared->pieces[middle].at < feature->at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    i32 end = low;
    while (end < shared->count && shared->pieces[end].at < feature->at + feature->len) {
        end++;
    }
    for (i32 i = low; i < end; i++) {
        shared->pieces[i].weight += weight / (f32)(end - low);
    }
}

static struct shared pieces_of(struct arena *arena, str text)
{
    struct shared shared = {.pieces = arena_new(arena, struct piece_weight, BECAUSE_PIECES)};
    struct piece piece;
    i64 at = 0;
    while (shared.count < BECAUSE_PIECES && piece_next(text, &at, &piece)) {
        shared.pieces[shared.count++] = (struct piece_weight){piece.at, piece.len, 0.0F};
    }
    return shared;
}

static int by_weight(const void *a, const void *b)
{
    const struct model_because *left = a, *right = b;
    f32 l = fabsf(left->weight), r = fabsf(right->weight);
    return l != r ? (l < r) - (l > r) : (left->at > right->at) - (left->at < right->at);
}

static int by_place(const void *a, const void *b)
{
    const struct model_because *left = a, *right = b;
    return (left->at > right->at) - (left->at < right->at);
}

static void because(const struct model *model, struct arena *arena, str text, const struct features *features,
                    const struct knowns *knowns, struct model_guess *out)
{
    struct shared shared = pieces_of(arena, text);
    for (i64 i = 0; i < features->count; i++) {
        const struct feature *feature = &features->items[i];
        if (knowns->of[i] < 0 || feature->group == FEATURES_READING) {
            continue;
        }
        const struct known *known = &knowns->items[knowns->of[i]];
        f32 weight = model->weights[known->feature * model->label_count + out->label];
        spread(&shared, feature, weight * known->value * feature->weight / known->times);
    }
    struct model_because *all = arena_new(arena, struct model_because, shared.count + 1);
    for (i32 i = 0; i < shared.count; i++) {
        all[i] = (struct model_because){shared.pieces[i].at, shared.pieces[i].len, shared.pieces[i].weight};
    }
    qsort(all, (size_t)shared.count, sizeof *all, by_weight);
    for (i32 i = 0; i < shared.count && out->because_count < MODEL_BECAUSE_MAX; i++) {
        if (all[i].weight != 0.0F) {
            out->because[out->because_count++] = all[i];
        }
    }
    qsort(out->because, (size_t)out->because_count, sizeof *out->because, by_place);
}

bool model_guess(const struct model *model, struct arena *arena, str text, struct model_guess *out)
{
    *out = (struct model_guess){0};
    struct features features = features_of(arena, text);
    if (features.count == 0) {
        return false;
    }
    struct knowns knowns = know(model, arena, &features);
    weigh(model, &knowns);
    f64 *sums = arena_new(arena, f64, model->label_count);
    for (i64 label = 0; label < model->label_count; label++) {
        sums[label] = (f64)model->bias[label];
        for (i64 i = 0; i < knowns.count; i++) {
            f32 weight = model->weights[knowns.items[i].feature * model->label_count + label];
            sums[label] += (f64)(weight * knowns.items[i].value);
        }
    }
    model_shares(sums, model->label_count);
    for (i32 label = 1; label < model->label_count; label++) {
        out->label = sums[label] > sums[out->label] ? label : out->label;
    }
    out->confidence = (f32)sums[out->label];
    because(model, arena, text, &features, &knowns, out);
    return true;
}
