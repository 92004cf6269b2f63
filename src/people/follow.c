/* From events to people: what each event proves, and the one transaction in which a group's proofs are written. */
#include "people/state.h"

#include "base/id.h"

enum { TRAITS_MAX = 100, TRAIT_NAME_MAX = 100, TRAIT_VALUE_MAX = 2000, CURSOR_EVERY = 20000 };

/* What a group brings beside `fresh`; its texts live in the context's arena. */
struct found {
    struct people *people;
    struct ctx *ctx;
    const struct event *items;
    i64 count;
    struct trait *traits;
    i64 trait_count, trait_capacity;
};

/* An alias as it is known while a group is looked at. */
struct holder {
    i64 id;      /* 0: unknown */
    alias_no no; /* 0: memory does not have it yet */
    str text;
};

static struct holder find_holder(const struct people *people, str text)
{
    struct holder holder = {.no = identity_find(people->identity, text), .text = text};
    if (holder.no != 0) {
        holder.id = identity_id(people->identity, holder.no);
    } else if (people->shared) {
        const struct born *born = fresh_find(&people->fresh, text);
        holder.id = born == NULL ? 0 : born->id;
    }
    return holder;
}

/* Ids of aliases grow, also when the clock was set back. */
static i64 next_alias_id(struct people *people)
{
    alias_no last = identity_count(people->identity);
    i64 newest = last == 0 ? 0 : identity_id(people->identity, last);
    if (people->shared) {
        newest = greater(newest, people->alias_id);
    }
    return people->alias_id = greater(id_new(), newest + 1);
}

static void put_link(struct people *people, struct holder a, struct holder b, enum link_kind kind,
                     const struct event *event)
{
    struct link link = {.a = a.no, .b = b.no, .at_ms = event->at_ms, .event = event->id, .kind = kind};
    bool known = a.no != 0 && b.no != 0 && identity_knows(people->identity, &link);
    if (a.id == 0 || b.id == 0 || a.id == b.id || known) {
        return;
    }
    if (!people->shared) {
        (void)identity_link(people->identity, &link);
    }
    (void)fresh_prove(&people->fresh, &(struct proof){
                                          .a = lesser(a.id, b.id),
                                          .b = greater(a.id, b.id),
                                          .at_ms = event->at_ms,
                                          .event = event->id,
                                          .kind = kind,
                                      });
}

/* Somebody's previous id turns out to be a user id, too. */
struct namesake {
    struct people *people;
    struct holder user;
    i64 id; /* of the anonymous alias of the same text */
};

static void same_as(struct namesake *namesake, i64 other, i64 at_ms, i64 event)
{
    struct people *people = namesake->people;
    alias_no no = identity_of_id(people->identity, other);
    put_link(people, namesake->user, (struct holder){other, no, STR_NONE}, LINK_SAME_USER,
             &(struct event){.id = event, .at_ms = at_ms});
}

static void same_as_linked(void *self, const struct link *link)
{
    struct namesake *namesake = self;
    const struct identity *identity = namesake->people->identity;
    i64 a = identity_id(identity, link->a), b = identity_id(identity, link->b);
    if (link->kind == LINK_PREVIOUS) {
        same_as(namesake, a == namesake->id ? b : a, link->at_ms, link->event);
    }
}

static void meet_namesake(struct people *people, struct holder user)
{
    if (!str_starts(user.text, STR("user:"))) {
        return;
    }
    str value = alias_value(user.text);
    struct holder anonymous = find_holder(people, str_format(&people->fresh.texts, "anon:%.*s", STR_ARG(value)));
    struct namesake namesake = {people, user, anonymous.id};
    if (anonymous.no != 0) {
        identity_each_link(people->identity, anonymous.no, same_as_linked, &namesake);
    }
    i64 count = people->shared && anonymous.id != 0 ? people->fresh.proof_count : 0;
    for (i64 i = 0; i < count; i++) {
        struct proof proof = people->fresh.proofs[i];
        if (proof.kind == LINK_PREVIOUS && (proof.a == anonymous.id || proof.b == anonymous.id)) {
            same_as(&namesake, proof.a == anonymous.id ? proof.b : proof.a, proof.at_ms, proof.event);
        }
    }
}

static struct holder put_holder(struct people *people, str text, const struct event *event)
{
    struct holder holder = find_holder(people, text);
    if (holder.id == 0 && text.len > 0) {
        holder.id = next_alias_id(people);
        holder.no = people->shared ? 0 : identity_put(people->identity, text, holder.id);
        fresh_add(&people->fresh, &(struct born){text, holder.id, event->id, event->at_ms});
        meet_namesake(people, holder);
    }
    return holder;
}

static void put_trait(struct found *found, struct holder holder, str name, struct json value, const struct event *event)
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
        .alias_id = holder.id,
        .at_ms = event->at_ms,
        .event = event->id,
        .alias = holder.text,
        .name = str_copy(&found->ctx->arena, name),
        .value = text,
    };
}

static void put_traits(struct found *found, struct holder holder, struct json traits, const struct event *event)
{
    i64 count = 0;
    for (struct json_iter i = json_each(traits); json_next(&i) && count < TRAITS_MAX; count++) {
        put_trait(found, holder, i.key, i.value, event);
    }
}

static str aliased(struct found *found, const char *kind, str value)
{
    return str_format(&found->ctx->arena, "%s:%.*s", kind, STR_ARG(value));
}

/* An e-mail or number joins only when somebody who can know vouches for it. */
static void put_contact(struct found *found, struct holder holder, const char *kind, struct json value, bool vouched,
                        const struct event *event)
{
    str text;
    if (!json_str(value, &text) || text.len == 0) {
        return;
    }
    str contact = aliased(found, kind, text);
    if (vouched) {
        put_link(found->people, holder, put_holder(found->people, contact, event), LINK_VERIFIED, event);
    } else {
        put_link(found->people, holder, find_holder(found->people, contact), LINK_CLAIM, event);
    }
}

/* The id somebody had before: an anonymous one. When a server says so and a user has the same one, now or later, both users are
 * one. */
static void put_previous(struct found *found, struct holder holder, str previous, bool vouched,
                         const struct event *event)
{
    struct people *people = found->people;
    struct holder anonymous = put_holder(people, aliased(found, "anon", previous), event);
    put_link(people, anonymous, holder, vouched ? LINK_PREVIOUS : LINK_SEEN_TOGETHER, event);
    struct holder user = find_holder(people, aliased(found, "user", previous));
    if (vouched) {
        put_link(people, user, holder, LINK_SAME_USER, event);
    }
}

static void read_ours(struct found *found, struct holder holder, struct json ours, const struct event *event)
{
    str trust = STR("browser");
    str text;
    (void)json_str(json_get(ours, STR("trust")), &trust);
    bool vouched = !str_eq(trust, STR("browser"));
    if (json_str(json_get(ours, STR("anonymous")), &text) && text.len > 0) {
        struct holder anonymous = put_holder(found->people, aliased(found, "anon", text), event);
        put_link(found->people, anonymous, holder, LINK_SEEN_TOGETHER, event);
    }
    if (json_str(json_get(ours, STR("previous")), &text) && text.len > 0) {
        put_previous(found, holder, text, vouched, event);
    }
    put_contact(found, holder, "email", json_get(ours, STR("email")), vouched, event);
    put_contact(found, holder, "phone", json_get(ours, STR("phone")), vouched, event);
    put_traits(found, holder, json_get(ours, STR("traits")), event);
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
    struct holder holder = put_holder(found->people, event->alias, event);
    if (holder.id == 0 || !says_something(event->props)) {
        return OK;
    }
    struct json root;
    TRY(json_parse(found->ctx, json_reader_here(), event->props, &root));
    read_ours(found, holder, json_get(root, STR("$")), event);
    return OK;
}

static err look_at_all(struct found *found)
{
    err code = OK;
    for (i64 i = 0; i < found->count && code == OK; i++) {
        code = look_at(found, &found->items[i]);
    }
    return code;
}

/* True when nothing in the group can be news: the usual case, and readers need not wait for it. */
static bool all_known(const struct people *people, const struct event *items, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        str alias = items[i].alias;
        bool known = alias.len == 0 || items[i].alias_id != 0 || identity_find(people->identity, alias) != 0;
        if (!known || (alias.len > 0 && says_something(items[i].props))) {
            return false;
        }
    }
    return true;
}

/* Alone with the records. */

static err write_alone(struct ctx *ctx, struct store *store, void *arg)
{
    struct found *found = arg;
    TRY(people_write(ctx, found->people, found->traits, found->trait_count));
    i64 up_to = found->items[found->count - 1].id;
    return store_run(ctx, store, SQL_PEOPLE_CURSOR_SET, ARGS(ARG_I64("event", up_to)), NULL);
}

/* What was found stays until it is written: after a failure the group comes again, finds its aliases and links known,
 * and they are written then. Groups that bring nothing new move the cursor only now and then. */
static err write_found(struct ctx *ctx, struct found *found)
{
    struct people *people = found->people;
    struct fresh *fresh = &people->fresh;
    people->unkept += found->count;
    bool news = fresh->alias_count > 0 || fresh->proof_count > 0 || found->trait_count > 0;
    if (!news && people->unkept < CURSOR_EVERY) {
        return OK;
    }
    err code = store_write(ctx, people->store, write_alone, found);
    if (code != OK) {
        fresh->aliases_written = fresh->proofs_written = 0;
        return code;
    }
    fresh_clear(fresh);
    people->kept_cursor = found->items[found->count - 1].id;
    people->unkept = 0;
    return OK;
}

static err follow_alone(struct ctx *ctx, struct found *found)
{
    struct people *people = found->people;
    identity_lock(people->identity);
    bool known = all_known(people, found->items, found->count);
    identity_unlock(people->identity);
    if (!known) {
        identity_lock_write(people->identity);
        err code = look_at_all(found);
        identity_unlock(people->identity);
        TRY(code);
    }
    TRY(write_found(ctx, found));
    people->cursor = found->items[found->count - 1].id;
    return OK;
}

/* With others. */

static err decide(struct ctx *ctx, [[maybe_unused]] struct store *store, void *arg)
{
    struct found *found = arg;
    struct people *people = found->people;
    TRY(people_enter(ctx, people));
    pthread_mutex_lock(&people->deciding);
    identity_lock(people->identity);
    err code = look_at_all(found);
    identity_unlock(people->identity);
    if (code == OK) {
        code = people_write(ctx, people, found->traits, found->trait_count);
    }
    pthread_mutex_unlock(&people->deciding);
    return code;
}

static err follow_shared(struct ctx *ctx, struct found *found)
{
    struct people *people = found->people;
    identity_lock(people->identity);
    bool known = all_known(people, found->items, found->count);
    identity_unlock(people->identity);
    return known ? OK : store_write(ctx, people->store, decide, found);
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    struct people *people = self;
    struct found found = {.people = people, .ctx = ctx, .items = items, .count = count};
    return people->shared ? follow_shared(ctx, &found) : follow_alone(ctx, &found);
}

struct preparing {
    struct people *people;
    struct event *items;
    i64 count;
};

static err prepare(struct ctx *ctx, [[maybe_unused]] struct store *store, void *arg)
{
    const struct preparing *preparing = arg;
    struct people *people = preparing->people;
    TRY(people_enter(ctx, people));
    pthread_mutex_lock(&people->deciding);
    identity_lock(people->identity);
    for (i64 i = 0; i < preparing->count; i++) {
        preparing->items[i].alias_id = put_holder(people, preparing->items[i].alias, &preparing->items[i]).id;
    }
    identity_unlock(people->identity);
    err code = people_write(ctx, people, NULL, 0);
    if (code == OK) {
        code = people_speak(ctx, people, preparing->items, preparing->count);
    }
    pthread_mutex_unlock(&people->deciding);
    return code;
}

err people_prepare(void *self, struct ctx *ctx, struct event *items, i64 count)
{
    struct people *people = self;
    struct preparing preparing = {people, items, count};
    return store_write(ctx, people->store, prepare, &preparing);
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
