/* What the server says about itself: one JSON line each on standard error.
 *
 * Text from outside is escaped, so one event is one line. Personal data does not belong here.
 */
#pragma once

#include "base/ctx.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_level_set(enum log_level lowest);

/* log_say(LOG_INFO, "listening", "address", address, "port", port_text, NULL): an event name, then pairs of
 * C strings. */
void log_say(enum log_level level, const char *event, ...) __attribute__((sentinel));

/* The same for a failure: code, key and pointer of the context's fault. */
void log_fault(enum log_level level, const char *event, const struct ctx *ctx, err code);
