#include "events/clickhouse.h"

#include "test.h"

#include <stdlib.h>

/* A server to try: CHAM_TEST_CLICKHOUSE=clickhouse+http://…; NULL: none, and the test says so. */
static struct clickhouse *server(struct ctx *ctx)
{
    const char *url = getenv("CHAM_TEST_CLICKHOUSE");
    if (url == NULL) {
        print_message("skipped: CHAM_TEST_CLICKHOUSE names no server\n");
        return NULL;
    }
    struct clickhouse *ch;
    assert_ok(clickhouse_open(ctx, &(struct click_options){.url = str_from(url)}, &ch));
    return ch;
}

static str literal(struct ctx *ctx, str text)
{
    struct buf out = buf_in(&ctx->arena);
    click_literal(&out, text);
    return buf_str(&out);
}

TEST(no_byte_ends_a_literal_but_our_own_quote)
{
    struct ctx ctx = {0};
    for (int first = 0; first < 256; first++) {
        for (int second = 0; second < 256; second++) {
            const char bytes[2] = {(char)first, (char)second};
            str text = literal(&ctx, (str){bytes, 2});
            assert_true(text.data[0] == '\'' && text.data[text.len - 1] == '\'');
            for (i64 i = 1; i < text.len - 1; i++) {
                assert_true(text.data[i] != '\'' && (u8)text.data[i] >= 32);
                if (text.data[i] == '\\') { // always \xHH
                    assert_true(text.data[i + 1] == 'x' && i + 3 < text.len - 1);
                    i += 3;
                }
            }
        }
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
}

TEST(a_server_reads_every_byte_of_a_literal_back)
{
    struct ctx ctx = {0};
    struct clickhouse *ch = server(&ctx);
    if (ch == NULL) {
        return;
    }
    char bytes[256 * 3];
    for (int i = 0; i < 256; i++) {
        bytes[i] = (char)i;
        bytes[256 + 2 * i] = '\\';
        bytes[256 + 2 * i + 1] = (char)(255 - i);
    }
    for (i64 len = 0; len <= (i64)sizeof bytes; len += 16) {
        str sent = {bytes, len};
        struct click_rows rows;
        assert_ok(click_query(&ctx, ch, CLICK_ASK, str_format(&ctx.arena, "SELECT %.*s", STR_ARG(literal(&ctx, sent))),
                              &rows));
        assert_true(click_more(&rows));
        assert_true(str_eq(click_str(&rows), sent));
        assert_false(click_more(&rows));
        assert_false(rows.broken);
    }
    clickhouse_close(ch);
    ctx_end(&ctx);
}

TEST(an_address_is_shown_without_its_passwords)
{
    struct ctx ctx = {0};
    str shown = clickhouse_shown(&ctx.arena,
                                 STR("clickhouse+http://u:secret@a:1,b:2/d?cluster=c&ask_user=x&ask_password=y"));
    assert_true(str_eq(shown, STR("clickhouse+http://a:1,b:2/d?cluster=c")));
    ctx_end(&ctx);
}

TEST(an_address_names_hosts_a_database_and_a_cluster)
{
    struct ctx ctx = {0};
    struct clickhouse *ch;
    struct click_options options = {
        .url = STR("clickhouse+https://u%40x:p%3Aq@a,[::1]:9,c.example:10/d%20b?cluster=two&ask_user=x&ca=/ca.pem")};
    assert_ok(clickhouse_open(&ctx, &options, &ch));
    assert_int_equal(click_hosts(ch), 3);
    assert_true(str_eq(click_host(ch, 0), STR("a:8443")));
    assert_true(str_eq(click_host(ch, 1), STR("[::1]:9")));
    assert_true(str_eq(click_host(ch, 2), STR("c.example:10")));
    assert_true(str_eq(click_database(ch), STR("d b")));
    assert_string_equal(click_cluster(ch), "two");
    clickhouse_close(ch);
    ctx_end(&ctx);
}

TEST(an_address_that_says_something_else_is_refused)
{
    static const char *const bad[] = {
        "",
        "http://a/",
        "clickhouse://a/",
        "clickhouse+ftp://a/",
        "clickhouse+http://",
        "clickhouse+http:///d",
        "clickhouse+http://a b/",
        "clickhouse+http://a,/",
        "clickhouse+http://a#b/",
        "clickhouse+http://u:p%0aX@a/",
        "clickhouse+http://u%00:p@a/",
        "clickhouse+http://a/d?proxy=http://x",
        "clickhouse+http://a/d?ask_user=%0d%0aX: 1",
    };
    struct ctx ctx = {0};
    for (i64 i = 0; i < countof(bad); i++) {
        struct clickhouse *ch = NULL;
        err code = clickhouse_open(&ctx, &(struct click_options){.url = str_from(bad[i])}, &ch);
        assert_int_equal(code, ERR_INVALID);
        assert_string_equal(ctx.fault.key, "error.events_url");
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
}

TEST(rows_read_back_as_they_were_put)
{
    struct ctx ctx = {0};
    struct buf rows = buf_in(&ctx.arena);
    click_put_i64(&rows, -5);
    click_put_u8(&rows, 7);
    click_put_f64(&rows, 0.1);
    click_put_str(&rows, STR(""));
    click_put_count(&rows, 300);
    click_put_fixed(&rows, "abcd", 4);
    struct click_rows read = {rows.data, rows.data + rows.len, false};
    assert_int_equal(click_i64(&read), -5);
    assert_int_equal(click_u8(&read), 7);
    assert_true(click_f64(&read) == 0.1);
    assert_int_equal(click_str(&read).len, 0);
    assert_int_equal(click_count(&read), 300);
    assert_true(str_eq(click_fixed(&read, 4), STR("abcd")));
    assert_false(click_more(&read) || read.broken);
    assert_int_equal(click_i64(&read), 0);
    assert_true(read.broken);
    ctx_end(&ctx);
}

TEST(a_statement_takes_numbers_texts_and_names)
{
    struct ctx ctx = {0};
    str text = CLICK_TEXT_OF(&ctx, SQL_CLICK_KILL, CLICK_STR_ARG("query_id", STR("a'b")));
    assert_true(str_find(text, STR("query_id = 'a\\x27b' ASYNC")) > 0);
    ctx_end(&ctx);
}
