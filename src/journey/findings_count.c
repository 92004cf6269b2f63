#include "journey/findings_count.h"

#include "journey/acts.h"
#include "text/fold.h"

#include <stdlib.h>

/* Kinds of events that nobody hopes for, by words in Vietnamese and English, folded. */
static const char *const unhappy[] = {
    "fail", "error",     "declin", "reject",  "cancel",    "abandon", "complain", "delay",
    "late", "miss",      "return", "refund",  "broken",    "loi",     "that bai", "tu choi",
    "huy",  "khieu nai", "tre",    "doi tra", "hoan tien", "hong",
};

enum { PROBE_EVENTS_MIN = 50 };

static bool is_unhappy(struct arena *arena, str kind)
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

static void choose_props(const struct index *index, struct arena *arena, struct names *out)
{
    const struct prop_facts **facts = arena_new(arena, const struct prop_facts *, index->facts.count + 1);
    i64 count = 0;
    for (i32 i = 0; i < index->facts.count; i++) {
        const struct prop_facts *one = &index->facts.items[i];
        bool few = !one->many && one->values.count >= 2 && one->values.count <= PROBE_VALUES_MAX;
        if (few && one->events >= PROBE_EVENTS_MIN) {
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

static void add_probe(struct findings_count *count, struct probe probe)
{
    struct arena *arena = &count->asking->ctx->arena;
    if (probe.texts.count > 0 && count->probe_count < PROBES_MAX) {
        probe.cells = arena_new(arena, u32, count->touchpoint_count * ((i64)probe.texts.count + 1));
        count->probes[count->probe_count++] = probe;
    }
}

static void add_probes(struct findings_count *count, const struct names *props)
{
    const struct view *view = &count->asking->view;
    add_probe(count,
              (struct probe){.name = STR("place"), .word = WORD_PLACE, .column = -1, .texts = view->texts[WORD_PLACE]});
    add_probe(
        count,
        (struct probe){.name = STR("channel"), .word = WORD_CHANNEL, .column = -1, .texts = view->texts[WORD_CHANNEL]});
    for (i64 i = 0; i < props->count; i++) {
        const struct view_prop *prop = view_prop(count->asking->env.view, props->items[i]);
        if (prop != NULL) {
            str name = str_format(&count->asking->ctx->arena, "prop:%.*s", STR_ARG(props->items[i]));
            add_probe(count, (struct probe){.name = name, .column = prop->column, .texts = prop->texts});
        }
    }
}

static void add_mishaps(struct findings_count *count)
{
    const struct texts *kinds = &count->asking->view.texts[WORD_KIND];
    for (u32 code = 1; code <= kinds->count && count->mishap_count < MISHAPS_MAX; code++) {
        if (is_unhappy(&count->asking->ctx->arena, texts_text(kinds, code))) {
            count->mishaps[count->mishap_count++] = code;
        }
    }
}

/* Counting. */

static u32 code_of(const struct findings_count *count, const struct probe *probe, i64 row)
{
    const struct view *view = &count->asking->view;
    return probe->column >= 0 ? view_attached(view, probe->column, row) : view_word(view, probe->word, row);
}

static struct cell *cell_of(struct findings_count *count, const struct probe *probe, i64 touchpoint, u32 code)
{
    u32 *place = &probe->cells[touchpoint * ((i64)probe->texts.count + 1) + code];
    if (*place == 0) {
        if (count->cell_count == count->cell_capacity) {
            count->cell_capacity = count->cell_capacity * 2 + 256;
            count->cells = mem_resize(count->cells, count->cell_capacity * (i64)sizeof(struct cell));
        }
        count->cells[count->cell_count] = (struct cell){0};
        *place = (u32)++count->cell_count;
    }
    return &count->cells[*place - 1];
}

/* One thing that is added to the whole touchpoint and to the cell of every probe. */
struct addition {
    i64 touchpoint;
    i32 span;
    i64 row;
    alias_no person;
    enum metric metric; /* an answer; else an event or a visit */
    struct scale scale;
    f64 score;
    i32 mishap; /* -1: none */
    bool visit, done;
};

static void add_to(struct cell *cell, const struct addition *addition)
{
    struct figures *figures = &cell->spans[addition->span];
    if (addition->visit) {
        figures->next_all++;
        figures->next_done += addition->done;
        return;
    }
    if (addition->span == SPAN_NOW && addition->person != 0 && cell->last != addition->person) {
        cell->last = addition->person;
        cell->people++;
    }
    switch (addition->metric) {
    case METRIC_NPS: (void)!nps_add(&figures->nps, addition->score); break;
    case METRIC_CSAT:
        figures->csat_all++;
        figures->csat_top += addition->score >= (addition->scale.high == 10 ? 8.0 : 4.0);
        break;
    case METRIC_CES: moments_add(&figures->ces, addition->score); break;
    default:
        figures->events++;
        if (addition->mishap >= 0) {
            figures->mishaps[addition->mishap]++;
        }
        break;
    }
}

static bool left_out(const struct findings_count *count, i64 touchpoint, i64 row)
{
    for (i64 i = 0; i < count->without_count; i++) {
        const struct part *part = &count->without[i];
        if (part->touchpoint == touchpoint && code_of(count, &count->probes[part->probe], row) == part->code) {
            return true;
        }
    }
    return false;
}

static void add(struct findings_count *count, const struct addition *addition)
{
    if (left_out(count, addition->touchpoint, addition->row)) {
        return;
    }
    add_to(&count->whole[addition->touchpoint], addition);
    for (i64 i = 0; i < count->probe_count; i++) {
        u32 code = code_of(count, &count->probes[i], addition->row);
        if (code != 0) {
            add_to(cell_of(count, &count->probes[i], addition->touchpoint, code), addition);
        }
    }
}

struct reading {
    struct findings_count *count;
    i32 *order; /* touch code → touchpoint, or VISIT_NONE */
    struct acts acts;
    enum metric *metrics; /* by code */
    struct scale *scales;
    struct step *steps;
    i64 step_capacity;
    const struct walk *walk;
};

static void read_event(struct reading *reading, u32 row, i32 touchpoint)
{
    struct findings_count *count = reading->count;
    const struct view *view = &count->asking->view;
    struct addition addition = {
        .touchpoint = touchpoint,
        .span = view_at_ms(view, row) >= count->from_ms ? SPAN_NOW : SPAN_BEFORE,
        .row = row,
        .person = reading->walk->person,
        .mishap = -1,
    };
    struct view_answer answer;
    if (view_answer(view, row, &answer) && answer.metric != 0) {
        addition.metric = reading->metrics[answer.metric];
        addition.scale = reading->scales[answer.scale];
        addition.score = view->scores.values[answer.score];
        if (answer.score == 0) {
            return;
        }
    }
    u32 kind = view_word(view, WORD_KIND, row);
    for (i32 i = 0; i < count->mishap_count; i++) {
        addition.mishap = count->mishaps[i] == kind ? i : addition.mishap;
    }
    add(count, &addition);
}

static void read_events(struct reading *reading, const struct walk *walk)
{
    const struct asking *asking = reading->count->asking;
    if (walk->count > reading->step_capacity) {
        reading->step_capacity = walk->count * 2;
        reading->steps = mem_resize(reading->steps, reading->step_capacity * (i64)sizeof(struct step));
    }
    for (i64 i = 0; i < walk->count; i++) {
        u32 row = walk->rows[i];
        i32 touchpoint = reading->order[derived_code(&asking->view, asking->derived, row)];
        bool counts = touchpoint != VISIT_NONE && asking_takes(asking, row, walk->person);
        bool visits = touchpoint != VISIT_NONE && !view_answers(&asking->view, row);
        reading->steps[i] = (struct step){view_at_ms(&asking->view, row), visits ? touchpoint : VISIT_NONE, counts};
        if (counts) {
            read_event(reading, row, touchpoint);
        }
    }
}

static void read_visit(struct reading *reading, const struct visit *visit)
{
    struct findings_count *count = reading->count;
    i64 within = count->version->within_ms[visit->touchpoint];
    if (!visit->counts || !reading->acts.has[visit->touchpoint] ||
        visit->start_ms + within >= count->asking->asked_ms) {
        return; // no next act, or its time has not run out
    }
    add(count, &(struct addition){
                   .touchpoint = visit->touchpoint,
                   .span = visit->start_ms >= count->from_ms ? SPAN_NOW : SPAN_BEFORE,
                   .row = reading->walk->rows[visit->first],
                   .visit = true,
                   .done = visit->act_ms != INT64_MIN && visit->act_ms - visit->start_ms <= within,
               });
}

static err prepare(struct findings_count *count, struct reading *out)
{
    const struct asking *asking = count->asking;
    const struct view *view = &asking->view;
    struct arena *arena = &asking->ctx->arena;
    u32 codes = asking->derived == NULL ? 0 : asking->derived->touch_count;
    *out = (struct reading){.count = count};
    out->order = arena_new(arena, i32, codes + 1);
    out->order[0] = VISIT_NONE;
    for (u32 code = 1; code <= codes; code++) {
        out->order[code] = (i32)journey_map_find_touchpoint(&count->version->map, asking->derived->touches[code].id);
    }
    TRY(acts_prepare(asking, count->version, &out->acts));
    out->metrics = arena_new(arena, enum metric, (i64)view->texts[WORD_METRIC].count + 1);
    out->scales = arena_new(arena, struct scale, (i64)view->texts[WORD_SCALE].count + 1);
    for (u32 code = 1; code <= view->texts[WORD_METRIC].count; code++) {
        (void)metric_parse(texts_text(&view->texts[WORD_METRIC], code), &out->metrics[code]);
    }
    for (u32 code = 1; code <= view->texts[WORD_SCALE].count; code++) {
        (void)scale_parse(texts_text(&view->texts[WORD_SCALE], code), &out->scales[code]);
    }
    return OK;
}

static void read_everybody(struct findings_count *count, struct reading *reading)
{
    struct visits visits = visits_new(reading->acts.rules, reading->acts.count, acts_of(&reading->acts));
    struct walk walk = asking_walk(count->asking, true);
    reading->walk = &walk;
    reading->acts.walk = &walk;
    while (walk_next(&walk)) {
        read_events(reading, &walk);
        if (walk.person == 0) {
            continue;
        }
        visits_read(&visits, reading->steps, walk.count);
        for (i64 i = 0; i < visits.count; i++) {
            read_visit(reading, &visits.items[i]);
        }
    }
    walk_end(&walk);
    visits_free(&visits);
    mem_free(reading->steps);
}

void findings_prepare(const struct asking *asking, i64 from_ms, const struct names *props, struct findings_count *out)
{
    *out = (struct findings_count){.asking = asking, .version = asking->journey.newest, .from_ms = from_ms};
    if (out->version != NULL) {
        out->touchpoint_count = out->version->map.touchpoints.count;
        out->whole = arena_new(&asking->ctx->arena, struct cell, greater(out->touchpoint_count, 1));
        add_probes(out, props);
        add_mishaps(out);
    }
}

err findings_count(struct findings_count *count, const struct part *without, i64 without_count)
{
    count->without = without;
    count->without_count = without_count;
    count->cell_count = 0;
    for (i64 i = 0; i < count->probe_count; i++) {
        i64 cells = count->touchpoint_count * ((i64)count->probes[i].texts.count + 1);
        memset(count->probes[i].cells, 0, (size_t)cells * sizeof(u32));
    }
    for (i64 t = 0; t < count->touchpoint_count; t++) {
        count->whole[t] = (struct cell){0};
    }
    struct reading reading;
    if (count->version == NULL) {
        return OK;
    }
    TRY(prepare(count, &reading));
    read_everybody(count, &reading);
    return OK;
}

void findings_count_free(struct findings_count *count)
{
    mem_free(count->cells);
}
