#include "test.h"

#include "http/server.h"

static struct network networks[4];

static void trust(const char *a, const char *b)
{
    assert_true(network_parse(str_from(a), &networks[0]));
    assert_true(network_parse(str_from(b), &networks[1]));
}

static void expect(const char *peer, const char *forwarded, const char *address)
{
    struct arena arena = {0};
    str found = address_forwarded(&arena, networks, 2, str_from(peer), str_from(forwarded));
    if (!str_eq(found, str_from(address))) {
        fail_msg("%s via %s: %.*s instead of %s", forwarded, peer, STR_ARG(found), address);
    }
    arena_free(&arena);
}

TEST(the_list_is_believed_from_its_end_while_trusted_proxies_speak)
{
    trust("10.0.0.0/8", "::1");
    expect("203.0.113.5", "1.2.3.4", "203.0.113.5"); // nobody we trust
    expect("10.1.1.1", "1.2.3.4", "1.2.3.4");
    expect("10.1.1.1", "6.6.6.6, 1.2.3.4", "1.2.3.4");
    expect("10.1.1.1", "1.2.3.4, 10.9.9.9", "1.2.3.4");
    expect("::1", "2001:db8::7", "2001:db8::7");
    expect("10.1.1.1", "10.2.2.2,10.3.3.3", "10.2.2.2");
}

TEST(what_is_no_address_ends_the_list)
{
    trust("10.0.0.0/8", "127.0.0.1/32");
    static const char *const odd[] = {"", ",", " , ,", "evil", "1.2.3.4.5", "1.2.3.4:80", "999.1.1.1", "1.2.3.4,evil"};
    for (i64 i = 0; i < countof(odd); i++) {
        expect("10.1.1.1", odd[i], "10.1.1.1");
    }
}

TEST(networks_compare_bits)
{
    struct network network;
    assert_true(network_parse(STR("192.168.4.0/22"), &network));
    assert_true(network_has(&network, 1, STR("192.168.7.255")));
    assert_false(network_has(&network, 1, STR("192.168.8.0")));
    assert_true(network_parse(STR("2001:db8::/33"), &network));
    assert_true(network_has(&network, 1, STR("2001:db8:7fff::1")));
    assert_false(network_has(&network, 1, STR("2001:db8:8000::1")));
    assert_true(network_parse(STR("0.0.0.0/0"), &network));
    assert_true(network_has(&network, 1, STR("8.8.8.8")));
    assert_false(network_has(&network, 1, STR("2001:db8::1")));
    static const char *const bad[] = {"", "1.2.3", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/x", "::1/129", "a.vn"};
    for (i64 i = 0; i < countof(bad); i++) {
        assert_false(network_parse(str_from(bad[i]), &network));
    }
}
