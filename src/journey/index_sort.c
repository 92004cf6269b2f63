#include "journey/index_sort.h"

#include "journey/props.h"

#include <malloc.h>
#include <stdlib.h>

/* An alias and the person it belongs to. */
struct place {
    alias_no person, alias;
};

static int by_person(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->person != y->person) {
        return x->person < y->person ? -1 : 1;
    }
    return (x->alias > y->alias) - (x->alias < y->alias);
}

static int by_time(const void *a, const void *b, void *self)
{
    const struct index *index = self;
    u32 x = *(const u32 *)a, y = *(const u32 *)b;
    if (index->at_ms[x] != index->at_ms[y]) {
        return index->at_ms[x] < index->at_ms[y] ? -1 : 1;
    }
    return (index->ids[x] > index->ids[y]) - (index->ids[x] < index->ids[y]);
}

static bool in_order(struct index *index, const u32 *rows, i64 count)
{
    for (i64 i = 1; i < count; i++) {
        if (by_time(&rows[i - 1], &rows[i], index) > 0) {
            return false;
        }
    }
    return true;
}

/* The aliases in the order of their persons; nobody first. */
static struct place *aliases_in_order(const struct index *index, i64 *count)
{
    u32 known = identity_count(index->identity) + 1;
    *count = lesser(known, index->alias_capacity);
    struct place *places = mem_new(greater(*count, 1) * (i64)sizeof(struct place));
    for (u32 alias = 0; alias < *count; alias++) {
        places[alias] = (struct place){alias == 0 ? 0 : identity_person(index->identity, alias), alias};
    }
    qsort(places, (size_t)*count, sizeof places[0], by_person);
    return places;
}

/* The living rows of one alias in order, written to `rows`; returns how many. */
static i64 rows_of_alias(struct index *index, alias_no alias, u32 *rows)
{
    i64 count = 0;
    for (u32 k = 0; k < index->run_len[alias]; k++) {
        u32 row = index->run_start[alias] + k;
        if (index_alive(index, row)) {
            rows[count++] = row;
        }
    }
    i64 recent = count;
    for (u32 at = index->newest[alias]; at != 0; at = index->recent_before[at - 1 - index->base_count]) {
        if (index_alive(index, at - 1)) {
            rows[count++] = at - 1;
        }
    }
    for (i64 low = recent, high = count - 1; low < high; low++, high--) { // the chain runs backwards
        u32 swap = rows[low];
        rows[low] = rows[high];
        rows[high] = swap;
    }
    if (!in_order(index, rows, count)) {
        qsort_r(rows, (size_t)count, sizeof(u32), by_time, index);
    }
    return count;
}

/* Where every row comes from: order[new row] = old row. Runs are written for the new order. */
static u32 *new_order(struct index *index, i64 *count)
{
    i64 alias_count;
    struct place *places = aliases_in_order(index, &alias_count);
    u32 *order = mem_new(greater(index->count, 1) * (i64)sizeof(u32));
    *count = 0;
    for (i64 i = 0; i < alias_count; i++) {
        alias_no alias = places[i].alias;
        i64 len = rows_of_alias(index, alias, order + *count);
        index->run_start[alias] = (u32)*count;
        index->run_len[alias] = (u32)len;
        index->newest[alias] = 0;
        *count += len;
    }
    mem_free(places);
    return order;
}

static void reorder_i64(i64 **values, const u32 *order, i64 count)
{
    i64 *new = mem_new(greater(count, 1) * (i64)sizeof(i64));
    for (i64 row = 0; row < count; row++) {
        new[row] = (*values)[order[row]];
    }
    mem_free(*values);
    *values = new;
}

static void reorder_column(struct column *column, const u32 *order, i64 count)
{
    struct column new = {0};
    column_reserve(&new, count);
    for (i64 row = 0; row < count && column->width > 0; row++) {
        column_set(&new, row, column_get(column, order[row]));
    }
    column_free(column);
    *column = new;
}

/* The values of a sparse column that are left, in their new order: returns which old value each new one is. */
static u32 *reorder_sparse(struct sparse *sparse, const u32 *order, i64 count)
{
    u32 *from = mem_new(greater(sparse->count, 1) * (i64)sizeof(u32));
    struct sparse new = {0};
    for (i64 row = 0; row < count; row++) {
        i64 at = sparse_find(sparse, order[row]);
        if (at >= 0) {
            from[new.count] = (u32)at;
        }
        sparse_add(&new, row, at >= 0);
    }
    sparse_free(sparse);
    *sparse = new;
    return from;
}

static void reorder_answers(struct index *index, const u32 *order, i64 count)
{
    u32 *from = reorder_sparse(&index->answered, order, count);
    i64 answers = index->answered.count;
    f64 *scores = mem_new(greater(answers, 1) * (i64)sizeof(f64));
    for (i64 i = 0; i < answers; i++) {
        scores[i] = index->scores[from[i]];
    }
    mem_free(index->scores);
    index->scores = scores;
    index->score_capacity = greater(answers, 1);
    for (i32 word = WORD_METRIC; word <= WORD_SCALE; word++) {
        reorder_column(&index->words[word], from, answers);
        column_reserve(&index->words[word], index->score_capacity);
    }
    mem_free(from);
}

static void reorder_amounts(struct index *index, const u32 *order, i64 count)
{
    u32 *from = reorder_sparse(&index->priced, order, count);
    i64 amounts = index->priced.count;
    reorder_i64(&index->amounts, from, amounts);
    index->amount_capacity = greater(amounts, 1);
    reorder_column(&index->words[WORD_CURRENCY], from, amounts);
    column_reserve(&index->words[WORD_CURRENCY], index->amount_capacity);
    mem_free(from);
}

static void reorder(struct index *index)
{
    i64 count;
    u32 *order = new_order(index, &count);
    reorder_i64(&index->at_ms, order, count);
    reorder_i64(&index->ids, order, count);
    index->capacity = greater(count, 1);
    for (i32 word = 0; word < WORD_DENSE_COUNT; word++) {
        reorder_column(&index->words[word], order, count);
        column_reserve(&index->words[word], index->capacity);
    }
    for (i32 i = 0; i < index->promoted_count; i++) {
        reorder_column(&index->promoted[i].codes, order, count);
        column_reserve(&index->promoted[i].codes, index->capacity);
    }
    reorder_answers(index, order, count);
    reorder_amounts(index, order, count);
    mem_free(reorder_sparse(&index->voiced, order, count));
    mem_free(order);
    mem_free(index->dead);
    mem_free(index->recent_alias);
    mem_free(index->recent_before);
    index->dead = NULL;
    index->recent_alias = NULL;
    index->recent_before = NULL;
    index->recent_capacity = index->dead_count = 0;
    index->count = index->base_count = count;
    index->generation++;
}

void index_sort(struct index *index, bool always)
{
    identity_lock(index->identity);
    pthread_rwlock_wrlock(&index->lock);
    if (always || index->count > index->base_count) {
        reorder(index);
    }
    pthread_rwlock_unlock(&index->lock);
    identity_unlock(index->identity);
    malloc_trim(0); // two copies of everything existed for a moment
}

void index_free_rows(struct index *index)
{
    mem_free(index->at_ms);
    mem_free(index->ids);
    mem_free(index->scores);
    mem_free(index->amounts);
    mem_free(index->run_start);
    mem_free(index->run_len);
    mem_free(index->newest);
    mem_free(index->recent_alias);
    mem_free(index->recent_before);
    mem_free(index->dead);
    sparse_free(&index->answered);
    sparse_free(&index->priced);
    sparse_free(&index->voiced);
    for (i32 word = 0; word < WORD_COUNT; word++) {
        column_free(&index->words[word]);
    }
}
