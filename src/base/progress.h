/* How far long work has come: written by the work, read by whoever waits for it, from any thread.
 *
 * Work has parts, one after the other; each fills a stretch of the whole, so that the share only grows:
 *
 *     progress_begin(progress, "people", 0, 0, 10);        the first tenth of the way, without counting
 *     progress_begin(progress, "events", count, 10, 90);   then so many events
 *     progress_add(progress, 1000);
 */
#pragma once

#include "base/types.h"

#include <stdatomic.h>

struct progress {
    const char *_Atomic doing; /* a word; NULL: not begun */
    _Atomic i64 done, of;      /* of this part; of 0: not counted */
    _Atomic i32 from, to;      /* its stretch of the whole, in hundredths */
};

/* All of these allow NULL: nobody waits. */
void progress_begin(struct progress *progress, const char *doing, i64 of, i32 from, i32 to);
void progress_add(struct progress *progress, i64 count);

/* Between 0 and 1. */
f64 progress_share(const struct progress *progress);
