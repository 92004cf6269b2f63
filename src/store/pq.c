#include "store/pq.h"

#include "base/clock.h"
#include "store/pq_inside.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>

/* How often a waiting thread looks whether its work was stopped. */
enum { LOOK_MS = 100 };

/* Waiting. */

static i64 now_ms(void)
{
    return clock_steady_ns() / 1000000;
}

/* Waits until something can be read or, with unsent bytes, written. ERR_EMPTY: not yet. */
static err wait_a_little(struct ctx *ctx, struct pq *pq, bool unsent)
{
    struct pollfd at = {.fd = PQsocket(pq->link), .events = (short)(POLLIN | (unsent ? POLLOUT : 0))};
    int ready = poll(&at, 1, LOOK_MS);
    if (ready < 0 && errno != EINTR) {
        return pq_away(ctx, pq, "poll");
    }
    if (ready > 0 && (at.revents & ~POLLOUT) != 0 && !PQconsumeInput(pq->link)) {
        return pq_away(ctx, pq, PQerrorMessage(pq->link));
    }
    return ready > 0 ? OK : ERR_EMPTY;
}

err pq_next(struct ctx *ctx, struct pq *pq, PGresult **out)
{
    i64 until_ms = now_ms() + pq->patience_ms;
    for (;;) {
        int unsent = PQflush(pq->link);
        if (unsent < 0) {
            return pq_away(ctx, pq, PQerrorMessage(pq->link));
        }
        if (!PQisBusy(pq->link)) {
            *out = PQgetResult(pq->link);
            return OK;
        }
        err code = wait_a_little(ctx, pq, unsent > 0);
        if (code == OK) {
            until_ms = now_ms() + pq->patience_ms;
        } else if (code != ERR_EMPTY) {
            return code;
        } else if (ctx_stopped(ctx)) {
            pq->broken = true; // the server notices the closed connection and ends the statement
            return ERR_CANCELLED;
        } else if (now_ms() > until_ms - (pq->away != NULL && *pq->away ? PQ_SILENCE_MS - PQ_AWAY_MS : 0)) {
            return pq_away(ctx, pq, "silent");
        }
    }
}

/* Opening. */

static err connect_all(struct ctx *ctx, struct pq *pq)
{
    i64 until_ms = now_ms() + PQ_CONNECT_MS;
    for (PostgresPollingStatusType want = PGRES_POLLING_WRITING;;) {
        if (want == PGRES_POLLING_OK) {
            return OK;
        }
        if (want == PGRES_POLLING_FAILED || now_ms() > until_ms) {
            return pq_away(ctx, pq, want == PGRES_POLLING_FAILED ? PQerrorMessage(pq->link) : "connect");
        }
        struct pollfd at = {.fd = PQsocket(pq->link), .events = want == PGRES_POLLING_READING ? POLLIN : POLLOUT};
        if (poll(&at, 1, LOOK_MS) != 0) {
            want = PQconnectPoll(pq->link);
        }
        if (ctx_stopped(ctx)) {
            return ERR_CANCELLED;
        }
    }
}

static void ignore_notice(void *self, const PGresult *result)
{
    (void)self;
    (void)result;
}

static err open_link(struct ctx *ctx, struct pq *pq, str url)
{
    // The URL comes first: what stands behind it wins. The server's certificates and passwords are libpq's business.
    const char *const names[] = {"dbname",           "application_name", "client_encoding",
                                 "keepalives",       "keepalives_idle",  "keepalives_interval",
                                 "keepalives_count", "tcp_user_timeout", NULL};
    const char *const values[] = {str_c(&ctx->arena, url), "cham", "UTF8", "1", "10", "5", "3", "30000", NULL};
    pq->link = PQconnectStartParams(names, values, 1);
    if (pq->link == NULL || PQstatus(pq->link) == CONNECTION_BAD) {
        return pq_away(ctx, pq, pq->link == NULL ? "memory" : PQerrorMessage(pq->link));
    }
    PQsetNoticeReceiver(pq->link, ignore_notice, NULL);
    TRY(connect_all(ctx, pq));
    if (PQsetnonblocking(pq->link, 1) != 0 || !PQenterPipelineMode(pq->link)) {
        return pq_away(ctx, pq, PQerrorMessage(pq->link));
    }
    return pq_run_plain(ctx, pq, SQL_POSTGRES_SESSION);
}

/* For messages: never the URL, which may hold a password. None when it is no URL of libpq's. */
static str place_of(struct ctx *ctx, str url)
{
    PQconninfoOption *options = PQconninfoParse(str_c(&ctx->arena, url), NULL);
    if (options == NULL) {
        return STR_NONE; // its own message would repeat the whole URL
    }
    const char *host = "", *port = "5432", *database = "";
    for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
        const char *value = option->val;
        host = value != NULL && strcmp(option->keyword, "host") == 0 ? value : host;
        port = value != NULL && strcmp(option->keyword, "port") == 0 ? value : port;
        database = value != NULL && strcmp(option->keyword, "dbname") == 0 ? value : database;
    }
    str place = str_format(&ctx->arena, "PostgreSQL %s:%s/%s", host, port, database);
    PQconninfoFree(options);
    return place;
}

err pq_open(struct ctx *ctx, str url, struct pq **out, str *problem)
{
    str place = place_of(ctx, url);
    if (!str_is(place)) {
        return FAIL(ctx, ERR_INVALID, NULL, "error.records_url");
    }
    struct pq *pq = mem_new((i64)sizeof *pq + place.len + 1);
    memcpy(pq->name, place.data, (size_t)place.len);
    pq->place = (str){pq->name, place.len};
    pq->patience_ms = PQ_SILENCE_MS;
    err code = open_link(ctx, pq, url);
    if (code != OK) {
        if (problem != NULL) {
            *problem = str_copy(&ctx->arena, str_trim(str_from(pq->link == NULL ? "" : PQerrorMessage(pq->link))));
        }
        pq_close(pq);
        return code;
    }
    pq->opened = true;
    *out = pq;
    return OK;
}

err pq_open_said(struct ctx *ctx, str url, struct pq **out)
{
    str problem = STR_NONE;
    err code = pq_open(ctx, url, out, &problem);
    if (code == ERR_UNAVAILABLE) {
        ctx_forgive(ctx);
        code = FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.records_open", {"problem", problem});
        ctx->fault.retry_after_s = PQ_RETRY_S;
    }
    return code;
}

void pq_close(struct pq *pq)
{
    if (pq == NULL) {
        return;
    }
    assert(pq->stream == NULL);
    PQfinish(pq->link);
    for (int i = 0; i < SQL_COUNT_; i++) {
        mem_free(pq->prepared[i]);
    }
    mem_free(pq);
}

bool pq_lost(struct pq *pq)
{
    struct pollfd at = {.fd = PQsocket(pq->link), .events = POLLIN};
    if (poll(&at, 1, 0) == 0) {
        return false; // an idle server says nothing
    }
    return !PQconsumeInput(pq->link) || PQstatus(pq->link) != CONNECTION_OK || at.fd < 0;
}
