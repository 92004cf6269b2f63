/* Unit tests that list themselves.
 *
 *     #include "test.h"
 *     #include "measure/nps.h"
 *
 *     TEST(the_interval_holds_the_score)
 *     {
 *         assert_true(...);
 *     }
 *
 * One file per source file (test/unit/measure/nps.c for src/measure/nps.c),
 * one program per room, one behaviour per test; the name is the sentence that
 * stands in the report. `state` is cmocka's, for tests with a set-up.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

struct test_case {
    const char *file, *name;
    CMUnitTestFunction run;
    CMFixtureFunction before, after;
};

void test_add(const struct test_case *test);

/* A test with cmocka fixtures, called before and after it; either may be NULL. */
#define TEST_WITH(sentence, set_up, tear_down)                                                                         \
    static void sentence(void **state);                                                                                \
    __attribute__((constructor)) static void add_##sentence(void)                                                      \
    {                                                                                                                  \
        test_add(&(const struct test_case){__FILE__, #sentence, sentence, set_up, tear_down});                         \
    }                                                                                                                  \
    static void sentence([[maybe_unused]] void **state)

#define TEST(sentence) TEST_WITH(sentence, NULL, NULL)

/* OK is 0, and a failure prints the code's number. */
#define assert_ok(call) assert_int_equal((call), 0)

/* An empty folder of this test alone, removed when the program ends. Without a slash at the end. */
const char *test_folder(void);

/* A file of the source tree: test_source("test/golden/x.json"). Valid until the next call. */
const char *test_source(const char *path);

/* Two numbers at most `slack` apart, in double precision; a failure prints both. */
#define assert_near(is, should, slack) test_near((double)(is), (double)(should), (double)(slack), __FILE__, __LINE__)
void test_near(double is, double should, double slack, const char *file, int line);
