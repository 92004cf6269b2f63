#include "api/asked.h"

#include "people/people.h"
#include "store/settings.h"

/* People, as the engine asks for them. */

static err put_trait(void *self, alias_no person, str value)
{
    struct trait_column *column = self;
    if (person >= column->count) { // the person came in between
        u32 more = person + person / 2 + 64;
        column->codes = mem_resize(column->codes, (i64)sizeof(u32) * more);
        memset(column->codes + column->count, 0, sizeof(u32) * (more - column->count));
        column->count = more;
    }
    column->codes[person] = dictionary_put(&column->texts, value);
    return OK;
}

static void free_trait(void *object)
{
    struct trait_column *column = object;
    dictionary_free(&column->texts);
    mem_free(column->codes);
}

static err trait_of_all(void *self, struct ctx *ctx, str name, struct trait_column *out)
{
    struct app *app = self;
    ctx_defer(ctx, free_trait, out);
    return people_trait(ctx, app->people, name, put_trait, out);
}

static err catch_up(void *self, struct ctx *ctx)
{
    const struct app *app = self;
    return people_catch_up(ctx, app->people);
}

static err names_of(void *self, struct ctx *ctx, const i64 *ids, i64 count, str *names)
{
    struct app *app = self;
    for (i64 i = 0; i < count; i++) {
        struct person person;
        i64 same = 0;
        while (ids[same] != ids[i]) {
            same++;
        }
        if (same < i) {
            names[i] = names[same];
        } else if (ids[i] != 0 && people_get(ctx, app->people, ids[i], &person) == OK) {
            names[i] = person.name;
        }
    }
    ctx_forgive(ctx); // somebody erased in between has no name any more
    return OK;
}

struct asked_rooms *asked_open(struct app *app)
{
    struct asked_rooms *rooms = arena_new(&app->ctx.arena, struct asked_rooms, 1);
    *rooms = (struct asked_rooms){
        .identity = people_identity(app->people),
        .index = app->index,
        .clickhouse = events_clickhouse(app->events),
        .journeys = app->journeys,
        .log = app->events,
        .persons = {.self = app, .trait = trait_of_all, .catch_up = catch_up, .names = names_of},
        .workers = app->workers,
        .limits = {.memory_mb = app->config->ask_memory_mb},
    };
    return rooms;
}

/* The asker. */

static const struct shape_field span_fields[] = {
    {"from", SHAPE_STR, offsetof(struct asked_span, from), .max = 40, .help = "shape.question.from"},
    {"to", SHAPE_STR, offsetof(struct asked_span, to), .max = 40, .help = "shape.question.to"},
};
const struct shape asked_span_shape = SHAPE("Span", struct asked_span, span_fields, NULL);

struct sight asked_scope(const struct principal *who)
{
    return (struct sight){
        .places = who->places,
        .departments = who->departments,
        .personal = principal_may(who, RIGHT_PEOPLE_READ),
    };
}

struct asker_id asked_by(const struct principal *who)
{
    return (struct asker_id){who->id, who->name};
}

static const struct shape_field run_query_fields[] = {
    {"run", SHAPE_STR, offsetof(struct run_query, run), .min = 1, .max = RUN_NAME_MAX, .help = "shape.ask_query.run"},
};
const struct shape run_query_shape = SHAPE("AskQuery", struct run_query, run_query_fields, NULL);

err asked_run(struct request *request, str ask)
{
    const struct run_query *query = request->query;
    struct asker_id asker = asked_by(request->who);
    if (query->run.len > 0 && !run_name_valid(query->run)) {
        return FAIL(request->ctx, ERR_INVALID, "run", "error.ask.run");
    }
    return running_begin(request->ctx, request->app->running, &asker, query->run, ask);
}

err asked_defaults(struct ctx *ctx, struct app *app, struct question_defaults *out)
{
    struct settings settings;
    TRY(settings_read(ctx, app->store, &settings));
    out->minimum_n = settings.minimum_n;
    return zone_find(ctx, settings.zone, &out->zone);
}

static err read_moment(struct ctx *ctx, const struct zone *zone, const char *name, str text, struct maybe_i64 *out)
{
    i64 at_ms;
    if (text.len == 0) {
        return OK;
    }
    if (!iso_parse(zone, text, &at_ms)) {
        return FAIL(ctx, ERR_INVALID, name, "error.ask.moment");
    }
    *out = (struct maybe_i64){at_ms, true};
    return OK;
}

err asked_question(struct ctx *ctx, struct app *app, const struct asked_span *span, i64 journey, struct question *out)
{
    struct question_defaults defaults;
    TRY(asked_defaults(ctx, app, &defaults));
    *out = (struct question){
        .kind = ASK_COUNT,
        .zone = defaults.zone,
        .minimum_n = defaults.minimum_n,
        .journey = journey,
        .where = {.op = CONDITION_ALL},
    };
    TRY(read_moment(ctx, defaults.zone, "from", span->from, &out->from_ms));
    return read_moment(ctx, defaults.zone, "to", span->to, &out->to_ms);
}
