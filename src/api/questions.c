/* Saved questions: /api/v1/questions. Whoever may ask reads them; asking is done with the reader's own rights. */
#include "api/asked.h"
#include "api/routes.h"
#include "journey/saved.h"

static const struct shape_field new_fields[] = {
    {"name", SHAPE_STR, offsetof(struct saved, name), .min = 1, .max = SAVED_NAME_MAX, .flags = SHAPE_REQUIRED},
    {"description", SHAPE_STR, offsetof(struct saved, description), .max = SAVED_TEXT_MAX},
    {"question", SHAPE_JSON, offsetof(struct saved, question), .min = 2, .max = SAVED_QUESTION_MAX,
     .flags = SHAPE_REQUIRED, .help = "shape.saved.question"},
    {"period", SHAPE_WORD, offsetof(struct saved, period), .words = saved_periods, .help = "shape.saved.period"},
    {"shown", SHAPE_WORD, offsetof(struct saved, shown), .words = saved_views, .help = "shape.saved.shown"},
};
static const struct shape new_shape = SHAPE("SavedQuestionNew", struct saved, new_fields, "shape.saved_new");

static const struct shape_field change_fields[] = {
    {"name", SHAPE_STR, offsetof(struct saved, name), .min = 1, .max = SAVED_NAME_MAX},
    {"description", SHAPE_STR, offsetof(struct saved, description), .max = SAVED_TEXT_MAX},
    {"question", SHAPE_JSON, offsetof(struct saved, question), .min = 2, .max = SAVED_QUESTION_MAX,
     .help = "shape.saved.question"},
    {"period", SHAPE_WORD, offsetof(struct saved, period), .words = saved_periods, .help = "shape.saved.period"},
    {"shown", SHAPE_WORD, offsetof(struct saved, shown), .words = saved_views, .help = "shape.saved.shown"},
};
static const struct shape change_shape = SHAPE("SavedQuestionChange", struct saved, change_fields,
                                               "shape.saved_change");

static err list(struct request *request, struct reply *reply)
{
    struct shape_list items;
    TRY(saved_list(request->ctx, request->app->store, request->who, &items));
    return reply_list(reply, &saved_shape, items, STR_NONE);
}

static err create(struct request *request, struct reply *reply)
{
    struct saved saved = *(const struct saved *)request->input;
    struct question_defaults defaults;
    TRY(asked_defaults(request->ctx, request->app, &defaults));
    TRY(saved_add(request->ctx, request->app->store, request->app->asked, request->who, &defaults, &saved));
    TRY(request_audit(request, "question.create", saved.name, STR("")));
    return reply_shape(reply, &saved_shape, &saved);
}

static err show(struct request *request, struct reply *reply)
{
    struct saved saved;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(saved_get(request->ctx, request->app->store, request->who, id, &saved));
    return reply_shape(reply, &saved_shape, &saved);
}

static void apply(struct saved *saved, const struct saved *change, shape_seen seen)
{
    saved->name = shape_has(&change_shape, seen, "name") ? change->name : saved->name;
    saved->description = shape_has(&change_shape, seen, "description") ? change->description : saved->description;
    saved->question = shape_has(&change_shape, seen, "question") ? change->question : saved->question;
    saved->period = shape_has(&change_shape, seen, "period") ? change->period : saved->period;
    saved->shown = shape_has(&change_shape, seen, "shown") ? change->shown : saved->shown;
}

static err change(struct request *request, struct reply *reply)
{
    struct saved saved;
    struct question_defaults defaults;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(asked_defaults(request->ctx, request->app, &defaults));
    TRY(saved_get(request->ctx, request->app->store, request->who, id, &saved));
    apply(&saved, request->input, request->seen);
    TRY(saved_change(request->ctx, request->app->store, request->app->asked, request->who, &defaults, &saved));
    TRY(request_audit(request, "question.change", saved.name, STR("")));
    return reply_shape(reply, &saved_shape, &saved);
}

static err remove_saved(struct request *request, struct reply *reply)
{
    struct saved saved;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(saved_remove(request->ctx, request->app->store, request->who, id, &saved));
    TRY(request_audit(request, "question.remove", saved.name, STR("")));
    return reply_nothing(reply);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/questions", list, RIGHT_ASK, .out = &saved_shape, .flags = ROUTE_LIST,
     .summary = "route.questions.list"},
    {HTTP_POST, "/api/v1/questions", create, RIGHT_EXPLORE_WRITE, .in = &new_shape, .out = &saved_shape, .status = 201,
     .flags = ROUTE_CHANGES, .summary = "route.questions.create"},
    {HTTP_GET, "/api/v1/questions/:id", show, RIGHT_ASK, .out = &saved_shape, .summary = "route.questions.show"},
    {HTTP_PATCH, "/api/v1/questions/:id", change, RIGHT_EXPLORE_WRITE, .in = &change_shape, .out = &saved_shape,
     .flags = ROUTE_CHANGES, .summary = "route.questions.change"},
    {HTTP_DELETE, "/api/v1/questions/:id", remove_saved, RIGHT_EXPLORE_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.questions.remove"},
};
const struct route_table questions_routes = ROUTES(routes);
