/* Worker threads for what can be cut into pieces.
 *
 * Threads are started once and sleep until somebody has work. Whoever brings
 * work does it too, and the threads that are free at that moment help; so work
 * never waits for a thread, and several questions share the threads.
 */
#pragma once

#include "base/types.h"

struct workers;

/* Workers of whom `threads` work on one job, the one who brings it included; 0: one for each processor. At least 1, at
 * most WORKERS_MAX. */
enum { WORKERS_MAX = 64 };
struct workers *workers_open(i64 threads);

/* Nobody may be working. NULL is fine. */
void workers_close(struct workers *workers);

/* How many can work on one job; 1 for NULL. */
i64 workers_count(const struct workers *workers);

/* Calls `work(self, worker)` in the calling thread with worker 0 and, as far as threads are free, in others with workers
 * 1 … most - 1, each number at most once; returns when all calls have returned. Which numbers are called, 0 apart, is left
 * to chance: the work takes its pieces from a counter of its own. NULL: the calling thread alone. */
void workers_run(struct workers *workers, i64 most, void (*work)(void *self, i64 worker), void *self);
