/* One send on its way out: gate, message, transport, and what is noted about it. */
#include "act/gate.h"
#include "act/opt_out.h"
#include "act/target.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "http/mail.h"
#include "store/jobs.h"

enum { FIRST_WAIT_MS = 30 * 1000, WAIT_MS_MAX = 6 * 3600 * 1000, GIVE_UP_HOURS = 72, NO_SERVER_MS = 10 * 60 * 1000 };

struct delivery {
    struct act *act;
    const struct job *job;
    struct passing passing;
    const struct act_maker *maker;
    struct message message;
    i64 rest_ms; /* the lane should rest so long */
};

static const struct act_maker *find_maker(const struct act *act, str what)
{
    for (i64 i = 0; i < act->maker_count; i++) {
        if (str_eq(what, str_from(act->makers[i].what))) {
            return &act->makers[i];
        }
    }
    return NULL;
}

static err end(struct ctx *ctx, struct delivery *delivery, enum send_state state, const char *reason)
{
    return send_end(ctx, delivery->act->store, &delivery->passing.send, state, reason);
}

/* Longer and longer, and never all at the same moment. */
static i64 wait_ms(i64 attempts)
{
    i64 wait = (i64)FIRST_WAIT_MS << lesser(greater(attempts - 1, 0), 10);
    u32 random;
    random_bytes(&random, sizeof random);
    wait = lesser(wait, (i64)WAIT_MS_MAX);
    return wait / 2 + (i64)(random % (u32)wait);
}

struct waiting {
    struct delivery *delivery;
    i64 due_ms;
    const char *reason;
};

static err put_back(struct ctx *ctx, struct store *store, void *arg)
{
    const struct waiting *waiting = arg;
    struct delivery *delivery = waiting->delivery;
    TRY(store_run(ctx, store, SQL_SEND_WAIT,
                  ARGS(ARG_ID("id", delivery->passing.send.id), ARG_STR("reason", str_from(waiting->reason)),
                       ARG_I64("due_ms", waiting->due_ms)),
                  NULL));
    return job_again(ctx, store, delivery->job->id, waiting->due_ms, str_from(waiting->reason));
}

/* Not now. After three days nobody waits for it any more. */
static err try_later(struct ctx *ctx, struct delivery *delivery, i64 in_ms, const char *reason)
{
    const struct send *send = &delivery->passing.send;
    if (clock_ms() - send->created_ms > (i64)GIVE_UP_HOURS * 3600 * 1000) {
        TRY(end(ctx, delivery, SEND_FAILED, SEND_UNREACHABLE));
        return job_forget(ctx, delivery->act->store, delivery->job->id);
    }
    struct waiting waiting = {delivery, clock_ms() + in_ms, reason};
    return store_write(ctx, delivery->act->store, put_back, &waiting);
}

static err suppress(struct ctx *ctx, const struct delivery *delivery)
{
    const struct passing *passing = &delivery->passing;
    return store_run(ctx, delivery->act->store, SQL_SUPPRESS,
                     ARGS(ARG_STR("address", gate_address(ctx, delivery->act, passing->to.email)),
                          ARG_STR("channel", STR("email")), ARG_STR("reason", STR(SEND_BAD)),
                          ARG_I64("now_ms", clock_ms())),
                     NULL);
}

static err send_mail(struct ctx *ctx, const struct delivery *delivery, str opt_out)
{
    char id[ID_TEXT_LEN];
    const struct passing *passing = &delivery->passing;
    str host = delivery->act->options.base(delivery->act->options.self, &ctx->arena);
    i64 at = str_find(host, STR("://"));
    host = at < 0 ? host : str_slice(host, at + 3, host.len);
    host = str_cut(&host, '/');
    host = str_cut(&host, ':');
    struct mail mail = {
        .to = passing->to.email,
        .subject = delivery->message.subject,
        .text = delivery->message.text,
        .html = delivery->message.html,
        .unsubscribe = opt_out,
        .message_id = str_format(&ctx->arena, "%.*s@%.*s", STR_ARG(id_text(passing->send.id, id)), STR_ARG(host)),
    };
    return mail_send(ctx, delivery->act->options.mailer, &mail);
}

static err send_call(struct ctx *ctx, const struct delivery *delivery)
{
    char id[ID_TEXT_LEN];
    i32 status;
    const struct send *send = &delivery->passing.send;
    struct target_call call = {
        .id = send->target,
        .message = str_format(&ctx->arena, "msg_%.*s", STR_ARG(id_text(send->id, id))),
        .body = delivery->message.payload,
    };
    return target_call(ctx, delivery->act, &call, &status);
}

/* What follows from a send that went out: noted as often as it takes, keyed by the send. */
static err after(struct ctx *ctx, struct delivery *delivery)
{
    const struct passing *passing = &delivery->passing;
    if (delivery->maker != NULL && delivery->maker->sent != NULL) {
        TRY(delivery->maker->sent(delivery->maker->self, ctx, &passing->send, &passing->to));
    }
    return job_forget(ctx, delivery->act->store, delivery->job->id);
}

/* What the transport says. */
static err settle(struct ctx *ctx, struct delivery *delivery, err code)
{
    bool mail = delivery->passing.send.channel == REACH_EMAIL;
    i64 asked_ms = (i64)ctx->fault.retry_after_s * 1000;
    ctx_forgive(ctx);
    if (code == OK) {
        TRY(end(ctx, delivery, SEND_SENT, NULL));
        return after(ctx, delivery);
    }
    if (code == ERR_UNAVAILABLE || code == ERR_BUSY || code == ERR_CANCELLED) {
        delivery->rest_ms = greater(asked_ms, (i64)FIRST_WAIT_MS);
        return try_later(ctx, delivery, greater(asked_ms, wait_ms(delivery->job->attempts)), SEND_UNREACHABLE);
    }
    if (mail && code == ERR_INVALID) {
        TRY(suppress(ctx, delivery));
    }
    bool no_target = code == ERR_NOT_FOUND || code == ERR_CONFLICT;
    const char *why = no_target ? SEND_NO_TRANSPORT : code == ERR_FORBIDDEN ? SEND_NOT_TAKEN : SEND_BAD;
    TRY(end(ctx, delivery, SEND_FAILED, why));
    return job_forget(ctx, delivery->act->store, delivery->job->id);
}

static err transport(struct ctx *ctx, struct delivery *delivery)
{
    struct passing *passing = &delivery->passing;
    bool mail = passing->send.channel == REACH_EMAIL;
    str opt_out = str_is(passing->send.alias) ? opt_out_url(ctx, delivery->act, passing->send.id) : STR_NONE;
    if (mail && !mailer_ready(delivery->act->options.mailer)) {
        return try_later(ctx, delivery, NO_SERVER_MS, SEND_NO_TRANSPORT);
    }
    delivery->maker = find_maker(delivery->act, passing->send.what);
    if (delivery->maker == NULL) {
        return try_later(ctx, delivery, NO_SERVER_MS, SEND_NO_TRANSPORT);
    }
    err code = delivery->maker->make(delivery->maker->self, ctx, &passing->send, &passing->to, opt_out,
                                     &delivery->message);
    if (code == OK && delivery->message.refused != NULL) {
        TRY(end(ctx, delivery, SEND_REFUSED, delivery->message.refused));
        return job_forget(ctx, delivery->act->store, delivery->job->id);
    }
    if (code != OK) {
        ctx_forgive(ctx);
        return try_later(ctx, delivery, wait_ms(delivery->job->attempts), SEND_UNREACHABLE);
    }
    return settle(ctx, delivery, mail ? send_mail(ctx, delivery, opt_out) : send_call(ctx, delivery));
}

static err carry_on(struct ctx *ctx, struct delivery *delivery)
{
    struct passing *passing = &delivery->passing;
    switch (passing->verdict) {
    case GATE_OPEN: return transport(ctx, delivery);
    case GATE_LATER: return job_again(ctx, delivery->act->store, delivery->job->id, passing->due_ms, STR(SEND_QUIET));
    case GATE_SENT: delivery->maker = find_maker(delivery->act, passing->send.what); return after(ctx, delivery);
    default: return job_forget(ctx, delivery->act->store, delivery->job->id);
    }
}

/* Whom it goes to; ERR_NOT_FOUND when the send or the person is not there any more. */
static err look_up(struct ctx *ctx, struct delivery *delivery)
{
    struct passing *passing = &delivery->passing;
    struct json input;
    TRY(store_one(ctx, delivery->act->store, SQL_SEND_ROW, ARGS(ARG_ID("id", passing->send.id)), &send_shape,
                  &passing->send));
    TRY(json_parse(ctx, json_reader_here(), passing->send.input, &input));
    (void)json_bool(json_get(input, STR("at_once")), &passing->at_once);
    if (!str_is(passing->send.alias)) {
        return OK;
    }
    err code = receiver_find(ctx, delivery->act, passing->send.alias, &passing->to);
    if (code == ERR_NOT_FOUND) {
        TRY(end(ctx, delivery, SEND_REFUSED, SEND_NOBODY));
    }
    return code;
}

static err carry(struct ctx *ctx, struct delivery *delivery)
{
    TRY(look_up(ctx, delivery));
    TRY(store_write(ctx, delivery->act->store, gate_pass, &delivery->passing));
    return carry_on(ctx, delivery);
}

err deliver(struct ctx *ctx, struct act *act, const struct job *job, i64 *rest_ms)
{
    enum { AGAIN_MS = 15 * 1000 };
    struct delivery delivery = {.act = act, .job = job, .passing = {.act = act, .now_ms = ctx_now_ms(ctx)}};
    err code = id_parse(job->cause, &delivery.passing.send.id) ? carry(ctx, &delivery) : ERR_NOT_FOUND;
    *rest_ms = delivery.rest_ms;
    if (code == OK) {
        return OK;
    }
    bool gone = code == ERR_NOT_FOUND;
    ctx_forgive(ctx);
    return gone ? job_forget(ctx, act->store, job->id)
                : job_again(ctx, act->store, job->id, clock_ms() + AGAIN_MS, str_from(err_name(code)));
}
