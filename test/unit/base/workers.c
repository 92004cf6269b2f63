#include "test.h"

#include "base/workers.h"

#include <pthread.h>
#include <stdatomic.h>

enum { PIECES = 1000 };

struct work {
    _Atomic i64 next, done[WORKERS_MAX], calls[WORKERS_MAX];
};

static void take_pieces(void *self, i64 worker)
{
    struct work *work = self;
    atomic_fetch_add(&work->calls[worker], 1);
    while (atomic_fetch_add(&work->next, 1) < PIECES) {
        atomic_fetch_add(&work->done[worker], 1);
    }
}

static void check(const struct work *work, i64 most)
{
    i64 done = 0;
    for (i64 i = 0; i < WORKERS_MAX; i++) {
        assert_true(work->calls[i] <= (i < most ? 1 : 0));
        done += work->done[i];
    }
    assert_int_equal(work->calls[0], 1);
    assert_int_equal(done, PIECES);
}

TEST(all_pieces_are_done_whatever_the_number_of_threads)
{
    for (i64 threads = 1; threads <= 7; threads++) {
        struct workers *workers = workers_open(threads);
        assert_int_equal(workers_count(workers), threads);
        for (i32 again = 0; again < 20; again++) {
            struct work work = {0};
            workers_run(workers, 3, take_pieces, &work);
            check(&work, lesser(threads, 3));
        }
        workers_close(workers);
    }
}

TEST(without_workers_the_caller_works_alone)
{
    struct work work = {0};
    assert_int_equal(workers_count(NULL), 1);
    workers_run(NULL, 8, take_pieces, &work);
    check(&work, 1);
    workers_close(NULL);
}

static void *bring(void *workers)
{
    for (i32 again = 0; again < 50; again++) {
        struct work work = {0};
        workers_run(workers, 4, take_pieces, &work);
        check(&work, 4);
    }
    return NULL;
}

TEST(several_share_the_threads)
{
    struct workers *workers = workers_open(4);
    pthread_t others[3];
    for (i32 i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&others[i], NULL, bring, workers), 0);
    }
    bring(workers);
    for (i32 i = 0; i < 3; i++) {
        pthread_join(others[i], NULL);
    }
    workers_close(workers);
}
