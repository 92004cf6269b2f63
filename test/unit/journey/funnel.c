#include "test.h"

#include "base/random.h"
#include "journey/funnel.h"

enum { ROUNDS = 20000, EVENTS = 14 };

/* Every attempt by itself, step by step, as the definition says it. */
static i32 attempt(const struct funnel_rule *rule, const struct funnel_hits *hits, i64 first, i64 *taken)
{
    i32 depth = 1;
    taken[0] = first;
    for (i64 i = first + 1; i < hits->count && depth < rule->step_count; i++) {
        bool fits = (hits->masks[i] >> depth & 1) != 0 && hits->at_ms[i] - hits->at_ms[first] <= rule->within_ms;
        if (fits) {
            taken[depth++] = i;
        } else if (rule->strict) {
            break;
        }
    }
    return depth;
}

static void slowly(const struct funnel_rule *rule, const struct funnel_hits *hits, struct funnel_reach *out)
{
    out->depth = 0;
    for (i64 i = 0; i < hits->count; i++) {
        i64 taken[FUNNEL_DEPTH_MAX];
        i32 depth = (hits->masks[i] & 1) != 0 ? attempt(rule, hits, i, taken) : 0;
        if (depth > out->depth) {
            out->depth = depth;
            memcpy(out->hits, taken, sizeof(taken));
        }
    }
}

static void compare(const struct funnel_rule *rule, const struct funnel_hits *hits)
{
    struct funnel_reach quick, slow;
    funnel_person(rule, hits, &quick);
    slowly(rule, hits, &slow);
    assert_int_equal(quick.depth, slow.depth);
    for (i32 step = 0; step < slow.depth; step++) {
        assert_int_equal(quick.hits[step], slow.hits[step]);
    }
}

TEST(one_pass_finds_what_trying_every_attempt_finds)
{
    struct dice dice = dice_new(2026, 1);
    i64 depths[FUNNEL_DEPTH_MAX + 1] = {0};
    for (i32 round = 0; round < ROUNDS; round++) {
        i64 at_ms[EVENTS];
        u16 masks[EVENTS];
        struct funnel_hits hits = {at_ms, masks, dice_below(&dice, EVENTS + 1)};
        struct funnel_rule rule = {
            .step_count = 1 + (i32)dice_below(&dice, 5),
            .within_ms = dice_below(&dice, 3) == 0 ? INT64_MAX : dice_below(&dice, 20),
            .strict = dice_below(&dice, 2) == 0,
        };
        i64 now = -10;
        i64 overlap = dice_below(&dice, 3);
        for (i64 i = 0; i < hits.count; i++) {
            at_ms[i] = now += dice_below(&dice, 4);
            masks[i] = (u16)(1u << dice_below(&dice, rule.step_count));
            for (i64 more = 0; more < overlap; more++) {
                masks[i] |= (u16)(1u << dice_below(&dice, 6));
            }
        }
        struct funnel_reach reach;
        compare(&rule, &hits);
        funnel_person(&rule, &hits, &reach);
        depths[reach.depth]++;
    }
    for (i32 depth = 0; depth <= 5; depth++) {
        assert_true(depths[depth] > ROUNDS / 200);
    }
}

TEST(the_deepest_attempt_counts_then_the_earliest)
{
    // cart, cart, pay, paid: the second cart comes so late that only its window holds "paid".
    const i64 at_ms[] = {0, 5, 6, 12};
    const u16 masks[] = {1, 1, 2, 4};
    struct funnel_hits hits = {at_ms, masks, 4};
    struct funnel_reach reach;
    funnel_person(&(struct funnel_rule){3, 10, false}, &hits, &reach);
    assert_int_equal(reach.depth, 3);
    assert_int_equal(reach.hits[0], 1);
    funnel_person(&(struct funnel_rule){3, 12, false}, &hits, &reach);
    assert_int_equal(reach.hits[0], 0);
    assert_int_equal(reach.hits[1], 2);
}

TEST(one_event_serves_one_step)
{
    const i64 at_ms[] = {1, 1};
    const u16 masks[] = {7, 7};
    struct funnel_reach reach;
    funnel_person(&(struct funnel_rule){3, INT64_MAX, false}, &(struct funnel_hits){at_ms, masks, 1}, &reach);
    assert_int_equal(reach.depth, 1);
    funnel_person(&(struct funnel_rule){3, 0, false}, &(struct funnel_hits){at_ms, masks, 2}, &reach);
    assert_int_equal(reach.depth, 2);
}

TEST(strict_order_bears_no_other_event_in_between)
{
    const i64 at_ms[] = {1, 2, 3, 4, 5};
    const u16 masks[] = {1, 0, 2, 1, 2};
    struct funnel_hits hits = {at_ms, masks, 5};
    struct funnel_reach reach;
    funnel_person(&(struct funnel_rule){2, INT64_MAX, true}, &hits, &reach);
    assert_int_equal(reach.depth, 2);
    assert_int_equal(reach.hits[0], 3);
    hits.count = 4;
    funnel_person(&(struct funnel_rule){2, INT64_MAX, true}, &hits, &reach);
    assert_int_equal(reach.depth, 1);
    assert_int_equal(reach.hits[0], 0);
}

TEST(times_at_the_ends_of_history_do_not_overflow)
{
    const i64 at_ms[] = {INT64_MIN, INT64_MAX};
    const u16 masks[] = {1, 2};
    struct funnel_reach reach;
    funnel_person(&(struct funnel_rule){2, 1000, false}, &(struct funnel_hits){at_ms, masks, 2}, &reach);
    assert_int_equal(reach.depth, 1);
}
