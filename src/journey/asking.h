/* One question being answered: what it needs, gathered; a view of the index, open; the conditions, compiled. */
#pragma once

#include "journey/budget.h"
#include "journey/journeys.h"
#include "journey/program.h"
#include "journey/question.h"
#include "journey/walk.h"

/* Traits and names of persons; filled by people, so that the engine can be tested without it. */
struct person_source {
    void *self;
    /* The newest value of a trait for every person as a column. */
    err (*trait)(void *self, struct ctx *ctx, str name, struct trait_column *out);
    /* Learns who is one person now, where other processes say so, too: once, before a question begins. May be NULL. */
    err (*catch_up)(void *self, struct ctx *ctx);
    /* Names of persons by id; none where there is none. */
    err (*names)(void *self, struct ctx *ctx, const i64 *ids, i64 count, str *names);
};

/* How questions are answered. Zero means the usual value. */
struct scan_limits {
    i64 threads;    /* that work on one question, at most */
    i64 piece_rows; /* that a thread takes at once */
    i64 block_rows; /* that it reads at once */
    i64 memory_mb;  /* that a question may use */
    i64 times;      /* that are kept to find quantiles among */
};

/* What a question looked at, by all its passes together. */
struct ask_read {
    i64 events, people, threads;
    i32 passes;
    bool answered; /* a score found answers: what is asked for exists */
};

/* The rooms a question looks into. */
struct asked_rooms {
    struct identity *identity;
    struct index *index;           /* NULL: questions are asked of ClickHouse */
    struct clickhouse *clickhouse; /* then */
    struct journeys *journeys;
    struct events *log;
    struct person_source persons;
    struct workers *workers; /* who help to answer; NULL: nobody */
    struct scan_limits limits;
};

/* What the asker may see (design: scope). */
struct sight {
    struct str_list places;      /* empty: everywhere */
    struct str_list departments; /* empty: all */
    bool personal;               /* persons, verbatims and traits */
};

struct asking {
    struct ctx *ctx;
    const struct asked_rooms *rooms;
    struct view view; /* of the index */
    struct question question;
    struct sight scope;
    struct journey_view journey; /* the versions that take part */
    const struct derived *derived;
    struct program_env env;
    struct program where; /* the question's conditions joined with the scope */
    i64 asked_ms;         /* now, or the moment of "as of" */
    i64 from_ms, to_ms;   /* bounds as plain numbers */
    struct names props;   /* properties it looks at: first those of the question, then those of the map */
    i64 asked_props;
    struct lens *lens; /* the columns it looks at, taken up while its conditions are compiled */
    struct ask_read *read;
    struct budget *budget;
    const u64 **scattered; /* block_build.h; made by the first scan that needs it */
};

/* Gathers everything and opens the view; asking_end closes it, the context at the latest. `out` lives as long as the context. */
err asking_begin(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
                 const struct question *question, struct asking *out);
void asking_end(struct asking *asking);

/* Counts memory that stays until the question ends. ERR_INVALID (error.ask.memory). */
err asking_use(const struct asking *asking, i64 bytes);

/* Does this event count: in time, and where the question says? */
static inline bool asking_takes(const struct asking *asking, i64 row, alias_no person)
{
    i64 at = view_at_ms(&asking->view, row);
    return at >= asking->from_ms && at < asking->to_ms && program_holds(&asking->where, row, person);
}

/* A walk over the events the question knows. */
struct walk asking_walk(const struct asking *asking, bool ordered);

/* The one place of design 11.15: a question joined with what the asker may see. */
struct condition scope_join(struct arena *arena, struct condition where, const struct sight *scope);
