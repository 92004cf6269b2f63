/* What stands between words: breaks, links, emoji and faces typed with punctuation. */
#pragma once

#include "base/str.h"

/* The break (tokens.h) that a code point makes. */
u8 signs_break(u32 point);

/* The length of a web or mail address that begins here, or 0. */
i64 signs_link(str text, i64 at);

/* The length of an emoji or emoticon that begins here, with the entry of the lexicon that says what it means; 0 for none. */
i64 signs_face(str text, i64 at, u16 *entry);
