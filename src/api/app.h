/* The open rooms of a running server, for the handlers.
 *
 * Rooms open lowest first and close in the reverse order. The log is opened
 * last of those that keep something, because opening it replays to its
 * followers whatever they have not taken yet.
 */
#pragma once

#include "base/config.h"
#include "base/ctx.h"
#include "http/http.h"
#include "store/folder.h"
#include "store/settings.h"

struct collector;
struct event_follower;
struct asked_rooms;
struct events;
struct guard;
struct importer;
struct index;
struct journeys;
struct store;
struct warm;
struct live;
struct people;
struct sse;

struct app {
    struct folder data; /* the data folder, locked */
    struct store *store;
    struct events *events;
    struct guard *guard;
    struct people *people;
    struct index *index; /* every event in memory */
    struct journeys *journeys;
    struct warm *warm;         /* makes the index ready for the home page */
    struct asked_rooms *asked; /* what questions look into */
    struct collector *collector;
    struct importer *importer; /* NULL with APP_ROOMS */
    struct http *http;
    struct sse *live; /* GET /api/v1/live: what changed, for open pages */
    struct live *notices;
    str folder;               /* the data folder */
    struct settings settings; /* as they were when the rooms opened */
    i64 started_ms;
    struct event_follower *followers; /* of the log, in the order in which they take events */
    i64 follower_count;
    struct ctx ctx; /* of what lives as long as the rooms */
};

enum app_mode {
    APP_SERVE, /* listens on the configured addresses and on DIR/cham.sock */
    APP_LOCAL, /* only on DIR/cham.sock: a command that found no server */
    APP_ROOMS, /* no network at all */
};

/* Opens the folder and every room. What was opened before a failure is closed again. */
err app_open(struct ctx *ctx, const struct config *config, enum app_mode mode, struct app **out);

/* Finishes what was begun, then closes. NULL is allowed. */
void app_close(struct app *app);
