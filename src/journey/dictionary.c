#include "journey/dictionary.h"

#include "base/hash.h"

void dictionary_free(struct dictionary *dictionary)
{
    arena_free(&dictionary->texts);
    mem_free(dictionary->values);
    mem_free(dictionary->slots);
    *dictionary = (struct dictionary){0};
}

static u32 slot_of(const struct dictionary *dictionary, str value)
{
    u32 mask = dictionary->slot_count - 1;
    u32 slot = (u32)hash_str(value) & mask;
    while (dictionary->slots[slot] != 0 && !str_eq(dictionary->values[dictionary->slots[slot]], value)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void grow(struct dictionary *dictionary)
{
    dictionary->capacity = dictionary->capacity == 0 ? 16 : dictionary->capacity * 2;
    dictionary->values = mem_resize(dictionary->values, (i64)sizeof(str) * dictionary->capacity);
    mem_free(dictionary->slots);
    dictionary->slot_count = dictionary->capacity * 2;
    dictionary->slots = mem_new((i64)sizeof(u32) * dictionary->slot_count);
    for (u32 code = 1; code <= dictionary->count; code++) {
        dictionary->slots[slot_of(dictionary, dictionary->values[code])] = code;
    }
}

u32 dictionary_put(struct dictionary *dictionary, str value)
{
    if (value.len == 0) {
        return 0;
    }
    if (dictionary->count + 1 >= dictionary->capacity) {
        grow(dictionary);
    }
    u32 slot = slot_of(dictionary, value);
    if (dictionary->slots[slot] == 0) {
        dictionary->slots[slot] = ++dictionary->count;
        dictionary->values[dictionary->count] = str_copy(&dictionary->texts, value);
    }
    return dictionary->slots[slot];
}

u32 dictionary_find(const struct dictionary *dictionary, str value)
{
    return value.len == 0 || dictionary->count == 0 ? 0 : dictionary->slots[slot_of(dictionary, value)];
}
