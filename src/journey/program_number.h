/* What program.c and program_run.c share. */
#pragma once

#include "journey/program.h"

/* Does a number (or none) satisfy a condition's operator? */
bool program_number(const struct condition *condition, bool has, f64 value);

/* Does a text (empty: no value)? */
bool program_text(const struct condition *condition, str text);

static inline u32 trait_code(const struct trait_column *trait, alias_no person)
{
    return trait == NULL || person >= trait->count ? 0 : trait->codes[person];
}
