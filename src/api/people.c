/* People: found, shown, forgotten. */
#include "api/people.h"

#include "act/act.h"
#include "api/asked.h"
#include "api/routes.h"
#include "base/id.h"
#include "journey/ask.h"
#include "journey/profile.h"
#include "listen/survey/forget.h"
#include "listen/traces.h"
#include "listen/voices/study.h"
#include "listen/voices/view.h"
#include "people/people.h"

struct listed {
    i64 id;
    str name;
    struct shape_list aliases;
    i64 events, last_ms;
    struct shape_list scores;
};

static const struct shape_field listed_fields[] = {
    {"id", SHAPE_ID, offsetof(struct listed, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct listed, name), .flags = SHAPE_REQUIRED | SHAPE_PERSONAL},
    {"aliases", SHAPE_LIST, offsetof(struct listed, aliases), .of = &person_alias_shape, .flags = SHAPE_REQUIRED},
    {"events", SHAPE_I64, offsetof(struct listed, events), .flags = SHAPE_REQUIRED},
    {"last_ms", SHAPE_TIME, offsetof(struct listed, last_ms), .flags = SHAPE_REQUIRED},
    {"scores", SHAPE_LIST, offsetof(struct listed, scores), .of = &profile_score_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape listed_shape = SHAPE("PersonSummary", struct listed, listed_fields, "shape.person_summary");

struct shown {
    struct person person;
    struct profile profile;
};

static const struct shape_field shown_fields[] = {
    {"id", SHAPE_ID, offsetof(struct shown, person.id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct shown, person.name), .flags = SHAPE_REQUIRED | SHAPE_PERSONAL},
    {"traits", SHAPE_JSON, offsetof(struct shown, person.traits), .flags = SHAPE_REQUIRED | SHAPE_PERSONAL,
     .help = "shape.person.traits"},
    {"aliases", SHAPE_LIST, offsetof(struct shown, person.aliases), .of = &person_alias_shape, .flags = SHAPE_REQUIRED},
    {"first_ms", SHAPE_TIME, offsetof(struct shown, profile.first_ms), .flags = SHAPE_REQUIRED},
    {"last_ms", SHAPE_TIME, offsetof(struct shown, profile.last_ms), .flags = SHAPE_REQUIRED},
    {"events", SHAPE_I64, offsetof(struct shown, profile.events), .flags = SHAPE_REQUIRED},
    {"orders", SHAPE_I64, offsetof(struct shown, profile.orders), .flags = SHAPE_REQUIRED,
     .help = "shape.person.orders"},
    {"amounts", SHAPE_LIST, offsetof(struct shown, profile.amounts), .of = &profile_amount_shape,
     .flags = SHAPE_REQUIRED},
    {"scores", SHAPE_LIST, offsetof(struct shown, profile.scores), .of = &profile_score_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape shown_shape = SHAPE("Person", struct shown, shown_fields, "shape.person");

struct list_query {
    str q, after;
    i64 limit;
};

static const struct shape_field query_fields[] = {
    {"q", SHAPE_STR, offsetof(struct list_query, q), .max = 200, .help = "shape.person.q"},
    {"limit", SHAPE_I64, offsetof(struct list_query, limit), .min = 1, .max = LIMIT_PAGE},
    {"after", SHAPE_STR, offsetof(struct list_query, after), .max = 40},
};
static const struct shape query_shape = SHAPE("PeopleQuery", struct list_query, query_fields, NULL);

static err read_profiles(struct request *request, const struct id_list *ids, struct profile **out)
{
    struct question question;
    struct sight scope = asked_scope(request->who);
    TRY(asked_question(request->ctx, request->app, &(struct asked_span){0}, 0, &question));
    return profile_read(request->ctx, request->app->asked, &scope, &question, ids, out);
}

/* Somebody who is limited to places or departments sees the people who were there. */
static bool is_hidden(const struct principal *who, const struct profile *profile)
{
    return principal_limited(who) && profile->events == 0;
}

err people_in_sight(struct request *request, i64 person)
{
    struct profile *profiles;
    TRY(read_profiles(request, &(struct id_list){&person, 1}, &profiles));
    return is_hidden(request->who, profiles) ? ERR_NOT_FOUND : OK;
}

err people_keep_seen(struct request *request, const struct rows_of_people *rows)
{
    struct shape_list *list = rows->list;
    char *items = list->items;
    i64 kept = 0;
    struct id_list ids = {arena_new(&request->ctx->arena, i64, greater(list->count, 1)), 0};
    struct profile *profiles;
    if (!principal_limited(request->who)) {
        return OK;
    }
    for (i64 i = 0; i < list->count; i++) {
        i64 person = *(const i64 *)(const void *)(items + i * rows->size + rows->person);
        if (person != 0) {
            memmove(items + ids.count * rows->size, items + i * rows->size, (size_t)rows->size);
            ids.items[ids.count++] = person;
        }
    }
    TRY(read_profiles(request, &ids, &profiles));
    for (i64 i = 0; i < ids.count; i++) {
        if (profiles[i].events > 0) {
            memmove(items + kept++ * rows->size, items + i * rows->size, (size_t)rows->size);
        }
    }
    list->count = kept;
    return OK;
}

/* Describes those of a page whom the asker may see. */
static err show_listed(struct request *request, const struct id_list *ids, struct shape_list *out)
{
    struct ctx *ctx = request->ctx;
    struct profile *profiles;
    TRY(read_profiles(request, ids, &profiles));
    struct listed *items = arena_new(&ctx->arena, struct listed, greater(ids->count, 1));
    i64 count = 0;
    for (i64 i = 0; i < ids->count; i++) {
        struct person person;
        err code = is_hidden(request->who, &profiles[i])
                       ? ERR_NOT_FOUND
                       : people_get(ctx, request->app->people, ids->items[i], &person);
        if (code == ERR_NOT_FOUND) {
            continue; /* out of sight, or erased in between */
        }
        TRY(code);
        items[count++] = (struct listed){person.id,          person.name,         person.aliases,
                                         profiles[i].events, profiles[i].last_ms, profiles[i].scores};
    }
    *out = (struct shape_list){items, count};
    return OK;
}

/* A page on which nobody may be seen is passed over: it would tell that somebody is there. */
static err list_people(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    const struct list_query *given = request->query;
    struct people_query query = {.text = given->q, .limit = page_limit(given->limit)};
    struct id_list ids;
    struct shape_list items = {0};
    i64 next = 0;
    if (str_is(given->after) && !id_parse(given->after, &query.before)) {
        return FAIL(ctx, ERR_INVALID, "after", "error.cursor");
    }
    do {
        query.before = next != 0 ? next : query.before;
        TRY(people_list(ctx, request->app->people, &query, &ids, &next));
        TRY(show_listed(request, &ids, &items));
    } while (items.count == 0 && next != 0 && !ctx_stopped(ctx));
    char *cursor = arena_alloc(&ctx->arena, ID_TEXT_LEN, 1);
    return reply_list(reply, &listed_shape, items, next == 0 ? STR_NONE : id_text(next, cursor));
}

/* The person of the path: an id, or an alias such as user:U1. */
static err find_person(struct request *request, i64 *id, struct profile *profile)
{
    struct profile *profiles;
    TRY(people_resolve(request->ctx, request->app->people, request_param(request, "id"), id));
    TRY(read_profiles(request, &(struct id_list){id, 1}, &profiles));
    *profile = profiles[0];
    return is_hidden(request->who, profile) ? ERR_NOT_FOUND : OK;
}

static err audit(struct request *request, const char *action, i64 person, const char *detail)
{
    char text[ID_TEXT_LEN];
    return request_audit(request, action, id_text(person, text), str_from(detail));
}

static err get_person(struct request *request, struct reply *reply)
{
    struct shown shown;
    i64 id;
    TRY(find_person(request, &id, &shown.profile));
    TRY(people_get(request->ctx, request->app->people, id, &shown.person));
    TRY(audit(request, "people.read", id, "page"));
    return reply_shape(reply, &shown_shape, &shown);
}

static err timeline(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    const struct page_query *page = request->query;
    struct sight scope = asked_scope(request->who);
    struct question question;
    struct profile profile;
    struct shape_list items;
    str next;
    i64 id;
    TRY(find_person(request, &id, &profile));
    TRY(asked_question(ctx, request->app, &(struct asked_span){0}, 0, &question));
    question.kind = ASK_TIMELINE;
    question.person = id;
    question.limit = page_limit(page->limit);
    if (str_is(page->after) && !cursor_parse(page->after, &question.after_ms, &question.after_id)) {
        return FAIL(ctx, ERR_INVALID, "after", "error.cursor");
    }
    TRY(ask_rows(ctx, request->app->asked, &scope, &question, &items, &next));
    TRY(audit(request, "people.read", id, "timeline"));
    return reply_list(reply, &row_shape, items, next);
}

static err erase_traces(void *self, struct ctx *ctx, const struct str_list *texts)
{
    const struct app *app = self;
    struct uploads uploads = {app->store, app->folder, store_shared(app->store)};
    return traces_erase(ctx, &uploads, texts);
}

static err forget_answers(void *self, struct ctx *ctx, const struct str_list *aliases)
{
    const struct app *app = self;
    return survey_forget(ctx, app->store, aliases);
}

/* Saved views whose words name somebody, and who takes part in a study. */
static err forget_voices(void *self, struct ctx *ctx, const struct str_list *texts)
{
    const struct app *app = self;
    TRY(view_erase(ctx, app->store, texts));
    return study_erase(ctx, app->store, texts);
}

static err forget_acts(void *self, struct ctx *ctx, const struct str_list *aliases)
{
    return act_forget(ctx, self, aliases);
}

err people_finish_erasures(struct ctx *ctx, struct app *app)
{
    struct people_trace traces[] = {{app, erase_traces, false},
                                    {app, forget_voices, false},
                                    {app->act, forget_acts, true},
                                    {app, forget_answers, true}};
    struct people_erasing with = {app->events, traces, countof(traces)};
    return people_erase_pending(ctx, app->people, &with);
}

static err erase(struct request *request, struct reply *reply)
{
    struct app *app = request->app;
    struct people_trace traces[] = {{app, erase_traces, false},
                                    {app, forget_voices, false},
                                    {app->act, forget_acts, true},
                                    {app, forget_answers, true}};
    struct people_erasing with = {app->events, traces, countof(traces)};
    struct erasure erasure;
    i64 id;
    TRY(people_resolve(request->ctx, app->people, request_param(request, "id"), &id));
    TRY(audit(request, "people.erase", id, ""));
    TRY(people_erase(request->ctx, app->people, &with, id, &erasure));
    if (app->index != NULL) {
        index_scrub(app->index);
    }
    return reply_shape(reply, &erasure_shape, &erasure);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/people", list_people, RIGHT_PEOPLE_READ, .query = &query_shape, .out = &listed_shape,
     .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.people"},
    {HTTP_GET, "/api/v1/people/:id", get_person, RIGHT_PEOPLE_READ, .out = &shown_shape, .summary = "route.person"},
    {HTTP_GET, "/api/v1/people/:id/timeline", timeline, RIGHT_PEOPLE_READ, .query = &page_query_shape,
     .out = &row_shape, .flags = ROUTE_LIST, .summary = "route.person_timeline"},
    {HTTP_DELETE, "/api/v1/people/:id", erase, RIGHT_PEOPLE_ERASE, .out = &erasure_shape,
     .summary = "route.person_erase"},
};
const struct route_table people_routes = ROUTES(routes);
