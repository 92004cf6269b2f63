/* Repeats: the same message of the same alias, received within the window.
 *
 * The original is the event whose group ended first: one that was followed, and so can be given up no more. Events of
 * groups that are on their way are nobody's originals, and a process removes only events of its own group. Groups end one at
 * a time over all processes, each after a look that misses no group that ended before, so of several events with
 * one message exactly one counts, whoever fails in between.
 */
#include "events/large.h"

#include "base/clock.h"
#include "events/click_state.h"

#include <stdlib.h>

static const i64 DAY_MS = 24LL * 3600 * 1000;

enum {
    KEYS_AT_ONCE = 20000, /* in one statement: 1 MB of text */
    LOOKS_MAX = 5,        /* while groups are given up, which is rare */
};

static bool has_message(const struct event *event)
{
    return event->message_hash.high != 0 || event->message_hash.low != 0;
}

/* The events of a statement's keys by key, so that its rows find them. */
struct keyed {
    const struct event *event;
    i64 at;
};

static int by_key(const void *a, const void *b)
{
    const struct event *x = ((const struct keyed *)a)->event, *y = ((const struct keyed *)b)->event;
    if (x->alias_id != y->alias_id) {
        return x->alias_id < y->alias_id ? -1 : 1;
    }
    return memcmp(&x->message_hash, &y->message_hash, sizeof x->message_hash);
}

static i64 since_ms(const struct events *log)
{
    return clock_ms() - log->options.window_days * DAY_MS;
}

/* The keys of some messages as a table: two long texts are parsed much faster than thousands of literals. */
static str keys_of(struct ctx *ctx, const struct keyed *keyed, i64 count)
{
    struct buf aliases = buf_in(&ctx->arena), hashes = buf_in(&ctx->arena);
    for (i64 i = 0; i < count; i++) {
        const struct event *event = keyed[i].event;
        char text[2 * sizeof event->message_hash];
        if (i > 0) {
            buf_char(&aliases, ',');
            buf_char(&hashes, ',');
        }
        buf_i64(&aliases, event->alias_id);
        buf_add(&hashes, hex(&event->message_hash, (i64)sizeof event->message_hash, text));
    }
    return CLICK_TEXT_OF(ctx, SQL_LOG_KEYS, CLICK_STR_ARG("aliases", buf_str(&aliases)),
                         CLICK_STR_ARG("hashes", buf_str(&hashes)));
}

/* Events that are there with one of the messages. */
struct there {
    i64 *ids, *items; /* [k]: its id, and the place of the item it says the same as */
    i64 count, capacity;
};

static void add_there(struct ctx *ctx, struct there *there, i64 id, i64 item)
{
    if (there->count == there->capacity) {
        i64 old = there->capacity * (i64)sizeof(i64), wish = there->capacity * 2 + 64;
        there->ids = arena_grow(&ctx->arena, there->ids, old, wish * (i64)sizeof(i64), _Alignof(i64));
        there->items = arena_grow(&ctx->arena, there->items, old, wish * (i64)sizeof(i64), _Alignof(i64));
        there->capacity = wish;
    }
    there->ids[there->count] = id;
    there->items[there->count++] = item;
}

static err ask_there(struct ctx *ctx, struct events *log, const struct intent *intent, const struct keyed *keyed,
                     i64 count, struct there *there)
{
    str sql = LARGE_SQL(ctx, log, SQL_LOG_KNOWN, CLICK_SQL_ARG("keys", keys_of(ctx, keyed, count)),
                        CLICK_I64_ARG("since", since_ms(log)), CLICK_I64_ARG("first", intent->id),
                        CLICK_I64_ARG("last", intent->last), CLICK_I64_ARG("step", log->large->step));
    struct click_rows rows;
    TRY(click_query(ctx, log->large->ch, CLICK_WRITE, sql, &rows));
    while (click_more(&rows)) {
        struct event known = {.alias_id = click_i64(&rows)};
        str hash = click_fixed(&rows, (i64)sizeof known.message_hash);
        i64 id = click_i64(&rows);
        memcpy(&known.message_hash, hash.data, (size_t)hash.len);
        struct keyed wanted = {.event = &known};
        const struct keyed *found = bsearch(&wanted, keyed, (size_t)count, sizeof *keyed, by_key);
        if (found != NULL) {
            add_there(ctx, there, id, found->at);
        }
    }
    return OK;
}

/* The events with a message, ordered by it. */
static i64 gather(struct ctx *ctx, const struct event *items, i64 count, struct keyed **out)
{
    struct keyed *keyed = arena_new(&ctx->arena, struct keyed, greater(count, 1));
    i64 gathered = 0;
    for (i64 i = 0; i < count; i++) {
        if (has_message(&items[i])) {
            keyed[gathered++] = (struct keyed){&items[i], i};
        }
    }
    qsort(keyed, (size_t)gathered, sizeof *keyed, by_key);
    *out = keyed;
    return gathered;
}

/* Is this event of a group that is on its way? */
static bool on_the_way(const struct shape_list *groups, i64 step, i64 id)
{
    const struct intent *group = groups->items;
    for (i64 i = 0; i < groups->count; i++) {
        if (id >= group[i].id && id <= group[i].last && (id - group[i].id) % step == 0) {
            return true;
        }
    }
    return false;
}

/* One look. What is there belongs to a group that is still on its way afterwards, or to one that has ended: followed, unless
 * one was given up meanwhile (`sure` is false then). */
static err look(struct ctx *ctx, struct events *log, const struct intent *intent, const struct keyed *keyed, i64 count,
                i64 *first, bool *sure)
{
    struct store *store = log->large->store;
    struct there there = {0};
    struct shape_list groups;
    i64 dropped, dropped_now;
    TRY(store_number(ctx, store, SQL_GROUPS_DROPPED, ARGS_NONE, &dropped));
    for (i64 from = 0; from < count; from += KEYS_AT_ONCE) {
        TRY(ask_there(ctx, log, intent, keyed + from, lesser(KEYS_AT_ONCE, count - from), &there));
    }
    struct store_args args = ARGS(ARG_I64("current", intent->id));
    TRY(store_all(ctx, store, SQL_GROUPS_OTHERS, args, &intent_shape, &groups));
    TRY(store_number(ctx, store, SQL_GROUPS_DROPPED, ARGS_NONE, &dropped_now));
    for (i64 i = 0; i < there.count; i++) {
        if (!on_the_way(&groups, log->large->step, there.ids[i])) {
            first[there.items[i]] = there.ids[i];
        }
    }
    *sure = dropped == dropped_now;
    return OK;
}

err large_known(struct ctx *ctx, struct events *log, const struct intent *intent, const struct event *items, i64 count,
                i64 *first, i64 *ended)
{
    struct keyed *keyed;
    i64 gathered = gather(ctx, items, count, &keyed);
    memset(first, 0, (size_t)count * sizeof *first);
    TRY(store_number(ctx, log->large->store, SQL_GROUPS_ENDED, ARGS_NONE, ended));
    for (int looks = 0; looks < LOOKS_MAX && gathered > 0; looks++) {
        bool sure;
        memset(first, 0, (size_t)count * sizeof *first);
        TRY(look(ctx, log, intent, keyed, gathered, first, &sure));
        if (sure) {
            return OK;
        }
    }
    return gathered == 0 ? OK : click_fail_busy(ctx);
}

err large_lose(struct ctx *ctx, struct events *log, const struct intent *intent, const struct event *items, i64 count,
               i64 *first, i64 *ended)
{
    i64 *losers = arena_new(&ctx->arena, i64, greater(count, 1)), lost = 0;
    TRY(large_known(ctx, log, intent, items, count, first, ended));
    for (i64 i = 0; i < count; i++) {
        if (first[i] != 0) {
            losers[lost++] = items[i].id;
        }
    }
    return lost == 0 ? OK : large_remove(ctx, log, losers, lost);
}
