#include "listen/voices/alerts.h"

#include "base/id.h"
#include "journey/tally.h"
#include "listen/voices/analysis.h"
#include "measure/spike.h"
#include "text/reading.h"

#include <math.h>

enum {
    WEEKS = 26,
    DAYS = 7 * WEEKS,
    SPIKE_WEEKS = 12, /* of the same weekday */
    MORE_BY = 5,      /* fewer feedbacks too many are no alert */
    WEEK_TEXTS = 10,  /* a week with fewer says nothing about a score or share */
    TOPICS = TOPIC_COUNT_,
    TRACKS_MAX = 300,  /* scores that are followed: of all, by place, by touchpoint */
    LATELY_WEEKS = 13, /* a drift that was found longer ago is no news */
    KEEP_DAYS = 400,
};
#define DAY_P 0.001
#define DRIFT_P 0.001 /* between the weeks before and since: the sum finds where, this says whether */

/* What is counted by day: all, complaints, negative ones, and each topic that is spoken badly of. */
enum { COUNT_ALL, COUNT_COMPLAINT, COUNT_NEGATIVE, COUNT_TOPIC, COUNTS = COUNT_TOPIC + TOPICS };

struct day {
    i64 counts[COUNTS];
    i64 texts;
};

/* A score by weeks; 0: the week that is not over. */
enum part { PART_ALL, PART_PLACE, PART_TOUCHPOINT };
struct track {
    enum metric metric;
    str key, scale; /* the metric's word, else the question */
    enum part part;
    str value;         /* which place or touchpoint */
    struct track *all; /* the same score of all */
    f64 delta;         /* how far it drifted; 0: not */
    struct tally weeks[WEEKS];
};

struct look {
    const struct alerts_looking *looking;
    struct ctx *ctx;
    struct track *tracks;
    i64 track_count;
    i64 weeks[DAYS + 1];  /* of each day: how many weeks ago */
    i64 starts[DAYS + 1]; /* newest first: of today, of yesterday … */
    struct day *days;
    i64 at, oldest; /* the day of the row before; the oldest with a row */
    i64 found;
};

static struct track *track_of(struct look *look, const struct feedback *row, enum part part, str value)
{
    bool measured = row->metric.len > 0;
    str key = measured ? row->metric : row->question;
    for (i64 i = 0; i < look->track_count; i++) {
        struct track *track = &look->tracks[i];
        if (track->part == part && str_eq(track->value, value) && str_eq(track->key, key) &&
            str_eq(track->scale, row->scale) && (track->metric != METRIC_NONE) == measured) {
            return track;
        }
    }
    if (look->track_count == TRACKS_MAX) {
        return NULL;
    }
    struct track *track = &look->tracks[look->track_count++];
    struct arena *arena = &look->ctx->arena;
    *track = (struct track){.key = str_copy(arena, key),
                            .scale = str_copy(arena, row->scale),
                            .part = part,
                            .value = str_copy(arena, value)};
    (void)metric_parse(row->metric, &track->metric);
    for (i64 week = 0; week < WEEKS; week++) {
        track->weeks[week].metric = track->metric;
    }
    return track;
}

/* An answer counts for all, for its place and for its touchpoint. */
static void take_score(struct look *look, const struct feedback *row, struct scale scale)
{
    const str values[] = {[PART_ALL] = STR(""), [PART_PLACE] = row->place, [PART_TOUCHPOINT] = row->touchpoint};
    i64 week = look->weeks[look->at];
    struct track *all = NULL;
    for (i32 part = PART_ALL; part <= PART_TOUCHPOINT && week < WEEKS; part++) {
        if (part != PART_ALL && (values[part].len == 0 || row->metric.len == 0)) {
            continue;
        }
        struct track *track = track_of(look, row, (enum part)part, values[part]);
        if (track != NULL) {
            all = part == PART_ALL ? track : all;
            track->all = all == NULL ? track : all;
            tally_add(&track->weeks[week], scale, row->score.value);
        }
    }
}

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
    if (row->score.is && scale_parse(row->scale, &scale)) {
        take_score(look, row, scale);
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

static void put_list(struct json_writer *out, const char *name, str value)
{
    if (value.len > 0) {
        json_key(out, str_from(name));
        json_list(out);
        json_put_str(out, value);
        json_list_end(out);
    }
}

/* The filter that finds the rows of `what` between two days. */
static str filter_of(struct look *look, str what, str key, str from, str to, const struct track *track)
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
    if (track != NULL) {
        list = track->metric != METRIC_NONE ? "metric" : "question";
        put_list(&out, "scale", track->scale);
        put_list(&out, track->part == PART_PLACE ? "place" : "touchpoint", track->value);
    }
    if (list != NULL) {
        put_list(&out, list, str_eq(what, STR("negative")) ? what : key);
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

/* `where`: what tells it from others that are equal in all else: scale, part and its name. */
static err notice(struct look *look, struct noticed *noticed, str where)
{
    struct keeping keeping = {.look = look, .noticed = noticed};
    noticed->id = id_new();
    noticed->created_ms = ctx_now_ms(look->ctx);
    keeping.cause = str_format(&look->ctx->arena, "%.*s:%.*s:%.*s:%.*s:%.*s", STR_ARG(noticed->kind),
                               STR_ARG(noticed->what), STR_ARG(noticed->key), STR_ARG(noticed->period), STR_ARG(where));
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
    noticed.filter = filter_of(look, noticed.what, key, noticed.period, day > 0 ? date_of(look, day - 1) : STR(""),
                               NULL);
    return notice(look, &noticed, STR(""));
}

/* A weekly series: what was counted in each week that is over and has enough to say something, oldest first. */
struct weekly {
    f64 values[WEEKS];
    i64 week[WEEKS]; /* how many weeks ago; 1: the newest that is over */
    i64 count;
};

/* A change that lasts and was found lately: `before` and `now` are the places of the series it divides. */
static bool drifts(const struct weekly *weekly, struct drift *drift)
{
    err code = drift_of(weekly->values, weekly->count, drift);
    return code == OK && drift->alarm >= 0 && weekly->week[drift->alarm] <= LATELY_WEEKS;
}

/* The Monday of the week `weeks` weeks ago, as a day of the look. */
static str monday_of(struct look *look, i64 weeks)
{
    char text[ISO_MAX];
    i64 at_ms = period_start(look->looking->zone, PERIOD_WEEK, look->starts[0]);
    for (i64 i = 0; i < weeks; i++) {
        at_ms = period_start(look->looking->zone, PERIOD_WEEK, at_ms - 1);
    }
    return str_copy(&look->ctx->arena, iso_date(look->looking->zone, at_ms, text));
}

struct share_weeks {
    i64 hits[WEEKS], texts[WEEKS];
};

static void share_weeks_of(const struct look *look, i32 which, struct share_weeks *out)
{
    for (i64 day = 0; day <= look->oldest; day++) {
        i64 week = look->weeks[day];
        if (week < WEEKS) {
            out->hits[week] += look->days[day].counts[which];
            out->texts[week] += look->days[day].texts;
        }
    }
}

static err judge_share(struct look *look, i32 which, const char *what, str key)
{
    struct share_weeks *weeks = arena_new(&look->ctx->arena, struct share_weeks, 1);
    struct weekly weekly = {0};
    struct drift drift;
    struct difference difference;
    share_weeks_of(look, which, weeks);
    for (i64 week = WEEKS - 1; week > 0; week--) {
        if (weeks->texts[week] >= WEEK_TEXTS) {
            weekly.values[weekly.count] = (f64)weeks->hits[week] / (f64)weeks->texts[week];
            weekly.week[weekly.count++] = week;
        }
    }
    if (!drifts(&weekly, &drift)) {
        return OK;
    }
    i64 hits[2] = {0}, texts[2] = {0};
    for (i64 i = 0; i < weekly.count; i++) {
        hits[i >= drift.since] += weeks->hits[weekly.week[i]];
        texts[i >= drift.since] += weeks->texts[weekly.week[i]];
    }
    if (compare_shares(hits[1], texts[1], hits[0], texts[0], &difference) != OK || difference.p > DRIFT_P) {
        return OK;
    }
    struct noticed noticed = {
        .kind = STR("drift"),
        .what = str_from(what),
        .key = key,
        .period = monday_of(look, weekly.week[drift.since]),
        .observed = (f64)hits[1] / (f64)texts[1],
        .expected = (f64)hits[0] / (f64)texts[0],
        .p = {difference.p, true},
    };
    noticed.filter = filter_of(look, noticed.what, key, noticed.period, STR(""), NULL);
    return notice(look, &noticed, STR(""));
}

/* A score week by week: of all, of a place or of a touchpoint. */
static err judge_track(struct look *look, struct track *track)
{
    struct weekly weekly = {0};
    struct tally sides[2] = {{.metric = track->metric}, {.metric = track->metric}};
    struct drift drift;
    struct difference difference;
    for (i64 week = WEEKS - 1; week > 0; week--) {
        struct score score = tally_score(&track->weeks[week]);
        if (score.is && score.n >= WEEK_TEXTS) {
            weekly.values[weekly.count] = score.score;
            weekly.week[weekly.count++] = week;
        }
    }
    if (!drifts(&weekly, &drift)) {
        return OK;
    }
    for (i64 i = 0; i < weekly.count; i++) {
        tally_merge(&sides[i >= drift.since], &track->weeks[weekly.week[i]]);
    }
    bool sure = analysis_difference(&sides[1], &sides[0], &difference) == OK && difference.p <= DRIFT_P &&
                difference.delta * (f64)drift.direction > 0.0;
    // A part that goes the way of the whole says nothing new.
    if (!sure || (track->part != PART_ALL && fabs(difference.delta) < 1.5 * fabs(track->all->delta))) {
        return OK;
    }
    track->delta = difference.delta;
    struct noticed noticed = {
        .kind = STR("drift"),
        .what = STR("score"),
        .key = track->key,
        .period = monday_of(look, weekly.week[drift.since]),
        .observed = tally_score(&sides[1]).score,
        .expected = tally_score(&sides[0]).score,
        .p = {difference.p, true},
    };
    noticed.filter = filter_of(look, noticed.what, track->key, noticed.period, STR(""), track);
    static const char *const parts[] = {[PART_ALL] = "all", [PART_PLACE] = "place", [PART_TOUCHPOINT] = "touchpoint"};
    return notice(look, &noticed,
                  str_format(&look->ctx->arena, "%.*s:%s:%.*s", STR_ARG(track->scale), parts[track->part],
                             STR_ARG(track->value)));
}

static err judge_all(struct look *look)
{
    str none = STR_NONE;
    for (i64 day = 0; day <= 1; day++) {
        TRY(judge_day(look, day, COUNT_ALL, "volume", none));
        TRY(judge_day(look, day, COUNT_COMPLAINT, "complaint", none));
        TRY(judge_day(look, day, COUNT_NEGATIVE, "negative", none));
        for (i32 topic = 1; topic < TOPICS; topic++) {
            TRY(judge_day(look, day, COUNT_TOPIC + topic, "topic", str_from(text_topic_words[topic])));
        }
    }
    for (i32 topic = 1; topic < TOPICS; topic++) {
        TRY(judge_share(look, COUNT_TOPIC + topic, "topic", str_from(text_topic_words[topic])));
    }
    TRY(judge_share(look, COUNT_NEGATIVE, "negative", none));
    for (i64 i = 0; i < look->track_count; i++) { // a whole stands before its parts
        TRY(judge_track(look, &look->tracks[i]));
    }
    return OK;
}

static void number_weeks(struct look *look)
{
    i64 week = 0, begin = period_start(look->looking->zone, PERIOD_WEEK, look->starts[0]);
    for (i64 day = 0; day <= DAYS; day++) {
        while (look->starts[day] < begin) {
            begin = period_start(look->looking->zone, PERIOD_WEEK, begin - 1);
            week++;
        }
        look->weeks[day] = week;
    }
}

err alerts_look(struct ctx *ctx, const struct alerts_looking *looking, i64 *found)
{
    struct look *look = arena_new(&ctx->arena, struct look, 1);
    struct feedback_filter *filter = arena_new(&ctx->arena, struct feedback_filter, 1);
    struct feedback_source_of from = {.store = looking->store, .zone = looking->zone, .sight = {.personal = true}};
    struct feedback_chosen *chosen;
    *look = (struct look){.looking = looking,
                          .ctx = ctx,
                          .days = arena_new(&ctx->arena, struct day, DAYS),
                          .tracks = arena_new(&ctx->arena, struct track, TRACKS_MAX),
                          .oldest = -1};
    look->starts[0] = period_start(looking->zone, PERIOD_DAY, ctx_now_ms(ctx));
    for (i64 i = 1; i <= DAYS; i++) {
        look->starts[i] = period_start(looking->zone, PERIOD_DAY, look->starts[i - 1] - 1);
    }
    filter->from = date_of(look, DAYS);
    TRY(feedback_choose(ctx, &from, filter, &chosen));
    number_weeks(look);
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
