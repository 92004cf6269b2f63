/* The people behind a figure, found by ClickHouse. */
#pragma once

#include "journey/behind.h"
#include "journey/sql/sql.h"

/* The people whom the row counts, without names. ClickHouse makes the page, so that only it travels. */
err sql_behind(const struct asking *asking, const struct behind *behind, struct behind_page *out);

/* The same person may come again. */
err sql_behind_add(const struct asking *asking, struct behind_list *list, i64 person, i64 at_ms);

/* Is an event in the group of the row? A condition over one row of events. `groups` are those of the question. */
err sql_behind_group(struct sql_groups *groups, const struct behind *behind, struct sql_expr *out);

/* The two halves of that: the values of `by`; the period, whose number among `periods` is `number`. */
err sql_behind_values(struct sql_groups *groups, const struct behind *behind, struct sql_expr *out);
struct sql_expr sql_behind_period(struct sql_asking *sql, const struct behind *behind, const struct periods *periods,
                                  str number);

/* Statements whose rows are people and moments, `who` and `at`, maybe the same people several times; none: there is nobody. */

/* Of the events that the question takes and that are in the row's group: those of which `also` holds. */
err sql_behind_events(struct sql_asking *sql, const struct behind *behind, struct sql_expr also, str *statement);

err sql_behind_funnel(struct sql_asking *sql, const struct behind *behind, str *statement);
err sql_behind_retention(struct sql_asking *sql, const struct behind *behind, str *statement);
err sql_behind_paths(struct sql_asking *sql, const struct behind *behind, str *statement);

/* A statement, or the people themselves where visits are walked here. */
err sql_behind_adherence(struct sql_asking *sql, const struct behind *behind, str *statement, struct behind_list *out);
