/* What one thread of a scan holds: its memory, and which rows it takes. */
#include "journey/scan.h"

#include <string.h>

/* In front of every piece of counted memory. */
struct room {
    _Alignas(16) struct room *earlier;
    struct room *later;
    i64 size;
};

static err too_much(struct part *part, i64 bytes)
{
    struct budget *budget = part->asking->budget;
    budget_give(budget, bytes);
    return FAIL(&part->ctx, ERR_INVALID, "", "error.ask.memory",
                {"most", str_format(&part->ctx.arena, "%lld", (long long)(budget->limit >> 20))});
}

static void link_room(struct part *part, struct room *room)
{
    room->earlier = NULL;
    room->later = part->rooms;
    if (part->rooms != NULL) {
        part->rooms->earlier = room;
    }
    part->rooms = room;
}

static void unlink_room(struct part *part, struct room *room)
{
    if (room->earlier != NULL) {
        room->earlier->later = room->later;
    } else {
        part->rooms = room->later;
    }
    if (room->later != NULL) {
        room->later->earlier = room->earlier;
    }
}

err part_alloc(struct part *part, i64 size, void **out)
{
    i64 bytes = (i64)sizeof(struct room) + size;
    if (!budget_take(part->asking->budget, bytes)) {
        return too_much(part, bytes);
    }
    struct room *room = mem_new(bytes);
    room->size = bytes;
    link_room(part, room);
    *out = room + 1;
    return OK;
}

err part_reserve(struct part *part, void **array, i64 *capacity, i64 needed, i64 size)
{
    i64 items = greater(needed, *capacity * 2);
    items = greater(items, 64 / size + 1);
    i64 bytes = (i64)sizeof(struct room) + items * size;
    struct room *old = *array == NULL ? NULL : (struct room *)*array - 1;
    if (!budget_take(part->asking->budget, bytes)) {
        return too_much(part, bytes);
    }
    // Large arrays are moved by the system without copying, so they are resized
    // and not made anew.
    if (old != NULL) {
        budget_give(part->asking->budget, old->size);
        unlink_room(part, old);
    }
    i64 before = old == NULL ? (i64)sizeof(struct room) : old->size;
    struct room *room = mem_resize(old, bytes);
    memset((u8 *)room + before, 0, (size_t)(bytes - before));
    room->size = bytes;
    link_room(part, room);
    *array = room + 1;
    *capacity = items;
    return OK;
}

void part_release(struct part *part, void *array)
{
    if (array != NULL) {
        struct room *room = (struct room *)array - 1;
        budget_give(part->asking->budget, room->size);
        unlink_room(part, room);
        mem_free(room);
    }
}

void part_end(struct part *part)
{
    while (part->rooms != NULL) {
        part_release(part, part->rooms + 1);
    }
    scratch_free(&part->scratch);
    ctx_end(&part->ctx);
}

/* Rows. */

const u64 *part_where(struct part *part, const struct block *block)
{
    if (program_always(&part->asking->where)) {
        return block->live;
    }
    u64 *bits = scratch_new(&part->scratch, u64, bits_words(block->count));
    program_bits(&part->asking->where, block, &part->scratch, bits);
    return bits;
}

i64 part_take(struct part *part, const struct block *block, const i32 **rows)
{
    const struct asking *asking = part->asking;
    const u64 *where = part_where(part, block);
    bool timed = asking->from_ms != INT64_MIN || asking->to_ms != INT64_MAX;
    *rows = NULL;
    if (where == NULL && !timed) {
        return block->count;
    }
    if (timed) {
        u64 *taken = scratch_new(&part->scratch, u64, bits_words(block->count));
        bits_of_times(block->at_ms, block->count, asking->from_ms, asking->to_ms, taken);
        if (where != NULL) {
            bits_and(taken, where, block->count);
        }
        where = taken;
    }
    i32 *out = scratch_new(&part->scratch, i32, block->count + 64);
    *rows = out;
    return bits_list(where, block->count, out);
}
