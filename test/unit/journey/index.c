#include "test.h"

#include "journey/ask.h"
#include "journey/behind.h"
#include "journey/props.h"

#include <pthread.h>
#include <stdatomic.h>

/* A log, an index that follows it, and somebody who asks. */
struct scene {
    struct ctx ctx;
    struct identity *identity;
    struct index *index;
    struct events *log;
    struct event_follower follower;
    struct asked_rooms rooms;
    const char *folder;
};

static void open_log(struct scene *scene)
{
    scene->index = index_open(scene->identity);
    scene->follower = index_follower(scene->index);
    struct events_options options = {
        .folder = str_from(scene->folder), .followers = &scene->follower, .follower_count = 1, .no_fsync = true};
    assert_ok(events_open(&scene->ctx, &options, &scene->log));
    index_attach(scene->index, scene->log);
    scene->rooms = (struct asked_rooms){.identity = scene->identity, .index = scene->index, .log = scene->log};
}

static void open_scene(struct scene *scene)
{
    *scene = (struct scene){.folder = test_folder(), .identity = identity_new()};
    open_log(scene);
}

static void close_log(struct scene *scene)
{
    events_close(scene->log);
    index_close(scene->index);
}

static void close_scene(struct scene *scene)
{
    close_log(scene);
    identity_free(scene->identity);
    ctx_end(&scene->ctx);
}

static void tell(struct scene *scene, struct event *items, i64 count)
{
    u8 outcomes[64];
    assert_ok(events_append(&scene->ctx, scene->log, items, count, outcomes));
}

/* The answer to a question about everything, as text without its time. */
static str ask(struct scene *scene, struct ctx *ctx, const char *question)
{
    str answer;
    struct question_defaults defaults = {zone_utc(), 30};
    err code = ask_text(ctx, &scene->rooms, &(struct sight){.personal = true}, &defaults, str_from(question), &answer);
    assert_int_equal(code, OK);
    return str_slice(answer, 0, str_find(answer, STR(",\"asked\"")));
}

#define assert_answer(scene, question, rows)                                                                           \
    do {                                                                                                               \
        str is = ask((scene), &(scene)->ctx, (question));                                                              \
        assert_string_equal(str_c(&(scene)->ctx.arena, is), "{\"rows\":" rows);                                        \
    } while (0)

TEST(an_event_of_six_fields_takes_at_most_24_bytes)
{
    enum { EVENTS = 200000, PEOPLE = 10000 };
    struct ctx ctx = {0};
    struct identity *identity = identity_new();
    struct index *index = index_open(identity);
    struct event_follower follower = index_follower(index);
    for (i64 i = 0; i < EVENTS; i++) {
        char alias[24], kind[24], channel[24], place[24];
        struct event event = {.id = i + 1, .at_ms = 1700000000000 + i * 1000, .source = STR("s")};
        event.alias = (str){alias, snprintf(alias, sizeof alias, "user:%lld", (long long)(i * 7919 % PEOPLE))};
        event.kind = (str){kind, snprintf(kind, sizeof kind, "kind %lld", (long long)(i % 300))};
        event.channel = (str){channel, snprintf(channel, sizeof channel, "channel %lld", (long long)(i % 8))};
        event.place = (str){place, snprintf(place, sizeof place, "place %lld", (long long)(i % 500))};
        assert_ok(follower.follow(follower.self, &ctx, &event, 1));
    }
    index_attach(index, NULL);
    struct index_stats stats = index_stats(index);
    assert_int_equal(stats.rows, EVENTS);
    assert_true((f64)stats.bytes / EVENTS <= 24.0);
    index_close(index);
    identity_free(identity);
    ctx_end(&ctx);
}

TEST(a_property_becomes_a_column_and_stays_current)
{
    struct scene scene;
    open_scene(&scene);
    struct event first[] = {
        {.at_ms = 1,
         .source = STR("s"),
         .alias = STR("user:1"),
         .kind = STR("a"),
         .props = STR("{\"app\":{\"v\":\"2.1\"}}")},
        {.at_ms = 2, .source = STR("s"), .alias = STR("user:2"), .kind = STR("a"), .props = STR("{\"app.v\":3}")},
        {.at_ms = 3, .source = STR("s"), .alias = STR("user:3"), .kind = STR("a")},
    };
    tell(&scene, first, 3);
    assert_answer(
        &scene, "{\"ask\":\"count\",\"by\":[\"prop:app.v\"]}",
        "[{\"prop:app.v\":\"2.1\",\"events\":1,\"people\":1},{\"prop:app.v\":\"3\",\"events\":1,\"people\":1},"
        "{\"prop:app.v\":null,\"events\":1,\"people\":1}]");
    struct event later = {
        .at_ms = 0, .source = STR("s"), .kind = STR("a"), .props = STR("{\"app\":{\"v\":\"2.1\"},\"x\":true}")};
    tell(&scene, &later, 1);
    index_force(scene.index, FORCE_BASE);
    assert_answer(&scene, "{\"ask\":\"count\",\"where\":[{\"field\":\"prop:app.v\",\"gt\":2}]}",
                  "[{\"events\":3,\"people\":2}]");
    assert_answer(&scene, "{\"ask\":\"count\",\"where\":[{\"field\":\"prop:x\",\"is\":[true]}]}",
                  "[{\"events\":1,\"people\":0}]");
    close_scene(&scene);
}

TEST(what_we_keep_for_ourselves_in_properties_is_no_property)
{
    struct scene scene;
    open_scene(&scene);
    struct event event = {
        .at_ms = 1, .source = STR("s"), .kind = STR("a"), .props = STR("{\"$\":{\"email\":\"a@b.vn\"},\"c\":1}")};
    tell(&scene, &event, 1);
    assert_ok(index_survey(&scene.ctx, scene.index));
    assert_int_equal(scene.index->facts.count, 1);
    str answer;
    struct question_defaults defaults = {zone_utc(), 30};
    err code = ask_text(&scene.ctx, &scene.rooms, &(struct sight){0}, &defaults,
                        STR("{\"ask\":\"count\",\"by\":[\"prop:$.email\"]}"), &answer);
    assert_int_equal(code, ERR_INVALID);
    close_scene(&scene);
}

TEST(columns_that_are_not_used_make_room_and_come_back)
{
    struct scene scene;
    open_scene(&scene);
    struct event event = {.at_ms = 1, .source = STR("s"), .kind = STR("a"), .props = STR("{\"first\":1}")};
    tell(&scene, &event, 1);
    static const char first[] = "{\"ask\":\"count\",\"where\":[{\"field\":\"prop:first\",\"is\":[1]}]}";
    assert_answer(&scene, first, "[{\"events\":1,\"people\":0}]");
    for (i64 i = 0; i < PROMOTED_MAX + 5; i++) {
        str name = str_format(&scene.ctx.arena, "p%lld", (long long)i);
        assert_ok(index_promote(&scene.ctx, scene.index, &name, 1));
    }
    assert_int_equal(scene.index->promoted_count, PROMOTED_MAX);
    assert_false(index_is_promoted(scene.index, STR("first")));
    assert_true(index_is_promoted(scene.index, STR("p9")));
    assert_answer(&scene, first, "[{\"events\":1,\"people\":0}]");
    str *names = arena_new(&scene.ctx.arena, str, PROMOTED_MAX + 1);
    for (i64 i = 0; i <= PROMOTED_MAX; i++) {
        names[i] = str_format(&scene.ctx.arena, "q%lld", (long long)i);
    }
    assert_int_equal(index_promote(&scene.ctx, scene.index, names, PROMOTED_MAX + 1), ERR_INVALID);
    close_scene(&scene);
}

enum { TOLD = 60, TOLD_TIMES = 5 };

/* A property with more values than who may not see persons may split by. */
static void tell_tickets(struct scene *scene)
{
    for (i64 time = 0; time < TOLD_TIMES; time++) {
        struct event events[TOLD];
        for (i64 i = 0; i < TOLD; i++) {
            str props = str_format(&scene->ctx.arena, "{\"ticket\":%lld,\"size\":\"L\"}", (long long)(time * TOLD + i));
            events[i] = (struct event){.at_ms = 1 + i, .source = STR("s"), .kind = STR("a"), .props = props};
        }
        tell(scene, events, TOLD);
    }
}

static err ask_by_ticket(struct scene *scene, struct ctx *ctx, bool personal)
{
    str answer;
    struct question_defaults defaults = {zone_utc(), 30};
    return ask_text(ctx, &scene->rooms, &(struct sight){.personal = personal}, &defaults,
                    STR("{\"ask\":\"count\",\"by\":[\"prop:ticket\"]}"), &answer);
}

TEST(a_property_of_many_values_gets_no_column_by_who_may_not_see_it)
{
    struct scene scene;
    struct ctx refused = {0}, again = {0}, seen = {0}, kept = {0};
    open_scene(&scene);
    tell_tickets(&scene);
    assert_int_equal(ask_by_ticket(&scene, &refused, false), ERR_FORBIDDEN);
    assert_string_equal(refused.fault.key, "error.ask.personal");
    assert_int_equal(scene.index->promoted_count, 0); // made, looked at, gone
    u64 uses = scene.index->promoted_uses;
    assert_ok(index_survey(&scene.ctx, scene.index));
    assert_int_equal(ask_by_ticket(&scene, &again, false), ERR_FORBIDDEN);
    assert_int_equal(scene.index->promoted_uses, uses); // not even made
    assert_ok(ask_by_ticket(&scene, &seen, true));
    assert_int_equal(ask_by_ticket(&scene, &kept, false), ERR_FORBIDDEN);
    assert_true(index_is_promoted(scene.index, STR("ticket"))); // others use it
    ctx_end(&refused);
    ctx_end(&again);
    ctx_end(&seen);
    ctx_end(&kept);
    close_scene(&scene);
}

TEST(a_property_whose_values_take_too_much_gets_no_column)
{
    struct scene scene;
    struct ctx ctx = {0};
    open_scene(&scene);
    tell_tickets(&scene);
    scene.index->limits.prop_bytes = 4096;
    assert_int_equal(ask_by_ticket(&scene, &ctx, true), ERR_INVALID);
    assert_string_equal(ctx.fault.key, "error.ask.memory");
    assert_int_equal(scene.index->promoted_count, 0);
    assert_answer(&scene, "{\"ask\":\"count\",\"by\":[\"prop:size\"]}",
                  "[{\"prop:size\":\"L\",\"events\":300,\"people\":0}]");
    ctx_end(&ctx);
    close_scene(&scene);
}

TEST(what_came_after_the_moment_of_a_question_counts_as_memory)
{
    enum { BATCH = 4500, BATCHES = 30 }; // the ids take more than a megabyte
    struct scene scene;
    struct ctx ctx = {0};
    str answer;
    struct question_defaults defaults = {zone_utc(), 30};
    open_scene(&scene);
    struct event *events = arena_new(&scene.ctx.arena, struct event, BATCH);
    u8 *outcomes = arena_new(&scene.ctx.arena, u8, BATCH);
    for (i64 i = 0; i < BATCHES; i++) {
        for (i64 k = 0; k < BATCH; k++) {
            events[k] = (struct event){.at_ms = 1 + k, .source = STR("s"), .kind = STR("a")};
        }
        assert_ok(events_append(&scene.ctx, scene.log, events, BATCH, outcomes));
    }
    scene.rooms.limits.memory_mb = 1;
    assert_int_equal(ask_text(&ctx, &scene.rooms, &(struct sight){0}, &defaults,
                              STR("{\"ask\":\"count\",\"as_of\":\"2020-01-01\"}"), &answer),
                     ERR_INVALID);
    assert_string_equal(ctx.fault.key, "error.ask.memory");
    ctx_end(&ctx);
    close_scene(&scene);
}

TEST(joining_and_separating_persons_moves_no_row)
{
    struct scene scene;
    open_scene(&scene);
    struct event items[] = {
        {.at_ms = 5, .source = STR("s"), .alias = STR("anon:A"), .kind = STR("a")},
        {.at_ms = 3, .source = STR("s"), .alias = STR("user:U"), .kind = STR("a")},
    };
    tell(&scene, items, 2);
    index_force(scene.index, FORCE_BASE);
    u64 generation = scene.index->generation;
    assert_answer(&scene, "{\"ask\":\"count\"}", "[{\"events\":2,\"people\":2}]");
    alias_no a = identity_find(scene.identity, STR("anon:A")), u = identity_find(scene.identity, STR("user:U"));
    identity_link(scene.identity, &(struct link){a, u, 5, 77, LINK_SEEN_TOGETHER});
    assert_answer(&scene, "{\"ask\":\"count\"}", "[{\"events\":2,\"people\":1}]");
    identity_unlink(scene.identity, 77);
    assert_answer(&scene, "{\"ask\":\"count\"}", "[{\"events\":2,\"people\":2}]");
    assert_int_equal(scene.index->generation, generation);
    close_scene(&scene);
}

TEST(as_of_leaves_out_what_arrived_later)
{
    struct scene scene;
    open_scene(&scene);
    struct event items[] = {
        {.at_ms = 1, .received_ms = 1000000, .source = STR("s"), .alias = STR("user:1"), .kind = STR("a")},
        {.at_ms = 2, .received_ms = 2000000, .source = STR("s"), .alias = STR("user:2"), .kind = STR("a")},
        {.at_ms = 3, .received_ms = 3000000, .source = STR("s"), .alias = STR("user:2"), .kind = STR("b")},
    };
    tell(&scene, items, 3);
    assert_answer(&scene, "{\"ask\":\"count\",\"as_of\":2000000}", "[{\"events\":2,\"people\":2}]");
    assert_answer(&scene, "{\"ask\":\"count\",\"as_of\":1999999}", "[{\"events\":1,\"people\":1}]");
    assert_answer(&scene,
                  "{\"ask\":\"count\",\"as_of\":2500000,\"where\":[{\"did\":{\"field\":\"kind\",\"is\":[\"b\"]}}]}",
                  "[{\"events\":0,\"people\":0}]");
    assert_answer(&scene, "{\"ask\":\"count\"}", "[{\"events\":3,\"people\":2}]");
    close_scene(&scene);
}

TEST(removed_events_are_in_no_answer_and_not_in_memory)
{
    struct scene scene;
    open_scene(&scene);
    struct event items[] = {
        {.at_ms = 1,
         .source = STR("s"),
         .alias = STR("user:1"),
         .kind = STR("a"),
         .props = STR("{\"word\":\"canary\"}")},
        {.at_ms = 2,
         .source = STR("s"),
         .alias = STR("user:2"),
         .kind = STR("a"),
         .props = STR("{\"word\":\"other\"}")},
    };
    tell(&scene, items, 2);
    assert_answer(
        &scene, "{\"ask\":\"count\",\"by\":[\"prop:word\"]}",
        "[{\"prop:word\":\"canary\",\"events\":1,\"people\":1},{\"prop:word\":\"other\",\"events\":1,\"people\":1}]");
    i64 deleted;
    assert_ok(events_delete(&scene.ctx, scene.log, &items[0].id, 1, &deleted));
    assert_int_equal(deleted, 1);
    assert_answer(&scene, "{\"ask\":\"count\"}", "[{\"events\":1,\"people\":1}]");
    index_scrub(scene.index);
    assert_int_equal(index_stats(scene.index).rows, 1);
    assert_int_equal(scene.index->promoted_count, 0);
    assert_answer(&scene, "{\"ask\":\"count\",\"by\":[\"prop:word\"]}",
                  "[{\"prop:word\":\"other\",\"events\":1,\"people\":1}]");
    close_scene(&scene);
}

TEST(an_index_built_from_the_log_answers_as_the_one_that_followed)
{
    struct scene scene;
    open_scene(&scene);
    for (i64 i = 0; i < 200; i++) {
        char alias[16], kind[16];
        struct event event = {.at_ms = 1000 - i % 37, .source = STR("s"), .props = STR("{\"p\":1}")};
        event.alias = (str){alias, snprintf(alias, sizeof alias, "user:%d", (int)(i % 7))};
        event.kind = (str){kind, snprintf(kind, sizeof kind, "k%d", (int)(i % 3))};
        event.score = (struct maybe_f64){(f64)(i % 11), i % 2 == 0};
        event.metric = i % 2 == 0 ? STR("nps") : STR_NONE;
        event.scale = i % 2 == 0 ? STR("0-10") : STR_NONE;
        tell(&scene, &event, 1);
    }
    static const char *const questions[] = {
        "{\"ask\":\"score\",\"metric\":\"nps\",\"by\":[\"kind\"]}",
        "{\"ask\":\"count\",\"by\":[\"kind\",\"prop:p\"]}",
        "{\"ask\":\"adherence\"}",
    };
    str before[countof(questions)];
    for (i64 i = 0; i < countof(questions); i++) {
        before[i] = ask(&scene, &scene.ctx, questions[i]);
    }
    close_log(&scene);
    open_log(&scene);
    for (i64 i = 0; i < countof(questions); i++) {
        assert_true(str_eq(ask(&scene, &scene.ctx, questions[i]), before[i]));
    }
    close_scene(&scene);
}

/* Many readers, one writer, rows sorted in now and then: an answer has at least what was acknowledged before the question. */

enum { ROUNDS = 400, READERS = 3, CROWD = 300 /* persons: more than there is room for at first */ };

struct crowd {
    struct scene scene;
    _Atomic i64 acknowledged;
    _Atomic bool done;
};

static i64 count_events(struct crowd *crowd, struct ctx *ctx)
{
    str answer = ask(&crowd->scene, ctx,
                     "{\"ask\":\"count\",\"by\":[\"prop:p\"],\"where\":[{\"field\":\"kind\",\"is\":[\"k\"]}]}");
    i64 at = str_find(answer, STR("\"events\":"));
    i64 number = 0;
    for (i64 i = at + 9; at >= 0 && answer.data[i] >= '0' && answer.data[i] <= '9'; i++) {
        number = number * 10 + answer.data[i] - '0';
    }
    return number;
}

/* Everybody who did something, on one page. */
static i64 count_behind(struct crowd *crowd, struct ctx *ctx)
{
    struct question_defaults defaults = {zone_utc(), 30};
    struct behind behind;
    struct behind_page page;
    struct json object;
    str request = STR("{\"question\":{\"ask\":\"count\"},\"row\":{}}");
    assert_int_equal(json_parse(ctx, json_reader_here(), request, &object), OK);
    assert_int_equal(behind_read(ctx, object, &defaults, &behind), OK);
    assert_int_equal(behind_people(ctx, &crowd->scene.rooms, &(struct sight){.personal = true}, &behind, &page), OK);
    return page.people;
}

static void *read_on(void *self)
{
    struct crowd *crowd = self;
    i64 wrong = 0;
    while (!atomic_load(&crowd->done)) {
        struct ctx ctx = {0};
        i64 known = atomic_load(&crowd->acknowledged);
        wrong += count_events(crowd, &ctx) < known;
        wrong += count_behind(crowd, &ctx) < lesser(known, CROWD);
        ctx_end(&ctx);
    }
    return (void *)(uintptr_t)wrong;
}

TEST(an_answer_has_every_event_acknowledged_before_it)
{
    struct crowd crowd = {0};
    pthread_t readers[READERS];
    open_scene(&crowd.scene);
    for (i64 i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_on, &crowd), 0);
    }
    for (i64 i = 0; i < ROUNDS; i++) {
        char alias[16];
        struct event event = {.at_ms = 1000 - i, .source = STR("s"), .kind = STR("k"), .props = STR("{\"p\":1}")};
        event.alias = (str){alias, snprintf(alias, sizeof alias, "user:%d", (int)(i % CROWD))};
        tell(&crowd.scene, &event, 1);
        atomic_store(&crowd.acknowledged, i + 1);
        if (i % 50 == 0) {
            index_force(crowd.scene.index, FORCE_BASE);
        }
        if (i % 150 == 149) {
            index_scrub(crowd.scene.index);
        }
    }
    atomic_store(&crowd.done, true);
    for (i64 i = 0; i < READERS; i++) {
        void *wrong;
        pthread_join(readers[i], &wrong);
        assert_int_equal((uintptr_t)wrong, 0);
    }
    assert_int_equal(count_events(&crowd, &crowd.scene.ctx), ROUNDS);
    close_scene(&crowd.scene);
}
