/* `did` conditions: whose history has enough events of a sort. */
#pragma once

#include "journey/program.h"

/* A bit for every alias that is a person's oldest. The memory is the context's.
 */
err did_everybody(struct ctx *ctx, const struct condition *condition, const struct program_env *env, const u64 **out);
