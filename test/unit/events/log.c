#include "events/log.h"

#include "folder_of_events.h"

#include "base/clock.h"
#include "base/random.h"

#include <pthread.h>
#include <sys/stat.h>

TEST(what_is_appended_is_read_back_whole_and_in_order)
{
    struct world world = {0};
    world_open(&world);
    struct event event = {
        .at_ms = 1700000000123,
        .received_ms = 1700000001000,
        .source = STR("web"),
        .import = 77,
        .message_id = STR("m1"),
        .alias = STR("user:U1"),
        .kind = STR("Đánh giá"),
        .channel = STR("zalo"),
        .place = STR("Hà Nội"),
        .touchpoint = STR("delivery"),
        .metric = STR("nps"),
        .question = STR("q1"),
        .version = 3,
        .score = {9.5, true},
        .scale = STR("0-10"),
        .reversed = true,
        .amount = {0, true},
        .currency = STR("VND"),
        .text = STR("rất tốt"),
        .props = STR("{\"a\":1}"),
    };
    u8 outcome;
    assert_ok(events_append(&world.ctx, world.log, &event, 1, &outcome));
    assert_int_equal(outcome, EVENT_STORED);
    assert_true(event.id > 0);
    struct event *items;
    i64 found;
    assert_ok(events_fetch(&world.ctx, world.log, (const i64[]){event.id + 1, event.id}, 2, &items, &found));
    assert_int_equal(found, 1);
    assert_int_equal(items[0].id, event.id);
    assert_int_equal(items[0].at_ms, event.at_ms);
    assert_int_equal(items[0].received_ms, event.received_ms);
    assert_int_equal(items[0].import, 77);
    assert_memory_equal(&items[0].message_hash, &event.message_hash, sizeof event.message_hash);
    assert_true(str_eq(items[0].source, STR("web")));
    assert_true(str_eq(items[0].alias, STR("user:U1")));
    assert_true(str_eq(items[0].kind, STR("Đánh giá")));
    assert_true(str_eq(items[0].channel, STR("zalo")));
    assert_true(str_eq(items[0].place, STR("Hà Nội")));
    assert_true(str_eq(items[0].touchpoint, STR("delivery")));
    assert_true(str_eq(items[0].metric, STR("nps")));
    assert_true(str_eq(items[0].question, STR("q1")));
    assert_int_equal(items[0].version, 3);
    assert_true(items[0].score.is && items[0].score.value == 9.5);
    assert_true(str_eq(items[0].scale, STR("0-10")));
    assert_true(items[0].reversed);
    assert_true(items[0].amount.is && items[0].amount.value == 0);
    assert_true(str_eq(items[0].currency, STR("VND")));
    assert_true(str_eq(items[0].text, STR("rất tốt")));
    assert_true(str_eq(items[0].props, STR("{\"a\":1}")));
    world_close(&world);
}

TEST(missing_and_empty_members_read_back_as_missing)
{
    struct world world = {0};
    world_open(&world);
    struct event event = {.at_ms = 5, .kind = STR("x"), .alias = STR("")};
    u8 outcome;
    assert_ok(events_append(&world.ctx, world.log, &event, 1, &outcome));
    struct event *items;
    i64 found;
    assert_ok(events_fetch(&world.ctx, world.log, &event.id, 1, &items, &found));
    assert_int_equal(found, 1);
    assert_false(str_is(items[0].alias));
    assert_false(str_is(items[0].text));
    assert_false(items[0].score.is);
    assert_false(items[0].amount.is);
    assert_true(items[0].received_ms > 1700000000000);
    world_close(&world);
}

TEST(events_without_a_message_id_are_never_repeats)
{
    struct world world = {0};
    world_open(&world);
    struct event items[2] = {{.at_ms = 1, .kind = STR("x")}, {.at_ms = 1, .kind = STR("x")}};
    u8 outcomes[2];
    assert_ok(events_append(&world.ctx, world.log, items, 2, outcomes));
    assert_ok(events_append(&world.ctx, world.log, items, 2, outcomes));
    assert_int_equal(outcomes[0], EVENT_STORED);
    assert_int_equal(count_all(&world), 4);
    world_close(&world);
}

TEST(the_same_message_id_from_another_source_is_another_message)
{
    struct world world = {0};
    world_open(&world);
    struct event items[3] = {{.at_ms = 1, .source = STR("a"), .message_id = STR("1")},
                             {.at_ms = 1, .source = STR("b"), .message_id = STR("1")},
                             {.at_ms = 1, .source = STR("a"), .message_id = STR("1")}};
    u8 outcomes[3];
    assert_ok(events_append(&world.ctx, world.log, items, 3, outcomes));
    assert_int_equal(outcomes[0], EVENT_STORED);
    assert_int_equal(outcomes[1], EVENT_STORED);
    assert_int_equal(outcomes[2], EVENT_DUPLICATE);
    assert_int_equal(items[2].id, 0);
    world_close(&world);
}

static void shuffle(struct dice *dice, struct event *items, i64 count)
{
    for (i64 i = count - 1; i > 0; i--) {
        i64 k = dice_below(dice, i + 1);
        struct event swap = items[i];
        items[i] = items[k];
        items[k] = swap;
    }
}

TEST(the_same_events_three_times_shuffled_count_once_over_restarts_and_days)
{
    enum { EVENTS = 3000, BATCH = 250 };
    struct world world = {0};
    world_open(&world);
    struct ctx own = {0};
    struct event *items = events_of(&own, 0, EVENTS);
    i64 now_ms = clock_ms();
    for (i64 i = 0; i < EVENTS; i++) {
        items[i].received_ms = now_ms - i % 80 * 86400000; // inside the window of 90 days
    }
    struct dice dice = dice_new(3, 3);
    u8 outcomes[BATCH];
    i64 stored = 0;
    for (i64 round = 0; round < 3; round++) {
        shuffle(&dice, items, EVENTS);
        for (i64 from = 0; from < EVENTS; from += BATCH) {
            assert_ok(events_append(&world.ctx, world.log, items + from, BATCH, outcomes));
            for (i64 i = 0; i < BATCH; i++) {
                stored += outcomes[i] == EVENT_STORED;
            }
        }
        assert_int_equal(stored, EVENTS);
        world_reopen(&world);
    }
    assert_int_equal(count_all(&world), EVENTS);
    assert_int_equal(events_stats(world.log).filter_entries, EVENTS);
    world_close(&world);
    ctx_end(&own);
}

TEST(messages_older_than_the_window_are_not_kept_in_the_filter_after_a_restart)
{
    struct world world = {.options = {.window_days = 30}};
    world_open(&world);
    struct event *items = events_of(&world.ctx, 0, 10);
    for (i64 i = 0; i < 10; i++) {
        items[i].received_ms = clock_ms() - (i < 4 ? 40 : 20) * 86400000LL;
    }
    u8 outcomes[10];
    assert_ok(events_append(&world.ctx, world.log, items, 10, outcomes));
    assert_int_equal(events_stats(world.log).filter_entries, 10);
    world_reopen(&world);
    assert_int_equal(events_stats(world.log).filter_entries, 6);
    world_close(&world);
}

TEST(ids_increase_in_the_order_of_the_batch_and_over_restarts)
{
    struct world world = {0};
    world_open(&world);
    i64 last = 0;
    for (i64 round = 0; round < 3; round++) {
        struct event *items = events_of(&world.ctx, round * 100, 100);
        u8 outcomes[100];
        assert_ok(events_append(&world.ctx, world.log, items, 100, outcomes));
        for (i64 i = 0; i < 100; i++) {
            assert_true(items[i].id > last);
            last = items[i].id;
        }
        world_reopen(&world);
        assert_int_equal(events_stats(world.log).last_id, last);
    }
    world_close(&world);
}

TEST(text_with_a_zero_byte_or_broken_utf8_is_refused_with_its_place)
{
    struct world world = {0};
    world_open(&world);
    struct event *items = events_of(&world.ctx, 0, 3);
    u8 outcomes[3];
    items[1].text = (str){"a\0b", 3};
    assert_int_equal(events_append(&world.ctx, world.log, items, 3, outcomes), ERR_INVALID);
    assert_string_equal(world.ctx.fault.key, "error.json_zero");
    assert_true(str_eq(world.ctx.fault.pointer, STR("/1/text")));
    ctx_forgive(&world.ctx);
    items[1].text = STR("ok");
    items[2].place = STR("\xc3");
    assert_int_equal(events_append(&world.ctx, world.log, items, 3, outcomes), ERR_INVALID);
    assert_string_equal(world.ctx.fault.key, "error.json_utf8");
    ctx_forgive(&world.ctx);
    assert_int_equal(count_all(&world), 0);
    world_close(&world);
}

/* Many threads at once. */

struct sender {
    struct world *world;
    i64 from;
    i64 stored;
};

static void *send_all(void *arg)
{
    struct sender *sender = arg;
    struct ctx ctx = {0};
    u8 outcomes[10];
    for (i64 i = 0; i < 30; i++) {
        // Neighbours overlap by half, so that repeats meet in one group.
        struct event *items = events_of(&ctx, sender->from + i * 10, 10);
        if (events_append(&ctx, sender->world->log, items, 10, outcomes) != OK) {
            break;
        }
        for (i64 k = 0; k < 10; k++) {
            sender->stored += outcomes[k] == EVENT_STORED;
        }
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
    return NULL;
}

TEST(eight_threads_share_commits_and_repeats_between_them_count_once)
{
    struct world world = {0};
    world_open(&world);
    struct sender senders[8];
    pthread_t threads[8];
    for (i64 i = 0; i < 8; i++) {
        senders[i] = (struct sender){&world, i * 150, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, send_all, &senders[i]), 0);
    }
    i64 stored = 0;
    for (i64 i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        stored += senders[i].stored;
    }
    events_wait_idle(world.log);
    assert_int_equal(stored, 7 * 150 + 300);
    assert_int_equal(count_all(&world), 7 * 150 + 300);
    struct events_stats stats = events_stats(world.log);
    assert_int_equal(stats.stored, stored);
    assert_int_equal(stats.duplicates, 2400 - stored);
    assert_int_equal(stats.queued, 0);
    assert_int_equal(stats.queued_bytes, 0);
    assert_true(stats.groups <= 240);
    world_close(&world);
}

/* A queue that is full. */

static void note_done(struct event_batch *batch, err result)
{
    (void)result;
    __atomic_add_fetch((i64 *)batch->context, 1, __ATOMIC_SEQ_CST);
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static err wait_at_gate(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    (void)self;
    (void)ctx;
    (void)items;
    (void)count;
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    return OK;
}

TEST(a_full_queue_is_busy_and_everything_taken_is_answered)
{
    struct event_follower slow = {.name = "slow", .follow = wait_at_gate};
    struct world world = {.options = {.queue_events_max = 50, .followers = &slow, .follower_count = 1}};
    world_open(&world);
    pthread_mutex_lock(&gate);
    enum { BATCHES = 30 };
    struct event_batch batches[BATCHES];
    static u8 outcomes[BATCHES][10];
    i64 done = 0, taken = 0, busy = 0;
    for (i64 i = 0; i < BATCHES; i++) {
        batches[i] = (struct event_batch){.items = events_of(&world.ctx, i * 10, 10),
                                          .count = 10,
                                          .outcomes = outcomes[i],
                                          .done = note_done,
                                          .context = &done};
        err code = events_submit(&world.ctx, world.log, &batches[i]);
        taken += code == OK;
        busy += code == ERR_BUSY;
    }
    assert_string_equal(world.ctx.fault.key, "error.busy");
    assert_true(world.ctx.fault.retry_after_s > 0);
    assert_int_equal(taken + busy, BATCHES);
    assert_true(busy > 0 && taken >= 5);
    pthread_mutex_unlock(&gate);
    events_wait_idle(world.log);
    assert_int_equal(__atomic_load_n(&done, __ATOMIC_SEQ_CST), taken);
    assert_int_equal(count_all(&world), taken * 10);
    world_close(&world);
}

TEST(a_sender_that_floods_is_busy_before_the_queue_is_full_and_others_find_room)
{
    struct event_follower slow = {.name = "slow", .follow = wait_at_gate};
    struct world world = {.options = {.queue_events_max = 80, .followers = &slow, .follower_count = 1}};
    world_open(&world);
    pthread_mutex_lock(&gate);
    enum { BATCHES = 30, FLOOD = 25 };
    struct event_batch batches[BATCHES];
    static u8 outcomes[BATCHES][10];
    struct event_share flood = {0}, calm = {0};
    i64 done = 0, taken = 0, of_flood = 0;
    for (i64 i = 0; i < BATCHES; i++) {
        batches[i] = (struct event_batch){.items = events_of(&world.ctx, i * 10, 10),
                                          .count = i < FLOOD ? 10 : 1,
                                          .outcomes = outcomes[i],
                                          .share = i < FLOOD ? &flood : &calm,
                                          .done = note_done,
                                          .context = &done};
        err code = events_submit(&world.ctx, world.log, &batches[i]);
        assert_true(code == OK || (i < FLOOD && code == ERR_BUSY));
        taken += code == OK;
        of_flood += i < FLOOD && code == OK;
    }
    assert_true(of_flood >= 4 && of_flood <= 8); // half of the queue, and what the writer had already taken off it
    pthread_mutex_unlock(&gate);
    events_wait_idle(world.log);
    assert_int_equal(__atomic_load_n(&done, __ATOMIC_SEQ_CST), taken);
    assert_int_equal(flood.events + flood.bytes + calm.events + calm.bytes, 0);
    world_close(&world);
}

TEST(closing_answers_what_is_queued)
{
    struct world world = {0};
    world_open(&world);
    i64 done = 0;
    u8 outcomes[100];
    struct event_batch batch = {.items = events_of(&world.ctx, 0, 100),
                                .count = 100,
                                .outcomes = outcomes,
                                .done = note_done,
                                .context = &done};
    assert_ok(events_submit(&world.ctx, world.log, &batch));
    events_close(world.log);
    assert_int_equal(done, 1);
    assert_int_equal(outcomes[99], EVENT_STORED);
    world_open(&world);
    assert_int_equal(count_all(&world), 100);
    world_close(&world);
}

TEST(the_key_is_made_once_for_its_owner_alone)
{
    struct ctx ctx = {0};
    str path = str_from(test_folder());
    u8 first[HASH_KEY_LEN], second[HASH_KEY_LEN];
    assert_ok(folder_key(&ctx, path, first));
    assert_ok(folder_key(&ctx, path, second));
    assert_memory_equal(first, second, HASH_KEY_LEN);
    struct stat file;
    assert_int_equal(stat(str_format(&ctx.arena, "%.*s/key", STR_ARG(path)).data, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_int_equal(file.st_size, HASH_KEY_LEN);
    ctx_end(&ctx);
}
