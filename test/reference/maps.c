/* The maps of the worlds: two journeys, the first in three versions that reach back differently far. */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>

enum { STRIDE = 18, WIDE = 4 * STRIDE + 1 };

static const char *const texts[] = {
    // The first version: an empty touchpoint, an act, targets.
    "{\"name\":\"Shop\",\"stages\":[{\"id\":\"a\",\"name\":\"A\"},{\"id\":\"b\",\"name\":\"B\"}],\"touchpoints\":["
    "{\"id\":\"see\",\"name\":\"See\",\"stage\":\"a\",\"department\":\"Web\",\"where\":[{\"field\":\"kind\",\"is\":[\"page\"]},"
    "{\"field\":\"channel\",\"is_not\":[\"shop\"]}],"
    "\"next_act\":{\"name\":\"cart\",\"when\":[{\"field\":\"kind\",\"is\":[\"cart\",\"pay\"]}],\"within\":\"2d\"}},"
    "{\"id\":\"cart\",\"name\":\"Cart\",\"stage\":\"a\",\"department\":\"Web\",\"where\":[{\"field\":\"kind\",\"is\":[\"cart\"]}]},"
    "{\"id\":\"pay\",\"name\":\"Pay\",\"stage\":\"b\",\"department\":\"Sales\",\"metric\":\"nps\","
    "\"required_emotion\":{\"word\":\"calm\",\"metric\":\"nps\",\"at_least\":0},"
    "\"sufficient_emotion\":{\"word\":\"glad\",\"metric\":\"nps\",\"at_least\":20},"
    "\"where\":[{\"field\":\"kind\",\"is\":[\"pay\",\"paid\"]}],"
    "\"next_act\":{\"name\":\"paid\",\"when\":[{\"field\":\"kind\",\"is\":[\"paid\"]}],\"within\":\"36h\"}},"
    "{\"id\":\"later\",\"name\":\"Later\",\"stage\":\"b\",\"where\":[]},"
    "{\"id\":\"help\",\"name\":\"Help\",\"stage\":\"b\",\"department\":\"Care\",\"metric\":\"csat\","
    "\"where\":[{\"any\":[{\"field\":\"kind\",\"is\":[\"call\"]},{\"field\":\"prop:v\",\"gte\":5}]}]}]}",
    // The second: another order, another stage, what the sender declared, one touchpoint gone.
    "{\"name\":\"Shop\",\"stages\":[{\"id\":\"a\",\"name\":\"A\"},{\"id\":\"b\",\"name\":\"B\"}],\"touchpoints\":["
    "{\"id\":\"counter\",\"name\":\"Counter\",\"stage\":\"a\",\"where\":[{\"field\":\"touchpoint\",\"is\":[\"counter\"]}]},"
    "{\"id\":\"see\",\"name\":\"See\",\"stage\":\"a\",\"department\":\"Web\",\"where\":[{\"field\":\"kind\",\"is\":[\"page\"]}],"
    "\"next_act\":{\"name\":\"cart\",\"when\":[{\"field\":\"kind\",\"is\":[\"cart\"]}],\"within\":\"12h\"}},"
    "{\"id\":\"pay\",\"name\":\"Pay\",\"stage\":\"a\",\"department\":\"Sales\",\"metric\":\"nps\","
    "\"where\":[{\"field\":\"kind\",\"is\":[\"pay\",\"paid\"]}],"
    "\"next_act\":{\"name\":\"paid\",\"when\":[{\"field\":\"kind\",\"is\":[\"paid\"]}],\"within\":\"24h\"}},"
    "{\"id\":\"help\",\"name\":\"Help\",\"stage\":\"b\",\"department\":\"Care\",\"metric\":\"csat\","
    "\"where\":[{\"field\":\"kind\",\"is\":[\"call\"]}],"
    "\"next_act\":{\"name\":\"again\",\"when\":[{\"field\":\"kind\",\"is\":[\"call\"]}],\"within\":\"6h\"}}]}",
    // The third, published for some of history too.
    "{\"name\":\"Shop\",\"stages\":[{\"id\":\"b\",\"name\":\"B\"},{\"id\":\"a\",\"name\":\"A\"}],\"touchpoints\":["
    "{\"id\":\"cart\",\"name\":\"Cart\",\"stage\":\"b\",\"department\":\"Sales\","
    "\"where\":[{\"field\":\"kind\",\"is\":[\"cart\"]}],"
    "\"next_act\":{\"name\":\"pay\",\"when\":[{\"field\":\"kind\",\"contains\":\"pa\"}],\"within\":\"1d\"}},"
    "{\"id\":\"see\",\"name\":\"See\",\"stage\":\"a\",\"department\":\"Web\",\"where\":[{\"field\":\"kind\",\"is\":[\"page\"]},"
    "{\"field\":\"channel\",\"exists\":true}],"
    "\"next_act\":{\"name\":\"cart\",\"when\":[{\"field\":\"kind\",\"is\":[\"cart\"]}],\"within\":\"3d\"}},"
    "{\"id\":\"pay\",\"name\":\"Pay\",\"stage\":\"a\",\"department\":\"Sales\",\"metric\":\"nps\","
    "\"required_emotion\":{\"word\":\"calm\",\"metric\":\"nps\",\"at_least\":0},"
    "\"where\":[{\"field\":\"kind\",\"is\":[\"pay\"]}],"
    "\"next_act\":{\"name\":\"paid\",\"when\":[{\"field\":\"kind\",\"is\":[\"paid\"]}],\"within\":\"36h\"}},"
    "{\"id\":\"help\",\"name\":\"Help\",\"stage\":\"b\",\"department\":\"Care\",\"metric\":\"ces\","
    "\"where\":[{\"any\":[{\"field\":\"kind\",\"is\":[\"call\"]},{\"field\":\"score\",\"lte\":3}]}]}]}",
    // Another journey over the same events.
    "{\"name\":\"Care\",\"stages\":[{\"id\":\"x\",\"name\":\"X\"}],\"touchpoints\":["
    "{\"id\":\"talk\",\"name\":\"Talk\",\"stage\":\"x\",\"where\":[{\"field\":\"kind\",\"is\":[\"call\"]}],"
    "\"next_act\":{\"name\":\"buy\",\"when\":[{\"field\":\"amount\",\"gt\":0}],\"within\":\"5d\"}},"
    "{\"id\":\"answer\",\"name\":\"Answer\",\"stage\":\"x\",\"where\":[{\"field\":\"metric\",\"exists\":true}]},"
    "{\"id\":\"buy\",\"name\":\"Buy\",\"stage\":\"x\",\"where\":[{\"field\":\"amount\",\"gt\":0}]}]}",
    NULL, // a wide one
};

static const struct {
    i64 journey, version, published_ms, from_ms;
} published[countof(texts)] = {
    {0, 2, WORLD_BEGIN_MS - 10 * DAY_MS, INT64_MIN},
    {0, 3, WORLD_BEGIN_MS + 5 * DAY_MS, WORLD_BEGIN_MS + 5 * DAY_MS},
    {0, 4, WORLD_BEGIN_MS + 8 * DAY_MS, WORLD_BEGIN_MS + 3 * DAY_MS},
    {1, 2, WORLD_BEGIN_MS - 9 * DAY_MS, INT64_MIN},
    {2, 2, WORLD_BEGIN_MS - 8 * DAY_MS, INT64_MIN},
};

/* More touchpoints than a word has bits: one for each kind, far from each other, between many of nothing. */
static str wide_map(struct arena *arena)
{
    static const char *const kinds[] = {"page", "cart", "pay", "paid", "call"};
    struct buf out = buf_in(arena);
    buf_add(&out, STR("{\"name\":\"Wide\",\"stages\":[{\"id\":\"w\",\"name\":\"W\"}],\"touchpoints\":["));
    for (i64 i = 0; i < WIDE; i++) {
        i64 kind = i / STRIDE;
        buf_format(&out,
                   "%s{\"id\":\"t%lld\",\"name\":\"T\",\"stage\":\"w\",\"where\":[{\"field\":\"kind\",\"is\":\"%s\"}]",
                   i == 0 ? "" : ",", (long long)i, i % STRIDE == 0 ? kinds[kind] : "nothing");
        if (i % STRIDE == 0 && kind % 2 == 1) {
            buf_format(
                &out, ",\"next_act\":{\"name\":\"a\",\"when\":[{\"field\":\"kind\",\"is\":\"%s\"}],\"within\":\"12h\"}",
                kinds[(kind + 1) % countof(kinds)]);
        }
        buf_char(&out, '}');
    }
    buf_add(&out, STR("]}"));
    return buf_str(&out);
}

void sure(struct ctx *ctx, err code, const char *what)
{
    if (code != OK) {
        const struct fault *fault = &ctx->fault;
        fprintf(stderr, "%s failed: %d %s at %.*s\n", what, (int)code, fault->key == NULL ? "-" : fault->key,
                STR_ARG(fault->pointer));
        for (i32 i = 0; i < fault->arg_count; i++) {
            fprintf(stderr, "  %s: %.*s\n", fault->args[i].name, STR_ARG(fault->args[i].value));
        }
        abort();
    }
}

/* The same map in the reference's words. */
static void know(struct maps *maps, i64 at, const struct journey_map *map)
{
    struct arena *arena = &maps->ctx.arena;
    struct known_version *known = &maps->versions[maps->version_count++];
    i64 count = map->touchpoints.count;
    *known = (struct known_version){
        .journey = maps->journey_ids[published[at].journey],
        .version = published[at].version,
        .published_ms = published[at].published_ms,
        .from_ms = published[at].from_ms,
        .map = *map,
        .where = arena_new(arena, struct meaning *, count),
        .when = arena_new(arena, struct meaning *, count),
        .mapped = arena_new(arena, bool, count),
        .within_ms = arena_new(arena, i64, count),
    };
    for (i64 i = 0; i < count; i++) {
        const struct touchpoint *touchpoint = journey_map_touchpoint(map, i);
        known->where[i] = meaning_of_text(arena, touchpoint->where, true);
        known->mapped[i] = known->where[i]->count > 0;
        if (touchpoint->next_act != NULL) {
            known->when[i] = meaning_of_text(arena, touchpoint->next_act->when, true);
            (void)duration_parse(touchpoint->next_act->within, &known->within_ms[i]);
        }
    }
}

void maps_open(struct maps *maps, const char *folder)
{
    struct ctx *ctx = &maps->ctx;
    struct store_options options = {.folder = str_from(folder)};
    sure(ctx, store_open(ctx, &options, &maps->store), "opening the records");
    sure(ctx, journeys_open(ctx, maps->store, &maps->journeys), "opening the journeys");
    maps->versions = arena_new(&ctx->arena, struct known_version, 2 * countof(texts));
    for (i64 i = 0; i < countof(texts); i++) {
        i64 *id = &maps->journey_ids[published[i].journey];
        struct journey_map map = {0};
        str text = texts[i] == NULL ? wide_map(&ctx->arena) : str_from(texts[i]);
        ctx->now_ms = published[i].published_ms;
        if (published[i].version == 2) {
            struct journey_new new = {.name = STR("J"), .by = STR("truth")};
            sure(ctx, journeys_create(ctx, maps->journeys, &new, id), "a journey");
            maps->versions[maps->version_count++] = (struct known_version){// a new journey has an empty map
                                                                           .journey = *id,
                                                                           .version = 1,
                                                                           .published_ms = ctx->now_ms,
                                                                           .from_ms = INT64_MIN};
        }
        sure(ctx, shape_parse(ctx, &journey_map_shape, text, &map, NULL), "reading a map");
        sure(ctx, journeys_put_draft(ctx, maps->journeys, *id, &map, STR_NONE), "drafting a map");
        sure(ctx, journeys_publish(ctx, maps->journeys, *id, published[i].from_ms, STR("truth")), "publishing");
        know(maps, i, &map);
    }
}

void maps_close(struct maps *maps)
{
    journeys_close(maps->journeys);
    store_close(maps->store);
    ctx_end(&maps->ctx);
}
