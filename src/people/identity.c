#include "people/identity.h"

#include "base/hash.h"
#include "people/identity_state.h"

const char *const identity_link_words[LINK_KIND_COUNT_ + 1] = {"seen_together", "verified", "same_user",
                                                               "previous",      "claim",    NULL};

struct identity *identity_new(void)
{
    struct identity *identity = mem_new(sizeof *identity);
    // A steady stream of questions must not keep the log's writer waiting.
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&identity->lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    identity->alias_capacity = 256;
    identity->aliases = mem_new((i64)sizeof(struct alias) * identity->alias_capacity);
    identity->person = mem_new((i64)sizeof(alias_no) * identity->alias_capacity);
    identity->next = mem_new((i64)sizeof(alias_no) * identity->alias_capacity);
    identity->alias_count = 1;
    identity->moved = mem_new((i64)sizeof(alias_no) * MOVED_MAX);
    pthread_mutex_init(&identity->sharing, NULL);
    identity->slot_count = 1024;
    identity->slots = mem_new((i64)sizeof(u32) * identity->slot_count);
    return identity;
}

void identity_free(struct identity *identity)
{
    if (identity == NULL) {
        return;
    }
    for (i32 i = 0; i < SHARED_MAX; i++) {
        persons_leave(identity->shared[i]);
    }
    arena_free(&identity->texts);
    mem_free(identity->aliases);
    mem_free(identity->person);
    mem_free(identity->next);
    mem_free(identity->moved);
    mem_free(identity->edges);
    mem_free(identity->slots);
    pthread_mutex_destroy(&identity->sharing);
    pthread_rwlock_destroy(&identity->lock);
    mem_free(identity);
}

void identity_lock(struct identity *identity)
{
    pthread_rwlock_rdlock(&identity->lock);
}

void identity_lock_write(struct identity *identity)
{
    pthread_rwlock_wrlock(&identity->lock);
}

void identity_unlock(struct identity *identity)
{
    pthread_rwlock_unlock(&identity->lock);
}

u32 identity_slot(const struct identity *identity, str text)
{
    u32 mask = identity->slot_count - 1;
    u32 slot = (u32)hash_str(text) & mask;
    for (u32 no; (no = identity->slots[slot]) != 0; slot = (slot + 1) & mask) {
        if (no != SLOT_GONE && str_eq(identity->aliases[no].text, text)) {
            break;
        }
    }
    return slot;
}

void identity_find_many(const struct identity *identity, const str *aliases, i64 count, alias_no *out)
{
    u32 mask = identity->slot_count - 1;
    u32 slots[IDENTITY_MANY];
    for (i64 i = 0; i < count; i++) {
        slots[i] = (u32)hash_str(aliases[i]) & mask;
        __builtin_prefetch(&identity->slots[slots[i]]);
    }
    for (i64 i = 0; i < count; i++) {
        out[i] = identity->slots[slots[i]];
        __builtin_prefetch(&identity->aliases[out[i] == SLOT_GONE ? 0 : out[i]].text);
    }
    for (i64 i = 0; i < count; i++) {
        __builtin_prefetch(identity->aliases[out[i] == SLOT_GONE ? 0 : out[i]].text.data);
    }
    for (i64 i = 0; i < count; i++) {
        out[i] = identity_find(identity, aliases[i]);
    }
}

static void make_slots(struct identity *identity, u32 count)
{
    mem_free(identity->slots);
    identity->slot_count = count;
    identity->slots = mem_new((i64)sizeof(u32) * count);
    for (u32 i = 1; i < identity->alias_count; i++) {
        if (str_is(identity->aliases[i].text)) {
            identity->slots[identity_slot(identity, identity->aliases[i].text)] = i;
        }
    }
}

static void grow_aliases(struct identity *identity, u32 capacity)
{
    identity->alias_capacity = capacity;
    identity->aliases = mem_resize(identity->aliases, (i64)sizeof(struct alias) * capacity);
    identity->person = mem_resize(identity->person, (i64)sizeof(alias_no) * capacity);
    identity->next = mem_resize(identity->next, (i64)sizeof(alias_no) * capacity);
}

void identity_reserve(struct identity *identity, alias_no count)
{
    u32 slots = identity->slot_count;
    while (slots < count * 2 && slots < 1u << 31) {
        slots *= 2;
    }
    if (slots > identity->slot_count) {
        make_slots(identity, slots);
    }
    if (count >= identity->alias_capacity) {
        grow_aliases(identity, count + count / 16 + 1);
    }
}

alias_no identity_find(const struct identity *identity, str alias)
{
    return alias.len == 0 ? 0 : identity->slots[identity_slot(identity, alias)];
}

alias_no identity_put(struct identity *identity, str alias, i64 id)
{
    if (alias.len == 0) {
        return 0;
    }
    u32 slot = identity_slot(identity, alias);
    if (identity->slots[slot] != 0) {
        return identity->slots[slot];
    }
    if (identity->alias_count == identity->alias_capacity) {
        grow_aliases(identity, identity->alias_capacity + identity->alias_capacity / 2);
    }
    alias_no no = identity->alias_count++;
    identity->aliases[no] = (struct alias){
        .text = str_copy(&identity->texts, alias),
        .id = id,
        .newest_ms = INT64_MIN,
        .users = str_starts(alias, STR("user:")) ? 1 : 0,
    };
    identity->person[no] = identity->next[no] = no;
    identity->slots[slot] = no;
    if (identity->alias_count * 2 > identity->slot_count) {
        make_slots(identity, identity->slot_count * 2);
    }
    return no;
}

alias_no identity_count(const struct identity *identity)
{
    return identity->alias_count - 1;
}

str identity_text(const struct identity *identity, alias_no alias)
{
    return identity->aliases[alias].text;
}

i64 identity_id(const struct identity *identity, alias_no alias)
{
    return identity->aliases[alias].id;
}

alias_no identity_person(const struct identity *identity, alias_no alias)
{
    return identity->person[alias];
}

alias_no identity_next(const struct identity *identity, alias_no alias)
{
    return identity->next[alias];
}

u64 identity_changes(const struct identity *identity)
{
    return identity->changes;
}

/* Ids grow with the numbers. */
alias_no identity_of_id(const struct identity *identity, i64 id)
{
    u32 low = 1, high = identity->alias_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (identity->aliases[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool known = low < identity->alias_count && identity->aliases[low].id == id && str_is(identity->aliases[low].text);
    return known ? low : 0;
}

i64 identity_bytes(const struct identity *identity)
{
    i64 bytes = (i64)sizeof *identity + identity->texts.used + (i64)sizeof(u32) * identity->slot_count;
    bytes += (i64)(sizeof(struct alias) + 2 * sizeof(alias_no)) * identity->alias_capacity;
    bytes += (i64)sizeof(struct edge) * identity->edge_capacity + (i64)sizeof(alias_no) * MOVED_MAX;
    for (i32 i = 0; i < SHARED_MAX; i++) {
        const struct persons *one = identity->shared[i];
        bytes += one == NULL ? 0 : (i64)(2 * sizeof(alias_no)) * one->capacity;
    }
    return bytes;
}
