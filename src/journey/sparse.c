#include "journey/sparse.h"

void sparse_add(struct sparse *sparse, i64 row, bool has)
{
    i64 word = row >> 6;
    if (word >= sparse->capacity) {
        sparse->capacity = sparse->capacity + sparse->capacity / 2 + 64;
        sparse->bits = mem_resize(sparse->bits, sparse->capacity * (i64)sizeof(u64));
        sparse->before = mem_resize(sparse->before, sparse->capacity * (i64)sizeof(u32));
    }
    if ((row & 63) == 0) {
        sparse->bits[word] = 0;
        sparse->before[word] = (u32)sparse->count;
    }
    if (has) {
        sparse->bits[word] |= (u64)1 << (row & 63);
        sparse->count++;
    }
}

void sparse_reserve(struct sparse *sparse, i64 rows)
{
    i64 words = (rows + 63) >> 6;
    if (words > sparse->capacity) {
        sparse->capacity = words;
        sparse->bits = mem_resize(sparse->bits, words * (i64)sizeof(u64));
        sparse->before = mem_resize(sparse->before, words * (i64)sizeof(u32));
    }
}

void sparse_free(struct sparse *sparse)
{
    mem_free(sparse->bits);
    mem_free(sparse->before);
    *sparse = (struct sparse){0};
}
