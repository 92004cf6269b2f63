/* The filter of repeats over a restart: from its file, or from the log where the file is of no use. */
#include "folder_of_events.h"

#include "base/clock.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *in_folder(struct world *world, const char *name)
{
    return str_format(&world->ctx.arena, "%.*s/%s", STR_ARG(world->options.folder), name).data;
}

/* The kept file's bytes, and putting other bytes in its place. */
struct file {
    char *bytes;
    i64 len;
};

static struct file take(const char *path)
{
    struct stat stat_;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0 && fstat(fd, &stat_) == 0);
    struct file file = {mem_new(stat_.st_size), stat_.st_size};
    assert_int_equal(read(fd, file.bytes, (size_t)file.len), file.len);
    close(fd);
    return file;
}

static void put(const char *path, const struct file *file, i64 len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, file->bytes, (size_t)len), len);
    close(fd);
}

/* Everything below `count` is known, and nothing else. */
static void assert_knows(struct world *world, i64 count)
{
    assert_int_equal(events_stats(world->log).filter_entries, count);
    assert_int_equal(append(world, 0, count), 0);
}

TEST(repeats_are_known_after_a_restart_from_the_kept_file)
{
    struct world world = {0};
    world_open(&world);
    assert_int_equal(append(&world, 0, 2000), 2000);
    world_reopen(&world);
    assert_int_equal(access(in_folder(&world, "repeats"), F_OK), 0);
    assert_knows(&world, 2000);
    assert_int_equal(append(&world, 2000, 3000), 3000); // shards move out of the file
    assert_ok(events_keep(&world.ctx, world.log, 0));
    assert_ok(events_keep(&world.ctx, world.log, 0)); // nothing new: nothing to do
    world_reopen(&world);
    assert_knows(&world, 5000);
    world_close(&world);
}

TEST(what_came_after_the_kept_file_is_read_from_the_log)
{
    struct world world = {0};
    world_open(&world);
    (void)append(&world, 0, 1000);
    world_reopen(&world);
    const char *path = in_folder(&world, "repeats");
    struct file old = take(path);
    (void)append(&world, 1000, 1500);
    assert_ok(events_keep(&world.ctx, world.log, 0));
    events_close(world.log);
    put(path, &old, old.len); // as if the process had been killed before it wrote
    world_open(&world);
    assert_knows(&world, 2500);
    mem_free(old.bytes);
    world_close(&world);
}

TEST(a_damaged_or_cut_file_is_read_again_from_the_log)
{
    struct world world = {0};
    world_open(&world);
    (void)append(&world, 0, 500);
    world_reopen(&world);
    str path = str_from(in_folder(&world, "repeats"));
    char kept_path[512];
    (void)snprintf(kept_path, sizeof kept_path, "%.*s", STR_ARG(path));
    struct file whole = take(kept_path);
    for (i64 i = 0; i < 24; i++) {
        events_close(world.log);
        i64 at = i * 7919 % whole.len;
        if (i % 3 == 0) {
            put(kept_path, &whole, at);
        } else {
            whole.bytes[at] ^= 0x10;
            put(kept_path, &whole, whole.len);
            whole.bytes[at] ^= 0x10;
        }
        ctx_reset(&world.ctx);
        world_open(&world);
        assert_knows(&world, 500);
    }
    mem_free(whole.bytes);
    world_close(&world);
}

TEST(a_file_from_before_a_deletion_is_never_used)
{
    struct world world = {0};
    world_open(&world);
    u8 outcomes[10];
    struct event *items = events_of(&world.ctx, 0, 10);
    assert_ok(events_append(&world.ctx, world.log, items, 10, outcomes));
    i64 gone = items[4].id, deleted;
    assert_ok(events_keep(&world.ctx, world.log, 0));
    const char *path = in_folder(&world, "repeats");
    struct file old = take(path);
    assert_ok(events_delete(&world.ctx, world.log, &gone, 1, &deleted));
    assert_int_equal(deleted, 1);
    assert_int_not_equal(access(path, F_OK), 0); // gone before the deletion is confirmed
    events_close(world.log);
    put(path, &old, old.len);
    world_open(&world);
    assert_int_equal(events_stats(world.log).filter_entries, 9);
    assert_int_equal(append(&world, 0, 10), 1); // the same message can come again
    mem_free(old.bytes);
    world_close(&world);
}

TEST(a_larger_window_than_that_of_the_file_is_read_from_the_log)
{
    struct world world = {.options = {.window_days = 10}};
    world_open(&world);
    struct event *items = events_of(&world.ctx, 0, 10);
    for (i64 i = 0; i < 10; i++) {
        items[i].received_ms = clock_ms() - i * 4 * 86400000LL;
    }
    u8 outcomes[10];
    assert_ok(events_append(&world.ctx, world.log, items, 10, outcomes));
    world_reopen(&world); // forgets what is older than ten days
    assert_int_equal(events_stats(world.log).filter_entries, 3);
    assert_ok(events_keep(&world.ctx, world.log, -1));
    world.options.window_days = 90;
    world_reopen(&world);
    assert_int_equal(events_stats(world.log).filter_entries, 10);
    world_close(&world);
}

static void *append_many(void *self)
{
    struct world *world = self;
    struct ctx ctx = {0};
    u8 outcomes[500];
    for (i64 at = 0; at < 20000; at += 500) {
        assert_ok(events_append(&ctx, world->log, events_of(&ctx, at, 500), 500, outcomes));
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
    return NULL;
}

TEST(keeping_while_events_arrive_loses_none_of_them)
{
    struct world world = {0};
    world_open(&world);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, append_many, &world), 0);
    const char *path = in_folder(&world, "repeats");
    for (i64 kept = 0; kept < 5; kept += access(path, F_OK) == 0) {
        assert_ok(events_keep(&world.ctx, world.log, 0));
    }
    pthread_join(thread, NULL);
    struct file between = take(path); // of some moment in the middle
    events_close(world.log);
    put(path, &between, between.len);
    world_open(&world);
    assert_knows(&world, 20000);
    mem_free(between.bytes);
    world_close(&world);
}
