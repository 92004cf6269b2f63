#include "store/pq.h"

#include "base/log.h"

/* What the server says, by its codes (appendix A of PostgreSQL's manual). A code ends with NULL; two letters are a class. */
struct meaning {
    const char *code;
    enum { CONFLICT, CONSTRAINT, AWAY, AWAY_LOST, FULL, TOO_LARGE, DAMAGED } is;
};

static const struct meaning meanings[] = {
    {"23505", CONFLICT},  /* unique_violation */
    {"23503", CONFLICT},  /* foreign_key_violation */
    {"23", CONSTRAINT},   /* not null, check … */
    {"57014", AWAY},      /* query_canceled: it took too long */
    {"57P", AWAY_LOST},   /* shutting down, crashed, starting, idle for too long */
    {"08", AWAY_LOST},    /* connection exceptions */
    {"25P", AWAY_LOST},   /* idle in a transaction for too long, or the transaction has failed */
    {"25006", AWAY_LOST}, /* read-only: this is a stand-by now */
    {"40", AWAY},         /* deadlock, serialization */
    {"55P03", AWAY},      /* lock_not_available: waited long enough */
    {"53100", FULL},      /* disk_full */
    {"58030", FULL},      /* io_error */
    {"53", AWAY},         /* out of memory, too many connections */
    {"0A000", AWAY_LOST}, /* a prepared statement whose table was changed: prepared anew on the next connection */
    {"26000", AWAY_LOST}, /* a prepared statement that is not there: somebody stands between us and the server */
    {"54", TOO_LARGE},    /* program limits */
    {"XX001", DAMAGED},   /* data_corrupted */
    {"XX002", DAMAGED},   /* index_corrupted */
};

static err unavailable(struct ctx *ctx, const char *key)
{
    err code = FAIL(ctx, ERR_UNAVAILABLE, NULL, key);
    ctx->fault.retry_after_s = PQ_RETRY_S;
    return code;
}

err pq_away(struct ctx *ctx, struct pq *pq, const char *problem)
{
    if (!pq->broken && pq->opened) {
        log_say(LOG_WARN, "records_away", "server", pq->place.data, "problem", problem, NULL);
    }
    pq->broken = true;
    return unavailable(ctx, "error.records_away");
}

static const struct meaning *find_meaning(const char *code)
{
    for (i64 i = 0; i < countof(meanings); i++) {
        if (strncmp(code, meanings[i].code, strlen(meanings[i].code)) == 0) {
            return &meanings[i];
        }
    }
    return NULL;
}

err pq_result(struct ctx *ctx, struct pq *pq, const PGresult *result)
{
    const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *problem = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    problem = problem == NULL ? "" : problem;
    if (code == NULL || PQstatus(pq->link) == CONNECTION_BAD) {
        return pq_away(ctx, pq, problem); // libpq says so itself, not the server
    }
    const struct meaning *meaning = find_meaning(code);
    if (meaning != NULL && meaning->is == CONFLICT) {
        return ERR_CONFLICT;
    }
    log_say(LOG_ERROR, "postgres", "code", code, "problem", problem, NULL);
    if (meaning == NULL) {
        return FAIL(ctx, ERR_IO, NULL, "error.database");
    }
    switch (meaning->is) {
    case CONFLICT: break;
    case CONSTRAINT: return FAIL(ctx, ERR_INVALID, NULL, "error.constraint");
    case AWAY_LOST: pq->broken = true; return unavailable(ctx, "error.records_away");
    case AWAY: return unavailable(ctx, "error.records_away");
    case FULL: return unavailable(ctx, "error.readonly");
    case TOO_LARGE: return FAIL(ctx, ERR_TOO_LARGE, NULL, "error.value_too_large");
    case DAMAGED: return FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt", {"file", pq->place});
    }
    return ERR_CONFLICT;
}
