/* Tracking calls: whatever a body holds, each event that comes out is whole, and a good item between bad ones comes through. */
#include "fuzz.h"

#include "guard/keys.h"
#include "listen/lines.h"
#include "listen/tracking.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

static struct guard *guard;
static struct names *names;
static str key;

/* A guard with one write key, in a folder that is gone again at once. */
static void open_guard(void)
{
    static struct ctx ctx;
    static struct store *store;
    static char folder[] = "/tmp/cham-fuzz-XXXXXX";
    assert(mkdtemp(folder) != NULL);
    assert(store_open(&ctx, &(struct store_options){.folder = str_from(folder), .no_fsync = true}, &store) == OK);
    assert(guard_open(&ctx, &(struct guard_options){.store = store, .idle_ms = 1, .absolute_ms = 1}, &guard) == OK);
    struct principal who = guard_local();
    struct key made = {.name = STR("fuzz"), .kind = KEY_WRITE, .trust = STR("browser")};
    assert(key_create(&ctx, guard, &who, &made, &key) == OK);
    names = names_open(NULL);
    char command[64];
    for (const char *const *name = (const char *const[]){"", "-wal", "-shm", NULL}; *name != NULL; name++) {
        snprintf(command, sizeof command, "%s/records.db%s", folder, *name);
        remove(command);
    }
    remove(folder);
}

static void check_event(struct ctx *ctx, const struct event *event)
{
    struct json props;
    assert(event->kind.len > 0 && event->alias.len > 0);
    assert(is_plausible_ms(event->at_ms, ctx->now_ms));
    assert(json_parse(ctx, json_reader_here(), event->props, &props) == OK && json_type(props) == JSON_OBJECT);
}

static i64 take(str body, enum track_type route)
{
    struct ctx ctx = {.now_ms = 1767323045000};
    char *padded = arena_new(&ctx.arena, char, body.len + JSON_PADDING);
    memcpy(padded, body.data, (size_t)body.len);
    struct tracking tracking = {.route = route,
                                .body = {padded, body.len},
                                .key = key,
                                .received_ms = ctx.now_ms,
                                .truncate_addresses = true,
                                .guard = guard,
                                .names = names};
    i64 count = 0;
    if (tracking_read(&ctx, &tracking) == OK) {
        count = tracking.count;
        for (i64 i = 0; i < count; i++) {
            check_event(&ctx, &tracking.events[i]);
        }
    }
    ctx_end(&ctx);
    return count;
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len)
{
    static const char good[] = "{\"type\":\"track\",\"event\":\"good\",\"userId\":\"U\"}";
    if (guard == NULL) {
        open_guard();
    }
    str input = fuzz_str(bytes, len);
    (void)take(input, TRACK_BATCH);
    (void)take(input, TRACK_TRACK);
    struct ctx ctx = {0};
    str between = str_format(&ctx.arena, "{\"batch\":[%s,%.*s,%s]}", good, STR_ARG(input), good);
    // A piece that opens a quotation mark or ends the list may take what stands behind it, never what stands before.
    assert(take(between, TRACK_BATCH) >= 1);
    ctx_end(&ctx);
    return 0;
}
