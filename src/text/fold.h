/* Making text comparable: one form for storing, one for finding, one for e-mail addresses.
 *
 * Vietnamese reaches us composed (Linux, the web), decomposed (Apple) and half
 * decomposed (windows-1258); stored text is always composed (Unicode's NFC).
 * Finding ignores case, tone and đ, so that "nguyen" finds "Nguyễn". The
 * tables are made at build time from Python's Unicode data.
 */
#pragma once

#include "base/str.h"

/* The text in NFC. Gives the same pointer back when nothing had to change; bad bytes become U+FFFD. */
str fold_nfc(struct arena *arena, str text);

/* For finding: lower case, no accents, đ as d, compatibility forms (full width, ligatures) resolved, nothing invisible, each run of
 * white space one blank, none at the ends. */
str fold_search(struct arena *arena, str text);

/* An e-mail address as an identity: lower case, accents kept, compatibility forms resolved, nothing invisible. STR_NONE when the
 * text is not one address (one @, something before it, a dotted name behind it, at most 254 bytes, no white space). */
str fold_email(struct arena *arena, str text);
