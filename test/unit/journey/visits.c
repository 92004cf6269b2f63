#include "test.h"

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
    assert_true(touch_has(&visits.skipped, 0));
    assert_false(touch_has(&visits.skipped, 1));
    visits_free(&visits);
}
