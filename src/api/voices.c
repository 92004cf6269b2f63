#include "api/voices.h"

#include "api/asked.h"
#include "base/id.h"
#include "journey/journeys.h"
#include "store/settings.h"

/* The touchpoints that the newest map of each journey gives to one of these departments. */
static err touchpoints_of(struct request *request, const struct str_list *departments, struct str_list *out)
{
    struct ctx *ctx = request->ctx;
    struct id_list journeys;
    i64 capacity = 0;
    TRY(journeys_published(ctx, request->app->journeys, &journeys));
    for (i64 i = 0; i < journeys.count; i++) {
        struct journey journey;
        TRY(journeys_get(ctx, request->app->journeys, journeys.items[i], 0, &journey));
        capacity = out->count + journey.touchpoints.count;
        out->items = arena_grow(&ctx->arena, out->items, out->count * (i64)sizeof(str),
                                greater(capacity, 1) * (i64)sizeof(str), _Alignof(str));
        for (i64 k = 0; k < journey.touchpoints.count; k++) {
            const struct touchpoint *touchpoint = (const struct touchpoint *)journey.touchpoints.items + k;
            for (i64 d = 0; d < departments->count; d++) {
                if (str_eq(touchpoint->department, departments->items[d])) {
                    out->items[out->count++] = touchpoint->id;
                    break;
                }
            }
        }
    }
    return OK;
}

err voices_source(struct request *request, struct feedback_source_of *out)
{
    struct app *app = request->app;
    struct sight sight = asked_scope(request->who);
    struct question_defaults defaults;
    TRY(asked_defaults(request->ctx, app, &defaults));
    *out = (struct feedback_source_of){
        .store = app->store,
        .people = app->people,
        .zone = defaults.zone,
        .sight = {.places = sight.places, .some_touchpoints = sight.departments.count > 0, .personal = sight.personal},
    };
    return sight.departments.count == 0 ? OK : touchpoints_of(request, &sight.departments, &out->sight.touchpoints);
}

err voices_survey_sight(struct request *request, struct survey_sight *out)
{
    struct feedback_source_of from;
    TRY(voices_source(request, &from));
    *out = (struct survey_sight){from.sight.places, from.sight.touchpoints, from.sight.some_touchpoints};
    return OK;
}

str voices_owner(const struct request *request, str owner)
{
    if (!str_eq(owner, STR("me")) || request->who->asker != ASKER_USER) {
        return owner;
    }
    char *text = arena_alloc(&request->ctx->arena, ID_TEXT_LEN, 1);
    return id_text(request->who->id, text);
}

err voices_choose(struct request *request, const struct feedback_filter *filter, struct feedback_chosen **out)
{
    struct feedback_source_of from;
    struct feedback_filter *own = arena_new(&request->ctx->arena, struct feedback_filter, 1);
    TRY(voices_source(request, &from));
    *own = *filter;
    own->owner = voices_owner(request, filter->owner);
    return feedback_choose(request->ctx, &from, own, out);
}

err voices_one(struct request *request, i64 id, struct feedback *out)
{
    struct feedback_filter *filter = arena_new(&request->ctx->arena, struct feedback_filter, 1);
    i64 *ids = arena_new(&request->ctx->arena, i64, 1);
    struct feedback_chosen *chosen;
    struct shape_list list;
    ids[0] = id;
    filter->ids = (struct id_list){ids, 1};
    TRY(voices_choose(request, filter, &chosen));
    TRY(feedback_page(request->ctx, chosen, INT64_MAX, 1, &list));
    if (list.count == 0) {
        return ERR_NOT_FOUND;
    }
    *out = *(const struct feedback *)list.items;
    return OK;
}

str voices_cursor(struct arena *arena, i64 position)
{
    return str_format(arena, "%lld", (long long)position);
}

err voices_read_cursor(struct ctx *ctx, str text, i64 *before)
{
    *before = INT64_MAX;
    if (!str_is(text) || str_i64(text, before)) {
        return OK;
    }
    return FAIL(ctx, ERR_INVALID, "after", "error.cursor");
}
