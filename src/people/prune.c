/* Forgetting aliases of which nothing speaks any more. */
#include "people/state.h"

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

static bool is_silent(const struct speaking *speaking, alias_no no)
{
    return !speaking->marks[no] && str_is(identity_text(speaking->people->identity, no));
}

static err remove_silent(struct ctx *ctx, [[maybe_unused]] struct store *store, void *arg)
{
    enum { AT_ONCE = 10000 };
    const struct speaking *speaking = arg;
    struct id_list ids = {arena_new(&ctx->arena, i64, AT_ONCE), 0};
    for (alias_no no = 1; no <= speaking->count; no++) {
        if (is_silent(speaking, no)) {
            ids.items[ids.count++] = identity_id(speaking->people->identity, no);
        }
        if (ids.count == AT_ONCE || no == speaking->count) {
            TRY(people_remove_aliases(ctx, speaking->people, &ids));
            ids.count = 0;
        }
    }
    return OK;
}

static err find_speaking(struct ctx *ctx, struct speaking *speaking, struct events *log)
{
    struct people *people = speaking->people;
    // Those that are not written yet have just spoken.
    speaking->count = identity_count(people->identity) - (alias_no)people->fresh.alias_count;
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
        if (is_silent(&speaking, no)) {
            identity_forget(people->identity, no);
        }
    }
    identity_unlock(people->identity);
    return code;
}
