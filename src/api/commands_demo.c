#include "api/commands_local.h"

#include "base/clock.h"
#include "http/local.h"
#include "listen/demo/company.h"
#include "listen/voices/demo.h"
#include "prove/demo.h"

/* The places of demo's options in its row of the table. */
enum { DEMO_PEOPLE, DEMO_MONTHS, DEMO_SEED, DEMO_UNTIL, DEMO_IF_EMPTY };

enum { HOUR_MS_ = 3600 * 1000 };

static err read_number(struct cli *cli, i64 option, i64 *out)
{
    str text = cli->options[option];
    if (str_is(text) && !str_i64(text, out)) {
        return FAIL(&cli->ctx, ERR_INVALID, cli->command->options[option].name, "cli.number", {"value", text});
    }
    return OK;
}

/* The end of the invented year: a date means its midnight in Việt Nam; nothing means the hour that is running now. */
static err read_until(struct cli *cli, i64 *out)
{
    const struct zone *zone;
    str text = cli->options[DEMO_UNTIL];
    if (!str_is(text)) {
        *out = clock_ms() / HOUR_MS_ * HOUR_MS_;
        return OK;
    }
    TRY(zone_find(&cli->ctx, STR("Asia/Ho_Chi_Minh"), &zone));
    if (!iso_parse(zone, text, out)) {
        return FAIL(&cli->ctx, ERR_INVALID, "until", "cli.date", {"value", text});
    }
    return OK;
}

static err read_plan(struct cli *cli, struct world_plan *out)
{
    i64 seed = 1;
    *out = (struct world_plan){.people = 5000, .months = 12};
    TRY(read_number(cli, DEMO_PEOPLE, &out->people));
    TRY(read_number(cli, DEMO_MONTHS, &out->months));
    TRY(read_number(cli, DEMO_SEED, &seed));
    out->seed = (u64)seed;
    return read_until(cli, &out->until_ms);
}

static void say_filled(struct cli *cli, const struct company_filled *filled)
{
    struct arena *arena = &cli->ctx.arena;
    struct fault_arg args[] = {
        {"people", str_format(arena, "%lld", (long long)filled->people)},
        {"events", str_format(arena, "%lld", (long long)filled->events)},
    };
    commands_print(sentence_fill(arena, cli->language, "cli.demo_done", args, (i32)countof(args)));
}

err demo_command(struct cli *cli)
{
    struct world_plan plan;
    struct company_filled filled;
    bool if_empty = str_is(cli->options[DEMO_IF_EMPTY]);
    TRY(read_plan(cli, &plan));
    f64 share = 0;
    if (if_empty && local_state(&cli->ctx, cli->config.data, &share) != LOCAL_NONE) {
        return OK; // A folder that is served is not a new one.
    }
    TRY(app_open(&cli->ctx, &cli->config, APP_ROOMS, &cli->app));
    TRY(commands_wait(cli));
    struct company_rooms rooms = {cli->app->store, cli->app->events, cli->app->people, cli->app->journeys,
                                  cli->app->surveys};
    TRY(company_fill(&cli->ctx, &rooms, &plan, if_empty, &filled));
    if (!filled.skipped) {
        struct feedback_source_of voices = {.store = rooms.store, .people = rooms.people, .sight.personal = true};
        TRY(zone_find(&cli->ctx, cli->app->settings.zone, &voices.zone));
        TRY(voices_demo_fill(&cli->ctx, rooms.store, rooms.events, plan.until_ms));
        TRY(prove_demo_fill(&cli->ctx, &voices));
        say_filled(cli, &filled);
    }
    return OK;
}
