#include "journey/row_groups.h"

#include "base/hash.h"
#include "base/id.h"

#include <stdlib.h>

/* Periods. */

static void bounds_of(const struct asking *asking, i64 *low, i64 *high)
{
    view_bounds(&asking->view, low, high);
    *low = greater(*low, asking->from_ms);
    *high = lesser(*high, asking->to_ms - 1);
}

static err periods_begin(const struct asking *asking, struct row_periods *out)
{
    struct ctx *ctx = asking->ctx;
    *out = (struct row_periods){.every = asking->question.every, .zone = asking->question.zone};
    i64 low, high;
    bounds_of(asking, &low, &high);
    if (out->every == PERIOD_NONE || low > high) {
        return OK;
    }
    out->starts = arena_new(&ctx->arena, i64, PERIODS_MAX);
    i64 at = period_start(out->zone, out->every, low);
    for (; at <= high; at = period_next(out->zone, out->every, at)) {
        if (out->count == PERIODS_MAX) {
            return FAIL(ctx, ERR_INVALID, "every", "error.ask.periods",
                        {"most", str_format(&ctx->arena, "%d", PERIODS_MAX)});
        }
        out->starts[out->count++] = at;
    }
    return OK;
}

static u32 period_of(const struct row_periods *periods, i64 at_ms)
{
    i64 low = 0, high = periods->count;
    while (high - low > 1) {
        i64 middle = (low + high) / 2;
        if (periods->starts[middle] <= at_ms) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (u32)low;
}

/* Dimensions. */

static const u32 *same_codes(const struct asking *asking, enum field_kind kind)
{
    const struct derived *derived = asking->derived;
    u32 count = derived == NULL ? 0 : derived->touch_count;
    u32 *same = arena_new(&asking->ctx->arena, u32, count + 1);
    for (u32 code = 1; code <= count; code++) {
        const struct touch *touch = &derived->touches[code];
        u32 first = 1;
        while (!(kind == FIELD_STAGE ? str_eq(derived->touches[first].stage, touch->stage)
                                     : str_eq(derived->touches[first].id, touch->id))) {
            first++;
        }
        same[code] = first;
    }
    return same;
}

static struct row_dimension row_dimension_make(const struct asking *asking, struct field field, str name)
{
    struct row_dimension dimension = {.field = field, .name = name, .column = -1};
    switch (field.kind) {
    case FIELD_WORD: dimension.texts = asking->view.texts[field.word]; break;
    case FIELD_PROP:
        for (i32 i = 0; i < asking->view.prop_count; i++) {
            const struct view_prop *prop = asking->view.props[i];
            if (str_eq(prop->name, field.name)) {
                dimension.column = prop->column;
                dimension.texts = prop->texts;
            }
        }
        break;
    case FIELD_TRAIT:
        for (i64 i = 0; i < asking->env.trait_count; i++) {
            if (str_eq(asking->env.traits[i].name, field.name)) {
                dimension.trait = &asking->env.traits[i];
                dimension.texts = dictionary_texts(&dimension.trait->texts);
            }
        }
        break;
    default: dimension.same = same_codes(asking, field.kind); break;
    }
    return dimension;
}

err row_groups_begin(const struct asking *asking, const struct field *more, i64 more_count, struct row_groups *out)
{
    *out = (struct row_groups){.asking = asking};
    const struct question *question = &asking->question;
    for (i64 i = 0; i < question->by_count; i++) {
        out->dimensions[out->dimension_count++] = row_dimension_make(asking, question->by[i], question->by_names[i]);
    }
    for (i64 i = 0; i < more_count; i++) {
        out->dimensions[out->dimension_count++] = row_dimension_make(asking, more[i], STR_NONE);
    }
    out->key_len = out->dimension_count + 1;
    return periods_begin(asking, &out->periods);
}

static u32 code_of(const struct row_groups *groups, const struct row_dimension *dimension, i64 row, alias_no person)
{
    const struct asking *asking = groups->asking;
    switch (dimension->field.kind) {
    case FIELD_WORD: return view_word(&asking->view, dimension->field.word, row);
    case FIELD_PROP: return dimension->column < 0 ? 0 : view_attached(&asking->view, dimension->column, row);
    case FIELD_TRAIT:
        return dimension->trait == NULL || person >= dimension->trait->count ? 0 : dimension->trait->codes[person];
    case FIELD_JOURNEY: return derived_code(&asking->view, asking->derived, row) != 0;
    default: return dimension->same[derived_code(&asking->view, asking->derived, row)];
    }
}

/* The table. */

static i64 slot_of(const struct row_groups *groups, const u32 *key)
{
    i64 mask = groups->slot_count - 1;
    i64 bytes = groups->key_len * (i64)sizeof(u32);
    i64 slot = (i64)(hash64(key, bytes) & (u64)mask);
    while (groups->slots[slot] != 0 &&
           memcmp(&groups->keys[(groups->slots[slot] - 1) * groups->key_len], key, (size_t)bytes) != 0) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void grow(struct row_groups *groups)
{
    struct arena *arena = &groups->asking->ctx->arena;
    i64 capacity = groups->capacity == 0 ? 64 : groups->capacity * 2;
    u32 *keys = arena_new(arena, u32, capacity * groups->key_len);
    if (groups->count > 0) {
        memcpy(keys, groups->keys, (size_t)(groups->count * groups->key_len) * sizeof(u32));
    }
    groups->keys = keys;
    groups->capacity = capacity;
    groups->slot_count = capacity * 2;
    groups->slots = arena_new(arena, u32, groups->slot_count);
    for (i64 i = 0; i < groups->count; i++) {
        groups->slots[slot_of(groups, &groups->keys[i * groups->key_len])] = (u32)i + 1;
    }
}

err row_groups_find(struct row_groups *groups, i64 row, alias_no person, i64 *group)
{
    u32 key[KEY_MAX + 1];
    for (i64 i = 0; i < groups->dimension_count; i++) {
        key[i] = code_of(groups, &groups->dimensions[i], row, person);
    }
    key[groups->dimension_count] = groups->periods.count == 0
                                       ? 0
                                       : period_of(&groups->periods, view_at_ms(&groups->asking->view, row));
    if (groups->count == groups->capacity) {
        grow(groups);
    }
    i64 slot = slot_of(groups, key);
    if (groups->slots[slot] == 0) {
        if (groups->count == GROUPS_MAX) {
            struct ctx *ctx = groups->asking->ctx;
            return FAIL(ctx, ERR_INVALID, "by", "error.ask.groups",
                        {"most", str_format(&ctx->arena, "%d", GROUPS_MAX)});
        }
        memcpy(&groups->keys[groups->count * groups->key_len], key, (size_t)groups->key_len * sizeof(u32));
        groups->slots[slot] = (u32)++groups->count;
    }
    *group = groups->slots[slot] - 1;
    return OK;
}

/* Coming out. */

static u32 key_at(const struct row_groups *groups, i64 group, i64 part)
{
    return groups->keys[group * groups->key_len + part];
}

str row_groups_text(const struct row_groups *groups, i64 group, i64 at)
{
    const struct row_dimension *dimension = &groups->dimensions[at];
    u32 code = key_at(groups, group, at);
    if (code == 0) {
        return STR_NONE;
    }
    switch (dimension->field.kind) {
    case FIELD_TOUCHPOINT: return groups->asking->derived->touches[code].id;
    case FIELD_STAGE: return groups->asking->derived->touches[code].stage;
    case FIELD_JOURNEY: {
        char *text = arena_alloc(&groups->asking->ctx->arena, ID_TEXT_LEN, 1);
        return id_text(groups->asking->journey.id, text);
    }
    default: return texts_text(&dimension->texts, code);
    }
}

/* Touchpoints and stages come in the order of the map. */
static i64 map_order(const struct row_groups *groups, const struct row_dimension *dimension, u32 code)
{
    const struct touch *touch = &groups->asking->derived->touches[code];
    i64 order = dimension->field.kind == FIELD_STAGE
                    ? journey_map_find_stage(&groups->asking->journey.newest->map, touch->stage)
                    : journey_map_find_touchpoint(&groups->asking->journey.newest->map, touch->id);
    return order < 0 ? INT64_MAX : order;
}

static int compare_values(const struct row_groups *groups, i64 a, i64 b, i64 at)
{
    const struct row_dimension *dimension = &groups->dimensions[at];
    u32 x = key_at(groups, a, at), y = key_at(groups, b, at);
    if (x == y) {
        return 0;
    }
    if (x == 0 || y == 0) {
        return x == 0 ? 1 : -1;
    }
    if (dimension->field.kind == FIELD_TOUCHPOINT || dimension->field.kind == FIELD_STAGE) {
        i64 first = map_order(groups, dimension, x), second = map_order(groups, dimension, y);
        if (first != second) {
            return first < second ? -1 : 1;
        }
    }
    return str_cmp(row_groups_text(groups, a, at), row_groups_text(groups, b, at));
}

static int compare(const void *first, const void *second, void *self)
{
    const struct row_groups *groups = self;
    i64 a = *(const i64 *)first, b = *(const i64 *)second;
    for (i64 at = 0; at < groups->dimension_count; at++) {
        int order = compare_values(groups, a, b, at);
        if (order != 0) {
            return order;
        }
    }
    u32 x = key_at(groups, a, groups->dimension_count), y = key_at(groups, b, groups->dimension_count);
    return (x > y) - (x < y);
}

i64 *row_groups_order(const struct row_groups *groups)
{
    i64 *order = arena_new(&groups->asking->ctx->arena, i64, greater(groups->count, 1));
    for (i64 i = 0; i < groups->count; i++) {
        order[i] = i;
    }
    if (groups->count > 0) {
        qsort_r(order, (size_t)groups->count, sizeof(i64), compare, (void *)(uintptr_t)groups);
    }
    return order;
}

str row_groups_period(const struct row_groups *groups, i64 group, char text[ISO_MAX])
{
    const struct row_periods *periods = &groups->periods;
    if (periods->every == PERIOD_NONE || periods->count == 0) {
        return STR_NONE;
    }
    i64 start = periods->starts[key_at(groups, group, groups->dimension_count)];
    return periods->every == PERIOD_HOUR ? iso_format(periods->zone, start, text)
                                         : iso_date(periods->zone, start, text);
}

void row_groups_write(const struct row_groups *groups, i64 group, struct json_writer *writer)
{
    for (i64 at = 0; at < groups->dimension_count; at++) {
        if (str_is(groups->dimensions[at].name)) {
            json_key(writer, groups->dimensions[at].name);
            json_put_str(writer, row_groups_text(groups, group, at));
        }
    }
    if (groups->periods.every != PERIOD_NONE && groups->periods.count > 0) {
        char text[ISO_MAX];
        json_pair_str(writer, "period", row_groups_period(groups, group, text));
    }
}
