/* Telephone numbers as identities: E.164 by Vietnamese rules.
 *
 * "0912 345 678", "84912345678", "+84 (0)912.345.678" and the eleven-digit numbers from before the change of 2018
 * ("0121…" → "+8470…") are one person's number.
 */
#pragma once

#include "base/str.h"

/* "+84912345678"; STR_NONE when the text is not a complete number. Numbers of other countries are taken only in their
 * international form ("+44…" or "0044…"). */
str phone_e164(struct arena *arena, str text);
