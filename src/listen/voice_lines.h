/* Reviews and mentions, whichever way they come: a file of a marketplace, an export of a listening service, a webhook.
 *
 * The same words of the same author on the same day are one message, or the same id where the source has ids: so a file and
 * a webhook that bring the same mention store it once. Columns are known by what exports call them, in Vietnamese and
 * English, and become the properties `author`, `product` and `url`.
 */
#pragma once

#include "base/zone.h"
#include "events/event.h"
#include "listen/rows.h"

#define KIND_REVIEW STR("Product Reviewed")
#define KIND_MENTION STR("Mention Found")

/* Is it one of the two? */
bool voice_kind(str kind);

struct voice {
    str id;           /* as the source has it; may be none */
    str author, text; /* may be none */
    i64 at_ms;
};

/* Fills in source and message id of an event of such a kind; `otherwise` is the id where nothing of the voice says one. */
void voice_name(struct ctx *ctx, const struct zone *zone, const struct voice *voice, str otherwise,
                struct event *event);

/* A line of a file that has become such an event: its properties and its message id. */
void voice_line(struct ctx *ctx, const struct zone *zone, const struct rows *rows, const struct row *row, str id,
                str otherwise, struct event *event);

/* Does the heading promise the id of a review or a mention itself, not of an order it belongs to? */
bool voice_id(struct arena *arena, str column);

/* Are whole numbers from 1 to 5 under this heading, beside words, the stars of a review? No heading: no. */
bool voice_stars(struct arena *arena, str column);

/* What a file with words is by its headings: KIND_REVIEW, KIND_MENTION, or none. `stars` is the heading of the column
 * of whole numbers from 1 to 5, or none. */
str voice_guess(struct arena *arena, const struct str_list *columns, str stars);
