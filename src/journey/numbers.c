#include "journey/numbers.h"

#include <math.h>

/* A former place of the values. */
struct old_place {
    struct old_place *next;
    f64 *values;
};

static void grow(struct numbers *numbers)
{
    u32 capacity = numbers->capacity == 0 ? 32 : numbers->capacity * 2;
    f64 *values = mem_new((i64)sizeof(f64) * capacity);
    values[0] = (f64)NAN;
    if (numbers->values != NULL) {
        memcpy(values, numbers->values, sizeof(f64) * (numbers->count + 1));
        struct old_place *old = mem_new(sizeof *old);
        *old = (struct old_place){numbers->old, numbers->values};
        numbers->old = old;
    }
    __atomic_store_n(&numbers->values, values, __ATOMIC_RELEASE);
    numbers->capacity = capacity;
}

u32 numbers_put(struct numbers *numbers, f64 value)
{
    if (isnan(value)) {
        return 0;
    }
    value = value == 0.0 ? 0.0 : value; // minus zero is zero
    u32 code = dictionary_put(&numbers->bytes, (str){(const char *)&value, sizeof value});
    if (code > numbers->count) {
        if (code >= numbers->capacity) {
            grow(numbers);
        }
        numbers->values[code] = value;
        __atomic_store_n(&numbers->count, code, __ATOMIC_RELEASE);
    }
    return code;
}

struct numbers_seen numbers_seen(const struct numbers *numbers)
{
    static const f64 none[] = {(f64)NAN};
    u32 count = __atomic_load_n(&numbers->count, __ATOMIC_ACQUIRE);
    const f64 *values = __atomic_load_n(&numbers->values, __ATOMIC_ACQUIRE);
    return (struct numbers_seen){values == NULL ? none : values, count};
}

i64 numbers_bytes(const struct numbers *numbers)
{
    return dictionary_bytes(&numbers->bytes) + 2 * (i64)sizeof(f64) * numbers->capacity;
}

void numbers_free(struct numbers *numbers)
{
    for (struct old_place *old = numbers->old; old != NULL;) {
        struct old_place *next = old->next;
        mem_free(old->values);
        mem_free(old);
        old = next;
    }
    mem_free(numbers->values);
    dictionary_free(&numbers->bytes);
    *numbers = (struct numbers){0};
}
