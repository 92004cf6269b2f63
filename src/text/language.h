/* Which language a text is in, from the shapes of its words. */
#pragma once

#include "text/score.h"

/* What the words of the windows read so far speak for. */
struct speech {
    f32 vietnamese, english, other;
    i32 marked, plain; /* Vietnamese syllables with and without tones or marks */
};

void speech_add(struct speech *speech, const struct tokens *tokens);

struct manner speech_manner(const struct speech *speech);
