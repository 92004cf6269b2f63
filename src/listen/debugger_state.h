/* What the files of the debugger share; nobody else includes it. */
#pragma once

#include "listen/debugger.h"
#include "listen/limits.h"

#include <pthread.h>

enum { DEBUG_SHORT = 80, DEBUG_LONG = 200, DEBUG_ARG = 24 };
enum { OUTCOME_STORED, OUTCOME_DUPLICATE, OUTCOME_REFUSED };

struct debug_kept {
    i64 at_ms; /* 0: free */
    enum track_type route, type;
    i32 outcome;
    char key[DEBUG_SHORT]; /* of the reason */
    struct {
        char name[DEBUG_ARG];
        char value[DEBUG_SHORT];
    } args[2];
    char source[DEBUG_SHORT], kind[DEBUG_LONG], alias[DEBUG_LONG], message_id[DEBUG_SHORT * 2],
        excerpt[EXCERPT_MAX + 1];
};

struct debugger {
    pthread_mutex_t lock;
    struct sse *streams[LANGUAGE_COUNT_];
    i64 next; /* where the next entry goes */
    struct debug_kept entries[DEBUG_ENTRIES];

    struct processes *processes; /* NULL: nothing arrives elsewhere, and nothing below is used */
    struct debug_kept told[DEBUG_TOLD_MOST];
    i64 told_count; /* to be told */
    pthread_t teller;
    pthread_cond_t wake;
    bool started, stop;
};

/* A text into a field of `room` bytes, cut between characters. */
void debug_text(char *out, i64 room, str text);

/* An entry of another process. */
void debugger_put(struct debugger *debugger, const struct debug_kept *entry);
void debugger_forget(struct debugger *debugger);

/* debugger_told.c: to other processes and from them. */
void told_open(struct debugger *debugger, struct processes *processes);
void told_close(struct debugger *debugger);
void told_later(struct debugger *debugger, const struct debug_kept *entry); /* the lock is held */
void told_forget(struct debugger *debugger);
