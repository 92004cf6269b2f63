/* Server-sent events: one broadcaster, many readers (HTML Living Standard, 9.2).
 *
 * Each reader has a bounded queue of its own. A reader that falls behind is
 * closed; its browser connects again by itself and reads the present state, so
 * no publisher ever waits.
 */
#pragma once

#include "base/str.h"

struct sse;

struct sse *sse_open(void);

/* After the server has closed; whoever publishes must have ended. NULL is allowed. */
void sse_close(struct sse *sse);

/* Sends `event: EVENT` and `data: JSON` to every reader; any thread, never waits. The text has no line breaks. */
void sse_publish(struct sse *sse, const char *event, str json);

/* How many readers there are: whoever prepares an event may save the work. */
i64 sse_readers(const struct sse *sse);
