/* What the demo company found and decided: pain points with evidence from its invented comments, and proposals. */
#pragma once

#include "guard/guard.h"
#include "listen/voices/filter.h"

/* After the company's events are stored. Does nothing where there are pain points already: an interrupted filling goes on. */
err prove_demo_fill(struct ctx *ctx, const struct feedback_source_of *from);

/* Removes every pain point, proposal and benchmark, for starting over. Inside store_write. */
err prove_clear(struct ctx *ctx, struct store *store);
