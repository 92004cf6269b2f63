/* The demo company's surveys: what its answers were asked with.
 *
 * The answers themselves are events of the world. Those of the last three months also stand in surveys here, as the responses
 * they came with: nothing is added to the log, and every figure of a survey is that of the same events.
 */
#pragma once

#include "base/ctx.h"

struct events;
struct store;
struct surveys;

/* After the events of the world. Nothing happens without `surveys`. */
err asked_hang(struct ctx *ctx, struct store *store, struct events *events, struct surveys *surveys);

/* Removes all surveys with their answers. Inside store_write. */
err asked_clear(struct ctx *ctx, struct store *store);
