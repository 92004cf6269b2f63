/* The questions answered as slowly and plainly as possible, by the letter of docs/ask.md: the truth that the engine is
 * measured against.
 */
#pragma once

#include "json/write.h"
#include "meaning.h"
#include "measure/interval.h"

enum { BY_MOST = 4 };

/* What a question asks for. */
struct asked {
    struct arena *arena;
    const struct world *world;
    struct json object;
    struct sight_of sight;
    i64 from_ms, to_ms;
    bool has_from, has_to;
    struct meaning *where;
    str by[BY_MOST];
    i64 by_count;
    enum period every;
    i64 minimum_n;
    const struct known_version *newest; /* gives order and names; NULL: no map */
};

/* Where the asker may look; empty: everywhere. */
struct sight_limits {
    str places[4], departments[4];
    i64 place_count, department_count;
};

/* {"rows":[…],"next":…} in the arena; `next` only where the answer has one. */
str reference_answer(struct arena *arena, const struct world *world, const struct sight_limits *limits,
                     struct json question);

/* Does the question take the event: in its time, where it says, in the asker's sight? */
bool takes(const struct asked *asked, const struct seen *seen);

/* The same without its time. */
bool fits(const struct asked *asked, const struct seen *seen);

/* The group of an event: its `by` values and its period. */
struct key {
    str values[BY_MOST + 2];
    i64 count;
    i64 period_ms;
};
struct key key_of(const struct asked *asked, const struct seen *seen);
bool key_same(const struct key *a, const struct key *b);
int key_order(const struct asked *asked, const struct key *a, const struct key *b);
void key_write(const struct asked *asked, const struct key *key, struct json_writer *writer);

/* The different keys in a list, ordered. */
struct key *keys_of(const struct asked *asked, const struct key *all, i64 all_count, i64 *count);

/* Order of two texts: bytes, none last. */
int text_order(str a, str b);

/* What the question says under a name, or what is meant where it says nothing. */
str asked_text(const struct asked *asked, const char *name, str otherwise);
i64 asked_number(const struct asked *asked, const char *name, i64 otherwise);
bool asked_truth(const struct asked *asked, const char *name);
bool asked_has(const struct asked *asked, const char *name);
struct meaning *asked_meaning(const struct asked *asked, const char *name);

/* The events of one person (or of nobody, -1) in order. */
const struct seen **events_of(const struct asked *asked, i64 person, i64 *count);

/* Element floor(q * n) of the sorted numbers. Sorts them. */
f64 quantile(f64 *numbers, i64 count, f64 q);

/* A number or null. */
void write_number(struct json_writer *writer, const char *name, bool is, f64 number);

/* The scores of a group: members n, score, low, high, mean, counts, few. */
void write_scores(struct json_writer *writer, str metric, const struct seen **answers, i64 count, i64 minimum_n);

/* The score of a metric alone; false without answers. */
bool score_of(str metric, const struct seen **answers, i64 count, struct interval *out);

void answer_of_score(const struct asked *asked, struct json_writer *writer);
void answer_of_count(const struct asked *asked, struct json_writer *writer);
void answer_of_funnel(const struct asked *asked, struct json_writer *writer);
void answer_of_retention(const struct asked *asked, struct json_writer *writer);
void answer_of_paths(const struct asked *asked, struct json_writer *writer);
void answer_of_adherence(const struct asked *asked, struct json_writer *writer);

/* These write their `next` behind the rows. */
void answer_of_timeline(const struct asked *asked, struct json_writer *writer, str *next);
void answer_of_features(const struct asked *asked, struct json_writer *writer, str *next);
