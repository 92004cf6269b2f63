#include "journey/findings_count.h"

#include "journey/index.h"
#include "text/fold.h"

#include <stdlib.h>

/* Kinds of events that nobody hopes for, by words in Vietnamese and English, folded. */
static const char *const unhappy[] = {
    "fail", "error",     "declin", "reject",  "cancel",    "abandon", "complain", "delay",
    "late", "miss",      "return", "refund",  "broken",    "loi",     "that bai", "tu choi",
    "huy",  "khieu nai", "tre",    "doi tra", "hoan tien", "hong",
};

enum { PROBE_EVENTS_MIN = 50 };

bool findings_is_unhappy(struct arena *arena, str kind)
{
    str folded = fold_search(arena, kind);
    for (i64 i = 0; i < countof(unhappy); i++) {
        str word = str_from(unhappy[i]);
        for (i64 at = 0; at + word.len <= folded.len; at++) {
            bool begins = at == 0 || folded.data[at - 1] == ' ' || folded.data[at - 1] == '_';
            if (begins && memcmp(folded.data + at, word.data, (size_t)word.len) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* What to split by. */

static int by_events(const void *a, const void *b)
{
    const struct prop_facts *x = *(const struct prop_facts *const *)a, *y = *(const struct prop_facts *const *)b;
    return x->events != y->events ? (x->events > y->events ? -1 : 1) : str_cmp(x->name, y->name);
}

/* Properties that fill columns of the event: what they say is a field of its own already, or the score itself. */
static bool fills_column(str name)
{
    static const char *const filling[] = {"score", "scale",   "metric", "question", "text",       "channel",
                                          "place", "revenue", "total",  "value",    "touchpoint", "currency"};
    for (i64 i = 0; i < countof(filling); i++) {
        if (str_eq(name, str_from(filling[i]))) {
            return true;
        }
    }
    return false;
}

bool findings_splits(str name, i64 values, i64 events)
{
    return values >= 2 && values <= PROBE_VALUES_MAX && events >= PROBE_EVENTS_MIN && !fills_column(name);
}

static void choose_props(const struct index *index, struct arena *arena, struct names *out)
{
    const struct prop_facts **facts = arena_new(arena, const struct prop_facts *, index->facts.count + 1);
    i64 count = 0;
    for (i32 i = 0; i < index->facts.count; i++) {
        const struct prop_facts *one = &index->facts.items[i];
        if (!one->many && findings_splits(one->name, one->values.count, one->events)) {
            facts[count++] = one;
        }
    }
    if (count > 0) {
        qsort(facts, (size_t)count, sizeof facts[0], by_events);
    }
    for (i64 i = 0; i < count && out->count < out->max; i++) {
        out->items[out->count++] = str_copy(arena, facts[i]->name);
    }
}

err findings_promote(struct ctx *ctx, struct index *index, struct names *out)
{
    struct names props = {.items = arena_new(&ctx->arena, str, PROBES_MAX), .max = PROBES_MAX - 2};
    TRY(index_survey(ctx, index));
    index_facts_lock(index);
    choose_props(index, &ctx->arena, &props);
    index_facts_unlock(index);
    *out = props;
    return index_promote(ctx, index, props.items, props.count);
}

void findings_add_probe(struct findings_count *count, struct probe probe)
{
    struct arena *arena = &count->asking->ctx->arena;
    if (probe.texts.count > 0 && count->probe_count < PROBES_MAX) {
        probe.cells = arena_new(arena, u32, count->touchpoint_count * ((i64)probe.texts.count + 1));
        count->probes[count->probe_count++] = probe;
    }
}

static void add_probes(struct findings_count *count, const struct names *props)
{
    const struct texts *texts = count->asking->view.texts;
    struct lens *lens = count->asking->lens;
    findings_add_probe(
        count, (struct probe){.name = STR("place"), .texts = texts[WORD_PLACE], .slot = lens_word(lens, WORD_PLACE)});
    findings_add_probe(count, (struct probe){.name = STR("channel"),
                                             .texts = texts[WORD_CHANNEL],
                                             .slot = lens_word(lens, WORD_CHANNEL)});
    for (i64 i = 0; i < props->count; i++) {
        const struct view_prop *prop = view_prop(count->asking->env.view, props->items[i]);
        if (prop != NULL) {
            str name = str_format(&count->asking->ctx->arena, "prop:%.*s", STR_ARG(props->items[i]));
            findings_add_probe(
                count, (struct probe){.name = name, .texts = prop->texts, .slot = lens_attached(lens, prop->column)});
        }
    }
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

void findings_sort_mishaps(struct findings_count *count, str *kinds, i64 kind_count)
{
    if (kind_count > 0) {
        qsort(kinds, (size_t)kind_count, sizeof kinds[0], by_bytes);
    }
    count->mishap_count = lesser(kind_count, MISHAPS_MAX);
    for (i64 i = 0; i < count->mishap_count; i++) {
        count->mishaps[i] = kinds[i];
    }
}

static void add_mishaps(struct findings_count *count)
{
    struct arena *arena = &count->asking->ctx->arena;
    const struct texts *kinds = &count->asking->view.texts[WORD_KIND];
    str *unhappy_kinds = arena_new(arena, str, (i64)kinds->count + 1);
    i64 found = 0;
    for (u32 code = 1; code <= kinds->count; code++) {
        if (findings_is_unhappy(arena, texts_text(kinds, code))) {
            unhappy_kinds[found++] = texts_text(kinds, code);
        }
    }
    findings_sort_mishaps(count, unhappy_kinds, found);
    for (i64 i = 0; i < count->mishap_count; i++) {
        count->mishap_codes[i] = texts_find(kinds, count->mishaps[i]);
    }
}

err findings_prepare(const struct asking *asking, i64 from_ms, const struct names *props, struct findings_count *out)
{
    i64 last_ms;
    *out = (struct findings_count){.asking = asking, .version = asking->journey.newest, .from_ms = from_ms};
    out->read = findings_scan;
    view_bounds(&asking->view, &out->first_ms, &last_ms);
    if (out->version == NULL) {
        return OK;
    }
    TRY(steps_plan(asking, out->version, &out->plan));
    out->plan.wanted = out->plan.acts.has; // of a visit only its next act is counted
    answer_codes_prepare(asking, &out->codes);
    out->touchpoint_count = out->version->map.touchpoints.count;
    out->whole = arena_new(&asking->ctx->arena, struct cell, greater(out->touchpoint_count, 1));
    add_probes(out, props);
    add_mishaps(out);
    return OK;
}

u32 findings_add_cell(struct findings_count *count, struct cell cell)
{
    if (count->cell_count == count->cell_capacity) {
        count->cell_capacity = count->cell_capacity * 2 + 256;
        count->cells = mem_resize(count->cells, count->cell_capacity * (i64)sizeof(struct cell));
    }
    count->cells[count->cell_count++] = cell;
    return (u32)count->cell_count;
}

err findings_count(struct findings_count *count, const struct facet *without, i64 without_count)
{
    count->without = without;
    count->without_count = without_count;
    return count->version == NULL ? OK : count->read(count);
}

void findings_count_free(struct findings_count *count)
{
    mem_free(count->cells);
}
