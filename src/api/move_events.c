/* The events: copied block by block, compared as a whole. */
#include "api/move.h"
#include "base/buf.h"
#include "base/clock.h"
#include "events/row.h"
#include "people/identity.h"
#include "store/installation.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK_EVENTS = 8000, BLOCK_BYTES = 8 << 20 };

void move_tell(struct move *move)
{
    static const i64 EVERY_NS = 500000000;
    i64 now_ns = clock_steady_ns();
    if (now_ns - move->told_ns < EVERY_NS || isatty(STDERR_FILENO) == 0) {
        return;
    }
    move->told_ns = now_ns;
    struct arena arena = {0};
    f64 seconds = (f64)(now_ns - move->begun_ns) / 1e9;
    struct fault_arg args[] = {
        {"events", str_format(&arena, "%lld", (long long)move->copied)},
        {"rate", str_format(&arena, "%.0f", (f64)move->copied / seconds)},
    };
    str line = sentence_fill(&arena, move->cli->language, "cli.move_progress", args, (i32)countof(args));
    (void)fprintf(stderr, "\r\033[K%.*s", STR_ARG(line));
    move->cli->told = true;
    arena_free(&arena);
}

err move_prepare(void *self, struct ctx *ctx, struct event *items, i64 count)
{
    struct move *move = self;
    for (i64 i = 0; i < count; i++) {
        if (items[i].alias.len == 0) {
            continue;
        }
        alias_no alias = identity_find(move->aliases, items[i].alias);
        if (alias == 0) {
            return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.move_alias");
        }
        items[i].alias_id = identity_id(move->aliases, alias);
    }
    return OK;
}

/* A block on its way. */
struct block {
    struct move *move;
    struct ctx memory; /* of its events */
    struct event *items;
    i64 count, bytes, last;
};

static bool knows_alias(const struct move *move, const struct event *event)
{
    return event->alias.len == 0 || identity_find(move->aliases, event->alias) != 0;
}

static err put_block(struct ctx *ctx, struct block *block)
{
    struct move *move = block->move;
    if (block->count == 0) {
        return OK;
    }
    struct ctx own = {.stop = ctx->stop};
    err code = events_put(&own, move->to.log, block->items, block->count);
    if (code == OK) {
        move->cursor = block->items[block->count - 1].id;
        move->copied += block->count;
        str number = str_format(&own.arena, "%lld", (long long)move->cursor);
        code = installation_note(&own, move->to.store, STR("move_cursor"), number);
    }
    if (code != OK) {
        (void)ctx_fail_args(ctx, code, NULL, own.fault.key, own.fault.args, own.fault.arg_count);
    }
    ctx_end(&own);
    arena_reset(&block->memory.arena);
    block->count = block->bytes = 0;
    move_tell(move);
    return code;
}

static i64 size_of(const struct event *event)
{
    return event->props.len + event->text.len + event->alias.len + 200;
}

static err take_event(void *self, struct ctx *ctx, const struct event *event)
{
    struct block *block = self;
    struct move *move = block->move;
    if (event->id > block->last || (move->live && side_large(&move->to) && !knows_alias(move, event))) {
        return ERR_EMPTY; // the next run takes the rest
    }
    block->items[block->count] = *event;
    event_keep(&block->memory.arena, &block->items[block->count++]);
    block->bytes += size_of(event);
    return block->count < BLOCK_EVENTS && block->bytes < BLOCK_BYTES ? OK : put_block(ctx, block);
}

err move_events(struct ctx *ctx, struct move *move, i64 last)
{
    struct block block = {.move = move, .last = last};
    block.items = mem_new(BLOCK_EVENTS * (i64)sizeof *block.items);
    err code = events_scan(ctx, move->from.log, move->cursor, EVENT_ALL, take_event, &block);
    code = code == ERR_EMPTY ? OK : code;
    if (code == OK) {
        code = put_block(ctx, &block);
    }
    mem_free(block.items);
    ctx_end(&block.memory);
    return code;
}

/* Digesting. */

struct summing {
    struct move *move;
    struct sha256_parts parts;
    struct buf bytes;
    i64 rows;
};

static void add_number(struct buf *out, i64 value)
{
    for (int shift = 56; shift >= 0; shift -= 8) {
        buf_char(out, (char)((u64)value >> shift & 0xff));
    }
}

static void add_text(struct buf *out, str text)
{
    add_number(out, text.len);
    buf_add(out, text);
}

static err sum_event(void *self, struct ctx *ctx, const struct event *event)
{
    struct summing *sum = self;
    struct buf *out = &sum->bytes;
    const str texts[] = {event->alias, event->kind,       event->source, event->channel,
                         event->place, event->touchpoint, event->metric, event->question,
                         event->scale, event->currency,   event->text,   event->props};
    i64 score;
    memcpy(&score, &event->score.value, sizeof score);
    out->len = 0;
    const i64 numbers[] = {event->id,
                           event->at_ms,
                           event->received_ms,
                           event->import,
                           (i64)event->message_hash.high,
                           (i64)event->message_hash.low,
                           event->version,
                           event->score.is,
                           event->score.is ? score : 0,
                           event->reversed,
                           event->amount.is,
                           event->amount.is ? event->amount.value : 0};
    for (i64 i = 0; i < countof(numbers); i++) {
        add_number(out, numbers[i]);
    }
    for (i64 i = 0; i < countof(texts); i++) {
        add_text(out, texts[i]);
    }
    sha256_add(&sum->parts, buf_str(out));
    sum->rows++;
    return ctx_stopped(ctx) ? ERR_CANCELLED : OK;
}

err events_sum(struct ctx *ctx, struct move *move, struct events *log, struct tables_sum *out)
{
    struct arena arena = {0};
    struct summing sum = {.move = move, .bytes = buf_in(&arena)};
    sha256_begin(&sum.parts);
    err code = events_scan(ctx, log, 0, EVENT_ALL, sum_event, &sum);
    out->rows = sum.rows;
    out->digest = sha256_end(&sum.parts);
    arena_free(&arena);
    return code;
}

/* Repairing. */

struct ids {
    i64 *items;
    i64 count, capacity;
};

static void add_id(struct ids *ids, i64 id)
{
    if (ids->count == ids->capacity) {
        ids->capacity = greater(1024, ids->capacity * 2);
        ids->items = mem_resize(ids->items, ids->capacity * (i64)sizeof *ids->items);
    }
    ids->items[ids->count++] = id;
}

static err gather(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    add_id(self, event->id);
    return OK;
}

/* Of two ordered lists: what only one of them has. */
static void differences(const struct ids *from, const struct ids *to, struct ids *missing, struct ids *extra)
{
    for (i64 f = 0, t = 0; f < from->count || t < to->count;) {
        if (t == to->count || (f < from->count && from->items[f] < to->items[t])) {
            add_id(missing, from->items[f++]);
        } else if (f == from->count || to->items[t] < from->items[f]) {
            add_id(extra, to->items[t++]);
        } else {
            f++;
            t++;
        }
    }
}

static err put_missing(struct ctx *ctx, struct move *move, const struct ids *missing)
{
    for (i64 at = 0; at < missing->count; at += BLOCK_EVENTS) {
        struct event *items;
        i64 found = 0, count = lesser(BLOCK_EVENTS, missing->count - at);
        TRY(events_fetch(ctx, move->from.log, missing->items + at, count, &items, &found));
        TRY(events_put(ctx, move->to.log, items, found));
    }
    return OK;
}

static err drop_extra(struct ctx *ctx, struct move *move, const struct ids *extra)
{
    for (i64 at = 0; at < extra->count; at += BLOCK_EVENTS) {
        i64 deleted;
        TRY(events_delete(ctx, move->to.log, extra->items + at, lesser(BLOCK_EVENTS, extra->count - at), &deleted));
    }
    return OK;
}

err move_repair(struct ctx *ctx, struct move *move)
{
    struct ids from = {0}, to = {0}, missing = {0}, extra = {0};
    err code = events_scan(ctx, move->from.log, 0, EVENT_KEYS, gather, &from);
    code = code == OK ? events_scan(ctx, move->to.log, 0, EVENT_KEYS, gather, &to) : code;
    if (code == OK) {
        differences(&from, &to, &missing, &extra);
        code = drop_extra(ctx, move, &extra);
    }
    code = code == OK ? put_missing(ctx, move, &missing) : code;
    mem_free(from.items);
    mem_free(to.items);
    mem_free(missing.items);
    mem_free(extra.items);
    return code;
}
