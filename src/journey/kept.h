/* Keeping the index over a restart: its base, dictionaries and columns of properties, in FOLDER/journey.
 *
 * The file is a snapshot (store/snapshot.h) of one state of the log: the base
 * holds every event up to its newest, and what came later is read from the log.
 * Arrays are used where they lie in the file, so a start reads it once and
 * copies little. Columns derived from journey maps are not kept: they are made
 * anew faster than it could be told whether they still hold.
 *
 * Events are erased: the file is gone before the erasure is confirmed, and a
 * file from before it is recognised by the log's count of deletions, so
 * nothing that was erased comes back. Aliases are known by their lasting ids,
 * because their numbers may differ after a restart.
 */
#pragma once

#include "journey/index.h"

#define INDEX_KEPT "journey" /* the file */
enum { KEPT_VERSION = 1 };   /* of its sections */

/* The index is kept in this folder from now on; before the log is opened. */
void index_keep_in(struct index *index, str folder, const u8 key[HASH_KEY_LEN]);

/* Writes the base when it has `most` rows more than the file, or there is no file. Questions and appends go on. */
err index_keep(struct ctx *ctx, struct index *index, i64 most);

/* A digest of what the index holds, whatever the order in which it came to hold it. */
u64 index_digest(struct ctx *ctx, struct index *index);

/* The index's own: */

/* Finds the file of an earlier run and adopts it where it is still true. */
err kept_restore(struct ctx *ctx, struct index *index, struct events *log);

/* Takes over a snapshot's content, or finds that it is none and closes it; the index is empty before, and after that too. */
struct snapshot;
bool kept_adopt(struct ctx *ctx, struct index *index, struct snapshot *snapshot, i64 last_id);

/* Events are about to be erased: removes the file. */
err kept_drop(struct ctx *ctx, struct index *index);

void kept_close(struct index *index);
