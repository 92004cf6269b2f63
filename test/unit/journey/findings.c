#include "test.h"

#include "base/random.h"
#include "journey/findings.h"
#include "journey/suggest.h"

static const i64 DAY_MS = 24LL * 3600 * 1000;
static const i64 NOW_MS = 1780000000000;

static const char map_text[] =
    "{\"name\":\"M\",\"stages\":[{\"id\":\"purchase\",\"name\":\"Mua\"},{\"id\":\"care\",\"name\":\"Chăm sóc\"}],\"touchpoints\":["
    "{\"id\":\"pay\",\"name\":\"Thanh toán\",\"stage\":\"purchase\",\"metric\":\"csat\","
    "\"where\":[{\"field\":\"kind\",\"is\":[\"Checkout Started\",\"Payment Failed\",\"Survey Answered\"]}]}]}";

struct scene {
    struct ctx ctx;
    struct dice dice;
    struct store *store;
    struct asked_rooms rooms;
    struct event_follower follower;
    i64 journey, id;
};

static void open_scene(struct scene *scene, u64 seed)
{
    struct ctx *ctx = &scene->ctx;
    *scene = (struct scene){.dice = dice_new(seed, 3)};
    struct store_options options = {.folder = str_from(test_folder()), .no_fsync = true};
    assert_ok(store_open(ctx, &options, &scene->store));
    assert_ok(journeys_open(ctx, scene->store, &scene->rooms.journeys));
    struct journey_map map = {0};
    struct journey_new new = {.name = STR("M"), .by = STR("test")};
    assert_ok(journeys_create(ctx, scene->rooms.journeys, &new, &scene->journey));
    assert_ok(shape_parse(ctx, &journey_map_shape, STR(map_text), &map, NULL));
    assert_ok(journeys_put_draft(ctx, scene->rooms.journeys, scene->journey, &map, STR_NONE));
    assert_ok(journeys_publish(ctx, scene->rooms.journeys, scene->journey, 0, STR("test")));
    scene->rooms.identity = identity_new();
    scene->rooms.index = index_open(scene->rooms.identity);
    scene->follower = index_follower(scene->rooms.index);
    index_attach(scene->rooms.index, NULL);
    assert_ok(index_survey(ctx, scene->rooms.index));
    str names[] = {STR("version"), STR("error")};
    assert_ok(index_promote(ctx, scene->rooms.index, names, countof(names)));
    ctx->now_ms = NOW_MS;
}

static void close_scene(struct scene *scene)
{
    ctx_end(&scene->ctx); // gives back what it holds of the rooms
    index_close(scene->rooms.index);
    journeys_close(scene->rooms.journeys);
    identity_free(scene->rooms.identity);
    store_close(scene->store);
}

static void tell(struct scene *scene, struct event event)
{
    struct arena *arena = &scene->ctx.arena;
    event.id = ++scene->id;
    event.alias = str_format(arena, "user:%lld", (long long)dice_below(&scene->dice, 500));
    event.source = STR("s");
    assert_ok(scene->follower.follow(scene->follower.self, &scene->ctx, &event, 1));
}

static void answer(struct scene *scene, i64 at_ms, const char *place, i64 per_cent_top)
{
    bool top = dice_below(&scene->dice, 100) < per_cent_top;
    tell(scene, (struct event){.at_ms = at_ms,
                               .kind = STR("Survey Answered"),
                               .place = str_from(place),
                               .metric = STR("csat"),
                               .scale = STR("1-5"),
                               .score = {top ? 5 : 2, true}});
}

static void checkout(struct scene *scene, i64 at_ms, const char *version, i64 per_cent_failed)
{
    str kind = dice_below(&scene->dice, 100) < per_cent_failed ? STR("Payment Failed") : STR("Checkout Started");
    bool failed = kind.data[0] == 'P';
    str props = str_format(&scene->ctx.arena,
                           failed ? "{\"version\":\"%s\",\"error\":\"E%d\"}" : "{\"version\":\"%s\"}", version,
                           (int)dice_below(&scene->dice, 2));
    tell(scene, (struct event){.at_ms = at_ms, .kind = kind, .props = props});
}

static const struct finding *find(struct scene *scene, struct shape_list *out)
{
    struct question question = {.kind = ASK_COUNT, .zone = zone_utc(), .minimum_n = 30, .journey = scene->journey};
    question.from_ms = (struct maybe_i64){NOW_MS - 30 * DAY_MS, true};
    question.to_ms = (struct maybe_i64){NOW_MS, true};
    assert_ok(findings_read(&scene->ctx, &scene->rooms, &(struct sight){0}, &question, out));
    return out->items;
}

static i64 moment(struct scene *scene, i64 from_day, i64 to_day)
{
    return NOW_MS - to_day * DAY_MS + dice_below(&scene->dice, (to_day - from_day) * 86400) * 1000;
}

static bool names(const struct finding *finding, const char *field, const char *value, bool good)
{
    return str_eq(finding->field, str_from(field)) && str_eq(finding->value, str_from(value)) && finding->good == good;
}

TEST(a_bad_place_and_an_excellent_one_are_found_and_their_mirrors_are_not)
{
    struct scene scene;
    struct shape_list found;
    open_scene(&scene, 1);
    for (i64 i = 0; i < 2000; i++) {
        answer(&scene, moment(&scene, 0, 60), "Hà Nội", 80);
        answer(&scene, moment(&scene, 0, 60), "Huế", 80);
        if (i % 4 == 0) {
            answer(&scene, moment(&scene, 0, 60), "Đà Nẵng", 45);
            answer(&scene, moment(&scene, 0, 60), "Cần Thơ", 97);
        }
    }
    const struct finding *items = find(&scene, &found);
    assert_int_equal(found.count, 2);
    assert_true(names(&items[0], "place", "Đà Nẵng", false));
    assert_true(names(&items[1], "place", "Cần Thơ", true));
    assert_true(items[0].now->low <= items[0].now->score && items[0].now->score < items[0].rest->low);
    assert_true(items[0].delta < -25.0);
    assert_string_equal(str_c(&scene.ctx.arena, items[0].where),
                        "[{\"field\":\"touchpoint\",\"is\":[\"pay\"]},{\"field\":\"place\",\"is\":[\"Đà Nẵng\"]},"
                        "{\"field\":\"metric\",\"is\":[\"csat\"]}]");
    close_scene(&scene);
}

TEST(a_version_that_fails_is_found_and_its_error_code_is_not)
{
    struct scene scene;
    struct shape_list found;
    open_scene(&scene, 2);
    for (i64 i = 0; i < 3000; i++) {
        checkout(&scene, moment(&scene, 0, 60), "3.7", 1);
        if (i % 3 == 0) {
            checkout(&scene, moment(&scene, 0, 30), "3.8", 20);
        }
    }
    const struct finding *items = find(&scene, &found);
    bool version = false;
    for (i64 i = 0; i < found.count; i++) {
        version |= names(&items[i], "prop:version", "3.8", false) && items[i].kind == FINDING_EVENT_RATE;
        assert_false(str_eq(items[i].field, STR("prop:error")));
        assert_string_equal(str_c(&scene.ctx.arena, items[i].event), "Payment Failed");
    }
    assert_true(version);
    close_scene(&scene);
}

TEST(a_whole_touchpoint_that_got_worse_is_compared_with_the_span_before)
{
    struct scene scene;
    struct shape_list found;
    open_scene(&scene, 3);
    for (i64 i = 0; i < 800; i++) {
        answer(&scene, moment(&scene, 30, 60), "", 85);
        answer(&scene, moment(&scene, 0, 30), "", 65);
    }
    const struct finding *items = find(&scene, &found);
    assert_int_equal(found.count, 1);
    assert_false(str_is(items[0].field));
    assert_null(items[0].rest);
    assert_non_null(items[0].before);
    assert_near(items[0].delta, -20.0, 7.0);
    close_scene(&scene);
}

TEST(nothing_is_compared_with_a_time_of_which_there_are_no_data)
{
    struct scene scene;
    struct shape_list found;
    open_scene(&scene, 4);
    for (i64 i = 0; i < 400; i++) {
        answer(&scene, moment(&scene, 30, 35), "", 95);
        answer(&scene, moment(&scene, 0, 30), "", 65);
    }
    (void)find(&scene, &found);
    assert_int_equal(found.count, 0);
    close_scene(&scene);
}

/* A hundred worlds in which nothing is different: the rate of false discoveries holds. */
TEST(chance_alone_is_seldom_a_finding)
{
    i64 worlds = 0;
    for (u64 seed = 0; seed < 40; seed++) {
        struct scene scene;
        struct shape_list found;
        static const char *const places[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "k"};
        open_scene(&scene, 100 + seed);
        for (i64 i = 0; i < 1500; i++) {
            answer(&scene, moment(&scene, 0, 60), places[dice_below(&scene.dice, countof(places))], 75);
        }
        (void)find(&scene, &found);
        worlds += found.count > 0;
        close_scene(&scene);
    }
    assert_true(worlds <= 6);
}

TEST(a_suggestion_lands_on_the_stage_its_words_speak_for)
{
    static const struct {
        const char *kind, *stage;
    } kinds[] = {
        {"Order Completed", "purchase"},     {"Product Added To Cart", "purchase"}, {"page", "communication"},
        {"Call Received", "care"},           {"Order Delivered", "post_sale"},      {"Return Requested", "after_sales"},
        {"Friend Referred", "advocacy"},     {"Khiếu nại", "after_sales"},          {"Đặt hàng", "purchase"},
        {"something else", "communication"},
    };
    struct scene scene;
    struct journey journey;
    i64 id;
    open_scene(&scene, 5);
    struct journey_new new = {.name = STR("S"), .standard = true, .by = STR("test")};
    assert_ok(journeys_create(&scene.ctx, scene.rooms.journeys, &new, &id));
    assert_ok(journeys_get(&scene.ctx, scene.rooms.journeys, id, 0, &journey));
    struct journey_map map = {.stages = journey.stages};
    for (i64 i = 0; i < countof(kinds); i++) {
        i64 stage = suggest_stage(&scene.ctx.arena, &map, str_from(kinds[i].kind), STR_NONE);
        assert_string_equal(str_c(&scene.ctx.arena, journey_map_stage(&map, stage)->id), kinds[i].stage);
    }
    close_scene(&scene);
}

TEST(what_is_equally_frequent_on_no_touchpoint_comes_in_the_order_of_its_texts)
{
    static const char *const kinds[] = {"c", "a", "d", "b", "a", "c", "d", "b"};
    struct scene scene;
    struct shape_list found;
    struct question question = {.kind = ASK_COUNT, .zone = zone_utc()};
    open_scene(&scene, 3);
    for (i64 i = 0; i < countof(kinds); i++) {
        tell(&scene, (struct event){.at_ms = NOW_MS - DAY_MS + i, .kind = str_from(kinds[i])});
    }
    question.journey = scene.journey;
    assert_ok(suggest_unmapped(&scene.ctx, &scene.rooms, &(struct sight){0}, &question, LANGUAGE_EN, &found));
    assert_int_equal(found.count, 4);
    for (i64 i = 0; i < found.count; i++) {
        const struct unmapped *unmapped = &((const struct unmapped *)found.items)[i];
        assert_int_equal(unmapped->events, 2);
        assert_string_equal(str_c(&scene.ctx.arena, unmapped->kind), ((const char *[]){"a", "b", "c", "d"})[i]);
    }
    close_scene(&scene);
}
