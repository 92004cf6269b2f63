/* What a respondent's page asks: /api/v1/respond/:token. Public, for any origin, without cookies; a GET changes nothing. */
#include "listen/survey/response.h"

#include "api/app.h"
#include "api/routes.h"
#include "base/id.h"
#include "listen/survey/agree.h"
#include "listen/survey/file.h"
#include "listen/survey/rating.h"

enum {
    RESPOND_PER_MINUTE = 600, /* of one address: a shop's whole wireless network, or a kiosk that comes back */
    GUESSES_PER_MINUTE = 30,  /* tokens that are none, of one address */
    PINS_PER_MINUTE = 10,     /* wrong PINs of one address; and of one link ten times as many */
    FILES_PER_MINUTE = 60,
    RESPOND_BODY_MAX = 256 * 1024, /* the longest answers of the longest survey are half of it */
};

struct shown_link {
    i32 kind;
    str place;
};
static const struct shape_field link_fields[] = {
    {"kind", SHAPE_WORD, offsetof(struct shown_link, kind), .words = survey_link_words, .flags = SHAPE_REQUIRED},
    {"place", SHAPE_STR, offsetof(struct shown_link, place), .flags = SHAPE_REQUIRED},
};
static const struct shape link_shape = SHAPE("RespondLink", struct shown_link, link_fields, "shape.respond_link");

struct shown_survey {
    i64 id, version;
    str document;
};
static const struct shape_field survey_fields[] = {
    {"id", SHAPE_ID, offsetof(struct shown_survey, id), .flags = SHAPE_REQUIRED},
    {"version", SHAPE_I64, offsetof(struct shown_survey, version), .flags = SHAPE_REQUIRED},
    {"document", SHAPE_JSON, offsetof(struct shown_survey, document), .flags = SHAPE_REQUIRED,
     .help = "shape.respond.document"},
};
static const struct shape survey_shape = SHAPE("RespondSurvey", struct shown_survey, survey_fields,
                                               "shape.respond_survey");

struct shown {
    i32 state;
    str language;
    struct shown_link *link;
    struct shown_survey *survey;
    i64 response;
    str answers, seen, key;
};
#define S(member) offsetof(struct shown, member)
static const struct shape_field shown_fields[] = {
    {"state", SHAPE_WORD, S(state), .words = gate_words, .flags = SHAPE_REQUIRED, .help = "shape.respond.state"},
    {"language", SHAPE_STR, S(language), .flags = SHAPE_REQUIRED},
    {"link", SHAPE_MAYBE_OBJECT, S(link), .of = &link_shape, .flags = SHAPE_OMIT_NONE},
    {"survey", SHAPE_MAYBE_OBJECT, S(survey), .of = &survey_shape, .flags = SHAPE_OMIT_NONE},
    {"response", SHAPE_ID, S(response), .flags = SHAPE_OMIT_NONE},
    {"key", SHAPE_STR, S(key), .flags = SHAPE_OMIT_NONE, .help = "shape.submission.key"},
    {"answers", SHAPE_JSON, S(answers), .flags = SHAPE_OMIT_NONE, .help = "shape.respond.answers"},
    {"seen", SHAPE_JSON, S(seen), .flags = SHAPE_OMIT_NONE},
};
#undef S
static const struct shape shown_shape = SHAPE("Respond", struct shown, shown_fields, "shape.respond");

#define S(member) offsetof(struct submission, member)
static const struct shape_field submission_fields[] = {
    {"response", SHAPE_ID, S(response), .help = "shape.submission.response"},
    {"edit", SHAPE_STR, S(edit), .max = 100, .help = "shape.submission.edit"},
    {"pin", SHAPE_STR, S(pin), .max = 40},
    {"key", SHAPE_STR, S(key), .max = 100, .help = "shape.submission.key"},
    {"version", SHAPE_I64, S(version), .min = 0, .max = 1000000},
    {"language", SHAPE_STR, S(language), .max = 10},
    {"answers", SHAPE_JSON, S(answers), .max = RESPOND_BODY_MAX, .help = "shape.submission.answers"},
    {"seen", SHAPE_STRS, S(seen), .max = SURVEY_QUESTIONS_MAX, .help = "shape.submission.seen"},
    {"ms", SHAPE_JSON, S(spent), .max = 20000, .help = "shape.submission.ms"},
    {"hidden", SHAPE_JSON, S(hidden), .max = 20000, .help = "shape.submission.hidden"},
    {"anonymous", SHAPE_STR, S(anonymous), .max = 100, .help = "shape.submission.anonymous"},
    {"finished", SHAPE_BOOL, S(finished)},
    {"at_ms", SHAPE_TIME, S(at_ms), .help = "shape.submission.at_ms"},
};
#undef S
static const struct shape submission_shape = SHAPE("Submission", struct submission, submission_fields,
                                                   "shape.submission");

static const struct shape_field receipt_fields[] = {
    {"response", SHAPE_ID, offsetof(struct receipt, response), .flags = SHAPE_REQUIRED},
    {"edit", SHAPE_STR, offsetof(struct receipt, edit), .flags = SHAPE_REQUIRED, .help = "shape.submission.edit"},
    {"state", SHAPE_WORD, offsetof(struct receipt, state), .words = response_state_words, .flags = SHAPE_REQUIRED},
    {"end", SHAPE_STR, offsetof(struct receipt, end), .flags = SHAPE_REQUIRED, .help = "shape.receipt.end"},
};
static const struct shape receipt_shape = SHAPE("Receipt", struct receipt, receipt_fields, "shape.receipt");

struct kept_file {
    str file, name, type;
    i64 size;
};
static const struct shape_field file_fields[] = {
    {"file", SHAPE_STR, offsetof(struct kept_file, file), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct kept_file, name), .flags = SHAPE_REQUIRED},
    {"type", SHAPE_STR, offsetof(struct kept_file, type), .flags = SHAPE_REQUIRED},
    {"size", SHAPE_I64, offsetof(struct kept_file, size), .flags = SHAPE_REQUIRED},
};
static const struct shape file_shape = SHAPE("RespondFile", struct kept_file, file_fields, "shape.respond_file");

/* Too many of them: said in place of what failed. */
static err or_too_many(struct request *request, err limit, struct ctx *here, err code)
{
    if (limit == ERR_BUSY) {
        i32 wait_s = here->fault.retry_after_s;
        ctx_forgive(request->ctx);
        code = FAIL(request->ctx, ERR_BUSY, NULL, "error.too_many_tries");
        request->ctx->fault.retry_after_s = wait_s;
    }
    ctx_end(here);
    return code;
}

/* Whoever tries tokens is slowed down. */
static err after_failure(struct request *request, err code)
{
    struct ctx here = {0};
    err limit = OK;
    if (code == ERR_NOT_FOUND) {
        limit = guard_rate(&here, request->app->guard, "survey token", request->address, GUESSES_PER_MINUTE);
    }
    return or_too_many(request, limit, &here, code);
}

/* Wrong PINs of one address, and of one link wherever they come from. `rate` counts, or only looks. */
static err pin_rate(struct request *request, struct ctx *ctx,
                    err (*rate)(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most))
{
    str token = request_param(request, "token");
    str both = str_format(&ctx->arena, "%.*s %.*s", STR_ARG(token), STR_ARG(request->address));
    TRY(rate(ctx, request->app->guard, "survey pin", both, PINS_PER_MINUTE));
    return rate(ctx, request->app->guard, "survey pin of link", token, 10 * PINS_PER_MINUTE);
}

static err allowed(struct request *request, const char *what, i64 most)
{
    return guard_rate(request->ctx, request->app->guard, what, request->address, most);
}

/* A PIN is compared only while there are attempts left, so that the right one is not found by trying on. One that is wrong counts,
 * one that is missing does not. */
static err open_gate(struct request *request, str pin, i64 at_ms, struct gate *gate)
{
    struct ctx here = {0};
    bool given = str_is(pin) && pin.len > 0;
    if (given) {
        TRY(pin_rate(request, request->ctx, guard_rate_look));
    }
    struct gate_asked asked = {request_param(request, "token"), pin, at_ms};
    err code = survey_gate(request->ctx, request->app->surveys, &asked, gate);
    if (code != OK) {
        return after_failure(request, code);
    }
    if (!given || gate->state != GATE_PIN) {
        return OK;
    }
    code = FAIL(request->ctx, ERR_FORBIDDEN, NULL, "error.survey.pin");
    return or_too_many(request, pin_rate(request, &here, guard_rate), &here, code);
}

static str language_of(const struct request *request, const struct gate *gate)
{
    str wish = str_from(language_words[request->language]);
    for (i64 i = 0; i < gate->document.languages.count; i++) {
        if (str_eq(gate->document.languages.items[i], wish)) {
            return wish;
        }
    }
    return gate->document.languages.count > 0 ? gate->document.languages.items[0] : wish;
}

/* What is not finished yet, for whoever has its secret; under the version it began with. */
static err show_unfinished(struct request *request, const struct gate *gate, struct shown *shown)
{
    struct response response;
    str edit = request_header(request, "X-Edit");
    if (!str_is(edit) || response_by_edit(request->ctx, request->app->surveys, gate->link.id, edit, &response) != OK) {
        ctx_forgive(request->ctx);
        return OK;
    }
    struct survey_document document;
    TRY(survey_version_get(request->ctx, request->app->surveys, response.survey, response.version, NULL, &document));
    TRY(survey_agree_show(request->ctx, request->app->store, &document));
    TRY(response_unseen(request->ctx, &gate->link, &response));
    shown->survey->version = response.version;
    shown->survey->document = survey_document_public(request->ctx, &document);
    shown->language = response.language;
    shown->key = response.request_key;
    shown->response = response.id;
    shown->answers = response.answers;
    shown->seen = response.seen;
    return OK;
}

static err look(struct request *request, struct reply *reply)
{
    struct gate gate;
    struct shown shown = {0};
    TRY(allowed(request, "respond", RESPOND_PER_MINUTE));
    TRY(open_gate(request, request_header(request, "X-Pin"), 0, &gate));
    shown.state = gate.state;
    shown.language = language_of(request, &gate);
    shown.link = &(struct shown_link){gate.link.kind, gate.link.place};
    if (gate.loaded) {
        TRY(survey_agree_show(request->ctx, request->app->store, &gate.document));
        shown.survey = arena_new(&request->ctx->arena, struct shown_survey, 1);
        *shown.survey = (struct shown_survey){gate.link.survey, gate.version,
                                              survey_document_public(request->ctx, &gate.document)};
        TRY(show_unfinished(request, &gate, &shown));
    }
    return reply_shape(reply, &shown_shape, &shown);
}

static err submit(struct request *request, struct reply *reply)
{
    struct submission submission = *(const struct submission *)request->input;
    struct receipt receipt;
    TRY(allowed(request, "respond", RESPOND_PER_MINUTE));
    submission.token = request_param(request, "token");
    submission.address = request->address;
    submission.agent = request_header(request, "User-Agent");
    if (!str_is(submission.edit)) {
        submission.edit = request_header(request, "X-Edit");
    }
    if (!str_is(submission.pin)) {
        submission.pin = request_header(request, "X-Pin");
    }
    if (str_is(submission.pin) && submission.pin.len > 0) {
        struct gate gate;
        TRY(open_gate(request, submission.pin, submission.at_ms, &gate));
    }
    err code = response_take(request->ctx, request->app->surveys, &submission, &receipt);
    TRY(code == OK ? OK : after_failure(request, code));
    reply_status(reply, receipt.created ? 201 : 200);
    return reply_shape(reply, &receipt_shape, &receipt);
}

static err take_file(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct gate gate;
    struct survey_file file;
    TRY(allowed(request, "respond file", FILES_PER_MINUTE));
    TRY(open_gate(request, request_header(request, "X-Pin"), 0, &gate));
    if (!gate.loaded) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.survey.not_open");
    }
    struct file_taking with = {&gate, request_query(request, "name"), request->address, request->body};
    TRY(survey_file_take(ctx, request->app->surveys, &with, &file));
    char *id = arena_alloc(&ctx->arena, ID_TEXT_LEN, 1);
    struct kept_file kept = {id_text(file.id, id), file.name, file.type, file.size};
    return reply_shape(reply, &file_shape, &kept);
}

static const struct shape_field rating_fields[] = {
    {"votes", SHAPE_I64, offsetof(struct rating, votes), .flags = SHAPE_REQUIRED},
    {"average", SHAPE_MAYBE_F64, offsetof(struct rating, average), .flags = SHAPE_REQUIRED,
     .help = "shape.rating.average"},
    {"scale", SHAPE_STR, offsetof(struct rating, scale), .flags = SHAPE_REQUIRED},
};
static const struct shape rating_shape = SHAPE("Rating", struct rating, rating_fields, "shape.rating");

static err show_rating(struct request *request, struct reply *reply)
{
    struct rating rating;
    TRY(allowed(request, "respond", RESPOND_PER_MINUTE));
    err code = survey_rating(request->ctx, request->app->surveys, request_param(request, "token"), &rating);
    TRY(code == OK ? OK : after_failure(request, code));
    return reply_shape(reply, &rating_shape, &rating);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/respond/:token", look, RIGHT_PUBLIC, .out = &shown_shape, .flags = ROUTE_TRACKING,
     .summary = "route.respond.look"},
    {HTTP_POST, "/api/v1/respond/:token", submit, RIGHT_PUBLIC, .in = &submission_shape, .out = &receipt_shape,
     .limit_bytes = RESPOND_BODY_MAX, .flags = ROUTE_TRACKING, .summary = "route.respond.submit"},
    {HTTP_GET, "/api/v1/respond/:token/rating", show_rating, RIGHT_PUBLIC, .out = &rating_shape,
     .flags = ROUTE_TRACKING, .summary = "route.respond.rating"},
    {HTTP_POST, "/api/v1/respond/:token/files", take_file, RIGHT_PUBLIC, .out = &file_shape, .status = 201,
     .limit_bytes = SURVEY_FILE_BYTES, .flags = ROUTE_TRACKING | ROUTE_RAW, .summary = "route.respond.file"},
};
const struct route_table respond_routes = ROUTES(routes);
