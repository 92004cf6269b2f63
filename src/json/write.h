/* Writing JSON: an appender that puts commas and escapes where they belong. */
#pragma once

#include "base/buf.h"
#include "json/read.h"

struct json_writer {
    struct buf out;
    bool comma; /* the next value at this level needs one before it */
};

static inline struct json_writer json_writer_in(struct arena *arena)
{
    return (struct json_writer){buf_in(arena), false};
}

static inline str json_text(const struct json_writer *writer)
{
    return buf_str(&writer->out);
}

void json_object(struct json_writer *writer);
void json_object_end(struct json_writer *writer);
void json_list(struct json_writer *writer);
void json_list_end(struct json_writer *writer);
void json_key(struct json_writer *writer, str name);

void json_put_str(struct json_writer *writer, str text); /* none → null; bad UTF-8 becomes U+FFFD */
void json_put_i64(struct json_writer *writer, i64 number);
void json_put_f64(struct json_writer *writer,
                  f64 number); /* shortest text that reads back the same; not finite → null */
void json_put_bool(struct json_writer *writer, bool truth);
void json_put_null(struct json_writer *writer);
void json_put_id(struct json_writer *writer, i64 id);               /* 0 → null */
void json_put_raw(struct json_writer *writer, str json);            /* text that is JSON already; none → null */
void json_put_value(struct json_writer *writer, struct json value); /* a parsed value, minified; numbers as they were */

/* Key and value in one call. */
void json_pair_str(struct json_writer *writer, const char *name, str text);
void json_pair_i64(struct json_writer *writer, const char *name, i64 number);
void json_pair_f64(struct json_writer *writer, const char *name, f64 number);
void json_pair_bool(struct json_writer *writer, const char *name, bool truth);
void json_pair_id(struct json_writer *writer, const char *name, i64 id);
void json_pair_raw(struct json_writer *writer, const char *name, str json);

/* Shortest decimal text that reads back as the same number ("2.55", "1e+21"); returns its length, at most 32. */
i64 f64_text(f64 number, char out[32]);
