#include "store/folder.h"

#include "test.h"

#include <sys/stat.h>

TEST(a_folder_is_made_for_its_owner_alone_and_used_by_one_process)
{
    struct ctx ctx = {0};
    str path = str_format(&ctx.arena, "%s/data", test_folder());
    struct folder folder, again;
    assert_ok(folder_open(&ctx, path, &folder));
    struct stat stat_;
    assert_int_equal(stat(path.data, &stat_), 0);
    assert_int_equal(stat_.st_mode & 0777, 0700);
    assert_int_equal(folder_open(&ctx, path, &again), ERR_CONFLICT);
    assert_string_equal(ctx.fault.key, "error.folder_in_use");
    ctx_forgive(&ctx);
    folder_close(&folder);
    assert_ok(folder_open(&ctx, path, &again));
    assert_memory_equal(folder.key, again.key, HASH_KEY_LEN);
    folder_close(&again);
    ctx_end(&ctx);
}

TEST(a_folder_that_cannot_be_made_is_named)
{
    struct ctx ctx = {0};
    struct folder folder;
    assert_int_equal(folder_open(&ctx, STR("/proc/no/such"), &folder), ERR_IO);
    assert_string_equal(ctx.fault.key, "error.folder");
    ctx_end(&ctx);
}

TEST(half_a_key_is_damage)
{
    struct ctx ctx = {0};
    str path = str_from(test_folder());
    FILE *file = fopen(str_format(&ctx.arena, "%.*s/key", STR_ARG(path)).data, "wb");
    fputs("short", file);
    fclose(file);
    u8 key[HASH_KEY_LEN];
    assert_int_equal(folder_key(&ctx, path, key), ERR_CORRUPT);
    ctx_end(&ctx);
}
