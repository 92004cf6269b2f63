#include "journey/answer.h"

#include "journey/behind.h"
#include "journey/funnel.h"
#include "journey/groups.h"
#include "journey/spans.h"
#include "measure/interval.h"

enum { SETS = FUNNEL_STEPS_MAX / PROGRAM_SET_MAX };

/* What all parts of the scan share. */
struct funnelling {
    const struct asking *asking;
    struct funnel_rule rule;
    struct program steps[FUNNEL_STEPS_MAX];
    const struct program_set *sets[SETS];
    i64 set_count;
    bool timed, split;
    struct groups groups;
    const struct behind *behind; /* NULL: counting */
};

/* A part: a group's people by step, cell = group · steps + step. */
struct funnelled {
    struct grouping grouping;
    i64 *people;
    i64 capacity;
    struct spans spans;
    struct found found;
};

static err prepare(const struct asking *asking, const struct behind *behind, struct funnelling **out)
{
    const struct question *question = &asking->question;
    struct funnelling *funnelling = arena_new(&asking->ctx->arena, struct funnelling, 1);
    *out = funnelling;
    funnelling->asking = asking;
    funnelling->behind = behind;
    funnelling->timed = asking->from_ms != INT64_MIN || asking->to_ms != INT64_MAX;
    funnelling->split = question->by_count > 0 || question->every != PERIOD_NONE;
    funnelling->rule = (struct funnel_rule){
        .step_count = (i32)question->step_count,
        .within_ms = question->within_ms.is ? question->within_ms.value : INT64_MAX,
        .strict = question->strict,
    };
    for (i64 i = 0; i < question->step_count; i++) {
        TRY(program_compile(asking->ctx, &question->steps[i].condition, &asking->env, &funnelling->steps[i]));
    }
    for (i64 from = 0; from < question->step_count; from += PROGRAM_SET_MAX) {
        i64 count = lesser(question->step_count - from, PROGRAM_SET_MAX);
        TRY(program_set_begin(asking->ctx, &asking->where, funnelling->steps + from, count,
                              &funnelling->sets[funnelling->set_count++]));
    }
    return groups_begin(asking, asking->lens, NULL, 0, &funnelling->groups);
}

static err begin(struct part *part)
{
    const struct funnelling *funnelling = part->self;
    struct funnelled *funnelled = part->state;
    funnelled->found.behind = funnelling->behind;
    TRY(grouping_begin(part, &funnelling->groups, &funnelled->grouping));
    return part_room_for(part, &funnelled->people, &funnelled->capacity, funnelling->rule.step_count);
}

/* Room for the events of the longest life of a block that may count. */
struct life {
    i32 *rows;
    i64 *at_ms;
    u16 *masks;
    i64 count;
};

static void life_room(struct part *part, const struct block *block, struct life *out)
{
    out->rows = scratch_new(&part->scratch, i32, block->count + 8);
    out->at_ms = scratch_new(&part->scratch, i64, block->count + 8);
    out->masks = scratch_new(&part->scratch, u16, block->count + 8);
}

/* Events with a step, from the first that may start an attempt; eight rows at a time, of which most have none. */
static void loose_life(const u8 *masks, const struct stretch *stretch, struct life *life)
{
    i64 count = 0;
    u32 started = 0;
    for (i64 at = stretch->from; at < stretch->to; at += 8) {
        u64 word;
        memcpy(&word, masks + at, sizeof(word));
        i64 left = stretch->to - at;
        word = left >= 8 ? word : word & (((u64)1 << left * 8) - 1);
        while (word != 0) {
            i32 shift = __builtin_ctzll(word) & ~7;
            u32 mask = (u32)(word >> shift) & 0xff;
            started |= mask & 1;
            life->rows[count] = (i32)at + shift / 8;
            life->masks[count] = (u16)mask;
            count += started;
            word &= ~((u64)0xff << shift);
        }
    }
    life->count = count;
}

/* The same for more steps than fit into a byte. */
static void wide_life(const u8 *low, const u8 *high, const struct stretch *stretch, struct life *life)
{
    life->count = 0;
    for (i32 row = stretch->from; row < stretch->to; row++) {
        life->rows[life->count] = row;
        life->masks[life->count] = (u16)(low[row] | high[row] << 8);
        life->count += life->masks[life->count] != 0;
    }
}

/* Every event that the question takes. */
static void strict_life(const u8 *low, const u8 *high, const u64 *where, const struct stretch *stretch,
                        struct life *life)
{
    life->count = 0;
    for (i32 row = stretch->from; row < stretch->to; row++) {
        life->rows[life->count] = row;
        life->masks[life->count] = (u16)(low[row] | (high == NULL ? 0 : high[row] << 8));
        life->count += where == NULL || (where[row >> 6] >> (row & 63) & 1) != 0;
    }
}

/* Fetches times; leaves out what is not in the question's. */
static void life_times(const struct funnelling *funnelling, const struct block *block, struct life *life)
{
    i64 kept = 0;
    for (i64 i = 0; i < life->count; i++) {
        i32 row = life->rows[i];
        i64 at_ms = block->at_ms[row];
        life->rows[kept] = row;
        life->masks[kept] = life->masks[i];
        life->at_ms[kept] = at_ms;
        kept += !funnelling->timed || asking_in_time(funnelling->asking, at_ms);
    }
    life->count = kept;
}

static err count_person(struct part *part, const struct life *life, const struct funnel_reach *reach, i64 group)
{
    const struct funnelling *funnelling = part->self;
    struct funnelled *funnelled = part->state;
    i64 steps = funnelling->rule.step_count, first = group * steps;
    TRY(part_room_for(part, &funnelled->people, &funnelled->capacity, first + steps));
    funnelled->people[first]++;
    for (i32 step = 1; step < reach->depth; step++) {
        funnelled->people[first + step]++;
        TRY(spans_add(part, &funnelled->spans, (u32)(first + step),
                      life->at_ms[reach->hits[step]] - life->at_ms[reach->hits[step - 1]]));
    }
    return OK;
}

/* Does the row count this person, and when did it come so far? */
static err consider(struct part *part, const struct life *life, const struct funnel_reach *reach, i64 group,
                    alias_no person)
{
    struct funnelled *funnelled = part->state;
    const struct behind *behind = funnelled->found.behind;
    i64 step = behind->what == BEHIND_LOST ? behind->row.step - 1 : behind->row.step;
    bool counts = behind->what == BEHIND_LOST ? reach->depth == step : reach->depth >= step;
    if (!counts || !found_group(&funnelled->found, &funnelled->grouping, group)) {
        return OK;
    }
    return found_add(part, &funnelled->found, person, life->at_ms[reach->hits[step - 1]]);
}

static err take_person(struct part *part, const struct block *block, const struct stretch *stretch, struct life *life)
{
    const struct funnelling *funnelling = part->self;
    struct funnelled *funnelled = part->state;
    struct funnel_reach reach;
    u32 group = 0;
    life_times(funnelling, block, life);
    funnel_person(&funnelling->rule, &(struct funnel_hits){life->at_ms, life->masks, life->count}, &reach);
    if (reach.depth == 0) {
        return OK;
    }
    if (funnelling->split) {
        TRY(grouping_of(&funnelled->grouping, block, life->rows[reach.hits[0]], stretch->person, &group));
    }
    return funnelling->behind != NULL ? consider(part, life, &reach, group, stretch->person)
                                      : count_person(part, life, &reach, group);
}

static err take_block(struct part *part, const struct block *block)
{
    const struct funnelling *funnelling = part->self;
    u8 *masks[SETS] = {NULL};
    struct life life;
    if (block->person_count > 0 && block->people[0].person == 0) {
        return OK;
    }
    for (i64 set = 0; set < funnelling->set_count; set++) {
        masks[set] = scratch_new(&part->scratch, u8, block->count);
        program_masks(funnelling->sets[set], block, &part->scratch, masks[set]);
    }
    const u64 *where = funnelling->rule.strict ? part_where(part, block) : NULL;
    life_room(part, block, &life);
    for (i64 i = 0; i < block->person_count; i++) {
        const struct stretch *stretch = &block->people[i];
        if (funnelling->rule.strict) {
            strict_life(masks[0], masks[1], where, stretch, &life);
        } else if (masks[1] != NULL) {
            wide_life(masks[0], masks[1], stretch, &life);
        } else {
            loose_life(masks[0], stretch, &life);
        }
        if (life.count > 0) {
            TRY(take_person(part, block, stretch, &life));
        }
    }
    return OK;
}

static err merge(struct part *into, struct part *from)
{
    const struct funnelling *funnelling = into->self;
    struct funnelled *a = into->state;
    const struct funnelled *b = from->state;
    i64 steps = funnelling->rule.step_count;
    const u32 *numbers;
    TRY(found_merge(into, &a->found, &b->found));
    TRY(grouping_merge(&a->grouping, &b->grouping, &numbers));
    TRY(part_room_for(into, &a->people, &a->capacity, greater(a->grouping.count, 1) * steps));
    for (i64 group = 0; group < b->capacity / steps && group < greater(b->grouping.count, 1); group++) {
        i64 to = funnelling->split ? numbers[group] : 0;
        for (i64 step = 0; step < steps; step++) {
            a->people[to * steps + step] += b->people[group * steps + step];
        }
    }
    return spans_merge(into, &a->spans, &b->spans, funnelling->split ? numbers : NULL, steps);
}

static err run(const struct funnelling *funnelling, struct part **out)
{
    static const struct scanner scanner = {
        .state_size = sizeof(struct funnelled), .begin = begin, .block = take_block, .merge = merge};
    return scan_run(funnelling->asking, funnelling->asking->lens, &scanner, funnelling, out);
}

err behind_funnel(const struct asking *asking, const struct behind *behind, const struct found **out)
{
    struct funnelling *funnelling;
    struct part *part;
    TRY(prepare(asking, behind, &funnelling));
    TRY(run(funnelling, &part));
    *out = &((const struct funnelled *)part->state)->found;
    return OK;
}

/* Writing. */

static void pair_share(struct json_writer *writer, const char *name, i64 part, i64 whole)
{
    json_key(writer, str_from(name));
    if (whole == 0) {
        json_put_null(writer);
    } else {
        json_put_f64(writer, (f64)part / (f64)whole);
    }
}

static void write_interval(struct json_writer *writer, i64 part, i64 whole)
{
    struct interval interval;
    json_key(writer, STR("low"));
    if (interval_share(part, whole, &interval) != OK) {
        json_put_null(writer);
        json_key(writer, STR("high"));
        json_put_null(writer);
        return;
    }
    json_put_f64(writer, interval.low);
    json_pair_f64(writer, "high", interval.high);
}

static void write_step(const struct part *part, const struct spans_sorted *spans, i64 group, i64 step,
                       struct json_writer *writer)
{
    const struct funnelling *funnelling = part->self;
    const struct funnelled *funnelled = part->state;
    i64 steps = funnelling->rule.step_count;
    const i64 *people = funnelled->people + group * steps;
    json_object(writer);
    if (funnelling->split) {
        grouping_write(&funnelled->grouping, group, writer);
    }
    json_pair_i64(writer, "step", step + 1);
    json_pair_i64(writer, "people", people[step]);
    pair_share(writer, "of_first", people[step], people[0]);
    pair_share(writer, "of_previous", people[step], people[greater(step - 1, 0)]);
    write_interval(writer, people[step], people[0]);
    spans_pair(writer, "median_s", spans, group * steps + step, 50);
    spans_pair(writer, "p90_s", spans, group * steps + step, 90);
    json_pair_bool(writer, "few", people[0] < funnelling->asking->question.minimum_n);
    json_object_end(writer);
}

/* The groups in their order; without dimensions there is one, whether somebody is in it or not. */
static err order_of(struct part *part, i64 **order, i64 *count)
{
    const struct funnelling *funnelling = part->self;
    struct funnelled *funnelled = part->state;
    static i64 only[1];
    *order = only;
    *count = 1;
    if (!funnelling->split) {
        return OK;
    }
    u8 *has;
    i64 steps = funnelling->rule.step_count, groups = funnelled->grouping.count;
    TRY(part_room_for(part, &funnelled->people, &funnelled->capacity, groups * steps));
    TRY(part_new(part, u8, groups + 1, &has));
    for (i64 group = 0; group < groups; group++) {
        has[group] = funnelled->people[group * steps] > 0;
    }
    return grouping_order(&funnelled->grouping, has, order, count);
}

err answer_funnel(const struct asking *asking, struct json_writer *writer)
{
    struct funnelling *funnelling;
    struct part *part;
    struct spans_sorted spans;
    i64 *order, count;
    TRY(prepare(asking, NULL, &funnelling));
    TRY(run(funnelling, &part));
    struct funnelled *funnelled = part->state;
    i64 steps = funnelling->rule.step_count;
    TRY(order_of(part, &order, &count));
    TRY(spans_sort(part, &funnelled->spans, greater(funnelled->grouping.count, 1) * steps, &spans));
    for (i64 i = 0; i < count; i++) {
        for (i64 step = 0; step < steps; step++) {
            write_step(part, &spans, order[i], step, writer);
        }
    }
    return OK;
}
