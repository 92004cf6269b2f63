#include "test.h"

#include "store/snapshot.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char name[] = "kept";

static struct snapshot_stamp stamp_of(u32 version)
{
    return (struct snapshot_stamp){.what = "things", .version = version, .key = "0123456789abcde"};
}

static void write_one(struct ctx *ctx, str folder, i64 bytes)
{
    struct snapshot_writer *writer;
    struct snapshot_stamp stamp = stamp_of(7);
    stamp.last_id = 42;
    stamp.deletions = 3;
    u8 *many = mem_new(bytes + 1);
    for (i64 i = 0; i < bytes; i++) {
        many[i] = (u8)(i * 7 + i / 255);
    }
    assert_ok(snapshot_create(ctx, folder, name, &writer));
    snapshot_put(writer, 1, "hello", 5);
    snapshot_begin(writer, 2);
    snapshot_add(writer, many, bytes / 3);
    snapshot_add(writer, many + bytes / 3, bytes - bytes / 3);
    snapshot_put(writer, 9, NULL, 0);
    assert_ok(snapshot_finish(ctx, writer, &stamp));
    assert_ok(snapshot_publish(ctx, writer));
    mem_free(many);
}

/* Opens it and looks at every byte it offers. */
static err look(struct ctx *ctx, str folder, u32 version, i64 bytes)
{
    struct snapshot *snapshot;
    struct snapshot_stamp stamp = stamp_of(version);
    TRY(snapshot_open(ctx, folder, name, &stamp, false, &snapshot));
    assert_int_equal(stamp.last_id, 42);
    assert_int_equal(stamp.deletions, 3);
    assert_true(str_eq(snapshot_section(snapshot, 1), STR("hello")));
    const u8 *many = snapshot_array(snapshot, 2, bytes, 1);
    assert_non_null(many);
    assert_int_equal((uintptr_t)many % SNAPSHOT_ALIGN, 0);
    for (i64 i = 0; i < bytes; i++) {
        assert_int_equal(many[i], (u8)(i * 7 + i / 255));
    }
    assert_null(snapshot_array(snapshot, 2, bytes + 1, 1));
    assert_null(snapshot_array(snapshot, 2, INT64_MAX, 16));
    assert_null(snapshot_array(snapshot, 2, -1, 1));
    assert_false(str_is(snapshot_section(snapshot, 3)));
    assert_int_equal(snapshot_section(snapshot, 9).len, 0);
    snapshot_close(snapshot);
    return OK;
}

TEST(what_was_kept_comes_back_whole_whatever_its_size)
{
    struct ctx ctx = {0};
    str folder = str_from(test_folder());
    static const i64 sizes[] = {1, 63, 64, 1000, 1 << 20, (1 << 20) + 1, 3000000, 20000000};
    for (i64 i = 0; i < countof(sizes); i++) {
        write_one(&ctx, folder, sizes[i]);
        assert_ok(look(&ctx, folder, 7, sizes[i]));
    }
    ctx_end(&ctx);
}

TEST(another_version_folder_or_content_is_not_ours)
{
    struct ctx ctx = {0};
    struct snapshot *snapshot;
    str folder = str_from(test_folder());
    struct snapshot_stamp stamp = stamp_of(7);
    assert_int_equal(snapshot_open(&ctx, folder, name, &stamp, false, &snapshot), ERR_NOT_FOUND);
    write_one(&ctx, folder, 100);
    assert_int_equal(look(&ctx, folder, 6, 100), ERR_CORRUPT);
    stamp.key[3]++;
    assert_int_equal(snapshot_open(&ctx, folder, name, &stamp, false, &snapshot), ERR_CORRUPT);
    stamp = stamp_of(7);
    stamp.what = "thing";
    assert_int_equal(snapshot_open(&ctx, folder, name, &stamp, false, &snapshot), ERR_CORRUPT);
    assert_ok(look(&ctx, folder, 7, 100));
    ctx_end(&ctx);
}

TEST(every_flipped_byte_and_every_cut_is_noticed)
{
    struct ctx ctx = {0};
    str folder = str_from(test_folder());
    write_one(&ctx, folder, 1000);
    str path = str_format(&ctx.arena, "%.*s/%s", STR_ARG(folder), name);
    int fd = open(path.data, O_RDWR | O_CLOEXEC);
    struct stat file;
    assert_int_equal(fstat(fd, &file), 0);
    char *whole = mem_new(file.st_size);
    assert_int_equal(pread(fd, whole, (size_t)file.st_size, 0), file.st_size);
    i64 unused = 0; // bytes of the head that mean nothing
    for (i64 at = 0; at < file.st_size; at++) {
        char wrong = (char)(whole[at] ^ (1 << at % 8));
        assert_int_equal(pwrite(fd, &wrong, 1, at), 1);
        err code = look(&ctx, folder, 7, 1000);
        assert_true(code == ERR_CORRUPT || (code == OK && at < 256));
        unused += code == OK;
        assert_int_equal(pwrite(fd, &whole[at], 1, at), 1);
    }
    assert_true(unused < 160);
    for (i64 len = file.st_size - 1; len >= 0; len--) {
        assert_int_equal(ftruncate(fd, len), 0);
        assert_int_equal(look(&ctx, folder, 7, 1000), ERR_CORRUPT);
    }
    close(fd);
    mem_free(whole);
    ctx_end(&ctx);
}

TEST(an_unfinished_one_is_not_seen_and_goes)
{
    struct ctx ctx = {0};
    str folder = str_from(test_folder());
    struct snapshot_writer *writer;
    write_one(&ctx, folder, 500);
    assert_ok(snapshot_create(&ctx, folder, name, &writer));
    snapshot_put(writer, 1, "other", 5);
    str left = str_format(&ctx.arena, "%.*s/%s.new", STR_ARG(folder), name);
    assert_int_equal(access(left.data, F_OK), 0);
    assert_ok(look(&ctx, folder, 7, 500)); // as after a crash of the writer
    assert_int_not_equal(access(left.data, F_OK), 0);
    snapshot_abandon(writer);
    assert_ok(look(&ctx, folder, 7, 500));
    assert_ok(snapshot_remove(&ctx, folder, name));
    assert_ok(snapshot_remove(&ctx, folder, name));
    assert_int_equal(look(&ctx, folder, 7, 500), ERR_NOT_FOUND);
    ctx_end(&ctx);
}

TEST(memory_of_ones_own_changes_no_file)
{
    struct ctx ctx = {0};
    struct snapshot *snapshot;
    struct snapshot_stamp stamp = stamp_of(7);
    str folder = str_from(test_folder());
    write_one(&ctx, folder, 500);
    assert_ok(snapshot_open(&ctx, folder, name, &stamp, true, &snapshot));
    memset(snapshot_array(snapshot, 2, 500, 1), 0, 500);
    snapshot_close(snapshot);
    assert_ok(look(&ctx, folder, 7, 500));
    ctx_end(&ctx);
}
