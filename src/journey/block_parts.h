/* What straight and gathered blocks share: block_straight.c and block_gather.c.
 */
#pragma once

#include "journey/block_build.h"

/* A layer's column of a slot; NULL: it has none, all cells are 0. */
const struct column *block_column(const struct view *view, const struct lens_column *column, i32 layer);
struct cells block_cells(const struct column *column, i64 from);

/* Which values of a sparse column belong to rows [from, to): [from, to) of
 * them. */
struct range block_values(const struct sparse *sparse, i64 from, i64 to);

/* The rows of those values, each plus `shift`; returns how many. */
i64 block_value_rows(const struct sparse *sparse, i64 from, i64 to, i64 shift, i32 *out);

/* Does the question know a row: it is not removed and, "as of", had arrived?
 * All of [from, to)? */
bool block_knows(const struct block_source *source, i32 layer, i64 row);
bool block_knows_all(const struct block_source *source, i32 layer, i64 from, i64 to);

void block_room_for_people(struct block_builder *builder, i64 count);
void block_add_person(struct block_builder *builder, alias_no person, i64 from, i64 to);
