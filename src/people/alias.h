/* An alias as text: "user:U1", "email:a@b.vn", "phone:+84901234567".
 *
 * Events arrive with addresses folded and numbers in international form
 * (listen/); whoever names an alias by hand or in a list writes them as he
 * likes. Here both become the same, so that a word about somebody is a word
 * about whom the events know.
 */
#pragma once

#include "base/str.h"

/* The alias as events have it, in the arena; none where the text is no alias: no kind we know, no such address or number. */
str alias_whole(struct arena *arena, str text);
