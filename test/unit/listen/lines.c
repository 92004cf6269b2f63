#include "test.h"

#include "listen/lines.h"

#define AT "\"at\":{\"value\":\"2026-01-02T03:04:05Z\"}"

struct table {
    struct rows rows;
    struct row row;
};

/* One row from a heading and cells, all separated by "|". */
static struct table table_of(struct arena *arena, const char *heading, const char *cells)
{
    struct table table = {.rows = {.kind = ROWS_CSV}, .row = {.line = 2}};
    str names = str_from(heading), values = str_from(cells);
    table.rows.columns.items = arena_new(arena, str, 64);
    table.row.cells = arena_new(arena, str, 64);
    while (str_is(names)) {
        table.rows.columns.items[table.rows.columns.count++] = str_cut(&names, '|');
        table.row.cells[table.row.count++] = str_cut(&values, '|');
    }
    return table;
}

static err convert(struct ctx *ctx, const char *json, const char *heading, const char *cells, struct line_events *out)
{
    struct map map;
    struct table table = table_of(&ctx->arena, heading, cells);
    assert_ok(map_read(ctx, str_from(json), zone_utc(), &map));
    assert_ok(map_bind(ctx, &map, &table.rows));
    return line_read(ctx, &map, &table.rows, &table.row, STR("hash"), out);
}

#define assert_text(text, expected) assert_string_equal(str_c(&ctx.arena, (text)), (expected))

TEST(a_sale_is_an_event_with_its_amount)
{
    struct ctx ctx = {0};
    struct line_events line;
    assert_ok(convert(&ctx,
                      "{\"user\":\"Customer\",\"at\":\"When\",\"kind\":{\"value\":\"Sale\"},"
                      "\"amount\":{\"column\":\"Price\",\"times\":\"Quantity\",\"currency\":\"GBP\"},\"props\":\"*\"}",
                      "Customer|When|Price|Quantity", " 17850 |2010-12-01T08:26:00Z|2.55|-6", &line));
    assert_int_equal(line.count, 1);
    assert_text(line.items[0].alias, "user:17850");
    assert_text(line.items[0].kind, "Sale");
    assert_int_equal(line.items[0].at_ms, 1291191960000);
    assert_true(line.items[0].amount.is);
    assert_int_equal(line.items[0].amount.value, -1530);
    assert_text(line.items[0].currency, "GBP");
    assert_text(line.items[0].message_id, "hash");
    assert_text(line.items[0].props, "{\"When\":\"2010-12-01T08:26:00Z\",\"Price\":\"2.55\",\"Quantity\":\"-6\"}");
    ctx_end(&ctx);
}

TEST(nobody_stays_nobody)
{
    static const char *const cells[] = {"", " ", "0", "NULL", "undefined", "Guest"};
    for (i64 i = 0; i < countof(cells); i++) {
        struct ctx ctx = {0};
        struct line_events line;
        assert_ok(convert(&ctx, "{\"user\":\"c\"," AT "}", "c", cells[i], &line));
        assert_int_equal(line.items[0].alias.len, 0);
        ctx_end(&ctx);
    }
}

TEST(identities_are_folded_and_the_strongest_is_the_alias)
{
    struct ctx ctx = {0};
    struct line_events line;
    const char *map = "{\"user\":\"u\",\"anonymous\":\"a\",\"email\":\"e\",\"phone\":\"p\",\"props\":\"*\"," AT "}";
    assert_ok(convert(&ctx, map, "u|a|e|p", "U1|A1|Lan@Example.VN|0912 345 678", &line));
    assert_text(line.items[0].alias, "user:U1");
    assert_text(
        line.items[0].props,
        "{\"$\":{\"trust\":\"import\",\"anonymous\":\"A1\",\"email\":\"lan@example.vn\",\"phone\":\"+84912345678\"}}");
    assert_ok(convert(&ctx, map, "u|a|e|p", "|||0912 345 678", &line));
    assert_text(line.items[0].alias, "phone:+84912345678");
    assert_ok(convert(&ctx, map, "u|a|e|p", "||no address|", &line));
    assert_text(line.items[0].alias, "");
    assert_text(line.items[0].props, "{\"e\":\"no address\"}");
    assert_ok(convert(&ctx, "{\"person\":\"x\"," AT "}", "x", "Lan@Example.vn", &line));
    assert_text(line.items[0].alias, "email:lan@example.vn");
    assert_ok(convert(&ctx, "{\"person\":\"x\"," AT "}", "x", "17850", &line));
    assert_text(line.items[0].alias, "user:17850");
    ctx_end(&ctx);
}

TEST(an_answer_carries_metric_scale_and_text)
{
    struct ctx ctx = {0};
    struct line_events line;
    const char *map = "{\"text\":\"why\",\"score\":{\"column\":\"s\",\"metric\":\"NPS\",\"question\":\"q1\"}," AT "}";
    assert_ok(convert(&ctx, map, "s|why", "9|T\xC3\xB4\xCC\x81t", &line));
    assert_true(line.items[0].score.is);
    assert_true(line.items[0].score.value == 9.0);
    assert_text(line.items[0].metric, "nps");
    assert_text(line.items[0].question, "q1");
    assert_text(line.items[0].scale, "0-10");
    assert_text(line.items[0].text, "Tốt");
    assert_text(line.items[0].kind, "Answered");
    assert_ok(convert(&ctx, map, "s|why", "|only words", &line));
    assert_false(line.items[0].score.is);
    assert_text(line.items[0].metric, "");
    assert_text(line.items[0].text, "only words");
    ctx_end(&ctx);
}

TEST(a_wide_line_becomes_one_event_for_each_answer)
{
    struct ctx ctx = {0};
    struct line_events line;
    const char *map =
        "{\"user\":\"u\",\"amount\":\"paid\",\"text\":\"t\",\"score\":[{\"column\":\"a\",\"metric\":\"nps\"},"
        "{\"column\":\"b\",\"metric\":\"csat\",\"question\":\"food\"},"
        "{\"column\":\"c\",\"question\":\"effort\",\"scale\":\"1-7\",\"reversed\":true}]," AT "}";
    assert_ok(convert(&ctx, map, "u|paid|t|a|b|c", "U1|500|words|9||2", &line));
    assert_int_equal(line.count, 2);
    assert_text(line.items[0].message_id, "hash/nps");
    assert_text(line.items[1].message_id, "hash/effort");
    assert_true(line.items[0].amount.is);
    assert_false(line.items[1].amount.is);
    assert_text(line.items[0].text, "words");
    assert_text(line.items[1].text, "");
    assert_true(line.items[1].score.value == 6.0);
    assert_true(line.items[1].reversed);
    assert_text(line.items[1].metric, "effort");
    assert_ok(convert(&ctx, map, "u|paid|t|a|b|c", "U1|500|words|||", &line));
    assert_int_equal(line.count, 1);
    assert_false(line.items[0].score.is);
    ctx_end(&ctx);
}

TEST(several_columns_together_are_the_id)
{
    struct ctx ctx = {0};
    struct line_events line;
    assert_ok(convert(&ctx, "{\"id\":{\"columns\":[\"a\",\"b\"]}," AT "}", "a|b", "1|2", &line));
    assert_text(line.items[0].message_id, "1\x1F"
                                          "2");
    assert_ok(convert(&ctx, "{\"id\":{\"columns\":[\"a\",\"b\"]}," AT "}", "a|b", "|", &line));
    assert_text(line.items[0].message_id, "hash");
    ctx_end(&ctx);
}

TEST(what_does_not_fit_is_refused_with_its_reason)
{
    static const struct {
        const char *map, *cell, *key;
    } cases[] = {
        {"{\"at\":\"c\"}", "", "import.no_time"},
        {"{\"at\":\"c\"}", "yesterday", "import.bad_time"},
        {"{\"at\":{\"column\":\"c\",\"format\":\"%d/%m/%Y\"}}", "31/2/2020", "import.bad_time"},
        {"{\"at\":\"c\"}", "9999-01-01", "import.implausible_time"},
        {"{\"at\":\"c\"}", "1969-12-31", "import.implausible_time"},
        {"{\"amount\":\"c\"," AT "}", "1.250.000", "import.not_number"},
        {"{\"amount\":\"c\"," AT "}", "free", "import.not_number"},
        {"{\"amount\":{\"column\":\"c\",\"currency\":{\"column\":\"c\"}}," AT "}", "1", "import.bad_currency"},
        {"{\"score\":{\"column\":\"c\",\"metric\":\"nps\"}," AT "}", "6.5", "import.bad_score"},
        {"{\"score\":{\"column\":\"c\",\"metric\":\"nps\"}," AT "}", "11", "import.bad_score"},
        {"{\"score\":{\"column\":\"c\",\"metric\":\"nps\"}," AT "}", "ten", "import.not_number"},
        {"{\"score\":{\"column\":\"c\",\"metric\":\"nps\",\"scale\":\"1-5\"}," AT "}", "5", "import.bad_scale"},
        {"{\"score\":{\"column\":\"c\",\"metric\":\"csat\"}," AT "}", "0", "import.bad_score"},
        {"{\"score\":{\"column\":\"c\",\"metric\":\"csat\",\"scale\":\"1-10\"}," AT "}", "11", "import.bad_score"},
        {"{\"score\":{\"column\":\"c\",\"metric\":\"ces\"}," AT "}", "8", "import.bad_score"},
        {"{\"score\":{\"column\":\"c\",\"question\":\"q\"}," AT "}", "5", "import.bad_scale"},
        {"{\"score\":{\"column\":\"c\",\"question\":\"q\",\"scale\":\"0-99\"}," AT "}", "5", "import.bad_scale"},
        {"{\"score\":{\"column\":\"c\",\"question\":\"q\",\"scale\":\"many\"}," AT "}", "5", "import.bad_scale"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct ctx ctx = {0};
        struct line_events line;
        assert_int_equal(convert(&ctx, cases[i].map, "c", cases[i].cell, &line), ERR_INVALID);
        assert_string_equal(ctx.fault.key, cases[i].key);
        ctx_end(&ctx);
    }
}

TEST(cells_that_mean_nothing_are_missing)
{
    struct ctx ctx = {0};
    struct line_events line;
    assert_ok(convert(&ctx, "{\"user\":\"u\",\"amount\":\"a\",\"props\":\"*\",\"missing\":[\"?\",\"n/a\"]," AT "}",
                      "u|a|x|y", "?|n/a|?|1", &line));
    assert_text(line.items[0].alias, "");
    assert_false(line.items[0].amount.is);
    assert_text(line.items[0].props, "{\"y\":\"1\"}");
    ctx_end(&ctx);
}

TEST(a_column_named_like_our_own_key_is_kept_apart)
{
    struct ctx ctx = {0};
    struct line_events line;
    assert_ok(convert(&ctx, "{\"props\":[\"$\"]," AT "}", "$", "5", &line));
    assert_text(line.items[0].props, "{\"$$\":\"5\"}");
    ctx_end(&ctx);
}
