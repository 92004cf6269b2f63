/* Repeats: the same message of the same alias, received within the window. The first event stored counts. */
#include "events/large.h"

#include "base/clock.h"

#include <stdlib.h>

static const i64 DAY_MS = 24LL * 3600 * 1000;

enum { KEYS_AT_ONCE = 20000 }; /* in one statement: 1 MB of text */

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

static str about(struct ctx *ctx, const struct events *log, enum statement sql, const struct keyed *keyed, i64 count)
{
    return LARGE_SQL(ctx, log, sql, CLICK_SQL_ARG("keys", keys_of(ctx, keyed, count)),
                     CLICK_I64_ARG("since", since_ms(log)));
}

static err ask_known(struct ctx *ctx, struct events *log, const struct keyed *keyed, i64 count, i64 *first)
{
    str sql = about(ctx, log, SQL_LOG_KNOWN, keyed, count);
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
            first[found->at] = id;
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

err large_known(struct ctx *ctx, struct events *log, const struct event *items, i64 count, i64 *first)
{
    struct keyed *keyed;
    memset(first, 0, (size_t)count * sizeof *first);
    i64 gathered = gather(ctx, items, count, &keyed);
    for (i64 from = 0; from < gathered; from += KEYS_AT_ONCE) {
        TRY(ask_known(ctx, log, keyed + from, lesser(KEYS_AT_ONCE, gathered - from), first));
    }
    return OK;
}

struct losers {
    i64 *ids, *firsts;
    i64 count;
};

static err ask_repeats(struct ctx *ctx, struct events *log, const struct keyed *keyed, i64 count, struct losers *losers)
{
    str sql = about(ctx, log, SQL_LOG_REPEATS, keyed, count);
    struct click_rows rows;
    TRY(click_query(ctx, log->large->ch, CLICK_WRITE, sql, &rows));
    i64 most = (rows.end - rows.at) / (2 * (i64)sizeof(i64));
    losers->ids = arena_new(&ctx->arena, i64, greater(most, 1));
    losers->firsts = arena_new(&ctx->arena, i64, greater(most, 1));
    for (losers->count = 0; click_more(&rows); losers->count++) {
        losers->ids[losers->count] = click_i64(&rows);
        losers->firsts[losers->count] = click_i64(&rows);
    }
    return OK;
}

static void note_losers(const struct losers *losers, const struct event *items, i64 count, i64 *first)
{
    for (i64 i = 0; i < losers->count; i++) {
        for (i64 k = 0; k < count; k++) { // races are few
            if (items[k].id == losers->ids[i]) {
                first[k] = losers->firsts[i];
            }
        }
    }
}

err large_look_again(struct ctx *ctx, struct events *log, const struct event *items, i64 count, i64 *first)
{
    struct keyed *keyed;
    memset(first, 0, (size_t)count * sizeof *first);
    i64 gathered = gather(ctx, items, count, &keyed);
    for (i64 from = 0; from < gathered; from += KEYS_AT_ONCE) {
        struct losers losers = {0};
        TRY(ask_repeats(ctx, log, keyed + from, lesser(KEYS_AT_ONCE, gathered - from), &losers));
        if (losers.count > 0) {
            TRY(large_remove(ctx, log, losers.ids, losers.count));
            note_losers(&losers, items, count, first);
        }
    }
    return OK;
}
