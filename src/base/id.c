#include "base/id.h"

#include "base/clock.h"
#include "base/random.h"

#include <pthread.h>

enum { SEQUENCE_BITS = 21 };

static const i64 epoch_ms = 1577836800000; /* 2020-01-01 */
static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

i64 id_from_ms(i64 at_ms)
{
    i64 since = at_ms - epoch_ms;
    return since < 0 ? 0 : since << SEQUENCE_BITS;
}

/* The number of this process; 0: it is alone. */
static i64 sharing;

void id_share(i64 number)
{
    __atomic_store_n(&sharing, number, __ATOMIC_RELAXED);
}

static i64 process;

static void name_process(void)
{
    u32 chance;
    random_bytes(&chance, sizeof chance);
    process = id_from_ms(clock_ms()) | (chance & ((1u << SEQUENCE_BITS) - 1));
}

i64 id_process(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, name_process);
    return process;
}

i64 id_new(void)
{
    static i64 last;
    i64 first = id_from_ms(clock_ms());
    i64 number = __atomic_load_n(&sharing, __ATOMIC_RELAXED);
    i32 bits = number > 0 ? ID_NUMBER_BITS : 0;
    i64 before = __atomic_load_n(&last, __ATOMIC_RELAXED);
    i64 next;
    do {
        next = greater(first, ((before >> bits) + 1) << bits) | number;
    } while (!__atomic_compare_exchange_n(&last, &before, next, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return next;
}

str id_text(i64 id, char out[ID_TEXT_LEN])
{
    u64 rest = (u64)id;
    for (i64 i = ID_TEXT_LEN - 1; i >= 0; i--) {
        out[i] = digits[rest & 31];
        rest >>= 5;
    }
    return (str){out, ID_TEXT_LEN};
}

bool id_parse(str text, i64 *out)
{
    if (text.len != ID_TEXT_LEN || text.data[0] > '7') {
        return false;
    }
    u64 value = 0;
    for (i64 i = 0; i < ID_TEXT_LEN; i++) {
        char c = text.data[i];
        c = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
        const char *at = c == 0 ? NULL : strchr(digits, c);
        if (at == NULL) {
            return false;
        }
        value = value << 5 | (u64)(at - digits);
    }
    *out = (i64)value;
    return value <= INT64_MAX;
}
