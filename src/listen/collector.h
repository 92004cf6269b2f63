/* Collecting: tracking calls on their way to the log.
 *
 * A request is decoded on the thread that read it, handed to the log, and
 * answered when its events are on disk; no thread waits in between.
 */
#pragma once

#include "listen/debugger.h"
#include "listen/names.h"
#include "listen/tracking.h"

struct collector;
struct processes;
struct store;

struct collector_options {
    struct guard *guard;
    struct store *store;         /* for the settings that matter here */
    struct processes *processes; /* who else collects; may be NULL */
};

struct collector *collector_open(const struct collector_options *options);

/* The log its events go to; opened later, because it replays to the collector's followers. */
void collector_start(struct ctx *ctx, struct collector *collector, struct events *log);
void collector_close(struct collector *collector); /* NULL is allowed */

/* Reads the settings again: whether network addresses are truncated. */
err collector_settings(struct ctx *ctx, struct collector *collector);

/* The collector's followers of the log. */
enum { COLLECTOR_FOLLOWERS = 1 };
void collector_followers(struct collector *collector, struct event_follower out[COLLECTOR_FOLLOWERS]);

/* At start: which names the sources have used. What cannot be learned now is learned from the events that come. */
struct asked_rooms;
void collector_learn(struct ctx *ctx, struct collector *collector, const struct asked_rooms *rooms);

struct debugger *collector_debugger(struct collector *collector);

/* For others who let names from outside into the log. */
struct names *collector_names(struct collector *collector);

/* One request on its way. */
struct collecting {
    struct tracking tracking; /* route, body, key, sent_at are given */
    void (*answer)(struct collecting *collecting, err result, const struct fault *fault);
    void *context; /* the caller's */

    struct event_batch batch; /* the collector's own */
    struct collector *collector;
};

/* Decodes a request; failures as tracking_read. When tracking.count is 0 nothing is to be stored and it is done. */
err collector_decode(struct ctx *ctx, struct collector *collector, struct collecting *collecting);

/* Hands the events to the log; `answer` is called once, from any thread, perhaps before this returns. `collecting` and the
 * context's arena live until then. */
void collector_submit(struct ctx *ctx, struct collector *collector, struct collecting *collecting);

struct collector_stats {
    i64 requests, events, refused, failed; /* since it was opened; failed: requests that were answered with an error */
};
struct collector_stats collector_stats(const struct collector *collector);

/* Is this a write key that works? For the settings calls of the clients. */
bool collector_knows(struct collector *collector, str key);
