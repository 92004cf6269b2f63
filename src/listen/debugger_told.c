/* Entries of the debugger on their way between processes. */
#include "listen/debugger_state.h"
#include "store/processes.h"

#include <time.h>

enum { TELL_EVERY_S = 1 };

static const str FORGET = STR("forget");

/* An entry as it is told. */
struct told_entry {
    i64 at_ms, route, type, outcome;
    str key, name, value, other_name, other_value, source, kind, alias, message_id, excerpt;
};
static const struct shape_field told_fields[] = {
    {"at_ms", SHAPE_I64, offsetof(struct told_entry, at_ms)},
    {"route", SHAPE_I64, offsetof(struct told_entry, route), .min = 0, .max = TRACK_BATCH},
    {"type", SHAPE_I64, offsetof(struct told_entry, type), .min = 0, .max = TRACK_BATCH},
    {"outcome", SHAPE_I64, offsetof(struct told_entry, outcome), .min = 0, .max = OUTCOME_REFUSED},
    {"key", SHAPE_STR, offsetof(struct told_entry, key)},
    {"name", SHAPE_STR, offsetof(struct told_entry, name)},
    {"value", SHAPE_STR, offsetof(struct told_entry, value)},
    {"other_name", SHAPE_STR, offsetof(struct told_entry, other_name)},
    {"other_value", SHAPE_STR, offsetof(struct told_entry, other_value)},
    {"source", SHAPE_STR, offsetof(struct told_entry, source)},
    {"kind", SHAPE_STR, offsetof(struct told_entry, kind)},
    {"alias", SHAPE_STR, offsetof(struct told_entry, alias)},
    {"message_id", SHAPE_STR, offsetof(struct told_entry, message_id)},
    {"excerpt", SHAPE_STR, offsetof(struct told_entry, excerpt)},
};
static const struct shape told_shape = SHAPE("ToldEntry", struct told_entry, told_fields, NULL);

/* Not inlined: with link-time optimisation gcc 12 takes the words of an entry for empty regions otherwise. */
[[gnu::noinline]] static void write_entry(struct arena *arena, const struct debug_kept *entry, struct json_writer *out)
{
    struct told_entry told = {
        .at_ms = entry->at_ms,
        .route = (i64)entry->route,
        .type = (i64)entry->type,
        .outcome = entry->outcome,
        .key = str_from(entry->key),
        .name = str_from(entry->args[0].name),
        .value = str_from(entry->args[0].value),
        .other_name = str_from(entry->args[1].name),
        .other_value = str_from(entry->args[1].value),
        .source = str_from(entry->source),
        .kind = str_from(entry->kind),
        .alias = str_from(entry->alias),
        .message_id = str_from(entry->message_id),
        .excerpt = str_from(entry->excerpt),
    };
    *out = json_writer_in(arena);
    shape_write(out, &told_shape, &told, SHAPE_ALL);
}

static struct debug_kept read_entry(const struct told_entry *told)
{
    struct debug_kept entry = {
        .at_ms = told->at_ms,
        .route = (enum track_type)told->route,
        .type = (enum track_type)told->type,
        .outcome = (i32)told->outcome,
    };
    debug_text(entry.key, sizeof entry.key, told->key);
    debug_text(entry.args[0].name, sizeof entry.args[0].name, told->name);
    debug_text(entry.args[0].value, sizeof entry.args[0].value, told->value);
    debug_text(entry.args[1].name, sizeof entry.args[1].name, told->other_name);
    debug_text(entry.args[1].value, sizeof entry.args[1].value, told->other_value);
    debug_text(entry.source, sizeof entry.source, told->source);
    debug_text(entry.kind, sizeof entry.kind, told->kind);
    debug_text(entry.alias, sizeof entry.alias, told->alias);
    debug_text(entry.message_id, sizeof entry.message_id, told->message_id);
    debug_text(entry.excerpt, sizeof entry.excerpt, told->excerpt);
    return entry;
}

/* Somebody was erased, or that may have been told while nobody heard: nothing is kept. */
static err hear(void *self, struct ctx *ctx, str text)
{
    struct debugger *debugger = self;
    struct told_entry told = {0};
    if (!str_is(text) || str_eq(text, FORGET)) {
        debugger_forget(debugger);
    } else if (shape_parse(ctx, &told_shape, text, &told, NULL) == OK) {
        struct debug_kept entry = read_entry(&told);
        debugger_put(debugger, &entry);
    } else {
        ctx_forgive(ctx); // a newer program tells other things
    }
    return OK;
}

/* Where an entry of the present second goes: behind the others or, when there is no room, in place of one that was stored. */
static struct debug_kept *place_for(struct debugger *debugger, const struct debug_kept *entry)
{
    if (debugger->told_count < DEBUG_TOLD_MOST) {
        return &debugger->told[debugger->told_count++];
    }
    for (i64 i = 0; i < DEBUG_TOLD_MOST && entry->outcome == OUTCOME_REFUSED; i++) {
        if (debugger->told[i].outcome != OUTCOME_REFUSED) {
            return &debugger->told[i];
        }
    }
    return NULL;
}

void told_later(struct debugger *debugger, const struct debug_kept *entry)
{
    struct debug_kept *place = debugger->started ? place_for(debugger, entry) : NULL;
    if (place != NULL) {
        *place = *entry;
    }
}

void told_forget(struct debugger *debugger)
{
    processes_tell(debugger->processes, "debugger", FORGET);
}

/* False when it is time to end. The lock is held. */
static bool wait_a_second(struct debugger *debugger)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += TELL_EVERY_S;
    int late = 0;
    while (!debugger->stop && late == 0) {
        late = pthread_cond_timedwait(&debugger->wake, &debugger->lock, &until);
    }
    return !debugger->stop;
}

static void *tell(void *self)
{
    struct debugger *debugger = self;
    pthread_mutex_lock(&debugger->lock);
    while (wait_a_second(debugger)) {
        struct arena arena = {0};
        for (i64 i = 0; i < debugger->told_count; i++) {
            struct json_writer out;
            write_entry(&arena, &debugger->told[i], &out);
            str text = json_text(&out);
            if (text.len <= STORE_TELL_MAX) {
                processes_tell(debugger->processes, "debugger", text);
            }
        }
        debugger->told_count = 0;
        arena_free(&arena);
    }
    pthread_mutex_unlock(&debugger->lock);
    return NULL;
}

void told_open(struct debugger *debugger, struct processes *processes)
{
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&debugger->wake, &steady);
    pthread_condattr_destroy(&steady);
    if (processes_share(processes)) {
        debugger->processes = processes;
        processes_hear(processes, "debugger", hear, debugger);
        debugger->started = pthread_create(&debugger->teller, NULL, tell, debugger) == 0;
    }
}

void told_close(struct debugger *debugger)
{
    pthread_mutex_lock(&debugger->lock);
    debugger->stop = true;
    pthread_cond_signal(&debugger->wake);
    pthread_mutex_unlock(&debugger->lock);
    if (debugger->started) {
        pthread_join(debugger->teller, NULL);
    }
    pthread_cond_destroy(&debugger->wake);
}
