#include "act/limits.h"

#include "journey/pointer.h"
#include "store/jobs.h"

enum { DAY_MINUTES = 24 * 60, LIMIT_MOST = 1000, LIMIT_DAYS = 400 };

static const struct send_limit usual[PURPOSE_COUNT] = {
    {PURPOSE_SURVEY, 2, 30, 30},   {PURPOSE_SERVICE, 0, 0, 0},  {PURPOSE_MARKETING, 4, 30, 0},
    {PURPOSE_RESEARCH, 2, 30, 30}, {PURPOSE_TRAINING, 0, 0, 0},
};

static const struct shape_field limit_fields[] = {
    {"purpose", SHAPE_WORD, offsetof(struct send_limit, purpose), .words = purpose_words, .flags = SHAPE_REQUIRED},
    {"most", SHAPE_I64, offsetof(struct send_limit, most), .min = 0, .max = LIMIT_MOST, .flags = SHAPE_REQUIRED,
     .help = "shape.send_limit.most"},
    {"days", SHAPE_I64, offsetof(struct send_limit, days), .min = 0, .max = LIMIT_DAYS, .flags = SHAPE_REQUIRED,
     .help = "shape.send_limit.days"},
    {"gap_days", SHAPE_I64, offsetof(struct send_limit, gap_days), .min = 0, .max = LIMIT_DAYS, .flags = SHAPE_REQUIRED,
     .help = "shape.send_limit.gap_days"},
};
const struct shape send_limit_shape = SHAPE("SendLimit", struct send_limit, limit_fields, "shape.send_limit");

static const struct shape_field sending_fields[] = {
    {"quiet", SHAPE_BOOL, offsetof(struct sending, hours.quiet), .flags = SHAPE_REQUIRED,
     .help = "shape.sending.quiet"},
    {"quiet_from", SHAPE_STR, offsetof(struct sending, hours.from), .min = 5, .max = 5, .flags = SHAPE_REQUIRED,
     .help = "shape.sending.quiet_from"},
    {"quiet_to", SHAPE_STR, offsetof(struct sending, hours.to), .min = 5, .max = 5, .flags = SHAPE_REQUIRED,
     .help = "shape.sending.quiet_to"},
    {"sundays", SHAPE_BOOL, offsetof(struct sending, hours.sundays), .flags = SHAPE_REQUIRED,
     .help = "shape.sending.sundays"},
    {"limits", SHAPE_LIST, offsetof(struct sending, limits), .of = &send_limit_shape, .max = PURPOSE_COUNT,
     .flags = SHAPE_REQUIRED, .help = "shape.sending.limits"},
};
const struct shape sending_shape = SHAPE("Sending", struct sending, sending_fields, "shape.sending");

struct hours_row {
    i64 quiet, quiet_from, quiet_to, sundays;
};
static const struct shape_field hours_fields[] = {
    {"quiet", SHAPE_I64, offsetof(struct hours_row, quiet)},
    {"quiet_from", SHAPE_I64, offsetof(struct hours_row, quiet_from)},
    {"quiet_to", SHAPE_I64, offsetof(struct hours_row, quiet_to)},
    {"sundays", SHAPE_I64, offsetof(struct hours_row, sundays)},
};
static const struct shape hours_shape = SHAPE("HoursRow", struct hours_row, hours_fields, NULL);

static bool clock_minutes(str text, i64 *minutes)
{
    i64 hour, minute;
    str rest = text, first = str_cut(&rest, ':');
    bool fits = text.len == 5 && str_i64(first, &hour) && str_is(rest) && str_i64(rest, &minute) && hour >= 0 &&
                hour < 24 && minute >= 0 && minute < 60;
    *minutes = fits ? hour * 60 + minute : 0;
    return fits;
}

static str clock_text(struct ctx *ctx, i64 minutes)
{
    return str_format(&ctx->arena, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

err sending_read(struct ctx *ctx, struct store *store, struct sending *out)
{
    struct hours_row hours = {.quiet = 1, .quiet_from = 21 * 60, .quiet_to = 8 * 60};
    struct shape_list rows;
    err code = store_one(ctx, store, SQL_SEND_HOURS, ARGS_NONE, &hours_shape, &hours);
    if (code != OK && code != ERR_NOT_FOUND) {
        return code;
    }
    out->hours = (struct send_hours){
        .quiet = hours.quiet != 0,
        .from = clock_text(ctx, hours.quiet_from),
        .to = clock_text(ctx, hours.quiet_to),
        .sundays = hours.sundays != 0,
    };
    TRY(store_all(ctx, store, SQL_SEND_LIMITS, ARGS_NONE, &send_limit_shape, &rows));
    struct send_limit *limits = arena_new(&ctx->arena, struct send_limit, PURPOSE_COUNT);
    memcpy(limits, usual, sizeof usual);
    for (i64 i = 0; i < rows.count; i++) {
        const struct send_limit *row = &((const struct send_limit *)rows.items)[i];
        limits[row->purpose] = *row;
    }
    out->limits = (struct shape_list){limits, PURPOSE_COUNT};
    return OK;
}

static err write_limits(struct ctx *ctx, struct store *store, const struct sending *sending)
{
    u32 seen = 0;
    str before = pointer_enter(ctx, STR("limits"));
    for (i64 i = 0; i < sending->limits.count; i++) {
        const struct send_limit *limit = &((const struct send_limit *)sending->limits.items)[i];
        str here = pointer_enter_index(ctx, i);
        if ((seen >> limit->purpose & 1) != 0) {
            return FAIL(ctx, ERR_INVALID, "purpose", "error.sending.twice");
        }
        if (limit->most > 0 && limit->days == 0) {
            return FAIL(ctx, ERR_INVALID, "days", "error.range", {"low", STR("1")}, {"high", STR("400")});
        }
        seen |= 1u << limit->purpose;
        TRY(store_run(ctx, store, SQL_SEND_LIMIT_PUT, ARGS_OF(&send_limit_shape, limit), NULL));
        ctx->pointer = here;
    }
    ctx->pointer = before;
    return OK;
}

err sending_write(struct ctx *ctx, struct store *store, const struct sending *sending)
{
    struct hours_row row = {.quiet = sending->hours.quiet, .sundays = sending->hours.sundays};
    if (!clock_minutes(sending->hours.from, &row.quiet_from)) {
        return FAIL(ctx, ERR_INVALID, "quiet_from", "error.rule.clock");
    }
    if (!clock_minutes(sending->hours.to, &row.quiet_to)) {
        return FAIL(ctx, ERR_INVALID, "quiet_to", "error.rule.clock");
    }
    TRY(store_run(ctx, store, SQL_SEND_HOURS_PUT, ARGS_OF(&hours_shape, &row), NULL));
    TRY(store_run(ctx, store, SQL_SEND_HOURS_OVER, ARGS(ARG_I64("now_ms", ctx_now_ms(ctx))), NULL));
    TRY(job_hurry_all(ctx, store, STR(SEND_LANES "%"), STR(SEND_QUIET)));
    return write_limits(ctx, store, sending);
}

static bool is_sunday(struct civil civil)
{
    return (civil_days(civil.year, civil.month, civil.day) + 4) % 7 == 0; // day 0 was a Thursday
}

static i64 minute_of_day(const struct zone *zone, struct civil day, i64 minutes)
{
    day.hour = (i32)(minutes / 60);
    day.minute = (i32)(minutes % 60);
    day.second = day.millis = 0;
    return zone_ms(zone, day);
}

/* The end of the quiet stretch a moment lies in; the moment itself outside of one. */
static i64 quiet_end(const struct send_hours *hours, const struct zone *zone, i64 at_ms)
{
    i64 from, to;
    struct civil now = zone_civil(zone, at_ms);
    i64 minute = now.hour * 60 + now.minute;
    if (!hours->quiet || !clock_minutes(hours->from, &from) || !clock_minutes(hours->to, &to) || from == to) {
        return at_ms;
    }
    bool wraps = from > to;
    bool inside = wraps ? minute >= from || minute < to : minute >= from && minute < to;
    if (!inside) {
        return at_ms;
    }
    bool tomorrow = wraps && minute >= from;
    i64 day = civil_days(now.year, now.month, now.day) + (tomorrow ? 1 : 0);
    return minute_of_day(zone, civil_from_days(day), to);
}

i64 sending_moment(const struct send_hours *hours, const struct zone *zone, i64 at_ms)
{
    // A Sunday ends in a quiet night, and a night may end in a Sunday: twice is enough.
    for (int i = 0; i < 3; i++) {
        struct civil now = zone_civil(zone, at_ms);
        if (hours->sundays && is_sunday(now)) {
            at_ms = zone_ms(zone, civil_from_days(civil_days(now.year, now.month, now.day) + 1));
        }
        at_ms = quiet_end(hours, zone, at_ms);
    }
    return at_ms;
}
