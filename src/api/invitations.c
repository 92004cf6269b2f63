/* Invitations by hand: /api/v1/surveys/:id/invitations. They pass the same gate as those of rules, go to people the company knows
 * and to no address that somebody types, and say what the survey says. */
#include "act/runs.h"
#include "api/acting.h"
#include "api/asked.h"
#include "api/inviting.h"
#include "api/people.h"
#include "api/routes.h"
#include "base/id.h"
#include "journey/ask.h"
#include "journey/pointer.h"
#include "listen/survey/honesty.h"
#include "listen/survey/survey.h"
#include "people/consent.h"

enum { PEOPLE_MAX = 1000, FILTER_PEOPLE_MAX = 20000, FILTER_PAGE = 500, SENDINGS_A_MINUTE = 10, PERSON_TEXT_MAX = 400 };

struct wish {
    struct str_list people;
    str where;
    i64 most;
    i32 channel;
    i64 target;
    str key;
};
static const struct shape_field wish_fields[] = {
    {"people", SHAPE_STRS, offsetof(struct wish, people), .max = PEOPLE_MAX, .help = "shape.invite.people"},
    {"where", SHAPE_JSON, offsetof(struct wish, where), .max = 32768, .help = "shape.invite.where"},
    {"most", SHAPE_I64, offsetof(struct wish, most), .min = 1, .max = FILTER_PEOPLE_MAX, .help = "shape.invite.most"},
    {"channel", SHAPE_WORD, offsetof(struct wish, channel), .words = reach_words},
    {"target", SHAPE_ID, offsetof(struct wish, target), .help = "shape.send.target"},
    {"key", SHAPE_STR, offsetof(struct wish, key), .max = 60, .help = "shape.invite.key"},
};
static const struct shape wish_shape = SHAPE("InviteWish", struct wish, wish_fields, "shape.invite");

struct done {
    i64 invited;
};
static const struct shape_field done_fields[] = {
    {"invited", SHAPE_I64, offsetof(struct done, invited), .flags = SHAPE_REQUIRED, .help = "shape.invite.invited"},
};
static const struct shape done_shape = SHAPE("Invited", struct done, done_fields, NULL);

/* Whom to invite: one alias of each person. */
struct chosen {
    str *aliases;
    i64 count, capacity;
};

static void choose(struct ctx *ctx, struct chosen *chosen, str alias)
{
    if (chosen->count == chosen->capacity) {
        i64 wish = chosen->capacity * 2 + 64;
        chosen->aliases = arena_grow(&ctx->arena, chosen->aliases, chosen->capacity * (i64)sizeof(str),
                                     wish * (i64)sizeof(str), _Alignof(str));
        chosen->capacity = wish;
    }
    chosen->aliases[chosen->count++] = alias;
}

/* The oldest alias of a person stands for all. */
static str alias_of(struct ctx *ctx, const struct app *app, i64 person)
{
    struct identity *identity = people_identity(app->people);
    identity_lock(identity);
    alias_no no = identity_of_id(identity, person);
    str alias = no == 0 ? STR_NONE : str_copy(&ctx->arena, identity_text(identity, identity_person(identity, no)));
    identity_unlock(identity);
    return alias;
}

static err choose_named(struct request *request, const struct wish *wish, struct chosen *chosen)
{
    struct ctx *ctx = request->ctx;
    str top = pointer_enter(ctx, STR("people"));
    for (i64 i = 0; i < wish->people.count; i++) {
        i64 id;
        str here = pointer_enter_index(ctx, i);
        err code = wish->people.items[i].len > PERSON_TEXT_MAX
                       ? ERR_NOT_FOUND
                       : people_resolve(ctx, request->app->people, wish->people.items[i], &id);
        if (code == OK) {
            code = people_in_sight(request, id);
        }
        if (code == ERR_NOT_FOUND) {
            ctx_forgive(ctx);
            return FAIL(ctx, ERR_INVALID, "", "error.invite.person");
        }
        TRY(code);
        choose(ctx, chosen, alias_of(ctx, request->app, id));
        ctx->pointer = here;
    }
    ctx->pointer = top;
    return OK;
}

/* A page of those with an event that satisfies the conditions, as far as the asker may see. */
static err choose_page(struct request *request, struct question *question, i64 most, struct chosen *chosen)
{
    struct ctx *ctx = request->ctx;
    struct sight scope = asked_scope(request->who);
    struct json answer;
    str text, next = STR_NONE;
    struct json_reader *reader = json_reader_of(ctx);
    TRY(ask_answer(ctx, request->app->asked, &scope, question, &text));
    TRY(json_parse(ctx, reader, text, &answer));
    for (struct json_iter i = json_each(json_get(answer, STR("rows"))); json_next(&i) && chosen->count < most;) {
        str id = STR("");
        i64 person = 0;
        (void)json_str(json_get(json_get(i.value, STR("person")), STR("id")), &id);
        str alias = id_parse(id, &person) ? alias_of(ctx, request->app, person) : STR_NONE;
        if (str_is(alias)) {
            choose(ctx, chosen, alias);
        }
    }
    question->after_id = 0;
    if (json_str(json_get(answer, STR("next")), &next)) {
        (void)id_parse(next, &question->after_id);
    }
    return OK;
}

static err choose_by_filter(struct request *request, const struct wish *wish, struct chosen *chosen)
{
    struct ctx *ctx = request->ctx;
    struct question question;
    i64 most = wish->most > 0 ? wish->most : FILTER_PEOPLE_MAX;
    TRY(asked_question(ctx, request->app, &(struct asked_span){0}, 0, &question));
    str top = pointer_enter(ctx, STR("where"));
    TRY(condition_parse(ctx, wish->where, FIELD_IN_QUESTION, &question.where));
    ctx->pointer = top;
    question.kind = ASK_FEATURES;
    question.limit = FILTER_PAGE;
    do {
        TRY(choose_page(request, &question, most, chosen));
    } while (question.after_id != 0 && chosen->count < most);
    return OK;
}

struct inviting {
    struct request *request;
    const struct chosen *chosen;
    struct invite_by_hand by_hand;
};

static err invite_all(struct ctx *ctx, struct store *store, void *arg)
{
    struct inviting *inviting = arg;
    (void)store;
    for (i64 i = 0; i < inviting->chosen->count; i++) {
        inviting->by_hand.alias = inviting->chosen->aliases[i];
        TRY(invite(ctx, inviting->request->app, &inviting->by_hand));
    }
    char id[ID_TEXT_LEN];
    return request_audit(inviting->request, "survey.invite", id_text(inviting->by_hand.survey, id),
                         str_format(&ctx->arena, "%lld", (long long)inviting->chosen->count));
}

static err check(struct request *request, const struct wish *wish, i64 survey)
{
    struct ctx *ctx = request->ctx;
    struct survey found;
    TRY(survey_get(ctx, request->app->surveys, survey, &found));
    if (found.state != SURVEY_OPEN) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.survey.not_open");
    }
    if ((wish->people.count > 0) == (wish->where.len > 0)) {
        return FAIL(ctx, ERR_INVALID, "people", "error.invite.whom");
    }
    if (wish->channel == REACH_WEBHOOK && wish->target == 0) {
        return FAIL(ctx, ERR_INVALID, "target", "error.required", {"field", STR("target")});
    }
    return guard_rate(ctx, request->app->guard, "invite", request->who->name, SENDINGS_A_MINUTE);
}

static err create(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    const struct wish *wish = request->input;
    struct chosen chosen = {0};
    char batch[ID_TEXT_LEN];
    i64 survey;
    TRY(request_param_id(request, "id", &survey));
    TRY(check(request, wish, survey));
    TRY(people_catch_up(ctx, request->app->people));
    TRY(wish->where.len > 0 ? choose_by_filter(request, wish, &chosen) : choose_named(request, wish, &chosen));
    struct inviting inviting = {
        .request = request,
        .chosen = &chosen,
        .by_hand = {.survey = survey,
                    .channel = wish->channel,
                    .target = wish->target,
                    .batch = wish->key.len > 0 ? wish->key : id_text(id_new(), batch),
                    .by = request->who->name},
    };
    TRY(guard_transaction(ctx, request->app->guard, invite_all, &inviting));
    act_wake(request->app->act);
    struct done done = {chosen.count};
    return reply_shape(reply, &done_shape, &done);
}

struct list_query {
    str state, reason, after;
    i64 limit;
};
static const struct shape_field query_fields[] = {
    {"state", SHAPE_STR, offsetof(struct list_query, state), .max = 20},
    {"reason", SHAPE_STR, offsetof(struct list_query, reason), .max = 40},
    {"limit", SHAPE_I64, offsetof(struct list_query, limit), .min = 1, .max = LIMIT_PAGE},
    {"after", SHAPE_STR, offsetof(struct list_query, after), .max = 40},
};
static const struct shape query_shape = SHAPE("InvitationsQuery", struct list_query, query_fields, NULL);

static err list(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    const struct list_query *given = request->query;
    struct sends_wanted query = {.state = given->state, .reason = given->reason, .limit = page_limit(given->limit)};
    struct survey survey;
    TRY(request_param_id(request, "id", &query.object));
    TRY(survey_get(ctx, request->app->surveys, query.object, &survey));
    if (str_is(given->after) && !id_parse(given->after, &query.before)) {
        return FAIL(ctx, ERR_INVALID, "after", "error.cursor");
    }
    return sends_reply(request, &query, reply);
}

struct honesty_query {
    str trait;
};
static const struct shape_field honesty_fields[] = {
    {"trait", SHAPE_STR, offsetof(struct honesty_query, trait), .min = 1, .max = 100, .help = "shape.honest.trait"},
};
static const struct shape honesty_query_shape = SHAPE("HonestyQuery", struct honesty_query, honesty_fields, NULL);

/* It looks at everybody who was invited: not for those who see only some places. */
static err show_honesty(struct request *request, struct reply *reply)
{
    const struct honesty_query *query = request->query;
    struct survey survey;
    struct honesty honesty;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    if (principal_limited(request->who)) {
        return ERR_FORBIDDEN;
    }
    TRY(survey_get(request->ctx, request->app->surveys, id, &survey));
    str trait = str_is(query->trait) ? query->trait : STR("city");
    TRY(honesty_read(request->ctx, request->app->store, id, trait, &honesty));
    return reply_shape(reply, &honesty_shape, &honesty);
}

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/surveys/:id/invitations", create, RIGHT_SURVEYS_WRITE, .in = &wish_shape, .out = &done_shape,
     .status = 202, .summary = "route.invitations.create"},
    {HTTP_GET, "/api/v1/surveys/:id/invitations", list, RIGHT_CONSENTS_READ, .query = &query_shape,
     .out = &send_shown_shape, .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.invitations.list"},
    {HTTP_GET, "/api/v1/surveys/:id/honesty", show_honesty, RIGHT_CONSENTS_READ, .query = &honesty_query_shape,
     .out = &honesty_shape, .flags = ROUTE_PERSONAL, .summary = "route.survey_honesty"},
};
const struct route_table invitations_routes = ROUTES(routes);
