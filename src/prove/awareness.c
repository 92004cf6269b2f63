#include "prove/awareness.h"

#include "base/id.h"
#include "json/read.h"
#include "listen/survey/survey.h"
#include "measure/compare.h"

#define P(member) offsetof(struct awareness_part, member)
static const struct shape_field part_fields[] = {
    {"answers", SHAPE_I64, P(answers), .flags = SHAPE_REQUIRED},
    {"knew", SHAPE_I64, P(knew), .flags = SHAPE_REQUIRED},
    {"share", SHAPE_MAYBE_F64, P(share), .flags = SHAPE_REQUIRED},
    {"low", SHAPE_MAYBE_F64, P(low), .flags = SHAPE_REQUIRED},
    {"high", SHAPE_MAYBE_F64, P(high), .flags = SHAPE_REQUIRED},
    {"few", SHAPE_BOOL, P(few), .flags = SHAPE_REQUIRED},
};
static const struct shape part_shape = SHAPE("AwarenessPart", struct awareness_part, part_fields,
                                             "shape.awareness_part");

#define A(member) offsetof(struct awareness, member)
static const struct shape_field fields[] = {
    {"survey", SHAPE_ID, A(survey), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, A(name), .flags = SHAPE_REQUIRED},
    {"question", SHAPE_STR, A(question), .flags = SHAPE_REQUIRED, .help = "shape.awareness.question"},
    {"since_ms", SHAPE_TIME, A(since_ms), .flags = SHAPE_REQUIRED, .help = "shape.awareness.since"},
    {"before", SHAPE_OBJECT, A(before), .of = &part_shape, .flags = SHAPE_REQUIRED},
    {"after", SHAPE_OBJECT, A(after), .of = &part_shape, .flags = SHAPE_REQUIRED},
    {"change", SHAPE_MAYBE_F64, A(change), .flags = SHAPE_REQUIRED, .help = "shape.awareness.change"},
    {"change_low", SHAPE_MAYBE_F64, A(change_low), .flags = SHAPE_REQUIRED},
    {"change_high", SHAPE_MAYBE_F64, A(change_high), .flags = SHAPE_REQUIRED},
};
const struct shape awareness_shape = SHAPE("Awareness", struct awareness, fields, "shape.awareness");

/* How many answered, and of them how many knew. */
struct tally {
    i64 answers, knew;
};

/* The option of those who knew, where a question is about awareness. */
static bool knowing_option(struct ctx *ctx, const struct result_question *question, str *option)
{
    struct json root, first;
    str adjective, id;
    bool found = str_eq(question->type, STR("single")) &&
                 json_parse(ctx, json_reader_here(), question->question, &root) == OK &&
                 json_str(json_get(root, STR("adjective")), &adjective) && str_eq(adjective, STR("awareness"));
    if (!found) {
        ctx_forgive(ctx);
        return false;
    }
    struct json_iter options = json_each(json_get(root, STR("options")));
    if (!json_next(&options)) {
        return false;
    }
    first = options.value;
    if (!json_str(json_get(first, STR("id")), &id)) {
        return false;
    }
    *option = str_copy(&ctx->arena, id);
    return true;
}

/* A question that was worded anew is another series: the one that was asked last counts. */
static const struct result_question *question_of(struct ctx *ctx, const struct results *results, str *option)
{
    const struct result_question *questions = results->questions.items, *found = NULL;
    str other;
    for (i64 i = 0; i < results->questions.count; i++) {
        bool same = found == NULL || str_eq(found->id, questions[i].id);
        if (same && knowing_option(ctx, &questions[i], &other)) {
            found = &questions[i];
            *option = other;
        }
    }
    return found;
}

static struct tally tally_of(const struct results *results, const struct result_question *like, str option)
{
    const struct result_question *questions = results->questions.items;
    struct tally tally = {0};
    for (i64 i = 0; i < results->questions.count; i++) {
        const struct result_count *counts = questions[i].options.items;
        if (!str_eq(questions[i].id, like->id) || !str_eq(questions[i].series, like->series)) {
            continue;
        }
        for (i64 k = 0; k < questions[i].options.count; k++) {
            tally.answers += counts[k].n;
            tally.knew += str_eq(counts[k].id, option) ? counts[k].n : 0;
        }
    }
    return tally;
}

static struct awareness_part part_of(struct tally tally, i64 minimum_n)
{
    struct awareness_part part = {.answers = tally.answers, .knew = tally.knew, .few = tally.answers < minimum_n};
    struct interval share;
    if (interval_share(tally.knew, tally.answers, &share) == OK) {
        part.share = (struct maybe_f64){share.value, true};
        part.low = (struct maybe_f64){share.low, true};
        part.high = (struct maybe_f64){share.high, true};
    }
    return part;
}

static void set_change(struct tally before, struct tally after, struct awareness *out)
{
    struct difference difference;
    if (compare_shares(after.knew, after.answers, before.knew, before.answers, &difference) == OK) {
        out->change = (struct maybe_f64){difference.delta, true};
        out->change_low = (struct maybe_f64){difference.low, true};
        out->change_high = (struct maybe_f64){difference.high, true};
    }
}

err awareness_read(struct ctx *ctx, struct surveys *surveys, const struct proposal *proposal,
                   struct results_filter filter, i64 minimum_n, struct awareness *out)
{
    struct survey survey;
    struct results all, later = {0};
    str option = STR_NONE;
    *out = (struct awareness){.question = STR("")};
    if (!id_parse(proposal->survey, &filter.survey) || survey_get(ctx, surveys, filter.survey, &survey) != OK) {
        ctx_forgive(ctx);
        return FAIL(ctx, ERR_NOT_FOUND, "survey", "error.proposal.no_survey");
    }
    filter.document_seen = survey_sees_document(&filter.sight, &survey.document);
    out->survey = survey.id;
    out->name = survey.name;
    out->since_ms = proposal->told_ms > 0 ? proposal->told_ms : proposal->done_ms;
    TRY(survey_results(ctx, surveys, &filter, minimum_n, &all));
    if (out->since_ms > 0) {
        filter.from_ms = out->since_ms;
        TRY(survey_results(ctx, surveys, &filter, minimum_n, &later));
    }
    struct tally before = {0}, after = {0};
    const struct result_question *question = question_of(ctx, &all, &option);
    if (question != NULL) {
        out->question = question->id;
        after = tally_of(&later, question, option);
        before = tally_of(&all, question, option);
        before = (struct tally){before.answers - after.answers, before.knew - after.knew};
    }
    out->before = part_of(before, minimum_n);
    out->after = part_of(after, minimum_n);
    set_change(before, after, out);
    return OK;
}
