#include "folder_of_events.h"

#include "base/clock.h"

#include <dirent.h>
#include <pthread.h>

static i64 append_import(struct world *world, i64 from, i64 count, i64 import, const char *text)
{
    struct event *items = events_of(&world->ctx, from, count);
    u8 *outcomes = arena_new(&world->ctx.arena, u8, count);
    for (i64 i = 0; i < count; i++) {
        items[i].import = import;
        items[i].text = str_format(&world->ctx.arena, "%s %lld", text, (long long)i);
    }
    assert_ok(events_append(&world->ctx, world->log, items, count, outcomes));
    i64 stored = 0;
    for (i64 i = 0; i < count; i++) {
        stored += outcomes[i] == EVENT_STORED;
    }
    return stored;
}

/* In how many files of the folder do these bytes occur? */
static i64 files_with(struct world *world, const char *canary)
{
    i64 hits = 0;
    DIR *folder = opendir(world->options.folder.data);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        str path = str_format(&world->ctx.arena, "%.*s/%s", STR_ARG(world->options.folder), entry->d_name);
        FILE *file = entry->d_type == DT_REG ? fopen(path.data, "rb") : NULL;
        if (file == NULL) {
            continue;
        }
        fseek(file, 0, SEEK_END);
        i64 size = ftell(file);
        rewind(file);
        char *bytes = mem_new(size + 1);
        size = (i64)fread(bytes, 1, (size_t)size, file);
        hits += memmem(bytes, (size_t)size, canary, strlen(canary)) != NULL;
        mem_free(bytes);
        fclose(file);
    }
    closedir(folder);
    return hits;
}

TEST(an_import_is_undone_whole_and_can_come_again)
{
    struct world world = {0};
    world_open(&world);
    append(&world, 0, 100);
    assert_int_equal(append_import(&world, 1000, 300, 5, "first"), 300);
    assert_int_equal(append_import(&world, 2000, 100, 6, "second"), 100);
    i64 deleted;
    assert_ok(events_delete_import(&world.ctx, world.log, 5, &deleted));
    assert_int_equal(deleted, 300);
    assert_int_equal(count_all(&world), 200);
    assert_ok(events_delete_import(&world.ctx, world.log, 5, &deleted));
    assert_int_equal(deleted, 0);
    assert_int_equal(append_import(&world, 1000, 300, 7, "again"), 300);
    assert_int_equal(append_import(&world, 2000, 100, 8, "again"), 0); // the other import is still there
    world_close(&world);
}

TEST(the_bytes_of_deleted_events_are_in_no_file)
{
    struct world world = {0};
    world_open(&world);
    append(&world, 0, 200);
    append_import(&world, 1000, 200, 5, "canary-Zq7xW");
    append(&world, 200, 200);
    append_import(&world, 3000, 1, 5, "canary-Zq7xW"); // the last one, still in the write-ahead log
    assert_true(files_with(&world, "canary-Zq7xW") > 0);
    i64 deleted;
    assert_ok(events_delete_import(&world.ctx, world.log, 5, &deleted));
    assert_int_equal(deleted, 201);
    assert_int_equal(files_with(&world, "canary-Zq7xW"), 0);
    assert_true(files_with(&world, "text 7") > 0);
    assert_int_equal(count_all(&world), 400);
    world_close(&world);
}

TEST(events_are_deleted_by_id_and_unknown_ids_are_no_failure)
{
    struct world world = {0};
    world_open(&world);
    struct event *items = events_of(&world.ctx, 0, 10);
    u8 outcomes[10];
    assert_ok(events_append(&world.ctx, world.log, items, 10, outcomes));
    i64 deleted;
    assert_ok(events_delete(&world.ctx, world.log, (const i64[]){items[3].id, 12345, items[7].id}, 3, &deleted));
    assert_int_equal(deleted, 2);
    assert_int_equal(count_all(&world), 8);
    assert_int_equal(append(&world, 0, 10), 2);
    world_close(&world);
}

/* A reader that stays where it is. */
struct idler {
    struct world *world;
    _Atomic bool reading, released;
};

static err stay(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    (void)event;
    struct idler *idler = self;
    idler->reading = true;
    while (!idler->released) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return ERR_CANCELLED;
}

static void *read_slowly(void *arg)
{
    struct idler *idler = arg;
    struct ctx ctx = {0};
    assert_int_equal(events_scan(&ctx, idler->world->log, 0, EVENT_KEYS, stay, idler), ERR_CANCELLED);
    ctx_end(&ctx);
    return NULL;
}

TEST(a_long_reader_delays_the_last_trace_but_no_append)
{
    struct world world = {0};
    world_open(&world);
    append(&world, 0, 50);
    struct idler idler = {.world = &world};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, read_slowly, &idler), 0);
    while (!idler.reading) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    append_import(&world, 1000, 20, 5, "canary-Zq7xW");
    i64 deleted;
    assert_int_equal(events_delete_import(&world.ctx, world.log, 5, &deleted), ERR_BUSY);
    ctx_forgive(&world.ctx);
    assert_int_equal(deleted, 20);
    assert_int_equal(count_all(&world), 50);
    i64 begun = clock_steady_ns();
    append(&world, 100, 10);
    assert_true(clock_steady_ns() - begun < 1000000000);
    idler.released = true;
    pthread_join(thread, NULL);
    for (i64 i = 0; i < 500 && files_with(&world, "canary-Zq7xW") > 0; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    assert_int_equal(files_with(&world, "canary-Zq7xW"), 0);
    world_close(&world);
}
