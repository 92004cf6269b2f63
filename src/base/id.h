/* Identifiers: 63 bits, ordered by time, made here, shown as short text.
 *
 *   62            21 20           0
 *   | ms since 2020 | sequence     |
 *
 * Where several processes write the same records, the lowest ten bits are the number of the process.
 *
 * The text form is 13 characters of Crockford's base 32, which sorts like the number.
 */
#pragma once

#include "base/str.h"

enum { ID_TEXT_LEN = 13 };

/* A new id, larger than every earlier one of this process; safe from any thread. */
i64 id_new(void);

/* The number of this process, 1 to ID_NUMBER_MAX, in every id made from now on. */
enum { ID_NUMBER_BITS = 10, ID_NUMBER_MAX = 1023 };
void id_share(i64 number);

/* The id of this process itself, for what it takes into its own hands; another at every start. */
i64 id_process(void);

/* The first id of a moment: for "everything since". */
i64 id_from_ms(i64 at_ms);

str id_text(i64 id, char out[ID_TEXT_LEN]);

/* False unless it is exactly what id_text writes (letters in either case). */
bool id_parse(str text, i64 *out);
