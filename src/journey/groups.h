/* Grouping events by several fields and by period.
 *
 * A group is known by small numbers: one for each dimension, one for the
 * period, and whatever the question adds. Groups come out ordered by their
 * values (bytes, missing ones last; touchpoints and stages in map order), then
 * by period.
 */
#pragma once

#include "journey/asking.h"

enum { KEY_MAX = BY_MAX + 4, PERIODS_MAX = 20000, GROUPS_MAX = 200000 };

/* Borders of the periods of a question. */
struct periods {
    enum period every;
    const struct zone *zone;
    i64 *starts;
    i64 count;
};

/* One thing that keys are made of. */
struct dimension {
    struct field field;
    str name;
    struct texts texts; /* of codes, where they are from a dictionary */
    i32 column;         /* of a property; -1: there is none */
    const struct trait_column *trait;
    const u32 *same; /* touchpoint, stage: code → the first code of the same id */
};

struct groups {
    const struct asking *asking;
    struct periods periods;
    struct dimension dimensions[KEY_MAX];
    i64 dimension_count; /* `by`, then what the question added */
    i64 key_len;         /* dimensions and the period */
    u32 *keys;           /* group_count × key_len */
    i64 count, capacity;
    u32 *slots; /* hash table: group + 1 */
    i64 slot_count;
};

/* Dimensions of the question's `by`, and more fields behind them. Memory is the context's. ERR_INVALID (error.ask.periods) for
 * too many periods. */
err groups_begin(const struct asking *asking, const struct field *more, i64 more_count, struct groups *out);

/* The group of an event, which is new when the result equals the count before. ERR_INVALID (error.ask.groups) for
 * too many. */
err groups_find(struct groups *groups, i64 row, alias_no person, i64 *group);

/* The order in which groups are written. */
i64 *groups_order(const struct groups *groups);

/* Members of the group's values and its period. */
void groups_write(const struct groups *groups, i64 group, struct json_writer *writer);

/* The first date of a group's period (for hours its first moment); none where the question has none. */
str groups_period(const struct groups *groups, i64 group, char text[ISO_MAX]);

/* The text of a dimension of a group; none where it has none. */
str groups_text(const struct groups *groups, i64 group, i64 dimension);
