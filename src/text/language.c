#include "text/language.h"

static bool in_list(enum lexicon_list list, u64 key)
{
    return lexicon_find(lexicon_mix(lexicon_mix(0, list), key)) != LEXICON_NONE;
}

/* A Vietnamese syllable with marks is hardly anything else; without marks it may be, and common English words are. */
static void weigh_word(struct speech *speech, const struct token *token)
{
    bool syllable = (token->flags & TOKEN_SYLLABLE) != 0;
    bool marked = (token->flags & TOKEN_MARKED) != 0;
    if ((token->flags & TOKEN_STRANGE) != 0) {
        speech->other += 2;
    } else if (marked) {
        speech->vietnamese += syllable ? 2.0F : 0.3F;
        speech->other += syllable ? 0 : 0.6F;
        speech->marked += syllable;
    } else if ((token->flags & TOKEN_COMMON) != 0) {
        speech->english += syllable ? 0.6F : 1.1F;
        speech->vietnamese += syllable ? 0.4F : 0;
        speech->plain += syllable;
    } else if (syllable) {
        speech->vietnamese += 0.75F;
        speech->plain++;
    } else if ((token->flags & TOKEN_JOINED) == 0 && in_list(LIST_SHORT, token->raw)) {
        speech->vietnamese += 0.75F;
    } else if (in_list(LIST_ENGLISH, token->raw)) {
        speech->english += 1.0F;
    } else if ((token->flags & TOKEN_MASH) == 0 && token->letters > 2) {
        speech->english += 0.4F;
        speech->other += 0.2F;
    }
}

void speech_add(struct speech *speech, const struct tokens *tokens)
{
    for (i32 i = 0; i < tokens->count; i++) {
        if (tokens->items[i].kind == TOKEN_FOREIGN) {
            speech->other += 2;
        } else if (tokens->items[i].kind == TOKEN_WORD) {
            weigh_word(speech, &tokens->items[i]);
        }
    }
}

struct manner speech_manner(const struct speech *speech)
{
    enum { TONES_MISSING = 6 }; // of so many syllables at most one has a tone: somebody types without
    struct manner out = {.language = TEXT_OTHER};
    f32 known = speech->vietnamese + speech->english;
    bool foreign = speech->other > known || known < 0.5F;
    if (!foreign) {
        out.language = speech->vietnamese >= speech->english ? TEXT_VI : TEXT_EN;
    }
    out.toneless = speech->marked * TONES_MISSING <= speech->plain;
    return out;
}
