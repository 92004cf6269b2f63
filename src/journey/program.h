/* A condition made ready to run.
 *
 * Every test on a field is a set of codes, so `contains` or a thousand values
 * cost one look-up an event. "and", "or" and "not" are where a test jumps when
 * it holds and when it does not; all jumps go to tests with smaller numbers, so
 * a whole block runs through the tests from the last to the first, a bit a row:
 *
 *     kind is A  and  (channel is web  or  place is HN)
 *
 *     2: kind    yes → 1      no → fails
 *     1: channel yes → holds  no → 0
 *     0: place   yes → holds  no → fails
 *
 * A condition that looks at one column of the events alone is one set of codes.
 */
#pragma once

#include "journey/bits.h"
#include "journey/condition.h"
#include "journey/view.h"

struct asking;
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

/* What conditions are compiled against; everything stays unchanged while the
 * program runs. */
struct program_env {
    struct view *view;
    struct lens *lens;             /* takes up the columns that are looked at; NULL: only
                        program_holds will run */
    const struct asking *asking;   /* who answers `did` by a scan; NULL in maps,
                                  which do not know it */
    const struct derived *derived; /* the question's journey; NULL: there is none, and in maps */
    const struct program_journey *journeys;
    i64 journey_count;
    const struct trait_column *traits;
    i64 trait_count;
    i64 now_ms;         /* `did` counts what happened before this moment */
    const i64 *cut_ids; /* events the question does not know (as_of), sorted */
    i64 cut_count;
};

enum test_kind {
    TEST_WORD,   /* a word of the event */
    TEST_COLUMN, /* a promoted property, or a derived touchpoint */
    TEST_SCORE,  /* the code of the score; 0: none */
    TEST_VOICED, /* 1: the customer said something */
    TEST_AMOUNT, /* not codes but numbers */
    TEST_TRAIT,  /* of the person */
    TEST_PERSON, /* the person itself */
};

struct test {
    enum test_kind kind;
    enum word word;
    i32 column; /* place in view.columns; -1: every row has code 0 */
    i32 slot;   /* in the lens; -1: none, every row has code 0 */
    struct codes codes;
    const struct trait_column *trait;
    const struct condition *condition; /* TEST_AMOUNT: operator and operands */
    i32 yes, no;                       /* the next test, or PROGRAM_HOLDS, PROGRAM_FAILS */
};

enum { PROGRAM_HOLDS = -1, PROGRAM_FAILS = -2 };

struct program {
    const struct view *view;
    const struct lens *lens;
    struct test *tests;
    i32 count, capacity;
    i32 start;
    i32 one_slot; /* the only column that is looked at; -1: there is no such */
    struct codes one;
};

/* The program lives in the context's arena. Properties must have been promoted.
 * `did` is answered here, for everybody, by a scan of its own: ERR_CANCELLED
 * when the context is stopped. */
err program_compile(struct ctx *ctx, const struct condition *condition, const struct program_env *env,
                    struct program *out);

/* Does it hold for this event (a row of the view) of this person (0: nobody)?
 * For what is not hot. */
bool program_holds(const struct program *program, i64 row, alias_no person);

/* Does it hold, does it fail, whatever the event? */
static inline bool program_always(const struct program *program)
{
    return program->start == PROGRAM_HOLDS;
}

static inline bool program_never(const struct program *program)
{
    return program->start == PROGRAM_FAILS;
}

/* Does it ask about persons, not only about events? */
bool program_of_people(const struct program *program);

/* A bit for each row of the block: bits_words(count) words. The block was made
 * with the lens the program was compiled with. */
void program_bits(const struct program *program, const struct block *block, struct scratch *scratch, u64 *bits);

/* Up to 8 programs at once: bit k of a row's mask says whether program k holds.
 * Programs that look at one and the same column (as steps usually do: `kind`)
 * cost one look-up a row together. */
enum { PROGRAM_SET_MAX = 8 };
struct program_set;

/* `filter` (or NULL) must hold as well, else the mask is 0. The programs stay
 * where they are. */
err program_set_begin(struct ctx *ctx, const struct program *filter, const struct program *programs, i64 count,
                      const struct program_set **out);

/* A byte for each row, and 0 behind them up to the next multiple of 64:
 * scratch_new(scratch, u8, count) has the room. */
void program_masks(const struct program_set *set, const struct block *block, struct scratch *scratch, u8 *masks);
