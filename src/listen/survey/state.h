/* What the files of surveys share. */
#pragma once

#include "listen/survey/survey.h"

#include <pthread.h>

struct surveys {
    struct surveys_options options;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool started, stop, work; /* under the lock */
};

/* Wakes the thread of sending.c. */
void surveys_wake(struct surveys *surveys);

/* Tells open pages of all processes that a survey has new answers. */
void surveys_tell(struct surveys *surveys, struct ctx *ctx, i64 survey);
