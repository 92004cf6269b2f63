/* Grouping events by several fields and by period, one row after the other: for what does not scan (groups.h).
 *
 * A group is known by small numbers: one for each dimension, one for the
 * period, and whatever the question adds. Groups come out ordered by their
 * values (bytes, missing ones last; touchpoints and stages in map order), then
 * by period.
 */
#pragma once

#include "journey/groups.h"

/* Borders of the periods of a question. */
struct row_periods {
    enum period every;
    const struct zone *zone;
    i64 *starts;
    i64 count;
};

/* One thing that keys are made of. */
struct row_dimension {
    struct field field;
    str name;
    struct texts texts; /* of codes, where they are from a dictionary */
    i32 column;         /* of a property; -1: there is none */
    const struct trait_column *trait;
    const u32 *same; /* touchpoint, stage: code → the first code of the same id */
};

struct row_groups {
    const struct asking *asking;
    struct row_periods periods;
    struct row_dimension dimensions[KEY_MAX];
    i64 dimension_count; /* `by`, then what the question added */
    i64 key_len;         /* dimensions and the period */
    u32 *keys;           /* group_count × key_len */
    i64 count, capacity;
    u32 *slots; /* hash table: group + 1 */
    i64 slot_count;
};

/* Dimensions of the question's `by`, and more fields behind them. Memory is the context's. ERR_INVALID (error.ask.periods) for
 * too many periods. */
err row_groups_begin(const struct asking *asking, const struct field *more, i64 more_count, struct row_groups *out);

/* The group of an event, which is new when the result equals the count before. ERR_INVALID (error.ask.groups) for
 * too many. */
err row_groups_find(struct row_groups *groups, i64 row, alias_no person, i64 *group);

/* The order in which groups are written. */
i64 *row_groups_order(const struct row_groups *groups);

/* Members of the group's values and its period. */
void row_groups_write(const struct row_groups *groups, i64 group, struct json_writer *writer);

/* The first date of a group's period (for hours its first moment); none where the question has none. */
str row_groups_period(const struct row_groups *groups, i64 group, char text[ISO_MAX]);

/* The text of a dimension of a group; none where it has none. */
str row_groups_text(const struct row_groups *groups, i64 group, i64 dimension);
