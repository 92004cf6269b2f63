#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/zone.h"

#include <stdarg.h>
#include <unistd.h>

static enum log_level lowest_level = LOG_INFO;

void log_level_set(enum log_level lowest)
{
    lowest_level = lowest;
}

/* A JSON string whose control characters and broken UTF-8 cannot escape their line. */
static void quoted(struct buf *out, str text)
{
    buf_char(out, '"');
    for (i64 i = 0; i < text.len;) {
        i64 start = i;
        u32 code = utf8_next(text, &i);
        if (code == '"' || code == '\\') {
            buf_char(out, '\\');
            buf_char(out, (char)code);
        } else if (code < 0x20 || code == 0x7F || code == 0xFFFD) {
            buf_format(out, "\\u%04x", code);
        } else {
            buf_add(out, str_slice(text, start, i));
        }
    }
    buf_char(out, '"');
}

static void pair(struct buf *out, str name, str value)
{
    buf_char(out, ',');
    quoted(out, name);
    buf_char(out, ':');
    quoted(out, value);
}

static void begin(struct buf *out, enum log_level level, const char *event)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    char time[ISO_MAX];
    buf_add(out, STR("{\"at\":"));
    quoted(out, iso_format(zone_utc(), clock_ms(), time));
    pair(out, STR("level"), str_from(names[level]));
    pair(out, STR("event"), str_from(event));
}

/* One write, so that lines of different threads do not mix. */
static void finish(struct buf *out)
{
    buf_add(out, STR("}\n"));
    ssize_t written = write(STDERR_FILENO, out->data, (size_t)out->len);
    (void)written; /* there is nobody left to tell */
    arena_free(out->arena);
}

void log_say(enum log_level level, const char *event, ...)
{
    if (level < lowest_level) {
        return;
    }
    struct arena arena = {0};
    struct buf out = buf_in(&arena);
    begin(&out, level, event);
    va_list list;
    va_start(list, event);
    for (const char *name = va_arg(list, const char *); name != NULL; name = va_arg(list, const char *)) {
        pair(&out, str_from(name), str_from(va_arg(list, const char *)));
    }
    va_end(list);
    finish(&out);
}

void log_fault(enum log_level level, const char *event, const struct ctx *ctx, err code)
{
    if (level < lowest_level) {
        return;
    }
    struct arena arena = {0};
    struct buf out = buf_in(&arena);
    begin(&out, level, event);
    pair(&out, STR("code"), str_from(err_name(code)));
    pair(&out, STR("key"), str_from(ctx->fault.key));
    pair(&out, STR("pointer"), ctx->fault.pointer);
    for (i32 i = 0; i < ctx->fault.arg_count; i++) {
        pair(&out, str_from(ctx->fault.args[i].name), ctx->fault.args[i].value);
    }
    finish(&out);
}
