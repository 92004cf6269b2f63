#include "journey/sql/findings.h"

#include "journey/sql/adherence.h"
#include "journey/sql/answers.h"

/* Figures are counted in cells: one for each touchpoint as a whole (field 0), and one for each of its facets: a field (the
 * number of its probe + 1) and a value. */

struct facet_of {
    u8 field;
    u32 code; /* of the value in the field's dictionary; 0: it was not met among the events */
};

/* A row of what ClickHouse counted. */
struct tallied {
    u8 touchpoint, span;
    struct facet_of facet;
    enum metric metric; /* of answers */
    struct scale scale;
    f64 value;
    i32 mishap; /* of events; -1: it is none */
    i64 times;
};

struct reading {
    struct sql_asking sql;
    struct sql_visits visits;
    struct findings_count *count;
    struct part *part; /* its memory */
    struct dictionary texts[PROBES_MAX];
    struct sql_expr spot;
    str facets, mishaps;
    struct sql_expr where;  /* what is counted now */
    struct buf not_allowed; /* answers that their scale does not allow, as SQL */
    struct tallied *rows;
    i64 row_count, row_capacity;
    struct facet_of *of_steps; /* of the person being read, step by step */
    i64 *first;                /* [step]: its first one; [step + 1]: the end */
    i64 of_capacity, first_capacity;
    bool *changed; /* touchpoints of which something is left out: only they are counted again */
    bool counted;  /* everything was, once */
};

static err told(struct reading *reading, err code)
{
    const struct fault *fault = &reading->part->ctx.fault;
    if (code != OK && fault->key != NULL) {
        (void)ctx_fail_args(reading->sql.ctx, code, NULL, fault->key, fault->args, fault->arg_count);
    }
    return code;
}

/* What to split by. */

static void put_field(struct reading *reading, struct buf *facets, str name, str value)
{
    struct findings_count *count = reading->count;
    struct ctx *ctx = reading->sql.ctx;
    if (count->probe_count < PROBES_MAX) {
        count->probes[count->probe_count++] = (struct probe){.name = name, .slot = -1};
        str number = str_format(&ctx->arena, "%lld", (long long)count->probe_count);
        buf_add(facets, SQL_TEXT(ctx, SQL_CLICK_FACET, PART("number", number), PART("value", value)));
    }
}

static str value_of_prop(struct ctx *ctx, str name)
{
    return SQL_TEXT(ctx, SQL_CLICK_PROP, VALUE_STR("name", name));
}

static err put_props(struct reading *reading, struct buf *facets)
{
    struct sql_asking *sql = &reading->sql;
    struct ctx *ctx = sql->ctx;
    struct click_rows rows;
    str most = str_format(&ctx->arena, "%d", PROBE_VALUES_MAX);
    TRY(sql_query(sql, SQL_TEXT(ctx, SQL_CLICK_SPLIT_NAMES, PART("most", most), PART("where", sql->known.text)),
                  &rows));
    while (click_more(&rows)) {
        str name = click_str(&rows);
        i64 events = (i64)click_u64(&rows), values = (i64)click_u64(&rows);
        if (findings_splits(name, values, events)) {
            put_field(reading, facets, str_format(&ctx->arena, "prop:%.*s", STR_ARG(name)), value_of_prop(ctx, name));
        }
    }
    return OK;
}

static err put_fields(struct reading *reading)
{
    struct ctx *ctx = reading->sql.ctx;
    struct buf facets = buf_in(&ctx->arena);
    put_field(reading, &facets, STR("place"), sql_word(ctx, WORD_PLACE));
    put_field(reading, &facets, STR("channel"), sql_word(ctx, WORD_CHANNEL));
    TRY(put_props(reading, &facets));
    reading->facets = SQL_TEXT(ctx, SQL_CLICK_FACETS, PART("facets", buf_str(&facets)));
    return OK;
}

static err put_mishaps(struct reading *reading)
{
    struct ctx *ctx = reading->sql.ctx;
    struct str_list kinds;
    struct buf list = buf_in(&ctx->arena);
    i64 found = 0;
    TRY(sql_words(reading->sql.asking, WORD_KIND, &kinds));
    str *unhappy = arena_new(&ctx->arena, str, kinds.count + 1);
    for (i64 i = 0; i < kinds.count; i++) {
        if (findings_is_unhappy(&ctx->arena, kinds.items[i])) {
            unhappy[found++] = kinds.items[i];
        }
    }
    findings_sort_mishaps(reading->count, unhappy, found);
    for (i64 i = 0; i < reading->count->mishap_count; i++) {
        click_literal(&list, reading->count->mishaps[i]);
        buf_add(&list, STR(", "));
    }
    click_literal(&list, STR("")); // so that the list is never empty: no event's kind
    reading->mishaps = buf_str(&list);
    return OK;
}

/* Leaving out. */

/* What a field's value is of an event. */
static str value_of(struct reading *reading, i64 probe)
{
    static const i64 place = 0, channel = 1;
    str name = reading->count->probes[probe].name;
    struct ctx *ctx = reading->sql.ctx;
    return probe == place || probe == channel ? name : value_of_prop(ctx, str_slice(name, 5, name.len));
}

/* The parts of one field that are left out, as pairs of touchpoint and value. */
static str pairs_of(struct reading *reading, i64 probe)
{
    const struct findings_count *count = reading->count;
    struct buf pairs = buf_in(&reading->sql.ctx->arena);
    for (i64 i = 0; i < count->without_count; i++) {
        const struct facet *facet = &count->without[i];
        if (facet->probe == probe) {
            buf_format(&pairs, "%s(%lld, ", pairs.len == 0 ? "" : ", ", (long long)facet->touchpoint);
            click_literal(&pairs, texts_text(&count->probes[probe].texts, facet->code));
            buf_add(&pairs, STR(")"));
        }
    }
    return buf_str(&pairs);
}

/* `place` is the name of an event's place on the map in the statement. */
static struct sql_expr not_left_out(struct reading *reading, const char *place)
{
    struct ctx *ctx = reading->sql.ctx;
    struct sql_expr out = sql_never();
    for (i64 probe = 0; probe < reading->count->probe_count; probe++) {
        str pairs = pairs_of(reading, probe);
        if (pairs.len > 0) {
            struct sql_expr one = {.text = SQL_TEXT(ctx, SQL_CLICK_LEFT_OUT, PART("place", str_from(place)),
                                                    PART("value", value_of(reading, probe)), PART("pairs", pairs))};
            out = sql_or(ctx, out, one);
        }
    }
    return sql_not(ctx, out);
}

/* Events and answers. */

static i32 mishap_of(const struct findings_count *count, str kind)
{
    for (i32 i = 0; i < count->mishap_count && kind.len > 0; i++) {
        if (str_eq(count->mishaps[i], kind)) {
            return i;
        }
    }
    return -1;
}

static bool is_allowed(enum metric metric, struct scale scale, f64 value)
{
    struct tally tally = {.metric = metric};
    tally_add(&tally, scale, value);
    return tally_score(&tally).n > 0;
}

static void put_not_allowed(struct reading *reading, str metric, str scale, f64 value)
{
    struct buf *out = &reading->not_allowed;
    buf_add(out, out->len == 0 ? STR("(") : STR(", ("));
    click_literal(out, metric);
    buf_add(out, STR(", "));
    click_literal(out, scale);
    buf_add(out, STR(", "));
    sql_put_f64(out, value);
    buf_add(out, STR(")"));
}

static struct facet_of read_facet(struct reading *reading, struct click_rows *rows, bool new)
{
    struct facet_of facet = {.field = click_u8(rows)};
    str value = click_str(rows);
    if (facet.field > 0 && facet.field <= reading->count->probe_count) {
        struct dictionary *texts = &reading->texts[facet.field - 1];
        facet.code = new ? dictionary_put(texts, value) : dictionary_find(texts, value);
    }
    return facet;
}

static err read_row(struct reading *reading, struct click_rows *rows)
{
    struct tallied row = {.touchpoint = click_u8(rows)};
    row.facet = read_facet(reading, rows, !reading->counted);
    row.span = click_u8(rows) == 0 ? SPAN_NOW : SPAN_BEFORE;
    str metric = click_str(rows), scale = click_str(rows);
    row.value = click_f64(rows);
    row.mishap = mishap_of(reading->count, click_str(rows));
    row.times = (i64)click_u64(rows);
    if (metric.len > 0) {
        (void)metric_parse(metric, &row.metric);
        (void)scale_parse(scale, &row.scale);
        if (!is_allowed(row.metric, row.scale, row.value)) {
            if (row.facet.field == 0) {
                put_not_allowed(reading, metric, scale, row.value);
            }
            return OK;
        }
    }
    TRY(told(reading, part_room_for(reading->part, &reading->rows, &reading->row_capacity, reading->row_count + 1)));
    reading->rows[reading->row_count++] = row;
    return OK;
}

static err read_rows(struct reading *reading)
{
    struct sql_asking *sql = &reading->sql;
    u32 needs = reading->where.needs | reading->spot.needs;
    struct click_rows rows;
    reading->row_count = 0;
    reading->not_allowed = buf_in(&sql->ctx->arena);
    TRY(sql_query(sql,
                  SQL_TEXT(sql->ctx, SQL_CLICK_FINDINGS, PART("with", sql_with(sql, needs)),
                           PART("spot", reading->spot.text), PART("facets", reading->facets),
                           PART("mishaps", reading->mishaps), PART("from", sql_from(sql, needs)),
                           PART("where", reading->where.text), VALUE_I64("begins", reading->count->from_ms)),
                  &rows));
    while (click_more(&rows)) {
        TRY(read_row(reading, &rows));
    }
    return OK;
}

/* Cells. */

/* The values met are the probes' from now on. */
static void make_probes(struct reading *reading)
{
    struct findings_count *count = reading->count;
    for (i64 i = 0; i < count->probe_count; i++) {
        struct probe *probe = &count->probes[i];
        probe->texts = dictionary_texts(&reading->texts[i]);
        i64 values = (i64)probe->texts.count + 1;
        probe->values = count->touchpoint_count * values <= PROBE_CELLS_MOST ? values : 1;
        probe->cells = arena_new(&reading->sql.ctx->arena, u32, count->touchpoint_count * values);
    }
}

/* The cell of a facet, made where it is new; NULL: values of the field are too many to be told apart. */
static struct cell *cell_of(struct findings_count *count, i64 touchpoint, struct facet_of facet)
{
    if (facet.field == 0) {
        return &count->whole[touchpoint];
    }
    struct probe *probe = &count->probes[facet.field - 1];
    if (facet.code == 0 || facet.code >= probe->values) {
        return NULL;
    }
    u32 *cell = &probe->cells[touchpoint * ((i64)probe->texts.count + 1) + facet.code];
    if (*cell == 0) {
        *cell = findings_add_cell(count, (struct cell){0});
    }
    return &count->cells[*cell - 1];
}

static void add_answers(struct figures *figures, const struct tallied *row)
{
    struct tally one = {.metric = row->metric};
    tally_add(&one, row->scale, row->value);
    figures->nps.detractors += one.nps.detractors * row->times;
    figures->nps.passives += one.nps.passives * row->times;
    figures->nps.promoters += one.nps.promoters * row->times;
    if (row->metric == METRIC_CSAT) {
        figures->csat_top += one.csat.top > 0 ? row->times : 0;
        figures->csat_all += row->times;
    } else if (row->metric == METRIC_CES) {
        figures->ces.count += row->times;
        figures->ces.sum += row->value * (f64)row->times;
        figures->ces.sum_squares += row->value * row->value * (f64)row->times;
    }
}

static void add_rows(struct reading *reading)
{
    for (i64 i = 0; i < reading->row_count; i++) {
        const struct tallied *row = &reading->rows[i];
        struct cell *cell = cell_of(reading->count, row->touchpoint, row->facet);
        if (cell == NULL) {
            continue;
        }
        struct figures *figures = &cell->spans[row->span];
        if (row->metric != METRIC_NONE) {
            add_answers(figures, row);
            continue;
        }
        figures->events += row->times;
        if (row->mishap >= 0) {
            figures->mishaps[row->mishap] += row->times;
        }
    }
}

static err read_people(struct reading *reading)
{
    struct sql_asking *sql = &reading->sql;
    struct ctx *ctx = sql->ctx;
    struct click_rows rows;
    struct sql_expr where = reading->where;
    if (reading->not_allowed.len > 0) {
        struct sql_expr out = {
            .text = SQL_TEXT(ctx, SQL_CLICK_NOT_ALLOWED, PART("answers", buf_str(&reading->not_allowed)))};
        where = sql_and(ctx, where, sql_not(ctx, out));
    }
    u32 needs = where.needs | reading->spot.needs | SQL_NEEDS_PERSON;
    TRY(sql_query(sql,
                  SQL_TEXT(ctx, SQL_CLICK_FINDINGS_PEOPLE, PART("all", sql_people_all(sql)),
                           PART("with", sql_with(sql, needs)), PART("spot", reading->spot.text),
                           PART("facets", reading->facets), PART("people", sql_people(sql)),
                           PART("from", sql_from(sql, needs)), PART("where", where.text),
                           VALUE_I64("begins", reading->count->from_ms)),
                  &rows));
    while (click_more(&rows)) {
        i64 touchpoint = click_u8(&rows);
        struct facet_of facet = read_facet(reading, &rows, false);
        struct cell *cell = cell_of(reading->count, touchpoint, facet);
        i64 people = (i64)click_u64(&rows);
        if (cell != NULL) {
            cell->people = people;
        }
    }
    return OK;
}

/* Visits: of each whose time has run out, whether its next act came. */

static err read_step(void *self, struct click_rows *rows, i64 step, [[maybe_unused]] bool counts)
{
    struct reading *reading = self;
    i64 count = click_count(rows), at = step == 0 ? 0 : reading->first[step];
    TRY(told(reading, part_room_for(reading->part, &reading->first, &reading->first_capacity, step + 2)));
    TRY(told(reading, part_room_for(reading->part, &reading->of_steps, &reading->of_capacity, at + count)));
    reading->first[step] = at;
    for (i64 i = 0; i < count && !rows->broken; i++) {
        reading->of_steps[at++] = read_facet(reading, rows, false);
    }
    reading->first[step + 1] = at;
    return OK;
}

static void add_visit(struct reading *reading, const struct visit *visit)
{
    struct findings_count *count = reading->count;
    i64 within = count->version->within_ms[visit->touchpoint];
    if (!visit->counts || !reading->visits.plan.acts.has[visit->touchpoint] ||
        visit->start_ms + within >= count->asking->asked_ms) {
        return; // no next act, or its time has not run out
    }
    i32 span = visit->start_ms >= count->from_ms ? SPAN_NOW : SPAN_BEFORE;
    bool done = visit->act_ms != INT64_MIN && visit->act_ms - visit->start_ms <= within;
    for (i64 i = reading->first[visit->first]; i < reading->first[visit->first + 1]; i++) {
        struct cell *cell = cell_of(count, visit->touchpoint, reading->of_steps[i]);
        if (cell != NULL) {
            cell->spans[span].next_all++;
            cell->spans[span].next_done += done;
        }
    }
}

static err read_person(void *self, [[maybe_unused]] i64 person, const struct visits *visits)
{
    for (i64 i = 0; i < visits->count; i++) {
        if (visits->items[i].touchpoint != VISIT_NONE) {
            add_visit(self, &visits->items[i]);
        }
    }
    return OK;
}

/* Of a visit only its next act is counted. */
static bool *wanted_of(const struct reading *reading)
{
    const struct sql_visits *visits = &reading->visits;
    bool *wanted = arena_new(&reading->sql.ctx->arena, bool, (i64)visits->plan.touchpoint_count + 1);
    for (i32 t = 0; t < visits->plan.touchpoint_count; t++) {
        wanted[t] = visits->plan.acts.has[t] && reading->changed[t];
    }
    return wanted;
}

static err read_visits(struct reading *reading)
{
    struct sql_visits *visits = &reading->visits;
    struct ctx *ctx = reading->sql.ctx;
    visits->takes = sql_and(ctx, reading->sql.takes, not_left_out(reading, "stop"));
    visits->wanted = wanted_of(reading);
    visits->more = SQL_TEXT(ctx, SQL_CLICK_COUNTED_FACETS, PART("facets", reading->facets),
                            VALUE_I64("most", PROBES_MAX + 1));
    visits->read = read_step;
    visits->person = read_person;
    visits->self = reading;
    return sql_visits_run(visits);
}

/* The whole. */

/* Which touchpoints are to be counted: all, then those of which something is left out. Their figures begin anew. */
static i64 begin_count(struct reading *reading)
{
    struct findings_count *count = reading->count;
    i64 touchpoints = count->touchpoint_count, changed = 0;
    memset(reading->changed, !reading->counted, (size_t)touchpoints);
    for (i64 i = 0; i < count->without_count; i++) {
        reading->changed[count->without[i].touchpoint] = true;
    }
    for (i64 t = 0; t < touchpoints; t++) {
        changed += reading->changed[t];
        for (i64 i = 0; i < count->probe_count && reading->changed[t] && reading->counted; i++) {
            i64 width = (i64)count->probes[i].texts.count + 1;
            memset(count->probes[i].cells + t * width, 0, (size_t)width * sizeof(u32));
        }
        count->whole[t] = reading->changed[t] ? (struct cell){0} : count->whole[t];
    }
    return changed;
}

/* On which touchpoints. */
static str changed_places(const struct reading *reading, i64 changed)
{
    struct ctx *ctx = reading->sql.ctx;
    i64 *places = arena_new(&ctx->arena, i64, changed + 1), count = 0;
    for (i64 t = 0; t < reading->count->touchpoint_count; t++) {
        if (reading->changed[t]) {
            places[count++] = t;
        }
    }
    return sql_numbers(ctx, places, count);
}

static bool wants_visits(const struct reading *reading)
{
    const bool *wanted = wanted_of(reading);
    bool any = false;
    for (i64 t = 0; t < reading->count->touchpoint_count; t++) {
        any |= wanted[t];
    }
    return any;
}

static err read_all(struct findings_count *count)
{
    struct reading *reading = count->self;
    struct sql_asking *sql = &reading->sql;
    struct ctx *ctx = sql->ctx;
    i64 changed = begin_count(reading);
    if (changed == 0) {
        return OK;
    }
    struct sql_expr counted = {
        .text = SQL_TEXT(ctx, SQL_CLICK_FINDING_WHERE, PART("places", changed_places(reading, changed)))};
    reading->where = sql_and(ctx, sql_where(sql), sql_and(ctx, counted, not_left_out(reading, "spot")));
    TRY(read_rows(reading));
    if (!reading->counted) {
        make_probes(reading);
        reading->counted = true;
    }
    add_rows(reading);
    TRY(read_people(reading));
    return wants_visits(reading) ? read_visits(reading) : OK;
}

static void free_texts(void *object)
{
    struct reading *reading = object;
    for (i64 i = 0; i < PROBES_MAX; i++) {
        dictionary_free(&reading->texts[i]);
    }
}

err sql_findings_prepare(const struct asking *asking, i64 from_ms, struct findings_count *out)
{
    struct arena *arena = &asking->ctx->arena;
    struct reading *reading = arena_new(arena, struct reading, 1);
    i64 last_ms;
    *out = (struct findings_count){.asking = asking, .version = asking->journey.newest, .from_ms = from_ms};
    out->read = read_all;
    out->self = reading;
    reading->count = out;
    TRY(sql_begin(asking, &reading->sql));
    TRY(sql_bounds(&reading->sql, &out->first_ms, &last_ms));
    if (out->version == NULL) {
        return OK;
    }
    ctx_defer(asking->ctx, free_texts, reading);
    out->touchpoint_count = out->version->map.touchpoints.count;
    out->whole = arena_new(arena, struct cell, greater(out->touchpoint_count, 1));
    reading->changed = arena_new(arena, bool, out->touchpoint_count + 1);
    reading->part = sql_part(asking, reading, NULL);
    reading->spot = sql_spot(&reading->sql, out->version);
    TRY(sql_visits_begin(&reading->sql, out->version, &reading->visits));
    TRY(put_fields(reading));
    return put_mishaps(reading);
}
