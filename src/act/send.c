#include "act/send.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/jobs.h"

const char *const send_state_words[SEND_STATE_COUNT + 1] = {"waiting", "sending",   "sent", "refused",
                                                            "failed",  "cancelled", NULL};

static const struct shape_field send_fields[] = {
    {"id", SHAPE_ID, offsetof(struct send, id), .flags = SHAPE_REQUIRED},
    {"cause", SHAPE_STR, offsetof(struct send, cause), .flags = SHAPE_REQUIRED | SHAPE_PERSONAL,
     .help = "shape.send.cause"},
    {"rule", SHAPE_ID, offsetof(struct send, rule)},
    {"run", SHAPE_ID, offsetof(struct send, run)},
    {"alias", SHAPE_STR, offsetof(struct send, alias), .flags = SHAPE_PERSONAL},
    {"purpose", SHAPE_WORD, offsetof(struct send, purpose), .words = purpose_words, .flags = SHAPE_REQUIRED},
    {"channel", SHAPE_WORD, offsetof(struct send, channel), .words = reach_words, .flags = SHAPE_REQUIRED},
    {"what", SHAPE_STR, offsetof(struct send, what), .flags = SHAPE_REQUIRED, .help = "shape.send.what"},
    {"object", SHAPE_ID, offsetof(struct send, object), .help = "shape.send.object"},
    {"target", SHAPE_ID, offsetof(struct send, target), .help = "shape.send.target"},
    {"link", SHAPE_ID, offsetof(struct send, link)},
    {"input", SHAPE_STR, offsetof(struct send, input), .flags = SHAPE_WRITE_ONLY},
    {"state", SHAPE_WORD, offsetof(struct send, state), .words = send_state_words, .flags = SHAPE_REQUIRED},
    {"reason", SHAPE_STR, offsetof(struct send, reason), .help = "shape.send.reason"},
    {"attempts", SHAPE_I64, offsetof(struct send, attempts), .flags = SHAPE_REQUIRED},
    {"created_ms", SHAPE_TIME, offsetof(struct send, created_ms), .flags = SHAPE_REQUIRED},
    {"due_ms", SHAPE_TIME, offsetof(struct send, due_ms), .flags = SHAPE_REQUIRED},
    {"passed_ms", SHAPE_TIME, offsetof(struct send, passed_ms), .help = "shape.send.passed_ms"},
    {"sent_ms", SHAPE_TIME, offsetof(struct send, sent_ms)},
    {"by", SHAPE_STR, offsetof(struct send, by)},
};
const struct shape send_shape = SHAPE("SendRow", struct send, send_fields, NULL);

/* One lane for each receiver: who is slow holds nobody else up. */
str send_lane_of(struct ctx *ctx, const struct send *send)
{
    char id[ID_TEXT_LEN];
    return send->channel == REACH_EMAIL
               ? STR(SEND_LANES "email")
               : str_format(&ctx->arena, "%s%.*s", SEND_LANES, STR_ARG(id_text(send->target, id)));
}

static err put(struct ctx *ctx, struct store *store, void *arg)
{
    struct send *send = arg;
    i64 added = 0, job;
    char id[ID_TEXT_LEN];
    send->id = id_new();
    send->created_ms = ctx_now_ms(ctx);
    send->due_ms = greater(send->due_ms, send->created_ms);
    send->state = SEND_WAITING;
    send->by = str_is(send->by) ? send->by : STR("");
    send->input = str_is(send->input) ? send->input : STR("{}");
    TRY(store_run(ctx, store, SQL_SEND_ADD, ARGS_OF(&send_shape, send), &added));
    if (added == 0) {
        return store_one(ctx, store, SQL_SEND_BY_CAUSE, ARGS(ARG_STR("cause", send->cause)), &send_shape, send);
    }
    str cause = str_copy(&ctx->arena, id_text(send->id, id));
    return job_put_at(ctx, store, &(struct job_new){send_lane_of(ctx, send), cause, STR("{}"), send->due_ms}, &job);
}

err send_put(struct ctx *ctx, struct store *store, struct send *send)
{
    return store_writing(store) ? put(ctx, store, send) : store_write(ctx, store, put, send);
}

err run_settle(struct ctx *ctx, struct store *store, i64 run)
{
    return run == 0 ? OK : store_run(ctx, store, SQL_RUN_SETTLE, ARGS(ARG_ID("run", run)), NULL);
}

struct ending {
    struct send *send;
    enum send_state state;
    const char *reason;
};

static err end(struct ctx *ctx, struct store *store, void *arg)
{
    const struct ending *ending = arg;
    TRY(store_run(ctx, store, SQL_SEND_END,
                  ARGS(ARG_ID("id", ending->send->id), ARG_STR("state", str_from(send_state_words[ending->state])),
                       ARG_STR("reason", str_from(ending->reason)), ARG_ID("sent_ms", ending->send->sent_ms)),
                  NULL));
    return run_settle(ctx, store, ending->send->run);
}

err send_end(struct ctx *ctx, struct store *store, struct send *send, enum send_state state, const char *reason)
{
    struct ending ending = {send, state, reason};
    send->sent_ms = state == SEND_SENT ? clock_ms() : 0;
    return store_writing(store) ? end(ctx, store, &ending) : store_write(ctx, store, end, &ending);
}

err send_note_link(struct ctx *ctx, struct store *store, i64 id, i64 link)
{
    return store_run(ctx, store, SQL_SEND_LINK, ARGS(ARG_ID("id", id), ARG_ID("link", link)), NULL);
}
