/* RowBinary, text as literals, and statements with their arguments. */
#include "events/clickhouse.h"

#include <assert.h>
#include <string.h>

static const char *take(struct click_rows *rows, i64 bytes)
{
    if (bytes < 0 || rows->end - rows->at < bytes) {
        rows->broken = true;
        rows->at = rows->end;
        return NULL;
    }
    const char *from = rows->at;
    rows->at += bytes;
    return from;
}

bool click_more(struct click_rows *rows)
{
    return rows->at < rows->end;
}

#define NUMBER(name, type)                                                                                             \
    type name(struct click_rows *rows)                                                                                 \
    {                                                                                                                  \
        type value = 0;                                                                                                \
        const char *from = take(rows, (i64)sizeof value);                                                              \
        if (from != NULL) {                                                                                            \
            memcpy(&value, from, sizeof value);                                                                        \
        }                                                                                                              \
        return value;                                                                                                  \
    }

NUMBER(click_i64, i64)
NUMBER(click_u64, u64)
NUMBER(click_u32, u32)
NUMBER(click_u16, u16)
NUMBER(click_u8, u8)
NUMBER(click_f64, f64)

/* LEB128: seven bits a byte, the lowest first. */
i64 click_count(struct click_rows *rows)
{
    u64 count = 0;
    for (int shift = 0; shift < 63; shift += 7) {
        u8 byte = click_u8(rows);
        count |= (u64)(byte & 127) << shift;
        if ((byte & 128) == 0) {
            return (i64)count;
        }
    }
    rows->broken = true;
    rows->at = rows->end;
    return 0;
}

str click_fixed(struct click_rows *rows, i64 bytes)
{
    const char *from = take(rows, bytes);
    return from == NULL ? STR("") : (str){from, bytes};
}

str click_str(struct click_rows *rows)
{
    return click_fixed(rows, click_count(rows));
}

static void put(struct buf *rows, const void *bytes, i64 len)
{
    if (len > 0) {
        memcpy(buf_room(rows, len), bytes, (size_t)len);
        rows->len += len;
    }
}

void click_put_i64(struct buf *rows, i64 value)
{
    put(rows, &value, (i64)sizeof value);
}

void click_put_f64(struct buf *rows, f64 value)
{
    put(rows, &value, (i64)sizeof value);
}

void click_put_u8(struct buf *rows, u8 value)
{
    put(rows, &value, (i64)sizeof value);
}

void click_put_count(struct buf *rows, i64 count)
{
    u64 rest = (u64)count;
    for (; rest > 127; rest >>= 7) {
        click_put_u8(rows, (u8)(rest | 128));
    }
    click_put_u8(rows, (u8)rest);
}

void click_put_fixed(struct buf *rows, const void *bytes, i64 len)
{
    put(rows, bytes, len);
}

void click_put_str(struct buf *rows, str text)
{
    click_put_count(rows, text.len);
    put(rows, text.data, text.len);
}

/* Everything but letters, digits and what can have no meaning to any tokenizer is written by its number: whatever a server
 * thinks of a byte, the quote that ends the literal is ours. UTF-8 stays readable; other bytes are no text to whatever
 * stands in between, so they are numbers too. */
static bool is_plain(u8 byte, bool utf8)
{
    return (byte >= 128 && utf8) ||
           (byte >= 32 && byte < 127 && byte != '\'' && byte != '\\' && byte != '`' && byte != '"');
}

static void quoted(struct buf *out, str text, char quote)
{
    static const char digits[] = "0123456789ABCDEF";
    char *to = buf_room(out, 2 + text.len * 4);
    bool utf8 = utf8_valid(text);
    i64 len = 0;
    to[len++] = quote;
    for (i64 i = 0; i < text.len; i++) {
        u8 byte = (u8)text.data[i];
        if (is_plain(byte, utf8)) {
            to[len++] = (char)byte;
            continue;
        }
        to[len++] = '\\';
        to[len++] = 'x';
        to[len++] = digits[byte >> 4];
        to[len++] = digits[byte & 15];
    }
    to[len++] = quote;
    out->len += len;
}

void click_literal(struct buf *out, str text)
{
    quoted(out, text, '\'');
}

void click_name(struct buf *out, str name)
{
    quoted(out, name, '`');
}

/* The text of statements. */

static bool in_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static void put_arg(struct buf *out, str name, const struct click_arg *args, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        if (!str_eq(name, str_from(args[i].name))) {
            continue;
        }
        switch (args[i].type) {
        case CLICK_NUMBER: buf_i64(out, args[i].number); return;
        case CLICK_TEXT: click_literal(out, args[i].text); return;
        case CLICK_NAME: click_name(out, args[i].text); return;
        case CLICK_SQL: buf_add(out, args[i].text); return;
        }
    }
    assert(false && "a statement's argument is missing");
}

/* A literal of the statement itself, with its quotes. */
static i64 skip_literal(str text, i64 at)
{
    for (i64 end = at + 1; end < text.len; end++) {
        if (text.data[end] == '\\') {
            end++;
        } else if (text.data[end] == '\'') {
            return end + 1;
        }
    }
    return text.len;
}

str click_text(struct ctx *ctx, enum statement sql, const struct click_arg *args, i64 count)
{
    return click_template(ctx, str_from(statement_texts[sql].clickhouse), args, count);
}

str click_template(struct ctx *ctx, str text, const struct click_arg *args, i64 count)
{
    struct buf out = buf_in(&ctx->arena);
    for (i64 at = 0, end; at < text.len; at = end) {
        char c = text.data[at];
        end = at + 1;
        bool name = (c == ':' || c == '{') && end < text.len && in_name(text.data[end]);
        if (c == '\'') {
            end = skip_literal(text, at);
        } else if (name) {
            while (end < text.len && in_name(text.data[end])) {
                end++;
            }
            put_arg(&out, str_slice(text, at + 1, end), args, count);
            end += c == '{';
            continue;
        }
        buf_add(&out, str_slice(text, at, end));
    }
    return buf_str(&out);
}
