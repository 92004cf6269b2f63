/* The room: its threads, and what they take in hand. */
#include "act/act.h"

#include "act/state.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/jobs.h"

#include <assert.h>
#include <errno.h>

enum { LOOK_MS = 1000, TICK_S = 10, PRUNE_S = 3600, FIRED_DAYS = 400, OTHER_DAYS = 60, NOTICE_DAYS = 120 };
enum { REST_MS_MAX = 5 * 60 * 1000 };

struct act *act_open(const struct act_options *options)
{
    struct act *act = mem_new(sizeof *act);
    act->options = *options;
    act->store = options->store;
    act->people = options->people;
    act->shared = store_shared(options->store);
    pthread_mutex_init(&act->lock, NULL);
    pthread_cond_init(&act->wake, NULL);
    return act;
}

void act_add_action(struct act *act, const struct act_action *action)
{
    assert(act->action_count < ACT_ACTIONS_MAX);
    act->actions[act->action_count++] = *action;
}

void act_add_maker(struct act *act, const struct act_maker *maker)
{
    assert(act->maker_count < ACT_MAKERS_MAX);
    act->makers[act->maker_count++] = *maker;
}

void act_wake(struct act *act)
{
    pthread_mutex_lock(&act->lock);
    act->calls++;
    pthread_cond_broadcast(&act->wake);
    pthread_mutex_unlock(&act->lock);
}

static bool stopping(struct act *act)
{
    return __atomic_load_n(&act->stop, __ATOMIC_RELAXED);
}

/* Until there may be work: a call since `seen`, or a while. False when it is time to end. */
static bool wait_for_work(struct act *act, u64 *seen)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)(LOOK_MS % 1000) * 1000000;
    until.tv_sec += LOOK_MS / 1000;
    pthread_mutex_lock(&act->lock);
    int waited = 0;
    while (act->calls == *seen && !act->stop && waited != ETIMEDOUT) {
        waited = pthread_cond_timedwait(&act->wake, &act->lock, &until);
    }
    *seen = act->calls;
    bool go_on = !act->stop;
    pthread_mutex_unlock(&act->lock);
    return go_on;
}

/* What failed for lack of a store is tried again at the next look. */
static bool went_well(const struct ctx *ctx, err code, const char *what)
{
    if (code != OK && code != ERR_UNAVAILABLE && code != ERR_CANCELLED && code != ERR_EMPTY) {
        log_fault(LOG_WARN, what, ctx, code);
    }
    return code == OK;
}

/* The runner: rules. */

static bool run_once(struct act *act)
{
    struct ctx ctx = {.stop = &act->stop};
    struct job job;
    err code = job_take(&ctx, act->store, STR(RUN_JOBS), &job);
    if (code == OK) {
        code = run_carry_out(&ctx, act, &job);
    }
    bool well = went_well(&ctx, code, "rule_not_run");
    ctx_end(&ctx);
    return well;
}

static bool any_due(struct act *act, str prefix)
{
    struct ctx ctx = {0};
    struct str_list kinds;
    bool any = went_well(&ctx, job_kinds_due(&ctx, act->store, prefix, &kinds), "rules_not_read") && kinds.count > 0;
    ctx_end(&ctx);
    return any;
}

static bool due(i64 *since_ns, i64 every_s)
{
    i64 now_ns = clock_steady_ns();
    bool is_due = *since_ns == 0 || now_ns - *since_ns > every_s * 1000000000;
    *since_ns = is_due ? now_ns : *since_ns;
    return is_due;
}

static err prune(struct ctx *ctx, struct act *act)
{
    const i64 DAY_MS = (i64)24 * 3600 * 1000;
    i64 now_ms = ctx_now_ms(ctx);
    TRY(store_run(ctx, act->store, SQL_RUN_PRUNE,
                  ARGS(ARG_I64("fired_ms", now_ms - FIRED_DAYS * DAY_MS),
                       ARG_I64("other_ms", now_ms - OTHER_DAYS * DAY_MS)),
                  NULL));
    return store_run(ctx, act->store, SQL_NOTICE_PRUNE, ARGS(ARG_I64("before_ms", now_ms - NOTICE_DAYS * DAY_MS)),
                     NULL);
}

static void now_and_then(struct act *act, const char *what, err (*work)(struct ctx *ctx, struct act *act))
{
    struct ctx ctx = {.stop = &act->stop};
    (void)went_well(&ctx, work(&ctx, act), what);
    ctx_end(&ctx);
}

static void *run(void *self)
{
    struct act *act = self;
    u64 seen = 0;
    i64 ticked_ns = 0, pruned_ns = clock_steady_ns();
    do {
        if (due(&ticked_ns, TICK_S)) {
            now_and_then(act, "rules_by_time", tick);
        }
        if (due(&pruned_ns, PRUNE_S)) {
            now_and_then(act, "rules_prune", prune);
        }
        if (any_due(act, STR(RUN_JOBS))) {
            while (!stopping(act) && run_once(act)) {
            }
            act_wake(act); // what they put out is for the senders
            seen = act->calls;
        }
    } while (wait_for_work(act, &seen));
    return NULL;
}

/* The senders: each takes what waits for a receiver that nobody is calling and that does not rest. */

static struct send_lane *find_lane(struct act *act, str kind)
{
    for (i32 i = 0; i < act->lane_count; i++) {
        if (str_eq(act->lanes[i].kind, kind)) {
            return &act->lanes[i];
        }
    }
    if (act->lane_count == LANES_MAX) {
        return NULL;
    }
    act->lanes[act->lane_count] = (struct send_lane){.kind = str_copy(&act->memory, kind)};
    return &act->lanes[act->lane_count++];
}

static struct send_lane *take_lane(struct act *act, const struct str_list *kinds, i64 first)
{
    struct send_lane *taken = NULL;
    i64 now_ms = clock_ms();
    pthread_mutex_lock(&act->lock);
    for (i64 i = 0; i < kinds->count && taken == NULL; i++) {
        struct send_lane *lane = find_lane(act, kinds->items[(first + i) % kinds->count]);
        i32 most = lane != NULL && str_eq(lane->kind, STR(SEND_LANES "email")) ? MAILERS : 1;
        bool free = lane != NULL && lane->busy < most && lane->rest_until_ms <= now_ms;
        if (free && (lane->failures == 0 || lane->busy == 0)) { // after failures one is enough to try
            lane->busy++;
            taken = lane;
        }
    }
    pthread_mutex_unlock(&act->lock);
    return taken;
}

/* A receiver that failed rests, longer each time; so its next messages cost nobody's time. */
static void leave_lane(struct act *act, struct send_lane *lane, i64 rest_ms)
{
    pthread_mutex_lock(&act->lock);
    lane->busy--;
    lane->failures = rest_ms > 0 ? lane->failures + 1 : 0;
    lane->rest_until_ms = rest_ms > 0 ? clock_ms() + lesser(rest_ms * lane->failures, (i64)REST_MS_MAX) : 0;
    pthread_mutex_unlock(&act->lock);
}

static bool send_one(struct act *act, struct send_lane *lane, i64 *rest_ms)
{
    struct ctx ctx = {0};
    struct job job;
    err code = job_take(&ctx, act->store, lane->kind, &job);
    if (code == OK) {
        code = deliver(&ctx, act, &job, rest_ms);
    }
    bool well = went_well(&ctx, code, "not_sent");
    ctx_end(&ctx);
    return well && *rest_ms == 0;
}

/* A few of one receiver, then the next. */
static bool send_some(struct act *act, i64 first)
{
    enum { IN_A_ROW = 20 };
    struct ctx ctx = {0};
    struct str_list kinds;
    struct send_lane *lane = NULL;
    if (went_well(&ctx, job_kinds_due(&ctx, act->store, STR(SEND_LANES), &kinds), "sends_not_read")) {
        lane = kinds.count == 0 ? NULL : take_lane(act, &kinds, first);
    }
    if (lane != NULL) {
        i64 rest_ms = 0;
        for (int i = 0; i < IN_A_ROW && !stopping(act) && send_one(act, lane, &rest_ms); i++) {
        }
        leave_lane(act, lane, rest_ms);
    }
    ctx_end(&ctx);
    return lane != NULL;
}

static void *send_all(void *self)
{
    struct act *act = self;
    u64 seen = 0;
    i64 turn = 0;
    do {
        while (!stopping(act) && send_some(act, turn++)) {
        }
    } while (wait_for_work(act, &seen));
    return NULL;
}

static bool start_threads(struct act *act)
{
    if (pthread_create(&act->runner, NULL, run, act) != 0) {
        return false;
    }
    act->running = 1;
    while (act->sending < SENDERS && pthread_create(&act->senders[act->sending], NULL, send_all, act) == 0) {
        act->sending++;
    }
    return act->sending > 0;
}

err act_start(struct ctx *ctx, struct act *act, struct events *log, const struct asked_rooms *rooms)
{
    act->log = log;
    act->rooms = rooms;
    if (!act->options.runs) {
        return OK;
    }
    return start_threads(act) ? OK : FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.threads");
}

void act_stop(struct act *act)
{
    if (act == NULL) {
        return;
    }
    pthread_mutex_lock(&act->lock);
    __atomic_store_n(&act->stop, true, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&act->wake);
    pthread_mutex_unlock(&act->lock);
    for (; act->running > 0; act->running--) {
        pthread_join(act->runner, NULL);
    }
    for (; act->sending > 0; act->sending--) {
        pthread_join(act->senders[act->sending - 1], NULL);
    }
}

/* The cursor is written down so that the next start reads little again. */
void act_close(struct act *act)
{
    if (act == NULL) {
        return;
    }
    struct ctx ctx = {0};
    if (!act->shared && act->cursor > act->kept_cursor) {
        (void)store_run(&ctx, act->store, SQL_RULE_CURSOR_SET, ARGS(ARG_I64("event", act->cursor)), NULL);
    }
    ctx_end(&ctx);
    book_leave(act, act->book);
    pthread_mutex_destroy(&act->lock);
    pthread_cond_destroy(&act->wake);
    arena_free(&act->memory);
    mem_free(act);
}
