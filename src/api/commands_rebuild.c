/* cham rebuild: what is derived from the log and kept beside it is made anew, and compared with what was there. In the large set-up
 * that is the table of persons in ClickHouse, which is told again. */
#include "api/commands_local.h"

#include "base/clock.h"
#include "journey/kept.h"
#include "people/people.h"

#include <inttypes.h>

struct content {
    u64 digest;
    i64 events, took_ns;
};

static err open_and_look(struct cli *cli, enum app_mode mode, struct content *out)
{
    i64 begun_ns = clock_steady_ns();
    TRY(app_open(&cli->ctx, &cli->config, mode, &cli->app));
    TRY(commands_wait(cli));
    out->took_ns = clock_steady_ns() - begun_ns;
    out->digest = index_digest(&cli->ctx, cli->app->index);
    out->events = index_stats(cli->app->index).rows;
    return OK;
}

static void say_rebuilt(struct cli *cli, const struct content *before, const struct content *after)
{
    struct arena *arena = &cli->ctx.arena;
    f64 seconds = (f64)after->took_ns / 1e9;
    struct fault_arg args[] = {
        {"events", str_format(arena, "%lld", (long long)after->events)},
        {"seconds", str_format(arena, "%.1f", seconds)},
        {"rate", str_format(arena, "%.0f", (f64)after->events / seconds)},
        {"digest", str_format(arena, "%016" PRIx64, after->digest)},
    };
    bool same = before->digest == after->digest;
    commands_print(sentence_fill(arena, cli->language, "cli.rebuilt", args, (i32)countof(args)));
    commands_print(
        sentence_fill(arena, cli->language, same ? "cli.rebuild_same" : "cli.rebuild_other", args, (i32)countof(args)));
    cli->failed = !same;
}

/* Questions are answered by ClickHouse, so there is nothing beside the events but who moved to another person. */
static err tell_moves_again(struct cli *cli)
{
    TRY(app_open(&cli->ctx, &cli->config, APP_ROOMS, &cli->app));
    TRY(commands_wait(cli));
    TRY(people_refold(&cli->ctx, cli->app->people));
    TRY(people_tell_anew(&cli->ctx, cli->app->people));
    TRY(people_catch_up(&cli->ctx, cli->app->people));
    commands_print(sentence(cli->language, "cli.rebuilt_shared"));
    return OK;
}

err rebuild_command(struct cli *cli)
{
    struct content before, after;
    TRY(commands_folder_is_there(cli));
    if (str_is(cli->config.events) && cli->config.events.len > 0) {
        return tell_moves_again(cli);
    }
    TRY(open_and_look(cli, APP_ROOMS, &before));
    app_close(cli->app);
    cli->app = NULL;
    TRY(open_and_look(cli, APP_REBUILD, &after));
    TRY(people_refold(&cli->ctx, cli->app->people));
    say_rebuilt(cli, &before, &after);
    return OK;
}
