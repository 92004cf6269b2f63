/* A guard on an empty folder, for one test. */
#pragma once

#include "test.h"

#include "guard/guard.h"
#include "store/store.h"

static struct ctx ctx;
static struct store *store;
static struct guard *guard;

static int open_guard(void **state)
{
    (void)state;
    ctx = (struct ctx){0};
    struct store_options options = {.folder = str_from(test_folder()), .no_fsync = true};
    if (store_open(&ctx, &options, &store) != OK) {
        return 1;
    }
    struct guard_options how = {.store = store, .idle_ms = 3600 * 1000, .absolute_ms = 86400 * 1000};
    return guard_open(&ctx, &how, &guard) == OK ? 0 : 1;
}

static int close_guard(void **state)
{
    (void)state;
    guard_close(guard);
    store_close(store);
    ctx_end(&ctx);
    return 0;
}

#define TEST_GUARD(sentence) TEST_WITH(sentence, open_guard, close_guard)
