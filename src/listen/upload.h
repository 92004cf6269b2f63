/* Uploaded files, and the lists of refused lines.
 *
 * Files of the data folder: DIR/uploads/ID.upload, DIR/imports/ID.refused.csv.
 * Where several processes share the records both are kept there in pieces, so
 * that any process can import what another one received and go on where it
 * ended; then the file in a folder is only a copy to read from.
 */
#pragma once

#include "store/store.h"

enum { UPLOAD_PIECE_BYTES = 256 << 10, UPLOAD_KEPT_DAYS = 7 };

struct uploads {
    struct store *store;
    str folder;      /* the data folder */
    bool in_records; /* kept in the records; else only in the folder */
};

/* Takes over a file that was received; `temporary` lies in the same file system. */
err upload_keep(struct ctx *ctx, const struct uploads *uploads, const char *temporary, i64 *id);

/* A path to read it from; fetched from the records when it is not here yet. ERR_NOT_FOUND (import.no_upload) for a text that is the
 * id of none. */
err upload_path(struct ctx *ctx, const struct uploads *uploads, str id, const char **path);

/* Is it still kept? */
err upload_is_kept(struct ctx *ctx, const struct uploads *uploads, str id, bool *out);

/* Nothing happens when it is gone. Other processes are told ("uploads") and remove their copies. */
err upload_remove(struct ctx *ctx, const struct uploads *uploads, str id);
err upload_heard(const struct uploads *uploads, struct ctx *ctx, str id);

/* Uploads that nobody imported, and those kept for going on after a failure, are personal data: they go after a week. */
void uploads_clean(const struct uploads *uploads);

/* The list of refused lines of an import, as an open file, -1 without one. */
err refused_file(struct ctx *ctx, const struct uploads *uploads, i64 import, int *file);

err refused_remove(struct ctx *ctx, const struct uploads *uploads, i64 import);

/* Makes the lists of all imports in `to` those of `from`, when an installation moves; the jobs are in the records of `to`. */
err refused_copy(struct ctx *ctx, const struct uploads *from, const struct uploads *to);
