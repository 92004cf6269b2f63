/* timeline and features. */
#include "sequences.h"

#include "base/id.h"

#include <stdlib.h>

/* The person that the question names by an id or an alias: the place of its oldest alias, -1 for none. */
static i64 person_asked(const struct asked *asked)
{
    const struct world *world = asked->world;
    str text = asked_text(asked, "person", STR_NONE);
    i64 id = 0;
    (void)id_parse(text, &id);
    for (i64 i = 0; i < world->alias_count; i++) {
        if (str_eq(world->aliases[i].text, text) || world->aliases[i].id == id) {
            return asked->sight.persons[i];
        }
    }
    return -1;
}

static void pair_text(struct json_writer *writer, const char *name, str text)
{
    json_pair_str(writer, name, text.len > 0 ? text : STR_NONE);
}

static void write_row(const struct asked *asked, struct json_writer *writer, const struct seen *seen)
{
    const struct event *event = &seen->told->event;
    json_object(writer);
    json_pair_id(writer, "id", event->id);
    json_pair_i64(writer, "at_ms", event->at_ms);
    json_pair_i64(writer, "received_ms", event->received_ms);
    json_key(writer, STR("person"));
    json_object(writer);
    json_pair_id(writer, "id", asked->world->aliases[seen->person].id);
    json_pair_str(writer, "name", STR_NONE);
    json_object_end(writer);
    pair_text(writer, "alias", event->alias);
    pair_text(writer, "source", event->source);
    pair_text(writer, "kind", event->kind);
    pair_text(writer, "channel", event->channel);
    pair_text(writer, "place", event->place);
    pair_text(writer, "touchpoint", field_text(&asked->sight, seen, STR("touchpoint"), false));
    pair_text(writer, "stage", field_text(&asked->sight, seen, STR("stage"), false));
    pair_text(writer, "metric", event->metric);
    pair_text(writer, "question", event->question);
    pair_text(writer, "version", STR_NONE);
    write_number(writer, "score", event->score.is, event->score.value);
    pair_text(writer, "scale", event->scale);
    write_number(writer, "amount", event->amount.is, (f64)event->amount.value);
    pair_text(writer, "currency", event->currency);
    if (event->text.len > 0) {
        json_pair_str(writer, "text", event->text);
    }
    if (event->props.len > 0) {
        json_pair_raw(writer, "props", event->props);
    }
    json_object_end(writer);
}

/* "at.id", as rows are pointed at. */
static bool after_of(const struct asked *asked, i64 *at_ms, i64 *id)
{
    str rest = asked_text(asked, "after", STR_NONE);
    str at = str_cut(&rest, '.');
    return str_i64(at, at_ms) && id_parse(rest, id);
}

void answer_of_timeline(const struct asked *asked, struct json_writer *writer, str *next)
{
    i64 count = 0, written = 0, limit = asked_number(asked, "limit", 50), at_ms, id, person = person_asked(asked);
    const struct seen **mine = taken_of(asked, person, &count);
    bool after = after_of(asked, &at_ms, &id);
    const struct seen *last = NULL;
    for (i64 i = person < 0 ? -1 : count - 1; i >= 0; i--) {
        if (after && (mine[i]->at_ms > at_ms || (mine[i]->at_ms == at_ms && mine[i]->id >= id))) {
            continue;
        }
        if (written == limit) {
            char text[ID_TEXT_LEN];
            *next = str_format(asked->arena, "%lld.%.*s", (long long)last->at_ms, STR_ARG(id_text(last->id, text)));
            return;
        }
        last = mine[i];
        write_row(asked, writer, last);
        written++;
    }
}

/* features */

static i64 different(str *texts, i64 count)
{
    i64 out = 0;
    for (i64 i = 0; i < count; i++) {
        bool first = texts[i].len > 0;
        for (i64 k = 0; k < i; k++) {
            first &= !str_eq(texts[i], texts[k]);
        }
        out += first;
    }
    return out;
}

static void write_different(const struct asked *asked, struct json_writer *writer, const struct seen **mine, i64 count)
{
    str *days = arena_new(asked->arena, str, count), *kinds = arena_new(asked->arena, str, count);
    str *channels = arena_new(asked->arena, str, count);
    for (i64 i = 0; i < count; i++) {
        char date[ISO_MAX];
        days[i] = str_copy(asked->arena, iso_date(asked->world->zone, mine[i]->at_ms, date));
        kinds[i] = mine[i]->told->event.kind;
        channels[i] = mine[i]->told->event.channel;
    }
    json_pair_i64(writer, "active_days", different(days, count));
    json_pair_i64(writer, "kinds", different(kinds, count));
    json_pair_i64(writer, "channels", different(channels, count));
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

/* An order is an event with an amount above zero; amounts of one currency are added, whatever their sign. */
static void write_orders(const struct asked *asked, struct json_writer *writer, const struct seen **mine, i64 count)
{
    str *currencies = arena_new(asked->arena, str, count + 1);
    i64 orders = 0, first_ms = 0, last_ms = 0, currency_count = 0;
    for (i64 i = 0; i < count; i++) {
        const struct event *event = &mine[i]->told->event;
        if (event->amount.is && event->amount.value > 0) {
            first_ms = orders++ == 0 ? mine[i]->at_ms : first_ms;
            last_ms = mine[i]->at_ms;
        }
        if (event->amount.is) {
            currencies[currency_count++] = event->currency;
        }
    }
    json_pair_i64(writer, "orders", orders);
    json_key(writer, STR("amounts"));
    json_list(writer);
    qsort(currencies, (size_t)currency_count, sizeof(str), by_bytes);
    for (i64 c = 0; c < currency_count; c++) {
        i64 sum = 0;
        if (c > 0 && str_eq(currencies[c], currencies[c - 1])) {
            continue;
        }
        for (i64 i = 0; i < count; i++) {
            const struct event *event = &mine[i]->told->event;
            sum += event->amount.is && str_eq(event->currency, currencies[c]) ? event->amount.value : 0;
        }
        json_object(writer);
        json_pair_str(writer, "currency", currencies[c]);
        json_pair_i64(writer, "amount", sum);
        json_object_end(writer);
    }
    json_list_end(writer);
    write_number(writer, "first_order_ms", orders > 0, (f64)first_ms);
    write_number(writer, "last_order_ms", orders > 0, (f64)last_ms);
    write_number(writer, "days_between_orders", orders > 1,
                 (f64)(last_ms - first_ms) / (f64)greater(orders - 1, 1) / 86400000.0);
}

static void write_newest(struct json_writer *writer, const char *name, const char *metric, const struct seen **mine,
                         i64 count)
{
    struct maybe_f64 newest = {0};
    for (i64 i = 0; i < count; i++) {
        const struct event *event = &mine[i]->told->event;
        newest = str_eq(event->metric, str_from(metric)) && event->score.is ? event->score : newest;
    }
    write_number(writer, name, newest.is, newest.value);
}

static void write_features(const struct asked *asked, struct json_writer *writer, i64 person, const struct seen **mine,
                           i64 count)
{
    i64 first_ms = mine[0]->at_ms, last_ms = mine[count - 1]->at_ms, answers = 0;
    for (i64 i = 0; i < count; i++) {
        answers += mine[i]->told->event.metric.len > 0;
    }
    json_object(writer);
    json_key(writer, STR("person"));
    json_object(writer);
    json_pair_id(writer, "id", asked->world->aliases[person].id);
    json_pair_str(writer, "name", STR_NONE);
    json_object_end(writer);
    json_pair_i64(writer, "first_ms", first_ms);
    json_pair_i64(writer, "last_ms", last_ms);
    json_pair_i64(writer, "events", count);
    json_pair_i64(writer, "answers", answers);
    write_different(asked, writer, mine, count);
    write_orders(asked, writer, mine, count);
    write_number(writer, "recency_days", true, (f64)(asked->sight.asked_ms - last_ms) / 86400000.0);
    write_number(writer, "tenure_days", true, (f64)(asked->sight.asked_ms - first_ms) / 86400000.0);
    write_newest(writer, "last_nps", "nps", mine, count);
    write_newest(writer, "last_csat", "csat", mine, count);
    write_newest(writer, "last_ces", "ces", mine, count);
    json_object_end(writer);
}

void answer_of_features(const struct asked *asked, struct json_writer *writer, str *next)
{
    i64 people, after = 0, written = 0, limit = asked_number(asked, "limit", 50), last = 0;
    i64 *persons = everybody(asked, &people);
    bool one = asked_has(asked, "person");
    i64 wanted = person_asked(asked);
    (void)id_parse(asked_text(asked, "after", STR_NONE), &after);
    for (i64 i = 0; i < people; i++) { // oldest aliases come in the order of their ids
        i64 count, id = asked->world->aliases[persons[i]].id;
        const struct seen **mine = taken_of(asked, persons[i], &count);
        if (count == 0 || id <= after || (one && persons[i] != wanted)) {
            continue;
        }
        if (written == limit) {
            char *text = arena_alloc(asked->arena, ID_TEXT_LEN, 1);
            *next = id_text(last, text);
            return;
        }
        write_features(asked, writer, persons[i], mine, count);
        last = id;
        written++;
    }
}
