#include "store/look.h"

#include "base/clock.h"
#include "json/shape.h"
#include "store/pq_migrate.h"

static const struct shape_field fields[] = {
    {"utf8", SHAPE_BOOL, offsetof(struct store_look, utf8)},
    {"may_create", SHAPE_BOOL, offsetof(struct store_look, may_create)},
    {"standby", SHAPE_BOOL, offsetof(struct store_look, standby)},
    {"tls", SHAPE_BOOL, offsetof(struct store_look, tls)},
    {"near", SHAPE_BOOL, offsetof(struct store_look, near)},
    {"connections_free", SHAPE_I64, offsetof(struct store_look, connections_free)},
    {"now_ms", SHAPE_TIME, offsetof(struct store_look, now_ms)},
    {"durable", SHAPE_BOOL, offsetof(struct store_look, durable)},
    {"trigrams", SHAPE_BOOL, offsetof(struct store_look, trigrams)},
    {"bytes", SHAPE_I64, offsetof(struct store_look, bytes)},
};
static const struct shape shape = SHAPE("StoreLook", struct store_look, fields, NULL);

static err keep(struct run *run, struct ctx *ctx, struct store_row *row)
{
    return row_read(ctx, row, &shape, run->out);
}

/* In the other modes libpq checks a certificate at most by chance: where some root certificate lies in the home folder. */
static bool verifies(PGconn *link)
{
    bool is = false;
    PQconninfoOption *options = PQconninfo(link);
    for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
        if (strcmp(option->keyword, "sslmode") == 0 && option->val != NULL) {
            is = strcmp(option->val, "verify-full") == 0 || strcmp(option->val, "verify-ca") == 0;
        }
    }
    PQconninfoFree(options);
    return is;
}

static err look(struct ctx *ctx, struct pq *pq, struct store_look *out)
{
    i64 tables, exists, before_ms = clock_ms();
    struct run run = {.sql = SQL_POSTGRES_LOOK, .args = &ARGS_NONE, .row = keep, .out = out};
    TRY(pq_run(ctx, pq, &run));
    out->taken_ms = (before_ms + clock_ms()) / 2;
    out->server = str_copy(&ctx->arena, pq->place);
    out->version = PQserverVersion(pq->link);
    out->verified = out->tls && verifies(pq->link);
    out->known = pq_newest_known();
    TRY(pq_number(ctx, pq, SQL_POSTGRES_TABLES, &tables));
    TRY(pq_number(ctx, pq, SQL_POSTGRES_MIGRATIONS_EXIST, &exists));
    out->foreign = tables > 0 && !exists;
    return exists ? pq_number(ctx, pq, SQL_POSTGRES_MIGRATION_NEWEST, &out->format) : OK;
}

err store_look(struct ctx *ctx, str url, struct store_look *out)
{
    struct pq *pq;
    *out = (struct store_look){0};
    TRY(pq_open_said(ctx, url, &pq));
    err code = look(ctx, pq, out);
    pq_close(pq);
    return code;
}
