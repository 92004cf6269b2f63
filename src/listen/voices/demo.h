/* What customers of the demo company say elsewhere: mentions, complaints, calls, chats; and a study that is under way. */
#pragma once

#include "events/log.h"

struct zone;

/* Up to the moment `to_ms`. Nothing where there is a study already. Nobody is known of these words. */
err voices_demo_fill(struct ctx *ctx, struct store *store, struct events *events, i64 to_ms);
