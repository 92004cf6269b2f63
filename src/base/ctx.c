#include "base/ctx.h"

#include "base/clock.h"

struct ctx_cleanup {
    struct ctx_cleanup *earlier;
    void (*give_back)(void *object);
    void *object;
};

static void clean(struct ctx *ctx)
{
    while (ctx->cleanups != NULL) {
        struct ctx_cleanup *last = ctx->cleanups;
        ctx->cleanups = last->earlier;
        last->give_back(last->object);
    }
    ctx->fault = (struct fault){0};
    ctx->pointer = STR_NONE;
    ctx->now_ms = 0;
}

void ctx_end(struct ctx *ctx)
{
    clean(ctx);
    arena_free(&ctx->arena);
}

void ctx_reset(struct ctx *ctx)
{
    clean(ctx);
    arena_reset(&ctx->arena);
}

void ctx_defer(struct ctx *ctx, void (*give_back)(void *object), void *object)
{
    struct ctx_cleanup *cleanup = arena_new(&ctx->arena, struct ctx_cleanup, 1);
    *cleanup = (struct ctx_cleanup){ctx->cleanups, give_back, object};
    ctx->cleanups = cleanup;
}

i64 ctx_now_ms(struct ctx *ctx)
{
    if (ctx->now_ms == 0) {
        ctx->now_ms = clock_ms();
    }
    return ctx->now_ms;
}

err ctx_fail_args(struct ctx *ctx, err code, const char *field, const char *key, const struct fault_arg *args,
                  i32 arg_count)
{
    if (ctx->fault.key != NULL) {
        return code;
    }
    struct fault *fault = &ctx->fault;
    fault->code = code;
    fault->key = key;
    fault->pointer = ctx->pointer;
    if (field != NULL && field[0] != 0) {
        fault->pointer = str_format(&ctx->arena, "%.*s/%s", STR_ARG(ctx->pointer), field);
    }
    fault->arg_count = lesser(arg_count, FAULT_ARGS_MAX);
    for (i32 i = 0; i < fault->arg_count; i++) {
        fault->args[i] = (struct fault_arg){args[i].name, str_copy(&ctx->arena, args[i].value)};
    }
    return code;
}

void ctx_forgive(struct ctx *ctx)
{
    ctx->fault = (struct fault){0};
}

bool ctx_stopped(const struct ctx *ctx)
{
    return (ctx->stop != NULL && __atomic_load_n(ctx->stop, __ATOMIC_RELAXED)) ||
           (ctx->cancel != NULL && __atomic_load_n(ctx->cancel, __ATOMIC_RELAXED));
}
