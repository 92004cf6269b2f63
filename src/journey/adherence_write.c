#include "journey/adherence_write.h"

#include "journey/answer.h"
#include "measure/interval.h"
#include "measure/quantile.h"

/* The metric that is shown: the touchpoint's own, else that with the most answers. */
static enum metric metric_of(const struct adherence_row *row, str own)
{
    enum metric metric = METRIC_NONE;
    if (metric_parse(own, &metric)) {
        return metric;
    }
    i64 most = 0;
    for (i32 i = METRIC_NPS; i < METRIC_COUNT; i++) {
        i64 n = tally_score(&row->tallies[i]).n;
        if (n > most) {
            most = n;
            metric = (enum metric)i;
        }
    }
    return metric;
}

static void write_emotion(struct json_writer *writer, const char *name, const struct emotion *emotion)
{
    json_key(writer, str_from(name));
    if (emotion == NULL) {
        json_put_null(writer);
        return;
    }
    json_object(writer);
    json_pair_str(writer, "word", emotion->word);
    json_pair_str(writer, "metric", emotion->metric);
    json_pair_number(writer, "at_least", emotion->at_least.is, emotion->at_least.value);
    json_object_end(writer);
}

/* Is the target met? Unknown without a target or without answers. */
enum met { MET_UNKNOWN, MET_NO, MET_YES };

static enum met is_met(const struct adherence_row *row, const struct emotion *emotion, struct score *measured)
{
    enum metric metric;
    if (emotion == NULL || !emotion->at_least.is || !metric_parse(emotion->metric, &metric)) {
        return MET_UNKNOWN;
    }
    struct score score = tally_score(&row->tallies[metric]);
    if (!score.is) {
        return MET_UNKNOWN;
    }
    if (!measured->is) {
        *measured = score;
    }
    return score.score >= emotion->at_least.value - 1e-9 ? MET_YES : MET_NO;
}

static void write_emotions(struct json_writer *writer, const struct adherence_row *row,
                           const struct touchpoint *touchpoint)
{
    struct score measured = {0};
    enum met required = is_met(row, touchpoint->required_emotion, &measured);
    enum met sufficient = is_met(row, touchpoint->sufficient_emotion, &measured);
    str state = STR("unknown");
    if (required == MET_NO || (required == MET_UNKNOWN && sufficient == MET_NO)) {
        state = STR("missed");
    } else if (sufficient == MET_YES) {
        state = STR("sufficient");
    } else if (required == MET_YES) {
        state = STR("required");
    }
    json_key(writer, STR("emotion"));
    json_object(writer);
    write_emotion(writer, "required", touchpoint->required_emotion);
    write_emotion(writer, "sufficient", touchpoint->sufficient_emotion);
    json_pair_number(writer, "measured", measured.is, measured.score);
    json_pair_str(writer, "state", state);
    json_object_end(writer);
}

static void write_visits(struct json_writer *writer, const struct adherence_row *row)
{
    const struct place *place = row->place;
    struct interval rate = {0};
    bool has_rate = interval_share(place->done, place->closed, &rate) == OK;
    json_pair_i64(writer, "reached", place->reached);
    json_pair_i64(writer, "open", place->open);
    json_pair_number(writer, "next_act_rate", has_rate, rate.value);
    json_pair_number(writer, "next_low", has_rate, rate.low);
    json_pair_number(writer, "next_high", has_rate, rate.high);
    json_pair_i64(writer, "late", place->late);
    json_pair_i64(writer, "skipped", place->skipped);
    json_pair_i64(writer, "repeated", place->repeated);
    bool has_median = row->took_count > 0;
    i64 middle = has_median ? quantile_select(row->took, row->took_count, quantile_rank(50, row->took_count)) : 0;
    json_pair_number(writer, "median_next_s", has_median, (f64)middle / 1000.0);
}

void adherence_write(struct json_writer *writer, const struct adherence_row *row, const struct touchpoint *touchpoint,
                     i64 minimum_n)
{
    enum metric metric = metric_of(row, touchpoint == NULL ? STR_NONE : touchpoint->metric);
    json_pair_str(writer, "touchpoint", touchpoint == NULL ? STR_NONE : touchpoint->id);
    json_pair_str(writer, "stage", touchpoint == NULL ? STR_NONE : touchpoint->stage);
    json_pair_str(writer, "name", touchpoint == NULL ? STR_NONE : touchpoint->name);
    json_pair_i64(writer, "events", row->place->events);
    json_pair_i64(writer, "people", row->place->people);
    write_visits(writer, row);
    json_pair_str(writer, "metric", metric_word(metric));
    tally_write(writer, &row->tallies[metric], minimum_n);
    if (touchpoint != NULL) {
        write_emotions(writer, row, touchpoint);
    }
}

static bool in_scope(const struct sight *scope, str department)
{
    for (i64 i = 0; i < scope->departments.count; i++) {
        if (str_eq(scope->departments.items[i], department)) {
            return true;
        }
    }
    return scope->departments.count == 0;
}

bool adherence_shows(const struct sight *scope, const struct touchpoint *touchpoint)
{
    return touchpoint == NULL ? scope->departments.count == 0 : in_scope(scope, touchpoint->department);
}

struct took_times took_sort(struct arena *arena, const struct adherence_count *count, i64 places)
{
    struct took_times times = {arena_new(arena, i64, count->took_count + 1), arena_new(arena, i64, places + 2)};
    i64 *next = times.starts + 1; // moves every start one place on while the times are put in
    for (i64 i = 0; i < count->took_count; i++) {
        next[count->took[i].place + 1]++;
    }
    for (i64 place = 0; place < places; place++) {
        next[place + 1] += next[place];
    }
    for (i64 i = 0; i < count->took_count; i++) {
        times.ms[next[count->took[i].place]++] = count->took[i].ms;
    }
    return times;
}

static struct adherence_row row_of(const struct adherence_writing *writing, const struct took_times *times,
                                   const struct place *place)
{
    i64 at = place - writing->count->items;
    struct adherence_row row = {.place = place};
    writing->answers(writing, at, row.tallies);
    row.took = times->ms + times->starts[at];
    row.took_count = times->starts[at + 1] - times->starts[at];
    return row;
}

static void write_group(const struct adherence_writing *writing, const struct took_times *times, i64 group,
                        struct json_writer *writer)
{
    const struct adherence *adherence = writing->adherence;
    const struct place *places = adherence_places(adherence, writing->count, group);
    for (i64 i = 0; i < adherence->places; i++) {
        bool none = i == adherence->plan.touchpoint_count;
        const struct touchpoint *touchpoint = none ? NULL : journey_map_touchpoint(&adherence->plan.version->map, i);
        if (!adherence_shows(&adherence->asking->scope, touchpoint)) {
            continue;
        }
        struct adherence_row row = row_of(writing, times, &places[i]);
        json_object(writer);
        grouping_write(writing->grouping, group, writer);
        adherence_write(writer, &row, touchpoint, adherence->asking->question.minimum_n);
        json_object_end(writer);
    }
}

/* Groups that were met, in their order. Without groups there is the first alone, which is always met. */
static err order_groups(const struct adherence_writing *writing, i64 **order, i64 *count)
{
    const struct adherence *adherence = writing->adherence;
    const struct grouping *grouping = writing->grouping;
    struct arena *arena = &adherence->asking->ctx->arena;
    const struct question *question = &adherence->asking->question;
    if (question->by_count == 0 && question->every == PERIOD_NONE) { // as in adherence_run
        *order = arena_new(arena, i64, 1);
        *count = 1;
        return OK;
    }
    u8 *has = arena_new(arena, u8, grouping->count + 1);
    for (i64 group = 0; group < grouping->count; group++) {
        has[group] = adherence_places(adherence, writing->count, group) != NULL;
    }
    return grouping_order(grouping, has, order, count);
}

err adherence_write_all(const struct adherence_writing *writing, struct json_writer *writer)
{
    const struct adherence *adherence = writing->adherence;
    struct arena *arena = &adherence->asking->ctx->arena;
    i64 *order, groups;
    struct took_times times = took_sort(arena, writing->count, writing->count->group_count * adherence->places);
    TRY(order_groups(writing, &order, &groups));
    for (i64 i = 0; i < groups; i++) {
        write_group(writing, &times, order[i], writer);
        TRY(answer_use(adherence->asking, writer));
    }
    return OK;
}
