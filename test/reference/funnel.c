/* funnel: by the letter of docs/ask.md. */
#include "sequences.h"

#include "measure/interval.h"

enum { STEPS_MOST = 16 };

const struct seen **taken_of(const struct asked *asked, i64 person, i64 *count)
{
    i64 all, taken = 0;
    const struct seen **mine = events_of(asked, person, &all);
    for (i64 i = 0; i < all; i++) {
        if (takes(asked, mine[i])) {
            mine[taken++] = mine[i];
        }
    }
    *count = taken;
    return mine;
}

i64 *everybody(const struct asked *asked, i64 *count)
{
    i64 *people = arena_new(asked->arena, i64, asked->world->alias_count + 1);
    *count = 0;
    for (i64 i = 0; i < asked->world->alias_count; i++) {
        if (asked->sight.persons[i] == i) {
            people[(*count)++] = i;
        }
    }
    return people;
}

struct meaning **asked_steps(const struct asked *asked, i64 *count)
{
    struct json list = json_get(asked->object, STR("steps"));
    struct meaning **steps = arena_new(asked->arena, struct meaning *, json_count(list) + 1);
    *count = 0;
    for (struct json_iter iter = json_each(list); json_next(&iter);) {
        steps[(*count)++] = meaning_read(asked->arena, iter.value, false);
    }
    return steps;
}

struct attempt {
    i64 depth;
    const struct seen *events[STEPS_MOST]; /* that each step was reached by */
    struct key key;
};

struct funnel {
    const struct asked *asked;
    struct meaning **steps;
    i64 step_count, within_ms; /* within -1: no limit */
    bool strict;
};

/* The attempt that begins with mine[first]. */
static struct attempt attempt_at(const struct funnel *funnel, const struct seen **mine, i64 count, i64 first)
{
    struct attempt attempt = {.depth = 1, .events = {mine[first]}};
    i64 at = first;
    while (attempt.depth < funnel->step_count) {
        i64 next = at + 1;
        while (!funnel->strict && next < count &&
               !meaning_holds(&funnel->asked->sight, funnel->steps[attempt.depth], mine[next])) {
            next++;
        }
        bool reached = next < count && meaning_holds(&funnel->asked->sight, funnel->steps[attempt.depth], mine[next]) &&
                       (funnel->within_ms < 0 || mine[next]->at_ms - mine[first]->at_ms <= funnel->within_ms);
        if (!reached) {
            break;
        }
        attempt.events[attempt.depth++] = mine[next];
        at = next;
    }
    return attempt;
}

/* The deepest attempt, of equally deep ones the earliest. */
static struct attempt best_of(const struct funnel *funnel, i64 person)
{
    struct attempt best = {0};
    i64 count;
    const struct seen **mine = taken_of(funnel->asked, person, &count);
    for (i64 i = 0; i < count; i++) {
        if (meaning_holds(&funnel->asked->sight, funnel->steps[0], mine[i])) {
            struct attempt attempt = attempt_at(funnel, mine, count, i);
            best = attempt.depth > best.depth ? attempt : best;
        }
    }
    if (best.depth > 0) {
        best.key = key_of(funnel->asked, best.events[0]);
    }
    return best;
}

static i64 reached(const struct attempt *attempts, i64 count, const struct key *key, i64 step)
{
    i64 people = 0;
    for (i64 i = 0; i < count; i++) {
        people += attempts[i].depth >= step && key_same(&attempts[i].key, key);
    }
    return people;
}

static void write_times(const struct funnel *funnel, struct json_writer *writer, const struct attempt *attempts,
                        i64 count, const struct key *key, i64 step)
{
    f64 *seconds = arena_new(funnel->asked->arena, f64, count + 1);
    i64 n = 0;
    for (i64 i = 0; i < count; i++) {
        if (step > 1 && attempts[i].depth >= step && key_same(&attempts[i].key, key)) {
            i64 took_ms = attempts[i].events[step - 1]->at_ms - attempts[i].events[step - 2]->at_ms;
            seconds[n++] = (f64)took_ms / 1000.0;
        }
    }
    write_number(writer, "median_s", n > 0, quantile(seconds, n, 0.5));
    write_number(writer, "p90_s", n > 0, quantile(seconds, n, 0.9));
}

static void write_step(const struct funnel *funnel, struct json_writer *writer, const struct attempt *attempts,
                       i64 count, const struct key *key, i64 step)
{
    struct interval share = {0};
    i64 people = reached(attempts, count, key, step), first = reached(attempts, count, key, 1);
    i64 before = step == 1 ? people : reached(attempts, count, key, step - 1);
    json_object(writer);
    key_write(funnel->asked, key, writer);
    json_pair_i64(writer, "step", step);
    json_pair_i64(writer, "people", people);
    write_number(writer, "of_first", first > 0, (f64)people / (f64)greater(first, 1));
    write_number(writer, "of_previous", before > 0, (f64)people / (f64)greater(before, 1));
    bool is = interval_share(people, first, &share) == OK;
    write_number(writer, "low", is, share.low);
    write_number(writer, "high", is, share.high);
    write_times(funnel, writer, attempts, count, key, step);
    json_pair_bool(writer, "few", first < funnel->asked->minimum_n);
    json_object_end(writer);
}

void answer_of_funnel(const struct asked *asked, struct json_writer *writer)
{
    struct funnel funnel = {.asked = asked, .within_ms = -1};
    funnel.steps = asked_steps(asked, &funnel.step_count);
    funnel.strict = str_eq(asked_text(asked, "order", STR("loose")), STR("strict"));
    (void)duration_parse(asked_text(asked, "within", STR_NONE), &funnel.within_ms);
    i64 people, count = 0, key_count;
    i64 *persons = everybody(asked, &people);
    struct attempt *attempts = arena_new(asked->arena, struct attempt, people + 1);
    struct key *all = arena_new(asked->arena, struct key, people + 1);
    for (i64 i = 0; i < people; i++) {
        struct attempt best = best_of(&funnel, persons[i]);
        if (best.depth > 0) {
            all[count] = best.key;
            attempts[count++] = best;
        }
    }
    struct key *keys = keys_of(asked, all, count, &key_count);
    if (key_count == 0 && asked->by_count == 0 && asked->every == PERIOD_NONE) {
        keys[key_count++] = (struct key){0};
    }
    for (i64 i = 0; i < key_count; i++) {
        for (i64 step = 1; step <= funnel.step_count; step++) {
            write_step(&funnel, writer, attempts, count, &keys[i], step);
        }
    }
}
