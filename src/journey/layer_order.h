/* Where every row of a new layer comes from. */
#pragma once

#include "base/workers.h"
#include "journey/layer_build.h"

/* Finds the order of all living rows of the inputs and writes the runs of the layer; `workers` (may be NULL) help. */
struct layer_order layer_order_of(const struct layer_input *inputs, i32 input_count, const struct alias_order *persons,
                                  struct workers *workers, struct layer *layer);
