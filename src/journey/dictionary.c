#include "journey/dictionary.h"

#include "base/hash.h"

/* A hash table: codes, 0 = free; its size is a power of two. */
struct dictionary_table {
    u32 slot_count;
    u32 slots[];
};

/* A former place: somebody may still look at it. */
struct old_place {
    struct old_place *next;
    void *block;
};

static void keep_old(struct dictionary *dictionary, void *block)
{
    if (block != NULL) {
        struct old_place *old = mem_new(sizeof *old);
        *old = (struct old_place){dictionary->old, block};
        dictionary->old = old;
    }
}

void dictionary_free(struct dictionary *dictionary)
{
    for (struct old_place *old = dictionary->old; old != NULL;) {
        struct old_place *next = old->next;
        mem_free(old->block);
        mem_free(old);
        old = next;
    }
    arena_free(&dictionary->texts);
    mem_free(dictionary->values);
    mem_free(dictionary->table);
    *dictionary = (struct dictionary){0};
}

/* Codes of a table that others read while it is written. */
static u32 code_at(const struct dictionary_table *table, u32 slot)
{
    return __atomic_load_n(&table->slots[slot], __ATOMIC_ACQUIRE);
}

static u32 slot_of(const struct dictionary_table *table, const str *values, str value)
{
    u32 mask = table->slot_count - 1;
    u32 slot = (u32)hash_str(value) & mask;
    for (u32 code; (code = code_at(table, slot)) != 0 && !str_eq(values[code], value);) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void grow(struct dictionary *dictionary)
{
    u32 capacity = dictionary->capacity == 0 ? 16 : dictionary->capacity * 2;
    str *values = mem_new((i64)sizeof(str) * capacity);
    struct dictionary_table *table = mem_new((i64)sizeof *table + (i64)sizeof(u32) * capacity * 2);
    table->slot_count = capacity * 2;
    if (dictionary->count > 0) {
        memcpy(values + 1, dictionary->values + 1, sizeof(str) * dictionary->count);
    }
    for (u32 code = 1; code <= dictionary->count; code++) {
        table->slots[slot_of(table, values, values[code])] = code;
    }
    keep_old(dictionary, dictionary->values);
    keep_old(dictionary, dictionary->table);
    dictionary->old_bytes += dictionary->capacity * (i64)(sizeof(str) + 2 * sizeof(u32));
    // Values first: whoever finds a code in the new table finds its text.
    __atomic_store_n(&dictionary->values, values, __ATOMIC_RELEASE);
    __atomic_store_n(&dictionary->table, table, __ATOMIC_RELEASE);
    dictionary->capacity = capacity;
}

u32 dictionary_put(struct dictionary *dictionary, str value)
{
    if (value.len == 0) {
        return 0;
    }
    if (dictionary->count + 1 >= dictionary->capacity) {
        grow(dictionary);
    }
    u32 slot = slot_of(dictionary->table, dictionary->values, value);
    u32 code = dictionary->table->slots[slot];
    if (code == 0) {
        code = dictionary->count + 1;
        dictionary->values[code] = str_copy(&dictionary->texts, value);
        __atomic_store_n(&dictionary->table->slots[slot], code, __ATOMIC_RELEASE);
        __atomic_store_n(&dictionary->count, code, __ATOMIC_RELEASE);
    }
    return code;
}

u32 dictionary_find(const struct dictionary *dictionary, str value)
{
    const struct dictionary_table *table = __atomic_load_n(&dictionary->table, __ATOMIC_ACQUIRE);
    if (value.len == 0 || table == NULL) {
        return 0;
    }
    // A code in the table is older than the values read after it.
    u32 mask = table->slot_count - 1;
    u32 slot = (u32)hash_str(value) & mask;
    for (u32 code; (code = code_at(table, slot)) != 0; slot = (slot + 1) & mask) {
        if (str_eq(dictionary_text(dictionary, code), value)) {
            return code;
        }
    }
    return 0;
}

struct texts dictionary_texts(const struct dictionary *dictionary)
{
    if (dictionary == NULL) {
        return (struct texts){0};
    }
    u32 count = dictionary_count(dictionary);
    return (struct texts){__atomic_load_n(&dictionary->values, __ATOMIC_ACQUIRE), count, dictionary};
}

u32 texts_find(const struct texts *texts, str value)
{
    u32 code = texts->dictionary == NULL ? 0 : dictionary_find(texts->dictionary, value);
    return code > texts->count ? 0 : code;
}

i64 dictionary_bytes(const struct dictionary *dictionary)
{
    return dictionary->texts.used + dictionary->old_bytes + dictionary->capacity * (i64)(sizeof(str) + 2 * sizeof(u32));
}
