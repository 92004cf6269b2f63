/* Ways to a survey: a public link, a link that works once, a code on paper, a widget, a kiosk, an invitation.
 *
 * The token in the address (/s/TOKEN) is 144 bits of SHA-256 over the installation's key, the link's id and 128 random bits: a
 * poster can be printed again, and who reads the database learns no token, because only its digest is kept.
 */
#pragma once

#include "listen/survey/survey.h"

enum way_kind { WAY_PUBLIC, WAY_SINGLE, WAY_QR, WAY_WIDGET, WAY_KIOSK, WAY_INVITED, WAY_COUNT_ };
extern const char *const survey_link_words[WAY_COUNT_ + 1]; /* link, single, qr, widget, kiosk, invitation */

enum { SURVEY_LINKS_AT_ONCE = 5000, SURVEY_LINKS_MAX = 200000 };

struct survey_link {
    i64 id, survey;
    i32 kind; /* enum way_kind */
    str name, place, touchpoint, channel;
    str alias;   /* of whom an invitation is for */
    str hidden;  /* JSON object: what whoever answers cannot change */
    str pin;     /* in: the PIN, empty for none; stored: its hash */
    bool locked; /* it wants a PIN */
    i64 most, finished;
    bool paused;
    i64 expires_ms, created_ms;
    str nonce;
    str url; /* where survey_link_list and the like were given a base */
};
extern const struct shape survey_link_shape;

/* Does it hold one response? Single-use links and invitations. */
static inline bool survey_link_once(const struct survey_link *link)
{
    return link->kind == WAY_SINGLE || link->kind == WAY_INVITED;
}

/* `count` links like this one. ERR_CONFLICT (error.survey.unpublished) before the survey has a version. */
struct survey_linking {
    i64 survey, count;
    str base; /* "https://cham.example.vn" */
    struct survey_link like;
};
err survey_link_add(struct ctx *ctx, struct surveys *surveys, const struct survey_linking *with,
                    struct shape_list *out);

/* Newest first, those with ids below `before` (0: all). Invitations are not among them unless `kind` says so (-1: all others). */
struct survey_link_query {
    i64 survey, before, limit;
    i32 kind;
    str base;
};
err survey_link_list(struct ctx *ctx, struct surveys *surveys, const struct survey_link_query *query,
                     struct shape_list *out);

/* ERR_NOT_FOUND (error.survey.no_link). */
err survey_link_get(struct ctx *ctx, struct surveys *surveys, i64 id, str base, struct survey_link *out);

/* Stores name, place, touchpoint, most, paused, expires_ms and, where `pin` is text, the PIN. */
err survey_link_change(struct ctx *ctx, struct surveys *surveys, const struct survey_link *link);

/* ERR_CONFLICT (error.survey.answered) when somebody answered through it: pause it then. */
err survey_link_remove(struct ctx *ctx, struct surveys *surveys, i64 id, struct survey_link *removed);

/* A link by its token; ERR_NOT_FOUND (error.survey.no_link) for anything else. */
err survey_link_find(struct ctx *ctx, struct surveys *surveys, str token, struct survey_link *out);

/* Is this the PIN of the link? True for a link without one. */
bool survey_link_opens(const struct surveys *surveys, const struct survey_link *link, str pin);

/* A personal link for an invitation: whoever sends it (act) puts it into the message. The answers are those of `alias`
 * ("user:U1", "email:a@b.vn"). ERR_CONFLICT where the survey takes no answers. */
struct survey_invitation {
    i64 survey;
    str alias, channel;
    i64 expires_ms; /* 0: never */
    str hidden;     /* JSON object; none: nothing */
};
err survey_invite(struct ctx *ctx, struct surveys *surveys, const struct survey_invitation *with, str *token,
                  i64 *link);
