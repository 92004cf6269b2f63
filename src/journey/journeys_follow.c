/* Where several processes share the records: what another one has published. */
#include "journey/journeys_state.h"

/* The versions as the records have them. */
struct present {
    struct version_row *items;
    i64 count, capacity;
};

static err keep_row(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct present *present = self;
    i64 size = (i64)sizeof(struct version_row);
    if (present->count == present->capacity) {
        i64 more = greater(16, present->capacity * 2);
        present->items = arena_grow(&ctx->arena, present->items, present->capacity * size, more * size,
                                    _Alignof(struct version_row));
        present->capacity = more;
    }
    struct version_row *item = &present->items[present->count++];
    *item = (struct version_row){0};
    return row_read(ctx, row, &version_row_shape, item);
}

/* A version never changes and is never taken back alone: what is not there any more was cleared with all the others. */
static bool is_there(const struct present *present, i64 journey, const struct journey_version *version)
{
    for (i64 i = 0; i < present->count; i++) {
        const struct version_row *row = &present->items[i];
        if (row->journey_id == journey && row->version == version->version) {
            return row->published_ms == version->published_ms;
        }
    }
    return false;
}

static bool was_cleared(struct journeys *journeys, const struct present *present)
{
    bool cleared = false;
    pthread_mutex_lock(&journeys->lock);
    for (i64 i = 0; i < journeys->count && !cleared; i++) {
        const struct journey_loaded *loaded = &journeys->loaded[i];
        cleared = !is_there(present, loaded->id, loaded->versions[loaded->version_count - 1]);
    }
    pthread_mutex_unlock(&journeys->lock);
    return cleared;
}

static bool is_loaded(struct journeys *journeys, const struct version_row *row)
{
    const struct journey_version *newest = journeys_newest(journeys, row->journey_id);
    return newest != NULL && newest->version >= row->version;
}

static err renew(struct ctx *ctx, struct journeys *journeys)
{
    struct present present = {0};
    TRY(store_each(ctx, journeys->store, SQL_JOURNEY_VERSIONS_ALL, ARGS_NONE, keep_row, &present));
    if (was_cleared(journeys, &present)) {
        journeys_put_aside(journeys);
    }
    for (i64 i = 0; i < present.count; i++) {
        if (!is_loaded(journeys, &present.items[i])) {
            TRY(journeys_load(ctx, journeys, &present.items[i]));
        }
    }
    return OK;
}

err journeys_catch_up(struct ctx *ctx, struct journeys *journeys)
{
    if (!store_shared(journeys->store)) {
        return OK;
    }
    // Reading and taking over are one step: nobody puts an earlier state over a later one.
    pthread_mutex_lock(&journeys->following);
    i64 stamp;
    err code = store_number(ctx, journeys->store, SQL_JOURNEY_STAMP, ARGS_NONE, &stamp);
    if (code == OK && stamp != journeys->stamp) {
        code = renew(ctx, journeys);
        // What is published between the two readings is looked for again.
        journeys->stamp = code == OK ? stamp : -1;
    }
    pthread_mutex_unlock(&journeys->following);
    return code;
}

err journeys_take(struct ctx *ctx, struct journeys *journeys, const struct version_row *row)
{
    return store_shared(journeys->store) ? journeys_catch_up(ctx, journeys) : journeys_load(ctx, journeys, row);
}
