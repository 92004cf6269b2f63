/* How the layers of an index move on: sealing the tail, merging, and what the index's own files share about it. */
#pragma once

#include "journey/index.h"

/* The tail becomes a small layer; an empty one stays. `adding` is held. */
void index_seal(struct index *index);

/* A fresh tail in the place of the present one; `adding` and `lock` are held. */
void index_new_tail(struct index *index);

/* Puts a layer behind the others; takes over the share. `lock` is held. */
void index_push(struct index *index, struct layer *layer);

/* Merges the layers [from, to) into one; with from 0 into the base. `merging` is held. */
void index_merge(struct index *index, i32 from, i32 to);

/* Rows that are dead already, and those of these (sorted) ids: a share, or NULL when nothing is dead. `found` is how many are
 * new. */
struct dead *dead_with(const struct rows *rows, const struct dead *dead, const i64 *ids, i64 count, i64 *found);

/* Gives up the shares of layers that questions looked at last: the memory of a base takes too long to be given back for one of
 * them to wait for it. */
void index_bury(struct index *index);

/* The merging thread. */
struct merger *merger_start(struct index *index);
void merger_wake(struct merger *merger); /* NULL is allowed */
void merger_stop(struct merger *merger);

/* What an event is in the index: texts as codes of these dictionaries. */
struct record record_of(struct dictionary texts[WORD_COUNT], struct numbers *scores, const struct event *event,
                        alias_no alias);

/* Several threads that take much of the log at once. */
extern const struct event_load index_crew;
