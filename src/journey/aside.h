/* Copies of columns beside the answers of a layer, so that a question about scores reads answers alone and no rows:
 *
 *     rows      | . . a . . . a a . …       time 8 bytes, channel, touchpoint … of every row
 *     answers   | a a a …                   time 4 bytes, and the columns that questions about scores name, of answers only;
 *                                           those of one metric side by side
 *
 * Made when a question first wants them, kept with the layer, and gone with it. Moments are whole seconds.
 */
#pragma once

#include "journey/block.h"
#include "journey/view.h"

struct aside;

enum { ASIDE_COLUMNS_MAX = 24, ASIDE_SLOTS_MAX = 64 };

/* What a scan needs of it. */
struct aside_seen {
    i64 from, to; /* the answers that the lens is about */
    i64 first_ms;
    const u32 *seconds;                       /* [answer]: after first_ms */
    struct column columns[ASIDE_COLUMNS_MAX]; /* borrowed */
    i32 slots[ASIDE_SLOTS_MAX];               /* slot of the lens → columns; -1: all cells are 0 */
};

/* The copies of the columns of a lens beside the answers of a layer, made where they are missing. False: there are none, because
 * the layer has fewer than `rows_least` rows, the lens has columns of other sorts, or too many were wanted already. */
bool aside_look(const struct view *view, i32 layer, const struct lens *lens, i64 rows_least, struct aside_seen *out);
enum { ASIDE_ROWS_LEAST = 1 << 16 }; /* in fewer rows there is nothing to be gained */

i64 aside_bytes(const struct layer *layer);
void aside_free(struct aside *aside);
