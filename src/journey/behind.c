#include "journey/behind.h"

#include "base/id.h"
#include "journey/lives.h"
#include "journey/row_groups.h"

#include <stdlib.h>

static const struct shape_field person_fields[] = {
    {"id", SHAPE_ID, offsetof(struct behind_person, id)},
    {"name", SHAPE_STR, offsetof(struct behind_person, name)},
    {"at_ms", SHAPE_TIME, offsetof(struct behind_person, at_ms), .help = "shape.behind_person.at_ms"},
};
const struct shape behind_person_shape = SHAPE("BehindPerson", struct behind_person, person_fields,
                                               "shape.behind_person");

bool found_group(const struct found *found, const struct row_groups *groups, i64 group)
{
    const struct behind *behind = found->behind;
    char text[ISO_MAX];
    for (i64 i = 0; i < behind->question.by_count; i++) {
        if (!str_eq(row_groups_text(groups, group, i), behind->row.values[i])) {
            return false;
        }
    }
    return behind->question.every == PERIOD_NONE || str_eq(row_groups_period(groups, group, text), behind->row.period);
}

void found_add(struct found *found, alias_no person, i64 at_ms)
{
    if (found->count > 0 && found->people[found->count - 1].person == person) {
        return;
    }
    if (found->count == found->capacity) {
        i64 size = (i64)sizeof(struct found_person), more = found->capacity * 2 + 256;
        found->people = arena_grow(found->arena, found->people, found->capacity * size, more * size,
                                   _Alignof(struct found_person));
        found->capacity = more;
    }
    found->people[found->count++] = (struct found_person){person, at_ms};
}

/* Counts and scores: everybody with an event of the group. */

static struct condition on_field(struct arena *arena, struct field field, enum condition_op op, str value)
{
    struct condition condition = {.op = op, .field = field, .exists = true};
    condition.operands = arena_new(arena, struct operand, 1);
    condition.operands[0] = (struct operand){.null = value.len == 0, .text = value};
    condition.operand_count = op == CONDITION_EXISTS ? 0 : 1;
    return condition;
}

static struct condition with_word(struct arena *arena, struct condition all, enum word word, str value)
{
    return condition_and(arena, all, on_field(arena, (struct field){.word = word}, CONDITION_IS, value));
}

static struct condition with_number(struct arena *arena, struct condition all, enum field_kind number)
{
    return condition_and(arena, all, on_field(arena, (struct field){.kind = number}, CONDITION_EXISTS, STR_NONE));
}

/* What the kind of question itself takes, of that what makes the row. */
static struct condition taken(struct arena *arena, const struct behind *behind)
{
    const struct question *question = &behind->question;
    struct condition all = question->where;
    if (question->kind == ASK_SCORE) {
        all = with_number(arena, all, FIELD_SCORE);
        if (!question_scores_one(question)) {
            return with_word(arena, all, WORD_METRIC, question->metric);
        }
        all = with_word(arena, all, WORD_QUESTION, question->metric);
        all = with_word(arena, all, WORD_METRIC, behind->row.metric);
        return with_word(arena, all, WORD_SCALE, behind->row.scale);
    }
    if ((question->of & COUNT_AMOUNT) == 0) {
        return all;
    }
    all = question->of == COUNT_AMOUNT ? with_number(arena, all, FIELD_AMOUNT) : all;
    return with_word(arena, all, WORD_CURRENCY, behind->row.currency);
}

static err behind_events(const struct asking *asking, struct found *found)
{
    struct row_groups groups;
    TRY(row_groups_begin(asking, NULL, 0, &groups));
    struct lives lives = lives_begin(asking, NULL, 0, true);
    err code = OK;
    while (code == OK && lives_next(&lives)) {
        for (i64 i = 0; i < lives.count && code == OK; i++) {
            i64 group;
            code = row_groups_find(&groups, lives.rows[i], lives.person, &group);
            if (code == OK && found_group(found, &groups, group)) {
                found_add(found, lives.person, lives.at_ms[i]);
                break;
            }
        }
    }
    lives_end(&lives);
    return code;
}

/* A page of what was found. */

static int by_id(const void *first, const void *second)
{
    const struct behind_person *a = first, *b = second;
    if (a->id != b->id) {
        return a->id < b->id ? -1 : 1;
    }
    return (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

/* Everybody once, at the first moment. */
static i64 once(struct behind_person *people, i64 count)
{
    i64 kept = 0;
    if (count > 0) {
        qsort(people, (size_t)count, sizeof(*people), by_id);
    }
    for (i64 i = 0; i < count; i++) {
        if (kept == 0 || people[kept - 1].id != people[i].id) {
            people[kept++] = people[i];
        }
    }
    return kept;
}

static void page(const struct asking *asking, const struct found *found, struct behind_page *out)
{
    struct arena *arena = &asking->ctx->arena;
    const struct behind *behind = found->behind;
    struct behind_person *people = arena_new(arena, struct behind_person, found->count + 1);
    i64 from = 0;
    for (i64 i = 0; i < found->count; i++) {
        i64 id = identity_id(asking->rooms->identity, found->people[i].person);
        people[i] = (struct behind_person){.id = id, .at_ms = found->people[i].at_ms};
    }
    i64 count = once(people, found->count);
    while (from < count && people[from].id <= behind->after) {
        from++;
    }
    i64 shown = lesser(count - from, behind->limit);
    *out = (struct behind_page){
        .items = {people + from, shown},
        .next = from + shown < count ? people[from + shown - 1].id : 0,
        .people = count,
    };
}

static err name(struct ctx *ctx, const struct asked_rooms *rooms, const struct behind_page *page)
{
    struct behind_person *people = page->items.items;
    i64 *ids = arena_new(&ctx->arena, i64, page->items.count + 1);
    str *names = arena_new(&ctx->arena, str, page->items.count + 1);
    for (i64 i = 0; i < page->items.count; i++) {
        ids[i] = people[i].id;
    }
    if (rooms->persons.names != NULL) {
        TRY(rooms->persons.names(rooms->persons.self, ctx, ids, page->items.count, names));
    }
    for (i64 i = 0; i < page->items.count; i++) {
        people[i].name = names[i];
    }
    return OK;
}

err behind_people(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
                  const struct behind *behind, struct behind_page *out)
{
    if (!scope->personal) {
        return FAIL(ctx, ERR_FORBIDDEN, "question", "error.ask.personal");
    }
    struct question question = behind->question;
    struct asking *asking = arena_new(&ctx->arena, struct asking, 1);
    struct found found = {.behind = behind, .arena = &ctx->arena};
    question.where = taken(&ctx->arena, behind);
    TRY(asking_begin(ctx, rooms, scope, &question, asking));
    switch (behind->what) {
    case BEHIND_REACHED:
    case BEHIND_LOST: TRY(behind_funnel(asking, &found)); break;
    case BEHIND_COHORT:
    case BEHIND_RETURNED: TRY(behind_retention(asking, &found)); break;
    case BEHIND_EDGE:
    case BEHIND_PATH: TRY(behind_paths(asking, &found)); break;
    default: TRY(behind_events(asking, &found)); break;
    }
    page(asking, &found, out);
    asking_end(asking); // names are read from the records, without the locks
    return name(ctx, rooms, out);
}
