#include "api/commands_local.h"

#include "base/clock.h"
#include "base/log.h"
#include "guard/links.h"
#include "http/http.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

/* Signals that end the server wait for this thread; everybody else has them blocked. */
static void block_ends(sigset_t *ends)
{
    (void)sigemptyset(ends);
    (void)sigaddset(ends, SIGTERM);
    (void)sigaddset(ends, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, ends, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

/* Where browsers find us: what was configured, else the first address that is listened on. */
static str public_address(struct cli *cli)
{
    if (str_is(cli->config.public_url)) {
        return cli->config.public_url;
    }
    return str_format(&cli->ctx.arena, "http://%.*s", STR_ARG(http_addresses(cli->app->http).items[0]));
}

static void say(struct cli *cli, const char *key, const char *name, str value)
{
    struct fault_arg arg = {name, value};
    commands_print(sentence_fill(&cli->ctx.arena, cli->language, key, &arg, 1));
}

/* Until there is an owner, every start gives a new one-time link and ends the earlier ones. */
static err say_first_link(struct cli *cli)
{
    bool needed = false;
    str token;
    TRY(users_need_owner(&cli->ctx, cli->app->guard, &needed));
    if (!needed) {
        return OK;
    }
    TRY(link_create(&cli->ctx, cli->app->guard, LINK_OWNER, 0, &token));
    str base = public_address(cli);
    str link = str_format(&cli->ctx.arena, "%.*s/welcome#%.*s", STR_ARG(base), STR_ARG(token));
    say(cli, "cli.first_link", "link", link);
    return OK;
}

static void say_addresses(struct cli *cli)
{
    struct str_list addresses = http_addresses(cli->app->http);
    for (i64 i = 0; i < addresses.count; i++) {
        say(cli, "cli.listening", "address", str_format(&cli->ctx.arena, "http://%.*s", STR_ARG(addresses.items[i])));
    }
}

/* While the rooms open: a signal ends it, and what takes long is said once. */
struct opening {
    struct cli *cli;
    const sigset_t *ends;
    i64 begun_ns;
    bool said;
};

static bool look(void *self, const struct app *app)
{
    const i64 LONG_NS = 500 * 1000 * 1000;
    struct opening *opening = self;
    const struct timespec now = {0};
    if (!opening->said && clock_steady_ns() - opening->begun_ns > LONG_NS) {
        say(opening->cli, "cli.starting", "address", http_base(app->http));
        (void)fflush(stdout);
        opening->said = true;
    }
    return sigtimedwait(opening->ends, NULL, &now) < 0;
}

err serve_command(struct cli *cli)
{
    sigset_t ends;
    int signal_number = 0;
    block_ends(&ends);
    TRY(app_open(&cli->ctx, &cli->config, APP_SERVE, &cli->app));
    struct opening opening = {.cli = cli, .ends = &ends, .begun_ns = clock_steady_ns()};
    err code = app_wait(&cli->ctx, cli->app, look, &opening);
    if (code == ERR_CANCELLED) {
        log_say(LOG_INFO, "stopping", NULL);
        return OK;
    }
    TRY(code);
    say_addresses(cli);
    TRY(say_first_link(cli));
    (void)fflush(stdout);
    (void)sigwait(&ends, &signal_number);
    log_say(LOG_INFO, "stopping", NULL);
    return OK;
}
