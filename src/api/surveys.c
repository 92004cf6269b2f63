/* Surveys: /api/v1/surveys, their drafts, versions and state; the question bank. */
#include "listen/survey/survey.h"

#include "api/app.h"
#include "api/routes.h"
#include "api/voices.h"
#include "base/id.h"
#include "listen/survey/bank.h"
#include "listen/survey/results.h"
#include "store/settings.h"

/* A problem of a draft in the reader's language. */
struct shown_problem {
    str pointer, detail;
};
static const struct shape_field problem_fields[] = {
    {"pointer", SHAPE_STR, offsetof(struct shown_problem, pointer), .flags = SHAPE_REQUIRED},
    {"detail", SHAPE_STR, offsetof(struct shown_problem, detail), .flags = SHAPE_REQUIRED},
};
static const struct shape problem_shape_of_survey = SHAPE("SurveyProblem", struct shown_problem, problem_fields,
                                                          "shape.survey_problem");

struct shown {
    struct survey survey;
    struct shape_list problems;
};
#define S(member) offsetof(struct shown, survey.member)
static const struct shape_field shown_fields[] = {
    SURVEY_FACTS(S),
    {"etag", SHAPE_STR, S(etag), .flags = SHAPE_REQUIRED},
    {"document", SHAPE_OBJECT, S(document), .of = &survey_document_shape, .flags = SHAPE_REQUIRED},
    {"problems", SHAPE_LIST, offsetof(struct shown, problems), .of = &problem_shape_of_survey, .flags = SHAPE_REQUIRED,
     .help = "shape.survey.problems"},
};
#undef S
static const struct shape shown_shape = SHAPE("Survey", struct shown, shown_fields, "shape.survey");

struct new_survey {
    struct survey_document document;
};
static const struct shape_field new_fields[] = {
    {"document", SHAPE_OBJECT, offsetof(struct new_survey, document), .of = &survey_document_shape,
     .flags = SHAPE_REQUIRED},
};
static const struct shape new_shape = SHAPE("SurveyNew", struct new_survey, new_fields, "shape.survey_new");

static const struct shape_field change_fields[] = {
    {"access", SHAPE_WORD, offsetof(struct survey, access), .words = survey_access_words, .flags = SHAPE_REQUIRED,
     .help = "shape.survey.access"},
};
static const struct shape change_shape = SHAPE("SurveyChange", struct survey, change_fields, "shape.survey_change");

static const struct shape_field state_fields[] = {
    {"state", SHAPE_WORD, offsetof(struct survey, state), .words = survey_state_words, .flags = SHAPE_REQUIRED,
     .help = "shape.survey.state"},
};
static const struct shape state_shape = SHAPE("SurveyState", struct survey, state_fields, "shape.survey_state");

static const struct shape_field publish_fields[] = {
    {"comparable", SHAPE_JSON, offsetof(struct survey_publishing, comparable), .max = 20000,
     .help = "shape.survey.comparable"},
};
static const struct shape publish_shape = SHAPE("SurveyPublish", struct survey_publishing, publish_fields,
                                                "shape.survey_publish");

struct shown_version {
    struct survey_version version;
    struct survey_document document;
};
static const struct shape_field version_fields[] = {
    {"version", SHAPE_I64, offsetof(struct shown_version, version.version), .flags = SHAPE_REQUIRED},
    {"published_ms", SHAPE_TIME, offsetof(struct shown_version, version.published_ms), .flags = SHAPE_REQUIRED},
    {"by", SHAPE_STR, offsetof(struct shown_version, version.by), .flags = SHAPE_REQUIRED},
    {"responses", SHAPE_I64, offsetof(struct shown_version, version.responses), .flags = SHAPE_REQUIRED},
    {"document", SHAPE_OBJECT, offsetof(struct shown_version, document), .of = &survey_document_shape,
     .flags = SHAPE_REQUIRED},
};
static const struct shape version_shape = SHAPE("SurveyVersionShown", struct shown_version, version_fields,
                                                "shape.survey_version_shown");

static str if_match(const struct request *request)
{
    str etag = str_trim(request_header(request, "If-Match"));
    bool quoted = etag.len >= 2 && etag.data[0] == '"' && etag.data[etag.len - 1] == '"';
    return quoted ? str_slice(etag, 1, etag.len - 1) : etag;
}

/* What whoever asks sees of a survey. */
static err filter_of(struct request *request, const struct survey *survey, struct results_filter *out)
{
    *out = (struct results_filter){.survey = survey->id};
    TRY(voices_survey_sight(request, &out->sight));
    struct survey_sight touchpoints = out->sight;
    touchpoints.places = (struct str_list){0};
    out->document_seen = survey_sees(&touchpoints, &survey->document, STR(""), STR(""));
    return OK;
}

/* The figures of a survey as whoever is limited to places or departments sees them. */
static err limit_figures(struct request *request, i64 minimum_n, struct survey *survey)
{
    struct results_filter filter;
    struct results results;
    TRY(filter_of(request, survey, &filter));
    if (survey_sees_all(&filter.sight)) {
        return OK;
    }
    TRY(survey_results(request->ctx, request->app->surveys, &filter, minimum_n, &results));
    survey->invited = results.invited;
    survey->answered_invited = results.answered_invited;
    survey->opened = results.opened;
    survey->started = results.started;
    survey->finished = results.finished;
    survey->last_ms = 0;
    survey->score = NULL;
    const struct result_question *questions = results.questions.items;
    for (i64 i = 0; i < results.questions.count && survey->score == NULL; i++) {
        survey->score = questions[i].figure;
    }
    return OK;
}

/* Pointers begin at the document, wherever it stood in the request. */
static err show_survey(struct request *request, struct reply *reply, i64 id)
{
    struct ctx *ctx = request->ctx;
    struct shown shown = {0};
    TRY(survey_get(ctx, request->app->surveys, id, &shown.survey));
    TRY(survey_count(ctx, request->app->surveys, &shown.survey));
    TRY(limit_figures(request, 0, &shown.survey));
    const struct survey_problems *found = &shown.survey.problems;
    struct shown_problem *problems = arena_new(&ctx->arena, struct shown_problem, greater(found->count, 1));
    for (i64 i = 0; i < found->count; i++) {
        const struct fault *fault = &found->items[i].fault;
        problems[i].pointer = found->items[i].pointer;
        problems[i].detail = sentence_fill(&ctx->arena, request->language, fault->key, fault->args, fault->arg_count);
    }
    shown.problems = (struct shape_list){problems, found->count};
    reply_header(reply, "ETag", str_format(&ctx->arena, "\"%.*s\"", STR_ARG(shown.survey.etag)));
    return reply_shape(reply, &shown_shape, &shown);
}

static err audit(struct request *request, const char *action, i64 id, str detail)
{
    char text[ID_TEXT_LEN];
    return request_audit(request, action, id_text(id, text), detail);
}

static err list(struct request *request, struct reply *reply)
{
    struct shape_list items;
    struct settings settings;
    TRY(settings_read(request->ctx, request->app->store, &settings));
    TRY(survey_list(request->ctx, request->app->surveys, &items));
    for (i64 i = 0; i < items.count; i++) {
        struct survey *survey = (struct survey *)items.items + i;
        TRY(survey_score(request->ctx, request->app->surveys, survey, settings.minimum_n, &survey->score));
        TRY(limit_figures(request, settings.minimum_n, survey));
    }
    return reply_list(reply, &survey_summary_shape, items, STR_NONE);
}

static err create(struct request *request, struct reply *reply)
{
    const struct new_survey *given = request->input;
    i64 id;
    TRY(survey_add(request->ctx, request->app->surveys, principal_name(request->who), &given->document, &id));
    TRY(audit(request, "survey.create", id, given->document.name));
    return show_survey(request, reply, id);
}

static err show(struct request *request, struct reply *reply)
{
    i64 id;
    TRY(request_param_id(request, "id", &id));
    return show_survey(request, reply, id);
}

static err put_draft(struct request *request, struct reply *reply)
{
    const struct survey_document *document = request->input;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(survey_put_draft(request->ctx, request->app->surveys, id, document, if_match(request)));
    TRY(audit(request, "survey.draft", id, document->name));
    return show_survey(request, reply, id);
}

static err drop_draft(struct request *request, struct reply *reply)
{
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(survey_drop_draft(request->ctx, request->app->surveys, id));
    TRY(audit(request, "survey.draft.drop", id, STR("")));
    return show_survey(request, reply, id);
}

static err publish(struct request *request, struct reply *reply)
{
    struct survey_publishing with = *(const struct survey_publishing *)request->input;
    TRY(request_param_id(request, "id", &with.id));
    with.by = principal_name(request->who);
    with.etag = if_match(request);
    TRY(survey_publish(request->ctx, request->app->surveys, &with));
    TRY(audit(request, "survey.publish", with.id, STR("")));
    return show_survey(request, reply, with.id);
}

static err set_state(struct request *request, struct reply *reply)
{
    const struct survey *given = request->input;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(survey_set_state(request->ctx, request->app->surveys, id, (enum survey_state)given->state));
    TRY(audit(request, "survey.state", id, str_from(survey_state_words[given->state])));
    return show_survey(request, reply, id);
}

static err change(struct request *request, struct reply *reply)
{
    const struct survey *given = request->input;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(survey_set_access(request->ctx, request->app->surveys, id, (enum survey_access)given->access));
    TRY(audit(request, "survey.access", id, str_from(survey_access_words[given->access])));
    return show_survey(request, reply, id);
}

static err remove_survey(struct request *request, struct reply *reply)
{
    struct survey removed;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(survey_remove(request->ctx, request->app->surveys, id, &removed));
    TRY(audit(request, "survey.remove", id, removed.name));
    return reply_nothing(reply);
}

static err versions(struct request *request, struct reply *reply)
{
    struct survey survey;
    struct results_filter filter;
    struct shape_list items;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(survey_get(request->ctx, request->app->surveys, id, &survey));
    TRY(survey_versions(request->ctx, request->app->surveys, id, &items));
    TRY(filter_of(request, &survey, &filter));
    TRY(survey_version_answers(request->ctx, request->app->surveys, &filter, items));
    return reply_list(reply, &survey_version_shape, items, STR_NONE);
}

static err version(struct request *request, struct reply *reply)
{
    struct shown_version shown = {0};
    struct survey survey;
    struct results_filter filter;
    i64 id, number;
    TRY(request_param_id(request, "id", &id));
    if (!str_i64(request_param(request, "version"), &number)) {
        return ERR_NOT_FOUND;
    }
    TRY(survey_get(request->ctx, request->app->surveys, id, &survey));
    TRY(survey_version_get(request->ctx, request->app->surveys, id, number, &shown.version, &shown.document));
    TRY(filter_of(request, &survey, &filter));
    TRY(survey_version_answers(request->ctx, request->app->surveys, &filter, (struct shape_list){&shown.version, 1}));
    return reply_shape(reply, &version_shape, &shown);
}

static err bank_items(struct request *request, struct reply *reply)
{
    struct bank bank;
    TRY(survey_bank(request->ctx, &bank));
    return reply_list(reply, &bank_item_shape, bank.items, STR_NONE);
}

static err bank_templates(struct request *request, struct reply *reply)
{
    struct bank bank;
    TRY(survey_bank(request->ctx, &bank));
    return reply_list(reply, &bank_template_shape, bank.templates, STR_NONE);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/surveys", list, RIGHT_SURVEYS_READ, .out = &survey_summary_shape, .flags = ROUTE_LIST,
     .summary = "route.surveys.list"},
    {HTTP_POST, "/api/v1/surveys", create, RIGHT_SURVEYS_WRITE, .in = &new_shape, .out = &shown_shape, .status = 201,
     .flags = ROUTE_CHANGES, .summary = "route.surveys.create"},
    {HTTP_GET, "/api/v1/surveys/:id", show, RIGHT_SURVEYS_READ, .out = &shown_shape, .summary = "route.surveys.show"},
    {HTTP_PATCH, "/api/v1/surveys/:id", change, RIGHT_SURVEYS_WRITE, .in = &change_shape, .out = &shown_shape,
     .flags = ROUTE_CHANGES, .summary = "route.surveys.change"},
    {HTTP_DELETE, "/api/v1/surveys/:id", remove_survey, RIGHT_SURVEYS_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.surveys.remove"},
    {HTTP_PUT, "/api/v1/surveys/:id/draft", put_draft, RIGHT_SURVEYS_WRITE, .in = &survey_document_shape,
     .out = &shown_shape, .flags = ROUTE_CHANGES, .summary = "route.surveys.draft"},
    {HTTP_DELETE, "/api/v1/surveys/:id/draft", drop_draft, RIGHT_SURVEYS_WRITE, .out = &shown_shape,
     .flags = ROUTE_CHANGES, .summary = "route.surveys.drop_draft"},
    {HTTP_POST, "/api/v1/surveys/:id/publish", publish, RIGHT_SURVEYS_WRITE, .in = &publish_shape, .out = &shown_shape,
     .flags = ROUTE_CHANGES, .summary = "route.surveys.publish"},
    {HTTP_POST, "/api/v1/surveys/:id/state", set_state, RIGHT_SURVEYS_WRITE, .in = &state_shape, .out = &shown_shape,
     .flags = ROUTE_CHANGES, .summary = "route.surveys.state"},
    {HTTP_GET, "/api/v1/surveys/:id/versions", versions, RIGHT_SURVEYS_READ, .out = &survey_version_shape,
     .flags = ROUTE_LIST, .summary = "route.surveys.versions"},
    {HTTP_GET, "/api/v1/surveys/:id/versions/:version", version, RIGHT_SURVEYS_READ, .out = &version_shape,
     .summary = "route.surveys.version"},
    {HTTP_GET, "/api/v1/question-bank", bank_items, RIGHT_SURVEYS_READ, .out = &bank_item_shape, .flags = ROUTE_LIST,
     .summary = "route.surveys.bank"},
    {HTTP_GET, "/api/v1/survey-templates", bank_templates, RIGHT_SURVEYS_READ, .out = &bank_template_shape,
     .flags = ROUTE_LIST, .summary = "route.surveys.templates"},
};
const struct route_table surveys_routes = ROUTES(routes);
