#include "journey/findings.h"

#include "journey/findings_count.h"

#include <math.h>
#include <stdlib.h>

static const char *const kind_words[] = {"score", "next_act", "event_rate", NULL};

static const struct shape_field figure_fields[] = {
    {"n", SHAPE_I64, offsetof(struct finding_figure, n)},
    {"score", SHAPE_F64, offsetof(struct finding_figure, score)},
    {"low", SHAPE_F64, offsetof(struct finding_figure, low)},
    {"high", SHAPE_F64, offsetof(struct finding_figure, high)},
};
static const struct shape figure_shape = SHAPE("FindingFigure", struct finding_figure, figure_fields, "shape.figure");

static const struct shape_field finding_fields[] = {
    {"touchpoint", SHAPE_STR, offsetof(struct finding, touchpoint)},
    {"name", SHAPE_STR, offsetof(struct finding, name)},
    {"stage", SHAPE_STR, offsetof(struct finding, stage)},
    {"field", SHAPE_STR, offsetof(struct finding, field), .help = "shape.finding.field"},
    {"value", SHAPE_STR, offsetof(struct finding, value)},
    {"metric", SHAPE_STR, offsetof(struct finding, metric)},
    {"event", SHAPE_STR, offsetof(struct finding, event), .help = "shape.finding.event"},
    {"kind", SHAPE_WORD, offsetof(struct finding, kind), .words = kind_words},
    {"now", SHAPE_MAYBE_OBJECT, offsetof(struct finding, now), .of = &figure_shape},
    {"before", SHAPE_MAYBE_OBJECT, offsetof(struct finding, before), .of = &figure_shape},
    {"rest", SHAPE_MAYBE_OBJECT, offsetof(struct finding, rest), .of = &figure_shape},
    {"delta", SHAPE_F64, offsetof(struct finding, delta), .help = "shape.finding.delta"},
    {"people", SHAPE_I64, offsetof(struct finding, people), .help = "shape.finding.people"},
    {"good", SHAPE_BOOL, offsetof(struct finding, good)},
    {"where", SHAPE_JSON, offsetof(struct finding, where), .help = "shape.finding.where"},
};
const struct shape finding_shape = SHAPE("Finding", struct finding, finding_fields, "shape.finding");

/* At most this share of the findings may be chance. */
static const f64 false_discoveries = 0.05;

/* A difference below this does not matter, however sure it is. */
static const f64 least_nps = 10.0, least_csat = 5.0, least_ces = 0.3, least_rate = 0.03;

enum { PER_TOUCHPOINT = 3, BAD_MAX = 14 };

/* One kind of figure of a cell: which of them is compared. */
struct aspect {
    enum finding_kind kind;
    enum metric metric; /* FINDING_SCORE */
    i32 mishap;         /* FINDING_EVENT_RATE */
};

/* A comparison that was made. */
struct candidate {
    i64 touchpoint, probe; /* probe -1: the whole touchpoint */
    u32 code;
    struct aspect aspect;
    struct figures now, before, other; /* other: the rest, or for a whole touchpoint the span before */
    i64 people;
    f64 delta, p, impact;
    bool good, changed; /* changed: it also differs from its own span before, the same way */
};

struct judging {
    const struct findings_count *count;
    i64 minimum_n;
    struct candidate *items;
    i64 item_count, capacity;
};

/* Figures. */

static i64 size_of(const struct figures *figures, struct aspect aspect)
{
    if (aspect.kind == FINDING_NEXT_ACT) {
        return figures->next_all;
    }
    if (aspect.kind == FINDING_EVENT_RATE) {
        return figures->events;
    }
    return aspect.metric == METRIC_NPS    ? figures->nps.detractors + figures->nps.passives + figures->nps.promoters
           : aspect.metric == METRIC_CSAT ? figures->csat_all
                                          : figures->ces.count;
}

static void hits_of(const struct figures *figures, struct aspect aspect, i64 *hits, i64 *all)
{
    *all = size_of(figures, aspect);
    *hits = aspect.kind == FINDING_NEXT_ACT     ? figures->next_done
            : aspect.kind == FINDING_EVENT_RATE ? figures->mishaps[aspect.mishap]
                                                : figures->csat_top;
}

static err compare(const struct figures *a, const struct figures *b, struct aspect aspect, struct difference *out)
{
    if (aspect.kind == FINDING_SCORE && aspect.metric == METRIC_NPS) {
        return compare_nps(&a->nps, &b->nps, out);
    }
    if (aspect.kind == FINDING_SCORE && aspect.metric == METRIC_CES) {
        return compare_means(&a->ces, &b->ces, out);
    }
    i64 hits, all, other_hits, other_all;
    hits_of(a, aspect, &hits, &all);
    hits_of(b, aspect, &other_hits, &other_all);
    TRY(compare_shares(hits, all, other_hits, other_all, out));
    if (aspect.kind == FINDING_SCORE) {
        out->delta *= 100.0; // satisfaction is told in percent
    }
    return OK;
}

static struct finding_figure *figure_of(struct arena *arena, const struct figures *figures, struct aspect aspect,
                                        i64 minimum_n)
{
    struct finding_figure *out = arena_new(arena, struct finding_figure, 1);
    struct interval share;
    i64 hits, all;
    out->n = size_of(figures, aspect);
    if (out->n < greater(minimum_n, 1)) {
        return NULL;
    }
    if (aspect.kind == FINDING_SCORE && aspect.metric == METRIC_NPS) {
        struct nps_score score;
        (void)!nps_score(&figures->nps, &score);
        *out = (struct finding_figure){out->n, score.points, score.low, score.high};
    } else if (aspect.kind == FINDING_SCORE && aspect.metric == METRIC_CES) {
        (void)!interval_mean(&figures->ces, 1, 7, &share);
        *out = (struct finding_figure){out->n, share.value, share.low, share.high};
    } else {
        f64 scale = aspect.kind == FINDING_SCORE ? 100.0 : 1.0;
        hits_of(figures, aspect, &hits, &all);
        (void)!interval_share(hits, all, &share);
        *out = (struct finding_figure){out->n, scale * share.value, scale * share.low, scale * share.high};
    }
    return out;
}

/* The rest of a touchpoint without one part. */
static struct figures less(const struct figures *whole, const struct figures *part)
{
    struct figures rest = *whole;
    rest.nps.detractors -= part->nps.detractors;
    rest.nps.passives -= part->nps.passives;
    rest.nps.promoters -= part->nps.promoters;
    rest.csat_top -= part->csat_top;
    rest.csat_all -= part->csat_all;
    rest.ces.count -= part->ces.count;
    rest.ces.sum -= part->ces.sum;
    rest.ces.sum_squares -= part->ces.sum_squares;
    rest.next_done -= part->next_done;
    rest.next_all -= part->next_all;
    rest.events -= part->events;
    for (i64 i = 0; i < MISHAPS_MAX; i++) {
        rest.mishaps[i] -= part->mishaps[i];
    }
    return rest;
}

/* Judging. */

static f64 least_of(struct aspect aspect)
{
    if (aspect.kind != FINDING_SCORE) {
        return least_rate;
    }
    return aspect.metric == METRIC_NPS ? least_nps : aspect.metric == METRIC_CSAT ? least_csat : least_ces;
}

/* A difference in points from 0 to 100, so that findings of all kinds can be ranked together. */
static f64 points_of(struct aspect aspect, f64 delta)
{
    if (aspect.kind != FINDING_SCORE) {
        return fabs(delta) * 100.0;
    }
    return aspect.metric == METRIC_NPS   ? fabs(delta) / 2.0
           : aspect.metric == METRIC_CES ? fabs(delta) * 100.0 / 6.0
                                         : fabs(delta);
}

static void put(struct judging *judging, struct candidate candidate)
{
    struct difference apart, change;
    if (compare(&candidate.now, &candidate.other, candidate.aspect, &apart) != OK) {
        return;
    }
    candidate.delta = apart.delta;
    candidate.p = apart.p;
    candidate.good = (apart.delta > 0) != (candidate.aspect.kind == FINDING_EVENT_RATE);
    candidate.impact = points_of(candidate.aspect, apart.delta) * (f64)candidate.people;
    candidate.changed = size_of(&candidate.before, candidate.aspect) >= judging->minimum_n &&
                        compare(&candidate.now, &candidate.before, candidate.aspect, &change) == OK &&
                        change.p < false_discoveries && (change.delta > 0) == (apart.delta > 0);
    if (judging->item_count == judging->capacity) {
        judging->capacity = judging->capacity * 2 + 256;
        judging->items = mem_resize(judging->items, judging->capacity * (i64)sizeof(struct candidate));
    }
    judging->items[judging->item_count++] = candidate;
}

/* Parts are compared with the rest; only the smaller side of a split is looked at, the other is its mirror. */
static void judge_part(struct judging *judging, struct candidate candidate, const struct cell *whole)
{
    i64 n = size_of(&candidate.now, candidate.aspect), all = size_of(&whole->spans[SPAN_NOW], candidate.aspect);
    candidate.other = less(&whole->spans[SPAN_NOW], &candidate.now);
    if (n >= judging->minimum_n && all - n >= judging->minimum_n && 2 * n <= all) {
        put(judging, candidate);
    }
}

static void judge_cell(struct judging *judging, i64 touchpoint, i64 probe, u32 code, const struct cell *cell)
{
    struct candidate candidate = {.touchpoint = touchpoint, .probe = probe, .code = code, .people = cell->people};
    const struct cell *whole = &judging->count->whole[touchpoint];
    struct aspect aspects[METRIC_COUNT + MISHAPS_MAX];
    i64 count = 0;
    for (i32 metric = METRIC_NPS; metric < METRIC_COUNT; metric++) {
        aspects[count++] = (struct aspect){FINDING_SCORE, (enum metric)metric, 0};
    }
    aspects[count++] = (struct aspect){.kind = FINDING_NEXT_ACT};
    for (i32 i = 0; i < judging->count->mishap_count; i++) {
        if (whole->spans[SPAN_NOW].mishaps[i] > 0) {
            aspects[count++] = (struct aspect){FINDING_EVENT_RATE, METRIC_NONE, i};
        }
    }
    for (i64 i = 0; i < count; i++) {
        candidate.aspect = aspects[i];
        candidate.now = cell->spans[SPAN_NOW];
        candidate.before = cell->spans[SPAN_BEFORE];
        if (probe >= 0) {
            judge_part(judging, candidate, whole);
            continue;
        }
        candidate.other = candidate.before;
        if (size_of(&candidate.now, aspects[i]) >= judging->minimum_n &&
            size_of(&candidate.before, aspects[i]) >= judging->minimum_n) {
            put(judging, candidate);
        }
    }
}

static void judge_all(struct judging *judging)
{
    const struct findings_count *count = judging->count;
    for (i64 t = 0; t < count->touchpoint_count; t++) {
        judge_cell(judging, t, -1, 0, &count->whole[t]);
        for (i64 i = 0; i < count->probe_count; i++) {
            const struct probe *probe = &count->probes[i];
            for (u32 code = 1; code <= probe->texts->count; code++) {
                u32 cell = probe->cells[t * ((i64)probe->texts->count + 1) + code];
                if (cell != 0) {
                    judge_cell(judging, t, i, code, &count->cells[cell - 1]);
                }
            }
        }
    }
}

/* How far one part's next acts lie from another's is mostly design (a shop is no web page): only a change tells. */
static bool tells(const struct candidate *candidate)
{
    return candidate->aspect.kind != FINDING_NEXT_ACT || candidate->probe < 0 || candidate->changed;
}

static i64 keep_discoveries(struct judging *judging)
{
    f64 *p = mem_new(greater(judging->item_count, 1) * (i64)sizeof(f64));
    for (i64 i = 0; i < judging->item_count; i++) {
        p[i] = judging->items[i].p;
    }
    f64 limit = discovery_limit(p, judging->item_count, false_discoveries);
    mem_free(p);
    i64 kept = 0;
    for (i64 i = 0; i < judging->item_count; i++) {
        struct candidate *candidate = &judging->items[i];
        if (candidate->p <= limit && fabs(candidate->delta) >= least_of(candidate->aspect) && candidate->people > 0 &&
            tells(candidate)) {
            judging->items[kept++] = *candidate;
        }
    }
    return kept;
}

/* Bad before good, then by impact; the rest of the order makes it the same every time. */
static int by_weight(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->good != y->good) {
        return x->good ? 1 : -1;
    }
    if (x->impact != y->impact) {
        return x->impact > y->impact ? -1 : 1;
    }
    if (x->touchpoint != y->touchpoint) {
        return x->touchpoint < y->touchpoint ? -1 : 1;
    }
    return x->probe != y->probe ? (x->probe < y->probe ? -1 : 1) : (x->code > y->code) - (x->code < y->code);
}

static bool same_aspect(struct aspect a, struct aspect b)
{
    return a.kind == b.kind && a.metric == b.metric && a.mishap == b.mishap;
}

/* One story often shows in several fields: of a touchpoint's aspect at most PER_TOUCHPOINT stay, one a field. */
static bool is_new(const struct candidate *chosen, i64 count, const struct candidate *next)
{
    i64 like = 0;
    for (i64 i = 0; i < count; i++) {
        const struct candidate *other = &chosen[i];
        if (other->touchpoint == next->touchpoint && other->good == next->good &&
            same_aspect(other->aspect, next->aspect)) {
            like++;
            if (other->probe == next->probe && next->probe >= 0 && like >= 1 && next->impact * 2 < other->impact) {
                return false;
            }
        }
    }
    return like < PER_TOUCHPOINT;
}

static i64 choose(struct candidate *items, i64 count)
{
    i64 chosen = 0, bad = 0;
    for (i64 i = 0; i < count && chosen < FINDINGS_MAX; i++) {
        struct candidate next = items[i];
        if ((next.good || bad < BAD_MAX) && is_new(items, chosen, &next)) {
            bad += !next.good;
            items[chosen++] = next;
        }
    }
    return chosen;
}

/* Telling. */

static void put_is(struct json_writer *writer, str field, str value)
{
    json_object(writer);
    json_pair_str(writer, "field", field);
    json_key(writer, STR("is"));
    json_list(writer);
    json_put_str(writer, value);
    json_list_end(writer);
    json_object_end(writer);
}

static struct finding tell(const struct judging *judging, const struct candidate *candidate)
{
    const struct findings_count *count = judging->count;
    struct arena *arena = &count->asking->ctx->arena;
    const struct touchpoint *touchpoint = journey_map_touchpoint(&count->version->map, candidate->touchpoint);
    struct aspect aspect = candidate->aspect;
    struct finding finding = {
        .touchpoint = touchpoint->id,
        .name = touchpoint->name,
        .stage = touchpoint->stage,
        .metric = aspect.kind == FINDING_SCORE ? metric_word(aspect.metric) : STR_NONE,
        .kind = (i32)aspect.kind,
        .now = figure_of(arena, &candidate->now, aspect, 1),
        .before = figure_of(arena, &candidate->before, aspect, judging->minimum_n),
        .rest = candidate->probe < 0 ? NULL : figure_of(arena, &candidate->other, aspect, 1),
        .delta = candidate->delta,
        .people = candidate->people,
        .good = candidate->good,
    };
    struct json_writer where = json_writer_in(arena);
    json_list(&where);
    put_is(&where, STR("touchpoint"), touchpoint->id);
    if (candidate->probe >= 0) {
        const struct probe *probe = &count->probes[candidate->probe];
        finding.field = str_copy(arena, probe->name);
        finding.value = str_copy(arena, dictionary_text(probe->texts, candidate->code));
        put_is(&where, finding.field, finding.value);
    }
    if (aspect.kind == FINDING_SCORE) {
        put_is(&where, STR("metric"), finding.metric);
    }
    if (aspect.kind == FINDING_EVENT_RATE) {
        u32 kind = count->mishaps[aspect.mishap];
        finding.event = str_copy(arena, dictionary_text(&count->asking->index->texts[WORD_KIND], kind));
        put_is(&where, STR("kind"), finding.event);
    }
    json_list_end(&where);
    finding.where = json_text(&where);
    return finding;
}

static void judge(const struct findings_count *count, i64 minimum_n, struct shape_list *out)
{
    struct judging judging = {.count = count, .minimum_n = minimum_n};
    judge_all(&judging);
    i64 kept = keep_discoveries(&judging);
    if (kept > 0) {
        qsort(judging.items, (size_t)kept, sizeof(struct candidate), by_weight);
    }
    i64 chosen = choose(judging.items, kept);
    struct finding *items = arena_new(&count->asking->ctx->arena, struct finding, greater(chosen, 1));
    for (i64 i = 0; i < chosen; i++) {
        items[i] = tell(&judging, &judging.items[i]);
    }
    mem_free(judging.items);
    *out = (struct shape_list){items, chosen};
}

err findings_read(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *sight,
                  const struct question *question, struct shape_list *out)
{
    str items[PROBES_MAX];
    struct names props = {.items = items, .max = PROBES_MAX - 2};
    TRY(index_survey(ctx, rooms->index));
    index_lock(rooms->index);
    findings_props(rooms->index, &ctx->arena, &props);
    index_unlock(rooms->index);
    TRY(index_promote(ctx, rooms->index, props.items, props.count));

    struct question both = *question; // now and the span before it
    both.from_ms.value -= question->to_ms.value - question->from_ms.value;
    struct asking *asking = arena_new(&ctx->arena, struct asking, 1);
    struct findings_count count;
    TRY(asking_begin(ctx, rooms, sight, &both, asking));
    err code = findings_count(asking, question->from_ms.value, &props, &count);
    if (code == OK) {
        judge(&count, question->minimum_n, out);
    }
    asking_end(asking);
    findings_count_free(&count);
    return code;
}
