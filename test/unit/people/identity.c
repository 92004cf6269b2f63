#include "test.h"

#include "base/arena.h"
#include "base/random.h"
#include "people/identity.h"

static alias_no put(struct identity *identity, const char *text, i64 id)
{
    return identity_put(identity, str_from(text), id);
}

static bool same(const struct identity *identity, alias_no a, alias_no b)
{
    return identity_person(identity, a) == identity_person(identity, b);
}

TEST(an_alias_is_a_person_of_its_own_until_linked)
{
    struct identity *identity = identity_new();
    alias_no a = put(identity, "anon:A1", 10), u = put(identity, "user:U1", 11);
    assert_int_equal(put(identity, "anon:A1", 99), a);
    assert_int_equal(identity_find(identity, STR("user:U1")), u);
    assert_int_equal(identity_find(identity, STR("user:U2")), 0);
    assert_int_equal(identity_put(identity, STR(""), 12), 0);
    assert_false(same(identity, a, u));
    assert_true(identity_link(identity, &(struct link){a, u, 5, 100, LINK_SEEN_TOGETHER}));
    assert_true(same(identity, a, u));
    assert_int_equal(identity_person(identity, u), a);
    assert_int_equal(identity_of_id(identity, 11), u);
    assert_int_equal(identity_of_id(identity, 12), 0);
    identity_free(identity);
}

TEST(two_user_ids_never_join_through_a_shared_device)
{
    struct identity *identity = identity_new();
    alias_no a = put(identity, "anon:A1", 1), u = put(identity, "user:U1", 2), v = put(identity, "user:U2", 3);
    identity_link(identity, &(struct link){u, a, 10, 100, LINK_SEEN_TOGETHER});
    assert_false(identity_link(identity, &(struct link){v, a, 20, 101, LINK_SEEN_TOGETHER}));
    assert_true(same(identity, a, u));
    assert_false(same(identity, u, v));
    identity_free(identity);
}

TEST(two_user_ids_never_join_through_a_shared_address)
{
    struct identity *identity = identity_new();
    alias_no e = put(identity, "email:nha@a.vn", 1), u = put(identity, "user:U1", 2);
    alias_no v = put(identity, "user:U2", 3), a = put(identity, "anon:A1", 4);
    identity_link(identity, &(struct link){u, e, 10, 100, LINK_VERIFIED});
    identity_link(identity, &(struct link){v, a, 11, 101, LINK_SEEN_TOGETHER});
    identity_link(identity, &(struct link){a, e, 12, 102, LINK_VERIFIED});
    assert_false(same(identity, u, v));
    identity_free(identity);
}

TEST(a_server_may_name_two_user_ids_as_one)
{
    struct identity *identity = identity_new();
    alias_no u = put(identity, "user:U1", 2), v = put(identity, "user:U2", 3);
    assert_true(identity_link(identity, &(struct link){u, v, 10, 100, LINK_SAME_USER}));
    assert_true(same(identity, u, v));
    identity_free(identity);
}

TEST(a_claim_joins_nothing)
{
    struct identity *identity = identity_new();
    alias_no u = put(identity, "user:U1", 2), e = put(identity, "email:x@y.vn", 3);
    assert_false(identity_link(identity, &(struct link){u, e, 10, 100, LINK_CLAIM}));
    assert_false(same(identity, u, e));
    identity_free(identity);
}

TEST(separating_gives_both_persons_back)
{
    struct identity *identity = identity_new();
    alias_no a = put(identity, "anon:A1", 1), u = put(identity, "user:U1", 2);
    identity_link(identity, &(struct link){a, u, 10, 100, LINK_SEEN_TOGETHER});
    identity_unlink(identity, 100);
    assert_false(same(identity, a, u));
    assert_int_equal(identity_person(identity, u), u);
    assert_int_equal(identity_next(identity, a), a);
    identity_free(identity);
}

TEST(a_forgotten_alias_leaves_no_text_and_can_come_again)
{
    struct identity *identity = identity_new();
    alias_no a = put(identity, "anon:A1", 1), u = put(identity, "user:U1", 2), b = put(identity, "anon:B1", 3);
    identity_link(identity, &(struct link){a, u, 10, 100, LINK_SEEN_TOGETHER});
    identity_link(identity, &(struct link){b, u, 11, 101, LINK_SEEN_TOGETHER});
    identity_forget(identity, u);
    assert_int_equal(identity_find(identity, STR("user:U1")), 0);
    assert_false(str_is(identity_text(identity, u)));
    assert_false(same(identity, a, b));
    alias_no again = put(identity, "user:U1", 9);
    assert_true(again != u);
    assert_int_equal(identity_find(identity, STR("user:U1")), again);
    identity_free(identity);
}

/* The rule, written as plainly as it can be: sort the links, join where at most one user id results. */
static void slow_persons(const struct link *links, i64 count, const bool *user, i32 aliases, i32 *person)
{
    bool done[64] = {false};
    for (i32 i = 1; i <= aliases; i++) {
        person[i] = i;
    }
    for (i64 step = 0; step < count; step++) {
        i64 next = -1;
        for (i64 k = 0; k < count; k++) {
            if (!done[k] && (next < 0 || links[k].at_ms < links[next].at_ms ||
                             (links[k].at_ms == links[next].at_ms && links[k].event < links[next].event))) {
                next = k;
            }
        }
        done[next] = true;
        i32 a = person[links[next].a], b = person[links[next].b], users_a = 0, users_b = 0;
        for (i32 i = 1; i <= aliases; i++) {
            users_a += person[i] == a && user[i];
            users_b += person[i] == b && user[i];
        }
        if (a != b && (links[next].kind == LINK_SAME_USER || users_a == 0 || users_b == 0)) {
            for (i32 i = 1; i <= aliases; i++) {
                person[i] = person[i] == a || person[i] == b ? lesser(a, b) : person[i];
            }
        }
    }
}

enum { ALIASES = 12, LINKS = 18, ROUNDS = 2000 };

static struct identity *random_aliases(struct dice *dice, bool user[ALIASES + 1])
{
    struct identity *identity = identity_new();
    for (i32 i = 1; i <= ALIASES; i++) {
        char text[16];
        user[i] = dice_below(dice, 3) == 0;
        snprintf(text, sizeof text, "%s:%d", user[i] ? "user" : "anon", i);
        assert_int_equal(put(identity, text, i), i);
    }
    return identity;
}

static void random_links(struct dice *dice, const bool *user, struct link links[LINKS])
{
    for (i32 k = 0; k < LINKS; k++) {
        alias_no a = (alias_no)dice_below(dice, ALIASES) + 1;
        alias_no b = (alias_no)dice_below(dice, ALIASES - 1) + 1;
        b += b >= a;
        bool both = user[a] && user[b] && dice_below(dice, 4) == 0;
        links[k] = (struct link){a, b, dice_below(dice, 10), k, both ? LINK_SAME_USER : LINK_SEEN_TOGETHER};
    }
}

static void shuffle(struct dice *dice, struct link links[LINKS])
{
    for (i32 k = LINKS - 1; k > 0; k--) {
        i64 other = dice_below(dice, k + 1);
        struct link swap = links[k];
        links[k] = links[other];
        links[other] = swap;
    }
}

TEST(persons_do_not_depend_on_the_order_of_arrival)
{
    struct dice dice = dice_new(20261122, 1);
    for (i32 round = 0; round < ROUNDS; round++) {
        bool user[ALIASES + 1] = {false};
        struct link links[LINKS];
        i32 person[ALIASES + 1];
        struct identity *identity = random_aliases(&dice, user);
        random_links(&dice, user, links);
        slow_persons(links, LINKS, user, ALIASES, person);
        shuffle(&dice, links);
        for (i32 k = 0; k < LINKS; k++) {
            identity_link(identity, &links[k]);
        }
        for (i32 i = 1; i <= ALIASES; i++) {
            assert_int_equal(identity_person(identity, (alias_no)i), person[i]);
        }
        identity_free(identity);
    }
}

/* Snapshots. */

static void link_some(struct identity *identity, struct dice *dice, i64 from)
{
    u32 count = identity_count(identity);
    for (i64 i = from; i < from + 5; i++) {
        alias_no a = (alias_no)dice_below(dice, count) + 1, b = (alias_no)dice_below(dice, count) + 1;
        (void)identity_link(identity, &(struct link){a, b, i, i, LINK_VERIFIED});
        identity_unlink(identity, i - 12);
    }
}

TEST(a_snapshot_is_what_is_and_stays_so)
{
    struct identity *identity = identity_new();
    struct dice dice = dice_new(11, 1);
    struct persons *held = NULL;
    u32 held_count = 0;
    alias_no copy[2000];
    for (i64 round = 1; round < 200; round++) {
        char text[32];
        for (i64 i = 0; i < 9; i++) {
            snprintf(text, sizeof text, "anon:%lld-%lld", (long long)round, (long long)i);
            put(identity, text, round * 10 + i);
        }
        if (round % 3 != 0) {
            link_some(identity, &dice, round * 5);
        }
        u32 count;
        struct persons *now = identity_share(identity, &count);
        assert_int_equal(count, identity_count(identity));
        for (u32 no = 0; no <= count; no++) {
            assert_int_equal(now->person[no], identity_person(identity, no));
            assert_int_equal(now->next[no], identity_next(identity, no));
        }
        for (u32 no = 0; no <= held_count && held != NULL; no++) {
            assert_int_equal(held->person[no], copy[no]);
        }
        if (round % 17 == 0) {
            persons_leave(held);
            held = now;
            held_count = count;
            memcpy(copy, now->person, sizeof(alias_no) * (count + 1));
        } else {
            persons_leave(now);
        }
    }
    persons_leave(held);
    identity_free(identity);
}

/* What the watcher has heard. */
struct heard {
    const struct identity *identity;
    alias_no person[ALIASES + 1];
    i64 calls;
};

static void hear(void *self, alias_no alias)
{
    struct heard *heard = self;
    heard->person[alias] = identity_person(heard->identity, alias);
    heard->calls++;
}

TEST(a_watcher_knows_everybody_who_moved)
{
    struct dice dice = dice_new(4, 1);
    for (i32 round = 0; round < ROUNDS / 10; round++) {
        bool user[ALIASES + 1] = {false};
        struct link links[LINKS];
        struct identity *identity = random_aliases(&dice, user);
        struct heard heard = {.identity = identity};
        identity_watch(identity, hear, &heard);
        for (i32 i = 1; i <= ALIASES; i++) {
            heard.person[i] = (alias_no)i;
        }
        random_links(&dice, user, links);
        shuffle(&dice, links);
        for (i32 k = 0; k < LINKS; k++) {
            if (dice_below(&dice, 4) == 0) {
                identity_unlink_one(identity, &links[dice_below(&dice, LINKS)]);
            }
            identity_link(identity, &links[k]);
        }
        for (i32 i = 1; i <= ALIASES; i++) {
            assert_int_equal(heard.person[i], identity_person(identity, (alias_no)i));
        }
        identity_free(identity);
    }
}

TEST(a_review_leaves_what_is_true)
{
    struct dice dice = dice_new(5, 1);
    for (i32 round = 0; round < ROUNDS / 10; round++) {
        bool user[ALIASES + 1] = {false};
        struct link links[LINKS];
        i32 person[ALIASES + 1];
        struct identity *identity = random_aliases(&dice, user);
        random_links(&dice, user, links);
        for (i32 k = 0; k < LINKS; k++) {
            identity_link(identity, &links[k]);
        }
        random_links(&dice, user, links);
        bool again[LINKS];
        identity_review(identity);
        for (i32 k = 0; k < LINKS; k++) {
            again[k] = !identity_keep(identity, &links[k]);
        }
        identity_drop_rest(identity);
        for (i32 k = 0; k < LINKS; k++) {
            if (again[k]) {
                identity_link(identity, &links[k]);
            }
        }
        slow_persons(links, LINKS, user, ALIASES, person);
        for (i32 i = 1; i <= ALIASES; i++) {
            assert_int_equal(identity_person(identity, (alias_no)i), person[i]);
        }
        i64 count;
        alias_no *region = identity_region(identity, (const alias_no[]){1}, 1, &count);
        for (i64 i = 0; i < count; i++) {
            assert_true(region[i] >= 1 && region[i] <= ALIASES);
        }
        mem_free(region);
        identity_free(identity);
    }
}
