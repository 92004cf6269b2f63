#include "test.h"

#include "base/random.h"
#include "journey/visits.h"

/* Touchpoints a and b; the next act of a is any step marked as act. */
struct told {
    const bool *acts;
};

static bool marked(void *self, i64 step, i32 touchpoint)
{
    return touchpoint == 0 && ((struct told *)self)->acts[step];
}

static const i64 HOUR = 3600000;

static const struct touch_set everyone[] = {{{~(u64)0, ~(u64)0, ~(u64)0, ~(u64)0}}};

static struct visits read(const struct step *steps, const bool *acts, i64 count)
{
    static const struct visit_rule rules[] = {{.within_ms = 48 * 3600000LL}, {0}};
    static struct told told;
    told.acts = acts;
    struct visits visits = visits_new(rules, 2, (struct visit_acts){everyone, everyone, marked, &told});
    visits_begin(&visits);
    visits_read(&visits, steps, count);
    return visits;
}

TEST(events_side_by_side_are_one_visit)
{
    const struct step steps[] = {{0, 0, true}, {HOUR, 0, true}, {2 * HOUR, VISIT_NONE, true}, {3 * HOUR, 0, true}};
    struct visits visits = read(steps, (const bool[4]){false}, 4);
    assert_int_equal(visits.count, 1);
    visits_free(&visits);
}

TEST(another_touchpoint_ends_a_visit)
{
    const struct step steps[] = {{0, 0, true}, {HOUR, 1, true}, {2 * HOUR, 0, true}};
    struct visits visits = read(steps, (const bool[3]){false}, 3);
    assert_int_equal(visits.count, 3);
    assert_false(visits.items[2].repeated); // further in between
    visits_free(&visits);
}

TEST(coming_back_without_getting_further_is_repeated)
{
    const struct step steps[] = {{0, 0, true}, {49 * HOUR, 0, true}};
    struct visits visits = read(steps, (const bool[2]){false}, 2);
    assert_int_equal(visits.count, 2);
    assert_true(visits.items[1].repeated);
    visits_free(&visits);
}

TEST(a_visit_without_next_act_lasts_a_day)
{
    const struct step steps[] = {{0, 1, true}, {24 * HOUR, 1, true}, {24 * HOUR + 1, 1, true}};
    struct visits visits = read(steps, (const bool[3]){false}, 3);
    assert_int_equal(visits.count, 2);
    visits_free(&visits);
}

TEST(the_first_act_after_the_beginning_counts)
{
    const struct step steps[] = {{0, 0, true}, {HOUR, VISIT_NONE, true}, {2 * HOUR, VISIT_NONE, true}};
    struct visits visits = read(steps, (const bool[]){true, true, true}, 3);
    assert_int_equal(visits.count, 1);
    assert_int_equal(visits.items[0].act_ms, HOUR);
    visits_free(&visits);
}

TEST(an_act_at_its_own_touchpoint_begins_no_visit)
{
    const struct step steps[] = {{0, 0, true}, {HOUR, 0, true}, {2 * HOUR, 0, true}};
    struct visits visits = read(steps, (const bool[]){false, true, false}, 3);
    assert_int_equal(visits.count, 2);
    assert_int_equal(visits.items[0].act_ms, HOUR);
    assert_int_equal(visits.items[1].start_ms, 2 * HOUR);
    visits_free(&visits);
}

TEST(a_late_act_belongs_to_the_visit_before_it)
{
    const struct step steps[] = {{0, 0, true}, {60 * HOUR, VISIT_NONE, true}};
    struct visits visits = read(steps, (const bool[]){false, true}, 2);
    assert_int_equal(visits.items[0].act_ms, 60 * HOUR);
    visits_free(&visits);
}

TEST(who_begins_later_in_the_map_has_skipped_what_is_before)
{
    const struct step steps[] = {{0, 1, true}, {HOUR, 0, true}};
    struct visits visits = read(steps, (const bool[2]){false}, 2);
    struct touch_set skipped = {0};
    touch_skip(&skipped, &visits.earlier, visits.items[0].touchpoint);
    assert_true(touch_has(&skipped, 0));
    assert_false(touch_has(&skipped, 1));
    visits_free(&visits);
}

static bool asked(void *self, i64 step, i32 touchpoint)
{
    (void)self;
    return (step + touchpoint) % 3 != 0;
}

/* Kind k may be the act of some touchpoints; of the last two kinds it must be asked. */
static struct visit_acts random_acts(struct dice *dice, i32 touchpoints, struct touch_set *may, struct touch_set *ask)
{
    for (i32 kind = 0; kind < 6; kind++) {
        may[kind] = ask[kind] = (struct touch_set){0};
        for (i32 t = 0; t < touchpoints; t++) {
            if (dice_below(dice, 6) == 0) {
                touch_put(&may[kind], t);
                if (kind >= 4) {
                    touch_put(&ask[kind], t);
                }
            }
        }
    }
    return (struct visit_acts){may, ask, asked, NULL};
}

static void same_visits(const struct visits *all, const struct visits *some, i64 passed)
{
    i64 at = 0;
    for (i64 i = 0; i < all->count; i++) {
        const struct visit *want = &all->items[i];
        if (want->first < passed) {
            continue;
        }
        while (at < some->count && !some->items[at].counts) {
            at++;
        }
        assert_true(at < some->count);
        const struct visit *got = &some->items[at++];
        assert_int_equal(got->touchpoint, want->touchpoint);
        assert_int_equal(got->first + passed, want->first);
        assert_int_equal(got->act_ms, want->act_ms);
        assert_int_equal(got->repeated, want->repeated);
    }
    while (at < some->count) {
        assert_false(some->items[at++].counts);
    }
}

static void pass_many(struct visits *visits, const struct step *steps, i64 count)
{
    i64 at_ms[64];
    u8 touchpoints[64], acts[64];
    for (i64 i = 0; i < count; i++) {
        i32 touchpoint = steps[i].touchpoint;
        at_ms[i] = steps[i].at_ms;
        touchpoints[i] = (u8)(touchpoint == VISIT_NONE ? visits->touchpoint_count : touchpoint);
        acts[i] = (u8)steps[i].acts;
    }
    struct visit_past past = {at_ms, touchpoints, acts, count, INT64_MAX};
    assert_int_equal(visits_pass_many(visits, &past), count);
}

TEST(what_is_passed_over_matters_as_if_it_had_been_read)
{
    enum { STEPS = 60 };
    struct dice dice = dice_new(17, 2);
    i64 passes = 0;
    for (i64 round = 0; round < 3000; round++) {
        struct touch_set may[6], ask[6];
        i32 touchpoints = round % 3 == 0 ? 70 : 4;
        struct visit_rule rules[70];
        struct step steps[STEPS];
        i64 at_ms = 0, passed = dice_below(&dice, STEPS);
        for (i32 t = 0; t < touchpoints; t++) {
            rules[t].within_ms = dice_below(&dice, 2) == 0 ? 0 : (1 + dice_below(&dice, 40)) * HOUR;
        }
        for (i64 i = 0; i < STEPS; i++) {
            at_ms += dice_below(&dice, 12) * HOUR;
            bool none = dice_below(&dice, 5) == 0;
            steps[i] = (struct step){at_ms, none ? VISIT_NONE : (i32)dice_below(&dice, touchpoints), i >= passed,
                                     (u32)dice_below(&dice, round % 2 == 0 ? 4 : 6)};
        }
        struct visit_acts acts = random_acts(&dice, touchpoints, may, ask);
        struct visits all = visits_new(rules, touchpoints, acts), some = visits_new(rules, touchpoints, acts);
        visits_begin(&all);
        visits_read(&all, steps, STEPS);
        visits_begin(&some);
        bool known = round % 2 == 0;
        bool many = known && touchpoints <= VISIT_FEW && round % 4 == 0;
        if (many) {
            pass_many(&some, steps, passed);
        }
        for (i64 i = 0; i < passed && known && !many; i++) {
            known = visits_pass(&some, steps[i].at_ms, steps[i].touchpoint, steps[i].acts);
        }
        if (known) {
            visits_read(&some, steps + passed, STEPS - passed);
            same_visits(&all, &some, passed);
            passes++;
        }
        visits_free(&all);
        visits_free(&some);
    }
    assert_int_equal(passes, 1500);
}
