/* The rows of planned against actual, from what was counted: the same whoever counted it. */
#pragma once

#include "journey/adherence.h"

/* A place, and what its counts mean. */
struct adherence_row {
    const struct place *place;
    struct tally tallies[METRIC_COUNT];
    i64 *took; /* of its visits, in milliseconds; put into another order */
    i64 took_count;
};

/* May the asker see it? NULL: events on none. */
bool adherence_shows(const struct sight *scope, const struct touchpoint *touchpoint);

/* The row's members behind those of its group, into an object that is open. `touchpoint` NULL: events on none. */
void adherence_write(struct json_writer *writer, const struct adherence_row *row, const struct touchpoint *touchpoint,
                     i64 minimum_n);

/* All rows, group after group. The tallies of the answers of a place are given by `answers`. */
struct adherence_writing {
    const struct adherence *adherence;
    const struct adherence_count *count;
    const struct grouping *grouping;
    void (*answers)(const struct adherence_writing *writing, i64 place, struct tally tallies[METRIC_COUNT]);
    void *self;
};
err adherence_write_all(const struct adherence_writing *writing, struct json_writer *writer);

/* How long next acts took, place by place: the times of place p are [starts[p], starts[p + 1]). */
struct took_times {
    i64 *ms, *starts;
};
struct took_times took_sort(struct arena *arena, const struct adherence_count *count, i64 places);
