/* A log in a folder of its own, and what the tests do with it again and again. */
#pragma once

#include "test.h"

#include "events/log.h"
#include "store/folder.h"

struct world {
    struct ctx ctx;
    struct events_options options;
    struct events *log;
};

/* An open log in a new folder. */
static inline void world_open(struct world *world)
{
    if (world->options.folder.data == NULL) {
        world->options.folder = str_from(test_folder());
    }
    assert_ok(folder_key(&world->ctx, world->options.folder, world->options.key));
    assert_ok(events_open(&world->ctx, &world->options, &world->log));
}

static inline void world_close(struct world *world)
{
    events_close(world->log);
    world->log = NULL;
    ctx_end(&world->ctx);
}

static inline void world_reopen(struct world *world)
{
    events_close(world->log);
    world->log = NULL;
    ctx_reset(&world->ctx);
    world_open(world);
}

/* An event with a message id. */
static inline struct event event_of(struct ctx *ctx, i64 number)
{
    return (struct event){
        .at_ms = 1700000000000 + number * 1000,
        .source = STR("web"),
        .message_id = str_format(&ctx->arena, "message-%lld", (long long)number),
        .alias = str_format(&ctx->arena, "user:U%lld", (long long)(number % 10)),
        .kind = STR("Page Viewed"),
        .channel = STR("web"),
        .text = str_format(&ctx->arena, "text %lld", (long long)number),
    };
}

static inline struct event *events_of(struct ctx *ctx, i64 from, i64 count)
{
    struct event *items = arena_new(&ctx->arena, struct event, count);
    for (i64 i = 0; i < count; i++) {
        items[i] = event_of(ctx, from + i);
    }
    return items;
}

static inline err count_one(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    (void)event;
    ++*(i64 *)self;
    return OK;
}

static inline i64 count_all(struct world *world)
{
    i64 count = 0;
    assert_ok(events_scan(&world->ctx, world->log, 0, EVENT_KEYS, count_one, &count));
    return count;
}

/* Appends events [from, from + count) and returns how many were stored. */
static inline i64 append(struct world *world, i64 from, i64 count)
{
    u8 *outcomes = arena_new(&world->ctx.arena, u8, count);
    struct event *items = events_of(&world->ctx, from, count);
    assert_ok(events_append(&world->ctx, world->log, items, count, outcomes));
    i64 stored = 0;
    for (i64 i = 0; i < count; i++) {
        stored += outcomes[i] == EVENT_STORED;
    }
    return stored;
}
