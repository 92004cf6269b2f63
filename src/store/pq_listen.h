/* What processes on the same PostgreSQL tell each other: LISTEN and NOTIFY.
 *
 * A thread with a connection of its own hears, and notices when the server goes
 * away or comes back. All channels share one of PostgreSQL's:
 *
 *     words = who " " channel " " text      who: 16 hexadecimal digits of the sender
 */
#pragma once

#include "store/pq_pool.h"

struct pq_listener;

/* Begins to hear. The pool is told when the server is away or back. */
err pq_listener_open(struct ctx *ctx, struct pq_pool *pool, struct pq_listener **out);
void pq_listener_close(struct pq_listener *listener); /* NULL is allowed */

void pq_listener_add(struct pq_listener *listener, str channel, void (*heard)(void *self, str text), void *self);

/* Nobody is told any more when it returns. Not from `heard`. */
void pq_listener_deaf(struct pq_listener *listener);

/* Words as they are sent. */
void pq_words(const struct pq_listener *listener, str channel, str text, struct buf *out);
