/* What open pages are told as it happens: GET /api/v1/live.
 *
 *     events    {"count":N,"last_ms":T}   N events were stored since the last notice
 *     import    an Import, when its progress changed (sent by whoever imports)
 *     readonly  {"readonly":true|false}   when it changes, and first of all to every new reader
 *
 * Notices of events come at most twice a second, however many arrive. What one
 * of several processes stores or imports is told to the pages of all; it is
 * read-only as long as one of them is.
 */
#pragma once

#include "base/ctx.h"
#include "events/log.h"
#include "http/sse.h"

struct live;

struct processes;
struct live *live_open(struct sse *sse, struct processes *processes);

/* Begins to tell; the log must be open. */
void live_start(struct live *live, struct events *log);

/* The notices as a follower of the log. What it is shown before live_start is a replay and no news. */
struct event_follower live_follower(struct live *live);

bool live_readonly(const struct live *live);

/* Tells no more; the log may close then, and still hand over its last events. */
void live_stop(struct live *live);

void live_close(struct live *live);
