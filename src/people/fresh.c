#include "people/fresh.h"

#include "base/hash.h"

void fresh_clear(struct fresh *fresh)
{
    arena_reset(&fresh->texts);
    if (fresh->alias_count > 0) {
        memset(fresh->alias_slots, 0, sizeof(u32) * (size_t)fresh->alias_slot_count);
    }
    if (fresh->proof_count > 0) {
        memset(fresh->proof_slots, 0, sizeof(u32) * (size_t)fresh->proof_slot_count);
    }
    fresh->alias_count = fresh->proof_count = fresh->aliases_written = fresh->proofs_written = 0;
}

void fresh_free(struct fresh *fresh)
{
    arena_free(&fresh->texts);
    mem_free(fresh->aliases);
    mem_free(fresh->proofs);
    mem_free(fresh->alias_slots);
    mem_free(fresh->proof_slots);
    *fresh = (struct fresh){0};
}

static i64 alias_slot(const struct fresh *fresh, str text)
{
    i64 mask = fresh->alias_slot_count - 1;
    i64 slot = (i64)(hash_str(text) & (u64)mask);
    for (u32 no; (no = fresh->alias_slots[slot]) != 0; slot = (slot + 1) & mask) {
        if (str_eq(fresh->aliases[no - 1].text, text)) {
            break;
        }
    }
    return slot;
}

const struct born *fresh_find(const struct fresh *fresh, str text)
{
    if (fresh->alias_count == 0 || text.len == 0) {
        return NULL;
    }
    u32 no = fresh->alias_slots[alias_slot(fresh, text)];
    return no == 0 ? NULL : &fresh->aliases[no - 1];
}

void fresh_add(struct fresh *fresh, const struct born *alias)
{
    if (fresh->alias_count == fresh->alias_capacity) {
        fresh->alias_capacity = fresh->alias_capacity * 2 + 64;
        fresh->aliases = mem_resize(fresh->aliases, fresh->alias_capacity * (i64)sizeof *fresh->aliases);
    }
    if ((fresh->alias_count + 1) * 2 > fresh->alias_slot_count) {
        mem_free(fresh->alias_slots);
        fresh->alias_slot_count = greater(256, fresh->alias_slot_count * 2);
        fresh->alias_slots = mem_new((i64)sizeof(u32) * fresh->alias_slot_count);
        for (i64 i = 0; i < fresh->alias_count; i++) {
            fresh->alias_slots[alias_slot(fresh, fresh->aliases[i].text)] = (u32)i + 1;
        }
    }
    struct born *own = &fresh->aliases[fresh->alias_count];
    *own = *alias;
    own->text = str_copy(&fresh->texts, alias->text);
    fresh->alias_slots[alias_slot(fresh, own->text)] = (u32)++fresh->alias_count;
}

static i64 proof_slot(const struct fresh *fresh, const struct proof *proof)
{
    const i64 key[] = {proof->a, proof->b, (i64)proof->kind};
    i64 mask = fresh->proof_slot_count - 1;
    i64 slot = (i64)(hash64(key, sizeof key) & (u64)mask);
    for (u32 no; (no = fresh->proof_slots[slot]) != 0; slot = (slot + 1) & mask) {
        const struct proof *known = &fresh->proofs[no - 1];
        if (known->a == proof->a && known->b == proof->b && known->kind == proof->kind) {
            break;
        }
    }
    return slot;
}

static void proof_room(struct fresh *fresh)
{
    if (fresh->proof_count == fresh->proof_capacity) {
        fresh->proof_capacity = fresh->proof_capacity * 2 + 64;
        fresh->proofs = mem_resize(fresh->proofs, fresh->proof_capacity * (i64)sizeof *fresh->proofs);
    }
    if ((fresh->proof_count + 1) * 2 > fresh->proof_slot_count) {
        mem_free(fresh->proof_slots);
        fresh->proof_slot_count = greater(256, fresh->proof_slot_count * 2);
        fresh->proof_slots = mem_new((i64)sizeof(u32) * fresh->proof_slot_count);
        for (i64 i = 0; i < fresh->proof_count; i++) {
            fresh->proof_slots[proof_slot(fresh, &fresh->proofs[i])] = (u32)i + 1;
        }
    }
}

bool fresh_prove(struct fresh *fresh, const struct proof *proof)
{
    proof_room(fresh);
    u32 *slot = &fresh->proof_slots[proof_slot(fresh, proof)];
    const struct proof *known = *slot == 0 ? NULL : &fresh->proofs[*slot - 1];
    bool earlier = known == NULL || proof->at_ms < known->at_ms ||
                   (proof->at_ms == known->at_ms && proof->event < known->event);
    if (!earlier) {
        return false;
    }
    // The newer entry answers from now on; the records keep the earlier evidence of both.
    fresh->proofs[fresh->proof_count] = *proof;
    *slot = (u32)++fresh->proof_count;
    return true;
}
