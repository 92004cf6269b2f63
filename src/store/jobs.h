/* Jobs: what takes long or leaves the process.
 *
 * A job is keyed by its cause, so that it exists once however often it is
 * asked for. It is taken by one worker of one process, reports its progress,
 * can be cancelled, and is taken again after a crash: its work must be idempotent.
 */
#pragma once

#include "store/store.h"

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED };

struct job {
    i64 id;
    str kind;     /* "import": who does it */
    str cause;    /* unique with the kind */
    str input;    /* JSON: what to do */
    str output;   /* JSON: what came of it so far */
    i32 state;    /* enum job_state */
    f64 progress; /* 0 to 1 */
    i64 attempts; /* how often it was taken */
    bool cancel;  /* somebody asked it to stop */
    str failure;  /* locale key of why it failed or is waiting again */
    i64 created_ms;
    i64 due_ms;     /* not before this moment */
    i64 started_ms; /* when it was taken last */
    i64 ended_ms;
};
extern const struct shape job_shape;

/* Creates a waiting job due now, or finds the one of the same kind and cause; `id` is either's. Inside store_write it
 * is part of that transaction. */
err job_put(struct ctx *ctx, struct store *store, str kind, str cause, str input, i64 *id);

/* The same, of what is not to be taken before a moment. */
struct job_new {
    str kind, cause, input;
    i64 due_ms; /* 0: now */
};
err job_put_at(struct ctx *ctx, struct store *store, const struct job_new *job, i64 *id);

/* The same for many inside store_write, whose ids nobody asks for: they travel together. */
err job_put_later(struct ctx *ctx, struct store *store, const struct job_new *job);

/* The kinds that begin with `prefix` and have a job due now, in the context's arena. */
err job_kinds_due(struct ctx *ctx, struct store *store, str prefix, struct str_list *out);

/* A waiting job is due now; those of a family of kinds ("send.%") that wait because of `failure` are. */
err job_hurry(struct ctx *ctx, struct store *store, str kind, str cause);
err job_hurry_all(struct ctx *ctx, struct store *store, str family, str failure);

/* A job that this process runs is done, and nothing of it is kept: for those whose outcome is written elsewhere. */
err job_forget(struct ctx *ctx, struct store *store, i64 id);

/* Takes the oldest due job of a kind; it is running afterwards. ERR_EMPTY when none is due. */
err job_take(struct ctx *ctx, struct store *store, str kind, struct job *out);

/* Notes how far it is. ERR_CANCELLED when it was asked to stop; ERR_CONFLICT when another process has taken it over, because
 * this one was not heard of for too long: it must not go on. */
err job_progress(struct ctx *ctx, struct store *store, i64 id, f64 progress, str output);

/* Ends it as JOB_DONE, JOB_FAILED or JOB_CANCELLED. */
err job_end(struct ctx *ctx, struct store *store, i64 id, enum job_state state, str output, str failure);

/* Puts a running job back, to be taken again not before `due_ms`. */
err job_again(struct ctx *ctx, struct store *store, i64 id, i64 due_ms, str failure);

/* A waiting job is cancelled at once; a running one is told. ERR_CONFLICT when it has ended. */
err job_cancel(struct ctx *ctx, struct store *store, i64 id);

/* A job that failed or was cancelled waits again. ERR_CONFLICT in any other state. */
err job_resume(struct ctx *ctx, struct store *store, i64 id);

err job_find(struct ctx *ctx, struct store *store, i64 id, struct job *out);

/* Newest first, those with ids below `before` (0: all). */
err job_list(struct ctx *ctx, struct store *store, str kind, i64 before, i64 limit, struct shape_list *out);

/* Whatever ran in a process that has ended (store/processes.h) waits again. */
err job_recover(struct ctx *ctx, struct store *store);
