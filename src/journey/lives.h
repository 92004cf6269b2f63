/* What people lived, as questions about sequences need it: one person after the other, only the events that the question
 * takes, in order, each with a bit for every condition that it satisfies. Nobody's events belong to no sequence of
 * a person; where they are wanted, they come last with person 0.
 */
#pragma once

#include "journey/asking.h"

struct lives {
    const struct asking *asking;
    struct walk walk;
    const struct program *programs;
    i64 program_count;
    bool bounded; /* only events between the question's from and to */
    bool nobody;  /* nobody's events too */

    alias_no person;
    i64 count;
    i64 *at_ms;
    u32 *rows;
    u16 *masks; /* bit k: program k holds */
    i64 capacity;
};

/* Compiles a condition against what the question sees. */
err lives_compile(const struct asking *asking, const struct condition *condition, struct program *out);

struct lives lives_begin(const struct asking *asking, const struct program *programs, i64 program_count, bool bounded);
bool lives_next(struct lives *lives); /* false: nobody is left; then all memory has been given back */
void lives_end(struct lives *lives);
