/* Sentences for people, in their language, from locales/vi.json and locales/en.json. */
#pragma once

#include "base/buf.h"
#include "base/ctx.h"

enum language { LANGUAGE_VI, LANGUAGE_EN, LANGUAGE_COUNT_ };

/* "vi", "en"; the words of a shape field. */
extern const char *const language_words[LANGUAGE_COUNT_ + 1];

/* "vi", "vi-VN", "en_GB" … ; false for a language we do not speak. */
bool language_parse(str tag, enum language *out);

/* The best of an Accept-Language header that we speak, else `otherwise`. */
enum language language_accepted(str header, enum language otherwise);

/* The sentence of a key as it stands in the catalogue, with its placeholders; the key itself when there is none. */
str sentence(enum language language, const char *key);

/* True when the catalogue has the key. */
bool sentence_exists(const char *key);

/* The middle parts of all keys that begin and end so, in order; the list is in the arena. */
struct key_list {
    str *items;
    i64 count;
};
struct key_list sentence_keys(struct arena *arena, const char *begin, const char *end);

/* The sentence with {placeholders} filled from the arguments; unknown ones stay as they are. */
str sentence_fill(struct arena *arena, enum language language, const char *key, const struct fault_arg *args,
                  i32 arg_count);
