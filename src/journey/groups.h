/* Grouping events by several fields and by period.
 *
 * `groups` says how a question groups and is shared by all parts of a scan;
 * each part has a `grouping` of its own, which gives every group a number.
 * Where all combinations of values are few (GROUPS_DENSE) the number is their
 * place in a table, which costs a look-up for each dimension; else groups are
 * numbered in the order in which they are met. Groups of parts are merged by
 * value. They come out ordered by their values, then by period.
 *
 *     TRY(groups_begin(asking, asking->lens, NULL, 0, &groups));         once
 *     TRY(grouping_begin(part, &groups, &state->grouping));              begin
 * of a part TRY(grouping_find(&state->grouping, block, rows, n, &keys)); for a
 * block: the number of each row TRY(part_room_for(part, &state->tallies,
 * &state->capacity, state->grouping.count));
 *     TRY(grouping_merge(&into->grouping, &from->grouping, &numbers));
 * numbers[group of from] = group of into TRY(grouping_order(&state->grouping,
 * has, &order, &count));        in the end
 */
#pragma once

#include "journey/dimension.h"
#include "journey/periods.h"

enum { KEY_MAX = BY_MAX + 4, GROUPS_MAX = 200000, GROUPS_DENSE = 1 << 18 };

struct groups {
    const struct asking *asking;
    struct periods periods; /* of the question: those between the first and the
                             last event that may count */
    struct dimension dimensions[KEY_MAX];
    i64 dimension_count; /* `by`, then what the question added */
    /* A group's key is the sum of number × stride over its dimensions, and its
   * period; in two halves where one would overflow. */
    u64 strides[KEY_MAX];
    bool in_high[KEY_MAX];
    bool dense; /* the key is the number of the group */
    i64 size;   /* dense: numbers are below this */
};

/* Dimensions of the question's `by`, and more fields behind them; adds their
 * columns to the lens. ERR_INVALID (error.ask.periods) for too many periods.
 * Memory is the context's. */
err groups_begin(const struct asking *asking, struct lens *lens, const struct field *more, i64 more_count,
                 struct groups *out);

/* The key of a group that is not dense. */
struct group_key {
    u64 low, high;
};

/* ERR_INVALID (error.ask.groups). */
err groups_too_many(struct ctx *ctx);

struct grouping {
    const struct groups *groups;
    struct part *part;
    i64 count;              /* numbers are below this; dense: groups->size from the beginning
              */
    struct group_key *keys; /* [group], when not dense */
    i64 key_capacity;
    u32 *slots; /* hash table: group + 1 */
    i64 slot_count;
    const u32
        *listed; /* groups that were read and not computed: [group × (dimensions + 1)], the numbers of the dimensions
                          and of the period; NULL as a rule */
};

err grouping_begin(struct part *part, const struct groups *groups, struct grouping *out);

/* The group of each of these rows of the block (NULL: all; `count` is then the
 * block's). Their times lie in the question's. The numbers are the part's
 * scratch. ERR_INVALID (error.ask.groups) for more than GROUPS_MAX. */
err grouping_find(struct grouping *grouping, const struct block *block, const i32 *rows, i64 count, const u32 **out);

/* The group of one row; `person` is whose it is. */
err grouping_of(struct grouping *grouping, const struct block *block, i64 row, alias_no person, u32 *out);

/* Takes over the groups of another part: numbers[g] is the number here of group
 * g there. The list is scratch. */
err grouping_merge(struct grouping *into, const struct grouping *from, const u32 **numbers);

/* Groups in the order in which they are written; `has` (a byte a group; NULL:
 * all) says which occur. ERR_INVALID (error.ask.groups) for more than
 * GROUPS_MAX. */
err grouping_order(const struct grouping *grouping, const u8 *has, i64 **order, i64 *count);

/* Members of the group's values and its period. */
void grouping_write(const struct grouping *grouping, i64 group, struct json_writer *writer);

/* The text of a dimension of a group; none where it has none. The number of its
 * period; 0 where the question has none. */
str grouping_text(const struct grouping *grouping, i64 group, i64 dimension);
u32 grouping_number(const struct grouping *grouping, i64 group, i64 dimension);
i64 grouping_period(const struct grouping *grouping, i64 group);
