/* What the questions about sequences have in common as SQL: funnels, retention and paths read everybody's walk (sql.h), whose
 * events carry the bits of the question's conditions and the keys of its groups.
 *
 *     walk = [(at_ms, id, bits, …, k0, k1, …), …]
 *
 * Asked for the people behind a figure, they carry in place of the keys one bit: is the event in the row's group?
 */
#pragma once

#include "journey/sql/sql.h"

/* Conditions as the bits of a number over a row, and whether any of them holds. */
struct sql_bits {
    struct sql_expr number, any;
};
err sql_bits(struct sql_asking *sql, const struct condition *const *conditions, i64 count, struct sql_bits *out);

/* What the question takes whenever it happened: known, where, scope. */
err sql_where_ever(struct sql_asking *sql, struct sql_expr *out);

/* The keys of `by` as items of a walk: ", kind, place"; and from a tuple of one, where they begin at a place, as the columns
 * that sql_groups_read reads before the period: "start.4 AS k0, start.5 AS k1, ". */
str sql_key_items(const struct sql_groups *groups);
str sql_key_columns(const struct sql_groups *groups, const char *tuple, i64 place);

/* What becomes of a walk, as results of it (sql_walks): `out`. Of a funnel the times of the steps that were reached by the attempt
 * that counts, and its first event; the bits are the steps. */
str sql_funnel_attempt(struct ctx *ctx, const struct question *question);

/* Of a path the number of its first edge, and its events: none, where the traveller has no path. The items are the node, then
 * the bits: it may begin, it may end here. */
str sql_path_kept(struct ctx *ctx, const struct question *question);
