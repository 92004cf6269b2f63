#include "journey/answer.h"

#include "journey/behind.h"
#include "journey/funnel_block.h"
#include "journey/funnel_write.h"
#include "journey/groups.h"
#include "journey/spans.h"
#include "journey/sql/answers.h"

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
    funnelling->split = funnel_split(question);
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

/* Events of a block that may count, of one person after the other. */
struct lives {
    i32 *rows;
    u16 *masks;
    i64 count;
    i32 *people; /* places in the block of those who have such events */
    i64 *ends;   /* [of people]: where theirs end */
    i64 person_count;
};

static void lives_room(struct part *part, const struct block *block, struct lives *out)
{
    *out = (struct lives){
        .rows = scratch_new(&part->scratch, i32, block->count + 1),
        .masks = scratch_new(&part->scratch, u16, block->count + 1),
        .people = scratch_new(&part->scratch, i32, block->person_count + 1),
        .ends = scratch_new(&part->scratch, i64, block->person_count + 1),
    };
}

static inline void lives_person(struct lives *lives, i64 place)
{
    i64 before = lives->person_count == 0 ? 0 : lives->ends[lives->person_count - 1];
    lives->people[lives->person_count] = (i32)place;
    lives->ends[lives->person_count] = lives->count;
    lives->person_count += lives->count > before;
}

/* Every event with a step. */
static void loose_lives(const struct block *block, const u8 *low, const u8 *high, struct lives *lives)
{
    for (i64 i = 0; i < block->person_count; i++) {
        for (i64 row = block->people[i].from; row < block->people[i].to; row++) {
            lives->rows[lives->count] = (i32)row;
            lives->masks[lives->count] = (u16)(low[row] | (high == NULL ? 0 : high[row] << 8));
            lives->count += lives->masks[lives->count] != 0;
        }
        lives_person(lives, i);
    }
}

/* Every event that the question takes. */
static void strict_lives(const struct block *block, const u8 *low, const u8 *high, const u64 *where,
                         struct lives *lives)
{
    for (i64 i = 0; i < block->person_count; i++) {
        for (i64 row = block->people[i].from; row < block->people[i].to; row++) {
            lives->rows[lives->count] = (i32)row;
            lives->masks[lives->count] = (u16)(low[row] | (high == NULL ? 0 : high[row] << 8));
            lives->count += where == NULL || (where[row >> 6] >> (row & 63) & 1) != 0;
        }
        lives_person(lives, i);
    }
}

/* One person's events with their times. */
struct life {
    i32 *rows;
    i64 *at_ms;
    u16 *masks;
    i64 count;
};

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

static err take_person(struct part *part, const struct block *block, const struct stretch *stretch,
                       const struct life *life, const struct funnel_reach *reach)
{
    const struct funnelling *funnelling = part->self;
    struct funnelled *funnelled = part->state;
    u32 group = 0;
    if (reach->depth == 0) {
        return OK;
    }
    if (funnelling->split) {
        TRY(grouping_of(&funnelled->grouping, block, life->rows[reach->hits[0]], stretch->person, &group));
    }
    return funnelling->behind != NULL ? consider(part, life, reach, group, stretch->person)
                                      : count_person(part, life, reach, group);
}

static err take_lives(struct part *part, const struct block *block, struct lives *lives)
{
    const struct funnelling *funnelling = part->self;
    struct life life = {.at_ms = scratch_new(&part->scratch, i64, lives->count + 1)};
    struct funnel_reach reach;
    i64 from = 0;
    for (i64 i = 0; i < lives->person_count; i++) {
        life.rows = lives->rows + from;
        life.masks = lives->masks + from;
        life.count = lives->ends[i] - from;
        from = lives->ends[i];
        life_times(funnelling, block, &life);
        funnel_person(&funnelling->rule, &(struct funnel_hits){life.at_ms, life.masks, life.count}, &reach);
        TRY(take_person(part, block, &block->people[lives->people[i]], &life, &reach));
    }
    return OK;
}

/* Few steps in loose order: of most people it is enough to know how deep they got. */
static err take_quickly(struct part *part, const struct block *block, u8 *masks)
{
    const struct funnelling *funnelling = part->self;
    struct funnelled *funnelled = part->state;
    struct funnel_span span = {funnelling->asking->from_ms, funnelling->asking->to_ms};
    struct funnel_listed listed;
    bool counted = !funnelling->split && funnelling->behind == NULL;
    i64 firsts = 0;
    funnel_block(&funnelling->rule, &span, block, masks, &part->scratch, &listed);
    i32 *deep = scratch_new(&part->scratch, i32, block->person_count + 1);
    i64 deep_count = 0;
    for (i64 i = 0; i < block->person_count; i++) {
        firsts += listed.reached[i] == 1;
        deep[deep_count] = (i32)i;
        deep_count += counted ? listed.reached[i] > 1 : listed.reached[i] > 0;
    }
    funnelled->people[0] += counted ? firsts : 0;
    for (i64 k = 0; k < deep_count; k++) {
        i64 from = listed.begins[deep[k]];
        struct funnel_reach reach;
        struct life life = {listed.rows + from, listed.at_ms + from, listed.masks + from,
                            listed.begins[deep[k] + 1] - from};
        funnel_follow(&funnelling->rule, &(struct funnel_hits){life.at_ms, life.masks, life.count},
                      __builtin_popcount(listed.reached[deep[k]]), listed.lasts[deep[k]] - from, &reach);
        TRY(take_person(part, block, &block->people[deep[k]], &life, &reach));
    }
    return OK;
}

static err take_block(struct part *part, const struct block *block)
{
    const struct funnelling *funnelling = part->self;
    u8 *masks[SETS] = {NULL};
    struct lives lives;
    if (block->person_count == 0 || block->people[0].person == 0) {
        return OK;
    }
    for (i64 set = 0; set < funnelling->set_count; set++) {
        masks[set] = scratch_new(&part->scratch, u8, block->count);
        program_masks(funnelling->sets[set], block, &part->scratch, masks[set]);
    }
    if (!funnelling->rule.strict && funnelling->rule.step_count <= FUNNEL_QUICK_STEPS) {
        return take_quickly(part, block, masks[0]);
    }
    lives_room(part, block, &lives);
    if (funnelling->rule.strict) {
        strict_lives(block, masks[0], masks[1], part_where(part, block), &lives);
    } else {
        loose_lives(block, masks[0], masks[1], &lives);
    }
    return take_lives(part, block, &lives);
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

/* What a group came to. */
static void steps_of(const struct part *part, const struct spans_sorted *spans, i64 group, struct funnel_step *out)
{
    const struct funnelling *funnelling = part->self;
    const struct funnelled *funnelled = part->state;
    i64 steps = funnelling->rule.step_count;
    for (i64 step = 0; step < steps; step++) {
        i64 cell = group * steps + step;
        out[step] = (struct funnel_step){funnelled->people[cell], -1, -1};
        if (spans_quantile(spans, cell, 50, &out[step].median_ms)) {
            (void)spans_quantile(spans, cell, 90, &out[step].p90_ms);
        }
    }
}

err answer_funnel(const struct asking *asking, struct json_writer *writer)
{
    if (asking->rooms->index == NULL) {
        return sql_funnel(asking, writer);
    }
    struct funnelling *funnelling;
    struct part *part;
    struct spans_sorted spans;
    i64 *order, count;
    TRY(prepare(asking, NULL, &funnelling));
    TRY(run(funnelling, &part));
    struct funnelled *funnelled = part->state;
    TRY(order_of(part, &order, &count));
    TRY(spans_sort(part, &funnelled->spans, greater(funnelled->grouping.count, 1) * funnelling->rule.step_count,
                   &spans));
    for (i64 i = 0; i < count; i++) {
        struct funnel_step steps[FUNNEL_STEPS_MAX];
        steps_of(part, &spans, order[i], steps);
        TRY(funnel_write(asking, funnelling->split ? &funnelled->grouping : NULL, order[i], steps, writer));
    }
    return OK;
}
