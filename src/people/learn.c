/* Memory as a replica of records that several processes write. */
#include "people/state.h"

#include "base/progress.h"

static const struct shape_field standing_fields[] = {
    {"whole", SHAPE_I64, offsetof(struct standing, whole)},
    {"alias", SHAPE_I64, offsetof(struct standing, alias)},
    {"number", SHAPE_I64, offsetof(struct standing, number)},
    {"moved_upto", SHAPE_I64, offsetof(struct standing, moved_upto)},
    {"silent", SHAPE_I64, offsetof(struct standing, silent)},
};
static const struct shape standing_shape = SHAPE("Standing", struct standing, standing_fields, NULL);

static err read_standing(struct ctx *ctx, struct store *store, struct standing *out)
{
    *out = (struct standing){.moved_upto = -1};
    err code = store_one(ctx, store, SQL_PEOPLE_STATE, ARGS_NONE, &standing_shape, out);
    return code == ERR_NOT_FOUND ? OK : code;
}

/* What the journal of moves is for: moving.c. */

static void note_move(void *self, alias_no alias)
{
    enum { MOVES_MAX = 1 << 20 };
    struct people *people = self;
    if (people->move_count == MOVES_MAX) {
        // Too long ago: who moved is found out from the links themselves.
        people->move_count = 0;
        people->moves_from = people->applying;
        return;
    }
    if (people->move_count == people->move_capacity) {
        people->move_capacity = people->move_capacity * 2 + 256;
        people->moves = mem_resize(people->moves, people->move_capacity * (i64)sizeof *people->moves);
    }
    people->moves[people->move_count++] = (struct move){people->applying, alias};
}

void people_watch(struct people *people)
{
    people->moves_from = people->known.number;
    identity_watch(people->identity, note_move, people);
}

/* Rows. */

static err corrupt(struct ctx *ctx)
{
    return FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt", {"file", STR("person_links")});
}

static bool kind_of(str word, enum link_kind *out)
{
    for (i32 i = 0; i < LINK_KIND_COUNT_; i++) {
        if (str_eq(word, str_from(identity_link_words[i]))) {
            *out = (enum link_kind)i;
            return true;
        }
    }
    return false;
}

/* A change of a link, or an alias that was removed, as it is read and before memory takes it in. */
struct change {
    i64 a, b, at_ms, event, number;
    enum link_kind kind;
    bool alias; /* it is the alias `a` that is gone */
};

struct news {
    struct people *people;
    struct arena *arena;
    struct born *aliases;
    struct change *links, *gone;
    i64 alias_count, alias_capacity, link_count, link_capacity, gone_count, gone_capacity;
};

static struct change *room(struct arena *arena, struct change **items, i64 *count, i64 *capacity)
{
    if (*count == *capacity) {
        i64 wish = *capacity * 2 + 64;
        *items = arena_grow(arena, *items, *capacity * (i64)sizeof(struct change), wish * (i64)sizeof(struct change),
                            _Alignof(struct change));
        *capacity = wish;
    }
    return &(*items)[(*count)++];
}

static err read_alias(void *self, struct ctx *ctx, const struct store_row *row)
{
    (void)ctx;
    struct news *news = self;
    if (news->alias_count == news->alias_capacity) {
        i64 wish = news->alias_capacity * 2 + 64;
        news->aliases = arena_grow(news->arena, news->aliases, news->alias_capacity * (i64)sizeof(struct born),
                                   wish * (i64)sizeof(struct born), _Alignof(struct born));
        news->alias_capacity = wish;
    }
    news->aliases[news->alias_count++] = (struct born){.id = row_i64(row, 0),
                                                       .text = str_copy(news->arena, row_str(row, 1))};
    return OK;
}

static err read_change(struct ctx *ctx, const struct store_row *row, struct change *out)
{
    *out = (struct change){
        .a = row_i64(row, 0),
        .b = row_i64(row, 1),
        .at_ms = row_i64(row, 3),
        .event = row_i64(row, 4),
        .number = row_i64(row, 5),
        .alias = str_eq(row_str(row, 2), STR("alias")),
    };
    return out->alias || kind_of(row_str(row, 2), &out->kind) ? OK : corrupt(ctx);
}

static err read_link(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct news *news = self;
    return read_change(ctx, row, room(news->arena, &news->links, &news->link_count, &news->link_capacity));
}

static err read_gone(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct news *news = self;
    return read_change(ctx, row, room(news->arena, &news->gone, &news->gone_count, &news->gone_capacity));
}

/* Both ends; false when memory does not know one of them. */
static bool link_of(const struct identity *identity, const struct change *change, struct link *out)
{
    *out = (struct link){
        .a = identity_of_id(identity, change->a),
        .b = identity_of_id(identity, change->b),
        .at_ms = change->at_ms,
        .event = change->event,
        .kind = change->kind,
    };
    return out->a != 0 && out->b != 0;
}

/* What was removed first: a link that is there now came after its removal. */
static err take_in(struct ctx *ctx, const struct news *news)
{
    struct people *people = news->people;
    struct identity *identity = people->identity;
    struct link link;
    for (i64 i = 0; i < news->alias_count; i++) {
        (void)identity_put(identity, news->aliases[i].text, news->aliases[i].id);
    }
    for (i64 i = 0; i < news->gone_count; i++) {
        const struct change *change = &news->gone[i];
        people->applying = change->number;
        if (change->alias) {
            identity_forget(identity, identity_of_id(identity, change->a));
        } else if (link_of(identity, change, &link)) {
            identity_unlink_one(identity, &link);
        }
    }
    for (i64 i = 0; i < news->link_count; i++) {
        people->applying = news->links[i].number;
        if (!link_of(identity, &news->links[i], &link)) {
            return corrupt(ctx);
        }
        (void)identity_link(identity, &link);
    }
    return OK;
}

static err learn_news(struct ctx *ctx, struct people *people, const struct standing *now)
{
    struct arena arena = {0};
    struct news news = {.people = people, .arena = &arena};
    struct store_args after = ARGS(ARG_I64("number", people->known.number));
    err code = OK;
    if (now->alias > people->known.alias) {
        code = store_each(ctx, people->store, SQL_PEOPLE_ALIASES_AFTER, ARGS(ARG_I64("id", people->known.alias)),
                          read_alias, &news);
    }
    if (code == OK && now->number > people->known.number) {
        code = store_each(ctx, people->store, SQL_PEOPLE_GONE_AFTER, after, read_gone, &news);
    }
    if (code == OK && now->number > people->known.number) {
        code = store_each(ctx, people->store, SQL_PEOPLE_LINKS_AFTER, after, read_link, &news);
    }
    if (code == OK) {
        identity_lock_write(people->identity);
        code = take_in(ctx, &news);
        identity_unlock(people->identity);
    }
    arena_free(&arena);
    return code;
}

/* Everything anew: memory keeps its numbers, loses what is not there any more and gets what it lacks. */
struct comparing {
    struct people *people;
    alias_no at; /* the next of memory's aliases to be met */
    struct news late;
};

static err compare_alias(void *self, struct ctx *ctx, const struct store_row *row)
{
    (void)ctx;
    struct comparing *comparing = self;
    struct identity *identity = comparing->people->identity;
    i64 id = row_i64(row, 0);
    while (comparing->at <= identity_count(identity) && identity_id(identity, comparing->at) < id) {
        identity_forget(identity, comparing->at++);
    }
    if (comparing->at > identity_count(identity)) {
        (void)identity_put(identity, row_str(row, 1), id);
    }
    comparing->at++;
    return OK;
}

static err compare_link(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct comparing *comparing = self;
    struct change change;
    struct link link;
    TRY(read_change(ctx, row, &change));
    if (!link_of(comparing->people->identity, &change, &link)) {
        return corrupt(ctx);
    }
    if (!identity_keep(comparing->people->identity, &link)) {
        struct news *late = &comparing->late;
        *room(late->arena, &late->links, &late->link_count, &late->link_capacity) = change;
    }
    return OK;
}

static err compare_all(struct ctx *ctx, struct comparing *comparing)
{
    struct people *people = comparing->people;
    struct identity *identity = people->identity;
    comparing->at = 1;
    TRY(store_each(ctx, people->store, SQL_PEOPLE_ALIASES, ARGS_NONE, compare_alias, comparing));
    while (comparing->at <= identity_count(identity)) {
        identity_forget(identity, comparing->at++);
    }
    identity_review(identity);
    TRY(store_each(ctx, people->store, SQL_PEOPLE_LINKS, ARGS_NONE, compare_link, comparing));
    identity_drop_rest(identity);
    for (i64 i = 0; i < comparing->late.link_count; i++) {
        comparing->late.links[i].number = people->applying;
    }
    return take_in(ctx, &comparing->late);
}

static err learn_everything(struct ctx *ctx, struct people *people, const struct standing *now)
{
    struct arena arena = {0};
    struct comparing comparing = {.people = people, .late = {.people = people, .arena = &arena}};
    people->applying = now->number;
    identity_lock_write(people->identity);
    err code = compare_all(ctx, &comparing);
    identity_unlock(people->identity);
    arena_free(&arena);
    return code;
}

/* Failing in the middle, memory may have some of the news: it takes them in once more the next time, which changes nothing. */
static err learn(struct ctx *ctx, struct store *store, void *arg)
{
    struct people *people = arg;
    struct standing now;
    TRY(read_standing(ctx, store, &now));
    if (now.whole > people->known.number) {
        TRY(learn_everything(ctx, people, &now));
    } else {
        TRY(learn_news(ctx, people, &now));
    }
    now.alias = greater(now.alias, people->known.alias);
    now.number = greater(now.number, people->known.number);
    people->known = now;
    return OK;
}

/* `now` is what memory knows when this returns, and whether aliases are about to be forgotten. */
static err learn_to(struct ctx *ctx, struct people *people, struct standing *now)
{
    TRY(read_standing(ctx, people->store, now));
    pthread_mutex_lock(&people->learning);
    err code = OK;
    if (now->number > people->known.number || now->alias > people->known.alias) {
        // Aliases and the links between them must be of one state.
        code = store_writing(people->store) ? learn(ctx, people->store, people)
                                            : store_read(ctx, people->store, learn, people);
    }
    if (now->moved_upto < 0 || now->moved_upto > people->known.moved_upto) {
        people->known.moved_upto = now->moved_upto;
    }
    i64 silent = now->silent;
    *now = people->known;
    now->silent = silent;
    pthread_mutex_unlock(&people->learning);
    return code;
}

err people_learn(struct ctx *ctx, struct people *people)
{
    struct standing now;
    return people->shared ? learn_to(ctx, people, &now) : OK;
}

err people_enter(struct ctx *ctx, struct people *people)
{
    struct standing now;
    u64 transaction = store_transaction(people->store);
    pthread_mutex_lock(&people->deciding);
    bool entered = people->transaction == transaction; // nobody else writes meanwhile
    pthread_mutex_unlock(&people->deciding);
    if (entered) {
        return OK;
    }
    TRY(learn_to(ctx, people, &now));
    pthread_mutex_lock(&people->deciding);
    fresh_clear(&people->fresh);
    people->transaction = transaction;
    people->alias_id = now.alias;
    people->number = now.number;
    people->entered = now;
    pthread_mutex_unlock(&people->deciding);
    return OK;
}

/* At start. */

static err load_alias(void *self, struct ctx *ctx, const struct store_row *row)
{
    enum { TELL = 4096 };
    struct people *people = self;
    if (identity_put(people->identity, row_str(row, 1), row_i64(row, 0)) % TELL == 0) {
        progress_add(ctx->progress, TELL);
        return ctx_stopped(ctx) ? ERR_CANCELLED : OK;
    }
    return OK;
}

static err load_link(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct people *people = self;
    struct change change;
    struct link link;
    TRY(read_change(ctx, row, &change));
    if (!link_of(people->identity, &change, &link)) {
        return corrupt(ctx);
    }
    (void)identity_link(people->identity, &link);
    return OK;
}

static err load(struct ctx *ctx, struct store *store, void *arg)
{
    struct people *people = arg;
    i64 count;
    TRY(store_number(ctx, store, SQL_PEOPLE_ALIAS_COUNT, ARGS_NONE, &count));
    progress_begin(ctx->progress, "people", count, 0, 10);
    identity_reserve(people->identity, (alias_no)lesser(count, UINT32_MAX / 4));
    TRY(read_standing(ctx, store, &people->known));
    TRY(store_each(ctx, store, SQL_PEOPLE_ALIASES, ARGS_NONE, load_alias, people));
    TRY(store_each(ctx, store, SQL_PEOPLE_LINKS, ARGS_NONE, load_link, people));
    i64 number; // of links that came from other records, which were shared once
    TRY(store_number(ctx, store, SQL_PEOPLE_NEWEST_NUMBER, ARGS_NONE, &number));
    people->known.number = greater(people->known.number, number);
    alias_no last = identity_count(people->identity);
    people->known.alias = greater(people->known.alias, last == 0 ? 0 : identity_id(people->identity, last));
    return OK;
}

err people_load(struct ctx *ctx, struct people *people)
{
    return store_read(ctx, people->store, load, people);
}
