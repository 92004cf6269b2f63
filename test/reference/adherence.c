/* adherence: by the letter of docs/ask.md, one touchpoint and one person at a time. */
#include "sequences.h"

#include "measure/interval.h"
#include "measure/metric.h"

#include <stdlib.h>

/* What is asked of every event again and again, looked up once. */
struct noted {
    i64 place; /* of its touchpoint in the newest map; -1: it has none there */
    bool takes;
    struct key key;
    bool *acts; /* [touchpoint]: is it what its `when` says? */
};

struct visits {
    i64 *begins, *acts, count;
};

/* Everything one person did. */
struct life {
    const struct seen **events;
    i64 count;
    struct visits *visits; /* to each touchpoint */
};

/* Rows of one group: everything below is counted for it alone. */
struct plan {
    const struct asked *asked;
    const struct known_version *newest;
    struct noted *noted; /* [event] */
    struct life *lives;
    i64 person_count;
    struct key key;
};

static const struct noted *noted_of(const struct plan *plan, const struct seen *seen)
{
    return &plan->noted[seen - plan->asked->sight.events];
}

static const i64 IDLE_MS = 24LL * 3600 * 1000;

/* The touchpoint that an event is a visit to; answers are none. */
static i64 visited(const struct plan *plan, const struct seen *seen)
{
    return seen->told->event.metric.len > 0 ? -1 : noted_of(plan, seen)->place;
}

static bool in_group(const struct plan *plan, const struct seen *seen)
{
    const struct noted *noted = noted_of(plan, seen);
    return noted->takes && key_same(&noted->key, &plan->key);
}

/* The next act of a visit that began with mine[at]. */
static i64 act_of(const struct plan *plan, const struct seen **mine, i64 count, i64 at, i64 t)
{
    i64 i = at + 1;
    if (plan->newest->within_ms[t] == 0) {
        return count;
    }
    while (i < count && !noted_of(plan, mine[i])->acts[t]) {
        i++;
    }
    return i;
}

/* Does mine[i], on touchpoint t, lie outside the visit before it? */
static bool begins_anew(const struct plan *plan, const struct seen **mine, const struct visits *visits, i64 i, i64 t)
{
    if (visits->count == 0) {
        return true;
    }
    i64 within_ms = plan->newest->within_ms[t];
    i64 begin = visits->begins[visits->count - 1], act = visits->acts[visits->count - 1];
    if (i == act) {
        return false; // the act of a visit to its own touchpoint
    }
    bool anew = act < i || mine[i]->at_ms - mine[begin]->at_ms > (within_ms > 0 ? within_ms : IDLE_MS);
    for (i64 k = begin + 1; k < i; k++) {
        i64 other = visited(plan, mine[k]);
        anew |= other >= 0 && other != t;
    }
    return anew;
}

static struct visits visits_to(const struct plan *plan, const struct seen **mine, i64 count, i64 t)
{
    struct visits visits = {.begins = arena_new(plan->asked->arena, i64, count + 1),
                            .acts = arena_new(plan->asked->arena, i64, count + 1)};
    for (i64 i = 0; i < count; i++) {
        if (visited(plan, mine[i]) == t && begins_anew(plan, mine, &visits, i, t)) {
            visits.begins[visits.count] = i;
            visits.acts[visits.count++] = act_of(plan, mine, count, i, t);
        }
    }
    return visits;
}

struct row {
    i64 events, people, reached, open, closed, done, late, skipped, repeated;
    f64 *seconds; /* of closed visits with an act */
    i64 second_count;
};

static void add_visit(const struct plan *plan, struct row *row, const struct seen **mine, i64 count,
                      const struct visits *visits, i64 v, i64 t)
{
    i64 within_ms = plan->newest->within_ms[t], begin = visits->begins[v], act = visits->acts[v];
    i64 end = v + 1 < visits->count ? visits->begins[v + 1] : count;
    bool further = v == 0;
    for (i64 k = v == 0 ? 0 : visits->begins[v - 1] + 1; k < begin; k++) {
        further |= visited(plan, mine[k]) > t;
    }
    row->reached++;
    row->repeated += !further;
    if (within_ms == 0) {
        return;
    }
    if (mine[begin]->at_ms + within_ms >= plan->asked->sight.asked_ms) {
        row->open++;
        return;
    }
    row->closed++;
    if (act < count && act <= end) {
        i64 took_ms = mine[act]->at_ms - mine[begin]->at_ms;
        row->done += took_ms <= within_ms;
        row->late += took_ms > within_ms;
        row->seconds[row->second_count++] = (f64)took_ms / 1000.0;
    }
}

/* Did the person begin a visit of this group further on before any visit here? */
static bool skips(const struct plan *plan, const struct life *life, i64 t)
{
    i64 first = 0, count = life->count;
    const struct seen **mine = life->events;
    while (first < count && visited(plan, mine[first]) != t) {
        first++;
    }
    for (i64 later = t + 1; later < plan->newest->map.touchpoints.count; later++) {
        const struct visits *visits = &life->visits[later];
        for (i64 v = 0; v < visits->count; v++) {
            if (visits->begins[v] < first && in_group(plan, mine[visits->begins[v]])) {
                return true;
            }
        }
    }
    return false;
}

static void add_people(const struct plan *plan, struct row *row, i64 t)
{
    for (i64 p = 0; p < plan->person_count; p++) {
        const struct life *life = &plan->lives[p];
        const struct visits *visits = &life->visits[t];
        for (i64 v = 0; v < visits->count; v++) {
            if (in_group(plan, life->events[visits->begins[v]])) {
                add_visit(plan, row, life->events, life->count, visits, v, t);
            }
        }
        row->skipped += plan->newest->mapped[t] && skips(plan, life, t);
    }
}

/* Events of this group on the touchpoint (-1: on none). */
static const struct seen **events_at(const struct plan *plan, i64 t, i64 *count)
{
    const struct asked *asked = plan->asked;
    const struct seen **here = arena_new(asked->arena, const struct seen *, asked->sight.count + 1);
    *count = 0;
    for (i64 i = 0; i < asked->sight.count; i++) {
        const struct seen *seen = &asked->sight.events[i];
        if (noted_of(plan, seen)->place == t && in_group(plan, seen)) {
            here[(*count)++] = seen;
        }
    }
    return here;
}

static i64 people_in(const struct seen **events, i64 count)
{
    i64 people = 0;
    for (i64 i = 0; i < count; i++) {
        bool first = events[i]->person >= 0;
        for (i64 k = 0; k < i; k++) {
            first &= events[k]->person != events[i]->person;
        }
        people += first;
    }
    return people;
}

static const struct seen **answers_of(const struct plan *plan, const struct seen **events, i64 count, str metric,
                                      i64 *answers)
{
    const struct seen **out = arena_new(plan->asked->arena, const struct seen *, count + 1);
    *answers = 0;
    for (i64 i = 0; i < count; i++) {
        if (metric.len > 0 && events[i]->told->event.score.is && str_eq(events[i]->told->event.metric, metric)) {
            out[(*answers)++] = events[i];
        }
    }
    return out;
}

/* The touchpoint's metric, or the one with the most answers. */
static str metric_of(const struct plan *plan, i64 t, const struct seen **events, i64 count)
{
    static const char *const words[] = {"nps", "csat", "ces"};
    str metric = t < 0 ? STR_NONE : journey_map_touchpoint(&plan->newest->map, t)->metric;
    i64 most = 0, answers;
    for (i64 i = 0; i < countof(words) && metric.len == 0; i++) {
        (void)answers_of(plan, events, count, str_from(words[i]), &answers);
        most = greater(most, answers);
    }
    for (i64 i = 0; i < countof(words) && metric.len == 0 && most > 0; i++) {
        (void)answers_of(plan, events, count, str_from(words[i]), &answers);
        metric = answers == most ? str_from(words[i]) : STR_NONE;
    }
    return metric;
}

/* Targets, and the score by which they show. */

static void write_target(struct json_writer *writer, const char *name, const struct emotion *target)
{
    json_key(writer, str_from(name));
    if (target == NULL) {
        json_put_null(writer);
        return;
    }
    json_object(writer);
    json_pair_str(writer, "word", target->word);
    json_pair_str(writer, "metric", target->metric);
    write_number(writer, "at_least", target->at_least.is, target->at_least.value);
    json_object_end(writer);
}

static void write_emotion(const struct plan *plan, struct json_writer *writer, const struct touchpoint *touchpoint,
                          const struct seen **events, i64 count)
{
    const struct emotion *required = touchpoint->required_emotion, *sufficient = touchpoint->sufficient_emotion;
    const struct emotion *target = required != NULL ? required : sufficient;
    i64 answers = 0;
    const struct seen **those = target == NULL ? NULL : answers_of(plan, events, count, target->metric, &answers);
    struct interval measured = {0};
    bool is = target != NULL && score_of(target->metric, those, answers, &measured);
    const char *state = !is                                                                  ? "unknown"
                        : sufficient != NULL && measured.value >= sufficient->at_least.value ? "sufficient"
                        : required != NULL && measured.value < required->at_least.value      ? "missed"
                                                                                             : "required";
    json_key(writer, STR("emotion"));
    json_object(writer);
    write_target(writer, "required", required);
    write_target(writer, "sufficient", sufficient);
    write_number(writer, "measured", is, measured.value);
    json_pair_str(writer, "state", str_from(state));
    json_object_end(writer);
}

static void write_row(const struct plan *plan, struct json_writer *writer, const struct row *row, i64 t,
                      const struct seen **events, i64 count)
{
    const struct touchpoint *touchpoint = t < 0 ? NULL : journey_map_touchpoint(&plan->newest->map, t);
    struct interval share = {0};
    bool act = touchpoint != NULL && touchpoint->next_act != NULL;
    json_object(writer);
    key_write(plan->asked, &plan->key, writer);
    json_pair_str(writer, "touchpoint", touchpoint == NULL ? STR_NONE : touchpoint->id);
    json_pair_str(writer, "stage", touchpoint == NULL ? STR_NONE : touchpoint->stage);
    json_pair_str(writer, "name", touchpoint == NULL ? STR_NONE : touchpoint->name);
    json_pair_i64(writer, "events", row->events);
    json_pair_i64(writer, "people", row->people);
    json_pair_i64(writer, "reached", row->reached);
    json_pair_i64(writer, "open", row->open);
    bool is = act && interval_share(row->done, row->closed, &share) == OK;
    write_number(writer, "next_act_rate", is, share.value);
    write_number(writer, "next_low", is, share.low);
    write_number(writer, "next_high", is, share.high);
    json_pair_i64(writer, "late", row->late);
    json_pair_i64(writer, "skipped", row->skipped);
    json_pair_i64(writer, "repeated", row->repeated);
    write_number(writer, "median_next_s", row->second_count > 0, quantile(row->seconds, row->second_count, 0.5));
    str metric = metric_of(plan, t, events, count);
    i64 answers;
    const struct seen **those = answers_of(plan, events, count, metric, &answers);
    json_pair_str(writer, "metric", metric.len > 0 ? metric : STR_NONE);
    write_scores(writer, metric, those, answers, plan->asked->minimum_n);
    if (touchpoint != NULL) {
        write_emotion(plan, writer, touchpoint, events, count);
    }
    json_object_end(writer);
}

static bool in_sight(const struct asked *asked, const struct touchpoint *touchpoint)
{
    bool seen = asked->sight.department_count == 0;
    for (i64 i = 0; i < asked->sight.department_count; i++) {
        seen |= str_eq(touchpoint->department, asked->sight.departments[i]);
    }
    return seen;
}

static void write_group(const struct plan *plan, struct json_writer *writer)
{
    i64 touchpoints = plan->newest->map.touchpoints.count;
    for (i64 at = 0; at <= touchpoints; at++) {
        i64 t = at < touchpoints ? at : -1, count;
        bool seen = t < 0 ? plan->asked->sight.department_count == 0
                          : in_sight(plan->asked, journey_map_touchpoint(&plan->newest->map, t));
        if (!seen) {
            continue;
        }
        struct row row = {.seconds = arena_new(plan->asked->arena, f64, plan->asked->sight.count + 1)};
        const struct seen **events = events_at(plan, t, &count);
        row.events = count;
        row.people = people_in(events, count);
        if (t >= 0) {
            add_people(plan, &row, t);
        }
        write_row(plan, writer, &row, t, events, count);
    }
}

static void note_events(struct plan *plan)
{
    const struct asked *asked = plan->asked;
    i64 touchpoints = plan->newest->map.touchpoints.count;
    plan->noted = arena_new(asked->arena, struct noted, asked->sight.count + 1);
    for (i64 i = 0; i < asked->sight.count; i++) {
        const struct seen *seen = &asked->sight.events[i];
        struct noted *noted = &plan->noted[i];
        noted->place = -1;
        if (seen->touch >= 0) {
            str id = journey_map_touchpoint(&seen->version->map, seen->touch)->id;
            noted->place = journey_map_find_touchpoint(&plan->newest->map, id);
        }
        noted->takes = takes(asked, seen);
        noted->key = key_of(asked, seen);
        noted->acts = arena_new(asked->arena, bool, touchpoints + 1);
        for (i64 t = 0; t < touchpoints; t++) {
            noted->acts[t] = plan->newest->within_ms[t] > 0 &&
                             meaning_holds(&asked->sight, plan->newest->when[t], seen);
        }
    }
}

static void note_people(struct plan *plan)
{
    const i64 *persons = everybody(plan->asked, &plan->person_count);
    plan->lives = arena_new(plan->asked->arena, struct life, plan->person_count + 1);
    for (i64 p = 0; p < plan->person_count; p++) {
        struct life *life = &plan->lives[p];
        i64 touchpoints = plan->newest->map.touchpoints.count;
        life->events = events_of(plan->asked, persons[p], &life->count);
        life->visits = arena_new(plan->asked->arena, struct visits, touchpoints + 1);
        for (i64 t = 0; t < touchpoints; t++) {
            life->visits[t] = visits_to(plan, life->events, life->count, t);
        }
    }
}

void answer_of_adherence(const struct asked *asked, struct json_writer *writer)
{
    if (asked->newest == NULL) {
        return;
    }
    struct plan plan = {.asked = asked, .newest = asked->newest};
    note_events(&plan);
    note_people(&plan);
    struct key *all = arena_new(asked->arena, struct key, asked->sight.count + 1);
    i64 count = 0, key_count;
    for (i64 i = 0; i < asked->sight.count; i++) {
        if (plan.noted[i].takes) {
            all[count++] = plan.noted[i].key;
        }
    }
    struct key *keys = keys_of(asked, all, count, &key_count);
    if (key_count == 0 && asked->by_count == 0 && asked->every == PERIOD_NONE) {
        keys[key_count++] = (struct key){0};
    }
    for (i64 i = 0; i < key_count; i++) {
        plan.key = keys[i];
        write_group(&plan, writer);
    }
}
