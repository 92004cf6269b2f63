/* Aliases and links that events brought and that are not in the records yet, or not for sure. */
#pragma once

#include "base/arena.h"
#include "people/identity.h"

struct born {
    str text;
    i64 id;
    i64 event, at_ms; /* what brought it */
};

struct proof {
    i64 a, b; /* ids of aliases, the older one first */
    i64 at_ms, event;
    enum link_kind kind;
};

struct fresh {
    struct arena texts;
    struct born *aliases;
    struct proof *proofs;
    i64 alias_count, alias_capacity, proof_count, proof_capacity;
    i64 aliases_written, proofs_written; /* those before are in the records, or in the transaction under way */
    u32 *alias_slots, *proof_slots;      /* hash tables: numbers from 1 */
    i64 alias_slot_count, proof_slot_count;
};

void fresh_clear(struct fresh *fresh);
void fresh_free(struct fresh *fresh);

/* The alias of a text; NULL when it is not among these. */
const struct born *fresh_find(const struct fresh *fresh, str text);

/* Adds an alias that is not known; its text is copied. */
void fresh_add(struct fresh *fresh, const struct born *alias);

/* Adds evidence; false when the same link is here already from the same or an earlier event. */
bool fresh_prove(struct fresh *fresh, const struct proof *proof);
