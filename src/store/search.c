#include "store/search.h"

#include "base/buf.h"
#include "base/log.h"

#include <assert.h>

/* A text that is common enough is found among so many of the newest; a search looks there first. What is too short for the
 * index is looked for in larger steps. */
enum { LOOK = 2000, STEP = 50000 };

/* Threes that the index is asked for: the first ones say enough, the text itself is looked at anyway. */
enum { GRAMS_MAX = 24 };

/* PostgreSQL keeps its index in step by itself. SQLite trusts no triggers that write to an index of this sort, so we do it. */
static bool is_ours(const struct store *store)
{
    assert(store_writing(store));
    return !store_shared(store);
}

err search_add(struct ctx *ctx, struct store *store, enum search_kind kind, i64 id, str folded)
{
    struct store_args args = ARGS(ARG_I64("kind", kind), ARG_I64("id", id), ARG_STR("folded", folded));
    TRY(store_later(ctx, store, SQL_SEARCH_ADD, args));
    return is_ours(store) ? store_run(ctx, store, SQL_SEARCH_ADD_GRAMS, args, NULL) : OK;
}

err search_put(struct ctx *ctx, struct store *store, enum search_kind kind, i64 id, str folded)
{
    struct store_args args = ARGS(ARG_I64("kind", kind), ARG_I64("id", id), ARG_STR("folded", folded));
    i64 changed;
    if (!is_ours(store)) {
        return store_later(ctx, store, SQL_SEARCH_PUT, args);
    }
    TRY(store_run(ctx, store, SQL_SEARCH_UNLEARN, args, NULL));
    TRY(store_run(ctx, store, SQL_SEARCH_PUT, args, &changed));
    return changed == 0 ? OK : store_run(ctx, store, SQL_SEARCH_LEARN, args, NULL);
}

err search_remove(struct ctx *ctx, struct store *store, enum search_kind kind, str ids)
{
    struct store_args args = ARGS(ARG_I64("kind", kind), ARG_STR("ids", ids));
    TRY(is_ours(store) ? store_run(ctx, store, SQL_SEARCH_UNLEARN_MANY, args, NULL) : OK);
    return store_later(ctx, store, SQL_SEARCH_REMOVE, args);
}

err search_clear(struct ctx *ctx, struct store *store, enum search_kind kind)
{
    struct store_args args = ARGS(ARG_I64("kind", kind));
    TRY(is_ours(store) ? store_run(ctx, store, SQL_SEARCH_UNLEARN_ALL, args, NULL) : OK);
    return store_later(ctx, store, SQL_SEARCH_CLEAR, args);
}

/* Where the next character begins. */
static i64 next_char(str text, i64 at)
{
    for (at++; at < text.len && (text.data[at] & 0xc0) == 0x80;) {
        at++;
    }
    return at;
}

static void put_gram(struct buf *out, str gram)
{
    buf_add(out, out->len > 0 ? STR(" AND \"") : STR("\""));
    for (i64 i = 0; i < gram.len; i++) {
        if (gram.data[i] == '"') {
            buf_char(out, '"');
        }
        buf_char(out, gram.data[i]);
    }
    buf_char(out, '"');
}

/* "abcd" → "abc" AND "bcd"; nothing for less than three characters. */
static str grams_of(struct ctx *ctx, str text)
{
    struct buf out = buf_in(&ctx->arena);
    i64 second = next_char(text, 0);
    i64 third = second < text.len ? next_char(text, second) : second;
    i64 count = 0;
    for (i64 from = 0; third < text.len && count < GRAMS_MAX; count++) {
        i64 end = next_char(text, third);
        put_gram(&out, str_slice(text, from, end));
        from = second;
        second = third;
        third = end;
    }
    return buf_str(&out);
}

static str pattern_of(struct ctx *ctx, str text)
{
    struct buf out = buf_in(&ctx->arena);
    buf_char(&out, '%');
    for (i64 i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '%' || c == '_' || c == '\\') {
            buf_char(&out, '\\');
        }
        buf_char(&out, c);
    }
    buf_char(&out, '%');
    return buf_str(&out);
}

static err add_id(void *self, struct ctx *ctx, const struct store_row *row)
{
    (void)ctx;
    struct id_list *ids = self;
    ids->items[ids->count++] = row_i64(row, 0);
    return OK;
}

/* One by one, the newest `look` of those below `before`; how far that reached, 0: to the end. */
static err look_at_newest(struct ctx *ctx, struct store *store, const struct search *search, i64 *before, i64 look,
                          struct id_list *ids)
{
    TRY(store_each(ctx, store, SQL_SEARCH_NEWEST,
                   ARGS(ARG_I64("kind", search->kind), ARG_I64("before", *before), ARG_I64("look", look),
                        ARG_STR("text", search->folded), ARG_I64("limit", search->limit - ids->count)),
                   add_id, ids));
    if (ids->count == search->limit) {
        return OK;
    }
    i64 reached;
    TRY(store_number(ctx, store, SQL_SEARCH_REACHED,
                     ARGS(ARG_I64("kind", search->kind), ARG_I64("before", *before), ARG_I64("look", look)), &reached));
    *before = reached == 0 ? 0 : reached + 1;
    return OK;
}

struct finding {
    const struct search *search;
    struct id_list *ids;
};

static err find(struct ctx *ctx, struct store *store, void *arg)
{
    const struct finding *finding = arg;
    const struct search *search = finding->search;
    struct id_list *ids = finding->ids;
    str grams = grams_of(ctx, search->folded);
    i64 before = search->before;
    TRY(look_at_newest(ctx, store, search, &before, LOOK, ids));
    while (grams.len == 0 && before != 0 && ids->count < search->limit) {
        TRY(look_at_newest(ctx, store, search, &before, STEP, ids));
        if (ctx_stopped(ctx)) {
            return ERR_CANCELLED;
        }
    }
    if (before == 0 || ids->count == search->limit) {
        return OK;
    }
    return store_each(ctx, store, SQL_SEARCH_FOUND,
                      ARGS(ARG_I64("kind", search->kind), ARG_I64("before", before), ARG_STR("grams", grams),
                           ARG_STR("pattern", pattern_of(ctx, search->folded)), ARG_STR("text", search->folded),
                           ARG_I64("limit", search->limit - ids->count)),
                      add_id, ids);
}

err search_find(struct ctx *ctx, struct store *store, const struct search *search, struct id_list *ids)
{
    struct finding finding = {search, ids};
    *ids = (struct id_list){arena_new(&ctx->arena, i64, search->limit), 0};
    return store_read(ctx, store, find, &finding);
}

err search_holds(struct ctx *ctx, struct store *store, enum search_kind kind, i64 id, str folded, bool *out)
{
    i64 count;
    TRY(store_number(ctx, store, SQL_SEARCH_HOLDS,
                     ARGS(ARG_I64("kind", kind), ARG_I64("id", id), ARG_STR("text", folded)), &count));
    *out = count > 0;
    return OK;
}

err search_any(struct ctx *ctx, struct store *store, enum search_kind kind, bool *out)
{
    i64 count;
    TRY(store_number(ctx, store, SQL_SEARCH_ANY, ARGS(ARG_I64("kind", kind)), &count));
    *out = count > 0;
    return OK;
}

err search_indexed(struct ctx *ctx, struct store *store, bool *out)
{
    i64 count;
    TRY(store_number(ctx, store, SQL_SEARCH_INDEX, ARGS_NONE, &count));
    *out = count > 0;
    return OK;
}

static err make_extension(struct ctx *ctx, struct store *store, void *arg)
{
    (void)arg;
    return store_run(ctx, store, SQL_SEARCH_EXTENSION_MAKE, ARGS_NONE, NULL);
}

static err make_index(struct ctx *ctx, struct store *store, void *arg)
{
    (void)arg;
    return store_run(ctx, store, SQL_SEARCH_INDEX_MAKE, ARGS_NONE, NULL);
}

err search_open(struct ctx *ctx, struct store *store)
{
    bool there;
    TRY(search_indexed(ctx, store, &there));
    if (there) {
        return OK;
    }
    err code = store_write(ctx, store, make_extension, NULL);
    if (code == OK) {
        code = store_write(ctx, store, make_index, NULL);
    }
    if (code == OK || code == ERR_CANCELLED) {
        return code;
    }
    // Not installed, or not ours to create: we search without. A server that is away tells whoever comes next.
    log_fault(LOG_WARN, "search_without_index", ctx, code);
    ctx_forgive(ctx);
    return OK;
}

err search_purge(struct ctx *ctx, struct store *store)
{
    if (store_shared(store)) {
        return OK;
    }
    TRY(store_run(ctx, store, SQL_SEARCH_PURGE, ARGS_NONE, NULL));
    return store_run(ctx, store, SQL_SEARCH_WORDS_PURGE, ARGS_NONE, NULL);
}
