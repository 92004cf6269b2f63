#include "journey/answer.h"

/* The newest rows so far: a heap whose top is the oldest of them. */
struct newest {
    const struct view *view;
    struct pick {
        u32 row;
        alias_no person;
    } * picks;
    i64 count, limit;
};

static bool older(const struct view *view, i64 a, i64 b)
{
    i64 first = view_at_ms(view, a), second = view_at_ms(view, b);
    return first != second ? first < second : view_id(view, a) < view_id(view, b);
}

static void sink(struct newest *newest, i64 at)
{
    struct pick *picks = newest->picks;
    for (;;) {
        i64 child = at * 2 + 1;
        if (child >= newest->count) {
            return;
        }
        if (child + 1 < newest->count && older(newest->view, picks[child + 1].row, picks[child].row)) {
            child++;
        }
        if (!older(newest->view, picks[child].row, picks[at].row)) {
            return;
        }
        struct pick swap = picks[at];
        picks[at] = picks[child];
        picks[child] = swap;
        at = child;
    }
}

static void rise(struct newest *newest, i64 at)
{
    struct pick *picks = newest->picks;
    while (at > 0 && older(newest->view, picks[at].row, picks[(at - 1) / 2].row)) {
        struct pick swap = picks[at];
        picks[at] = picks[(at - 1) / 2];
        picks[(at - 1) / 2] = swap;
        at = (at - 1) / 2;
    }
}

static void keep(struct newest *newest, u32 row, alias_no person)
{
    if (newest->count < newest->limit) {
        newest->picks[newest->count] = (struct pick){row, person};
        rise(newest, newest->count++);
    } else if (older(newest->view, newest->picks[0].row, row)) {
        newest->picks[0] = (struct pick){row, person};
        sink(newest, 0);
    }
}

static bool before_cursor(const struct asking *asking, i64 row)
{
    const struct question *question = &asking->question;
    i64 at = view_at_ms(&asking->view, row);
    if (question->after_id == 0) {
        return true;
    }
    return at < question->after_ms || (at == question->after_ms && view_id(&asking->view, row) < question->after_id);
}

static void scan(const struct asking *asking, struct walk *walk, struct newest *newest)
{
    for (i64 i = 0; i < walk->count; i++) {
        u32 row = walk->rows[i];
        if (before_cursor(asking, row) && asking_takes(asking, row, walk->person)) {
            keep(newest, row, walk->person);
        }
    }
}

static void scan_all(const struct asking *asking, struct newest *newest)
{
    struct walk walk = asking_walk(asking, false);
    while (walk_next(&walk)) {
        scan(asking, &walk, newest);
    }
    walk_end(&walk);
}

static void scan_person(const struct asking *asking, struct newest *newest)
{
    struct identity *identity = asking->rooms->identity;
    const struct question *question = &asking->question;
    identity_lock(identity);
    alias_no alias = question->person != 0 ? identity_of_id(identity, question->person)
                                           : identity_find(identity, question->person_alias);
    identity_unlock(identity);
    if (alias != 0 && alias <= asking->view.alias_count) {
        struct walk walk = asking_walk(asking, false);
        walk_to(&walk, asking->view.person[alias]);
        scan(asking, &walk, newest);
        walk_end(&walk);
    }
}

static struct found_row describe(const struct asking *asking, struct pick pick)
{
    const struct view *view = &asking->view;
    u32 code = derived_code(view, asking->derived, pick.row);
    struct found_row found = {
        .id = view_id(view, pick.row),
        .at_ms = view_at_ms(view, pick.row),
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
    struct arena *arena = &asking->ctx->arena;
    i64 limit = asking->question.limit;
    struct newest newest = {.view = &asking->view, .limit = limit + 1}; // one more says whether there are more
    newest.picks = arena_new(arena, struct pick, newest.limit);
    if (asking->question.person != 0 || asking->question.person_alias.len > 0) {
        scan_person(asking, &newest);
    } else {
        scan_all(asking, &newest);
    }
    *more = newest.count > limit;
    i64 found = newest.count;
    struct pick *ordered = arena_new(arena, struct pick, greater(found, 1));
    while (newest.count > 0) { // the oldest leaves first
        ordered[newest.count - 1] = newest.picks[0];
        newest.picks[0] = newest.picks[--newest.count];
        sink(&newest, 0);
    }
    *count = lesser(found, limit);
    *rows = arena_new(arena, struct found_row, greater(*count, 1));
    identity_lock(asking->rooms->identity);
    for (i64 i = 0; i < *count; i++) {
        (*rows)[i] = describe(asking, ordered[i]);
    }
    identity_unlock(asking->rooms->identity);
    return OK;
}
