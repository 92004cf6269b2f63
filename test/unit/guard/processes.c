/* Two processes on one installation. */
#include "databases.h"

#include "guard/audit.h"
#include "guard/inside.h"
#include "guard/keys.h"
#include "guard/links.h"
#include "store/processes.h"

#include <pthread.h>
#include <time.h>

struct place {
    struct ctx ctx;
    struct store *store;
    struct processes *processes;
    struct guard *guard;
};

static void open_place(struct place *place, const struct store_options *options, const char *home)
{
    struct processes_options self = {.version = STR("1"), .folder = STR("/x"), .home = str_from(home)};
    struct guard_options how = {.idle_ms = 3600 * 1000, .absolute_ms = 86400 * 1000};
    *place = (struct place){0};
    assert_ok(store_open(&place->ctx, options, &place->store));
    self.store = how.store = place->store;
    assert_ok(processes_open(&place->ctx, &self, &place->processes));
    how.processes = place->processes;
    assert_ok(guard_open(&place->ctx, &how, &place->guard));
}

static void close_place(struct place *place)
{
    processes_quiet(place->processes);
    guard_close(place->guard);
    processes_close(place->processes);
    store_close(place->store);
    ctx_end(&place->ctx);
}

static void open_both(struct place *one, struct place *two)
{
    struct store_options options = database_new(IN_POSTGRES);
    open_place(one, &options, "one");
    open_place(two, &options, "two");
}

static bool works(struct place *place, str secret)
{
    struct ctx ctx = {0};
    struct principal who;
    bool known = guard_api_key(&ctx, place->guard, secret, &who) == OK;
    ctx_end(&ctx);
    return known;
}

/* Waits until the other process has heard of a change; a test that waits for ever is ended by its runner. */
static void wait_until(struct place *place, str secret, bool known)
{
    const struct timespec pause = {.tv_nsec = 1000 * 1000};
    while (works(place, secret) != known) {
        nanosleep(&pause, NULL);
    }
}

static str new_key(struct place *place, struct key *key)
{
    struct principal who = guard_local();
    static str read[] = {{"read", 4}};
    str secret;
    *key = (struct key){.name = STR("a key"), .kind = KEY_API, .scopes = {read, 1}};
    assert_ok(key_create(&place->ctx, place->guard, &who, key, &secret));
    return secret;
}

TEST_POSTGRES(a_key_made_or_removed_by_one_process_is_known_or_unknown_to_the_other)
{
    struct place one, two;
    struct key key, removed;
    open_both(&one, &two);
    str secret = new_key(&one, &key);
    wait_until(&two, secret, true);
    assert_ok(key_remove(&two.ctx, two.guard, key.id, &removed));
    assert_false(works(&two, secret));
    wait_until(&one, secret, false);
    close_place(&one);
    close_place(&two);
}

TEST_POSTGRES(what_was_changed_while_nobody_could_hear_is_read_again)
{
    struct place one;
    struct key key;
    struct store_options options = database_new(IN_POSTGRES);
    open_place(&one, &options, "one");
    str secret = new_key(&one, &key);
    // Without a word to anybody, and while every connection is lost.
    (void)postgres_do(options.url, "DELETE FROM keys; SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                   "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    wait_until(&one, secret, false);
    close_place(&one);
}

TEST_POSTGRES(keys_of_somebody_who_was_deactivated_end_in_the_other_process)
{
    struct place one, two;
    struct key key;
    struct user user = {.email = STR("an@cham.vn"), .name = STR("An"), .role = ROLE_ANALYST};
    static str read[] = {{"read", 4}};
    str secret;
    open_both(&one, &two);
    assert_ok(user_create(&one.ctx, one.guard, &user));
    struct principal who = {.asker = ASKER_USER, .id = user.id, .name = user.email};
    key = (struct key){.name = STR("a key"), .kind = KEY_API, .scopes = {read, 1}};
    assert_ok(user_password(&one.ctx, one.guard, user.id, STR("a long password")));
    struct user owner = {.email = STR("binh@cham.vn"), .name = STR("Bình"), .role = ROLE_OWNER};
    assert_ok(user_create(&one.ctx, one.guard, &owner));
    assert_ok(user_password(&one.ctx, one.guard, owner.id, STR("a long password")));
    assert_ok(key_create(&one.ctx, one.guard, &who, &key, &secret));
    wait_until(&two, secret, true);
    user.active = false;
    assert_ok(user_change(&one.ctx, one.guard, &user));
    wait_until(&two, secret, false);
    close_place(&one);
    close_place(&two);
}

static err remove_and_fail(struct ctx *ctx, struct store *store, void *arg)
{
    struct place *place = ((void **)arg)[0];
    struct key removed;
    (void)store;
    TRY(key_remove(ctx, place->guard, *(i64 *)((void **)arg)[1], &removed));
    return ERR_INVALID;
}

TEST_POSTGRES(a_key_whose_removal_was_taken_back_still_works_everywhere)
{
    struct place one, two;
    struct key key, other;
    open_both(&one, &two);
    str secret = new_key(&one, &key);
    wait_until(&two, secret, true);
    void *what[] = {&two, &key.id};
    assert_int_equal(guard_transaction(&two.ctx, two.guard, remove_and_fail, what), ERR_INVALID);
    wait_until(&one, new_key(&two, &other), true); // whatever was told before has been heard
    assert_true(works(&one, secret) && works(&two, secret));
    close_place(&one);
    close_place(&two);
}

TEST_POSTGRES(tries_are_counted_over_both_processes)
{
    struct place one, two;
    open_both(&one, &two);
    for (i32 i = 0; i < 4; i++) {
        struct place *place = i % 2 == 0 ? &one : &two;
        assert_ok(tries_add(&place->ctx, place->guard, "x", STR("a"), 4, 60000));
    }
    assert_int_equal(tries_add(&one.ctx, one.guard, "x", STR("a"), 4, 60000), ERR_BUSY);
    assert_int_equal(tries_add(&two.ctx, two.guard, "x", STR("a"), 4, 60000), ERR_BUSY);
    ctx_forgive(&one.ctx);
    ctx_forgive(&two.ctx);
    assert_ok(guard_rate(&two.ctx, two.guard, "x", STR("b"), 4));
    tries_clear(two.guard, "x", STR("a"));
    const struct timespec pause = {.tv_nsec = 1000 * 1000};
    while (tries_add(&one.ctx, one.guard, "x", STR("a"), 4, 60000) != OK) { // until it has heard that they were cleared
        ctx_forgive(&one.ctx);
        nanosleep(&pause, NULL);
    }
    close_place(&one);
    close_place(&two);
}

struct trying {
    struct place *place;
    i64 allowed;
};

static void *try_often(void *arg)
{
    struct trying *trying = arg;
    for (i32 i = 0; i < 50; i++) {
        struct ctx ctx = {0};
        trying->allowed += tries_add(&ctx, trying->place->guard, "x", STR("a"), 20, 60000) == OK;
        ctx_end(&ctx);
    }
    return NULL;
}

TEST_POSTGRES(tries_at_the_same_moment_are_not_more_than_allowed)
{
    enum { THREADS = 4 };
    struct place places[2];
    struct trying trying[THREADS] = {0};
    pthread_t threads[THREADS];
    i64 allowed = 0;
    open_both(&places[0], &places[1]);
    for (i64 i = 0; i < THREADS; i++) {
        trying[i].place = &places[i % 2];
        assert_int_equal(pthread_create(&threads[i], NULL, try_often, &trying[i]), 0);
    }
    for (i64 i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        allowed += trying[i].allowed;
    }
    assert_int_equal(allowed, 20);
    close_place(&places[0]);
    close_place(&places[1]);
}

static void *write_audit(void *arg)
{
    struct place *place = arg;
    struct principal who = guard_local();
    i64 written = 0;
    for (i32 i = 0; i < 40; i++) {
        struct ctx ctx = {0};
        struct audit what = {STR("x"), STR("y"), STR(""), STR("")};
        written += audit_add(&ctx, place->guard, &who, &what) == OK;
        ctx_end(&ctx);
    }
    return written == 40 ? arg : NULL;
}

TEST_POSTGRES(both_processes_write_one_unbroken_audit_log)
{
    struct place places[2];
    pthread_t threads[2];
    struct shape_list entries;
    open_both(&places[0], &places[1]);
    for (i64 i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, write_audit, &places[i]), 0);
    }
    for (i64 i = 0; i < 2; i++) {
        void *well;
        pthread_join(threads[i], &well);
        assert_non_null(well);
    }
    assert_ok(audit_verify(&places[0].ctx, places[0].guard));
    assert_ok(audit_list(&places[1].ctx, places[1].guard, 0, 100, &entries));
    assert_int_equal(entries.count, 80);
    close_place(&places[0]);
    close_place(&places[1]);
}

struct accepting {
    struct place *place;
    str token;
    bool accepted;
};

static void *accept_link(void *arg)
{
    struct accepting *accepting = arg;
    struct ctx ctx = {0};
    i64 user;
    struct link_answer answer = {accepting->token, STR("owner@cham.vn"), STR("An"), STR("a long password")};
    accepting->accepted = link_accept(&ctx, accepting->place->guard, &answer, &user) == OK;
    ctx_end(&ctx);
    return NULL;
}

TEST_POSTGRES(a_one_time_link_is_used_once_and_its_session_is_known_to_both)
{
    struct place places[2];
    struct accepting accepting[2];
    pthread_t threads[2];
    str token;
    open_both(&places[0], &places[1]);
    assert_ok(link_create(&places[0].ctx, places[0].guard, LINK_OWNER, 0, &token));
    for (i64 i = 0; i < 2; i++) {
        accepting[i] = (struct accepting){&places[i], token, false};
        assert_int_equal(pthread_create(&threads[i], NULL, accept_link, &accepting[i]), 0);
    }
    for (i64 i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_true(accepting[0].accepted != accepting[1].accepted);
    struct principal who;
    struct sign_in with = {STR("owner@cham.vn"), STR("a long password"), STR("127.0.0.1")};
    assert_ok(guard_sign_in(&places[0].ctx, places[0].guard, &with, &token, &who));
    assert_ok(guard_session(&places[1].ctx, places[1].guard, token, &who));
    assert_ok(guard_sign_out(&places[1].ctx, places[1].guard, &who));
    assert_int_equal(guard_session(&places[0].ctx, places[0].guard, token, &who), ERR_UNAUTHENTICATED);
    close_place(&places[0]);
    close_place(&places[1]);
}
