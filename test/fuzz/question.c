/* Questions and maps from outside: read or refused with a place; what is read runs over a small fixed history, with a map, to an
 * answer that is JSON; and the question as it was understood, asked again, has the same answer.
 */
#include "fuzz.h"

#include "base/workers.h"
#include "journey/ask.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

enum { EVENTS = 60 };
static const i64 HOUR_MS = 3600000, NOW_MS = 200 * 3600000LL;

static struct asked_rooms rooms;
static char folder[] = "/tmp/cham-fuzz-XXXXXX";

static const char map_text[] =
    "{\"name\":\"M\",\"stages\":[{\"id\":\"a\",\"name\":\"A\"},{\"id\":\"b\",\"name\":\"B\"}],\"touchpoints\":["
    "{\"id\":\"see\",\"name\":\"See\",\"stage\":\"a\",\"metric\":\"nps\",\"where\":[{\"field\":\"kind\",\"is\":[\"page\"]}],"
    "\"next_act\":{\"name\":\"buy\",\"when\":[{\"field\":\"amount\",\"gt\":0}],\"within\":\"2d\"}},"
    "{\"id\":\"buy\",\"name\":\"Buy\",\"stage\":\"b\",\"where\":[{\"field\":\"kind\",\"contains\":\"Order\"}]}]}";

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
    (void)stat;
    (void)type;
    (void)walk;
    return remove(path);
}

static void remove_folder(void)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void open_journeys(struct ctx *ctx)
{
    struct store *store;
    struct journey_map map = {0};
    i64 id;
    assert(mkdtemp(folder) != NULL);
    atexit(remove_folder);
    ctx->now_ms = HOUR_MS;
    assert(store_open(ctx, &(struct store_options){.folder = str_from(folder), .no_fsync = true}, &store) == OK);
    assert(journeys_open(ctx, store, &rooms.journeys) == OK);
    assert(journeys_create(ctx, rooms.journeys, &(struct journey_new){.name = STR("M"), .by = STR("x")}, &id) == OK);
    assert(shape_parse(ctx, &journey_map_shape, STR(map_text), &map, NULL) == OK);
    assert(journeys_put_draft(ctx, rooms.journeys, id, &map, STR_NONE) == OK);
    assert(journeys_publish(ctx, rooms.journeys, id, INT64_MIN, STR("x")) == OK);
}

static struct event event_at(i64 i)
{
    static const char *const aliases[] = {"user:1", "anon:2", "", "anon:3", "user:4", "anon:5", "email:a@b.vn"};
    static const char *const kinds[] = {"page", "Order Completed", "page", "call"};
    struct event event = {
        .id = i + 1, .at_ms = i * 7 % 13 * HOUR_MS * (i % 3 + 1), .source = STR("s"), .text = STR("x")};
    event.alias = str_from(aliases[i % countof(aliases)]);
    event.kind = str_from(kinds[i % countof(kinds)]);
    event.channel = i % 5 == 0 ? STR("web") : STR_NONE;
    event.metric = i % 4 == 0 ? STR("nps") : STR_NONE;
    event.question = i % 8 == 0 ? STR("q") : STR_NONE;
    event.scale = i % 4 == 0 ? STR("0-10") : STR_NONE;
    event.score = (struct maybe_f64){(f64)(i % 11), i % 4 == 0};
    event.amount = (struct maybe_i64){i * 1000, i % 6 == 0};
    event.currency = STR("VND");
    event.props = i % 3 == 0 ? STR("{\"v\":1,\"t\":\"T1\"}") : STR("{\"v\":\"x\",\"t\":\"T2\"}");
    return event;
}

static void open_rooms(struct ctx *ctx)
{
    static str props[] = {STR("v"), STR("t")};
    open_journeys(ctx);
    rooms.workers = workers_open(1);
    rooms.limits = (struct scan_limits){.threads = 2, .piece_rows = 20, .block_rows = 10};
    rooms.identity = identity_new();
    rooms.index = index_open(rooms.identity);
    index_attach(rooms.index, NULL);
    assert(index_promote(ctx, rooms.index, props, countof(props)) == OK);
    struct event_follower follower = index_follower(rooms.index);
    for (i64 i = 0; i < EVENTS; i++) {
        struct event event = event_at(i);
        assert(follower.follow(follower.self, ctx, &event, 1) == OK);
    }
    identity_lock_write(rooms.identity);
    (void)identity_link(rooms.identity, &(struct link){1, 2, 1, 1, LINK_VERIFIED});
    identity_unlock(rooms.identity);
}

static str text_of(struct ctx *ctx, str answer, const char *member)
{
    struct json object;
    struct json_writer writer = json_writer_in(&ctx->arena);
    assert(json_parse(ctx, json_reader_here(), answer, &object) == OK);
    assert(json_is(json_get(object, str_from(member))));
    json_put_value(&writer, json_get(object, str_from(member)));
    return json_text(&writer);
}

static void ask(str question)
{
    struct ctx ctx = {.now_ms = NOW_MS};
    struct question_defaults defaults = {zone_utc(), 30};
    struct sight sight = {.personal = true};
    str answer, again;
    err code = ask_text(&ctx, &rooms, &sight, &defaults, question, &answer);
    if (code == OK) {
        str rows = text_of(&ctx, answer, "rows");
        assert(rows.data[0] == '[');
        assert(ask_text(&ctx, &rooms, &sight, &defaults, text_of(&ctx, answer, "asked"), &again) == OK);
        assert(str_eq(rows, text_of(&ctx, again, "rows")));
    } else {
        assert(ctx.fault.key != NULL); // nobody is refused without a reason
    }
    ctx_end(&ctx);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len)
{
    struct ctx ctx = {0};
    if (rooms.index == NULL) {
        open_rooms(&ctx);
        ctx_end(&ctx);
        ctx = (struct ctx){0};
    }
    ask(fuzz_str(bytes, len));

    struct journey_map map = {0};
    if (shape_parse(&ctx, &journey_map_shape, fuzz_str(bytes, len), &map, NULL) == OK) {
        err code = journey_map_check(&ctx, &map);
        assert(code == OK || ctx.fault.key != NULL);
    }
    ctx_end(&ctx);
    return 0;
}
