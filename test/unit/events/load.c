/* A long way to read: by several threads, each event once. */
#include "folder_of_events.h"

#include <stdlib.h>
#include <unistd.h>

enum { EVENTS = 20000, BATCH = 2000, THREADS_MAX = 64 };

struct taker {
    i64 *ids[THREADS_MAX];
    i64 counts[THREADS_MAX];
    i64 texts;
    i32 threads;
    i64 last_id;
    bool whole, fails;
    i64 followed;
};

static err begin(void *self, struct ctx *ctx, i32 threads)
{
    (void)ctx;
    struct taker *taker = self;
    taker->threads = threads;
    for (i32 i = 0; i < threads; i++) {
        taker->ids[i] = mem_new(EVENTS * (i64)sizeof(i64));
    }
    return OK;
}

static err put(void *self, struct ctx *ctx, i32 thread, const struct event *event)
{
    struct taker *taker = self;
    assert_true(event->alias.len > 0 && event->kind.len > 0);
    taker->ids[thread][taker->counts[thread]++] = event->id;
    __atomic_fetch_add(&taker->texts, str_is(event->text), __ATOMIC_RELAXED);
    bool stop = taker->fails && taker->counts[thread] > 1000;
    return stop ? FAIL(ctx, ERR_IO, NULL, "error.database") : OK;
}

static err end(void *self, struct ctx *ctx, i64 last_id, bool whole)
{
    (void)ctx;
    struct taker *taker = self;
    taker->last_id = last_id;
    taker->whole = whole;
    return OK;
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    (void)ctx;
    (void)items;
    ((struct taker *)self)->followed += count;
    return OK;
}

static const struct event_load loads = {begin, put, end};

static int by_id(const void *a, const void *b)
{
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return (x > y) - (x < y);
}

static void fill(struct world *world)
{
    u8 *outcomes = mem_new(BATCH);
    struct ctx ctx = {0};
    for (i64 at = 0; at < EVENTS; at += BATCH) {
        assert_ok(events_append(&ctx, world->log, events_of(&ctx, at, BATCH), BATCH, outcomes));
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
    mem_free(outcomes);
}

static void free_taker(struct taker *taker)
{
    for (i32 i = 0; i < taker->threads; i++) {
        mem_free(taker->ids[i]);
    }
    *taker = (struct taker){0};
}

TEST(several_threads_give_each_event_once_and_the_filter_is_whole)
{
    struct world world = {.options = {.no_fsync = true, .far_rows = 10000}};
    world_open(&world);
    fill(&world);
    struct taker taker = {0};
    struct event_follower follower = {.name = "taker", .self = &taker, .follow = follow, .load = &loads};
    world.options.followers = &follower;
    world.options.follower_count = 1;
    for (i64 round = 0; round < 2; round++) { // with the kept filter, and without
        world_reopen(&world);
        i64 *all = mem_new(EVENTS * (i64)sizeof(i64));
        i64 count = 0;
        for (i32 i = 0; i < taker.threads; i++) {
            memcpy(all + count, taker.ids[i], (size_t)taker.counts[i] * sizeof(i64));
            count += taker.counts[i];
        }
        assert_int_equal(count, EVENTS);
        assert_int_equal(taker.texts, EVENTS);
        qsort(all, EVENTS, sizeof(i64), by_id);
        for (i64 i = 1; i < EVENTS; i++) {
            assert_true(all[i] > all[i - 1]);
        }
        assert_int_equal(taker.last_id, all[EVENTS - 1]);
        assert_true(taker.whole);
        assert_int_equal(taker.followed, 0);
        assert_int_equal(events_stats(world.log).filter_entries, EVENTS);
        free_taker(&taker);
        mem_free(all);
        events_close(world.log);
        assert_int_equal(unlink(str_format(&world.ctx.arena, "%.*s/repeats", STR_ARG(world.options.folder)).data), 0);
        world_open(&world);
        free_taker(&taker);
    }
    world_close(&world);
}

TEST(a_thread_that_fails_ends_them_all_and_says_why)
{
    struct world world = {.options = {.no_fsync = true, .far_rows = 10000}};
    world_open(&world);
    fill(&world);
    struct taker taker = {.fails = true};
    struct event_follower follower = {.name = "taker", .self = &taker, .follow = follow, .load = &loads};
    world.options.followers = &follower;
    world.options.follower_count = 1;
    events_close(world.log);
    world.log = NULL;
    assert_int_equal(events_open(&world.ctx, &world.options, &world.log), ERR_IO);
    assert_string_equal(world.ctx.fault.key, "error.database");
    assert_false(taker.whole);
    free_taker(&taker);
    bool stop = true;
    ctx_reset(&world.ctx);
    world.ctx.stop = &stop;
    assert_int_equal(events_open(&world.ctx, &world.options, &world.log), ERR_CANCELLED);
    free_taker(&taker);
    ctx_end(&world.ctx);
}
