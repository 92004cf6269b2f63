/* What only PostgreSQL does: statements, types, words between processes, a server that goes away. */
#include "store/store.h"

#include "databases.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/jobs.h"
#include "store/look.h"
#include "store/statements.h"

#include <math.h>
#include <postgresql/libpq-fe.h>
#include <pthread.h>
#include <unistd.h>

static struct store *open_at(struct ctx *ctx, str url)
{
    struct store *store = NULL;
    assert_ok(store_open(ctx, &(struct store_options){.url = url}, &store));
    return store;
}

TEST_POSTGRES(a_scrub_vacuums_every_table_that_holds_texts_of_persons)
{
    struct ctx ctx = {0};
    str url = postgres_new();
    struct store *store = open_at(&ctx, url);
    assert_ok(store_scrub(&ctx, store));
    assert_string_equal(postgres_do(url, "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_stat_user_tables "
                                         "WHERE last_vacuum IS NOT NULL"),
                        "aliases erasures jobs person_links refused_pieces saved_questions search_texts traits "
                        "upload_pieces");
    store_close(store);
    ctx_end(&ctx);
}

static struct store_look look_at(struct ctx *ctx, str url)
{
    struct store_look look;
    assert_ok(store_look(ctx, url, &look));
    return look;
}

TEST(an_encrypted_connection_is_verified_only_when_the_certificate_is_checked)
{
    struct ctx ctx = {0};
    const char *url = getenv("CHAM_TEST_POSTGRES_TLS");
    if (url == NULL) {
        print_message("skipped: no PostgreSQL with TLS (CHAM_TEST_POSTGRES_TLS)\n");
        skip();
    }
    struct store_look checked = look_at(&ctx, str_from(url));
    assert_true(checked.tls && checked.verified);
    str rest = str_from(url), address = str_cut(&rest, '?');
    str plain = str_format(&ctx.arena, "%.*s?sslmode=require", STR_ARG(address));
    struct store_look believed = look_at(&ctx, plain);
    assert_true(believed.tls && !believed.verified);
    ctx_end(&ctx);
}

/* The types of columns that rows can be read from (pq_rows.c); 2278: void, of what is not read. */
static bool readable(Oid type)
{
    static const Oid types[] = {16, 17, 19, 20, 21, 23, 25, 700, 701, 1043, 2278};
    for (i64 i = 0; i < countof(types); i++) {
        if (types[i] == type) {
            return true;
        }
    }
    return false;
}

static void check_statement(PGconn *link, const struct statement_text *text)
{
    PGresult *result = PQprepare(link, text->name, text->postgres, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        print_error("%s: %s\n", text->name, PQerrorMessage(link));
        fail();
    }
    PQclear(result);
    result = PQdescribePrepared(link, text->name);
    assert_int_equal(PQnparams(result), text->parameter_count);
    for (int i = 0; i < PQnfields(result); i++) {
        if (!readable(PQftype(result, i))) {
            print_error("%s: column %s has type %u: it needs a CAST\n", text->name, PQfname(result, i),
                        PQftype(result, i));
            fail();
        }
    }
    PQclear(result);
}

TEST_POSTGRES(every_statement_on_the_records_is_prepared_against_postgres)
{
    struct ctx ctx = {0};
    str url = postgres_new();
    struct store *store = open_at(&ctx, url);
    PGconn *link = PQconnectdb(url.data);
    assert_int_equal(PQstatus(link), CONNECTION_OK);
    for (int i = 0; i < SQL_COUNT_; i++) {
        const char *database = statement_texts[i].database;
        if (strcmp(database, "records") == 0 || strcmp(database, "postgres") == 0) {
            check_statement(link, &statement_texts[i]);
        }
    }
    PQfinish(link);
    store_close(store);
    ctx_end(&ctx);
}

/* Values at the ends of their ranges, through a table of the test's own. */
TEST_POSTGRES(numbers_text_and_bytes_come_back_as_they_went)
{
    static const f64 numbers[] = {0.1, -0.0, 1e308, 4.9e-324, 1.0 / 3, 123456789.123456789};
    struct ctx ctx = {0};
    struct store *store = open_at(&ctx, postgres_new());
    i64 id;
    assert_ok(job_put(&ctx, store, STR("k"), STR("c"), STR("{}"), &id));
    struct job job;
    assert_ok(job_take(&ctx, store, STR("k"), &job));
    for (i64 i = 0; i < countof(numbers); i++) {
        assert_ok(job_progress(&ctx, store, id, numbers[i], STR("Đà Nẵng 🌊 \\x00 '\"")));
        assert_ok(job_find(&ctx, store, id, &job));
        assert_memory_equal(&job.progress, &numbers[i], sizeof job.progress);
        assert_true(str_eq(job.output, STR("Đà Nẵng 🌊 \\x00 '\"")));
    }
    assert_ok(job_again(&ctx, store, id, INT64_MAX, STR("x")));
    assert_ok(job_find(&ctx, store, id, &job));
    assert_int_equal(job.due_ms, INT64_MAX);
    store_close(store);
    ctx_end(&ctx);
}

TEST_POSTGRES(a_newer_format_and_somebody_elses_tables_are_refused_and_nothing_changes)
{
    struct ctx ctx = {0};
    str url = postgres_new(), theirs = postgres_new();
    struct store *store = open_at(&ctx, url);
    store_close(store);
    postgres_do(url, "INSERT INTO migrations VALUES (9999, '9999_future', 'x', 1)");
    assert_int_equal(store_open(&ctx, &(struct store_options){.url = url}, &store), ERR_UNAVAILABLE);
    assert_string_equal(ctx.fault.key, "error.newer_format");
    ctx_forgive(&ctx);
    postgres_do(theirs, "CREATE TABLE theirs (a int)");
    assert_int_equal(store_open(&ctx, &(struct store_options){.url = theirs}, &store), ERR_CONFLICT);
    assert_string_equal(ctx.fault.key, "error.records_foreign");
    assert_string_equal(postgres_do(theirs, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "1");
    ctx_end(&ctx);
}

static void *open_and_close(void *url)
{
    struct ctx ctx = {0};
    store_close(open_at(&ctx, str_from(url)));
    ctx_end(&ctx);
    return NULL;
}

TEST_POSTGRES(processes_that_start_at_once_wait_for_each_others_steps)
{
    str url = postgres_new();
    pthread_t threads[4];
    for (i64 i = 0; i < countof(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, open_and_close, (void *)url.data), 0);
    }
    for (i64 i = 0; i < countof(threads); i++) {
        pthread_join(threads[i], NULL);
    }
}

TEST_POSTGRES(an_address_that_is_none_and_a_server_that_is_not_there_say_so_without_the_password)
{
    struct ctx ctx = {0};
    struct store *store;
    struct store_options options = {.url = STR("postgres://u:geheim@127.0.0.1:1/x?nonsense=1")};
    assert_int_equal(store_open(&ctx, &options, &store), ERR_INVALID);
    assert_string_equal(ctx.fault.key, "error.records_url");
    ctx_forgive(&ctx);
    options.url = STR("postgres://u:geheim@127.0.0.1:1/x");
    assert_int_equal(store_open(&ctx, &options, &store), ERR_UNAVAILABLE);
    assert_string_equal(ctx.fault.key, "error.records_open");
    assert_true(ctx.fault.retry_after_s > 0);
    assert_true(ctx.fault.args[0].value.len > 0 && str_find(ctx.fault.args[0].value, STR("geheim")) < 0);
    ctx_end(&ctx);
}

/* Two stores are two processes. */
struct pair {
    struct ctx ctx;
    struct store *one, *two;
};

static void pair_open(struct pair *pair)
{
    str url = postgres_new();
    pair->one = open_at(&pair->ctx, url);
    pair->two = open_at(&pair->ctx, url);
}

static void pair_close(struct pair *pair)
{
    store_close(pair->one);
    store_close(pair->two);
    ctx_end(&pair->ctx);
}

struct words {
    pthread_mutex_t lock;
    pthread_cond_t more;
    char heard[20][40];
    _Atomic i64 count, lost;
};

static void hear(void *self, str text)
{
    struct words *words = self;
    pthread_mutex_lock(&words->lock);
    if (str_is(text)) {
        snprintf(words->heard[words->count++], sizeof words->heard[0], "%.*s", STR_ARG(text));
    } else {
        words->lost++;
    }
    pthread_cond_broadcast(&words->more);
    pthread_mutex_unlock(&words->lock);
}

static void wait_for(struct words *words, const _Atomic i64 *number, i64 least)
{
    pthread_mutex_lock(&words->lock);
    while (*number < least) {
        pthread_cond_wait(&words->more, &words->lock);
    }
    pthread_mutex_unlock(&words->lock);
}

static err tell_then(struct ctx *ctx, struct store *store, void *arg)
{
    TRY(store_tell(ctx, store, STR("test"), STR("inside")));
    return *(const err *)arg;
}

TEST_POSTGRES(what_one_process_tells_the_others_hear_once_it_is_committed)
{
    struct pair pair = {0};
    pair_open(&pair);
    assert_true(store_shared(pair.one));
    struct words one = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, {{0}}, 0, 0};
    struct words two = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, {{0}}, 0, 0};
    store_listen(pair.one, STR("test"), hear, &one);
    store_listen(pair.two, STR("test"), hear, &two);
    err answer = ERR_CONFLICT;
    // Until both hear: what is told before is missed.
    while (two.count == 0) {
        assert_ok(store_tell(&pair.ctx, pair.one, STR("test"), STR("there?")));
        usleep(1000);
    }
    assert_int_equal(store_write(&pair.ctx, pair.one, tell_then, &answer), ERR_CONFLICT);
    answer = OK;
    assert_ok(store_tell(&pair.ctx, pair.one, STR("other"), STR("not for us")));
    assert_ok(store_write(&pair.ctx, pair.one, tell_then, &answer));
    assert_ok(store_tell(&pair.ctx, pair.one, STR("test"), STR("")));
    pthread_mutex_lock(&two.lock);
    while (two.count < 2 || two.heard[two.count - 1][0] != '\0') {
        pthread_cond_wait(&two.more, &two.lock);
    }
    assert_string_equal(two.heard[two.count - 2], "inside");
    assert_false(two.count >= 3 && strcmp(two.heard[two.count - 3], "inside") == 0);
    pthread_mutex_unlock(&two.lock);
    pair_close(&pair);
    assert_int_equal(one.count, 0); // never one's own words
}

struct taker {
    struct store *store;
    i64 taken;
};

static void *take_all(void *arg)
{
    struct taker *taker = arg;
    struct ctx ctx = {0};
    struct job job;
    while (job_take(&ctx, taker->store, STR("mail"), &job) == OK) {
        taker->taken++;
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
    return NULL;
}

TEST_POSTGRES(two_processes_share_the_jobs_without_taking_one_twice)
{
    struct pair pair = {0};
    pair_open(&pair);
    for (i64 i = 0; i < 60; i++) {
        i64 id;
        str cause = str_format(&pair.ctx.arena, "%lld", (long long)i);
        assert_ok(job_put(&pair.ctx, pair.one, STR("mail"), cause, STR("{}"), &id));
    }
    struct taker takers[] = {{pair.one, 0}, {pair.two, 0}, {pair.two, 0}};
    pthread_t threads[countof(takers)];
    for (i64 i = 0; i < countof(takers); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, take_all, &takers[i]), 0);
    }
    for (i64 i = 0; i < countof(takers); i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(takers[0].taken + takers[1].taken + takers[2].taken, 60);
    pair_close(&pair);
}

struct adder {
    struct store *store;
    i64 id;
};

/* Reads, decides, writes: two at once would lose a step. */
static err add_one(struct ctx *ctx, struct store *store, void *arg)
{
    struct adder *adder = arg;
    struct job job;
    TRY(job_find(ctx, store, adder->id, &job));
    return job_progress(ctx, store, adder->id, job.progress + 1, STR_NONE);
}

static void *add_many(void *arg)
{
    struct adder *adder = arg;
    struct ctx ctx = {0};
    for (i64 i = 0; i < 50; i++) {
        assert_ok(store_run(&ctx, adder->store, SQL_JOB_PUT,
                            ARGS(ARG_ID("id", id_new()), ARG_STR("kind", STR("x")),
                                 ARG_STR("cause", str_format(&ctx.arena, "%lld", (long long)id_new())),
                                 ARG_STR("input", STR("{}")), ARG_I64("now_ms", 1), ARG_I64("due_ms", 1)),
                            NULL));
        assert_ok(store_write(&ctx, adder->store, add_one, adder));
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
    return NULL;
}

TEST_POSTGRES(one_writes_at_a_time_over_all_processes)
{
    struct pair pair = {0};
    pair_open(&pair);
    i64 id;
    assert_ok(job_put(&pair.ctx, pair.one, STR("k"), STR("c"), STR("{}"), &id));
    struct job job;
    assert_ok(job_take(&pair.ctx, pair.one, STR("k"), &job)); // only a running job counts
    struct adder adders[4] = {{pair.one, id}, {pair.two, id}, {pair.one, id}, {pair.two, id}};
    pthread_t threads[4];
    for (i64 i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, &adders[i]), 0);
    }
    for (i64 i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_ok(job_find(&pair.ctx, pair.two, id, &job));
    assert_true(job.progress == 200);
    pair_close(&pair);
}

static err put_many_then_one_twice(struct ctx *ctx, struct store *store, void *arg)
{
    i64 count = *(const i64 *)arg;
    for (i64 i = 0; i < count; i++) {
        i64 cause = i == 700 ? 3 : i; // the same key once more
        TRY(store_later(ctx, store, SQL_SETTINGS_PUT,
                        ARGS(ARG_STR("name", str_format(&ctx->arena, "n%lld", (long long)cause)),
                             ARG_STR("value", STR("x")))));
    }
    return OK;
}

static err put_a_conflict(struct ctx *ctx, struct store *store, void *arg)
{
    i64 count = 0;
    TRY(put_many_then_one_twice(ctx, store, arg));
    for (i64 i = 0; i < 2; i++) {
        TRY(store_later(ctx, store, SQL_PEOPLE_ALIAS_ADD,
                        ARGS(ARG_I64("id", 5), ARG_STR("alias", STR("user:A")), ARG_I64("event", 1),
                             ARG_I64("since_ms", 1))));
    }
    return store_number(ctx, store, SQL_PEOPLE_ALIAS_COUNT, ARGS_NONE, &count);
}

TEST_BOTH(statements_that_travel_together_are_all_there_or_none)
{
    struct ctx ctx = {0};
    struct store *store;
    struct store_options options = database_new(database);
    struct shape_list rows;
    static const struct shape_field fields[] = {{"name", SHAPE_STR, 0}, {"value", SHAPE_STR, sizeof(str)}};
    static const struct shape pair_shape = {"Pair", 2 * sizeof(str), fields, 2, NULL};
    assert_ok(store_open(&ctx, &options, &store));
    i64 count = 1000;
    assert_int_equal(store_write(&ctx, store, put_a_conflict, &count), ERR_CONFLICT);
    assert_ok(store_all(&ctx, store, SQL_SETTINGS_ALL, ARGS_NONE, &pair_shape, &rows));
    assert_int_equal(rows.count, 0);
    assert_ok(store_write(&ctx, store, put_many_then_one_twice, &count));
    assert_ok(store_all(&ctx, store, SQL_SETTINGS_ALL, ARGS_NONE, &pair_shape, &rows));
    assert_int_equal(rows.count, 999);
    store_close(store);
    ctx_end(&ctx);
}

static err read_in_stream(void *self, struct ctx *ctx, const struct store_row *row)
{
    i64 *seen = self, count = 0;
    (void)row;
    if (*seen % 100 == 0) {
        TRY(store_number(ctx, *(struct store **)(seen + 1), SQL_JOB_COUNT, ARGS(ARG_STR("kind", STR("k"))), &count));
    }
    return ++*seen == 900 ? ERR_EMPTY : OK;
}

struct reading {
    i64 seen;
    struct store *store;
};

static err read_all(struct ctx *ctx, struct store *store, void *arg)
{
    i64 count = 0;
    struct reading *reading = arg;
    reading->seen = 0;
    assert_int_equal(store_each(ctx, store, SQL_SETTINGS_ALL, ARGS_NONE, read_in_stream, reading), ERR_EMPTY);
    TRY(store_number(ctx, store, SQL_JOB_COUNT, ARGS(ARG_STR("kind", STR("k"))), &count)); // it goes on
    return OK;
}

TEST_BOTH(reading_row_by_row_may_ask_meanwhile_and_end_early)
{
    struct ctx ctx = {0};
    struct store *store;
    struct store_options options = database_new(database);
    assert_ok(store_open(&ctx, &options, &store));
    i64 count = 1000;
    assert_ok(store_write(&ctx, store, put_many_then_one_twice, &count));
    struct reading reading = {0, store};
    assert_ok(read_all(&ctx, store, &reading));
    assert_ok(store_read(&ctx, store, read_all, &reading));
    assert_ok(store_write(&ctx, store, read_all, &reading));
    store_close(store);
    ctx_end(&ctx);
}

static err write_inside(struct ctx *ctx, struct store *store, void *arg)
{
    u64 number = store_transaction(store);
    TRY(store_write(ctx, store, put_many_then_one_twice, arg));
    assert_true(number > 0 && store_transaction(store) == number);
    return OK;
}

TEST_BOTH(a_transaction_inside_another_is_part_of_it)
{
    struct ctx ctx = {0};
    struct store *store;
    struct store_options options = database_new(database);
    assert_ok(store_open(&ctx, &options, &store));
    i64 count = 3;
    assert_int_equal(store_transaction(store), 0);
    assert_ok(store_write(&ctx, store, write_inside, &count));
    assert_int_equal(store_transaction(store), 0);
    store_close(store);
    ctx_end(&ctx);
}

TEST_POSTGRES(a_server_that_goes_away_is_a_clear_answer_at_once_and_it_comes_back_by_itself)
{
    struct ctx ctx = {0};
    struct store *store = open_at(&ctx, postgres_new());
    struct words words = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, {{0}}, 0, 0};
    i64 id;
    store_listen(store, STR("test"), hear, &words);
    assert_ok(job_put(&ctx, store, STR("k"), STR("c"), STR("{}"), &id));
    if (!postgres_stop()) {
        store_close(store);
        ctx_end(&ctx);
        skip(); // the server is not ours
    }
    i64 lost = words.lost;
    struct job job;
    for (i64 i = 0; i < 20; i++) {
        i64 began_ns = clock_steady_ns();
        assert_int_equal(job_find(&ctx, store, id, &job), ERR_UNAVAILABLE);
        assert_string_equal(ctx.fault.key, "error.records_away");
        assert_true(ctx.fault.retry_after_s > 0);
        ctx_forgive(&ctx);
        assert_int_equal(job_put(&ctx, store, STR("k"), STR("d"), STR("{}"), &id), ERR_UNAVAILABLE);
        ctx_forgive(&ctx);
        assert_true(clock_steady_ns() - began_ns < 3000000000); // against hanging
    }
    assert_true(store_stats(store).readonly);
    postgres_start();
    wait_for(&words, &words.lost, lost + 1);
    assert_false(store_stats(store).readonly);
    assert_ok(job_put(&ctx, store, STR("k"), STR("d"), STR("{}"), &id));
    assert_ok(job_find(&ctx, store, id, &job));
    store_close(store);
    ctx_end(&ctx);
}
