#include "journey/catalogue.h"

#include "journey/findings_count.h"
#include "journey/sql/answers.h"

#include <stdlib.h>

static const struct shape_field counted_fields[] = {
    {"value", SHAPE_STR, offsetof(struct counted, value)},
    {"events", SHAPE_I64, offsetof(struct counted, events)},
};
static const struct shape counted_shape = SHAPE("Counted", struct counted, counted_fields, "shape.counted");

static const struct shape_field prop_fields[] = {
    {"value", SHAPE_STR, offsetof(struct counted_prop, value), .help = "shape.counted_prop.value"},
    {"distinct", SHAPE_I64, offsetof(struct counted_prop, distinct), .help = "shape.counted_prop.distinct"},
    {"events", SHAPE_I64, offsetof(struct counted_prop, events)},
    {"sample", SHAPE_STRS, offsetof(struct counted_prop, sample)},
};
static const struct shape prop_shape = SHAPE("CountedProp", struct counted_prop, prop_fields, "shape.counted_prop");

static const struct shape_field catalogue_fields[] = {
    {"kinds", SHAPE_LIST, offsetof(struct catalogue, kinds), .of = &counted_shape},
    {"channels", SHAPE_LIST, offsetof(struct catalogue, channels), .of = &counted_shape},
    {"places", SHAPE_LIST, offsetof(struct catalogue, places), .of = &counted_shape},
    {"sources", SHAPE_LIST, offsetof(struct catalogue, sources), .of = &counted_shape},
    {"touchpoints", SHAPE_LIST, offsetof(struct catalogue, touchpoints), .of = &counted_shape},
    {"metrics", SHAPE_LIST, offsetof(struct catalogue, metrics), .of = &counted_shape},
    {"questions", SHAPE_LIST, offsetof(struct catalogue, questions), .of = &counted_shape},
    {"currencies", SHAPE_LIST, offsetof(struct catalogue, currencies), .of = &counted_shape},
    {"props", SHAPE_LIST, offsetof(struct catalogue, props), .of = &prop_shape},
};
const struct shape catalogue_shape = SHAPE("Catalogue", struct catalogue, catalogue_fields, "shape.catalogue");

static int by_events(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    return x->events != y->events ? (x->events > y->events ? -1 : 1) : str_cmp(x->value, y->value);
}

struct shape_list catalogue_ordered(struct counted *items, i64 count)
{
    if (count > 0) {
        qsort(items, (size_t)count, sizeof items[0], by_events);
    }
    return (struct shape_list){items, lesser(count, CATALOGUE_VALUES_MAX)};
}

static struct shape_list of_word(struct arena *arena, const struct texts *texts, const i64 *events)
{
    struct counted *items = arena_new(arena, struct counted, (i64)texts->count + 1);
    i64 count = 0;
    for (u32 code = 1; code <= texts->count; code++) {
        if (events[code] > 0) {
            items[count++] = (struct counted){str_copy(arena, texts_text(texts, code)), events[code]};
        }
    }
    return catalogue_ordered(items, count);
}

struct shape_list catalogue_touchpoints(struct arena *arena, const struct derived *derived, const i64 *events)
{
    u32 codes = derived == NULL ? 0 : derived->touch_count;
    struct counted *items = arena_new(arena, struct counted, codes + 1);
    i64 count = 0;
    for (u32 code = 1; code <= codes; code++) {
        i64 at = 0;
        while (at < count && !str_eq(items[at].value, derived->touches[code].id)) {
            at++;
        }
        if (events[code] > 0) {
            items[at].value = at == count ? str_copy(arena, derived->touches[code].id) : items[at].value;
            items[at].events += events[code];
            count = greater(count, at + 1);
        }
    }
    return catalogue_ordered(items, count);
}

static int by_prop_events(const void *a, const void *b)
{
    const struct counted_prop *x = a, *y = b;
    return x->events != y->events ? (x->events > y->events ? -1 : 1) : str_cmp(x->value, y->value);
}

struct shape_list catalogue_props(struct counted_prop *items, i64 count)
{
    if (count > 0) {
        qsort(items, (size_t)count, sizeof items[0], by_prop_events);
    }
    return (struct shape_list){items, count};
}

static struct shape_list of_props(struct arena *arena, struct index *index, bool samples)
{
    index_facts_lock(index);
    struct counted_prop *items = arena_new(arena, struct counted_prop, index->facts.count + 1);
    for (i32 i = 0; i < index->facts.count; i++) {
        const struct prop_facts *facts = &index->facts.items[i];
        i64 shown = samples ? lesser(facts->values.count, CATALOGUE_SAMPLE_MAX) : 0;
        items[i] = (struct counted_prop){.value = str_copy(arena, facts->name),
                                         .distinct = facts->values.count,
                                         .events = facts->events};
        items[i].sample = (struct str_list){arena_new(arena, str, greater(shown, 1)), shown};
        for (i64 k = 0; k < shown; k++) {
            items[i].sample.items[k] = str_copy(arena, dictionary_text(&facts->values, (u32)k + 1));
        }
    }
    i64 count = index->facts.count;
    index_facts_unlock(index);
    return catalogue_props(items, count);
}

/* Counts over some events: how often each property with a column occurs among them, and with how many values. */
struct column_counts {
    i64 events, distinct;
    bool *seen; /* by code */
};

static struct column_counts *counts_begin(struct arena *arena, const struct view *view)
{
    struct column_counts *counts = arena_new(arena, struct column_counts, view->prop_count + 1);
    for (i32 i = 0; i < view->prop_count; i++) {
        counts[i].seen = arena_new(arena, bool, (i64)view->props[i]->texts.count + 1);
    }
    return counts;
}

static void counts_add(struct column_counts *counts, const struct view *view, i64 row)
{
    for (i32 i = 0; i < view->prop_count; i++) {
        u32 code = view_attached(view, view->props[i]->column, row);
        counts[i].events += code != 0;
        counts[i].distinct += code != 0 && !counts[i].seen[code];
        counts[i].seen[code] = true;
    }
}

static struct shape_list of_columns(struct arena *arena, const struct view *view, const struct column_counts *counts,
                                    bool samples)
{
    struct counted_prop *items = arena_new(arena, struct counted_prop, view->prop_count + 1);
    i64 count = 0;
    for (i32 i = 0; i < view->prop_count; i++) {
        const struct view_prop *prop = view->props[i];
        if (counts[i].events == 0) {
            continue;
        }
        str *sample = arena_new(arena, str, CATALOGUE_SAMPLE_MAX);
        i64 shown = 0;
        for (u32 code = 1; code <= prop->texts.count && shown < CATALOGUE_SAMPLE_MAX && samples; code++) {
            if (counts[i].seen[code]) {
                sample[shown++] = str_copy(arena, texts_text(&prop->texts, code));
            }
        }
        items[count++] = (struct counted_prop){
            str_copy(arena, prop->name), counts[i].distinct, counts[i].events, {sample, shown}};
    }
    return catalogue_props(items, count);
}

/* Values of properties are shown to those who see everything. */
static bool sees_everything(const struct sight *scope)
{
    return scope->personal && scope->places.count == 0 && scope->departments.count == 0;
}

static err read_index(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
                      const struct question *question, struct catalogue *out)
{
    struct arena *arena = &ctx->arena;
    struct asking *asking = arena_new(arena, struct asking, 1);
    TRY(index_survey(ctx, rooms->index));
    if (!condition_empty(&question->where)) {
        struct names props;
        TRY(findings_promote(ctx, rooms->index, &props));
    }
    TRY(asking_begin(ctx, rooms, scope, question, asking));
    struct view *view = &asking->view;
    i64 *events[WORD_COUNT];
    for (i32 word = 0; word < WORD_COUNT; word++) {
        events[word] = arena_new(arena, i64, (i64)view->texts[word].count + 1);
    }
    i64 *touched = arena_new(arena, i64, (asking->derived == NULL ? 0 : asking->derived->touch_count) + 1);
    bool some = !condition_empty(&question->where);
    if (some) {
        view_all_props(view);
    }
    struct column_counts *counts = counts_begin(arena, view);
    struct walk walk = asking_walk(asking, false);
    while (walk_next(&walk)) {
        for (i64 i = 0; i < walk.count; i++) {
            u32 row = walk.rows[i];
            if (!asking_takes(asking, row, walk.person)) {
                continue;
            }
            if (some) {
                counts_add(counts, view, row);
            }
            touched[derived_code(view, asking->derived, row)]++;
            for (i32 word = 0; word < WORD_COUNT; word++) {
                events[word][view_word(view, (enum word)word, row)]++;
            }
        }
    }
    walk_end(&walk);
    bool everything = sees_everything(scope);
    *out = (struct catalogue){
        .kinds = of_word(arena, &view->texts[WORD_KIND], events[WORD_KIND]),
        .channels = of_word(arena, &view->texts[WORD_CHANNEL], events[WORD_CHANNEL]),
        .places = of_word(arena, &view->texts[WORD_PLACE], events[WORD_PLACE]),
        .sources = of_word(arena, &view->texts[WORD_SOURCE], events[WORD_SOURCE]),
        .touchpoints = catalogue_touchpoints(arena, asking->derived, touched),
        .metrics = of_word(arena, &view->texts[WORD_METRIC], events[WORD_METRIC]),
        .questions = of_word(arena, &view->texts[WORD_QUESTION], events[WORD_QUESTION]),
        .currencies = of_word(arena, &view->texts[WORD_CURRENCY], events[WORD_CURRENCY]),
        .props = some ? of_columns(arena, view, counts, everything) : of_props(arena, rooms->index, everything),
    };
    asking_end(asking);
    return OK;
}

err catalogue_read(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
                   const struct question *question, struct catalogue *out)
{
    if (rooms->index != NULL) {
        return read_index(ctx, rooms, scope, question, out);
    }
    struct asking *asking = arena_new(&ctx->arena, struct asking, 1);
    TRY(asking_begin(ctx, rooms, scope, question, asking));
    return sql_catalogue(asking, sees_everything(scope), out);
}
