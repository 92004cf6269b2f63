/* May answers come in through a link, now? */
#include "listen/survey/response.h"

#include "listen/survey/state.h"

const char *const gate_words[] = {"open", "pin", "closed", "paused", "full", "used", "expired", "invited", NULL};

struct standing {
    i32 state, access;
    i64 version, closed_ms;
};
static const struct shape_field standing_fields[] = {
    {"state", SHAPE_WORD, offsetof(struct standing, state), .words = survey_state_words},
    {"access", SHAPE_WORD, offsetof(struct standing, access), .words = survey_access_words},
    {"version", SHAPE_I64, offsetof(struct standing, version)},
    {"closed_ms", SHAPE_I64, offsetof(struct standing, closed_ms)},
};
static const struct shape standing_shape = SHAPE("SurveyStanding", struct standing, standing_fields, NULL);

/* What a kiosk says was answered before the survey was closed still counts: the network was late, not the person. */
static bool was_closed(const struct survey_link *link, const struct standing *standing, i64 at_ms)
{
    bool closed = standing->state == SURVEY_CLOSED || standing->state == SURVEY_ARCHIVED;
    bool in_time = link->kind == WAY_KIOSK && at_ms != 0 && at_ms < standing->closed_ms;
    return closed && !in_time;
}

static bool was_expired(struct ctx *ctx, const struct survey_link *link, i64 at_ms)
{
    i64 when_ms = link->kind == WAY_KIOSK && at_ms != 0 ? at_ms : ctx_now_ms(ctx);
    return link->expires_ms != 0 && link->expires_ms <= when_ms;
}

/* Drafts and archived surveys look like none at all. */
static err look(struct ctx *ctx, struct surveys *surveys, const struct gate_asked *asked, struct survey_link *link,
                struct standing *standing)
{
    *standing = (struct standing){0};
    TRY(survey_link_find(ctx, surveys, asked->token, link));
    TRY(store_one(ctx, surveys->options.store, SQL_SURVEY_STANDING, ARGS(ARG_I64("id", link->survey)), &standing_shape,
                  standing));
    bool hidden = standing->state == SURVEY_DRAFT ||
                  (standing->state == SURVEY_ARCHIVED && was_closed(link, standing, asked->at_ms));
    return hidden ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.survey.no_link") : OK;
}

static enum gate_state state_of(struct ctx *ctx, const struct surveys *surveys, const struct survey_link *link,
                                const struct standing *standing, const struct gate_asked *asked)
{
    if (was_closed(link, standing, asked->at_ms)) {
        return GATE_CLOSED;
    }
    if (was_expired(ctx, link, asked->at_ms)) {
        return GATE_EXPIRED;
    }
    if (link->most > 0 && link->finished >= link->most) {
        return survey_link_once(link) ? GATE_USED : GATE_FULL;
    }
    if (standing->state == SURVEY_PAUSED || link->paused) {
        return GATE_PAUSED;
    }
    if (standing->access == ACCESS_INVITED && !survey_link_once(link)) {
        return GATE_INVITED;
    }
    return survey_link_opens(surveys, link, asked->pin) ? GATE_OPEN : GATE_PIN;
}

err survey_gate(struct ctx *ctx, struct surveys *surveys, const struct gate_asked *asked, struct gate *out)
{
    struct standing standing;
    *out = (struct gate){0};
    TRY(look(ctx, surveys, asked, &out->link, &standing));
    out->version = standing.version;
    out->state = (i32)state_of(ctx, surveys, &out->link, &standing, asked);
    if (out->state == GATE_OPEN) {
        TRY(survey_version_get(ctx, surveys, out->link.survey, out->version, NULL, &out->document));
        out->loaded = true;
    }
    return OK;
}
