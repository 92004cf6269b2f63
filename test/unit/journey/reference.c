#include "reference.h"

#include "journey/tally.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Conditions. */

static str word_of(const struct world *world, const struct lived *lived, const struct field *field, char number[32])
{
    const struct event *event = &lived->event;
    switch (field->kind) {
    case FIELD_WORD:
        switch (field->word) {
        case WORD_KIND: return event->kind;
        case WORD_CHANNEL: return event->channel;
        case WORD_PLACE: return event->place;
        case WORD_TOUCHPOINT: return event->touchpoint;
        case WORD_SOURCE: return event->source;
        case WORD_METRIC: return event->metric;
        case WORD_QUESTION: return event->question;
        case WORD_SCALE: return event->scale;
        default: return event->amount.is ? event->currency : STR_NONE;
        }
    case FIELD_TOUCHPOINT:
        return lived->touchpoint < 0 ? STR_NONE : journey_map_touchpoint(world->map, lived->touchpoint)->id;
    case FIELD_STAGE:
        return lived->touchpoint < 0 ? STR_NONE : journey_map_touchpoint(world->map, lived->touchpoint)->stage;
    case FIELD_PROP: return str_eq(field->name, STR("v")) ? str_from(lived->prop) : STR_NONE;
    default: (void)number; return STR_NONE;
    }
}

static int order_of(str text, const struct operand *operand, bool *comparable)
{
    f64 number;
    *comparable = text.len > 0;
    if (operand->number && str_f64(text, &number)) {
        return fabs(number - operand->value) < 1e-9 ? 0 : number < operand->value ? -1 : 1;
    }
    *comparable &= !operand->number;
    return str_cmp(text, operand->text);
}

static bool text_test(const struct condition *condition, str text)
{
    bool comparable, any = false;
    for (i64 i = 0; i < condition->operand_count; i++) {
        const struct operand *operand = &condition->operands[i];
        bool same = operand->null ? text.len == 0
                                  : text.len > 0 && (str_eq(text, operand->text) ||
                                                     (order_of(text, operand, &comparable) == 0 && comparable));
        bool inside = text.len > 0 && str_find(text, operand->text) >= 0;
        any |= condition->op == CONDITION_CONTAINS ? inside : same;
    }
    int order = condition->operand_count == 0 ? 0 : order_of(text, &condition->operands[0], &comparable);
    switch (condition->op) {
    case CONDITION_IS:
    case CONDITION_CONTAINS: return any;
    case CONDITION_IS_NOT: return !any;
    case CONDITION_GT: return comparable && order > 0;
    case CONDITION_GTE: return comparable && order >= 0;
    case CONDITION_LT: return comparable && order < 0;
    case CONDITION_LTE: return comparable && order <= 0;
    default: return (text.len > 0) == condition->exists;
    }
}

static bool number_test(const struct condition *condition, bool has, f64 value)
{
    bool any = false;
    for (i64 i = 0; i < condition->operand_count; i++) {
        any |= condition->operands[i].null ? !has : has && fabs(value - condition->operands[i].value) < 1e-9;
    }
    f64 other = condition->operand_count == 0 ? 0 : condition->operands[0].value;
    switch (condition->op) {
    case CONDITION_IS: return any;
    case CONDITION_IS_NOT: return !any;
    case CONDITION_GT: return has && value > other + 1e-9;
    case CONDITION_GTE: return has && value >= other - 1e-9;
    case CONDITION_LT: return has && value < other - 1e-9;
    case CONDITION_LTE: return has && value <= other + 1e-9;
    default: return has == condition->exists;
    }
}

static bool did(const struct world *world, const struct condition *condition, const struct lived *lived, i64 before_ms)
{
    i64 times = 0;
    for (i64 i = 0; i < world->count && lived->person != 0; i++) {
        const struct lived *other = &world->events[i];
        bool young = condition->in_last_ms == 0 || other->event.at_ms >= before_ms - condition->in_last_ms;
        times += other->person == lived->person && other->event.at_ms < before_ms && young &&
                 reference_holds(world, &condition->children[0], other, before_ms);
    }
    return times >= condition->at_least;
}

bool reference_holds(const struct world *world, const struct condition *condition, const struct lived *lived,
                     i64 before_ms)
{
    char number[32];
    bool all = true, any = false;
    for (i64 i = 0; i < condition->child_count && condition->op != CONDITION_DID; i++) {
        bool holds = reference_holds(world, &condition->children[i], lived, before_ms);
        all &= holds;
        any |= holds;
    }
    switch (condition->op) {
    case CONDITION_ALL: return all;
    case CONDITION_ANY: return any;
    case CONDITION_NOT: return !any;
    case CONDITION_DID: return did(world, condition, lived, before_ms);
    default: break;
    }
    const struct event *event = &lived->event;
    if (condition->field.kind == FIELD_SCORE) {
        return number_test(condition, event->score.is, event->score.value);
    }
    if (condition->field.kind == FIELD_TEXT) {
        return (event->text.len > 0) == condition->exists;
    }
    if (condition->field.kind == FIELD_AMOUNT) {
        return number_test(condition, event->amount.is, (f64)event->amount.value);
    }
    return text_test(condition, word_of(world, lived, &condition->field, number));
}

void reference_derive(struct world *world)
{
    for (i64 i = 0; i < world->count; i++) {
        struct lived *lived = &world->events[i];
        lived->touchpoint = -1;
        for (i64 t = 0; t < world->map->touchpoints.count && lived->touchpoint < 0; t++) {
            if (world->where[t].child_count > 0 && reference_holds(world, &world->where[t], lived, 0)) {
                lived->touchpoint = (i32)t;
            }
        }
    }
}

/* Answers. */

struct line {
    str key, rest;
    struct tally tally;
    i64 events, people, amount;
    bool amounts;
    bool seen[64];
};

static bool takes(const struct world *world, const struct question *question, const struct lived *lived)
{
    i64 at = lived->event.at_ms;
    i64 before = question->to_ms.is && question->to_ms.value < world->now_ms ? question->to_ms.value : world->now_ms;
    return (!question->from_ms.is || at >= question->from_ms.value) &&
           (!question->to_ms.is || at < question->to_ms.value) &&
           reference_holds(world, &question->where, lived, before);
}

static str key_of(struct arena *arena, const struct world *world, const struct question *question,
                  const struct lived *lived)
{
    struct buf key = buf_in(arena);
    char number[32], date[ISO_MAX];
    for (i64 i = 0; i < question->by_count; i++) {
        str text = word_of(world, lived, &question->by[i], number);
        buf_format(&key, "%.*s|", text.len > 0 ? (int)text.len : 1, text.len > 0 ? text.data : "-");
    }
    if (question->every != PERIOD_NONE) {
        i64 start = period_start(world->zone, question->every, lived->event.at_ms);
        str shown = question->every == PERIOD_HOUR ? iso_format(world->zone, start, date)
                                                   : iso_date(world->zone, start, date);
        buf_format(&key, "%.*s|", STR_ARG(shown));
    }
    return buf_str(&key);
}

static struct line *line_of(struct line *lines, i64 *count, str key)
{
    for (i64 i = 0; i < *count; i++) {
        if (str_eq(lines[i].key, key)) {
            return &lines[i];
        }
    }
    lines[*count] = (struct line){.key = key};
    return &lines[(*count)++];
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

static str joined(struct arena *arena, str *texts, i64 count)
{
    struct buf out = buf_in(arena);
    qsort(texts, (size_t)count, sizeof texts[0], by_text);
    for (i64 i = 0; i < count; i++) {
        buf_add(&out, texts[i]);
        buf_char(&out, '\n');
    }
    return buf_str(&out);
}

static str score_line(struct arena *arena, str key, const struct score *score)
{
    return score->is ? str_format(arena, "%.*sn=%lld score=%.9g low=%.9g high=%.9g", STR_ARG(key), (long long)score->n,
                                  score->score, score->low, score->high)
                     : str_format(arena, "%.*sn=0", STR_ARG(key));
}

static str amount_line(struct arena *arena, str key, i64 events, i64 people, bool has, i64 amount)
{
    return has ? str_format(arena, "%.*sevents=%lld people=%lld amount=%lld", STR_ARG(key), (long long)events,
                            (long long)people, (long long)amount)
               : str_format(arena, "%.*sevents=%lld people=%lld", STR_ARG(key), (long long)events, (long long)people);
}

static void add(struct line *line, const struct lived *lived)
{
    struct scale scale = {0};
    line->events++;
    line->people += lived->person != 0 && !line->seen[lived->person];
    line->seen[lived->person] = true;
    if (lived->event.amount.is) {
        line->amounts = true;
        line->amount += lived->event.amount.value;
    }
    if (lived->event.score.is) {
        (void)scale_parse(lived->event.scale, &scale);
        tally_add(&line->tally, scale, lived->event.score.value);
    }
}

static str grouped(struct arena *arena, const struct world *world, const struct question *question)
{
    struct line *lines = arena_new(arena, struct line, world->count + 1);
    i64 count = 0;
    bool score = question->kind == ASK_SCORE, amount = (question->of & COUNT_AMOUNT) != 0;
    for (i64 i = 0; i < world->count; i++) {
        const struct lived *lived = &world->events[i];
        const struct event *event = &lived->event;
        if ((score && (!event->score.is || !str_eq(event->metric, question->metric))) ||
            (question->of == COUNT_AMOUNT && !event->amount.is) || !takes(world, question, lived)) {
            continue;
        }
        str key = key_of(arena, world, question, lived);
        if (amount) {
            key = str_format(arena, "%.*s%.*s|", STR_ARG(key), event->amount.is ? (int)event->currency.len : 1,
                             event->amount.is ? event->currency.data : "-");
        }
        struct line *line = line_of(lines, &count, key);
        (void)metric_parse(question->metric, &line->tally.metric);
        add(line, lived);
    }
    if (count == 0 && question->by_count == 0 && question->every == PERIOD_NONE) {
        (void)line_of(lines, &count, amount ? STR("-|") : STR(""));
    }
    str *texts = arena_new(arena, str, count + 1);
    for (i64 i = 0; i < count; i++) {
        struct score figures = tally_score(&lines[i].tally);
        texts[i] = score ? score_line(arena, lines[i].key, &figures)
                         : amount_line(arena, lines[i].key, lines[i].events, lines[i].people,
                                       amount && lines[i].amounts, lines[i].amount);
    }
    return joined(arena, texts, count);
}

/* Adherence: the definitions of docs/ask.md, one touchpoint and one person at a time. */

struct figures {
    i64 events, people, reached, open, done, closed, late, skipped, repeated;
    f64 next[4096];
    i64 next_count;
    struct tally nps;
};

static bool visits_here(const struct lived *lived, i64 t)
{
    return lived->touchpoint == t && lived->event.metric.len == 0;
}

static bool is_later(const struct lived *lived, i64 t)
{
    return lived->touchpoint > t && lived->event.metric.len == 0;
}

/* The next act of a visit that began with mine[at]: the first later event that is it. */
static i64 act_of(const struct world *world, const struct lived **mine, i64 count, i64 at, i64 t)
{
    for (i64 i = at + 1; i < count && world->within_ms[t] > 0; i++) {
        if (reference_holds(world, &world->when[t], mine[i], 0)) {
            return i;
        }
    }
    return count;
}

/* Where a person's visits to one touchpoint begin. */
static i64 beginnings(const struct world *world, const struct lived **mine, i64 count, i64 t, i64 *begins, i64 *acts)
{
    i64 visits = 0, limit = world->within_ms[t] > 0 ? world->within_ms[t] : 24LL * 3600 * 1000;
    for (i64 i = 0; i < count; i++) {
        if (!visits_here(mine[i], t)) {
            continue;
        }
        bool new = visits == 0;
        if (!new) {
            i64 begin = begins[visits - 1], act = acts[visits - 1];
            if (i == act) {
                continue; // the act of the visit itself
            }
            new = act < i || mine[i]->event.at_ms - mine[begin]->event.at_ms > limit;
            for (i64 k = begin + 1; k < i; k++) {
                new |= mine[k]->touchpoint >= 0 && mine[k]->touchpoint != t &&mine[k]->event.metric.len == 0;
            }
        }
        if (new) {
            begins[visits] = i;
            acts[visits++] = act_of(world, mine, count, i, t);
        }
    }
    return visits;
}

static void one_person(const struct world *world, const struct question *question, const struct lived **mine, i64 count,
                       i64 t, struct figures *out)
{
    i64 begins[512], acts[512];
    i64 visits = beginnings(world, mine, count, t, begins, acts);
    for (i64 v = 0; v < visits; v++) {
        const struct lived *first = mine[begins[v]];
        if (!takes(world, question, first)) {
            continue;
        }
        out->reached++;
        bool further = v == 0;
        for (i64 k = v == 0 ? 0 : begins[v - 1] + 1; k < begins[v]; k++) {
            further |= is_later(mine[k], t);
        }
        out->repeated += !further;
        if (world->within_ms[t] == 0) {
            continue;
        }
        if (first->event.at_ms + world->within_ms[t] >= world->now_ms) {
            out->open++;
            continue;
        }
        out->closed++;
        i64 end = v + 1 < visits ? begins[v + 1] : count;
        if (acts[v] < count && acts[v] <= end) {
            i64 took = mine[acts[v]]->event.at_ms - first->event.at_ms;
            out->done += took <= world->within_ms[t];
            out->late += took > world->within_ms[t];
            out->next[out->next_count++] = (f64)took / 1000.0;
        }
    }
}

/* Did the person reach a later touchpoint, in the question's time, before any visit to this one? */
static bool skips(const struct world *world, const struct question *question, const struct lived **mine, i64 count,
                  i64 t)
{
    i64 begins[512], acts[512], first = count;
    for (i64 i = 0; i < count && first == count; i++) {
        first = visits_here(mine[i], t) ? i : count;
    }
    for (i64 later = t + 1; later < world->map->touchpoints.count; later++) {
        i64 visits = beginnings(world, mine, count, later, begins, acts);
        for (i64 v = 0; v < visits; v++) {
            if (begins[v] < first && takes(world, question, mine[begins[v]])) {
                return true;
            }
        }
    }
    return false;
}

static i64 events_of(const struct world *world, i32 person, const struct lived **mine)
{
    i64 count = 0;
    for (i64 i = 0; i < world->count; i++) {
        if (world->events[i].person == person) {
            i64 at = count++;
            for (; at > 0 && (mine[at - 1]->event.at_ms > world->events[i].event.at_ms ||
                              (mine[at - 1]->event.at_ms == world->events[i].event.at_ms &&
                               mine[at - 1]->event.id > world->events[i].event.id));
                 at--) {
                mine[at] = mine[at - 1];
            }
            mine[at] = &world->events[i];
        }
    }
    return count;
}

static int by_number(const void *a, const void *b)
{
    f64 x = *(const f64 *)a, y = *(const f64 *)b;
    return (x > y) - (x < y);
}

static void add_events(const struct world *world, const struct question *question, i64 t, struct figures *out)
{
    bool seen[64] = {false};
    out->nps.metric = METRIC_NPS;
    for (i64 i = 0; i < world->count; i++) {
        const struct lived *lived = &world->events[i];
        bool here = t < world->map->touchpoints.count ? lived->touchpoint == t : lived->touchpoint < 0;
        if (here && takes(world, question, lived)) {
            out->events++;
            out->people += lived->person != 0 && !seen[lived->person];
            seen[lived->person] = true;
            if (lived->event.score.is && str_eq(lived->event.metric, STR("nps"))) {
                tally_add(&out->nps, (struct scale){0, 10}, lived->event.score.value);
            }
        }
    }
}

static str adherence_line(struct arena *arena, str id, struct figures *f)
{
    struct score nps = tally_score(&f->nps);
    qsort(f->next, (size_t)f->next_count, sizeof f->next[0], by_number);
    return str_format(
        arena,
        "%.*s events=%lld people=%lld reached=%lld open=%lld rate=%.9g late=%lld skipped=%lld repeated=%lld "
        "median=%.9g n=%lld",
        STR_ARG(id), (long long)f->events, (long long)f->people, (long long)f->reached, (long long)f->open,
        f->closed == 0 ? -1.0 : (f64)f->done / (f64)f->closed, (long long)f->late, (long long)f->skipped,
        (long long)f->repeated, f->next_count == 0 ? -1.0 : f->next[f->next_count / 2], (long long)nps.n);
}

static str adherence(struct arena *arena, const struct world *world, const struct question *question)
{
    i64 places = world->map->touchpoints.count;
    str *texts = arena_new(arena, str, places + 1);
    const struct lived **mine = arena_new(arena, const struct lived *, world->count + 1);
    for (i64 t = 0; t <= places; t++) {
        struct figures *f = arena_new(arena, struct figures, 1);
        add_events(world, question, t, f);
        for (i32 person = 1; person < 64 && t < places; person++) {
            i64 count = events_of(world, person, mine);
            one_person(world, question, mine, count, t, f);
            f->skipped += world->where[t].child_count > 0 && skips(world, question, mine, count, t);
        }
        texts[t] = adherence_line(arena, t < places ? journey_map_touchpoint(world->map, t)->id : STR("-"), f);
    }
    return joined(arena, texts, places + 1);
}

str reference_answer(struct arena *arena, const struct world *world, const struct question *question)
{
    return question->kind == ASK_ADHERENCE ? adherence(arena, world, question) : grouped(arena, world, question);
}

/* The engine's rows in the same form. */

static i64 whole(struct json row, const char *name)
{
    i64 number = 0;
    (void)json_i64(json_get(row, str_from(name)), &number);
    return number;
}

static f64 broken(struct json row, const char *name, f64 otherwise)
{
    f64 number = otherwise;
    (void)json_f64(json_get(row, str_from(name)), &number);
    return number;
}

static str shown(struct json row, str name)
{
    str text = STR("-");
    (void)json_str(json_get(row, name), &text);
    return text;
}

static str engine_key(struct arena *arena, const struct question *question, struct json row)
{
    struct buf key = buf_in(arena);
    for (i64 i = 0; i < question->by_count; i++) {
        str text = shown(row, question->by_names[i]);
        buf_format(&key, "%.*s|", STR_ARG(text));
    }
    if (question->every != PERIOD_NONE) {
        str text = shown(row, STR("period"));
        buf_format(&key, "%.*s|", STR_ARG(text));
    }
    if (question->kind == ASK_COUNT && (question->of & COUNT_AMOUNT) != 0) {
        str text = shown(row, STR("currency"));
        buf_format(&key, "%.*s|", STR_ARG(text));
    }
    return buf_str(&key);
}

static str engine_line(struct arena *arena, const struct question *question, struct json row)
{
    if (question->kind == ASK_ADHERENCE) {
        bool nps = str_eq(shown(row, STR("metric")), STR("nps"));
        return str_format(arena,
                          "%.*s events=%lld people=%lld reached=%lld open=%lld rate=%.9g late=%lld skipped=%lld "
                          "repeated=%lld median=%.9g n=%lld",
                          STR_ARG(shown(row, STR("touchpoint"))), (long long)whole(row, "events"),
                          (long long)whole(row, "people"), (long long)whole(row, "reached"),
                          (long long)whole(row, "open"), broken(row, "next_act_rate", -1),
                          (long long)whole(row, "late"), (long long)whole(row, "skipped"),
                          (long long)whole(row, "repeated"), broken(row, "median_next_s", -1),
                          nps ? (long long)whole(row, "n") : 0LL);
    }
    str key = engine_key(arena, question, row);
    if (question->kind == ASK_SCORE) {
        struct score score = {.n = whole(row, "n"), .is = whole(row, "n") > 0};
        score.score = broken(row, "score", 0);
        score.low = broken(row, "low", 0);
        score.high = broken(row, "high", 0);
        return score_line(arena, key, &score);
    }
    bool has = json_type(json_get(row, STR("amount"))) == JSON_I64;
    return amount_line(arena, key, whole(row, "events"), whole(row, "people"), has, whole(row, "amount"));
}

str reference_lines(struct ctx *ctx, const struct question *question, str answer)
{
    struct json root;
    if (json_parse(ctx, json_reader_here(), answer, &root) != OK) {
        return STR("not JSON");
    }
    struct json rows = json_get(root, STR("rows"));
    str *texts = arena_new(&ctx->arena, str, json_count(rows) + 1);
    i64 count = 0;
    for (struct json_iter iter = json_each(rows); json_next(&iter);) {
        texts[count++] = engine_line(&ctx->arena, question, iter.value);
    }
    return joined(&ctx->arena, texts, count);
}
