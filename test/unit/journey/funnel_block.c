#include "test.h"

#include "base/random.h"
#include "journey/funnel_block.h"

enum { ROUNDS = 400, PEOPLE = 60, EVENTS = 12 };

/* A block of random lives, with a row here and there that is nobody's. */
struct lives {
    i64 at_ms[PEOPLE * (EVENTS + 1) + 64];
    u8 masks[PEOPLE * (EVENTS + 1) + 64];
    struct stretch people[PEOPLE];
    struct block block;
};

static void live(struct dice *dice, i32 steps, struct lives *out)
{
    i32 row = 0;
    memset(out, 0, sizeof(*out));
    for (i32 i = 0; i < PEOPLE; i++) {
        i32 from = row += dice_below(dice, 4) == 0;
        i64 now = dice_below(dice, 30), count = 1 + dice_below(dice, EVENTS);
        for (i64 k = 0; k < count; k++, row++) {
            out->at_ms[row] = now += dice_below(dice, 5);
            out->masks[row] = dice_below(dice, 2) == 0 ? 0 : (u8)dice_below(dice, 1 << steps);
        }
        out->people[i] = (struct stretch){.person = (alias_no)i + 1, .from = from, .to = row};
    }
    out->block = (struct block){.count = row, .at_ms = out->at_ms, .people = out->people, .person_count = PEOPLE};
}

static i32 depth_alone(const struct funnel_rule *rule, const struct funnel_span *span, const struct lives *lives, i32 i)
{
    const struct stretch *stretch = &lives->people[i];
    i64 at_ms[EVENTS], count = 0;
    u16 masks[EVENTS];
    struct funnel_reach reach;
    for (i32 row = stretch->from; row < stretch->to; row++) {
        at_ms[count] = lives->at_ms[row];
        masks[count] = lives->masks[row];
        count += at_ms[count] >= span->from_ms && at_ms[count] < span->to_ms;
    }
    funnel_person(rule, &(struct funnel_hits){at_ms, masks, count}, &reach);
    return reach.depth;
}

TEST(a_block_gets_as_deep_as_its_people_one_by_one)
{
    struct dice dice = dice_new(77, 1);
    static struct lives lives, kept;
    struct scratch scratch = {0};
    i64 deep = 0;
    for (i32 round = 0; round < ROUNDS; round++) {
        i32 steps = 1 + (i32)dice_below(&dice, FUNNEL_QUICK_STEPS);
        struct funnel_rule rule = {steps, dice_below(&dice, 3) == 0 ? INT64_MAX : dice_below(&dice, 25), false};
        struct funnel_span span = {dice_below(&dice, 20), 20 + dice_below(&dice, 60)};
        struct funnel_listed listed;
        live(&dice, steps, &lives);
        kept = lives;
        funnel_block(&rule, &span, &lives.block, lives.masks, &scratch, &listed);
        for (i32 i = 0; i < PEOPLE; i++) {
            i32 depth = depth_alone(&rule, &span, &kept, i);
            assert_int_equal(listed.reached[i], (1 << depth) - 1);
            deep += depth > 2;
        }
        scratch_reset(&scratch);
    }
    scratch_free(&scratch);
    assert_true(deep > ROUNDS);
}
