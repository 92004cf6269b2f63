#include "journey/behind.h"

#include "base/id.h"
#include "journey/groups.h"
#include "journey/sql/behind.h"

#include <stdlib.h>
#include <string.h>

static const struct shape_field person_fields[] = {
    {"id", SHAPE_ID, offsetof(struct behind_person, id)},
    {"name", SHAPE_STR, offsetof(struct behind_person, name)},
    {"at_ms", SHAPE_TIME, offsetof(struct behind_person, at_ms), .help = "shape.behind_person.at_ms"},
};
const struct shape behind_person_shape = SHAPE("BehindPerson", struct behind_person, person_fields,
                                               "shape.behind_person");

bool found_group(const struct found *found, const struct grouping *grouping, i64 group)
{
    const struct behind *behind = found->behind;
    char text[ISO_MAX];
    for (i64 i = 0; i < behind->question.by_count; i++) {
        if (!str_eq(grouping_text(grouping, group, i), behind->row.values[i])) {
            return false;
        }
    }
    const struct periods *periods = &grouping->groups->periods;
    return periods->count == 0 ||
           str_eq(periods_text(periods, grouping_period(grouping, group), text), behind->row.period);
}

err found_add(struct part *part, struct found *found, alias_no person, i64 at_ms)
{
    TRY(part_room_for(part, &found->people, &found->capacity, found->count + 1));
    found->people[found->count++] = (struct found_person){person, at_ms};
    return OK;
}

err found_merge(struct part *into_part, struct found *into, const struct found *from)
{
    TRY(part_room_for(into_part, &into->people, &into->capacity, into->count + from->count));
    if (from->count > 0) {
        memcpy(into->people + into->count, from->people, (size_t)from->count * sizeof(struct found_person));
        into->count += from->count;
    }
    return OK;
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

/* What a part of the scan holds. */
struct looking {
    struct grouping grouping;
    struct found found;
};

struct sought {
    const struct behind *behind;
    struct groups groups;
};

static err begin(struct part *part)
{
    const struct sought *sought = part->self;
    struct looking *looking = part->state;
    looking->found.behind = sought->behind;
    return grouping_begin(part, &sought->groups, &looking->grouping);
}

/* The first event of each person that is in the row's group. */
static err look(struct part *part, const struct block *block)
{
    struct looking *looking = part->state;
    const i32 *rows;
    const u32 *groups;
    i64 count = part_take(part, block, &rows), k = 0;
    TRY(grouping_find(&looking->grouping, block, rows, count, &groups));
    for (i64 i = 0; i < block->person_count; i++) {
        const struct stretch *stretch = &block->people[i];
        bool found = stretch->person == 0;
        for (; k < count && (rows == NULL ? k : rows[k]) < stretch->to; k++) {
            i64 row = rows == NULL ? k : rows[k];
            if (!found && row >= stretch->from && found_group(&looking->found, &looking->grouping, groups[k])) {
                TRY(found_add(part, &looking->found, stretch->person, block->at_ms[row]));
                found = true;
            }
        }
    }
    return OK;
}

static err merge(struct part *into, struct part *from)
{
    struct looking *a = into->state;
    const struct looking *b = from->state;
    return found_merge(into, &a->found, &b->found);
}

static err behind_events(const struct asking *asking, const struct behind *behind, const struct found **out)
{
    static const struct scanner scanner = {
        .state_size = sizeof(struct looking), .begin = begin, .block = look, .merge = merge};
    struct sought *sought = arena_new(&asking->ctx->arena, struct sought, 1);
    struct part *part;
    sought->behind = behind;
    TRY(groups_begin(asking, asking->lens, NULL, 0, &sought->groups));
    TRY(scan_run(asking, asking->lens, &scanner, sought, &part));
    *out = &((const struct looking *)part->state)->found;
    return OK;
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

/* Those found in the index, by their ids. */
static struct behind_list list_of(const struct asking *asking, const struct found *found)
{
    struct behind_person *people = arena_new(&asking->ctx->arena, struct behind_person, found->count + 1);
    identity_lock(asking->rooms->identity);
    for (i64 i = 0; i < found->count; i++) {
        i64 id = identity_id(asking->rooms->identity, found->people[i].person);
        people[i] = (struct behind_person){.id = id, .at_ms = found->people[i].at_ms};
    }
    identity_unlock(asking->rooms->identity);
    return (struct behind_list){.people = people, .count = found->count};
}

void behind_page_of(const struct behind *behind, struct behind_list list, struct behind_page *out)
{
    i64 count = once(list.people, list.count), from = 0;
    while (from < count && list.people[from].id <= behind->after) {
        from++;
    }
    i64 shown = lesser(count - from, behind->limit);
    *out = (struct behind_page){
        .items = {list.people + from, shown},
        .next = from + shown < count ? list.people[from + shown - 1].id : 0,
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

/* Everybody, from the index or from ClickHouse. */
static err find(const struct asking *asking, const struct behind *behind, struct behind_page *out)
{
    const struct found *found;
    if (asking->rooms->index == NULL) {
        return sql_behind(asking, behind, out);
    }
    switch (behind->question.kind) {
    case ASK_FUNNEL: TRY(behind_funnel(asking, behind, &found)); break;
    case ASK_RETENTION: TRY(behind_retention(asking, behind, &found)); break;
    case ASK_PATHS: TRY(behind_paths(asking, behind, &found)); break;
    case ASK_ADHERENCE: TRY(behind_adherence(asking, behind, &found)); break;
    default: TRY(behind_events(asking, behind, &found)); break;
    }
    behind_page_of(behind, list_of(asking, found), out);
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
    question.where = taken(&ctx->arena, behind);
    TRY(asking_begin(ctx, rooms, scope, &question, asking));
    TRY(find(asking, behind, out));
    asking_end(asking); // names are read from the records, without the locks
    return name(ctx, rooms, out);
}
