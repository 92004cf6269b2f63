/* Programs at work: for one row, for a block, and several at once. */
#include "journey/program.h"
#include "journey/program_number.h"

#include <string.h>

/* One row. */

static bool row_holds(const struct program *program, const struct test *test, i64 row, alias_no person)
{
    const struct view *view = program->view;
    struct view_answer answer;
    i64 amount = 0;
    switch (test->kind) {
    case TEST_WORD: return codes_has(&test->codes, view_word(view, test->word, row));
    case TEST_COLUMN: return codes_has(&test->codes, test->column < 0 ? 0 : view_attached(view, test->column, row));
    case TEST_SCORE: return codes_has(&test->codes, view_answer(view, row, &answer) ? answer.score : 0);
    case TEST_VOICED: return codes_has(&test->codes, view_voiced(view, row));
    case TEST_TRAIT: return codes_has(&test->codes, trait_code(test->trait, person));
    case TEST_PERSON: return codes_has(&test->codes, person);
    default: {
        bool has = view_amount(view, row, &amount);
        return program_number(test->condition, has, (f64)amount);
    }
    }
}

bool program_holds(const struct program *program, i64 row, alias_no person)
{
    i32 at = program->start;
    while (at >= 0) {
        const struct test *test = &program->tests[at];
        at = row_holds(program, test, row, person) ? test->yes : test->no;
    }
    return at == PROGRAM_HOLDS;
}

bool program_of_people(const struct program *program)
{
    for (i32 i = 0; i < program->count; i++) {
        if (program->tests[i].kind == TEST_TRAIT || program->tests[i].kind == TEST_PERSON) {
            return true;
        }
    }
    return false;
}

/* A block. */

static inline void bit_put(u64 *bits, i32 row, bool value)
{
    u64 bit = (u64)1 << (row & 63);
    bits[row >> 6] = (bits[row >> 6] & ~bit) | (value ? bit : 0);
}

/* Cells of answers: rows without an answer have code 0. */
static void sparse_bits(const struct test *test, const struct block *block, u64 *bits)
{
    bool currency = test->kind == TEST_WORD && test->word == WORD_CURRENCY;
    const i32 *rows = currency ? block->amount_row : block->answer_row;
    i64 count = currency ? block->amount_count : block->answer_count;
    struct cells cells = block->cells[test->slot];
    bits_fill(bits, block->count, codes_has(&test->codes, 0));
    if (cells.width == 0) {
        return;
    }
    for (i64 k = 0; k < count; k++) {
        bit_put(bits, rows[k], codes_has(&test->codes, cells_get(cells, k)));
    }
}

static void amount_bits(const struct test *test, const struct block *block, u64 *bits)
{
    bits_fill(bits, block->count, program_number(test->condition, false, 0));
    for (i64 k = 0; k < block->amount_count; k++) {
        bit_put(bits, block->amount_row[k], program_number(test->condition, true, (f64)block->amounts[k]));
    }
}

static void people_bits(const struct test *test, const struct block *block, u64 *bits)
{
    bits_fill(bits, block->count, false);
    for (i64 i = 0; i < block->person_count; i++) {
        alias_no person = block->people[i].person;
        if (codes_has(&test->codes, test->kind == TEST_TRAIT ? trait_code(test->trait, person) : person)) {
            bits_set(bits, block->people[i].from, block->people[i].to);
        }
    }
}

static void test_bits(const struct program *program, const struct test *test, const struct block *block, u64 *bits)
{
    switch (test->kind) {
    case TEST_TRAIT:
    case TEST_PERSON: people_bits(test, block, bits); return;
    case TEST_AMOUNT: amount_bits(test, block, bits); return;
    default: break;
    }
    if (test->slot < 0) {
        bits_fill(bits, block->count, codes_has(&test->codes, 0));
    } else if (program->lens->columns[test->slot].per == PER_ROW) {
        bits_of_cells(block->cells[test->slot], block->count, &test->codes, bits);
    } else {
        sparse_bits(test, block, bits);
    }
}

/* Runs the tests over a block: `reach` has a row of words for each test, the
 * rows that come to it. */
static void run(const struct program *program, const struct block *block, struct scratch *scratch, u64 *bits)
{
    i64 words = bits_words(block->count);
    u64 *reach = scratch_new(scratch, u64, words * program->count);
    u64 *holds = scratch_new(scratch, u64, words), *nowhere = scratch_new(scratch, u64, words);
    memset(reach, 0, (size_t)(words * program->count) * sizeof(u64));
    memset(bits, 0, (size_t)words * sizeof(u64));
    bits_fill(reach + words * program->start, block->count, true);
    for (i32 at = program->start; at >= 0; at--) {
        const struct test *test = &program->tests[at];
        const u64 *here = reach + words * at;
        u64 any = 0;
        for (i64 w = 0; w < words; w++) {
            any |= here[w];
        }
        if (any == 0) {
            continue;
        }
        test_bits(program, test, block, holds);
        u64 *yes = test->yes == PROGRAM_HOLDS ? bits : test->yes < 0 ? nowhere : reach + words * test->yes;
        u64 *no = test->no == PROGRAM_HOLDS ? bits : test->no < 0 ? nowhere : reach + words * test->no;
        for (i64 w = 0; w < words; w++) {
            yes[w] |= here[w] & holds[w];
            no[w] |= here[w] & ~holds[w];
        }
    }
}

void program_bits(const struct program *program, const struct block *block, struct scratch *scratch, u64 *bits)
{
    if (program->start < 0) {
        bits_fill(bits, block->count, program_always(program));
    } else if (program->one_slot >= 0) {
        bits_of_cells(block->cells[program->one_slot], block->count, &program->one, bits);
    } else {
        run(program, block, scratch, bits);
    }
    if (block->live != NULL) {
        bits_and(bits, block->live, block->count);
    }
}

/* Several at once. */

/* Programs that look at one column: their masks by its code. */
struct column_masks {
    i32 slot;
    u8 *table;
    u32 codes;
};

struct program_set {
    const struct program *filter; /* what is left of it to be checked; NULL: nothing */
    u8 always;                    /* programs that hold for every row */
    struct column_masks columns[PROGRAM_SET_MAX];
    i32 column_count;
    const struct program *others[PROGRAM_SET_MAX];
    i32 other_bit[PROGRAM_SET_MAX];
    i32 other_count;
};

static i64 table_size(const struct program *program)
{
    return program->one.count <= 256 ? 256 : CODES_TABLE_MAX;
}

static void add_column(struct ctx *ctx, struct program_set *set, const struct program *program, i32 bit)
{
    i32 at = 0;
    while (at < set->column_count && set->columns[at].slot != program->one_slot) {
        at++;
    }
    struct column_masks *column = &set->columns[at];
    if (at == set->column_count) {
        *column = (struct column_masks){program->one_slot, arena_new(&ctx->arena, u8, table_size(program)),
                                        program->one.count};
        set->column_count++;
    }
    for (u32 code = 0; code < program->one.count; code++) {
        column->table[code] |= (u8)(codes_has(&program->one, code) << bit);
    }
}

/* A filter on the only column that is looked at is part of the table. */
static void fold_filter(struct program_set *set)
{
    const struct program *filter = set->filter;
    if (filter != NULL && program_always(filter)) {
        set->filter = NULL;
        return;
    }
    if (filter == NULL || filter->one_slot < 0 || set->column_count != 1 || set->other_count > 0 || set->always != 0 ||
        filter->one_slot != set->columns[0].slot || filter->one.count > CODES_TABLE_MAX) {
        return;
    }
    for (u32 code = 0; code < filter->one.count; code++) {
        set->columns[0].table[code] &= (u8)(codes_has(&filter->one, code) * 0xff);
    }
    set->filter = NULL;
}

err program_set_begin(struct ctx *ctx, const struct program *filter, const struct program *programs, i64 count,
                      const struct program_set **out)
{
    struct program_set *set = arena_new(&ctx->arena, struct program_set, 1);
    set->filter = filter;
    for (i32 bit = 0; bit < (i32)lesser(count, PROGRAM_SET_MAX); bit++) {
        const struct program *program = &programs[bit];
        if (program_always(program)) {
            set->always |= (u8)(1 << bit);
        } else if (program->one_slot >= 0 && program->one.count <= CODES_TABLE_MAX) {
            add_column(ctx, set, program, bit);
        } else if (!program_never(program)) {
            set->others[set->other_count] = program;
            set->other_bit[set->other_count++] = bit;
        }
    }
    fold_filter(set);
    *out = set;
    return OK;
}

void program_masks(const struct program_set *set, const struct block *block, struct scratch *scratch, u8 *masks)
{
    i64 count = block->count;
    u64 *bits = scratch_new(scratch, u64, bits_words(count));
    bool begun = set->column_count > 0 && set->always == 0;
    if (!begun) {
        memset(masks, set->always, (size_t)count);
        memset(masks + count, 0, (size_t)(bits_words(count) * 64 - count));
    }
    for (i32 i = 0; i < set->column_count; i++) {
        bytes_of_cells(block->cells[set->columns[i].slot], count, set->columns[i].table, set->columns[i].codes,
                       i > 0 || !begun, masks);
    }
    for (i32 i = 0; i < set->other_count; i++) {
        program_bits(set->others[i], block, scratch, bits);
        bytes_add_bits(masks, count, bits, set->other_bit[i]);
    }
    if (set->filter != NULL) {
        program_bits(set->filter, block, scratch, bits);
        bytes_keep_bits(masks, count, bits);
    } else if (block->live != NULL) {
        bytes_keep_bits(masks, count, block->live);
    }
}
