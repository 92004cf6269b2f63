/* What becomes of people when events are gone. */
#include "people/state.h"

struct forgotten {
    struct people *people;
    const i64 *ids;
    i64 count;
};

static err remove_evidence(struct ctx *ctx, struct store *store, void *arg)
{
    const struct forgotten *forgotten = arg;
    for (i64 i = 0; i < forgotten->count; i++) {
        struct store_args event = ARGS(ARG_I64("event", forgotten->ids[i]));
        TRY(store_run(ctx, store, SQL_PEOPLE_FORGET_LINKS, event, NULL));
        TRY(store_run(ctx, store, SQL_PEOPLE_FORGET_TRAITS, event, NULL));
    }
    return OK;
}

err people_forget(void *self, struct ctx *ctx, const i64 *ids, i64 count)
{
    struct people *people = self;
    struct forgotten forgotten = {people, ids, count};
    TRY(store_write(ctx, people->store, remove_evidence, &forgotten));
    identity_lock_write(people->identity);
    for (i64 i = 0; i < count; i++) {
        identity_unlink(people->identity, ids[i]);
    }
    identity_unlock(people->identity);
    return OK;
}

/* Which aliases still speak: a mark for each number. */
struct speaking {
    struct people *people;
    bool *marks;
    alias_no count;
};

static err mark_event(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    struct speaking *speaking = self;
    alias_no no = identity_find(speaking->people->identity, event->alias);
    if (no <= speaking->count) {
        speaking->marks[no] = true;
    }
    return OK;
}

static err mark_link(void *self, struct ctx *ctx, const struct store_row *row)
{
    (void)ctx;
    struct speaking *speaking = self;
    for (int column = 0; column < 2; column++) {
        alias_no no = identity_of_id(speaking->people->identity, row_i64(row, column));
        speaking->marks[no <= speaking->count ? no : 0] = true;
    }
    return OK;
}

static err remove_silent(struct ctx *ctx, struct store *store, void *arg)
{
    const struct speaking *speaking = arg;
    const struct identity *identity = speaking->people->identity;
    for (alias_no no = 1; no <= speaking->count; no++) {
        if (!speaking->marks[no] && str_is(identity_text(identity, no))) {
            TRY(store_run(ctx, store, SQL_PEOPLE_ALIAS_REMOVE, ARGS(ARG_I64("id", identity_id(identity, no))), NULL));
        }
    }
    return OK;
}

static err find_speaking(struct ctx *ctx, struct speaking *speaking, struct events *log)
{
    struct people *people = speaking->people;
    speaking->count = people->saved; /* younger ones have just spoken */
    speaking->marks = arena_new(&ctx->arena, bool, (i64)speaking->count + 1);
    TRY(events_scan(ctx, log, 0, EVENT_PLAIN, mark_event, speaking));
    return store_each(ctx, people->store, SQL_PEOPLE_LINKS, ARGS_NONE, mark_link, speaking);
}

err people_prune(struct ctx *ctx, struct people *people, struct events *log)
{
    struct speaking speaking = {.people = people};
    identity_lock_write(people->identity);
    err code = find_speaking(ctx, &speaking, log);
    code = code == OK ? store_write(ctx, people->store, remove_silent, &speaking) : code;
    for (alias_no no = 1; code == OK && no <= speaking.count; no++) {
        if (!speaking.marks[no] && str_is(identity_text(people->identity, no))) {
            identity_forget(people->identity, no);
        }
    }
    identity_unlock(people->identity);
    return code;
}
