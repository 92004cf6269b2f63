#include "listen/debugger.h"

#include "base/clock.h"
#include "listen/limits.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SHORT = 80, LONG = 200 };

struct entry {
    i64 at_ms; /* 0: free */
    enum track_type route, type;
    i32 outcome;
    const char *key; /* of the reason */
    struct {
        const char *name;
        char value[SHORT];
    } args[2];
    char source[SHORT], kind[LONG], alias[LONG], message_id[SHORT * 2], excerpt[EXCERPT_MAX + 1];
};

struct debugger {
    pthread_mutex_t lock;
    struct sse *streams[LANGUAGE_COUNT_];
    i64 next; /* where the next entry goes */
    struct entry entries[DEBUG_ENTRIES];
};

enum { OUTCOME_STORED, OUTCOME_DUPLICATE, OUTCOME_REFUSED };
static const char *const outcome_words[] = {"stored", "duplicate", "refused", NULL};

static const struct shape_field entry_fields[] = {
    {"at_ms", SHAPE_TIME, offsetof(struct debug_entry, at_ms)},
    {"source", SHAPE_STR, offsetof(struct debug_entry, source)},
    {"route", SHAPE_STR, offsetof(struct debug_entry, route)},
    {"type", SHAPE_STR, offsetof(struct debug_entry, type)},
    {"kind", SHAPE_STR, offsetof(struct debug_entry, kind)},
    {"alias", SHAPE_STR, offsetof(struct debug_entry, alias)},
    {"outcome", SHAPE_STR, offsetof(struct debug_entry, outcome)},
    {"reason", SHAPE_STR, offsetof(struct debug_entry, reason)},
    {"message_id", SHAPE_STR, offsetof(struct debug_entry, message_id)},
    {"excerpt", SHAPE_STR, offsetof(struct debug_entry, excerpt)},
};
const struct shape debug_entry_shape = SHAPE("DebugEntry", struct debug_entry, entry_fields, "tracking.help.entry");

struct debugger *debugger_open(void)
{
    struct debugger *debugger = mem_new(sizeof *debugger);
    pthread_mutex_init(&debugger->lock, NULL);
    for (i64 i = 0; i < LANGUAGE_COUNT_; i++) {
        debugger->streams[i] = sse_open();
    }
    return debugger;
}

void debugger_close(struct debugger *debugger)
{
    if (debugger == NULL) {
        return;
    }
    for (i64 i = 0; i < LANGUAGE_COUNT_; i++) {
        sse_close(debugger->streams[i]);
    }
    pthread_mutex_destroy(&debugger->lock);
    mem_free(debugger);
}

static void keep(char *out, i64 room, str text)
{
    str part = utf8_prefix(str_is(text) ? text : STR(""), room - 1);
    if (part.len > 0) {
        memcpy(out, part.data, (size_t)part.len);
    }
    out[part.len] = 0;
}

static void keep_reason(struct entry *entry, const struct fault *fault)
{
    entry->key = fault->key;
    for (i32 i = 0; i < lesser(fault->arg_count, 2); i++) {
        entry->args[i].name = fault->args[i].name;
        keep(entry->args[i].value, SHORT, fault->args[i].value);
    }
}

static void fill(struct entry *entry, const struct tracking *tracking, const struct track_note *note,
                 const u8 *outcomes, const struct fault *fault)
{
    *entry = (struct entry){.at_ms = tracking->received_ms, .route = tracking->route, .type = note->type};
    keep(entry->source, sizeof entry->source, tracking->source);
    keep(entry->kind, sizeof entry->kind, note->kind);
    keep(entry->alias, sizeof entry->alias, note->alias);
    keep(entry->message_id, sizeof entry->message_id, note->message_id);
    keep(entry->excerpt, sizeof entry->excerpt, note->excerpt);
    if (note->event < 0) {
        entry->outcome = OUTCOME_REFUSED;
        keep_reason(entry, &note->fault);
    } else if (outcomes == NULL) {
        entry->outcome = OUTCOME_REFUSED;
        keep_reason(entry, fault);
    } else {
        entry->outcome = outcomes[note->event] == EVENT_STORED ? OUTCOME_STORED : OUTCOME_DUPLICATE;
    }
}

/* Copies an entry into the arena, so that the ring may go on. */
static struct debug_entry show(struct arena *arena, const struct entry *entry, enum language language)
{
    struct fault_arg args[2];
    i32 count = 0;
    for (i32 i = 0; i < 2 && entry->args[i].name != NULL; i++) {
        args[count++] = (struct fault_arg){entry->args[i].name, str_from(entry->args[i].value)};
    }
    str key = entry->key ? sentence_fill(arena, language, entry->key, args, count) : STR_NONE;
    return (struct debug_entry){
        .at_ms = entry->at_ms,
        .source = str_copy(arena, str_from(entry->source)),
        .route = str_from(track_words[entry->route]),
        .type = entry->type == TRACK_BATCH ? STR_NONE : str_from(track_words[entry->type]),
        .kind = str_copy(arena, str_from(entry->kind)),
        .alias = str_copy(arena, str_from(entry->alias)),
        .outcome = str_from(outcome_words[entry->outcome]),
        .reason = key,
        .message_id = str_copy(arena, str_from(entry->message_id)),
        .excerpt = str_copy(arena, str_from(entry->excerpt)),
    };
}

static void publish(struct debugger *debugger, struct arena *arena, const struct entry *entry)
{
    for (i32 i = 0; i < LANGUAGE_COUNT_; i++) {
        if (sse_readers(debugger->streams[i]) > 0) {
            struct debug_entry shown = show(arena, entry, (enum language)i);
            struct json_writer text = json_writer_in(arena);
            shape_write(&text, &debug_entry_shape, &shown, SHAPE_ALL);
            sse_publish(debugger->streams[i], "entry", json_text(&text));
        }
    }
}

void debugger_add(struct debugger *debugger, const struct tracking *tracking, const u8 *outcomes,
                  const struct fault *fault)
{
    struct arena arena = {0};
    pthread_mutex_lock(&debugger->lock);
    for (i64 i = 0; i < tracking->note_count; i++) {
        struct entry *entry = &debugger->entries[debugger->next];
        debugger->next = (debugger->next + 1) % DEBUG_ENTRIES;
        fill(entry, tracking, &tracking->notes[i], outcomes, fault);
        publish(debugger, &arena, entry);
    }
    pthread_mutex_unlock(&debugger->lock);
    arena_free(&arena);
}

void debugger_list(struct ctx *ctx, struct debugger *debugger, enum language language, i64 limit,
                   struct shape_list *out)
{
    i64 since = clock_ms() - DEBUG_KEEP_MS, count = 0;
    struct debug_entry *items = arena_new(&ctx->arena, struct debug_entry, lesser(limit, DEBUG_ENTRIES) + 1);
    pthread_mutex_lock(&debugger->lock);
    for (i64 i = 1; i <= DEBUG_ENTRIES; i++) {
        struct entry *entry = &debugger->entries[(debugger->next - i + DEBUG_ENTRIES) % DEBUG_ENTRIES];
        if (entry->at_ms != 0 && entry->at_ms < since) {
            *entry = (struct entry){0};
        }
        if (entry->at_ms != 0 && count < limit) {
            items[count++] = show(&ctx->arena, entry, language);
        }
    }
    pthread_mutex_unlock(&debugger->lock);
    *out = (struct shape_list){items, count};
}

struct sse *debugger_stream(struct debugger *debugger, enum language language)
{
    return debugger->streams[language];
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    (void)self;
    (void)ctx;
    (void)items;
    (void)count;
    return OK;
}

static err forget(void *self, struct ctx *ctx, const i64 *ids, i64 count)
{
    struct debugger *debugger = self;
    (void)ctx;
    (void)ids;
    (void)count;
    pthread_mutex_lock(&debugger->lock);
    memset(debugger->entries, 0, sizeof debugger->entries);
    pthread_mutex_unlock(&debugger->lock);
    return OK;
}

struct event_follower debugger_follower(struct debugger *debugger)
{
    return (struct event_follower){
        .name = "debugger", .self = debugger, .follow = follow, .forget = forget, .plain = true, .fresh = true};
}
