#include "people/state.h"

#include "base/buf.h"
#include "store/search.h"
#include "text/fold.h"

#include <stdlib.h>

static const struct shape_field trait_fields[] = {
    {"alias_id", SHAPE_I64, offsetof(struct trait, alias_id)}, {"name", SHAPE_STR, offsetof(struct trait, name)},
    {"at_ms", SHAPE_I64, offsetof(struct trait, at_ms)},       {"event", SHAPE_I64, offsetof(struct trait, event)},
    {"value", SHAPE_STR, offsetof(struct trait, value)},
};
const struct shape trait_shape = SHAPE("Trait", struct trait, trait_fields, NULL);

str alias_kind(str alias)
{
    i64 colon = str_find_char(alias, ':');
    return colon < 0 ? STR("") : str_slice(alias, 0, colon);
}

str alias_value(str alias)
{
    i64 colon = str_find_char(alias, ':');
    return colon < 0 ? alias : str_slice(alias, colon + 1, alias.len);
}

static bool overruled(const struct trait *rows, i64 count, i64 at)
{
    for (i64 i = at + 1; i < count; i++) {
        if (str_eq(rows[i].name, rows[at].name)) {
            return true;
        }
    }
    return false;
}

str traits_object(struct arena *arena, const struct shape_list *list)
{
    const struct trait *rows = list->items;
    struct json_writer out = json_writer_in(arena);
    json_object(&out);
    for (i64 i = 0; i < list->count; i++) {
        if (!overruled(rows, list->count, i) && !str_eq(rows[i].value, STR("null"))) {
            json_key(&out, rows[i].name);
            json_put_raw(&out, rows[i].value);
        }
    }
    json_object_end(&out);
    return json_text(&out);
}

static str text_of(struct json traits, const char *const *names)
{
    str text;
    for (; *names != NULL; names++) {
        if (json_str(json_get(traits, str_from(*names)), &text) && str_trim(text).len > 0) {
            return str_trim(text);
        }
    }
    return STR_NONE;
}

/* Vietnamese names begin with the family's. */
str traits_name(struct arena *arena, struct json traits)
{
    static const char *const whole[] = {"name", "full_name", "fullName", "fullname", NULL};
    static const char *const family[] = {"last_name", "lastName", "lastname", "family_name", NULL};
    static const char *const given[] = {"first_name", "firstName", "firstname", "given_name", NULL};
    str name = text_of(traits, whole);
    if (str_is(name)) {
        return str_copy(arena, name);
    }
    str last = text_of(traits, family);
    str first = text_of(traits, given);
    if (str_is(last) && str_is(first)) {
        return str_format(arena, "%.*s %.*s", STR_ARG(last), STR_ARG(first));
    }
    return str_copy(arena, str_is(last) ? last : first);
}

/* Writing. Of what was said again and again without a change the first and the last time are kept: whatever arrives in
 * between, in any order, the newest word is the same. */

/* A row as it is and as it will be. */
struct said {
    struct trait row;
    bool was, is;
};

struct saying {
    struct ctx *ctx;
    struct people *people;
    struct said *items; /* of all aliases of a group, by alias, name, time and event */
    i64 count, capacity;
};

static int by_alias(const void *a, const void *b)
{
    const struct trait *x = a;
    const struct trait *y = b;
    if (x->alias_id != y->alias_id) {
        return x->alias_id < y->alias_id ? -1 : 1;
    }
    int names = str_cmp(x->name, y->name);
    if (names != 0) {
        return names;
    }
    if (x->at_ms != y->at_ms) {
        return x->at_ms < y->at_ms ? -1 : 1;
    }
    return (x->event > y->event) - (x->event < y->event);
}

static int said_by_alias(const void *a, const void *b)
{
    const struct said *x = a;
    const struct said *y = b;
    int order = by_alias(&x->row, &y->row);
    if (order != 0) {
        return order;
    }
    return x->was != y->was ? (x->was ? -1 : 1) : str_cmp(x->row.value, y->row.value);
}

static bool same_words(const struct said *a, const struct said *b)
{
    return a != NULL && a->row.alias_id == b->row.alias_id && str_eq(a->row.name, b->row.name) &&
           str_eq(a->row.value, b->row.value);
}

/* A row between two of the same words is not needed. */
static void thin_out(const struct saying *saying)
{
    struct said *before = NULL; // the last that stays
    for (struct said *at = saying->items, *end = at + saying->count; at < end; at++) {
        struct said *after = at + 1;
        while (after < end && !after->is) {
            after++;
        }
        if (at->is && after < end && same_words(before, at) && same_words(at, after)) {
            at->is = false;
        }
        before = at->is ? at : before;
    }
}

static void add_said(struct saying *saying, const struct trait *row, bool was)
{
    if (saying->count == saying->capacity) {
        i64 wish = saying->capacity * 2 + 64;
        saying->items = arena_grow(&saying->ctx->arena, saying->items, saying->capacity * (i64)sizeof(struct said),
                                   wish * (i64)sizeof(struct said), _Alignof(struct said));
        saying->capacity = wish;
    }
    saying->items[saying->count++] = (struct said){*row, was, true};
}

/* The same event heard again: its newest reading counts, one row is left. */
static void unite_equals(struct saying *saying)
{
    for (i64 i = 1; i < saying->count; i++) {
        struct said *old = &saying->items[i - 1], *new = &saying->items[i];
        if (by_alias(&old->row, &new->row) == 0) {
            new->was = old->was &&str_eq(old->row.value, new->row.value);
            old->was = old->is = false;
        }
    }
}

static err read_said(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct saying *saying = self;
    struct trait trait;
    memset(&trait, 0, sizeof trait);
    TRY(row_read(ctx, row, &trait_shape, &trait));
    add_said(saying, &trait, true);
    return OK;
}

static err read_all(struct saying *saying, const struct trait *traits, i64 count)
{
    struct ctx *ctx = saying->ctx;
    i64 *ids = arena_new(&ctx->arena, i64, count);
    i64 id_count = 0;
    for (i64 i = 0; i < count; i++) {
        if (i == 0 || traits[i].alias_id != traits[i - 1].alias_id) {
            ids[id_count++] = traits[i].alias_id;
        }
    }
    TRY(store_each(ctx, saying->people->store, SQL_PEOPLE_TRAITS_OF_MANY,
                   ARGS(ARG_STR("ids", people_ids(ctx, ids, id_count))), read_said, saying));
    for (i64 i = 0; i < count; i++) {
        add_said(saying, &traits[i], false);
    }
    qsort(saying->items, (size_t)saying->count, sizeof(struct said), said_by_alias);
    return OK;
}

static int by_time(const void *a, const void *b)
{
    const struct trait *x = a;
    const struct trait *y = b;
    if (x->at_ms != y->at_ms) {
        return x->at_ms < y->at_ms ? -1 : 1;
    }
    if (x->event != y->event) {
        return x->event < y->event ? -1 : 1;
    }
    return str_cmp(x->name, y->name);
}

/* The rows of one alias, from `from` to `to`. */
static err write_said(struct saying *saying, const struct said *from, const struct said *to, str alias)
{
    struct ctx *ctx = saying->ctx;
    struct store *store = saying->people->store;
    struct trait *left = arena_new(&ctx->arena, struct trait, to - from);
    i64 count = 0;
    bool changed = false;
    for (const struct said *at = from; at < to; at++) {
        const struct trait *row = &at->row;
        if (at->was && !at->is) {
            TRY(store_later(ctx, store, SQL_PEOPLE_TRAIT_REMOVE,
                            ARGS(ARG_I64("alias_id", row->alias_id), ARG_STR("name", row->name),
                                 ARG_I64("at_ms", row->at_ms), ARG_I64("event", row->event))));
        } else if (!at->was && at->is) {
            TRY(store_later(ctx, store, SQL_PEOPLE_TRAIT_ADD, ARGS_OF(&trait_shape, row)));
        }
        changed = changed || at->was != at->is;
        if (at->is) {
            left[count++] = *row;
        }
    }
    if (!changed) {
        return OK;
    }
    qsort(left, (size_t)count, sizeof *left, by_time);
    return alias_fold(ctx, saying->people, from->row.alias_id, alias, &(struct shape_list){left, count});
}

err traits_write(struct ctx *ctx, struct people *people, struct trait *traits, i64 count)
{
    struct saying saying = {.ctx = ctx, .people = people};
    if (count == 0) {
        return OK;
    }
    qsort(traits, (size_t)count, sizeof *traits, by_alias);
    TRY(read_all(&saying, traits, count));
    unite_equals(&saying);
    thin_out(&saying);
    const struct trait *named = traits;
    for (i64 from = 0, to; from < saying.count; from = to) {
        for (to = from + 1; to < saying.count; to++) {
            if (saying.items[to].row.alias_id != saying.items[from].row.alias_id) {
                break;
            }
        }
        while (named->alias_id != saying.items[from].row.alias_id) {
            named++;
        }
        TRY(write_said(&saying, &saying.items[from], &saying.items[to], named->alias));
    }
    return OK;
}

err alias_words(struct ctx *ctx, str alias, const struct shape_list *rows, str *out)
{
    static const char *const found_by[] = {"email", "phone", NULL};
    struct json traits;
    struct arena *arena = &ctx->arena;
    TRY(json_parse(ctx, json_reader_here(), traits_object(arena, rows), &traits));
    str name = traits_name(arena, traits);
    struct buf text = buf_in(arena);
    buf_add(&text, alias_value(alias));
    buf_char(&text, ' ');
    buf_add(&text, name);
    for (i64 i = 0; found_by[i] != NULL; i++) {
        str value;
        if (json_str(json_get(traits, str_from(found_by[i])), &value)) {
            buf_char(&text, ' ');
            buf_add(&text, value);
        }
    }
    *out = fold_search(arena, buf_str(&text));
    return OK;
}

err alias_fold(struct ctx *ctx, struct people *people, i64 alias_id, str alias, const struct shape_list *rows)
{
    str words;
    TRY(alias_words(ctx, alias, rows, &words));
    return search_put(ctx, people->store, SEARCH_PEOPLE, alias_id, words);
}
