#include "base/hash.h"
#include "base/id.h"
#include "journey/journeys_state.h"
#include "journey/pointer.h"
#include "text/sentence.h"

static const struct shape_field journey_fields[] = {
    {"id", SHAPE_ID, offsetof(struct journey, id)},
    {"name", SHAPE_STR, offsetof(struct journey, name)},
    {"description", SHAPE_STR, offsetof(struct journey, description)},
    {"version", SHAPE_MAYBE_I64, offsetof(struct journey, version), .help = "shape.journey.version"},
    {"published_ms", SHAPE_TIME, offsetof(struct journey, published_ms)},
    {"draft", SHAPE_BOOL, offsetof(struct journey, draft), .help = "shape.journey.draft"},
    {"etag", SHAPE_STR, offsetof(struct journey, etag), .help = "shape.journey.etag"},
};
const struct shape journey_summary_shape = SHAPE("JourneySummary", struct journey, journey_fields,
                                                 "shape.journey_summary");

static const struct shape_field whole_fields[] = {
    {"id", SHAPE_ID, offsetof(struct journey, id)},
    {"name", SHAPE_STR, offsetof(struct journey, name)},
    {"description", SHAPE_STR, offsetof(struct journey, description)},
    {"version", SHAPE_MAYBE_I64, offsetof(struct journey, version), .help = "shape.journey.version"},
    {"published_ms", SHAPE_TIME, offsetof(struct journey, published_ms)},
    {"draft", SHAPE_BOOL, offsetof(struct journey, draft), .help = "shape.journey.draft"},
    {"etag", SHAPE_STR, offsetof(struct journey, etag), .help = "shape.journey.etag"},
    {"stages", SHAPE_LIST, offsetof(struct journey, stages), .of = &stage_shape},
    {"lanes", SHAPE_LIST, offsetof(struct journey, lanes), .of = &lane_shape},
    {"touchpoints", SHAPE_LIST, offsetof(struct journey, touchpoints), .of = &touchpoint_shape},
};
const struct shape journey_shape = SHAPE("Journey", struct journey, whole_fields, "shape.journey");

struct draft_row {
    i64 id;
    str draft;
};
static const struct shape_field draft_fields[] = {
    {"id", SHAPE_ID, offsetof(struct draft_row, id)},
    {"draft", SHAPE_STR, offsetof(struct draft_row, draft)},
};
static const struct shape draft_shape = SHAPE("JourneyDraftRow", struct draft_row, draft_fields, NULL);

str journeys_text(struct arena *arena, const struct journey_map *map)
{
    struct json_writer writer = json_writer_in(arena);
    shape_write(&writer, &journey_map_shape, map, SHAPE_ALL);
    return json_text(&writer);
}

static str etag_of(struct arena *arena, str text)
{
    struct sha256 digest = sha256(text);
    char *out = arena_alloc(arena, 32, 1);
    return hex(digest.bytes, 16, out);
}

/* Reading. */

static void describe(struct ctx *ctx, i64 id, const struct journey_map *map, str text,
                     const struct journey_version *newest, struct journey *out)
{
    *out = (struct journey){
        .id = id,
        .name = map->name,
        .description = map->description,
        .version = {newest == NULL ? 0 : newest->version, newest != NULL},
        .published_ms = newest == NULL ? 0 : newest->published_ms,
        .etag = etag_of(&ctx->arena, text),
        .stages = map->stages,
        .lanes = map->lanes,
        .touchpoints = map->touchpoints,
    };
}

static err describe_draft(struct ctx *ctx, struct journeys *journeys, const struct draft_row *row, struct journey *out)
{
    struct journey_map map = {0};
    TRY(shape_parse(ctx, &journey_map_shape, row->draft, &map, NULL));
    describe(ctx, row->id, &map, row->draft, journeys_newest(journeys, row->id), out);
    out->draft = true;
    return OK;
}

static void describe_version(struct ctx *ctx, i64 id, const struct journey_version *version, bool draft,
                             struct journey *out)
{
    describe(ctx, id, &version->map, journeys_text(&ctx->arena, &version->map), version, out);
    out->draft = draft;
}

static err find_row(struct ctx *ctx, struct journeys *journeys, i64 id, struct draft_row *row)
{
    *row = (struct draft_row){0};
    err code = store_one(ctx, journeys->store, SQL_JOURNEY_ROW, ARGS(ARG_I64("id", id)), &draft_shape, row);
    return code == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.map.none") : code;
}

err journeys_list(struct ctx *ctx, struct journeys *journeys, struct shape_list *out)
{
    struct shape_list rows;
    TRY(journeys_catch_up(ctx, journeys));
    TRY(store_all(ctx, journeys->store, SQL_JOURNEY_ROWS, ARGS_NONE, &draft_shape, &rows));
    struct journey *items = arena_new(&ctx->arena, struct journey, greater(rows.count, 1));
    for (i64 i = 0; i < rows.count; i++) {
        const struct draft_row *row = &((struct draft_row *)rows.items)[i];
        const struct journey_version *newest = journeys_newest(journeys, row->id);
        if (newest != NULL) {
            describe_version(ctx, row->id, newest, str_is(row->draft), &items[i]);
        } else {
            TRY(describe_draft(ctx, journeys, row, &items[i]));
        }
    }
    *out = (struct shape_list){items, rows.count};
    return OK;
}

err journeys_get(struct ctx *ctx, struct journeys *journeys, i64 id, i64 version, struct journey *out)
{
    struct draft_row row;
    struct journey_view view;
    TRY(journeys_catch_up(ctx, journeys));
    TRY(find_row(ctx, journeys, id, &row));
    const struct journey_version *newest = journeys_newest(journeys, id);
    if (str_is(row.draft) && (version < 0 || newest == NULL)) {
        return describe_draft(ctx, journeys, &row, out);
    }
    if (newest == NULL) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.map.none");
    }
    TRY(journeys_view(ctx, journeys, id, greater(version, 0), 0, &view));
    describe_version(ctx, id, view.newest, str_is(row.draft), out);
    return OK;
}

/* Writing. */

struct change {
    struct journeys *journeys;
    i64 id;
    const struct journey_map *map;
    struct journey_version *of; /* publishing: number, times, by */
    str text, etag, by;
    i64 from_ms;
    struct version_row row;
};

static err put_draft(struct ctx *ctx, struct store *store, void *arg)
{
    struct change *change = arg;
    struct journey present;
    TRY(journeys_get(ctx, change->journeys, change->id, -1, &present));
    if (change->etag.len > 0 && !str_eq(change->etag, present.etag)) {
        return FAIL(ctx, ERR_STALE, NULL, "error.map.stale");
    }
    return store_run(ctx, store, SQL_JOURNEY_DRAFT, ARGS(ARG_I64("id", change->id), ARG_STR("draft", change->text)),
                     NULL);
}

err journeys_put_draft(struct ctx *ctx, struct journeys *journeys, i64 id, const struct journey_map *map, str etag)
{
    TRY(journey_map_check(ctx, map));
    struct change change = {.journeys = journeys, .id = id, .text = journeys_text(&ctx->arena, map), .etag = etag};
    return store_write(ctx, journeys->store, put_draft, &change);
}

/* Writes the next version inside a transaction; it is loaded after the commit. */
static err add_version(struct ctx *ctx, struct store *store, struct change *change)
{
    TRY(journeys_catch_up(ctx, change->journeys));
    const struct journey_version *newest = journeys_newest(change->journeys, change->id);
    bool takes_over = newest == NULL || newest->map.touchpoints.count == 0;
    change->row = (struct version_row){
        .journey_id = change->id,
        .version = newest == NULL ? 1 : newest->version + 1,
        .map = change->text,
        .published_ms = ctx_now_ms(ctx),
        .from_ms = newest == NULL ? INT64_MIN
                   : takes_over   ? newest->from_ms
                                  : change->from_ms,
        .published_by = change->by,
    };
    return store_run(ctx, store, SQL_JOURNEY_PUBLISH, ARGS_OF(&version_row_shape, &change->row), NULL);
}

static err publish_draft(struct ctx *ctx, struct store *store, void *arg)
{
    struct change *change = arg;
    struct draft_row row;
    TRY(find_row(ctx, change->journeys, change->id, &row));
    if (!str_is(row.draft)) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.map.no_draft");
    }
    change->text = row.draft;
    TRY(add_version(ctx, store, change));
    return store_run(ctx, store, SQL_JOURNEY_DRAFT, ARGS(ARG_I64("id", change->id), ARG_NULL("draft")), NULL);
}

err journeys_publish(struct ctx *ctx, struct journeys *journeys, i64 id, i64 from_ms, str by)
{
    struct change change = {.journeys = journeys, .id = id, .from_ms = from_ms, .by = by};
    TRY(store_write(ctx, journeys->store, publish_draft, &change));
    return journeys_take(ctx, journeys, &change.row);
}

/* Adopting. */

static str free_id(struct ctx *ctx, const struct journey_map *map, i64 count, str wanted)
{
    str id = wanted;
    for (i64 number = 2;; number++) {
        i64 i = 0;
        while (i < count && !str_eq(journey_map_touchpoint(map, i)->id, id)) {
            i++;
        }
        if (i == count) {
            return id;
        }
        id = str_format(&ctx->arena, "%.*s-%lld", STR_ARG(utf8_prefix(wanted, 52)), (long long)number);
    }
}

static err append(struct ctx *ctx, const struct journey_map *to, struct shape_list touchpoints, struct journey_map *out)
{
    i64 old = to->touchpoints.count, count = old + touchpoints.count;
    if (count > MAP_TOUCHPOINTS_MAX) {
        return FAIL(ctx, ERR_INVALID, "touchpoints", "error.too_long",
                    {"most", str_format(&ctx->arena, "%d", MAP_TOUCHPOINTS_MAX)});
    }
    *out = *to;
    if (to->stages.count == 0 &&
        touchpoints.count > 0) { // a map that was begun empty gets one stage, called as the journey
        struct stage *stage = arena_new(&ctx->arena, struct stage, 1);
        *stage = (struct stage){.id = ((struct touchpoint *)touchpoints.items)[0].stage, .name = to->name};
        out->stages = (struct shape_list){stage, 1};
    }
    struct touchpoint *items = arena_new(&ctx->arena, struct touchpoint, greater(count, 1));
    out->touchpoints = (struct shape_list){items, count};
    for (i64 i = 0; i < count; i++) {
        items[i] = i < old ? *journey_map_touchpoint(to, i) : ((struct touchpoint *)touchpoints.items)[i - old];
        if (i >= old) {
            items[i].id = free_id(ctx, out, i, items[i].id);
        }
    }
    return OK;
}

/* The newest version with the touchpoints appended: read inside the transaction, so that nobody publishes in between. */
static err lengthen(struct ctx *ctx, struct change *change)
{
    struct journey_map longer;
    TRY(journeys_catch_up(ctx, change->journeys));
    const struct journey_version *newest = journeys_newest(change->journeys, change->id);
    if (newest == NULL) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.map.none");
    }
    TRY(append(ctx, &newest->map, change->map->touchpoints, &longer));
    TRY(journey_map_check(ctx, &longer));
    change->from_ms = newest->from_ms;
    change->text = journeys_text(&ctx->arena, &longer);
    return OK;
}

static err adopt(struct ctx *ctx, struct store *store, void *arg)
{
    struct change *change = arg;
    TRY(lengthen(ctx, change));
    TRY(add_version(ctx, store, change));
    // A draft goes on beside it, with the same touchpoints appended.
    struct draft_row row;
    TRY(find_row(ctx, change->journeys, change->id, &row));
    if (!str_is(row.draft)) {
        return OK;
    }
    struct journey_map draft = {0}, longer;
    TRY(shape_parse(ctx, &journey_map_shape, row.draft, &draft, NULL));
    TRY(append(ctx, &draft, change->map->touchpoints, &longer));
    return store_run(ctx, store, SQL_JOURNEY_DRAFT,
                     ARGS(ARG_I64("id", change->id), ARG_STR("draft", journeys_text(&ctx->arena, &longer))), NULL);
}

err journeys_adopt(struct ctx *ctx, struct journeys *journeys, i64 id, struct shape_list touchpoints, str by)
{
    struct journey_map added = {.touchpoints = touchpoints};
    struct change change = {.journeys = journeys, .id = id, .map = &added, .by = by};
    TRY(store_write(ctx, journeys->store, adopt, &change));
    return journeys_take(ctx, journeys, &change.row);
}

/* Creating. */

static const char *const standard_stages[] = {"communication", "trial",     "sales_support", "purchase",
                                              "care",          "post_sale", "after_sales",   "advocacy"};

static void fill_standard(struct ctx *ctx, enum language language, struct journey_map *map)
{
    struct stage *stages = arena_new(&ctx->arena, struct stage, countof(standard_stages));
    for (i64 i = 0; i < countof(standard_stages); i++) {
        const char *id = standard_stages[i];
        stages[i] = (struct stage){
            .id = str_from(id),
            .name = sentence(language, str_format(&ctx->arena, "journey.stage.%s.name%c", id, 0).data),
            .description = sentence(language, str_format(&ctx->arena, "journey.stage.%s.text%c", id, 0).data),
        };
    }
    map->stages = (struct shape_list){stages, countof(standard_stages)};
}

static err create(struct ctx *ctx, struct store *store, void *arg)
{
    struct change *change = arg;
    TRY(store_run(ctx, store, SQL_JOURNEY_ADD,
                  ARGS(ARG_I64("id", change->id), ARG_NULL("draft"), ARG_I64("created_ms", ctx_now_ms(ctx))), NULL));
    return add_version(ctx, store, change);
}

err journeys_create(struct ctx *ctx, struct journeys *journeys, const struct journey_new *new, i64 *id)
{
    struct journey_map map = {.name = new->name};
    if (new->standard) {
        fill_standard(ctx, (enum language) new->language, &map);
    }
    pthread_mutex_lock(&journeys->lock);
    bool full = journeys->count >= JOURNEYS_MAX;
    pthread_mutex_unlock(&journeys->lock);
    if (full) {
        return FAIL(ctx, ERR_INVALID, "", "error.too_long", {"most", str_format(&ctx->arena, "%d", JOURNEYS_MAX)});
    }
    struct change change = {.journeys = journeys, .id = id_new(), .by = new->by};
    change.text = journeys_text(&ctx->arena, &map);
    *id = change.id;
    TRY(store_write(ctx, journeys->store, create, &change));
    return journeys_take(ctx, journeys, &change.row);
}
