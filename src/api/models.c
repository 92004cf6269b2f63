/* How the company reads its customers' words: /api/v1/models; and what was noticed: /api/v1/analysis/alerts. */
#include "listen/voices/models.h"
#include "act/act.h"
#include "api/asked.h"
#include "api/learning.h"
#include "api/routes.h"
#include "api/voices.h"
#include "base/id.h"
#include "listen/voices/alerts.h"

enum { TRY_TEXT_MAX = 10000 };

/* A change that somebody does not see is told to the rules. */
static err tell_rules(void *self, struct ctx *ctx, str kind, str cause, str told)
{
    struct app *app = self;
    return act_tell(ctx, app->act, &(struct alert){.word = kind, .id = cause, .told = told});
}

err learning_open(struct ctx *ctx, struct app *app)
{
    struct learner_options options = {
        .store = app->store,
        .processes = app->processes,
        .live = app->live,
        .self = app,
        .tell = tell_rules,
        .works = app->mode == APP_SERVE,
    };
    return learner_open(ctx, &options, &app->learner);
}

err learning_looking(struct ctx *ctx, struct app *app, struct alerts_looking *out)
{
    struct question_defaults defaults;
    TRY(asked_defaults(ctx, app, &defaults));
    *out = (struct alerts_looking){app->store, defaults.zone, app, tell_rules};
    return OK;
}

static err list(struct request *request, struct reply *reply)
{
    struct shape_list items;
    TRY(models_list(request->ctx, request->app->store, &items));
    return reply_list(reply, &model_row_shape, items, STR_NONE);
}

static err wrong(struct request *request, struct reply *reply)
{
    struct shape_list items;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(models_wrong(request->ctx, request->app->store, id, &items));
    return reply_list(reply, &model_wrong_shape, items, STR_NONE);
}

static err remove_model(struct request *request, struct reply *reply)
{
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(models_remove(request->ctx, request->app->learner, id));
    TRY(request_audit(request, "model.remove", request_param(request, "id"), STR("")));
    return reply_nothing(reply);
}

static err show_training(struct request *request, struct reply *reply)
{
    struct training training;
    TRY(models_training(request->ctx, request->app->learner, &training));
    return reply_shape(reply, &training_shape, &training);
}

static err train(struct request *request, struct reply *reply)
{
    TRY(models_train(request->ctx, request->app->learner, request->who->name));
    TRY(request_audit(request, "model.train", STR(""), STR("")));
    reply_status(reply, 202);
    return show_training(request, reply);
}

static err cancel(struct request *request, struct reply *reply)
{
    TRY(models_cancel(request->ctx, request->app->learner));
    TRY(request_audit(request, "model.cancel", STR(""), STR("")));
    return reply_nothing(reply);
}

struct try_input {
    str text;
};
static const struct shape_field try_fields[] = {
    {"text", SHAPE_STR, offsetof(struct try_input, text), .flags = SHAPE_REQUIRED, .min = 1, .max = TRY_TEXT_MAX},
};
static const struct shape try_shape = SHAPE("ModelTry", struct try_input, try_fields, NULL);

static err try_out(struct request *request, struct reply *reply)
{
    const struct try_input *input = request->input;
    struct tried tried;
    TRY(models_try(request->ctx, request->app->learner, input->text, &tried));
    return reply_shape(reply, &tried_shape, &tried);
}

struct alerts_query {
    bool open;
    i64 limit;
    str after;
};
static const struct shape_field alerts_query_fields[] = {
    {"open", SHAPE_BOOL, offsetof(struct alerts_query, open), .help = "shape.alerts_query.open"},
    {"limit", SHAPE_I64, offsetof(struct alerts_query, limit), .min = 1, .max = LIMIT_PAGE},
    {"after", SHAPE_STR, offsetof(struct alerts_query, after), .max = 40},
};
static const struct shape alerts_query_shape = SHAPE("AlertsQuery", struct alerts_query, alerts_query_fields, NULL);

static err alerts(struct request *request, struct reply *reply)
{
    const struct alerts_query *query = request->query;
    struct feedback_source_of from;
    struct shape_list items;
    i64 before = 0, limit = page_limit(query->limit);
    char text[ID_TEXT_LEN];
    if (str_is(query->after) && !id_parse(query->after, &before)) {
        return FAIL(request->ctx, ERR_INVALID, "after", "error.cursor");
    }
    TRY(voices_source(request, &from));
    struct alerts_asked asked = {&from.sight, query->open, before, limit};
    TRY(alerts_list(request->ctx, request->app->store, &asked, &items));
    const struct noticed *rows = items.items;
    str next = items.count < limit ? STR_NONE : str_copy(&request->ctx->arena, id_text(rows[items.count - 1].id, text));
    return reply_list(reply, &noticed_shape, items, next);
}

struct aside_input {
    bool seen;
};
static const struct shape_field aside_fields[] = {
    {"seen", SHAPE_BOOL, offsetof(struct aside_input, seen), .flags = SHAPE_REQUIRED, .help = "shape.alert.seen"},
};
static const struct shape aside_shape = SHAPE("AlertChange", struct aside_input, aside_fields, NULL);

static err put_aside(struct request *request, struct reply *reply)
{
    const struct aside_input *input = request->input;
    struct feedback_source_of from;
    struct noticed noticed;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(voices_source(request, &from));
    TRY(alerts_find(request->ctx, request->app->store, &from.sight, id, &noticed));
    TRY(alerts_put_aside(request->ctx, request->app->store, id, input->seen, request->who->name));
    TRY(request_audit(request, "alert.change", request_param(request, "id"), STR("")));
    TRY(alerts_find(request->ctx, request->app->store, &from.sight, id, &noticed));
    return reply_shape(reply, &noticed_shape, &noticed);
}

struct looked {
    i64 found;
};
static const struct shape_field looked_fields[] = {
    {"found", SHAPE_I64, offsetof(struct looked, found), .flags = SHAPE_REQUIRED, .help = "shape.looked.found"},
};
static const struct shape looked_shape = SHAPE("AlertsLooked", struct looked, looked_fields, NULL);

/* Of what was found now. */
static err count_in_sight(struct request *request, i64 *found)
{
    struct feedback_source_of from;
    struct shape_list items;
    TRY(voices_source(request, &from));
    struct alerts_asked asked = {&from.sight, false, 0, LIMIT_PAGE};
    TRY(alerts_list(request->ctx, request->app->store, &asked, &items));
    const struct noticed *rows = items.items;
    i64 fresh = 0;
    for (i64 i = 0; i < items.count; i++) {
        fresh += rows[i].created_ms >= ctx_now_ms(request->ctx);
    }
    *found = lesser(*found, fresh);
    return OK;
}

static err look(struct request *request, struct reply *reply)
{
    struct alerts_looking looking;
    struct looked looked = {0};
    TRY(learning_looking(request->ctx, request->app, &looking));
    TRY(alerts_look(request->ctx, &looking, &looked.found));
    if (principal_limited(request->who)) {
        TRY(count_in_sight(request, &looked.found));
    }
    return reply_shape(reply, &looked_shape, &looked);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/models", list, RIGHT_VOICES_READ, .out = &model_row_shape, .flags = ROUTE_LIST,
     .summary = "route.models.list"},
    {HTTP_GET, "/api/v1/models/training", show_training, RIGHT_VOICES_READ, .out = &training_shape,
     .summary = "route.models.training"},
    {HTTP_POST, "/api/v1/models/training", train, RIGHT_SURVEYS_WRITE, .out = &training_shape, .status = 202,
     .summary = "route.models.train"},
    {HTTP_DELETE, "/api/v1/models/training", cancel, RIGHT_SURVEYS_WRITE, .summary = "route.models.cancel"},
    {HTTP_POST, "/api/v1/models/try", try_out, RIGHT_VOICES_READ, .in = &try_shape, .out = &tried_shape,
     .summary = "route.models.try"},
    {HTTP_GET, "/api/v1/models/:id/wrong", wrong, RIGHT_VOICES_READ, .out = &model_wrong_shape, .flags = ROUTE_LIST,
     .summary = "route.models.wrong"},
    {HTTP_DELETE, "/api/v1/models/:id", remove_model, RIGHT_SURVEYS_WRITE, .summary = "route.models.remove"},
    {HTTP_GET, "/api/v1/analysis/alerts", alerts, RIGHT_VOICES_READ, .query = &alerts_query_shape,
     .out = &noticed_shape, .flags = ROUTE_LIST, .summary = "route.alerts.list"},
    {HTTP_POST, "/api/v1/analysis/alerts/look", look, RIGHT_VOICES_WRITE, .out = &looked_shape,
     .summary = "route.alerts.look"},
    {HTTP_PATCH, "/api/v1/analysis/alerts/:id", put_aside, RIGHT_VOICES_WRITE, .in = &aside_shape,
     .out = &noticed_shape, .flags = ROUTE_CHANGES, .summary = "route.alerts.change"},
};
const struct route_table models_routes = ROUTES(routes);
