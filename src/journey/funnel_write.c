#include "journey/funnel_write.h"

#include "journey/answer.h"
#include "measure/interval.h"

bool funnel_split(const struct question *question)
{
    return question->by_count > 0 || question->every != PERIOD_NONE;
}

static void pair_share(struct json_writer *writer, const char *name, i64 part, i64 whole)
{
    json_key(writer, str_from(name));
    if (whole == 0) {
        json_put_null(writer);
    } else {
        json_put_f64(writer, (f64)part / (f64)whole);
    }
}

static void write_interval(struct json_writer *writer, i64 part, i64 whole)
{
    struct interval interval;
    json_key(writer, STR("low"));
    if (interval_share(part, whole, &interval) != OK) {
        json_put_null(writer);
        json_key(writer, STR("high"));
        json_put_null(writer);
        return;
    }
    json_put_f64(writer, interval.low);
    json_pair_f64(writer, "high", interval.high);
}

err funnel_write(const struct asking *asking, const struct grouping *grouping, i64 group,
                 const struct funnel_step *steps, struct json_writer *writer)
{
    const struct question *question = &asking->question;
    for (i64 step = 0; step < question->step_count; step++) {
        i64 people = steps[step].people;
        json_object(writer);
        if (grouping != NULL) {
            grouping_write(grouping, group, writer);
        }
        json_pair_i64(writer, "step", step + 1);
        json_pair_i64(writer, "people", people);
        pair_share(writer, "of_first", people, steps[0].people);
        pair_share(writer, "of_previous", people, steps[greater(step - 1, 0)].people);
        write_interval(writer, people, steps[0].people);
        answer_pair_seconds(writer, "median_s", step == 0 ? -1 : steps[step].median_ms);
        answer_pair_seconds(writer, "p90_s", step == 0 ? -1 : steps[step].p90_ms);
        json_pair_bool(writer, "few", steps[0].people < question->minimum_n);
        json_object_end(writer);
    }
    return answer_use(asking, writer);
}
