#include "test.h"

#include "base/random.h"
#include "base/workers.h"
#include "journey/answer.h"
#include "journey/ask.h"
#include "journey/scan.h"
#include "journey/score_counts.h"

/* Events without a log: an index and who is who. */
struct scene {
    struct identity *identity;
    struct index *index;
    struct asked_rooms rooms;
    i64 events;
};

enum { PEOPLE = 300, EVENTS = 6000 };

static void tell(struct scene *scene, struct dice *dice, i64 count)
{
    static const char *const kinds[] = {"page", "cart", "order", "survey"};
    static const char *const channels[] = {"web", "shop", "app"};
    struct ctx ctx = {0};
    struct event_follower follower = index_follower(scene->index);
    struct event *events = arena_new(&ctx.arena, struct event, count);
    for (i64 i = 0; i < count; i++) {
        i64 kind = dice_below(dice, 4), who = dice_below(dice, PEOPLE + 1);
        events[i] = (struct event){.id = ++scene->events,
                                   .at_ms = 1767225600000 + dice_below(dice, 90) * 86400000 + dice_below(dice, 3) * 500,
                                   .kind = str_from(kinds[kind]),
                                   .channel = str_from(channels[dice_below(dice, 3)]),
                                   .source = STR("site")};
        if (who > 0) {
            events[i].alias = str_format(&ctx.arena, "user:%lld", (long long)who);
        }
        if (kind == 2) {
            events[i].amount = (struct maybe_i64){dice_below(dice, 1000), true};
            events[i].currency = dice_below(dice, 2) == 0 ? STR("VND") : STR("USD");
        } else if (kind == 3) {
            events[i].metric = STR("nps");
            events[i].score = (struct maybe_f64){(f64)dice_below(dice, 11), true};
            events[i].scale = STR("0-10");
        }
    }
    assert_ok(follower.follow(follower.self, &ctx, events, count));
    ctx_end(&ctx);
}

/* Most events in the base, the others in small layers and the tail; some persons have two aliases. */
static void open_scene(struct scene *scene)
{
    struct dice dice = dice_new(11, 0);
    *scene = (struct scene){.identity = identity_new()};
    scene->index = index_open_with(scene->identity, &(struct index_limits){.by_hand = true});
    tell(scene, &dice, EVENTS / 2);
    index_attach(scene->index, NULL);
    tell(scene, &dice, EVENTS / 4);
    index_force(scene->index, FORCE_SEAL);
    tell(scene, &dice, EVENTS / 4);
    for (i64 i = 1; i < 40; i++) {
        struct link link = {.a = (alias_no)(i * 3), .b = (alias_no)(i * 3 + 1), .at_ms = i, .event = i};
        link.kind = LINK_SAME_USER;
        (void)identity_link(scene->identity, &link);
    }
    scene->rooms = (struct asked_rooms){.identity = scene->identity, .index = scene->index};
}

static void close_scene(struct scene *scene)
{
    workers_close(scene->rooms.workers);
    index_close(scene->index);
    identity_free(scene->identity);
}

static err ask(struct scene *scene, struct ctx *ctx, const char *question, str *answer)
{
    struct question_defaults defaults = {zone_utc(), 30};
    return ask_text(ctx, &scene->rooms, &(struct sight){.personal = true}, &defaults, str_from(question), answer);
}

static const char *const questions[] = {
    "{\"ask\":\"count\",\"by\":[\"kind\",\"channel\"],\"every\":\"week\"}",
    "{\"ask\":\"count\",\"of\":[\"people\",\"amount\"],\"every\":\"month\"}",
    "{\"ask\":\"count\",\"by\":[\"kind\"],\"every\":\"hour\"}",
    "{\"ask\":\"count\",\"where\":{\"field\":\"amount\",\"gt\":500},\"by\":[\"channel\"]}",
    "{\"ask\":\"score\",\"metric\":\"nps\",\"by\":[\"channel\"],\"every\":\"month\"}",
    "{\"ask\":\"score\",\"metric\":\"nps\",\"where\":{\"field\":\"score\",\"gte\":3},\"from\":\"2026-01-20\"}",
    "{\"ask\":\"count\",\"where\":[{\"did\":{\"field\":\"kind\",\"is\":[\"order\"]},\"at_least\":4},"
    "{\"not\":{\"field\":\"channel\",\"is\":[\"web\"]}}],\"by\":[\"kind\"]}",
    "{\"ask\":\"count\",\"where\":{\"any\":[{\"field\":\"kind\",\"is\":[\"cart\"]},{\"field\":\"channel\",\"is\":"
    "[\"app\"]}]},\"to\":\"2026-02-10\"}",
};

TEST(answers_do_not_depend_on_the_number_of_threads_nor_on_where_it_was_cut)
{
    static const i64 threads[] = {1, 2, 3, 7};
    struct scene scene;
    open_scene(&scene);
    scene.rooms.workers = workers_open(7);
    for (i64 q = 0; q < countof(questions); q++) {
        struct ctx first_ctx = {0};
        str first, upto = STR(",\"asked\"");
        scene.rooms.limits = (struct scan_limits){.threads = 1};
        assert_ok(ask(&scene, &first_ctx, questions[q], &first));
        assert_true(first.len > 60);
        for (i64 cut = 0; cut < countof(threads) * 3; cut++) {
            struct ctx ctx = {0};
            str answer;
            scene.rooms.limits = (struct scan_limits){.threads = threads[cut % 4],
                                                      .piece_rows = cut / 4 == 0 ? 0 : 1 + cut * 17,
                                                      .block_rows = cut / 4 == 2 ? 1 + cut * 5 : 0};
            assert_ok(ask(&scene, &ctx, questions[q], &answer));
            assert_true(
                str_eq(str_slice(answer, 0, str_find(answer, upto)), str_slice(first, 0, str_find(first, upto))));
            ctx_end(&ctx);
        }
        ctx_end(&first_ctx);
    }
    close_scene(&scene);
}

TEST(every_event_is_read_once_wherever_it_lies)
{
    struct scene scene;
    struct ctx ctx = {0};
    str answer;
    open_scene(&scene);
    scene.rooms.limits = (struct scan_limits){.piece_rows = 100, .block_rows = 10};
    assert_ok(ask(&scene, &ctx, "{\"ask\":\"count\"}", &answer));
    assert_true(str_starts(answer, str_format(&ctx.arena, "{\"rows\":[{\"events\":%d,\"people\":", EVENTS)));
    assert_true(str_find(answer, str_format(&ctx.arena, "\"read\":{\"events\":%d,", EVENTS)) > 0);
    ctx_end(&ctx);
    close_scene(&scene);
}

TEST(a_question_that_needs_too_much_memory_says_so)
{
    struct budget budget = {.limit = 1000};
    struct asking asking = {.budget = &budget};
    struct part part = {.asking = &asking};
    void *room, *more = NULL;
    i64 capacity = 0;
    assert_ok(part_alloc(&part, 500, &room));
    assert_int_equal(part_alloc(&part, 500, &more), ERR_INVALID);
    assert_string_equal(part.ctx.fault.key, "error.ask.memory");
    part_release(&part, room);
    i64 *array = NULL;
    assert_ok(part_room_for(&part, &array, &capacity, 10));
    array[9] = 7;
    assert_ok(part_room_for(&part, &array, &capacity, 20));
    assert_int_equal(array[9], 7);
    assert_true(budget.most <= 1000);
    part_end(&part);
    assert_int_equal(budget.used, 0);
}

TEST(the_text_of_an_answer_counts_as_memory)
{
    struct ctx ctx = {0};
    struct budget budget = {.limit = 4096};
    struct asking asking = {.ctx = &ctx, .budget = &budget};
    struct json_writer writer = json_writer_in(&ctx.arena);
    err code = OK;
    i64 rows = 0;
    json_list(&writer);
    while (code == OK && rows < 10000) {
        json_put_i64(&writer, rows++);
        code = answer_use(&asking, &writer);
    }
    assert_int_equal(code, ERR_INVALID);
    assert_string_equal(ctx.fault.key, "error.ask.memory");
    assert_true(writer.out.capacity <= 4096);
    assert_true(budget.used <= 4096);
    ctx_end(&ctx);
}

TEST(a_question_that_was_stopped_ends)
{
    static const bool stop = true;
    struct scene scene;
    struct ctx ctx = {.cancel = &stop};
    str answer;
    open_scene(&scene);
    scene.rooms.workers = workers_open(3);
    scene.rooms.limits = (struct scan_limits){.piece_rows = 100, .block_rows = 10};
    assert_int_equal(ask(&scene, &ctx, "{\"ask\":\"count\"}", &answer), ERR_CANCELLED);
    ctx_end(&ctx);
    close_scene(&scene);
}

static void count_some(struct part *part, struct score_counts *counts, i64 *should, u64 seed)
{
    struct dice dice = dice_new(seed, 1);
    for (i64 k = 0; k < 50; k++) {
        u64 places[100];
        for (i64 i = 0; i < 100; i++) {
            places[i] = (u64)dice_below(&dice, 3000);
            should[places[i]]++;
        }
        assert_ok(score_counts_add(part, counts, places, 100, 300));
    }
}

TEST(scores_are_counted_alike_in_a_table_and_in_pairs)
{
    for (i64 groups = 300; groups <= SCORE_TABLE_MAX; groups += SCORE_TABLE_MAX - 300) {
        struct ctx ctx = {0};
        struct budget budget = {.limit = 1 << 20};
        struct asking asking = {.budget = &budget};
        struct part part = {.asking = &asking};
        struct score_counts counts = score_counts_new(groups, 10), more = counts;
        i64 should[3000] = {0}, count;
        u32 numbers[300];
        for (u32 i = 0; i < 300; i++) {
            numbers[i] = i;
        }
        assert_int_equal(counts.table, groups == 300);
        count_some(&part, &counts, should, 1);
        count_some(&part, &more, should, 2);
        assert_ok(score_counts_merge(&part, &counts, &more, numbers, 300));
        const struct score_pair *pairs = score_counts_list(&counts, &ctx.arena, &count);
        for (i64 i = 0; i < count; i++) {
            assert_int_equal(pairs[i].times, should[pairs[i].place]);
            should[pairs[i].place] = 0;
        }
        for (i64 i = 0; i < countof(should); i++) {
            assert_int_equal(should[i], 0);
        }
        part_end(&part);
        ctx_end(&ctx);
    }
}
