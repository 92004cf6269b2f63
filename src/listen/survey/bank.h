/* The question bank: questions that others have asked before, word for word, and surveys made of them.
 *
 * A question that is asked unchanged keeps the bank's key as its series, so that surveys and years can be compared. The words stand
 * in texts/bank.json; a question there never changes its meaning: a better wording is a new key.
 */
#pragma once

#include "listen/survey/document.h"

struct bank_item {
    str key; /* "nps.recommend": its series */
    str group; /* relationship, satisfaction, touchpoint, accessibility, ease, delight, love, emotion, brand, values, open */
    str note, source;
    str question; /* JSON: a question of a document, without an id */
};
extern const struct shape bank_item_shape;

struct bank_template {
    str key, name; /* JSON texts */
    str document;  /* JSON: a whole draft */
};
extern const struct shape bank_template_shape;

struct bank {
    struct shape_list items;     /* struct bank_item */
    struct shape_list templates; /* struct bank_template */
};
err survey_bank(struct ctx *ctx, struct bank *out);
