/* The client of ClickHouse's HTTP interface: what the large event log and the questions in SQL talk through.
 *
 * It goes to the hosts of the configuration and nowhere else: no redirects, no proxy of the environment, one protocol,
 * users and passwords in headers. Nobody but the operator can name a host (docs/why/28-clickhouse.md).
 *
 * Every wait is bounded. A server that does not answer a ping while a statement runs is taken for away, the next host
 * is tried, and for a second after that everybody else is refused at once instead of waiting too.
 */
#pragma once

#include "base/buf.h"
#include "base/ctx.h"
#include "store/statements.h"

struct clickhouse;

/* The user that writes, and the one that only reads. */
enum click_as { CLICK_WRITE, CLICK_ASK };

struct click_options {
    str url;           /* clickhouse+http://user:password@host:port,host:port/database?cluster=…&ask_user=… */
    i64 ask_memory_mb; /* what one question may use on a server; 0: as much as the server lets it */
};

/* Reads the address; connects to nobody. ERR_INVALID (error.events_url) for one that says no hosts or too much. */
err clickhouse_open(struct ctx *ctx, const struct click_options *options, struct clickhouse **out);
void clickhouse_close(struct clickhouse *ch); /* no statement may be running any more; NULL is allowed */

/* An address without its passwords, for logs and pages. */
str clickhouse_shown(struct arena *arena, str url);

/* Rows as they came (RowBinary), read from the first to the last column of each. */
struct click_rows {
    const char *at, *end;
    bool broken; /* somebody read past the end: the statement's columns are others than the reader thought */
};

/* Runs a statement that gives rows; `sql` has no FORMAT. All rows are in the context's memory. A stopped context ends the
 * statement on the server too (ERR_CANCELLED). ERR_UNAVAILABLE with retry_after_s when no server answers in time
 * (error.events_away), is too busy (error.events_busy) or refuses the user (error.events_rights); ERR_INVALID for a
 * question that needs too much memory (error.ask.memory) or time (error.ask.time). */
err click_query(struct ctx *ctx, struct clickhouse *ch, enum click_as as, str sql, struct click_rows *out);

/* Is there another row? */
bool click_more(struct click_rows *rows);

i64 click_i64(struct click_rows *rows);
u64 click_u64(struct click_rows *rows);
u32 click_u32(struct click_rows *rows);
u16 click_u16(struct click_rows *rows);
u8 click_u8(struct click_rows *rows);
f64 click_f64(struct click_rows *rows);
str click_str(struct click_rows *rows);              /* String; lives as long as the rows */
str click_fixed(struct click_rows *rows, i64 bytes); /* FixedString */
i64 click_count(struct click_rows *rows);            /* the length of an array; then its items */

/* The first column of the first row, an Int64; 0 without a row. */
err click_number(struct ctx *ctx, struct clickhouse *ch, enum click_as as, str sql, i64 *out);

/* A statement without rows, as CLICK_WRITE. */
err click_run(struct ctx *ctx, struct clickhouse *ch, str sql);

/* What became of an insert that failed. */
enum click_fate {
    CLICK_STORED,
    CLICK_REFUSED, /* surely nothing was stored */
    CLICK_UNKNOWN, /* something may be stored, now or later */
};

/* INSERT INTO … with rows in RowBinary, one block; confirmed by the quorum where tables are replicated. `sql` has no
 * FORMAT. Never sent twice. `fate` may be NULL. */
err click_insert(struct ctx *ctx, struct clickhouse *ch, str sql, str row_binary, enum click_fate *fate);

/* The same on one host of several: 0 … click_hosts - 1. For what every server must have of its own. */
i64 click_hosts(const struct clickhouse *ch);
str click_host(const struct clickhouse *ch, i64 host); /* "name:port" */
err click_query_at(struct ctx *ctx, struct clickhouse *ch, i64 host, str sql, struct click_rows *out);
err click_run_at(struct ctx *ctx, struct clickhouse *ch, i64 host, str sql);
err click_insert_at(struct ctx *ctx, struct clickhouse *ch, i64 host, str sql, str row_binary);

i64 click_replicas(const struct clickhouse *ch);        /* of each shard; 1 without a cluster */
const char *click_cluster(const struct clickhouse *ch); /* NULL: one server */
str click_database(const struct clickhouse *ch);

/* Why the last statement found nobody at a host, for people who look for the cause. */
enum click_trouble {
    CLICK_TROUBLE_NONE,
    CLICK_TROUBLE_NAME,        /* nobody knows such a host */
    CLICK_TROUBLE_REFUSED,     /* nobody listens there */
    CLICK_TROUBLE_SILENT,      /* no answer in time */
    CLICK_TROUBLE_TLS,         /* no TLS is spoken there */
    CLICK_TROUBLE_CERTIFICATE, /* it is signed by nobody we trust, or for another name */
    CLICK_TROUBLE_CA,          /* the file of `ca` cannot be used */
    CLICK_TROUBLE_STRANGER,    /* what answers is no HTTP interface of ClickHouse's */
    CLICK_TROUBLE_LOST,        /* the connection ended in between */
};
enum click_trouble click_trouble(const struct clickhouse *ch, i64 host);

/* What the server that answered first is, from then on. */
i64 click_version(const struct clickhouse *ch);                     /* 18.16 → 18016; 0: nobody answered yet */
bool click_knows(const struct clickhouse *ch, const char *setting); /* does its release have this setting? */
bool click_ask_may_set(const struct clickhouse *ch); /* may the asking user's statements have SETTINGS? */

/* Does any host answer? Waits at most two seconds. */
bool click_answers(struct ctx *ctx, struct clickhouse *ch);

/* Does every shard of the events answer, so that all can be stored and asked for? As long. */
bool click_serves(struct ctx *ctx, struct clickhouse *ch);

/* Did the last statement find no server? Looks at nothing. */
bool click_away(const struct clickhouse *ch);

/* The one function that makes text from outside part of SQL: a quoted, escaped literal. Any bytes. */
void click_literal(struct buf *out, str text);

/* The same for the name of a table, a database or a cluster. */
void click_name(struct buf *out, str name);

/* The text of a named statement (sql/queries/clickhouse/) with what stands for :name (a number, or text as a literal) and for
 * {name} (a name, or SQL made by us). Every place must be given: a missing one ends the program. */
struct click_arg {
    const char *name;
    enum { CLICK_NUMBER, CLICK_TEXT, CLICK_NAME, CLICK_SQL } type;
    i64 number;
    str text;
};
#define CLICK_I64_ARG(n, v) ((struct click_arg){.name = (n), .type = CLICK_NUMBER, .number = (v)})
#define CLICK_STR_ARG(n, v) ((struct click_arg){.name = (n), .type = CLICK_TEXT, .text = (v)})
#define CLICK_NAME_ARG(n, v) ((struct click_arg){.name = (n), .type = CLICK_NAME, .text = (v)})
#define CLICK_SQL_ARG(n, v) ((struct click_arg){.name = (n), .type = CLICK_SQL, .text = (v)})
str click_text(struct ctx *ctx, enum statement sql, const struct click_arg *args, i64 count);
/* The same for a text that is no named statement. */
str click_template(struct ctx *ctx, str text, const struct click_arg *args, i64 count);
#define CLICK_TEXT_OF(ctx, sql, ...)                                                                                   \
    click_text((ctx), (sql), (const struct click_arg[]){__VA_ARGS__ __VA_OPT__(, ){.name = NULL}},                     \
               countof(((const struct click_arg[]){__VA_ARGS__ __VA_OPT__(, ){.name = NULL}})) - 1)

/* Rows for an insert (RowBinary). */
void click_put_i64(struct buf *rows, i64 value);
void click_put_f64(struct buf *rows, f64 value);
void click_put_u8(struct buf *rows, u8 value);
void click_put_str(struct buf *rows, str text);
void click_put_count(struct buf *rows, i64 count);
void click_put_fixed(struct buf *rows, const void *bytes, i64 len);
