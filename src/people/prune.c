/* Forgetting aliases of which nothing speaks any more.
 *
 * Alone, nobody can speak while we look. Where processes share the records, an
 * alias is entered as silent first; whoever brings an event of it takes it out
 * again (people_prepare). When everything that was on its way then has arrived,
 * those are forgotten that still stand there, have no events and no links.
 */
#include "events/clickhouse.h"
#include "people/state.h"

enum { AT_ONCE = 10000, STRETCH = 1000000 };

/* Which aliases still speak: a mark for each number. */
struct speaking {
    struct people *people;
    struct events *log;
    bool *marks;
    alias_no count;
};

static void mark(struct speaking *speaking, alias_no no)
{
    if (no <= speaking->count) {
        speaking->marks[no] = true;
    }
}

/* Alone the identity is locked from the first look to the last. With others it is locked for moments: whoever brings events goes
 * on meanwhile. */
static void look(const struct speaking *speaking)
{
    if (speaking->people->shared) {
        identity_lock(speaking->people->identity);
    }
}

static void look_away(const struct speaking *speaking)
{
    if (speaking->people->shared) {
        identity_unlock(speaking->people->identity);
    }
}

static err mark_event(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    struct speaking *speaking = self;
    look(speaking);
    mark(speaking, identity_find(speaking->people->identity, event->alias));
    look_away(speaking);
    return OK;
}

static err mark_link(void *self, struct ctx *ctx, const struct store_row *row)
{
    (void)ctx;
    struct speaking *speaking = self;
    look(speaking);
    for (int column = 0; column < 2; column++) {
        mark(speaking, identity_of_id(speaking->people->identity, row_i64(row, column)));
    }
    look_away(speaking);
    return OK;
}

static err mark_rows(struct ctx *ctx, struct speaking *speaking, str sql)
{
    struct click_rows rows;
    TRY(click_query(ctx, events_clickhouse(speaking->log), CLICK_WRITE, sql, &rows));
    look(speaking);
    while (click_more(&rows)) {
        mark(speaking, identity_of_id(speaking->people->identity, click_i64(&rows)));
    }
    look_away(speaking);
    return OK;
}

/* The log knows ids of aliases: asked for in stretches, so that answers stay small. */
static err ask_log(struct ctx *ctx, struct speaking *speaking)
{
    const struct identity *identity = speaking->people->identity;
    str database = click_database(events_clickhouse(speaking->log));
    for (alias_no first = 1; first <= speaking->count; first += STRETCH) {
        alias_no last = lesser(speaking->count, first + STRETCH - 1);
        struct ctx here = {.stop = ctx->stop};
        look(speaking);
        i64 first_id = identity_id(identity, first), last_id = identity_id(identity, last);
        look_away(speaking);
        str sql = CLICK_TEXT_OF(&here, SQL_PEOPLE_SPEAKING, CLICK_I64_ARG("first", first_id),
                                CLICK_I64_ARG("last", last_id), CLICK_NAME_ARG("database", database));
        err code = mark_rows(&here, speaking, sql);
        if (code != OK && here.fault.key != NULL) {
            (void)ctx_fail_args(ctx, code, NULL, here.fault.key, here.fault.args, here.fault.arg_count);
        }
        ctx_end(&here);
        TRY(code);
    }
    return OK;
}

static err find_speaking(struct ctx *ctx, struct speaking *speaking)
{
    struct people *people = speaking->people;
    look(speaking);
    speaking->count = identity_count(people->identity);
    look_away(speaking);
    if (!people->shared) {
        speaking->count -= (alias_no)people->fresh.alias_count; // not written yet: they have just spoken
    }
    speaking->marks = arena_new(&ctx->arena, bool, (i64)speaking->count + 1);
    if (events_clickhouse(speaking->log) != NULL) {
        TRY(ask_log(ctx, speaking));
    } else {
        TRY(events_scan(ctx, speaking->log, 0, EVENT_PLAIN, mark_event, speaking));
    }
    return store_each(ctx, people->store, SQL_PEOPLE_LINKS, ARGS_NONE, mark_link, speaking);
}

static bool is_silent(const struct speaking *speaking, alias_no no)
{
    return !speaking->marks[no] && str_is(identity_text(speaking->people->identity, no));
}

/* Does something with the ids of the silent ones, some at once. */
static err each_silent(struct ctx *ctx, const struct speaking *speaking,
                       err (*each)(struct ctx *ctx, struct people *people, const struct id_list *ids))
{
    struct id_list ids = {arena_new(&ctx->arena, i64, AT_ONCE), 0};
    for (alias_no no = 1; no <= speaking->count; no++) {
        if (is_silent(speaking, no)) {
            ids.items[ids.count++] = identity_id(speaking->people->identity, no);
        }
        if (ids.count == AT_ONCE || (no == speaking->count && ids.count > 0)) {
            TRY(each(ctx, speaking->people, &ids));
            ids.count = 0;
        }
    }
    return OK;
}

/* Alone. */

static err remove_silent(struct ctx *ctx, [[maybe_unused]] struct store *store, void *arg)
{
    return each_silent(ctx, arg, people_remove_aliases);
}

static err prune_alone(struct ctx *ctx, struct people *people, struct events *log)
{
    struct speaking speaking = {.people = people, .log = log};
    identity_lock_write(people->identity);
    err code = find_speaking(ctx, &speaking);
    code = code == OK ? store_write(ctx, people->store, remove_silent, &speaking) : code;
    for (alias_no no = 1; code == OK && no <= speaking.count; no++) {
        if (is_silent(&speaking, no)) {
            identity_forget(people->identity, no);
        }
    }
    identity_unlock(people->identity);
    return code;
}

/* With others. */

err people_speak(struct ctx *ctx, struct people *people, const struct event *items, i64 count)
{
    if (people->entered.silent == 0) {
        return OK;
    }
    i64 *ids = arena_new(&ctx->arena, i64, count);
    for (i64 i = 0; i < count; i++) {
        ids[i] = items[i].alias_id;
    }
    return store_later(ctx, people->store, SQL_PEOPLE_SILENT_SPEAK, ARGS(ARG_STR("ids", people_ids(ctx, ids, count))));
}

static err add_silent(struct ctx *ctx, struct people *people, const struct id_list *ids)
{
    return store_later(ctx, people->store, SQL_PEOPLE_SILENT_ADD,
                       ARGS(ARG_STR("ids", people_ids(ctx, ids->items, ids->count))));
}

static err enter_silent(struct ctx *ctx, struct store *store, void *arg)
{
    const struct speaking *speaking = arg;
    TRY(store_later(ctx, store, SQL_PEOPLE_SILENT_CLEAR, ARGS_NONE));
    TRY(store_later(ctx, store, SQL_PEOPLE_SILENT_MARK, ARGS(ARG_I64("silent", 1))));
    identity_lock(speaking->people->identity);
    err code = each_silent(ctx, speaking, add_silent);
    identity_unlock(speaking->people->identity);
    return code;
}

/* Removals that nobody needs any more: whoever was told of them, and all processes but those that slept. */
static err trim(struct ctx *ctx, struct people *people)
{
    i64 upto = lesser(people->entered.moved_upto, people->number - people->gone_kept);
    if (upto <= people->entered.whole) {
        return OK;
    }
    TRY(store_later(ctx, people->store, SQL_PEOPLE_GONE_TRIM, ARGS(ARG_I64("number", upto))));
    return store_later(ctx, people->store, SQL_PEOPLE_WHOLE, ARGS(ARG_I64("number", upto)));
}

struct ending {
    struct people *people;
    const struct speaking *speaking; /* what was found to speak after all */
    struct id_list ids;
};

static err take_silent(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct ending *ending = self;
    i64 id = row_i64(row, 0);
    alias_no no = identity_of_id(ending->people->identity, id);
    if (no != 0 && no <= ending->speaking->count && ending->speaking->marks[no]) {
        return OK;
    }
    ending->ids.items[ending->ids.count++] = id;
    if (ending->ids.count == AT_ONCE) {
        TRY(people_remove_aliases(ctx, ending->people, &ending->ids));
        ending->ids.count = 0;
    }
    return OK;
}

static err end_silent(struct ctx *ctx, struct store *store, void *arg)
{
    struct ending *ending = arg;
    struct people *people = ending->people;
    TRY(people_enter(ctx, people));
    ending->ids = (struct id_list){arena_new(&ctx->arena, i64, AT_ONCE), 0};
    identity_lock(people->identity);
    err code = store_each(ctx, store, SQL_PEOPLE_SILENT_STILL, ARGS_NONE, take_silent, ending);
    if (code == OK) {
        code = people_remove_aliases(ctx, people, &ending->ids);
    }
    identity_unlock(people->identity);
    TRY(code);
    TRY(trim(ctx, people));
    TRY(store_later(ctx, store, SQL_PEOPLE_SILENT_CLEAR, ARGS_NONE));
    return store_later(ctx, store, SQL_PEOPLE_SILENT_MARK, ARGS(ARG_I64("silent", 0)));
}

static err prune_shared(struct ctx *ctx, struct people *people, struct events *log)
{
    struct speaking before = {.people = people, .log = log};
    struct speaking after = before;
    struct ending ending = {.people = people, .speaking = &after};
    TRY(people_learn(ctx, people));
    TRY(find_speaking(ctx, &before));
    TRY(store_write(ctx, people->store, enter_silent, &before));
    TRY(people_wait_groups(ctx, people));
    TRY(find_speaking(ctx, &after));
    TRY(store_write(ctx, people->store, end_silent, &ending));
    return people_catch_up(ctx, people);
}

err people_prune(struct ctx *ctx, struct people *people, struct events *log)
{
    return people->shared ? prune_shared(ctx, people, log) : prune_alone(ctx, people, log);
}
