/* Several processes over the same records: each `struct people` stands for a process. What they come to must be what one process
 * alone comes to, whatever they interleave, lose, repeat, delete and forget. */
#include "people/people.h"

#include "databases.h"

#include "base/random.h"
#include "people/state.h"

#include <stdio.h>
#include <stdlib.h>

enum { PROCESSES = 3, WAITING_MAX = 12, GROUP_MAX = 4, EVENTS_MAX = 400, TOLD_MAX = 512 };

/* The table in the log's server. */
struct told {
    struct moved items[TOLD_MAX];
    i64 versions[TOLD_MAX];
    i64 count, calls;
    bool away;
};

static err put_moved(void *self, struct ctx *ctx, const struct moved *items, i64 count, i64 version)
{
    struct told *told = self;
    told->calls++;
    if (told->away) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.events_away");
    }
    for (i64 i = 0; i < count; i++) {
        i64 at = 0;
        while (at < told->count && told->items[at].alias_id != items[i].alias_id) {
            at++;
        }
        assert_true(at < TOLD_MAX);
        if (at == told->count || told->versions[at] <= version) {
            told->items[at] = items[i];
            told->versions[at] = version;
            told->count = greater(told->count, at + 1);
        }
    }
    return OK;
}

static i64 told_person(const struct told *told, i64 alias_id)
{
    for (i64 i = 0; i < told->count; i++) {
        if (told->items[i].alias_id == alias_id) {
            return told->items[i].person;
        }
    }
    return alias_id;
}

/* A group that was prepared and not followed yet. */
struct waiting {
    struct event items[GROUP_MAX];
    i64 count;
    i32 process;
};

struct world {
    struct ctx ctx, text;
    struct dice dice;
    struct store *alone_store;
    struct people *alone;
    struct store *stores[PROCESSES];
    struct people *people[PROCESSES];
    str url;
    struct told told;
    struct waiting waiting[WAITING_MAX];
    i64 waiting_count;
    i64 event_id;
    i64 ids[EVENTS_MAX];
    i64 id_count;
};

static void open_process(struct world *world, i32 process)
{
    assert_ok(store_open(&world->ctx, &(struct store_options){.url = world->url}, &world->stores[process]));
    assert_ok(people_open(&world->ctx, world->stores[process], &world->people[process]));
    people_tell_moves(world->people[process], &(struct people_moving){put_moved, &world->told});
}

static void close_process(struct world *world, i32 process)
{
    people_close(world->people[process]);
    store_close(world->stores[process]);
}

static void open_world(struct world *world, u64 seed)
{
    memset(world, 0, sizeof *world);
    world->dice = dice_new(seed, 1);
    world->url = postgres_new();
    struct store_options alone = database_new(IN_SQLITE);
    assert_ok(store_open(&world->ctx, &alone, &world->alone_store));
    assert_ok(people_open(&world->ctx, world->alone_store, &world->alone));
    for (i32 i = 0; i < PROCESSES; i++) {
        open_process(world, i);
    }
    world->event_id = 1000;
}

static void close_world(struct world *world)
{
    for (i32 i = 0; i < PROCESSES; i++) {
        close_process(world, i);
    }
    people_close(world->alone);
    store_close(world->alone_store);
    ctx_end(&world->ctx);
    ctx_end(&world->text);
}

/* Drawing. */

static str draw_name(struct world *world, const char *kind, i64 most)
{
    return str_format(&world->text.arena, "%s%lld", kind, (long long)dice_below(&world->dice, most));
}

static void draw_member(struct world *world, struct json_writer *out, const char *name, str value)
{
    json_key(out, str_from(name));
    json_put_str(out, value);
    (void)world;
}

static str draw_props(struct world *world)
{
    struct dice *dice = &world->dice;
    struct json_writer out = json_writer_in(&world->text.arena);
    json_object(&out);
    json_key(&out, STR("$"));
    json_object(&out);
    draw_member(world, &out, "trust", dice_below(dice, 3) == 0 ? STR("browser") : STR("server"));
    if (dice_below(dice, 2) == 0) {
        draw_member(world, &out, "anonymous", draw_name(world, "x", 8));
    }
    if (dice_below(dice, 4) == 0) {
        draw_member(world, &out, "email", draw_name(world, "e@a.v", 4));
    }
    if (dice_below(dice, 5) == 0) {
        draw_member(world, &out, "phone", draw_name(world, "+8490", 3));
    }
    if (dice_below(dice, 5) == 0) {
        draw_member(world, &out, "previous", draw_name(world, "x", 8));
    }
    if (dice_below(dice, 3) == 0) {
        json_key(&out, STR("traits"));
        json_object(&out);
        draw_member(world, &out, "tier", draw_name(world, "hạng ", 2));
        if (dice_below(dice, 2) == 0) {
            draw_member(world, &out, "name", draw_name(world, "Nguyễn Ánh ", 2));
        }
        json_object_end(&out);
    }
    json_object_end(&out);
    json_object_end(&out);
    return json_text(&out);
}

static struct event draw_event(struct world *world)
{
    struct dice *dice = &world->dice;
    bool user = dice_below(dice, 2) == 0;
    struct event event = {
        .id = ++world->event_id,
        .at_ms = 1700000000000 + dice_below(dice, 40),
        .alias = draw_name(world, user ? "user:x" : "anon:x", user ? 5 : 8),
        .kind = STR("page"),
        .props = dice_below(dice, 4) > 0 ? draw_props(world) : STR_NONE,
    };
    if (dice_below(dice, 20) == 0) {
        event.alias = STR_NONE;
    }
    world->ids[world->id_count++] = event.id;
    return event;
}

/* A transaction around what a process does, that may fail at its end. */
struct attempt {
    struct people *people;
    struct event *items;
    i64 count;
    bool prepares, follows, fails;
};

static err attempt(struct ctx *ctx, [[maybe_unused]] struct store *store, void *arg)
{
    const struct attempt *attempt = arg;
    if (attempt->prepares) {
        TRY(people_prepare(attempt->people, ctx, attempt->items, attempt->count));
    }
    if (attempt->follows) {
        struct event_follower follower = people_follower(attempt->people);
        TRY(follower.follow(follower.self, ctx, attempt->items, attempt->count));
    }
    return attempt->fails ? ERR_BUSY : OK;
}

static void try_it(struct world *world, i32 process, struct attempt *what)
{
    what->people = world->people[process];
    what->fails = dice_below(&world->dice, 6) == 0;
    err code = store_write(&world->ctx, world->stores[process], attempt, what);
    assert_int_equal(code, what->fails ? ERR_BUSY : OK);
    if (what->fails) {
        what->fails = false;
        assert_ok(store_write(&world->ctx, world->stores[process], attempt, what));
    }
}

static void follow_waiting(struct world *world)
{
    i64 at = dice_below(&world->dice, world->waiting_count);
    struct waiting group = world->waiting[at];
    bool orphan = dice_below(&world->dice, 8) == 0; // another process takes it over
    i32 process = orphan ? (i32)dice_below(&world->dice, PROCESSES) : group.process;
    try_it(world, process, &(struct attempt){.items = group.items, .count = group.count, .follows = true});
    if (dice_below(&world->dice, 8) > 0) { // else it comes once more
        world->waiting[at] = world->waiting[--world->waiting_count];
    }
    if (dice_below(&world->dice, 3) == 0) {
        world->told.away = dice_below(&world->dice, 5) == 0;
        err code = people_settle(world->people[process], &world->ctx);
        assert_true(code == OK || world->told.away);
        world->told.away = false;
    }
}

static void live(struct world *world)
{
    struct waiting group = {.process = (i32)dice_below(&world->dice, PROCESSES)};
    struct event copy[GROUP_MAX];
    group.count = 1 + dice_below(&world->dice, GROUP_MAX);
    for (i64 i = 0; i < group.count; i++) {
        copy[i] = group.items[i] = draw_event(world);
    }
    struct event_follower follower = people_follower(world->alone);
    assert_ok(follower.follow(follower.self, &world->ctx, copy, group.count));
    // The end of one group and the beginning of the next may be one transaction.
    bool both = dice_below(&world->dice, 6) == 0;
    try_it(world, group.process,
           &(struct attempt){.items = group.items, .count = group.count, .prepares = true, .follows = both});
    for (i64 i = 0; i < group.count; i++) {
        assert_true((group.items[i].alias.len == 0) == (group.items[i].alias_id == 0));
    }
    if (!both) {
        while (world->waiting_count == WAITING_MAX) {
            follow_waiting(world);
        }
        world->waiting[world->waiting_count++] = group;
    }
}

static void restart_somebody(struct world *world)
{
    i32 process = (i32)dice_below(&world->dice, PROCESSES);
    close_process(world, process);
    open_process(world, process);
}

static void live_long(struct world *world, i64 groups)
{
    for (i64 i = 0; i < groups; i++) {
        live(world);
        while (world->waiting_count > 0 && dice_below(&world->dice, 2) == 0) {
            follow_waiting(world);
        }
        if (dice_below(&world->dice, 10) == 0) {
            restart_somebody(world);
        }
        if (dice_below(&world->dice, 6) == 0) {
            assert_ok(people_catch_up(&world->ctx, world->people[dice_below(&world->dice, PROCESSES)]));
        }
    }
    while (world->waiting_count > 0) {
        follow_waiting(world);
    }
}

static void forget_some(struct world *world)
{
    i64 ids[EVENTS_MAX], count = 0;
    for (i64 i = 0; i < world->id_count; i++) {
        if (dice_below(&world->dice, 6) == 0) {
            ids[count++] = world->ids[i];
        }
    }
    i64 half = dice_below(&world->dice, count + 1);
    assert_ok(people_forget(world->alone, &world->ctx, ids, count));
    assert_ok(people_forget(world->people[0], &world->ctx, ids, half));
    assert_ok(people_forget(world->people[1], &world->ctx, ids + half, count - half));
    if (dice_below(&world->dice, 2) == 0) {
        // What was removed is remembered no longer: whoever has not heard of it compares everything.
        assert_ok(people_catch_up(&world->ctx, world->people[0]));
        struct store_args number = ARGS(ARG_I64("number", world->people[0]->known.number));
        assert_ok(store_run(&world->ctx, world->stores[0], SQL_PEOPLE_GONE_TRIM, number, NULL));
        assert_ok(store_run(&world->ctx, world->stores[0], SQL_PEOPLE_WHOLE, number, NULL));
    }
}

/* Comparing. */

static bool same_person(const struct identity *identity, str a, str b)
{
    return identity_person(identity, identity_find(identity, a)) ==
           identity_person(identity, identity_find(identity, b));
}

/* Two memories: the same aliases, the same people. */
static void compare_memories(struct people *a, struct people *b)
{
    const struct identity *x = people_identity(a), *y = people_identity(b);
    str first[64];
    i64 people = 0, aliases = 0, others = 0;
    for (alias_no no = 1; no <= identity_count(y); no++) {
        others += str_is(identity_text(y, no));
    }
    for (alias_no no = 1; no <= identity_count(x); no++) {
        str text = identity_text(x, no);
        if (!str_is(text)) {
            continue;
        }
        aliases++;
        assert_true(identity_find(y, text) != 0);
        for (i64 i = 0; i < people; i++) {
            assert_int_equal(same_person(x, text, first[i]), same_person(y, text, first[i]));
        }
        if (identity_person(x, no) == no) {
            assert_true(people < 64);
            first[people++] = text;
        }
    }
    assert_int_equal(aliases, others);
}

static void compare_persons(struct world *world, struct people *a, struct people *b)
{
    const struct identity *x = people_identity(a);
    for (alias_no no = 1; no <= identity_count(x); no++) {
        struct person here, there;
        i64 id;
        str text = identity_text(x, no);
        if (!str_is(text)) {
            continue;
        }
        assert_ok(people_get(&world->ctx, a, identity_id(x, no), &here));
        assert_ok(people_resolve(&world->ctx, b, text, &id));
        assert_ok(people_get(&world->ctx, b, id, &there));
        assert_true(str_eq(here.traits, there.traits));
        assert_int_equal(here.aliases.count, there.aliases.count);
    }
}

static void compare_told(struct world *world, struct people *people)
{
    const struct identity *identity = people_identity(people);
    for (alias_no no = 1; no <= identity_count(identity); no++) {
        if (str_is(identity_text(identity, no))) {
            assert_int_equal(told_person(&world->told, identity_id(identity, no)),
                             identity_id(identity, identity_person(identity, no)));
        }
    }
}

static void compare(struct world *world)
{
    for (i32 i = 0; i < PROCESSES; i++) {
        assert_ok(people_catch_up(&world->ctx, world->people[i]));
        compare_memories(world->alone, world->people[i]);
        compare_told(world, world->people[i]);
    }
    compare_persons(world, world->alone, world->people[0]);
    i32 fresh = (i32)dice_below(&world->dice, PROCESSES);
    close_process(world, fresh);
    open_process(world, fresh);
    compare_memories(world->people[0], world->people[(fresh + 1) % PROCESSES]);
    compare_memories(world->people[fresh], world->people[(fresh + 1) % PROCESSES]);
    ctx_reset(&world->ctx);
}

TEST_POSTGRES(processes_come_to_the_same_people_as_one_alone)
{
    const char *wanted = getenv("SEED");
    for (u64 seed = 1; seed <= (wanted != NULL ? 1 : 4); seed++) {
        struct world *world = mem_new(sizeof *world);
        u64 chosen = wanted != NULL ? strtoull(wanted, NULL, 10) : seed;
        print_message("seed %llu\n", (unsigned long long)chosen);
        open_world(world, chosen);
        live_long(world, 30);
        compare(world);
        forget_some(world);
        compare(world);
        live_long(world, 15);
        compare(world);
        close_world(world);
        mem_free(world);
    }
}
