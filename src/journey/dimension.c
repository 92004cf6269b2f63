#include "journey/dimension.h"

#include "base/id.h"
#include "journey/derive.h"
#include "journey/program_number.h"

#include <stdlib.h>

/* Touchpoints with several codes (of versions that moved them) have one number.
 */
static const u32 *same_codes(const struct asking *asking, enum field_kind kind)
{
    const struct derived *derived = asking->derived;
    u32 count = derived == NULL ? 0 : derived->touch_count;
    u32 *same = arena_new(&asking->ctx->arena, u32, count + 1);
    bool moved = false;
    for (u32 code = 1; code <= count; code++) {
        const struct touch *touch = &derived->touches[code];
        u32 first = 1;
        while (!(kind == FIELD_STAGE ? str_eq(derived->touches[first].stage, touch->stage)
                                     : str_eq(derived->touches[first].id, touch->id))) {
            first++;
        }
        same[code] = kind == FIELD_JOURNEY ? 1 : first;
        moved |= same[code] != code;
    }
    return moved ? same : NULL;
}

static void from_map(const struct asking *asking, struct lens *lens, struct dimension *out)
{
    if (asking->derived != NULL) {
        out->slot = lens == NULL ? -1 : lens_attached(lens, asking->derived->column);
        out->same = same_codes(asking, out->field.kind);
        out->size = asking->derived->touch_count + 1;
    }
}

static void from_trait(const struct asking *asking, struct dimension *out)
{
    for (i64 i = 0; i < asking->env.trait_count; i++) {
        if (str_eq(asking->env.traits[i].name, out->field.name)) {
            out->trait = &asking->env.traits[i];
            out->texts = dictionary_texts(&out->trait->texts);
            out->size = out->texts.count + 1;
        }
    }
}

/* Texts that no dictionary holds, made before several threads ask for them: [number]. */
static const str *make_texts(const struct asking *asking, enum field_kind kind)
{
    struct arena *arena = &asking->ctx->arena;
    const struct journey_view *journey = &asking->journey;
    if (kind == FIELD_JOURNEY) {
        str *out = arena_new(arena, str, 2);
        out[1] = id_text(journey->id, arena_alloc(arena, ID_TEXT_LEN, 1));
        return out;
    }
    str *out = arena_new(arena, str, journey->count + 1);
    for (i64 i = 0; i < journey->count; i++) {
        out[i + 1] = str_format(arena, "%lld", (long long)journey->taking[i]->version);
    }
    return out;
}

struct dimension dimension_make(const struct asking *asking, struct lens *lens, struct field field, str name)
{
    struct dimension out = {.field = field, .name = name, .slot = -1, .size = 1};
    switch (field.kind) {
    case FIELD_WORD:
        out.slot = lens == NULL ? -1 : lens_word(lens, (i32)field.word);
        out.texts = asking->view.texts[field.word];
        out.size = out.texts.count + 1;
        break;
    case FIELD_PROP: {
        const struct view_prop *prop = view_find_prop(&asking->view, field.name);
        if (prop != NULL) {
            out.slot = lens_attached(lens, prop->column);
            out.texts = prop->texts;
            out.size = prop->texts.count + 1;
        }
        break;
    }
    case FIELD_TRAIT: from_trait(asking, &out); break;
    case FIELD_VERSION: out.size = (u32)asking->journey.count + 1; break;
    default: from_map(asking, lens, &out); break;
    }
    if (field.kind == FIELD_JOURNEY || field.kind == FIELD_VERSION) {
        out.made = make_texts(asking, field.kind);
    }
    out.per = out.slot < 0 ? PER_ROW : lens->columns[out.slot].per;
    return out;
}

/* The version of the journey in force at a moment: the first decides from ever.
 */
static u32 version_at(const struct asking *asking, i64 at_ms)
{
    const struct journey_view *journey = &asking->journey;
    u32 version = journey->count > 0;
    while (version > 0 && version < journey->count && journey->from_ms[version] <= at_ms) {
        version++;
    }
    return version;
}

static struct cells trait_cells(struct part *part, const struct dimension *dimension, const struct block *block)
{
    u32 *out = scratch_new(&part->scratch, u32, block->count);
    if (block->live != NULL) {
        memset(out, 0, (size_t)block->count * sizeof(u32));
    }
    for (i64 i = 0; i < block->person_count; i++) {
        const struct stretch *stretch = &block->people[i];
        u32 code = trait_code(dimension->trait, stretch->person);
        for (i32 row = stretch->from; row < stretch->to; row++) {
            out[row] = code;
        }
    }
    return (struct cells){out, sizeof(u32)};
}

static struct cells version_cells(struct part *part, const struct block *block)
{
    u32 *out = scratch_new(&part->scratch, u32, block->count);
    for (i64 i = 0; i < block->count; i++) {
        out[i] = version_at(part->asking, block->at_ms[i]);
    }
    return (struct cells){out, sizeof(u32)};
}

static struct cells mapped(struct part *part, struct cells cells, i64 count, const u32 *same)
{
    u32 *out = scratch_new(&part->scratch, u32, count);
    switch (cells.width) {
    case 1:
        for (i64 i = 0; i < count; i++) {
            out[i] = same[((const u8 *)cells.at)[i]];
        }
        break;
    case 2:
        for (i64 i = 0; i < count; i++) {
            out[i] = same[((const u16 *)cells.at)[i]];
        }
        break;
    default:
        for (i64 i = 0; i < count; i++) {
            out[i] = same[cells_get(cells, i)];
        }
        break;
    }
    return (struct cells){out, sizeof(u32)};
}

struct cells dimension_cells(struct part *part, const struct dimension *dimension, const struct block *block)
{
    if (dimension->trait != NULL) {
        return trait_cells(part, dimension, block);
    }
    if (dimension->field.kind == FIELD_VERSION) {
        return version_cells(part, block);
    }
    if (dimension->slot < 0) {
        return (struct cells){0};
    }
    struct cells cells = block->cells[dimension->slot];
    if (dimension->per != PER_ROW) {
        cells = block_spread(block, part->lens, dimension->slot, &part->scratch);
    }
    return dimension->same == NULL || cells.width == 0 ? cells : mapped(part, cells, block->count, dimension->same);
}

/* The place of a row among those with an answer or an amount; -1: it has none.
 */
static i64 place_of(const i32 *rows, i64 count, i64 row)
{
    i64 low = 0, high = count;
    while (low < high) {
        i64 middle = (low + high) / 2;
        if (rows[middle] < row) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && rows[low] == row ? low : -1;
}

u32 dimension_of(const struct asking *asking, const struct dimension *dimension, const struct block *block, i64 row,
                 alias_no person)
{
    if (dimension->trait != NULL) {
        return trait_code(dimension->trait, person);
    }
    if (dimension->field.kind == FIELD_VERSION) {
        return version_at(asking, block->at_ms[row]);
    }
    if (dimension->slot < 0) {
        return 0;
    }
    i64 cell = dimension->per == PER_ROW      ? row
               : dimension->per == PER_ANSWER ? place_of(block->answer_row, block->answer_count, row)
                                              : place_of(block->amount_row, block->amount_count, row);
    u32 code = cell < 0 ? 0 : cells_get(block->cells[dimension->slot], cell);
    return dimension->same == NULL ? code : dimension->same[code];
}

str dimension_text(const struct asking *asking, const struct dimension *dimension, u32 number)
{
    if (number == 0) {
        return STR_NONE;
    }
    switch (dimension->field.kind) {
    case FIELD_TOUCHPOINT: return asking->derived->touches[number].id;
    case FIELD_STAGE: return asking->derived->touches[number].stage;
    case FIELD_JOURNEY:
    case FIELD_VERSION: return dimension->made[number];
    default: return texts_text(&dimension->texts, number);
    }
}

/* Touchpoints and stages come in the order of the map. */
static i64 map_order(const struct asking *asking, const struct dimension *dimension, u32 number)
{
    const struct touch *touch = &asking->derived->touches[number];
    i64 order = dimension->field.kind == FIELD_STAGE
                    ? journey_map_find_stage(&asking->journey.newest->map, touch->stage)
                    : journey_map_find_touchpoint(&asking->journey.newest->map, touch->id);
    return order < 0 ? INT64_MAX : order;
}

int dimension_compare(const struct asking *asking, const struct dimension *dimension, u32 a, u32 b)
{
    if (a == b || a == 0 || b == 0) {
        return (a == 0) - (b == 0);
    }
    enum field_kind kind = dimension->field.kind;
    if (kind == FIELD_VERSION) {
        return a < b ? -1 : 1;
    }
    if (kind == FIELD_TOUCHPOINT || kind == FIELD_STAGE) {
        i64 first = map_order(asking, dimension, a), second = map_order(asking, dimension, b);
        if (first != second) {
            return first < second ? -1 : 1;
        }
    }
    return str_cmp(dimension_text(asking, dimension, a), dimension_text(asking, dimension, b));
}
