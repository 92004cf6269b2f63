/* The open rooms of a running server, for the handlers. `cham.c` opens and closes them. */
#pragma once

#include "base/ctx.h"
#include "http/http.h"

struct events;
struct guard;
struct store;
struct sse;

struct app {
    struct store *store;
    struct events *events;
    struct guard *guard;
    struct http *http;
    struct sse *live;  /* GET /api/v1/live: what changed, for open pages */
    struct sse *debug; /* GET /api/v1/debugger/stream */
    str folder;        /* the data folder */
    i64 started_ms;
};
