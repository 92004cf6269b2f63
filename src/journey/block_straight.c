/* Straight blocks: pieces of a layer's own columns. */
#include "journey/bits_wide.h"
#include "journey/block_parts.h"

#include <stdlib.h>
#include <string.h>

const u64 *block_scattered(struct arena *arena, const struct view *view)
{
    i64 words = bits_words(view->alias_count + 1);
    u64 *bits = arena_new(arena, u64, words);
    for (i64 word = 0; word < words; word++) {
        const alias_no *next = view->next + word * 64;
        i64 count = lesser(64, (i64)view->alias_count + 1 - word * 64);
        u64 joined = 0;
        for (i64 i = 0; i < count; i++) {
            joined |= (u64)(next[i] != (alias_no)(word * 64 + i)) << i;
        }
        bits[word] = joined;
    }
    for (i64 word = 0; word < words; word++) {
        bits[word] |= view->scattered[word];
    }
    bits[0] &= ~(u64)1; // nobody is no person
    return bits;
}

void block_source_begin(struct arena *arena, const struct view *view, const struct lens *lens, const u64 *scattered,
                        const i64 *cut_ids, i64 cut_count, struct block_source *out)
{
    *out = (struct block_source){.view = view,
                                 .lens = lens,
                                 .scattered = scattered,
                                 .cut_ids = cut_ids,
                                 .cut_count = cut_count,
                                 .rows = BLOCK_ROWS,
                                 .widths = arena_new(arena, u8, lens->count + 1)};
    for (i32 slot = 0; slot < lens->count; slot++) {
        for (i32 layer = 0; layer < view->layer_count; layer++) {
            const struct column *column = block_column(view, &lens->columns[slot], layer);
            out->widths[slot] = (u8)greater(out->widths[slot], column == NULL ? 0 : column->width);
        }
        if (lens->columns[slot].special == LENS_VOICED) {
            out->widths[slot] = 1;
        }
    }
}

struct block_builder block_builder_new(const struct block_source *source, struct scratch *scratch)
{
    return (struct block_builder){.source = source,
                                  .scratch = scratch,
                                  .cells = mem_new((source->lens->count + 1) * (i64)sizeof(struct cells))};
}

void block_builder_free(struct block_builder *builder)
{
    mem_free(builder->cells);
    mem_free(builder->segments);
    mem_free(builder->people);
    mem_free(builder->runs);
    mem_free(builder->cursors);
    mem_free(builder->numbers);
}

const struct column *block_column(const struct view *view, const struct lens_column *column, i32 layer)
{
    if (column->column >= 0) {
        const struct attached *part = view->columns[column->column].parts[layer];
        return part == NULL ? NULL : &part->codes;
    }
    const struct rows *rows = &view->layers[layer]->rows;
    switch (column->special) {
    case LENS_CELLS: return &rows->words[column->word];
    case LENS_SCORES: return &rows->scores;
    default: return NULL;
    }
}

/* How many values come before a row. */
static u32 values_before(const struct sparse *sparse, i64 row)
{
    if (sparse->count == 0 || row == 0) {
        return 0;
    }
    i64 last = row - 1;
    u64 upto = sparse->bits[last >> 6] & (~(u64)0 >> (63 - (last & 63)));
    return sparse->before[last >> 6] + (u32)__builtin_popcountll(upto);
}

struct range block_values(const struct sparse *sparse, i64 from, i64 to)
{
    return (struct range){values_before(sparse, from), values_before(sparse, to)};
}

i64 block_value_rows(const struct sparse *sparse, i64 from, i64 to, i64 shift, i32 *out)
{
    i64 found = 0;
    for (i64 word = from >> 6; word * 64 < to && sparse->count > 0; word++) {
        u64 rest = sparse->bits[word];
        if (word == from >> 6) {
            rest &= ~(u64)0 << (from & 63);
        }
        if (word == (to - 1) >> 6) {
            rest &= ~(u64)0 >> (63 - ((to - 1) & 63));
        }
        i32 base = (i32)(word * 64 + shift);
        for (; rest != 0; rest &= rest - 1) {
            out[found++] = base + __builtin_ctzll(rest);
        }
    }
    return found;
}

static const i32 *rows_of_values(struct block_builder *builder, const struct sparse *sparse, struct range values,
                                 i64 from, i64 to)
{
    i32 *rows = scratch_new(builder->scratch, i32, values.to - values.from);
    block_value_rows(sparse, from, to, -from, rows);
    return rows;
}

static struct cells voiced(struct block_builder *builder, const struct sparse *sparse, i64 from, i64 to)
{
    u8 *cells = scratch_new(builder->scratch, u8, to - from);
    for (i64 row = from; row < to; row++) {
        cells[row - from] = sparse_has(sparse, row);
    }
    return (struct cells){cells, 1};
}

struct cells block_cells(const struct column *column, i64 from)
{
    return column == NULL || column->width == 0 ? (struct cells){0}
                                                : (struct cells){column->one + from * column->width, column->width};
}

/* Points the block at rows [from, to) of a layer. */
static void point(struct block_builder *builder, i32 number, i64 from, i64 to)
{
    const struct block_source *source = builder->source;
    const struct lens *lens = source->lens;
    const struct rows *rows = &source->view->layers[number]->rows;
    struct block *block = &builder->block;
    *block = (struct block){.count = to - from,
                            .at_ms = rows->at_ms + from,
                            .ids = rows->ids + from,
                            .first = source->view->first[number] + from,
                            .people = builder->people,
                            .person_count = builder->person_count,
                            .cells = builder->cells};
    struct range answers = {0}, amounts = {0};
    if (lens->answers && to > from) {
        answers = block_values(&rows->answered, from, to);
        block->answer_count = answers.to - answers.from;
        block->answer_row = rows_of_values(builder, &rows->answered, answers, from, to);
    }
    if (lens->amounts && to > from) {
        amounts = block_values(&rows->priced, from, to);
        block->amount_count = amounts.to - amounts.from;
        block->amount_row = rows_of_values(builder, &rows->priced, amounts, from, to);
        block->amounts = rows->amounts + amounts.from;
    }
    for (i32 slot = 0; slot < lens->count; slot++) {
        const struct lens_column *column = &lens->columns[slot];
        i64 first = column->per == PER_ANSWER ? answers.from : column->per == PER_AMOUNT ? amounts.from : from;
        builder->cells[slot] = column->special == LENS_VOICED
                                   ? voiced(builder, &rows->voiced, from, to)
                                   : block_cells(block_column(source->view, column, number), first);
    }
}

static int by_id(const void *a, const void *b)
{
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return (x > y) - (x < y);
}

bool block_knows(const struct block_source *source, i32 layer, i64 row)
{
    const struct dead *dead = source->view->dead[layer];
    if (dead != NULL && bits_has(dead->bits, row)) {
        return false;
    }
    if (source->cut_count == 0) {
        return true;
    }
    const i64 *id = &source->view->layers[layer]->rows.ids[row];
    return *id < source->cut_ids[0] ||
           bsearch(id, source->cut_ids, (size_t)source->cut_count, sizeof(i64), by_id) == NULL;
}

bool block_knows_all(const struct block_source *source, i32 layer, i64 from, i64 to)
{
    if (source->view->dead[layer] == NULL && source->cut_count == 0) {
        return true;
    }
    while (from < to && block_knows(source, layer, from)) {
        from++;
    }
    return from >= to;
}

void block_room_for_people(struct block_builder *builder, i64 count)
{
    if (count > builder->person_capacity) {
        builder->person_capacity = greater(count, builder->person_capacity * 2 + 1024);
        builder->people = mem_resize(builder->people, builder->person_capacity * (i64)sizeof(struct stretch));
    }
}

void block_add_person(struct block_builder *builder, alias_no person, i64 from, i64 to)
{
    block_room_for_people(builder, builder->person_count + 1);
    builder->people[builder->person_count++] = (struct stretch){person, (i32)from, (i32)to};
}

static void put_aside(struct people_aside *aside, alias_no person)
{
    if (aside->count == aside->capacity) {
        aside->capacity = aside->capacity * 2 + 64;
        aside->people = mem_resize(aside->people, aside->capacity * (i64)sizeof(alias_no));
    }
    aside->people[aside->count++] = person;
}

/* The rows of the stretches; the others are somebody else's. */
static const u64 *live_rows(struct block_builder *builder)
{
    u64 *live = scratch_new(builder->scratch, u64, bits_words(builder->block.count));
    bits_fill(live, builder->block.count, false);
    for (i64 i = 0; i < builder->person_count; i++) {
        bits_set(live, builder->people[i].from, builder->people[i].to);
    }
    return live;
}

/* How many runs from `run` on make a block: at least one. */
static u32 runs_end(const struct layer *base, u32 run, u32 end, i64 rows)
{
    u32 most = (u32)lesser((i64)base->run_start[run] + rows, UINT32_MAX);
    u32 at = run + 1;
    while (at < end && base->run_start[at + 1] <= most) {
        at++;
    }
    return at;
}

u32 block_straight(struct block_builder *builder, u32 run, u32 end, struct people_aside *aside)
{
    const struct block_source *source = builder->source;
    const struct layer *base = source->view->layers[0];
    bool clean = source->view->dead[0] == NULL && source->cut_count == 0;
    u32 first = base->run_start[run], covered = 0;
    u32 behind = runs_end(base, run, end, source->rows);
    block_room_for_people(builder, behind - run);
    struct stretch *people = builder->people;
    i64 count = 0;
    for (u32 at = run; at < behind; at++) {
        alias_no alias = base->run_alias[at];
        u32 from = base->run_start[at], to = base->run_start[at + 1];
        if (bits_has(source->scattered, alias)) {
            continue;
        }
        if (!clean && !block_knows_all(source, 0, from, to)) {
            put_aside(aside, alias);
            continue;
        }
        people[count++] = (struct stretch){alias, (i32)(from - first), (i32)(to - first)};
        covered += to - from;
    }
    builder->person_count = count;
    if (covered == 0) {
        builder->block = (struct block){0};
        return behind;
    }
    point(builder, 0, first, base->run_start[behind]);
    if (covered < builder->block.count) {
        builder->block.live = live_rows(builder);
    }
    return behind;
}

void block_nobody(struct block_builder *builder, i32 layer, i64 from, i64 to)
{
    builder->person_count = 0;
    block_add_person(builder, 0, 0, to - from);
    point(builder, layer, from, to);
    if (block_knows_all(builder->source, layer, from, to)) {
        return;
    }
    u64 *live = scratch_new(builder->scratch, u64, bits_words(to - from));
    bits_fill(live, to - from, false);
    for (i64 row = from; row < to; row++) {
        live[(row - from) >> 6] |= (u64)block_knows(builder->source, layer, row) << ((row - from) & 63);
    }
    builder->block.live = live;
}

/* 0, 1, 2 …: every row is an answer. */
static const i32 *numbers_upto(struct block_builder *builder, i64 count)
{
    if (count > builder->number_count) {
        builder->numbers = mem_resize(builder->numbers, count * (i64)sizeof(i32));
        builder->number_count = count;
        for (i64 i = 0; i < count; i++) {
            builder->numbers[i] = (i32)i;
        }
    }
    return builder->numbers;
}

void block_answers(struct block_builder *builder, i64 from, i64 to)
{
    const struct block_source *source = builder->source;
    const struct aside_seen *aside = &source->aside;
    const struct lens *lens = source->lens;
    i64 count = to - from;
    i64 *at_ms = scratch_new(builder->scratch, i64, count);
    wide_seconds(aside->seconds + from, count, aside->first_ms, at_ms);
    builder->person_count = 0;
    block_add_person(builder, 0, 0, count);
    builder->block = (struct block){.count = count,
                                    .at_ms = at_ms,
                                    .people = builder->people,
                                    .person_count = 1,
                                    .cells = builder->cells,
                                    .answer_count = count,
                                    .answer_row = numbers_upto(builder, count)};
    for (i32 slot = 0; slot < lens->count; slot++) {
        const struct column *cells = aside->slots[slot] < 0 ? NULL : &aside->columns[aside->slots[slot]];
        builder->cells[slot] = block_cells(cells, from);
    }
}
