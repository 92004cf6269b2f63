#include "journey/answer.h"
#include "journey/count.h"
#include "journey/sql/answers.h"

struct counting {
    struct groups groups;
    u32 of; /* COUNT_… bits */
};

struct count_state {
    struct grouping grouping;
    struct count_tally *tallies;
    i64 capacity;
    struct amount_tally *amounts;
    i64 amount_capacity;
};

static err begin(struct part *part)
{
    const struct counting *counting = part->self;
    struct count_state *state = part->state;
    return grouping_begin(part, &counting->groups, &state->grouping);
}

static err make_room(struct part *part, const struct counting *counting, struct count_state *state)
{
    i64 count = state->grouping.count;
    TRY(part_room_for(part, &state->tallies, &state->capacity, count));
    return (counting->of & COUNT_AMOUNT) == 0 ? OK
                                              : part_room_for(part, &state->amounts, &state->amount_capacity, count);
}

/* Rows of one person: places in `groups` from `at` on, as long as they lie before the stretch's end. */
static i64 count_person(struct count_tally *tallies, const struct stretch *stretch, const i32 *rows, const u32 *groups,
                        i64 at, i64 count)
{
    alias_no person = stretch->person;
    i32 to = stretch->to;
    if (rows == NULL) {
        count = lesser(count, to);
    }
    if (person == 0) { // nobody is no person; his rows fill the block
        for (; at < count; at++) {
            tallies[groups[at]].events++;
        }
        return at;
    }
    for (; at < count && (rows == NULL || rows[at] < to); at++) {
        struct count_tally *tally = &tallies[groups[at]];
        tally->events++;
        tally->people += tally->last != person;
        tally->last = person;
    }
    return at;
}

/* One group for all: nothing to look up. */
static void count_all(struct count_tally *tally, const struct block *block, const i32 *rows, i64 count)
{
    tally->events += count;
    if (block->people[0].person == 0) {
        return;
    }
    if (rows == NULL) {
        tally->people += (u32)block->person_count;
        return;
    }
    i64 at = 0;
    for (i64 i = 0; i < block->person_count; i++) {
        i64 before = at;
        while (at < count && rows[at] < block->people[i].to) {
            at++;
        }
        tally->people += at > before;
    }
}

static void add_amounts(struct amount_tally *amounts, const struct block *block, const i32 *rows, const u32 *groups,
                        i64 count)
{
    i64 next = 0;
    for (i64 k = 0; k < count; k++) {
        i64 row = rows == NULL ? k : rows[k];
        while (next < block->amount_count && block->amount_row[next] < row) {
            next++;
        }
        if (next < block->amount_count && block->amount_row[next] == row) {
            amounts[groups[k]].amount += block->amounts[next];
            amounts[groups[k]].events++;
        }
    }
}

/* Of these rows those that have an amount. */
static i64 keep_priced(struct part *part, const struct block *block, const i32 **rows, i64 count)
{
    i32 *out = scratch_new(&part->scratch, i32, block->amount_count);
    i64 next = 0, found = 0;
    for (i64 k = 0; k < block->amount_count; k++) {
        i32 row = block->amount_row[k];
        while (*rows != NULL && next < count && (*rows)[next] < row) {
            next++;
        }
        if (*rows == NULL || (next < count && (*rows)[next] == row)) {
            out[found++] = row;
        }
    }
    *rows = out;
    return found;
}

static err read_block(struct part *part, const struct block *block)
{
    const struct counting *counting = part->self;
    struct count_state *state = part->state;
    const i32 *rows;
    const u32 *groups;
    i64 count = part_take(part, block, &rows);
    if (counting->of == COUNT_AMOUNT) {
        count = keep_priced(part, block, &rows, count);
    }
    TRY(grouping_find(&state->grouping, block, rows, count, &groups));
    TRY(make_room(part, counting, state));
    i64 at = 0;
    if (counting->groups.dense && counting->groups.size == 1) {
        count_all(&state->tallies[0], block, rows, count);
        at = count;
    }
    for (i64 i = 0; i < block->person_count && at < count; i++) {
        at = count_person(state->tallies, &block->people[i], rows, groups, at, count);
    }
    if ((counting->of & COUNT_AMOUNT) != 0) {
        add_amounts(state->amounts, block, rows, groups, count);
    }
    return OK;
}

static err merge(struct part *part, struct part *from_part)
{
    const struct counting *counting = part->self;
    struct count_state *into = part->state, *from = from_part->state;
    const u32 *numbers;
    TRY(grouping_merge(&into->grouping, &from->grouping, &numbers));
    TRY(make_room(part, counting, into));
    for (i64 group = 0; group < lesser(from->grouping.count, from->capacity); group++) {
        into->tallies[numbers[group]].events += from->tallies[group].events;
        into->tallies[numbers[group]].people += from->tallies[group].people;
    }
    for (i64 group = 0; group < lesser(from->grouping.count, from->amount_capacity); group++) {
        into->amounts[numbers[group]].amount += from->amounts[group].amount;
        into->amounts[numbers[group]].events += from->amounts[group].events;
    }
    return OK;
}

static const struct scanner scanner = {sizeof(struct count_state), begin, read_block, merge};

/* Writing. */

static void write_amount(const struct amount_tally *tally, str currency, struct json_writer *writer)
{
    json_key(writer, STR("amount"));
    if (tally->events > 0) {
        json_put_i64(writer, tally->amount);
    } else {
        json_put_null(writer);
    }
    json_pair_str(writer, "currency", currency);
}

static void write_group(const struct counted *counted, u32 of, i64 group, struct json_writer *writer)
{
    const struct grouping *grouping = counted->grouping;
    json_object(writer);
    grouping_write(grouping, group, writer);
    json_pair_i64(writer, "events", counted->tallies[group].events);
    json_pair_i64(writer, "people", counted->tallies[group].people);
    if ((of & COUNT_AMOUNT) != 0) {
        i64 currency = grouping->groups->dimension_count - 1;
        write_amount(&counted->amounts[group], grouping_text(grouping, group, currency), writer);
    }
    json_object_end(writer);
}

static void write_nothing(u32 of, struct json_writer *writer)
{
    json_object(writer);
    json_pair_i64(writer, "events", 0);
    json_pair_i64(writer, "people", 0);
    if ((of & COUNT_AMOUNT) != 0) {
        write_amount(&(struct amount_tally){0}, STR_NONE, writer);
    }
    json_object_end(writer);
}

err count_write(const struct asking *asking, const struct counted *counted, struct json_writer *writer)
{
    const struct question *question = &asking->question;
    i64 *order, count;
    u8 *has = arena_new(&asking->ctx->arena, u8, counted->grouping->count + 1);
    for (i64 group = 0; group < counted->count; group++) {
        has[group] = counted->tallies[group].events > 0;
    }
    TRY(grouping_order(counted->grouping, has, &order, &count));
    for (i64 i = 0; i < count; i++) {
        write_group(counted, question->of, order[i], writer);
        TRY(answer_use(asking, writer));
    }
    if (count == 0 && question->by_count == 0 && question->every == PERIOD_NONE) {
        write_nothing(question->of, writer);
    }
    return OK;
}

const struct field count_currency = {.kind = FIELD_WORD, .word = WORD_CURRENCY};

err answer_count(const struct asking *asking, struct json_writer *writer)
{
    if (asking->rooms->index == NULL) {
        return sql_count(asking, writer);
    }
    const struct question *question = &asking->question;
    struct counting *counting = arena_new(&asking->ctx->arena, struct counting, 1);
    struct part *part;
    bool amount = (question->of & COUNT_AMOUNT) != 0;
    counting->of = question->of;
    asking->lens->unordered = true;
    if (amount) {
        (void)lens_amounts(asking->lens);
    }
    TRY(groups_begin(asking, asking->lens, &count_currency, amount, &counting->groups));
    TRY(scan_run(asking, asking->lens, &scanner, counting, &part));
    const struct count_state *state = part->state;
    struct counted counted = {&state->grouping, state->tallies, state->amounts,
                              lesser(state->grouping.count, state->capacity)};
    return count_write(asking, &counted, writer);
}
