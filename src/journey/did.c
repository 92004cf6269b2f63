#include "journey/did.h"

#include "journey/scan.h"

struct did {
    struct program events;
    i64 from_ms, to_ms, at_least;
    i64 words; /* of a bit a person */
};

struct did_state {
    u64 *people;
};

static err begin(struct part *part)
{
    const struct did *did = part->self;
    struct did_state *state = part->state;
    return part_new(part, u64, did->words, &state->people);
}

static i64 times_of(const struct did *did, const struct block *block, const i32 *rows, i64 from, i64 to)
{
    i64 times = 0;
    for (i64 k = from; k < to; k++) {
        i64 at = block->at_ms[rows[k]];
        times += at >= did->from_ms && at < did->to_ms;
    }
    return times;
}

static err read_block(struct part *part, const struct block *block)
{
    const struct did *did = part->self;
    struct did_state *state = part->state;
    u64 *bits = scratch_new(&part->scratch, u64, bits_words(block->count));
    i32 *rows = scratch_new(&part->scratch, i32, block->count + 64);
    program_bits(&did->events, block, &part->scratch, bits);
    i64 count = bits_list(bits, block->count, rows), k = 0;
    for (i64 i = 0; i < block->person_count; i++) {
        const struct stretch *stretch = &block->people[i];
        i64 from = k;
        while (k < count && rows[k] < stretch->to) {
            k++;
        }
        if (k - from >= did->at_least && stretch->person != 0 && times_of(did, block, rows, from, k) >= did->at_least) {
            state->people[stretch->person >> 6] |= (u64)1 << (stretch->person & 63);
        }
    }
    return OK;
}

static err merge(struct part *into, struct part *from)
{
    const struct did *did = into->self;
    struct did_state *a = into->state, *b = from->state;
    for (i64 word = 0; word < did->words; word++) {
        a->people[word] |= b->people[word];
    }
    return OK;
}

static const struct scanner scanner = {sizeof(struct did_state), begin, read_block, merge};

err did_everybody(struct ctx *ctx, const struct condition *condition, const struct program_env *env, const u64 **out)
{
    struct program_env events = *env;
    events.lens = lens_new(&ctx->arena);
    events.lens->unordered = true;
    struct did *did = arena_new(&ctx->arena, struct did, 1);
    *did = (struct did){.to_ms = env->now_ms, .at_least = condition->at_least};
    did->from_ms = condition->in_last_ms == 0 ? INT64_MIN : env->now_ms - condition->in_last_ms;
    did->words = bits_words(env->view->alias_count + 1);
    struct part *part;
    TRY(program_compile(ctx, &condition->children[0], &events, &did->events));
    TRY(scan_run(env->asking, events.lens, &scanner, did, &part));
    *out = ((struct did_state *)part->state)->people;
    return OK;
}
