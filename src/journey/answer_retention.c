#include "journey/answer.h"

#include "journey/behind.h"
#include "journey/groups.h"
#include "journey/retention_block.h"
#include "journey/retention_write.h"
#include "journey/sql/answers.h"

/* What all parts of the scan share. */
struct retaining {
    const struct asking *asking;
    i64 periods;
    i64 length_ms; /* elapsed; 0: by the calendar */
    struct program conditions[2];
    const struct program_set *set;
    struct cohorts cohorts;
    bool future; /* there are events that come after the question's now */
    bool dense;  /* by the calendar, every event is a return, and a word holds the periods */
    bool flat;   /* by the calendar, first starts, a word holds the periods, and nothing else is asked */
    struct retention_quick quick;
    bool split;
    struct groups groups;        /* split: a group is a cohort with values of `by`; else a cohort is its own number */
    const struct behind *behind; /* NULL: counting */
};

/* A part. */
struct retained {
    struct grouping grouping;
    u32 *met;              /* split: [group]: its number among those met + 1; 0: not met */
    i64 *sizes, *returned; /* [number], [number · periods + k]; not split: cohorts are numbers */
    i64 *cohort_of;        /* [number] */
    i64 met_capacity, met_count;
    i64 size_capacity, returned_capacity, cohort_capacity;
    struct found found;
};

/* Does some event lie at or after the moment of asking? */
static bool has_future(const struct asking *asking)
{
    i64 first, last;
    view_bounds(&asking->view, &first, &last);
    return last >= asking->asked_ms;
}

static err prepare(const struct asking *asking, const struct behind *behind, struct retaining **out)
{
    const struct question *question = &asking->question;
    const struct stated *back = str_is(question->back.text) ? &question->back : &question->start;
    struct retaining *retaining = arena_new(&asking->ctx->arena, struct retaining, 1);
    i64 first_ms, last_ms;
    *out = retaining;
    *retaining = (struct retaining){
        .asking = asking,
        .periods = question->periods,
        .length_ms = retention_length(question),
        .split = question->by_count > 0 || behind != NULL,
        .behind = behind,
        .future = has_future(asking),
    };
    TRY(program_compile(asking->ctx, &question->start.condition, &asking->env, &retaining->conditions[0]));
    TRY(program_compile(asking->ctx, &back->condition, &asking->env, &retaining->conditions[1]));
    TRY(program_set_begin(asking->ctx, &asking->where, retaining->conditions, 2, &retaining->set));
    view_bounds(&asking->view, &first_ms, &last_ms);
    TRY(cohorts_make(asking, first_ms, last_ms, &retaining->cohorts));
    retaining->dense = !question->elapsed && program_always(&retaining->conditions[1]) &&
                       program_always(&asking->where) && retaining->periods < 64;
    retaining->flat = !retaining->dense && !retaining->split && !question->elapsed && !question->each_cohort &&
                      retaining->periods <= RETENTION_QUICK_PERIODS;
    retaining->quick = (struct retention_quick){&retaining->cohorts.periods,
                                                retaining->cohorts.count,
                                                retaining->periods,
                                                asking->from_ms,
                                                asking->to_ms,
                                                asking->asked_ms};
    return groups_begin(asking, asking->lens, NULL, 0, &retaining->groups);
}

static err reserve(struct part *part, i64 numbers)
{
    const struct retaining *retaining = part->self;
    struct retained *retained = part->state;
    TRY(part_room_for(part, &retained->sizes, &retained->size_capacity, numbers));
    TRY(part_room_for(part, &retained->cohort_of, &retained->cohort_capacity, numbers));
    return part_room_for(part, &retained->returned, &retained->returned_capacity, numbers * retaining->periods);
}

/* The number of a group among those met, with room for what is counted in it: of all groups that could be, few are. */
static err meet(struct part *part, i64 group, i64 *number)
{
    struct retained *retained = part->state;
    TRY(part_room_for(part, &retained->met, &retained->met_capacity, greater(retained->grouping.count, group + 1)));
    if (retained->met[group] == 0) {
        retained->met[group] = (u32)++retained->met_count;
        TRY(reserve(part, retained->met_count));
    }
    *number = retained->met[group] - 1;
    return OK;
}

static err begin(struct part *part)
{
    const struct retaining *retaining = part->self;
    struct retained *retained = part->state;
    retained->found.behind = retaining->behind;
    TRY(grouping_begin(part, &retaining->groups, &retained->grouping));
    return retaining->split ? OK : reserve(part, retaining->cohorts.count + 1);
}

/* The first return in a period. */
static i64 return_in(const struct retaining *retaining, const struct retention_rows *rows, i64 start, i64 cohort, i64 k)
{
    const i64 *starts = retaining->cohorts.periods.starts;
    i64 begin = retaining->length_ms > 0 ? rows->at_ms[start] + k * retaining->length_ms : starts[cohort + k];
    i64 at = retention_find(rows, start, MARK_RETURN);
    while (rows->at_ms[at] < begin) {
        at = retention_find(rows, at + 1, MARK_RETURN);
    }
    return at;
}

/* One person in one cohort. */
struct start {
    alias_no person;
    i64 row, cohort;
};

/* Does the row count this person? */
static err consider(struct part *part, const struct retention_rows *rows, const struct start *start, i64 group,
                    const struct period_set *set)
{
    struct retained *retained = part->state;
    const struct behind *behind = retained->found.behind;
    i64 at = start->row;
    if (!found_group(&retained->found, &retained->grouping, group)) {
        return OK;
    }
    if (behind->what == BEHIND_RETURNED) {
        if ((set->words[behind->k >> 6] >> (behind->k & 63) & 1) == 0) {
            return OK;
        }
        at = return_in(part->self, rows, start->row, start->cohort, behind->k);
    }
    return found_add(part, &retained->found, start->person, rows->at_ms[at]);
}

static void count_start(struct part *part, i64 number, i64 cohort, const struct period_set *set)
{
    const struct retaining *retaining = part->self;
    struct retained *retained = part->state;
    i64 *returned = retained->returned + number * retaining->periods;
    retained->sizes[number]++;
    retained->cohort_of[number] = cohort;
    for (i32 w = 0; w * 64 < retaining->periods; w++) {
        for (u64 left = set->words[w]; left != 0; left &= left - 1) {
            returned[w * 64 + __builtin_ctzll(left)]++;
        }
    }
}

/* The periods with an event at or after the start: every row goes the same way, whatever its time. */
static void every_period(const struct retaining *retaining, const struct retention_rows *rows,
                         const struct start *start, struct period_set *out)
{
    const struct periods *periods = &retaining->cohorts.periods;
    i64 last_ms = periods->starts[start->cohort + retaining->periods]; // what comes later counts as this moment
    u64 set = 0;
    for (i64 row = start->row; row < rows->to; row++) {
        i64 at_ms = rows->at_ms[row];
        u64 period = periods_find(periods, lesser(at_ms, last_ms)) - (u64)start->cohort;
        set |= (u64)1 << period;
    }
    out->words[0] = set & (((u64)1 << retaining->periods) - 1);
}

static err take_start(struct part *part, const struct block *block, const struct retention_rows *rows,
                      const struct start *start)
{
    const struct retaining *retaining = part->self;
    struct retained *retained = part->state;
    struct period_set set;
    i64 number = start->cohort;
    if (retaining->dense) {
        every_period(retaining, rows, start, &set);
    } else if (retaining->length_ms > 0) {
        retention_elapsed(rows, start->row, retaining->length_ms, retaining->periods, &set);
    } else {
        retention_calendar(rows, start->row, retaining->cohorts.periods.starts + start->cohort + 1, retaining->periods,
                           &set);
    }
    if (retaining->split) {
        u32 group;
        TRY(grouping_of(&retained->grouping, block, start->row, start->person, &group));
        if (retaining->behind != NULL) {
            return consider(part, rows, start, group, &set);
        }
        TRY(meet(part, group, &number));
    }
    count_start(part, number, start->cohort, &set);
    return OK;
}

static err take_person(struct part *part, const struct block *block, const u8 *marks, const struct stretch *stretch,
                       i64 row)
{
    const struct retaining *retaining = part->self;
    const struct asking *asking = retaining->asking;
    const struct cohorts *cohorts = &retaining->cohorts;
    struct retention_rows rows = {block->at_ms, marks, stretch->from, stretch->to};
    while (retaining->future && row < rows.to && rows.at_ms[rows.to - 1] >= asking->asked_ms) { // not yet
        rows.to--;
    }
    while (row < rows.to) {
        i64 at_ms = rows.at_ms[row], next_ms = asking->from_ms;
        if (at_ms >= asking->from_ms && at_ms < asking->to_ms) {
            struct start start = {stretch->person, row, periods_find(&cohorts->periods, at_ms)};
            TRY(take_start(part, block, &rows, &start));
            next_ms = cohorts->periods.starts[start.cohort + 1];
        }
        if (!asking->question.each_cohort || at_ms >= asking->to_ms) {
            return OK;
        }
        do {
            row = retention_find(&rows, row + 1, MARK_START);
        } while (row < rows.to && rows.at_ms[row] < next_ms);
    }
    return OK;
}

static err take_block(struct part *part, const struct block *block)
{
    const struct retaining *retaining = part->self;
    if (block->person_count == 0 || block->people[0].person == 0 || retaining->cohorts.count == 0) {
        return OK;
    }
    u8 *marks = scratch_new(&part->scratch, u8, block->count);
    program_masks(retaining->set, block, &part->scratch, marks);
    if (retaining->flat) {
        struct retained *retained = part->state;
        retention_block(&retaining->quick, block, marks, &part->scratch, retained->sizes, retained->returned);
        return OK;
    }
    // First who starts at all: times are on their way from memory while the next ones are looked for.
    i32 *starters = scratch_new(&part->scratch, i32, block->person_count), count = 0;
    i32 *starts = scratch_new(&part->scratch, i32, block->person_count);
    for (i32 i = 0; i < block->person_count; i++) {
        const struct stretch *stretch = &block->people[i];
        struct retention_rows rows = {block->at_ms, marks, stretch->from, stretch->to};
        i64 row = retention_find(&rows, rows.from, MARK_START);
        starters[count] = i;
        starts[count] = (i32)row;
        count += row < rows.to;
        __builtin_prefetch(&block->at_ms[lesser(row, block->count - 1)]);
    }
    for (i32 k = 0; k < count; k++) {
        TRY(take_person(part, block, marks, &block->people[starters[k]], starts[k]));
    }
    return OK;
}

static void merge_number(const struct retaining *retaining, struct retained *into, i64 to, const struct retained *from,
                         i64 number)
{
    i64 periods = retaining->periods;
    into->sizes[to] += from->sizes[number];
    into->cohort_of[to] = from->cohort_of[number];
    for (i64 k = 0; k < periods; k++) {
        into->returned[to * periods + k] += from->returned[number * periods + k];
    }
}

static err merge(struct part *into, struct part *from)
{
    const struct retaining *retaining = into->self;
    struct retained *a = into->state;
    const struct retained *b = from->state;
    const u32 *groups;
    i64 to;
    TRY(found_merge(into, &a->found, &b->found));
    for (i64 cohort = 0; cohort < retaining->cohorts.count && !retaining->split; cohort++) {
        merge_number(retaining, a, cohort, b, cohort);
    }
    TRY(grouping_merge(&a->grouping, &b->grouping, &groups));
    for (i64 group = 0; group < lesser(b->grouping.count, b->met_capacity); group++) {
        if (b->met[group] != 0) {
            TRY(meet(into, groups[group], &to));
            merge_number(retaining, a, to, b, b->met[group] - 1);
        }
    }
    return OK;
}

static err run(const struct retaining *retaining, struct part **out)
{
    static const struct scanner scanner = {
        .state_size = sizeof(struct retained), .begin = begin, .block = take_block, .merge = merge};
    return scan_run(retaining->asking, retaining->asking->lens, &scanner, retaining, out);
}

err behind_retention(const struct asking *asking, const struct behind *behind, const struct found **out)
{
    struct retaining *retaining;
    struct part *part;
    TRY(prepare(asking, behind, &retaining));
    TRY(run(retaining, &part));
    *out = &((const struct retained *)part->state)->found;
    return OK;
}

/* Writing. */

static err write_groups(struct part *part, struct json_writer *writer)
{
    struct retained *retained = part->state;
    i64 *order, count, groups = retained->grouping.count;
    u8 *has;
    TRY(part_new(part, u8, groups + 1, &has));
    for (i64 group = 0; group < lesser(groups, retained->met_capacity); group++) {
        has[group] = retained->met[group] != 0;
    }
    TRY(grouping_order(&retained->grouping, has, &order, &count));
    for (i64 i = 0; i < count; i++) {
        const struct retaining *retaining = part->self;
        i64 number = retained->met[order[i]] - 1;
        struct retention_row row = {retained->cohort_of[number], retained->sizes[number],
                                    retained->returned + number * retaining->periods};
        TRY(retention_write(part->asking, &retaining->cohorts, &retained->grouping, order[i], &row, writer));
    }
    return OK;
}

err answer_retention(const struct asking *asking, struct json_writer *writer)
{
    if (asking->rooms->index == NULL) {
        return sql_retention(asking, writer);
    }
    struct retaining *retaining;
    struct part *part;
    TRY(prepare(asking, NULL, &retaining));
    TRY(run(retaining, &part));
    if (retaining->split) {
        return write_groups(part, writer);
    }
    const struct retained *retained = part->state;
    return retention_write_all(asking, &retaining->cohorts, retained->sizes, retained->returned, writer);
}
