/* Forgetting a person for good. */
#include "people/consent.h"
#include "people/state.h"

#include "base/hash.h"
#include "base/id.h"
#include "store/search.h"

static const struct shape_field erasure_fields[] = {
    {"id", SHAPE_ID, offsetof(struct erasure, id), .flags = SHAPE_REQUIRED},
    {"person", SHAPE_ID, offsetof(struct erasure, person), .flags = SHAPE_REQUIRED},
    {"asked_ms", SHAPE_TIME, offsetof(struct erasure, asked_ms), .flags = SHAPE_REQUIRED},
    {"done_ms", SHAPE_TIME, offsetof(struct erasure, done_ms), .flags = SHAPE_REQUIRED},
    {"events", SHAPE_I64, offsetof(struct erasure, events), .flags = SHAPE_REQUIRED, .help = "shape.erasure.events"},
    {"aliases", SHAPE_I64, offsetof(struct erasure, aliases), .flags = SHAPE_REQUIRED},
    {"digest", SHAPE_STR, offsetof(struct erasure, digest), .flags = SHAPE_REQUIRED, .help = "shape.erasure.digest"},
    {"pending", SHAPE_STR, offsetof(struct erasure, pending), .flags = SHAPE_WRITE_ONLY},
};
const struct shape erasure_shape = SHAPE("Erasure", struct erasure, erasure_fields, "shape.erasure");

/* What is to be forgotten: an alias and the id it has, or had. */
struct target {
    str alias;
    i64 id;
};
static const struct shape_field target_fields[] = {
    {"alias", SHAPE_STR, offsetof(struct target, alias)},
    {"id", SHAPE_ID, offsetof(struct target, id)},
};
static const struct shape target_shape = SHAPE("Target", struct target, target_fields, NULL);

/* The events of some aliases. */
struct hunt {
    const struct shape_list *targets;
    struct arena *arena;
    i64 *ids;
    i64 count, capacity;
};

static err hunt_event(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    struct hunt *hunt = self;
    const struct target *targets = hunt->targets->items;
    for (i64 i = 0; i < hunt->targets->count; i++) {
        if (str_eq(event->alias, targets[i].alias)) {
            if (hunt->count == hunt->capacity) {
                i64 wish = hunt->capacity * 2 + 64;
                hunt->ids = arena_grow(hunt->arena, hunt->ids, hunt->capacity * (i64)sizeof(i64),
                                       wish * (i64)sizeof(i64), _Alignof(i64));
                hunt->capacity = wish;
            }
            hunt->ids[hunt->count++] = event->id;
            break;
        }
    }
    return OK;
}

/* What the log still holds of them though it does not count. */
static err purge(struct ctx *ctx, struct events *log, const struct shape_list *targets)
{
    i64 *ids = arena_new(&ctx->arena, i64, targets->count);
    str *aliases = arena_new(&ctx->arena, str, targets->count);
    for (i64 i = 0; i < targets->count; i++) {
        const struct target *target = (const struct target *)targets->items + i;
        ids[i] = target->id;
        aliases[i] = target->alias;
    }
    err code = events_purge_aliases(ctx, log, ids, aliases, targets->count);
    if (code == ERR_BUSY) { // the servers were told, and do it when they can
        ctx_forgive(ctx);
        return OK;
    }
    return code;
}

/* The events of what is to be forgotten; by the ids of the aliases where the log knows them. */
static err find_events(struct ctx *ctx, struct events *log, const struct shape_list *targets, struct hunt *hunt)
{
    *hunt = (struct hunt){.targets = targets, .arena = &ctx->arena};
    if (events_clickhouse(log) == NULL) {
        return events_scan(ctx, log, 0, EVENT_PLAIN, hunt_event, hunt);
    }
    i64 *ids = arena_new(&ctx->arena, i64, targets->count);
    for (i64 i = 0; i < targets->count; i++) {
        ids[i] = ((const struct target *)targets->items)[i].id;
    }
    return events_of_aliases(ctx, log, ids, targets->count, &hunt->ids, &hunt->count);
}

/* Deletes until looking through the log finds nothing: events may arrive meanwhile. */
static err remove_events(struct ctx *ctx, struct events *log, const struct shape_list *targets, struct erasure *erasure,
                         struct json_writer *digest)
{
    for (;;) {
        struct hunt hunt;
        i64 deleted = 0;
        TRY(find_events(ctx, log, targets, &hunt));
        if (hunt.count == 0) {
            return purge(ctx, log, targets);
        }
        for (i64 i = 0; i < hunt.count; i++) {
            json_put_id(digest, hunt.ids[i]);
        }
        err code = events_delete(ctx, log, hunt.ids, hunt.count, &deleted);
        if (code != OK && code != ERR_BUSY) {
            return code;
        }
        ctx_forgive(ctx);
        erasure->events += deleted;
    }
}

struct removing {
    struct people *people;
    const struct shape_list *targets;
    struct id_list ids;
};

static struct str_list aliases_of(struct ctx *ctx, const struct shape_list *targets)
{
    struct str_list aliases = {arena_new(&ctx->arena, str, targets->count), targets->count};
    for (i64 i = 0; i < targets->count; i++) {
        aliases.items[i] = ((const struct target *)targets->items)[i].alias;
    }
    return aliases;
}

/* What they agreed to. */
static err forget_words(struct ctx *ctx, struct people *people, const struct shape_list *targets)
{
    struct str_list aliases = aliases_of(ctx, targets);
    return consent_forget(ctx, people->store, &aliases);
}

/* Aliases that are not known (any more) are done already. */
static err remove_aliases(struct ctx *ctx, [[maybe_unused]] struct store *store, void *arg)
{
    struct removing *removing = arg;
    struct people *people = removing->people;
    const struct target *targets = removing->targets->items;
    if (people->shared) {
        TRY(people_enter(ctx, people));
        identity_lock(people->identity);
    }
    removing->ids = (struct id_list){arena_new(&ctx->arena, i64, removing->targets->count), 0};
    for (i64 i = 0; i < removing->targets->count; i++) {
        alias_no no = identity_find(people->identity, targets[i].alias);
        if (no != 0) {
            removing->ids.items[removing->ids.count++] = identity_id(people->identity, no);
        }
    }
    if (people->shared) {
        identity_unlock(people->identity);
    }
    TRY(forget_words(ctx, people, removing->targets));
    return people_remove_aliases(ctx, people, &removing->ids);
}

/* The records and the memory of the aliases. */
static err forget_aliases(struct ctx *ctx, struct people *people, const struct shape_list *targets)
{
    struct removing removing = {.people = people, .targets = targets};
    if (people->shared) {
        TRY(store_write(ctx, people->store, remove_aliases, &removing));
        return people_catch_up(ctx, people);
    }
    identity_lock_write(people->identity);
    err code = store_write(ctx, people->store, remove_aliases, &removing);
    for (i64 i = 0; i < removing.ids.count && code == OK; i++) {
        identity_forget(people->identity, identity_of_id(people->identity, removing.ids.items[i]));
    }
    identity_unlock(people->identity);
    return code;
}

/* What names the person outside the log: the values of the aliases. */
static err remove_traces(struct ctx *ctx, const struct people_erasing *with, const struct shape_list *targets)
{
    struct str_list values = {arena_new(&ctx->arena, str, targets->count), targets->count};
    for (i64 i = 0; i < targets->count; i++) {
        values.items[i] = alias_value(((const struct target *)targets->items)[i].alias);
    }
    struct str_list aliases = aliases_of(ctx, targets);
    for (i64 i = 0; i < with->trace_count; i++) {
        const struct people_trace *trace = &with->traces[i];
        TRY(trace->erase(trace->self, ctx, trace->aliases ? &aliases : &values));
    }
    return OK;
}

static err finish(struct ctx *ctx, struct people *people, struct erasure *erasure, const struct json_writer *digest)
{
    char text[64];
    struct sha256 sum = sha256(json_text(digest));
    erasure->digest = str_copy(&ctx->arena, hex(sum.bytes, sizeof(sum.bytes), text));
    ctx->now_ms = 0;
    erasure->done_ms = ctx_now_ms(ctx);
    erasure->pending = STR_NONE;
    TRY(store_run(ctx, people->store, SQL_ERASURE_END,
                  ARGS(ARG_I64("id", erasure->id), ARG_I64("done_ms", erasure->done_ms),
                       ARG_I64("events", erasure->events), ARG_STR("digest", erasure->digest)),
                  NULL));
    TRY(search_purge(ctx, people->store));
    err code = store_scrub(ctx, people->store);
    return code == ERR_BUSY ? OK : code; /* emptied at the next checkpoint */
}

static err carry_out(struct ctx *ctx, struct people *people, const struct people_erasing *with,
                     const struct shape_list *targets, struct erasure *erasure)
{
    struct json_writer digest = json_writer_in(&ctx->arena);
    if (people->shared) {
        // An event that comes now begins an alias of its own; those that are on their way with the old one arrive first.
        TRY(forget_aliases(ctx, people, targets));
        TRY(people_wait_groups(ctx, people));
    }
    TRY(remove_events(ctx, with->events, targets, erasure, &digest));
    TRY(forget_aliases(ctx, people, targets));
    TRY(remove_traces(ctx, with, targets));
    return finish(ctx, people, erasure, &digest);
}

/* The aliases of a person, and the same as JSON. */
static err targets_of(struct ctx *ctx, struct people *people, i64 id, struct shape_list *out, str *json)
{
    struct id_list ids;
    people_ring(ctx, people, id, &ids);
    if (ids.count == 0) {
        return ERR_NOT_FOUND;
    }
    struct target *targets = arena_new(&ctx->arena, struct target, ids.count);
    identity_lock(people->identity);
    for (i64 i = 0; i < ids.count; i++) {
        alias_no no = identity_of_id(people->identity, ids.items[i]);
        targets[i] = (struct target){str_copy(&ctx->arena, identity_text(people->identity, no)), ids.items[i]};
    }
    identity_unlock(people->identity);
    *out = (struct shape_list){targets, ids.count};
    struct json_writer list = json_writer_in(&ctx->arena);
    shape_write_list(&list, &target_shape, *out, SHAPE_ALL);
    *json = json_text(&list);
    return OK;
}

/* What failed is for whoever comes next, in whatever process. */
static err let_go(struct ctx *ctx, struct people *people, i64 erasure, err code)
{
    struct ctx here = {0};
    if (code != OK) {
        (void)store_run(&here, people->store, SQL_ERASURE_LEAVE, ARGS(ARG_I64("id", erasure)), NULL);
    }
    ctx_end(&here);
    (void)ctx;
    return code;
}

err people_erase(struct ctx *ctx, struct people *people, const struct people_erasing *with, i64 id, struct erasure *out)
{
    struct shape_list targets;
    TRY(people_catch_up(ctx, people));
    *out = (struct erasure){.id = id_new(), .person = id, .asked_ms = ctx_now_ms(ctx)};
    TRY(targets_of(ctx, people, id, &targets, &out->pending));
    out->aliases = targets.count;
    TRY(store_run(ctx, people->store, SQL_ERASURE_BEGIN,
                  ARGS(ARG_I64("id", out->id), ARG_I64("person", id), ARG_I64("asked_ms", out->asked_ms),
                       ARG_I64("aliases", out->aliases), ARG_STR("pending", out->pending),
                       ARG_I64("process", id_process())),
                  NULL));
    return let_go(ctx, people, out->id, carry_out(ctx, people, with, &targets, out));
}

static err resume(struct ctx *ctx, struct people *people, const struct people_erasing *with, struct erasure *erasure)
{
    struct json list;
    TRY(json_parse(ctx, json_reader_here(), erasure->pending, &list));
    struct target *targets = arena_new(&ctx->arena, struct target, json_count(list));
    i64 count = 0;
    for (struct json_iter i = json_each(list); json_next(&i);) {
        TRY(shape_read(ctx, &target_shape, i.value, &targets[count++], NULL));
    }
    return carry_out(ctx, people, with, &(struct shape_list){targets, count}, erasure);
}

/* One process carries an erasure out: the one that was asked, or after it another one. */
err people_erase_pending(struct ctx *ctx, struct people *people, const struct people_erasing *with)
{
    struct shape_list pending;
    TRY(store_all(ctx, people->store, SQL_ERASURES_PENDING, ARGS_NONE, &erasure_shape, &pending));
    for (i64 i = 0; i < pending.count; i++) {
        struct erasure *erasure = (struct erasure *)pending.items + i;
        i64 taken = 0;
        TRY(store_run(ctx, people->store, SQL_ERASURE_TAKE,
                      ARGS(ARG_I64("id", erasure->id), ARG_I64("process", id_process())), &taken));
        if (taken == 1) {
            TRY(let_go(ctx, people, erasure->id, resume(ctx, people, with, erasure)));
        }
    }
    return OK;
}
