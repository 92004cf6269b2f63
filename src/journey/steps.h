/* From blocks of events to visits: which touchpoint of the newest map each event is on, and each person's visits.
 *
 * Only persons with an event that counts are read: nobody else's visits do. Of
 * their events only those are steps that lie on the map or may be somebody's
 * next act.
 */
#pragma once

#include "journey/acts.h"
#include "journey/scan.h"

/* What a question needs to know once. */
struct steps_plan {
    const struct asking *asking;
    const struct journey_version *version; /* the map whose touchpoints count; NULL: there is none */
    i32 touchpoint_count;                  /* also the place of events on none */
    struct acts acts;
    i32 touch_slot, kind_slot, metric_slot; /* in the lens; touch_slot -1: nothing is derived */
    u8 *places;                             /* by code of the derived touchpoint: its place */
    u8 *matters;                            /* by kind: may it be an act? */
    const bool *wanted; /* by place: persons with none of these among what counts are not read; NULL: all are */
};

/* Takes up the columns in the asking's lens; memory is the context's. */
err steps_plan(const struct asking *asking, const struct journey_version *version, struct steps_plan *out);

/* What a part of the scan works with. */
struct steps {
    const struct steps_plan *plan;
    struct part *part;
    const struct block *block;
    u8 *places;      /* of the block: the place of each row; later touchpoint_count for answers too */
    const i32 *rows; /* of the block: those that the question takes; NULL: all */
    i64 row_count;
    struct visits visits; /* of the person read last */
    struct step *items;
    i32 *item_rows; /* the row of each step */
    i64 capacity;
    alias_no person;
    i64 at; /* the next of `rows` */
};
/* Ends with the part; `out` is in its state. */
void steps_begin(const struct steps_plan *plan, struct part *part, struct steps *out);

/* Makes a block ready: places and rows. */
void steps_block(struct steps *steps, const struct block *block);

/* When everything that is said of events themselves has been read: answers make no visits. */
void steps_leave_answers(struct steps *steps);

/* The visits of the next person of the block, in order; false when none of its events counts. */
bool steps_read(struct steps *steps, const struct stretch *stretch);

/* The row of the block with which a visit began. */
static inline i32 steps_row(const struct steps *steps, const struct visit *visit)
{
    return steps->item_rows[visit->first];
}
