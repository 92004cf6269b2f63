#include "journey/retention_write.h"

#include "journey/answer.h"

enum { HOUR_MS = 3600 * 1000 };

i64 retention_length(const struct question *question)
{
    static const i64 hours[] = {
        [PERIOD_HOUR] = 1,        [PERIOD_DAY] = 24,          [PERIOD_WEEK] = 7 * 24,
        [PERIOD_MONTH] = 30 * 24, [PERIOD_QUARTER] = 91 * 24, [PERIOD_YEAR] = 365 * 24,
    };
    return question->elapsed ? hours[question->every] * HOUR_MS : 0;
}

err cohorts_make(const struct asking *asking, i64 first_ms, i64 last_ms, struct cohorts *out)
{
    struct ctx *ctx = asking->ctx;
    const struct question *question = &asking->question;
    const struct zone *zone = question->zone;
    enum period every = question->every;
    i64 low = question->from_ms.is ? asking->from_ms : first_ms;
    i64 high = question->to_ms.is ? asking->to_ms - 1 : last_ms;
    *out = (struct cohorts){0};
    if (low > high || period_start(zone, every, low) >= asking->asked_ms) {
        return OK;
    }
    high = greater(low, lesser(high, asking->asked_ms - 1));
    TRY(periods_make(ctx, zone, every, low, high, &out->periods));
    out->count = out->periods.count;
    i64 end = out->periods.starts[out->count];
    for (i64 i = 1; i < question->periods; i++) {
        end = period_next(zone, every, end);
    }
    return periods_make(ctx, zone, every, low, end, &out->periods);
}

/* A period that is not over says nothing yet. */
static bool over(const struct asking *asking, const struct cohorts *cohorts, i64 cohort, i64 k)
{
    const i64 *starts = cohorts->periods.starts;
    i64 length_ms = retention_length(&asking->question);
    if (length_ms == 0) {
        return starts[cohort + k + 1] <= asking->asked_ms;
    }
    i64 end = lesser(starts[cohort + 1], asking->to_ms);
    return end <= asking->asked_ms && (asking->asked_ms - end) / length_ms >= k + 1;
}

err retention_write(const struct asking *asking, const struct cohorts *cohorts, const struct grouping *grouping,
                    i64 group, const struct retention_row *row, struct json_writer *writer)
{
    const struct question *question = &asking->question;
    char text[ISO_MAX];
    json_object(writer);
    for (i64 i = 0; i < question->by_count && grouping != NULL; i++) {
        json_key(writer, question->by_names[i]);
        json_put_str(writer, grouping_text(grouping, group, i));
    }
    json_pair_str(writer, "cohort", periods_text(&cohorts->periods, row->cohort, text));
    json_pair_i64(writer, "size", row->size);
    json_key(writer, STR("returned"));
    json_list(writer);
    for (i64 k = 0; k < question->periods; k++) {
        if (over(asking, cohorts, row->cohort, k)) {
            json_put_i64(writer, row->returned[k]);
        } else {
            json_put_null(writer);
        }
    }
    json_list_end(writer);
    json_pair_bool(writer, "few", row->size < question->minimum_n);
    json_object_end(writer);
    return answer_use(asking, writer);
}

err retention_write_all(const struct asking *asking, const struct cohorts *cohorts, const i64 *sizes,
                        const i64 *returned, struct json_writer *writer)
{
    const struct question *question = &asking->question;
    i64 count = cohorts->count, first = count, last = -1;
    for (i64 cohort = 0; cohort < count; cohort++) {
        if (sizes[cohort] > 0) {
            first = lesser(first, cohort);
            last = cohort;
        }
    }
    first = question->from_ms.is ? 0 : first;
    last = question->to_ms.is ? count - 1 : last;
    for (i64 cohort = first; cohort <= last; cohort++) {
        struct retention_row row = {cohort, sizes[cohort], returned + cohort * question->periods};
        TRY(retention_write(asking, cohorts, NULL, 0, &row, writer));
    }
    return OK;
}
