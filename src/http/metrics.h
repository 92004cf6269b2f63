/* What the server counts, as Prometheus reads it (text format 0.0.4). */
#pragma once

#include "base/buf.h"
#include "http/http.h"

/* One number of another room, read when somebody asks. */
struct metric {
    const char *name, *help;
    bool counter; /* only ever grows; else a gauge */
    f64 value;
};

void metric_write(struct buf *out, const struct metric *metric);

/* Requests by route and status, durations, bytes, connections, streams, memory, open files. */
void http_metrics(const struct http *http, struct buf *out);
