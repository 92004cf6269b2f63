/* The log in ClickHouse. Needs a server: CHAM_TEST_CLICKHOUSE=clickhouse+http://…, of a user who may create databases; the cluster
 * of CHAM_TEST_CLUSTER is tried too where there is one. The records are a SQLite file here. */
#include "events/large.h"

#include "test.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "between.h"

#include <stdlib.h>
#include <time.h>

struct world {
    struct ctx ctx;
    struct events_options options;
    struct store *store;
    struct events *log;
    struct between *between;
    str url;
    i64 followed, prepared;
    bool failing;
};

/* Aliases "user:U7" have the id 7. */
static err prepare(void *self, struct ctx *ctx, struct event *items, i64 count)
{
    (void)ctx;
    struct world *world = self;
    for (i64 i = 0; i < count; i++) {
        str number = items[i].alias;
        items[i].alias_id = 0;
        if (str_starts(number, STR("user:U"))) {
            (void)str_i64(str_slice(number, 6, number.len), &items[i].alias_id);
        }
    }
    world->prepared += count;
    return OK;
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    (void)items;
    struct world *world = self;
    if (world->failing) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.records_away");
    }
    world->followed += count;
    return OK;
}

/* The address with a database of its own, and the proxy's port where there is one. */
static str url_of(struct world *world, const char *url, str database)
{
    str rest = str_from(url);
    i64 at = str_find_char(rest, '@') + 1;
    str head = str_slice(rest, 0, at), hosts = str_slice(rest, at, rest.len), tail = STR_NONE;
    str options = hosts;
    (void)str_cut(&options, '?');
    tail = hosts;
    hosts = str_cut(&tail, '/');
    if (world->between != NULL) {
        hosts = str_format(&world->ctx.arena, "127.0.0.1:%d", between_port(world->between));
    }
    return str_format(&world->ctx.arena, "%.*s%.*s/%.*s?%.*s", STR_ARG(head), STR_ARG(hosts), STR_ARG(database),
                      STR_ARG(options));
}

static struct between *before(const char *url)
{
    str rest = str_from(url);
    rest = str_slice(rest, str_find_char(rest, '@') + 1, rest.len);
    str port = str_cut(&rest, '/');
    struct arena arena = {0};
    const char *host = str_c(&arena, str_cut(&port, ':'));
    i64 number = 0;
    assert_true(str_i64(port, &number));
    struct between *between = between_open(host, (int)number);
    arena_free(&arena);
    return between;
}

static void open_log(struct world *world)
{
    static struct event_follower followers[1];
    followers[0] = (struct event_follower){.name = "test", .self = world, .follow = follow, .records = true};
    str folder = str_from(test_folder());
    world->options = (struct events_options){.folder = folder,
                                             .url = world->url,
                                             .store = world->store,
                                             .followers = followers,
                                             .follower_count = 1,
                                             .prepare = prepare,
                                             .prepare_self = world};
    assert_ok(events_open(&world->ctx, &world->options, &world->log));
}

static bool begin(struct world *world, const char *variable, bool between)
{
    const char *url = getenv(variable);
    if (url == NULL) {
        print_message("skipped: %s names no server\n", variable);
        return false;
    }
    *world = (struct world){.between = between ? before(url) : NULL};
    u8 bytes[6];
    char name[12];
    random_bytes(bytes, (i64)sizeof bytes);
    str suffix = hex(bytes, (i64)sizeof bytes, name);
    world->url = url_of(world, url, str_format(&world->ctx.arena, "cham_unit_%.*s", STR_ARG(suffix)));
    assert_ok(store_open(&world->ctx, &(struct store_options){.folder = str_from(test_folder())}, &world->store));
    open_log(world);
    return true;
}

static void finish(struct world *world)
{
    struct clickhouse *ch = events_clickhouse(world->log);
    str drop = str_format(&world->ctx.arena, "DROP DATABASE %.*s", STR_ARG(click_database(ch)));
    for (i64 host = 0; host < click_hosts(ch); host++) {
        assert_ok(click_run_at(&world->ctx, ch, host, drop));
    }
    events_close(world->log);
    store_close(world->store);
    if (world->between != NULL) {
        between_close(world->between);
    }
    ctx_end(&world->ctx);
}

static struct event *events_of(struct ctx *ctx, i64 from, i64 count, bool named)
{
    struct event *items = arena_new(&ctx->arena, struct event, count);
    for (i64 i = 0; i < count; i++) {
        items[i] = (struct event){
            .at_ms = 1700000000000 + i,
            .source = STR("web"),
            .message_id = str_format(&ctx->arena, "message-%lld", (long long)(from + i)),
            .alias = named ? str_format(&ctx->arena, "user:U%lld", (long long)((from + i) % 10 + 1)) : STR_NONE,
            .kind = STR("Page Viewed"),
            .props = STR("{\"price\":12.5}"),
        };
    }
    return items;
}

/* Rows that count, and rows in all. */
static i64 counted(struct world *world)
{
    i64 count;
    str sql = LARGE_SQL(&world->ctx, world->log, SQL_LOG_COUNTED);
    assert_ok(click_number(&world->ctx, events_clickhouse(world->log), CLICK_WRITE, sql, &count));
    return count;
}

static i64 append(struct world *world, i64 from, i64 count, bool named, err *code)
{
    u8 *outcomes = arena_new(&world->ctx.arena, u8, count);
    i64 stored = 0;
    struct ctx own = {0};
    *code = events_append(&own, world->log, events_of(&world->ctx, from, count, named), count, outcomes);
    if (*code != OK) {
        assert_int_equal(*code, ERR_UNAVAILABLE);
        assert_true(own.fault.retry_after_s > 0);
    }
    ctx_end(&own);
    for (i64 i = 0; i < count; i++) {
        stored += outcomes[i] == EVENT_STORED;
        assert_true(*code != OK || outcomes[i] != EVENT_NONE);
    }
    return stored;
}

/* As a sender does: again and again until it is taken. */
static i64 insist(struct world *world, i64 from, i64 count, bool named)
{
    err code = ERR_UNAVAILABLE;
    i64 stored = 0, until_ns = clock_steady_ns() + 60LL * 1000000000;
    while (code != OK && clock_steady_ns() < until_ns) {
        stored = append(world, from, count, named, &code);
        const struct timespec pause = {.tv_nsec = 100000000};
        (void)nanosleep(&pause, NULL);
    }
    assert_ok(code);
    return stored;
}

static i64 intents(struct world *world)
{
    struct shape_list left;
    struct store_args args = ARGS(ARG_I64("process", id_process()), ARG_I64("current", 0));
    assert_ok(store_all(&world->ctx, world->store, SQL_GROUPS_LEFT, args, &intent_shape, &left));
    return left.count;
}

#define TEST_LARGE(sentence, between_)                                                                                 \
    static void do_##sentence(struct world *world);                                                                    \
    TEST(sentence)                                                                                                     \
    {                                                                                                                  \
        struct world world;                                                                                            \
        if (begin(&world, "CHAM_TEST_CLICKHOUSE", between_)) {                                                         \
            do_##sentence(&world);                                                                                     \
            finish(&world);                                                                                            \
        }                                                                                                              \
    }                                                                                                                  \
    TEST(sentence##_in_a_cluster)                                                                                      \
    {                                                                                                                  \
        struct world world;                                                                                            \
        if (!(between_) && begin(&world, "CHAM_TEST_CLUSTER", false)) {                                                \
            do_##sentence(&world);                                                                                     \
            finish(&world);                                                                                            \
        }                                                                                                              \
    }                                                                                                                  \
    static void do_##sentence(struct world *world)

TEST_LARGE(what_is_appended_to_clickhouse_is_read_back_whole, false)
{
    struct event event = {
        .at_ms = 1700000000123,
        .received_ms = 1700000001000,
        .source = STR("web"),
        .import = 77,
        .message_id = STR("m1"),
        .alias = STR("user:U5"),
        .kind = STR("Đánh giá 'a' \\ \"b\""),
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
        .text = STR("rất tốt\n"),
        .props = STR("{\"a\":1,\"b\":{\"c\":\"x\"}}"),
    };
    u8 outcome;
    assert_ok(events_append(&world->ctx, world->log, &event, 1, &outcome));
    assert_int_equal(outcome, EVENT_STORED);
    struct event *items;
    i64 found;
    assert_ok(events_fetch(&world->ctx, world->log, (const i64[]){event.id + 1, event.id}, 2, &items, &found));
    assert_int_equal(found, 1);
    struct buf sent = buf_in(&world->ctx.arena), read = buf_in(&world->ctx.arena);
    event.alias_id = 5;
    large_put_event(&world->ctx, &sent, &event);
    large_put_event(&world->ctx, &read, &items[0]);
    assert_true(str_eq(buf_str(&sent), buf_str(&read)));
}

static err take_id(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    i64 *seen = self; /* count, last */
    assert_true(event->id > seen[1]);
    seen[0]++;
    seen[1] = event->id;
    return OK;
}

TEST_LARGE(the_log_in_clickhouse_is_read_in_the_order_of_ids, false)
{
    err code;
    for (i64 i = 0; i < 5; i++) {
        assert_int_equal(append(world, i * 1000, 1000, i % 2 == 0, &code), 1000);
    }
    i64 seen[2] = {0};
    assert_ok(events_scan(&world->ctx, world->log, 0, EVENT_PLAIN, take_id, seen));
    assert_int_equal(seen[0], 5000);
    seen[0] = seen[1] = 0;
    assert_ok(events_scan(&world->ctx, world->log, 0, EVENT_KEYS, take_id, seen));
    assert_int_equal(seen[0], 5000);
}

TEST_LARGE(a_message_counts_once_in_clickhouse_also_after_a_merge_and_a_restart, false)
{
    err code;
    for (int named = 0; named < 2; named++) {
        assert_int_equal(append(world, 0, 100, named, &code), 100);
        assert_int_equal(append(world, 50, 100, named, &code), 50);
        struct clickhouse *ch = events_clickhouse(world->log);
        const char *table = click_cluster(ch) != NULL ? "events_here" : "events";
        for (i64 host = 0; host < click_hosts(ch); host++) {
            // 18.16 says so when it has nothing to merge.
            if (click_run_at(&world->ctx, ch, host, str_format(&world->ctx.arena, "OPTIMIZE TABLE %s FINAL", table)) !=
                OK) {
                ctx_forgive(&world->ctx);
            }
        }
        assert_int_equal(append(world, 0, 150, named, &code), 0);
        events_close(world->log);
        open_log(world);
        assert_int_equal(append(world, 140, 20, named, &code), 10);
        assert_int_equal(counted(world), 160 * (named + 1));
    }
    assert_int_equal(world->followed, 320);
    assert_int_equal(intents(world), 0);
}

TEST_LARGE(a_message_counts_once_within_a_group, false)
{
    struct event *items = events_of(&world->ctx, 0, 10, true);
    for (i64 i = 1; i < 10; i += 2) {
        items[i].message_id = items[i - 1].message_id;
        items[i].alias = items[i - 1].alias;
    }
    u8 outcomes[10];
    assert_ok(events_append(&world->ctx, world->log, items, 10, outcomes));
    for (i64 i = 0; i < 10; i++) {
        assert_int_equal(outcomes[i], i % 2 == 0 ? EVENT_STORED : EVENT_DUPLICATE);
    }
    assert_int_equal(counted(world), 5);
}

TEST_LARGE(deleted_events_are_gone_and_their_messages_can_come_again, false)
{
    err code;
    struct event *items = events_of(&world->ctx, 0, 100, true);
    u8 outcomes[100];
    assert_ok(events_append(&world->ctx, world->log, items, 100, outcomes));
    i64 ids[30], deleted, left;
    for (i64 i = 0; i < 30; i++) {
        ids[i] = items[i].id;
    }
    assert_ok(events_delete(&world->ctx, world->log, ids, 30, &deleted));
    assert_int_equal(deleted, 30);
    assert_int_equal(counted(world), 70);
    str sql = STR("SELECT toInt64(count()) FROM events WHERE id > 0");
    assert_ok(click_number(&world->ctx, events_clickhouse(world->log), CLICK_WRITE, sql, &left));
    assert_int_equal(left, 70);
    assert_ok(events_delete(&world->ctx, world->log, ids, 30, &deleted));
    assert_int_equal(deleted, 0);
    assert_int_equal(append(world, 0, 100, true, &code), 30);
    i64 *of_alias, found;
    assert_ok(events_of_aliases(&world->ctx, world->log, (const i64[]){3}, 1, &of_alias, &found));
    assert_int_equal(found, 10);
}

TEST_LARGE(an_import_in_clickhouse_is_taken_back, false)
{
    struct event *items = events_of(&world->ctx, 0, 50, true);
    u8 outcomes[50];
    i64 deleted;
    for (i64 i = 0; i < 20; i++) {
        items[i].import = 9;
    }
    assert_ok(events_append(&world->ctx, world->log, items, 50, outcomes));
    assert_ok(events_delete_import(&world->ctx, world->log, 9, &deleted));
    assert_int_equal(deleted, 20);
    assert_int_equal(counted(world), 30);
}

TEST_LARGE(events_with_ids_are_put_once, false)
{
    struct event *items = events_of(&world->ctx, 0, 100, true);
    for (i64 i = 0; i < 100; i++) {
        items[i].id = 1000 + i * 7;
        items[i].received_ms = 1600000000000 + i;
    }
    assert_ok(events_put(&world->ctx, world->log, items, 60));
    assert_ok(events_put(&world->ctx, world->log, items + 40, 60));
    assert_int_equal(counted(world), 100);
    struct event *read;
    i64 found;
    assert_ok(events_fetch(&world->ctx, world->log, (const i64[]){1007}, 1, &read, &found));
    assert_int_equal(found, 1);
    assert_int_equal(read[0].alias_id, 2);
}

TEST_LARGE(a_group_of_a_process_that_died_is_followed_by_another, false)
{
    err code;
    assert_int_equal(append(world, 0, 10, true, &code), 10);
    i64 followed = world->followed;
    // It stored three of five events, and died.
    struct intent intent = {
        .id = id_new() + ((i64)1 << 30), .process = 12345, .from_ms = clock_ms(), .to_ms = clock_ms()};
    intent.last = intent.id + 4 * world->log->large->step;
    assert_ok(store_run(&world->ctx, world->store, SQL_GROUPS_BEGIN, ARGS_OF(&intent_shape, &intent), NULL));
    struct event *items = events_of(&world->ctx, 8, 5, true);
    struct buf rows = buf_in(&world->ctx.arena);
    for (i64 i = 0; i < 3; i++) {
        items[i].id = intent.id + i * world->log->large->step;
        items[i].received_ms = intent.from_ms;
        items[i].message_hash = events_message_hash(world->log, items[i].source, items[i].message_id);
        assert_ok(prepare(world, &world->ctx, &items[i], 1));
        large_put_event(&world->ctx, &rows, &items[i]);
    }
    struct clickhouse *ch = events_clickhouse(world->log);
    str sql = LARGE_SQL(&world->ctx, world->log, SQL_LOG_INSERT);
    assert_ok(click_insert(&world->ctx, ch, sql, buf_str(&rows), NULL));
    assert_int_equal(append(world, 100, 1, true, &code), 1);
    assert_int_equal(intents(world), 0);
    // Two of the three are repeats of messages that were there.
    assert_int_equal(world->followed, followed + 1 + 1);
    assert_int_equal(counted(world), 12);
    // What it had sent arrives at last: nobody counts it.
    rows = buf_in(&world->ctx.arena);
    for (i64 i = 3; i < 5; i++) {
        items[i].id = intent.id + i * world->log->large->step;
        items[i].received_ms = intent.from_ms;
        large_put_event(&world->ctx, &rows, &items[i]);
    }
    assert_ok(click_insert(&world->ctx, ch, sql, buf_str(&rows), NULL));
    assert_int_equal(counted(world), 12);
}

enum { ANOTHER = 12345 };

/* Another process, which lives. */
static void enter_another(struct world *world)
{
    assert_ok(store_run(&world->ctx, world->store, SQL_PROCESS_ENTER,
                        ARGS(ARG_I64("id", ANOTHER), ARG_I64("number", 7), ARG_STR("name", STR("another")),
                             ARG_STR("version", STR("1")), ARG_STR("folder", STR("/")), ARG_STR("home", STR("-"))),
                        NULL));
}

/* A group of it with these events: stored, and on its way. */
static struct intent store_elsewhere(struct world *world, struct event *items, i64 count, i64 first_id)
{
    struct intent intent = {.id = first_id, .process = ANOTHER, .from_ms = clock_ms(), .to_ms = clock_ms()};
    intent.last = intent.id + (count - 1) * world->log->large->step;
    assert_ok(store_run(&world->ctx, world->store, SQL_GROUPS_BEGIN, ARGS_OF(&intent_shape, &intent), NULL));
    struct buf rows = buf_in(&world->ctx.arena);
    for (i64 i = 0; i < count; i++) {
        items[i].id = intent.id + i * world->log->large->step;
        items[i].received_ms = intent.from_ms;
        items[i].message_hash = events_message_hash(world->log, items[i].source, items[i].message_id);
        assert_ok(prepare(world, &world->ctx, &items[i], 1));
        large_put_event(&world->ctx, &rows, &items[i]);
    }
    str sql = LARGE_SQL(&world->ctx, world->log, SQL_LOG_INSERT);
    assert_ok(click_insert(&world->ctx, events_clickhouse(world->log), sql, buf_str(&rows), NULL));
    return intent;
}

TEST_LARGE(a_group_on_its_way_is_nobodys_original, false)
{
    // Its ids are smaller in the first round and larger in the second: the group that ends first counts, whatever its ids.
    static const i64 offsets[] = {-((i64)1 << 40), (i64)1 << 40};
    err code;
    enter_another(world);
    for (i64 round = 0; round < 2; round++) {
        i64 from = round * 100, before = world->followed;
        (void)store_elsewhere(world, events_of(&world->ctx, from, 5, true), 5, id_new() + offsets[round]);
        assert_int_equal(append(world, from, 10, true, &code), 10); // the other five could still be given up
        assert_int_equal(world->followed, before + 10);
        assert_int_equal(counted(world), from / 10 + 15);
        // It dies: whoever takes its group up finds that all of it is there already.
        assert_ok(store_run(&world->ctx, world->store, SQL_PROCESS_END, ARGS(ARG_I64("id", ANOTHER)), NULL));
        assert_int_equal(append(world, from, 10, true, &code), 0);
        assert_int_equal(world->followed, before + 10);
        assert_int_equal(counted(world), from / 10 + 10);
        assert_int_equal(intents(world), 0);
        assert_ok(store_run(&world->ctx, world->store, SQL_PROCESS_BEAT, ARGS(ARG_I64("id", ANOTHER)), NULL));
    }
}

TEST_LARGE(a_group_that_ends_meanwhile_is_the_original, false)
{
    enter_another(world);
    struct event *ours = events_of(&world->ctx, 0, 8, true);
    struct intent second = store_elsewhere(world, ours, 8, id_new() + ((i64)1 << 40));
    i64 first[8], ended;
    assert_ok(large_known(&world->ctx, world->log, &second, ours, 8, first, &ended));
    for (i64 i = 0; i < 8; i++) {
        assert_int_equal(first[i], 0);
    }
    // A group of this process ends between that look and the end of the second.
    err code;
    assert_int_equal(append(world, 0, 5, true, &code), 5);
    assert_ok(store_run(&world->ctx, world->store, SQL_GROUPS_TAKE,
                        ARGS(ARG_I64("process", id_process()), ARG_I64("id", second.id), ARG_I64("owner", ANOTHER)),
                        NULL));
    i64 followed = world->followed;
    struct ending ending = {ours, 8, first, ended};
    assert_ok(large_follow(&world->ctx, world->log, &second, &ending));
    for (i64 i = 0; i < 8; i++) {
        assert_true((first[i] != 0) == (i < 5));
    }
    assert_int_equal(world->followed, followed + 3);
    assert_int_equal(counted(world), 8);
}

TEST_LARGE(whatever_happens_to_an_insert_its_events_count_once, true)
{
    static const enum trouble troubles[] = {CUT_BEFORE, CUT_AFTER, CUT_HALF, SAYS_500, SAYS_BUSY};
    i64 expected = 0;
    for (i64 i = 0; i < countof(troubles); i++) {
        for (int named = 0; named < 2; named++) {
            i64 from = (i * 2 + named) * 100;
            between_set(world->between, troubles[i], "INSERT%20INTO%20events", 1);
            (void)insist(world, from, 50, named);
            assert_int_equal(between_count(world->between), 1);
            between_set(world->between, ALL_WELL, "", 0);
            expected += 50;
            assert_int_equal(counted(world), expected);
            assert_int_equal(insist(world, from, 50, named), 0);
        }
    }
    assert_int_equal(intents(world), 0);
    assert_null(events_away(world->log));
}

TEST_LARGE(events_without_a_message_id_count_once_when_their_sender_was_refused, true)
{
    static const enum trouble troubles[] = {CUT_BEFORE, CUT_AFTER, SAYS_500};
    for (i64 i = 0; i < countof(troubles); i++) {
        struct event *items = events_of(&world->ctx, 0, 20, true);
        for (i64 k = 0; k < 20; k++) {
            items[k].message_id = STR_NONE;
        }
        between_set(world->between, troubles[i], "INSERT%20INTO%20events", 1);
        u8 outcomes[20];
        err code;
        do {
            code = events_append(&world->ctx, world->log, items, 20, outcomes);
            ctx_forgive(&world->ctx);
            const struct timespec pause = {.tv_nsec = 100000000};
            (void)nanosleep(&pause, NULL);
        } while (code != OK);
        between_set(world->between, ALL_WELL, "", 0);
        assert_int_equal(counted(world), 20 * (i + 1));
    }
}

TEST_LARGE(a_stalled_server_is_found_out_and_what_it_does_later_counts_nothing, true)
{
    err code;
    between_set(world->between, STALLED, "/", -1);
    i64 begun_ns = clock_steady_ns();
    (void)append(world, 0, 20, true, &code);
    assert_int_equal(code, ERR_UNAVAILABLE);
    assert_true(clock_steady_ns() - begun_ns < 20LL * 1000000000);
    begun_ns = clock_steady_ns();
    (void)append(world, 0, 20, true, &code); // at once
    assert_int_equal(code, ERR_UNAVAILABLE);
    assert_true(clock_steady_ns() - begun_ns < 500000000);
    assert_string_equal(events_away(world->log), "events");
    between_set(world->between, ALL_WELL, "", 0); // what stood still goes on
    (void)insist(world, 0, 20, true);
    assert_int_equal(counted(world), 20);
    assert_int_equal(insist(world, 0, 20, true), 0);
}

TEST_LARGE(a_server_that_went_away_comes_back_by_itself, true)
{
    err code;
    assert_int_equal(append(world, 0, 10, true, &code), 10);
    between_away(world->between, true);
    (void)append(world, 10, 10, true, &code);
    assert_int_equal(code, ERR_UNAVAILABLE);
    between_away(world->between, false);
    assert_int_equal(insist(world, 10, 10, true), 10);
    assert_int_equal(counted(world), 20);
}

TEST_LARGE(records_that_fail_after_the_insert_lose_and_double_nothing, false)
{
    err code;
    world->failing = true;
    (void)append(world, 0, 10, true, &code);
    assert_int_equal(code, ERR_UNAVAILABLE);
    struct shape_list left; // whoever cleans up knows, also when we are gone; unless it was cleaned up already
    struct store_args args = ARGS(ARG_I64("process", id_process()), ARG_I64("current", 0));
    assert_ok(store_all(&world->ctx, world->store, SQL_GROUPS_LEFT, args, &intent_shape, &left));
    assert_true(left.count == 0 || ((const struct intent *)left.items)[0].doomed == 1);
    world->failing = false;
    assert_int_equal(insist(world, 0, 10, true), 10);
    assert_int_equal(counted(world), 10);
    assert_int_equal(world->followed, 10);
    assert_int_equal(intents(world), 0);
}

TEST(a_newer_format_of_the_tables_is_refused)
{
    struct world world;
    if (!begin(&world, "CHAM_TEST_CLICKHOUSE", false)) {
        return;
    }
    struct clickhouse *ch = events_clickhouse(world.log);
    struct buf rows = buf_in(&world.ctx.arena);
    click_put_i64(&rows, 9999);
    click_put_str(&rows, STR("9999_later"));
    click_put_str(&rows, STR(""));
    click_put_i64(&rows, 1);
    assert_ok(click_insert(&world.ctx, ch, CLICK_TEXT_OF(&world.ctx, SQL_SCHEMA_PUT), buf_str(&rows), NULL));
    struct events *log;
    struct ctx ctx = {0};
    assert_int_equal(events_open(&ctx, &world.options, &log), ERR_CONFLICT);
    assert_string_equal(ctx.fault.key, "error.newer_format");
    ctx_end(&ctx);
    finish(&world);
}
