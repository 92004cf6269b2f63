#include "test.h"

#include "http/out.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct out *open_out(struct ctx *ctx, const char *allow)
{
    struct out *out = NULL;
    assert_int_equal(out_open(ctx, &(struct out_options){.allow = str_from(allow)}, &out), OK);
    return out;
}

static const char *const hostile[] = {
    "https://127.0.0.1/",
    "https://127.1/",
    "https://[::1]/",
    "https://0.0.0.0/",
    "https://0/",
    "https://169.254.169.254/latest/meta-data",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0x7f000001/",
    "https://017700000001/",
    "https://127.000.000.001/",
    "https://localhost/",
    "https://localhost./",
    "https://LOCALHOST/",
    "https://a.localhost/",
    "https://metadata.google.internal/",
    "https://metadata/",
    "https://db.internal/",
    "https://printer.local/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fc00::1]/",
    "https://[ff02::1]/",
    "https://[::]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:db8::1]/",
    "https://[::127.0.0.1]/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://198.51.100.1/",
    "https://192.0.2.1/",
    "http://8.8.8.8/",
    "ftp://8.8.8.8/",
    "file:///etc/passwd",
    "gopher://8.8.8.8/",
    "dict://8.8.8.8/",
    "unix:///tmp/x",
    "javascript:alert(1)",
    "//8.8.8.8/",
    "8.8.8.8",
    "",
    "https://",
    "https:///x",
    "https://8.8.8.8:22/",
    "https://8.8.8.8:25/",
    "https://8.8.8.8:5432/",
    "https://8.8.8.8:6379/",
    "https://8.8.8.8:8123/",
    "https://8.8.8.8:9000/",
    "https://8.8.8.8:0/",
    "https://8.8.8.8:65536/",
    "https://u:p@8.8.8.8/",
    "https://u@8.8.8.8/",
    "https://8.8.8.8/a b",
    "https://8.8.8.8/\r\nX: y",
    "https://8.8.8.8\t/",
};

/* D01 D05 */
TEST(an_address_that_leads_inside_or_speaks_another_protocol_is_refused)
{
    struct ctx ctx = {0};
    struct out *out = open_out(&ctx, "");
    for (i64 i = 0; i < countof(hostile); i++) {
        if (out_check(&ctx, out, str_from(hostile[i]), "url") != ERR_INVALID) {
            fail_msg("%s was taken", hostile[i]);
        }
        struct out_reply reply;
        ctx_forgive(&ctx);
        if (out_send(&ctx, out, &(struct out_request){.url = str_from(hostile[i])}, &reply) != ERR_INVALID) {
            fail_msg("%s was called", hostile[i]);
        }
        ctx_forgive(&ctx);
    }
    assert_int_equal(out_check(&ctx, out, STR("https://8.8.8.8/hook?x=1"), "url"), OK);
    assert_int_equal(out_check(&ctx, out, STR("https://[2606:4700::1111]:8443/"), "url"), OK);
    out_close(out);
    ctx_end(&ctx);
}

TEST(networks_that_the_operator_names_may_be_called_without_encryption)
{
    struct ctx ctx = {0};
    struct out *out = open_out(&ctx, "10.1.0.0/16, 127.0.0.1");
    assert_int_equal(out_check(&ctx, out, STR("http://10.1.2.3/hook"), "url"), OK);
    assert_int_equal(out_check(&ctx, out, STR("http://127.0.0.1:8099/"), "url"), OK);
    assert_int_equal(out_check(&ctx, out, STR("https://10.2.0.1/"), "url"), ERR_INVALID);
    assert_int_equal(out_check(&ctx, out, STR("http://127.0.0.2/"), "url"), ERR_INVALID);
    assert_int_equal(out_check(&ctx, out, STR("https://127.0.0.1:6379/"), "url"), ERR_INVALID);
    assert_int_equal(out_check(&ctx, out, STR("https://metadata.google.internal/"), "url"),
                     OK); // until it leads inside
    assert_int_equal(out_check(&ctx, out, STR("http://8.8.8.8/"), "url"), ERR_INVALID);
    out_close(out);
    assert_int_equal(out_open(&ctx, &(struct out_options){.allow = STR("10.0.0.0/99")}, &out), ERR_INVALID);
    ctx_end(&ctx);
}

/* A receiver that gives one answer, again and again, and counts who came. */
struct receiver {
    int socket;
    i32 port;
    const char *answer;
    i64 repeat; /* so many bytes behind it */
    bool slow;  /* one byte at a time, for ever */
    _Atomic i32 calls;
    _Atomic bool stop;
    char heard[4096];
    pthread_t thread;
};

static void answer_one(struct receiver *receiver, int client)
{
    ssize_t got = recv(client, receiver->heard, sizeof receiver->heard - 1, 0);
    receiver->heard[got > 0 ? got : 0] = 0;
    atomic_fetch_add(&receiver->calls, 1);
    (void)send(client, receiver->answer, strlen(receiver->answer), MSG_NOSIGNAL);
    char block[4096];
    memset(block, 'x', sizeof block);
    for (i64 left = receiver->repeat; left > 0; left -= (i64)sizeof block) {
        if (send(client, block, sizeof block, MSG_NOSIGNAL) < 0) {
            break;
        }
    }
    while (receiver->slow && !receiver->stop && send(client, "x", 1, MSG_NOSIGNAL) == 1) {
        nanosleep(&(struct timespec){.tv_nsec = 20 * 1000000}, NULL);
    }
    (void)shutdown(client, SHUT_RDWR);
    (void)close(client);
}

static void *receive(void *self)
{
    struct receiver *receiver = self;
    for (;;) {
        int client = accept(receiver->socket, NULL, NULL);
        if (client < 0) {
            return NULL;
        }
        answer_one(receiver, client);
    }
}

static void begin(struct receiver *receiver)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    receiver->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(receiver->socket, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(receiver->socket, 8), 0);
    assert_int_equal(getsockname(receiver->socket, (struct sockaddr *)&address, &len), 0);
    receiver->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&receiver->thread, NULL, receive, receiver), 0);
}

static void end(struct receiver *receiver)
{
    receiver->stop = true;
    (void)shutdown(receiver->socket, SHUT_RDWR);
    (void)pthread_join(receiver->thread, NULL);
    (void)close(receiver->socket);
}

static str url_of(struct ctx *ctx, const struct receiver *receiver)
{
    return str_format(&ctx->arena, "http://127.0.0.1:%d/hook", (int)receiver->port);
}

/* D03 D06: nothing is sent after a redirect, so nothing of ours reaches another host */
TEST(a_redirect_is_an_answer_and_not_a_way)
{
    struct ctx ctx = {0};
    struct receiver canary = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    begin(&canary);
    str there = url_of(&ctx, &canary);
    static const i32 statuses[] = {301, 302, 303, 307, 308};
    struct out *out = open_out(&ctx, "127.0.0.1");
    for (i64 i = 0; i < countof(statuses); i++) {
        str answer = str_format(&ctx.arena, "HTTP/1.1 %d Moved\r\nLocation: %.*s\r\nContent-Length: 0\r\n\r\n",
                                (int)statuses[i], STR_ARG(there));
        struct receiver receiver = {.answer = str_c(&ctx.arena, answer)};
        begin(&receiver);
        struct out_reply reply;
        struct out_header header = {"Authorization", STR("secret")};
        struct out_request request = {
            .url = url_of(&ctx, &receiver), .headers = &header, .header_count = 1, .body = STR("{}")};
        assert_int_equal(out_send(&ctx, out, &request, &reply), OK);
        assert_int_equal(reply.status, statuses[i]);
        assert_non_null(strstr(receiver.heard, "Authorization: secret"));
        end(&receiver);
    }
    assert_int_equal(canary.calls, 0);
    end(&canary);
    out_close(out);
    ctx_end(&ctx);
}

/* The name passes where networks are allowed; the address it stands for does not, at the connection. */
/* D04 */
TEST(a_name_is_checked_where_it_leads_when_it_is_connected_to)
{
    struct ctx ctx = {0};
    struct receiver canary = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    begin(&canary);
    struct out *out = open_out(&ctx, "10.0.0.0/8");
    str url = str_format(&ctx.arena, "https://localhost:%d/", (int)canary.port);
    struct out_reply reply;
    assert_int_equal(out_send(&ctx, out, &(struct out_request){.url = url}, &reply), ERR_INVALID);
    assert_string_equal(ctx.fault.key, "error.out_inside");
    ctx_forgive(&ctx);
    assert_int_equal(out_check(&ctx, out, url, "url"), ERR_INVALID);
    assert_int_equal(canary.calls, 0);
    end(&canary);
    out_close(out);
    ctx_end(&ctx);
}

/* D09 */
TEST(an_endless_or_slow_answer_is_cut)
{
    struct ctx ctx = {0};
    struct out *out = open_out(&ctx, "127.0.0.1");
    struct receiver endless = {.answer = "HTTP/1.1 200 OK\r\n\r\n", .repeat = 8 << 20};
    begin(&endless);
    struct out_reply reply;
    assert_int_equal(out_send(&ctx, out, &(struct out_request){.url = url_of(&ctx, &endless)}, &reply), OK);
    assert_int_equal(reply.status, 200);
    assert_int_equal(reply.body.len, OUT_REPLY_MAX);
    end(&endless);
    struct receiver slow = {.answer = "HTTP/1.1 200 OK\r\n\r\n", .slow = true};
    begin(&slow);
    struct out_request request = {.url = url_of(&ctx, &slow), .limit_ms = 300};
    assert_int_equal(out_send(&ctx, out, &request, &reply), ERR_UNAVAILABLE);
    end(&slow);
    out_close(out);
    ctx_end(&ctx);
}

TEST(nobody_there_is_a_reason_to_try_again)
{
    struct ctx ctx = {0};
    struct out *out = open_out(&ctx, "127.0.0.1");
    struct receiver gone = {.answer = ""};
    begin(&gone);
    str url = url_of(&ctx, &gone);
    end(&gone);
    struct out_reply reply;
    assert_int_equal(out_send(&ctx, out, &(struct out_request){.url = url}, &reply), ERR_UNAVAILABLE);
    ctx_forgive(&ctx);
    struct out_header broken = {"X-A", STR("a\r\nX-B: b")};
    struct out_request request = {.url = url, .headers = &broken, .header_count = 1};
    assert_int_equal(out_send(&ctx, out, &request, &reply), ERR_INVALID);
    out_close(out);
    ctx_end(&ctx);
}
