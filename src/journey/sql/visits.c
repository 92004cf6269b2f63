#include "journey/sql/visits.h"

#include "base/progress.h"

#include <stdlib.h>

/* Events whose persons are read together: with all that a step carries some hundred megabytes on the server, and less here. */
enum { PAGE_EVENTS = 2 << 20, PAGES_MOST = 4096, SAMPLES = 64 };

/* Preparing. */

struct sql_expr sql_spot(struct sql_asking *sql, const struct journey_version *version)
{
    struct ctx *ctx = sql->ctx;
    const struct derived *derived = sql->asking->derived;
    i64 none = version == NULL ? 0 : version->map.touchpoints.count, count = 0;
    u32 touches = derived == NULL ? 0 : derived->touch_count;
    i64 *codes = arena_new(&ctx->arena, i64, (i64)touches + 1), *places = arena_new(&ctx->arena, i64, (i64)touches + 1);
    for (u32 code = 1; code <= touches; code++) {
        i64 place = version == NULL ? -1 : journey_map_find_touchpoint(&version->map, derived->touches[code].id);
        if (place >= 0) {
            codes[count] = code;
            places[count++] = place;
        }
    }
    if (count == 0) {
        return (struct sql_expr){.text = SQL_TEXT(ctx, SQL_CLICK_NO_SPOT, VALUE_I64("none", none))};
    }
    return (struct sql_expr){SQL_TEXT(ctx, SQL_CLICK_SPOT, PART("codes", sql_numbers(ctx, codes, count)),
                                      PART("places", sql_numbers(ctx, places, count)), VALUE_I64("none", none)),
                             SQL_NEEDS_TOUCH};
}

/* The bit of a touchpoint's act: that of an earlier one which says the same, or a new one. */
static err put_act(struct sql_visits *visits, i64 t, i64 *bits)
{
    struct ctx *ctx = visits->sql->ctx;
    const struct journey_map *map = &visits->version->map;
    const struct touchpoint *touchpoint = journey_map_touchpoint(map, t);
    struct sql_expr act;
    for (i64 i = 0; i < t; i++) {
        if (visits->plan.acts.has[i] &&
            str_eq(journey_map_touchpoint(map, i)->next_act->when, touchpoint->next_act->when)) {
            bits[t] = bits[i];
            return OK;
        }
    }
    bits[t] = visits->act_count++;
    TRY(sql_condition(visits->sql, &visits->version->when[t], &act));
    visits->needs |= act.needs;
    str *word = &visits->acts[bits[t] / 64];
    str bit = str_format(&ctx->arena, "%llu", 1ULL << (bits[t] % 64));
    str one = SQL_TEXT(ctx, SQL_CLICK_ACT, PART("act", act.text), PART("bit", bit));
    *word = str_is(*word) ? SQL_TEXT(ctx, SQL_CLICK_ACT_ALSO, PART("acts", *word), PART("act", one)) : one;
    return OK;
}

static err put_acts(struct sql_visits *visits)
{
    struct arena *arena = &visits->sql->ctx->arena;
    struct acts *acts = &visits->plan.acts;
    i64 *bits = arena_new(arena, i64, (i64)acts->count + 1);
    visits->act_of = arena_new(arena, struct touch_set, (i64)acts->count + 1);
    for (i32 t = 0; t < acts->count; t++) {
        acts->has[t] = visits->version->within_ms[t] > 0 && !condition_empty(&visits->version->when[t]);
        if (acts->has[t]) {
            acts->rules[t].within_ms = visits->version->within_ms[t];
            TRY(put_act(visits, t, bits));
            touch_put(&visits->act_of[bits[t]], t);
        }
    }
    return OK;
}

err sql_visits_begin(struct sql_asking *sql, const struct journey_version *version, struct sql_visits *out)
{
    struct arena *arena = &sql->ctx->arena;
    i64 count = version->map.touchpoints.count;
    *out = (struct sql_visits){.sql = sql, .version = version, .takes = sql->takes};
    out->plan = (struct steps_plan){.asking = sql->asking, .version = version, .touchpoint_count = (i32)count};
    out->plan.acts = (struct acts){.count = (i32)count,
                                   .has = arena_new(arena, bool, count + 1),
                                   .rules = arena_new(arena, struct visit_rule, count + 1)};
    return put_acts(out);
}

/* More of a step. */

str sql_visits_keys(const struct sql_groups *groups)
{
    struct ctx *ctx = groups->sql->ctx;
    struct buf out = buf_in(&ctx->arena);
    for (i64 i = 0; i <= groups->groups.dimension_count; i++) {
        bool period = i == groups->groups.dimension_count;
        bool text = !period && sql_field_is_text(&groups->groups.dimensions[i].field);
        buf_add(&out, STR(", "));
        buf_add(&out, SQL_TEXT(ctx, text ? SQL_CLICK_COUNTED_TEXT : SQL_CLICK_COUNTED_NUMBER,
                               PART("value", period ? groups->period : groups->keys[i].text)));
    }
    return buf_str(&out);
}

err sql_visits_group(struct sql_groups *groups, struct click_rows *rows, bool counts, i64 *group)
{
    if (counts) {
        return sql_groups_read(groups, rows, group);
    }
    for (i64 i = 0; i < groups->groups.dimension_count; i++) {
        if (sql_field_is_text(&groups->groups.dimensions[i].field)) {
            (void)click_str(rows);
        } else {
            (void)click_u32(rows);
        }
    }
    (void)click_u32(rows);
    *group = 0;
    return OK;
}

/* The statement. */

/* So many bits stand for the acts of a word: 8, 16, 32 or 64. */
static i64 width_of(const struct sql_visits *visits, i64 word)
{
    i64 bits = lesser(visits->act_count - word * 64, 64);
    return bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;
}

static str width_text(struct ctx *ctx, i64 width)
{
    return str_format(&ctx->arena, "%lld", (long long)width);
}

static str word_name(struct ctx *ctx, i64 word)
{
    return str_format(&ctx->arena, "acts%lld", (long long)word);
}

/* Places whose visits are wanted; those of all touchpoints where all are. */
static str wanted_places(const struct sql_visits *visits)
{
    struct ctx *ctx = visits->sql->ctx;
    i64 count = visits->plan.touchpoint_count, found = 0;
    i64 *places = arena_new(&ctx->arena, i64, count + 1);
    for (i64 t = 0; t < count; t++) {
        if (visits->wanted == NULL || visits->wanted[t]) {
            places[found++] = t;
        }
    }
    places[found] = UINT8_MAX; // no place at all, so that the list is never empty
    return sql_numbers(ctx, places, found + 1);
}

/* Steps: what lies on a touchpoint, and what may be somebody's act. */
static struct sql_expr are_steps(const struct sql_visits *visits, u32 needs)
{
    struct ctx *ctx = visits->sql->ctx;
    i64 none = visits->plan.touchpoint_count;
    struct sql_expr steps = {.text = SQL_TEXT(ctx, SQL_CLICK_STOPS, VALUE_I64("none", none))};
    for (i64 word = 0; word * 64 < visits->act_count; word++) {
        struct sql_expr acts = {.text = SQL_TEXT(ctx, SQL_CLICK_ACTS, PART("name", word_name(ctx, word)))};
        steps = sql_or(ctx, steps, acts);
    }
    struct sql_expr where = sql_and(ctx, visits->sql->known, steps);
    where.needs |= needs;
    return where;
}

static struct sql_walks walks_of(const struct sql_visits *visits)
{
    struct sql_asking *sql = visits->sql;
    struct ctx *ctx = sql->ctx;
    struct sql_expr spot = sql_spot(sql, visits->version);
    struct buf acts = buf_in(&ctx->arena);
    u32 needs = spot.needs | visits->takes.needs | visits->needs;
    for (i64 word = 0; word * 64 < visits->act_count; word++) {
        buf_add(&acts, SQL_TEXT(ctx, SQL_CLICK_STEP_ACTS, PART("width", width_text(ctx, width_of(visits, word))),
                                PART("acts", visits->acts[word]), PART("name", word_name(ctx, word))));
    }
    str stop = SQL_TEXT(ctx, SQL_CLICK_STOP, PART("spot", spot.text), VALUE_I64("none", visits->plan.touchpoint_count));
    str counted = SQL_TEXT(ctx, SQL_CLICK_COUNTED, PART("takes", visits->takes.text),
                           PART("wanted", wanted_places(visits)));
    return (struct sql_walks){
        .items = SQL_TEXT(ctx, SQL_CLICK_STEPS, PART("stop", stop), PART("counted", counted),
                          PART("acts", buf_str(&acts)), PART("more", visits->more)),
        .needs = needs,
        .having = str_format(&ctx->arena, " %.*s", STR_ARG(SQL_TEXT(ctx, SQL_CLICK_WHO_COUNTS))),
        .where = are_steps(visits, needs),
    };
}

/* Reading. */

/* The steps of the person being read. */
struct reading {
    struct sql_visits *visits;
    struct visits walked;
    struct step *steps;
    struct touch_set *may, *ask;
    i64 capacity;
};

static void free_reading(void *object)
{
    struct reading *reading = object;
    visits_free(&reading->walked);
    mem_free(reading->steps);
    mem_free(reading->may);
    mem_free(reading->ask);
}

static void reserve(struct reading *reading, i64 count)
{
    if (count <= reading->capacity) {
        return;
    }
    i64 before = reading->capacity;
    reading->capacity = count * 2 + 64;
    reading->steps = mem_resize(reading->steps, reading->capacity * (i64)sizeof(struct step));
    reading->may = mem_resize(reading->may, reading->capacity * (i64)sizeof(struct touch_set));
    reading->ask = mem_resize(reading->ask, reading->capacity * (i64)sizeof(struct touch_set));
    memset(reading->ask + before, 0, (size_t)(reading->capacity - before) * sizeof(struct touch_set));
    reading->walked.acts.may = reading->may;
    reading->walked.acts.ask = reading->ask;
}

static u64 read_word(const struct sql_visits *visits, struct click_rows *rows, i64 word)
{
    switch (width_of(visits, word)) {
    case 8: return click_u8(rows);
    case 16: return click_u16(rows);
    case 32: return click_u32(rows);
    default: return click_u64(rows);
    }
}

static struct touch_set read_acts(const struct sql_visits *visits, struct click_rows *rows)
{
    struct touch_set out = {0};
    for (i64 word = 0; word * 64 < visits->act_count; word++) {
        for (u64 left = read_word(visits, rows, word); left != 0; left &= left - 1) {
            const struct touch_set *of = &visits->act_of[word * 64 + __builtin_ctzll(left)];
            for (i32 w = 0; w < TOUCH_WORDS; w++) {
                out.words[w] |= of->words[w];
            }
        }
    }
    return out;
}

static err read_person(struct reading *reading, struct click_rows *rows)
{
    struct sql_visits *visits = reading->visits;
    i64 person = click_i64(rows), count = click_count(rows);
    reserve(reading, count);
    for (i64 i = 0; i < count && !rows->broken; i++) {
        i64 at_ms = click_i64(rows);
        (void)click_i64(rows); // the id, which only orders
        u8 stop = click_u8(rows);
        bool counts = click_u8(rows) != 0;
        reading->may[i] = read_acts(visits, rows);
        reading->steps[i] = (struct step){at_ms, stop == visits->plan.touchpoint_count ? VISIT_NONE : stop, counts,
                                          (u32)i};
        if (visits->read != NULL) {
            TRY(visits->read(visits->self, rows, i, counts));
        }
    }
    visits_begin(&reading->walked);
    visits_read(&reading->walked, reading->steps, count);
    struct ask_read *read = visits->sql->asking->read;
    read->events += count;
    read->people++;
    return visits->person(visits->self, person, &reading->walked);
}

/* What went wrong in a page's context is told by the question's. */
static err pass_on(struct ctx *ctx, const struct ctx *page, err code)
{
    const struct fault *fault = &page->fault;
    if (code != OK && fault->key != NULL) {
        (void)ctx_fail_args(ctx, code, NULL, fault->key, fault->args, fault->arg_count);
        ctx->fault.pointer = str_copy(&ctx->arena, fault->pointer);
        ctx->fault.retry_after_s = fault->retry_after_s;
    }
    return code;
}

static err read_rows(struct reading *reading, struct ctx *page, str statement)
{
    const struct asking *asking = reading->visits->sql->asking;
    struct click_rows rows;
    err code = click_query(page, reading->visits->sql->ch, CLICK_ASK, statement, &rows);
    if (code != OK) {
        return pass_on(asking->ctx, page, code);
    }
    i64 bytes = rows.end - rows.at;
    TRY(asking_use(asking, bytes));
    while (code == OK && click_more(&rows)) {
        code = read_person(reading, &rows);
    }
    if (code == OK && rows.broken) {
        code = FAIL(asking->ctx, ERR_CORRUPT, "", "error.events_rows");
    }
    budget_give(asking->budget, bytes);
    return code;
}

static err read_page(struct reading *reading, str statement)
{
    struct ctx *ctx = reading->visits->sql->ctx;
    struct ctx page = {.stop = ctx->stop, .cancel = ctx->cancel, .now_ms = ctx->now_ms};
    err code = read_rows(reading, &page, statement);
    reading->visits->sql->asking->read->passes++;
    ctx_end(&page);
    return code;
}

/* Pages. */

static int by_number(const void *first, const void *second)
{
    i64 a = *(const i64 *)first, b = *(const i64 *)second;
    return (a > b) - (a < b);
}

/* The last alias of each page but the last one. */
static err cut_pages(struct sql_asking *sql, i64 **cuts, i64 *count)
{
    i64 first_ms, last_ms, capacity = 0, found = 0;
    i64 *aliases = NULL;
    struct click_rows rows;
    *count = 0;
    *cuts = NULL;
    TRY(sql_bounds(sql, &first_ms, &last_ms));
    i64 page_rows = sql->asking->rooms->limits.piece_rows;
    i64 pages = lesser(sql->events / (page_rows > 0 ? page_rows : PAGE_EVENTS) + 1, PAGES_MOST);
    if (pages == 1) {
        return OK;
    }
    i64 each = greater(sql->events / (pages * SAMPLES), 1);
    TRY(sql_query(sql, SQL_TEXT(sql->ctx, SQL_CLICK_PAGES, VALUE_I64("each", each)), &rows));
    capacity = (rows.end - rows.at) / (i64)sizeof(i64);
    aliases = arena_new(&sql->ctx->arena, i64, capacity + 1);
    *cuts = arena_new(&sql->ctx->arena, i64, pages);
    while (found < capacity && click_more(&rows)) {
        aliases[found++] = click_i64(&rows);
    }
    if (found > 0) {
        qsort(aliases, (size_t)found, sizeof(i64), by_number);
    }
    for (i64 page = 1; page < pages && found > 0; page++) {
        i64 cut = aliases[page * found / pages];
        if (*count == 0 || (*cuts)[*count - 1] < cut) {
            (*cuts)[(*count)++] = cut;
        }
    }
    return OK;
}

static err read_pages(struct reading *reading)
{
    struct sql_asking *sql = reading->visits->sql;
    struct sql_walks walks = walks_of(reading->visits);
    i64 *cuts, count;
    TRY(cut_pages(sql, &cuts, &count));
    progress_begin(sql->ctx->progress, "people", count + 1, 10, 95);
    walks.paged = count > 0;
    for (i64 page = 0; page <= count; page++) {
        walks.above = page == 0 ? INT64_MIN : cuts[page - 1];
        walks.upto = page == count ? INT64_MAX : cuts[page];
        TRY(read_page(reading, sql_walks(sql, &walks)));
        progress_add(sql->ctx->progress, 1);
    }
    return OK;
}

err sql_visits_run(struct sql_visits *visits)
{
    struct ctx *ctx = visits->sql->ctx;
    struct reading *reading = arena_new(&ctx->arena, struct reading, 1);
    *reading = (struct reading){.visits = visits};
    reading->walked = visits_new(visits->plan.acts.rules, visits->plan.touchpoint_count, (struct visit_acts){0});
    ctx_defer(ctx, free_reading, reading);
    return visits->plan.touchpoint_count == 0 ? OK : read_pages(reading);
}
