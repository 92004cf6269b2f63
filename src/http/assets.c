#include "http/embedded.h"
#include "http/server.h"

/* The pages are one document; these are the first parts of their addresses. Whatever else is not a file is 404: an
 * address that means nothing must not look like a page. */
static const char *const pages[] = {
    "",         "account", "debugger", "glossary", "imports", "journeys", "explore",
    "overview", "people",  "rules",    "settings", "sign-in", "voices",   "welcome",
};

static const struct embedded_file *find(str path)
{
    i64 low = 0, high = EMBEDDED_COUNT;
    while (low < high) {
        i64 middle = (low + high) / 2;
        str here = str_from(embedded_files[middle].path);
        i64 common = lesser(here.len, path.len);
        int order = memcmp(here.data, path.data, (size_t)common);
        if (order == 0 && here.len == path.len) {
            return &embedded_files[middle];
        }
        if (order < 0 || (order == 0 && here.len < path.len)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static bool is_page(str path)
{
    if (str_find_char(path, '.') >= 0 || str_find_char(path, '%') >= 0 || str_find(path, STR("//")) >= 0) {
        return false;
    }
    str rest = str_slice(path, 1, path.len);
    str first = str_cut(&rest, '/');
    for (i64 i = 0; i < countof(pages); i++) {
        if (str_eq(first, str_from(pages[i]))) {
            return true;
        }
    }
    return false;
}

/* What people outside see: one document each, whatever the token behind it is. */
static const struct {
    const char *first, *file;
} outside[] = {{"s", "/respond.html"}, {"o", "/optout.html"}};

/* "/s/TOKEN": the file of that page; NULL for every other address. */
static const char *outside_file(str path)
{
    str rest = str_slice(path, 1, path.len);
    str first = str_cut(&rest, '/');
    if (!str_is(rest) || rest.len == 0 || str_find_char(rest, '/') >= 0 || str_find_char(rest, '.') >= 0 ||
        str_find_char(rest, '%') >= 0) {
        return NULL;
    }
    for (i64 i = 0; i < countof(outside); i++) {
        if (str_eq(first, str_from(outside[i].first))) {
            return outside[i].file;
        }
    }
    return NULL;
}

bool assets_outside(str path)
{
    return outside_file(path) != NULL;
}

/* A token in an address is a secret of one person: no search engine, no cache and no other site learns of it, and the page
 * asks nobody but this server. */
static void add_outside_headers(struct reply *reply)
{
    reply_header(reply, "Content-Security-Policy",
                 STR("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                     "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
                     "frame-ancestors 'none'"));
    reply_header(reply, "Referrer-Policy", STR("no-referrer"));
    reply_header(reply, "X-Robots-Tag", STR("noindex, nofollow"));
    reply_header(reply, "Cache-Control", STR("no-store"));
}

/* Scripts for the pages of others (/w/): any page may run them; those whose name never changes are asked for again. */
static void add_widget_headers(struct reply *reply, bool immutable)
{
    reply_header(reply, "Access-Control-Allow-Origin", STR("*"));
    reply_header(reply, "Cross-Origin-Resource-Policy", STR("cross-origin"));
    reply_header(reply, "Cache-Control",
                 immutable ? STR("public, max-age=31536000, immutable") : STR("public, max-age=300"));
}

/* Does Accept-Encoding allow the coding? "br;q=0" does not. */
static bool accepts(str header, str coding)
{
    while (str_is(header)) {
        str quality = str_cut(&header, ',');
        str name = str_trim(str_cut(&quality, ';'));
        if (str_eq_nocase(name, coding)) {
            quality = str_trim(quality);
            return !str_is(quality) || (!str_eq(quality, STR("q=0")) && !str_starts(quality, STR("q=0.0")));
        }
    }
    return false;
}

static const struct embedded_body *choose(const struct embedded_file *file, str accept, struct reply *reply)
{
    if (file->brotli.data != NULL && accepts(accept, STR("br"))) {
        reply_header(reply, "Content-Encoding", STR("br"));
        return &file->brotli;
    }
    if (file->gzip.data != NULL && accepts(accept, STR("gzip"))) {
        reply_header(reply, "Content-Encoding", STR("gzip"));
        return &file->gzip;
    }
    return &file->plain;
}

static void add_caching(struct reply *reply, str path, bool outside_page, const struct embedded_file *file)
{
    if (outside_page) {
        add_outside_headers(reply);
        return;
    }
    reply_header(reply, "ETag", str_from(file->etag));
    if (str_starts(path, STR("/w/"))) {
        add_widget_headers(reply, file->immutable);
        return;
    }
    // A name with a hash never changes its content; everything else is asked for again each time.
    reply_header(reply, "Cache-Control",
                 file->immutable ? STR("public, max-age=31536000, immutable") : STR("no-cache"));
}

bool assets_find(str path, str accept_encoding, str if_none_match, struct reply *reply)
{
    if (path.len == 0) {
        return false;
    }
    const struct embedded_file *file = find(path);
    const char *page = file == NULL ? outside_file(path) : NULL;
    if (page != NULL) {
        file = find(str_from(page));
    } else if (file == NULL && is_page(path)) {
        file = find(STR("/index.html"));
    }
    if (file == NULL) {
        return false;
    }
    reply_header(reply, "Vary", STR("Accept-Encoding"));
    add_caching(reply, path, page != NULL, file);
    if (str_is(if_none_match) && str_find(if_none_match, str_from(file->etag)) >= 0) {
        reply->status = 304;
        reply->set = true;
        return true;
    }
    const struct embedded_body *body = choose(file, accept_encoding, reply);
    return reply_text(reply, file->type, (str){body->data, body->len}) == OK;
}

err reply_asset(struct reply *reply, const struct request *request, str path)
{
    str accept = request_header(request, "Accept-Encoding"), known = request_header(request, "If-None-Match");
    return assets_find(path, accept, known, reply) ? OK : FAIL(request->ctx, ERR_NOT_FOUND, NULL, "error.not_found");
}
