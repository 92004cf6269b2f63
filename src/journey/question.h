/* A question, read and checked: the one language of all doors (docs/ask.md). */
#pragma once

#include "base/zone.h"
#include "journey/condition.h"

enum ask_kind { ASK_SCORE, ASK_COUNT, ASK_TIMELINE, ASK_ADHERENCE, ASK_KIND_COUNT_ };
extern const char *const ask_words[ASK_KIND_COUNT_ + 1];

enum { BY_MAX = 4, QUESTION_LIMIT_MAX = 1000, QUESTION_LIMIT_DEFAULT = 50 };

enum count_of { COUNT_EVENTS = 1, COUNT_PEOPLE = 2, COUNT_AMOUNT = 4 };

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
    i64 limit;              /* timeline, rows */
    i64 after_ms, after_id; /* cursor: older than this; 0: from the newest */
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

/* The cursor behind an event, and back; false when it is none. */
enum { CURSOR_MAX = 48 };
str cursor_text(i64 at_ms, i64 id, char out[CURSOR_MAX]);
bool cursor_parse(str text, i64 *at_ms, i64 *id);
