#include "journey/adherence_write.h"
#include "journey/answer.h"

static struct adherence_row row_of(const struct adherence *adherence, const struct adherence_count *count,
                                   const struct took_times *times, const struct place *place)
{
    i64 at = place - count->items;
    struct adherence_row row = {.place = place};
    for (i32 metric = METRIC_NONE; metric < METRIC_COUNT; metric++) {
        row.tallies[metric] = answer_codes_tally(&adherence->codes, (enum metric)metric,
                                                 &count->answers[at * adherence->codes.count]);
    }
    row.took = times->ms + times->starts[at];
    row.took_count = times->starts[at + 1] - times->starts[at];
    return row;
}

static void write_group(const struct adherence *adherence, const struct adherence_count *count,
                        const struct took_times *times, i64 group, struct json_writer *writer)
{
    const struct sight *scope = &adherence->asking->scope;
    const struct place *places = adherence_places(count, group);
    for (i64 i = 0; i < adherence->places; i++) {
        bool none = i == adherence->plan.touchpoint_count;
        const struct touchpoint *touchpoint = none ? NULL : journey_map_touchpoint(&adherence->plan.version->map, i);
        if (!adherence_shows(scope, touchpoint)) {
            continue;
        }
        struct adherence_row row = row_of(adherence, count, times, &places[i]);
        json_object(writer);
        grouping_write(&count->grouping, group, writer);
        adherence_write(writer, &row, touchpoint, adherence->asking->question.minimum_n);
        json_object_end(writer);
    }
}

err answer_adherence(const struct asking *asking, struct json_writer *writer)
{
    struct arena *arena = &asking->ctx->arena;
    struct adherence *adherence = arena_new(arena, struct adherence, 1);
    const struct adherence_count *count;
    i64 *order, groups;
    TRY(adherence_prepare(asking, adherence));
    TRY(adherence_run(adherence, &count));
    u8 *has = arena_new(arena, u8, count->grouping.count + 1);
    for (i64 group = 0; group < count->grouping.count; group++) {
        has[group] = adherence_places(count, group) != NULL;
    }
    struct took_times times = took_sort(arena, count, count->group_count * adherence->places);
    TRY(grouping_order(&count->grouping, has, &order, &groups));
    for (i64 i = 0; i < groups; i++) {
        write_group(adherence, count, &times, order[i], writer);
        TRY(answer_use(asking, writer));
    }
    return OK;
}
