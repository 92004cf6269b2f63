/* What people agreed to: a word for each person and purpose, given or withdrawn.
 *
 * A word is kept under the alias it was said for and never changed; the newest
 * word of all aliases of a person decides. So two people who are joined have all
 * their words together, and have their own again when they are separated. A
 * withdrawal through the link in a message is a word of that address: it holds for
 * whoever has the address.
 *
 * Silence is no consent: without a word nothing holds. Whoever sends asks here
 * in the moment of sending.
 */
#pragma once

#include "people/people.h"

enum purpose { PURPOSE_SURVEY, PURPOSE_SERVICE, PURPOSE_MARKETING, PURPOSE_RESEARCH, PURPOSE_TRAINING, PURPOSE_COUNT };
extern const char *const purpose_words[PURPOSE_COUNT + 1];

/* Through what a person is reached. */
enum reach { REACH_EMAIL, REACH_WEBHOOK, REACH_COUNT };
extern const char *const reach_words[REACH_COUNT + 1];

enum consent_state { CONSENT_GIVEN, CONSENT_WITHDRAWN };
extern const char *const consent_state_words[];

/* How it was said. */
enum consent_how {
    HOW_FORM,
    HOW_CALL,
    HOW_PAPER,
    HOW_IMPORT,
    HOW_SURVEY,
    HOW_OPT_OUT, /* the link in a message */
    HOW_STAFF,
    HOW_API,
    HOW_COUNT,
};
extern const char *const consent_how_words[HOW_COUNT + 1];

enum { CONSENT_EVIDENCE_MAX = 500, WORDING_TEXT_MAX = 20000 };

struct consent {
    i64 id;
    str alias;    /* whose word it is: "user:U1"; kept as alias_whole gives it */
    i32 purpose;  /* enum purpose */
    i32 state;    /* enum consent_state */
    i64 wording;  /* the version of the text that was shown; 0: none, for a withdrawal only */
    str channel;  /* a word of reach_words; none: all */
    i32 how;      /* enum consent_how */
    str evidence; /* where the proof lies: a form's number, a recording; may be none */
    i64 at_ms;    /* when the person said so */
    i64 recorded_ms;
    str by; /* who recorded it */
};
extern const struct shape consent_shape;

/* Writes a word; fills in id, recorded_ms and, where 0, at_ms. ERR_INVALID for a wording that does not exist, a time to come, an
 * alias that is none. Inside store_write it is part of that transaction. */
err consent_put(struct ctx *ctx, struct store *store, struct consent *consent);

/* All words of some aliases, newest first. */
err consent_list(struct ctx *ctx, struct store *store, const struct str_list *aliases, struct shape_list *out);

/* Does the newest word of these aliases about a purpose, through a channel, allow it? `out` (may be NULL) is that word, with id 0
 * where there is none. */
err consent_holds(struct ctx *ctx, struct store *store, const struct str_list *aliases, enum purpose purpose,
                  enum reach reach, bool *holds, struct consent *out);

/* Erases every word of some aliases: of a person who is forgotten. */
err consent_forget(struct ctx *ctx, struct store *store, const struct str_list *aliases);

/* A list of texts as a JSON list: how statements take many texts at once. */
str consent_texts(struct ctx *ctx, const struct str_list *texts);

/* The words people agree to, by purpose and version. */
struct wording {
    i32 purpose;
    i64 version;
    str texts; /* JSON: {"vi":"…","en":"…"} */
    i64 created_ms;
    str by;
};
extern const struct shape wording_shape;

/* A new version of a purpose's text; fills in version and time. ERR_INVALID unless it is an object of texts with at least one
 * language. Inside store_write. */
err wording_add(struct ctx *ctx, struct store *store, struct wording *wording);

/* All of them: by purpose, the newest version first. */
err wording_list(struct ctx *ctx, struct store *store, struct shape_list *out);
