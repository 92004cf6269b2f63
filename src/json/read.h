/* Reading JSON: simdjson's document tree behind plain C.
 *
 * A document is parsed and validated whole; then values are looked up in it.
 * Values are small handles into the document and stay valid until the reader
 * parses again or is closed. One reader belongs to one thread at a time.
 */
#pragma once

#include "base/ctx.h"
#include "base/str.h"

struct json_reader;

/* Bytes that must be readable behind a text given to json_parse_padded. */
enum { JSON_PADDING = 64, JSON_DEPTH_MAX = 32 };

enum json_type { JSON_NONE, JSON_NULL, JSON_BOOL, JSON_I64, JSON_U64, JSON_F64, JSON_STR, JSON_LIST, JSON_OBJECT };

/* A value in a document; {0} is "no such value" and answers JSON_NONE to everything. */
struct json {
    const void *doc;
    u64 at;
};

struct json_reader *json_reader_open(void);
void json_reader_close(struct json_reader *reader);

/* A reader of its own, closed when the context ends: for a document that must stay while others are read. */
struct json_reader *json_reader_of(struct ctx *ctx);

/* A reader of this thread, opened on first use and closed when the thread ends. */
struct json_reader *json_reader_here(void);

/* Parses a whole text. ERR_MALFORMED with the reason and byte position: not JSON, not UTF-8, bytes behind the
 * value, deeper than JSON_DEPTH_MAX, a number that does not fit, U+0000 in a string. Copies the text. */
err json_parse(struct ctx *ctx, struct json_reader *reader, str text, struct json *out);

/* The same without the copy: JSON_PADDING bytes behind the text must be readable. */
err json_parse_padded(struct ctx *ctx, struct json_reader *reader, str text, struct json *out);

enum json_type json_type(struct json value);

static inline bool json_is(struct json value)
{
    return value.doc != NULL;
}

/* The member of an object, or no value. With repeated names the first counts. */
struct json json_get(struct json object, str name);

/* True when an object repeats a name; our own API refuses such input. */
bool json_repeats(struct json object);

/* Typed reads: false when the value is not of that type. Strings borrow from the document. Integers also read from
 * a floating number without fraction, floats also from integers. */
bool json_str(struct json value, str *out);
bool json_i64(struct json value, i64 *out);
bool json_f64(struct json value, f64 *out);
bool json_bool(struct json value, bool *out);

/* The number of a JSON_U64 (above INT64_MAX), otherwise 0. */
u64 json_u64(struct json value);

i64 json_count(struct json list_or_object);

/* for (struct json_iter i = json_each(value); json_next(&i);) { i.key, i.value } — key is none in lists. */
struct json_iter {
    const void *doc;
    u64 at, end;
    bool object;
    str key;
    struct json value;
};
struct json_iter json_each(struct json list_or_object);
bool json_next(struct json_iter *iter);
