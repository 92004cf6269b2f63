/* What the files of the classifier share. */
#pragma once

#include "text/features.h"
#include "text/model.h"

enum { MODEL_GROUPS = FEATURE_GROUPS };

/* Features that decide, in an open table by key. Weights lie together for one feature: [feature][label]. */
struct model {
    i64 label_count, feature_count, table_size; /* table_size: a power of two */
    str *labels;
    u64 *keys; /* of the features */
    u8 *groups;
    f32 *rarity; /* inverse document frequency */
    f32 *weights;
    f32 *bias;          /* [label] */
    i32 *table;         /* feature + 1; 0: free */
    struct arena arena; /* holds all of it */
};

struct model *model_new(i64 label_count, i64 feature_count);
void model_index(struct model *model);              /* fills the table from `keys` */
i64 model_find(const struct model *model, u64 key); /* -1: not known */

/* How much each group of features weighs once it is scaled to length 1. */
extern const f32 model_group_weight[MODEL_GROUPS];

/* The examples as numbers: features as ids, those of one text together. */
struct corpus {
    i64 text_count; /* with the copies without tones */
    i64 *start;     /* [text_count + 1] into ids */
    u32 *ids;
    f32 *times;  /* how often: 1 + ln n */
    i32 *labels; /* of each text */
    i64 *origin; /* the example it was made from */
    bool *copy;  /* without tones: only for learning */
    u64 *keys;   /* of each id */
    u8 *groups;
    i64 id_count, label_count;
};

/* What was learnt from some texts of a corpus. */
struct fitted {
    i32 *place; /* of each id among the features; -1: not used */
    i64 feature_count, label_count;
    f32 *rarity, *weights, *bias;
};

struct fit_options {
    f64 strength, balance;
};

/* Learns from the texts with use[text]; fitted_free gives it back. */
void corpus_fit(const struct corpus *corpus, const bool *use, const struct fit_options *options, struct fitted *out);
void fitted_free(struct fitted *fitted);

/* Shares of the labels for a text of the corpus, adding up to 1. */
void fitted_shares(const struct fitted *fitted, const struct corpus *corpus, i64 text, f64 *shares);

/* Sums of a text's features become shares that add up to 1 (softmax). */
void model_shares(f64 *sums, i64 count);

/* What the values of each group are multiplied with, from the sum of their squares. */
void model_scales(const f32 squares[MODEL_GROUPS], f32 scales[MODEL_GROUPS]);

/* ERR_CANCELLED. It is given back with the context. */
err corpus_build(struct ctx *ctx, struct corpus *corpus, const struct model_texts *texts, const bool *skip);

struct model *model_of_fitted(const struct fitted *fitted, const struct corpus *corpus, const str *names);

/* Fills the figures of a report from its `predicted`. */
void model_measure(struct arena *arena, const struct model_texts *texts, struct model_report *report);
