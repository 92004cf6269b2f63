/* What a property or a source holds at all: looked up apart from any question. */
#pragma once

#include "journey/asking.h"

/* Has a property more than PROP_VALUES_MAX different values, so that it may name somebody? */
err sql_many_values(struct ctx *ctx, const struct asked_rooms *rooms, str name, bool *many);

/* Calls `each` for the words of one sort that each source has used. */
err sql_source_words(struct ctx *ctx, const struct asked_rooms *rooms, enum word word,
                     void (*each)(void *self, str source, enum word word, str text), void *self);
