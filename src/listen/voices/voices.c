/* The room: how far the log was followed, and following it. */
#include "base/progress.h"
#include "events/row.h"
#include "listen/voices/inside.h"
#include "store/search.h"
#include "text/reading.h"

/* Events without a word or a score move the cursor only now and then. */
enum { CURSOR_EVERY = 20000 };

/* What made the rows; others are made anew. */
enum { READING = SEARCH_WORDS_VERSION * 1000 + TEXT_READER_VERSION };

struct state {
    i64 event, reading, whole;
};
static const struct shape_field state_fields[] = {
    {"event", SHAPE_I64, offsetof(struct state, event)},
    {"reading", SHAPE_I64, offsetof(struct state, reading)},
    {"whole", SHAPE_I64, offsetof(struct state, whole)},
};
static const struct shape state_shape = SHAPE("FeedbackState", struct state, state_fields, NULL);

static err set_state(struct ctx *ctx, struct voices *voices, i64 event, bool whole)
{
    return store_run(ctx, voices->store, SQL_FEEDBACK_STATE_SET,
                     ARGS(ARG_I64("event", event), ARG_I64("reading", READING), ARG_I64("whole", whole)), NULL);
}

/* Everything that is derived goes, and the log is followed from its beginning. */
static err put_away(struct ctx *ctx, struct store *store, void *arg)
{
    struct voices *voices = arg;
    TRY(search_words_clear(ctx, store));
    TRY(store_run(ctx, store, SQL_FEEDBACK_CLEAR_TEXTS, ARGS_NONE, NULL));
    TRY(store_run(ctx, store, SQL_FEEDBACK_CLEAR, ARGS_NONE, NULL));
    return set_state(ctx, voices, 0, false);
}

static err find_state(struct ctx *ctx, struct voices *voices, bool again)
{
    struct state state = {0};
    err code = store_one(ctx, voices->store, SQL_FEEDBACK_STATE, ARGS_NONE, &state_shape, &state);
    if (code != OK && code != ERR_NOT_FOUND) {
        return code;
    }
    if (code == ERR_NOT_FOUND || again || state.reading != READING) {
        state = (struct state){0};
        TRY(store_write(ctx, voices->store, put_away, voices));
    }
    voices->cursor = voices->kept_cursor = state.event;
    voices->whole = state.whole != 0;
    return OK;
}

err voices_open(struct ctx *ctx, struct store *store, bool again, struct voices **out)
{
    struct voices *voices = mem_new(sizeof *voices);
    voices->store = store;
    voices->shared = store_shared(store);
    err code = find_state(ctx, voices, again);
    if (code != OK) {
        mem_free(voices);
        return code;
    }
    *out = voices;
    return OK;
}

void voices_close(struct voices *voices)
{
    mem_free(voices);
}

i64 voices_taken(const struct voices *voices)
{
    return atomic_load(&((struct voices *)voices)->taken);
}

/* The rows of a group, in memory of the context. */
struct group {
    struct voices *voices;
    struct feedback *rows;
    i64 count, up_to;
};

static err gather(struct ctx *ctx, const struct event *items, i64 count, struct group *group)
{
    i64 found = 0;
    for (i64 i = 0; i < count; i++) {
        found += feedback_is(&items[i]);
    }
    group->count = 0;
    group->rows = found == 0 ? NULL : arena_new(&ctx->arena, struct feedback, found);
    for (i64 i = 0; i < count && found > 0; i++) {
        if (feedback_is(&items[i])) {
            TRY(feedback_of(ctx, &items[i], &group->rows[group->count++]));
        }
    }
    return OK;
}

static err write_group(struct ctx *ctx, [[maybe_unused]] struct store *store, void *arg)
{
    struct group *group = arg;
    struct voices *voices = group->voices;
    if (group->count > 0) {
        TRY(feedback_write(ctx, voices, group->rows, group->count));
    }
    return voices->shared ? OK : set_state(ctx, voices, group->up_to, true);
}

static err follow_group(struct ctx *ctx, struct voices *voices, const struct event *items, i64 count)
{
    struct group group = {.voices = voices, .up_to = items[count - 1].id};
    TRY(gather(ctx, items, count, &group));
    voices->unkept += count;
    bool due = group.count > 0 || (!voices->shared && voices->unkept >= CURSOR_EVERY);
    if (due) {
        TRY(store_write(ctx, voices->store, write_group, &group));
        voices->unkept = 0;
        voices->kept_cursor = group.up_to;
    }
    voices->cursor = group.up_to;
    return OK;
}

/* A long replay is one piece of work to whoever reads the log: rows have memory of their own. Where records are shared the
 * group's transaction is the context's. */
static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    struct voices *voices = self;
    if (voices->shared) {
        return follow_group(ctx, voices, items, count);
    }
    struct ctx own = {.stop = ctx->stop, .cancel = ctx->cancel, .now_ms = ctx->now_ms};
    err code = follow_group(&own, voices, items, count);
    if (code != OK && own.fault.key != NULL) {
        (void)ctx_fail_args(ctx, code, NULL, own.fault.key, own.fault.args, own.fault.arg_count);
        ctx->fault.retry_after_s = own.fault.retry_after_s;
    }
    ctx_end(&own);
    return code;
}

static err cursor(void *self, struct ctx *ctx, i64 *after_id)
{
    (void)ctx;
    *after_id = ((struct voices *)self)->cursor;
    return OK;
}

struct forgotten {
    struct voices *voices;
    const i64 *ids;
    i64 count;
};

static err add_position(void *self, struct ctx *ctx, const struct store_row *row)
{
    (void)ctx;
    struct id_list *list = self;
    list->items[list->count++] = row_i64(row, 1);
    return OK;
}

static err remove_rows(struct ctx *ctx, struct store *store, void *arg)
{
    const struct forgotten *forgotten = arg;
    str ids = ids_text(&ctx->arena, forgotten->ids, forgotten->count);
    struct id_list found = {arena_new(&ctx->arena, i64, forgotten->count), 0};
    struct store_args by_id = ARGS(ARG_STR("ids", ids));
    TRY(store_each(ctx, store, SQL_FEEDBACK_POSITIONS, by_id, add_position, &found));
    struct store_args args = ARGS(ARG_STR("positions", ids_text(&ctx->arena, found.items, found.count)));
    if (found.count > 0) {
        TRY(search_words_remove(ctx, store, args.items[0].text));
        TRY(store_run(ctx, store, SQL_FEEDBACK_FORGET_TEXTS, args, NULL));
        TRY(store_run(ctx, store, SQL_FEEDBACK_FORGET, args, NULL));
    }
    TRY(store_run(ctx, store, SQL_FEEDBACK_FORGET_PAINS, by_id, NULL));
    TRY(store_run(ctx, store, SQL_BULK_FORGET, by_id, NULL));
    TRY(store_run(ctx, store, SQL_STUDY_NOTES_FORGET, by_id, NULL));
    return store_run(ctx, store, SQL_FEEDBACK_FORGET_WORK, by_id, NULL);
}

static err forget(void *self, struct ctx *ctx, const i64 *ids, i64 count)
{
    struct forgotten forgotten = {self, ids, count};
    return count == 0 ? OK : store_write(ctx, ((struct voices *)self)->store, remove_rows, &forgotten);
}

struct event_follower voices_follower(struct voices *voices)
{
    return (struct event_follower){
        .name = "voices", .self = voices, .cursor = cursor, .follow = follow, .forget = forget, .records = true};
}

err voices_keep_cursor(struct ctx *ctx, struct voices *voices)
{
    if (voices->shared || voices->cursor == voices->kept_cursor) {
        return OK;
    }
    TRY(set_state(ctx, voices, voices->cursor, true));
    voices->kept_cursor = voices->cursor;
    return OK;
}

/* What was there before, where there is no cursor. */
enum { CHUNK = 2000 };

struct catching {
    struct voices *voices;
    struct ctx chunk; /* of the events gathered so far */
    struct feedback *rows;
    i64 count;
};

static err write_chunk(struct ctx *ctx, [[maybe_unused]] struct store *store, void *arg)
{
    struct catching *catching = arg;
    return feedback_write(ctx, catching->voices, catching->rows, catching->count);
}

static err flush(struct ctx *ctx, struct catching *catching)
{
    if (catching->count > 0) {
        TRY(store_write(&catching->chunk, catching->voices->store, write_chunk, catching));
    }
    progress_add(ctx->progress, catching->count);
    catching->count = 0;
    ctx_reset(&catching->chunk);
    return ctx_stopped(ctx) ? ERR_CANCELLED : OK;
}

static err take(void *self, struct ctx *ctx, const struct event *event)
{
    struct catching *catching = self;
    if (!feedback_is(event)) {
        return OK;
    }
    struct event kept = *event;
    event_keep(&catching->chunk.arena, &kept);
    TRY(feedback_of(&catching->chunk, &kept, &catching->rows[catching->count++]));
    return catching->count == CHUNK ? flush(ctx, catching) : OK;
}

err voices_catch_up(struct ctx *ctx, struct voices *voices, struct events *log)
{
    if (!voices->shared || voices->whole) {
        return OK;
    }
    struct catching catching = {.voices = voices, .rows = mem_new(CHUNK * (i64)sizeof(struct feedback))};
    progress_begin(ctx->progress, "feedback", 0, 0, 100);
    err code = events_scan(ctx, log, 0, EVENT_ALL, take, &catching);
    if (code == OK) {
        code = flush(ctx, &catching);
    }
    ctx_end(&catching.chunk);
    mem_free(catching.rows);
    if (code == OK) {
        code = set_state(ctx, voices, 0, true);
        voices->whole = code == OK;
    }
    return code;
}
