#include "journey/answer.h"
#include "journey/groups.h"

struct count_tally {
    i64 events, people, amount;
    i64 amounts;   /* events that have one */
    alias_no last; /* the person counted last; persons come one after the other */
};

struct counting {
    const struct asking *asking;
    struct groups groups;
    struct count_tally *tallies;
    i64 capacity;
};

static err take(struct counting *counting, i64 row, alias_no person)
{
    const struct asking *asking = counting->asking;
    bool amount = (asking->question.of & COUNT_AMOUNT) != 0;
    i64 price = 0;
    bool priced = amount && view_amount(&asking->view, row, &price);
    if ((asking->question.of == COUNT_AMOUNT && !priced) || !asking_takes(asking, row, person)) {
        return OK;
    }
    i64 group;
    TRY(groups_find(&counting->groups, row, person, &group));
    if (group >= counting->capacity) {
        i64 size = (i64)sizeof(struct count_tally), more = counting->capacity * 2 + 64;
        counting->tallies = arena_grow(&asking->ctx->arena, counting->tallies, counting->capacity * size, more * size,
                                       _Alignof(struct count_tally));
        counting->capacity = more;
    }
    struct count_tally *tally = &counting->tallies[group];
    tally->events++;
    if (person != 0 && tally->last != person) {
        tally->people++;
        tally->last = person;
    }
    if (priced) {
        tally->amount += price;
        tally->amounts++;
    }
    return OK;
}

static void write_tally(const struct counting *counting, const struct count_tally *tally, i64 group,
                        struct json_writer *writer)
{
    const struct groups *groups = &counting->groups;
    json_pair_i64(writer, "events", tally->events);
    json_pair_i64(writer, "people", tally->people);
    if ((counting->asking->question.of & COUNT_AMOUNT) == 0) {
        return;
    }
    json_key(writer, STR("amount"));
    if (tally->amounts > 0) {
        json_put_i64(writer, tally->amount);
    } else {
        json_put_null(writer);
    }
    json_pair_str(writer, "currency", group < 0 ? STR_NONE : groups_text(groups, group, groups->dimension_count - 1));
}

err answer_count(const struct asking *asking, struct json_writer *writer)
{
    // Amounts of different currencies are never added: a row each.
    static const struct field currency = {.kind = FIELD_WORD, .word = WORD_CURRENCY};
    struct counting counting = {.asking = asking};
    TRY(groups_begin(asking, &currency, (asking->question.of & COUNT_AMOUNT) != 0, &counting.groups));
    struct walk walk = asking_walk(asking, false);
    err code = OK;
    while (code == OK && walk_next(&walk)) {
        for (i64 i = 0; i < walk.count && code == OK; i++) {
            code = take(&counting, walk.rows[i], walk.person);
        }
    }
    walk_end(&walk);
    TRY(code);
    i64 *order = groups_order(&counting.groups);
    for (i64 i = 0; i < counting.groups.count; i++) {
        json_object(writer);
        groups_write(&counting.groups, order[i], writer);
        write_tally(&counting, &counting.tallies[order[i]], order[i], writer);
        json_object_end(writer);
    }
    if (counting.groups.count == 0 && asking->question.by_count == 0 && asking->question.every == PERIOD_NONE) {
        json_object(writer);
        write_tally(&counting, &(struct count_tally){0}, -1, writer);
        json_object_end(writer);
    }
    return OK;
}
