#include "store/processes.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "store/jobs.h"
#include "store/processes_state.h"

#include <time.h>
#include <unistd.h>

/* A number is given again after a day: no clock differs by so much that two processes could make the same id. */
enum { KEPT_MS = 24 * 3600 * 1000, TAKE_OVER_EVERY = 5, FORGET_EVERY = 1200, AGAIN_MS = 300 };

static const struct shape_field process_fields[] = {
    {"id", SHAPE_ID, offsetof(struct process, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct process, name), .flags = SHAPE_REQUIRED, .help = "shape.process.name"},
    {"version", SHAPE_STR, offsetof(struct process, version), .flags = SHAPE_REQUIRED},
    {"folder", SHAPE_STR, offsetof(struct process, folder), .flags = SHAPE_REQUIRED, .help = "shape.process.folder"},
    {"started_ms", SHAPE_TIME, offsetof(struct process, started_ms), .flags = SHAPE_REQUIRED},
    {"seen_ms", SHAPE_TIME, offsetof(struct process, seen_ms), .flags = SHAPE_REQUIRED,
     .help = "shape.process.seen_ms"},
    {"self", SHAPE_BOOL, offsetof(struct process, self), .flags = SHAPE_REQUIRED, .help = "shape.process.self"},
};
const struct shape process_shape = SHAPE("Process", struct process, process_fields, "shape.process");

static i64 steady_now_ms(void)
{
    return clock_steady_ns() / 1000000;
}

/* Entering. */

struct taken {
    u8 numbers[ID_NUMBER_MAX + 1];
    i64 oldest, oldest_number; /* of the dead */
};

static err note_number(void *self, struct ctx *ctx, const struct store_row *row)
{
    (void)ctx;
    struct taken *taken = self;
    i64 number = row_i64(row, 1);
    if (number >= 0 && number <= ID_NUMBER_MAX) {
        taken->numbers[number] = 1;
    }
    if (row_i64(row, 2) != 0) { // those come last, the one that died first at the end
        taken->oldest = row_i64(row, 0);
        taken->oldest_number = number;
    }
    return OK;
}

/* A number that nobody has; when all are given, that of the process that has been dead for longest. */
static err choose_number(struct ctx *ctx, struct store *store, i64 *out)
{
    struct taken taken = {0};
    TRY(store_each(ctx, store, SQL_PROCESS_NUMBERS, ARGS_NONE, note_number, &taken));
    i64 number = 1;
    while (number <= ID_NUMBER_MAX && taken.numbers[number]) {
        number++;
    }
    if (number <= ID_NUMBER_MAX) {
        *out = number;
        return OK;
    }
    if (taken.oldest == 0) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.processes");
    }
    *out = taken.oldest_number;
    return store_run(ctx, store, SQL_PROCESS_REMOVE, ARGS(ARG_ID("id", taken.oldest)), NULL);
}

static str machine(struct arena *arena)
{
    char name[256] = "";
    bool known = gethostname(name, sizeof name - 1) == 0 && name[0] != 0;
    return str_copy(arena, known ? str_from(name) : STR("localhost"));
}

static err enter(struct ctx *ctx, struct store *store, void *arg)
{
    struct processes *processes = arg;
    i64 number = 0;
    bool shared = store_shared(store);
    if (shared) {
        TRY(choose_number(ctx, store, &number));
    }
    struct store_arg self[] = {ARG_ID("id", id_process()), ARG_STR("home", processes->home)};
    TRY(store_run(ctx, store, shared ? SQL_PROCESS_END_HOME : SQL_PROCESS_END_ALL,
                  (struct store_args){.items = self, .count = 2}, NULL));
    TRY(store_run(ctx, store, SQL_PROCESS_REMOVE, ARGS(ARG_ID("id", id_process())), NULL));
    TRY(store_run(ctx, store, SQL_PROCESS_ENTER,
                  ARGS(ARG_ID("id", id_process()), ARG_I64("number", number), ARG_STR("name", machine(&ctx->arena)),
                       ARG_STR("version", processes->version), ARG_STR("folder", processes->folder),
                       ARG_STR("home", processes->home)),
                  NULL));
    TRY(store_run(ctx, store, SQL_PROCESS_FORGET, ARGS(ARG_I64("kept_ms", KEPT_MS)), NULL));
    TRY(job_recover(ctx, store));
    if (number > 0) {
        id_share(number); // when the transaction fails, the next one only takes another
    }
    return OK;
}

/* Saying that it lives. */

/* What the dead had in their hands; without the lock that orders transactions, because every statement stands alone. */
static err take_over(struct ctx *ctx, struct processes *processes, bool in_turn)
{
    i64 died = 0;
    TRY(store_run(ctx, processes->store, SQL_PROCESS_END_SILENT,
                  ARGS(ARG_I64("silent_ms", processes->silent_ms), ARG_ID("id", id_process())), &died));
    if (died > 0) {
        log_say(LOG_WARN, "process_died", NULL);
    }
    return died > 0 || in_turn ? job_recover(ctx, processes->store) : OK;
}

static err say(struct ctx *ctx, struct processes *processes, i64 turn)
{
    i64 changed = 0, begun_ms = steady_now_ms();
    TRY(store_run(ctx, processes->store, SQL_PROCESS_BEAT, ARGS(ARG_ID("id", id_process())), &changed));
    if (changed == 0) { // silent for so long that it was forgotten
        TRY(store_write(ctx, processes->store, enter, processes));
    }
    if (begun_ms - processes->said_ms > processes->silent_ms / 2) {
        processes->steady_ms = begun_ms;
    }
    processes->said_ms = begun_ms;
    if (begun_ms - processes->steady_ms < processes->silent_ms) {
        return OK;
    }
    if (turn % FORGET_EVERY == 0) {
        TRY(store_run(ctx, processes->store, SQL_PROCESS_FORGET, ARGS(ARG_I64("kept_ms", KEPT_MS)), NULL));
    }
    return take_over(ctx, processes, turn % TAKE_OVER_EVERY == 0);
}

/* The lock is held. */
static void wait_ms(struct processes *processes, i64 ms, bool for_again)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    i64 ns = until.tv_nsec + ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    int late = 0;
    while (!processes->stop && late == 0 && !(for_again && processes->again)) {
        late = pthread_cond_timedwait(&processes->wake, &processes->lock, &until);
    }
}

/* Until the next turn; it comes soon when somebody wants to try again, who is told with true. The lock is held. */
static bool wait_for_turn(struct processes *processes)
{
    wait_ms(processes, processes->says_ms, true);
    bool again = processes->again;
    if (again) {
        wait_ms(processes, lesser(AGAIN_MS, processes->says_ms), false);
        processes->again = false;
    }
    return again;
}

static void *keep_saying(void *self)
{
    struct processes *processes = self;
    bool failing = false;
    pthread_mutex_lock(&processes->lock);
    for (i64 turn = 1; !processes->stop; turn++) {
        bool again = wait_for_turn(processes);
        if (processes->stop) {
            break;
        }
        pthread_mutex_unlock(&processes->lock);
        struct ctx ctx = {0};
        err code = say(&ctx, processes, turn);
        if (code != OK && !failing) {
            log_fault(LOG_WARN, "process_not_heard", &ctx, code);
        }
        failing = code != OK;
        ctx_end(&ctx);
        if (!failing) {
            hearing_again(processes);
        }
        pthread_mutex_lock(&processes->lock);
        processes->again = processes->again || (failing && again);
    }
    pthread_mutex_unlock(&processes->lock);
    return NULL;
}

static err start(struct ctx *ctx, struct processes *processes)
{
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&processes->wake, &steady);
    pthread_condattr_destroy(&steady);
    pthread_mutex_init(&processes->lock, NULL);
    hearing_open(processes);
    TRY(store_write(ctx, processes->store, enter, processes));
    processes->said_ms = processes->steady_ms = steady_now_ms();
    if (store_shared(processes->store)) {
        processes->started = pthread_create(&processes->thread, NULL, keep_saying, processes) == 0;
        return processes->started && hearing_start(processes) ? OK : FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.threads");
    }
    return OK;
}

err processes_open(struct ctx *ctx, const struct processes_options *options, struct processes **out)
{
    struct processes *processes = mem_new(sizeof *processes);
    processes->store = options->store;
    processes->folder = str_copy(&processes->memory, options->folder);
    processes->home = str_copy(&processes->memory, options->home);
    processes->version = str_copy(&processes->memory, options->version);
    processes->says_ms = options->says_ms > 0 ? options->says_ms : PROCESS_SAYS_MS;
    processes->silent_ms = options->silent_ms > 0 ? options->silent_ms : PROCESS_SILENT_MS;
    err code = start(ctx, processes);
    if (code != OK) {
        processes_close(processes);
        return code;
    }
    *out = processes;
    return OK;
}

void processes_close(struct processes *processes)
{
    if (processes == NULL) {
        return;
    }
    pthread_mutex_lock(&processes->lock);
    processes->stop = true;
    pthread_cond_signal(&processes->wake);
    pthread_mutex_unlock(&processes->lock);
    if (processes->started) {
        pthread_join(processes->thread, NULL);
    }
    store_deaf(processes->store); // until the records are closed their thread goes on
    hearing_close(processes);
    struct ctx ctx = {0};
    if (store_run(&ctx, processes->store, SQL_PROCESS_END, ARGS(ARG_ID("id", id_process())), NULL) != OK) {
        log_say(LOG_INFO, "process_end_not_written", NULL); // the others notice by themselves
    }
    ctx_end(&ctx);
    pthread_mutex_destroy(&processes->lock);
    pthread_cond_destroy(&processes->wake);
    arena_free(&processes->memory);
    mem_free(processes);
}

bool processes_sure(const struct processes *processes)
{
    if (processes == NULL || !processes->started) {
        return true;
    }
    i64 silent_ms = steady_now_ms() - processes->said_ms;
    return silent_ms < processes->silent_ms - processes->says_ms;
}

err processes_list(struct ctx *ctx, struct store *store, struct shape_list *out)
{
    TRY(store_all(ctx, store, SQL_PROCESS_LIST, ARGS_NONE, &process_shape, out));
    struct process *items = out->items;
    for (i64 i = 0; i < out->count; i++) {
        items[i].self = items[i].id == id_process();
        if (items[i].self && !store_shared(store)) {
            items[i].seen_ms = clock_ms(); // it answers
        }
    }
    return OK;
}
