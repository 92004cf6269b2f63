#include "journey/answer.h"
#include "journey/features.h"
#include "journey/scan.h"
#include "journey/sql/answers.h"
#include "journey/tally.h"

#include "base/id.h"

#include <stdlib.h>

enum { DAY_MS = 24 * 3600 * 1000 };

/* The sum of a person's amounts in one currency. */
struct feature_amount {
    u32 currency;
    i64 sum;
};

/* What a person has lived through, in figures. */
struct features {
    alias_no person;
    i64 first_ms, last_ms, events, answers, days, kinds, channels;
    i64 orders, first_order_ms, last_order_ms;
    struct feature_amount *amounts;
    i64 amount_count, amount_capacity;
    u32 newest[METRIC_COUNT]; /* code of the newest score of each metric */
};

/* What part->self points to. */
struct featuring {
    i64 most;                                   /* persons wanted, and one more to know whether there are more */
    i32 kind, channel, metric, score, currency; /* slots */
    u32 metrics[METRIC_COUNT];                  /* codes of WORD_METRIC */
    u32 kind_count, channel_count;
};

struct feature_state {
    struct features *people;
    i64 count, capacity;
    u32 *kinds, *channels; /* [code]: the person seen last with it, by number */
};

static err begin(struct part *part)
{
    const struct featuring *featuring = part->self;
    struct feature_state *state = part->state;
    TRY(part_new(part, u32, (i64)featuring->kind_count + 1, &state->kinds));
    return part_new(part, u32, (i64)featuring->channel_count + 1, &state->channels);
}

static i64 day_of(const struct zone *zone, i64 at_ms)
{
    i64 local = at_ms + zone_offset_ms(zone, at_ms);
    return local >= 0 ? local / DAY_MS : -((DAY_MS - 1 - local) / DAY_MS);
}

/* 1 when the person has not been seen with this code. */
static i64 is_new(u32 *seen, u32 code, u32 person)
{
    bool new = code != 0 && seen[code] != person;
    seen[code] = person;
    return new;
}

static void add_event(struct part *part, struct feature_state *state, struct features *out, const struct block *block,
                      i64 row)
{
    const struct featuring *featuring = part->self;
    const struct zone *zone = part->asking->question.zone;
    i64 at_ms = block->at_ms[row];
    out->days += out->events == 0 || day_of(zone, out->last_ms) != day_of(zone, at_ms);
    out->first_ms = out->events == 0 ? at_ms : out->first_ms;
    out->last_ms = at_ms;
    out->events++;
    u32 number = (u32)state->count + 1;
    out->kinds += is_new(state->kinds, cells_get(block->cells[featuring->kind], row), number);
    out->channels += is_new(state->channels, cells_get(block->cells[featuring->channel], row), number);
}

static void add_answer(const struct featuring *featuring, struct features *out, const struct block *block, i64 answer)
{
    u32 code = cells_get(block->cells[featuring->metric], answer);
    u32 score = cells_get(block->cells[featuring->score], answer);
    out->answers += code != 0;
    for (i32 metric = METRIC_NPS; metric < METRIC_COUNT; metric++) {
        if (code != 0 && code == featuring->metrics[metric] && score != 0) {
            out->newest[metric] = score;
        }
    }
}

static err add_amount(struct part *part, struct features *out, const struct block *block, i64 amount)
{
    const struct featuring *featuring = part->self;
    u32 currency = cells_get(block->cells[featuring->currency], amount);
    i64 value = block->amounts[amount], at_ms = block->at_ms[block->amount_row[amount]], i = 0;
    if (value > 0) {
        out->first_order_ms = out->orders == 0 ? at_ms : out->first_order_ms;
        out->last_order_ms = at_ms;
        out->orders++;
    }
    while (i < out->amount_count && out->amounts[i].currency != currency) {
        i++;
    }
    if (i == out->amount_count) {
        TRY(part_room_for(part, &out->amounts, &out->amount_capacity, i + 1));
        out->amounts[out->amount_count++] = (struct feature_amount){currency, 0};
    }
    out->amounts[i].sum += value;
    return OK;
}

/* Where the reading of a block has come to. */
struct place {
    const i32 *rows; /* those the question takes; NULL: all */
    i64 row, rows_end, answer, amount;
};

static err read_person(struct part *part, const struct block *block, const struct stretch *stretch, struct place *place)
{
    struct feature_state *state = part->state;
    struct features person = {.person = stretch->person};
    for (; place->row < place->rows_end; place->row++) {
        i64 row = place->rows == NULL ? place->row : place->rows[place->row];
        if (row >= stretch->to) {
            break;
        }
        add_event(part, state, &person, block, row);
        while (place->answer < block->answer_count && block->answer_row[place->answer] < row) {
            place->answer++;
        }
        while (place->amount < block->amount_count && block->amount_row[place->amount] < row) {
            place->amount++;
        }
        if (place->answer < block->answer_count && block->answer_row[place->answer] == row) {
            add_answer(part->self, &person, block, place->answer);
        }
        if (place->amount < block->amount_count && block->amount_row[place->amount] == row) {
            TRY(add_amount(part, &person, block, place->amount));
        }
    }
    if (person.events == 0) {
        return OK;
    }
    TRY(part_room_for(part, &state->people, &state->capacity, state->count + 1));
    state->people[state->count++] = person;
    return OK;
}

static err read_block(struct part *part, const struct block *block)
{
    const struct featuring *featuring = part->self;
    struct feature_state *state = part->state;
    struct place place = {0};
    place.rows_end = part_take(part, block, &place.rows);
    for (i64 i = 0; i < block->person_count && state->count < featuring->most; i++) {
        TRY(read_person(part, block, &block->people[i], &place));
    }
    return OK;
}

static const struct scanner feature_scanner = {sizeof(struct feature_state), begin, read_block, NULL};

/* Who has events that the question takes: a bit a person. */
static err begin_search(struct part *part)
{
    u64 **people = part->state;
    return part_new(part, u64, bits_words((i64)part->asking->view.alias_count + 1), people);
}

static err search_block(struct part *part, const struct block *block)
{
    u64 *people = *(u64 **)part->state;
    const i32 *rows;
    i64 count = part_take(part, block, &rows), at = 0;
    for (i64 i = 0; i < block->person_count && block->people[0].person != 0; i++) {
        i64 before = at;
        while (at < count && (rows == NULL ? at : rows[at]) < block->people[i].to) {
            at++;
        }
        if (at > before) {
            bits_set(people, block->people[i].person, (i64)block->people[i].person + 1);
        }
    }
    return OK;
}

static err merge_search(struct part *into, struct part *from)
{
    u64 *people = *(u64 **)into->state;
    const u64 *more = *(u64 **)from->state;
    for (i64 word = 0; word < bits_words((i64)into->asking->view.alias_count + 1); word++) {
        people[word] |= more[word];
    }
    return OK;
}

static const struct scanner search_scanner = {sizeof(u64 *), begin_search, search_block, merge_search};

/* Finding the persons of a page. Aliases are numbered in the order of their ids, and a person's id is that of its oldest one. */

static alias_no first_behind(const struct asking *asking, i64 id)
{
    struct identity *identity = asking->rooms->identity;
    alias_no low = 1, high = asking->view.alias_count + 1;
    identity_lock(identity);
    while (low < high) {
        alias_no middle = low + (high - low) / 2;
        if (identity_id(identity, middle) <= id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    identity_unlock(identity);
    return low;
}

static i64 list_people(const struct asking *asking, alias_no from, const u64 *wanted, i64 most, alias_no *out,
                       alias_no *next)
{
    i64 count = 0;
    alias_no alias = from;
    for (; alias <= asking->view.alias_count && count < most; alias++) {
        if (asking->view.person[alias] == alias && (wanted == NULL || bits_has(wanted, alias))) {
            out[count++] = alias;
        }
    }
    *next = alias;
    return count;
}

static err read_people(const struct asking *asking, const struct featuring *featuring, const alias_no *people,
                       i64 count, const struct feature_state **out)
{
    struct part *part;
    TRY(scan_people(asking, asking->lens, &feature_scanner, featuring, people, count, &part));
    *out = part->state;
    return OK;
}

/* The next persons are looked at first; where they are too few, all are searched. */
static err find_page(const struct asking *asking, const struct featuring *featuring, const struct feature_state **out)
{
    alias_no from = first_behind(asking, asking->question.after_id), next;
    i64 most = greater(featuring->most, FEATURES_FIRST_LOOK);
    alias_no *people = arena_new(&asking->ctx->arena, alias_no, most);
    i64 count = list_people(asking, from, NULL, most, people, &next);
    TRY(read_people(asking, featuring, people, count, out));
    if ((*out)->count >= featuring->most || next > asking->view.alias_count) {
        return OK;
    }
    struct part *part;
    TRY(scan_run(asking, asking->lens, &search_scanner, NULL, &part));
    count = list_people(asking, from, *(u64 **)part->state, featuring->most, people, &next);
    return read_people(asking, featuring, people, count, out);
}

static err find_one(const struct asking *asking, const struct featuring *featuring, const struct feature_state **out)
{
    struct identity *identity = asking->rooms->identity;
    const struct question *question = &asking->question;
    identity_lock(identity);
    alias_no alias = question->person != 0 ? identity_of_id(identity, question->person)
                                           : identity_find(identity, question->person_alias);
    bool known = alias != 0 && alias <= asking->view.alias_count;
    alias_no person = known ? asking->view.person[alias] : 0;
    known = known && identity_id(identity, person) > question->after_id;
    identity_unlock(identity);
    return read_people(asking, featuring, &person, known, out);
}

/* Writing. */

static void pair_moment(struct json_writer *writer, const char *name, bool is, i64 at_ms)
{
    json_key(writer, str_from(name));
    if (is) {
        json_put_i64(writer, at_ms);
    } else {
        json_put_null(writer);
    }
}

static f64 days_between(i64 from_ms, i64 to_ms)
{
    return (f64)(to_ms - from_ms) / (f64)DAY_MS;
}

static int by_currency(const void *a, const void *b)
{
    return str_cmp(((const struct feature_sum *)a)->currency, ((const struct feature_sum *)b)->currency);
}

static void write_orders(struct json_writer *writer, const struct feature_figures *person)
{
    json_pair_i64(writer, "orders", person->orders);
    json_key(writer, STR("amounts"));
    json_list(writer);
    if (person->sum_count > 1) {
        qsort(person->sums, (size_t)person->sum_count, sizeof person->sums[0], by_currency);
    }
    for (i64 i = 0; i < person->sum_count; i++) {
        json_object(writer);
        json_pair_str(writer, "currency", person->sums[i].currency);
        json_pair_i64(writer, "amount", person->sums[i].sum);
        json_object_end(writer);
    }
    json_list_end(writer);
    pair_moment(writer, "first_order_ms", person->orders > 0, person->first_order_ms);
    pair_moment(writer, "last_order_ms", person->orders > 0, person->last_order_ms);
    json_pair_number(writer, "days_between_orders", person->orders > 1,
                     days_between(person->first_order_ms, person->last_order_ms) / (f64)greater(person->orders - 1, 1));
}

static void write_newest(struct json_writer *writer, const struct feature_figures *person)
{
    static const char *const names[METRIC_COUNT] = {
        [METRIC_NPS] = "last_nps", [METRIC_CSAT] = "last_csat", [METRIC_CES] = "last_ces"};
    for (i32 metric = METRIC_NPS; metric < METRIC_COUNT; metric++) {
        json_pair_number(writer, names[metric], person->newest[metric].is, person->newest[metric].value);
    }
}

static void write_person(const struct asking *asking, struct json_writer *writer, const struct feature_figures *person,
                         str name)
{
    json_object(writer);
    json_key(writer, STR("person"));
    json_object(writer);
    json_pair_id(writer, "id", person->person);
    json_pair_str(writer, "name", name);
    json_object_end(writer);
    json_pair_i64(writer, "first_ms", person->first_ms);
    json_pair_i64(writer, "last_ms", person->last_ms);
    json_pair_i64(writer, "events", person->events);
    json_pair_i64(writer, "answers", person->answers);
    json_pair_i64(writer, "active_days", person->days);
    json_pair_i64(writer, "kinds", person->kinds);
    json_pair_i64(writer, "channels", person->channels);
    write_orders(writer, person);
    json_pair_f64(writer, "recency_days", days_between(person->last_ms, asking->asked_ms));
    json_pair_f64(writer, "tenure_days", days_between(person->first_ms, asking->asked_ms));
    write_newest(writer, person);
    json_object_end(writer);
}

err features_write(const struct asking *asking, struct feature_figures *people, i64 found, struct json_writer *writer,
                   str *next)
{
    struct ctx *ctx = asking->ctx;
    const struct person_source *source = &asking->rooms->persons;
    i64 count = lesser(found, asking->question.limit);
    i64 *ids = arena_new(&ctx->arena, i64, count + 1);
    str *names = arena_new(&ctx->arena, str, count + 1);
    for (i64 i = 0; i < count; i++) {
        ids[i] = people[i].person;
    }
    if (source->names != NULL && count > 0) {
        TRY(source->names(source->self, ctx, ids, count, names));
    }
    for (i64 i = 0; i < count; i++) {
        write_person(asking, writer, &people[i], names[i]);
        TRY(answer_use(asking, writer));
    }
    if (found > count) {
        char *text = arena_alloc(&ctx->arena, ID_TEXT_LEN, 1);
        *next = id_text(ids[count - 1], text);
    }
    return OK;
}

/* From codes to what they mean. */
static struct feature_figures figures_of(const struct asking *asking, const struct features *person)
{
    struct texts currencies = asking->view.texts[WORD_CURRENCY];
    struct feature_figures out = {
        .person = identity_id(asking->rooms->identity, person->person),
        .first_ms = person->first_ms,
        .last_ms = person->last_ms,
        .events = person->events,
        .answers = person->answers,
        .days = person->days,
        .kinds = person->kinds,
        .channels = person->channels,
        .orders = person->orders,
        .first_order_ms = person->first_order_ms,
        .last_order_ms = person->last_order_ms,
        .sums = arena_new(&asking->ctx->arena, struct feature_sum, person->amount_count + 1),
        .sum_count = person->amount_count,
    };
    for (i64 i = 0; i < person->amount_count; i++) {
        out.sums[i] = (struct feature_sum){texts_text(&currencies, person->amounts[i].currency),
                                           person->amounts[i].sum};
    }
    for (i32 metric = METRIC_NPS; metric < METRIC_COUNT; metric++) {
        u32 code = person->newest[metric];
        out.newest[metric] = (struct maybe_f64){asking->view.scores.values[code], code != 0};
    }
    return out;
}

static err write_page(const struct asking *asking, struct json_writer *writer, const struct feature_state *state,
                      str *next)
{
    i64 count = lesser(state->count, asking->question.limit + 1);
    struct feature_figures *people = arena_new(&asking->ctx->arena, struct feature_figures, count + 1);
    identity_lock(asking->rooms->identity);
    for (i64 i = 0; i < count; i++) {
        people[i] = figures_of(asking, &state->people[i]);
    }
    identity_unlock(asking->rooms->identity);
    return features_write(asking, people, count, writer, next);
}

static void prepare(const struct asking *asking, struct featuring *out)
{
    struct lens *lens = asking->lens;
    const struct texts *texts = asking->view.texts;
    out->most = asking->question.limit + 1;
    out->kind = lens_word(lens, WORD_KIND);
    out->channel = lens_word(lens, WORD_CHANNEL);
    out->metric = lens_word(lens, WORD_METRIC);
    out->score = lens_scores(lens);
    out->currency = lens_word(lens, WORD_CURRENCY);
    (void)lens_amounts(lens);
    out->kind_count = texts[WORD_KIND].count;
    out->channel_count = texts[WORD_CHANNEL].count;
    for (i32 metric = METRIC_NPS; metric < METRIC_COUNT; metric++) {
        out->metrics[metric] = texts_find(&texts[WORD_METRIC], metric_word((enum metric)metric));
    }
}

err answer_features(const struct asking *asking, struct json_writer *writer, str *next)
{
    if (asking->rooms->index == NULL) {
        return sql_features(asking, writer, next);
    }
    const struct question *question = &asking->question;
    struct featuring *featuring = arena_new(&asking->ctx->arena, struct featuring, 1);
    const struct feature_state *state;
    prepare(asking, featuring);
    if (question->person != 0 || question->person_alias.len > 0) {
        TRY(find_one(asking, featuring, &state));
    } else {
        TRY(find_page(asking, featuring, &state));
    }
    return write_page(asking, writer, state, next);
}
