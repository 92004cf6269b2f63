#include "json/write.h"

#include "base/id.h"

#include <math.h>

static void before_value(struct json_writer *writer)
{
    if (writer->comma) {
        buf_char(&writer->out, ',');
    }
    writer->comma = true;
}

static void open_with(struct json_writer *writer, char bracket)
{
    before_value(writer);
    buf_char(&writer->out, bracket);
    writer->comma = false;
}

static void close_with(struct json_writer *writer, char bracket)
{
    buf_char(&writer->out, bracket);
    writer->comma = true;
}

void json_object(struct json_writer *writer)
{
    open_with(writer, '{');
}

void json_object_end(struct json_writer *writer)
{
    close_with(writer, '}');
}

void json_list(struct json_writer *writer)
{
    open_with(writer, '[');
}

void json_list_end(struct json_writer *writer)
{
    close_with(writer, ']');
}

static void escape(struct buf *out, u8 c)
{
    static const char digits[] = "0123456789abcdef";
    char letter = c == '"' || c == '\\' ? (char)c : c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : 0;
    buf_char(out, '\\');
    if (letter != 0) {
        buf_char(out, letter);
        return;
    }
    buf_add(out, STR("u00"));
    buf_char(out, digits[c >> 4]);
    buf_char(out, digits[c & 15]);
}

/* Eight bytes at a time as long as none is a control character, a quote or a backslash. A byte with its high bit set passes:
 * whoever calls knows that the text is sound. */
static i64 skip_plain(str text, i64 at)
{
    const u64 ones = 0x0101010101010101u;
    const u64 highs = 0x8080808080808080u;
    while (at + 8 <= text.len) {
        u64 word;
        memcpy(&word, text.data + at, sizeof(word));
        u64 quote = word ^ ones * '"';
        u64 slash = word ^ ones * '\\';
        u64 control = (word - ones * 0x20) & ~word;
        u64 found = (control | ((quote - ones) & ~quote) | ((slash - ones) & ~slash)) & highs;
        if (found != 0) {
            break;
        }
        at += 8;
    }
    return at;
}

/* Plain runs are copied whole; only quotes, backslashes, control characters and broken UTF-8 need a hand. */
static void quoted(struct buf *out, str text)
{
    bool sound = utf8_valid(text);
    buf_char(out, '"');
    i64 run = 0;
    i64 at = 0;
    while (at < text.len) {
        at = sound ? skip_plain(text, at) : at;
        if (at == text.len) {
            break;
        }
        u8 c = (u8)text.data[at];
        bool plain = c >= 0x20 && c != '"' && c != '\\' && (sound || c < 0x80);
        if (plain) {
            at++;
            continue;
        }
        buf_add(out, str_slice(text, run, at));
        if (c < 0x80) {
            escape(out, c);
            at++;
        } else {
            char code[4];
            u32 point = utf8_next(text, &at);
            buf_add(out, (str){code, utf8_put(code, point)});
        }
        run = at;
    }
    if (text.len > run) {
        buf_add(out, str_slice(text, run, text.len));
    }
    buf_char(out, '"');
}

void json_key(struct json_writer *writer, str name)
{
    before_value(writer);
    quoted(&writer->out, name);
    buf_char(&writer->out, ':');
    writer->comma = false;
}

void json_put_str(struct json_writer *writer, str text)
{
    if (text.data == NULL) {
        json_put_null(writer);
        return;
    }
    before_value(writer);
    quoted(&writer->out, text);
}

void json_put_i64(struct json_writer *writer, i64 number)
{
    before_value(writer);
    buf_i64(&writer->out, number);
}

void json_put_f64(struct json_writer *writer, f64 number)
{
    if (!isfinite(number)) {
        json_put_null(writer);
        return;
    }
    before_value(writer);
    enum { TEXT_MAX = 32 };
    writer->out.len += f64_text(number, buf_room(&writer->out, TEXT_MAX));
}

void json_put_bool(struct json_writer *writer, bool truth)
{
    before_value(writer);
    buf_add(&writer->out, truth ? STR("true") : STR("false"));
}

void json_put_null(struct json_writer *writer)
{
    before_value(writer);
    buf_add(&writer->out, STR("null"));
}

void json_put_id(struct json_writer *writer, i64 id)
{
    char text[ID_TEXT_LEN];
    json_put_str(writer, id == 0 ? STR_NONE : id_text(id, text));
}

void json_put_raw(struct json_writer *writer, str json)
{
    before_value(writer);
    buf_add(&writer->out, json.data == NULL ? STR("null") : json);
}

static void put_scalar(struct json_writer *writer, struct json value)
{
    str text;
    i64 whole;
    f64 number;
    bool truth;
    switch (json_type(value)) {
    case JSON_STR:
        if (json_str(value, &text)) {
            json_put_str(writer, text);
        }
        break;
    case JSON_BOOL:
        if (json_bool(value, &truth)) {
            json_put_bool(writer, truth);
        }
        break;
    case JSON_I64:
        if (json_i64(value, &whole)) {
            json_put_i64(writer, whole);
        }
        break;
    case JSON_U64:
        before_value(writer);
        buf_format(&writer->out, "%llu", (unsigned long long)json_u64(value));
        break;
    case JSON_F64:
        if (json_f64(value, &number)) {
            json_put_f64(writer, number);
        }
        break;
    default: json_put_null(writer); break;
    }
}

/* The reader bounds the depth, so the open containers fit a small stack. */
void json_put_value(struct json_writer *writer, struct json value)
{
    struct json_iter open[JSON_DEPTH_MAX];
    i64 depth = 0;
    for (;;) {
        enum json_type type = json_type(value);
        if (type == JSON_LIST || type == JSON_OBJECT) {
            open_with(writer, type == JSON_LIST ? '[' : '{');
            open[depth++] = json_each(value);
        } else {
            put_scalar(writer, value);
        }
        while (depth > 0 && !json_next(&open[depth - 1])) {
            depth--;
            close_with(writer, open[depth].object ? '}' : ']');
        }
        if (depth == 0) {
            return;
        }
        if (open[depth - 1].object) {
            json_key(writer, open[depth - 1].key);
        }
        value = open[depth - 1].value;
    }
}

void json_pair_str(struct json_writer *writer, const char *name, str text)
{
    json_key(writer, str_from(name));
    json_put_str(writer, text);
}

void json_pair_i64(struct json_writer *writer, const char *name, i64 number)
{
    json_key(writer, str_from(name));
    json_put_i64(writer, number);
}

void json_pair_f64(struct json_writer *writer, const char *name, f64 number)
{
    json_key(writer, str_from(name));
    json_put_f64(writer, number);
}

void json_pair_bool(struct json_writer *writer, const char *name, bool truth)
{
    json_key(writer, str_from(name));
    json_put_bool(writer, truth);
}

void json_pair_id(struct json_writer *writer, const char *name, i64 id)
{
    json_key(writer, str_from(name));
    json_put_id(writer, id);
}

void json_pair_raw(struct json_writer *writer, const char *name, str json)
{
    json_key(writer, str_from(name));
    json_put_raw(writer, json);
}
