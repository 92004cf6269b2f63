/* Between structs and rows: parameters from a list or a shape, columns into a shape. */
#pragma once

#include "store/store.h"

enum { PARAMETERS_MAX = 64, ROW_COLUMNS_MAX = 64 };

/* The value of every parameter of a statement, in its order. Text is well formed and without U+0000. What values point to
 * lives as long as the arguments and the context. */
err bind_args(struct ctx *ctx, enum statement sql, const struct store_args *args,
              struct store_arg values[PARAMETERS_MAX]);

/* How a database shows the present row. Text borrows from it. */
struct cells {
    int (*columns)(const void *source);
    const char *(*name)(const void *source, int column);
    bool (*null)(const void *source, int column);
    i64 (*integer)(const void *source, int column); /* 0 for NULL */
    f64 (*number)(const void *source, int column);
    str (*text)(const void *source, int column); /* none for NULL */
};

struct store_row {
    const struct cells *cells;
    const void *source;
    enum statement sql;
    str place;                   /* the file or database, for messages */
    const struct shape *shape;   /* whose members the columns are matched with; NULL: not yet */
    i8 members[ROW_COLUMNS_MAX]; /* by column: index of the member */
};

/* Matches the columns with the members; a column without a member ends the program. */
void row_match(struct store_row *row, const struct shape *shape);

/* The present row into a struct of the matched shape. */
err row_fill(struct ctx *ctx, const struct store_row *row, void *out);
