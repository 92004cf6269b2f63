/* A condition made ready to run: a few jumps over small numbers.
 *
 * Every test on a text field is a bit set over the codes of its dictionary, so
 * `contains` or a thousand values cost one look-up an event. "and", "or" and
 * "not" are where a test jumps when it holds and when it does not.
 */
#pragma once

#include "journey/condition.h"
#include "journey/index.h"
#include "journey/walk.h"

struct derived;

/* A trait of every person, as codes: [oldest alias]. */
struct trait_column {
    str name;
    struct dictionary texts;
    u32 *codes;
    u32 count;
};

/* A journey that conditions may name. */
struct program_journey {
    str id;
    const struct derived *derived;
};

/* What conditions are compiled against; everything stays unchanged while the program runs. */
struct program_env {
    struct view *view;
    const struct derived *derived; /* the question's journey; NULL: there is none, and in maps */
    const struct program_journey *journeys;
    i64 journey_count;
    const struct trait_column *traits;
    i64 trait_count;
    i64 now_ms;         /* `did` counts what happened before this moment */
    const i64 *cut_ids; /* events the question does not know (as_of), sorted; see walk.cut_ids */
    i64 cut_count;
};

enum test_kind { TEST_WORD, TEST_PROP, TEST_TRAIT, TEST_TOUCHPOINT, TEST_NUMBER, TEST_TEXT, TEST_PERSON };

struct test {
    enum test_kind kind;
    enum word word;
    i32 column; /* TEST_PROP: in the view; -1: there is none */
    const struct trait_column *trait;
    const struct derived *derived;
    const u64 *bits; /* over codes, or over persons */
    u32 bit_count;
    bool amount;                       /* TEST_NUMBER: the amount, else the score */
    bool exists;                       /* TEST_TEXT */
    const struct condition *condition; /* TEST_NUMBER: operator and operands */
    i32 yes, no;                       /* the next test, or PROGRAM_HOLDS, PROGRAM_FAILS */
};

enum { PROGRAM_HOLDS = -1, PROGRAM_FAILS = -2 };

struct program {
    const struct view *view;
    struct test *tests;
    i32 count, capacity;
    i32 start;
};

/* The program lives in the context's arena. Properties that have no column in the view have no values; ERR_CANCELLED when the context is stopped. */
err program_compile(struct ctx *ctx, const struct condition *condition, const struct program_env *env,
                    struct program *out);

/* Does it hold for this event of this person (0: nobody)? */
bool program_holds(const struct program *program, i64 row, alias_no person);

static inline bool program_always(const struct program *program)
{
    return program->start == PROGRAM_HOLDS;
}
