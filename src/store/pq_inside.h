/* What the files of one connection to PostgreSQL share. */
#pragma once

#include "store/pq.h"

/* A statement as the connection has prepared it. A parameter whose type nobody has told yet was a NULL so far. */
struct pq_prepared {
    i32 turn; /* it is prepared again when more is known of its types */
    Oid types[PARAMETERS_MAX];
};

/* Rows that are read one by one. When another statement is sent meanwhile, the rest waits in memory. */
struct pq_stream {
    PGresult **items;
    i64 count, capacity, next;
    bool ended; /* everything has been read from the connection */
};

/* The next result, or NULL at the end of a statement's. */
err pq_next(struct ctx *ctx, struct pq *pq, PGresult **out);

bool pq_failed(const PGresult *result);

/* What streams takes the connection for itself until it has read all: the rest of its rows goes into memory. */
err pq_set_aside(struct ctx *ctx, struct pq *pq);
