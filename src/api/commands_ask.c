#include "api/commands_local.h"

#include "base/id.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* cham ask FILE|-: Ctrl-C stops the question where it is answered, not only the wait for it.
 *
 * The handler of the signal writes to a pipe; a thread reads it and asks the server to stop. Where no question is
 * being answered, and with the second Ctrl-C, the program ends. */
struct watch {
    str folder, run;
    int out; /* the pipe's reading end */
    pthread_t thread;
    struct sigaction before;
};

enum { ENDED_BY_SIGINT = 130 };

static int interrupts = -1; /* the pipe's writing end: a signal handler has nothing else to look at */

static void on_interrupt([[maybe_unused]] int signal)
{
    (void)!write(interrupts, "", 1);
}

static bool stop_question(const struct watch *watch)
{
    struct ctx ctx = {0};
    struct local_answer answer;
    struct local_request request = {
        .folder = watch->folder,
        .method = "DELETE",
        .path = str_format(&ctx.arena, "/api/v1/asks/%.*s", STR_ARG(watch->run)),
    };
    bool stopped = local_ask(&ctx, &request, &answer) == OK && answer.status == 204;
    ctx_end(&ctx);
    return stopped;
}

static void *wait_for_interrupt(void *self)
{
    const struct watch *watch = self;
    char byte;
    for (i32 times = 0; read(watch->out, &byte, 1) == 1; times++) {
        if (times > 0 || !stop_question(watch)) {
            _exit(ENDED_BY_SIGINT);
        }
    }
    return NULL;
}

/* False: Ctrl-C ends the program as ever. */
static bool watch_begin(struct watch *watch)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    watch->out = ends[0];
    interrupts = ends[1];
    if (pthread_create(&watch->thread, NULL, wait_for_interrupt, watch) != 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return false;
    }
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, &watch->before);
    return true;
}

static void watch_end(struct watch *watch)
{
    (void)sigaction(SIGINT, &watch->before, NULL);
    (void)close(interrupts); // the thread reads the end
    pthread_join(watch->thread, NULL);
    (void)close(watch->out);
}

err ask_command(struct cli *cli)
{
    char id[ID_TEXT_LEN];
    struct watch watch = {.folder = cli->config.data, .run = id_text(id_new(), id)};
    struct local_request request = {.method = "POST"};
    struct local_answer answer;
    TRY(commands_read(&cli->ctx, cli->words[0], &request.body));
    request.path = str_format(&cli->ctx.arena, "/api/v1/ask?run=%.*s", STR_ARG(watch.run));
    bool watching = watch_begin(&watch);
    err code = commands_request(cli, request, &answer);
    if (watching) {
        watch_end(&watch);
    }
    if (code == OK && answer.status != 0) {
        commands_print(answer.body);
    }
    return code;
}
