#include "journey/findings.h"

#include "journey/findings_count.h"
#include "journey/sql/findings.h"

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

enum { MISHAPS_LEAST = 5, PER_TOUCHPOINT = 4, BAD_MAX = 14, GOOD_MAX = 8, PARTS_MAX = 200 };

/* Whether a part's own change is sure: stricter, because every part may have changed. */
static const f64 sure_change = 0.01;

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
    bool has_before; /* there are data of the whole span before; else nothing is compared with it */
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
                        change.p < sure_change && (change.delta > 0) == (apart.delta > 0);
    if (judging->item_count == judging->capacity) {
        judging->capacity = judging->capacity * 2 + 256;
        judging->items = mem_resize(judging->items, judging->capacity * (i64)sizeof(struct candidate));
    }
    judging->items[judging->item_count++] = candidate;
}

/* Parts are compared with the rest. Of a split only the smaller side is looked at, the other is its mirror, unless the larger
 * one is what changed. */
static void judge_part(struct judging *judging, struct candidate candidate, const struct cell *whole)
{
    i64 n = size_of(&candidate.now, candidate.aspect), all = size_of(&whole->spans[SPAN_NOW], candidate.aspect);
    struct difference change;
    candidate.other = less(&whole->spans[SPAN_NOW], &candidate.now);
    if (n < judging->minimum_n || all - n < judging->minimum_n) {
        return;
    }
    bool larger_changed = 2 * n > all && size_of(&candidate.before, candidate.aspect) >= judging->minimum_n &&
                          compare(&candidate.now, &candidate.before, candidate.aspect, &change) == OK &&
                          change.p < sure_change;
    if (2 * n <= all || larger_changed) {
        put(judging, candidate);
    }
}

/* A property that only an unhappy event has (its error code) explains nothing: every event with it is one. */
static bool says_nothing(const struct judging *judging, i64 touchpoint, i64 probe, i32 mishap)
{
    const struct probe *split = &judging->count->probes[probe];
    i64 events = 0, mishaps = 0;
    for (u32 code = 1; code <= split->texts.count; code++) {
        u32 cell = split->cells[touchpoint * ((i64)split->texts.count + 1) + code];
        if (cell != 0) {
            events += judging->count->cells[cell - 1].spans[SPAN_NOW].events;
            mishaps += judging->count->cells[cell - 1].spans[SPAN_NOW].mishaps[mishap];
        }
    }
    return events == mishaps;
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
        if (whole->spans[SPAN_NOW].mishaps[i] > 0 && (probe < 0 || !says_nothing(judging, touchpoint, probe, i))) {
            aspects[count++] = (struct aspect){FINDING_EVENT_RATE, METRIC_NONE, i};
        }
    }
    for (i64 i = 0; i < count; i++) {
        candidate.aspect = aspects[i];
        candidate.now = cell->spans[SPAN_NOW];
        candidate.before = judging->has_before ? cell->spans[SPAN_BEFORE] : (struct figures){0};
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
            for (u32 code = 1; code <= probe->texts.count; code++) {
                u32 cell = probe->cells[t * ((i64)probe->texts.count + 1) + code];
                if (cell != 0) {
                    judge_cell(judging, t, i, code, &count->cells[cell - 1]);
                }
            }
        }
    }
}

/* How far one part's next acts lie from another's is mostly design (a shop is no web page): only a change tells. That
 * something unhappy happens less often in a part is no news either. */
static bool tells(const struct candidate *candidate)
{
    bool rate = candidate->aspect.kind == FINDING_EVENT_RATE;
    if (rate && !candidate->good && candidate->now.mishaps[candidate->aspect.mishap] < MISHAPS_LEAST) {
        return false; // a handful is too few for the test behind p
    }
    if (candidate->probe < 0 || candidate->aspect.kind == FINDING_SCORE) {
        return true;
    }
    return rate ? !candidate->good : candidate->changed;
}

static i64 keep_discoveries(struct judging *judging, bool good)
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
            tells(candidate) && candidate->good == good) {
            judging->items[kept++] = *candidate;
        }
    }
    return kept;
}

static int compare_i64(i64 a, i64 b)
{
    return (a > b) - (a < b);
}

/* By impact; the rest of the order makes it the same every time. */
static int by_impact(const void *a, const void *b, void *self)
{
    const struct findings_count *count = self;
    const struct candidate *x = a, *y = b;
    if (x->impact != y->impact) {
        return x->impact > y->impact ? -1 : 1;
    }
    int order = compare_i64(x->touchpoint, y->touchpoint);
    order = order != 0 ? order : compare_i64(x->probe, y->probe);
    if (order == 0 && x->probe >= 0) {
        const struct texts *texts = &count->probes[x->probe].texts;
        order = str_cmp(texts_text(texts, x->code), texts_text(texts, y->code));
    }
    order = order != 0 ? order : compare_i64(x->aspect.kind, y->aspect.kind);
    order = order != 0 ? order : compare_i64(x->aspect.metric, y->aspect.metric);
    return order != 0 ? order : compare_i64(x->aspect.mishap, y->aspect.mishap);
}

static bool same_aspect(struct aspect a, struct aspect b)
{
    return a.kind == b.kind && a.metric == b.metric && a.mishap == b.mishap;
}

/* One story often shows in several fields: of a touchpoint's aspect at most PER_TOUCHPOINT stay, one of each field. */
static bool is_new(const struct candidate *chosen, i64 count, const struct candidate *next)
{
    i64 like = 0;
    for (i64 i = 0; i < count; i++) {
        if (chosen[i].touchpoint == next->touchpoint && same_aspect(chosen[i].aspect, next->aspect)) {
            like += chosen[i].probe == next->probe ? PER_TOUCHPOINT : 1;
        }
    }
    return like < PER_TOUCHPOINT;
}

static i64 choose(const struct judging *judging, i64 count, i64 most)
{
    struct candidate *items = judging->items;
    i64 chosen = 0;
    if (count > 0) {
        qsort_r(items, (size_t)count, sizeof(struct candidate), by_impact, (void *)(uintptr_t)judging->count);
    }
    for (i64 i = 0; i < count && chosen < most; i++) {
        struct candidate next = items[i];
        if (is_new(items, chosen, &next)) {
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
        finding.value = str_copy(arena, texts_text(&probe->texts, candidate->code));
        put_is(&where, finding.field, finding.value);
    }
    if (aspect.kind == FINDING_SCORE) {
        put_is(&where, STR("metric"), finding.metric);
    }
    if (aspect.kind == FINDING_EVENT_RATE) {
        finding.event = str_copy(arena, count->mishaps[aspect.mishap]);
        put_is(&where, STR("kind"), finding.event);
    }
    json_list_end(&where);
    finding.where = json_text(&where);
    return finding;
}

/* Counts, compares, and keeps the bad or the good: in `items` of the judging, `*kept` of them. */
static err judge(struct judging *judging, struct findings_count *count, bool good, const struct facet *without,
                 i64 without_count, i64 *kept)
{
    judging->count = count;
    judging->item_count = 0;
    TRY(findings_count(count, without, without_count));
    judge_all(judging);
    *kept = keep_discoveries(judging, good);
    return OK;
}

static void append(const struct judging *judging, i64 count, struct finding *items, i64 *item_count)
{
    for (i64 i = 0; i < count; i++) {
        items[(*item_count)++] = tell(judging, &judging->items[i]);
    }
}

/* Do the data reach back to the beginning of the span before, but for a tenth of it? A shop that opened last month has no
 * last year to be compared with. */
static bool covers_before(const struct findings_count *count)
{
    i64 begins = count->asking->from_ms;
    return count->first_ms <= begins + (count->from_ms - begins) / 10;
}

/* First what is bad. Then what is good, measured by what is left without the bad parts: beside a bad region all others
 * look good. */
static err judge_both(struct findings_count *count, i64 minimum_n, struct shape_list *out)
{
    struct judging judging = {.minimum_n = minimum_n, .has_before = covers_before(count)};
    struct facet without[PARTS_MAX];
    struct finding *items = arena_new(&count->asking->ctx->arena, struct finding, FINDINGS_MAX);
    i64 kept = 0, parts = 0, item_count = 0;
    err code = judge(&judging, count, false, NULL, 0, &kept);
    for (i64 i = 0; code == OK && i < kept && parts < PARTS_MAX; i++) {
        const struct candidate *bad = &judging.items[i];
        if (bad->probe >= 0) {
            without[parts++] = (struct facet){bad->touchpoint, bad->probe, bad->code};
        }
    }
    if (code == OK) {
        append(&judging, choose(&judging, kept, BAD_MAX), items, &item_count);
        code = judge(&judging, count, true, without, parts, &kept);
    }
    if (code == OK) {
        append(&judging, choose(&judging, kept, GOOD_MAX), items, &item_count);
    }
    mem_free(judging.items);
    *out = (struct shape_list){items, item_count};
    return code;
}

err findings_read(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *sight,
                  const struct question *question, struct shape_list *out)
{
    struct names props = {0};
    if (rooms->index != NULL) {
        TRY(findings_promote(ctx, rooms->index, &props));
    }
    struct question both = *question; // now and the span before it
    both.from_ms.value -= question->to_ms.value - question->from_ms.value;
    struct asking *asking = arena_new(&ctx->arena, struct asking, 1);
    struct findings_count count;
    TRY(asking_begin(ctx, rooms, sight, &both, asking));
    TRY(rooms->index != NULL ? findings_prepare(asking, question->from_ms.value, &props, &count)
                             : sql_findings_prepare(asking, question->from_ms.value, &count));
    err code = judge_both(&count, question->minimum_n, out);
    asking_end(asking);
    findings_count_free(&count);
    return code;
}
