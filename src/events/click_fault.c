/* What a server's refusal means: for the reader, and for what was to be stored. */
#include "events/click_state.h"

#include "base/log.h"

#include <stdio.h>

/* Error codes of ClickHouse (dbms/src/Common/ErrorCodes.cpp); they never change. */
enum {
    CODE_TIMEOUT = 159,
    CODE_TOO_SLOW = 160,
    CODE_READONLY = 164,
    CODE_UNKNOWN_USER = 192,
    CODE_WRONG_PASSWORD = 193,
    CODE_REQUIRED_PASSWORD = 194,
    CODE_ADDRESS_NOT_ALLOWED = 195,
    CODE_TOO_MANY_QUERIES = 202,
    CODE_NO_FREE_CONNECTION = 203,
    CODE_SOCKET_TIMEOUT = 209,
    CODE_NETWORK = 210,
    CODE_NO_ZOOKEEPER = 225,
    CODE_ABORTED = 236,
    CODE_MEMORY = 241,
    CODE_TABLE_READ_ONLY = 242,
    CODE_NO_SPACE = 243,
    CODE_TOO_MANY_PARTS = 252,
    CODE_ALL_CONNECTIONS_FAILED = 279,
    CODE_TOO_FEW_REPLICAS = 285,
    CODE_QUORUM_OF_PREVIOUS = 286,
    CODE_REPLICA_NOT_IN_QUORUM = 289,
    CODE_STATUS_UNKNOWN = 319,
    CODE_ALL_REPLICAS_STALE = 369,
    CODE_CANCELLED = 394,
    CODE_DEADLOCK_AVOIDED = 473,
    CODE_ACCESS_DENIED = 497,
    CODE_AUTHENTICATION = 516,
    CODE_KEEPER = 999,
};

/* "Code: 241, e.displayText() = …" or "Code: 241. DB::Exception: …"; 0: something else. */
static i64 read_code(str body)
{
    const str head = STR("Code: ");
    i64 code = 0;
    if (str_starts(body, head)) {
        for (i64 i = head.len; i < body.len && body.data[i] >= '0' && body.data[i] <= '9' && code < 100000; i++) {
            code = code * 10 + (body.data[i] - '0');
        }
    }
    return code;
}

err click_fail_away(struct ctx *ctx)
{
    err code = FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.events_away");
    ctx->fault.retry_after_s = CLICK_RETRY_S;
    return code;
}

err click_fail_busy(struct ctx *ctx)
{
    err code = FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.events_busy");
    ctx->fault.retry_after_s = CLICK_RETRY_S;
    return code;
}

static err fail_memory(struct ctx *ctx, const struct clickhouse *ch)
{
    str most = ch->ask_memory_mb > 0 ? str_format(&ctx->arena, "%lld", (long long)ch->ask_memory_mb) : STR("…");
    return FAIL(ctx, ERR_INVALID, NULL, "error.ask.memory", {"most", most});
}

static err fail_time(struct ctx *ctx, const struct click_call *call)
{
    return FAIL(ctx, ERR_INVALID, NULL, "error.ask.time",
                {"most", str_format(&ctx->arena, "%lld", (long long)call->limit_s)});
}

static err fail_rights(struct ctx *ctx, const struct click_call *call)
{
    err code = FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.events_rights",
                    {"user", call->as == CLICK_ASK ? STR("ask_user") : STR("user")});
    ctx->fault.retry_after_s = CLICK_RETRY_S;
    return code;
}

/* Our statement is wrong, or the server is none of ours. Its words may hold what people wrote: only for debugging. */
static err fail_statement(struct ctx *ctx, const struct click_call *call, i64 server_code)
{
    char number[24];
    str body = buf_str(&call->body);
    snprintf(number, sizeof number, "%lld", (long long)server_code);
    log_say(LOG_ERROR, "clickhouse_refused", "code", number, NULL);
    log_say(LOG_DEBUG, "clickhouse_said", "text", str_c(&ctx->arena, utf8_prefix(body, 2000)), "statement",
            str_c(&ctx->arena, utf8_prefix(call->sql, 4000)), NULL);
    return FAIL(ctx, ERR_IO, NULL, "error.events_statement", {"code", str_from(number)});
}

err click_fault(struct ctx *ctx, const struct clickhouse *ch, struct click_call *call)
{
    bool asking = call->as == CLICK_ASK;
    i64 code = read_code(buf_str(&call->body));
    call->fate = CLICK_REFUSED;
    switch (code) {
    case CODE_UNKNOWN_USER:
    case CODE_WRONG_PASSWORD:
    case CODE_REQUIRED_PASSWORD:
    case CODE_ADDRESS_NOT_ALLOWED:
    case CODE_READONLY:
    case CODE_ACCESS_DENIED:
    case CODE_AUTHENTICATION: return fail_rights(ctx, call);
    case CODE_TOO_MANY_QUERIES:
    case CODE_NO_FREE_CONNECTION: return click_fail_busy(ctx);
    }
    // Of a block that goes to several parts or shards some may be stored.
    call->fate = CLICK_UNKNOWN;
    switch (code) {
    case CODE_MEMORY: return asking ? fail_memory(ctx, ch) : click_fail_busy(ctx);
    case CODE_TIMEOUT:
    case CODE_TOO_SLOW: return asking ? fail_time(ctx, call) : click_fail_busy(ctx);
    case CODE_CANCELLED: return ctx_stopped(ctx) ? ERR_CANCELLED : click_fail_busy(ctx);
    case CODE_TOO_MANY_PARTS:
    case CODE_QUORUM_OF_PREVIOUS:
    case CODE_NO_SPACE:
    case CODE_DEADLOCK_AVOIDED: return click_fail_busy(ctx);
    case 0: // no ClickHouse: something before it says what it thinks
    case CODE_SOCKET_TIMEOUT:
    case CODE_NETWORK:
    case CODE_NO_ZOOKEEPER:
    case CODE_ABORTED:
    case CODE_TABLE_READ_ONLY:
    case CODE_ALL_CONNECTIONS_FAILED:
    case CODE_TOO_FEW_REPLICAS:
    case CODE_REPLICA_NOT_IN_QUORUM:
    case CODE_STATUS_UNKNOWN:
    case CODE_ALL_REPLICAS_STALE:
    case CODE_KEEPER: return click_fail_away(ctx);
    }
    return fail_statement(ctx, call, code);
}
