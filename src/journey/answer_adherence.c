#include "journey/adherence_write.h"
#include "journey/answer.h"
#include "journey/sql/answers.h"

static void tallies_of(const struct adherence_writing *writing, i64 place, struct tally tallies[METRIC_COUNT])
{
    const struct answer_codes *codes = &writing->adherence->codes;
    for (i32 metric = METRIC_NONE; metric < METRIC_COUNT; metric++) {
        tallies[metric] = answer_codes_tally(codes, (enum metric)metric,
                                             &writing->count->answers[place * codes->count]);
    }
}

err answer_adherence(const struct asking *asking, struct json_writer *writer)
{
    if (asking->rooms->index == NULL) {
        return sql_adherence(asking, writer);
    }
    struct adherence *adherence = arena_new(&asking->ctx->arena, struct adherence, 1);
    const struct adherence_count *count;
    TRY(adherence_prepare(asking, adherence));
    TRY(adherence_run(adherence, &count));
    struct adherence_writing writing = {
        .adherence = adherence, .count = count, .grouping = &count->grouping, .answers = tallies_of};
    return adherence_write_all(&writing, writer);
}
