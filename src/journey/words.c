#include "journey/words.h"

#include "journey/sql/personal.h"

/* A bit for each pair of a source and a word. */
struct pairs {
    u64 *bits;
    u32 width; /* words, 0 included */
};

static struct pairs pairs_new(struct ctx *ctx, u32 sources, u32 words)
{
    i64 count = ((i64)sources + 1) * ((i64)words + 1);
    return (struct pairs){arena_new(&ctx->arena, u64, count / 64 + 1), words + 1};
}

static void pairs_put(const struct pairs *pairs, u32 source, u32 word)
{
    u64 at = (u64)source * pairs->width + word;
    pairs->bits[at >> 6] |= (u64)1 << (at & 63);
}

static bool pairs_has(const struct pairs *pairs, u32 source, u32 word)
{
    u64 at = (u64)source * pairs->width + word;
    return (pairs->bits[at >> 6] >> (at & 63) & 1) != 0;
}

static void look_at_rows(const struct rows *rows, enum word word, const struct pairs *pairs)
{
    const struct column *sources = &rows->words[WORD_SOURCE];
    const struct column *words = &rows->words[word];
    if (words->width == 0) {
        return;
    }
    for (i64 row = 0; row < rows->count; row++) {
        pairs_put(pairs, column_get(sources, row), column_get(words, row));
    }
}

static void look_at_answers(const struct rows *rows, const struct pairs *pairs)
{
    i64 answer = 0;
    for (i64 row = 0; row < rows->count && answer < rows->answered.count; row++) {
        if (sparse_has(&rows->answered, row)) {
            u32 source = column_get(&rows->words[WORD_SOURCE], row);
            pairs_put(pairs, source, column_get(&rows->words[WORD_QUESTION], answer++));
        }
    }
}

static const enum word wanted[] = {WORD_KIND, WORD_CHANNEL, WORD_PLACE, WORD_TOUCHPOINT, WORD_QUESTION};

static void index_words(struct ctx *ctx, struct index *index,
                        void (*each)(void *self, str source, enum word word, str text), void *self)
{
    struct view *view = arena_new(&ctx->arena, struct view, 1);
    view_open(ctx, index, view);
    const struct texts *sources = &view->texts[WORD_SOURCE];
    for (i64 i = 0; i < countof(wanted); i++) {
        const struct texts *texts = &view->texts[wanted[i]];
        struct pairs pairs = pairs_new(ctx, sources->count, texts->count);
        for (i32 layer = 0; layer < view->layer_count; layer++) {
            if (wanted[i] == WORD_QUESTION) {
                look_at_answers(&view->layers[layer]->rows, &pairs);
            } else {
                look_at_rows(&view->layers[layer]->rows, wanted[i], &pairs);
            }
        }
        for (u32 source = 0; source <= sources->count; source++) {
            for (u32 word = 1; word <= texts->count; word++) {
                if (pairs_has(&pairs, source, word)) {
                    each(self, texts_text(sources, source), wanted[i], texts_text(texts, word));
                }
            }
        }
    }
    view_close(view);
}

err words_each(struct ctx *ctx, const struct asked_rooms *rooms,
               void (*each)(void *self, str source, enum word word, str text), void *self)
{
    if (rooms->index != NULL) {
        index_words(ctx, rooms->index, each, self);
        return OK;
    }
    for (i64 i = 0; i < countof(wanted); i++) {
        TRY(sql_source_words(ctx, rooms, wanted[i], each, self));
    }
    return OK;
}
