#include "journey/answer.h"

#include "journey/behind.h"
#include "journey/funnel.h"
#include "journey/lives.h"
#include "journey/row_groups.h"
#include "journey/spans.h"
#include "measure/interval.h"

/* A group's people by step: cell = group · steps + step. */
struct funnelling {
    const struct asking *asking;
    struct funnel_rule rule;
    struct program steps[FUNNEL_STEPS_MAX];
    struct row_groups groups;
    i64 *people;
    i64 capacity;
    struct spans spans;
    struct found *found; /* NULL: counting; else looking for the people behind a row */
};

static err begin(const struct asking *asking, struct funnelling *out)
{
    const struct question *question = &asking->question;
    *out = (struct funnelling){.asking = asking};
    out->rule = (struct funnel_rule){
        .step_count = (i32)question->step_count,
        .within_ms = question->within_ms.is ? question->within_ms.value : INT64_MAX,
        .strict = question->strict,
    };
    for (i64 i = 0; i < question->step_count; i++) {
        TRY(lives_compile(asking, &question->steps[i].condition, &out->steps[i]));
    }
    return row_groups_begin(asking, NULL, 0, &out->groups);
}

static void add_person(struct funnelling *funnelling, i64 group, const struct funnel_hits *hits,
                       const struct funnel_reach *reach)
{
    i64 steps = funnelling->rule.step_count;
    i64 needed = (group + 1) * steps;
    if (needed > funnelling->capacity) {
        i64 size = (i64)sizeof(i64), more = needed * 2 + 64;
        funnelling->people = arena_grow(&funnelling->asking->ctx->arena, funnelling->people,
                                        funnelling->capacity * size, more * size, _Alignof(i64));
        funnelling->capacity = more;
    }
    for (i32 step = 0; step < reach->depth; step++) {
        funnelling->people[group * steps + step]++;
        if (step > 0) {
            spans_add(&funnelling->spans, (u32)(group * steps + step),
                      hits->at_ms[reach->hits[step]] - hits->at_ms[reach->hits[step - 1]]);
        }
    }
}

/* Does the row count this person, and when did it come so far? */
static void consider(struct funnelling *funnelling, const struct lives *lives, i64 group,
                     const struct funnel_reach *reach)
{
    const struct behind *behind = funnelling->found->behind;
    i64 step = behind->what == BEHIND_LOST ? behind->row.step - 1 : behind->row.step;
    bool counts = behind->what == BEHIND_LOST ? reach->depth == step : reach->depth >= step;
    if (counts && found_group(funnelling->found, &funnelling->groups, group)) {
        found_add(funnelling->found, lives->person, lives->at_ms[reach->hits[step - 1]]);
    }
}

static err read_people(struct funnelling *funnelling, struct lives *lives)
{
    while (lives_next(lives)) {
        struct funnel_hits hits = {lives->at_ms, lives->masks, lives->count};
        struct funnel_reach reach;
        i64 group;
        funnel_person(&funnelling->rule, &hits, &reach);
        if (reach.depth == 0) {
            continue;
        }
        TRY(row_groups_find(&funnelling->groups, lives->rows[reach.hits[0]], lives->person, &group));
        if (funnelling->found != NULL) {
            consider(funnelling, lives, group, &reach);
        } else {
            add_person(funnelling, group, &hits, &reach);
        }
    }
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

static void write_step(const struct funnelling *funnelling, const struct spans_sorted *spans, i64 group, i64 step,
                       struct json_writer *writer)
{
    static const i64 none[FUNNEL_STEPS_MAX];
    i64 steps = funnelling->rule.step_count;
    const i64 *people = group < 0 ? none : funnelling->people + group * steps;
    json_object(writer);
    if (group >= 0) {
        row_groups_write(&funnelling->groups, group, writer);
    }
    json_pair_i64(writer, "step", step + 1);
    json_pair_i64(writer, "people", people[step]);
    pair_share(writer, "of_first", people[step], people[0]);
    pair_share(writer, "of_previous", people[step], people[greater(step - 1, 0)]);
    write_interval(writer, people[step], people[0]);
    spans_pair(writer, "median_s", spans, group < 0 ? -1 : group * steps + step, 50);
    spans_pair(writer, "p90_s", spans, group < 0 ? -1 : group * steps + step, 90);
    json_pair_bool(writer, "few", people[0] < funnelling->asking->question.minimum_n);
    json_object_end(writer);
}

static void write_rows(struct funnelling *funnelling, struct json_writer *writer)
{
    const struct row_groups *groups = &funnelling->groups;
    const struct question *question = &funnelling->asking->question;
    i64 steps = funnelling->rule.step_count;
    struct spans_sorted spans = spans_sort(&funnelling->spans, groups->count * steps, &funnelling->asking->ctx->arena);
    i64 *order = row_groups_order(groups);
    for (i64 i = 0; i < groups->count; i++) {
        for (i64 step = 0; step < steps; step++) {
            write_step(funnelling, &spans, order[i], step, writer);
        }
    }
    bool split = question->by_count > 0 || question->every != PERIOD_NONE;
    for (i64 step = 0; step < steps && groups->count == 0 && !split; step++) {
        write_step(funnelling, &spans, -1, step, writer);
    }
}

static err run(struct funnelling *funnelling)
{
    struct lives lives = lives_begin(funnelling->asking, funnelling->steps, funnelling->rule.step_count, true);
    err code = read_people(funnelling, &lives);
    lives_end(&lives);
    return code;
}

err answer_funnel(const struct asking *asking, struct json_writer *writer)
{
    struct funnelling *funnelling = arena_new(&asking->ctx->arena, struct funnelling, 1);
    TRY(begin(asking, funnelling));
    err code = run(funnelling);
    if (code == OK) {
        write_rows(funnelling, writer);
    }
    spans_free(&funnelling->spans);
    return code;
}

err behind_funnel(const struct asking *asking, struct found *found)
{
    struct funnelling *funnelling = arena_new(&asking->ctx->arena, struct funnelling, 1);
    TRY(begin(asking, funnelling));
    funnelling->found = found;
    return run(funnelling);
}
