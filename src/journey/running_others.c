/* Running questions of other processes: telling them ours, hearing theirs. */
#include "base/clock.h"
#include "base/id.h"
#include "journey/running_state.h"
#include "store/processes.h"

#include <time.h>

/* What is told: all questions of a process, in several parts when there are many. */
struct told {
    i64 process;
    bool more; /* goes on where the part before it ended */
    struct shape_list runs;
};
static const struct shape_field told_run_fields[] = {
    {"run", SHAPE_STR, offsetof(struct told_run, run)},
    {"ask", SHAPE_STR, offsetof(struct told_run, ask)},
    {"who", SHAPE_STR, offsetof(struct told_run, who)},
    {"started_ms", SHAPE_I64, offsetof(struct told_run, started_ms)},
    {"asker", SHAPE_ID, offsetof(struct told_run, asker)},
    {"progress", SHAPE_F64, offsetof(struct told_run, progress)},
};
static const struct shape told_run_shape = SHAPE("ToldRun", struct told_run, told_run_fields, NULL);
static const struct shape_field told_fields[] = {
    {"process", SHAPE_ID, offsetof(struct told, process)},
    {"more", SHAPE_BOOL, offsetof(struct told, more)},
    {"runs", SHAPE_LIST, offsetof(struct told, runs), .of = &told_run_shape},
};
static const struct shape told_shape = SHAPE("ToldRuns", struct told, told_fields, NULL);

struct told_stop {
    bool anybody; /* whoever asked it */
    i64 asker;
    str who, run;
};
static const struct shape_field stop_fields[] = {
    {"anybody", SHAPE_BOOL, offsetof(struct told_stop, anybody)},
    {"asker", SHAPE_ID, offsetof(struct told_stop, asker)},
    {"who", SHAPE_STR, offsetof(struct told_stop, who)},
    {"run", SHAPE_STR, offsetof(struct told_stop, run)},
};
static const struct shape stop_shape = SHAPE("ToldStop", struct told_stop, stop_fields, NULL);

static i64 steady_ms(void)
{
    return clock_steady_ns() / 1000000;
}

/* Hearing. */

static struct heard_process *place_of(struct running *running, i64 process)
{
    struct heard_process *place = NULL;
    i64 now_ms = steady_ms();
    for (i64 i = 0; i < PROCESSES_HEARD_MAX; i++) {
        struct heard_process *each = &running->heard[i];
        if (each->until_ms != 0 && each->process == process) {
            return each;
        }
        place = each->until_ms < now_ms ? each : place;
    }
    if (place != NULL) {
        ctx_reset(&place->ctx);
        *place = (struct heard_process){.process = process, .ctx = place->ctx};
    }
    return place;
}

static void take(struct heard_process *place, const struct told *told)
{
    if (!told->more) {
        ctx_reset(&place->ctx);
        place->runs = NULL;
        place->count = 0;
    }
    i64 size = (i64)sizeof(struct told_run);
    struct arena *arena = &place->ctx.arena;
    place->runs = arena_grow(arena, place->runs, place->count * size, (place->count + told->runs.count) * size,
                             _Alignof(struct told_run));
    for (i64 i = 0; i < told->runs.count; i++) {
        struct told_run run = ((const struct told_run *)told->runs.items)[i];
        run.run = str_copy(arena, run.run);
        run.ask = str_copy(arena, run.ask);
        run.who = str_copy(arena, run.who);
        place->runs[place->count++] = run;
    }
    place->until_ms = steady_ms() + HEARD_MS;
}

static err hear_runs(void *self, struct ctx *ctx, str text)
{
    struct running *running = self;
    struct told told = {0};
    if (!str_is(text) || shape_parse(ctx, &told_shape, text, &told, NULL) != OK) {
        ctx_forgive(ctx);
        return OK; // whoever tells tells again
    }
    pthread_mutex_lock(&running->lock);
    struct heard_process *place = place_of(running, told.process);
    if (place != NULL) {
        take(place, &told);
    }
    pthread_mutex_unlock(&running->lock);
    return OK;
}

static err hear_stop(void *self, struct ctx *ctx, str text)
{
    struct running *running = self;
    struct told_stop stop = {0};
    if (!str_is(text) || shape_parse(ctx, &stop_shape, text, &stop, NULL) != OK) {
        ctx_forgive(ctx);
        return OK;
    }
    struct asker_id asker = {stop.asker, stop.who};
    pthread_mutex_lock(&running->lock);
    (void)running_stop(running, stop.anybody ? NULL : &asker, stop.run);
    pthread_mutex_unlock(&running->lock);
    return OK;
}

i64 others_count(const struct running *running)
{
    i64 count = 0;
    for (i64 i = 0; i < PROCESSES_HEARD_MAX; i++) {
        count += running->heard[i].count;
    }
    return count;
}

void others_list(struct arena *arena, const struct running *running, const struct asker_id *asker, struct run *runs,
                 i64 *count)
{
    i64 now_ms = steady_ms();
    for (i64 i = 0; i < PROCESSES_HEARD_MAX; i++) {
        const struct heard_process *each = &running->heard[i];
        for (i64 k = 0; k < each->count && each->until_ms > now_ms; k++) {
            const struct told_run *run = &each->runs[k];
            if (run_is_of(run->asker, run->who, asker)) {
                runs[(*count)++] = (struct run){str_copy(arena, run->run), str_copy(arena, run->ask),
                                                str_copy(arena, run->who), run->started_ms, run->progress};
            }
        }
    }
}

bool others_know(const struct running *running, const struct asker_id *asker, str name)
{
    i64 now_ms = steady_ms();
    bool known = false;
    for (i64 i = 0; i < PROCESSES_HEARD_MAX; i++) {
        const struct heard_process *each = &running->heard[i];
        for (i64 k = 0; k < each->count && each->until_ms > now_ms; k++) {
            known |= run_is_of(each->runs[k].asker, each->runs[k].who, asker) && str_eq(each->runs[k].run, name);
        }
    }
    return known;
}

/* Telling. */

void others_stop(struct running *running, const struct asker_id *asker, str name)
{
    if (running->processes == NULL) {
        return;
    }
    struct arena arena = {0};
    struct told_stop stop = {
        .anybody = asker == NULL,
        .asker = asker == NULL ? 0 : asker->id,
        .who = asker == NULL ? STR("") : asker->name,
        .run = name,
    };
    struct json_writer out = json_writer_in(&arena);
    shape_write(&out, &stop_shape, &stop, SHAPE_ALL);
    str text = json_text(&out);
    if (text.len <= STORE_TELL_MAX) {
        processes_tell(running->processes, "asks_stop", text);
    }
    arena_free(&arena);
}

void others_news(struct running *running)
{
    if (running->processes != NULL && !running->news) {
        running->news = true;
        pthread_cond_signal(&running->wake);
    }
}

/* Our questions, copied while the lock is held. */
static struct shape_list gather(struct arena *arena, const struct running *running)
{
    i64 count = 0;
    for (const struct entry *entry = running->first; entry != NULL; entry = entry->later) {
        count++;
    }
    struct told_run *runs = arena_new(arena, struct told_run, greater(count, 1));
    count = 0;
    for (const struct entry *entry = running->first; entry != NULL; entry = entry->later) {
        runs[count++] = (struct told_run){
            .run = str_copy(arena, entry->run.run),
            .ask = str_copy(arena, entry->run.ask),
            .who = str_copy(arena, entry->asker_name),
            .started_ms = entry->run.started_ms,
            .asker = entry->asker,
            .progress = progress_share(&entry->progress),
        };
    }
    return (struct shape_list){runs, count};
}

/* In parts that fit: names of runs, askers and kinds are short. */
static void tell_all(struct running *running, struct arena *arena, struct shape_list runs)
{
    enum { PART = 8 };
    for (i64 from = 0; from == 0 || from < runs.count; from += PART) {
        struct told told = {.process = id_process(), .more = from > 0};
        told.runs = (struct shape_list){(struct told_run *)runs.items + from, lesser(PART, runs.count - from)};
        struct json_writer out = json_writer_in(arena);
        shape_write(&out, &told_shape, &told, SHAPE_ALL);
        str text = json_text(&out);
        if (text.len <= STORE_TELL_MAX) {
            processes_tell(running->processes, "asks", text);
        }
    }
}

/* Waits; the lock is held. True when it was woken. */
static bool wait_ms(struct running *running, i64 ms, bool for_news)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    i64 ns = until.tv_nsec + ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    int late = 0;
    while (!running->stop && late == 0 && !(for_news && running->news)) {
        late = pthread_cond_timedwait(&running->wake, &running->lock, &until);
    }
    return late == 0;
}

/* Questions that are answered in less than a pause are never told. */
static void *tell(void *self)
{
    struct running *running = self;
    bool told_any = false;
    pthread_mutex_lock(&running->lock);
    while (!running->stop) {
        bool news = wait_ms(running, TELL_EVERY_MS, true);
        (void)wait_ms(running, news ? TELL_PAUSE_MS : 0, false);
        running->news = false;
        struct arena arena = {0};
        struct shape_list runs = gather(&arena, running);
        pthread_mutex_unlock(&running->lock);
        if (runs.count > 0 || told_any) {
            tell_all(running, &arena, runs);
        }
        told_any = runs.count > 0;
        arena_free(&arena);
        pthread_mutex_lock(&running->lock);
    }
    pthread_mutex_unlock(&running->lock);
    return NULL;
}

void others_open(struct running *running, struct processes *processes)
{
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&running->wake, &steady);
    pthread_condattr_destroy(&steady);
    if (!processes_share(processes)) {
        return;
    }
    running->processes = processes;
    processes_hear(processes, "asks", hear_runs, running);
    processes_hear(processes, "asks_stop", hear_stop, running);
    running->started = pthread_create(&running->teller, NULL, tell, running) == 0;
}

void others_close(struct running *running)
{
    pthread_mutex_lock(&running->lock);
    running->stop = true;
    pthread_cond_broadcast(&running->wake);
    pthread_mutex_unlock(&running->lock);
    if (running->started) {
        pthread_join(running->teller, NULL);
    }
    for (i64 i = 0; i < PROCESSES_HEARD_MAX; i++) {
        ctx_end(&running->heard[i].ctx);
    }
    pthread_cond_destroy(&running->wake);
}
