#include "test.h"

#include "journey/path.h"

/* Events named by letters; capital: may begin a path, and '!' behind one: may end it. */
struct walked {
    i64 rows[32], at_ms[32];
    u32 nodes[32];
    u8 marks[32];
    struct path_events events;
};

static void walk(const char *text, struct walked *out)
{
    *out = (struct walked){0};
    out->events = (struct path_events){0, out->rows, out->at_ms, out->nodes, out->marks};
    for (i64 at = 0; text[at] != 0; at++) {
        i64 i = out->events.count;
        if (text[at] == '!') {
            out->marks[i - 1] |= MARK_ENDS;
            continue;
        }
        bool capital = text[at] < 'a';
        out->rows[i] = i;
        out->nodes[i] = (u32)(text[at] | 32);
        out->marks[i] = capital ? MARK_BEGINS : 0;
        out->events.count++;
    }
}

TEST(the_kept_path_is_cut_as_the_question_says)
{
    static const struct {
        const char *events;
        struct path_rule rule;
        const char *kept;
        i64 first_step;
    } cases[] = {
        {"abca", {0}, "abca", 1},
        {"", {0}, "", 1},
        {"aabccba", {.collapse = true}, "abcba", 1},
        {"aabccba", {.collapse = true, .steps = 3}, "abc", 1},
        {"abCdCe", {.start = true}, "cdce", 1},
        {"abCdCe", {.start = true, .steps = 3}, "cdc", 1},
        {"abcd", {.start = true, .steps = 3}, "", 1},
        {"abc!dc!e", {.end = true, .steps = 5}, "abcdc", 1},
        {"abc!dc!e", {.end = true, .steps = 2}, "dc", 1},
        {"abc!", {.end = true, .steps = 5}, "abc", 3},
        {"c!", {.end = true, .steps = 5}, "c", 5},
        {"abcd", {.end = true, .steps = 5}, "", 1},
        {"aBcd!e", {.start = true, .end = true, .steps = 5}, "bcd", 1},
        {"aBcd!e", {.start = true, .end = true, .steps = 2}, "bc", 1},
        {"aB!cd", {.start = true, .end = true, .steps = 5}, "", 1},
        {"a!Bcd", {.start = true, .end = true, .steps = 5}, "", 1},
        {"aB!cb!d", {.start = true, .end = true, .steps = 5}, "bcb", 1},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct walked walked;
        walk(cases[i].events, &walked);
        struct path path = path_keep(&cases[i].rule, &walked.events);
        char kept[32] = {0};
        for (i64 at = path.from; at < path.to; at++) {
            kept[at - path.from] = (char)walked.nodes[at];
        }
        assert_string_equal(kept, cases[i].kept);
        assert_int_equal(path.first_step, cases[i].first_step);
    }
}

TEST(of_equal_neighbours_the_first_stays)
{
    struct walked walked;
    walk("aabb", &walked);
    struct path path = path_keep(&(struct path_rule){.collapse = true}, &walked.events);
    assert_int_equal(path.to, 2);
    assert_int_equal(walked.rows[0], 0);
    assert_int_equal(walked.rows[1], 2);
}
