/* What the files of the running questions share; nobody else includes it. */
#pragma once

#include "base/progress.h"
#include "journey/running.h"

#include <pthread.h>

/* Another process is forgotten when it was not heard of for so long; while it answers something it tells every second. */
enum { PROCESSES_HEARD_MAX = 64, HEARD_MS = 5000, TELL_PAUSE_MS = 250, TELL_EVERY_MS = 1000 };

/* Lives in the context of its question. */
struct entry {
    struct running *running;
    struct ctx *ctx;
    struct entry *earlier, *later;
    struct run run;
    i64 asker;
    str asker_name;
    bool stop;
    struct progress progress;
};

/* A question of another process. */
struct told_run {
    str run, ask, who;
    i64 started_ms, asker;
    f64 progress;
};

/* What another process answers, as it told last. */
struct heard_process {
    i64 process, until_ms; /* the steady clock; 0: the place is free */
    struct told_run *runs;
    i64 count;
    struct ctx ctx; /* the memory of the runs */
};

struct running {
    pthread_mutex_t lock;
    struct entry *first, *last; /* oldest first */

    struct processes *processes; /* NULL: nobody else answers; and nothing below is used */
    struct heard_process heard[PROCESSES_HEARD_MAX];
    pthread_t teller;
    pthread_cond_t wake;
    bool started, stop, news; /* news: something began or ended since it was told */
};

static inline bool run_is_of(i64 id, str name, const struct asker_id *asker)
{
    return asker == NULL || (id == asker->id && str_eq(name, asker->name));
}

/* Stops a question of this process; the lock is held. */
bool running_stop(struct running *running, const struct asker_id *asker, str name);

/* running_others.c. All but open, close and stop are called with the lock held. */
void others_open(struct running *running, struct processes *processes);
void others_close(struct running *running);
void others_news(struct running *running);
i64 others_count(const struct running *running);
void others_list(struct arena *arena, const struct running *running, const struct asker_id *asker, struct run *runs,
                 i64 *count);
bool others_know(const struct running *running, const struct asker_id *asker, str name);
void others_stop(struct running *running, const struct asker_id *asker, str name);
