/* Questions: POST /api/v1/ask, POST /api/v1/rows, GET /api/v1/catalogue. */
#include "journey/ask.h"

#include "api/asked.h"
#include "api/people.h"
#include "api/routes.h"
#include "base/id.h"
#include "journey/catalogue.h"
#include "people/people.h"

/* The members of a question for the description; the engine reads the body itself, because what is allowed depends on the
 * kind of question. */
struct asked {
    str ask;
    str zone, from, to, where, by, every, metric, of, person, limit, after, journey, version, versions, as_of,
        minimum_n;
    str steps, within, order, start, back, periods, cohort, elapsed, end, top, collapse, node, traveller, ends;
};
static const struct shape_field asked_fields[] = {
    {"ask", SHAPE_STR, offsetof(struct asked, ask), .flags = SHAPE_REQUIRED, .help = "shape.question.ask"},
    {"zone", SHAPE_JSON, offsetof(struct asked, zone), .help = "shape.question.zone"},
    {"from", SHAPE_JSON, offsetof(struct asked, from), .help = "shape.question.from"},
    {"to", SHAPE_JSON, offsetof(struct asked, to), .help = "shape.question.to"},
    {"where", SHAPE_JSON, offsetof(struct asked, where), .help = "shape.question.where"},
    {"by", SHAPE_JSON, offsetof(struct asked, by), .help = "shape.question.by"},
    {"every", SHAPE_JSON, offsetof(struct asked, every), .help = "shape.question.every"},
    {"metric", SHAPE_JSON, offsetof(struct asked, metric), .help = "shape.question.metric"},
    {"of", SHAPE_JSON, offsetof(struct asked, of), .help = "shape.question.of"},
    {"steps", SHAPE_JSON, offsetof(struct asked, steps), .help = "shape.question.steps"},
    {"within", SHAPE_JSON, offsetof(struct asked, within), .help = "shape.question.within"},
    {"order", SHAPE_JSON, offsetof(struct asked, order), .help = "shape.question.order"},
    {"start", SHAPE_JSON, offsetof(struct asked, start), .help = "shape.question.start"},
    {"return", SHAPE_JSON, offsetof(struct asked, back), .help = "shape.question.return"},
    {"periods", SHAPE_JSON, offsetof(struct asked, periods), .help = "shape.question.periods"},
    {"cohort", SHAPE_JSON, offsetof(struct asked, cohort), .help = "shape.question.cohort"},
    {"elapsed", SHAPE_JSON, offsetof(struct asked, elapsed), .help = "shape.question.elapsed"},
    {"end", SHAPE_JSON, offsetof(struct asked, end), .help = "shape.question.end"},
    {"top", SHAPE_JSON, offsetof(struct asked, top), .help = "shape.question.top"},
    {"collapse", SHAPE_JSON, offsetof(struct asked, collapse), .help = "shape.question.collapse"},
    {"node", SHAPE_JSON, offsetof(struct asked, node), .help = "shape.question.node"},
    {"traveller", SHAPE_JSON, offsetof(struct asked, traveller), .help = "shape.question.traveller"},
    {"ends", SHAPE_JSON, offsetof(struct asked, ends), .help = "shape.question.ends"},
    {"person", SHAPE_JSON, offsetof(struct asked, person), .help = "shape.question.person"},
    {"limit", SHAPE_JSON, offsetof(struct asked, limit), .help = "shape.question.limit"},
    {"after", SHAPE_JSON, offsetof(struct asked, after), .help = "shape.question.after"},
    {"journey", SHAPE_JSON, offsetof(struct asked, journey), .help = "shape.question.journey"},
    {"version", SHAPE_JSON, offsetof(struct asked, version), .help = "shape.question.version"},
    {"versions", SHAPE_JSON, offsetof(struct asked, versions), .help = "shape.question.versions"},
    {"as_of", SHAPE_JSON, offsetof(struct asked, as_of), .help = "shape.question.as_of"},
    {"minimum_n", SHAPE_JSON, offsetof(struct asked, minimum_n), .help = "shape.question.minimum_n"},
};
static const struct shape asked_shape = SHAPE("Question", struct asked, asked_fields, "shape.question");

static const struct shape_field rows_fields[] = {
    {"zone", SHAPE_JSON, offsetof(struct asked, zone), .help = "shape.question.zone"},
    {"from", SHAPE_JSON, offsetof(struct asked, from), .help = "shape.question.from"},
    {"to", SHAPE_JSON, offsetof(struct asked, to), .help = "shape.question.to"},
    {"where", SHAPE_JSON, offsetof(struct asked, where), .help = "shape.question.where"},
    {"limit", SHAPE_JSON, offsetof(struct asked, limit), .help = "shape.question.limit"},
    {"after", SHAPE_JSON, offsetof(struct asked, after), .help = "shape.question.after"},
    {"journey", SHAPE_JSON, offsetof(struct asked, journey), .help = "shape.question.journey"},
    {"version", SHAPE_JSON, offsetof(struct asked, version), .help = "shape.question.version"},
    {"versions", SHAPE_JSON, offsetof(struct asked, versions), .help = "shape.question.versions"},
    {"as_of", SHAPE_JSON, offsetof(struct asked, as_of), .help = "shape.question.as_of"},
};
static const struct shape rows_shape = SHAPE("RowsQuestion", struct asked, rows_fields, "shape.rows_question");

struct read_figures {
    i64 events, people, bytes, threads;
};
static const struct shape_field read_fields[] = {
    {"events", SHAPE_I64, offsetof(struct read_figures, events), .help = "shape.read.events"},
    {"people", SHAPE_I64, offsetof(struct read_figures, people), .help = "shape.read.people"},
    {"bytes", SHAPE_I64, offsetof(struct read_figures, bytes), .help = "shape.read.bytes"},
    {"threads", SHAPE_I64, offsetof(struct read_figures, threads), .help = "shape.read.threads"},
};
static const struct shape read_shape = SHAPE("Read", struct read_figures, read_fields, "shape.read");

struct answered {
    str rows, asked, next, hint;
    struct read_figures read;
    i64 as_of;
    f64 took_ms;
};
static const struct shape_field answered_fields[] = {
    {"rows", SHAPE_JSON, offsetof(struct answered, rows), .help = "shape.answer.rows"},
    {"next", SHAPE_STR, offsetof(struct answered, next), .help = "shape.answer.next"},
    {"hint", SHAPE_JSON, offsetof(struct answered, hint), .help = "shape.answer.hint"},
    {"asked", SHAPE_JSON, offsetof(struct answered, asked), .help = "shape.answer.asked"},
    {"read", SHAPE_OBJECT, offsetof(struct answered, read), .of = &read_shape},
    {"as_of", SHAPE_I64, offsetof(struct answered, as_of), .help = "shape.answer.as_of"},
    {"took_ms", SHAPE_F64, offsetof(struct answered, took_ms)},
};
static const struct shape answered_shape = SHAPE("Answer", struct answered, answered_fields, "shape.answer");

/* Questions about persons: whoever is asked for must be in sight, and that they were looked at is written down. */
static err find_person(struct request *request, const struct sight *scope, struct question *question)
{
    bool about_people = question->kind == ASK_TIMELINE || question->kind == ASK_FEATURES;
    char id[ID_TEXT_LEN];
    if (!about_people || !scope->personal) {
        return OK; // the engine refuses
    }
    if (question->person == 0 && question->person_alias.len == 0) {
        return request_audit(request, "people.read", str_from(ask_words[question->kind]), STR("ask"));
    }
    if (question->person == 0) {
        TRY(people_resolve(request->ctx, request->app->people, question->person_alias, &question->person));
    }
    TRY(people_in_sight(request, question->person));
    return request_audit(request, "people.read", id_text(question->person, id), STR("ask"));
}

static err ask(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct sight scope = asked_scope(request->who);
    struct question_defaults defaults;
    struct question question;
    struct json object;
    str answer;
    TRY(asked_defaults(ctx, request->app, &defaults));
    TRY(json_parse(ctx, json_reader_here(), request->body, &object));
    TRY(question_read(ctx, object, &defaults, &question));
    TRY(find_person(request, &scope, &question));
    TRY(asked_run(request, str_from(ask_words[question.kind])));
    TRY(running_end(ctx, ask_answer(ctx, request->app->asked, &scope, &question, &answer)));
    return reply_json(reply, answer);
}

static err rows(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct sight scope = asked_scope(request->who);
    struct question_defaults defaults;
    struct question question;
    struct json object;
    struct shape_list items;
    str next;
    TRY(asked_defaults(ctx, request->app, &defaults));
    TRY(json_parse(ctx, json_reader_here(), request->body, &object));
    TRY(question_read_rows(ctx, object, &defaults, &question));
    TRY(asked_run(request, STR("rows")));
    TRY(running_end(ctx, ask_rows(ctx, request->app->asked, &scope, &question, &items, &next)));
    if (scope.personal && items.count > 0) {
        TRY(request_audit(request, "people.read", STR("rows"),
                          str_format(&ctx->arena, "%lld", (long long)items.count)));
    }
    return reply_list(reply, &row_shape, items, next);
}

struct catalogue_query {
    str touchpoint;
    i64 journey;
};
static const struct shape_field catalogue_query_fields[] = {
    {"touchpoint", SHAPE_STR, offsetof(struct catalogue_query, touchpoint), .max = 60,
     .help = "shape.catalogue_query.touchpoint"},
    {"journey", SHAPE_ID, offsetof(struct catalogue_query, journey), .help = "shape.question.journey"},
};
static const struct shape catalogue_query_shape = SHAPE("CatalogueQuery", struct catalogue_query,
                                                        catalogue_query_fields, NULL);

/* Only the events of one touchpoint. */
static struct condition on_touchpoint(struct arena *arena, str touchpoint)
{
    struct operand *operand = arena_new(arena, struct operand, 1);
    operand->text = touchpoint;
    return (struct condition){
        .op = CONDITION_IS, .field = {.kind = FIELD_TOUCHPOINT}, .operands = operand, .operand_count = 1};
}

static err catalogue(struct request *request, struct reply *reply)
{
    const struct catalogue_query *query = request->query;
    struct sight scope = asked_scope(request->who);
    struct question question;
    struct catalogue catalogue;
    TRY(asked_question(request->ctx, request->app, &(struct asked_span){0}, query->journey, &question));
    if (query->touchpoint.len > 0) {
        question.where = on_touchpoint(&request->ctx->arena, query->touchpoint);
    }
    TRY(catalogue_read(request->ctx, request->app->asked, &scope, &question, &catalogue));
    return reply_shape(reply, &catalogue_shape, &catalogue);
}

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/ask", ask, RIGHT_ASK, .query = &run_query_shape, .in = &asked_shape, .out = &answered_shape,
     .limit_bytes = 256 * 1024, .summary = "route.ask"},
    {HTTP_POST, "/api/v1/rows", rows, RIGHT_ASK, .query = &run_query_shape, .in = &rows_shape, .out = &row_shape,
     .limit_bytes = 256 * 1024, .flags = ROUTE_LIST, .summary = "route.rows"},
    {HTTP_GET, "/api/v1/catalogue", catalogue, RIGHT_ASK, .query = &catalogue_query_shape, .out = &catalogue_shape,
     .summary = "route.catalogue"},
};
const struct route_table ask_routes = ROUTES(routes);
