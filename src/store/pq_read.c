#include "store/pq.h"
#include "store/pq_inside.h"

/* Reading. */

bool pq_failed(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_SINGLE_TUPLE;
}

/* Reads the answer of one statement to its end. */
static err read_answer(struct ctx *ctx, struct pq *pq)
{
    err code = OK;
    for (PGresult *result;;) {
        TRY(pq_next(ctx, pq, &result));
        if (result == NULL) {
            pq->unread--;
            return code;
        }
        if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED) {
            code = ERR_IO; // one before it failed, and that one says why
        } else if (code == OK && pq_failed(result)) {
            code = pq_result(ctx, pq, result);
        }
        PQclear(result);
    }
}

/* Ends what was sent together. */
static err sync_all(struct ctx *ctx, struct pq *pq)
{
    return PQpipelineSync(pq->link) ? OK : pq_away(ctx, pq, PQerrorMessage(pq->link));
}

static err read_sync(struct ctx *ctx, struct pq *pq)
{
    PGresult *result;
    TRY(pq_next(ctx, pq, &result));
    bool is = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
    PQclear(result);
    return is ? OK : pq_away(ctx, pq, "out of step");
}

/* The first failure of those that were sent before; those behind it did not happen. */
static err read_earlier(struct ctx *ctx, struct pq *pq, i32 keep)
{
    err code = OK;
    while (pq->unread > keep) {
        err one = read_answer(ctx, pq);
        if (pq->broken) {
            return one;
        }
        code = code == OK ? one : code;
    }
    if (code != OK && pq->preparing) {
        pq->broken = true; // what was to be prepared behind the failure is not
    }
    return code;
}

static err read_all(struct ctx *ctx, struct pq *pq)
{
    err code = read_earlier(ctx, pq, 0);
    pq->preparing = false;
    if (pq->broken && code != OK) {
        return code;
    }
    TRY(read_sync(ctx, pq));
    return code;
}

err pq_settle(struct ctx *ctx, struct pq *pq)
{
    TRY(pq_set_aside(ctx, pq));
    if (pq->unread == 0) {
        return OK;
    }
    TRY(sync_all(ctx, pq));
    return read_all(ctx, pq);
}

/* Rows. */

static err show_rows(struct ctx *ctx, struct pq *pq, struct run *run, const PGresult *result)
{
    struct pq_row at = {.result = result};
    struct store_row row = {.cells = &pq_cells, .source = &at, .sql = run->sql, .place = pq->place};
    int count = PQntuples(result);
    for (; at.at < count; at.at++) {
        if (run->rows++ > 0 && run->first_only) {
            continue;
        }
        if (run->row != NULL) {
            TRY(run->row(run, ctx, &row));
        }
    }
    return OK;
}

static i64 rows_changed(PGresult *result)
{
    i64 count = 0;
    return str_i64(str_from(PQcmdTuples(result)), &count) ? count : 0;
}

static err last_result(struct ctx *ctx, struct pq *pq, PGresult **out)
{
    *out = NULL;
    for (PGresult *result;;) {
        TRY(pq_next(ctx, pq, &result));
        if (result == NULL) {
            pq->unread--;
            return *out != NULL ? OK : pq_away(ctx, pq, "no answer");
        }
        PQclear(*out);
        *out = result;
    }
}

/* A whole answer: read to its end before anybody sees a row, so that the connection is free then. */
static err read_whole(struct ctx *ctx, struct pq *pq, struct run *run)
{
    PGresult *whole;
    err code = last_result(ctx, pq, &whole);
    if (code == OK && pq_failed(whole)) {
        code = pq_result(ctx, pq, whole);
    }
    if (!pq->broken) {
        err synced = read_sync(ctx, pq);
        code = code == OK ? synced : code;
    }
    if (code == OK) {
        run->changed = rows_changed(whole);
        code = show_rows(ctx, pq, run, whole);
    }
    PQclear(whole);
    return code;
}

static void keep_row(struct pq_stream *stream, PGresult *result)
{
    if (stream->count == stream->capacity) {
        stream->capacity = greater(64, stream->capacity * 2);
        stream->items = mem_resize(stream->items, stream->capacity * (i64)sizeof *stream->items);
    }
    stream->items[stream->count++] = result;
}

/* The next row of a stream, or NULL behind the last. */
static err next_row(struct ctx *ctx, struct pq *pq, struct pq_stream *stream, PGresult **out)
{
    if (stream->next < stream->count) {
        *out = stream->items[stream->next++];
        return OK;
    }
    *out = NULL;
    if (stream->ended) {
        return OK;
    }
    TRY(pq_next(ctx, pq, out));
    if (*out == NULL) {
        stream->ended = true;
        pq->unread--;
        TRY(read_sync(ctx, pq));
    }
    return OK;
}

err pq_set_aside(struct ctx *ctx, struct pq *pq)
{
    struct pq_stream *stream = pq->stream;
    while (stream != NULL && !stream->ended) {
        PGresult *result;
        i64 next = stream->next;
        stream->next = stream->count; // what is kept already stays where it is
        err code = next_row(ctx, pq, stream, &result);
        stream->next = next;
        TRY(code);
        if (result != NULL) {
            keep_row(stream, result);
        }
    }
    return OK;
}

static err show_stream(struct ctx *ctx, struct pq *pq, struct pq_stream *stream, struct run *run)
{
    for (PGresult *result;;) {
        TRY(next_row(ctx, pq, stream, &result));
        if (result == NULL) {
            return OK;
        }
        err code = pq_failed(result) ? pq_result(ctx, pq, result) : show_rows(ctx, pq, run, result);
        PQclear(result);
        TRY(code);
    }
}

/* Somebody has seen enough: the rest is not for anybody. */
static void drop_rest(struct pq *pq, struct pq_stream *stream)
{
    struct ctx ctx = {0};
    PGresult *result = NULL;
    while (!pq->broken && next_row(&ctx, pq, stream, &result) == OK && result != NULL) {
        PQclear(result);
    }
    while (stream->next < stream->count) {
        PQclear(stream->items[stream->next++]);
    }
    mem_free(stream->items);
    ctx_end(&ctx);
}

static err read_stream(struct ctx *ctx, struct pq *pq, struct run *run)
{
    if (!PQsetSingleRowMode(pq->link)) {
        return pq_away(ctx, pq, "single row");
    }
    struct pq_stream stream = {0}, *outer = pq->stream;
    pq->stream = &stream;
    err code = show_stream(ctx, pq, &stream, run);
    drop_rest(pq, &stream);
    pq->stream = outer;
    return code;
}

/* Reads what was sent before the last statement. When one of them failed the last did not happen either. */
static err read_before_last(struct ctx *ctx, struct pq *pq)
{
    TRY(sync_all(ctx, pq));
    err code = read_earlier(ctx, pq, 1);
    if (code != OK) {
        err rest = pq->broken ? code : read_all(ctx, pq);
        return pq->broken ? rest : code;
    }
    pq->preparing = false;
    return OK;
}

err pq_run(struct ctx *ctx, struct pq *pq, struct run *run)
{
    TRY(pq_send(ctx, pq, run));
    TRY(read_before_last(ctx, pq));
    return run->streams ? read_stream(ctx, pq, run) : read_whole(ctx, pq, run);
}

err pq_run_plain(struct ctx *ctx, struct pq *pq, enum statement sql)
{
    return pq_run(ctx, pq, &(struct run){.sql = sql, .args = &ARGS_NONE});
}

static err keep_number(struct run *run, struct ctx *ctx, struct store_row *row)
{
    (void)ctx;
    *(i64 *)run->out = row_i64(row, 0);
    return OK;
}

err pq_number(struct ctx *ctx, struct pq *pq, enum statement sql, i64 *out)
{
    struct run run = {.sql = sql, .args = &ARGS_NONE, .row = keep_number, .first_only = true, .out = out};
    *out = 0;
    return pq_run(ctx, pq, &run);
}

err pq_commit(struct ctx *ctx, struct pq *pq)
{
    TRY(pq_send_plain(ctx, pq, SQL_POSTGRES_COMMIT));
    TRY(read_before_last(ctx, pq));
    PGresult *result;
    TRY(last_result(ctx, pq, &result));
    bool is = !pq_failed(result) && strcmp(PQcmdStatus(result), statement_texts[SQL_POSTGRES_COMMIT].postgres) == 0;
    err code = OK;
    if (!is) {
        // "ROLLBACK": a statement had failed and was not heeded.
        code = pq_failed(result) ? pq_result(ctx, pq, result) : FAIL(ctx, ERR_IO, NULL, "error.database");
    }
    PQclear(result);
    err synced = pq->broken ? code : read_sync(ctx, pq);
    return code == OK ? synced : code;
}

void pq_undo(struct pq *pq)
{
    struct ctx ctx = {0};
    if (!pq->broken) {
        (void)!pq_settle(&ctx, pq); // what failed there is known already
        ctx_forgive(&ctx);
    }
    if (!pq->broken && pq_run_plain(&ctx, pq, SQL_POSTGRES_ROLLBACK) != OK) {
        pq->broken = true;
    }
    ctx_end(&ctx);
}

/* Outside the pipeline, where one text may be several statements. */
static err run_simply(struct ctx *ctx, struct pq *pq, const char *text)
{
    if (!PQsendQuery(pq->link, text)) {
        return pq_away(ctx, pq, PQerrorMessage(pq->link));
    }
    err code = OK;
    for (PGresult *result;;) {
        TRY(pq_next(ctx, pq, &result));
        if (result == NULL) {
            return code;
        }
        if (code == OK && pq_failed(result)) {
            code = pq_result(ctx, pq, result);
        }
        PQclear(result);
    }
}

err pq_run_text(struct ctx *ctx, struct pq *pq, const char *text)
{
    TRY(pq_settle(ctx, pq));
    if (!PQexitPipelineMode(pq->link)) {
        return pq_away(ctx, pq, PQerrorMessage(pq->link));
    }
    err code = run_simply(ctx, pq, text);
    if (!pq->broken && !PQenterPipelineMode(pq->link)) {
        return pq_away(ctx, pq, PQerrorMessage(pq->link));
    }
    return code;
}
