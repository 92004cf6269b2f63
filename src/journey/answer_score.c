#include "journey/answer.h"
#include "journey/groups.h"
#include "journey/tally.h"

/* Which answers: those of a metric, or of one question whatever its metric. */
struct sought {
    enum metric metric;
    enum word word;
    u32 code;
    bool is_question;
    struct scale *scales; /* by code of WORD_SCALE */
    enum metric *metrics; /* by code of WORD_METRIC */
};

static void prepare(const struct asking *asking, struct sought *out)
{
    const struct view *view = &asking->view;
    struct arena *arena = &asking->ctx->arena;
    const struct texts *scales = &view->texts[WORD_SCALE], *metrics = &view->texts[WORD_METRIC];
    str wanted = asking->question.metric;
    *out = (struct sought){.word = WORD_METRIC};
    out->is_question = !metric_parse(wanted, &out->metric);
    out->word = out->is_question ? WORD_QUESTION : WORD_METRIC;
    out->code = texts_find(&view->texts[out->word], wanted);
    out->scales = arena_new(arena, struct scale, (i64)scales->count + 1);
    out->metrics = arena_new(arena, enum metric, (i64)metrics->count + 1);
    for (u32 code = 1; code <= scales->count; code++) {
        (void)scale_parse(texts_text(scales, code), &out->scales[code]);
    }
    for (u32 code = 1; code <= metrics->count; code++) {
        (void)metric_parse(texts_text(metrics, code), &out->metrics[code]);
    }
}

struct scoring {
    const struct asking *asking;
    struct sought sought;
    struct groups groups;
    struct tally *tallies;
    i64 capacity;
};

static void add_answer(struct scoring *scoring, i64 group, const struct view_answer *answer)
{
    if (group >= scoring->capacity) {
        i64 size = (i64)sizeof(struct tally), more = scoring->capacity * 2 + 64;
        scoring->tallies = arena_grow(&scoring->asking->ctx->arena, scoring->tallies, scoring->capacity * size,
                                      more * size, _Alignof(struct tally));
        scoring->capacity = more;
    }
    struct tally *tally = &scoring->tallies[group];
    tally->metric = scoring->sought.metrics[answer->metric];
    tally_add(tally, scoring->sought.scales[answer->scale], scoring->asking->view.scores.values[answer->score]);
}

static err take(struct scoring *scoring, i64 row, alias_no person)
{
    const struct asking *asking = scoring->asking;
    struct view_answer answer;
    if (!view_answer(&asking->view, row, &answer) || answer.score == 0 ||
        (scoring->sought.is_question ? answer.question : answer.metric) != scoring->sought.code ||
        !asking_takes(asking, row, person)) {
        return OK;
    }
    i64 group;
    TRY(groups_find(&scoring->groups, row, person, &group));
    add_answer(scoring, group, &answer);
    return OK;
}

static void write_row(const struct scoring *scoring, i64 group, struct json_writer *writer)
{
    const struct groups *groups = &scoring->groups;
    json_object(writer);
    groups_write(groups, group, writer);
    if (scoring->sought.is_question) {
        json_pair_str(writer, "metric", groups_text(groups, group, groups->dimension_count - 2));
        json_pair_str(writer, "scale", groups_text(groups, group, groups->dimension_count - 1));
    }
    tally_write(writer, &scoring->tallies[group], scoring->asking->question.minimum_n);
    json_object_end(writer);
}

/* Nobody answered: said in one row where the question has no dimensions to say it in. */
static void write_nothing(const struct asking *asking, enum metric metric, struct json_writer *writer)
{
    if (asking->question.by_count == 0 && asking->question.every == PERIOD_NONE) {
        json_object(writer);
        tally_write(writer, &(struct tally){.metric = metric}, asking->question.minimum_n);
        json_object_end(writer);
    }
}

err answer_score(const struct asking *asking, struct json_writer *writer)
{
    // Answers to one question may have come under several metrics and scales: never added up, a row each.
    static const struct field split[] = {{.kind = FIELD_WORD, .word = WORD_METRIC},
                                         {.kind = FIELD_WORD, .word = WORD_SCALE}};
    struct scoring scoring = {.asking = asking};
    prepare(asking, &scoring.sought);
    TRY(groups_begin(asking, split, scoring.sought.is_question ? countof(split) : 0, &scoring.groups));
    struct walk walk = asking_walk(asking, false);
    err code = OK;
    while (code == OK && scoring.sought.code != 0 && walk_next(&walk)) {
        for (i64 i = 0; i < walk.count && code == OK; i++) {
            code = take(&scoring, walk.rows[i], walk.person);
        }
    }
    walk_end(&walk);
    TRY(code);
    i64 *order = groups_order(&scoring.groups);
    for (i64 i = 0; i < scoring.groups.count; i++) {
        write_row(&scoring, order[i], writer);
    }
    if (scoring.groups.count == 0) {
        write_nothing(asking, scoring.sought.metric, writer);
    }
    return OK;
}
