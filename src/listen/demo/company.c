#include "listen/demo/company.h"

#include "act/clear.h"
#include "base/id.h"
#include "journey/saved.h"
#include "listen/demo/asked.h"
#include "listen/demo/board.h"
#include "listen/demo/house_rules.h"
#include "listen/demo/render.h"
#include "listen/demo/texts.h"
#include "listen/voices/alerts.h"
#include "listen/voices/models.h"
#include "listen/voices/promise.h"
#include "store/jobs.h"
#include "store/settings.h"

/* Events of one append: large enough to share an fsync, small enough to be in memory twice. */
enum { BATCH = 5000, DELETION = 20000 };

#define COMPANY STR("Hiên Nhà")

/* Every filling is a job, so that a second start sees whether the first one came to its end. */
#define JOB_KIND STR("demo")

static err find_job(struct ctx *ctx, struct store *store, struct job *out)
{
    struct shape_list jobs;
    TRY(job_list(ctx, store, JOB_KIND, 0, 1, &jobs));
    *out = jobs.count > 0 ? *(struct job *)jobs.items : (struct job){0};
    return OK;
}

static err stop_at_first(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    (void)event;
    *(bool *)self = true;
    return ERR_CANCELLED;
}

static err is_empty(struct ctx *ctx, const struct company_rooms *rooms, bool *out)
{
    struct shape_list journeys;
    bool found = false;
    TRY(journeys_list(ctx, rooms->journeys, &journeys));
    err code = events_scan(ctx, rooms->events, 0, EVENT_KEYS, stop_at_first, &found);
    *out = !found && journeys.count == 0;
    return found ? OK : code;
}

static err write_settings(struct ctx *ctx, struct store *store, str organisation, bool demo)
{
    struct settings settings;
    TRY(settings_read(ctx, store, &settings));
    settings.organisation = organisation;
    settings.demo = demo;
    shape_seen seen = 0;
    for (i64 i = 0; i < settings_shape.field_count; i++) {
        str name = str_from(settings_shape.fields[i].name);
        if (str_eq(name, STR("organisation")) || str_eq(name, STR("demo"))) {
            seen |= (shape_seen)1 << i;
        }
    }
    return settings_write(ctx, store, &settings, seen);
}

static err draw_journey(struct ctx *ctx, struct journeys *journeys)
{
    struct journey_map map = {0};
    TRY(shape_parse(ctx, &journey_map_shape, demo_text_journey, &map, NULL));
    struct journey_new new = {.name = map.name, .by = STR("demo")};
    i64 id;
    TRY(journeys_create(ctx, journeys, &new, &id));
    TRY(journeys_put_draft(ctx, journeys, id, &map, STR_NONE));
    return journeys_publish(ctx, journeys, id, INT64_MIN, STR("demo"));
}

static err send_batch(struct ctx *ctx, struct events *events, const struct world *world, i64 from, i64 count)
{
    struct arena arena = {0};
    struct event *items = arena_new(&arena, struct event, count);
    u8 *outcomes = arena_new(&arena, u8, count);
    for (i64 i = 0; i < count; i++) {
        render_event(world, from + i, &arena, &items[i]);
    }
    err code = events_append(ctx, events, items, count, outcomes);
    arena_free(&arena);
    return code;
}

static err send_events(struct ctx *ctx, struct events *events, const struct world *world)
{
    for (i64 from = 0; from < world->moment_count; from += BATCH) {
        if (ctx_stopped(ctx)) {
            return ERR_CANCELLED;
        }
        TRY(send_batch(ctx, events, world, from, lesser(BATCH, world->moment_count - from)));
    }
    return OK;
}

static err move_in(struct ctx *ctx, const struct company_rooms *rooms, const struct world *world)
{
    TRY(write_settings(ctx, rooms->store, COMPANY, true));
    TRY(draw_journey(ctx, rooms->journeys));
    TRY(board_hang(ctx, rooms->store));
    TRY(send_events(ctx, rooms->events, world));
    return asked_hang(ctx, rooms->store, rooms->events, rooms->surveys);
}

static err put_rules(struct ctx *ctx, struct store *store, [[maybe_unused]] void *arg)
{
    return house_rules_hang(ctx, store);
}

static err fill(struct ctx *ctx, const struct company_rooms *rooms, const struct world_plan *plan,
                struct company_filled *out)
{
    struct world world;
    TRY(world_make(ctx, plan, &world));
    char cause[ID_TEXT_LEN];
    i64 job = 0;
    err code = job_put(ctx, rooms->store, JOB_KIND, id_text(id_new(), cause), STR("{}"), &job);
    if (code == OK) {
        code = move_in(ctx, rooms, &world);
    }
    if (code == OK) {
        code = store_write(ctx, rooms->store, put_rules, NULL);
    }
    if (code == OK) {
        code = job_end(ctx, rooms->store, job, JOB_DONE, STR("{}"), STR_NONE);
    }
    *out = (struct company_filled){.people = plan->people, .events = world.moment_count};
    world_free(&world);
    return code;
}

/* The ids of all events. */
struct everything {
    i64 *ids;
    i64 count, capacity;
};

static err note_id(void *self, struct ctx *ctx, const struct event *event)
{
    struct everything *all = self;
    if (all->count == all->capacity) {
        all->capacity = greater(BATCH, all->capacity * 2);
        all->ids = mem_resize(all->ids, all->capacity * (i64)sizeof *all->ids);
    }
    all->ids[all->count++] = event->id;
    return ctx_stopped(ctx) ? ERR_CANCELLED : OK;
}

static err delete_events(struct ctx *ctx, struct events *events, i64 *deleted)
{
    struct everything all = {0};
    err code = events_scan(ctx, events, 0, EVENT_KEYS, note_id, &all);
    for (i64 from = 0; code == OK && from < all.count; from += DELETION) {
        i64 some = 0;
        code = events_delete(ctx, events, all.ids + from, lesser(DELETION, all.count - from), &some);
        *deleted += some;
    }
    mem_free(all.ids);
    return code;
}

static err take_down(struct ctx *ctx, struct store *store, [[maybe_unused]] void *arg)
{
    TRY(alerts_clear(ctx, store));
    TRY(models_clear(ctx, store));
    TRY(promise_clear(ctx, store));
    TRY(store_run(ctx, store, SQL_STUDIES_CLEAR, ARGS_NONE, NULL));
    TRY(store_run(ctx, store, SQL_PAINS_CLEAR, ARGS_NONE, NULL));
    TRY(store_run(ctx, store, SQL_VIEWS_CLEAR, ARGS_NONE, NULL));
    TRY(asked_clear(ctx, store));
    TRY(act_clear(ctx, store));
    return saved_clear(ctx, store);
}

static err take_out(struct ctx *ctx, const struct company_rooms *rooms, i64 *events)
{
    *events = 0;
    TRY(delete_events(ctx, rooms->events, events));
    TRY(people_prune(ctx, rooms->people, rooms->events));
    TRY(journeys_clear(ctx, rooms->journeys));
    TRY(store_write(ctx, rooms->store, take_down, NULL));
    return write_settings(ctx, rooms->store, settings_defaults().organisation, false);
}

err company_clear(struct ctx *ctx, const struct company_rooms *rooms, i64 *events)
{
    struct settings settings;
    TRY(settings_read(ctx, rooms->store, &settings));
    if (!settings.demo) {
        return FAIL(ctx, ERR_CONFLICT, "", "error.demo_none");
    }
    return take_out(ctx, rooms, events);
}

err company_fill(struct ctx *ctx, const struct company_rooms *rooms, const struct world_plan *plan, bool if_empty,
                 struct company_filled *out)
{
    struct job job;
    bool empty;
    *out = (struct company_filled){0};
    TRY(find_job(ctx, rooms->store, &job));
    if (job.id != 0 && job.state != JOB_DONE) {
        i64 events;
        TRY(take_out(ctx, rooms, &events));
        return fill(ctx, rooms, plan, out);
    }
    TRY(is_empty(ctx, rooms, &empty));
    if (if_empty && (!empty || job.id != 0)) {
        out->skipped = true;
        return OK;
    }
    if (!empty) {
        return FAIL(ctx, ERR_CONFLICT, "", "error.demo_not_empty");
    }
    return fill(ctx, rooms, plan, out);
}
