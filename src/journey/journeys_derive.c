#include "journey/journeys_state.h"

enum { TOUCH_MAX = 60000 };

/* The different (touchpoint, stage, department) of all versions of a view, and each version's codes for its touchpoints. */
struct coding {
    struct touch *touches;
    u32 count;
    struct derive_version *versions;
};

static u32 code_of(struct coding *coding, const struct touchpoint *touchpoint, i64 order)
{
    for (u32 code = 1; code <= coding->count; code++) {
        const struct touch *touch = &coding->touches[code];
        if (str_eq(touch->id, touchpoint->id) && str_eq(touch->stage, touchpoint->stage) &&
            str_eq(touch->department, touchpoint->department)) {
            return code;
        }
    }
    coding->touches[++coding->count] = (struct touch){
        .id = touchpoint->id, .stage = touchpoint->stage, .department = touchpoint->department, .order = order};
    return coding->count;
}

/* Newest version first, so that a touchpoint's order is that of the newest map that has it. */
static void code_versions(struct arena *arena, const struct journey_view *view, struct coding *coding)
{
    i64 most = 1;
    for (i64 i = 0; i < view->count; i++) {
        most += view->taking[i]->map.touchpoints.count;
    }
    coding->touches = arena_new(arena, struct touch, lesser(most, TOUCH_MAX));
    coding->versions = arena_new(arena, struct derive_version, greater(view->count, 1));
    for (i64 i = view->count - 1; i >= 0; i--) {
        const struct journey_version *version = view->taking[i];
        i64 touchpoints = version->map.touchpoints.count;
        u16 *codes = arena_new(arena, u16, greater(touchpoints, 1));
        for (i64 k = 0; k < touchpoints && coding->count < TOUCH_MAX - 1; k++) {
            codes[k] = (u16)code_of(coding, journey_map_touchpoint(&version->map, k), k);
        }
        coding->versions[i] = (struct derive_version){&version->map, version->where, codes, view->from_ms[i]};
    }
}

static void free_derived(struct derived *derived)
{
    mem_free((void *)(uintptr_t)derived->touches);
    mem_free(derived->codes);
    mem_free(derived);
}

/* A column for all rows; what an older one already knows is taken over. */
static err make(struct ctx *ctx, const struct index *index, const struct journey_view *view,
                const struct derived *older, struct derived **out)
{
    struct coding coding = {0};
    code_versions(&ctx->arena, view, &coding);
    i64 size = (i64)sizeof(struct touch) * (coding.count + 1);
    struct derived *derived = mem_new(sizeof *derived);
    struct touch *touches = mem_new(size);
    memcpy(touches, coding.touches, (size_t)size);
    *derived = (struct derived){.touches = touches,
                                .touch_count = coding.count,
                                .codes = mem_new(greater(index->count, 1) * (i64)sizeof(u16)),
                                .row_count = index->count,
                                .generation = index->generation};
    i64 known = older != NULL && older->generation == index->generation ? older->row_count : 0;
    if (known > 0) {
        memcpy(derived->codes, older->codes, (size_t)known * sizeof(u16));
    }
    err code = derive_rows(ctx, index, coding.versions, view->count, known, derived->codes);
    if (code != OK) {
        free_derived(derived);
        return code;
    }
    *out = derived;
    return OK;
}

/* Giving back. */
struct loan {
    struct journeys *journeys;
    struct derived *derived;
};

static void give_back(void *object)
{
    struct loan *loan = object;
    pthread_mutex_lock(&loan->journeys->lock);
    bool last = --loan->derived->users == 0;
    pthread_mutex_unlock(&loan->journeys->lock);
    if (last) {
        free_derived(loan->derived);
    }
}

static const struct derived *lend(struct ctx *ctx, struct journeys *journeys, struct derived *derived)
{
    struct loan *loan = arena_new(&ctx->arena, struct loan, 1);
    *loan = (struct loan){journeys, derived};
    derived->users++;
    ctx_defer(ctx, give_back, loan);
    return derived;
}

/* The place kept for a view: its own, a free one, or that which was not used for longest. */
static struct derived_kept *place_of(struct journeys *journeys, const struct journey_view *view)
{
    struct derived_kept *oldest = &journeys->kept[0];
    for (i64 i = 0; i < DERIVED_KEPT; i++) {
        struct derived_kept *kept = &journeys->kept[i];
        if (kept->derived != NULL && kept->journey == view->id && kept->version == view->version) {
            return kept;
        }
        if (oldest->derived != NULL && (kept->derived == NULL || kept->used < oldest->used)) {
            oldest = kept;
        }
    }
    return oldest;
}

static void release(struct derived_kept *kept)
{
    if (kept->derived != NULL && --kept->derived->users == 0) {
        free_derived(kept->derived);
    }
    *kept = (struct derived_kept){0};
}

/* With the lock held. */
static err refresh(struct ctx *ctx, struct journeys *journeys, const struct index *index,
                   const struct journey_view *view, struct derived_kept **out)
{
    struct derived_kept *kept = place_of(journeys, view);
    i64 newest = view->newest->version;
    bool same = kept->derived != NULL && kept->journey == view->id && kept->version == view->version &&
                kept->newest == newest;
    if (!same || kept->derived->generation != index->generation || kept->derived->row_count != index->count) {
        struct derived *made;
        TRY(make(ctx, index, view, same ? kept->derived : NULL, &made));
        release(kept);
        made->users = 1;
        *kept = (struct derived_kept){.journey = view->id, .version = view->version, .newest = newest, .derived = made};
    }
    kept->used = ++journeys->uses;
    *out = kept;
    return OK;
}

err journeys_derive(struct ctx *ctx, struct journeys *journeys, const struct index *index,
                    const struct journey_view *view, const struct derived **out)
{
    *out = NULL;
    if (view->newest == NULL) {
        return OK;
    }
    pthread_mutex_lock(&journeys->lock);
    err code;
    if (view->as_of_ms != 0) { // seldom asked: made for this question alone
        struct derived *made;
        code = make(ctx, index, view, NULL, &made);
        *out = code == OK ? lend(ctx, journeys, made) : NULL;
    } else {
        struct derived_kept *kept;
        code = refresh(ctx, journeys, index, view, &kept);
        *out = code == OK ? lend(ctx, journeys, kept->derived) : NULL;
    }
    pthread_mutex_unlock(&journeys->lock);
    return code;
}

void journeys_drop_derived(struct journeys *journeys)
{
    for (i64 i = 0; i < DERIVED_KEPT; i++) {
        release(&journeys->kept[i]);
    }
}

void journeys_forget(struct journeys *journeys)
{
    pthread_mutex_lock(&journeys->lock);
    journeys_drop_derived(journeys);
    pthread_mutex_unlock(&journeys->lock);
}
