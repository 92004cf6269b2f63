#include "base/hash.h"
#include "journey/kept.h"

/* Texts as numbers that do not depend on their codes. */
struct hashes {
    u64 *words[WORD_COUNT];
};

static struct hashes hashes_of(struct ctx *ctx, const struct view *view)
{
    struct hashes out;
    for (i32 word = 0; word < WORD_COUNT; word++) {
        const struct texts *texts = &view->texts[word];
        out.words[word] = arena_new(&ctx->arena, u64, (i64)texts->count + 1);
        for (u32 code = 1; code <= texts->count; code++) {
            out.words[word][code] = hash_str(texts_text(texts, code));
        }
    }
    return out;
}

/* What is hashed of an event. */
struct line {
    i64 at_ms, id, alias, amount;
    f64 score;
    u64 words[WORD_COUNT];
    u64 marks;
};

static u64 digest_of(const struct view *view, const struct hashes *hashes, i64 alias, i64 row)
{
    struct line line = {.at_ms = view_at_ms(view, row), .id = view_id(view, row), .alias = alias};
    struct view_answer answer;
    for (i32 word = 0; word < WORD_COUNT; word++) {
        line.words[word] = hashes->words[word][view_word(view, (enum word)word, row)];
    }
    bool answered = view_answer(view, row, &answer);
    if (answered && answer.score != 0) {
        line.score = view->scores.values[answer.score];
    }
    bool priced = view_amount(view, row, &line.amount);
    line.marks = (u64)answered | (u64)(answered && answer.score != 0) << 1 | (u64)priced << 2 |
                 (u64)view_voiced(view, row) << 3;
    return hash64(&line, sizeof line);
}

u64 index_digest(struct ctx *ctx, struct index *index)
{
    struct view *view = arena_new(&ctx->arena, struct view, 1);
    view_open(ctx, index, view);
    struct hashes hashes = hashes_of(ctx, view);
    u64 sum = 0; // of all events: their order is of no meaning
    identity_lock(index->identity);
    for (i32 k = 0; k < view->layer_count; k++) {
        const struct layer *layer = view->layers[k];
        for (u32 run = 0; run < layer->run_count; run++) {
            alias_no alias = layer->run_alias[run];
            i64 id = alias == 0 ? 0 : identity_id(index->identity, alias);
            for (u32 row = layer->run_start[run]; row < layer->run_start[run + 1]; row++) {
                sum += dead_has(view->dead[k], row) ? 0 : digest_of(view, &hashes, id, view->first[k] + row);
            }
        }
    }
    identity_unlock(index->identity);
    view_close(view);
    return sum;
}
