/* A row of a file and a map make events: none of it is guessed, what does not fit is refused with a reason. */
#pragma once

#include "events/event.h"
#include "listen/map.h"

struct line_events {
    struct event *items; /* in the context's arena */
    i64 count;           /* at least 1 */
};

/* The events of one row; all their text is copied. `message_id` is the line's own identity for maps without `id`.
 * ERR_INVALID with the reason as fault: its arguments are the map's, never the row's, so that equal reasons can be
 * counted. */
err line_read(struct ctx *ctx, const struct map *map, const struct rows *rows, const struct row *row, str message_id,
              struct line_events *out);

/* Ids that say "nobody": null, undefined, 0, guest, the empty text. */
bool is_nobody(str id);

/* Is the moment one an event can have: from 1970 to five minutes from now? */
bool is_plausible_ms(i64 at_ms, i64 now_ms);
