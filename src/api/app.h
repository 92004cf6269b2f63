/* The open rooms of a running server, for the handlers.
 *
 * Rooms open lowest first and close in the reverse order. The log is opened
 * last of those that keep something, because opening it replays to its
 * followers whatever they have not taken yet.
 *
 * A server listens before all that: the records and who may ask are open, the
 * rest opens on a thread of its own (load.c), and until it is done every route
 * says how far it is.
 */
#pragma once

#include "base/config.h"
#include "base/ctx.h"
#include "base/progress.h"
#include "http/http.h"
#include "store/folder.h"
#include "store/settings.h"

#include <pthread.h>

struct collector;
struct act;
struct event_follower;
struct asked_rooms;
struct events;
struct guard;
struct importer;
struct keeper;
struct index;
struct journeys;
struct store;
struct warm;
struct learner;
struct live;
struct mailer;
struct out;
struct processes;
struct running;
struct workers;
struct people;
struct sse;
struct surveys;
struct voices;
struct bulks;

enum app_mode {
    APP_SERVE,   /* listens on the configured addresses and on DIR/cham.sock */
    APP_LOCAL,   /* only on DIR/cham.sock: a command that found no server */
    APP_ROOMS,   /* no network at all */
    APP_REBUILD, /* the same; what was kept of the log is removed and made anew */
};

struct app {
    struct folder data; /* the data folder, locked */
    struct store *store;
    struct processes *processes; /* who else serves the same records */
    struct events *events;
    struct guard *guard;
    struct people *people;
    struct surveys *surveys; /* what is asked, and the answers */
    struct learner *learner; /* labels feedback, and notices what is out of the ordinary */
    struct voices *voices;   /* what people say, from the log */
    struct bulks *bulks;     /* changes of much feedback at once; NULL with APP_ROOMS */
    struct index *index;     /* every event in memory; NULL where they lie in ClickHouse: questions are SQL there */
    struct journeys *journeys;
    struct keeper *keeper;     /* writes down what is costly to derive */
    struct warm *warm;         /* makes the index ready for the home page */
    struct asked_rooms *asked; /* what questions look into */
    struct running *running;   /* questions that are being answered */
    struct workers *workers;   /* who help to answer */
    struct collector *collector;
    struct importer *importer; /* NULL with APP_ROOMS */
    struct http *http;
    struct sse *live; /* GET /api/v1/live: what changed, for open pages */
    struct live *notices;
    struct act *act;          /* rules, and everything that is sent */
    struct out *out;          /* requests to others */
    struct mailer *mailer;    /* mail */
    str folder;               /* the data folder */
    struct settings settings; /* as they were when the rooms opened */
    i64 started_ms;
    struct event_follower *followers; /* of the log, in the order in which they take events */
    i64 follower_count;
    struct ctx ctx; /* of what lives as long as the rooms */

    /* How the rooms open: load.c. */
    const struct config *config; /* borrowed */
    enum app_mode mode;
    struct progress progress;
    pthread_t loader;
    bool loading;        /* the thread was started and not joined yet */
    bool stop_loading;   /* looked at by the loader's context */
    _Atomic bool loaded; /* it is done, one way or the other */
    err load_code;       /* OK: the rooms are open */
    struct ctx load_ctx; /* the loader's */
};

/* Do records and events lie in PostgreSQL and ClickHouse? */
static inline bool app_large(const struct app *app)
{
    return app->config->events.len > 0;
}

/* Opens the records and who may ask; closes them again where that fails. */
err app_records(struct ctx *ctx, struct app *app);

/* A server whose stores are away listens, says so, and waits for them. */
bool app_may_wait(const struct ctx *ctx, const struct app *app, err code);

/* Opens the folder and the records and, unless APP_ROOMS, listens; the other rooms open meanwhile. The configuration
 * lives as long as the rooms. What was opened before a failure is closed again. */
err app_open(struct ctx *ctx, const struct config *config, enum app_mode mode, struct app **out);

/* Waits until every room is open, calling `meanwhile` (may be NULL) every now and then; false from it ends the waiting
 * with ERR_CANCELLED. What failed is described in `ctx`. */
err app_wait(struct ctx *ctx, struct app *app, bool (*meanwhile)(void *self, const struct app *app), void *self);

/* Finishes what was begun, then closes. NULL is allowed. */
void app_close(struct app *app);

/* settings.c: what is kept of the settings in memory follows them; `text` is not looked at. */
err settings_apply(void *self, struct ctx *ctx, str text);

/* load.c: the rooms behind the log, on a thread of their own. */
err load_begin(struct ctx *ctx, struct app *app);
void load_end(struct app *app); /* stops it where it is, and waits */
