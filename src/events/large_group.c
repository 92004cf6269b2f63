/* The life of a group: events/large.h draws it. */
#include "events/large.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "events/click_state.h"

#include <time.h>

enum {
    TRIES_MAX = 6, /* of an insert that was surely not stored: 50 ms, 100, 200 … together 3 s */
    TRY_FIRST_MS = 50,
};

/* The group at work: events that may be stored, and where each is answered. */
struct work {
    struct events *log;
    struct event *items; /* log->group */
    struct event **origin;
    u8 **outcome;
    i64 *first; /* the event an item repeats; 0: none */
    i64 count;
    i64 ended; /* how many groups had ended when `first` was found */
};

static void pause_ms(i64 ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&pause, NULL);
}

/* Gathering: repeats within the group are known without asking anybody. */

struct seen {
    i64 *slots; /* index + 1 into the items */
    i64 mask;
};

static bool add_seen(struct seen *seen, const struct event *items, i64 at)
{
    const struct event *item = &items[at];
    i64 slot = (i64)(item->message_hash.low & (u64)seen->mask);
    for (; seen->slots[slot] != 0; slot = (slot + 1) & seen->mask) {
        const struct event *other = &items[seen->slots[slot] - 1];
        if (memcmp(&other->message_hash, &item->message_hash, sizeof item->message_hash) == 0 &&
            str_eq(other->alias, item->alias)) {
            return false;
        }
    }
    seen->slots[slot] = at + 1;
    return true;
}

static void take_item(struct work *work, struct seen *seen, struct event *item, u8 *outcome)
{
    struct event *copy = &work->items[work->count];
    *copy = *item;
    bool known = item->message_hash.high != 0 || item->message_hash.low != 0;
    if (known && !add_seen(seen, work->items, work->count)) {
        *outcome = EVENT_DUPLICATE;
        item->id = 0;
        return;
    }
    *outcome = EVENT_STORED;
    work->origin[work->count] = item;
    work->outcome[work->count] = outcome;
    work->count++;
}

static void gather(struct ctx *ctx, struct work *work, struct event_batch *first)
{
    i64 count = 0, slots = 16;
    for (struct event_batch *batch = first; batch != NULL; batch = batch->next) {
        count += batch->count;
    }
    while (slots < count * 2) {
        slots *= 2;
    }
    struct events *log = work->log;
    if (count > log->group_capacity) {
        log->group_capacity = count;
        log->group = mem_resize(log->group, count * (i64)sizeof *log->group);
    }
    work->items = log->group;
    work->origin = arena_new(&ctx->arena, struct event *, count);
    work->outcome = arena_new(&ctx->arena, u8 *, count);
    work->first = arena_new(&ctx->arena, i64, count);
    struct seen seen = {arena_new(&ctx->arena, i64, slots), slots - 1};
    for (struct event_batch *batch = first; batch != NULL; batch = batch->next) {
        for (i64 i = 0; i < batch->count; i++) {
            take_item(work, &seen, &batch->items[i], &batch->outcomes[i]);
        }
    }
}

/* Ids are dense, so that a group's are known from its first and last. */
static void number(struct work *work)
{
    struct events *log = work->log;
    struct large *large = log->large;
    i64 id = id_new();
    while (id <= log->last_id) { // the clock may have been set back
        id = log->last_id + large->step;
    }
    struct intent *intent = &large->current;
    *intent = (struct intent){.id = id, .process = id_process(), .from_ms = INT64_MAX, .to_ms = INT64_MIN};
    for (i64 i = 0; i < work->count; i++, id += large->step) {
        struct event *item = &work->items[i];
        item->id = intent->last = log->last_id = id;
        intent->from_ms = lesser(intent->from_ms, item->received_ms);
        intent->to_ms = greater(intent->to_ms, item->received_ms);
    }
}

/* The first transaction. */
static err begin(struct ctx *ctx, struct store *store, void *arg)
{
    struct work *work = arg;
    struct events *log = work->log;
    struct intent *intent = &log->large->current;
    if (log->options.prepare != NULL) {
        TRY(log->options.prepare(log->options.prepare_self, ctx, work->items, work->count));
    }
    intent->at_ms = ctx_now_ms(ctx);
    return store_run(ctx, store, SQL_GROUPS_BEGIN, ARGS_OF(&intent_shape, intent), NULL);
}

/* Leaves out the items that repeat another one: `first` says which. */
static void drop_repeats(struct work *work)
{
    i64 kept = 0;
    for (i64 i = 0; i < work->count; i++) {
        if (work->first[i] != 0) {
            *work->outcome[i] = EVENT_DUPLICATE;
            continue;
        }
        work->items[kept] = work->items[i];
        work->origin[kept] = work->origin[i];
        work->outcome[kept] = work->outcome[i];
        kept++;
    }
    work->count = kept;
}

static err find_repeats(struct ctx *ctx, struct work *work)
{
    struct events *log = work->log;
    TRY(large_known(ctx, log, &log->large->current, work->items, work->count, work->first, &work->ended));
    drop_repeats(work);
    return OK;
}

/* Inserting. */

static str rows_of(struct ctx *ctx, const struct work *work)
{
    struct buf rows = buf_in(&ctx->arena);
    for (i64 i = 0; i < work->count; i++) {
        large_put_event(ctx, &rows, &work->items[i]);
    }
    return buf_str(&rows);
}

/* After an insert of which nobody knows: is all of the group there, or nothing? */
static err look(struct ctx *ctx, struct work *work, bool *all, bool *nothing)
{
    i64 *ids;
    i64 count;
    TRY(large_group_ids(ctx, work->log, &work->log->large->current, &ids, &count));
    *nothing = count == 0;
    *all = count == work->count;
    for (i64 i = 0; i < count && *all; i++) {
        *all = ids[i] == work->items[i].id; // each once
    }
    return OK;
}

/* A server that is too busy has said so, and the statement has ended: when nothing of it is there, it is sent again. */
static err insert(struct ctx *ctx, struct work *work)
{
    struct events *log = work->log;
    str rows = rows_of(ctx, work);
    str sql = LARGE_SQL(ctx, log, SQL_LOG_INSERT);
    i64 wait_ms = TRY_FIRST_MS;
    for (int tries = 1;; tries++, wait_ms *= 2) {
        enum click_fate fate;
        err code = click_insert(ctx, log->large->ch, sql, rows, &fate);
        bool all = false, nothing = fate == CLICK_REFUSED;
        if (code == OK && tries == 1) {
            return OK;
        }
        bool busy = ctx->fault.key != NULL && strcmp(ctx->fault.key, "error.events_busy") == 0;
        struct fault fault = ctx->fault;
        ctx_forgive(ctx);
        if (fate != CLICK_REFUSED && look(ctx, work, &all, &nothing) != OK) {
            ctx->fault = fault.key != NULL ? fault : ctx->fault;
            return code != OK ? code : ERR_UNAVAILABLE;
        }
        if (all) {
            return OK;
        }
        if (!busy || !nothing || tries == TRIES_MAX) {
            ctx->fault = fault;
            return code != OK ? code : click_fail_busy(ctx);
        }
        pause_ms(wait_ms);
    }
}

/* Where others have ended a group since, both may have stored the same message. Looking here keeps most looks out of the
 * transaction that ends the group, during which nobody else can end one. */
static err look_again(struct ctx *ctx, struct work *work)
{
    struct events *log = work->log;
    i64 ended;
    TRY(store_number(ctx, log->large->store, SQL_GROUPS_ENDED, ARGS_NONE, &ended));
    if (ended == work->ended) {
        return OK;
    }
    TRY(large_lose(ctx, log, &log->large->current, work->items, work->count, work->first, &work->ended));
    drop_repeats(work);
    return OK;
}

static err end(struct ctx *ctx, struct work *work)
{
    struct events *log = work->log;
    struct ending ending = {work->items, work->count, work->first, work->ended};
    memset(work->first, 0, (size_t)work->count * sizeof *work->first);
    TRY(large_follow(ctx, log, &log->large->current, &ending));
    drop_repeats(work);
    return OK;
}

static err go_through(struct ctx *ctx, struct work *work)
{
    struct events *log = work->log;
    const struct intent *intent = &log->large->current;
    TRY(find_repeats(ctx, work));
    if (work->count == 0) {
        return large_close_intent(ctx, log, intent->id, false);
    }
    i64 begun = clock_steady_ns();
    TRY(insert(ctx, work));
    i64 took = clock_steady_ns() - begun;
    TRY(look_again(ctx, work));
    TRY(end(ctx, work));
    pthread_mutex_lock(&log->queue);
    log->stats.groups++;
    log->stats.commit_ns += took;
    log->stats.commit_ns_max = greater(log->stats.commit_ns_max, took);
    pthread_mutex_unlock(&log->queue);
    return OK;
}

static void answer(struct work *work)
{
    for (i64 i = 0; i < work->count; i++) {
        work->origin[i]->id = work->items[i].id;
        work->origin[i]->alias_id = work->items[i].alias_id;
    }
}

/* It is answered with a failure, so that senders send it again: nothing of it may count. The records are told before the
 * senders are or, where they cannot be reached, before anything else of ours is stored. */
static void doom(struct events *log)
{
    struct large *large = log->large;
    struct ctx own = {0};
    struct store_args args = ARGS(ARG_I64("id", large->current.id), ARG_I64("process", id_process()));
    err code = store_run(&own, large->store, SQL_GROUPS_DOOM, args, NULL);
    if (code != OK && large->doomed_count < countof(large->doomed)) {
        large->doomed[large->doomed_count++] = large->current.id;
    }
    ctx_end(&own);
}

static err store_group(struct ctx *ctx, struct events *log, struct event_batch *first)
{
    struct work work = {.log = log};
    TRY(large_recover(ctx, log));
    gather(ctx, &work, first);
    number(&work);
    err code = store_write(ctx, log->large->store, begin, &work);
    if (code == OK) {
        code = go_through(ctx, &work);
    }
    if (code == OK) {
        answer(&work);
    } else {
        doom(log);
    }
    log->large->current.id = 0;
    return code;
}

err large_group(struct ctx *ctx, struct events *log, struct event_batch *first)
{
    // What gathered before a store went away is refused at once, like what comes now: nobody waits for the next to fail too.
    err code = large_takes(ctx, log);
    if (code == OK) {
        code = large_note(ctx, log, store_group(ctx, log, first));
    }
    if (code != OK && code != ERR_UNAVAILABLE) {
        log_fault(LOG_ERROR, "events_group", ctx, code); // whatever it was, the sender can only try again
        ctx_forgive(ctx);
        code = click_fail_away(ctx);
    }
    return code;
}
