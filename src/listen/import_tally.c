#include "listen/import_run.h"

#include "base/buf.h"
#include "base/clock.h"

enum { CHECKPOINT_NS = 200 * 1000 * 1000 };

static struct tally_reason *reason_slot(struct run *run, const struct tally_reason *reason)
{
    struct shape_list *list = &run->tally.reasons;
    for (i64 i = 0; i < list->count; i++) {
        struct tally_reason *at = &run->reasons[i];
        if (str_eq(at->key, reason->key) && str_eq(at->column, reason->column) &&
            str_eq(at->allowed, reason->allowed)) {
            return at;
        }
    }
    struct tally_reason *slot = &run->reasons[lesser(list->count, REASONS_MAX)];
    struct arena *arena = &run->ctx->arena;
    if (list->count < REASONS_MAX) {
        *slot = (struct tally_reason){str_copy(arena, reason->key), str_copy(arena, reason->column),
                                      str_copy(arena, reason->allowed), 0};
        list->count++;
    } else if (list->count == REASONS_MAX) {
        *slot = (struct tally_reason){STR("import.other_reasons"), STR(""), STR(""), 0};
        list->count++;
    }
    return slot;
}

static int by_hash(const void *a, const void *b)
{
    const struct u128 *left = a, *right = b;
    if (left->high != right->high) {
        return left->high < right->high ? -1 : 1;
    }
    return left->low < right->low ? -1 : left->low > right->low;
}

/* A message that was there already: by this import before it was interrupted, or by another. */
static bool is_own(const struct run *run, const struct event *event)
{
    const struct own_hashes *own = &run->own;
    return own->count > 0 &&
           bsearch(&event->message_hash, own->items, (size_t)own->count, sizeof(struct u128), by_hash);
}

static void settle_stored(struct run *run, const struct chunk *chunk, const struct chunk_line *line)
{
    i64 stored = 0;
    for (i64 i = line->first; i < line->first + line->count; i++) {
        const struct event *event = &chunk->events[i];
        stored += chunk->batch.outcomes[i] == EVENT_STORED || is_own(run, event);
        run->tally.newest = greater(run->tally.newest, event->id);
    }
    run->tally.events += stored;
    *(stored > 0 ? &run->tally.stored : &run->tally.duplicates) += 1;
}

/* The refused lines go to their list before anything is counted, so that a full disk leaves the counts as they were. */
static err list_refused(struct run *run, struct chunk *chunk)
{
    struct buf list = buf_in(&chunk->ctx.arena);
    for (i64 i = 0; i < chunk->line_count; i++) {
        const struct chunk_line *line = &chunk->lines[i];
        if (line->count == 0) {
            str reason = reason_text(&chunk->ctx.arena, (enum language)run->task.language, &line->reason);
            refused_row(&list, line->line, reason, line->text);
        }
    }
    if (list.len > 0) {
        TRY(refused_add(run->ctx, &run->refused, buf_str(&list)));
        run->tally.refused_bytes = run->refused.bytes;
    }
    return OK;
}

err chunk_settle(struct run *run, struct chunk *chunk)
{
    err listed = list_refused(run, chunk);
    if (listed != OK) {
        run->broken = true;
        return listed;
    }
    for (i64 i = 0; i < chunk->line_count; i++) {
        const struct chunk_line *line = &chunk->lines[i];
        if (line->count > 0) {
            settle_stored(run, chunk, line);
        } else {
            run->tally.refused++;
            reason_slot(run, &line->reason)->count++;
        }
    }
    run->tally.lines += chunk->line_count;
    return clock_steady_ns() - run->told_ns > CHECKPOINT_NS ? run_checkpoint(run) : OK;
}

str run_tally_text(struct run *run)
{
    run->tally.reasons.items = run->reasons;
    struct json_writer text = json_writer_in(&run->ctx->arena);
    shape_write(&text, &import_tally_shape, &run->tally, SHAPE_ALL);
    return json_text(&text);
}

err run_checkpoint(struct run *run)
{
    struct ctx here = {0};
    run->tally.reasons.items = run->reasons;
    struct json_writer text = json_writer_in(&here.arena);
    shape_write(&text, &import_tally_shape, &run->tally, SHAPE_ALL);
    run->told_ns = clock_steady_ns();
    f64 progress = lesser(rows_done(run->rows), 0.999);
    err result = job_progress(&here, run->importer->options.store, run->job->id, progress, json_text(&text));
    if (result == OK) {
        import_publish(run->importer, &here, run->job->id);
    }
    ctx_end(&here);
    return result;
}

static err find_own(void *self, struct ctx *ctx, const struct event *event)
{
    struct run *run = self;
    if (event->import != run->job->id) {
        return OK;
    }
    struct own_hashes *own = &run->own;
    if (own->count == own->room) {
        i64 room = own->room * 2 + 1024, size = (i64)sizeof(struct u128);
        own->items = arena_grow(&run->ctx->arena, own->items, own->room * size, room * size, _Alignof(struct u128));
        own->room = room;
    }
    own->items[own->count++] = event->message_hash;
    (void)ctx;
    return OK;
}

err run_restore(struct run *run)
{
    if (str_is(run->job->output)) {
        TRY(shape_parse(run->ctx, &import_tally_shape, run->job->output, &run->tally, NULL));
        i64 count = lesser(run->tally.reasons.count, REASONS_MAX + 1);
        if (count > 0) {
            memcpy(run->reasons, run->tally.reasons.items, (size_t)count * sizeof run->reasons[0]);
        }
        run->tally.reasons.count = count;
    }
    run->to_skip = run->tally.lines;
    if (run->job->attempts <= 1) {
        return OK;
    }
    struct ctx here = {0};
    err result = events_scan(&here, run->importer->options.events, run->tally.newest, EVENT_KEYS, find_own, run);
    ctx_end(&here);
    if (run->own.count > 1) {
        qsort(run->own.items, (size_t)run->own.count, sizeof(struct u128), by_hash);
    }
    return result;
}
