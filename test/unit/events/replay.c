/* Followers: what they are given at start, while events come, and after they failed. */
#include "folder_of_events.h"

enum { SEEN_MAX = 10000 };

struct recorder {
    i64 cursor;         /* what it says it has */
    i64 seen[SEEN_MAX]; /* the ids it was given */
    i64 count;
    i64 calls;
    _Atomic bool fails; /* the test sets it while the writer thread looks */
    bool texts;         /* every event had its text */
    i64 forgotten;
};

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    struct recorder *recorder = self;
    recorder->calls++;
    if (recorder->fails) {
        return FAIL(ctx, ERR_IO, NULL, "error.database");
    }
    for (i64 i = 0; i < count; i++) {
        recorder->texts = recorder->texts && items[i].text.len > 0;
        recorder->seen[recorder->count++] = items[i].id;
    }
    recorder->cursor = items[count - 1].id;
    return OK;
}

static err cursor(void *self, struct ctx *ctx, i64 *after_id)
{
    (void)ctx;
    *after_id = ((struct recorder *)self)->cursor;
    return OK;
}

static err forget(void *self, struct ctx *ctx, const i64 *ids, i64 count)
{
    (void)ctx;
    (void)ids;
    ((struct recorder *)self)->forgotten += count;
    return OK;
}

struct pair {
    struct recorder *durable, *memory; /* one that keeps its cursor, one that starts empty */
    struct event_follower followers[2];
};

static void pair_open(struct pair *pair, struct world *world)
{
    pair->durable = mem_new((i64)sizeof(struct recorder));
    pair->memory = mem_new((i64)sizeof(struct recorder));
    pair->durable->texts = true;
    pair->followers[0] = (struct event_follower){"durable", pair->durable, cursor, follow, forget, false};
    pair->followers[1] = (struct event_follower){"memory", pair->memory, NULL, follow, forget, true};
    world->options.followers = pair->followers;
    world->options.follower_count = 2;
    world_open(world);
}

static void pair_close(struct pair *pair, struct world *world)
{
    world_close(world);
    mem_free(pair->durable);
    mem_free(pair->memory);
}

static void assert_increasing(const struct recorder *recorder)
{
    for (i64 i = 1; i < recorder->count; i++) {
        assert_true(recorder->seen[i] > recorder->seen[i - 1]);
    }
}

static i64 try_append(struct world *world, i64 from, i64 count, err expected)
{
    u8 outcomes[100];
    struct event *items = events_of(&world->ctx, from, count);
    assert_int_equal(events_append(&world->ctx, world->log, items, count, outcomes), expected);
    ctx_forgive(&world->ctx);
    i64 stored = 0;
    for (i64 i = 0; i < count; i++) {
        stored += outcomes[i] == EVENT_STORED;
    }
    return stored;
}

TEST(followers_take_each_stored_event_once_in_order)
{
    struct world world = {0};
    struct pair pair;
    pair_open(&pair, &world);
    for (i64 i = 0; i < 20; i++) {
        append(&world, i * 5, 10); // half of each is a repeat
    }
    assert_int_equal(pair.durable->count, 105);
    assert_int_equal(pair.memory->count, 105);
    assert_increasing(pair.durable);
    assert_increasing(pair.memory);
    pair_close(&pair, &world);
}

TEST(a_restart_replays_from_each_followers_own_cursor)
{
    struct world world = {0};
    struct pair pair;
    pair_open(&pair, &world);
    append(&world, 0, 5000);
    i64 middle = pair.durable->seen[2999];
    pair.durable->cursor = middle; // as if the last records had been lost with the power
    pair.durable->count = pair.memory->count = 0;
    world_reopen(&world);
    assert_int_equal(pair.durable->count, 2000);
    assert_true(pair.durable->seen[0] > middle);
    assert_true(pair.durable->texts);
    assert_int_equal(pair.memory->count, 5000);
    assert_increasing(pair.memory);
    pair_close(&pair, &world);
}

TEST(a_follower_that_failed_catches_up_before_anything_is_acknowledged)
{
    struct world world = {0};
    struct pair pair;
    pair_open(&pair, &world);
    append(&world, 0, 10);
    pair.durable->fails = true;
    try_append(&world, 10, 10, ERR_UNAVAILABLE);
    assert_true(events_stats(world.log).behind);
    assert_int_equal(count_all(&world), 20);     // on disk, but not acknowledged
    assert_int_equal(pair.memory->count, 20);    // the others have it
    try_append(&world, 20, 10, ERR_UNAVAILABLE); // nothing is stored while one is behind
    try_append(&world, 10, 10, ERR_UNAVAILABLE); // nor is a repeat acknowledged
    assert_int_equal(count_all(&world), 20);
    pair.durable->fails = false;
    assert_int_equal(try_append(&world, 10, 10, OK), 0);
    assert_int_equal(try_append(&world, 20, 10, OK), 10);
    assert_int_equal(pair.durable->count, 30);
    assert_increasing(pair.durable);
    assert_int_equal(pair.memory->count, 30);
    assert_false(events_stats(world.log).behind);
    pair_close(&pair, &world);
}

TEST(a_follower_that_failed_catches_up_by_itself)
{
    struct world world = {0};
    struct pair pair;
    pair_open(&pair, &world);
    pair.durable->fails = true;
    try_append(&world, 0, 10, ERR_UNAVAILABLE);
    pair.durable->fails = false;
    for (i64 i = 0; i < 500 && events_stats(world.log).behind; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    assert_false(events_stats(world.log).behind);
    assert_int_equal(pair.durable->count, 10);
    pair_close(&pair, &world);
}

TEST(a_log_older_than_what_followed_it_is_refused)
{
    struct world world = {0};
    struct pair pair;
    pair_open(&pair, &world);
    append(&world, 0, 10);
    events_close(world.log);
    pair.durable->cursor += 1000000;
    assert_int_equal(events_open(&world.ctx, &world.options, &world.log), ERR_CORRUPT);
    assert_string_equal(world.ctx.fault.key, "error.log_behind");
    world.log = NULL;
    pair_close(&pair, &world);
}

TEST(the_newest_events_may_be_deleted_and_the_log_still_opens)
{
    struct world world = {0};
    struct pair pair;
    pair_open(&pair, &world);
    append(&world, 0, 10);
    i64 last = events_stats(world.log).last_id, deleted;
    assert_ok(events_delete(&world.ctx, world.log, &last, 1, &deleted));
    assert_int_equal(pair.durable->forgotten, 1);
    world_reopen(&world);
    assert_int_equal(events_stats(world.log).last_id, last);
    append(&world, 10, 1);
    assert_true(events_stats(world.log).last_id > last);
    pair_close(&pair, &world);
}
