#include "journey/pointer.h"

#include "base/buf.h"

str pointer_enter(struct ctx *ctx, str name)
{
    str before = ctx->pointer;
    struct buf path = buf_in(&ctx->arena);
    buf_add(&path, before);
    buf_char(&path, '/');
    for (i64 i = 0; i < name.len; i++) {
        if (name.data[i] == '~' || name.data[i] == '/') {
            buf_add(&path, name.data[i] == '~' ? STR("~0") : STR("~1"));
        } else {
            buf_char(&path, name.data[i]);
        }
    }
    ctx->pointer = buf_str(&path);
    return before;
}

str pointer_enter_index(struct ctx *ctx, i64 index)
{
    return pointer_enter(ctx, str_format(&ctx->arena, "%lld", (long long)index));
}

static bool is_among(str key, const char *const *keys)
{
    for (i64 i = 0; keys[i] != NULL; i++) {
        if (str_eq(key, str_from(keys[i]))) {
            return true;
        }
    }
    return false;
}

static err refuse(struct ctx *ctx, str key, const char *const *keys)
{
    struct buf allowed = buf_in(&ctx->arena);
    for (i64 i = 0; keys[i] != NULL; i++) {
        buf_format(&allowed, "%s%s", i > 0 ? ", " : "", keys[i]);
    }
    pointer_enter(ctx, key);
    return FAIL(ctx, ERR_INVALID, "", "error.unknown_field", {"field", key}, {"allowed", buf_str(&allowed)});
}

err pointer_members(struct ctx *ctx, struct json object, const char *const *keys)
{
    if (json_type(object) != JSON_OBJECT) {
        return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("object")});
    }
    for (struct json_iter i = json_each(object); json_next(&i);) {
        TRY(is_among(i.key, keys) ? OK : refuse(ctx, i.key, keys));
    }
    return OK;
}
