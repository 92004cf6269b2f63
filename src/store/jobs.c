#include "store/jobs.h"

#include "base/clock.h"
#include "base/id.h"

static const char *const states[] = {"waiting", "running", "done", "failed", "cancelled", NULL};

static const struct shape_field job_fields[] = {
    {"id", SHAPE_ID, offsetof(struct job, id)},
    {"kind", SHAPE_STR, offsetof(struct job, kind)},
    {"cause", SHAPE_STR, offsetof(struct job, cause)},
    {"input", SHAPE_JSON, offsetof(struct job, input)},
    {"output", SHAPE_JSON, offsetof(struct job, output)},
    {"state", SHAPE_WORD, offsetof(struct job, state), .words = states},
    {"progress", SHAPE_F64, offsetof(struct job, progress)},
    {"attempts", SHAPE_I64, offsetof(struct job, attempts)},
    {"cancel", SHAPE_BOOL, offsetof(struct job, cancel)},
    {"failure", SHAPE_STR, offsetof(struct job, failure)},
    {"created_ms", SHAPE_TIME, offsetof(struct job, created_ms)},
    {"due_ms", SHAPE_TIME, offsetof(struct job, due_ms)},
    {"started_ms", SHAPE_TIME, offsetof(struct job, started_ms)},
    {"ended_ms", SHAPE_TIME, offsetof(struct job, ended_ms)},
};
const struct shape job_shape = SHAPE("Job", struct job, job_fields, NULL);

struct put {
    struct job_new job;
    i64 *id;
};

err job_put_later(struct ctx *ctx, struct store *store, const struct job_new *job)
{
    i64 now_ms = ctx_now_ms(ctx);
    return store_later(ctx, store, SQL_JOB_PUT,
                       ARGS(ARG_ID("id", id_new()), ARG_STR("kind", job->kind), ARG_STR("cause", job->cause),
                            ARG_STR("input", job->input), ARG_I64("now_ms", now_ms),
                            ARG_I64("due_ms", greater(job->due_ms, now_ms))));
}

static err put(struct ctx *ctx, struct store *store, void *arg)
{
    const struct put *put = arg;
    const struct job_new *job = &put->job;
    TRY(job_put_later(ctx, store, job));
    return store_number(ctx, store, SQL_JOB_BY_CAUSE, ARGS(ARG_STR("kind", job->kind), ARG_STR("cause", job->cause)),
                        put->id);
}

err job_put_at(struct ctx *ctx, struct store *store, const struct job_new *job, i64 *id)
{
    struct put one = {*job, id};
    return store_writing(store) ? put(ctx, store, &one) : store_write(ctx, store, put, &one);
}

err job_put(struct ctx *ctx, struct store *store, str kind, str cause, str input, i64 *id)
{
    return job_put_at(ctx, store, &(struct job_new){kind, cause, input, 0}, id);
}

static err add_kind(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct str_list *kinds = self;
    kinds->items = arena_grow(&ctx->arena, kinds->items, kinds->count * (i64)sizeof(str),
                              (kinds->count + 1) * (i64)sizeof(str), _Alignof(str));
    kinds->items[kinds->count++] = str_copy(&ctx->arena, row_str(row, 0));
    return OK;
}

err job_kinds_due(struct ctx *ctx, struct store *store, str prefix, struct str_list *out)
{
    *out = (struct str_list){0};
    str upto = str_format(&ctx->arena, "%.*s~", STR_ARG(prefix)); // behind every letter and digit
    return store_each(ctx, store, SQL_JOB_KINDS_DUE,
                      ARGS(ARG_STR("prefix", prefix), ARG_STR("upto", upto), ARG_I64("now_ms", clock_ms())), add_kind,
                      out);
}

err job_hurry(struct ctx *ctx, struct store *store, str kind, str cause)
{
    return store_run(ctx, store, SQL_JOB_HURRY,
                     ARGS(ARG_STR("kind", kind), ARG_STR("cause", cause), ARG_I64("now_ms", ctx_now_ms(ctx))), NULL);
}

err job_hurry_all(struct ctx *ctx, struct store *store, str family, str failure)
{
    return store_run(ctx, store, SQL_JOB_HURRY_FAILURE,
                     ARGS(ARG_STR("family", family), ARG_STR("failure", failure), ARG_I64("now_ms", ctx_now_ms(ctx))),
                     NULL);
}

err job_forget(struct ctx *ctx, struct store *store, i64 id)
{
    return store_run(ctx, store, SQL_JOB_FORGET, ARGS(ARG_I64("id", id), ARG_ID("owner", id_process())), NULL);
}

err job_take(struct ctx *ctx, struct store *store, str kind, struct job *out)
{
    *out = (struct job){0};
    err code = store_one(ctx, store, SQL_JOB_TAKE,
                         ARGS(ARG_STR("kind", kind), ARG_I64("now_ms", ctx_now_ms(ctx)), ARG_ID("owner", id_process())),
                         &job_shape, out);
    return code == ERR_NOT_FOUND ? ERR_EMPTY : code;
}

err job_progress(struct ctx *ctx, struct store *store, i64 id, f64 progress, str output)
{
    i64 cancelled, changed;
    TRY(store_run(ctx, store, SQL_JOB_PROGRESS,
                  ARGS(ARG_I64("id", id), ARG_F64("progress", progress), ARG_STR("output", output),
                       ARG_ID("owner", id_process())),
                  &changed));
    if (changed == 0) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.job_state");
    }
    TRY(store_number(ctx, store, SQL_JOB_CANCELLED, ARGS(ARG_I64("id", id)), &cancelled));
    return cancelled ? ERR_CANCELLED : OK;
}

/* Runs a statement that must find a job in the right state. */
static err change(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args)
{
    i64 changed;
    TRY(store_run(ctx, store, sql, args, &changed));
    return changed > 0 ? OK : FAIL(ctx, ERR_CONFLICT, NULL, "error.job_state");
}

err job_end(struct ctx *ctx, struct store *store, i64 id, enum job_state state, str output, str failure)
{
    return change(ctx, store, SQL_JOB_END,
                  ARGS(ARG_I64("id", id), ARG_STR("state", str_from(states[state])), ARG_STR("output", output),
                       ARG_STR("failure", failure), ARG_I64("now_ms", clock_ms()), ARG_ID("owner", id_process())));
}

err job_again(struct ctx *ctx, struct store *store, i64 id, i64 due_ms, str failure)
{
    return change(ctx, store, SQL_JOB_AGAIN,
                  ARGS(ARG_I64("id", id), ARG_I64("due_ms", due_ms), ARG_STR("failure", failure),
                       ARG_ID("owner", id_process())));
}

static err cancel(struct ctx *ctx, struct store *store, void *arg)
{
    i64 id = *(const i64 *)arg, changed;
    TRY(store_run(ctx, store, SQL_JOB_CANCEL_WAITING, ARGS(ARG_I64("id", id), ARG_I64("now_ms", ctx_now_ms(ctx))),
                  &changed));
    return changed > 0 ? OK : change(ctx, store, SQL_JOB_CANCEL_RUNNING, ARGS(ARG_I64("id", id)));
}

err job_cancel(struct ctx *ctx, struct store *store, i64 id)
{
    return store_writing(store) ? cancel(ctx, store, &id) : store_write(ctx, store, cancel, &id);
}

err job_resume(struct ctx *ctx, struct store *store, i64 id)
{
    return change(ctx, store, SQL_JOB_RESUME, ARGS(ARG_I64("id", id), ARG_I64("now_ms", ctx_now_ms(ctx))));
}

err job_find(struct ctx *ctx, struct store *store, i64 id, struct job *out)
{
    *out = (struct job){0};
    return store_one(ctx, store, SQL_JOB_FIND, ARGS(ARG_I64("id", id)), &job_shape, out);
}

err job_list(struct ctx *ctx, struct store *store, str kind, i64 before, i64 limit, struct shape_list *out)
{
    return store_all(ctx, store, SQL_JOB_LIST,
                     ARGS(ARG_STR("kind", kind), ARG_I64("before", before), ARG_I64("count", limit)), &job_shape, out);
}

err job_recover(struct ctx *ctx, struct store *store)
{
    return store_run(ctx, store, SQL_JOB_RECOVER, ARGS(ARG_I64("now_ms", ctx_now_ms(ctx))), NULL);
}
