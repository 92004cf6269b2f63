#include "test.h"

#include "listen/traces.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *path_in(struct ctx *ctx, const char *folder, const char *name)
{
    return str_format(&ctx->arena, "%s/%s", folder, name).data;
}

static void write_file(const char *path, str text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.data, 1, (size_t)text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static str read_file(struct ctx *ctx, const char *path)
{
    char *bytes = arena_alloc(&ctx->arena, 4096, 1);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    i64 len = (i64)fread(bytes, 1, 4096, file);
    (void)fclose(file);
    return (str){bytes, len};
}

TEST(lines_that_name_a_person_lose_their_text)
{
    struct ctx ctx = {0};
    const char *folder = test_folder();
    assert_int_equal(mkdir(path_in(&ctx, folder, "imports"), 0700), 0);
    assert_int_equal(mkdir(path_in(&ctx, folder, "uploads"), 0700), 0);
    const char *list = path_in(&ctx, folder, "imports/1.refused.csv");
    write_file(list, STR("line,reason,text\r\n2,bad score,\"U17,\"\"x\"\"\n11\"\r\n3,bad score,\"U170,9\"\r\n"));
    const char *named = path_in(&ctx, folder, "uploads/a.upload");
    const char *other = path_in(&ctx, folder, "uploads/b.upload");
    const char *packed = path_in(&ctx, folder, "uploads/c.upload");
    write_file(named, STR("id\nU17\n"));
    write_file(other, STR("id\nU170\n"));
    write_file(packed, (str){"\x1F\x8B\x08\x00\x01", 5});
    str words[] = {STR("U17"), STR("an@vidu.vn")};
    assert_ok(traces_erase(&ctx, str_from(folder), &(struct str_list){words, 2}));
    assert_true(str_eq(read_file(&ctx, list),
                       STR("line,reason,text\r\n2,bad score,\"****\"\"*\"\"***\"\r\n3,bad score,\"U170,9\"\r\n")));
    assert_int_equal(access(named, F_OK), -1);
    assert_int_equal(access(other, F_OK), 0);
    assert_int_equal(access(packed, F_OK), -1);
    ctx_end(&ctx);
}
