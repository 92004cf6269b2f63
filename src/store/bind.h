/* Between structs and rows: parameters from a list or a shape, columns into a shape. */
#pragma once

#include "store/connection.h"
#include "store/store.h"

/* Binds every parameter of the statement. Values are borrowed until it is done. */
err bind_args(struct ctx *ctx, enum statement sql, sqlite3_stmt *statement, const struct store_args *args);

enum { ROW_COLUMNS_MAX = 64 };

struct store_row {
    struct connection *connection;
    enum statement sql;
    sqlite3_stmt *statement;
    const struct shape *shape;   /* whose members the columns are matched with; NULL: not yet */
    i8 members[ROW_COLUMNS_MAX]; /* by column: index of the member */
};

/* Matches the columns with the members; a column without a member ends the program. */
void row_match(struct store_row *row, const struct shape *shape);

/* The present row into a struct of the matched shape. */
err row_fill(struct ctx *ctx, const struct store_row *row, void *out);
