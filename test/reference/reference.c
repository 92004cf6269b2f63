#include "reference.h"

#include "base/id.h"

#include <stdio.h>
#include <stdlib.h>

/* Reading the question. */

str asked_text(const struct asked *asked, const char *name, str otherwise)
{
    str text;
    return json_str(json_get(asked->object, str_from(name)), &text) ? text : otherwise;
}

i64 asked_number(const struct asked *asked, const char *name, i64 otherwise)
{
    i64 number;
    return json_i64(json_get(asked->object, str_from(name)), &number) ? number : otherwise;
}

bool asked_truth(const struct asked *asked, const char *name)
{
    bool truth = false;
    return json_bool(json_get(asked->object, str_from(name)), &truth) && truth;
}

bool asked_has(const struct asked *asked, const char *name)
{
    enum json_type type = json_type(json_get(asked->object, str_from(name)));
    return type != JSON_NONE && type != JSON_NULL;
}

struct meaning *asked_meaning(const struct asked *asked, const char *name)
{
    return meaning_read(asked->arena, json_get(asked->object, str_from(name)), false);
}

static bool moment_of(const struct asked *asked, const char *name, i64 *out)
{
    str text;
    struct json value = json_get(asked->object, str_from(name));
    return json_str(value, &text) ? iso_parse(asked->world->zone, text, out) : json_i64(value, out);
}

/* What the question sees. */

static int by_moment(const void *first, const void *second)
{
    const struct seen *a = first, *b = second;
    if (a->at_ms != b->at_ms) {
        return a->at_ms < b->at_ms ? -1 : 1;
    }
    return (a->id > b->id) - (a->id < b->id);
}

static void see(struct asked *asked)
{
    const struct world *world = asked->world;
    struct sight_of *sight = &asked->sight;
    sight->persons = world_persons(asked->arena, world);
    sight->events = arena_new(asked->arena, struct seen, world->event_count + 1);
    for (i64 i = 0; i < world->event_count; i++) {
        const struct told *told = &world->events[i];
        if (told->gone || (sight->as_of_ms != 0 && told->event.received_ms > sight->as_of_ms)) {
            continue;
        }
        struct seen *seen = &sight->events[sight->count++];
        *seen = (struct seen){.told = told, .at_ms = told->event.at_ms, .id = told->event.id};
        seen->person = told->alias < 0 ? -1 : sight->persons[told->alias];
        seen->version = version_at(world, sight->journey, sight->version, sight->as_of_ms, seen->at_ms);
        seen->touch = touch_of(sight, seen->version, told);
    }
    qsort(sight->events, (size_t)sight->count, sizeof(struct seen), by_moment);
}

/* The journey that was published first. */
static i64 first_journey(const struct world *world, i64 as_of_ms)
{
    (void)as_of_ms;
    return world->version_count == 0 ? 0 : world->versions[0].journey;
}

static void read_moments(struct asked *asked)
{
    struct sight_of *sight = &asked->sight;
    (void)moment_of(asked, "as_of", &sight->as_of_ms);
    asked->has_from = moment_of(asked, "from", &asked->from_ms);
    asked->has_to = moment_of(asked, "to", &asked->to_ms);
    asked->from_ms = asked->has_from ? asked->from_ms : INT64_MIN;
    asked->to_ms = asked->has_to ? asked->to_ms : INT64_MAX;
    sight->asked_ms = sight->as_of_ms != 0 ? sight->as_of_ms : asked->world->now_ms;
    sight->before_ms = lesser(asked->to_ms, sight->asked_ms);
}

static void read_journey(struct asked *asked)
{
    struct sight_of *sight = &asked->sight;
    str text = asked_text(asked, "journey", STR_NONE);
    sight->version = asked_number(asked, "version", 0);
    if (!id_parse(text, &sight->journey)) {
        sight->journey = first_journey(asked->world, sight->as_of_ms);
    }
    asked->newest = newest_version(asked->world, sight->journey, sight->version, sight->as_of_ms);
}

static void read_question(struct asked *asked, const struct sight_limits *limits)
{
    struct sight_of *sight = &asked->sight;
    sight->arena = asked->arena;
    sight->world = asked->world;
    memcpy(sight->places, limits->places, sizeof sight->places);
    memcpy(sight->departments, limits->departments, sizeof sight->departments);
    sight->place_count = limits->place_count;
    sight->department_count = limits->department_count;
    read_moments(asked);
    read_journey(asked);
    asked->where = asked_meaning(asked, "where");
    for (struct json_iter iter = json_each(json_get(asked->object, STR("by"))); json_next(&iter);) {
        (void)json_str(iter.value, &asked->by[asked->by_count++]);
    }
    (void)period_parse(asked_text(asked, "every", STR_NONE), &asked->every);
    asked->minimum_n = asked_number(asked, "minimum_n", asked->world->minimum_n);
}

/* Taking events. */

static bool one_of(str text, const str *texts, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        if (text.len > 0 && str_eq(text, texts[i])) {
            return true;
        }
    }
    return count == 0;
}

bool fits(const struct asked *asked, const struct seen *seen)
{
    const struct sight_of *sight = &asked->sight;
    str department = seen->touch < 0 ? STR_NONE : journey_map_touchpoint(&seen->version->map, seen->touch)->department;
    return one_of(seen->told->event.place, sight->places, sight->place_count) &&
           one_of(department, sight->departments, sight->department_count) && meaning_holds(sight, asked->where, seen);
}

bool takes(const struct asked *asked, const struct seen *seen)
{
    return seen->at_ms >= asked->from_ms && seen->at_ms < asked->to_ms && fits(asked, seen);
}

const struct seen **events_of(const struct asked *asked, i64 person, i64 *count)
{
    const struct seen **mine = arena_new(asked->arena, const struct seen *, asked->sight.count + 1);
    *count = 0;
    for (i64 i = 0; i < asked->sight.count; i++) {
        if (asked->sight.events[i].person == person) {
            mine[(*count)++] = &asked->sight.events[i];
        }
    }
    return mine;
}

/* Groups. */

struct key key_of(const struct asked *asked, const struct seen *seen)
{
    struct key key = {.count = asked->by_count};
    for (i64 i = 0; i < asked->by_count; i++) {
        key.values[i] = field_text(&asked->sight, seen, asked->by[i], false);
    }
    if (asked->every != PERIOD_NONE) {
        key.period_ms = period_start(asked->world->zone, asked->every, seen->at_ms);
    }
    return key;
}

int text_order(str a, str b)
{
    if (a.len == 0 || b.len == 0) {
        return (a.len == 0) - (b.len == 0);
    }
    return str_cmp(a, b);
}

/* Touchpoints and stages that the map no longer has come after those it has. */
static int map_order(const struct asked *asked, str field, str a, str b)
{
    i64 x = -1, y = -1;
    if (asked->newest == NULL) {
        return 0;
    }
    if (str_eq(field, STR("touchpoint"))) {
        x = journey_map_find_touchpoint(&asked->newest->map, a);
        y = journey_map_find_touchpoint(&asked->newest->map, b);
    } else if (str_eq(field, STR("stage"))) {
        x = journey_map_find_stage(&asked->newest->map, a);
        y = journey_map_find_stage(&asked->newest->map, b);
    }
    if (x < 0 || y < 0) {
        return (x < 0) - (y < 0);
    }
    return (x > y) - (x < y);
}

static int value_order(const struct asked *asked, str field, str a, str b)
{
    int order = a.len > 0 && b.len > 0 ? map_order(asked, field, a, b) : 0;
    if (order == 0 && str_eq(field, STR("version")) && a.len != b.len && a.len > 0 && b.len > 0) {
        return a.len < b.len ? -1 : 1;
    }
    return order != 0 ? order : text_order(a, b);
}

int key_order(const struct asked *asked, const struct key *a, const struct key *b)
{
    for (i64 i = 0; i < a->count; i++) {
        int order = value_order(asked, i < asked->by_count ? asked->by[i] : STR_NONE, a->values[i], b->values[i]);
        if (order != 0) {
            return order;
        }
    }
    return (a->period_ms > b->period_ms) - (a->period_ms < b->period_ms);
}

bool key_same(const struct key *a, const struct key *b)
{
    bool same = a->period_ms == b->period_ms;
    for (i64 i = 0; i < a->count; i++) {
        same &= str_eq(a->values[i], b->values[i]);
    }
    return same;
}

struct key *keys_of(const struct asked *asked, const struct key *all, i64 all_count, i64 *count)
{
    struct key *keys = arena_new(asked->arena, struct key, all_count + 1);
    *count = 0;
    for (i64 i = 0; i < all_count; i++) {
        i64 at = 0;
        while (at < *count && key_order(asked, &keys[at], &all[i]) < 0) {
            at++;
        }
        if (at < *count && key_same(&keys[at], &all[i])) {
            continue;
        }
        for (i64 k = *count; k > at; k--) {
            keys[k] = keys[k - 1];
        }
        keys[at] = all[i];
        (*count)++;
    }
    return keys;
}

void key_write(const struct asked *asked, const struct key *key, struct json_writer *writer)
{
    char date[ISO_MAX];
    for (i64 i = 0; i < asked->by_count; i++) {
        json_key(writer, asked->by[i]);
        json_put_str(writer, key->values[i].len > 0 ? key->values[i] : STR_NONE);
    }
    if (asked->every != PERIOD_NONE) {
        const struct zone *zone = asked->world->zone;
        json_pair_str(writer, "period",
                      asked->every == PERIOD_HOUR ? iso_format(zone, key->period_ms, date)
                                                  : iso_date(zone, key->period_ms, date));
    }
}

/* Numbers. */

static int by_number(const void *a, const void *b)
{
    f64 x = *(const f64 *)a, y = *(const f64 *)b;
    return (x > y) - (x < y);
}

f64 quantile(f64 *numbers, i64 count, f64 q)
{
    if (count == 0) {
        return 0;
    }
    qsort(numbers, (size_t)count, sizeof(f64), by_number);
    return numbers[lesser((i64)(q * (f64)count), count - 1)];
}

void write_number(struct json_writer *writer, const char *name, bool is, f64 number)
{
    json_key(writer, str_from(name));
    if (is) {
        json_put_f64(writer, number);
    } else {
        json_put_null(writer);
    }
}

/* Answering. */

static void answer_rows(const struct asked *asked, struct json_writer *writer, str *next)
{
    str ask = asked_text(asked, "ask", STR_NONE);
    if (str_eq(ask, STR("score"))) {
        answer_of_score(asked, writer);
    } else if (str_eq(ask, STR("count"))) {
        answer_of_count(asked, writer);
    } else if (str_eq(ask, STR("funnel"))) {
        answer_of_funnel(asked, writer);
    } else if (str_eq(ask, STR("retention"))) {
        answer_of_retention(asked, writer);
    } else if (str_eq(ask, STR("paths"))) {
        answer_of_paths(asked, writer);
    } else if (str_eq(ask, STR("adherence"))) {
        answer_of_adherence(asked, writer);
    } else if (str_eq(ask, STR("timeline"))) {
        answer_of_timeline(asked, writer, next);
    } else if (str_eq(ask, STR("features"))) {
        answer_of_features(asked, writer, next);
    } else {
        fprintf(stderr, "the reference knows no question %.*s\n", STR_ARG(ask));
        abort();
    }
}

/* A question may be asked in another zone than the installation's. */
static void read_zone(struct arena *arena, str name, struct world *world)
{
    struct ctx ctx = {.arena = *arena};
    if (name.len > 0 && zone_find(&ctx, name, &world->zone) != OK) {
        abort();
    }
    *arena = ctx.arena;
}

str reference_answer(struct arena *arena, const struct world *world, const struct sight_limits *limits,
                     struct json question)
{
    struct world in_zone = *world;
    struct asked asked = {.arena = arena, .world = &in_zone, .object = question};
    read_zone(arena, asked_text(&asked, "zone", STR_NONE), &in_zone);
    read_question(&asked, limits);
    see(&asked);
    struct json_writer writer = json_writer_in(arena);
    str next = STR_NONE, ask = asked_text(&asked, "ask", STR_NONE);
    json_object(&writer);
    json_key(&writer, STR("rows"));
    json_list(&writer);
    answer_rows(&asked, &writer, &next);
    json_list_end(&writer);
    if (str_eq(ask, STR("timeline")) || str_eq(ask, STR("features"))) {
        json_pair_str(&writer, "next", next);
    }
    json_object_end(&writer);
    return json_text(&writer);
}
