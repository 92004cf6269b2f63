/* What people agreed to: /api/v1/people/:id/consents, /api/v1/consents, /api/v1/consent-wordings. */
#include "act/suppressed.h"
#include "api/app.h"
#include "api/people.h"
#include "api/routes.h"
#include "base/id.h"
#include "journey/pointer.h"
#include "people/alias.h"
#include "people/consent.h"

enum { CONSENTS_MAX = 1000, ALIAS_MAX = 400 };

static const char *const reach_or_all_words[] = {"all", "email", "webhook", NULL};

/* What is given: a word, and for a list of them whose it is. */
struct given {
    str alias;
    i32 purpose, state, channel, how;
    i64 wording, at_ms;
    str evidence;
};

#define GIVEN_FIELDS                                                                                                   \
    {"purpose",                                                                                                        \
     SHAPE_WORD,                                                                                                       \
     offsetof(struct given, purpose),                                                                                  \
     .words = purpose_words,                                                                                           \
     .flags = SHAPE_REQUIRED,                                                                                          \
     .help = "shape.consent.purpose"},                                                                                 \
        {"state", SHAPE_WORD, offsetof(struct given, state), .words = consent_state_words, .flags = SHAPE_REQUIRED},   \
        {"wording", SHAPE_I64,     offsetof(struct given, wording),                                                    \
         .min = 0,  .max = 100000, .help = "shape.consent.wording"},                                                   \
        {"channel", SHAPE_WORD, offsetof(struct given, channel), .words = reach_or_all_words,                          \
         .help = "shape.consent.channel"},                                                                             \
        {"how",                                                                                                        \
         SHAPE_WORD,                                                                                                   \
         offsetof(struct given, how),                                                                                  \
         .words = consent_how_words,                                                                                   \
         .flags = SHAPE_REQUIRED,                                                                                      \
         .help = "shape.consent.how"},                                                                                 \
        {"evidence", SHAPE_STR, offsetof(struct given, evidence), .max = CONSENT_EVIDENCE_MAX,                         \
         .help = "shape.consent.evidence"},                                                                            \
        {"at_ms", SHAPE_TIME, offsetof(struct given, at_ms), .help = "shape.consent.at_ms"},

static const struct shape_field given_fields[] = {{"alias", SHAPE_STR, offsetof(struct given, alias), .min = 3,
                                                   .max = ALIAS_MAX, .help = "shape.consent.own_alias"},
                                                  GIVEN_FIELDS};
static const struct shape given_shape = SHAPE("ConsentNew", struct given, given_fields, "shape.consent_new");

static const struct shape_field named_fields[] = {{"alias", SHAPE_STR, offsetof(struct given, alias), .min = 3,
                                                   .max = ALIAS_MAX, .flags = SHAPE_REQUIRED,
                                                   .help = "shape.consent.alias"},
                                                  GIVEN_FIELDS};
static const struct shape named_shape = SHAPE("ConsentOf", struct given, named_fields, "shape.consent_of");

struct many {
    struct shape_list items;
};
static const struct shape_field many_fields[] = {
    {"items", SHAPE_LIST, offsetof(struct many, items), .of = &named_shape, .min = 1, .max = CONSENTS_MAX,
     .flags = SHAPE_REQUIRED},
};
static const struct shape many_shape = SHAPE("ConsentList", struct many, many_fields, "shape.consent_list");

struct taken {
    i64 recorded;
};
static const struct shape_field taken_fields[] = {
    {"recorded", SHAPE_I64, offsetof(struct taken, recorded), .flags = SHAPE_REQUIRED},
};
static const struct shape taken_shape = SHAPE("ConsentsRecorded", struct taken, taken_fields, NULL);

/* The aliases of the person of the path, whom the asker may see. */
static err aliases_of(struct request *request, struct str_list *out)
{
    struct people *people = request->app->people;
    i64 id;
    TRY(people_resolve(request->ctx, people, request_param(request, "id"), &id));
    TRY(people_in_sight(request, id));
    return people_aliases(request->ctx, people, id, out);
}

static err list(struct request *request, struct reply *reply)
{
    struct str_list aliases;
    struct shape_list items;
    TRY(aliases_of(request, &aliases));
    TRY(consent_list(request->ctx, request->app->store, &aliases, &items));
    return reply_list(reply, &consent_shape, items, STR_NONE);
}

static bool among(const struct str_list *list, str text)
{
    for (i64 i = 0; i < list->count; i++) {
        if (str_eq(list->items[i], text)) {
            return true;
        }
    }
    return false;
}

/* The alias a word is kept under where none is said: the company's own id of the person rather than an address that may change
 * hands. */
static str alias_for(const struct str_list *aliases)
{
    for (i64 i = 0; i < aliases->count; i++) {
        if (str_starts(aliases->items[i], STR("user:"))) {
            return aliases->items[i];
        }
    }
    return aliases->items[0];
}

static struct consent consent_of(const struct request *request, const struct given *given, str alias)
{
    return (struct consent){
        .alias = alias,
        .purpose = given->purpose,
        .state = given->state,
        .wording = given->wording,
        .channel = given->channel == 0 ? STR_NONE : str_from(reach_or_all_words[given->channel]),
        .how = given->how,
        .evidence = given->evidence,
        .at_ms = given->at_ms,
        .by = request->who->name,
    };
}

static err record(struct request *request, const struct given *given, str alias, struct consent *out)
{
    *out = consent_of(request, given, alias);
    return consent_put(request->ctx, request->app->store, out);
}

struct adding {
    struct request *request;
    str alias;
    struct consent consent;
};

static err add_one(struct ctx *ctx, struct store *store, void *arg)
{
    struct adding *adding = arg;
    struct consent *consent = &adding->consent;
    char id[ID_TEXT_LEN];
    (void)ctx;
    (void)store;
    TRY(record(adding->request, adding->request->input, adding->alias, consent));
    return request_audit(adding->request, "consent.record", id_text(consent->id, id),
                         str_from(purpose_words[consent->purpose]));
}

/* Who the person is may have to be learnt from other processes, which a transaction cannot do: so it is found before. */
static err add(struct request *request, struct reply *reply)
{
    const struct given *given = request->input;
    struct str_list aliases;
    TRY(aliases_of(request, &aliases));
    str alias = str_is(given->alias) ? alias_whole(&request->ctx->arena, given->alias) : alias_for(&aliases);
    if (!among(&aliases, alias)) {
        return FAIL(request->ctx, ERR_INVALID, "alias", "error.consent.alias");
    }
    struct adding adding = {request, alias, {0}};
    TRY(guard_transaction(request->ctx, request->app->guard, add_one, &adding));
    return reply_shape(reply, &consent_shape, &adding.consent);
}

/* A list is as old as what it was written from: without the moment in which each agreed it would undo what they withdrew since. */
static err check_moment(struct ctx *ctx, const struct given *given)
{
    return given->state != CONSENT_GIVEN || given->at_ms > 0 ? OK
                                                             : FAIL(ctx, ERR_INVALID, "at_ms", "error.consent.moment");
}

/* Many at once, from a list the company keeps elsewhere; all of them or none. */
static err add_many(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    const struct many *many = request->input;
    str top = pointer_enter(ctx, STR("items"));
    if (principal_limited(request->who)) {
        return ERR_FORBIDDEN;
    }
    for (i64 i = 0; i < many->items.count; i++) {
        const struct given *given = &((const struct given *)many->items.items)[i];
        struct consent consent;
        str before = pointer_enter_index(ctx, i);
        TRY(check_moment(ctx, given));
        TRY(record(request, given, given->alias, &consent));
        ctx->pointer = before;
    }
    ctx->pointer = top;
    struct taken taken = {many->items.count};
    TRY(request_audit(request, "consent.record", STR("list"),
                      str_format(&ctx->arena, "%lld", (long long)taken.recorded)));
    return reply_shape(reply, &taken_shape, &taken);
}

/* Addresses of a person that mail is not sent to any more. */

static err list_suppressed(struct request *request, struct reply *reply)
{
    struct str_list aliases;
    struct shape_list items;
    TRY(aliases_of(request, &aliases));
    TRY(suppressed_list(request->ctx, request->app->act, &aliases, &items));
    return reply_list(reply, &suppression_shape, items, STR_NONE);
}

struct lifting {
    struct request *request;
    struct str_list aliases;
};

static err lift_all(struct ctx *ctx, struct store *store, void *arg)
{
    struct lifting *lifting = arg;
    (void)store;
    TRY(suppressed_lift(ctx, lifting->request->app->act, &lifting->aliases));
    return request_audit(lifting->request, "suppression.lift", request_param(lifting->request, "id"), STR(""));
}

/* Somebody who asked, or mended a typing mistake at the mail server, knows that mail arrives again. */
static err lift(struct request *request, struct reply *reply)
{
    struct lifting lifting = {.request = request};
    TRY(aliases_of(request, &lifting.aliases));
    TRY(guard_transaction(request->ctx, request->app->guard, lift_all, &lifting));
    return reply_nothing(reply);
}

/* Wordings. */

static const struct shape_field new_wording_fields[] = {
    {"purpose", SHAPE_WORD, offsetof(struct wording, purpose), .words = purpose_words, .flags = SHAPE_REQUIRED},
    {"texts", SHAPE_JSON, offsetof(struct wording, texts), .min = 2, .max = WORDING_TEXT_MAX, .flags = SHAPE_REQUIRED,
     .help = "shape.wording.texts"},
};
static const struct shape new_wording_shape = SHAPE("ConsentWordingNew", struct wording, new_wording_fields,
                                                    "shape.wording_new");

static err list_wordings(struct request *request, struct reply *reply)
{
    struct shape_list items;
    TRY(wording_list(request->ctx, request->app->store, &items));
    return reply_list(reply, &wording_shape, items, STR_NONE);
}

static err add_wording(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct wording wording = *(const struct wording *)request->input;
    wording.by = request->who->name;
    TRY(wording_add(ctx, request->app->store, &wording));
    TRY(request_audit(request, "consent.wording", str_from(purpose_words[wording.purpose]),
                      str_format(&ctx->arena, "%lld", (long long)wording.version)));
    return reply_shape(reply, &wording_shape, &wording);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/people/:id/consents", list, RIGHT_CONSENTS_READ, .out = &consent_shape,
     .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.consents.list"},
    {HTTP_POST, "/api/v1/people/:id/consents", add, RIGHT_CONSENTS_WRITE, .in = &given_shape, .out = &consent_shape,
     .status = 201, .summary = "route.consents.add"},
    {HTTP_GET, "/api/v1/people/:id/suppressions", list_suppressed, RIGHT_CONSENTS_READ, .out = &suppression_shape,
     .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.suppressions.list"},
    {HTTP_DELETE, "/api/v1/people/:id/suppressions", lift, RIGHT_CONSENTS_WRITE, .summary = "route.suppressions.lift"},
    {HTTP_POST, "/api/v1/consents", add_many, RIGHT_CONSENTS_WRITE, .in = &many_shape, .out = &taken_shape,
     .status = 201, .flags = ROUTE_CHANGES, .limit_bytes = 1 << 20, .summary = "route.consents.add_many"},
    {HTTP_GET, "/api/v1/consent-wordings", list_wordings, RIGHT_CONSENTS_READ, .out = &wording_shape,
     .flags = ROUTE_LIST, .summary = "route.wordings.list"},
    {HTTP_POST, "/api/v1/consent-wordings", add_wording, RIGHT_RULES_WRITE, .in = &new_wording_shape,
     .out = &wording_shape, .status = 201, .flags = ROUTE_CHANGES, .summary = "route.wordings.add"},
};
const struct route_table consents_routes = ROUTES(routes);
