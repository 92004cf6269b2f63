/* A look at the records' server, from outside: nothing is changed, no step of the schema is run. */
#pragma once

#include "base/ctx.h"

struct store_look {
    str server;      /* "PostgreSQL host:port/database" */
    i64 version;     /* 150018 */
    bool utf8;       /* the database's encoding */
    bool may_create; /* tables */
    bool standby;    /* it only follows another server */
    bool tls, near;  /* the connection is encrypted; the server is on this machine */
    bool verified;   /* whose server it is was proven by its certificate: sslmode=verify-full, verify-ca */
    bool durable;    /* a commit is on disk when it returns */
    bool trigrams;   /* pg_trgm is there or can be made: search has an index (store/search.h) */
    i64 connections_free, bytes;
    i64 now_ms;        /* its clock */
    i64 taken_ms;      /* ours at that moment */
    bool foreign;      /* it holds tables, and not ours */
    i64 format, known; /* the newest step of the schema: there (0: none), and of this program */
};

/* ERR_UNAVAILABLE (error.records_open, {problem}) when it cannot be reached, ERR_INVALID for an address that is none. */
err store_look(struct ctx *ctx, str url, struct store_look *out);
