/* From events to people: what each event proves, and the one transaction in which a group's proofs are written. */
#include "people/state.h"

#include "base/id.h"
#include "text/fold.h"

enum { TRAITS_MAX = 100, TRAIT_NAME_MAX = 100, TRAIT_VALUE_MAX = 2000, CURSOR_EVERY = 20000 };

/* What a group brings; its texts live in the context's arena. */
struct found {
    struct people *people;
    struct ctx *ctx;
    struct trait *traits;
    i64 trait_count, trait_capacity;
    i64 up_to; /* the newest event of the group */
};

static void note_birth(struct people *people, alias_no no, const struct event *event)
{
    i64 at = ((i64)no - people->saved - 1) * 2;
    if (at + 2 > people->born_capacity) {
        people->born_capacity = greater(people->born_capacity * 2, at + 128);
        people->born = mem_resize(people->born, people->born_capacity * (i64)sizeof(i64));
    }
    people->born[at] = event->id;
    people->born[at + 1] = event->at_ms;
}

/* Ids of aliases grow with their numbers, also when the clock was set back. */
static i64 next_alias_id(const struct people *people)
{
    alias_no last = identity_count(people->identity);
    i64 newest = last == 0 ? 0 : identity_id(people->identity, last);
    return greater(id_new(), newest + 1);
}

static alias_no put_alias(struct people *people, str alias, const struct event *event)
{
    alias_no no = identity_find(people->identity, alias);
    if (no == 0 && alias.len > 0) {
        no = identity_put(people->identity, alias, next_alias_id(people));
        note_birth(people, no, event);
    }
    return no;
}

static void put_link(struct people *people, alias_no a, alias_no b, enum link_kind kind, const struct event *event)
{
    struct link link = {.a = a, .b = b, .at_ms = event->at_ms, .event = event->id, .kind = kind};
    if (a == 0 || b == 0 || identity_knows(people->identity, &link)) {
        return;
    }
    (void)identity_link(people->identity, &link);
    if (people->link_count == people->link_capacity) {
        people->link_capacity = people->link_capacity * 2 + 64;
        people->links = mem_resize(people->links, people->link_capacity * (i64)sizeof(struct link));
    }
    people->links[people->link_count++] = link;
}

static void put_trait(struct found *found, alias_no alias, str name, struct json value, const struct event *event)
{
    struct json_writer out = json_writer_in(&found->ctx->arena);
    json_put_value(&out, value);
    str text = json_text(&out);
    if (name.len == 0 || name.len > TRAIT_NAME_MAX || text.len > TRAIT_VALUE_MAX) {
        return;
    }
    if (found->trait_count == found->trait_capacity) {
        i64 wish = found->trait_capacity * 2 + 64;
        found->traits = arena_grow(&found->ctx->arena, found->traits, found->trait_capacity * (i64)sizeof(struct trait),
                                   wish * (i64)sizeof(struct trait), _Alignof(struct trait));
        found->trait_capacity = wish;
    }
    found->traits[found->trait_count++] = (struct trait){
        .alias_id = identity_id(found->people->identity, alias),
        .at_ms = event->at_ms,
        .event = event->id,
        .name = str_copy(&found->ctx->arena, name),
        .value = text,
    };
}

static void put_traits(struct found *found, alias_no alias, struct json traits, const struct event *event)
{
    i64 count = 0;
    for (struct json_iter i = json_each(traits); json_next(&i) && count < TRAITS_MAX; count++) {
        put_trait(found, alias, i.key, i.value, event);
    }
}

static str aliased(struct found *found, const char *kind, str value)
{
    return str_format(&found->ctx->arena, "%s:%.*s", kind, STR_ARG(value));
}

/* An e-mail or number joins only when somebody who can know vouches for it. */
static void put_contact(struct found *found, alias_no alias, const char *kind, struct json value, bool vouched,
                        const struct event *event)
{
    str text;
    if (!json_str(value, &text) || text.len == 0) {
        return;
    }
    str contact = aliased(found, kind, text);
    if (vouched) {
        put_link(found->people, alias, put_alias(found->people, contact, event), LINK_VERIFIED, event);
    } else {
        put_link(found->people, alias, identity_find(found->people->identity, contact), LINK_CLAIM, event);
    }
}

/* The id somebody had before: a user id where one is known by that name, else an anonymous one. */
static void put_previous(struct found *found, alias_no alias, str previous, bool vouched, const struct event *event)
{
    struct people *people = found->people;
    alias_no user = identity_find(people->identity, aliased(found, "user", previous));
    if (user != 0) {
        put_link(people, user, alias, vouched ? LINK_SAME_USER : LINK_CLAIM, event);
        return;
    }
    put_link(people, put_alias(people, aliased(found, "anon", previous), event), alias, LINK_SEEN_TOGETHER, event);
}

static void read_ours(struct found *found, alias_no alias, struct json ours, const struct event *event)
{
    str trust = STR("browser");
    str text;
    (void)json_str(json_get(ours, STR("trust")), &trust);
    bool vouched = !str_eq(trust, STR("browser"));
    if (json_str(json_get(ours, STR("anonymous")), &text) && text.len > 0) {
        alias_no anonymous = put_alias(found->people, aliased(found, "anon", text), event);
        put_link(found->people, anonymous, alias, LINK_SEEN_TOGETHER, event);
    }
    if (json_str(json_get(ours, STR("previous")), &text) && text.len > 0) {
        put_previous(found, alias, text, vouched, event);
    }
    put_contact(found, alias, "email", json_get(ours, STR("email")), vouched, event);
    put_contact(found, alias, "phone", json_get(ours, STR("phone")), vouched, event);
    put_traits(found, alias, json_get(ours, STR("traits")), event);
}

/* Most events carry nothing of ours but their trust: they are not worth parsing. */
static bool says_something(str props)
{
    static const str words[] = {STR("\"anonymous\":"), STR("\"email\":"), STR("\"phone\":"), STR("\"previous\":"),
                                STR("\"traits\":")};
    i64 at = str_find(props, STR("\"$\":"));
    for (i64 i = 0; at >= 0 && i < countof(words); i++) {
        if (str_find(str_slice(props, at, props.len), words[i]) >= 0) {
            return true;
        }
    }
    return false;
}

static err look_at(struct found *found, const struct event *event)
{
    alias_no alias = put_alias(found->people, event->alias, event);
    if (alias == 0 || !says_something(event->props)) {
        return OK;
    }
    struct json root;
    TRY(json_parse(found->ctx, json_reader_here(), event->props, &root));
    read_ours(found, alias, json_get(root, STR("$")), event);
    return OK;
}

static err write_aliases(struct ctx *ctx, struct people *people)
{
    for (alias_no no = people->saved + 1; no <= identity_count(people->identity); no++) {
        str alias = identity_text(people->identity, no);
        const i64 *born = &people->born[((i64)no - people->saved - 1) * 2];
        TRY(store_run(ctx, people->store, SQL_PEOPLE_ALIAS_ADD,
                      ARGS(ARG_I64("id", identity_id(people->identity, no)), ARG_STR("alias", alias),
                           ARG_I64("event", born[0]), ARG_I64("since_ms", born[1]),
                           ARG_STR("folded", fold_search(&ctx->arena, alias_value(alias)))),
                      NULL));
    }
    return OK;
}

static err write_links(struct ctx *ctx, struct people *people)
{
    for (i64 i = 0; i < people->link_count; i++) {
        const struct link *link = &people->links[i];
        alias_no low = lesser(link->a, link->b);
        alias_no high = greater(link->a, link->b);
        TRY(store_run(ctx, people->store, SQL_PEOPLE_LINK_PUT,
                      ARGS(ARG_I64("a", identity_id(people->identity, low)),
                           ARG_I64("b", identity_id(people->identity, high)),
                           ARG_STR("kind", str_from(identity_link_words[link->kind])), ARG_I64("at_ms", link->at_ms),
                           ARG_I64("event", link->event)),
                      NULL));
    }
    return OK;
}

/* Traits come in runs of one alias, which is found again by its new names after the run. */
static err write_traits(struct ctx *ctx, const struct found *found)
{
    struct people *people = found->people;
    bool any = false;
    for (i64 i = 0; i < found->trait_count; i++) {
        const struct trait *trait = &found->traits[i];
        bool changed;
        TRY(trait_put(ctx, people, trait, &changed));
        any = any || changed;
        bool last = i + 1 == found->trait_count || found->traits[i + 1].alias_id != trait->alias_id;
        if (last && any) {
            alias_no no = identity_of_id(people->identity, trait->alias_id);
            TRY(alias_fold(ctx, people, trait->alias_id, identity_text(people->identity, no)));
        }
        any = any && !last;
    }
    return OK;
}

static err write_all(struct ctx *ctx, struct store *store, void *arg)
{
    const struct found *found = arg;
    TRY(write_aliases(ctx, found->people));
    TRY(write_links(ctx, found->people));
    TRY(write_traits(ctx, found));
    return store_run(ctx, store, SQL_PEOPLE_CURSOR_SET, ARGS(ARG_I64("event", found->up_to)), NULL);
}

static bool brings_anything(const struct found *found)
{
    return identity_count(found->people->identity) > found->people->saved || found->people->link_count > 0 ||
           found->trait_count > 0;
}

/* What was found stays until it is written: after a failure the group comes again, finds its aliases and links known,
 * and they are written then. Groups that bring nothing new move the cursor only now and then. */
static err write_found(struct ctx *ctx, struct found *found, i64 count)
{
    struct people *people = found->people;
    people->unkept += count;
    if (!brings_anything(found) && people->unkept < CURSOR_EVERY) {
        return OK;
    }
    identity_lock(people->identity);
    err code = store_write(ctx, people->store, write_all, found);
    if (code == OK) {
        people->saved = identity_count(people->identity);
        people->link_count = 0;
        people->kept_cursor = found->up_to;
        people->unkept = 0;
    }
    identity_unlock(people->identity);
    return code;
}

/* True when nothing in the group can be news: the usual case, and readers need not wait for it. */
static bool all_known(const struct people *people, const struct event *items, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        str alias = items[i].alias;
        bool known = alias.len == 0 || identity_find(people->identity, alias) != 0;
        if (!known || (alias.len > 0 && says_something(items[i].props))) {
            return false;
        }
    }
    return true;
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    struct people *people = self;
    struct found found = {.people = people, .ctx = ctx, .up_to = items[count - 1].id};
    err code = OK;
    identity_lock(people->identity);
    bool known = all_known(people, items, count);
    identity_unlock(people->identity);
    if (!known) {
        identity_lock_write(people->identity);
        for (i64 i = 0; i < count && code == OK; i++) {
            code = look_at(&found, &items[i]);
        }
        identity_unlock(people->identity);
        TRY(code);
    }
    TRY(write_found(ctx, &found, count));
    people->cursor = found.up_to;
    return OK;
}

static err cursor(void *self, struct ctx *ctx, i64 *after_id)
{
    (void)ctx;
    *after_id = ((struct people *)self)->cursor;
    return OK;
}

struct event_follower people_follower(struct people *people)
{
    return (struct event_follower){
        .name = "people", .self = people, .cursor = cursor, .follow = follow, .forget = people_forget, .records = true};
}
