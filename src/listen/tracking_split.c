#include "listen/tracking.h"

enum { WORK_FACTOR = 8 }; /* looking for the next item costs at most this many passes over the document */

struct splitting {
    str text;
    i64 work; /* bytes that may still be looked at */
};

static i64 skip_blank(str text, i64 at)
{
    while (at < text.len &&
           (text.data[at] == ' ' || text.data[at] == '\t' || text.data[at] == '\n' || text.data[at] == '\r')) {
        at++;
    }
    return at;
}

/* Behind the string that begins at `at`; -1 when it does not end. */
static i64 string_end(str text, i64 at)
{
    for (at++; at < text.len; at++) {
        if (text.data[at] == '\\') {
            at++;
        } else if (text.data[at] == '"') {
            return at + 1;
        }
    }
    return -1;
}

/* Behind the object that begins at `from`; -1 when brackets do not match. */
static i64 object_end(struct splitting *splitting, i64 from)
{
    enum { OPEN_MAX = 1024 };
    char open[OPEN_MAX];
    str text = splitting->text;
    i64 depth = 0;
    for (i64 at = from; at < text.len && at >= 0 && splitting->work > 0; splitting->work--) {
        char c = text.data[at];
        if (c == '"') {
            i64 end = string_end(text, at);
            splitting->work -= end - at;
            at = end;
            continue;
        }
        if (c == '{' || c == '[') {
            if (depth == OPEN_MAX) {
                return -1;
            }
            open[depth++] = c;
        } else if (c == '}' || c == ']') {
            if (depth == 0 || open[depth - 1] != (c == '}' ? '{' : '[')) {
                return -1;
            }
            if (--depth == 0) {
                return at + 1;
            }
        }
        at++;
    }
    return -1;
}

/* The next place behind `from` where a whole object begins after a comma; the end when there is none. */
static i64 next_item(struct splitting *splitting, i64 from)
{
    str text = splitting->text;
    for (i64 at = from; at < text.len && splitting->work > 0; at++, splitting->work--) {
        if (text.data[at] != ',') {
            continue;
        }
        i64 begin = skip_blank(text, at + 1);
        i64 inside = begin < text.len && text.data[begin] == '{' ? skip_blank(text, begin + 1) : text.len;
        if (inside < text.len && text.data[inside] == '"' && object_end(splitting, begin) > 0) {
            return begin;
        }
    }
    return text.len;
}

/* Behind `"batch" : [` of the outermost object; -1 without. */
static i64 list_begin(str text)
{
    str rest = text;
    for (i64 base = 0, found; (found = str_find(rest, STR("\"batch\""))) >= 0;) {
        i64 at = skip_blank(text, base + found + 7);
        if (at < text.len && text.data[at] == ':') {
            at = skip_blank(text, at + 1);
            if (at < text.len && text.data[at] == '[') {
                return at + 1;
            }
        }
        base += found + 7;
        rest = str_slice(text, base, text.len);
    }
    return -1;
}

bool tracking_split(struct arena *arena, str document, void (*each)(void *self, str item), void *self, str *outside)
{
    struct splitting splitting = {document, document.len * WORK_FACTOR};
    i64 begin = list_begin(document), at = begin;
    if (begin < 0) {
        return false;
    }
    for (;;) {
        at = skip_blank(document, at);
        if (at < document.len && document.data[at] == ',') {
            at++;
            continue;
        }
        if (at >= document.len || document.data[at] == ']') {
            break;
        }
        i64 end = document.data[at] == '{' ? object_end(&splitting, at) : -1;
        if (end < 0) {
            end = next_item(&splitting, at + 1);
        }
        each(self, str_slice(document, at, end));
        at = end;
    }
    *outside = str_format(arena, "%.*s%.*s", (int)begin, document.data, (int)(document.len - at), document.data + at);
    return true;
}
