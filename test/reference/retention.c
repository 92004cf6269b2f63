/* retention: by the letter of docs/ask.md. */
#include "sequences.h"

struct member {
    struct key key;
    i64 cohort_ms;
    bool *returned; /* [period] */
};

struct retention {
    struct asked asked; /* without `every`: the cohort is its own column */
    enum period every;
    i64 periods, length_ms;
    bool first, elapsed;
    struct meaning *start, *back;
    struct member *members;
    i64 count;
};

static i64 length_of(enum period every)
{
    static const i64 hours[] = {0, 1, 24, 7 * 24, 30 * 24, 91 * 24, 365 * 24};
    return hours[every] * 3600 * 1000;
}

static i64 period_of(const struct retention *retention, i64 at_ms)
{
    return period_start(retention->asked.world->zone, retention->every, at_ms);
}

/* Calendar periods from the cohort's to that of a moment; `periods` where it is further. */
static i64 calendar_between(const struct retention *retention, i64 cohort_ms, i64 at_ms)
{
    i64 k = 0, start = period_of(retention, at_ms);
    for (i64 at = cohort_ms; at < start && k < retention->periods; k++) {
        at = period_next(retention->asked.world->zone, retention->every, at);
    }
    return k;
}

static void add_member(struct retention *retention, const struct seen **mine, i64 count, i64 start)
{
    const struct seen *first = mine[start];
    struct member *member = &retention->members[retention->count++];
    member->key = key_of(&retention->asked, first);
    member->cohort_ms = period_of(retention, first->at_ms);
    member->returned = arena_new(retention->asked.arena, bool, retention->periods + 1);
    for (i64 i = start; i < count; i++) {
        if (meaning_holds(&retention->asked.sight, retention->back, mine[i])) {
            i64 k = retention->elapsed ? (mine[i]->at_ms - first->at_ms) / retention->length_ms
                                       : calendar_between(retention, member->cohort_ms, mine[i]->at_ms);
            member->returned[lesser(k, retention->periods)] = true;
        }
    }
}

static bool in_cohorts(const struct retention *retention, i64 at_ms)
{
    return at_ms >= retention->asked.from_ms && at_ms < retention->asked.to_ms &&
           at_ms < retention->asked.sight.asked_ms;
}

static void add_person(struct retention *retention, i64 person)
{
    i64 all, count = 0, last_ms = INT64_MIN;
    bool begun = false;
    const struct seen **mine = events_of(&retention->asked, person, &all);
    for (i64 i = 0; i < all; i++) {
        if (fits(&retention->asked, mine[i])) {
            mine[count++] = mine[i];
        }
    }
    for (i64 i = 0; i < count; i++) {
        if (!meaning_holds(&retention->asked.sight, retention->start, mine[i])) {
            continue;
        }
        bool again = retention->first ? begun : begun && period_of(retention, mine[i]->at_ms) == last_ms;
        if (retention->first) {
            begun = true;
        }
        if (!again && in_cohorts(retention, mine[i]->at_ms)) {
            begun = true;
            last_ms = period_of(retention, mine[i]->at_ms);
            add_member(retention, mine, count, i);
        }
    }
}

/* Is the k-th period after the cohort over for all its people? */
static bool is_over(const struct retention *retention, i64 cohort_ms, i64 k)
{
    const struct zone *zone = retention->asked.world->zone;
    i64 end = period_next(zone, retention->every, cohort_ms);
    if (retention->elapsed) {
        end = lesser(end, retention->asked.to_ms) + (k + 1) * retention->length_ms;
    } else {
        for (i64 i = 0; i < k; i++) {
            end = period_next(zone, retention->every, end);
        }
    }
    return end <= retention->asked.sight.asked_ms;
}

static void write_cohort(const struct retention *retention, struct json_writer *writer, const struct key *key,
                         i64 cohort_ms)
{
    const struct zone *zone = retention->asked.world->zone;
    i64 size = 0, *returned = arena_new(retention->asked.arena, i64, retention->periods);
    for (i64 i = 0; i < retention->count; i++) {
        const struct member *member = &retention->members[i];
        if (member->cohort_ms == cohort_ms && key_same(&member->key, key)) {
            size++;
            for (i64 k = 0; k < retention->periods; k++) {
                returned[k] += member->returned[k];
            }
        }
    }
    char date[ISO_MAX];
    json_object(writer);
    key_write(&retention->asked, key, writer);
    json_pair_str(writer, "cohort",
                  retention->every == PERIOD_HOUR ? iso_format(zone, cohort_ms, date)
                                                  : iso_date(zone, cohort_ms, date));
    json_pair_i64(writer, "size", size);
    json_key(writer, STR("returned"));
    json_list(writer);
    for (i64 k = 0; k < retention->periods; k++) {
        if (is_over(retention, cohort_ms, k)) {
            json_put_i64(writer, returned[k]);
        } else {
            json_put_null(writer);
        }
    }
    json_list_end(writer);
    json_pair_bool(writer, "few", size < retention->asked.minimum_n);
    json_object_end(writer);
}

/* Without `by` every period has a row, from the first one asked for or found to the last. */
static void write_all(const struct retention *retention, struct json_writer *writer)
{
    const struct asked *asked = &retention->asked;
    i64 first = INT64_MAX, last = INT64_MIN;
    for (i64 i = 0; i < retention->count; i++) {
        first = lesser(first, retention->members[i].cohort_ms);
        last = greater(last, retention->members[i].cohort_ms);
    }
    first = asked->has_from ? period_of(retention, asked->from_ms) : first;
    last = asked->has_to ? asked->to_ms - 1 : last;
    last = lesser(last, asked->sight.asked_ms - 1);
    for (i64 at = first; at <= last; at = period_next(asked->world->zone, retention->every, at)) {
        write_cohort(retention, writer, &(struct key){0}, at);
    }
}

static void write_groups(const struct retention *retention, struct json_writer *writer)
{
    struct key *keys = arena_new(retention->asked.arena, struct key, retention->count + 1);
    i64 count;
    for (i64 i = 0; i < retention->count; i++) {
        keys[i] = retention->members[i].key;
        keys[i].period_ms = retention->members[i].cohort_ms; // ordered by values, then cohort
    }
    keys = keys_of(&retention->asked, keys, retention->count, &count);
    for (i64 i = 0; i < count; i++) {
        i64 cohort_ms = keys[i].period_ms;
        keys[i].period_ms = 0;
        write_cohort(retention, writer, &keys[i], cohort_ms);
    }
}

void answer_of_retention(const struct asked *asked, struct json_writer *writer)
{
    struct retention retention = {
        .asked = *asked,
        .every = asked->every == PERIOD_NONE ? PERIOD_WEEK : asked->every,
        .periods = asked_number(asked, "periods", 12),
        .first = str_eq(asked_text(asked, "cohort", STR("first")), STR("first")),
        .elapsed = asked_truth(asked, "elapsed"),
        .start = asked_meaning(asked, "start"),
    };
    retention.asked.every = PERIOD_NONE;
    retention.back = asked_has(asked, "return") ? asked_meaning(asked, "return") : retention.start;
    retention.length_ms = length_of(retention.every);
    retention.members = arena_new(asked->arena, struct member, asked->sight.count + 1);
    i64 people;
    i64 *persons = everybody(asked, &people);
    for (i64 i = 0; i < people; i++) {
        add_person(&retention, persons[i]);
    }
    if (asked->by_count == 0) {
        write_all(&retention, writer);
    } else {
        write_groups(&retention, writer);
    }
}
