#include "journey/sql/adherence.h"

#include "journey/adherence_write.h"
#include "journey/sql/answers.h"

#include <stdlib.h>

/* Answers of one value at a place. */
struct given {
    i64 place; /* among all */
    enum metric metric;
    struct scale scale;
    f64 value;
    i64 times;
};

struct answering {
    struct sql_asking sql;
    struct sql_groups groups;
    struct sql_visits visits;
    struct adherence *adherence;
    struct adherence_count *count;
    struct part *part;
    struct given *given;
    i64 given_count, given_capacity;
    u32 *numbers; /* of the groups of the steps of the person being read */
    i64 number_capacity;
};

/* Shared. */

static bool across(const struct sql_asking *sql)
{
    return sql->moved && click_cluster(sql->ch) != NULL;
}

str sql_people(struct sql_asking *sql)
{
    return SQL_TEXT(sql->ctx, across(sql) ? SQL_CLICK_PEOPLE_STATE : SQL_CLICK_PEOPLE_HERE);
}

str sql_people_all(struct sql_asking *sql)
{
    return SQL_TEXT(sql->ctx, across(sql) ? SQL_CLICK_PEOPLE_MERGED : SQL_CLICK_PEOPLE_SUMMED);
}

static void end_part(void *object)
{
    part_end(object);
}

struct part *sql_part(const struct asking *asking, const void *self, void *state)
{
    struct part *part = arena_new(&asking->ctx->arena, struct part, 1);
    *part = (struct part){.asking = asking, .self = self, .state = state};
    ctx_defer(asking->ctx, end_part, part);
    return part;
}

struct adherence *sql_adherence_rules(const struct sql_visits *visits)
{
    struct arena *arena = &visits->sql->ctx->arena;
    struct adherence *adherence = arena_new(arena, struct adherence, 1);
    *adherence = (struct adherence){.asking = visits->sql->asking, .plan = visits->plan};
    adherence->places = visits->plan.touchpoint_count + 1;
    adherence->has_where = arena_new(arena, bool, adherence->places);
    for (i64 t = 0; t + 1 < adherence->places; t++) {
        adherence->has_where[t] = !condition_empty(&visits->version->where[t]);
    }
    return adherence;
}

/* What goes wrong in a part is told by the question. */
static err told(struct answering *answering, err code)
{
    const struct fault *fault = &answering->part->ctx.fault;
    if (code != OK && fault->key != NULL) {
        (void)ctx_fail_args(answering->sql.ctx, code, NULL, fault->key, fault->args, fault->arg_count);
    }
    return code;
}

/* The place of a row among all: its group's first one, and that on the map. */
static err read_place(struct answering *answering, struct click_rows *rows, i64 *place)
{
    i64 group;
    u32 number;
    TRY(sql_groups_read(&answering->groups, rows, &group));
    TRY(told(answering, adherence_meet(answering->part, answering->count, (u32)group, &number)));
    i64 spot = click_u8(rows);
    *place = number * answering->adherence->places + lesser(spot, answering->adherence->places - 1);
    return OK;
}

/* Events and persons. */

static err read_events(struct answering *answering)
{
    struct sql_asking *sql = &answering->sql;
    struct ctx *ctx = sql->ctx;
    struct sql_expr spot = sql_spot(sql, sql->asking->journey.newest), where = sql_where(sql);
    u32 needs = answering->groups.needs | spot.needs | where.needs | SQL_NEEDS_PERSON;
    struct click_rows rows;
    str text = SQL_TEXT(ctx, SQL_CLICK_ADHERENCE_EVENTS, PART("names", answering->groups.names),
                        PART("all", sql_people_all(sql)), PART("with", sql_with(sql, needs)),
                        PART("select", answering->groups.select), PART("spot", spot.text),
                        PART("people", sql_people(sql)), PART("from", sql_from(sql, needs)), PART("where", where.text));
    TRY(sql_query(sql, text, &rows));
    while (click_more(&rows)) {
        i64 place;
        TRY(read_place(answering, &rows, &place));
        answering->count->items[place].events += (i64)click_u64(&rows);
        answering->count->items[place].people += (u32)click_u64(&rows);
    }
    return OK;
}

/* Answers. */

static err read_given(struct answering *answering, struct click_rows *rows)
{
    i64 place;
    struct given given = {0};
    TRY(read_place(answering, rows, &place));
    given.place = place;
    (void)metric_parse(click_str(rows), &given.metric);
    (void)scale_parse(click_str(rows), &given.scale);
    given.value = click_f64(rows);
    given.times = (i64)click_u64(rows);
    TRY(told(answering, part_room_for(answering->part, &answering->given, &answering->given_capacity,
                                      answering->given_count + 1)));
    answering->given[answering->given_count++] = given;
    return OK;
}

/* By place, then as answers are numbered elsewhere, so that sums do not depend on the order in which they came. */
static int by_place(const void *first, const void *second)
{
    const struct given *a = first, *b = second;
    if (a->place != b->place) {
        return a->place < b->place ? -1 : 1;
    }
    if (a->metric != b->metric) {
        return a->metric < b->metric ? -1 : 1;
    }
    return (a->value > b->value) - (a->value < b->value);
}

static err read_answers(struct answering *answering)
{
    struct sql_asking *sql = &answering->sql;
    struct ctx *ctx = sql->ctx;
    struct sql_expr spot = sql_spot(sql, sql->asking->journey.newest), where = sql_where(sql);
    u32 needs = answering->groups.needs | spot.needs | where.needs;
    struct click_rows rows;
    str text = SQL_TEXT(ctx, SQL_CLICK_ADHERENCE_ANSWERS, PART("names", answering->groups.names),
                        PART("with", sql_with(sql, needs)), PART("select", answering->groups.select),
                        PART("spot", spot.text), PART("from", sql_from(sql, needs)), PART("where", where.text));
    TRY(sql_query(sql, text, &rows));
    while (click_more(&rows)) {
        TRY(read_given(answering, &rows));
    }
    if (answering->given_count > 0) {
        qsort(answering->given, (size_t)answering->given_count, sizeof(struct given), by_place);
    }
    return OK;
}

/* The first answer at a place or behind it. */
static i64 first_given(const struct answering *answering, i64 place)
{
    i64 low = 0, high = answering->given_count;
    while (low < high) {
        i64 middle = low + (high - low) / 2;
        if (answering->given[middle].place < place) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void tallies_of(const struct adherence_writing *writing, i64 place, struct tally tallies[METRIC_COUNT])
{
    const struct answering *answering = writing->self;
    for (i32 metric = METRIC_NONE; metric < METRIC_COUNT; metric++) {
        tallies[metric] = (struct tally){.metric = (enum metric)metric};
    }
    for (i64 i = first_given(answering, place); i < answering->given_count; i++) {
        const struct given *given = &answering->given[i];
        if (given->place != place) {
            break;
        }
        tally_add_many(&tallies[given->metric], given->scale, given->value, given->times);
    }
}

/* Visits. */

static err read_step(void *self, struct click_rows *rows, i64 step, bool counts)
{
    struct answering *answering = self;
    i64 group;
    u32 number = 0;
    TRY(sql_visits_group(&answering->groups, rows, counts, &group));
    if (counts) {
        TRY(told(answering, adherence_meet(answering->part, answering->count, (u32)group, &number)));
    }
    TRY(told(answering, part_room_for(answering->part, &answering->numbers, &answering->number_capacity, step + 1)));
    answering->numbers[step] = number;
    return OK;
}

static err read_person(void *self, [[maybe_unused]] i64 person, const struct visits *visits)
{
    struct answering *answering = self;
    return told(answering, adherence_add(answering->part, answering->count, visits, NULL, answering->numbers));
}

static err read_visits(struct answering *answering)
{
    struct sql_visits *visits = &answering->visits;
    visits->more = sql_visits_keys(&answering->groups);
    visits->needs |= answering->groups.needs;
    visits->read = read_step;
    visits->person = read_person;
    visits->self = answering;
    return sql_visits_run(visits);
}

/* The whole. */

/* Without a map there is one place: events on none. */
static err begin(struct answering *answering)
{
    struct sql_asking *sql = &answering->sql;
    struct arena *arena = &sql->ctx->arena;
    const struct journey_version *version = sql->asking->journey.newest;
    TRY(sql_groups_begin(sql, NULL, 0, &answering->groups));
    if (version != NULL) {
        TRY(sql_visits_begin(sql, version, &answering->visits));
    }
    answering->visits.sql = sql;
    answering->adherence = sql_adherence_rules(&answering->visits);
    answering->count = arena_new(arena, struct adherence_count, 1);
    answering->part = sql_part(sql->asking, answering->adherence, answering->count);
    return OK;
}

err sql_adherence(const struct asking *asking, struct json_writer *writer)
{
    struct answering *answering = arena_new(&asking->ctx->arena, struct answering, 1);
    const struct question *question = &asking->question;
    u32 number;
    TRY(sql_begin(asking, &answering->sql));
    TRY(begin(answering));
    if (question->by_count == 0 && question->every == PERIOD_NONE) {
        TRY(told(answering, adherence_meet(answering->part, answering->count, 0, &number)));
    }
    TRY(read_events(answering));
    TRY(read_answers(answering));
    if (asking->journey.newest != NULL) {
        TRY(read_visits(answering));
    }
    sql_groups_end(&answering->groups);
    struct adherence_writing writing = {.adherence = answering->adherence,
                                        .count = answering->count,
                                        .grouping = &answering->groups.grouping,
                                        .answers = tallies_of,
                                        .self = answering};
    return adherence_write_all(&writing, writer);
}
