/* Benchmarks: what others reached, with where the figure is from and how it was measured.
 *
 * A figure of another company says something about ours only if both were
 * measured the same way: metric, scale, wording of the question and kind of
 * asking. What is not the same is named, and no difference is shown then.
 */
#pragma once

#include "guard/guard.h"
#include "json/shape.h"
#include "store/store.h"

enum { BENCHMARKS_MAX = 2000 };

struct benchmark {
    i64 id;
    str name;     /* who or what is meant: "Bán lẻ điện máy, Việt Nam" */
    i32 metric;   /* index of benchmark_metrics */
    str scale;    /* "0-10", "1-5", "1-10", "1-7"; none: the metric's own */
    str question; /* the series of the question with that wording (a key of the question bank); none: not known */
    str asked;    /* how people were asked, as a channel: "email", "store" …; none: not known */
    str from, to; /* ISO dates: when it was measured */
    f64 value;    /* NPS: points; CSAT: share of top boxes in percent; CES: mean */
    struct maybe_f64 low, high;
    i64 answers;   /* 0: not published */
    str source;    /* who published it, and where */
    str url, note; /* may be empty */
    str by;        /* who wrote it down */
    i64 created_ms, changed_ms;
};
extern const struct shape benchmark_shape; /* in and out: what only the server says is read-only */
extern const char *const benchmark_metrics[];

/* What of ours stands beside it. */
struct benchmark_ours {
    i32 metric; /* index of benchmark_metrics */
    str scale, question, asked;
};

/* The first thing that is not the same: "metric", "scale", "question", "asked", or "unknown" where the benchmark does not say how
 * it was measured; NULL: comparable. */
const char *benchmark_differs(const struct benchmark *benchmark, const struct benchmark_ours *ours);

/* Fills in id, by and times. ERR_INVALID names a field: a value the metric cannot have, an interval that does not hold it, dates
 * that are none or the wrong way round, a scale the metric does not allow. ERR_CONFLICT (error.saved.full) for too many. */
err benchmark_add(struct ctx *ctx, struct store *store, const struct principal *who, struct benchmark *benchmark);
err benchmark_list(struct ctx *ctx, struct store *store, struct shape_list *out); /* by metric and name */
err benchmark_get(struct ctx *ctx, struct store *store, i64 id, struct benchmark *out);
err benchmark_change(struct ctx *ctx, struct store *store, struct benchmark *benchmark);
err benchmark_remove(struct ctx *ctx, struct store *store, i64 id, struct benchmark *removed);
