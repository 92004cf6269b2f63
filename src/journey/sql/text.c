#include "journey/sql/text.h"

#include "base/log.h"
#include "events/clickhouse.h"
#include "json/write.h"

#include <stdlib.h>

void sql_put_i64(struct buf *out, i64 number)
{
    if (number < 0) { // a minus behind a minus would begin a comment
        buf_char(out, '(');
        buf_i64(out, number);
        buf_char(out, ')');
    } else {
        buf_i64(out, number);
    }
}

void sql_put_f64(struct buf *out, f64 number)
{
    char digits[32];
    str text = {digits, f64_text(number, digits)};
    bool negative = str_starts(text, STR("-"));
    buf_add(out, negative ? STR("(") : STR_NONE);
    buf_add(out, text);
    buf_add(out, negative ? STR(")") : STR_NONE);
}

static const struct sql_arg *find(enum statement sql, str name, const struct sql_arg *args, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        if (str_eq(name, str_from(args[i].name))) {
            return &args[i];
        }
    }
    log_say(LOG_ERROR, "statement", "name", statement_texts[sql].name, "place", str_c(&(struct arena){0}, name), NULL);
    abort(); // a statement that is not complete is a mistake of ours, and is never sent
}

static void put(struct buf *out, const struct sql_arg *arg)
{
    switch (arg->kind) {
    case SQL_ARG_PART: buf_add(out, arg->text); break;
    case SQL_ARG_I64: sql_put_i64(out, arg->integer); break;
    case SQL_ARG_F64: sql_put_f64(out, arg->number); break;
    default: click_literal(out, arg->text); break;
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
}

/* The name of the place that begins at `at`, and how long the place is; none: there is no place. */
static str place_at(str text, i64 at, i64 *len)
{
    char first = text.data[at];
    i64 to = at + 1;
    if (first != '{' && first != ':') {
        return STR_NONE;
    }
    while (to < text.len && is_letter(text.data[to])) {
        to++;
    }
    bool closed = first == ':' || (to < text.len && text.data[to] == '}');
    if (to == at + 1 || !closed) {
        return STR_NONE;
    }
    *len = to - at + (first == '{');
    return str_slice(text, at + 1, to);
}

str sql_text(struct ctx *ctx, enum statement sql, const struct sql_arg *args, i64 count)
{
    str text = str_from(statement_texts[sql].clickhouse);
    struct buf out = buf_in(&ctx->arena);
    i64 copied = 0;
    for (i64 at = 0; at < text.len;) {
        i64 len = 0;
        str name = place_at(text, at, &len);
        if (!str_is(name)) {
            at++;
            continue;
        }
        buf_add(&out, str_slice(text, copied, at));
        put(&out, find(sql, name, args, count));
        at += len;
        copied = at;
    }
    buf_add(&out, str_slice(text, copied, text.len));
    return buf_str(&out);
}

str sql_numbers(struct ctx *ctx, const i64 *numbers, i64 count)
{
    struct buf out = buf_in(&ctx->arena);
    for (i64 i = 0; i < count; i++) {
        buf_add(&out, i == 0 ? STR_NONE : STR(","));
        buf_i64(&out, numbers[i]);
    }
    return buf_str(&out);
}
