/* The write-ahead log that an earlier handle left behind. */
#pragma once

#include "base/ctx.h"

/* Writes every byte of it once more and syncs it, if there is one. After a failed fsync Linux drops the pages it could not
 * write but keeps showing them: the log can be read whole and still not be on the disk. SQLite would copy
 * such a log back into the database, and after a power cut find a shorter log than what it has copied. Nobody may be writing
 * it. */
err wal_secure(struct ctx *ctx, str database);
