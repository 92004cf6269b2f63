/* The steps that bring a database from nothing to the present format. */
#pragma once

#include "store/connection.h"

/* Refuses a file that a newer program has written (ERR_UNAVAILABLE, error.newer_format) or that is no database of ours
 * (ERR_CORRUPT, error.corrupt); changes no byte of it. A file that is not there or empty is fine. */
err migrate_check(struct ctx *ctx, str file, const char *database);

/* Runs the steps that are missing, each in one transaction. `database` as in the table of migrations. */
err migrate(struct ctx *ctx, struct connection *connection, const char *database);

/* Refuses a database that is not exactly of this program's format (error.newer_format, error.older_format). */
err migrate_same(struct ctx *ctx, struct connection *connection, const char *database);
