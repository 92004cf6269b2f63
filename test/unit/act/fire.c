#include "act/act.h"

#include "act/actions.h"
#include "act/runs.h"
#include "act/state.h"
#include "base/id.h"
#include "databases.h"
#include "store/jobs.h"

#include <unistd.h>

enum { PEOPLE = 400 };

/* Records, a log with people in it, and the room without its threads. */
struct world {
    struct ctx ctx;
    struct store *store;
    struct people *people;
    struct events *log;
    struct event_follower followers[2];
    struct act *act;
    struct rule rule;
};

static void live(struct world *world, i64 count)
{
    static struct event events[PEOPLE];
    static u8 outcomes[PEOPLE];
    for (i64 i = 0; i < count; i++) {
        events[i] = (struct event){
            .at_ms = ctx_now_ms(&world->ctx),
            .source = STR("test"),
            .alias = str_format(&world->ctx.arena, "user:P%lld", (long long)i),
            .kind = STR("Order Delivered"),
            .props = STR("{\"order\":\"D-1\"}"),
        };
    }
    assert_ok(events_append(&world->ctx, world->log, events, count, outcomes));
}

/* A pointer, as followers keep their own. */
static struct world *new_world(enum database database, struct rule rule)
{
    struct world *world = mem_new(sizeof *world);
    struct ctx *ctx = &world->ctx;
    const char *folder = test_folder();
    struct store_options options = database == IN_POSTGRES ? database_new(database)
                                                           : (struct store_options){.folder = str_from(folder)};
    assert_ok(store_open(ctx, &options, &world->store));
    assert_ok(people_open(ctx, world->store, &world->people));
    world->act = act_open(&(struct act_options){.store = world->store, .people = world->people});
    actions_add(world->act);
    world->followers[0] = people_follower(world->people);
    world->followers[1] = act_follower(world->act);
    struct events_options log = {
        .folder = str_from(folder), .followers = world->followers, .follower_count = 2, .reserve_bytes = -1};
    assert_ok(events_open(ctx, &log, &world->log));
    assert_ok(act_start(ctx, world->act, world->log, NULL));
    world->rule = rule;
    world->rule.by = STR("test");
    world->rule.name = STR("Thử");
    world->rule.actions = str_is(rule.actions) ? rule.actions : STR("[{\"do\":\"notify\",\"role\":\"agent\"}]");
    world->rule.condition = STR("[]");
    world->rule.enabled = true;
    assert_ok(rule_add(ctx, world->store, &world->rule));
    return world;
}

static void end_world(struct world *world)
{
    events_close(world->log);
    act_stop(world->act);
    act_close(world->act);
    people_close(world->people);
    store_close(world->store);
    ctx_end(&world->ctx);
    mem_free(world);
}

struct causing {
    struct world *world;
    const char *cause;
    i64 count;
};

/* A run for each person. */
static err put_runs(struct ctx *ctx, struct store *store, void *arg)
{
    const struct causing *causing = arg;
    for (i64 i = 0; i < causing->count; i++) {
        struct run_new run = {
            .rule = causing->world->rule.id,
            .cause = str_format(&ctx->arena, "%s:%lld", causing->cause, (long long)i),
            .alias = str_format(&ctx->arena, "user:P%lld", (long long)i),
        };
        TRY(run_put(ctx, store, &run));
    }
    return OK;
}

static void carry_out_all(struct world *world)
{
    for (;;) {
        struct ctx ctx = {0};
        struct job job;
        err code = job_take(&ctx, world->store, STR(RUN_JOBS), &job);
        if (code == OK) {
            assert_ok(run_carry_out(&ctx, world->act, &job));
        }
        ctx_end(&ctx);
        if (code != OK) {
            assert_int_equal(code, ERR_EMPTY);
            return;
        }
    }
}

static void set_off(struct world *world, const char *cause, i64 count)
{
    struct causing causing = {world, cause, count};
    assert_ok(store_write(&world->ctx, world->store, put_runs, &causing));
    carry_out_all(world);
}

/* How the runs of a cause ended, a letter for each person: '+' where it fired. */
static void outcomes_of(struct world *world, const char *cause, i64 count, char *out)
{
    struct shape_list list;
    struct runs_wanted all = {.rule = world->rule.id, .limit = 4 * PEOPLE};
    assert_ok(runs_list(&world->ctx, world->act, &all, &list));
    const struct run_shown *runs = list.items;
    memset(out, '?', (size_t)count);
    for (i64 i = 0; i < list.count; i++) {
        str rest = runs[i].cause;
        i64 person;
        if (str_eq(str_cut(&rest, ':'), str_from(cause)) && str_i64(rest, &person) && person < count) {
            out[person] = str_eq(runs[i].outcome, STR("fired")) ? '+' : runs[i].outcome.data[0];
        }
    }
    out[count] = 0;
}

static i64 count_of(const char *outcomes, char letter)
{
    i64 count = 0;
    for (; *outcomes != 0; outcomes++) {
        count += *outcomes == letter ? 1 : 0;
    }
    return count;
}

TEST(a_share_is_of_the_size_it_says_and_takes_the_same_people_always)
{
    enum { MANY = 20000 };
    i64 taken[3] = {0};
    static const f64 shares[] = {0.05, 0.5, 0.9};
    for (i64 person = 1; person <= MANY; person++) {
        bool before = false;
        for (i64 k = 0; k < countof(shares); k++) {
            bool sampled = rule_samples(7, shares[k], person, STR("cause"));
            assert_true(sampled == rule_samples(7, shares[k], person, STR("another cause")));
            assert_true(sampled || !before); // whoever is in a small share is in a larger one
            before = sampled;
            taken[k] += sampled ? 1 : 0;
        }
    }
    for (i64 k = 0; k < countof(shares); k++) {
        assert_near((f64)taken[k] / MANY, shares[k], 0.015);
    }
    assert_true(rule_samples(7, 1, 1, STR("x")));
    assert_false(rule_samples(7, 0, 1, STR("x")));
}

TEST(two_rules_share_out_people_independently)
{
    enum { MANY = 20000 };
    i64 both = 0;
    for (i64 person = 1; person <= MANY; person++) {
        both += rule_samples(7, 0.5, person, STR_NONE) && rule_samples(8, 0.5, person, STR_NONE) ? 1 : 0;
    }
    assert_near((f64)both / MANY, 0.25, 0.015);
}

TEST_BOTH(whoever_is_held_out_by_lot_stays_out_and_the_share_is_right)
{
    struct rule rule = {.when = STR("{\"alert\":[\"spike\"]}"), .share = 1, .hold_out = 0.3};
    struct world *world = new_world(database, rule);
    static char first[PEOPLE + 1], second[PEOPLE + 1];
    live(world, PEOPLE);
    set_off(world, "one", PEOPLE);
    set_off(world, "two", PEOPLE);
    outcomes_of(world, "one", PEOPLE, first);
    outcomes_of(world, "two", PEOPLE, second);
    assert_string_equal(first, second);
    assert_int_equal(count_of(first, '+') + count_of(first, 'h'), PEOPLE);
    assert_near((f64)count_of(first, 'h') / PEOPLE, 0.3, 0.12); // five standard deviations of a lot of 400
    end_world(world);
}

TEST_BOTH(a_rule_that_fires_once_is_repeated_for_the_same_person_alone)
{
    struct rule rule = {.when = STR("{\"alert\":[\"spike\"]}"),
                        .share = 1,
                        .once = STR("{\"per\":\"person\",\"in\":\"30d\"}")};
    struct world *world = new_world(database, rule);
    char outcomes[4];
    live(world, 3);
    set_off(world, "one", 2);
    outcomes_of(world, "one", 2, outcomes);
    assert_string_equal(outcomes, "++");
    set_off(world, "two", 3);
    outcomes_of(world, "two", 3, outcomes);
    assert_string_equal(outcomes, "rr+");
    end_world(world);
}

TEST_BOTH(a_run_waits_for_as_long_as_its_rule_says)
{
    struct rule rule = {.when = STR("{\"event\":[{\"field\":\"kind\",\"is\":[\"Order Delivered\"]}]}"),
                        .share = 1,
                        .wait = STR("2h")};
    struct world *world = new_world(database, rule);
    struct run_shown *run;
    struct job job;
    struct shape_list runs = {0};
    i64 from_ms = ctx_now_ms(&world->ctx);
    live(world, 1);
    for (int i = 0; i < 2000 && runs.count == 0; i++) {
        assert_ok(runs_list(&world->ctx, world->act, &(struct runs_wanted){.limit = 9}, &runs));
        (void)usleep(5000);
    }
    assert_int_equal(runs.count, 1);
    run = runs.items;
    assert_string_equal(str_c(&world->ctx.arena, run->outcome), "waiting");
    assert_true(run->due_ms >= from_ms + 2 * 3600 * 1000 && run->due_ms < from_ms + 2 * 3600 * 1000 + 60 * 1000);
    assert_int_equal(job_take(&world->ctx, world->store, STR(RUN_JOBS), &job), ERR_EMPTY);
    end_world(world);
}

TEST_BOTH(a_run_without_anything_to_tell_has_not_fired)
{
    struct rule rule = {.when = STR("{\"alert\":[\"spike\"]}"),
                        .share = 1,
                        .actions = STR("[{\"do\":\"webhook\",\"target\":\"00000000000000000000000001\"}]")};
    struct world *world = new_world(database, rule);
    char outcomes[2];
    live(world, 1);
    set_off(world, "one", 1);
    outcomes_of(world, "one", 1, outcomes);
    assert_string_equal(outcomes, "u"); // the target is gone
    end_world(world);
}
