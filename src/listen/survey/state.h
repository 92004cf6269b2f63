/* What the files of surveys share. */
#pragma once

#include "listen/survey/results.h"

#include <pthread.h>

/* The score of a survey while nothing has changed; its texts are not ours to point to. */
enum { KEPT_SCORES = 512 };
struct kept_score {
    i64 survey, version, counted, last_ms;
    bool there;
    enum metric metric;
    char scale[SCALE_TEXT_MAX];
    struct result_figure figure;
};

/* What rating.c keeps; under the lock. */
struct kept_rating {
    i64 link, finished, at_ms, votes;
    struct maybe_f64 average;
};

/* What results_kept.c keeps of a survey; each has a lock of its own. */
enum { KEPT_RESULTS = 64, RESULTS_YOUNG_MS = 120000 /* longer than any transaction takes */ };
struct kept_results;
struct kept_slot {
    pthread_mutex_t lock;
    struct kept_results *kept; /* NULL: nothing */
};

struct surveys {
    struct surveys_options options;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool started, stop, work;              /* under the lock */
    struct kept_score scores[KEPT_SCORES]; /* likewise */
    struct kept_rating ratings[64];        /* likewise */
    struct kept_slot results[KEPT_RESULTS];
    i64 young_ms; /* responses that began less than this ago may lie beside others that are not there yet */
};

/* Wakes the thread of sending.c. */
void surveys_wake(struct surveys *surveys);

/* Tells open pages of all processes that a survey has new answers. */
void surveys_tell(struct surveys *surveys, struct ctx *ctx, i64 survey);
