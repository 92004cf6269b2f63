#include "test.h"

#include "http/server.h"

TEST(our_pages_are_those_of_the_public_address_and_of_the_address_asked)
{
    static const struct {
        const char *origin, *host, *public_url;
        bool same;
    } cases[] = {
        {"https://cham.vn", "10.0.0.1:8080", "https://cham.vn", true},
        {"https://cham.vn:443", "10.0.0.1:8080", "https://cham.vn", true},
        {"https://cham.vn", "10.0.0.1:8080", "https://cham.vn/", true},
        {"http://127.0.0.1:8080", "127.0.0.1:8080", "", true},
        {"http://localhost:8080", "localhost:8080", "https://cham.vn", true},
        {"http://localhost", "localhost:80", "", true},
        {"https://evil.test", "cham.vn", "https://cham.vn", false},
        {"https://cham.vn.evil.test", "cham.vn", "https://cham.vn", false},
        {"https://evil.test/https://cham.vn", "cham.vn", "https://cham.vn", false},
        {"http://127.0.0.1", "127.0.0.1:8080", "", false},
        {"null", "cham.vn", "https://cham.vn", false},
        {"", "", "", false},
        {"https://", "", "", false},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        bool same = origin_same(str_from(cases[i].origin), str_from(cases[i].host), str_from(cases[i].public_url));
        if (same != cases[i].same) {
            fail_msg("%s at %s", cases[i].origin, cases[i].host);
        }
    }
}
