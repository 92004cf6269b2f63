#include "journey/saved.h"

#include "base/id.h"
#include "journey/naming.h"
#include "journey/pointer.h"

const char *const saved_periods[] = {"", "7d", "30d", "90d", "12m", "all", NULL};
const char *const saved_views[] = {"chart", "table", NULL};

static const struct shape_field saved_fields[] = {
    {"id", SHAPE_ID, offsetof(struct saved, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct saved, name), .flags = SHAPE_REQUIRED},
    {"description", SHAPE_STR, offsetof(struct saved, description), .flags = SHAPE_REQUIRED},
    {"question", SHAPE_JSON, offsetof(struct saved, question), .flags = SHAPE_REQUIRED, .help = "shape.saved.question"},
    {"period", SHAPE_WORD, offsetof(struct saved, period), .words = saved_periods, .flags = SHAPE_REQUIRED,
     .help = "shape.saved.period"},
    {"shown", SHAPE_WORD, offsetof(struct saved, shown), .words = saved_views, .flags = SHAPE_REQUIRED,
     .help = "shape.saved.shown"},
    {"owner", SHAPE_ID, offsetof(struct saved, owner), .help = "shape.saved.owner"},
    {"by", SHAPE_STR, offsetof(struct saved, by), .flags = SHAPE_REQUIRED, .help = "shape.saved.by"},
    {"may_change", SHAPE_BOOL, offsetof(struct saved, may_change), .flags = SHAPE_REQUIRED,
     .help = "shape.saved.may_change"},
    {"created_ms", SHAPE_TIME, offsetof(struct saved, created_ms), .flags = SHAPE_REQUIRED},
    {"changed_ms", SHAPE_TIME, offsetof(struct saved, changed_ms), .flags = SHAPE_REQUIRED},
};
const struct shape saved_shape = SHAPE("SavedQuestion", struct saved, saved_fields, "shape.saved");

bool saved_may_change(const struct principal *who, i64 owner)
{
    bool own = who->asker == ASKER_USER && owner != 0 && who->id == owner;
    return principal_may(who, RIGHT_EXPLORE_WRITE) && (own || principal_may(who, RIGHT_JOURNEYS_WRITE));
}

/* Only what can be asked is kept, and nothing that names a person as far as can be told: neither whom it is about nor what a
 * condition compares with. */
static err check(struct ctx *ctx, const struct asked_rooms *rooms, const struct question_defaults *defaults, str text)
{
    struct json object;
    struct question question;
    str before = pointer_enter(ctx, STR("question"));
    TRY(json_parse(ctx, json_reader_here(), text, &object));
    TRY(question_read(ctx, object, defaults, &question));
    if (question.person != 0 || str_is(question.person_alias)) {
        return FAIL(ctx, ERR_INVALID, "person", "error.saved.person");
    }
    TRY(naming_refuse(ctx, rooms, object));
    ctx->pointer = before;
    return OK;
}

static err full(struct ctx *ctx, struct store *store, enum statement counting, i64 most)
{
    i64 count = 0;
    TRY(store_number(ctx, store, counting, ARGS_NONE, &count));
    return count < most ? OK
                        : FAIL(ctx, ERR_CONFLICT, NULL, "error.saved.full",
                               {"most", str_format(&ctx->arena, "%lld", (long long)most)});
}

static str name_of(const struct principal *who)
{
    return who->asker == ASKER_USER && str_is(who->user_name) && who->user_name.len > 0 ? who->user_name : who->name;
}

static str text_or_empty(str text)
{
    return str_is(text) ? text : STR("");
}

err saved_add(struct ctx *ctx, struct store *store, const struct asked_rooms *rooms, const struct principal *who,
              const struct question_defaults *defaults, struct saved *saved)
{
    TRY(check(ctx, rooms, defaults, saved->question));
    TRY(full(ctx, store, SQL_SAVED_COUNT, SAVED_MAX));
    saved->id = id_new();
    saved->owner = who->asker == ASKER_USER ? who->id : 0;
    saved->by = name_of(who);
    saved->description = text_or_empty(saved->description);
    saved->created_ms = saved->changed_ms = ctx_now_ms(ctx);
    saved->may_change = saved_may_change(who, saved->owner);
    return store_run(ctx, store, SQL_SAVED_ADD, ARGS_OF(&saved_shape, saved), NULL);
}

/* Conditions on traits are for those who see people: questions from before they were refused, and those that only look whether
 * there is one. */
static bool in_sight(struct ctx *ctx, const struct principal *who, const struct saved *saved)
{
    struct json question;
    if (principal_may(who, RIGHT_PEOPLE_READ)) {
        return true;
    }
    if (json_parse(ctx, json_reader_here(), saved->question, &question) != OK) {
        ctx_forgive(ctx);
        return false;
    }
    return !naming_trait(question);
}

err saved_list(struct ctx *ctx, struct store *store, const struct principal *who, struct shape_list *out)
{
    struct shape_list all;
    TRY(store_all(ctx, store, SQL_SAVED_ROWS, ARGS_NONE, &saved_shape, &all));
    struct saved *items = arena_new(&ctx->arena, struct saved, greater(all.count, 1));
    *out = (struct shape_list){items, 0};
    for (i64 i = 0; i < all.count; i++) {
        const struct saved *saved = &((const struct saved *)all.items)[i];
        if (in_sight(ctx, who, saved)) {
            items[out->count] = *saved;
            items[out->count++].may_change = saved_may_change(who, saved->owner);
        }
    }
    return OK;
}

static err found(struct ctx *ctx, err code)
{
    return code == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found") : code;
}

err saved_get(struct ctx *ctx, struct store *store, const struct principal *who, i64 id, struct saved *out)
{
    *out = (struct saved){0};
    TRY(found(ctx, store_one(ctx, store, SQL_SAVED_ROW, ARGS(ARG_ID("id", id)), &saved_shape, out)));
    if (!in_sight(ctx, who, out)) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    out->may_change = saved_may_change(who, out->owner);
    return OK;
}

static err may(struct ctx *ctx, bool may_change)
{
    return may_change ? OK : FAIL(ctx, ERR_FORBIDDEN, NULL, "error.saved.others");
}

err saved_change(struct ctx *ctx, struct store *store, const struct asked_rooms *rooms, const struct principal *who,
                 const struct question_defaults *defaults, struct saved *saved)
{
    TRY(may(ctx, saved_may_change(who, saved->owner)));
    TRY(check(ctx, rooms, defaults, saved->question));
    saved->changed_ms = ctx_now_ms(ctx);
    return store_run(ctx, store, SQL_SAVED_CHANGE, ARGS_OF(&saved_shape, saved), NULL);
}

err saved_remove(struct ctx *ctx, struct store *store, const struct principal *who, i64 id, struct saved *removed)
{
    TRY(saved_get(ctx, store, who, id, removed));
    TRY(may(ctx, removed->may_change));
    return store_run(ctx, store, SQL_SAVED_REMOVE, ARGS(ARG_ID("id", id)), NULL);
}

/* Dashboards. */

const char *const tile_widths[] = {"half", "full", NULL};

static const struct shape_field tile_fields[] = {
    {"question", SHAPE_ID, offsetof(struct tile, question), .flags = SHAPE_REQUIRED, .help = "shape.tile.question"},
    {"width", SHAPE_WORD, offsetof(struct tile, width), .words = tile_widths, .flags = SHAPE_REQUIRED,
     .help = "shape.tile.width"},
};
const struct shape tile_shape = SHAPE("Tile", struct tile, tile_fields, "shape.tile");

static const struct shape_field dashboard_fields[] = {
    {"id", SHAPE_ID, offsetof(struct dashboard, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct dashboard, name), .flags = SHAPE_REQUIRED},
    {"description", SHAPE_STR, offsetof(struct dashboard, description), .flags = SHAPE_REQUIRED},
    {"tiles", SHAPE_LIST, offsetof(struct dashboard, tiles), .of = &tile_shape, .flags = SHAPE_REQUIRED,
     .help = "shape.dashboard.tiles"},
    {"owner", SHAPE_ID, offsetof(struct dashboard, owner), .help = "shape.saved.owner"},
    {"by", SHAPE_STR, offsetof(struct dashboard, by), .flags = SHAPE_REQUIRED, .help = "shape.saved.by"},
    {"may_change", SHAPE_BOOL, offsetof(struct dashboard, may_change), .flags = SHAPE_REQUIRED,
     .help = "shape.saved.may_change"},
    {"created_ms", SHAPE_TIME, offsetof(struct dashboard, created_ms), .flags = SHAPE_REQUIRED},
    {"changed_ms", SHAPE_TIME, offsetof(struct dashboard, changed_ms), .flags = SHAPE_REQUIRED},
};
const struct shape dashboard_shape = SHAPE("Dashboard", struct dashboard, dashboard_fields, "shape.dashboard");

struct tile_row {
    i64 dashboard;
    struct tile tile;
};
static const struct shape_field tile_row_fields[] = {
    {"dashboard", SHAPE_ID, offsetof(struct tile_row, dashboard)},
    {"question", SHAPE_ID, offsetof(struct tile_row, tile.question)},
    {"width", SHAPE_WORD, offsetof(struct tile_row, tile.width), .words = tile_widths},
};
static const struct shape tile_row_shape = SHAPE("TileRow", struct tile_row, tile_row_fields, NULL);

/* The rows are ordered by dashboard: each takes its own stretch of them. */
static struct shape_list tiles_of(struct ctx *ctx, const struct shape_list *rows, i64 dashboard)
{
    struct tile *tiles = arena_new(&ctx->arena, struct tile, greater(rows->count, 1));
    i64 count = 0;
    for (i64 i = 0; i < rows->count; i++) {
        const struct tile_row *row = &((const struct tile_row *)rows->items)[i];
        if (row->dashboard == dashboard) {
            tiles[count++] = row->tile;
        }
    }
    return (struct shape_list){tiles, count};
}

static err put_tiles(struct ctx *ctx, struct store *store, const struct dashboard *dashboard)
{
    TRY(store_run(ctx, store, SQL_TILE_CLEAR, ARGS(ARG_ID("dashboard", dashboard->id)), NULL));
    for (i64 i = 0; i < dashboard->tiles.count; i++) {
        const struct tile *tile = &((const struct tile *)dashboard->tiles.items)[i];
        err code = store_run(ctx, store, SQL_TILE_ADD,
                             ARGS_OF(&tile_shape, tile, ARG_ID("dashboard", dashboard->id), ARG_I64("place", i)), NULL);
        if (code == ERR_CONFLICT) {
            pointer_enter(ctx, STR("tiles"));
            pointer_enter_index(ctx, i);
            return FAIL(ctx, ERR_INVALID, "question", "error.saved.tile");
        }
        TRY(code);
    }
    return OK;
}

/* The tiles whose questions the reader may read. */
static err tiles_in_sight(struct ctx *ctx, struct store *store, const struct principal *who, struct shape_list *out)
{
    struct shape_list all, questions;
    TRY(store_all(ctx, store, SQL_TILE_ROWS, ARGS_NONE, &tile_row_shape, &all));
    if (principal_may(who, RIGHT_PEOPLE_READ)) {
        *out = all;
        return OK;
    }
    TRY(saved_list(ctx, store, who, &questions));
    struct tile_row *rows = arena_new(&ctx->arena, struct tile_row, greater(all.count, 1));
    *out = (struct shape_list){rows, 0};
    for (i64 i = 0; i < all.count; i++) {
        const struct tile_row *row = &((const struct tile_row *)all.items)[i];
        for (i64 k = 0; k < questions.count; k++) {
            if (((const struct saved *)questions.items)[k].id == row->tile.question) {
                rows[out->count++] = *row;
            }
        }
    }
    return OK;
}

err dashboard_add(struct ctx *ctx, struct store *store, const struct principal *who, struct dashboard *dashboard)
{
    TRY(full(ctx, store, SQL_DASHBOARD_COUNT, DASHBOARDS_MAX));
    dashboard->id = id_new();
    dashboard->owner = who->asker == ASKER_USER ? who->id : 0;
    dashboard->by = name_of(who);
    dashboard->description = text_or_empty(dashboard->description);
    dashboard->created_ms = dashboard->changed_ms = ctx_now_ms(ctx);
    dashboard->may_change = saved_may_change(who, dashboard->owner);
    TRY(store_run(ctx, store, SQL_DASHBOARD_ADD, ARGS_OF(&dashboard_shape, dashboard), NULL));
    return put_tiles(ctx, store, dashboard);
}

err dashboard_list(struct ctx *ctx, struct store *store, const struct principal *who, struct shape_list *out)
{
    struct shape_list tiles;
    TRY(store_all(ctx, store, SQL_DASHBOARD_ROWS, ARGS_NONE, &dashboard_shape, out));
    TRY(tiles_in_sight(ctx, store, who, &tiles));
    for (i64 i = 0; i < out->count; i++) {
        struct dashboard *dashboard = &((struct dashboard *)out->items)[i];
        dashboard->tiles = tiles_of(ctx, &tiles, dashboard->id);
        dashboard->may_change = saved_may_change(who, dashboard->owner);
    }
    return OK;
}

err dashboard_get(struct ctx *ctx, struct store *store, const struct principal *who, i64 id, struct dashboard *out)
{
    struct shape_list tiles;
    *out = (struct dashboard){0};
    TRY(found(ctx, store_one(ctx, store, SQL_DASHBOARD_ROW, ARGS(ARG_ID("id", id)), &dashboard_shape, out)));
    TRY(tiles_in_sight(ctx, store, who, &tiles));
    out->tiles = tiles_of(ctx, &tiles, id);
    out->may_change = saved_may_change(who, out->owner);
    return OK;
}

err dashboard_change(struct ctx *ctx, struct store *store, const struct principal *who, struct dashboard *dashboard)
{
    TRY(may(ctx, saved_may_change(who, dashboard->owner)));
    dashboard->changed_ms = ctx_now_ms(ctx);
    TRY(store_run(ctx, store, SQL_DASHBOARD_CHANGE, ARGS_OF(&dashboard_shape, dashboard), NULL));
    return put_tiles(ctx, store, dashboard);
}

err dashboard_remove(struct ctx *ctx, struct store *store, const struct principal *who, i64 id,
                     struct dashboard *removed)
{
    TRY(dashboard_get(ctx, store, who, id, removed));
    TRY(may(ctx, removed->may_change));
    return store_run(ctx, store, SQL_DASHBOARD_REMOVE, ARGS(ARG_ID("id", id)), NULL);
}

err saved_clear(struct ctx *ctx, struct store *store)
{
    TRY(store_run(ctx, store, SQL_EXPLORE_CLEAR_DASHBOARDS, ARGS_NONE, NULL));
    return store_run(ctx, store, SQL_EXPLORE_CLEAR_QUESTIONS, ARGS_NONE, NULL);
}
