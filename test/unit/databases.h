/* Tests of the records in both databases.
 *
 *     TEST_BOTH(a_row_is_found)
 *     {
 *         assert_ok(store_open(&ctx, &database_new(database), &store));
 *
 * The PostgreSQL server is the one that CHAM_TEST_POSTGRES names
 * (postgres://…, a user who may create databases). Otherwise the program
 * starts one in a folder of its own, as an ordinary user, and ends it when it
 * ends; without PostgreSQL 15 on the machine these tests are skipped.
 */
#pragma once

#include "test.h"

#include "store/store.h"

enum database { IN_SQLITE, IN_POSTGRES };

/* Is there a PostgreSQL server? Starts it. */
bool postgres_there(void);

/* Where a new, empty database is. Valid until the program ends. */
struct store_options database_new(enum database database);
str postgres_new(void);

/* Stops the server that this program started, and starts it again; false when it is not ours to stop. */
bool postgres_stop(void);
void postgres_start(void);

/* Runs statements on a database of `postgres_new`; the first column of the last row as text ("" without one). */
const char *postgres_do(str url, const char *sql);

#define TEST_POSTGRES(sentence)                                                                                        \
    static void do_##sentence(void);                                                                                   \
    TEST(sentence)                                                                                                     \
    {                                                                                                                  \
        if (!postgres_there()) {                                                                                       \
            print_message("skipped: PostgreSQL 15 is not installed\n");                                                \
            skip();                                                                                                    \
        }                                                                                                              \
        do_##sentence();                                                                                               \
    }                                                                                                                  \
    static void do_##sentence(void)

#define TEST_BOTH(sentence)                                                                                            \
    static void both_##sentence(enum database database);                                                               \
    TEST(sentence)                                                                                                     \
    {                                                                                                                  \
        both_##sentence(IN_SQLITE);                                                                                    \
    }                                                                                                                  \
    TEST_POSTGRES(sentence##_in_postgres)                                                                              \
    {                                                                                                                  \
        both_##sentence(IN_POSTGRES);                                                                                  \
    }                                                                                                                  \
    static void both_##sentence([[maybe_unused]] enum database database)
