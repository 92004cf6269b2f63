/* Columns beside the rows: properties that questions named, touchpoints derived from a map.
 *
 * An attachment is the meaning; each layer has a column of it, or gets one when
 * a question looks (view_attach). Merging takes columns along, and fills in what
 * a smaller layer lacks.
 */
#pragma once

#include "base/ctx.h"
#include "journey/layer.h"

#include <pthread.h>

struct view;

struct attachment {
    i32 users;
    bool dropped;            /* not wanted any more: merges leave its columns behind; atomic */
    bool private;            /* of one question: its columns are not kept with the layers */
    pthread_mutex_t filling; /* one at a time fills */

    /* The codes of a layer's rows, into an empty column, and room for all of them. ERR_EMPTY when that is not possible
     * now. NULL: whoever makes the attachment gives every layer its column. */
    err (*fill)(void *self, struct ctx *ctx, struct view *view, i32 layer, struct column *out);
    void (*free)(void *self); /* when nobody uses it any more */
    void *self;
};

/* With one user: the caller. */
struct attachment *attachment_new(void);
struct attachment *attachment_share(struct attachment *attachment);
void attachment_leave(struct attachment *attachment); /* NULL is allowed */

static inline bool attachment_dropped(const struct attachment *attachment)
{
    return __atomic_load_n(&attachment->dropped, __ATOMIC_RELAXED);
}

/* A column of it, with one user. The column's memory is taken over. */
struct attached *attached_new(struct attachment *of, struct column codes);
