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
    WAIT_OTHER_MS = 5000, /* for a group of another process that holds the original of a repeat */
    LOOK_OTHER_MS = 50,
};

/* The group at work: events that may be stored, and where each is answered. */
struct work {
    struct events *log;
    struct event *items; /* log->group */
    struct event **origin;
    u8 **outcome;
    i64 *first; /* scratch: the event an item repeats */
    i64 count;
    i64 groups, others; /* how many groups there ever were when this one began; others on their way then */
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
    TRY(store_run(ctx, store, SQL_GROUPS_BEGIN, ARGS_OF(&intent_shape, intent), NULL));
    TRY(store_run(ctx, store, SQL_GROUPS_COUNT, ARGS_NONE, NULL));
    TRY(store_number(ctx, store, SQL_GROUPS_COUNTED, ARGS_NONE, &work->groups));
    return store_number(ctx, store, SQL_GROUPS_OTHERS, ARGS(ARG_I64("process", intent->process)), &work->others);
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

/* A repeat is answered only when its original is stored and followed: waits for the process that is about to. */
static err wait_for_others(struct ctx *ctx, struct work *work, bool *waited)
{
    struct store *store = work->log->large->store;
    *waited = false;
    for (i64 i = 0; i < work->count && work->others > 0; i++) {
        i64 until_ns = clock_steady_ns() + (i64)WAIT_OTHER_MS * 1000000, held = 0;
        struct store_args args = ARGS(ARG_I64("event", work->first[i]));
        if (work->first[i] == 0) {
            continue;
        }
        TRY(store_number(ctx, store, SQL_GROUPS_HOLDING, args, &held));
        for (*waited = *waited || held > 0; held > 0;) {
            if (clock_steady_ns() > until_ns) {
                return click_fail_busy(ctx);
            }
            pause_ms(LOOK_OTHER_MS);
            TRY(store_number(ctx, store, SQL_GROUPS_HOLDING, args, &held));
        }
    }
    return OK;
}

static err find_repeats(struct ctx *ctx, struct work *work)
{
    bool waited;
    TRY(large_known(ctx, work->log, work->items, work->count, work->first));
    TRY(wait_for_others(ctx, work, &waited));
    if (waited) { // the group it was in may have been given up
        TRY(large_known(ctx, work->log, work->items, work->count, work->first));
    }
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

/* Did another process have a group at the same time? Then both may have found nothing and stored the same message. */
static err others_at_work(struct ctx *ctx, const struct work *work, bool *out)
{
    i64 groups;
    TRY(store_number(ctx, work->log->large->store, SQL_GROUPS_COUNTED, ARGS_NONE, &groups));
    *out = work->others > 0 || groups != work->groups;
    return OK;
}

static err look_again(struct ctx *ctx, struct work *work)
{
    bool others;
    TRY(others_at_work(ctx, work, &others));
    if (others) {
        TRY(large_look_again(ctx, work->log, work->items, work->count, work->first));
        drop_repeats(work);
    }
    return OK;
}

static err go_through(struct ctx *ctx, struct work *work)
{
    struct events *log = work->log;
    const struct intent *intent = &log->large->current;
    TRY(find_repeats(ctx, work));
    if (work->count == 0) {
        return large_close_intent(ctx, log, intent->id);
    }
    i64 begun = clock_steady_ns();
    TRY(insert(ctx, work));
    i64 took = clock_steady_ns() - begun;
    TRY(look_again(ctx, work));
    TRY(large_follow(ctx, log, intent, work->items, work->count));
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

/* It is answered with a failure, so that senders send it again: nothing of it may count. */
static void doom(struct events *log)
{
    struct large *large = log->large;
    if (large->doomed_count == countof(large->doomed)) {
        // Those that do not fit are kept like those of a process that died.
        memmove(large->doomed, large->doomed + 1, sizeof large->doomed - sizeof large->doomed[0]);
        large->doomed_count--;
    }
    large->doomed[large->doomed_count++] = large->current.id;
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
