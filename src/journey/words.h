/* Which words each source has used: one pass over the columns. */
#pragma once

#include "journey/index.h"

struct asked_rooms;

/* Calls `each` once for each source and word of its events (kind, channel, place, touchpoint, question) that occur together. */
err words_each(struct ctx *ctx, const struct asked_rooms *rooms,
               void (*each)(void *self, str source, enum word word, str text), void *self);
