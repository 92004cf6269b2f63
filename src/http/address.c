#include "http/server.h"

#include <arpa/inet.h>
#include <sys/socket.h>

static bool parse_bytes(str text, u8 out[16], bool *four)
{
    char copy[INET6_ADDRSTRLEN];
    if (text.len >= (i64)sizeof copy || text.len == 0 || str_find_char(text, 0) >= 0) {
        return false;
    }
    memcpy(copy, text.data, (size_t)text.len);
    copy[text.len] = 0;
    static const u8 mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    memcpy(out, mapped, sizeof mapped);
    *four = inet_pton(AF_INET, copy, out + 12) == 1;
    return *four || inet_pton(AF_INET6, copy, out) == 1;
}

bool network_parse(str text, struct network *out)
{
    str bits_text = text;
    str address = str_cut(&bits_text, '/');
    bool four = false;
    if (!parse_bytes(address, out->bytes, &four)) {
        return false;
    }
    i64 bits = four ? 32 : 128;
    if (str_is(bits_text) && (!str_i64(bits_text, &bits) || bits < 0 || bits > (four ? 32 : 128))) {
        return false;
    }
    out->bits = (i32)(four ? bits + 96 : bits);
    return true;
}

static bool is_in(const struct network *network, const u8 bytes[16])
{
    i32 whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->bytes, bytes, (size_t)whole) != 0) {
        return false;
    }
    return rest == 0 || (network->bytes[whole] ^ bytes[whole]) >> (8 - rest) == 0;
}

bool network_has(const struct network *networks, i64 count, str address)
{
    u8 bytes[16];
    bool four;
    if (!parse_bytes(address, bytes, &four)) {
        return false;
    }
    for (i64 i = 0; i < count; i++) {
        if (is_in(&networks[i], bytes)) {
            return true;
        }
    }
    return false;
}

/* The last comma-separated part, taken off the end. */
static str cut_last(str *rest)
{
    i64 comma = -1;
    for (i64 i = 0; i < rest->len; i++) {
        comma = rest->data[i] == ',' ? i : comma;
    }
    str part = str_trim(str_slice(*rest, comma + 1, rest->len));
    *rest = str_slice(*rest, 0, greater(comma, 0));
    return part;
}

/* Each proxy appends the address it saw, so the list is believed from its end for as long as trusted proxies speak. */
str address_forwarded(struct arena *arena, const struct network *trusted, i64 count, str peer, str forwarded)
{
    str address = peer;
    i32 hops = 0;
    while (forwarded.len > 0 && hops++ < 16 && network_has(trusted, count, address)) {
        str part = cut_last(&forwarded);
        u8 bytes[16];
        bool four;
        if (!parse_bytes(part, bytes, &four)) {
            break;
        }
        address = part;
    }
    return str_copy(arena, address);
}

void address_text(const struct sockaddr *address, char out[INET6_ADDRSTRLEN])
{
    out[0] = 0;
    if (address->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, out, INET6_ADDRSTRLEN);
    } else if (address->sa_family == AF_INET6) {
        const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(six)) {
            inet_ntop(AF_INET, &six->s6_addr[12], out, INET6_ADDRSTRLEN);
        } else {
            inet_ntop(AF_INET6, six, out, INET6_ADDRSTRLEN);
        }
    } else {
        snprintf(out, INET6_ADDRSTRLEN, "local");
    }
}
