#include "listen/voices/bulk.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "listen/voices/inside.h"
#include "store/jobs.h"

#include <pthread.h>
#include <time.h>

static const struct shape_field bulk_fields[] = {
    {"id", SHAPE_ID, offsetof(struct bulk, id), .flags = SHAPE_REQUIRED},
    {"change", SHAPE_JSON, offsetof(struct bulk, change), .flags = SHAPE_REQUIRED},
    {"by", SHAPE_STR, offsetof(struct bulk, by), .flags = SHAPE_REQUIRED},
    {"at_ms", SHAPE_TIME, offsetof(struct bulk, at_ms), .flags = SHAPE_REQUIRED},
    {"found", SHAPE_I64, offsetof(struct bulk, found), .flags = SHAPE_REQUIRED, .help = "shape.bulk.found"},
    {"done", SHAPE_I64, offsetof(struct bulk, done), .flags = SHAPE_REQUIRED, .help = "shape.bulk.done"},
    {"changed", SHAPE_I64, offsetof(struct bulk, changed), .flags = SHAPE_REQUIRED, .help = "shape.bulk.changed"},
    {"state", SHAPE_STR, offsetof(struct bulk, state), .flags = SHAPE_REQUIRED, .help = "shape.bulk.state"},
};
const struct shape bulk_shape = SHAPE("FeedbackBulk", struct bulk, bulk_fields, "shape.bulk");

static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, offsetof(struct bulk, id)},
    {"change", SHAPE_STR, offsetof(struct bulk, change)},
    {"by_name", SHAPE_STR, offsetof(struct bulk, by)},
    {"at_ms", SHAPE_I64, offsetof(struct bulk, at_ms)},
    {"found", SHAPE_I64, offsetof(struct bulk, found)},
    {"done", SHAPE_I64, offsetof(struct bulk, done)},
    {"changed", SHAPE_I64, offsetof(struct bulk, changed)},
    {"state", SHAPE_STR, offsetof(struct bulk, state)},
};
static const struct shape row_shape = SHAPE("FeedbackBulkRow", struct bulk, row_fields, NULL);

static const struct shape_field before_fields[] = {
    {"id", SHAPE_I64, offsetof(struct feedback_before, id)},
    {"owner", SHAPE_ID, offsetof(struct feedback_before, owner)},
    {"status", SHAPE_STR, offsetof(struct feedback_before, status)},
    {"corrected", SHAPE_STR, offsetof(struct feedback_before, corrected)},
    {"had_pain", SHAPE_BOOL, offsetof(struct feedback_before, had_pain)},
};
static const struct shape before_shape = SHAPE("FeedbackBefore", struct feedback_before, before_fields, NULL);

#define JOB_KIND STR("feedback_bulk")

struct bulks {
    struct store *store;
    struct events *events;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool started, stop, due;
};

err bulk_find(struct ctx *ctx, struct store *store, i64 id, struct bulk *out)
{
    *out = (struct bulk){0};
    return store_one(ctx, store, SQL_BULK_ONE, ARGS(ARG_I64("id", id)), &row_shape, out);
}

/* The change of a bulk, read again. */
static err read_change(struct ctx *ctx, const struct bulks *bulks, const struct bulk *bulk,
                       struct feedback_changing *out)
{
    struct feedback_change *change = arena_new(&ctx->arena, struct feedback_change, 1);
    *out = (struct feedback_changing){bulks->store, bulks->events, change, 0, bulk->by};
    return shape_parse(ctx, &feedback_change_shape, bulk->change, change, &out->seen);
}

/* One step: the next feedbacks behind `after`, done or undone. */
struct step {
    struct bulks *bulks;
    struct feedback_changing changing;
    i64 bulk, after;
    i64 count, changed;
};

/* What it was, once: a step that was interrupted comes again. */
static err keep(void *self, struct ctx *ctx, const struct feedback_before *before)
{
    const struct step *step = self;
    return store_later(ctx, step->bulks->store, SQL_BULK_KEEP,
                       ARGS_OF(&before_shape, before, ARG_I64("bulk", step->bulk)));
}

static err do_step(struct ctx *ctx, struct step *step)
{
    struct shape_list list;
    TRY(store_all(ctx, step->bulks->store, SQL_BULK_NEXT,
                  ARGS(ARG_I64("bulk", step->bulk), ARG_I64("after", step->after), ARG_I64("limit", CHANGE_ROWS_MAX)),
                  &before_shape, &list));
    i64 *ids = arena_new(&ctx->arena, i64, greater(list.count, 1));
    for (i64 i = 0; i < list.count; i++) {
        ids[i] = step->after = ((const struct feedback_before *)list.items)[i].id;
    }
    step->count = list.count;
    step->changed = 0;
    return list.count == 0 ? OK
                           : feedback_change_rows(ctx, &step->changing, ids, list.count, keep, step, &step->changed);
}

err bulk_in_sight(struct ctx *ctx, const struct feedback_source_of *from, i64 id)
{
    struct shape_list list, seen;
    i64 after = 0;
    do {
        struct feedback_filter *filter = arena_new(&ctx->arena, struct feedback_filter, 1);
        struct feedback_chosen *chosen;
        TRY(store_all(ctx, from->store, SQL_BULK_NEXT,
                      ARGS(ARG_I64("bulk", id), ARG_I64("after", after), ARG_I64("limit", CHANGE_ROWS_MAX)),
                      &before_shape, &list));
        i64 *ids = arena_new(&ctx->arena, i64, greater(list.count, 1));
        for (i64 i = 0; i < list.count; i++) {
            ids[i] = after = ((const struct feedback_before *)list.items)[i].id;
        }
        if (list.count == 0) {
            break;
        }
        filter->ids = (struct id_list){ids, list.count};
        TRY(feedback_choose(ctx, from, filter, &chosen));
        TRY(feedback_page(ctx, chosen, INT64_MAX, list.count, &seen));
        if (seen.count < list.count) {
            return ERR_NOT_FOUND;
        }
    } while (list.count == CHANGE_ROWS_MAX);
    return OK;
}

struct putting {
    const struct step *step;
    const struct shape_list *list;
};

static err put_back_all(struct ctx *ctx, [[maybe_unused]] struct store *store, void *arg)
{
    const struct putting *putting = arg;
    for (i64 i = 0; i < putting->list->count; i++) {
        const struct feedback_before *before = (const struct feedback_before *)putting->list->items + i;
        TRY(feedback_put_back(ctx, &putting->step->changing, before));
    }
    return OK;
}

enum { UNDO_ROWS = 50 };

static err undo_step(struct ctx *ctx, struct step *step)
{
    struct shape_list list;
    TRY(store_all(ctx, step->bulks->store, SQL_BULK_KEPT,
                  ARGS(ARG_I64("bulk", step->bulk), ARG_I64("after", step->after), ARG_I64("limit", UNDO_ROWS)),
                  &before_shape, &list));
    struct putting putting = {step, &list};
    step->count = list.count;
    if (list.count == 0) {
        return OK;
    }
    step->after = ((const struct feedback_before *)list.items)[list.count - 1].id;
    return store_write(ctx, step->bulks->store, put_back_all, &putting);
}

/* To the end, or until the server stops. */
static err carry_out(struct ctx *ctx, struct bulks *bulks, i64 id, i64 job)
{
    struct bulk bulk;
    TRY(bulk_find(ctx, bulks->store, id, &bulk));
    bool undo = str_eq(bulk.state, STR("undoing"));
    struct step step = {.bulks = bulks, .bulk = id};
    i64 gone = 0, changed = 0;
    TRY(read_change(ctx, bulks, &bulk, &step.changing));
    do {
        struct ctx own = {.stop = ctx->stop};
        err code = undo ? undo_step(&own, &step) : do_step(&own, &step);
        ctx_end(&own);
        TRY(code);
        gone += step.count;
        changed += step.changed;
        struct store_args args = ARGS(ARG_I64("id", id), ARG_I64("done", gone), ARG_I64("changed", changed));
        TRY(undo ? OK : store_run(ctx, bulks->store, SQL_BULK_PROGRESS, args, NULL));
        f64 share = bulk.found > 0 ? (f64)lesser(gone, bulk.found) / (f64)bulk.found : 1;
        TRY(job == 0 ? OK : job_progress(ctx, bulks->store, job, share, STR_NONE));
    } while (step.count > 0 && !ctx_stopped(ctx));
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    return store_run(ctx, bulks->store, SQL_BULK_STATE,
                     ARGS(ARG_I64("id", id), ARG_STR("state", undo ? STR("undone") : STR("done"))), NULL);
}

/* The thread. */

/* False when nothing is due. */
static bool work_once(struct bulks *bulks)
{
    struct ctx ctx = {.stop = &bulks->stop};
    struct job job;
    i64 id = 0;
    bool any = job_take(&ctx, bulks->store, JOB_KIND, &job) == OK;
    if (any) {
        str rest = job.cause;
        err code = id_parse(str_cut(&rest, ':'), &id) ? carry_out(&ctx, bulks, id, job.id) : ERR_INVALID;
        if (code != OK && code != ERR_CANCELLED && code != ERR_NOT_FOUND) {
            log_fault(LOG_WARN, "feedback_bulk", &ctx, code);
        }
        ctx_forgive(&ctx);
        bool later = code == ERR_UNAVAILABLE || code == ERR_BUSY || code == ERR_CANCELLED;
        err ended = later
                        ? job_again(&ctx, bulks->store, job.id, clock_ms() + 2000, STR_NONE)
                        : job_end(&ctx, bulks->store, job.id, code == OK ? JOB_DONE : JOB_FAILED, STR("{}"), STR_NONE);
        any = ended == OK && !later;
    }
    ctx_end(&ctx);
    return any;
}

static void *run(void *self)
{
    enum { LOOK_S = 5 };
    struct bulks *bulks = self;
    (void)pthread_mutex_lock(&bulks->lock);
    while (!bulks->stop) {
        (void)pthread_mutex_unlock(&bulks->lock);
        while (!__atomic_load_n(&bulks->stop, __ATOMIC_RELAXED) && work_once(bulks)) {
        }
        (void)pthread_mutex_lock(&bulks->lock);
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += LOOK_S;
        if (!bulks->stop && !bulks->due) {
            (void)pthread_cond_timedwait(&bulks->wake, &bulks->lock, &until);
        }
        bulks->due = false;
    }
    (void)pthread_mutex_unlock(&bulks->lock);
    return NULL;
}

static void wake(struct bulks *bulks, bool stop)
{
    (void)pthread_mutex_lock(&bulks->lock);
    bulks->due = true;
    __atomic_store_n(&bulks->stop, bulks->stop || stop, __ATOMIC_RELAXED);
    (void)pthread_cond_signal(&bulks->wake);
    (void)pthread_mutex_unlock(&bulks->lock);
}

err bulks_open(struct ctx *ctx, struct store *store, struct events *events, struct bulks **out)
{
    struct bulks *bulks = mem_new(sizeof *bulks);
    bulks->store = store;
    bulks->events = events;
    (void)pthread_mutex_init(&bulks->lock, NULL);
    (void)pthread_cond_init(&bulks->wake, NULL);
    bulks->started = pthread_create(&bulks->thread, NULL, run, bulks) == 0;
    *out = bulks;
    return bulks->started ? OK : FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.threads");
}

void bulks_close(struct bulks *bulks)
{
    if (bulks == NULL) {
        return;
    }
    if (bulks->started) {
        wake(bulks, true);
        (void)pthread_join(bulks->thread, NULL);
    }
    (void)pthread_cond_destroy(&bulks->wake);
    (void)pthread_mutex_destroy(&bulks->lock);
    mem_free(bulks);
}

/* Beginning. */

struct beginning {
    struct bulks *bulks;
    struct bulk *bulk;
    struct id_list ids;
    i64 capacity;
    bool job;
};

static err add_id(void *self, struct ctx *ctx, const struct feedback *row)
{
    struct beginning *beginning = self;
    struct id_list *ids = &beginning->ids;
    if (ids->count == BULK_MAX) {
        return FAIL(ctx, ERR_INVALID, "filter", "error.feedback.bulk_many");
    }
    if (ids->count == beginning->capacity) {
        i64 wish = beginning->capacity * 2 + 256;
        ids->items = arena_grow(&ctx->arena, ids->items, beginning->capacity * (i64)sizeof(i64),
                                wish * (i64)sizeof(i64), _Alignof(i64));
        beginning->capacity = wish;
    }
    ids->items[ids->count++] = row->id;
    return OK;
}

static err put_job(struct ctx *ctx, struct store *store, const struct bulk *bulk)
{
    char id[ID_TEXT_LEN];
    i64 job;
    str cause = str_format(&ctx->arena, "%.*s:%.*s", STR_ARG(id_text(bulk->id, id)), STR_ARG(bulk->state));
    return job_put(ctx, store, JOB_KIND, cause, STR("{}"), &job);
}

static err write_begin(struct ctx *ctx, struct store *store, void *arg)
{
    const struct beginning *beginning = arg;
    const struct bulk *bulk = beginning->bulk;
    i64 old_ms = ctx_now_ms(ctx) - (i64)BULK_KEPT_DAYS * 24 * 3600 * 1000;
    str ids = ids_text(&ctx->arena, beginning->ids.items, beginning->ids.count);
    TRY(store_run(ctx, store, SQL_BULK_DROP_OLD, ARGS(ARG_I64("before_ms", old_ms)), NULL));
    TRY(store_run(ctx, store, SQL_BULK_ADD, ARGS_OF(&row_shape, bulk), NULL));
    TRY(store_run(ctx, store, SQL_BULK_ADD_ROWS, ARGS(ARG_I64("bulk", bulk->id), ARG_STR("ids", ids)), NULL));
    return beginning->job ? put_job(ctx, store, bulk) : OK;
}

err bulk_begin(struct ctx *ctx, struct bulks *bulks, const struct feedback_chosen *chosen,
               const struct feedback_changing *changing, str change, struct bulk *out)
{
    struct beginning beginning = {.bulks = bulks, .bulk = out};
    TRY(feedback_each(ctx, chosen, add_id, &beginning));
    *out = (struct bulk){.id = id_new(),
                         .change = change,
                         .by = changing->by,
                         .at_ms = ctx_now_ms(ctx),
                         .found = beginning.ids.count,
                         .state = STR("running")};
    beginning.job = beginning.ids.count > BULK_AT_ONCE;
    TRY(store_write(ctx, bulks->store, write_begin, &beginning));
    if (beginning.job) {
        wake(bulks, false);
        return OK;
    }
    TRY(carry_out(ctx, bulks, out->id, 0));
    return bulk_find(ctx, bulks->store, out->id, out);
}

static err write_undo(struct ctx *ctx, struct store *store, void *arg)
{
    struct bulk *bulk = arg;
    TRY(bulk_find(ctx, store, bulk->id, bulk));
    if (!str_eq(bulk->state, STR("done"))) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.feedback.bulk_running");
    }
    bulk->state = STR("undoing");
    TRY(store_run(ctx, store, SQL_BULK_STATE, ARGS(ARG_I64("id", bulk->id), ARG_STR("state", bulk->state)), NULL));
    return bulk->found > BULK_AT_ONCE ? put_job(ctx, store, bulk) : OK;
}

err bulk_undo(struct ctx *ctx, struct bulks *bulks, i64 id, struct bulk *out)
{
    *out = (struct bulk){.id = id};
    TRY(store_write(ctx, bulks->store, write_undo, out));
    if (out->found > BULK_AT_ONCE) {
        wake(bulks, false);
        return OK;
    }
    TRY(carry_out(ctx, bulks, id, 0));
    return bulk_find(ctx, bulks->store, id, out);
}
