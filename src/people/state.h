/* The inside of people/: what its files share. Nobody outside people/ includes this.
 *
 * Where this process alone writes the records, what events prove is taken into
 * memory at once and stays in `fresh` until it is written: a group whose
 * writing failed comes again. What is in the log and not yet here follows from
 * the cursor.
 *
 * Where processes share the records, memory is a replica that learns only what
 * is committed: aliases by their ids, which grow in the order of commits, links
 * and what was removed by one growing number. Whoever decides does it inside
 * store_write, after learning, and writes what it found; a transaction that
 * fails leaves nothing behind. There is no cursor: the log says which groups
 * still are to be followed.
 */
#pragma once

#include "people/fresh.h"
#include "people/people.h"

#include <pthread.h>

/* A trait that an event states; `alias`, `name` and `value` live as long as the group. */
struct trait {
    i64 alias_id, at_ms, event;
    str alias, name, value; /* value is JSON */
};
extern const struct shape trait_shape;

/* How far shared records have come, or what memory knows of them. */
struct standing {
    i64 whole;      /* who knows less than this number reads everything anew */
    i64 alias;      /* the newest id given to an alias */
    i64 number;     /* the newest number given to a change */
    i64 moved_upto; /* who is one person is told to the log's server up to this number; -1: never */
    i64 silent;     /* 1: there are aliases about to be forgotten (prune.c) */
};

/* An alias that got another person with the change of this number. */
struct move {
    i64 number;
    alias_no alias;
};

struct people {
    struct store *store;
    struct identity *identity;
    bool shared; /* other processes write the same records */
    struct fresh fresh;

    /* Alone. */
    i64 cursor;      /* the newest event whose consequences are in the records */
    i64 kept_cursor; /* the cursor as it is written down */
    i64 unkept;      /* events since then */

    /* Shared. */
    pthread_mutex_t learning;  /* held while memory is brought up to date */
    struct standing known;     /* what memory holds */
    pthread_mutex_t deciding;  /* held while `fresh` and what follows are used */
    u64 transaction;           /* the one that `fresh` belongs to */
    i64 alias_id, number;      /* given last in it */
    struct standing entered;   /* how far everything had come when it began */
    pthread_mutex_t pushing;   /* one at a time tells who moved */
    struct people_moving with; /* .put NULL: nobody is told */
    struct move *moves;        /* changes of memory above `moves_from`, in their order */
    i64 move_count, move_capacity, moves_from;
    i64 gone_kept; /* so many removals are remembered; who knows less reads everything anew */
    i64 applying;  /* the number of the change that memory takes in */
};

/* write.c: everything of `fresh` that is not written yet, and the traits. Inside store_write. */
err people_write(struct ctx *ctx, struct people *people, struct trait *traits, i64 count);
/* Says in the records how far they have come. */
err people_write_standing(struct ctx *ctx, struct people *people);

/* learn.c */

/* Begins to decide, inside store_write of shared records: memory is up to date and `fresh` belongs to this transaction. */
err people_enter(struct ctx *ctx, struct people *people);
/* Takes over what is committed; inside a transaction what was so when it began. */
err people_learn(struct ctx *ctx, struct people *people);
err people_load(struct ctx *ctx, struct people *people);
void people_watch(struct people *people);

/* moving.c: tells who moved, as far as memory knows. */
err people_push(struct ctx *ctx, struct people *people);

/* forget.c */
err people_forget(void *self, struct ctx *ctx, const i64 *ids, i64 count);
/* Removes aliases and their links; inside store_write, after people_enter where records are shared. */
err people_remove_aliases(struct ctx *ctx, struct people *people, const struct id_list *ids);
/* Waits until the groups that are on their way now have arrived, whosever they are. ERR_BUSY (error.busy) when that takes too
 * long. */
err people_wait_groups(struct ctx *ctx, struct people *people);
/* "[1,2,3]": how statements take many ids at once. */
str people_ids(struct ctx *ctx, const i64 *ids, i64 count);

/* person.c: the ids of a person's aliases, oldest first; none when the id is not known. */
void people_ring(struct ctx *ctx, struct people *people, i64 id, struct id_list *out);

/* prune.c: these aliases have events; inside store_write. */
err people_speak(struct ctx *ctx, struct people *people, const struct event *items, i64 count);

/* traits.c */

/* The newest value of each trait among rows sorted oldest first, as a JSON object. */
str traits_object(struct arena *arena, const struct shape_list *rows);

/* How the holder is called according to the traits; none when they do not say. */
str traits_name(struct arena *arena, struct json traits);

/* Writes what traits of a group change, and how their aliases are found from now on. Sorts them. */
err traits_write(struct ctx *ctx, struct people *people, struct trait *traits, i64 count);

/* What an alias is found by: its value and the names in its traits, rows sorted oldest first; and writes it. */
err alias_words(struct ctx *ctx, str alias, const struct shape_list *rows, str *out);
err alias_fold(struct ctx *ctx, struct people *people, i64 alias_id, str alias, const struct shape_list *rows);

/* "user:U1" → "user" and "U1". */
str alias_kind(str alias);
str alias_value(str alias);
