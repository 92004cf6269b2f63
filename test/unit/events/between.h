/* A small HTTP proxy that stands before a server and breaks what a test wants broken. */
#pragma once

#include "base/types.h"

struct between;

enum trouble {
    ALL_WELL,
    CUT_BEFORE, /* the request is read and lost */
    CUT_AFTER,  /* the server answers, and the answer is lost */
    CUT_HALF,   /* half of the answer arrives */
    STALLED,    /* nothing is said until the trouble is over; then the request goes on to the server */
    SAYS_500,   /* something says 500 that is not the server */
    SAYS_BUSY,  /* the server says that it has too many parts */
};

struct between *between_open(const char *host, int port);
int between_port(const struct between *between);

/* From now on requests whose head holds `words` fare like that; all others pass. `times`: so often; -1: always. */
void between_set(struct between *between, enum trouble trouble, const char *words, int times);

/* Nobody listens any more; somebody listens again. */
void between_away(struct between *between, bool away);

/* How many requests had that trouble. */
int between_count(struct between *between);

void between_close(struct between *between);
