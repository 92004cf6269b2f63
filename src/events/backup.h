/* Backup and restore of a whole data folder: both databases and the key, as one state.
 *
 * The records are copied first and the log after them, so that the log holds
 * every event the copied records have followed; what it holds beyond that is
 * replayed when the restored folder is opened, as after any crash.
 */
#pragma once

#include "events/log.h"
#include "store/folder.h"
#include "store/store.h"

/* Writes a backup into the folder `to`, which must not exist or be empty: records.db, events.db, key and
 * MANIFEST.json with sizes and SHA-256. It appears complete or not at all. */
err backup_write(struct ctx *ctx, struct store *store, struct events *log, str folder, str to);

/* Checks a backup against its manifest and copies it into `folder`, which must not exist or be empty
 * (ERR_CONFLICT, error.not_empty). ERR_CORRUPT (error.backup_damaged) when a file is not what the manifest says. */
err backup_restore(struct ctx *ctx, str from, str folder);

/* Refuses data written by a newer program before anything is opened or changed: ERR_UNAVAILABLE (error.newer_format). */
err folder_check(struct ctx *ctx, str folder);
