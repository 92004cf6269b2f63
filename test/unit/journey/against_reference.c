#include "test.h"

#include "base/random.h"
#include "journey/ask.h"
#include "journey/index_sort.h"
#include "reference.h"

/* Random small histories, random questions: the engine and the reference agree on every row. */

enum { ROUNDS = 250, EVENTS = 60, QUESTIONS = 8, ALIASES = 8 };

static const i64 DAY_MS = 24LL * 3600 * 1000;
static const i64 BEGIN_MS = 1767200400000; /* 2026-01-01 in Việt Nam */

static const char *const kinds[] = {"page", "cart", "pay", "paid", "call"};
static const char *const channels[] = {"web", "shop", ""};
static const char *const places[] = {"Hà Nội", "Đà Nẵng", ""};
static const char *const props[] = {"1", "2.0", "10", "x", NULL};

struct scene {
    struct ctx ctx;
    struct dice dice;
    struct identity *identity;
    struct index *index;
    struct store *store;
    struct journeys *journeys;
    struct asked_rooms rooms;
    struct world world;
    i64 journey;
    i32 alias_count;
    struct journey_view view;
};

static str pick(struct dice *dice, const char *const *texts, i64 count)
{
    return str_from(texts[dice_below(dice, count)]);
}

#define PICK(dice, texts) pick((dice), (texts), countof(texts))

static void random_event(struct scene *scene, i64 id, struct lived *lived)
{
    struct dice *dice = &scene->dice;
    struct arena *arena = &scene->ctx.arena;
    i64 alias = dice_below(dice, ALIASES);
    struct event *event = &lived->event;
    *event = (struct event){
        .id = id,
        .at_ms = BEGIN_MS + dice_below(dice, 40) * DAY_MS / 4 + dice_below(dice, 3) * 3600000,
        .received_ms = BEGIN_MS,
        .source = STR("test"),
        .alias = alias == 0 ? STR("") : str_format(arena, "anon:%lld", (long long)alias),
        .kind = PICK(dice, kinds),
        .channel = PICK(dice, channels),
        .place = PICK(dice, places),
        .text = dice_below(dice, 3) == 0 ? STR("Tốt") : STR_NONE,
    };
    lived->prop = props[dice_below(dice, countof(props))];
    if (lived->prop != NULL) {
        bool quoted = dice_below(dice, 2) == 0 || strcmp(lived->prop, "x") == 0;
        event->props = quoted ? str_format(arena, "{\"v\":\"%s\"}", lived->prop)
                              : str_format(arena, "{\"v\":%s}", lived->prop);
        if (!quoted && strcmp(lived->prop, "2.0") == 0) {
            lived->prop = "2";
        }
    }
    i64 sort = dice_below(dice, 5);
    if (sort == 0) {
        event->metric = STR("nps");
        event->scale = STR("0-10");
        event->question = STR("recommend");
        event->score = (struct maybe_f64){(f64)dice_below(dice, 11), dice_below(dice, 8) != 0};
    } else if (sort == 1) {
        event->amount = (struct maybe_i64){dice_below(dice, 1000) - 100, true};
        event->currency = dice_below(dice, 3) == 0 ? STR("USD") : STR("VND");
    }
}

static i32 person_of(struct scene *scene, str alias)
{
    alias_no no = identity_find(scene->identity, alias);
    return no == 0 ? 0 : (i32)identity_person(scene->identity, no);
}

/* Events arrive in small groups; some are sorted in, some are taken away again, some persons are joined. */
static void live(struct scene *scene)
{
    struct event_follower follower = index_follower(scene->index);
    scene->world.events = arena_new(&scene->ctx.arena, struct lived, EVENTS);
    for (i64 i = 0; i < EVENTS; i++) {
        struct lived *lived = &scene->world.events[scene->world.count++];
        random_event(scene, i + 1, lived);
        assert_ok(follower.follow(follower.self, &scene->ctx, &lived->event, 1));
        if (dice_below(&scene->dice, 20) == 0) {
            index_sort(scene->index, false);
        }
    }
}

static void join_some(struct scene *scene)
{
    u32 count = identity_count(scene->identity);
    for (i64 i = 0; i < 3 && count >= 2; i++) {
        alias_no a = (alias_no)dice_below(&scene->dice, count) + 1, b = (alias_no)dice_below(&scene->dice, count) + 1;
        (void)identity_link(scene->identity, &(struct link){a, b, i, i, LINK_VERIFIED});
    }
    for (i64 i = 0; i < scene->world.count; i++) {
        scene->world.events[i].person = person_of(scene, scene->world.events[i].event.alias);
    }
}

static void remove_some(struct scene *scene)
{
    struct event_follower follower = index_follower(scene->index);
    for (i64 k = 0; k < 5; k++) {
        i64 at = dice_below(&scene->dice, scene->world.count);
        assert_ok(follower.forget(follower.self, &scene->ctx, &scene->world.events[at].event.id, 1));
        scene->world.events[at] = scene->world.events[--scene->world.count];
    }
}

static const char map_text[] =
    "{\"name\":\"M\",\"stages\":[{\"id\":\"a\",\"name\":\"A\"},{\"id\":\"b\",\"name\":\"B\"}],\"touchpoints\":["
    "{\"id\":\"see\",\"name\":\"See\",\"stage\":\"a\",\"where\":[{\"field\":\"kind\",\"is\":[\"page\"]},"
    "{\"field\":\"channel\",\"is_not\":[\"shop\"]}],"
    "\"next_act\":{\"name\":\"cart\",\"when\":[{\"field\":\"kind\",\"is\":[\"cart\",\"pay\"]}],\"within\":\"2d\"}},"
    "{\"id\":\"cart\",\"name\":\"Cart\",\"stage\":\"a\",\"where\":[{\"field\":\"kind\",\"is\":[\"cart\"]}]},"
    "{\"id\":\"pay\",\"name\":\"Pay\",\"stage\":\"b\",\"metric\":\"nps\","
    "\"where\":[{\"field\":\"kind\",\"is\":[\"pay\",\"paid\"]}],"
    "\"next_act\":{\"name\":\"paid\",\"when\":[{\"field\":\"kind\",\"is\":[\"paid\"]}],\"within\":\"36h\"}},"
    "{\"id\":\"later\",\"name\":\"Later\",\"stage\":\"b\",\"where\":[]},"
    "{\"id\":\"help\",\"name\":\"Help\",\"stage\":\"b\",\"metric\":\"nps\","
    "\"where\":[{\"any\":[{\"field\":\"kind\",\"is\":[\"call\"]},"
    "{\"field\":\"prop:v\",\"gte\":5}]}]}]}";

static void open_scene(struct scene *scene, u64 seed)
{
    struct ctx *ctx = &scene->ctx;
    scene->dice = dice_new(seed, 7);
    scene->identity = identity_new();
    scene->index = index_open(scene->identity);
    index_attach(scene->index, NULL);
    str name = STR("v");
    assert_ok(index_promote(ctx, scene->index, &name, 1));
    scene->rooms = (struct asked_rooms){.identity = scene->identity,
                                        .index = scene->index,
                                        .journeys = scene->journeys};
    assert_ok(journeys_view(ctx, scene->journeys, scene->journey, 0, 0, &scene->view));
    scene->world = (struct world){
        .map = &scene->view.newest->map,
        .where = scene->view.newest->where,
        .when = scene->view.newest->when,
        .within_ms = scene->view.newest->within_ms,
        .now_ms = BEGIN_MS + 9 * DAY_MS,
    };
    assert_ok(zone_find(ctx, STR("Asia/Ho_Chi_Minh"), &scene->world.zone));
    ctx->now_ms = scene->world.now_ms;
}

static void close_scene(struct scene *scene)
{
    journeys_forget(scene->journeys);
    index_close(scene->index);
    identity_free(scene->identity);
    ctx_reset(&scene->ctx);
}

/* Questions. */

static const char *const leaves[] = {
    "{\"field\":\"kind\",\"is\":[\"pay\",\"cart\"]}",
    "{\"field\":\"kind\",\"is_not\":[\"page\"]}",
    "{\"field\":\"kind\",\"contains\":\"pa\"}",
    "{\"field\":\"channel\",\"exists\":false}",
    "{\"field\":\"channel\",\"is\":[null,\"web\"]}",
    "{\"field\":\"place\",\"is\":[\"Hà Nội\"]}",
    "{\"field\":\"place\",\"gt\":\"H\"}",
    "{\"field\":\"touchpoint\",\"is\":[\"pay\",null]}",
    "{\"field\":\"stage\",\"is_not\":[\"a\"]}",
    "{\"field\":\"score\",\"gte\":7,\"lt\":10}",
    "{\"field\":\"score\",\"exists\":true}",
    "{\"field\":\"text\",\"exists\":true}",
    "{\"field\":\"text\",\"exists\":false}",
    "{\"field\":\"score\",\"is\":[0,9,10]}",
    "{\"field\":\"amount\",\"gt\":0}",
    "{\"field\":\"amount\",\"lte\":500}",
    "{\"field\":\"currency\",\"is\":[\"USD\"]}",
    "{\"field\":\"prop:v\",\"gt\":1}",
    "{\"field\":\"prop:v\",\"is\":[2,\"x\"]}",
    "{\"field\":\"prop:v\",\"exists\":true}",
    "{\"field\":\"prop:none\",\"exists\":false}",
    "{\"did\":{\"field\":\"kind\",\"is\":[\"pay\"]},\"at_least\":2}",
    "{\"did\":{\"field\":\"score\",\"lte\":6},\"in_last\":\"5d\"}",
    "{\"any\":[{\"field\":\"kind\",\"is\":[\"call\"]},{\"not\":{\"field\":\"place\",\"exists\":true}}]}",
    "{\"not\":{\"any\":[{\"field\":\"kind\",\"is\":[\"page\"]},{\"field\":\"channel\",\"is\":[\"shop\"]}]}}",
    "{\"any\":[]}",
};
static const char *const bys[] = {"kind", "channel", "place", "touchpoint", "stage", "prop:v", "metric"};
static const char *const periods[] = {"hour", "day", "week", "month", "quarter", "year"};

static str random_question(struct scene *scene)
{
    struct dice *dice = &scene->dice;
    struct buf out = buf_in(&scene->ctx.arena);
    i64 kind = dice_below(dice, 4);
    buf_format(&out, "{\"ask\":\"%s\"", kind == 0 ? "score" : kind < 3 ? "count" : "adherence");
    if (dice_below(dice, 2) == 0) {
        buf_format(&out, ",\"from\":\"2026-01-0%lld\"", (long long)dice_below(dice, 4) + 1);
    }
    if (dice_below(dice, 2) == 0) {
        buf_format(&out, ",\"to\":\"2026-01-0%lldT1%lld:00\"", (long long)dice_below(dice, 5) + 4,
                   (long long)dice_below(dice, 3));
    }
    i64 conditions = dice_below(dice, 3);
    buf_add(&out, STR(",\"where\":["));
    for (i64 i = 0; i < conditions; i++) {
        buf_format(&out, "%s%s", i > 0 ? "," : "", leaves[dice_below(dice, countof(leaves))]);
    }
    buf_char(&out, ']');
    if (kind < 3) {
        i64 first = dice_below(dice, countof(bys)), second = dice_below(dice, countof(bys));
        i64 count = dice_below(dice, first == second ? 2 : 3);
        buf_add(&out, STR(",\"by\":["));
        if (count > 0) {
            buf_format(&out, "\"%s\"", bys[first]);
        }
        if (count > 1) {
            buf_format(&out, ",\"%s\"", bys[second]);
        }
        buf_char(&out, ']');
        if (dice_below(dice, 3) == 0) {
            buf_format(&out, ",\"every\":\"%s\"", periods[dice_below(dice, countof(periods))]);
        }
    }
    if (kind == 0) {
        buf_add(&out, STR(",\"metric\":\"nps\""));
    } else if (kind < 3) {
        static const char *const of[] = {"", ",\"of\":\"amount\"", ",\"of\":[\"events\",\"amount\"]",
                                         ",\"of\":\"people\""};
        buf_add(&out, str_from(of[dice_below(dice, countof(of))]));
    }
    buf_char(&out, '}');
    return buf_str(&out);
}

static void compare(struct scene *scene, i64 *rows)
{
    struct ctx *ctx = &scene->ctx;
    str text = random_question(scene), answer;
    struct question_defaults defaults = {scene->world.zone, 30};
    struct question question;
    struct json object;
    assert_ok(json_parse(ctx, json_reader_here(), text, &object));
    err code = question_read(ctx, object, &defaults, &question);
    if (code != OK) {
        print_error("%.*s: %s\n", STR_ARG(text), ctx->fault.key);
    }
    assert_ok(code);
    assert_ok(ask_answer(ctx, &scene->rooms, &(struct sight){0}, &question, &answer));
    str should = reference_answer(&ctx->arena, &scene->world, &question);
    str is = reference_lines(ctx, &question, answer);
    *rows += is.len > 0;
    if (!str_eq(is, should)) {
        print_error("question %.*s\nengine\n%.*sreference\n%.*s", STR_ARG(text), STR_ARG(is), STR_ARG(should));
        fail();
    }
}

TEST(the_engine_answers_as_the_slow_reference_does)
{
    struct scene scene = {0};
    struct ctx *ctx = &scene.ctx;
    struct store_options options = {.folder = str_from(test_folder())};
    assert_ok(store_open(ctx, &options, &scene.store));
    assert_ok(journeys_open(ctx, scene.store, &scene.journeys));
    struct journey_map map = {0};
    assert_ok(journeys_create(ctx, scene.journeys, &(struct journey_new){.name = STR("M"), .by = STR("test")},
                              &scene.journey));
    assert_ok(shape_parse(ctx, &journey_map_shape, STR(map_text), &map, NULL));
    assert_ok(journeys_put_draft(ctx, scene.journeys, scene.journey, &map, STR_NONE));
    assert_ok(journeys_publish(ctx, scene.journeys, scene.journey, 0, STR("test")));
    i64 rows = 0;
    for (u64 round = 0; round < ROUNDS; round++) {
        open_scene(&scene, 4242 + round);
        live(&scene);
        remove_some(&scene);
        join_some(&scene);
        reference_derive(&scene.world);
        for (i64 i = 0; i < QUESTIONS; i++) {
            compare(&scene, &rows);
        }
        close_scene(&scene);
    }
    assert_true(rows > ROUNDS * QUESTIONS * 6 / 10); // most answers are not empty
    journeys_close(scene.journeys);
    store_close(scene.store);
    ctx_end(ctx);
}
