#include "events/clickhouse.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"
#include "events/click_state.h"

#include <stdio.h>
#include <string.h>

enum { MS = 1000 * 1000 };

/* Opening and closing. */

static void add_header(struct curl_slist **list, const char *name, str value)
{
    struct arena arena = {0};
    // An empty value is written with a semicolon, else the header is left out.
    str line = value.len > 0 ? str_format(&arena, "%s: %.*s", name, STR_ARG(value)) : str_format(&arena, "%s;", name);
    *list = curl_slist_append(*list, line.data);
    arena_free(&arena);
}

static struct curl_slist *headers_of(str user, str password)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    list = curl_slist_append(list, "Content-Type: application/octet-stream");
    add_header(&list, "X-ClickHouse-User", user);
    add_header(&list, "X-ClickHouse-Key", password);
    return list;
}

err clickhouse_open(struct ctx *ctx, const struct click_options *options, struct clickhouse **out)
{
    struct clickhouse *ch = mem_new(sizeof *ch);
    pthread_mutex_init(&ch->lock, NULL);
    pthread_mutex_init(&ch->learning, NULL);
    ch->ask_memory_mb = options->ask_memory_mb;
    err code = click_read_url(ctx, ch, options->url);
    if (code != OK) {
        clickhouse_close(ch);
        return code;
    }
    ch->headers[CLICK_WRITE] = headers_of(ch->user, ch->password);
    ch->headers[CLICK_ASK] = headers_of(ch->ask_user, ch->ask_password);
    *out = ch;
    return OK;
}

static void close_line(struct click_line *line)
{
    curl_easy_cleanup(line->easy);
    curl_easy_cleanup(line->ping);
    curl_multi_cleanup(line->multi);
    mem_free(line);
}

void clickhouse_close(struct clickhouse *ch)
{
    if (ch == NULL) {
        return;
    }
    while (ch->idle != NULL) {
        struct click_line *line = ch->idle;
        ch->idle = line->next;
        close_line(line);
    }
    for (i64 i = 0; i < countof(ch->headers); i++) {
        curl_slist_free_all(ch->headers[i]);
    }
    pthread_mutex_destroy(&ch->lock);
    pthread_mutex_destroy(&ch->learning);
    ctx_end(&ch->ctx);
    mem_free(ch);
}

/* Lines. */

static CURL *new_handle(const struct clickhouse *ch)
{
    CURL *easy = curl_easy_init();
    if (easy == NULL) {
        return NULL;
    }
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, ch->tls ? "https" : "http");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CLICK_CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, 2L); // servers close an idle connection after 3 s or more
    if (ch->ca.len > 0) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, ch->ca.data);
    }
    return easy;
}

/* A line that is free, or a new one; NULL: too many statements at once. */
static struct click_line *take_line(struct clickhouse *ch)
{
    pthread_mutex_lock(&ch->lock);
    struct click_line *line = ch->idle;
    bool more = line == NULL && ch->lines < CLICK_LINES_MAX;
    if (line != NULL) {
        ch->idle = line->next;
    }
    ch->lines += more;
    pthread_mutex_unlock(&ch->lock);
    if (!more) {
        return line;
    }
    line = mem_new(sizeof *line);
    line->multi = curl_multi_init();
    line->easy = new_handle(ch);
    line->ping = new_handle(ch);
    return line;
}

static void give_line(struct clickhouse *ch, struct click_line *line)
{
    pthread_mutex_lock(&ch->lock);
    line->next = ch->idle;
    ch->idle = line;
    pthread_mutex_unlock(&ch->lock);
}

/* One attempt at one server. */

enum attempt {
    ATTEMPT_ANSWERED,
    ATTEMPT_NOT_SENT, /* nobody listens there */
    ATTEMPT_LOST,     /* it was sent; what became of it is not known */
    ATTEMPT_STOPPED,  /* by the context */
    ATTEMPT_TOO_LONG, /* the answer is larger than anybody has memory for */
};

struct attempt_state {
    struct click_call *call;
    struct click_server *server;
    struct click_line *line;
    i64 begun_ns, heard_ns; /* heard_ns: the last sign of life */
    i64 most;               /* bytes of the answer */
    bool pinging, too_long;
    CURLcode result;
};

static size_t take_body(char *bytes, size_t size, size_t count, void *self)
{
    struct attempt_state *state = self;
    i64 len = (i64)(size * count);
    if (state->call->body.len + len > state->most) {
        state->too_long = true;
        return 0;
    }
    state->heard_ns = clock_steady_ns();
    buf_add(&state->call->body, (str){bytes, len});
    return (size_t)len;
}

static size_t drop_body(char *bytes, size_t size, size_t count, void *self)
{
    (void)bytes;
    (void)self;
    return size * count;
}

static void set_ping(const struct clickhouse *ch, struct attempt_state *state, struct arena *arena)
{
    CURL *ping = state->line->ping;
    str url = str_format(arena, "%.*sping", STR_ARG(state->server->url));
    curl_easy_setopt(ping, CURLOPT_URL, url.data);
    curl_easy_setopt(ping, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(ping, CURLOPT_TIMEOUT_MS, (long)CLICK_PING_MS);
    curl_easy_setopt(ping, CURLOPT_FRESH_CONNECT, 1L); // one that was open before shows nothing
    curl_easy_setopt(ping, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(ping, CURLOPT_WRITEFUNCTION, drop_body);
    (void)ch;
}

/* What is finished: true when the statement is, with its result. A ping that came back begins a new pause, one that did not
 * ends the statement. */
static bool reap(struct attempt_state *state, CURLcode *result)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(state->line->multi, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        if (message->easy_handle == state->line->easy) {
            *result = message->data.result;
            return true;
        }
        CURLcode ping = message->data.result;
        curl_multi_remove_handle(state->line->multi, state->line->ping);
        state->pinging = false;
        state->heard_ns = clock_steady_ns();
        if (ping != CURLE_OK) {
            *result = CURLE_OPERATION_TIMEDOUT;
            return true;
        }
    }
    return false;
}

static bool is_silent(const struct attempt_state *state, i64 now_ns)
{
    return !state->pinging && now_ns - state->heard_ns > (i64)CLICK_PING_AFTER_MS * MS;
}

static enum attempt verdict(struct attempt_state *state, CURLcode result)
{
    state->result = result;
    switch (result) {
    case CURLE_OK: return ATTEMPT_ANSWERED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE: return ATTEMPT_NOT_SENT;
    default: break;
    }
    if (state->too_long) {
        return ATTEMPT_TOO_LONG;
    }
    curl_off_t connected = 0; // a connection that was never made carried nothing
    curl_easy_getinfo(state->line->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
    return connected == 0 ? ATTEMPT_NOT_SENT : ATTEMPT_LOST;
}

static enum attempt wait_for(struct ctx *ctx, struct attempt_state *state)
{
    enum { LOOK_MS = 100, SLACK_S = 5 };
    struct click_line *line = state->line;
    // The server ends it itself at its limit, and says so.
    i64 limit_s = state->call->limit_s + (state->call->plain ? 0 : SLACK_S);
    i64 deadline_ns = state->begun_ns + limit_s * 1000 * MS;
    for (;;) {
        int running;
        CURLcode result = CURLE_OK;
        curl_multi_perform(line->multi, &running);
        if (reap(state, &result)) {
            return verdict(state, result);
        }
        i64 now_ns = clock_steady_ns();
        if (ctx_stopped(ctx)) {
            return ATTEMPT_STOPPED;
        }
        if (now_ns > deadline_ns) {
            return verdict(state, CURLE_OPERATION_TIMEDOUT);
        }
        if (is_silent(state, now_ns)) {
            state->pinging = curl_multi_add_handle(line->multi, line->ping) == CURLM_OK;
            continue;
        }
        curl_multi_poll(line->multi, NULL, 0, LOOK_MS, NULL);
    }
}

static void add_parameter(CURL *easy, struct buf *url, const char *name, str value)
{
    char *escaped = curl_easy_escape(easy, value.len > 0 ? value.data : "", (int)value.len);
    buf_format(url, "%s=%s", name, escaped != NULL ? escaped : "");
    curl_free(escaped);
}

static str make_url(struct ctx *ctx, const struct clickhouse *ch, const struct attempt_state *state, str query_id)
{
    const struct click_call *call = state->call;
    CURL *easy = state->line->easy;
    struct buf url = buf_in(&ctx->arena);
    buf_add(&url, state->server->url);
    add_parameter(easy, &url, "?database", call->plain ? STR("system") : ch->database);
    add_parameter(easy, &url, "&query_id", query_id);
    // The answer begins when all of it is known, so that its status is the last word.
    buf_add(&url, STR("&wait_end_of_query=1&buffer_size=1048576"));
    if (call->format) {
        buf_add(&url, STR("&default_format=RowBinary"));
    }
    if (str_is(call->rows)) {
        add_parameter(easy, &url, "&query", call->sql);
    }
    click_settings(ch, call, &url);
    buf_char(&url, 0);
    return buf_str(&url);
}

static void set_request(const struct clickhouse *ch, struct attempt_state *state, str url)
{
    const struct click_call *call = state->call;
    CURL *easy = state->line->easy;
    str body = str_is(call->rows) ? call->rows : call->sql;
    curl_easy_setopt(easy, CURLOPT_URL, url.data);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, ch->headers[call->as]);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.len > 0 ? body.data : "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, state);
    // On a connection that was open before, the library would send once more what the server perhaps took.
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, str_is(call->rows) ? 1L : 0L);
}

static enum attempt try_server(struct ctx *ctx, struct clickhouse *ch, struct attempt_state *state, str query_id)
{
    struct click_line *line = state->line;
    set_request(ch, state, make_url(ctx, ch, state, query_id));
    set_ping(ch, state, &ctx->arena);
    state->begun_ns = state->heard_ns = clock_steady_ns();
    state->call->body = buf_in(&ctx->arena);
    if (curl_multi_add_handle(line->multi, line->easy) != CURLM_OK) {
        return ATTEMPT_NOT_SENT;
    }
    enum attempt attempt = wait_for(ctx, state);
    curl_easy_getinfo(line->easy, CURLINFO_RESPONSE_CODE, &state->call->status);
    curl_multi_remove_handle(line->multi, line->easy);
    if (state->pinging) {
        curl_multi_remove_handle(line->multi, line->ping);
        state->pinging = false;
    }
    return attempt;
}

/* Sending. */

static str new_query_id(struct arena *arena)
{
    u8 bytes[12];
    char text[2 * sizeof bytes];
    random_bytes(bytes, (i64)sizeof bytes);
    str name = hex(bytes, (i64)sizeof bytes, text);
    return str_format(arena, "cham-%.*s", STR_ARG(name));
}

/* The statement goes on at the server although nobody waits for it. */
static void kill_query(struct clickhouse *ch, i64 host, str query_id)
{
    enum { LIMIT_S = 2 };
    struct ctx own = {0};
    str sql = CLICK_TEXT_OF(&own, SQL_CLICK_KILL, CLICK_STR_ARG("query_id", query_id));
    struct click_call call = {.host = host, .sql = sql, .plain = true, .limit_s = LIMIT_S};
    if (click_send(&own, ch, &call) != OK) {
        ctx_forgive(&own); // then its own limit of time ends it
    }
    ctx_end(&own);
}

static void mark(struct clickhouse *ch, struct click_server *server, bool away)
{
    atomic_store(&server->away_until_ns, away ? clock_steady_ns() + (i64)CLICK_AWAY_MS * MS : 0);
    if (!away) {
        atomic_store(&ch->preferred, server - ch->servers);
        atomic_store(&ch->away, false);
    }
}

static enum click_trouble trouble_of(const struct attempt_state *state, enum attempt attempt)
{
    if (attempt == ATTEMPT_ANSWERED) {
        bool ours = state->call->status == 200 || str_starts(buf_str(&state->call->body), STR("Code: "));
        return ours ? CLICK_TROUBLE_NONE : CLICK_TROUBLE_STRANGER;
    }
    switch (state->result) {
    case CURLE_COULDNT_RESOLVE_HOST: return CLICK_TROUBLE_NAME;
    case CURLE_COULDNT_CONNECT: return CLICK_TROUBLE_REFUSED;
    case CURLE_OPERATION_TIMEDOUT: return CLICK_TROUBLE_SILENT;
    case CURLE_SSL_CONNECT_ERROR: return CLICK_TROUBLE_TLS;
    case CURLE_PEER_FAILED_VERIFICATION: return CLICK_TROUBLE_CERTIFICATE;
    case CURLE_SSL_CACERT_BADFILE: return CLICK_TROUBLE_CA;
    case CURLE_UNSUPPORTED_PROTOCOL: // no HTTP, or such as of before 1.0
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_GOT_NOTHING: return CLICK_TROUBLE_STRANGER;
    default: return CLICK_TROUBLE_LOST;
    }
}

/* May the statement go to another server after it was lost at one? */
static bool may_repeat(const struct click_call *call)
{
    return call->format && !str_is(call->rows);
}

static err settle(struct ctx *ctx, struct clickhouse *ch, struct click_call *call, enum attempt attempt)
{
    switch (attempt) {
    case ATTEMPT_ANSWERED: call->fate = CLICK_STORED; return call->status == 200 ? OK : click_fault(ctx, ch, call);
    case ATTEMPT_STOPPED: return ERR_CANCELLED;
    case ATTEMPT_TOO_LONG: {
        i64 most = ch->ask_memory_mb > 0 ? ch->ask_memory_mb : CLICK_ANSWER_MAX >> 20;
        return FAIL(ctx, ERR_INVALID, NULL, "error.ask.memory",
                    {"most", str_format(&ctx->arena, "%lld", (long long)most)});
    }
    case ATTEMPT_NOT_SENT:
    case ATTEMPT_LOST: break;
    }
    atomic_store(&ch->away, true);
    return click_fail_away(ctx);
}

/* The hosts in order, the one that answered last first. */
static err send_on(struct ctx *ctx, struct clickhouse *ch, struct click_call *call, struct click_line *line)
{
    i64 first = call->host >= 0 ? call->host : atomic_load(&ch->preferred);
    i64 most = call->host >= 0 ? 1 : ch->server_count;
    enum attempt attempt = ATTEMPT_NOT_SENT;
    str query_id = new_query_id(&ctx->arena);
    call->fate = CLICK_REFUSED;
    for (i64 i = 0; i < most; i++) {
        i64 host = (first + i) % ch->server_count;
        struct click_server *server = &ch->servers[host];
        if (atomic_load(&server->away_until_ns) > clock_steady_ns()) {
            continue;
        }
        struct attempt_state state = {.call = call, .server = server, .line = line};
        state.most = call->as == CLICK_ASK && ch->ask_memory_mb > 0 ? ch->ask_memory_mb << 20 : CLICK_ANSWER_MAX;
        attempt = try_server(ctx, ch, &state, query_id);
        call->fate = attempt == ATTEMPT_NOT_SENT ? CLICK_REFUSED : CLICK_UNKNOWN;
        if (attempt == ATTEMPT_STOPPED || attempt == ATTEMPT_TOO_LONG) {
            kill_query(ch, host, query_id);
        } else {
            mark(ch, server, attempt != ATTEMPT_ANSWERED);
            atomic_store(&server->trouble, trouble_of(&state, attempt));
        }
        if (attempt != ATTEMPT_NOT_SENT && !(attempt == ATTEMPT_LOST && may_repeat(call))) {
            break;
        }
    }
    return settle(ctx, ch, call, attempt);
}

err click_send(struct ctx *ctx, struct clickhouse *ch, struct click_call *call)
{
    if (!call->plain) {
        TRY(click_learn(ctx, ch));
    }
    struct click_line *line = take_line(ch);
    if (line == NULL) {
        return click_fail_busy(ctx);
    }
    err code = send_on(ctx, ch, call, line);
    give_line(ch, line);
    return code;
}

/* Statements. */

static err query(struct ctx *ctx, struct clickhouse *ch, struct click_call *call, struct click_rows *out)
{
    call->format = true;
    TRY(click_send(ctx, ch, call));
    str body = buf_str(&call->body);
    *out = (struct click_rows){body.data, body.data + body.len, false};
    return OK;
}

err click_query(struct ctx *ctx, struct clickhouse *ch, enum click_as as, str sql, struct click_rows *out)
{
    struct click_call call = {
        .as = as, .host = -1, .sql = sql, .limit_s = as == CLICK_ASK ? CLICK_ASK_S : CLICK_WRITE_S};
    return query(ctx, ch, &call, out);
}

err click_query_at(struct ctx *ctx, struct clickhouse *ch, i64 host, str sql, struct click_rows *out)
{
    struct click_call call = {.as = CLICK_WRITE, .host = host, .sql = sql, .limit_s = CLICK_WRITE_S};
    return query(ctx, ch, &call, out);
}

err click_number(struct ctx *ctx, struct clickhouse *ch, enum click_as as, str sql, i64 *out)
{
    struct click_rows rows;
    TRY(click_query(ctx, ch, as, sql, &rows));
    *out = click_more(&rows) ? click_i64(&rows) : 0;
    return OK;
}

err click_run_at(struct ctx *ctx, struct clickhouse *ch, i64 host, str sql)
{
    struct click_call call = {.as = CLICK_WRITE, .host = host, .sql = sql, .limit_s = CLICK_DDL_S};
    return click_send(ctx, ch, &call);
}

err click_run(struct ctx *ctx, struct clickhouse *ch, str sql)
{
    return click_run_at(ctx, ch, -1, sql);
}

static err insert(struct ctx *ctx, struct clickhouse *ch, i64 host, str sql, str row_binary, enum click_fate *fate)
{
    struct buf text = buf_in(&ctx->arena);
    buf_add(&text, sql);
    buf_add(&text, STR(" FORMAT RowBinary"));
    struct click_call call = {
        .as = CLICK_WRITE, .host = host, .sql = buf_str(&text), .rows = row_binary, .limit_s = CLICK_WRITE_S};
    err code = click_send(ctx, ch, &call);
    if (fate != NULL) {
        *fate = code == OK ? CLICK_STORED : call.fate;
    }
    return code;
}

err click_insert(struct ctx *ctx, struct clickhouse *ch, str sql, str row_binary, enum click_fate *fate)
{
    return insert(ctx, ch, -1, sql, row_binary, fate);
}

err click_insert_at(struct ctx *ctx, struct clickhouse *ch, i64 host, str sql, str row_binary)
{
    return insert(ctx, ch, host, sql, row_binary, NULL);
}

static bool answers(struct ctx *ctx, struct clickhouse *ch, str sql)
{
    enum { LIMIT_S = 2 };
    struct click_rows rows;
    struct click_call call = {.as = CLICK_WRITE, .host = -1, .sql = sql, .plain = true, .limit_s = LIMIT_S};
    bool well = query(ctx, ch, &call, &rows) == OK;
    ctx_forgive(ctx);
    return well;
}

bool click_answers(struct ctx *ctx, struct clickhouse *ch)
{
    return answers(ctx, ch, CLICK_TEXT_OF(ctx, SQL_CLICK_ONE));
}

bool click_serves(struct ctx *ctx, struct clickhouse *ch)
{
    return answers(ctx, ch, CLICK_TEXT_OF(ctx, SQL_CLICK_SERVES, CLICK_NAME_ARG("database", ch->database)));
}

bool click_away(const struct clickhouse *ch)
{
    return atomic_load(&ch->away);
}

i64 click_hosts(const struct clickhouse *ch)
{
    return ch->server_count;
}

str click_host(const struct clickhouse *ch, i64 host)
{
    return ch->servers[host].name;
}

enum click_trouble click_trouble(const struct clickhouse *ch, i64 host)
{
    return atomic_load(&ch->servers[host].trouble);
}

const char *click_cluster(const struct clickhouse *ch)
{
    return ch->cluster;
}

str click_database(const struct clickhouse *ch)
{
    return ch->database;
}
