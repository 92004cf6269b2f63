/* The rows of one person at a time: every person once, in the order of their oldest alias, and at the end nobody's rows
 * with person 0. Rows are numbers of the view's, ordered by (at_ms, id) when `ordered`. For what is not hot; questions
 * scan (scan.h). */
#pragma once

#include "journey/view.h"

struct walk {
    const struct view *view;
    bool ordered;
    alias_no person;
    u32 *rows;
    i64 count, capacity;
    u32 *spare; /* room for ordering */
    i64 spare_capacity;
    alias_no next;
    bool ended;
    const i64 *cut_ids; /* sorted ids of events that are passed over: what a question "as of" did not know */
    i64 cut_count;
};
struct walk walk_begin(const struct view *view, bool ordered);
bool walk_next(struct walk *walk);
void walk_end(struct walk *walk);

/* The rows of one person (its oldest alias; 0: nobody's) instead of the next. */
void walk_to(struct walk *walk, alias_no person);
