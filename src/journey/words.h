/* Which words each source has used: one pass over the columns. */
#pragma once

#include "journey/index.h"

/* Calls `each` once for each source and word of its events (kind, channel, place, touchpoint, question) that occur together. */
void index_words(struct ctx *ctx, struct index *index, void (*each)(void *self, str source, enum word word, str text),
                 void *self);
