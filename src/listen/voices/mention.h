/* Mentions of us elsewhere, sent by a listening service as signed messages (http/webhook.h).
 *
 *     {"mentions":[{"id":"fb-123","text":"…","author":"…","url":"https://…","at":"2026-11-22T08:30:00+07:00",
 *                   "channel":"facebook","product":"…","place":"…","touchpoint":"…"}]}
 *
 * A message counts once: its id is remembered for as long as its time is accepted. A mention counts once: by its own
 * id or, without one, by author, text and day, over all messages and files (listen/voice_lines.h).
 */
#pragma once

#include "events/log.h"
#include "guard/guard.h"
#include "http/webhook.h"
#include "store/store.h"

struct act;
struct zone;

enum { MENTION_SOURCES_MAX = 20, MENTIONS_A_MESSAGE = 1000, MENTION_TEXT_MAX = 20000 };

struct mention_source {
    i64 id;
    str name;
    str secret; /* only when it is made */
    str by;
    i64 created_ms, last_ms;
};
extern const struct shape mention_source_shape;

/* Fills in id, secret and times. ERR_CONFLICT (error.mention.full). */
err mention_source_add(struct ctx *ctx, struct store *store, const struct act *act, struct mention_source *source);
err mention_source_list(struct ctx *ctx, struct store *store, struct shape_list *out);
err mention_source_remove(struct ctx *ctx, struct store *store, i64 id, struct mention_source *removed);

struct mentions_taken {
    i64 stored, duplicates;
};
extern const struct shape mentions_taken_shape;

/* Takes a message. ERR_UNAUTHENTICATED (error.webhook_signature) when none of the sources signed it in time; ERR_CONFLICT
 * (error.mention.again) when it was taken before; ERR_INVALID at the member that is wrong, and nothing is stored. */
struct mention_rooms {
    struct store *store;
    struct events *events;
    const struct act *act;
    const struct zone *zone;
};
err mentions_take(struct ctx *ctx, const struct mention_rooms *rooms, const struct webhook_received *message,
                  struct mentions_taken *out);
