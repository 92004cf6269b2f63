#include "listen/debugger.h"

#include "base/clock.h"
#include "listen/debugger_state.h"

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

struct debugger *debugger_open(struct processes *processes)
{
    struct debugger *debugger = mem_new(sizeof *debugger);
    pthread_mutex_init(&debugger->lock, NULL);
    for (i64 i = 0; i < LANGUAGE_COUNT_; i++) {
        debugger->streams[i] = sse_open();
    }
    told_open(debugger, processes);
    return debugger;
}

void debugger_close(struct debugger *debugger)
{
    if (debugger == NULL) {
        return;
    }
    told_close(debugger);
    for (i64 i = 0; i < LANGUAGE_COUNT_; i++) {
        sse_close(debugger->streams[i]);
    }
    pthread_mutex_destroy(&debugger->lock);
    mem_free(debugger);
}

void debug_text(char *out, i64 room, str text)
{
    str part = utf8_prefix(str_is(text) ? text : STR(""), room - 1);
    if (part.len > 0) {
        memcpy(out, part.data, (size_t)part.len);
    }
    out[part.len] = 0;
}

static void keep_reason(struct debug_kept *entry, const struct fault *fault)
{
    debug_text(entry->key, sizeof entry->key, fault->key == NULL ? STR("") : str_from(fault->key));
    for (i32 i = 0; i < lesser(fault->arg_count, 2); i++) {
        debug_text(entry->args[i].name, sizeof entry->args[i].name, str_from(fault->args[i].name));
        debug_text(entry->args[i].value, DEBUG_SHORT, fault->args[i].value);
    }
}

static void fill(struct debug_kept *entry, const struct tracking *tracking, const struct track_note *note,
                 const u8 *outcomes, const struct fault *fault)
{
    *entry = (struct debug_kept){.at_ms = tracking->received_ms, .route = tracking->route, .type = note->type};
    debug_text(entry->source, sizeof entry->source, tracking->source);
    debug_text(entry->kind, sizeof entry->kind, note->kind);
    debug_text(entry->alias, sizeof entry->alias, note->alias);
    debug_text(entry->message_id, sizeof entry->message_id, note->message_id);
    debug_text(entry->excerpt, sizeof entry->excerpt, note->excerpt);
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
static struct debug_entry show(struct arena *arena, const struct debug_kept *entry, enum language language)
{
    struct fault_arg args[2];
    i32 count = 0;
    for (i32 i = 0; i < 2 && entry->args[i].name[0] != 0; i++) {
        args[count++] = (struct fault_arg){entry->args[i].name, str_from(entry->args[i].value)};
    }
    str key = entry->key[0] != 0 ? sentence_fill(arena, language, entry->key, args, count) : STR_NONE;
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

static void publish(struct debugger *debugger, struct arena *arena, const struct debug_kept *entry)
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
        struct debug_kept *entry = &debugger->entries[debugger->next];
        debugger->next = (debugger->next + 1) % DEBUG_ENTRIES;
        fill(entry, tracking, &tracking->notes[i], outcomes, fault);
        publish(debugger, &arena, entry);
        told_later(debugger, entry);
    }
    pthread_mutex_unlock(&debugger->lock);
    arena_free(&arena);
}

void debugger_put(struct debugger *debugger, const struct debug_kept *entry)
{
    struct arena arena = {0};
    pthread_mutex_lock(&debugger->lock);
    debugger->entries[debugger->next] = *entry;
    debugger->next = (debugger->next + 1) % DEBUG_ENTRIES;
    publish(debugger, &arena, entry);
    pthread_mutex_unlock(&debugger->lock);
    arena_free(&arena);
}

void debugger_forget(struct debugger *debugger)
{
    pthread_mutex_lock(&debugger->lock);
    memset(debugger->entries, 0, sizeof debugger->entries);
    debugger->told_count = 0;
    pthread_mutex_unlock(&debugger->lock);
}

void debugger_list(struct ctx *ctx, struct debugger *debugger, enum language language, i64 limit,
                   struct shape_list *out)
{
    i64 since = clock_ms() - DEBUG_KEEP_MS, count = 0;
    struct debug_entry *items = arena_new(&ctx->arena, struct debug_entry, lesser(limit, DEBUG_ENTRIES) + 1);
    pthread_mutex_lock(&debugger->lock);
    for (i64 i = 1; i <= DEBUG_ENTRIES; i++) {
        struct debug_kept *entry = &debugger->entries[(debugger->next - i + DEBUG_ENTRIES) % DEBUG_ENTRIES];
        if (entry->at_ms != 0 && entry->at_ms < since) {
            *entry = (struct debug_kept){0};
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
    debugger_forget(debugger);
    told_forget(debugger);
    return OK;
}

struct event_follower debugger_follower(struct debugger *debugger)
{
    return (struct event_follower){
        .name = "debugger", .self = debugger, .follow = follow, .forget = forget, .plain = true, .fresh = true};
}
