/* What staff write down for a customer: a complaint, a call, a chat. It becomes an event like everything else. */
#pragma once

#include "events/log.h"
#include "guard/guard.h"
#include "listen/voices/feedback.h"

struct people;

struct note_new {
    i32 source; /* enum note_source */
    str text;
    str person; /* an id, an alias ("user:U1"), an e-mail address or a telephone number; none: nobody is known */
    str channel, place, touchpoint;
    str metric, scale;
    struct maybe_f64 score;
    i64 at_ms; /* when it was said; 0: now */
    str key;   /* of the client: the same note is stored once */
};
extern const struct shape note_new_shape;
enum { NOTE_TEXT_MAX = 20000 };

/* The alias under which somebody is known, who may be new. ERR_INVALID ("person") for what is none of all these. */
err note_alias(struct ctx *ctx, struct people *people, str person, str *out);

/* Stores it; `id` is the event's, 0 when a note with this key is there already. */
err note_put(struct ctx *ctx, struct people *people, struct events *events, const struct principal *who,
             const struct note_new *note, i64 *id);
