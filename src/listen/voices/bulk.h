/* Changing many feedbacks at once: by ids or by a whole filter, with a way back.
 *
 *     begin ─► few: at once ─► done ─► undone
 *          └─► many: a job ────┘
 *
 * What each was before is kept for thirty days. A job that was interrupted goes on where it was.
 */
#pragma once

#include "listen/voices/work.h"

struct bulks;
struct processes;

struct bulk {
    i64 id;
    str change; /* JSON */
    str by;
    i64 at_ms;
    i64 found, done, changed; /* meant, gone through, different before */
    str state;                /* running, done, undoing, undone */
};
extern const struct shape bulk_shape;

enum { BULK_MAX = 1000000, BULK_AT_ONCE = 1000, BULK_KEPT_DAYS = 30 };

/* Starts the thread that does what takes long. */
err bulks_open(struct ctx *ctx, struct store *store, struct events *events, struct bulks **out);
void bulks_close(struct bulks *bulks);

/* `change` is the change as JSON, already read into `changing`. ERR_INVALID (error.feedback.bulk_many) for more than BULK_MAX. */
err bulk_begin(struct ctx *ctx, struct bulks *bulks, const struct feedback_chosen *chosen,
               const struct feedback_changing *changing, str change, struct bulk *out);
err bulk_find(struct ctx *ctx, struct store *store, i64 id, struct bulk *out);

/* ERR_NOT_FOUND unless every row of it is in this sight. */
err bulk_in_sight(struct ctx *ctx, const struct feedback_source_of *from, i64 id);

/* ERR_CONFLICT (error.feedback.bulk_running) unless it is done. */
err bulk_undo(struct ctx *ctx, struct bulks *bulks, i64 id, struct bulk *out);
