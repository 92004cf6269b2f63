#include "journey/journeys.h"

#include "base/zone.h"
#include "journey/journeys_state.h"

static const struct shape_field version_fields[] = {
    {"version", SHAPE_I64, offsetof(struct journey_version, version)},
    {"published_ms", SHAPE_TIME, offsetof(struct journey_version, published_ms)},
    {"from_ms", SHAPE_TIME, offsetof(struct journey_version, from_ms), .help = "shape.journey_version.from_ms"},
    {"by", SHAPE_STR, offsetof(struct journey_version, by)},
};
const struct shape journey_version_shape = SHAPE("JourneyVersion", struct journey_version, version_fields,
                                                 "shape.journey_version");

static const struct shape_field row_fields[] = {
    {"journey_id", SHAPE_ID, offsetof(struct version_row, journey_id)},
    {"version", SHAPE_I64, offsetof(struct version_row, version)},
    {"map", SHAPE_STR, offsetof(struct version_row, map)},
    {"published_ms", SHAPE_I64, offsetof(struct version_row, published_ms)},
    {"from_ms", SHAPE_I64, offsetof(struct version_row, from_ms)},
    {"published_by", SHAPE_STR, offsetof(struct version_row, published_by)},
};
const struct shape version_row_shape = SHAPE("JourneyVersionRow", struct version_row, row_fields, NULL);

/* Loading. */

static struct journey_loaded *find(const struct journeys *journeys, i64 id)
{
    for (i64 i = 0; i < journeys->count; i++) {
        if (journeys->loaded[i].id == id) {
            return &journeys->loaded[i];
        }
    }
    return NULL;
}

static struct journey_loaded *find_or_add(struct journeys *journeys, i64 id)
{
    struct journey_loaded *found = find(journeys, id);
    if (found == NULL && journeys->count < JOURNEYS_MAX) {
        i64 at = journeys->count++;
        for (; at > 0 && journeys->loaded[at - 1].id > id; at--) {
            journeys->loaded[at] = journeys->loaded[at - 1];
        }
        journeys->loaded[at] = (struct journey_loaded){.id = id};
        found = &journeys->loaded[at];
    }
    return found;
}

/* Conditions were checked when the version was written; here they become trees that stay. */
static err compile_version(struct journey_version *version)
{
    struct arena *arena = &version->ctx.arena;
    i64 count = greater(version->map.touchpoints.count, 1);
    version->where = arena_new(arena, struct condition, count);
    version->when = arena_new(arena, struct condition, count);
    version->within_ms = arena_new(arena, i64, count);
    for (i64 i = 0; i < version->map.touchpoints.count; i++) {
        const struct touchpoint *touchpoint = journey_map_touchpoint(&version->map, i);
        TRY(condition_parse(&version->ctx, touchpoint->where, FIELD_IN_MAP, &version->where[i]));
        if (touchpoint->next_act != NULL) {
            TRY(condition_parse(&version->ctx, touchpoint->next_act->when, FIELD_IN_MAP, &version->when[i]));
            (void)duration_parse(touchpoint->next_act->within, &version->within_ms[i]);
        }
    }
    return OK;
}

static void free_version(struct journey_version *version)
{
    ctx_end(&version->ctx);
    mem_free(version);
}

static void free_loaded(struct journey_loaded *loaded, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        for (i64 k = 0; k < loaded[i].version_count; k++) {
            free_version(loaded[i].versions[k]);
        }
        mem_free(loaded[i].versions);
    }
    mem_free(loaded);
}

err journeys_load(struct ctx *ctx, struct journeys *journeys, const struct version_row *row)
{
    struct journey_version *version = mem_new(sizeof *version);
    version->version = row->version;
    version->published_ms = row->published_ms;
    version->from_ms = row->from_ms;
    version->by = str_copy(&version->ctx.arena, row->published_by);
    err code = shape_parse(&version->ctx, &journey_map_shape, row->map, &version->map, NULL);
    if (code == OK) {
        code = compile_version(version);
    }
    pthread_mutex_lock(&journeys->lock);
    struct journey_loaded *loaded = code == OK ? find_or_add(journeys, row->journey_id) : NULL;
    bool fits = loaded != NULL && row->version == loaded->version_count + 1 && row->version <= VERSIONS_MAX;
    if (fits) {
        loaded->versions = mem_resize(loaded->versions,
                                      (loaded->version_count + 1) * (i64)sizeof(struct journey_version *));
        loaded->versions[loaded->version_count++] = version;
    }
    pthread_mutex_unlock(&journeys->lock);
    if (!fits) {
        free_version(version);
        return FAIL(ctx, ERR_CORRUPT, "", "error.map.stored");
    }
    return OK;
}

static err load_row(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct version_row version = {0};
    TRY(row_read(ctx, row, &version_row_shape, &version));
    return journeys_load(ctx, self, &version);
}

err journeys_open(struct ctx *ctx, struct store *store, struct journeys **out)
{
    struct journeys *journeys = mem_new(sizeof *journeys);
    journeys->store = store;
    journeys->loaded = mem_new(JOURNEYS_MAX * (i64)sizeof(struct journey_loaded));
    pthread_mutex_init(&journeys->lock, NULL);
    pthread_mutex_init(&journeys->following, NULL);
    err code = store_each(ctx, store, SQL_JOURNEY_VERSIONS_ALL, ARGS_NONE, load_row, journeys);
    if (code != OK) {
        journeys_close(journeys);
        return code;
    }
    *out = journeys;
    return OK;
}

void journeys_close(struct journeys *journeys)
{
    if (journeys == NULL) {
        return;
    }
    journeys_drop_derived(journeys);
    free_loaded(journeys->loaded, journeys->count);
    free_loaded(journeys->gone, journeys->gone_count);
    pthread_mutex_destroy(&journeys->lock);
    pthread_mutex_destroy(&journeys->following);
    mem_free(journeys);
}

static err clear(struct ctx *ctx, struct store *store, [[maybe_unused]] void *arg)
{
    TRY(store_run(ctx, store, SQL_JOURNEY_CLEAR_VERSIONS, ARGS_NONE, NULL));
    return store_run(ctx, store, SQL_JOURNEY_CLEAR, ARGS_NONE, NULL);
}

void journeys_put_aside(struct journeys *journeys)
{
    pthread_mutex_lock(&journeys->lock);
    journeys_drop_derived(journeys);
    // A question may still be looking at a version: they stay until the room closes.
    i64 count = journeys->gone_count + journeys->count;
    journeys->gone = mem_resize(journeys->gone, greater(count, 1) * (i64)sizeof(struct journey_loaded));
    memcpy(journeys->gone + journeys->gone_count, journeys->loaded,
           (size_t)journeys->count * sizeof(struct journey_loaded));
    journeys->gone_count = count;
    journeys->count = 0;
    pthread_mutex_unlock(&journeys->lock);
}

err journeys_clear(struct ctx *ctx, struct journeys *journeys)
{
    TRY(store_write(ctx, journeys->store, clear, NULL));
    if (store_shared(journeys->store)) {
        return journeys_catch_up(ctx, journeys);
    }
    journeys_put_aside(journeys);
    return OK;
}

const struct journey_version *journeys_newest(struct journeys *journeys, i64 id)
{
    pthread_mutex_lock(&journeys->lock);
    const struct journey_loaded *loaded = find(journeys, id);
    const struct journey_version *newest = loaded == NULL || loaded->version_count == 0
                                               ? NULL
                                               : loaded->versions[loaded->version_count - 1];
    pthread_mutex_unlock(&journeys->lock);
    return newest;
}

err journeys_versions(struct ctx *ctx, struct journeys *journeys, i64 id, struct shape_list *out)
{
    TRY(journeys_catch_up(ctx, journeys));
    pthread_mutex_lock(&journeys->lock);
    const struct journey_loaded *loaded = find(journeys, id);
    i64 count = loaded == NULL ? 0 : loaded->version_count;
    struct journey_version *items = arena_new(&ctx->arena, struct journey_version, greater(count, 1));
    for (i64 i = 0; i < count; i++) {
        items[i] = *loaded->versions[count - 1 - i];
        items[i].from_ms = items[i].from_ms == INT64_MIN ? 0 : items[i].from_ms;
    }
    pthread_mutex_unlock(&journeys->lock);
    *out = (struct shape_list){items, count};
    return OK;
}

err journeys_published(struct ctx *ctx, struct journeys *journeys, struct id_list *out)
{
    TRY(journeys_catch_up(ctx, journeys));
    pthread_mutex_lock(&journeys->lock);
    i64 *ids = arena_new(&ctx->arena, i64, greater(journeys->count, 1));
    for (i64 i = 0; i < journeys->count; i++) {
        ids[i] = journeys->loaded[i].id;
    }
    *out = (struct id_list){ids, journeys->count};
    pthread_mutex_unlock(&journeys->lock);
    return OK;
}

/* Views. */

/* Versions that decide for some moment: from the newest back, each that reaches further into the past. */
static void take_versions(struct ctx *ctx, const struct journey_loaded *loaded, struct journey_view *view)
{
    i64 known = loaded->version_count;
    while (view->as_of_ms != 0 && known > 0 && loaded->versions[known - 1]->published_ms > view->as_of_ms) {
        known--;
    }
    view->taking = arena_new(&ctx->arena, const struct journey_version *, greater(known, 1));
    view->from_ms = arena_new(&ctx->arena, i64, greater(known, 1));
    i64 reach = INT64_MAX;
    for (i64 i = known - 1; i >= 0; i--) {
        const struct journey_version *version = loaded->versions[i];
        if (view->newest == NULL || version->from_ms < reach) {
            view->newest = view->newest == NULL ? version : view->newest;
            view->taking[view->count++] = version;
            reach = version->from_ms;
        }
    }
    for (i64 low = 0, high = view->count - 1; low < high; low++, high--) {
        const struct journey_version *swap = view->taking[low];
        view->taking[low] = view->taking[high];
        view->taking[high] = swap;
    }
    for (i64 i = 0; i < view->count; i++) {
        view->from_ms[i] = i == 0 ? INT64_MIN : view->taking[i]->from_ms;
    }
}

static err view_of(struct ctx *ctx, const struct journey_loaded *loaded, struct journey_view *view)
{
    view->id = loaded->id;
    if (view->version == 0) {
        take_versions(ctx, loaded, view);
        return OK;
    }
    if (view->version < 1 || view->version > loaded->version_count) {
        return FAIL(ctx, ERR_INVALID, "version", "error.ask.version",
                    {"most", str_format(&ctx->arena, "%lld", (long long)loaded->version_count)});
    }
    view->taking = arena_new(&ctx->arena, const struct journey_version *, 1);
    view->from_ms = arena_new(&ctx->arena, i64, 1);
    view->taking[0] = view->newest = loaded->versions[view->version - 1];
    view->from_ms[0] = INT64_MIN;
    view->count = 1;
    return OK;
}

err journeys_view(struct ctx *ctx, struct journeys *journeys, i64 id, i64 version, i64 as_of_ms,
                  struct journey_view *out)
{
    *out = (struct journey_view){.id = id, .version = version, .as_of_ms = as_of_ms};
    TRY(journeys_catch_up(ctx, journeys));
    pthread_mutex_lock(&journeys->lock);
    const struct journey_loaded *loaded = id == 0 ? (journeys->count > 0 ? &journeys->loaded[0] : NULL)
                                                  : find(journeys, id);
    err code = OK;
    if (loaded != NULL) {
        code = view_of(ctx, loaded, out);
    } else if (id != 0) {
        code = FAIL(ctx, ERR_INVALID, "journey", "error.ask.journey");
    }
    pthread_mutex_unlock(&journeys->lock);
    return code;
}

void journeys_props(const struct journey_view *view, struct names *names)
{
    for (i64 i = 0; i < view->count; i++) {
        const struct journey_version *version = view->taking[i];
        for (i64 k = 0; k < version->map.touchpoints.count; k++) {
            condition_names(&version->where[k], FIELD_PROP, names);
            condition_names(&version->when[k], FIELD_PROP, names);
        }
    }
}
