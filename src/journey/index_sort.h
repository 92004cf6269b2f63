/* Sorting recent rows into the base, and dropping removed ones. */
#pragma once

#include "journey/index.h"

/* Lays all rows out anew: persons, aliases, (at_ms, id). Takes the locks. Without `always` only when there is something to do. */
void index_sort(struct index *index, bool always);

/* Frees every row and column. */
void index_free_rows(struct index *index);
