/* Persons for the eyes: one, a list, what is said about everybody. */
#include "people/state.h"

#include "base/id.h"
#include "store/search.h"
#include "text/fold.h"
#include "text/phone.h"

#include <stdlib.h>

static const struct shape_field alias_fields[] = {
    {"kind", SHAPE_STR, offsetof(struct person_alias, kind), .flags = SHAPE_REQUIRED, .help = "shape.alias.kind"},
    {"value", SHAPE_STR, offsetof(struct person_alias, value), .flags = SHAPE_REQUIRED | SHAPE_PERSONAL},
    {"verified", SHAPE_BOOL, offsetof(struct person_alias, verified), .flags = SHAPE_REQUIRED,
     .help = "shape.alias.verified"},
    {"since_ms", SHAPE_TIME, offsetof(struct person_alias, since_ms), .flags = SHAPE_REQUIRED},
};
const struct shape person_alias_shape = SHAPE("PersonAlias", struct person_alias, alias_fields, "shape.alias");

struct alias_row {
    i64 id, event, since_ms;
    str alias;
};
static const struct shape_field row_fields[] = {
    {"id", SHAPE_I64, offsetof(struct alias_row, id)},
    {"alias", SHAPE_STR, offsetof(struct alias_row, alias)},
    {"event", SHAPE_I64, offsetof(struct alias_row, event)},
    {"since_ms", SHAPE_I64, offsetof(struct alias_row, since_ms)},
};
static const struct shape row_shape = SHAPE("AliasRow", struct alias_row, row_fields, NULL);

void people_ring(struct ctx *ctx, struct people *people, i64 id, struct id_list *out)
{
    struct id_list ids = {0};
    identity_lock(people->identity);
    alias_no at = identity_of_id(people->identity, id);
    alias_no first = at == 0 ? 0 : identity_person(people->identity, at);
    for (alias_no no = first; no != 0; no = identity_next(people->identity, no)) {
        ids.items = arena_grow(&ctx->arena, ids.items, ids.count * (i64)sizeof(i64), (ids.count + 1) * (i64)sizeof(i64),
                               _Alignof(i64));
        ids.items[ids.count++] = identity_id(people->identity, no);
        if (identity_next(people->identity, no) == first) {
            break;
        }
    }
    identity_unlock(people->identity);
    *out = ids;
}

static int by_time(const void *a, const void *b)
{
    const struct trait *x = a;
    const struct trait *y = b;
    if (x->at_ms != y->at_ms) {
        return x->at_ms < y->at_ms ? -1 : 1;
    }
    return (x->event > y->event) - (x->event < y->event);
}

/* Everything said about any of the aliases, oldest first. */
static err traits_of(struct ctx *ctx, struct people *people, const struct id_list *ids, struct shape_list *out)
{
    struct trait *all = NULL;
    i64 count = 0;
    for (i64 i = 0; i < ids->count; i++) {
        struct shape_list rows;
        TRY(store_all(ctx, people->store, SQL_PEOPLE_TRAITS_OF, ARGS(ARG_I64("alias_id", ids->items[i])), &trait_shape,
                      &rows));
        all = arena_grow(&ctx->arena, all, count * (i64)sizeof(struct trait),
                         (count + rows.count) * (i64)sizeof(struct trait), _Alignof(struct trait));
        if (rows.count > 0) {
            memcpy(all + count, rows.items, (size_t)rows.count * sizeof(struct trait));
        }
        count += rows.count;
    }
    if (count > 0) {
        qsort(all, (size_t)count, sizeof(struct trait), by_time);
    }
    *out = (struct shape_list){all, count};
    return OK;
}

static err read_aliases(struct ctx *ctx, struct people *people, const struct id_list *ids, struct person *out)
{
    struct person_alias *aliases = arena_new(&ctx->arena, struct person_alias, ids->count);
    i64 count = 0;
    for (i64 i = 0; i < ids->count; i++) {
        struct alias_row row;
        i64 verified = 0;
        struct store_args id = ARGS(ARG_I64("id", ids->items[i]));
        err code = store_one(ctx, people->store, SQL_PEOPLE_ALIAS, id, &row_shape, &row);
        if (code == ERR_NOT_FOUND) {
            continue; /* its group is about to be written */
        }
        TRY(code);
        TRY(store_number(ctx, people->store, SQL_PEOPLE_VERIFIED, id, &verified));
        str kind = alias_kind(row.alias);
        bool contact = str_eq(kind, STR("email")) || str_eq(kind, STR("phone"));
        aliases[count++] = (struct person_alias){
            .kind = kind,
            .value = alias_value(row.alias),
            .verified = contact && (verified > 0 || ids->count == 1),
            .since_ms = row.since_ms,
        };
    }
    out->aliases = (struct shape_list){aliases, count};
    return OK;
}

/* Without a name the person is called by the alias that says most. */
static str name_by_alias(const struct person *person)
{
    static const str kinds[] = {STR("email"), STR("phone"), STR("user")};
    const struct person_alias *aliases = person->aliases.items;
    for (i64 k = 0; k < countof(kinds); k++) {
        for (i64 i = 0; i < person->aliases.count; i++) {
            if (str_eq(aliases[i].kind, kinds[k])) {
                return aliases[i].value;
            }
        }
    }
    return person->aliases.count > 0 ? aliases[0].value : STR("");
}

err people_get(struct ctx *ctx, struct people *people, i64 id, struct person *out)
{
    struct id_list ids;
    people_ring(ctx, people, id, &ids);
    if (ids.count == 0) {
        return ERR_NOT_FOUND;
    }
    struct shape_list traits;
    struct json object;
    *out = (struct person){.id = ids.items[0]};
    TRY(read_aliases(ctx, people, &ids, out));
    if (out->aliases.count == 0) {
        return ERR_NOT_FOUND; /* erased: what is left in memory is a number without a name */
    }
    TRY(traits_of(ctx, people, &ids, &traits));
    out->traits = traits_object(&ctx->arena, &traits);
    TRY(json_parse(ctx, json_reader_here(), out->traits, &object));
    out->name = traits_name(&ctx->arena, object);
    if (!str_is(out->name)) {
        out->name = name_by_alias(out);
    }
    return OK;
}

err people_aliases(struct ctx *ctx, struct people *people, i64 id, struct str_list *out)
{
    struct person person;
    TRY(people_get(ctx, people, id, &person));
    const struct person_alias *aliases = person.aliases.items;
    *out = (struct str_list){arena_new(&ctx->arena, str, greater(person.aliases.count, 1)), person.aliases.count};
    for (i64 i = 0; i < out->count; i++) {
        out->items[i] = str_format(&ctx->arena, "%.*s:%.*s", STR_ARG(aliases[i].kind), STR_ARG(aliases[i].value));
    }
    return OK;
}

/* How somebody may write an alias: "user:U1", or an e-mail or number without the kind. */
static alias_no find_alias(struct ctx *ctx, const struct identity *identity, str text)
{
    struct arena *arena = &ctx->arena;
    alias_no no = identity_find(identity, text);
    str email = fold_email(arena, text);
    if (no == 0 && str_is(email)) {
        no = identity_find(identity, str_format(arena, "email:%.*s", STR_ARG(email)));
    }
    str phone = phone_e164(arena, text);
    if (no == 0 && str_is(phone)) {
        no = identity_find(identity, str_format(arena, "phone:%.*s", STR_ARG(phone)));
    }
    return no != 0 ? no : identity_find(identity, str_format(arena, "user:%.*s", STR_ARG(text)));
}

err people_resolve(struct ctx *ctx, struct people *people, str text, i64 *id)
{
    i64 given = 0;
    TRY(people_learn(ctx, people));
    identity_lock(people->identity);
    alias_no no = id_parse(text, &given) ? identity_of_id(people->identity, given) : 0;
    no = no != 0 ? no : find_alias(ctx, people->identity, text);
    *id = no == 0 ? 0 : identity_id(people->identity, identity_person(people->identity, no));
    identity_unlock(people->identity);
    return no == 0 ? ERR_NOT_FOUND : OK;
}

/* Lists. */

struct listing {
    struct ctx *ctx;
    struct people *people;
    str folded;          /* none: everybody */
    struct id_list *ids; /* of persons */
};

/* A person with several aliases in the list stands at the newest of them: a younger one that matches too has shown it. */
static err stand(const struct listing *listing, i64 alias)
{
    struct id_list ids;
    people_ring(listing->ctx, listing->people, alias, &ids);
    bool here = ids.count > 0;
    for (i64 i = 0; i < ids.count && here; i++) {
        bool matches = ids.items[i] > alias;
        if (matches && str_is(listing->folded)) {
            TRY(search_holds(listing->ctx, listing->people->store, SEARCH_PEOPLE, ids.items[i], listing->folded,
                             &matches));
        }
        here = !matches;
    }
    if (here) {
        listing->ids->items[listing->ids->count++] = ids.items[0];
    }
    return OK;
}

static err add_newest(void *self, struct ctx *ctx, const struct store_row *row)
{
    (void)ctx;
    struct id_list *aliases = self;
    aliases->items[aliases->count++] = row_i64(row, 0);
    return OK;
}

static err find_aliases(const struct listing *listing, i64 before, i64 limit, struct id_list *out)
{
    struct ctx *ctx = listing->ctx;
    struct store *store = listing->people->store;
    if (str_is(listing->folded)) {
        return search_find(ctx, store, &(struct search){SEARCH_PEOPLE, listing->folded, before, limit}, out);
    }
    *out = (struct id_list){arena_new(&ctx->arena, i64, limit), 0};
    return store_each(ctx, store, SQL_PEOPLE_NEWEST, ARGS(ARG_I64("before", before), ARG_I64("limit", limit)),
                      add_newest, out);
}

err people_list(struct ctx *ctx, struct people *people, const struct people_query *query, struct id_list *ids,
                i64 *next)
{
    struct listing listing = {.ctx = ctx, .people = people, .ids = ids, .folded = STR_NONE};
    str folded = str_is(query->text) ? fold_search(&ctx->arena, query->text) : STR("");
    if (folded.len > 0) {
        listing.folded = folded;
    }
    TRY(people_learn(ctx, people));
    *ids = (struct id_list){arena_new(&ctx->arena, i64, query->limit * 2), 0};
    i64 before = query->before == 0 ? INT64_MAX : query->before;
    for (;;) {
        struct id_list aliases;
        TRY(find_aliases(&listing, before, query->limit - ids->count, &aliases));
        for (i64 i = 0; i < aliases.count; i++) {
            TRY(stand(&listing, aliases.items[i]));
        }
        before = aliases.count == 0 ? 0 : aliases.items[aliases.count - 1];
        if (aliases.count == 0 || ids->count == query->limit) {
            break;
        }
    }
    *next = before;
    return OK;
}

/* One trait of everybody. */

struct everywhere {
    struct people *people;
    err (*each)(void *self, alias_no person, str value);
    void *self;
};

static err one_trait(void *self, struct ctx *ctx, const struct store_row *row)
{
    const struct everywhere *everywhere = self;
    struct identity *identity = everywhere->people->identity;
    identity_lock(identity);
    alias_no no = identity_of_id(identity, row_i64(row, 0));
    alias_no person = no == 0 ? 0 : identity_person(identity, no);
    identity_unlock(identity);
    str value = row_str(row, 1);
    struct json parsed;
    if (value.len > 0 && value.data[0] == '"' && json_parse(ctx, json_reader_here(), value, &parsed) == OK) {
        (void)json_str(parsed, &value);
    }
    return no == 0 ? OK : everywhere->each(everywhere->self, person, value);
}

err people_trait(struct ctx *ctx, struct people *people, str name, err (*each)(void *self, alias_no person, str value),
                 void *self)
{
    struct everywhere everywhere = {people, each, self};
    return store_each(ctx, people->store, SQL_PEOPLE_TRAIT_EVERYWHERE, ARGS(ARG_STR("name", name)), one_trait,
                      &everywhere);
}
