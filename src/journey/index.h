/* The journey index: every event in memory, in the order in which people lived it.
 *
 * Derived from the log, built by one scan at start, kept current by following
 * it; dropping it loses nothing. A row is an event; a column is an array. The
 * first `base_count` rows lie alias by alias, the aliases of one person side by
 * side, and inside an alias by (at_ms, id); later rows stand behind them in
 * the order of arrival, chained by alias, until they are many enough to be
 * sorted in:
 *
 *     rows   | alias 7 | alias 9 | alias 2 | … |  7  2  7  12  7
 *            '---- base, sorted ---------------'---- recent ------
 *
 * A reader sees both, so an answer contains every acknowledged event. Persons
 * are lists of aliases (people/identity.h): joining and separating moves no
 * row. An event with time, id, kind, channel, place, touchpoint and source
 * takes 16 bytes and one or two for each of the five words: at most 24 in the
 * usual case; scores and amounts are sparse.
 */
#pragma once

#include "events/log.h"
#include "journey/column.h"
#include "journey/dictionary.h"
#include "journey/sparse.h"
#include "people/identity.h"

#include <pthread.h>

/* The words of an event that the index keeps as codes. */
enum word {
    /* of every event */
    WORD_KIND,
    WORD_CHANNEL,
    WORD_PLACE,
    WORD_TOUCHPOINT, /* as the sender declared it */
    WORD_SOURCE,
    WORD_DENSE_COUNT,
    /* of answers */
    WORD_METRIC = WORD_DENSE_COUNT,
    WORD_QUESTION,
    WORD_SCALE,
    /* of amounts */
    WORD_CURRENCY,
    WORD_COUNT,
};

/* A property that some question named: a column of its own from then on. */
struct promoted {
    str name; /* "context.app.version": members of members behind a dot */
    struct dictionary texts;
    struct column codes;
    u64 used; /* grows with every question that looks at it: the one not used longest makes room */
};

enum { PROMOTED_MAX = 128 };

/* What a property holds, for the catalogue. */
struct prop_facts {
    str name;
    i64 events;
    struct dictionary values; /* the first PROP_VALUES_MAX different ones */
    bool many;                /* there are more */
};

struct facts {
    struct prop_facts *items;
    i32 count;
};

enum { PROP_VALUES_MAX = 200, PROP_NAMES_MAX = 400, PROP_DEPTH_MAX = 4, PROP_TEXT_MAX = 200 };

struct index {
    pthread_rwlock_t lock;
    struct identity *identity;
    struct events *log; /* for what is not in memory; NULL until attached */

    i64 count, base_count, capacity;
    i64 *at_ms, *ids;
    struct dictionary texts[WORD_COUNT];
    struct column words[WORD_COUNT]; /* cell = row, answer or amount */
    struct sparse answered;          /* rows with a metric or a score */
    f64 *scores;                     /* by answer; NaN: skipped */
    i64 score_capacity;
    struct sparse voiced; /* rows with words of the customer */
    struct sparse priced; /* rows with an amount */
    i64 *amounts;
    i64 amount_capacity;

    /* Where the rows of an alias are: [alias] */
    u32 *run_start, *run_len; /* in the base */
    u32 *newest;              /* its newest recent row + 1; 0: none */
    u32 alias_capacity;
    alias_no *recent_alias; /* [row - base_count] */
    u32 *recent_before;     /* the alias's recent row before it + 1 */
    i64 recent_capacity;

    u64 *dead; /* a bit a row: removed, still in its place; NULL: none */
    i64 dead_count;
    i64 last_id;    /* the newest event taken */
    u64 generation; /* grows whenever rows move */
    bool loading;   /* sorting waits for the end of the first scan */

    struct promoted promoted[PROMOTED_MAX];
    i32 promoted_count;
    u64 promoted_uses; /* counted by many readers at once */
    struct facts facts;
    bool surveyed;             /* `facts` describe all events */
    u64 drops;                 /* how often columns and facts were dropped */
    pthread_mutex_t gathering; /* one at a time reads the log for columns */
};

/* An empty index over these persons, ready to follow the log. */
struct index *index_open(struct identity *identity);
void index_close(struct index *index);

/* The index as a follower of the log. */
struct event_follower index_follower(struct index *index);

/* After the log has been opened and replayed: sorts, and gives the index the log to read from. */
void index_attach(struct index *index, struct events *log);

/* Reading: hold the lock from the first look at the index to the last. People's lock is taken before. */
void index_lock(struct index *index);
void index_unlock(struct index *index);

/* Makes sure that these properties have columns: a scan of the log for those that have none. The columns that were not
 * used longest make room. ERR_INVALID (error.ask.props_many) for more than PROMOTED_MAX at once. */
err index_promote(struct ctx *ctx, struct index *index, const str *names, i64 count);

/* The column of a property; NULL when it was not promoted. */
const struct promoted *index_promoted(const struct index *index, str name);

/* Notes that a question looks at a column. The index is locked for reading. */
void index_use(struct index *index, str name);

/* Makes sure that `facts` describe the properties of all events. */
err index_survey(struct ctx *ctx, struct index *index);

/* Drops removed rows, promoted columns and what is known of properties: nothing of what was removed is left in memory. */
void index_scrub(struct index *index);

static inline bool index_alive(const struct index *index, i64 row)
{
    return index->dead == NULL || (index->dead[row >> 6] >> (row & 63) & 1) == 0;
}

/* The code of a word of a row; 0: none. */
static inline u32 index_word(const struct index *index, enum word word, i64 row)
{
    if (word >= WORD_DENSE_COUNT) {
        row = sparse_find(word == WORD_CURRENCY ? &index->priced : &index->answered, row);
    }
    return row < 0 ? 0 : column_get(&index->words[word], row);
}

/* Is it an answer (it has a metric)? Answers count for scores and make no visit. */
static inline bool index_answers(const struct index *index, i64 row)
{
    i64 answer = sparse_find(&index->answered, row);
    return answer >= 0 && column_get(&index->words[WORD_METRIC], answer) != 0;
}

/* The row of an event, or -1; scans. */
i64 index_row(const struct index *index, i64 id);

/* The rows of one person at a time: every person once, in the order of their oldest alias, and at the end nobody's rows
 * with person 0. Rows are ordered by (at_ms, id) when `ordered`. */
struct walk {
    const struct index *index;
    bool ordered;
    alias_no person;
    u32 *rows;
    i64 count, capacity;
    u32 *spare; /* room for ordering */
    i64 spare_capacity;
    alias_no next;
    bool ended;
    const i64 *cut_ids; /* sorted ids of events that are passed over: what a question "as of" did not know */
    i64 cut_count;
};
struct walk walk_begin(const struct index *index, bool ordered);
bool walk_next(struct walk *walk);
void walk_end(struct walk *walk);

/* The rows of one person (its oldest alias; 0: nobody's) instead of the next. */
void walk_to(struct walk *walk, alias_no person);

/* Bytes in use, for the metrics and the bench. */
i64 index_bytes(const struct index *index);
