#include "store/search.h"

#include "base/buf.h"
#include "text/fold.h"

#include <assert.h>

enum { TOKEN_BYTES_MAX = 64 };

static bool is_ours(const struct store *store)
{
    return !store_shared(store);
}

/* A picture is a word of its own, whatever stands beside it: people write "tốt quá😍😍" without a blank. */
static bool is_picture(u32 code)
{
    return (code >= 0x2190 && code <= 0x2bff) || (code >= 0x1f000 && code <= 0x1fbff);
}

/* The colour of a skin, and the sign that asks for the coloured look of a character. */
static bool is_picture_tone(u32 code)
{
    return (code >= 0x1f3fb && code <= 0x1f3ff) || (code >= 0xfe00 && code <= 0xfe0f) || code == 0x20e3;
}

/* Letters, digits and whatever is no punctuation. */
static bool is_word(u32 code)
{
    if (code < 0x80) {
        return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    }
    bool mark = (code >= 0x2000 && code <= 0x206f) || (code >= 0x3000 && code <= 0x303f) ||
                (code >= 0xa0 && code <= 0xbf);
    return !mark && !is_picture(code) && !is_picture_tone(code) && code != 0xd7 && code != 0xf7 && code != 0xfffd;
}

/* The next token of a folded text; none at the end. */
static str next_token(str folded, i64 *at)
{
    i64 from = -1;
    while (*at < folded.len) {
        i64 here = *at;
        u32 code = utf8_next(folded, at);
        bool word = is_word(code);
        if (word && from < 0) {
            from = here;
        } else if (!word && from >= 0) {
            *at = here;
            return utf8_prefix(str_slice(folded, from, here), TOKEN_BYTES_MAX);
        } else if (is_picture(code) && !is_picture_tone(code)) {
            return str_slice(folded, here, *at);
        }
    }
    return from < 0 ? STR_NONE : utf8_prefix(str_slice(folded, from, folded.len), TOKEN_BYTES_MAX);
}

str search_words_of(struct arena *arena, str text)
{
    str folded = fold_search(arena, text);
    struct buf out = buf_in(arena);
    i64 at = 0;
    for (str token = next_token(folded, &at); str_is(token); token = next_token(folded, &at)) {
        if (out.len > 0) {
            buf_char(&out, ' ');
        }
        buf_add(&out, token);
    }
    return buf_str(&out);
}

str search_words_query(struct arena *arena, const struct store *store, str text)
{
    str trimmed = str_trim(text);
    bool begins = str_ends(trimmed, STR("*"));
    str folded = fold_search(arena, trimmed);
    struct buf out = buf_in(arena);
    bool ours = is_ours(store);
    i64 at = 0;
    for (str token = next_token(folded, &at); str_is(token); token = next_token(folded, &at)) {
        if (out.len > 0) {
            buf_add(&out, ours ? STR(" AND ") : STR(" & "));
        }
        buf_format(&out, ours ? "\"%.*s\"" : "'%.*s'", STR_ARG(token));
    }
    if (begins && out.len > 0) {
        buf_add(&out, ours ? STR("*") : STR(":*"));
    }
    return out.len > 0 ? buf_str(&out) : STR_NONE;
}

err search_words_add(struct ctx *ctx, struct store *store, i64 position, str words)
{
    assert(store_writing(store));
    struct store_args args = ARGS(ARG_I64("position", position), ARG_STR("words", words));
    TRY(store_later(ctx, store, SQL_SEARCH_WORDS_ADD, args));
    return is_ours(store) ? store_run(ctx, store, SQL_SEARCH_WORDS_LEARN, args, NULL) : OK;
}

err search_words_remove(struct ctx *ctx, struct store *store, str positions)
{
    struct store_args args = ARGS(ARG_STR("positions", positions));
    TRY(is_ours(store) ? store_run(ctx, store, SQL_SEARCH_WORDS_UNLEARN, args, NULL) : OK);
    return store_later(ctx, store, SQL_SEARCH_WORDS_REMOVE, args);
}

err search_words_clear(struct ctx *ctx, struct store *store)
{
    TRY(is_ours(store) ? store_run(ctx, store, SQL_SEARCH_WORDS_FORGET, ARGS_NONE, NULL) : OK);
    return store_later(ctx, store, SQL_SEARCH_WORDS_CLEAR, ARGS_NONE);
}

err search_words_reach(struct ctx *ctx, struct store *store, i64 before, i64 look, i64 *out)
{
    struct store_args args = ARGS(ARG_I64("before", before), ARG_I64("look", look));
    *out = INT64_MIN;
    if (is_ours(store)) {
        return OK;
    }
    TRY(store_number(ctx, store, SQL_SEARCH_WORDS_REACHED, args, out));
    *out = *out == 0 ? INT64_MIN : *out;
    return OK;
}

static err add_position(void *self, struct ctx *ctx, const struct store_row *row)
{
    (void)ctx;
    struct id_list *out = self;
    out->items[out->count++] = row_i64(row, 0);
    return OK;
}

struct looking {
    str query;
    i64 before, limit;
    struct id_list *out;
};

static err find(struct ctx *ctx, struct store *store, void *arg)
{
    const struct looking *looking = arg;
    i64 before = looking->before;
    if (!is_ours(store)) {
        TRY(store_each(ctx, store, SQL_SEARCH_WORDS_NEWEST,
                       ARGS(ARG_STR("query", looking->query), ARG_I64("before", before),
                            ARG_I64("look", SEARCH_WORDS_LOOK), ARG_I64("limit", looking->limit)),
                       add_position, looking->out));
        if (looking->out->count == looking->limit) {
            return OK;
        }
        TRY(search_words_reach(ctx, store, before, SEARCH_WORDS_LOOK, &before));
        if (before == INT64_MIN) {
            return OK;
        }
        before++;
    }
    return store_each(ctx, store, SQL_SEARCH_WORDS_FOUND,
                      ARGS(ARG_STR("query", looking->query), ARG_I64("before", before),
                           ARG_I64("limit", looking->limit - looking->out->count)),
                      add_position, looking->out);
}

err search_words_find(struct ctx *ctx, struct store *store, str query, i64 before, i64 limit, struct id_list *out)
{
    struct looking looking = {query, before, limit, out};
    *out = (struct id_list){arena_new(&ctx->arena, i64, greater(limit, 1)), 0};
    return str_is(query) ? store_read(ctx, store, find, &looking) : OK;
}
