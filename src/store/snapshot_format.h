/* How snapshot files are laid out; only their reader and writer include this. */
#pragma once

#include "store/snapshot.h"

enum {
    SNAPSHOT_FORMAT = 1,
    SNAPSHOT_HEAD = 256,
    SNAPSHOT_BLOCK = 1 << 20,
    SNAPSHOT_ORDER = 0x01020304, /* reads as something else on a machine with the other byte order */
};

struct snapshot_head {
    char magic[8]; /* "CHAMSNAP" */
    u32 order, format;
    char what[16];
    u32 version, section_count;
    struct u128 folder; /* keyed hash of `what` */
    i64 last_id, deletions;
    i64 table_at, sums_at, size; /* in bytes from the beginning; size is the whole file's */
    u64 table_sum, sums_sum;
    u64 head_sum; /* of everything above */
};
_Static_assert(sizeof(struct snapshot_head) <= SNAPSHOT_HEAD, "the head has its place");

struct snapshot_entry {
    u32 id, unused;
    i64 at, len;
};

static inline u64 snapshot_head_sum(const struct snapshot_head *head)
{
    return hash64(head, (i64)offsetof(struct snapshot_head, head_sum));
}

static inline struct u128 snapshot_folder(const struct snapshot_stamp *stamp)
{
    return hash_keyed(stamp->key, (const str[]){STR("snapshot"), str_from(stamp->what)}, 2);
}

static inline i64 snapshot_blocks(i64 table_at)
{
    return (table_at - SNAPSHOT_HEAD + SNAPSHOT_BLOCK - 1) / SNAPSHOT_BLOCK;
}
