#include "journey/answer.h"

#include "journey/behind.h"
#include "journey/lives.h"
#include "journey/retention.h"
#include "journey/row_groups.h"

enum { HOUR_MS = 3600 * 1000 };

/* The calendar of the cohorts and of the periods behind them. */
struct cohorts {
    i64 *starts;      /* [count + periods]: more than the cohorts, for the returns of the last */
    i64 count;        /* cohorts */
    i64 border_count; /* of starts */
};

/* A group is a cohort: the values of `by` at the start event, and the period it lies in. */
struct retaining {
    const struct asking *asking;
    i64 periods;
    i64 length_ms; /* elapsed; 0: by the calendar */
    struct program conditions[2];
    struct row_groups groups;
    struct cohorts cohorts;
    i64 *sizes, *returned; /* [group], [group · periods + k] */
    i64 *cohort_of;        /* [group] */
    i64 capacity;
    u8 *marks; /* of one person */
    i64 mark_capacity;
    struct found *found; /* NULL: counting; else looking for the people behind a row */
};

static i64 length_of(enum period period)
{
    static const i64 hours[] = {
        [PERIOD_HOUR] = 1,        [PERIOD_DAY] = 24,          [PERIOD_WEEK] = 7 * 24,
        [PERIOD_MONTH] = 30 * 24, [PERIOD_QUARTER] = 91 * 24, [PERIOD_YEAR] = 365 * 24,
    };
    return hours[period] * HOUR_MS;
}

/* The moments between which cohorts lie, as far as they have begun: [low, high]; low > high: there are none. */
static void bounds(const struct asking *asking, i64 *low, i64 *high)
{
    i64 first, last;
    view_bounds(&asking->view, &first, &last);
    *low = asking->question.from_ms.is ? asking->from_ms : first;
    *high = asking->question.to_ms.is ? asking->to_ms - 1 : last;
}

static err cohorts_make(const struct asking *asking, i64 periods, struct cohorts *out)
{
    struct ctx *ctx = asking->ctx;
    const struct zone *zone = asking->question.zone;
    enum period every = asking->question.every;
    i64 low, high;
    *out = (struct cohorts){0};
    bounds(asking, &low, &high);
    if (low > high || period_start(zone, every, low) >= asking->asked_ms) {
        return OK;
    }
    out->starts = arena_new(&ctx->arena, i64, PERIODS_MAX + RETENTION_PERIODS_MAX + 1);
    for (i64 at = period_start(zone, every, low); out->count == 0 || out->border_count < out->count + periods;
         at = period_next(zone, every, at)) {
        if ((at > high || at >= asking->asked_ms) && out->count == 0) {
            out->count = out->border_count;
        }
        if (out->border_count == PERIODS_MAX && out->count == 0) {
            return FAIL(ctx, ERR_INVALID, "every", "error.ask.periods",
                        {"most", str_format(&ctx->arena, "%d", PERIODS_MAX)});
        }
        out->starts[out->border_count++] = at;
    }
    return OK;
}

static i64 cohort_of(const struct cohorts *cohorts, i64 at_ms)
{
    i64 low = 0, high = cohorts->count;
    while (high - low > 1) {
        i64 middle = (low + high) / 2;
        if (cohorts->starts[middle] <= at_ms) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static err begin(const struct asking *asking, struct retaining *out)
{
    const struct question *question = &asking->question;
    const struct stated *back = str_is(question->back.text) ? &question->back : &question->start;
    *out = (struct retaining){
        .asking = asking,
        .periods = question->periods,
        .length_ms = question->elapsed ? length_of(question->every) : 0,
    };
    TRY(lives_compile(asking, &question->start.condition, &out->conditions[0]));
    TRY(lives_compile(asking, &back->condition, &out->conditions[1]));
    TRY(cohorts_make(asking, out->periods, &out->cohorts));
    return row_groups_begin(asking, NULL, 0, &out->groups);
}

static void reserve(struct retaining *retaining, i64 groups)
{
    if (groups <= retaining->capacity) {
        return;
    }
    struct arena *arena = &retaining->asking->ctx->arena;
    i64 size = (i64)sizeof(i64), old = retaining->capacity, more = groups * 2 + 16, periods = retaining->periods;
    retaining->sizes = arena_grow(arena, retaining->sizes, old * size, more * size, _Alignof(i64));
    retaining->cohort_of = arena_grow(arena, retaining->cohort_of, old * size, more * size, _Alignof(i64));
    retaining->returned = arena_grow(arena, retaining->returned, old * periods * size, more * periods * size,
                                     _Alignof(i64));
    retaining->capacity = more;
}

/* The first return in a period. */
static i64 return_in(const struct retaining *retaining, const struct retention_rows *rows, i64 start, i64 cohort, i64 k)
{
    const i64 *starts = retaining->cohorts.starts;
    i64 begin = retaining->length_ms > 0 ? rows->at_ms[start] + k * retaining->length_ms : starts[cohort + k];
    i64 at = retention_find(rows, start, MARK_RETURN);
    while (rows->at_ms[at] < begin) {
        at = retention_find(rows, at + 1, MARK_RETURN);
    }
    return at;
}

/* Does the row count this person? */
static void consider(const struct retaining *retaining, const struct lives *lives, const struct retention_rows *rows,
                     i64 start, i64 cohort, i64 group, const struct period_set *set)
{
    const struct behind *behind = retaining->found->behind;
    if (!found_group(retaining->found, &retaining->groups, group)) {
        return;
    }
    if (behind->what == BEHIND_COHORT) {
        found_add(retaining->found, lives->person, rows->at_ms[start]);
    } else if ((set->words[behind->k >> 6] >> (behind->k & 63) & 1) != 0) {
        i64 at = return_in(retaining, rows, start, cohort, behind->k);
        found_add(retaining->found, lives->person, rows->at_ms[at]);
    }
}

static void count_start(struct retaining *retaining, i64 group, i64 cohort, const struct period_set *set)
{
    reserve(retaining, group + 1);
    retaining->sizes[group]++;
    retaining->cohort_of[group] = cohort;
    for (i32 w = 0; w < PERIOD_WORDS; w++) {
        for (u64 left = set->words[w]; left != 0; left &= left - 1) {
            retaining->returned[group * retaining->periods + w * 64 + __builtin_ctzll(left)]++;
        }
    }
}

/* One person in one cohort. */
static err add_start(struct retaining *retaining, const struct lives *lives, const struct retention_rows *rows,
                     i64 start, i64 cohort)
{
    struct period_set set;
    i64 group;
    TRY(row_groups_find(&retaining->groups, lives->rows[start], lives->person, &group));
    if (retaining->length_ms > 0) {
        retention_elapsed(rows, start, retaining->length_ms, retaining->periods, &set);
    } else {
        retention_calendar(rows, start, retaining->cohorts.starts + cohort + 1, retaining->periods, &set);
    }
    if (retaining->found != NULL) {
        consider(retaining, lives, rows, start, cohort, group, &set);
    } else {
        count_start(retaining, group, cohort, &set);
    }
    return OK;
}

static err add_person(struct retaining *retaining, const struct lives *lives)
{
    const struct asking *asking = retaining->asking;
    const struct cohorts *cohorts = &retaining->cohorts;
    struct retention_rows rows = {lives->at_ms, retaining->marks, 0, lives->count};
    while (rows.to > 0 && lives->at_ms[rows.to - 1] >= asking->asked_ms) {
        rows.to--;
    }
    i64 start = retention_find(&rows, 0, MARK_START);
    while (start < rows.to) {
        i64 at_ms = lives->at_ms[start], next_ms = asking->from_ms;
        if (at_ms >= asking->from_ms && at_ms < asking->to_ms) {
            i64 cohort = cohort_of(cohorts, at_ms);
            TRY(add_start(retaining, lives, &rows, start, cohort));
            next_ms = cohorts->starts[cohort + 1];
        }
        if (!asking->question.each_cohort || at_ms >= asking->to_ms) {
            return OK;
        }
        do {
            start = retention_find(&rows, start + 1, MARK_START);
        } while (start < rows.to && lives->at_ms[start] < next_ms);
    }
    return OK;
}

static err read_people(struct retaining *retaining, struct lives *lives)
{
    while (lives_next(lives)) {
        if (lives->count > retaining->mark_capacity) {
            retaining->mark_capacity = lives->count * 2;
            retaining->marks = mem_resize(retaining->marks, retaining->mark_capacity + 8);
        }
        for (i64 i = 0; i < lives->count; i++) {
            retaining->marks[i] = (u8)lives->masks[i];
        }
        TRY(add_person(retaining, lives));
    }
    return OK;
}

/* Writing. */

/* A period that is not over says nothing yet. */
static bool over(const struct retaining *retaining, i64 cohort, i64 k)
{
    const struct asking *asking = retaining->asking;
    const i64 *starts = retaining->cohorts.starts;
    if (retaining->length_ms == 0) {
        return starts[cohort + k + 1] <= asking->asked_ms;
    }
    i64 end = lesser(starts[cohort + 1], asking->to_ms);
    return end <= asking->asked_ms && (asking->asked_ms - end) / retaining->length_ms >= k + 1;
}

static void write_cohort(const struct retaining *retaining, i64 group, i64 cohort, struct json_writer *writer)
{
    const struct question *question = &retaining->asking->question;
    i64 size = group < 0 ? 0 : retaining->sizes[group];
    char text[ISO_MAX];
    json_object(writer);
    for (i64 i = 0; i < question->by_count; i++) {
        json_key(writer, question->by_names[i]);
        json_put_str(writer, row_groups_text(&retaining->groups, group, i));
    }
    i64 start = retaining->cohorts.starts[cohort];
    json_pair_str(writer, "cohort",
                  question->every == PERIOD_HOUR ? iso_format(question->zone, start, text)
                                                 : iso_date(question->zone, start, text));
    json_pair_i64(writer, "size", size);
    json_key(writer, STR("returned"));
    json_list(writer);
    for (i64 k = 0; k < retaining->periods; k++) {
        if (over(retaining, cohort, k)) {
            json_put_i64(writer, group < 0 ? 0 : retaining->returned[group * retaining->periods + k]);
        } else {
            json_put_null(writer);
        }
    }
    json_list_end(writer);
    json_pair_bool(writer, "few", size < question->minimum_n);
    json_object_end(writer);
}

/* Every period between the first and the last, with people or without. */
static void write_all(const struct retaining *retaining, struct json_writer *writer)
{
    const struct question *question = &retaining->asking->question;
    i64 count = retaining->cohorts.count, first = count, last = -1;
    i64 *group_of = arena_new(&retaining->asking->ctx->arena, i64, greater(count, 1));
    for (i64 group = 0; group < retaining->groups.count; group++) {
        i64 cohort = retaining->cohort_of[group];
        group_of[cohort] = group + 1;
        first = lesser(first, cohort);
        last = greater(last, cohort);
    }
    first = question->from_ms.is ? 0 : first;
    last = question->to_ms.is ? count - 1 : last;
    for (i64 cohort = first; cohort <= last; cohort++) {
        write_cohort(retaining, group_of[cohort] - 1, cohort, writer);
    }
}

static void write_groups(const struct retaining *retaining, struct json_writer *writer)
{
    i64 *order = row_groups_order(&retaining->groups);
    for (i64 i = 0; i < retaining->groups.count; i++) {
        write_cohort(retaining, order[i], retaining->cohort_of[order[i]], writer);
    }
}

static err run(struct retaining *retaining)
{
    struct lives lives = lives_begin(retaining->asking, retaining->conditions, 2, false);
    err code = read_people(retaining, &lives);
    lives_end(&lives);
    mem_free(retaining->marks);
    return code;
}

err answer_retention(const struct asking *asking, struct json_writer *writer)
{
    struct retaining *retaining = arena_new(&asking->ctx->arena, struct retaining, 1);
    TRY(begin(asking, retaining));
    TRY(run(retaining));
    if (asking->question.by_count > 0) {
        write_groups(retaining, writer);
    } else {
        write_all(retaining, writer);
    }
    return OK;
}

err behind_retention(const struct asking *asking, struct found *found)
{
    struct retaining *retaining = arena_new(&asking->ctx->arena, struct retaining, 1);
    TRY(begin(asking, retaining));
    retaining->found = found;
    return run(retaining);
}
