#include "journey/unmapped.h"

#include "journey/groups.h"
#include "journey/sql/answers.h"

#include <stdlib.h>

/* By kind, channel and metric. */
enum { BY_KIND, BY_CHANNEL, BY_METRIC, BY_COUNT };

struct counting {
    struct groups groups;
    i32 touchpoint, kind; /* slots; touchpoint -1: no map, so nothing is on it */
    bool *left_out;       /* by code of kind: says who somebody is, and is no experience */
};

struct tally {
    i64 events, people;
    alias_no last; /* the person counted last: a person's rows come one after the other */
};

struct count_state {
    struct grouping grouping;
    struct tally *tallies;
    i64 capacity;
};

static err begin(struct part *part)
{
    const struct counting *counting = part->self;
    struct count_state *state = part->state;
    return grouping_begin(part, &counting->groups, &state->grouping);
}

/* Of the rows that the question takes those on no touchpoint. */
static i64 keep_unmapped(struct part *part, const struct block *block, i32 **out)
{
    const struct counting *counting = part->self;
    const i32 *rows;
    i64 count = part_take(part, block, &rows), kept = 0;
    struct cells kinds = block->cells[counting->kind];
    struct cells touchpoints = counting->touchpoint < 0 ? (struct cells){0} : block->cells[counting->touchpoint];
    *out = scratch_new(&part->scratch, i32, count + 1);
    for (i64 i = 0; i < count; i++) {
        i32 row = rows == NULL ? (i32)i : rows[i];
        if (cells_get(touchpoints, row) == 0 && !counting->left_out[cells_get(kinds, row)]) {
            (*out)[kept++] = row;
        }
    }
    return kept;
}

static err read_block(struct part *part, const struct block *block)
{
    struct count_state *state = part->state;
    const u32 *groups;
    i32 *rows;
    i64 count = keep_unmapped(part, block, &rows);
    TRY(grouping_find(&state->grouping, block, rows, count, &groups));
    TRY(part_room_for(part, &state->tallies, &state->capacity, state->grouping.count));
    const struct stretch *stretch = block->people;
    for (i64 i = 0; i < count; i++) {
        while (rows[i] >= stretch->to) {
            stretch++;
        }
        struct tally *tally = &state->tallies[groups[i]];
        tally->events++;
        tally->people += stretch->person != 0 && tally->last != stretch->person;
        tally->last = stretch->person;
    }
    return OK;
}

static err merge(struct part *part, struct part *from_part)
{
    struct count_state *into = part->state, *from = from_part->state;
    const u32 *numbers;
    TRY(grouping_merge(&into->grouping, &from->grouping, &numbers));
    TRY(part_room_for(part, &into->tallies, &into->capacity, into->grouping.count));
    for (i64 group = 0; group < lesser(from->grouping.count, from->capacity); group++) {
        into->tallies[numbers[group]].events += from->tallies[group].events;
        into->tallies[numbers[group]].people += from->tallies[group].people;
    }
    return OK;
}

static const struct scanner scanner = {sizeof(struct count_state), begin, read_block, merge};

static bool *leave_out(const struct asking *asking)
{
    static const char *const calls[] = {"identify", "group", "alias"};
    const struct texts *kinds = &asking->view.texts[WORD_KIND];
    bool *left_out = arena_new(&asking->ctx->arena, bool, (i64)kinds->count + 1);
    for (i64 i = 0; i < countof(calls); i++) {
        left_out[texts_find(kinds, str_from(calls[i]))] = true;
    }
    left_out[0] = false;
    return left_out;
}

static int by_events(const void *a, const void *b)
{
    const struct bunch *x = a, *y = b;
    if (x->events != y->events) {
        return x->events > y->events ? -1 : 1;
    }
    int kind = str_cmp(x->kind, y->kind), channel = str_cmp(x->channel, y->channel);
    return kind != 0 ? kind : channel != 0 ? channel : str_cmp(x->metric, y->metric);
}

err unmapped_count(const struct asking *asking, struct bunch **bunches, i64 *count)
{
    if (asking->rooms->index == NULL) {
        return sql_unmapped(asking, bunches, count);
    }
    static const struct field by[BY_COUNT] = {
        [BY_KIND] = {.kind = FIELD_WORD, .word = WORD_KIND},
        [BY_CHANNEL] = {.kind = FIELD_WORD, .word = WORD_CHANNEL},
        [BY_METRIC] = {.kind = FIELD_WORD, .word = WORD_METRIC},
    };
    struct counting *counting = arena_new(&asking->ctx->arena, struct counting, 1);
    struct part *part;
    *counting = (struct counting){
        .touchpoint = asking->derived == NULL ? -1 : lens_attached(asking->lens, asking->derived->column),
        .kind = lens_word(asking->lens, WORD_KIND),
        .left_out = leave_out(asking),
    };
    asking->lens->unordered = true;
    TRY(groups_begin(asking, asking->lens, by, BY_COUNT, &counting->groups));
    TRY(scan_run(asking, asking->lens, &scanner, counting, &part));
    const struct count_state *state = part->state;
    i64 groups = lesser(state->grouping.count, state->capacity);
    *bunches = arena_new(&asking->ctx->arena, struct bunch, groups + 1);
    *count = 0;
    for (i64 group = 0; group < groups; group++) {
        if (state->tallies[group].events > 0) {
            (*bunches)[(*count)++] = (struct bunch){
                .kind = grouping_text(&state->grouping, group, BY_KIND),
                .channel = grouping_text(&state->grouping, group, BY_CHANNEL),
                .metric = grouping_text(&state->grouping, group, BY_METRIC),
                .events = state->tallies[group].events,
                .people = state->tallies[group].people,
            };
        }
    }
    qsort(*bunches, (size_t)*count, sizeof **bunches, by_events);
    return OK;
}
