#include "store/store.h"

#include "base/buf.h"
#include "store/driver.h"

#include <assert.h>

/* The transactions this thread is in, innermost first. */
struct hold {
    const struct store *store;
    void *session;
    bool writes;
    u64 number; /* of the transaction */
    struct hold *outer;
};
static _Thread_local struct hold *holds;

static struct hold *hold_find(const struct store *store)
{
    struct hold *hold = holds;
    while (hold != NULL && hold->store != store) {
        hold = hold->outer;
    }
    return hold;
}

bool store_writing(const struct store *store)
{
    struct hold *hold = hold_find(store);
    return hold != NULL && hold->writes;
}

u64 store_transaction(const struct store *store)
{
    struct hold *hold = hold_find(store);
    return hold != NULL && hold->writes ? hold->number : 0;
}

err store_open(struct ctx *ctx, const struct store_options *options, struct store **out)
{
    return options->url.len > 0 ? postgres_open(ctx, options, out) : sqlite_open(ctx, options, out);
}

void store_close(struct store *store)
{
    if (store != NULL) {
        assert(hold_find(store) == NULL);
        store->driver->close(store);
    }
}

/* Transactions. */

static err in_transaction(struct ctx *ctx, struct store *store, bool writes, store_work *work, void *arg)
{
    static _Atomic u64 last;
    struct hold hold = {.store = store, .writes = writes, .number = ++last, .outer = holds};
    TRY(store->driver->begin(ctx, store, writes, &hold.session));
    holds = &hold;
    err code = work(ctx, store, arg);
    holds = hold.outer;
    if (code == OK) {
        code = store->driver->commit(ctx, store, hold.session);
    }
    store->driver->end(store, hold.session, writes, code);
    return code;
}

err store_write(struct ctx *ctx, struct store *store, store_work *work, void *arg)
{
    struct hold *hold = hold_find(store);
    if (hold != NULL) {
        assert(hold->writes); // one state that nobody changes cannot be changed
        return work(ctx, store, arg);
    }
    return in_transaction(ctx, store, true, work, arg);
}

err store_read(struct ctx *ctx, struct store *store, store_work *work, void *arg)
{
    if (hold_find(store) != NULL) {
        return work(ctx, store, arg); // one state already
    }
    return in_transaction(ctx, store, false, work, arg);
}

/* Statements. */

static err run_in_hold(struct ctx *ctx, struct store *store, void *arg)
{
    struct hold *hold = hold_find(store);
    err code = store->driver->run(ctx, hold->session, arg);
    assert(code != ERR_METHOD || hold->writes); // a statement that writes inside store_read
    return code;
}

static err run_anywhere(struct ctx *ctx, struct store *store, struct run *run)
{
    if (hold_find(store) != NULL) {
        return run_in_hold(ctx, store, run);
    }
    err code = store->driver->alone(ctx, store, run);
    return code == ERR_METHOD ? store_write(ctx, store, run_in_hold, run) : code;
}

err store_run(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args, i64 *changed)
{
    struct run run = {.sql = sql, .args = &args, .writes = true};
    err code = run_anywhere(ctx, store, &run);
    if (changed != NULL) {
        *changed = code == OK ? run.changed : 0;
    }
    return code;
}

err store_later(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args)
{
    struct run run = {.sql = sql, .args = &args, .writes = true};
    struct hold *hold = hold_find(store);
    if (hold != NULL && store->driver->later != NULL) {
        return store->driver->later(ctx, hold->session, &run);
    }
    return run_anywhere(ctx, store, &run);
}

static err keep_one(struct run *run, struct ctx *ctx, struct store_row *row)
{
    row_match(row, run->shape);
    return row_fill(ctx, row, run->out);
}

err store_one(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args,
              const struct shape *shape, void *out)
{
    struct run run = {.sql = sql, .args = &args, .row = keep_one, .first_only = true, .shape = shape, .out = out};
    TRY(run_anywhere(ctx, store, &run));
    return run.rows > 0 ? OK : ERR_NOT_FOUND;
}

static err keep_all(struct run *run, struct ctx *ctx, struct store_row *row)
{
    struct shape_list *list = run->out;
    i64 size = (i64)run->shape->size;
    if (list->count == run->capacity) {
        i64 more = greater(16, run->capacity * 2);
        list->items = arena_grow(&ctx->arena, list->items, run->capacity * size, more * size, _Alignof(max_align_t));
        run->capacity = more;
    }
    row_match(row, run->shape);
    TRY(row_fill(ctx, row, (char *)list->items + list->count * size));
    list->count++;
    return OK;
}

err store_all(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args,
              const struct shape *shape, struct shape_list *out)
{
    *out = (struct shape_list){0};
    struct run run = {.sql = sql, .args = &args, .row = keep_all, .shape = shape, .out = out};
    return run_anywhere(ctx, store, &run);
}

static err keep_number(struct run *run, struct ctx *ctx, struct store_row *row)
{
    (void)ctx;
    *(i64 *)run->out = row_i64(row, 0);
    return OK;
}

err store_number(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args, i64 *out)
{
    *out = 0;
    struct run run = {.sql = sql, .args = &args, .row = keep_number, .first_only = true, .out = out};
    return run_anywhere(ctx, store, &run);
}

static err hand_over(struct run *run, struct ctx *ctx, struct store_row *row)
{
    return run->each(run->self, ctx, row);
}

err store_each(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args,
               err (*each)(void *self, struct ctx *ctx, const struct store_row *row), void *self)
{
    struct run run = {.sql = sql, .args = &args, .row = hand_over, .streams = true, .each = each, .self = self};
    return run_anywhere(ctx, store, &run);
}

/* Several processes. */

bool store_shared(const struct store *store)
{
    return store->driver->tell != NULL;
}

err store_tell(struct ctx *ctx, struct store *store, str channel, str text)
{
    if (!store_shared(store)) {
        return OK;
    }
    assert(text.len <= STORE_TELL_MAX);
    struct buf words = buf_in(&ctx->arena);
    store->driver->tell(store, channel, text, &words);
    return store_later(ctx, store, SQL_POSTGRES_NOTIFY, ARGS(ARG_STR("words", buf_str(&words))));
}

void store_listen(struct store *store, str channel, void (*heard)(void *self, str text), void *self)
{
    if (store_shared(store)) {
        store->driver->listen(store, channel, heard, self);
    }
}

void store_deaf(struct store *store)
{
    if (store->driver->deaf != NULL) {
        store->driver->deaf(store);
    }
}

/* The records as a whole. */

err store_scrub(struct ctx *ctx, struct store *store)
{
    return store->driver->scrub(ctx, store);
}

err store_backup(struct ctx *ctx, struct store *store, str file)
{
    return store->driver->backup(ctx, store, file);
}

void store_count(struct store *store, err code, bool failed)
{
    pthread_mutex_lock(&store->counting);
    store->stats.transactions += code == OK;
    store->stats.failures += failed;
    store->stats.readonly = failed || (store->stats.readonly && code != OK);
    pthread_mutex_unlock(&store->counting);
}

struct store_stats store_stats(struct store *store)
{
    struct store_stats stats;
    store->driver->stats(store, &stats);
    return stats;
}

/* Everything secret stands before the @ or in an option whose name says so. */
str store_shown(struct arena *arena, str url)
{
    i64 from = str_find(url, STR("://"));
    str options = url, head = str_cut(&options, '?');
    i64 begin = from < 0 ? 0 : from + 3, at = str_find_char(head, '@');
    struct buf out = buf_in(arena);
    buf_add(&out, str_slice(head, 0, begin));
    buf_add(&out, str_slice(head, greater(begin, at + 1), head.len));
    for (bool first = true; str_is(options);) {
        str option = str_cut(&options, '&');
        if (str_find(option, STR("pass")) < 0 && option.len > 0) {
            buf_char(&out, first ? '?' : '&');
            buf_add(&out, option);
            first = false;
        }
    }
    return buf_str(&out);
}
