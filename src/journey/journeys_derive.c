#include "journey/journeys_state.h"

#include "journey/index.h"

enum { TOUCH_MAX = 60000 };

/* A derivation that lasts as long as its column. Maps and conditions are the versions' own, which stay as long as the room. */
struct derivation_kept {
    struct arena arena;
    struct derivation derivation;
};

static u32 code_of(struct derivation *derivation, const struct touchpoint *touchpoint, i64 order)
{
    for (u32 code = 1; code <= derivation->count; code++) {
        const struct touch *touch = &derivation->touches[code];
        if (str_eq(touch->id, touchpoint->id) && str_eq(touch->stage, touchpoint->stage) &&
            str_eq(touch->department, touchpoint->department)) {
            return code;
        }
    }
    derivation->touches[++derivation->count] = (struct touch){
        .id = touchpoint->id, .stage = touchpoint->stage, .department = touchpoint->department, .order = order};
    return derivation->count;
}

/* Newest version first, so that a touchpoint's order is that of the newest map that has it. */
void journeys_derivation(struct arena *arena, const struct journey_view *view, struct derivation *out)
{
    i64 most = 1;
    for (i64 i = 0; i < view->count; i++) {
        most += view->taking[i]->map.touchpoints.count;
    }
    struct derive_version *versions = arena_new(arena, struct derive_version, greater(view->count, 1));
    *out = (struct derivation){.touches = arena_new(arena, struct touch, lesser(most, TOUCH_MAX)),
                               .versions = versions,
                               .version_count = view->count};
    for (i64 i = view->count - 1; i >= 0; i--) {
        const struct journey_version *version = view->taking[i];
        i64 touchpoints = version->map.touchpoints.count;
        u16 *codes = arena_new(arena, u16, greater(touchpoints, 1));
        for (i64 k = 0; k < touchpoints && out->count < TOUCH_MAX - 1; k++) {
            codes[k] = (u16)code_of(out, journey_map_touchpoint(&version->map, k), k);
        }
        versions[i] = (struct derive_version){&version->map, version->where, codes, view->from_ms[i]};
    }
}

static struct derivation_kept *derivation_new(const struct journey_view *view)
{
    struct derivation_kept *kept = mem_new(sizeof *kept);
    journeys_derivation(&kept->arena, view, &kept->derivation);
    return kept;
}

static err fill(void *self, struct ctx *ctx, struct view *view, i32 layer, struct column *out)
{
    const struct derivation *derivation = &((const struct derivation_kept *)self)->derivation;
    return derive_layer(ctx, view, layer, derivation->versions, derivation->version_count, out);
}

static void free_derivation(void *self)
{
    struct derivation_kept *kept = self;
    arena_free(&kept->arena);
    mem_free(kept);
}

static struct attachment *attachment_of(const struct journey_view *view)
{
    struct attachment *column = attachment_new();
    column->fill = fill;
    column->free = free_derivation;
    column->self = derivation_new(view);
    column->private = view->as_of_ms != 0 || view->alone; // seldom asked: made for this question alone
    return column;
}

/* The place kept for a view: its own, a free one, or that which was not used for longest. */
static struct derived_kept *place_of(struct journeys *journeys, const struct journey_view *view)
{
    struct derived_kept *oldest = &journeys->kept[0];
    for (i64 i = 0; i < DERIVED_KEPT; i++) {
        struct derived_kept *kept = &journeys->kept[i];
        if (kept->column != NULL && kept->journey == view->id && kept->version == view->version) {
            return kept;
        }
        if (oldest->column != NULL && (kept->column == NULL || kept->used < oldest->used)) {
            oldest = kept;
        }
    }
    return oldest;
}

/* The column of a view of a journey, kept or new: a share. One that it takes the place of is handed out in `gone`. */
static struct attachment *find_column(struct journeys *journeys, const struct journey_view *view,
                                      struct attachment **gone)
{
    *gone = NULL;
    if (view->as_of_ms != 0 || view->alone) {
        return attachment_of(view);
    }
    pthread_mutex_lock(&journeys->lock);
    struct derived_kept *kept = place_of(journeys, view);
    i64 newest = view->newest->version;
    bool same = kept->column != NULL && kept->journey == view->id && kept->version == view->version &&
                kept->newest == newest && !attachment_dropped(kept->column);
    if (!same) {
        *gone = kept->column;
        *kept = (struct derived_kept){
            .journey = view->id, .version = view->version, .newest = newest, .column = attachment_of(view)};
    }
    kept->used = ++journeys->uses;
    struct attachment *column = attachment_share(kept->column);
    pthread_mutex_unlock(&journeys->lock);
    return column;
}

static void leave(void *object)
{
    attachment_leave(object);
}

err journeys_derive(struct ctx *ctx, struct journeys *journeys, struct view *view, const struct journey_view *journey,
                    const struct derived **out)
{
    *out = NULL;
    if (journey->newest == NULL) {
        return OK;
    }
    struct attachment *gone;
    struct attachment *column = find_column(journeys, journey, &gone);
    ctx_defer(ctx, leave, column); // the touches are its own
    if (gone != NULL) {
        index_drop(view->index, gone);
        attachment_leave(gone);
    }
    const struct derivation *derivation = &((const struct derivation_kept *)column->self)->derivation;
    struct derived *derived = arena_new(&ctx->arena, struct derived, 1);
    *derived = (struct derived){.touches = derivation->touches, .touch_count = derivation->count};
    TRY(view_attach(ctx, view, column, &derived->column));
    *out = derived;
    return OK;
}

void journeys_drop_derived(struct journeys *journeys)
{
    for (i64 i = 0; i < DERIVED_KEPT; i++) {
        struct attachment *column = journeys->kept[i].column;
        if (column != NULL) {
            __atomic_store_n(&column->dropped, true, __ATOMIC_RELAXED);
            attachment_leave(column);
        }
        journeys->kept[i] = (struct derived_kept){0};
    }
}

void journeys_forget(struct journeys *journeys)
{
    pthread_mutex_lock(&journeys->lock);
    journeys_drop_derived(journeys);
    pthread_mutex_unlock(&journeys->lock);
}
