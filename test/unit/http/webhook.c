#include "test.h"

#include "http/webhook.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define OTHER "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static struct str_list list(str *items, i64 count)
{
    return (struct str_list){.items = items, .count = count};
}

/* The vector of the Standard Webhooks specification's own libraries. */
/* D10 */
TEST(the_signature_is_that_of_the_specification)
{
    struct ctx ctx = {0};
    str secrets[] = {STR(SECRET), STR(OTHER)};
    struct str_list one = list(secrets, 1), two = list(secrets, 2);
    str id = STR("msg_p5jXN8AQM9LWM0D4loKWxJek"), body = STR("{\"test\": 2432232314}");
    str signature = webhook_signature(&ctx.arena, &one, id, 1614265330, body);
    assert_true(str_eq(signature, STR("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")));
    str both = webhook_signature(&ctx.arena, &two, id, 1614265330, body);
    assert_true(str_starts(both, signature));
    assert_int_equal(both.len, 2 * signature.len + 1);
    ctx_end(&ctx);
}

/* D11 */
TEST(a_received_message_needs_a_signature_of_the_last_minutes)
{
    struct ctx ctx = {.now_ms = 1614265330000};
    str secrets[] = {STR(OTHER), STR(SECRET)};
    struct str_list both = list(secrets, 2), other = list(secrets, 1), none = list(secrets, 0);
    struct webhook_received good = {
        STR("msg_p5jXN8AQM9LWM0D4loKWxJek"),
        STR("1614265330"),
        STR("v1,AAAA v2,g0hM v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        STR("{\"test\": 2432232314}"),
    };
    assert_int_equal(webhook_verify(&ctx, &both, &good), OK);
    assert_int_equal(webhook_verify(&ctx, &other, &good), ERR_UNAUTHENTICATED);
    assert_int_equal(webhook_verify(&ctx, &none, &good), ERR_UNAUTHENTICATED);
    static const struct {
        const char *member, *value;
    } changes[] = {{"id", "msg_x"},    {"id", ""},        {"timestamp", "1614265331"}, {"timestamp", ""},
                   {"timestamp", "x"}, {"signature", ""}, {"signature", "v1,"},        {"signature", "v1"},
                   {"body", "{}"},     {"body", ""}};
    for (i64 i = 0; i < countof(changes); i++) {
        struct webhook_received bad = good;
        str *member = changes[i].member[0] == 'i'   ? &bad.id
                      : changes[i].member[0] == 't' ? &bad.timestamp
                      : changes[i].member[0] == 's' ? &bad.signature
                                                    : &bad.body;
        *member = str_from(changes[i].value);
        assert_int_equal(webhook_verify(&ctx, &both, &bad), ERR_UNAUTHENTICATED);
    }
    ctx.now_ms += 301 * 1000;
    assert_int_equal(webhook_verify(&ctx, &both, &good), ERR_UNAUTHENTICATED);
    ctx.now_ms -= 602 * 1000;
    assert_int_equal(webhook_verify(&ctx, &both, &good), ERR_UNAUTHENTICATED);
    ctx_end(&ctx);
}

TEST(a_new_secret_is_a_secret_and_other_texts_are_none)
{
    struct arena arena = {0};
    str first = webhook_secret(&arena), second = webhook_secret(&arena);
    assert_true(webhook_secret_valid(first));
    assert_false(str_eq(first, second));
    static const char *const others[] = {"",           "whsec_",
                                         "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                         "whsec_***",  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw x"};
    for (i64 i = 0; i < countof(others); i++) {
        assert_false(webhook_secret_valid(str_from(others[i])));
    }
    arena_free(&arena);
}
