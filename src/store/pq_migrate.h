/* The steps that bring a PostgreSQL database from nothing to the present format. */
#pragma once

#include "store/pq.h"

/* Refuses a database that a newer program has written (ERR_UNAVAILABLE, error.newer_format) or that holds something else
 * (ERR_CONFLICT, error.records_foreign), with nothing changed; then runs the steps that are missing, each in one
 * transaction. Processes that do so at once wait for each other. */
err pq_migrate(struct ctx *ctx, struct pq *pq);

/* The newest step that this program knows. */
i64 pq_newest_known(void);
