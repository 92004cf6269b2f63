#include "store/wal.h"

#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

static str database(struct ctx *ctx)
{
    return str_format(&ctx->arena, "%s/x.db", test_folder());
}

TEST(without_a_left_over_log_there_is_nothing_to_do)
{
    struct ctx ctx = {0};
    assert_ok(wal_secure(&ctx, database(&ctx)));
    ctx_end(&ctx);
}

TEST(a_left_over_log_keeps_every_byte)
{
    struct ctx ctx = {0};
    str file = database(&ctx);
    str wal = str_format(&ctx.arena, "%.*s-wal", STR_ARG(file));
    i64 size = (2 << 20) + 12345; // more than one step, and not a whole page
    char *bytes = mem_new(size), *after = mem_new(size + 1);
    for (i64 i = 0; i < size; i++) {
        bytes[i] = (char)(i * 31 + i / 4096);
    }
    FILE *out = fopen(wal.data, "wb");
    assert_int_equal(fwrite(bytes, 1, (size_t)size, out), size);
    fclose(out);
    assert_ok(wal_secure(&ctx, file));
    FILE *in = fopen(wal.data, "rb");
    assert_int_equal(fread(after, 1, (size_t)size + 1, in), size);
    fclose(in);
    assert_memory_equal(bytes, after, (size_t)size);
    mem_free(bytes);
    mem_free(after);
    ctx_end(&ctx);
}

TEST(a_log_that_cannot_be_written_is_not_trusted)
{
    struct ctx ctx = {0};
    str file = database(&ctx);
    assert_int_equal(mkdir(str_format(&ctx.arena, "%.*s-wal", STR_ARG(file)).data, 0700), 0);
    assert_int_equal(wal_secure(&ctx, file), ERR_UNAVAILABLE);
    assert_string_equal(ctx.fault.key, "error.readonly");
    assert_true(ctx.fault.retry_after_s > 0);
    ctx_end(&ctx);
}
