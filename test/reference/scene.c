/* Worlds that are drawn, and told to the engine as they grow: ties, repeats, late arrivals, events of nobody, people who
 * turn out to be one and are separated again, events that are deleted. */
#include "scene.h"

#include "base/workers.h"
#include "journey/kept.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const kinds[] = {"page", "cart", "pay", "paid", "call", "page", "cart"};
static const char *const channels[] = {"web", "shop", "app", "web", ""};
static const char *const places[] = {"Hà Nội", "Đà Nẵng", "Huế", ""};
static const char *const sources[] = {"site", "till"};
static const char *const declared[] = {"counter", "", "", ""};
static const char *const plans[] = {"free", "pro", ""};
static const char *const zones[] = {"Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"};
static const char *const tiers[] = {"gold", "silver", ""};
static const char *const ages[] = {"20", "31", "45.5", ""};

str pick_text(struct dice *dice, const char *const *texts, i64 count)
{
    str text = str_from(texts[dice_below(dice, count)]);
    return text.len == 0 ? STR_NONE : text;
}

/* Aliases. Their ids are as large as those of a server. */
#define ALIAS_FIRST 455000000000000000LL

static i64 alias_put(struct scene *scene, i64 number)
{
    static const char *const words[] = {"user:U", "anon:A", "email:ai@b.vn", "anon:B"};
    struct world *world = &scene->world;
    str text = str_format(&scene->ctx.arena, "%s%lld", words[number % 4], (long long)number);
    for (i64 i = 0; i < world->alias_count; i++) {
        if (str_eq(world->aliases[i].text, text)) {
            return i;
        }
    }
    struct known_alias *alias = &world->aliases[world->alias_count];
    *alias = (struct known_alias){.text = text, .id = ALIAS_FIRST + 7 * world->alias_count, .user = number % 4 == 0};
    alias->traits[TRAIT_TIER] = PICK(&scene->dice, tiers);
    alias->traits[TRAIT_AGE] = PICK(&scene->dice, ages);
    identity_lock_write(scene->identity);
    (void)identity_put(scene->identity, text, alias->id);
    identity_unlock(scene->identity);
    return world->alias_count++;
}

static void link_some(struct scene *scene)
{
    struct world *world = &scene->world;
    struct dice *dice = &scene->dice;
    if (world->alias_count < 2 || world->link_count == LINKS_MOST) {
        return;
    }
    struct known_link link = {.a = dice_below(dice, world->alias_count), .b = dice_below(dice, world->alias_count)};
    link.at_ms = WORLD_BEGIN_MS + dice_below(dice, 1000);
    link.event = world->link_count + 1;
    bool users = world->aliases[link.a].user && world->aliases[link.b].user;
    link.kind = users ? (dice_below(dice, 2) == 0 ? LINK_SAME_USER : LINK_SEEN_TOGETHER)
                      : (enum link_kind[]){LINK_SEEN_TOGETHER, LINK_VERIFIED, LINK_CLAIM}[dice_below(dice, 3)];
    for (i64 i = 0; i < world->link_count; i++) {
        const struct known_link *old = &world->links[i];
        bool same = (old->a == link.a && old->b == link.b) || (old->a == link.b && old->b == link.a);
        if (link.a == link.b || (same && old->kind == link.kind)) {
            return; // the same evidence twice is the business of identity's own tests
        }
    }
    world->links[world->link_count++] = link;
    identity_lock_write(scene->identity);
    (void)identity_link(scene->identity,
                        &(struct link){(alias_no)link.a + 1, (alias_no)link.b + 1, link.at_ms, link.event, link.kind});
    identity_unlock(scene->identity);
}

static void unlink_some(struct scene *scene)
{
    struct world *world = &scene->world;
    if (world->link_count > 0) {
        struct known_link *link = &world->links[dice_below(&scene->dice, world->link_count)];
        link->gone = true;
        identity_lock_write(scene->identity);
        identity_unlink(scene->identity, link->event);
        identity_unlock(scene->identity);
    }
}

/* Events. */

/* Moments are drawn near each other, so that there are stories: most are after the person's last one. */
static i64 moment(struct scene *scene, i64 alias)
{
    struct dice *dice = &scene->dice;
    const struct world *world = &scene->world;
    i64 at_ms = WORLD_BEGIN_MS + dice_below(dice, scene->span_ms / scene->grain_ms) * scene->grain_ms;
    for (i64 i = world->event_count - 1; i >= 0 && dice_below(dice, 8) != 0; i--) {
        if (world->events[i].alias == alias && !world->events[i].gone) {
            at_ms = world->events[i].event.at_ms + dice_below(dice, 12) * scene->grain_ms;
            break;
        }
    }
    return at_ms;
}

/* What came after what, more often than not. */
static str next_kind(struct scene *scene, i64 alias)
{
    static const char *const order[] = {"page", "cart", "pay", "paid"};
    const struct world *world = &scene->world;
    for (i64 i = world->event_count - 1; i >= 0 && dice_below(&scene->dice, 2) == 0; i--) {
        for (i64 k = 0; world->events[i].alias == alias && k < countof(order) - 1; k++) {
            if (str_eq(world->events[i].event.kind, str_from(order[k]))) {
                return str_from(order[k + 1]);
            }
        }
    }
    return PICK(&scene->dice, kinds);
}

static void draw_props(struct scene *scene, struct told *told)
{
    static const struct {
        const char *json, *text;
    } values[] = {{"1", "1"},     {"2.0", "2"},     {"\"2.0\"", "2.0"}, {"10", "10"},
                  {"\"x\"", "x"}, {"true", "true"}, {"null", NULL},     {"[1]", NULL},
                  {"\"\"", NULL}, {NULL, NULL},     {"-3.25", "-3.25"}, {"\"10\"", "10"}};
    struct dice *dice = &scene->dice;
    struct arena *arena = &scene->ctx.arena;
    struct buf out = buf_in(arena);
    i64 v = dice_below(dice, countof(values)), ticket = dice_below(dice, 10);
    str plan = PICK(dice, plans);
    told->props[PROP_V] = str_from(values[v].text);
    buf_add(&out, STR("{\"other\":1"));
    if (scene->wide && dice_below(dice, 10) != 0) {
        told->props[PROP_V] = str_format(arena, "%lld", (long long)dice_below(dice, 100000));
        buf_format(&out, ",\"v\":%.*s", STR_ARG(told->props[PROP_V]));
    } else if (values[v].json != NULL) {
        buf_format(&out, ",\"v\":%s", values[v].json);
    }
    if (ticket > 1) {
        told->props[PROP_TICKET] = str_format(arena, "T%lld", (long long)ticket);
        buf_format(&out, ",\"ticket\":\"T%lld\"", (long long)ticket);
    }
    if (plan.len > 0) {
        told->props[PROP_PLAN] = plan;
        buf_format(&out, ",\"context\":{\"plan\":\"%.*s\"}", STR_ARG(plan));
    }
    buf_char(&out, '}');
    told->event.props = dice_below(dice, 8) == 0 ? STR_NONE : buf_str(&out);
    if (told->event.props.len == 0) {
        memset(told->props, 0, sizeof told->props);
    }
}

static void draw_answer(struct dice *dice, struct event *event)
{
    static const struct {
        const char *metric, *question, *scale;
        i64 low, high;
    } sorts[] = {{"nps", "recommend", "0-10", 0, 10},  {"nps", "", "0-10", 0, 10},   {"csat", "satisfied", "1-5", 1, 5},
                 {"csat", "satisfied", "1-10", 1, 10}, {"ces", "easy", "1-7", 1, 7}, {"", "recommend", "1-5", 1, 5},
                 {"", "rate", "0-100", 0, 99}};
    i64 sort = dice_below(dice, countof(sorts));
    event->metric = str_from(sorts[sort].metric);
    event->question = str_from(sorts[sort].question);
    event->scale = str_from(sorts[sort].scale);
    i64 score = sorts[sort].low + dice_below(dice, sorts[sort].high - sorts[sort].low + 1);
    f64 fraction = str_eq(event->question, STR("rate")) ? 0.25 * (f64)dice_below(dice, 4) : 0;
    bool skipped = dice_below(dice, 8) == 0;
    event->score = (struct maybe_f64){skipped ? 0 : (f64)score + fraction, !skipped};
}

static void draw_event(struct scene *scene, struct told *told)
{
    struct dice *dice = &scene->dice;
    *told = (struct told){.alias = dice_below(dice, 12) == 0 ? -1
                                                             : alias_put(scene, dice_below(dice, scene->alias_most))};
    scene->received_ms += dice_below(dice, 3) * HOUR_MS;
    struct event *event = &told->event;
    *event = (struct event){
        .at_ms = moment(scene, told->alias),
        .received_ms = scene->received_ms,
        .source = PICK(dice, sources),
        .alias = told->alias < 0 ? STR_NONE : scene->world.aliases[told->alias].text,
        .kind = next_kind(scene, told->alias),
        .channel = PICK(dice, channels),
        .place = PICK(dice, places),
        .touchpoint = PICK(dice, declared),
        .text = dice_below(dice, 4) == 0 ? STR("Tốt") : STR_NONE,
    };
    if (scene->wide && dice_below(dice, 10) != 0) {
        event->source = str_format(&scene->ctx.arena, "source %lld", (long long)dice_below(dice, 100000));
    }
    draw_props(scene, told);
    i64 sort = dice_below(dice, 6);
    if (sort < 2) {
        draw_answer(dice, event);
    } else if (sort == 2) {
        event->amount = (struct maybe_i64){(dice_below(dice, 40) - 4) * 25, true};
        event->currency = dice_below(dice, 3) == 0 ? STR("USD") : STR("VND");
    }
    if (dice_below(dice, 3) == 0) {
        event->message_id = str_format(&scene->ctx.arena, "m%lld", (long long)dice_below(dice, 1000));
    }
}

/* A batch is appended as a sender would; what the log takes for a repeat has not happened. */
static void tell(struct scene *scene, i64 count)
{
    struct ctx ctx = {0};
    struct world *world = &scene->world;
    struct event *items = arena_new(&scene->ctx.arena, struct event, count);
    u8 *outcomes = arena_new(&scene->ctx.arena, u8, count);
    for (i64 i = 0; i < count; i++) {
        draw_event(scene, &world->events[world->event_count + i]);
        items[i] = world->events[world->event_count + i].event;
    }
    sure(&ctx, events_append(&ctx, scene->log, items, count, outcomes), "appending");
    i64 kept = world->event_count;
    for (i64 i = 0; i < count; i++) {
        if (outcomes[i] == EVENT_STORED) {
            world->events[kept] = world->events[world->event_count + i];
            world->events[kept++].event.id = items[i].id;
        }
    }
    world->event_count = kept;
    ctx_end(&ctx);
}

static void delete_some(struct scene *scene)
{
    struct ctx ctx = {0};
    i64 ids[3], count = 1 + dice_below(&scene->dice, 3), deleted;
    for (i64 i = 0; i < count && scene->world.event_count > 0; i++) {
        struct told *told = &scene->world.events[dice_below(&scene->dice, scene->world.event_count)];
        told->gone = true;
        ids[i] = told->event.id;
    }
    if (scene->world.event_count > 0) {
        sure(&ctx, events_delete(&ctx, scene->log, ids, count, &deleted), "deleting");
    }
    ctx_end(&ctx);
}

/* Opens log and index; a log that holds events already is read into the index. */
static void begin(struct scene *scene)
{
    struct dice *dice = &scene->dice;
    struct index_limits limits = {.by_hand = dice_below(dice, 4) != 0};
    if (dice_below(dice, 4) != 0) { // so that few events make many layers
        limits.tail_rows = 2 + dice_below(dice, 30);
        limits.tier_layers = 2 + (i32)dice_below(dice, 3);
        limits.base_rows = 20 + dice_below(dice, 200);
    }
    scene->index = index_open_with(scene->identity, &limits);
    if (scene->keeps) {
        index_keep_in(scene->index, str_from(scene->folder), (const u8[HASH_KEY_LEN]){1});
    }
    scene->follower = index_follower(scene->index);
    struct events_options options = {.folder = str_from(scene->folder),
                                     .followers = &scene->follower,
                                     .follower_count = 1,
                                     .reserve_bytes = -1,
                                     .no_fsync = true};
    sure(&scene->ctx, events_open(&scene->ctx, &options, &scene->log), "opening the log");
    index_attach(scene->index, scene->log);
    scene->rooms.index = scene->index;
    scene->rooms.log = scene->log;
}

static void end(struct scene *scene)
{
    events_close(scene->log);
    journeys_forget(scene->maps->journeys);
    index_close(scene->index);
}

/* What was kept some time ago and what came since then, or everything from the log. */
static void restart(struct scene *scene)
{
    struct ctx ctx = {0};
    if (scene->keeps) {
        sure(&ctx, index_keep(&ctx, scene->index, 0), "keeping the index");
        i64 since = dice_below(&scene->dice, dice_below(&scene->dice, 3) == 0 ? 80 : 4);
        for (; since > 0 && scene->world.event_count < EVENTS_MOST; since--) {
            tell(scene, 1);
        }
        if (dice_below(&scene->dice, 8) == 0) {
            delete_some(scene);
        }
    }
    ctx_end(&ctx);
    end(scene);
    begin(scene);
}

void scene_grow(struct scene *scene, i64 events)
{
    struct world *world = &scene->world;
    i64 target = lesser(world->event_count + events * (scene->wide ? 4 : 1), EVENTS_MOST - 20);
    for (i64 turn = 0; world->event_count < target && turn < 200; turn++) {
        tell(scene, 1 + dice_below(&scene->dice, 12));
        i64 what = dice_below(&scene->dice, 12);
        if (what < 3) {
            link_some(scene);
        } else if (what == 3) {
            unlink_some(scene);
        } else if (what == 4) {
            delete_some(scene);
        } else if (what < 8) {
            static const enum index_force forces[] = {FORCE_SEAL, FORCE_SEAL, FORCE_MERGE, FORCE_BASE};
            index_force(scene->index, forces[dice_below(&scene->dice, countof(forces))]);
        } else if (what == 8 && dice_below(&scene->dice, 4) == 0) {
            index_scrub(scene->index);
        } else if (what == 9 && dice_below(&scene->dice, scene->keeps ? 3 : 8) == 0) {
            restart(scene);
        }
    }
    scene->world.now_ms = WORLD_BEGIN_MS + scene->span_ms + dice_below(&scene->dice, 3) * 2 * DAY_MS;
    if (dice_below(&scene->dice, 4) == 0) {
        scene->world.now_ms = WORLD_BEGIN_MS + dice_below(&scene->dice, scene->span_ms / HOUR_MS) * HOUR_MS;
    }
}

/* Persons as the engine asks for them. */

static err trait_of(void *self, struct ctx *ctx, str name, struct trait_column *out)
{
    struct scene *scene = self;
    i64 trait = 0;
    while (trait < TRAIT_COUNT && !str_eq(name, str_from(trait_names[trait]))) {
        trait++;
    }
    const i64 *persons = world_persons(&ctx->arena, &scene->world);
    out->count = (u32)scene->world.alias_count + 1;
    out->codes = arena_new(&ctx->arena, u32, out->count);
    for (i64 i = 0; i < scene->world.alias_count && trait < TRAIT_COUNT; i++) {
        str value = persons[i] == i ? world_trait(&scene->world, persons, i, trait) : STR_NONE;
        out->codes[i + 1] = value.len == 0 ? 0 : dictionary_find(&scene->trait_texts[trait], value);
    }
    if (trait < TRAIT_COUNT) {
        out->texts = scene->trait_texts[trait];
    }
    return OK;
}

void scene_limit(struct scene *scene, struct arena *arena, struct sight *sight, struct sight_limits *limits)
{
    static const char *const seen_places[] = {"Hà Nội", "Đà Nẵng"}, *const departments[] = {"Sales", "Web", "Care"};
    i64 what = dice_below(&scene->dice, 16);
    if (what == 0 || what == 1) {
        sight->places = (struct str_list){arena_new(arena, str, countof(seen_places)), 1 + what};
        for (i64 i = 0; i < sight->places.count; i++) {
            sight->places.items[i] = limits->places[i] = str_from(seen_places[i]);
        }
        limits->place_count = sight->places.count;
    }
    if (what == 1 || what == 2) {
        i64 first = dice_below(&scene->dice, 2);
        sight->departments = (struct str_list){arena_new(arena, str, 2), 2};
        for (i64 i = 0; i < 2; i++) {
            sight->departments.items[i] = limits->departments[i] = str_from(departments[first + i]);
        }
        limits->department_count = 2;
    }
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
    (void)stat;
    (void)type;
    (void)walk;
    return remove(path);
}

void remove_folder(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Threads for all scenes. */
static struct workers *helpers(void)
{
    static struct workers *workers;
    workers = workers == NULL ? workers_open(3) : workers;
    return workers;
}

/* Few events are cut into pieces and blocks too, for one to three threads; a copy of the dice, so that a world's events do
 * not depend on it. */
static struct scan_limits limits_of(struct dice dice)
{
    return (struct scan_limits){.threads = 1 + dice_below(&dice, 3),
                                .piece_rows = dice_below(&dice, 3) == 0 ? 0 : 1 + dice_below(&dice, 60),
                                .block_rows = dice_below(&dice, 3) == 0 ? 0 : 1 + dice_below(&dice, 60),
                                .times = dice_below(&dice, 2) == 0 ? 0 : 1 + dice_below(&dice, 30)};
}

void scene_open(struct scene *scene, const struct maps *maps, const char *folder, u64 seed)
{
    struct ctx *ctx = &scene->ctx;
    *scene = (struct scene){.dice = dice_new(seed, 77), .maps = maps, .folder = folder};
    struct arena *arena = &ctx->arena;
    scene->span_ms = (dice_below(&scene->dice, 3) == 0 ? 200 : 12) * DAY_MS;
    scene->grain_ms = scene->span_ms / 12 / (dice_below(&scene->dice, 2) == 0 ? 4 : 24);
    scene->alias_most = 2 + dice_below(&scene->dice, dice_below(&scene->dice, 8) == 0 ? ALIASES_MOST - 2 : 38);
    scene->received_ms = WORLD_BEGIN_MS;
    scene->wide = dice_below(&scene->dice, 8) == 0;
    scene->keeps = dice_below(&scene->dice, 3) == 0;
    for (i64 i = 0; i < countof(tiers); i++) {
        (void)dictionary_put(&scene->trait_texts[TRAIT_TIER], str_from(tiers[i]));
    }
    for (i64 i = 0; i < countof(ages); i++) {
        (void)dictionary_put(&scene->trait_texts[TRAIT_AGE], str_from(ages[i]));
    }
    scene->identity = identity_new();
    scene->rooms = (struct asked_rooms){.identity = scene->identity,
                                        .journeys = maps->journeys,
                                        .persons = {.self = scene, .trait = trait_of},
                                        .workers = helpers(),
                                        .limits = limits_of(scene->dice)};
    begin(scene);
    scene->world = (struct world){
        .events = arena_new(arena, struct told, EVENTS_MOST + 32),
        .aliases = arena_new(arena, struct known_alias, ALIASES_MOST + 1),
        .links = arena_new(arena, struct known_link, LINKS_MOST),
        .versions = maps->versions,
        .version_count = maps->version_count,
        .minimum_n = 1 + dice_below(&scene->dice, 8),
    };
    sure(ctx, zone_find(ctx, PICK(&scene->dice, zones), &scene->world.zone), "a zone");
}

void scene_close(struct scene *scene)
{
    end(scene);
    identity_free(scene->identity);
    for (i64 i = 0; i < TRAIT_COUNT; i++) {
        dictionary_free(&scene->trait_texts[i]);
    }
    ctx_end(&scene->ctx);
}
