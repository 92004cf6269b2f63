#include "http/server.h"

/* "scheme://host[:port]" without the default port and without a path. */
static str authority(str url)
{
    i64 at = str_find(url, STR("://"));
    if (at < 0) {
        return STR_NONE;
    }
    str rest = str_slice(url, at + 3, url.len);
    str host = str_cut(&rest, '/');
    str scheme = str_slice(url, 0, at);
    str standard = str_eq(scheme, STR("https")) ? STR(":443") : STR(":80");
    return str_ends(host, standard) ? str_slice(host, 0, host.len - standard.len) : host;
}

/* A page of ours: from the public address, or from the address the browser itself asked (a foreign page has its own
 * origin but our host). "null" and anything unreadable are foreign. */
bool origin_same(str origin, str host, str public_url)
{
    str asker = authority(origin);
    if (!str_is(asker) || asker.len == 0) {
        return false;
    }
    if (str_is(public_url) && public_url.len > 0 && str_eq_nocase(asker, authority(public_url))) {
        return true;
    }
    i64 colon = str_find(origin, STR("://"));
    str scheme = str_slice(origin, 0, colon);
    str standard = str_eq(scheme, STR("https")) ? STR(":443") : STR(":80");
    str asked = str_ends(host, standard) ? str_slice(host, 0, host.len - standard.len) : host;
    return asked.len > 0 && str_eq_nocase(asker, asked);
}
