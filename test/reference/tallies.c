/* score and count. */
#include "reference.h"

#include "measure/ces.h"
#include "measure/csat.h"
#include "measure/metric.h"
#include "measure/nps.h"

/* The scores of one group. */

struct figures {
    bool is;
    i64 n;
    f64 score, low, high;
    struct maybe_f64 mean;
    const char *names[3];
    i64 counts[3];
};

static struct figures figures_nps(const struct seen **answers, i64 count)
{
    struct nps_tally tally = {0};
    struct nps_score score;
    for (i64 i = 0; i < count; i++) {
        (void)!nps_add(&tally, answers[i]->told->event.score.value);
    }
    struct figures out = {.names = {"promoters", "passives", "detractors"},
                          .counts = {tally.promoters, tally.passives, tally.detractors}};
    if (nps_score(&tally, &score) == OK) {
        out.is = true;
        out.n = score.answer_count;
        out.score = score.points;
        out.low = score.low;
        out.high = score.high;
    }
    return out;
}

static struct figures figures_csat(const struct seen **answers, i64 count)
{
    struct csat_tally tally = {0};
    struct csat_score score;
    for (i64 i = 0; i < count; i++) {
        struct scale scale;
        if (scale_parse(answers[i]->told->event.scale, &scale)) {
            (void)!csat_add(&tally, scale, answers[i]->told->event.score.value);
        }
    }
    struct figures out = {.names = {"top", "other"}, .counts = {tally.top, tally.other}};
    if (csat_score(&tally, &score) == OK) {
        out.is = true;
        out.n = score.answer_count;
        out.score = score.percent;
        out.low = score.low;
        out.high = score.high;
        out.mean = score.mean;
    }
    return out;
}

static struct figures figures_ces(const struct seen **answers, i64 count)
{
    struct ces_tally tally = {0};
    struct ces_score score;
    for (i64 i = 0; i < count; i++) {
        (void)!ces_add(&tally, answers[i]->told->event.score.value);
    }
    struct figures out = {.names = {"easy", "other"}, .counts = {tally.easy, tally.other}};
    if (ces_score(&tally, &score) == OK) {
        out.is = true;
        out.n = score.answer_count;
        out.score = score.mean;
        out.low = score.low;
        out.high = score.high;
        out.mean = (struct maybe_f64){score.mean, true};
    }
    return out;
}

/* A question of no metric: the mean on its scale. */
static struct figures figures_mean(const struct seen **answers, i64 count)
{
    struct moments moments = {0};
    struct interval mean;
    struct scale scale = {0};
    for (i64 i = 0; i < count; i++) {
        moments_add(&moments, answers[i]->told->event.score.value);
        (void)scale_parse(answers[i]->told->event.scale, &scale);
    }
    struct figures out = {0};
    if (interval_mean(&moments, scale.low, scale.high, &mean) == OK) {
        out.is = true;
        out.n = moments.count;
        out.score = mean.value;
        out.low = mean.low;
        out.high = mean.high;
        out.mean = (struct maybe_f64){mean.value, true};
    }
    return out;
}

static struct figures figures_of(str metric, const struct seen **answers, i64 count)
{
    return str_eq(metric, STR("nps"))    ? figures_nps(answers, count)
           : str_eq(metric, STR("csat")) ? figures_csat(answers, count)
           : str_eq(metric, STR("ces"))  ? figures_ces(answers, count)
                                         : figures_mean(answers, count);
}

bool score_of(str metric, const struct seen **answers, i64 count, struct interval *out)
{
    struct figures figures = figures_of(metric, answers, count);
    *out = (struct interval){figures.score, figures.low, figures.high};
    return figures.is;
}

void write_scores(struct json_writer *writer, str metric, const struct seen **answers, i64 count, i64 minimum_n)
{
    struct figures figures = figures_of(metric, answers, count);
    json_pair_i64(writer, "n", figures.n);
    write_number(writer, "score", figures.is, figures.score);
    write_number(writer, "low", figures.is, figures.low);
    write_number(writer, "high", figures.is, figures.high);
    if (!str_eq(metric, STR("nps"))) {
        write_number(writer, "mean", figures.mean.is, figures.mean.value);
    }
    json_key(writer, STR("counts"));
    json_object(writer);
    for (i64 i = 0; i < countof(figures.names) && figures.names[i] != NULL; i++) {
        json_pair_i64(writer, figures.names[i], figures.counts[i]);
    }
    json_object_end(writer);
    json_pair_bool(writer, "few", figures.n < minimum_n);
}

/* Members of groups: events, each with its key. */
struct members {
    const struct seen **events;
    struct key *keys;
    i64 count;
};

static struct members members_new(const struct asked *asked)
{
    return (struct members){.events = arena_new(asked->arena, const struct seen *, asked->sight.count + 1),
                            .keys = arena_new(asked->arena, struct key, asked->sight.count + 1)};
}

static const struct seen **of_key(const struct asked *asked, const struct members *members, const struct key *key,
                                  i64 *count)
{
    const struct seen **out = arena_new(asked->arena, const struct seen *, members->count + 1);
    *count = 0;
    for (i64 i = 0; i < members->count; i++) {
        if (key_same(&members->keys[i], key)) {
            out[(*count)++] = members->events[i];
        }
    }
    return out;
}

/* Without by and every there is one row even of nothing. */
static struct key *rows_of(const struct asked *asked, const struct members *members, i64 extra, i64 *count)
{
    struct key *keys = keys_of(asked, members->keys, members->count, count);
    if (*count == 0 && asked->by_count == 0 && asked->every == PERIOD_NONE) {
        keys[(*count)++] = (struct key){.count = extra};
    }
    return keys;
}

void answer_of_score(const struct asked *asked, struct json_writer *writer)
{
    str asked_metric = asked_text(asked, "metric", STR_NONE);
    enum metric metric;
    bool is_metric = metric_parse(asked_metric, &metric);
    struct members members = members_new(asked);
    for (i64 i = 0; i < asked->sight.count; i++) {
        const struct seen *seen = &asked->sight.events[i];
        const struct event *event = &seen->told->event;
        if (!event->score.is || !str_eq(is_metric ? event->metric : event->question, asked_metric) ||
            !takes(asked, seen)) {
            continue;
        }
        struct key key = key_of(asked, seen);
        if (!is_metric) { // metrics and scales are never added
            key.values[key.count++] = event->metric;
            key.values[key.count++] = event->scale;
        }
        members.events[members.count] = seen;
        members.keys[members.count++] = key;
    }
    i64 count, answers;
    struct key *keys = rows_of(asked, &members, is_metric ? 0 : 2, &count);
    for (i64 i = 0; i < count; i++) {
        str of = is_metric ? asked_metric : keys[i].values[asked->by_count];
        json_object(writer);
        key_write(asked, &keys[i], writer);
        const struct seen **those = of_key(asked, &members, &keys[i], &answers);
        if (!is_metric && answers > 0) {
            json_pair_str(writer, "metric", of.len > 0 ? of : STR_NONE);
            json_pair_str(writer, "scale", keys[i].values[asked->by_count + 1]);
        }
        write_scores(writer, of, those, answers, asked->minimum_n);
        json_object_end(writer);
    }
}

/* count */

static bool counts(const struct asked *asked, str what)
{
    str word;
    struct json of = json_get(asked->object, STR("of"));
    if (json_str(of, &word)) {
        return str_eq(word, what);
    }
    for (struct json_iter iter = json_each(of); json_type(of) == JSON_LIST && json_next(&iter);) {
        if (json_str(iter.value, &word) && str_eq(word, what)) {
            return true;
        }
    }
    return !json_is(of) && !str_eq(what, STR("amount"));
}

static i64 people_of(const struct seen **events, i64 count)
{
    i64 people = 0;
    for (i64 i = 0; i < count; i++) {
        bool first = events[i]->person >= 0;
        for (i64 k = 0; k < i; k++) {
            first &= events[k]->person != events[i]->person;
        }
        people += first;
    }
    return people;
}

static void write_count(const struct asked *asked, struct json_writer *writer, const struct key *key,
                        const struct seen **events, i64 count)
{
    json_object(writer);
    key_write(asked, key, writer);
    json_pair_i64(writer, "events", count);
    json_pair_i64(writer, "people", people_of(events, count));
    if (counts(asked, STR("amount"))) {
        i64 amount = 0;
        bool is = false;
        for (i64 i = 0; i < count; i++) {
            is |= events[i]->told->event.amount.is;
            amount += events[i]->told->event.amount.value;
        }
        str currency = key->values[asked->by_count];
        json_pair_str(writer, "currency", currency.len > 0 ? currency : STR_NONE);
        write_number(writer, "amount", is, (f64)amount);
    }
    json_object_end(writer);
}

void answer_of_count(const struct asked *asked, struct json_writer *writer)
{
    struct members members = members_new(asked);
    bool amount = counts(asked, STR("amount"));
    bool only_amount = amount && !counts(asked, STR("events")) && !counts(asked, STR("people"));
    for (i64 i = 0; i < asked->sight.count; i++) {
        const struct seen *seen = &asked->sight.events[i];
        if (!takes(asked, seen) || (only_amount && !seen->told->event.amount.is)) {
            continue;
        }
        struct key key = key_of(asked, seen);
        if (amount) {
            key.values[key.count++] = seen->told->event.amount.is ? seen->told->event.currency : STR_NONE;
        }
        members.events[members.count] = seen;
        members.keys[members.count++] = key;
    }
    i64 count, events;
    struct key *keys = rows_of(asked, &members, amount, &count);
    for (i64 i = 0; i < count; i++) {
        const struct seen **those = of_key(asked, &members, &keys[i], &events);
        write_count(asked, writer, &keys[i], those, events);
    }
}
