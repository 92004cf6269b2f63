#include "listen/voices/alerts.h"

#include "base/id.h"
#include "journey/tally.h"
#include "listen/voices/analysis.h"
#include "measure/spike.h"
#include "text/reading.h"

enum {
    WEEKS = 26,
    DAYS = 7 * WEEKS,
    SPIKE_WEEKS = 12, /* of the same weekday */
    MORE_BY = 5,      /* fewer feedbacks too many are no alert */
    WEEK_TEXTS = 10,  /* a week with fewer says nothing about a score or share */
    TOPICS = TOPIC_COUNT_,
    KEEP_DAYS = 400,
};
#define DAY_P 0.001

/* What is counted by day: all, complaints, negative ones, and each topic that is spoken badly of. */
enum { COUNT_ALL, COUNT_COMPLAINT, COUNT_NEGATIVE, COUNT_TOPIC, COUNTS = COUNT_TOPIC + TOPICS };

struct day {
    i64 counts[COUNTS];
    i64 texts;
    struct tally tally;
};

struct look {
    const struct alerts_looking *looking;
    struct ctx *ctx;
    struct analysed series;
    i64 starts[DAYS + 1]; /* newest first: of today, of yesterday … */
    struct day *days;
    i64 at, oldest; /* the day of the row before; the oldest with a row */
    i64 found;
};

static err take(void *self, struct ctx *ctx, const struct feedback *row)
{
    struct look *look = self;
    struct scale scale;
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    while (look->at < DAYS && row->at_ms < look->starts[look->at]) {
        look->at++;
    }
    if (look->at == DAYS) {
        return ERR_EMPTY;
    }
    struct day *day = &look->days[look->at];
    look->oldest = look->at;
    if (analysis_is(&look->series, row->metric, row->question, row->scale) && row->score.is &&
        scale_parse(row->scale, &scale)) {
        tally_add(&day->tally, scale, row->score.value);
    }
    if (row->spam) {
        return OK;
    }
    day->counts[COUNT_ALL]++;
    day->counts[COUNT_COMPLAINT] += row->complaint;
    day->counts[COUNT_NEGATIVE] += str_eq(row->class, STR("negative"));
    day->texts += row->has_text;
    for (i32 topic = 1; topic < TOPICS; topic++) {
        day->counts[COUNT_TOPIC + topic] += row->topics_bad >> topic & 1;
    }
    return OK;
}

static str date_of(struct look *look, i64 day)
{
    char text[ISO_MAX];
    return str_copy(&look->ctx->arena, iso_date(look->looking->zone, look->starts[day], text));
}

/* The filter that finds the rows of `what` between two days. */
static str filter_of(struct look *look, str what, str key, str from, str to)
{
    struct json_writer out = json_writer_in(&look->ctx->arena);
    json_object(&out);
    json_pair_str(&out, "from", from);
    if (to.len > 0) {
        json_pair_str(&out, "to", to);
    }
    json_pair_str(&out, "has_text",
                  str_eq(what, STR("score")) || str_eq(what, STR("volume")) ? STR("any") : STR("true"));
    if (str_eq(what, STR("complaint"))) {
        json_pair_str(&out, "complaint", STR("true"));
    }
    const char *list = str_eq(what, STR("negative")) ? "class" : str_eq(what, STR("topic")) ? "topic" : NULL;
    if (str_eq(what, STR("score"))) {
        list = look->series.metric.len > 0 ? "metric" : "question";
    }
    if (list != NULL) {
        json_key(&out, str_from(list));
        json_list(&out);
        json_put_str(&out, str_eq(what, STR("negative")) ? what : key);
        json_list_end(&out);
    }
    if (str_eq(what, STR("topic"))) {
        json_pair_str(&out, "polarity", STR("negative"));
    }
    json_object_end(&out);
    return json_text(&out);
}

struct keeping {
    struct look *look;
    const struct noticed *noticed;
    str cause;
    bool fresh;
};

static struct store_arg maybe(const char *name, struct maybe_f64 number)
{
    struct store_arg arg = ARG_F64(name, number.value);
    arg.none = !number.is;
    return arg;
}

static err keep(struct ctx *ctx, struct store *store, void *arg)
{
    struct keeping *keeping = arg;
    const struct noticed *noticed = keeping->noticed;
    const struct alerts_looking *looking = keeping->look->looking;
    i64 changed = 0;
    TRY(store_run(ctx, store, SQL_ALERT_ADD,
                  ARGS(ARG_I64("id", noticed->id), ARG_STR("cause", keeping->cause), ARG_STR("kind", noticed->kind),
                       ARG_STR("what", noticed->what), ARG_STR("key", noticed->key), ARG_STR("period", noticed->period),
                       ARG_F64("observed", noticed->observed), ARG_F64("expected", noticed->expected),
                       maybe("low", noticed->low), maybe("high", noticed->high), maybe("p", noticed->p),
                       ARG_STR("filter", noticed->filter), ARG_I64("created", ctx_now_ms(ctx))),
                  &changed));
    keeping->fresh = changed > 0;
    if (changed == 0 || looking->tell == NULL) {
        return OK;
    }
    struct json_writer out = json_writer_in(&ctx->arena);
    shape_write(&out, &noticed_shape, noticed, SHAPE_ALL);
    return looking->tell(looking->self, ctx, noticed->kind, keeping->cause, json_text(&out));
}

static err notice(struct look *look, struct noticed *noticed)
{
    struct keeping keeping = {.look = look, .noticed = noticed};
    noticed->id = id_new();
    noticed->created_ms = ctx_now_ms(look->ctx);
    keeping.cause = str_format(&look->ctx->arena, "%.*s:%.*s:%.*s:%.*s", STR_ARG(noticed->kind), STR_ARG(noticed->what),
                               STR_ARG(noticed->key), STR_ARG(noticed->period));
    TRY(store_write(look->ctx, look->looking->store, keep, &keeping));
    look->found += keeping.fresh;
    return OK;
}

/* Judges a day's count by the same weekday of the weeks before. Today is not over: it can only be too many. */
static err judge_day(struct look *look, i64 day, i32 which, const char *what, str key)
{
    i64 history[SPIKE_WEEKS], weeks = 0, observed = look->days[day].counts[which];
    struct spike spike;
    for (i64 at = day + 7; weeks < SPIKE_WEEKS && at <= look->oldest; at += 7) {
        history[weeks++] = look->days[at].counts[which];
    }
    err code = spike_of(history, weeks, observed, &spike);
    if (code == ERR_EMPTY) {
        return OK;
    }
    TRY(code);
    bool more = spike.p_more < DAY_P && (f64)observed >= spike.expected + MORE_BY;
    bool less = which == COUNT_ALL && day > 0 && spike.p_less < DAY_P && (f64)observed <= spike.expected - MORE_BY;
    if (!more && !less) {
        return OK;
    }
    struct noticed noticed = {
        .kind = more ? STR("spike") : STR("drop"),
        .what = str_from(what),
        .key = key,
        .period = date_of(look, day),
        .observed = (f64)observed,
        .expected = spike.expected,
        .low = {spike.low, true},
        .high = {spike.high, true},
        .p = {more ? spike.p_more : spike.p_less, true},
    };
    noticed.filter = filter_of(look, noticed.what, key, noticed.period, day > 0 ? date_of(look, day - 1) : STR(""));
    return notice(look, &noticed);
}

/* Weeks that are over, by their first day; `values` oldest first. Returns how many have enough to say something. */
struct weekly {
    f64 values[WEEKS];
    i64 first_day[WEEKS]; /* the day with which the week begins */
    i64 count;
};

static i64 monday_before(struct look *look)
{
    i64 start = period_start(look->looking->zone, PERIOD_WEEK, look->starts[0]), day = 0;
    while (day < DAYS && look->starts[day] > start) {
        day++;
    }
    return day; // this week's Monday; the week before ends there
}

static struct weekly weekly_of(struct look *look, i32 which)
{
    struct weekly out = {0};
    i64 monday = monday_before(look);
    for (i64 week = WEEKS - 2; week >= 0; week--) {
        i64 first = monday + 7 * (week + 1), texts = 0, hits = 0;
        struct tally tally = {.metric = look->days[0].tally.metric};
        if (first >= DAYS || first > look->oldest + 6) {
            continue;
        }
        for (i64 day = first; day > first - 7; day--) {
            texts += look->days[day].texts;
            hits += which < 0 ? 0 : look->days[day].counts[which];
            tally_merge(&tally, &look->days[day].tally);
        }
        struct score score = tally_score(&tally);
        i64 n = which < 0 ? score.n : texts;
        if (n >= WEEK_TEXTS) {
            out.values[out.count] = which < 0 ? score.score : (f64)hits / (f64)texts;
            out.first_day[out.count++] = first;
        }
    }
    return out;
}

static err judge_drift(struct look *look, i32 which, const char *what, str key)
{
    struct weekly weekly = weekly_of(look, which);
    struct drift drift;
    err code = drift_of(weekly.values, weekly.count, &drift);
    // An alarm in the newest week that is over: older ones were said when they came.
    if (code == ERR_EMPTY || drift.alarm < 0 || drift.alarm != weekly.count - 1 ||
        weekly.first_day[drift.alarm] - 7 > monday_before(look)) {
        return OK;
    }
    struct noticed noticed = {
        .kind = STR("drift"),
        .what = str_from(what),
        .key = key,
        .period = date_of(look, weekly.first_day[drift.since]),
        .observed = drift.now,
        .expected = drift.before,
    };
    noticed.filter = filter_of(look, noticed.what, key, noticed.period, STR(""));
    return notice(look, &noticed);
}

static err judge_all(struct look *look)
{
    str none = STR_NONE, metric = look->series.metric.len > 0 ? look->series.metric : look->series.question;
    for (i64 day = 0; day <= 1; day++) {
        TRY(judge_day(look, day, COUNT_ALL, "volume", none));
        TRY(judge_day(look, day, COUNT_COMPLAINT, "complaint", none));
        TRY(judge_day(look, day, COUNT_NEGATIVE, "negative", none));
        for (i32 topic = 1; topic < TOPICS; topic++) {
            TRY(judge_day(look, day, COUNT_TOPIC + topic, "topic", str_from(text_topic_words[topic])));
        }
    }
    for (i32 topic = 1; topic < TOPICS; topic++) {
        TRY(judge_drift(look, COUNT_TOPIC + topic, "topic", str_from(text_topic_words[topic])));
    }
    TRY(judge_drift(look, COUNT_NEGATIVE, "negative", none));
    return look->series.n > 0 ? judge_drift(look, -1, "score", metric) : OK;
}

err alerts_look(struct ctx *ctx, const struct alerts_looking *looking, i64 *found)
{
    struct look *look = arena_new(&ctx->arena, struct look, 1);
    struct feedback_filter *filter = arena_new(&ctx->arena, struct feedback_filter, 1);
    struct feedback_source_of from = {.store = looking->store, .zone = looking->zone, .sight = {.personal = true}};
    struct feedback_chosen *chosen;
    enum metric metric = METRIC_NONE;
    *look = (struct look){
        .looking = looking, .ctx = ctx, .days = arena_new(&ctx->arena, struct day, DAYS), .oldest = -1};
    look->starts[0] = period_start(looking->zone, PERIOD_DAY, ctx_now_ms(ctx));
    for (i64 i = 1; i <= DAYS; i++) {
        look->starts[i] = period_start(looking->zone, PERIOD_DAY, look->starts[i - 1] - 1);
    }
    filter->from = date_of(look, DAYS);
    TRY(feedback_choose(ctx, &from, filter, &chosen));
    TRY(analysis_series(ctx, chosen, &look->series));
    (void)metric_parse(look->series.metric, &metric);
    for (i64 i = 0; i < DAYS; i++) {
        look->days[i].tally.metric = metric;
    }
    err code = feedback_each(ctx, chosen, take, look);
    if (code != OK && code != ERR_EMPTY) {
        return code;
    }
    if (look->oldest >= 0) {
        TRY(judge_all(look));
    }
    *found = look->found;
    i64 before = ctx_now_ms(ctx) - (i64)KEEP_DAYS * 24 * 3600 * 1000;
    return store_run(ctx, looking->store, SQL_ALERT_PRUNE, ARGS(ARG_I64("before", before)), NULL);
}
