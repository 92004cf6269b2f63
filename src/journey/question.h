/* A question, read and checked: the one language of all doors (docs/ask.md). */
#pragma once

#include "base/zone.h"
#include "journey/condition.h"

enum ask_kind {
    ASK_SCORE,
    ASK_COUNT,
    ASK_TIMELINE,
    ASK_ADHERENCE,
    ASK_FUNNEL,
    ASK_RETENTION,
    ASK_PATHS,
    ASK_FEATURES,
    ASK_KIND_COUNT_
};
extern const char *const ask_words[ASK_KIND_COUNT_ + 1];

enum { BY_MAX = 4, QUESTION_LIMIT_MAX = 1000, QUESTION_LIMIT_DEFAULT = 50 };
enum {
    FUNNEL_STEPS_MAX = 16,
    RETENTION_PERIODS_MAX = 400,
    RETENTION_PERIODS_DEFAULT = 12,
    PATH_STEPS_MIN = 2,
    PATH_STEPS_MAX = 20,
    PATH_STEPS_DEFAULT = 5, /* where a path has a start or an end */
    TOP_MAX = 1000,
    TOP_DEFAULT = 20,
};

enum count_of { COUNT_EVENTS = 1, COUNT_PEOPLE = 2, COUNT_AMOUNT = 4 };

/* Parts of an answer about paths. */
enum path_part { PATH_EDGES = 1, PATH_VARIANTS = 2 };

/* A condition and the text it was stated in, for the echo; no text: it was not given and always holds. */
struct stated {
    struct condition condition;
    str text;
};

struct journey_version;

struct question {
    enum ask_kind kind;
    const struct zone *zone;
    struct maybe_i64 from_ms, to_ms; /* half-open */
    struct condition where;
    str where_text; /* as it was asked, for the echo */
    struct field by[BY_MAX];
    str by_names[BY_MAX];
    i64 by_count;
    enum period every;
    str every_word;
    str metric;   /* nps, csat, ces or the id of a question; adherence: none */
    u32 of;       /* COUNT_… bits; 0: not said, events and people */
    i64 journey;  /* 0: the oldest published one */
    i64 version;  /* 0: the one in force at each event */
    i64 as_of_ms; /* 0: now */
    i64 minimum_n;
    i64 person;             /* timeline */
    str person_alias;       /* or an alias of the person, "user:U1" */
    i64 limit;              /* timeline, rows, features */
    i64 after_ms, after_id; /* cursor: older than this; 0: from the newest. Features: persons behind this id */

    struct stated steps[FUNNEL_STEPS_MAX]; /* funnel */
    i64 step_count;
    struct maybe_i64 within_ms;
    str within;
    bool strict;

    struct stated start, end, back; /* retention: start and back ("return"); paths: start and end */
    i64 periods;                    /* retention */
    bool each_cohort;               /* "cohort": "every" */
    bool elapsed;

    i64 path_steps; /* paths; 0: no limit */
    i64 top;
    u32 parts; /* PATH_… bits */
    bool collapse, ends;
    const struct journey_version
        *map; /* adherence: a map for this question alone, instead of a journey's; no part of the language */
    struct field node;
    str node_name;
    struct field traveller; /* FIELD_PROP, when traveller_name is "prop:…" */
    str traveller_name;     /* none: the person */
};

/* What the installation says where a question does not. */
struct question_defaults {
    const struct zone *zone;
    i64 minimum_n;
};

/* ERR_INVALID with the pointer and what is allowed for anything unknown or out of place. */
err question_read(struct ctx *ctx, struct json object, const struct question_defaults *defaults, struct question *out);

/* A question about rows: from, to, where, journey, version, limit, after (POST /rows). */
err question_read_rows(struct ctx *ctx, struct json object, const struct question_defaults *defaults,
                       struct question *out);

/* Does a score ask for one question, whose answers may have come under several metrics and scales? */
bool question_scores_one(const struct question *question);

/* Every condition that the question states, where it states one; returns how many. */
enum { QUESTION_CONDITIONS_MAX = FUNNEL_STEPS_MAX + 4, QUESTION_FIELDS_MAX = BY_MAX + 1 };
i64 question_conditions(const struct question *question, const struct condition *out[QUESTION_CONDITIONS_MAX]);

/* Every field whose values its answer shows. */
i64 question_fields(const struct question *question, const struct field *out[QUESTION_FIELDS_MAX]);

/* The question as it was understood, with everything it left to us: members of an object that is open. Sent back, they ask
 * the same. */
void question_write(struct json_writer *writer, const struct question *question);

/* The cursor behind an event, and back; false when it is none. */
enum { CURSOR_MAX = 48 };
str cursor_text(i64 at_ms, i64 id, char out[CURSOR_MAX]);
bool cursor_parse(str text, i64 *at_ms, i64 *id);
