#include "meaning.h"

#include "base/id.h"
#include "json/write.h"
#include "text/fold.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const f64 NEAR = 1e-9;

_Noreturn static void no_condition(const char *why)
{
    fprintf(stderr, "the reference cannot read this condition: %s\n", why);
    abort();
}

/* Reading. */

static struct value value_of(struct arena *arena, struct json value)
{
    struct value out = {0};
    bool truth;
    char digits[32];
    switch (json_type(value)) {
    case JSON_NULL: out.null = true; break;
    case JSON_BOOL: out.text = json_bool(value, &truth) && truth ? STR("true") : STR("false"); break;
    case JSON_STR:
        (void)json_str(value, &out.text);
        out.text = str_copy(arena, fold_nfc(arena, out.text));
        break;
    default:
        out.number = json_f64(value, &out.f);
        out.text = str_copy(arena, (str){digits, f64_text(out.f, digits)});
        break;
    }
    return out;
}

static void read_values(struct arena *arena, struct json value, struct meaning *out)
{
    bool list = json_type(value) == JSON_LIST;
    out->values = arena_new(arena, struct value, list ? json_count(value) + 1 : 1);
    if (!list) {
        out->values[out->value_count++] = value_of(arena, value);
        return;
    }
    for (struct json_iter iter = json_each(value); json_next(&iter);) {
        out->values[out->value_count++] = value_of(arena, iter.value);
    }
}

static struct meaning *group_of(struct arena *arena, enum meaning_what what, i64 most)
{
    struct meaning *out = arena_new(arena, struct meaning, 1);
    out->what = what;
    out->parts = arena_new(arena, struct meaning *, most + 1);
    return out;
}

/* {"field":F,"gte":1,"lt":5} is an "and" of its operators. */
static struct meaning *read_tests(struct arena *arena, struct json value, bool in_map)
{
    struct meaning *out = group_of(arena, MEANS_ALL, json_count(value));
    str field = STR_NONE;
    (void)json_str(json_get(value, STR("field")), &field);
    field = str_copy(arena, field);
    for (struct json_iter iter = json_each(value); json_next(&iter);) {
        if (str_eq(iter.key, STR("field"))) {
            continue;
        }
        struct meaning *test = arena_new(arena, struct meaning, 1);
        *test = (struct meaning){.what = MEANS_TEST, .field = field, .op = str_copy(arena, iter.key), .in_map = in_map};
        if (str_eq(test->op, STR("exists"))) {
            (void)json_bool(iter.value, &test->exists);
        } else {
            read_values(arena, iter.value, test);
        }
        out->parts[out->count++] = test;
    }
    return out;
}

static struct meaning *read_list(struct arena *arena, enum meaning_what what, struct json list, bool in_map)
{
    struct meaning *out = group_of(arena, what, json_count(list));
    for (struct json_iter iter = json_each(list); json_next(&iter);) {
        out->parts[out->count++] = meaning_read(arena, iter.value, in_map);
    }
    return out;
}

static struct meaning *read_did(struct arena *arena, struct json value)
{
    struct meaning *out = group_of(arena, MEANS_DID, 1);
    str text;
    out->at_least = 1;
    (void)json_i64(json_get(value, STR("at_least")), &out->at_least);
    if (json_str(json_get(value, STR("in_last")), &text) && !duration_parse(text, &out->in_last_ms)) {
        no_condition("in_last");
    }
    out->parts[out->count++] = meaning_read(arena, json_get(value, STR("did")), false);
    return out;
}

struct meaning *meaning_read(struct arena *arena, struct json value, bool in_map)
{
    if (!json_is(value) || json_type(value) == JSON_NULL) {
        return group_of(arena, MEANS_ALL, 0);
    }
    if (json_type(value) == JSON_LIST) {
        return read_list(arena, MEANS_ALL, value, in_map);
    }
    if (json_is(json_get(value, STR("field")))) {
        return read_tests(arena, value, in_map);
    }
    if (json_is(json_get(value, STR("any")))) {
        return read_list(arena, MEANS_ANY, json_get(value, STR("any")), in_map);
    }
    if (json_is(json_get(value, STR("did")))) {
        return read_did(arena, value);
    }
    if (!json_is(json_get(value, STR("not")))) {
        no_condition("neither field, any, not nor did");
    }
    struct meaning *out = group_of(arena, MEANS_NOT, 1);
    out->parts[out->count++] = meaning_read(arena, json_get(value, STR("not")), in_map);
    return out;
}

struct meaning *meaning_of_text(struct arena *arena, str json, bool in_map)
{
    struct ctx ctx = {0};
    struct json value;
    struct json_reader *reader = json_reader_open();
    if (json.len == 0 || json_parse(&ctx, reader, json, &value) != OK) {
        no_condition("no JSON");
    }
    struct meaning *out = meaning_read(arena, value, in_map);
    json_reader_close(reader);
    ctx_end(&ctx);
    return out;
}

/* Fields. */

static str derived_text(const struct seen *seen, bool stage)
{
    if (seen->touch < 0) {
        return STR_NONE;
    }
    const struct touchpoint *touchpoint = journey_map_touchpoint(&seen->version->map, seen->touch);
    return stage ? touchpoint->stage : touchpoint->id;
}

static str named_text(const struct sight_of *sight, const struct seen *seen, str field)
{
    for (i64 i = 0; i < PROP_COUNT; i++) {
        if (str_starts(field, STR("prop:")) && str_eq(str_slice(field, 5, field.len), str_from(prop_names[i]))) {
            return seen->told->props[i];
        }
    }
    for (i64 i = 0; i < TRAIT_COUNT && seen->person >= 0; i++) {
        if (str_starts(field, STR("trait:")) && str_eq(str_slice(field, 6, field.len), str_from(trait_names[i]))) {
            return world_trait(sight->world, sight->persons, seen->person, i);
        }
    }
    return STR_NONE;
}

str field_text(const struct sight_of *sight, const struct seen *seen, str field, bool in_map)
{
    const struct event *event = &seen->told->event;
    const struct {
        const char *name;
        str text;
    } words[] = {
        {"kind", event->kind},           {"channel", event->channel},
        {"place", event->place},         {"source", event->source},
        {"metric", event->metric},       {"question", event->question},
        {"scale", event->scale},         {"currency", event->amount.is ? event->currency : STR_NONE},
        {"declared", event->touchpoint},
    };
    for (i64 i = 0; i < countof(words); i++) {
        if (str_eq(field, str_from(words[i].name))) {
            return words[i].text;
        }
    }
    if (str_eq(field, STR("touchpoint"))) {
        return in_map ? event->touchpoint : derived_text(seen, false);
    }
    if (str_eq(field, STR("stage"))) {
        return derived_text(seen, true);
    }
    if (str_eq(field, STR("journey"))) {
        char *text = arena_alloc(sight->arena, ID_TEXT_LEN, 1);
        return seen->touch < 0 ? STR_NONE : id_text(sight->journey, text);
    }
    if (str_eq(field, STR("version"))) {
        return seen->version == NULL ? STR_NONE : str_format(sight->arena, "%lld", (long long)seen->version->version);
    }
    return named_text(sight, seen, field);
}

/* Tests. */

static bool near(f64 a, f64 b)
{
    return fabs(a - b) <= NEAR;
}

/* Less than zero, zero, more than zero: how a text stands to a value. False where they cannot be compared. */
static bool compare_text(str text, const struct value *value, int *order)
{
    f64 number;
    if (text.len == 0) {
        return false;
    }
    if (!value->number) {
        *order = str_cmp(text, value->text);
        return true;
    }
    if (!str_f64(text, &number)) {
        return false;
    }
    *order = near(number, value->f) ? 0 : number < value->f ? -1 : 1;
    return true;
}

static bool compare_number(struct maybe_f64 number, const struct value *value, int *order)
{
    *order = near(number.value, value->f) ? 0 : number.value < value->f ? -1 : 1;
    return number.is;
}

static bool by_order(str op, int order)
{
    return str_eq(op, STR("gt"))    ? order > 0
           : str_eq(op, STR("gte")) ? order >= 0
           : str_eq(op, STR("lt"))  ? order < 0
                                    : order <= 0;
}

static bool test_text(const struct meaning *test, str text)
{
    bool is = false, contains = false, ordered = false;
    for (i64 i = 0; i < test->value_count; i++) {
        const struct value *value = &test->values[i];
        int order = 0;
        bool comparable = compare_text(text, value, &order);
        is |= value->null ? text.len == 0 : comparable && order == 0;
        contains |= text.len > 0 && str_find(text, value->text) >= 0;
        ordered |= comparable && by_order(test->op, order);
    }
    if (str_eq(test->op, STR("exists"))) {
        return (text.len > 0) == test->exists;
    }
    return str_eq(test->op, STR("is"))         ? is
           : str_eq(test->op, STR("is_not"))   ? !is
           : str_eq(test->op, STR("contains")) ? contains
                                               : ordered;
}

static bool test_number(const struct meaning *test, struct maybe_f64 number)
{
    bool is = false, ordered = false;
    for (i64 i = 0; i < test->value_count; i++) {
        const struct value *value = &test->values[i];
        int order = 0;
        bool comparable = compare_number(number, value, &order);
        is |= value->null ? !number.is : comparable && order == 0;
        ordered |= comparable && by_order(test->op, order);
    }
    if (str_eq(test->op, STR("exists"))) {
        return number.is == test->exists;
    }
    return str_eq(test->op, STR("is")) ? is : str_eq(test->op, STR("is_not")) ? !is : ordered;
}

/* An event may lie on touchpoints of several journeys: is any of them one that the test names? */
static bool test_journey(const struct sight_of *sight, const struct meaning *test, const struct told *told)
{
    bool found = false, exists = str_eq(test->op, STR("exists"));
    for (i64 i = 0; i < sight->world->version_count; i++) {
        i64 journey = sight->world->versions[i].journey;
        char text[ID_TEXT_LEN];
        str id = id_text(journey, text);
        bool named = exists;
        for (i64 k = 0; k < test->value_count; k++) {
            named |= str_eq(test->values[k].text, id);
        }
        found |= named && on_journey(sight, told, journey);
    }
    return exists ? found == test->exists : found == str_eq(test->op, STR("is"));
}

static bool test_holds(const struct sight_of *sight, const struct meaning *test, const struct seen *seen)
{
    const struct event *event = &seen->told->event;
    if (str_eq(test->field, STR("score"))) {
        return test_number(test, event->score);
    }
    if (str_eq(test->field, STR("amount"))) {
        return test_number(test, (struct maybe_f64){(f64)event->amount.value, event->amount.is});
    }
    if (str_eq(test->field, STR("text"))) {
        return (event->text.len > 0) == test->exists;
    }
    if (str_eq(test->field, STR("journey"))) {
        return test_journey(sight, test, seen->told);
    }
    return test_text(test, field_text(sight, seen, test->field, test->in_map));
}

static bool did(const struct sight_of *sight, const struct meaning *meaning, const struct seen *seen)
{
    i64 times = 0;
    for (i64 i = 0; i < sight->count; i++) {
        const struct seen *other = &sight->events[i];
        bool in_time = other->at_ms < sight->before_ms &&
                       (meaning->in_last_ms == 0 || other->at_ms >= sight->before_ms - meaning->in_last_ms);
        bool same = seen->person >= 0 && other->person == seen->person;
        times += same && in_time && meaning_holds(sight, meaning->parts[0], other);
    }
    return times >= meaning->at_least;
}

bool meaning_holds(const struct sight_of *sight, const struct meaning *meaning, const struct seen *seen)
{
    bool all = true, any = false;
    switch (meaning->what) {
    case MEANS_DID: return did(sight, meaning, seen);
    case MEANS_TEST: return test_holds(sight, meaning, seen);
    case MEANS_NOT: return !meaning_holds(sight, meaning->parts[0], seen);
    default: break;
    }
    for (i64 i = 0; i < meaning->count; i++) {
        bool holds = meaning_holds(sight, meaning->parts[i], seen);
        all &= holds;
        any |= holds;
    }
    return meaning->what == MEANS_ALL ? all : any;
}

/* Maps. */

i64 touch_of(const struct sight_of *sight, const struct known_version *version, const struct told *told)
{
    struct seen seen = {.told = told, .at_ms = told->event.at_ms, .id = told->event.id, .person = -1, .touch = -1};
    for (i64 i = 0; version != NULL && i < version->map.touchpoints.count; i++) {
        if (version->mapped[i] && meaning_holds(sight, version->where[i], &seen)) {
            return i;
        }
    }
    return -1;
}

const struct known_version *version_at(const struct world *world, i64 journey, i64 version, i64 as_of_ms, i64 at_ms)
{
    const struct known_version *found = NULL;
    for (i64 i = 0; i < world->version_count; i++) {
        const struct known_version *one = &world->versions[i];
        bool known = as_of_ms == 0 || one->published_ms <= as_of_ms;
        bool decides = version != 0 ? one->version == version : known && one->from_ms <= at_ms;
        if (one->journey == journey && decides) {
            found = one; // versions come in their order: the newest that reaches back
        }
    }
    return found;
}

const struct known_version *newest_version(const struct world *world, i64 journey, i64 version, i64 as_of_ms)
{
    return version_at(world, journey, version, as_of_ms, INT64_MAX);
}

bool on_journey(const struct sight_of *sight, const struct told *told, i64 journey)
{
    i64 version = journey == sight->journey ? sight->version : 0;
    return touch_of(sight, version_at(sight->world, journey, version, sight->as_of_ms, told->event.at_ms), told) >= 0;
}
