/* The people behind a figure, found by ClickHouse. */
#pragma once

#include "journey/behind.h"
#include "journey/sql/sql.h"

/* Everybody whom the row counts; the list is the context's. */
err sql_behind(const struct asking *asking, const struct behind *behind, struct behind_list *out);

/* The same person may come again. */
err sql_behind_add(const struct asking *asking, struct behind_list *list, i64 person, i64 at_ms);

/* Reads rows of a person and a moment. */
err sql_behind_rows(struct sql_asking *sql, str statement, struct behind_list *out);

/* Is an event in the group of the row? A condition over one row of events. `groups` are those of the question. */
err sql_behind_group(struct sql_groups *groups, const struct behind *behind, struct sql_expr *out);

/* The first event of everybody, of those that the question takes and that are in the row's group, and of which `also` holds. */
err sql_behind_events(struct sql_asking *sql, const struct behind *behind, struct sql_expr also,
                      struct behind_list *out);

err sql_behind_adherence(struct sql_asking *sql, const struct behind *behind, struct behind_list *out);
