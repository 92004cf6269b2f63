#include "journey/acts.h"
#include "journey/answer.h"
#include "journey/tally.h"

#include "measure/interval.h"

#include <math.h>
#include <stdlib.h>

enum { METRICS = METRIC_COUNT - 1 };

/* What came together on one touchpoint, or on none. */
struct place {
    i64 events, people;
    alias_no last; /* the person counted last */
    i64 reached, open, done, late, closed, skipped, repeated;
    f64 *next_s; /* how long the next act took */
    i64 next_count, next_capacity;
    struct tally tallies[METRIC_COUNT];
};

struct adherence {
    const struct asking *asking;
    const struct journey_version *version; /* the map whose rows are written */
    i64 touchpoint_count;
    struct place *places; /* the last one: on no touchpoint */
    i32 *order;           /* touch code → place */
    struct acts acts;
    bool *has_where;
    struct scale *scales;
    u32 metric_codes[METRIC_COUNT];
    struct step *steps;
    i64 step_capacity;
};

static err prepare(const struct asking *asking, struct adherence *out)
{
    struct arena *arena = &asking->ctx->arena;
    const struct view *view = &asking->view;
    const struct journey_version *version = asking->journey.newest;
    i64 count = version == NULL ? 0 : version->map.touchpoints.count;
    u32 codes = asking->derived == NULL ? 0 : asking->derived->touch_count;
    *out = (struct adherence){.asking = asking, .version = version, .touchpoint_count = count};
    out->places = arena_new(arena, struct place, count + 1);
    out->order = arena_new(arena, i32, codes + 1);
    out->has_where = arena_new(arena, bool, count + 1);
    out->order[0] = (i32)count;
    for (u32 code = 1; code <= codes; code++) {
        i64 place = journey_map_find_touchpoint(&version->map, asking->derived->touches[code].id);
        out->order[code] = (i32)(place < 0 ? count : place);
    }
    for (i64 i = 0; i < count; i++) {
        out->has_where[i] = !condition_empty(&version->where[i]);
    }
    TRY(acts_prepare(asking, version, &out->acts));
    out->scales = arena_new(arena, struct scale, (i64)view->texts[WORD_SCALE].count + 1);
    for (u32 code = 1; code <= view->texts[WORD_SCALE].count; code++) {
        (void)scale_parse(texts_text(&view->texts[WORD_SCALE], code), &out->scales[code]);
    }
    for (i32 metric = METRIC_NPS; metric < METRIC_COUNT; metric++) {
        out->metric_codes[metric] = texts_find(&view->texts[WORD_METRIC], metric_word((enum metric)metric));
    }
    for (i64 i = 0; i <= count; i++) {
        for (i32 metric = METRIC_NPS; metric < METRIC_COUNT; metric++) {
            out->places[i].tallies[metric].metric = (enum metric)metric;
        }
    }
    return OK;
}

/* Reading a person. */

static void add_answer(struct adherence *adherence, struct place *place, i64 row)
{
    const struct view *view = &adherence->asking->view;
    struct view_answer answer;
    if (!view_answer(view, row, &answer) || answer.score == 0) {
        return;
    }
    for (i32 metric = METRIC_NPS; metric < METRIC_COUNT; metric++) {
        if (answer.metric != 0 && adherence->metric_codes[metric] == answer.metric) {
            tally_add(&place->tallies[metric], adherence->scales[answer.scale], view->scores.values[answer.score]);
        }
    }
}

/* Counts the person's events and lays out the steps. */
static void read_events(struct adherence *adherence, const struct walk *walk)
{
    const struct asking *asking = adherence->asking;
    if (walk->count > adherence->step_capacity) {
        adherence->step_capacity = walk->count * 2;
        adherence->steps = mem_resize(adherence->steps, adherence->step_capacity * (i64)sizeof(struct step));
    }
    for (i64 i = 0; i < walk->count; i++) {
        u32 row = walk->rows[i];
        i32 at = adherence->order[derived_code(&asking->view, asking->derived, row)];
        bool counts = asking_takes(asking, row, walk->person);
        bool visits = at < adherence->touchpoint_count && !view_answers(&asking->view, row);
        adherence->steps[i] = (struct step){view_at_ms(&asking->view, row), visits ? at : VISIT_NONE, counts};
        if (!counts) {
            continue;
        }
        struct place *place = &adherence->places[at];
        place->events++;
        if (walk->person != 0 && place->last != walk->person) {
            place->last = walk->person;
            place->people++;
        }
        add_answer(adherence, place, row);
    }
}

static void add_next(struct place *place, f64 seconds)
{
    if (place->next_count == place->next_capacity) {
        place->next_capacity = place->next_capacity * 2 + 64;
        place->next_s = mem_resize(place->next_s, place->next_capacity * (i64)sizeof(f64));
    }
    place->next_s[place->next_count++] = seconds;
}

static void add_visit(struct adherence *adherence, const struct visit *visit)
{
    struct place *place = &adherence->places[visit->touchpoint];
    i64 within = adherence->version->within_ms[visit->touchpoint];
    place->reached++;
    place->repeated += visit->repeated;
    if (!adherence->acts.has[visit->touchpoint]) {
        return;
    }
    if (visit->start_ms + within >= adherence->asking->asked_ms) {
        place->open++; // its time has not run out: outside every rate
        return;
    }
    place->closed++;
    if (visit->act_ms == INT64_MIN) {
        return;
    }
    i64 took = visit->act_ms - visit->start_ms;
    place->done += took <= within;
    place->late += took > within;
    add_next(place, (f64)took / 1000.0);
}

static void read_person(struct adherence *adherence, struct visits *visits, const struct walk *walk)
{
    read_events(adherence, walk);
    if (walk->person == 0) {
        return; // nobody's events are no journey
    }
    visits_read(visits, adherence->steps, walk->count);
    for (i64 i = 0; i < visits->count; i++) {
        if (visits->items[i].counts) {
            add_visit(adherence, &visits->items[i]);
        }
    }
    for (i64 t = 0; t < adherence->touchpoint_count; t++) {
        adherence->places[t].skipped += touch_has(&visits->skipped, (i32)t) && adherence->has_where[t];
    }
}

static void read_everybody(struct adherence *adherence)
{
    const struct asking *asking = adherence->asking;
    struct visits visits = visits_new(adherence->acts.rules, adherence->acts.count, acts_of(&adherence->acts));
    struct walk walk = asking_walk(asking, true);
    adherence->acts.walk = &walk;
    while (walk_next(&walk)) {
        read_person(adherence, &visits, &walk);
    }
    walk_end(&walk);
    visits_free(&visits);
    mem_free(adherence->steps);
}

/* Writing. */

/* The metric that is shown: the touchpoint's own, else that with the most answers. */
static enum metric metric_of(const struct place *place, str own)
{
    enum metric metric = METRIC_NONE;
    if (metric_parse(own, &metric)) {
        return metric;
    }
    i64 most = 0;
    for (i32 i = METRIC_NPS; i < METRIC_COUNT; i++) {
        i64 n = tally_score(&place->tallies[i]).n;
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

static enum met is_met(const struct place *place, const struct emotion *emotion, struct score *measured)
{
    enum metric metric;
    if (emotion == NULL || !emotion->at_least.is || !metric_parse(emotion->metric, &metric)) {
        return MET_UNKNOWN;
    }
    struct score score = tally_score(&place->tallies[metric]);
    if (!score.is) {
        return MET_UNKNOWN;
    }
    if (!measured->is) {
        *measured = score;
    }
    return score.score >= emotion->at_least.value - 1e-9 ? MET_YES : MET_NO;
}

static void write_emotions(struct json_writer *writer, const struct place *place, const struct touchpoint *touchpoint)
{
    struct score measured = {0};
    enum met required = is_met(place, touchpoint->required_emotion, &measured);
    enum met sufficient = is_met(place, touchpoint->sufficient_emotion, &measured);
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

static int by_number(const void *a, const void *b)
{
    f64 x = *(const f64 *)a, y = *(const f64 *)b;
    return (x > y) - (x < y);
}

static void write_visits(struct json_writer *writer, struct place *place)
{
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
    if (place->next_count > 0) {
        qsort(place->next_s, (size_t)place->next_count, sizeof(f64), by_number);
    }
    bool has_median = place->next_count > 0;
    json_pair_number(writer, "median_next_s", has_median, has_median ? place->next_s[place->next_count / 2] : 0);
}

static void write_place(const struct adherence *adherence, struct json_writer *writer, struct place *place,
                        const struct touchpoint *touchpoint)
{
    enum metric metric = metric_of(place, touchpoint == NULL ? STR_NONE : touchpoint->metric);
    json_object(writer);
    json_pair_str(writer, "touchpoint", touchpoint == NULL ? STR_NONE : touchpoint->id);
    json_pair_str(writer, "stage", touchpoint == NULL ? STR_NONE : touchpoint->stage);
    json_pair_str(writer, "name", touchpoint == NULL ? STR_NONE : touchpoint->name);
    json_pair_i64(writer, "events", place->events);
    json_pair_i64(writer, "people", place->people);
    write_visits(writer, place);
    json_pair_str(writer, "metric", metric_word(metric));
    tally_write(writer, &place->tallies[metric], adherence->asking->question.minimum_n);
    if (touchpoint != NULL) {
        write_emotions(writer, place, touchpoint);
    }
    json_object_end(writer);
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

err answer_adherence(const struct asking *asking, struct json_writer *writer)
{
    struct adherence adherence;
    TRY(prepare(asking, &adherence));
    read_everybody(&adherence);
    for (i64 i = 0; i < adherence.touchpoint_count; i++) {
        const struct touchpoint *touchpoint = journey_map_touchpoint(&adherence.version->map, i);
        if (in_scope(&asking->scope, touchpoint->department)) {
            write_place(&adherence, writer, &adherence.places[i], touchpoint);
        }
    }
    if (asking->scope.departments.count == 0) {
        write_place(&adherence, writer, &adherence.places[adherence.touchpoint_count], NULL);
    }
    for (i64 i = 0; i <= adherence.touchpoint_count; i++) {
        mem_free(adherence.places[i].next_s);
    }
    return OK;
}
