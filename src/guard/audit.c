#include "guard/audit.h"

#include "base/clock.h"
#include "base/hash.h"
#include "guard/inside.h"

enum { AUDIT_TEXT_MAX = 500, AUDIT_VERIFY_PAGE = 500 };

static const struct shape_field audit_fields[] = {
    {"id", SHAPE_I64, offsetof(struct audit_entry, id), .flags = SHAPE_REQUIRED},
    {"at_ms", SHAPE_TIME, offsetof(struct audit_entry, at_ms), .flags = SHAPE_REQUIRED},
    {"who", SHAPE_STR, offsetof(struct audit_entry, who), .flags = SHAPE_REQUIRED},
    {"action", SHAPE_STR, offsetof(struct audit_entry, action), .flags = SHAPE_REQUIRED},
    {"object", SHAPE_STR, offsetof(struct audit_entry, object), .flags = SHAPE_REQUIRED},
    {"detail", SHAPE_STR, offsetof(struct audit_entry, detail), .flags = SHAPE_REQUIRED},
    {"address", SHAPE_STR, offsetof(struct audit_entry, address), .flags = SHAPE_REQUIRED},
    {"digest", SHAPE_STR, offsetof(struct audit_entry, digest), .flags = SHAPE_REQUIRED, .help = "shape.audit.digest"},
};
const struct shape audit_entry_shape = SHAPE("AuditEntry", struct audit_entry, audit_fields, "shape.audit");

/* One record stays one line in any terminal or file it is copied to. */
static str escape(struct arena *arena, str text)
{
    struct buf out = buf_in(arena);
    text = utf8_prefix(str_is(text) ? text : STR(""), AUDIT_TEXT_MAX);
    for (i64 i = 0; i < text.len; i++) {
        u8 c = (u8)text.data[i];
        if (c < 0x20 || c == 0x7f) {
            buf_format(&out, "\\x%02x", c);
        } else {
            buf_char(&out, (char)c);
        }
    }
    return buf_str(&out);
}

static str digest_after(struct arena *arena, str before, const struct audit_entry *entry)
{
    struct buf text = buf_in(arena);
    buf_format(&text, "%ld %ld", (long)entry->id, (long)entry->at_ms);
    const str parts[] = {before, entry->who, entry->action, entry->object, entry->detail, entry->address};
    for (i64 i = 0; i < countof(parts); i++) {
        buf_format(&text, "\n%ld:", (long)parts[i].len);
        buf_add(&text, parts[i]);
    }
    return digest_of(arena, buf_str(&text));
}

static err add_entry(struct ctx *ctx, struct store *store, void *arg)
{
    struct audit_entry *entry = arg;
    struct audit_entry last = {.digest = STR("")};
    err code = store_one(ctx, store, SQL_AUDIT_LAST, ARGS_NONE, &audit_entry_shape, &last);
    if (code != OK && code != ERR_NOT_FOUND) {
        return code;
    }
    ctx_forgive(ctx);
    entry->id = last.id + 1;
    entry->digest = digest_after(&ctx->arena, last.digest, entry);
    return store_run(ctx, store, SQL_AUDIT_ADD, ARGS_OF(&audit_entry_shape, entry), NULL);
}

err audit_add(struct ctx *ctx, struct guard *guard, const struct principal *who, const struct audit *what)
{
    struct arena *arena = &ctx->arena;
    struct audit_entry entry = {
        .at_ms = clock_ms(),
        .who = escape(arena, str_is(who->name) ? who->name : STR("nobody")),
        .action = escape(arena, what->action),
        .object = escape(arena, what->object),
        .detail = escape(arena, what->detail),
        .address = escape(arena, what->address),
    };
    struct store *store = guard->store;
    return store_writing(store) ? add_entry(ctx, store, &entry) : store_write(ctx, store, add_entry, &entry);
}

err audit_list(struct ctx *ctx, struct guard *guard, i64 before, i64 limit, struct shape_list *out)
{
    return store_all(ctx, guard->store, SQL_AUDIT_PAGE,
                     ARGS(ARG_I64("before", before == 0 ? INT64_MAX : before), ARG_I64("limit", limit)),
                     &audit_entry_shape, out);
}

/* Checks one page; `last` is the entry before it and becomes its last. */
static err verify_page(struct ctx *ctx, const struct shape_list *page, struct audit_entry *last)
{
    const struct audit_entry *entries = page->items;
    for (i64 i = 0; i < page->count; i++) {
        bool follows = entries[i].id == last->id + 1 &&
                       str_eq(entries[i].digest, digest_after(&ctx->arena, last->digest, &entries[i]));
        if (!follows) {
            return FAIL(ctx, ERR_CORRUPT, NULL, "error.audit",
                        {"id", str_format(&ctx->arena, "%ld", (long)(last->id + 1))});
        }
        *last = entries[i];
    }
    return OK;
}

err audit_verify(struct ctx *ctx, struct guard *guard)
{
    struct audit_entry last = {.digest = STR("")};
    for (;;) {
        struct shape_list page;
        TRY(store_all(ctx, guard->store, SQL_AUDIT_FROM,
                      ARGS(ARG_I64("after", last.id), ARG_I64("limit", AUDIT_VERIFY_PAGE)), &audit_entry_shape, &page));
        if (page.count == 0) {
            return OK;
        }
        TRY(verify_page(ctx, &page, &last));
    }
}
