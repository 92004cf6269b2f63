/* One pass over the events, by several threads.
 *
 * The persons are cut into pieces of about the same number of rows; threads
 * take pieces, cut them into blocks (journey/block.h) and give each block to
 * the question's scanner. Every thread works on a part of its own; in the end
 * the parts are merged into one. Which rows a part has seen is left to chance,
 * so whatever a part holds must merge into the same answer in any order:
 * counts, sums of integers, histograms, lists that are sorted afterwards.
 *
 *     struct counting { i64 events; };
 *     static err count_block(struct part *part, const struct block *block)
 *     {
 *         struct counting *counting = part->state;
 *         const i32 *rows;
 *         counting->events += part_take(part, block, &rows);
 *         return OK;
 *     }
 *     static const struct scanner scanner = {.state_size = sizeof(struct
 * counting), .block = count_block, .merge = …}; TRY(scan_run(asking,
 * asking->lens, &scanner, NULL, &part));
 */
#pragma once

#include "journey/asking.h"
#include "journey/block.h"
#include "journey/program.h"

struct room;

/* What one thread has put together. */
struct part {
    const struct asking *asking;
    const void *self; /* what scan_run was given: shared, not written to */
    const struct lens *lens;
    void *state;            /* the scanner's, zeroed in the beginning */
    struct ctx ctx;         /* for faults (FAIL(&part->ctx, …)), and for little things
                     that live as long as the part */
    struct scratch scratch; /* for one block: forgotten before the next */
    struct room *rooms;     /* memory that is counted */
    i64 events, people;     /* looked at */
    bool took_part;         /* a thread worked on it */
    err ended;
};

struct scanner {
    i64 state_size;
    err (*begin)(struct part *part); /* NULL: the state is ready as it is */
    err (*block)(struct part *part, const struct block *block);
    err (*merge)(struct part *into, struct part *from); /* NULL: nothing to merge. What `from` holds stays */
};

/* Runs over all rows that the question knows (as_of and removed ones are left
 * out; time and `where` are the scanner's affair: part_take). The part lives
 * until the context ends. ERR_CANCELLED when the context is stopped;
 * ERR_INVALID (error.ask.memory). Adds to asking->read. */
err scan_run(const struct asking *asking, const struct lens *lens, const struct scanner *scanner, const void *self,
             struct part **out);

/* The same over these persons' rows alone (oldest aliases, each once, without
 * nobody), in this thread, in this order. */
err scan_people(const struct asking *asking, const struct lens *lens, const struct scanner *scanner, const void *self,
                const alias_no *people, i64 count, struct part **out);

/* Memory of a part, zeroed: counts against what a question may use
 * (ask_memory_mb). ERR_INVALID (error.ask.memory). */
err part_alloc(struct part *part, i64 size, void **out);
#define part_new(part, type, count, out) part_alloc((part), (i64)sizeof(type) * (i64)(count), (void **)(out))

/* Makes room for at least `needed` items of `size` bytes, usually twice what
 * there was; new ones are zero. The array may move. */
err part_reserve(struct part *part, void **array, i64 *capacity, i64 needed, i64 size);
#define part_room_for(part, array, capacity, needed)                                                                   \
    ((needed) <= *(capacity) ? OK : part_reserve((part), (void **)(array), (capacity), (needed), (i64)sizeof **(array)))

/* Everything it holds. */
void part_end(struct part *part);

/* Gives back what part_alloc or part_reserve gave, before the part ends. NULL
 * is fine. */
void part_release(struct part *part, void *array);

/* Which rows of the block the question takes: `where` holds and the time is
 * within [from, to). `rows` are ascending places in the block, the scratch's;
 * NULL: all of them, 0 … count - 1. */
i64 part_take(struct part *part, const struct block *block, const i32 **rows);

/* `where` alone, a bit a row; NULL: it holds for all. */
const u64 *part_where(struct part *part, const struct block *block);

/* Is the event within the question's time? */
static inline bool asking_in_time(const struct asking *asking, i64 at_ms)
{
    return at_ms >= asking->from_ms && at_ms < asking->to_ms;
}
