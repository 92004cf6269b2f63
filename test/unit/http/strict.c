#include "test.h"

#include "http/server.h"

static struct refusal check(const char *line_method, const char *target, const char *version,
                            const struct param *headers, i64 count)
{
    struct head head = {str_from(line_method), str_from(target), str_from(version), headers, count};
    return strict_check(&head);
}

#define HEADERS(...)                                                                                                   \
    (const struct param[]){{STR("Host"), STR("a.vn")}, __VA_ARGS__},                                                   \
        countof(((const struct param[]){{STR("Host"), STR("a.vn")}, __VA_ARGS__}))

TEST(an_ordinary_request_passes)
{
    struct refusal refusal = check("GET", "/livez?x=1", "HTTP/1.1",
                                   HEADERS({STR("Accept"), STR("*/*")}, {STR("X-Tên"), STR("x")}));
    assert_int_equal(refusal.status, 400); // a name is ASCII
    refusal = check("GET", "/livez?x=1", "HTTP/1.1",
                    HEADERS({STR("Accept"), STR("*/*")}, {STR("User-Agent"), STR("Trình duyệt\t1")}));
    assert_int_equal(refusal.status, 0);
}

TEST(hosts_are_names_or_addresses_with_a_port)
{
    static const struct {
        const char *host;
        bool good;
    } cases[] = {
        {"a.vn", true},
        {"a.vn:8080", true},
        {"127.0.0.1:80", true},
        {"[::1]:8080", true},
        {"[::1]", true},
        {"a_b-c.vn", true},
        {"", false},
        {":80", false},
        {"a.vn:", false},
        {"a.vn:99999x", false},
        {"a.vn:123456", false},
        {"a b", false},
        {"a/b", false},
        {"a@b", false},
        {"[::1", false},
        {"[]", false},
        {"[::1]' or 1=1", false},
        {"[::1]x", false},
        {"a,b", false},
        {"a\"b", false},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct param host = {STR("host"), str_from(cases[i].host)};
        struct refusal refusal = check("GET", "/", "HTTP/1.1", &host, 1);
        if ((refusal.status == 0) != cases[i].good) {
            fail_msg("%s: %d", cases[i].host, refusal.status);
        }
    }
}

TEST(a_length_is_digits_and_stands_once_and_alone)
{
    static const char *const bad[] = {"", "+5", "-1", "5,5", "0x5", " 5", "5 ", "9223372036854775808", "1e3"};
    for (i64 i = 0; i < countof(bad); i++) {
        struct refusal refusal = check("POST", "/", "HTTP/1.1", HEADERS({STR("Content-Length"), str_from(bad[i])}));
        assert_int_equal(refusal.status, 400);
    }
    assert_int_equal(check("POST", "/", "HTTP/1.1", HEADERS({STR("Content-Length"), STR("5")})).status, 0);
    assert_int_equal(check("POST", "/", "HTTP/1.1",
                           HEADERS({STR("Content-Length"), STR("5")}, {STR("content-length"), STR("5")}))
                         .status,
                     400);
    assert_int_equal(check("POST", "/", "HTTP/1.1",
                           HEADERS({STR("Content-Length"), STR("5")}, {STR("Transfer-Encoding"), STR("chunked")}))
                         .status,
                     400);
}

TEST(chunked_is_the_only_coding_and_only_for_http_1_1)
{
    assert_int_equal(check("POST", "/", "HTTP/1.1", HEADERS({STR("Transfer-Encoding"), STR("Chunked")})).status, 0);
    assert_int_equal(check("POST", "/", "HTTP/1.0", HEADERS({STR("Transfer-Encoding"), STR("chunked")})).status, 400);
    static const char *const bad[] = {"gzip, chunked", "chunked, identity", "xchunked", "chunked\x0b", "identity", ""};
    for (i64 i = 0; i < countof(bad); i++) {
        struct refusal refusal = check("POST", "/", "HTTP/1.1", HEADERS({STR("Transfer-Encoding"), str_from(bad[i])}));
        assert_int_equal(refusal.status, 400);
    }
}

TEST(names_are_tokens_and_values_have_no_control_characters)
{
    static const struct param bad[] = {
        {STR("Content-Length "), STR("5")}, {STR("A:"), STR("x")},   {STR(""), STR("x")},      {STR("A(b)"), STR("x")},
        {STR("A"), STR("x\x01y")},          {STR("A"), STR("x\ny")}, {STR("A"), STR("x\x7f")}, {STR("A\0b"), STR("x")},
    };
    for (i64 i = 0; i < countof(bad); i++) {
        struct param headers[2] = {{STR("Host"), STR("a.vn")}, bad[i]};
        assert_int_equal(check("GET", "/", "HTTP/1.1", headers, 2).status, 400);
    }
}

TEST(targets_begin_with_a_slash_and_are_printable)
{
    static const char *const bad[] = {"http://evil/", "*",  "",          "livez", "/a b",
                                      "/\x01",        "/é", "/<script>", "/a\\b", "/\""};
    for (i64 i = 0; i < countof(bad); i++) {
        assert_int_equal(check("GET", bad[i], "HTTP/1.1", HEADERS({STR("A"), STR("b")})).status, 400);
    }
}

TEST(methods_and_versions_we_do_not_know_are_501_and_505)
{
    static const char *const methods[] = {"TRACE", "CONNECT", "PRI", "get", "G T", "PROPFIND"};
    for (i64 i = 0; i < countof(methods); i++) {
        assert_int_equal(check(methods[i], "/", "HTTP/1.1", HEADERS({STR("A"), STR("b")})).status, 501);
    }
    static const char *const versions[] = {"HTTP/0.9", "HTTP/2.0", "HTTP/1.2", "", "http/1.1"};
    for (i64 i = 0; i < countof(versions); i++) {
        assert_int_equal(check("GET", "/", versions[i], HEADERS({STR("A"), STR("b")})).status, 505);
    }
}

TEST(too_many_and_too_large_headers_are_431)
{
    static struct param headers[LIMIT_HEADERS + 1];
    for (i64 i = 0; i < countof(headers); i++) {
        headers[i] = i == 0 ? (struct param){STR("Host"), STR("a.vn")} : (struct param){STR("A"), STR("b")};
    }
    assert_int_equal(check("GET", "/", "HTTP/1.1", headers, LIMIT_HEADERS).status, 0);
    assert_int_equal(check("GET", "/", "HTTP/1.1", headers, LIMIT_HEADERS + 1).status, 431);
    static char large[LIMIT_HEADER_BYTES];
    memset(large, 'a', sizeof large);
    assert_int_equal(check("GET", "/", "HTTP/1.1", HEADERS({STR("A"), {large, sizeof large}})).status, 431);
}

TEST(http_1_1_names_one_host)
{
    assert_int_equal(check("GET", "/", "HTTP/1.1", NULL, 0).status, 400);
    assert_int_equal(check("GET", "/", "HTTP/1.0", NULL, 0).status, 0);
    assert_int_equal(check("GET", "/", "HTTP/1.1", HEADERS({STR("HOST"), STR("a.vn")})).status, 400);
}
