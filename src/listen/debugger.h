/* The debugger: what arrived last, what became of it, and why not.
 *
 * A ring in memory, never on disk. What it shows is personal, so entries end
 * after an hour, and all of them when anybody is erased.
 *
 * Processes that share their records tell each other their newest entries, at
 * most DEBUG_TOLD_MOST in a second and those first that were refused: whoever
 * tries something out sees it wherever it arrived. What is more than that is seen
 * in the process alone that received it.
 */
#pragma once

#include "http/sse.h"
#include "listen/tracking.h"
#include "text/sentence.h"

struct debugger;

struct debug_entry {
    i64 at_ms;
    str source, route, type, kind, alias, outcome, reason, message_id, excerpt;
};
extern const struct shape debug_entry_shape;

struct processes;
struct debugger *debugger_open(struct processes *processes); /* NULL: nothing arrives elsewhere */
void debugger_close(struct debugger *debugger);

/* Records the notes of a request. `outcomes` are those of its events (enum event_outcome); NULL: they were not stored because of
 * `fault`. */
void debugger_add(struct debugger *debugger, const struct tracking *tracking, const u8 *outcomes,
                  const struct fault *fault);

/* Newest first, reasons in the reader's language. */
void debugger_list(struct ctx *ctx, struct debugger *debugger, enum language language, i64 limit,
                   struct shape_list *out);

/* Entries as they come, as `entry` events in one language. */
struct sse *debugger_stream(struct debugger *debugger, enum language language);

/* Forgets everything when events are deleted. */
struct event_follower debugger_follower(struct debugger *debugger);
