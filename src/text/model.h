/* A classifier of texts that learns from examples: which words and letters speak for which label.
 *
 * Multinomial logistic regression over the features of text/features.h (one weight a feature and label, L2 regularised;
 * text/regress.h), weighted by sublinear term frequency and inverse document frequency, each group of features scaled to
 * length 1. The strength of the regularisation and whether rare labels count more are chosen on held-out texts. A
 * quarter of the examples is learnt a second time without tones and hats, as many people type.
 *
 * The same examples in the same order give the same model, byte for byte, whatever the number of threads. Sources: Salton
 * and Buckley (1988) for the weights; Wang and Manning (2012), "Baselines and bigrams", for runs of words as a baseline
 * that is hard to beat.
 */
#pragma once

#include "base/ctx.h"
#include "base/workers.h"

enum {
    MODEL_LABELS_MAX = 200,
    MODEL_LABEL_LEN_MAX = 200,    /* bytes of a label */
    MODEL_TEXTS_LEAST = 20,       /* fewer say nothing that could be checked */
    MODEL_PER_LABEL_LEAST = 2,    /* examples of a label; labels with fewer are left out, and counted */
    MODEL_TEXTS_MAX = 200 * 1000, /* memory: about 6 KB a text while learning */
    MODEL_FOLDS = 5,
    MODEL_BECAUSE_MAX = 8,
};

struct model;

/* Examples: `labels[i]` is the place of text i's label in `names`. */
struct model_texts {
    const str *texts;
    const i32 *labels;
    i64 count;
    const str *names;
    i64 name_count;
};

/* One label in cross-validation. */
struct model_label {
    str name;
    i64 count;                 /* examples */
    f64 precision, recall, f1; /* 0 to 1; without any prediction of it the precision is 0 */
};

/* How well it does on examples it has not seen: each fifth was read by a model that learnt from the other four, with the
 * strength and balance that were best on these four (with more than 20,000 examples: on the first fifth). */
struct model_report {
    i64 texts; /* learnt from */
    i64 blank; /* left out: without a text or a label */
    i64 rare;  /* left out: their label has fewer than MODEL_PER_LABEL_LEAST examples */
    i64 folds;
    f64 accuracy, macro_f1, weighted_f1;
    f64 most_common; /* the accuracy of always saying the most common label */
    f64 strength;    /* C of the regularisation */
    f64 balance;     /* 0: all examples count the same; 1: all labels do */
    i64 features;
    struct model_label *labels;
    i64 label_count;
    i64 *confusion; /* [true label][predicted label], by rows */
    i32 *predicted; /* for each example as given, -1 for one left out */
    f32 *confidence;
};

/* Learns and checks. ERR_INVALID (error.learn_few, error.learn_one_label, error.learn_many_labels,
 * error.learn_many_texts) when the examples cannot teach; ERR_CANCELLED. The model belongs to the caller. */
err model_train(struct ctx *ctx, const struct model_texts *texts, struct workers *workers, struct model **out,
                struct model_report *report);

void model_free(struct model *model); /* NULL is allowed */

i64 model_label_count(const struct model *model);
str model_label_name(const struct model *model, i32 label);

/* A run of the text that spoke for or against the label. */
struct model_because {
    i32 at, len; /* bytes of the text as given */
    f32 weight;  /* in nats, against the mean of all labels; above zero speaks for the label */
};

struct model_guess {
    i32 label;
    f32 confidence; /* its share among all labels, 0 to 1 */
    i32 because_count;
    struct model_because because[MODEL_BECAUSE_MAX]; /* the weightiest, in the order of the text */
};

/* Thread-safe. False for a text without a word or sign: there is nothing to go by. Takes scratch from the arena. */
bool model_guess(const struct model *model, struct arena *arena, str text, struct model_guess *out);

/* The model as bytes, in the arena: version, length, digest. */
str model_bytes(const struct model *model, struct arena *arena);

/* ERR_CORRUPT (error.model_damaged) for bytes that are not what model_bytes wrote; ERR_INVALID (error.model_version)
 * for a version this program does not know. */
err model_of_bytes(struct ctx *ctx, str bytes, struct model **out);

/* A file, replaced whole or not at all; ERR_IO with the reason. */
err model_save(struct ctx *ctx, const struct model *model, const char *path);
err model_load(struct ctx *ctx, const char *path, struct model **out);
