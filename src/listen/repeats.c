#include "listen/repeats.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SLOTS_FIRST = 1 << 16 };

struct slot {
    u64 high;
    u32 low, count; /* count 0: free */
};

struct repeats {
    int file;
    struct slot *slots;
    i64 room, used, offset; /* slots in the table, taken ones, where the table begins in the file */
};

/* A table behind the old one in the same file; the old one's space is given back. */
static struct slot *new_table(struct repeats *repeats, i64 offset, i64 room)
{
    i64 bytes = room * (i64)sizeof(struct slot);
    if (posix_fallocate(repeats->file, offset, bytes) != 0) {
        return NULL;
    }
    void *slots = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, repeats->file, offset);
    return slots == MAP_FAILED ? NULL : slots;
}

err repeats_open(struct ctx *ctx, const char *path, struct repeats **out)
{
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
        return FAIL(ctx, ERR_IO, NULL, "error.system");
    }
    unlink(path);
    struct repeats *repeats = mem_new(sizeof *repeats);
    *repeats = (struct repeats){.file = file, .room = SLOTS_FIRST};
    repeats->slots = new_table(repeats, 0, SLOTS_FIRST);
    *out = repeats;
    if (repeats->slots == NULL) {
        repeats_close(repeats);
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
    }
    return OK;
}

void repeats_close(struct repeats *repeats)
{
    if (repeats == NULL) {
        return;
    }
    if (repeats->slots != NULL) {
        munmap(repeats->slots, (size_t)repeats->room * sizeof(struct slot));
    }
    close(repeats->file);
    mem_free(repeats);
}

static struct slot *slot_of(struct slot *slots, i64 room, u64 high, u32 low)
{
    u64 mask = (u64)room - 1;
    for (u64 at = high & mask;; at = (at + 1) & mask) {
        struct slot *slot = &slots[at];
        if (slot->count == 0 || (slot->high == high && slot->low == low)) {
            return slot;
        }
    }
}

static err grow(struct ctx *ctx, struct repeats *repeats)
{
    i64 old_bytes = repeats->room * (i64)sizeof(struct slot), room = repeats->room * 2;
    i64 offset = repeats->offset + old_bytes;
    struct slot *slots = new_table(repeats, offset, room);
    if (slots == NULL) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
    }
    for (i64 i = 0; i < repeats->room; i++) {
        struct slot *old = &repeats->slots[i];
        if (old->count > 0) {
            *slot_of(slots, room, old->high, old->low) = *old;
        }
    }
    munmap(repeats->slots, (size_t)old_bytes);
    (void)fallocate(repeats->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, repeats->offset, old_bytes);
    repeats->slots = slots;
    repeats->room = room;
    repeats->offset = offset;
    return OK;
}

err repeats_add(struct ctx *ctx, struct repeats *repeats, struct u128 line, i64 *number)
{
    if (repeats->used * 4 >= repeats->room * 3) {
        TRY(grow(ctx, repeats));
    }
    u32 low = (u32)line.low;
    struct slot *slot = slot_of(repeats->slots, repeats->room, line.high, low);
    if (slot->count == 0) {
        *slot = (struct slot){.high = line.high, .low = low};
        repeats->used++;
    }
    *number = ++slot->count;
    return OK;
}
