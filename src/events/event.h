/* An event: one thing a person lived through, or one answer to one question. */
#pragma once

#include "json/shape.h"

struct event {
    i64 id;                   /* given by the log, increasing in the order of storing */
    i64 at_ms;                /* when it happened */
    i64 received_ms;          /* when it arrived; 0: the log takes the present moment */
    str source;               /* the key or file it came through; with the message id it names the message */
    i64 import;               /* the import it came with; 0: none */
    str message_id;           /* the sender's id of this message; empty: never a duplicate. Not stored, only its hash */
    struct u128 message_hash; /* keyed hash of (source, message_id), filled in by events_submit; zero: none */
    i64 alias_id; /* of the alias in the records; 0: nobody's, or not looked up. The embedded log does not keep it */
    str alias;    /* "user:U1", "anon:A1" …: the identity it arrived under; empty: nobody's */
    str kind;
    str channel;
    str place;
    str touchpoint; /* only what the sender declared */
    str metric;     /* "nps", "csat", "ces" or empty */
    str question;
    i64 version; /* of the survey it was given under; 0: none */
    struct maybe_f64 score;
    str scale;               /* "0-10" */
    bool reversed;           /* the wording was reversed and the score flipped at entry */
    struct maybe_i64 amount; /* minor units of the currency */
    str currency;
    str text;  /* verbatim */
    str props; /* a JSON object, or empty */
};

/* Missing text reads back as STR_NONE; empty text is stored as missing. */
extern const struct shape event_shape;
