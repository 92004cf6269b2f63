#include "listen/voices/promise.h"

#include "journey/ask.h"
#include "journey/behind.h"
#include "journey/journeys.h"
#include "measure/compare.h"

static const struct shape_field figures_fields[] = {
    {"period", SHAPE_STR, offsetof(struct promise_figures, period), .help = "shape.promise_figures.period"},
    {"n", SHAPE_I64, offsetof(struct promise_figures, n), .flags = SHAPE_REQUIRED},
    {"kept", SHAPE_I64, offsetof(struct promise_figures, kept), .flags = SHAPE_REQUIRED},
    {"broken", SHAPE_I64, offsetof(struct promise_figures, broken), .flags = SHAPE_REQUIRED},
    {"late", SHAPE_I64, offsetof(struct promise_figures, late), .help = "shape.promise_figures.late"},
    {"open", SHAPE_I64, offsetof(struct promise_figures, open), .help = "shape.promise_figures.open"},
    {"rate", SHAPE_MAYBE_F64, offsetof(struct promise_figures, rate), .help = "shape.promise_figures.rate"},
    {"low", SHAPE_MAYBE_F64, offsetof(struct promise_figures, low)},
    {"high", SHAPE_MAYBE_F64, offsetof(struct promise_figures, high)},
    {"few", SHAPE_BOOL, offsetof(struct promise_figures, few), .flags = SHAPE_REQUIRED},
    {"gap", SHAPE_MAYBE_F64, offsetof(struct promise_figures, gap), .help = "shape.promise_figures.gap"},
    {"gap_low", SHAPE_MAYBE_F64, offsetof(struct promise_figures, gap_low)},
    {"gap_high", SHAPE_MAYBE_F64, offsetof(struct promise_figures, gap_high)},
    {"expected", SHAPE_MAYBE_F64, offsetof(struct promise_figures, expected), .help = "shape.promise_figures.expected"},
    {"experienced", SHAPE_MAYBE_F64, offsetof(struct promise_figures, experienced)},
};
const struct shape promise_figures_shape = SHAPE("PromiseFigures", struct promise_figures, figures_fields,
                                                 "shape.promise_figures");

const char *const promise_states[] = {"unknown", "kept", "unsure", "broken", NULL};

static const struct shape_field answer_fields[] = {
    {"whole", SHAPE_OBJECT, offsetof(struct promise_answer, whole), .of = &promise_figures_shape,
     .flags = SHAPE_REQUIRED},
    {"rows", SHAPE_LIST, offsetof(struct promise_answer, rows), .of = &promise_figures_shape, .flags = SHAPE_REQUIRED},
    {"state", SHAPE_WORD, offsetof(struct promise_answer, state), .words = promise_states, .flags = SHAPE_REQUIRED,
     .help = "shape.promise_answer.state"},
    {"kept_where", SHAPE_JSON, offsetof(struct promise_answer, kept_where), .help = "shape.promise_answer.where"},
    {"broken_where", SHAPE_JSON, offsetof(struct promise_answer, broken_where), .help = "shape.promise_answer.where"},
};
const struct shape promise_answer_shape = SHAPE("PromiseAnswer", struct promise_answer, answer_fields,
                                                "shape.promise_answer");

enum { PERIODS_MOST = 2000, SCORES = 11 };

struct promise_asking {
    struct ctx *ctx;
    const struct asked_rooms *rooms;
    const struct sight *sight;
    const struct question_defaults *defaults;
    const struct promise_span *span;
    const struct journey_version *map;
    struct promise_figures whole, *rows;
    i64 row_count;
};

/* Questions. */

static void put_pair(struct json_writer *writer, const char *name, str text)
{
    if (text.len > 0) {
        json_pair_str(writer, name, text);
    }
}

/* The beginning of a question about the span; `where` conditions follow, each of them JSON. */
static struct json_writer question_begin(const struct promise_asking *asking, const char *ask, bool every)
{
    struct json_writer writer = json_writer_in(&asking->ctx->arena);
    json_object(&writer);
    json_pair_str(&writer, "ask", str_from(ask));
    put_pair(&writer, "from", asking->span->from);
    put_pair(&writer, "to", asking->span->to);
    if (every) {
        put_pair(&writer, "every", asking->span->every);
    }
    return writer;
}

/* [{"any":[A]}, {"any":[B]}, …]: each may be a condition or a list of them. */
static void put_all(struct json_writer *writer, const str *conditions, i64 count)
{
    json_list(writer);
    for (i64 i = 0; i < count; i++) {
        if (conditions[i].len > 0) {
            json_object(writer);
            json_key(writer, STR("any"));
            json_list(writer);
            json_put_raw(writer, conditions[i]);
            json_list_end(writer);
            json_object_end(writer);
        }
    }
    json_list_end(writer);
}

static str list_of(struct arena *arena, const str *conditions, i64 count)
{
    struct json_writer writer = json_writer_in(arena);
    put_all(&writer, conditions, count);
    return json_text(&writer);
}

/* {"not":{"any":[A]}} */
static str not_of(struct arena *arena, str condition)
{
    struct json_writer writer = json_writer_in(arena);
    json_object(&writer);
    json_key(&writer, STR("not"));
    json_object(&writer);
    json_key(&writer, STR("any"));
    json_list(&writer);
    json_put_raw(&writer, condition);
    json_list_end(&writer);
    json_object_end(&writer);
    json_object_end(&writer);
    return json_text(&writer);
}

static err run(const struct promise_asking *asking, struct json_writer *writer, struct json *rows)
{
    struct ctx *ctx = asking->ctx;
    struct question question;
    struct json object;
    str answer;
    json_object_end(writer);
    TRY(json_parse(ctx, json_reader_here(), json_text(writer), &object));
    TRY(question_read(ctx, object, asking->defaults, &question));
    question.map = asking->map;
    TRY(ask_answer(ctx, asking->rooms, asking->sight, &question, &answer));
    TRY(json_parse(ctx, json_reader_here(), answer, &object));
    *rows = json_get(object, STR("rows"));
    return OK;
}

static i64 number_of(struct json row, const char *name)
{
    i64 number = 0;
    (void)json_i64(json_get(row, str_from(name)), &number);
    return number;
}

static struct promise_figures *find_period(struct promise_asking *asking, str period)
{
    for (i64 i = 0; i < asking->row_count; i++) {
        if (str_eq(asking->rows[i].period, period)) {
            return &asking->rows[i];
        }
    }
    return NULL;
}

/* The figures of the row's period, added in order; of the whole where there are none. NULL: too many periods. */
static struct promise_figures *figures_of(struct promise_asking *asking, struct json row)
{
    str period;
    if (!json_str(json_get(row, STR("period")), &period)) {
        return &asking->whole;
    }
    struct promise_figures *found = find_period(asking, period);
    if (found != NULL || asking->row_count == PERIODS_MOST) {
        return found;
    }
    i64 at = asking->row_count++;
    for (; at > 0 && str_cmp(asking->rows[at - 1].period, period) > 0; at--) {
        asking->rows[at] = asking->rows[at - 1];
    }
    asking->rows[at] = (struct promise_figures){.period = str_copy(&asking->ctx->arena, period)};
    return &asking->rows[at];
}

static err too_many(const struct promise_asking *asking)
{
    return FAIL(asking->ctx, ERR_INVALID, "every", "error.ask.periods",
                {"most", str_format(&asking->ctx->arena, "%d", (int)PERIODS_MOST)});
}

/* Whether, and how far, a promise was kept. */

static void rate(struct promise_figures *figures, i64 minimum_n)
{
    struct interval share;
    figures->n = figures->kept + figures->broken;
    figures->few = figures->n < minimum_n;
    if (interval_share(figures->kept, figures->n, &share) == OK) {
        figures->rate = (struct maybe_f64){share.value, true};
        figures->low = (struct maybe_f64){share.low, true};
        figures->high = (struct maybe_f64){share.high, true};
    }
}

static err follows_once(struct promise_asking *asking, bool every)
{
    struct json rows;
    struct json_writer writer = question_begin(asking, "adherence", every);
    if (asking->span->where.len > 0) {
        json_pair_raw(&writer, "where", asking->span->where);
    }
    TRY(run(asking, &writer, &rows));
    for (struct json_iter i = json_each(rows); json_next(&i);) {
        str touchpoint;
        f64 share = 0.0;
        if (!json_str(json_get(i.value, STR("touchpoint")), &touchpoint)) {
            continue; // what lies on none
        }
        struct promise_figures *figures = figures_of(asking, i.value);
        if (figures == NULL) {
            return too_many(asking);
        }
        (void)json_f64(json_get(i.value, STR("next_act_rate")), &share);
        figures->open = number_of(i.value, "open");
        i64 closed = number_of(i.value, "reached") - figures->open;
        figures->kept = (i64)(share * (f64)closed + 0.5);
        figures->broken = closed - figures->kept;
        figures->late = number_of(i.value, "late");
    }
    return OK;
}

/* Counts the events under the conditions into `kept` or, where they did not keep it, `broken`. */
static err count_once(struct promise_asking *asking, str where, bool every, bool kept)
{
    struct json rows;
    struct json_writer writer = question_begin(asking, "count", every);
    json_pair_str(&writer, "of", STR("events"));
    json_pair_raw(&writer, "where", where);
    TRY(run(asking, &writer, &rows));
    for (struct json_iter i = json_each(rows); json_next(&i);) {
        struct promise_figures *figures = figures_of(asking, i.value);
        if (figures == NULL) {
            return too_many(asking);
        }
        *(kept ? &figures->kept : &figures->broken) += number_of(i.value, "events");
    }
    return OK;
}

static err share_all(struct promise_asking *asking, const struct promise_answer *out)
{
    for (i32 every = 0; every <= (asking->span->every.len > 0); every++) {
        TRY(count_once(asking, out->kept_where, every != 0, true));
        TRY(count_once(asking, out->broken_where, every != 0, false));
    }
    return OK;
}

/* The gap. */

static str answers_to(struct arena *arena, str question)
{
    struct json_writer writer = json_writer_in(arena);
    json_object(&writer);
    json_pair_str(&writer, "field", STR("question"));
    json_key(&writer, STR("is"));
    json_list(&writer);
    json_put_str(&writer, question);
    json_list_end(&writer);
    json_object_end(&writer);
    return json_text(&writer);
}

static str score_is(struct arena *arena, const char *operator, f64 score)
{
    struct json_writer writer = json_writer_in(arena);
    json_object(&writer);
    json_pair_str(&writer, "field", STR("score"));
    json_pair_f64(&writer, operator, score);
    json_object_end(&writer);
    return json_text(&writer);
}

/* Sums of the answers to one question, of the whole span or of each period, and the one scale they have. */
struct answers {
    struct moments whole, *rows; /* rows: as those of the asking */
    str scale;
};

static err no_scale(const struct promise_asking *asking)
{
    return FAIL(asking->ctx, ERR_INVALID, "test", "error.promise.scales");
}

/* Counts by scale under a condition on the score; `count` gets how many there are. */
static err count_by_scale(struct promise_asking *asking, str question, str score, bool every, struct json *rows)
{
    struct arena *arena = &asking->ctx->arena;
    struct json_writer writer = question_begin(asking, "count", every);
    str conditions[] = {answers_to(arena, question), score, asking->span->where};
    json_pair_str(&writer, "of", STR("events"));
    json_pair_raw(&writer, "by", STR("[\"scale\"]"));
    json_pair_raw(&writer, "where", list_of(arena, conditions, countof(conditions)));
    return run(asking, &writer, rows);
}

/* The one scale that all answers have; and how many answers there are. */
static err find_scale(struct promise_asking *asking, str question, struct answers *out, i64 *count)
{
    struct json rows;
    *count = 0;
    TRY(count_by_scale(asking, question, STR("{\"field\":\"score\",\"exists\":true}"), false, &rows));
    for (struct json_iter i = json_each(rows); json_next(&i);) {
        str scale = STR_NONE;
        (void)json_str(json_get(i.value, STR("scale")), &scale);
        if (out->scale.len > 0 && !str_eq(out->scale, scale)) {
            return no_scale(asking);
        }
        out->scale = str_copy(&asking->ctx->arena, scale);
        *count += number_of(i.value, "events");
    }
    return OK;
}

static err count_score(struct promise_asking *asking, str question, i64 score, bool every, struct answers *out)
{
    struct json rows;
    TRY(count_by_scale(asking, question, score_is(&asking->ctx->arena, "is", (f64)score), every, &rows));
    for (struct json_iter i = json_each(rows); json_next(&i);) {
        i64 count = number_of(i.value, "events");
        struct moments *moments = &out->whole;
        str period = STR_NONE;
        if (every && json_str(json_get(i.value, STR("period")), &period)) {
            const struct promise_figures *figures = find_period(asking, period);
            if (figures == NULL) {
                continue; // it came in between
            }
            moments = &out->rows[figures - asking->rows];
        }
        moments->count += count;
        moments->sum += (f64)(score * count);
        moments->sum_squares += (f64)(score * score * count);
    }
    return OK;
}

/* Scores are whole numbers from 0 to 10, so that a count of each says everything. */
static err count_scores(struct promise_asking *asking, str question, bool every, struct answers *out)
{
    for (i64 score = 0; score < SCORES; score++) {
        TRY(count_score(asking, question, score, every, out));
    }
    return OK;
}

static err count_answers(struct promise_asking *asking, str question, struct answers *out)
{
    i64 count;
    TRY(find_scale(asking, question, out, &count));
    TRY(count_scores(asking, question, false, out));
    return out->whole.count < count ? no_scale(asking) : OK; // some are no whole numbers
}

static void put_gap(struct promise_figures *figures, const struct moments *experienced, const struct moments *expected)
{
    struct difference gap;
    if (expected->count > 0) {
        figures->expected = (struct maybe_f64){expected->sum / (f64)expected->count, true};
    }
    if (experienced->count > 0) {
        figures->experienced = (struct maybe_f64){experienced->sum / (f64)experienced->count, true};
    }
    if (compare_means(experienced, expected, &gap) == OK) {
        figures->gap = (struct maybe_f64){gap.delta, true};
        figures->gap_low = (struct maybe_f64){gap.low, true};
        figures->gap_high = (struct maybe_f64){gap.high, true};
    }
}

/* Both means of the whole span, then what kept up with the expectation; of a period its own experience against the expectation of
 * the whole span, which few answer. */
static err gap_all(struct promise_asking *asking, const struct promise_test *test, struct promise_answer *out)
{
    struct arena *arena = &asking->ctx->arena;
    struct answers expected = {0}, experienced = {0};
    TRY(count_answers(asking, test->expected, &expected));
    TRY(count_answers(asking, test->experienced, &experienced));
    if (expected.scale.len > 0 && experienced.scale.len > 0 && !str_eq(expected.scale, experienced.scale)) {
        return FAIL(asking->ctx, ERR_INVALID, "test", "error.promise.scales");
    }
    put_gap(&asking->whole, &experienced.whole, &expected.whole);
    if (!asking->whole.expected.is) {
        return OK;
    }
    f64 limit = asking->whole.expected.value;
    str kept[] = {answers_to(arena, test->experienced), score_is(arena, "gte", limit), asking->span->where};
    str broken[] = {kept[0], score_is(arena, "lt", limit), asking->span->where};
    out->kept_where = list_of(arena, kept, countof(kept));
    out->broken_where = list_of(arena, broken, countof(broken));
    TRY(share_all(asking, out));
    if (asking->span->every.len > 0 && asking->row_count > 0) {
        experienced.rows = arena_new(arena, struct moments, PERIODS_MOST);
        TRY(count_scores(asking, test->experienced, true, &experienced));
        for (i64 i = 0; i < asking->row_count; i++) {
            put_gap(&asking->rows[i], &experienced.rows[i], &expected.whole);
        }
    }
    return OK;
}

/* All kinds. */

static enum promise_state state_of(const struct promise_figures *whole, f64 target)
{
    if (!whole->rate.is) {
        return PROMISE_UNKNOWN;
    }
    if (whole->high.value < target) {
        return PROMISE_BROKEN;
    }
    return whole->rate.value >= target - 1e-12 && !whole->few ? PROMISE_KEPT : PROMISE_UNSURE;
}

/* A promise holds from its day on: what came before counts neither way. */
static str from_when(struct ctx *ctx, const struct question_defaults *defaults, str from, str since)
{
    i64 from_ms, since_ms;
    if (since.len == 0 || !iso_parse(defaults->zone, since, &since_ms)) {
        return from;
    }
    (void)ctx;
    return from.len > 0 && iso_parse(defaults->zone, from, &from_ms) && from_ms > since_ms ? from : since;
}

static err map_of(struct ctx *ctx, const struct promise_test *test, const struct journey_version **out)
{
    const struct journey_alone alone = {
        .id = STR("promise"), .name = STR("promise"), .where = test->when, .when = test->then, .within = test->within};
    return journey_alone(ctx, &alone, out);
}

static err ask_kind(struct promise_asking *asking, const struct promise_test *test, struct promise_answer *out)
{
    struct arena *arena = &asking->ctx->arena;
    if (test->kind == PROMISE_GAP) {
        return gap_all(asking, test, out);
    }
    if (test->kind == PROMISE_SHARE) {
        str kept[] = {test->of, test->kept, asking->span->where};
        str broken[] = {test->of, not_of(arena, test->kept), asking->span->where};
        out->kept_where = list_of(arena, kept, countof(kept));
        out->broken_where = list_of(arena, broken, countof(broken));
        return share_all(asking, out);
    }
    TRY(map_of(asking->ctx, test, &asking->map));
    TRY(follows_once(asking, false));
    return asking->span->every.len > 0 ? follows_once(asking, true) : OK;
}

err promise_ask(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *sight,
                const struct question_defaults *defaults, const struct promise *promise,
                const struct promise_span *span, struct promise_answer *out)
{
    struct promise_test test;
    struct promise_span asked = *span;
    struct promise_asking asking = {.ctx = ctx, .rooms = rooms, .sight = sight, .defaults = defaults, .span = &asked};
    *out = (struct promise_answer){0};
    asked.from = from_when(ctx, defaults, span->from, promise->since);
    asking.rows = arena_new(&ctx->arena, struct promise_figures, PERIODS_MOST);
    TRY(promise_test_read(ctx, promise->test, &test));
    TRY(ask_kind(&asking, &test, out));
    rate(&asking.whole, defaults->minimum_n);
    for (i64 i = 0; i < asking.row_count; i++) {
        rate(&asking.rows[i], defaults->minimum_n);
    }
    out->whole = asking.whole;
    out->rows = (struct shape_list){asking.rows, asking.row_count};
    out->state = (i32)state_of(&asking.whole, promise->target);
    return OK;
}

/* A question of planned against actual, and the figure of its one touchpoint. */
err promise_behind(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *sight,
                   const struct question_defaults *defaults, const struct promise *promise,
                   const struct promise_behind *asked, struct behind_page *out)
{
    static const struct {
        const char *word, *what;
        enum behind_what is;
    } words[] = {
        {"kept", "done", BEHIND_DONE},    {"broken", "never", BEHIND_MISSED}, {"late", "late", BEHIND_LATE},
        {"never", "never", BEHIND_NEVER}, {"open", "open", BEHIND_OPEN},
    };
    struct promise_test test;
    struct behind *behind = arena_new(&ctx->arena, struct behind, 1);
    struct promise_span span = asked->span;
    struct json object;
    u32 what = 0;
    while (what < countof(words) && !str_eq(asked->what, str_from(words[what].word))) {
        what++;
    }
    TRY(promise_test_read(ctx, promise->test, &test));
    if (test.kind != PROMISE_FOLLOWS || what == countof(words)) {
        return FAIL(ctx, ERR_INVALID, "what", "error.word", {"allowed", STR("kept, broken, late, never, open")});
    }
    span.from = from_when(ctx, defaults, span.from, promise->since);
    struct promise_asking asking = {.ctx = ctx, .rooms = rooms, .sight = sight, .defaults = defaults, .span = &span};
    struct json_writer question = question_begin(&asking, "adherence", asked->period.len > 0);
    if (span.where.len > 0) {
        json_pair_raw(&question, "where", span.where);
    }
    json_object_end(&question);
    struct json_writer text = json_writer_in(&ctx->arena);
    json_object(&text);
    json_pair_raw(&text, "question", json_text(&question));
    json_key(&text, STR("row"));
    json_object(&text);
    json_pair_str(&text, "touchpoint", STR("promise"));
    put_pair(&text, "period", asked->period);
    json_object_end(&text);
    json_pair_str(&text, "what", str_from(words[what].what));
    json_pair_i64(&text, "limit", asked->limit > 0 ? asked->limit : QUESTION_LIMIT_DEFAULT);
    json_pair_id(&text, "after", asked->after);
    json_object_end(&text);
    TRY(json_parse(ctx, json_reader_here(), json_text(&text), &object));
    TRY(behind_read(ctx, object, defaults, behind));
    behind->what = words[what].is;
    TRY(map_of(ctx, &test, &behind->question.map));
    return behind_people(ctx, rooms, sight, behind, out);
}
