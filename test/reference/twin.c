#include "twin.h"

#include "compare.h"
#include "journey/catalogue.h"
#include "journey/findings.h"
#include "journey/profile.h"
#include "journey/suggest.h"

enum { PAGES_MOST = 4, PROFILES_MOST = 12 };

/* One thing asked of one engine; its text is in the context's arena. */
struct twin {
    struct ctx *ctx;
    struct scene *scene;
    const struct asked_rooms *rooms;
    const struct sight *sight;
    struct json asked;      /* as it was drawn */
    struct question *about; /* time, conditions, journey of what was asked, in the form of POST /rows */
};

/* Only what bounds the events. */
static struct question bounds_of(struct twin *twin)
{
    static const char *const names[] = {"from", "to", "where", "journey", "version"};
    struct question_defaults defaults = {twin->scene->world.zone, twin->scene->world.minimum_n};
    struct json_writer writer = json_writer_in(&twin->ctx->arena);
    struct json_reader *reader = json_reader_open();
    struct json object;
    struct question question;
    json_object(&writer);
    for (i64 i = 0; i < countof(names); i++) {
        struct json value = json_get(twin->asked, str_from(names[i]));
        if (json_is(value)) {
            json_key(&writer, str_from(names[i]));
            json_put_value(&writer, value);
        }
    }
    json_object_end(&writer);
    sure(twin->ctx, json_parse(twin->ctx, reader, json_text(&writer), &object), "reading what bounds the rows");
    sure(twin->ctx, question_read_rows(twin->ctx, object, &defaults, &question), "reading what bounds the rows");
    json_reader_close(reader);
    return question;
}

static void put_list(struct json_writer *writer, const char *name, const struct shape *shape, struct shape_list list)
{
    json_key(writer, str_from(name));
    shape_write_list(writer, shape, list, SHAPE_ALL);
}

/* The events behind it, page by page, and where the next page would begin. */
static void rows(struct twin *twin, struct json_writer *writer)
{
    struct question question = *twin->about;
    question.limit = 3;
    json_key(writer, STR("rows"));
    json_list(writer);
    for (i64 page = 0; page < PAGES_MOST; page++) {
        struct shape_list items;
        str next = STR_NONE;
        sure(twin->ctx, ask_rows(twin->ctx, twin->rooms, twin->sight, &question, &items, &next), "asking for rows");
        shape_write_list(writer, &row_shape, items, SHAPE_ALL);
        json_put_str(writer, next);
        if (!str_is(next) || !cursor_parse(next, &question.after_ms, &question.after_id)) {
            break;
        }
    }
    json_list_end(writer);
}

/* What the index knows of properties still counts removed events until it is scrubbed. */
static bool is_whole(const struct world *world)
{
    bool whole = true;
    for (i64 i = 0; i < world->event_count; i++) {
        whole &= !world->events[i].gone;
    }
    return whole;
}

static void words(struct twin *twin, struct json_writer *writer)
{
    struct catalogue catalogue;
    sure(twin->ctx, catalogue_read(twin->ctx, twin->rooms, twin->sight, twin->about, &catalogue), "the catalogue");
    if (!condition_empty(&twin->about->where) || !is_whole(&twin->scene->world)) {
        // With conditions, which properties are told depends on what was asked before.
        catalogue.props = (struct shape_list){0};
    }
    json_key(writer, STR("catalogue"));
    shape_write(writer, &catalogue_shape, &catalogue, SHAPE_ALL);
}

static void profiles(struct twin *twin, struct json_writer *writer)
{
    const struct world *world = &twin->scene->world;
    const i64 *persons = world_persons(&twin->ctx->arena, world);
    struct id_list ids = {arena_new(&twin->ctx->arena, i64, PROFILES_MOST), 0};
    struct profile *found;
    for (i64 i = 0; i < world->alias_count && ids.count < PROFILES_MOST; i++) {
        if (persons[i] == i) {
            ids.items[ids.count++] = world->aliases[i].id;
        }
    }
    sure(twin->ctx, profile_read(twin->ctx, twin->rooms, twin->sight, twin->about, &ids, &found), "profiles");
    json_key(writer, STR("profiles"));
    json_list(writer);
    for (i64 i = 0; i < ids.count; i++) {
        json_object(writer);
        json_pair_i64(writer, "id", ids.items[i]);
        json_pair_i64(writer, "first_ms", found[i].first_ms);
        json_pair_i64(writer, "last_ms", found[i].last_ms);
        json_pair_i64(writer, "events", found[i].events);
        json_pair_i64(writer, "orders", found[i].orders);
        put_list(writer, "amounts", &profile_amount_shape, found[i].amounts);
        put_list(writer, "scores", &profile_score_shape, found[i].scores);
        json_object_end(writer);
    }
    json_list_end(writer);
}

static void findings(struct twin *twin, struct json_writer *writer)
{
    struct question question = *twin->about;
    struct shape_list items;
    i64 now_ms = twin->scene->world.now_ms;
    question.to_ms = (struct maybe_i64){question.to_ms.is ? question.to_ms.value : now_ms, true};
    question.from_ms = (struct maybe_i64){
        question.from_ms.is ? question.from_ms.value : question.to_ms.value - twin->scene->span_ms / 2, true};
    sure(twin->ctx, findings_read(twin->ctx, twin->rooms, twin->sight, &question, &items), "findings");
    put_list(writer, "findings", &finding_shape, items);
}

static void unmapped(struct twin *twin, struct json_writer *writer)
{
    struct shape_list items;
    sure(twin->ctx, suggest_unmapped(twin->ctx, twin->rooms, twin->sight, twin->about, LANGUAGE_VI, &items),
         "events on no touchpoint");
    put_list(writer, "unmapped", &unmapped_shape, items);
}

static void (*const more[])(struct twin *twin, struct json_writer *writer) = {rows, words, profiles, findings,
                                                                              unmapped};

static str told(struct twin *twin, const struct asked_rooms *rooms, i64 turn)
{
    struct json_writer writer = json_writer_in(&twin->ctx->arena);
    twin->rooms = rooms;
    json_object(&writer);
    more[turn % countof(more)](twin, &writer);
    json_object_end(&writer);
    return json_text(&writer);
}

static bool same(struct ctx *ctx, str clickhouse, str index, str *at)
{
    static const char *const kept[] = {"rows",     "asked",    "next",     "catalogue",
                                       "profiles", "findings", "unmapped", "as_of"};
    struct json_reader *readers[2] = {json_reader_open(), json_reader_open()};
    struct json a, b;
    bool same = true;
    sure(ctx, json_parse(ctx, readers[0], clickhouse, &a), "reading an answer");
    sure(ctx, json_parse(ctx, readers[1], index, &b), "reading an answer");
    for (i64 i = 0; same && i < countof(kept); i++) {
        struct json x = json_get(a, str_from(kept[i])), y = json_get(b, str_from(kept[i]));
        *at = str_from(kept[i]);
        same = json_is(x) == json_is(y) && (!json_is(x) || same_json(&ctx->arena, x, y, at));
    }
    json_reader_close(readers[0]);
    json_reader_close(readers[1]);
    if (!same) {
        *at = str_format(&ctx->arena, "%.*s\nclickhouse %.*s\nindex      %.*s", STR_ARG(*at), STR_ARG(clickhouse),
                         STR_ARG(index));
    }
    return same;
}

bool twin_same(struct scene *scene, const struct sight *sight, str question, str answer, i64 turn, str *at)
{
    struct ctx ctx = {.now_ms = scene->world.now_ms}; // its memory goes with the differences that it tells
    struct asked_rooms index = scene->rooms;
    struct question_defaults defaults = {scene->world.zone, scene->world.minimum_n};
    struct twin twin = {.ctx = &ctx, .scene = scene, .sight = sight};
    struct json_reader *reader = json_reader_open();
    str other;
    index.index = scene->index;
    index.clickhouse = NULL;
    sure(&ctx, ask_text(&ctx, &index, sight, &defaults, question, &other), "asking the index");
    bool alike = same(&ctx, answer, other, at);
    if (alike) {
        sure(&ctx, json_parse(&ctx, reader, question, &twin.asked), "reading a question");
        struct question about = bounds_of(&twin);
        twin.about = &about;
        alike = same(&ctx, told(&twin, &scene->rooms, turn), told(&twin, &index, turn), at);
    }
    *at = alike ? STR_NONE : str_copy(&scene->ctx.arena, *at);
    json_reader_close(reader);
    ctx_end(&ctx);
    return alike;
}
