/* Read-only before the disk is full, and back; damage and formats that are refused. */
#include "folder_of_events.h"

#include "base/clock.h"
#include "base/id.h"
#include "events/backup.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PAGE = 8192 };

/* A small disk; NULL where we may not mount one. */
static const char *small_disk(const char *size)
{
    const char *folder = test_folder();
    char options[64];
    snprintf(options, sizeof options, "size=%s", size);
    if (mount("cham-test", folder, "tmpfs", 0, options) != 0) {
        print_message("skipped: only root can mount a small disk\n");
        return NULL;
    }
    return folder;
}

static void fill(struct ctx *ctx, const char *folder, i64 leave_bytes)
{
    struct statvfs disk;
    assert_int_equal(statvfs(folder, &disk), 0);
    i64 free_bytes = (i64)disk.f_bavail * (i64)disk.f_frsize;
    int fd = open(str_format(&ctx->arena, "%s/ballast", folder).data, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(posix_fallocate(fd, 0, free_bytes - leave_bytes), 0);
    close(fd);
}

static void empty(struct ctx *ctx, const char *folder)
{
    unlink(str_format(&ctx->arena, "%s/ballast", folder).data);
}

/* Appends until it is taken again; how it ended. */
static err append_until_taken(struct world *world, i64 from)
{
    u8 outcomes[10];
    err code = OK;
    for (i64 i = 0; i < 600; i++) {
        struct event *items = events_of(&world->ctx, from, 10);
        code = events_append(&world->ctx, world->log, items, 10, outcomes);
        if (code == OK) {
            break;
        }
        ctx_forgive(&world->ctx);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return code;
}

static void assert_refused(struct world *world, i64 from)
{
    u8 outcomes[10];
    struct event *items = events_of(&world->ctx, from, 10);
    assert_int_equal(events_append(&world->ctx, world->log, items, 10, outcomes), ERR_UNAVAILABLE);
    assert_string_equal(world->ctx.fault.key, "error.readonly");
    assert_true(world->ctx.fault.retry_after_s > 0);
    ctx_forgive(&world->ctx);
}

TEST(below_the_reserve_nothing_is_stored_but_everything_is_read_until_there_is_space)
{
    const char *folder = small_disk("20m");
    if (folder == NULL) {
        skip();
    }
    struct world world = {.options = {.folder = str_from(folder), .reserve_bytes = 4 << 20}};
    world_open(&world);
    append(&world, 0, 100);
    fill(&world.ctx, folder, 3 << 20);
    assert_refused(&world, 100);
    assert_refused(&world, 100);
    assert_true(events_stats(world.log).readonly);
    assert_int_equal(count_all(&world), 100);
    empty(&world.ctx, folder);
    assert_ok(append_until_taken(&world, 100));
    assert_false(events_stats(world.log).readonly);
    assert_int_equal(count_all(&world), 110);
    world_close(&world);
    umount2(folder, MNT_DETACH);
}

TEST(a_disk_that_is_really_full_loses_nothing_and_stores_again_afterwards)
{
    const char *folder = small_disk("8m");
    if (folder == NULL) {
        skip();
    }
    struct world world = {.options = {.folder = str_from(folder), .reserve_bytes = -1}};
    world_open(&world);
    i64 acknowledged = 0;
    u8 outcomes[100];
    err code = OK;
    for (i64 from = 0; code == OK && from < 1000000; from += 100) {
        struct event *items = events_of(&world.ctx, from, 100);
        for (i64 i = 0; i < 100; i++) {
            items[i].props = STR("{\"some\":\"longer properties, so that the disk is full soon\"}");
        }
        code = events_append(&world.ctx, world.log, items, 100, outcomes);
        acknowledged += code == OK ? 100 : 0;
    }
    assert_int_equal(code, ERR_UNAVAILABLE);
    ctx_forgive(&world.ctx);
    assert_true(acknowledged > 1000);
    assert_int_equal(count_all(&world), acknowledged);
    assert_int_equal(mount("cham-test", folder, "tmpfs", MS_REMOUNT, "size=40m"), 0);
    assert_ok(append_until_taken(&world, 2000000));
    assert_true(events_stats(world.log).reopened > 0);
    assert_int_equal(count_all(&world), acknowledged + 10);
    world_reopen(&world);
    assert_int_equal(count_all(&world), acknowledged + 10);
    assert_int_equal(append(&world, 0, 100), 0); // the filter knows what was acknowledged
    world_close(&world);
    umount2(folder, MNT_DETACH);
}

/* Files that are not what they should be. */

static str file_of(struct world *world, const char *name)
{
    return str_format(&world->ctx.arena, "%.*s/%s", STR_ARG(world->options.folder), name);
}

static u64 file_hash(struct world *world, const char *name)
{
    FILE *file = fopen(file_of(world, name).data, "rb");
    assert_non_null(file);
    char *bytes = mem_new(1 << 20);
    i64 size = (i64)fread(bytes, 1, 1 << 20, file);
    u64 hash = hash64(bytes, size);
    mem_free(bytes);
    fclose(file);
    return hash;
}

static void damage(struct world *world, i64 at, const char *bytes, i64 len)
{
    int fd = open(file_of(world, "events.db").data, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, (size_t)len, at), len);
    close(fd);
}

static void assert_corrupt(struct world *world)
{
    u64 before = file_hash(world, "events.db");
    assert_int_equal(events_open(&world->ctx, &world->options, &world->log), ERR_CORRUPT);
    assert_string_equal(world->ctx.fault.key, "error.corrupt");
    assert_true(str_ends(world->ctx.fault.args[0].value, STR("events.db")));
    ctx_forgive(&world->ctx);
    world->log = NULL;
    assert_int_equal(file_hash(world, "events.db"), before);
}

TEST(a_damaged_log_is_refused_by_name_and_not_touched)
{
    struct world world = {0};
    world_open(&world);
    append(&world, 0, 500);
    events_close(world.log);
    damage(&world, 0, "not a database at all", 21);
    assert_corrupt(&world);
    world_close(&world);
}

TEST(a_log_with_a_zeroed_page_is_refused)
{
    static const char zeros[PAGE];
    struct world world = {0};
    world_open(&world);
    append(&world, 0, 500);
    events_close(world.log);
    for (i64 page = 3; page < 8; page++) {
        damage(&world, page * PAGE, zeros, sizeof zeros);
    }
    assert_int_equal(events_open(&world.ctx, &world.options, &world.log), ERR_CORRUPT);
    world.log = NULL;
    world_close(&world);
}

TEST(a_log_that_was_cut_off_is_refused)
{
    struct world world = {0};
    world_open(&world);
    append(&world, 0, 500);
    events_close(world.log);
    struct stat file;
    str path = file_of(&world, "events.db");
    assert_int_equal(stat(path.data, &file), 0);
    assert_int_equal(truncate(path.data, file.st_size / 2 / PAGE * PAGE), 0);
    assert_int_equal(events_open(&world.ctx, &world.options, &world.log), ERR_CORRUPT);
    world.log = NULL;
    world_close(&world);
}

static void run_sql(struct world *world, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file_of(world, "events.db").data, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

TEST(ids_go_on_increasing_when_the_clock_was_set_back)
{
    struct world world = {0};
    world_open(&world);
    append(&world, 0, 10);
    events_close(world.log);
    // As if the newest event had been stored ten years from now.
    i64 last = id_from_ms(clock_ms() + 3650LL * 86400000);
    run_sql(&world, str_format(&world.ctx.arena, "INSERT INTO marks VALUES ('last_id', %lld)", (long long)last).data);
    world_open(&world);
    append(&world, 10, 10);
    assert_int_equal(events_stats(world.log).last_id, last + 10);
    assert_int_equal(count_all(&world), 20);
    world_reopen(&world);
    assert_int_equal(append(&world, 0, 20), 0);
    world_close(&world);
}

TEST(a_newer_format_is_refused_and_no_byte_changes)
{
    struct world world = {0};
    world_open(&world);
    append(&world, 0, 100);
    events_close(world.log);
    run_sql(&world, "INSERT INTO migrations VALUES (999, '0999_future', 'x', 1)");
    u64 before = file_hash(&world, "events.db");
    assert_int_equal(folder_check(&world.ctx, world.options.folder), ERR_UNAVAILABLE);
    assert_string_equal(world.ctx.fault.key, "error.newer_format");
    ctx_forgive(&world.ctx);
    assert_int_equal(events_open(&world.ctx, &world.options, &world.log), ERR_UNAVAILABLE);
    assert_string_equal(world.ctx.fault.key, "error.newer_format");
    world.log = NULL;
    assert_int_equal(file_hash(&world, "events.db"), before);
    assert_int_equal(access(file_of(&world, "events.db-wal").data, F_OK), -1);
    world_close(&world);
}
