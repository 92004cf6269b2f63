#include "events/filter.h"

#include "base/arena.h"

enum { FIRST_CAPACITY = 64, DAY_MS = 24 * 3600 * 1000, ENTRY_BYTES = sizeof(struct u128) + sizeof(u16) };

static void free_shard(const struct filter_shard *shard)
{
    if (!shard->borrowed) {
        mem_free(shard->keys);
        mem_free(shard->days);
    }
}

void filter_free(struct filter *filter)
{
    for (int i = 0; i < FILTER_SHARDS; i++) {
        free_shard(&filter->shards[i]);
    }
    *filter = (struct filter){0};
}

u16 filter_day(i64 at_ms)
{
    i64 day = at_ms / DAY_MS;
    return (u16)(day < 1 ? 1 : day > UINT16_MAX ? UINT16_MAX : day);
}

/* Where a hash would like to stand: its bits below the shard's, scaled to the capacity (Lemire 2016, "fast range"). */
static i64 home(const struct filter_shard *shard, struct u128 hash)
{
    return (i64)(u64)(((unsigned __int128)(hash.high << 8) * (u64)shard->capacity) >> 64);
}

static i64 after(const struct filter_shard *shard, i64 at)
{
    return at + 1 == shard->capacity ? 0 : at + 1;
}

static bool same(struct u128 a, struct u128 b)
{
    return a.high == b.high && a.low == b.low;
}

/* The place of a hash, or the free place where it belongs. */
static i64 find(const struct filter_shard *shard, struct u128 hash)
{
    i64 at = home(shard, hash);
    while (shard->days[at] != 0 && !same(shard->keys[at], hash)) {
        at = after(shard, at);
    }
    return at;
}

/* Moves the entries from `first_day` on into tables of another size. */
static void move(struct filter_shard *shard, i64 capacity, u16 first_day)
{
    struct filter_shard old = *shard;
    *shard = (struct filter_shard){
        .keys = mem_new(capacity * (i64)sizeof(struct u128)),
        .days = mem_new(capacity * (i64)sizeof(u16)),
        .capacity = capacity,
    };
    for (i64 i = 0; i < old.capacity; i++) {
        if (old.days[i] != 0 && old.days[i] >= first_day) {
            i64 at = find(shard, old.keys[i]);
            shard->keys[at] = old.keys[i];
            shard->days[at] = old.days[i];
            shard->count++;
        }
    }
    free_shard(&old);
}

bool filter_shard_add(struct filter_shard *shard, struct u128 hash, u16 day)
{
    if ((shard->count + 1) * 5 > shard->capacity * 4) {
        move(shard, shard->capacity == 0 ? FIRST_CAPACITY : shard->capacity + shard->capacity / 4, 1);
    }
    i64 at = find(shard, hash);
    if (shard->days[at] != 0) {
        return false;
    }
    shard->keys[at] = hash;
    shard->days[at] = day;
    shard->count++;
    return true;
}

void filter_shard_expect(const struct filter_shard *shard, struct u128 hash)
{
    if (shard->capacity > 0) {
        i64 at = home(shard, hash);
        __builtin_prefetch(&shard->days[at]);
        __builtin_prefetch(&shard->keys[at], 1);
    }
}

void filter_recount(struct filter *filter)
{
    filter->count = 0;
    for (int i = 0; i < FILTER_SHARDS; i++) {
        filter->count += filter->shards[i].count;
    }
}

bool filter_add(struct filter *filter, struct u128 hash, u16 day)
{
    bool added = filter_shard_add(&filter->shards[filter_shard_of(hash)], hash, day);
    filter->count += added;
    return added;
}

bool filter_has(const struct filter *filter, struct u128 hash)
{
    const struct filter_shard *shard = &filter->shards[filter_shard_of(hash)];
    return shard->count > 0 && shard->days[find(shard, hash)] != 0;
}

/* May the entry whose home is `home_` fill the hole at `hole` from `at`? Only when that is not before its home, going
 * round (Knuth, volume 3, 6.4 R). */
static bool may_fill(i64 home_, i64 hole, i64 at)
{
    return hole <= at ? home_ <= hole || home_ > at : home_ <= hole && home_ > at;
}

void filter_remove(struct filter *filter, struct u128 hash)
{
    struct filter_shard *shard = &filter->shards[filter_shard_of(hash)];
    if (shard->count == 0) {
        return;
    }
    i64 hole = find(shard, hash);
    if (shard->days[hole] == 0) {
        return;
    }
    for (i64 at = after(shard, hole); shard->days[at] != 0; at = after(shard, at)) {
        if (may_fill(home(shard, shard->keys[at]), hole, at)) {
            shard->keys[hole] = shard->keys[at];
            shard->days[hole] = shard->days[at];
            hole = at;
        }
    }
    shard->days[hole] = 0;
    shard->keys[hole] = (struct u128){0};
    shard->count--;
    filter->count--;
}

void filter_sweep_shard(struct filter *filter, int number, u16 first_day)
{
    struct filter_shard *shard = &filter->shards[number];
    i64 kept = 0, before = shard->count;
    for (i64 k = 0; k < shard->capacity; k++) {
        kept += shard->days[k] >= first_day && shard->days[k] != 0;
    }
    if (kept < before) {
        move(shard, greater(FIRST_CAPACITY, kept * 3 / 2), first_day);
        filter->count -= before - shard->count;
    }
}

void filter_sweep(struct filter *filter, u16 first_day)
{
    for (int i = 0; i < FILTER_SHARDS; i++) {
        filter_sweep_shard(filter, i, first_day);
    }
}

bool filter_adopt(struct filter *filter, int number, struct filter_shard from)
{
    i64 count = 0;
    for (i64 k = 0; k < from.capacity; k++) {
        count += from.days[k] != 0;
    }
    if (count != from.count || count * 5 > from.capacity * 4) {
        return false;
    }
    filter->count += count - filter->shards[number].count;
    free_shard(&filter->shards[number]);
    filter->shards[number] = from;
    return true;
}

i64 filter_bytes(const struct filter *filter)
{
    i64 bytes = 0;
    for (int i = 0; i < FILTER_SHARDS; i++) {
        bytes += filter->shards[i].capacity * ENTRY_BYTES;
    }
    return bytes;
}
