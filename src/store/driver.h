/* What a database does for the records: store.c is the same over all of them. */
#pragma once

#include "store/bind.h"

#include <pthread.h>

/* One statement and what happens with its rows. */
struct run {
    enum statement sql;
    const struct store_args *args;
    err (*row)(struct run *run, struct ctx *ctx, struct store_row *row); /* may be NULL */
    bool writes;                                                         /* nothing but writing is meant */
    bool first_only;                                                     /* later rows are not looked at */
    bool streams; /* rows come one by one and may be many; `row` may run other statements */
    i64 rows, changed;

    const struct shape *shape; /* store_one, store_all */
    void *out;                 /* where the row or number goes */
    i64 capacity;              /* store_all */
    err (*each)(void *self, struct ctx *ctx, const struct store_row *row);
    void *self;
};

/* A session is a connection that one thread holds for a transaction. */
struct driver {
    void (*close)(struct store *store);

    /* Takes a session and begins; whoever writes waits for its turn. */
    err (*begin)(struct ctx *ctx, struct store *store, bool writes, void **session);
    err (*commit)(struct ctx *ctx, struct store *store, void *session);
    /* Gives the session back; undoes what was not committed. `code` is how the transaction went. */
    void (*end)(struct store *store, void *session, bool writes, err code);

    err (*run)(struct ctx *ctx, void *session, struct run *run);
    /* The same for store_later; NULL: nothing is gained. */
    err (*later)(struct ctx *ctx, void *session, struct run *run);
    /* A statement that is a transaction of its own. ERR_METHOD: it writes and needs a real one. */
    err (*alone)(struct ctx *ctx, struct store *store, struct run *run);

    err (*scrub)(struct ctx *ctx, struct store *store);
    err (*backup)(struct ctx *ctx, struct store *store, str file);
    void (*stats)(struct store *store, struct store_stats *out);

    /* NULL: the records are not shared. */
    void (*tell)(const struct store *store, str channel, str text, struct buf *out); /* the words as they are sent */
    void (*listen)(struct store *store, str channel, void (*heard)(void *self, str text), void *self);
    void (*deaf)(struct store *store);
};

/* The first member of what a driver opens. */
struct store {
    const struct driver *driver;
    pthread_mutex_t counting;
    struct store_stats stats;
};

err sqlite_open(struct ctx *ctx, const struct store_options *options, struct store **out);
err postgres_open(struct ctx *ctx, const struct store_options *options, struct store **out);

/* Notes how a transaction that writes ended; `failed`: the disk or the server did. */
void store_count(struct store *store, err code, bool failed);
