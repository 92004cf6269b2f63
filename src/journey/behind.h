/* The people behind a figure of an answer.
 *
 * The question is asked again and everybody whom it counts is compared with the
 * row: the values of `by`, the period, and what else names the row. So the
 * people found are those who were counted, however the kernel counts.
 *
 *     {"question":{…}, "row":{"channel":"web","step":2}, "what":"lost", "limit":50, "after":"0CN…"}
 */
#pragma once

#include "journey/asking.h"
#include "journey/flow.h"
#include "json/shape.h"

enum behind_what {
    BEHIND_PEOPLE,   /* count, score; adherence: with an event on the touchpoint */
    BEHIND_REACHED,  /* funnel: the step; adherence: the touchpoint */
    BEHIND_LOST,     /* funnel: the step before, but not this one */
    BEHIND_COHORT,   /* retention */
    BEHIND_RETURNED, /* retention: in period k */
    BEHIND_EDGE,     /* paths */
    BEHIND_PATH,     /* paths: a variant */
    BEHIND_DONE,     /* adherence: the next act came in time */
    BEHIND_LATE,
    BEHIND_NEVER,  /* and its time has run out */
    BEHIND_MISSED, /* late or never: it did not come in time */
    BEHIND_OPEN,
    BEHIND_SKIPPED,
    BEHIND_REPEATED,
    BEHIND_WHAT_COUNT_
};

/* What names a row; texts without a value are null in the row. */
struct behind_row {
    str values[BY_MAX]; /* of the question's `by` */
    str period;         /* or cohort; none: the question has no periods */
    str metric, scale;  /* score of a question */
    str currency;       /* count of amounts */
    str touchpoint;     /* adherence */
    i64 step;           /* 0: none */
    str from, to;       /* edge */
    bool begin, end;
    str path[FLOW_NODES_MAX];
    i64 path_count;
    bool cut;
};

struct behind {
    struct question question;
    struct behind_row row;
    enum behind_what what;
    i64 k;            /* BEHIND_RETURNED */
    i64 limit, after; /* persons behind this id */
};

/* ERR_INVALID names what is missing or out of place. Members of the row that do not name it are passed over, so that a row may be
 * sent as it came. */
err behind_read(struct ctx *ctx, struct json object, const struct question_defaults *defaults, struct behind *out);

/* A person, and the moment at which it was decided that the figure counts it. */
struct behind_person {
    i64 id, at_ms;
    str name;
};
extern const struct shape behind_person_shape;

/* People, some perhaps several times, in any order. */
struct behind_list {
    struct behind_person *people;
    i64 count, capacity;
};

struct behind_page {
    struct shape_list items; /* ascending by id */
    i64 next;                /* give as `after` for the next page; 0: there is none */
    i64 people;              /* all of them */
};

/* The page of a list, whose order changes: everybody once, at the first moment. */
void behind_page_of(const struct behind *behind, struct behind_list list, struct behind_page *out);

/* ERR_FORBIDDEN without the right to see people. */
err behind_people(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
                  const struct behind *behind, struct behind_page *out);

/* For the kernels: whom a part of a scan finds. */
struct grouping;
struct part;
struct found {
    const struct behind *behind; /* NULL: nobody is looked for */
    struct found_person {
        alias_no person;
        i64 at_ms;
    } * people;
    i64 count, capacity;
};

/* Is this the row's group? */
bool found_group(const struct found *found, const struct grouping *grouping, i64 group);

/* The same person may come again. */
err found_add(struct part *part, struct found *found, alias_no person, i64 at_ms);
err found_merge(struct part *into_part, struct found *into, const struct found *from);

/* Everybody whom the row counts; the list lives until the context ends. */
err behind_funnel(const struct asking *asking, const struct behind *behind, const struct found **out);
err behind_retention(const struct asking *asking, const struct behind *behind, const struct found **out);
err behind_paths(const struct asking *asking, const struct behind *behind, const struct found **out);
err behind_adherence(const struct asking *asking, const struct behind *behind, const struct found **out);
