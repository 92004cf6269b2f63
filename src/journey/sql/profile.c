#include "journey/profile_gather.h"
#include "journey/sql/answers.h"
#include "journey/sql/sql.h"

struct profiles {
    struct sql_asking sql;
    const struct id_list *persons; /* as they were asked for: one may come twice */
    struct id_list aliases;
    i64 *person_of; /* [alias]: a place in persons, from 1 */
    struct gathering *gathering;
};

static void list_aliases(struct profiles *profiles)
{
    struct arena *arena = &profiles->sql.ctx->arena;
    i64 capacity = profiles->persons->count * 2 + 1, size = (i64)sizeof(i64);
    profiles->aliases = (struct id_list){arena_new(arena, i64, capacity), 0};
    profiles->person_of = arena_new(arena, i64, capacity);
    for (i64 i = 0; i < profiles->persons->count; i++) {
        struct id_list own = sql_aliases(&profiles->sql, profiles->persons->items[i], STR_NONE);
        for (i64 k = 0; k < own.count; k++) {
            i64 count = profiles->aliases.count;
            if (count == capacity) {
                profiles->aliases.items = arena_grow(arena, profiles->aliases.items, capacity * size,
                                                     capacity * 2 * size, 8);
                profiles->person_of = arena_grow(arena, profiles->person_of, capacity * size, capacity * 2 * size, 8);
                capacity *= 2;
            }
            profiles->person_of[count] = i + 1;
            profiles->aliases.items[profiles->aliases.count++] = own.items[k];
        }
    }
}

/* A person that was asked for twice is counted once. */
static void copy_twins(const struct id_list *persons, struct profile *out)
{
    for (i64 i = 1; i < persons->count; i++) {
        for (i64 k = 0; k < i && out[i].events == 0; k++) {
            out[i] = persons->items[k] == persons->items[i] ? out[k] : out[i];
        }
    }
}

/* Whose a row is; NULL: nobody's who was asked for. */
static struct gathering *whose(struct profiles *profiles, struct click_rows *rows)
{
    i64 place = click_i64(rows);
    return place >= 1 && place <= profiles->persons->count ? &profiles->gathering[place - 1] : NULL;
}

static err ask(struct profiles *profiles, enum statement statement, struct click_rows *rows)
{
    struct sql_asking *sql = &profiles->sql;
    struct ctx *ctx = sql->ctx;
    struct sql_expr where = sql_and(ctx, sql_of_aliases(ctx, &profiles->aliases), sql_where(sql));
    str who = SQL_TEXT(ctx, SQL_CLICK_PERSON_OF,
                       VALUE_STR("aliases", sql_numbers(ctx, profiles->aliases.items, profiles->aliases.count)),
                       VALUE_STR("people", sql_numbers(ctx, profiles->person_of, profiles->aliases.count)));
    return sql_query(sql,
                     SQL_TEXT(ctx, statement, PART("with", sql_with(sql, where.needs)),
                              PART("from", sql_from(sql, where.needs)), PART("where", where.text), PART("who", who)),
                     rows);
}

static err gather(struct profiles *profiles)
{
    struct click_rows rows;
    TRY(ask(profiles, SQL_CLICK_PROFILES, &rows));
    while (click_more(&rows)) {
        struct gathering *gathering = whose(profiles, &rows);
        i64 first_ms = click_i64(&rows), last_ms = click_i64(&rows), events = (i64)click_u64(&rows);
        if (gathering != NULL) {
            gathering->profile->first_ms = first_ms;
            gathering->profile->last_ms = last_ms;
            gathering->profile->events = events;
        }
        profiles->sql.asking->read->events += events;
        profiles->sql.asking->read->people++;
    }
    TRY(ask(profiles, SQL_CLICK_PROFILE_SUMS, &rows));
    while (click_more(&rows)) {
        struct gathering *gathering = whose(profiles, &rows);
        str currency = click_str(&rows);
        i64 amount = click_i64(&rows), orders = (i64)click_u64(&rows);
        if (gathering != NULL) {
            profile_add_amount(gathering, currency, amount, orders);
        }
    }
    TRY(ask(profiles, SQL_CLICK_PROFILE_SCORES, &rows));
    while (click_more(&rows)) {
        struct gathering *gathering = whose(profiles, &rows);
        str metric = click_str(&rows), scale = click_str(&rows);
        f64 score = click_f64(&rows);
        i64 times = (i64)click_u64(&rows);
        if (gathering != NULL) {
            profile_add_answers(gathering, metric, scale, score, times);
        }
    }
    return OK;
}

err sql_profiles(const struct asking *asking, const struct id_list *persons, struct profile *out)
{
    struct arena *arena = &asking->ctx->arena;
    struct profiles *profiles = arena_new(arena, struct profiles, 1);
    profiles->persons = persons;
    profiles->gathering = arena_new(arena, struct gathering, greater(persons->count, 1));
    TRY(sql_begin(asking, &profiles->sql));
    list_aliases(profiles);
    for (i64 i = 0; i < persons->count; i++) {
        profiles->gathering[i] = (struct gathering){.asking = asking, .profile = &out[i]};
    }
    if (profiles->aliases.count > 0) {
        TRY(gather(profiles));
    }
    for (i64 i = 0; i < persons->count; i++) {
        profile_end(&profiles->gathering[i]);
    }
    copy_twins(persons, out);
    return OK;
}
