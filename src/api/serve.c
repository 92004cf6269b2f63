#include "api/commands_local.h"

#include "base/log.h"
#include "http/http.h"

#include <signal.h>
#include <stdio.h>

/* Signals that end the server wait for this thread; everybody else has them blocked. */
static void block_ends(sigset_t *ends)
{
    (void)sigemptyset(ends);
    (void)sigaddset(ends, SIGTERM);
    (void)sigaddset(ends, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, ends, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static void say_addresses(struct cli *cli)
{
    struct str_list addresses = http_addresses(cli->app->http);
    for (i64 i = 0; i < addresses.count; i++) {
        struct fault_arg args[] = {{"address", addresses.items[i]}};
        commands_print(sentence_fill(&cli->ctx.arena, cli->language, "cli.listening", args, 1));
    }
    (void)fflush(stdout);
}

err serve_command(struct cli *cli)
{
    sigset_t ends;
    int signal_number = 0;
    block_ends(&ends);
    TRY(app_open(&cli->ctx, &cli->config, APP_SERVE, &cli->app));
    say_addresses(cli);
    (void)sigwait(&ends, &signal_number);
    log_say(LOG_INFO, "stopping", NULL);
    return OK;
}
