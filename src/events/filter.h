/* The filter of repeats: an exact set of 128-bit hashes in memory, each with the day it belongs to.
 *
 * One look-up instead of one for every day of the window; a day that leaves the window is swept out.
 *
 *     hash  = | shard: 8 bits | place in the shard … | rest |
 *     shard = | key key  -  key … |   open addressing, linear, at most 4/5 full, grows by 1/4
 *
 * An entry is 18 bytes, so an event costs 22.5 to 28 bytes. Shards grow one by one, so no append waits for the whole
 * table to move. A hundred million messages in the window are 2.8 GB at most.
 */
#pragma once

#include "base/types.h"

enum { FILTER_SHARDS = 256 };

struct filter_shard {
    struct u128 *keys;
    u16 *days; /* 0: free */
    i64 capacity, count;
    bool borrowed; /* the memory is somebody else's (a snapshot); entries may change, but it is not freed */
};

struct filter {
    struct filter_shard shards[FILTER_SHARDS];
    i64 count;
};

void filter_free(struct filter *filter);

/* The day of a moment, as the filter counts them: since 1970, at least 1. */
u16 filter_day(i64 at_ms);

/* The shard of a hash. */
static inline int filter_shard_of(struct u128 hash)
{
    return (int)(hash.high >> 56);
}

/* By several threads at once, each holding a lock of its own on the shard: filter_recount is due afterwards. */
bool filter_shard_add(struct filter_shard *shard, struct u128 hash, u16 day);
void filter_shard_expect(const struct filter_shard *shard,
                         struct u128 hash); /* has the memory brought near beforehand */
void filter_recount(struct filter *filter);

/* False when the hash is there already; its day is then unchanged. */
bool filter_add(struct filter *filter, struct u128 hash, u16 day);

bool filter_has(const struct filter *filter, struct u128 hash);

/* Not being there is fine. */
void filter_remove(struct filter *filter, struct u128 hash);

/* Forgets every day before this one. */
void filter_sweep(struct filter *filter, u16 first_day);

/* The same in one shard, so that nobody waits for the whole. */
void filter_sweep_shard(struct filter *filter, int shard, u16 first_day);

/* Takes over a shard from elsewhere, as it stands. False when it cannot be one: the days tell how many entries there are, and
 * there must be room between them. */
bool filter_adopt(struct filter *filter, int shard, struct filter_shard from);

/* The memory it takes. */
i64 filter_bytes(const struct filter *filter);
