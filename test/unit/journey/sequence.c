/* Walks that ClickHouse looks through, beside the same ones looked through here. Needs a server: CHAM_TEST_CLICKHOUSE, and the
 * current release where CHAM_TEST_CHDB names one. */
#include "journey/sql/sequence.h"

#include "test.h"

#include "base/random.h"
#include "journey/funnel.h"
#include "journey/path.h"

#include <stdlib.h>

enum { WALKS = 40, EVENTS = 30, HEAVY = 100000 };

static const char *const servers[] = {"CHAM_TEST_CLICKHOUSE", "CHAM_TEST_CHDB"};

static struct clickhouse *server(struct ctx *ctx, i64 which)
{
    const char *url = getenv(servers[which]);
    struct clickhouse *ch = NULL;
    if (url == NULL) {
        print_message("skipped: %s names no server\n", servers[which]);
        return NULL;
    }
    assert_ok(clickhouse_open(ctx, &(struct click_options){.url = str_from(url)}, &ch));
    return ch;
}

struct walk_of_steps {
    i64 at_ms[EVENTS];
    u16 masks[EVENTS];
    i64 count;
};

/* A time in seconds, so that many are equal; sometimes an event is of several steps, sometimes of none. */
static void draw_steps(struct dice *dice, i64 steps, struct walk_of_steps *out)
{
    i64 now = -50;
    out->count = 1 + dice_below(dice, EVENTS);
    for (i64 i = 0; i < out->count; i++) {
        out->at_ms[i] = now += dice_below(dice, 4) * 1000;
        out->masks[i] = (u16)(dice_below(dice, 8) == 0 ? 0 : 1u << dice_below(dice, steps));
        out->masks[i] |= (u16)(dice_below(dice, 4) == 0 ? 1u << dice_below(dice, steps) : 0);
    }
}

static struct question funnel_of(i64 steps, i64 within_ms, bool strict)
{
    struct question question = {.kind = ASK_FUNNEL, .step_count = steps, .strict = strict};
    question.within_ms = (struct maybe_i64){within_ms >= 0, within_ms};
    return question;
}

static struct funnel_rule rule_of(const struct question *question)
{
    return (struct funnel_rule){
        .step_count = (i32)question->step_count,
        .within_ms = question->within_ms.is ? question->within_ms.value : INT64_MAX,
        .strict = question->strict,
    };
}

static void compare_hits(struct click_rows *rows, const struct question *question, const struct funnel_hits *hits)
{
    struct funnel_rule rule = rule_of(question);
    struct funnel_reach reach;
    funnel_person(&rule, hits, &reach);
    assert_int_equal(click_count(rows), reach.depth);
    for (i32 step = 0; step < reach.depth; step++) {
        assert_int_equal(click_i64(rows), hits->at_ms[reach.hits[step]]);
    }
}

static void compare_funnel(struct ctx *ctx, struct clickhouse *ch, struct dice *dice, const struct question *question)
{
    struct walk_of_steps walks[WALKS];
    struct buf list = buf_in(&ctx->arena);
    struct click_rows rows;
    for (i64 w = 0; w < WALKS; w++) {
        draw_steps(dice, question->step_count, &walks[w]);
        buf_format(&list, "%s(%lld, [", w == 0 ? "" : ", ", (long long)w);
        for (i64 i = 0; i < walks[w].count; i++) {
            buf_format(&list, "%s(%lld, %lld, %u)", i == 0 ? "" : ", ", (long long)walks[w].at_ms[i], (long long)i,
                       walks[w].masks[i]);
        }
        buf_add(&list, STR("])"));
    }
    str results = sql_funnel_attempt(ctx, question);
    str text = str_format(
        &ctx->arena,
        "SELECT n, out.1 AS hits FROM (SELECT n%.*s FROM (SELECT toUInt32(pair.1) AS n, arrayMap(x -> (toInt64(x.1), "
        "toInt64(x.2), toUInt16(x.3)), pair.2) AS walk FROM (SELECT arrayJoin([%.*s]) AS pair))) ORDER BY n",
        STR_ARG(results), STR_ARG(buf_str(&list)));
    assert_ok(click_query(ctx, ch, CLICK_ASK, text, &rows));
    for (u32 w = 0; w < WALKS; w++) {
        assert_true(click_more(&rows));
        assert_int_equal(click_u32(&rows), w);
        compare_hits(&rows, question, &(struct funnel_hits){walks[w].at_ms, walks[w].masks, walks[w].count});
    }
    assert_false(click_more(&rows));
    assert_false(rows.broken);
}

TEST(clickhouse_finds_the_attempt_that_counts)
{
    static const i64 steps[] = {1, 2, 3, 4, 5, 9, 9}, limits[] = {0, 5000, 20000, -1, 30000, -1, 60000};
    for (i64 which = 0; which < countof(servers); which++) {
        struct ctx ctx = {0};
        struct dice dice = dice_new(2026, 7);
        struct clickhouse *ch = server(&ctx, which);
        for (i64 i = 0; i < countof(steps) && ch != NULL; i++) {
            struct question loose = funnel_of(steps[i], limits[i], false);
            struct question strict = funnel_of(lesser(steps[i], 5), limits[i], true);
            compare_funnel(&ctx, ch, &dice, &loose);
            compare_funnel(&ctx, ch, &dice, &strict);
        }
        clickhouse_close(ch);
        ctx_end(&ctx);
    }
}

/* Somebody with so many events that anything squared would take gigabytes. */
TEST(a_heavy_person_takes_no_more_than_its_events)
{
    struct ctx ctx = {0};
    struct clickhouse *ch = server(&ctx, 0);
    i64 *at_ms = arena_new(&ctx.arena, i64, HEAVY);
    u16 *masks = arena_new(&ctx.arena, u16, HEAVY);
    for (i64 i = 0; i < HEAVY; i++) {
        at_ms[i] = i * 1000;
        masks[i] = (u16)(1u << i * i % 7 % 5);
    }
    for (i64 i = 0; i < 3 && ch != NULL; i++) {
        struct question question = funnel_of(5, i == 0 ? -1 : 3000, i == 2);
        struct click_rows rows;
        str results = sql_funnel_attempt(&ctx, &question);
        str text = str_format(
            &ctx.arena,
            "SELECT out.1 AS hits FROM (SELECT 1 AS who, arraySort(groupArray((toInt64(number * 1000), toInt64(number), "
            "toUInt16(bitShiftLeft(toUInt16(1), number * number %% 7 %% 5))))) AS walk%.*s FROM numbers(%d) GROUP BY who) "
            "SETTINGS max_memory_usage = 300000000",
            STR_ARG(results), HEAVY);
        assert_ok(click_query(&ctx, ch, CLICK_WRITE, text, &rows));
        assert_true(click_more(&rows));
        compare_hits(&rows, &question, &(struct funnel_hits){at_ms, masks, HEAVY});
    }
    clickhouse_close(ch);
    ctx_end(&ctx);
}

struct walk_of_nodes {
    i64 rows[EVENTS], at_ms[EVENTS];
    u32 nodes[EVENTS];
    u8 marks[EVENTS];
    i64 count;
};

static void draw_nodes(struct dice *dice, struct walk_of_nodes *out)
{
    out->count = 1 + dice_below(dice, EVENTS);
    for (i64 i = 0; i < out->count; i++) {
        out->rows[i] = i;
        out->at_ms[i] = i;
        out->nodes[i] = (u32)dice_below(dice, 3);
        out->marks[i] = (u8)((dice_below(dice, 5) == 0 ? MARK_BEGINS : 0) | (dice_below(dice, 5) == 0 ? MARK_ENDS : 0));
    }
}

static void compare_path(struct ctx *ctx, struct clickhouse *ch, struct dice *dice, const struct question *question)
{
    struct walk_of_nodes walks[WALKS];
    struct buf list = buf_in(&ctx->arena);
    struct click_rows rows;
    struct path_rule rule = {question->collapse, str_is(question->start.text), str_is(question->end.text),
                             question->path_steps};
    for (i64 w = 0; w < WALKS; w++) {
        draw_nodes(dice, &walks[w]);
        buf_format(&list, "%s(%lld, [", w == 0 ? "" : ", ", (long long)w);
        for (i64 i = 0; i < walks[w].count; i++) {
            buf_format(&list, "%s(%lld, '%u', %u)", i == 0 ? "" : ", ", (long long)i, walks[w].nodes[i],
                       walks[w].marks[i]);
        }
        buf_add(&list, STR("])"));
    }
    str results = sql_path_kept(ctx, question);
    str text = str_format(
        &ctx->arena,
        "SELECT n, out.1 AS first, arrayMap(x -> x.1, out.2) AS path FROM (SELECT n%.*s FROM (SELECT toUInt32(pair.1) AS n, "
        "arrayMap(x -> (toInt64(x.1), toInt64(x.1), x.2, toUInt16(x.3)), pair.2) AS walk FROM (SELECT arrayJoin([%.*s]) "
        "AS pair))) ORDER BY n",
        STR_ARG(results), STR_ARG(buf_str(&list)));
    assert_ok(click_query(ctx, ch, CLICK_ASK, text, &rows));
    for (u32 w = 0; w < WALKS; w++) {
        struct walk_of_nodes *walk = &walks[w];
        struct path_events events = {walk->count, walk->rows, walk->at_ms, walk->nodes, walk->marks};
        struct path path = path_keep(&rule, &events);
        assert_true(click_more(&rows));
        assert_int_equal(click_u32(&rows), w);
        i64 first = click_i64(&rows);
        assert_int_equal(click_count(&rows), path.to - path.from);
        for (i64 i = path.from; i < path.to; i++) {
            assert_int_equal(first, path.first_step);
            assert_int_equal(click_i64(&rows), walk->at_ms[i]);
        }
    }
    assert_false(click_more(&rows));
    assert_false(rows.broken);
}

TEST(clickhouse_keeps_of_a_path_what_the_question_says)
{
    static const i64 steps[] = {0, 2, 5};
    for (i64 which = 0; which < countof(servers); which++) {
        struct ctx ctx = {0};
        struct dice dice = dice_new(2026, 8);
        struct clickhouse *ch = server(&ctx, which);
        for (i64 i = 0; i < 4 * countof(steps) && ch != NULL; i++) {
            struct question question = {.kind = ASK_PATHS, .path_steps = steps[i / 4]};
            question.collapse = i % 3 == 0;
            question.start.text = (i & 1) != 0 ? STR("{}") : STR_NONE;
            question.end.text = (i & 2) != 0 ? STR("{}") : STR_NONE;
            compare_path(&ctx, ch, &dice, &question);
        }
        clickhouse_close(ch);
        ctx_end(&ctx);
    }
}
