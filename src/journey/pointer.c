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
