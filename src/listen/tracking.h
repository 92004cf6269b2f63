/* Tracking calls: what Segment's and RudderStack's clients send becomes events.
 *
 *     body ─ JSON ─┬─ whole: its items
 *                  └─ broken: split at item borders, only the broken ones are lost
 *     item ─ type, ids, time, properties ─ event, or a reason
 *
 * An item that cannot be taken never fails the request: clients do not repeat a
 * 400, so the good ones would be lost with it. It is counted, and the debugger
 * shows it with its reason.
 */
#pragma once

#include "events/event.h"
#include "guard/guard.h"
#include "listen/names.h"

enum track_type {
    TRACK_TRACK,
    TRACK_IDENTIFY,
    TRACK_PAGE,
    TRACK_SCREEN,
    TRACK_GROUP,
    TRACK_ALIAS,
    TRACK_BATCH, /* each item names its own */
};
extern const char *const track_words[]; /* "track" … "batch", NULL */

enum { TRACK_NOTES_MAX = 60, TRACK_NOTES_STORED = 20, EXCERPT_MAX = 300 };

/* What became of an item, for the debugger. */
struct track_note {
    i32 event; /* its index among the events; -1: refused */
    enum track_type type;
    str kind, alias, message_id, excerpt;
    struct fault fault; /* why it was refused */
};

struct tracking {
    /* What arrived. */
    enum track_type route;
    str body;    /* JSON_PADDING readable bytes behind it */
    str key;     /* from the Authorization header; none: look into the body */
    str sent_at; /* from a header; none: look into the body */
    i64 received_ms;
    bool truncate_addresses;
    struct guard *guard;
    struct names *names;

    /* What it holds. */
    struct write_key who;
    str source;
    struct event *events; /* in the context's arena */
    i64 count, room;
    i64 refused;
    struct track_note *notes;
    i64 note_count;
};

/* ERR_UNAUTHENTICATED without a write key that works; ERR_MALFORMED when nothing of the body can be read. */
err tracking_read(struct ctx *ctx, struct tracking *tracking);

/* For the parts of the decoder. */

/* What holds for all items of a request. */
struct track_batch {
    struct tracking *tracking;
    struct ctx *ctx;
    struct json_writer props; /* of all events, one behind the other */
    struct track_pair {
        str key, json;
    } * context; /* of the batch, for items without such a member */
    i64 context_count;
    i64 sent_ms; /* 0: unknown */
};

/* Takes one item as an event or as a refusal. */
void track_item(struct track_batch *batch, struct json item);

/* Notes a refusal; the context's fault says why. */
void track_refuse(struct track_batch *batch, enum track_type type, struct json item, str excerpt);

/* Calls `each` for every item of the list in a document that does not parse: the text of an object, whether or not that
 * parses. `outside` is the document without the list's items. False when there is no such list. */
bool tracking_split(struct arena *arena, str document, void (*each)(void *self, str item), void *self, str *outside);
