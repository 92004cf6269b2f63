/* Promises: /api/v1/promises, how far they are kept, and who is behind. */
#include "listen/voices/promise.h"

#include "api/asked.h"
#include "api/routes.h"
#include "journey/behind.h"

struct list_query {
    str touchpoint;
};
static const struct shape_field list_query_fields[] = {
    {"touchpoint", SHAPE_STR, offsetof(struct list_query, touchpoint), .max = 60, .help = "shape.promise.touchpoint"},
};
static const struct shape list_query_shape = SHAPE("PromisesQuery", struct list_query, list_query_fields, NULL);

#define WORDS                                                                                                          \
    {"text_vi", SHAPE_STR, offsetof(struct promise, text_vi), .max = PROMISE_TEXT_MAX, .help = "shape.promise.text"},  \
        {"text_en", SHAPE_STR, offsetof(struct promise, text_en), .max = PROMISE_TEXT_MAX,                             \
         .help = "shape.promise.text"},                                                                                \
        {"touchpoint", SHAPE_STR, offsetof(struct promise, touchpoint), .max = 60,                                     \
         .help = "shape.promise.touchpoint"},                                                                          \
        {"made_where", SHAPE_STR, offsetof(struct promise, made_where), .max = PROMISE_TEXT_MAX,                       \
         .help = "shape.promise.made_where"},                                                                          \
        {"made_by", SHAPE_STR, offsetof(struct promise, made_by), .max = 200, .help = "shape.promise.made_by"},        \
    {                                                                                                                  \
        "since", SHAPE_STR, offsetof(struct promise, since), .max = 10, .help = "shape.promise.since"                  \
    }

static const struct shape_field new_fields[] = {
    WORDS,
    {"target", SHAPE_F64, offsetof(struct promise, target), .flags = SHAPE_REQUIRED, .help = "shape.promise.target"},
    {"test", SHAPE_JSON, offsetof(struct promise, test), .min = 2, .max = PROMISE_TEST_MAX, .flags = SHAPE_REQUIRED,
     .help = "shape.promise.test"},
};
static const struct shape new_shape = SHAPE("PromiseNew", struct promise, new_fields, "shape.promise_new");

static const struct shape_field change_fields[] = {
    WORDS,
    {"target", SHAPE_F64, offsetof(struct promise, target), .help = "shape.promise.target"},
    {"test", SHAPE_JSON, offsetof(struct promise, test), .min = 2, .max = PROMISE_TEST_MAX,
     .help = "shape.promise.test"},
    {"retired", SHAPE_BOOL, offsetof(struct promise, retired), .help = "shape.promise.retired"},
};
static const struct shape change_shape = SHAPE("PromiseChange", struct promise, change_fields, "shape.promise_change");

static err list(struct request *request, struct reply *reply)
{
    const struct list_query *query = request->query;
    struct shape_list items;
    TRY(promise_list(request->ctx, request->app->store, query->touchpoint, &items));
    return reply_list(reply, &promise_shape, items, STR_NONE);
}

static str words_of(const struct promise *promise)
{
    return promise->text_vi.len > 0 ? promise->text_vi : promise->text_en;
}

static err create(struct request *request, struct reply *reply)
{
    struct app *app = request->app;
    struct promise promise = *(const struct promise *)request->input;
    struct question_defaults defaults;
    TRY(asked_defaults(request->ctx, app, &defaults));
    TRY(promise_add(request->ctx, app->store, app->asked, request->who, &defaults, &promise));
    TRY(request_audit(request, "promise.create", words_of(&promise), STR("")));
    return reply_shape(reply, &promise_shape, &promise);
}

static err find(struct request *request, struct promise *out)
{
    i64 id;
    TRY(request_param_id(request, "id", &id));
    return promise_get(request->ctx, request->app->store, id, out);
}

static err show(struct request *request, struct reply *reply)
{
    struct promise promise;
    TRY(find(request, &promise));
    return reply_shape(reply, &promise_shape, &promise);
}

static void apply(struct promise *promise, const struct promise *change, shape_seen seen)
{
    const struct {
        const char *name;
        str *into;
        str from;
    } texts[] = {
        {"text_vi", &promise->text_vi, change->text_vi},
        {"text_en", &promise->text_en, change->text_en},
        {"touchpoint", &promise->touchpoint, change->touchpoint},
        {"made_where", &promise->made_where, change->made_where},
        {"made_by", &promise->made_by, change->made_by},
        {"since", &promise->since, change->since},
        {"test", &promise->test, change->test},
    };
    for (u32 i = 0; i < countof(texts); i++) {
        if (shape_has(&change_shape, seen, texts[i].name)) {
            *texts[i].into = texts[i].from;
        }
    }
    promise->target = shape_has(&change_shape, seen, "target") ? change->target : promise->target;
    promise->retired = shape_has(&change_shape, seen, "retired") ? change->retired : promise->retired;
}

static err change(struct request *request, struct reply *reply)
{
    struct app *app = request->app;
    struct promise promise;
    struct question_defaults defaults;
    TRY(asked_defaults(request->ctx, app, &defaults));
    TRY(find(request, &promise));
    apply(&promise, request->input, request->seen);
    TRY(promise_change(request->ctx, app->store, app->asked, &defaults, &promise));
    TRY(request_audit(request, "promise.change", words_of(&promise), STR("")));
    return reply_shape(reply, &promise_shape, &promise);
}

static err remove_promise(struct request *request, struct reply *reply)
{
    struct promise promise;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(promise_remove(request->ctx, request->app->store, id, &promise));
    TRY(request_audit(request, "promise.remove", words_of(&promise), STR("")));
    return reply_nothing(reply);
}

/* How far it is kept. */

static const struct shape_field span_fields[] = {
    {"from", SHAPE_STR, offsetof(struct promise_span, from), .max = 40, .help = "shape.question.from"},
    {"to", SHAPE_STR, offsetof(struct promise_span, to), .max = 40, .help = "shape.question.to"},
    {"every", SHAPE_STR, offsetof(struct promise_span, every), .max = 10, .help = "shape.question.every"},
    {"where", SHAPE_JSON, offsetof(struct promise_span, where), .max = PROMISE_TEST_MAX,
     .help = "shape.question.where"},
};
static const struct shape span_shape = SHAPE("PromiseSpan", struct promise_span, span_fields, NULL);

static err ask(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct app *app = request->app;
    struct sight scope = asked_scope(request->who);
    struct question_defaults defaults;
    struct promise promise;
    struct promise_answer answer;
    TRY(asked_defaults(ctx, app, &defaults));
    TRY(find(request, &promise));
    TRY(asked_run(request, STR("promise")));
    TRY(running_end(ctx, promise_ask(ctx, app->asked, &scope, &defaults, &promise, request->input, &answer)));
    return reply_shape(reply, &promise_answer_shape, &answer);
}

static const struct shape_field behind_fields[] = {
    {"from", SHAPE_STR, offsetof(struct promise_behind, span.from), .max = 40, .help = "shape.question.from"},
    {"to", SHAPE_STR, offsetof(struct promise_behind, span.to), .max = 40, .help = "shape.question.to"},
    {"every", SHAPE_STR, offsetof(struct promise_behind, span.every), .max = 10, .help = "shape.question.every"},
    {"where", SHAPE_JSON, offsetof(struct promise_behind, span.where), .max = PROMISE_TEST_MAX,
     .help = "shape.question.where"},
    {"what", SHAPE_STR, offsetof(struct promise_behind, what), .max = 20, .flags = SHAPE_REQUIRED,
     .help = "shape.promise_behind.what"},
    {"period", SHAPE_STR, offsetof(struct promise_behind, period), .max = 40, .help = "shape.promise_behind.period"},
    {"limit", SHAPE_I64, offsetof(struct promise_behind, limit), .min = 0, .max = QUESTION_LIMIT_MAX,
     .help = "shape.question.limit"},
    {"after", SHAPE_ID, offsetof(struct promise_behind, after), .help = "shape.question.after"},
};
static const struct shape behind_shape = SHAPE("PromiseBehind", struct promise_behind, behind_fields, NULL);

static err behind(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct app *app = request->app;
    struct sight scope = asked_scope(request->who);
    struct question_defaults defaults;
    struct promise promise;
    struct behind_page page;
    TRY(asked_defaults(ctx, app, &defaults));
    TRY(find(request, &promise));
    TRY(asked_run(request, STR("behind")));
    TRY(running_end(ctx, promise_behind(ctx, app->asked, &scope, &defaults, &promise, request->input, &page)));
    if (page.items.count > 0) {
        TRY(request_audit(request, "people.read", STR("behind"),
                          str_format(&ctx->arena, "%lld", (long long)page.items.count)));
    }
    return reply_shape(reply, &behind_page_shape, &page);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/promises", list, RIGHT_VOICES_READ, .query = &list_query_shape, .out = &promise_shape,
     .flags = ROUTE_LIST, .summary = "route.promises.list"},
    {HTTP_POST, "/api/v1/promises", create, RIGHT_VOICES_WRITE, .in = &new_shape, .out = &promise_shape, .status = 201,
     .flags = ROUTE_CHANGES, .summary = "route.promises.create"},
    {HTTP_GET, "/api/v1/promises/:id", show, RIGHT_VOICES_READ, .out = &promise_shape,
     .summary = "route.promises.show"},
    {HTTP_PATCH, "/api/v1/promises/:id", change, RIGHT_VOICES_WRITE, .in = &change_shape, .out = &promise_shape,
     .flags = ROUTE_CHANGES, .summary = "route.promises.change"},
    {HTTP_DELETE, "/api/v1/promises/:id", remove_promise, RIGHT_VOICES_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.promises.remove"},
    {HTTP_POST, "/api/v1/promises/:id/ask", ask, RIGHT_VOICES_READ, .query = &run_query_shape, .in = &span_shape,
     .out = &promise_answer_shape, .summary = "route.promises.ask"},
    {HTTP_POST, "/api/v1/promises/:id/behind", behind, RIGHT_PEOPLE_READ, .query = &run_query_shape,
     .in = &behind_shape, .out = &behind_page_shape, .summary = "route.promises.behind"},
};
const struct route_table promises_routes = ROUTES(routes);
