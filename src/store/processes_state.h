/* What the files of the processes share; nobody else includes it. */
#pragma once

#include "store/processes.h"

#include <pthread.h>

enum { CHANNELS_MAX = 16, TELL_WAITING_MAX = 1000 };

/* Somebody who listens. */
struct hearing {
    struct processes *processes;
    const char *channel;
    err (*heard)(void *self, struct ctx *ctx, str text);
    void *self;
    bool again; /* the last call failed */
};

/* Something to be told. */
struct telling {
    const char *channel;
    struct telling *later;
    str text; /* lives behind the struct */
};

struct processes {
    struct store *store;
    str folder, home, version;
    struct arena memory;
    i64 says_ms, silent_ms;
    _Atomic i64 said_ms; /* the steady clock, when the last word had reached the records */
    i64 steady_ms;       /* since when every word has reached them */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool started, stop;
    bool again; /* somebody could not follow what was told, and tries again soon */

    pthread_mutex_t hearing; /* held while somebody is called */
    struct hearing channels[CHANNELS_MAX];
    i64 channel_count;
    bool quiet;

    pthread_t teller;
    pthread_mutex_t telling;
    pthread_cond_t told;
    struct telling *first, *last;
    i64 waiting;
    bool teller_started, teller_stop;
};

void hearing_open(struct processes *processes);
bool hearing_start(struct processes *processes); /* the thread that tells; false: no threads */
void hearing_close(struct processes *processes);

/* Calls those again whose last call failed. */
void hearing_again(struct processes *processes);
