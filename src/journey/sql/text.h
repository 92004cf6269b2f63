/* SQL put together: the texts of sql/queries/clickhouse with what belongs into their places. */
#pragma once

#include "base/buf.h"
#include "base/ctx.h"
#include "store/statements.h"

/* What goes into a place: {name} takes SQL, :name a value. */
struct sql_arg {
    const char *name;
    enum { SQL_ARG_PART, SQL_ARG_I64, SQL_ARG_F64, SQL_ARG_STR } kind;
    str text;
    i64 integer;
    f64 number;
};

#define PART(n, v) ((struct sql_arg){.name = (n), .kind = SQL_ARG_PART, .text = (v)})
#define VALUE_I64(n, v) ((struct sql_arg){.name = (n), .kind = SQL_ARG_I64, .integer = (v)})
#define VALUE_F64(n, v) ((struct sql_arg){.name = (n), .kind = SQL_ARG_F64, .number = (v)})
#define VALUE_STR(n, v) ((struct sql_arg){.name = (n), .kind = SQL_ARG_STR, .text = (v)})

/* The text of a statement of ClickHouse or of a piece of one; every place must be among the arguments. Memory is the context's. */
str sql_text(struct ctx *ctx, enum statement sql, const struct sql_arg *args, i64 count);

#define SQL_TEXT(ctx, sql, ...)                                                                                        \
    sql_text((ctx), (sql), (const struct sql_arg[]){__VA_ARGS__ __VA_OPT__(, ){.name = NULL}},                         \
             countof(((const struct sql_arg[]){__VA_ARGS__ __VA_OPT__(, ){.name = NULL}})) - 1)

/* "1,2,3". */
str sql_numbers(struct ctx *ctx, const i64 *numbers, i64 count);

/* A number as SQL. */
void sql_put_i64(struct buf *out, i64 number);
void sql_put_f64(struct buf *out, f64 number);
