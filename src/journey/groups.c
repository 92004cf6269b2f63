#include "journey/groups.h"

#include "journey/derive.h"

#include <stdlib.h>

/* Setting up. */

/* Between which moments events may count. */
static void bounds_of(const struct asking *asking, i64 *low, i64 *high)
{
    const struct view *view = &asking->view;
    view_bounds(view, low, high);
    *low = greater(*low, asking->from_ms);
    *high = lesser(*high, asking->to_ms == INT64_MAX ? INT64_MAX : asking->to_ms - 1);
}

/* The product, or the largest number there is. */
static u64 times(u64 a, u64 b)
{
    u64 product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

static err number_groups(struct groups *out)
{
    u64 low = (u64)greater(out->periods.count, 1), high = 1;
    for (i64 i = out->dimension_count - 1; i >= 0; i--) {
        u32 size = out->dimensions[i].size;
        out->in_high[i] = times(low, size) == UINT64_MAX;
        u64 *half = out->in_high[i] ? &high : &low;
        out->strides[i] = *half;
        *half = times(*half, size);
    }
    if (high == UINT64_MAX) { // more combinations than any memory could hold values for
        return FAIL(out->asking->ctx, ERR_INVALID, "by", "error.ask.groups",
                    {"most", str_format(&out->asking->ctx->arena, "%d", GROUPS_MAX)});
    }
    out->dense = high == 1 && low <= GROUPS_DENSE;
    out->size = out->dense ? (i64)low : 0;
    return OK;
}

err groups_begin(const struct asking *asking, struct lens *lens, const struct field *more, i64 more_count,
                 struct groups *out)
{
    const struct question *question = &asking->question;
    i64 low, high;
    *out = (struct groups){.asking = asking};
    for (i64 i = 0; i < question->by_count; i++) {
        out->dimensions[out->dimension_count++] = dimension_make(asking, lens, question->by[i], question->by_names[i]);
    }
    for (i64 i = 0; i < more_count; i++) {
        out->dimensions[out->dimension_count++] = dimension_make(asking, lens, more[i], STR_NONE);
    }
    bounds_of(asking, &low, &high);
    TRY(periods_make(asking->ctx, question->zone, question->every, low, high, &out->periods));
    return number_groups(out);
}

err grouping_begin(struct part *part, const struct groups *groups, struct grouping *out)
{
    *out = (struct grouping){.groups = groups, .part = part, .count = groups->size};
    return OK;
}

/* Keys of rows. */

#define ADD(name, cell, key)                                                                                           \
    static void name(const cell *cells, const i32 *rows, i64 count, key stride, key *restrict keys)                    \
    {                                                                                                                  \
        if (rows == NULL) {                                                                                            \
            for (i64 i = 0; i < count; i++) {                                                                          \
                keys[i] += (key)cells[i] * stride;                                                                     \
            }                                                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
        for (i64 i = 0; i < count; i++) {                                                                              \
            keys[i] += (key)cells[rows[i]] * stride;                                                                   \
        }                                                                                                              \
    }
ADD(add_ones, u8, u32)
ADD(add_twos, u16, u32)
ADD(add_fours, u32, u32)
ADD(add_ones_wide, u8, u64)
ADD(add_twos_wide, u16, u64)
ADD(add_fours_wide, u32, u64)

static void add_cells(struct cells cells, const i32 *rows, i64 count, u32 stride, u32 *keys)
{
    switch (cells.width) {
    case 1: add_ones(cells.at, rows, count, stride, keys); break;
    case 2: add_twos(cells.at, rows, count, stride, keys); break;
    case 4: add_fours(cells.at, rows, count, stride, keys); break;
    default: break;
    }
}

static void add_cells_wide(struct cells cells, const i32 *rows, i64 count, u64 stride, u64 *keys)
{
    switch (cells.width) {
    case 1: add_ones_wide(cells.at, rows, count, stride, keys); break;
    case 2: add_twos_wide(cells.at, rows, count, stride, keys); break;
    case 4: add_fours_wide(cells.at, rows, count, stride, keys); break;
    default: break;
    }
}

static void put_periods(const struct periods *shared, const i64 *at_ms, const i32 *rows, i64 count, u32 *restrict keys)
{
    const struct periods periods = *shared; // its members stay in registers
    if (periods.count <= 1) {
        memset(keys, 0, (size_t)count * sizeof(u32));
    } else if (rows == NULL) {
        for (i64 i = 0; i < count; i++) {
            keys[i] = periods_find(&periods, at_ms[i]);
        }
    } else {
        for (i64 i = 0; i < count; i++) {
            keys[i] = periods_find(&periods, at_ms[rows[i]]);
        }
    }
}

/* The table. */

static u64 mixed(struct group_key key)
{
    u64 hash = (key.low ^ key.high * 0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd;
    return hash ^ hash >> 32;
}

static i64 slot_of(const struct grouping *grouping, struct group_key key)
{
    i64 mask = grouping->slot_count - 1;
    i64 slot = (i64)(mixed(key) & (u64)mask);
    while (grouping->slots[slot] != 0) {
        const struct group_key *there = &grouping->keys[grouping->slots[slot] - 1];
        if (there->low == key.low && there->high == key.high) {
            break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

static err grow(struct grouping *grouping)
{
    part_release(grouping->part, grouping->slots);
    grouping->slot_count = greater(grouping->slot_count * 2, 256);
    TRY(part_new(grouping->part, u32, grouping->slot_count, &grouping->slots));
    for (i64 group = 0; group < grouping->count; group++) {
        grouping->slots[slot_of(grouping, grouping->keys[group])] = (u32)group + 1;
    }
    return OK;
}

err groups_too_many(struct ctx *ctx)
{
    return FAIL(ctx, ERR_INVALID, "by", "error.ask.groups", {"most", str_format(&ctx->arena, "%d", GROUPS_MAX)});
}

static err number_of(struct grouping *grouping, struct group_key key, u32 *out)
{
    if (grouping->count * 2 >= grouping->slot_count) {
        TRY(grow(grouping));
    }
    i64 slot = slot_of(grouping, key);
    if (grouping->slots[slot] == 0) {
        if (grouping->count == GROUPS_MAX) {
            return groups_too_many(&grouping->part->ctx);
        }
        TRY(part_room_for(grouping->part, &grouping->keys, &grouping->key_capacity, grouping->count + 1));
        grouping->keys[grouping->count++] = key;
        grouping->slots[slot] = (u32)grouping->count;
    }
    *out = grouping->slots[slot] - 1;
    return OK;
}

static err find_sparse(struct grouping *grouping, const struct block *block, const i32 *rows, i64 count, u32 *numbers)
{
    const struct groups *groups = grouping->groups;
    struct scratch *scratch = &grouping->part->scratch;
    u64 *low = scratch_new(scratch, u64, count), *high = scratch_new(scratch, u64, count);
    for (i64 i = 0; i < count; i++) {
        low[i] = numbers[i]; // the period
        high[i] = 0;
    }
    for (i64 d = 0; d < groups->dimension_count; d++) {
        struct cells cells = dimension_cells(grouping->part, &groups->dimensions[d], block);
        add_cells_wide(cells, rows, count, groups->strides[d], groups->in_high[d] ? high : low);
    }
    for (i64 i = 0; i < count; i++) {
        // Neighbours are often of one group.
        if (i > 0 && low[i] == low[i - 1] && high[i] == high[i - 1]) {
            numbers[i] = numbers[i - 1];
        } else {
            TRY(number_of(grouping, (struct group_key){low[i], high[i]}, &numbers[i]));
        }
    }
    return OK;
}

err grouping_find(struct grouping *grouping, const struct block *block, const i32 *rows, i64 count, const u32 **out)
{
    const struct groups *groups = grouping->groups;
    u32 *numbers = scratch_new(&grouping->part->scratch, u32, count);
    *out = numbers;
    put_periods(&groups->periods, block->at_ms, rows, count, numbers);
    if (!groups->dense) {
        return find_sparse(grouping, block, rows, count, numbers);
    }
    for (i64 d = 0; d < groups->dimension_count; d++) {
        struct cells cells = dimension_cells(grouping->part, &groups->dimensions[d], block);
        add_cells(cells, rows, count, (u32)groups->strides[d], numbers);
    }
    return OK;
}

err grouping_of(struct grouping *grouping, const struct block *block, i64 row, alias_no person, u32 *out)
{
    const struct groups *groups = grouping->groups;
    struct group_key key = {0};
    if (groups->periods.count > 1) {
        key.low = periods_find(&groups->periods, block->at_ms[row]);
    }
    for (i64 d = 0; d < groups->dimension_count; d++) {
        u64 number = dimension_of(groups->asking, &groups->dimensions[d], block, row, person);
        *(groups->in_high[d] ? &key.high : &key.low) += number * groups->strides[d];
    }
    if (groups->dense) {
        *out = (u32)key.low;
        return OK;
    }
    return number_of(grouping, key, out);
}

err grouping_merge(struct grouping *into, const struct grouping *from, const u32 **numbers)
{
    u32 *out = scratch_new(&into->part->scratch, u32, from->count);
    *numbers = out;
    for (i64 group = 0; group < from->count; group++) {
        out[group] = (u32)group;
        if (!into->groups->dense) {
            TRY(number_of(into, from->keys[group], &out[group]));
        }
    }
    return OK;
}

/* Coming out. */

u32 grouping_number(const struct grouping *grouping, i64 group, i64 dimension)
{
    const struct groups *groups = grouping->groups;
    if (grouping->listed != NULL) {
        return grouping->listed[group * (groups->dimension_count + 1) + dimension];
    }
    struct group_key key = groups->dense ? (struct group_key){(u64)group, 0} : grouping->keys[group];
    u64 half = groups->in_high[dimension] ? key.high : key.low;
    return (u32)(half / groups->strides[dimension] % groups->dimensions[dimension].size);
}

i64 grouping_period(const struct grouping *grouping, i64 group)
{
    if (grouping->listed != NULL) {
        return grouping->listed[(group + 1) * (grouping->groups->dimension_count + 1) - 1];
    }
    u64 low = grouping->groups->dense ? (u64)group : grouping->keys[group].low;
    return (i64)(low % (u64)greater(grouping->groups->periods.count, 1));
}

str grouping_text(const struct grouping *grouping, i64 group, i64 dimension)
{
    return dimension_text(grouping->groups->asking, &grouping->groups->dimensions[dimension],
                          grouping_number(grouping, group, dimension));
}

static int compare(const void *first, const void *second, void *self)
{
    const struct grouping *grouping = self;
    const struct groups *groups = grouping->groups;
    i64 a = *(const i64 *)first, b = *(const i64 *)second;
    for (i64 d = 0; d < groups->dimension_count; d++) {
        int order = dimension_compare(groups->asking, &groups->dimensions[d], grouping_number(grouping, a, d),
                                      grouping_number(grouping, b, d));
        if (order != 0) {
            return order;
        }
    }
    i64 x = grouping_period(grouping, a), y = grouping_period(grouping, b);
    return (x > y) - (x < y);
}

err grouping_order(const struct grouping *grouping, const u8 *has, i64 **order, i64 *count)
{
    struct ctx *ctx = grouping->groups->asking->ctx;
    *count = 0;
    for (i64 group = 0; group < grouping->count; group++) {
        *count += has == NULL || has[group] != 0;
    }
    if (*count > GROUPS_MAX) {
        return groups_too_many(ctx);
    }
    *order = arena_new(&ctx->arena, i64, greater(*count, 1));
    i64 at = 0;
    for (i64 group = 0; group < grouping->count; group++) {
        if (has == NULL || has[group] != 0) {
            (*order)[at++] = group;
        }
    }
    if (at > 1) {
        qsort_r(*order, (size_t)at, sizeof(i64), compare, (void *)(uintptr_t)grouping);
    }
    return OK;
}

void grouping_write(const struct grouping *grouping, i64 group, struct json_writer *writer)
{
    const struct groups *groups = grouping->groups;
    for (i64 d = 0; d < groups->dimension_count; d++) {
        if (str_is(groups->dimensions[d].name)) {
            json_key(writer, groups->dimensions[d].name);
            json_put_str(writer, grouping_text(grouping, group, d));
        }
    }
    if (groups->periods.count > 0) {
        char text[ISO_MAX];
        json_pair_str(writer, "period", periods_text(&groups->periods, grouping_period(grouping, group), text));
    }
}
