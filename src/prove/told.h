/* "You said, we did": telling exactly the people whose feedback lies behind a proposal that it is done.
 *
 * Whose feedback is linked to one of its pain points, by hand or by what the
 * pain point matches, is told once, through the one gate of act/send.h: who did not agree to be
 * written to about service, or had too many messages, is left out there, with the reason kept.
 */
#pragma once

#include "act/act.h"
#include "listen/voices/filter.h"
#include "prove/proposal.h"

enum { TOLD_SUBJECT_MAX = 200, TOLD_TEXT_MAX = 4000 };

struct told_rooms {
    struct act *act;
    struct people *people;
    struct feedback_source_of feedback;
};

/* Who would be told. */
struct told_people {
    i64 feedback; /* comments behind its pain points */
    i64 people;   /* whose they are, as far as persons are known */
    i64 agreed;   /* of these, who agreed to be written to about service */
};
extern const struct shape told_people_shape;
err told_count(struct ctx *ctx, const struct told_rooms *rooms, const struct proposal *proposal,
               struct told_people *out);

/* What they are told, in Vietnamese and, for whoever reads English, in English. */
struct told {
    str subject, text;
    str subject_en, text_en; /* none: everybody gets the Vietnamese one */
};
extern const struct shape told_shape;

/* Queues a message to each of them and remembers that they were told; `queued` is how many. ERR_CONFLICT (error.told.state) unless
 * the proposal is done, (error.told.twice) when they were told already. */
err told_send(struct ctx *ctx, const struct told_rooms *rooms, const struct proposal *proposal, const struct told *told,
              str by, i64 *queued);

/* Makes the messages; for act_add_maker. */
extern const struct act_maker told_maker;
