#include "journey/behind_adherence.h"

#include "journey/sql/adherence.h"
#include "journey/sql/behind.h"

struct seeking {
    const struct asking *asking;
    const struct behind *behind;
    const struct adherence *adherence;
    i64 touchpoint;
    struct behind_list *found;
};

static err read_person(void *self, i64 person, const struct visits *visits)
{
    const struct seeking *seeking = self;
    struct sought_visits sought = behind_visits(seeking->adherence, visits, seeking->behind->what, seeking->touchpoint);
    i64 at_ms;
    return sought_next(&sought, &at_ms) == NULL ? OK : sql_behind_add(seeking->asking, seeking->found, person, at_ms);
}

/* On which touchpoints a visit decides: skipped is one by visits further on. */
static const bool *wanted_of(const struct sql_visits *visits, const struct seeking *seeking)
{
    i64 count = visits->plan.touchpoint_count;
    bool *wanted = arena_new(&visits->sql->ctx->arena, bool, count + 1);
    for (i64 t = 0; t < count; t++) {
        wanted[t] = seeking->behind->what == BEHIND_SKIPPED ? t > seeking->touchpoint : t == seeking->touchpoint;
    }
    return wanted;
}

static err seek_visits(struct sql_asking *sql, struct seeking *seeking)
{
    struct ctx *ctx = sql->ctx;
    struct sql_visits *visits = arena_new(&ctx->arena, struct sql_visits, 1);
    struct sql_groups *groups = arena_new(&ctx->arena, struct sql_groups, 1);
    struct sql_expr group;
    TRY(sql_groups_begin(sql, NULL, 0, groups));
    TRY(sql_behind_group(groups, seeking->behind, &group));
    TRY(sql_visits_begin(sql, sql->asking->journey.newest, visits));
    visits->takes = sql_and(ctx, visits->takes, group); // a visit counts where its first event is in the group
    visits->wanted = wanted_of(visits, seeking);
    visits->person = read_person;
    visits->self = seeking;
    seeking->adherence = sql_adherence_rules(visits);
    return sql_visits_run(visits);
}

static err seek_events(struct sql_asking *sql, const struct seeking *seeking, str *statement)
{
    struct sql_expr spot = sql_spot(sql, sql->asking->journey.newest);
    spot.text = SQL_TEXT(sql->ctx, SQL_CLICK_NUMBER_EQUALS, PART("number", spot.text),
                         VALUE_I64("value", seeking->touchpoint));
    return sql_behind_events(sql, seeking->behind, spot, statement);
}

err sql_behind_adherence(struct sql_asking *sql, const struct behind *behind, str *statement, struct behind_list *out)
{
    struct seeking *seeking = arena_new(&sql->ctx->arena, struct seeking, 1);
    const struct asking *asking = sql->asking;
    *seeking = (struct seeking){.asking = asking, .behind = behind, .found = out};
    TRY(behind_touchpoint(sql->ctx, behind, asking->journey.newest, &asking->scope, &seeking->touchpoint));
    return behind->what == BEHIND_PEOPLE ? seek_events(sql, seeking, statement) : seek_visits(sql, seeking);
}
