/* The map of an import: which column of a file becomes which part of an event.
 *
 *     {"user": "CustomerID", "at": {"column": "InvoiceDate", "format": "iso"},
 *      "kind": {"value": "Order Completed"},
 *      "amount": {"column": "UnitPrice", "times": "Quantity", "currency": "GBP"}, "props": "*"}
 *
 * docs/import.md explains every part. A mistake in a map names the place and
 * what is allowed there.
 */
#pragma once

#include "base/zone.h"
#include "listen/money.h"
#include "listen/rows.h"

/* Where a value comes from: a column, a constant, or nowhere. */
struct target {
    str column, value; /* one of them, or none of both */
    i64 index;         /* the column's number in the file; -1: not there */
};

static inline bool target_is(const struct target *target)
{
    return str_is(target->column) || str_is(target->value);
}

enum { MAP_IDS_MAX = 16, MAP_ANSWERS_MAX = 64, MAP_TARGETS_MAX = 1024 };

/* One answer of a line. */
struct map_answer {
    struct target score, metric, question, scale, text;
    bool reversed;
};

struct map {
    struct target person, user, anonymous, email, phone;
    struct target at, kind, channel, place, touchpoint, text;
    struct target amount, times, currency;
    struct target ids[MAP_IDS_MAX]; /* together they are the message's id */
    i64 id_count;
    struct map_answer *answers;
    i64 answer_count;
    bool several;         /* the answers were given as a list: each is an event of its own */
    struct target *props; /* columns */
    i64 prop_count;
    bool props_all; /* "*" */

    str at_format, at_example; /* as strptime knows it; as people read it */
    const struct zone *zone;
    struct str_list missing;
    struct number_format numbers;
    struct rows_options file;
    str source;

    bool *hidden; /* by column: not in "*", because it is an identity or the text */
    i64 bound;    /* columns that the map was bound to */
};

/* Reads and checks a map; `zone` is the one of times that name none. ERR_INVALID with pointer and what is allowed. */
err map_read(struct ctx *ctx, str json, const struct zone *zone, struct map *out);

/* Finds the columns in a file. ERR_INVALID (import.no_column) at the target for one that is not there; in JSON lines it may still
 * come. To be called again when the file's columns have become more. */
err map_bind(struct ctx *ctx, struct map *map, const struct rows *rows);

/* All targets with their place in the map ("at", "score/0/metric"), for binding and for showing problems. */
struct map_place {
    const char *name;
    str path;
    struct target *target;
    bool hides; /* the column is left out of "*" */
};
i64 map_places(struct arena *arena, struct map *map, struct map_place **out);
