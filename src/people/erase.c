/* Forgetting a person for good. */
#include "people/state.h"

#include "base/hash.h"
#include "base/id.h"

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

/* The events of some aliases. */
struct hunt {
    const struct str_list *aliases;
    struct arena *arena;
    i64 *ids;
    i64 count, capacity;
};

static err hunt_event(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    struct hunt *hunt = self;
    for (i64 i = 0; i < hunt->aliases->count; i++) {
        if (str_eq(event->alias, hunt->aliases->items[i])) {
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

/* Deletes until a whole reading of the log finds nothing: events may arrive meanwhile. */
static err remove_events(struct ctx *ctx, struct events *log, const struct str_list *aliases, struct erasure *erasure,
                         struct json_writer *digest)
{
    for (;;) {
        struct hunt hunt = {.aliases = aliases, .arena = &ctx->arena};
        i64 deleted = 0;
        TRY(events_scan(ctx, log, 0, EVENT_PLAIN, hunt_event, &hunt));
        if (hunt.count == 0) {
            return OK;
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

static err remove_aliases(struct ctx *ctx, struct store *store, void *arg)
{
    const struct id_list *ids = arg;
    for (i64 i = 0; i < ids->count; i++) {
        TRY(store_run(ctx, store, SQL_PEOPLE_ALIAS_REMOVE, ARGS(ARG_I64("id", ids->items[i])), NULL));
    }
    return OK;
}

/* The records and the memory of the aliases; texts that are not known (any more) are done already. */
static err forget_aliases(struct ctx *ctx, struct people *people, const struct str_list *aliases)
{
    struct id_list ids = {arena_new(&ctx->arena, i64, aliases->count), 0};
    alias_no *numbers = arena_new(&ctx->arena, alias_no, aliases->count);
    identity_lock_write(people->identity);
    for (i64 i = 0; i < aliases->count; i++) {
        alias_no no = identity_find(people->identity, aliases->items[i]);
        if (no != 0) {
            numbers[ids.count] = no;
            ids.items[ids.count++] = identity_id(people->identity, no);
        }
    }
    err code = store_write(ctx, people->store, remove_aliases, &ids);
    for (i64 i = 0; i < ids.count && code == OK; i++) {
        identity_forget(people->identity, numbers[i]);
    }
    identity_unlock(people->identity);
    return code;
}

/* What names the person outside the log: the values of the aliases. */
static err remove_traces(struct ctx *ctx, const struct people_erasing *with, const struct str_list *aliases)
{
    struct str_list values = {arena_new(&ctx->arena, str, aliases->count), aliases->count};
    for (i64 i = 0; i < aliases->count; i++) {
        values.items[i] = alias_value(aliases->items[i]);
    }
    for (i64 i = 0; i < with->trace_count; i++) {
        TRY(with->traces[i].erase(with->traces[i].self, ctx, &values));
    }
    return OK;
}

static err carry_out(struct ctx *ctx, struct people *people, const struct people_erasing *with,
                     const struct str_list *aliases, struct erasure *erasure)
{
    struct json_writer digest = json_writer_in(&ctx->arena);
    char text[64];
    TRY(remove_events(ctx, with->events, aliases, erasure, &digest));
    TRY(forget_aliases(ctx, people, aliases));
    TRY(remove_traces(ctx, with, aliases));
    struct sha256 sum = sha256(json_text(&digest));
    erasure->digest = str_copy(&ctx->arena, hex(sum.bytes, sizeof(sum.bytes), text));
    ctx->now_ms = 0;
    erasure->done_ms = ctx_now_ms(ctx);
    erasure->pending = STR_NONE;
    TRY(store_run(ctx, people->store, SQL_ERASURE_END,
                  ARGS(ARG_I64("id", erasure->id), ARG_I64("done_ms", erasure->done_ms),
                       ARG_I64("events", erasure->events), ARG_STR("digest", erasure->digest)),
                  NULL));
    err code = store_scrub(ctx, people->store);
    return code == ERR_BUSY ? OK : code; /* emptied at the next checkpoint */
}

/* The texts of a person's aliases, and a JSON list of them. */
static err aliases_of(struct ctx *ctx, struct people *people, i64 id, struct str_list *out, str *json)
{
    struct person person;
    TRY(people_get(ctx, people, id, &person));
    const struct person_alias *aliases = person.aliases.items;
    struct json_writer list = json_writer_in(&ctx->arena);
    *out = (struct str_list){arena_new(&ctx->arena, str, person.aliases.count), person.aliases.count};
    json_list(&list);
    for (i64 i = 0; i < out->count; i++) {
        out->items[i] = str_format(&ctx->arena, "%.*s:%.*s", STR_ARG(aliases[i].kind), STR_ARG(aliases[i].value));
        json_put_str(&list, out->items[i]);
    }
    json_list_end(&list);
    *json = json_text(&list);
    return OK;
}

err people_erase(struct ctx *ctx, struct people *people, const struct people_erasing *with, i64 id, struct erasure *out)
{
    struct str_list aliases;
    *out = (struct erasure){.id = id_new(), .person = id, .asked_ms = ctx_now_ms(ctx)};
    TRY(aliases_of(ctx, people, id, &aliases, &out->pending));
    out->aliases = aliases.count;
    TRY(store_run(ctx, people->store, SQL_ERASURE_BEGIN,
                  ARGS(ARG_I64("id", out->id), ARG_I64("person", id), ARG_I64("asked_ms", out->asked_ms),
                       ARG_I64("aliases", out->aliases), ARG_STR("pending", out->pending)),
                  NULL));
    return carry_out(ctx, people, with, &aliases, out);
}

static err resume(struct ctx *ctx, struct people *people, const struct people_erasing *with, struct erasure *erasure)
{
    struct json list;
    TRY(json_parse(ctx, json_reader_here(), erasure->pending, &list));
    struct str_list aliases = {arena_new(&ctx->arena, str, json_count(list)), 0};
    for (struct json_iter i = json_each(list); json_next(&i);) {
        str alias;
        if (json_str(i.value, &alias)) {
            aliases.items[aliases.count++] = str_copy(&ctx->arena, alias);
        }
    }
    return carry_out(ctx, people, with, &aliases, erasure);
}

err people_erase_pending(struct ctx *ctx, struct people *people, const struct people_erasing *with)
{
    struct shape_list pending;
    TRY(store_all(ctx, people->store, SQL_ERASURES_PENDING, ARGS_NONE, &erasure_shape, &pending));
    for (i64 i = 0; i < pending.count; i++) {
        TRY(resume(ctx, people, with, (struct erasure *)pending.items + i));
    }
    return OK;
}
