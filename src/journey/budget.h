/* The memory that one question may use, shared by its threads. */
#pragma once

#include "base/types.h"

struct budget {
    i64 limit, used, most; /* bytes; `used` and `most` are changed by all threads at once */
    i64 answer;            /* bytes of the answer's text that are counted already; by one thread */
};

/* False: the question would have more than it may. */
static inline bool budget_take(struct budget *budget, i64 bytes)
{
    i64 used = __atomic_add_fetch(&budget->used, bytes, __ATOMIC_RELAXED);
    if (used > budget->limit) {
        return false;
    }
    i64 most = __atomic_load_n(&budget->most, __ATOMIC_RELAXED);
    while (used > most &&
           !__atomic_compare_exchange_n(&budget->most, &most, used, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
    return true;
}

static inline void budget_give(struct budget *budget, i64 bytes)
{
    __atomic_sub_fetch(&budget->used, bytes, __ATOMIC_RELAXED);
}
