#include "journey/score_counts.h"

struct score_counts score_counts_new(i64 groups, i64 cells)
{
    return (struct score_counts){.cells = cells, .table = groups <= SCORE_TABLE_MAX / cells};
}

static i64 slot_of(const struct score_counts *counts, u64 place)
{
    i64 mask = counts->slot_count - 1;
    u64 hash = place * 0x9e3779b97f4a7c15;
    i64 slot = (i64)((hash ^ hash >> 32) & (u64)mask);
    while (counts->pairs[slot].place != 0 && counts->pairs[slot].place != place) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static err grow(struct part *part, struct score_counts *counts)
{
    struct score_counts old = *counts;
    counts->slot_count = greater(old.slot_count * 2, 1024);
    TRY(part_new(part, struct score_pair, counts->slot_count, &counts->pairs));
    for (i64 i = 0; i < old.slot_count; i++) {
        if (old.pairs[i].place != 0) {
            counts->pairs[slot_of(counts, old.pairs[i].place)] = old.pairs[i];
        }
    }
    part_release(part, old.pairs);
    return OK;
}

static err add_pair(struct part *part, struct score_counts *counts, u64 place, i64 times)
{
    if (counts->pair_count * 2 >= counts->slot_count) {
        TRY(grow(part, counts));
    }
    struct score_pair *pair = &counts->pairs[slot_of(counts, place + 1)];
    counts->pair_count += pair->place == 0;
    pair->place = place + 1;
    pair->times += times;
    return OK;
}

err score_counts_add(struct part *part, struct score_counts *counts, const u64 *places, i64 count, i64 groups)
{
    if (counts->table) {
        TRY(part_room_for(part, &counts->times, &counts->capacity, groups * counts->cells));
        u32 *times = counts->times;
        for (i64 i = 0; i < count; i++) {
            times[places[i]]++;
        }
        return OK;
    }
    for (i64 i = 0; i < count; i++) {
        TRY(add_pair(part, counts, places[i], 1));
    }
    return OK;
}

err score_counts_merge(struct part *part, struct score_counts *into, const struct score_counts *from,
                       const u32 *numbers, i64 groups)
{
    u64 cells = (u64)into->cells;
    if (into->table) {
        TRY(part_room_for(part, &into->times, &into->capacity, groups * into->cells));
        for (i64 i = 0; i < from->capacity; i++) {
            if (from->times[i] > 0) {
                into->times[numbers[(u64)i / cells] * cells + (u64)i % cells] += from->times[i];
            }
        }
        return OK;
    }
    for (i64 i = 0; i < from->slot_count; i++) {
        const struct score_pair *pair = &from->pairs[i];
        if (pair->place != 0) {
            u64 place = pair->place - 1;
            TRY(add_pair(part, into, numbers[place / cells] * cells + place % cells, pair->times));
        }
    }
    return OK;
}

struct score_pair *score_counts_list(const struct score_counts *counts, struct arena *arena, i64 *count)
{
    *count = 0;
    i64 places = counts->table ? counts->capacity : counts->slot_count;
    for (i64 i = 0; i < places; i++) {
        *count += counts->table ? counts->times[i] != 0 : counts->pairs[i].place != 0;
    }
    struct score_pair *out = arena_new(arena, struct score_pair, *count + 1);
    i64 at = 0;
    for (i64 i = 0; i < places; i++) {
        if (counts->table && counts->times[i] != 0) {
            out[at++] = (struct score_pair){(u64)i, counts->times[i]};
        } else if (!counts->table && counts->pairs[i].place != 0) {
            out[at++] = (struct score_pair){counts->pairs[i].place - 1, counts->pairs[i].times};
        }
    }
    return out;
}
