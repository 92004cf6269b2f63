/* The gate: may this go out to this person now? */
#include "act/gate.h"

#include "act/limits.h"
#include "base/id.h"
#include "base/zone.h"
#include "store/settings.h"

#define DAY_MS ((i64)24 * 3600 * 1000)

str gate_address(struct ctx *ctx, const struct act *act, str address)
{
    struct u128 hash = hash_keyed(act->options.key, (const str[]){STR("address"), address}, 2);
    char *text = arena_alloc(&ctx->arena, 32, 1);
    return hex(&hash, sizeof hash, text);
}

/* An invitation to a survey needs the word about surveys, whatever a rule of older days says. */
static const char *wrong_purpose(const struct send *send)
{
    return str_eq(send->what, STR("survey")) && send->purpose != PURPOSE_SURVEY ? SEND_PURPOSE : NULL;
}

static err check_consent(struct ctx *ctx, const struct passing *passing, const char **refused)
{
    struct consent word;
    bool holds = false;
    const struct send *send = &passing->send;
    TRY(consent_holds(ctx, passing->act->store, &passing->to.aliases, (enum purpose)send->purpose,
                      (enum reach)send->channel, &holds, &word));
    *refused = holds ? NULL : word.id == 0 ? SEND_NO_CONSENT : SEND_WITHDRAWN;
    return OK;
}

static err check_address(struct ctx *ctx, const struct passing *passing, const char **refused)
{
    i64 there = 0;
    if (passing->send.channel != REACH_EMAIL) {
        return OK;
    }
    if (passing->to.email.len == 0) {
        *refused = passing->to.shared ? SEND_SHARED : SEND_NO_ADDRESS;
        return OK;
    }
    TRY(store_number(ctx, passing->act->store, SQL_SUPPRESSED,
                     ARGS(ARG_STR("address", gate_address(ctx, passing->act, passing->to.email))), &there));
    *refused = there > 0 ? SEND_SUPPRESSED : NULL;
    return OK;
}

/* How many messages the person got, or is getting in this moment. */
static err count(struct ctx *ctx, const struct passing *passing, i64 since_ms, i64 object, i64 *out)
{
    const struct send *send = &passing->send;
    bool asks = send->purpose == PURPOSE_SURVEY || send->purpose == PURPOSE_RESEARCH;
    return store_number(ctx, passing->act->store, SQL_SEND_COUNT,
                        ARGS(ARG_STR("aliases", consent_texts(ctx, &passing->to.aliases)),
                             ARG_STR("purpose", str_from(purpose_words[send->purpose])), ARG_I64("asks", asks),
                             ARG_I64("since_ms", since_ms), ARG_I64("object", object), ARG_ID("self", send->id)),
                        out);
}

static err check_limits(struct ctx *ctx, const struct passing *passing, const struct sending *sending,
                        const char **refused)
{
    const struct send *send = &passing->send;
    const struct send_limit *limit = &((const struct send_limit *)sending->limits.items)[send->purpose];
    i64 found = 0;
    if (limit->gap_days > 0 && send->object != 0) {
        TRY(count(ctx, passing, passing->now_ms - limit->gap_days * DAY_MS, send->object, &found));
        if (found > 0) {
            *refused = SEND_GAP;
            return OK;
        }
    }
    if (limit->most > 0) {
        TRY(count(ctx, passing, passing->now_ms - limit->days * DAY_MS, 0, &found));
        *refused = found >= limit->most ? SEND_FATIGUE : NULL;
    }
    return OK;
}

static err postpone(struct ctx *ctx, struct passing *passing, i64 due_ms)
{
    passing->due_ms = due_ms;
    return store_run(
        ctx, passing->act->store, SQL_SEND_WAIT,
        ARGS(ARG_ID("id", passing->send.id), ARG_STR("reason", STR(SEND_QUIET)), ARG_I64("due_ms", due_ms)), NULL);
}

/* Alone or about nobody, nothing has to be asked. */
static err look(struct ctx *ctx, struct passing *passing, const struct sending *sending, const char **refused)
{
    *refused = wrong_purpose(&passing->send);
    if (*refused == NULL) {
        TRY(check_consent(ctx, passing, refused));
    }
    if (*refused == NULL) {
        TRY(check_address(ctx, passing, refused));
    }
    return *refused == NULL ? check_limits(ctx, passing, sending, refused) : OK;
}

static err quiet_until(struct ctx *ctx, const struct passing *passing, const struct sending *sending, i64 *out)
{
    struct settings settings;
    const struct zone *zone;
    TRY(settings_read(ctx, passing->act->store, &settings));
    TRY(zone_find(ctx, settings.zone, &zone));
    *out = sending_moment(&sending->hours, zone, passing->now_ms);
    return OK;
}

err gate_pass(struct ctx *ctx, struct store *store, void *arg)
{
    struct passing *passing = arg;
    struct sending sending;
    const char *refused = NULL;
    i64 until_ms = passing->now_ms;
    passing->verdict = GATE_GONE;
    err code = store_one(ctx, store, SQL_SEND_ROW, ARGS(ARG_ID("id", passing->send.id)), &send_shape, &passing->send);
    if (code == ERR_NOT_FOUND) {
        return OK;
    }
    TRY(code);
    if (passing->send.state == SEND_SENT) {
        passing->verdict = GATE_SENT;
        return OK;
    }
    if (passing->send.state != SEND_WAITING && passing->send.state != SEND_SENDING) {
        return OK;
    }
    if (str_is(passing->send.alias)) {
        TRY(sending_read(ctx, store, &sending));
        TRY(look(ctx, passing, &sending, &refused));
        TRY(quiet_until(ctx, passing, &sending, &until_ms));
    }
    bool waits = until_ms > passing->now_ms && !(passing->at_once && purpose_is_urgent(passing->send.purpose));
    passing->verdict = refused != NULL ? GATE_REFUSED : waits ? GATE_LATER : GATE_OPEN;
    if (refused != NULL) {
        return send_end(ctx, store, &passing->send, SEND_REFUSED, refused);
    }
    if (waits) {
        return postpone(ctx, passing, until_ms);
    }
    passing->verdict = GATE_OPEN;
    return store_run(ctx, store, SQL_SEND_PASS,
                     ARGS(ARG_ID("id", passing->send.id), ARG_I64("now_ms", passing->now_ms),
                          ARG_STR("address", passing->send.channel == REACH_EMAIL ? passing->to.email : STR_NONE)),
                     NULL);
}
