#include "listen/survey/rating.h"

#include "listen/survey/results.h"
#include "listen/survey/state.h"

enum { RATING_MS = 60000 };

enum { LOOK_STARS = 2 }; /* of survey_look_words */

static const struct survey_question *stars_of(const struct gate *gate)
{
    bool widget = gate->loaded && gate->link.kind == WAY_WIDGET && gate->document.questions.count > 0;
    const struct survey_question *first = widget ? survey_question_at(&gate->document, 0) : NULL;
    bool stars = first != NULL && first->type == SURVEY_CSAT && first->look == LOOK_STARS;
    return stars ? first : NULL;
}

static struct kept_rating *place_of(struct surveys *surveys, i64 link)
{
    return &surveys->ratings[(u64)link % countof(surveys->ratings)];
}

static bool is_kept(struct surveys *surveys, const struct survey_link *link, i64 now_ms, struct rating *out)
{
    pthread_mutex_lock(&surveys->lock);
    struct kept_rating kept = *place_of(surveys, link->id);
    pthread_mutex_unlock(&surveys->lock);
    out->votes = kept.votes;
    out->average = kept.average;
    return kept.link == link->id && kept.finished == link->finished && now_ms - kept.at_ms < RATING_MS;
}

static void keep(struct surveys *surveys, const struct survey_link *link, i64 now_ms, const struct rating *rating)
{
    pthread_mutex_lock(&surveys->lock);
    *place_of(surveys, link->id) = (struct kept_rating){
        .link = link->id,
        .finished = link->finished,
        .at_ms = now_ms,
        .votes = rating->votes,
        .average = rating->average,
    };
    pthread_mutex_unlock(&surveys->lock);
}

err survey_rating(struct ctx *ctx, struct surveys *surveys, str token, struct rating *out)
{
    struct gate gate;
    struct results results;
    *out = (struct rating){0};
    TRY(survey_gate(ctx, surveys, &(struct gate_asked){.token = token}, &gate));
    const struct survey_question *stars = stars_of(&gate);
    if (stars == NULL) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.survey.no_link");
    }
    struct scale scale = survey_scale(stars);
    out->scale = str_format(&ctx->arena, "%d-%d", (i32)scale.low, (i32)scale.high);
    i64 now_ms = ctx_now_ms(ctx);
    if (is_kept(surveys, &gate.link, now_ms, out)) {
        return OK;
    }
    out->votes = 0;
    out->average = (struct maybe_f64){0};
    struct results_filter filter = {.survey = gate.link.survey, .link = gate.link.id};
    TRY(survey_results(ctx, surveys, &filter, 0, &results));
    const struct result_question *questions = results.questions.items;
    for (i64 i = 0; i < results.questions.count; i++) {
        const struct result_figure *figure = questions[i].figure;
        if (figure != NULL && str_eq(questions[i].series, stars->series)) {
            out->votes = figure->n;
            out->average = figure->mean;
        }
    }
    keep(surveys, &gate.link, now_ms, out);
    return OK;
}
