/* Writes down what is costly to derive (the base of the index, the filter of repeats) so that the next start is fast: every now
 * and then where much has come, soon after a rebuild or an erasure, and at the end. */
#pragma once

struct events;
struct index;
struct keeper;

/* NULL when there is no thread for it: then the next start reads the log. */
struct keeper *keeper_start(struct events *log, struct index *index);

/* Before the log is closed; writes what a start would miss most. NULL is allowed. */
void keeper_stop(struct keeper *keeper);
