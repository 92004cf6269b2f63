#include "journey/answer.h"
#include "journey/scan.h"
#include "journey/sql/answers.h"

struct pick {
    i64 at_ms, id;
    u32 row;
    alias_no person;
};

/* The newest rows so far: a heap whose top is the oldest of them. */
struct newest {
    struct pick *picks;
    i64 count;
};

static bool older(const struct pick *a, const struct pick *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->id < b->id;
}

static void swap(struct pick *a, struct pick *b)
{
    struct pick kept = *a;
    *a = *b;
    *b = kept;
}

static void sink(struct newest *newest, i64 at)
{
    struct pick *picks = newest->picks;
    for (;;) {
        i64 child = at * 2 + 1;
        if (child >= newest->count) {
            return;
        }
        if (child + 1 < newest->count && older(&picks[child + 1], &picks[child])) {
            child++;
        }
        if (!older(&picks[child], &picks[at])) {
            return;
        }
        swap(&picks[at], &picks[child]);
        at = child;
    }
}

static void rise(struct newest *newest, i64 at)
{
    struct pick *picks = newest->picks;
    while (at > 0 && older(&picks[at], &picks[(at - 1) / 2])) {
        swap(&picks[at], &picks[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static void keep(struct newest *newest, i64 limit, const struct pick *pick)
{
    if (newest->count < limit) {
        newest->picks[newest->count] = *pick;
        rise(newest, newest->count++);
    } else if (older(&newest->picks[0], pick)) {
        newest->picks[0] = *pick;
        sink(newest, 0);
    }
}

/* What part->self points to. */
struct looking {
    i64 limit;
};

static err begin(struct part *part)
{
    const struct looking *looking = part->self;
    struct newest *newest = part->state;
    return part_new(part, struct pick, looking->limit, &newest->picks);
}

static bool before_cursor(const struct question *question, i64 at_ms, i64 id)
{
    return question->after_id == 0 || at_ms < question->after_ms ||
           (at_ms == question->after_ms && id < question->after_id);
}

/* Most of the past is older than what was found already: a look at the times alone. */
static bool worth_reading(const struct newest *newest, i64 limit, const struct block *block)
{
    i64 last = INT64_MIN;
    for (i64 i = 0; i < block->count; i++) {
        last = greater(last, block->at_ms[i]);
    }
    return newest->count < limit || last >= newest->picks[0].at_ms;
}

static err read_block(struct part *part, const struct block *block)
{
    const struct looking *looking = part->self;
    const struct question *question = &part->asking->question;
    struct newest *newest = part->state;
    const i32 *rows;
    if (!worth_reading(newest, looking->limit, block)) {
        return OK;
    }
    i64 count = part_take(part, block, &rows), person = 0;
    for (i64 k = 0; k < count; k++) {
        i64 row = rows == NULL ? k : rows[k];
        while (row >= block->people[person].to) {
            person++;
        }
        struct pick pick = {block->at_ms[row], block->ids[row], (u32)block_row(block, row),
                            block->people[person].person};
        if (before_cursor(question, pick.at_ms, pick.id)) {
            keep(newest, looking->limit, &pick);
        }
    }
    return OK;
}

static err merge(struct part *into, struct part *from)
{
    const struct looking *looking = into->self;
    const struct newest *newest = from->state;
    for (i64 i = 0; i < newest->count; i++) {
        keep(into->state, looking->limit, &newest->picks[i]);
    }
    return OK;
}

static const struct scanner scanner = {sizeof(struct newest), begin, read_block, merge};

static err look_at_person(const struct asking *asking, const struct looking *looking, struct part **part)
{
    struct identity *identity = asking->rooms->identity;
    const struct question *question = &asking->question;
    identity_lock(identity);
    alias_no alias = question->person != 0 ? identity_of_id(identity, question->person)
                                           : identity_find(identity, question->person_alias);
    identity_unlock(identity);
    bool known = alias != 0 && alias <= asking->view.alias_count;
    alias_no person = known ? asking->view.person[alias] : 0;
    return scan_people(asking, asking->lens, &scanner, looking, &person, known, part);
}

static struct found_row describe(const struct asking *asking, struct pick pick)
{
    const struct view *view = &asking->view;
    u32 code = derived_code(view, asking->derived, pick.row);
    struct found_row found = {
        .id = pick.id,
        .at_ms = pick.at_ms,
        .person = pick.person == 0 ? 0 : identity_id(asking->rooms->identity, pick.person),
    };
    if (code != 0) {
        found.touchpoint = str_copy(&asking->ctx->arena, asking->derived->touches[code].id);
        found.stage = str_copy(&asking->ctx->arena, asking->derived->touches[code].stage);
    }
    return found;
}

err answer_rows(const struct asking *asking, struct found_row **rows, i64 *count, bool *more)
{
    if (asking->rooms->index == NULL) {
        return sql_rows(asking, rows, count, more);
    }
    struct arena *arena = &asking->ctx->arena;
    const struct question *question = &asking->question;
    struct looking *looking = arena_new(arena, struct looking, 1);
    struct part *part;
    looking->limit = question->limit + 1; // one more says whether there are more
    asking->lens->unordered = true;
    if (question->person != 0 || question->person_alias.len > 0) {
        TRY(look_at_person(asking, looking, &part));
    } else {
        TRY(scan_run(asking, asking->lens, &scanner, looking, &part));
    }
    struct newest *newest = part->state;
    i64 found = newest->count;
    struct pick *ordered = arena_new(arena, struct pick, greater(found, 1));
    while (newest->count > 0) { // the oldest leaves first
        ordered[newest->count - 1] = newest->picks[0];
        newest->picks[0] = newest->picks[--newest->count];
        sink(newest, 0);
    }
    *more = found > question->limit;
    *count = lesser(found, question->limit);
    *rows = arena_new(arena, struct found_row, greater(*count, 1));
    identity_lock(asking->rooms->identity);
    for (i64 i = 0; i < *count; i++) {
        (*rows)[i] = describe(asking, ordered[i]);
    }
    identity_unlock(asking->rooms->identity);
    return OK;
}
