/* Questions and maps from outside: read or refused with a place, and what is read runs. */
#include "fuzz.h"

#include "journey/ask.h"

static struct asked_rooms rooms;

static void open_rooms(struct ctx *ctx)
{
    rooms.identity = identity_new();
    rooms.index = index_open(rooms.identity);
    struct event_follower follower = index_follower(rooms.index);
    for (i64 i = 0; i < 40; i++) {
        struct event event = {.id = i + 1, .at_ms = i * 7 % 13 * 3600000, .source = STR("s"), .text = STR("x")};
        event.alias = i % 3 == 0 ? STR("user:1") : i % 3 == 1 ? STR("anon:2") : STR("");
        event.kind = i % 2 == 0 ? STR("page") : STR("Order Completed");
        event.channel = i % 5 == 0 ? STR("web") : STR_NONE;
        event.metric = i % 4 == 0 ? STR("nps") : STR_NONE;
        event.scale = i % 4 == 0 ? STR("0-10") : STR_NONE;
        event.score = (struct maybe_f64){(f64)(i % 11), i % 4 == 0};
        event.amount = (struct maybe_i64){i * 1000, i % 6 == 0};
        event.currency = STR("VND");
        assert(follower.follow(follower.self, ctx, &event, 1) == OK);
    }
    index_attach(rooms.index, NULL);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len)
{
    struct ctx ctx = {0};
    if (rooms.index == NULL) {
        open_rooms(&ctx);
    }
    struct question_defaults defaults = {zone_utc(), 30};
    struct sight sight = {.personal = true};
    struct json object;
    str answer;
    err code = ask_text(&ctx, &rooms, &sight, &defaults, fuzz_str(bytes, len), &answer);
    if (code == OK) {
        assert(json_parse(&ctx, json_reader_here(), answer, &object) == OK);
        assert(json_type(json_get(object, STR("rows"))) == JSON_LIST);
    } else {
        assert(ctx.fault.key != NULL); // nobody is refused without a reason
    }
    ctx_end(&ctx);

    struct journey_map map = {0};
    if (shape_parse(&ctx, &journey_map_shape, fuzz_str(bytes, len), &map, NULL) == OK) {
        code = journey_map_check(&ctx, &map);
        assert(code == OK || ctx.fault.key != NULL);
    }
    ctx_end(&ctx);
    return 0;
}
