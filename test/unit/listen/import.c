#include "test.h"

#include "base/id.h"
#include "base/random.h"
#include "events/log.h"
#include "listen/import.h"
#include "listen/importer.h"
#include "listen/refused.h"
#include "store/jobs.h"
#include "store/settings.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The rooms an import needs, over a folder. */
struct rooms {
    struct ctx ctx;
    struct store *store;
    struct events *events;
    struct importer *importer;
    str folder;
};

/* Uploads and refused lines are kept in the records, and every process that imports has a folder of its own. */
static bool in_records;

static void open_rooms(struct rooms *rooms, const char *folder)
{
    *rooms = (struct rooms){.folder = str_from(folder)};
    str scratch = in_records ? str_from(test_folder()) : rooms->folder;
    struct events_options log = {.folder = rooms->folder, .reserve_bytes = -1};
    memset(log.key, 7, sizeof log.key);
    assert_ok(store_open(&rooms->ctx, &(struct store_options){.folder = rooms->folder}, &rooms->store));
    assert_ok(events_open(&rooms->ctx, &log, &rooms->events));
    struct importer_options options = {.store = rooms->store,
                                       .events = rooms->events,
                                       .folder = scratch,
                                       .in_records = in_records,
                                       .language = LANGUAGE_EN};
    assert_ok(importer_open(&rooms->ctx, &options, &rooms->importer));
}

static void close_rooms(struct rooms *rooms)
{
    importer_close(rooms->importer);
    events_close(rooms->events);
    store_close(rooms->store);
    ctx_end(&rooms->ctx);
}

static str upload(struct rooms *rooms, str bytes)
{
    struct arena *arena = &rooms->ctx.arena;
    str folder = rooms->importer->uploads.folder;
    const char *path = str_c(arena, str_format(arena, "%.*s/uploads/part", STR_ARG(folder)));
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(bytes.data, 1, (size_t)bytes.len, file);
    fclose(file);
    i64 id;
    assert_ok(import_upload(&rooms->ctx, rooms->importer, path, &id));
    return id_text(id, arena_new(arena, char, ID_TEXT_LEN));
}

static struct import wait_for(struct rooms *rooms, i64 id)
{
    const struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
    struct import import;
    do {
        nanosleep(&pause, NULL);
        assert_ok(import_find(&rooms->ctx, rooms->importer, id, LANGUAGE_EN, &import));
    } while (import.state == IMPORT_WAITING || import.state == IMPORT_RUNNING);
    return import;
}

static struct import begin(struct rooms *rooms, str bytes, const char *map)
{
    struct import import;
    struct import_request request = {.file = upload(rooms, bytes), .name = STR("a file"), .map = str_from(map)};
    assert_ok(import_begin(&rooms->ctx, rooms->importer, &request, LANGUAGE_EN, &import));
    return import;
}

static err count_one(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    (void)event;
    *(i64 *)self += 1;
    return OK;
}

/* Events in the log. */
static i64 rows_of(struct rooms *rooms)
{
    i64 count = 0;
    assert_ok(events_scan(&rooms->ctx, rooms->events, 0, EVENT_KEYS, count_one, &count));
    return count;
}

static str refused_list(struct rooms *rooms, i64 id)
{
    int file;
    static char text[4096];
    assert_ok(import_refused(&rooms->ctx, rooms->importer, id, &file));
    i64 len = file < 0 ? 0 : pread(file, text, sizeof text, 0);
    close(file);
    return (str){text, len};
}

static i64 uploads_left(struct rooms *rooms)
{
    i64 count = 0;
    str kept = rooms->importer->uploads.folder;
    assert_ok(store_number(&rooms->ctx, rooms->store, SQL_UPLOAD_PIECES_COUNT, ARGS_NONE, &count));
    DIR *folder = opendir(str_c(&rooms->ctx.arena, str_format(&rooms->ctx.arena, "%.*s/uploads", STR_ARG(kept))));
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return count;
}

static void assert_counts(struct import import, i64 lines, i64 stored, i64 duplicates, i64 refused)
{
    assert_int_equal(import.lines, lines);
    assert_int_equal(import.stored, stored);
    assert_int_equal(import.duplicates, duplicates);
    assert_int_equal(import.refused, refused);
}

static const char map[] = "{\"user\":\"who\",\"at\":\"when\",\"kind\":{\"value\":\"Visit\"},\"props\":\"*\"}";
static const str table = STR(
    "who,when,note\nA,2026-01-01,x\nA,2026-01-01,x\nB,yesterday,=1+1\n,2026-01-02,\nC,2026-01-03\n");

static void store_or_list_every_line(void)
{
    struct rooms rooms;
    open_rooms(&rooms, test_folder());
    struct import import = wait_for(&rooms, begin(&rooms, table, map).id);
    assert_int_equal(import.state, IMPORT_DONE);
    assert_counts(import, 5, 3, 0, 2);
    assert_int_equal(rows_of(&rooms), 3);
    assert_int_equal(import.reasons.count, 2);
    assert_string_equal(str_c(&rooms.ctx.arena, refused_list(&rooms, import.id)),
                        "\xEF\xBB\xBFline,reason,text\r\n"
                        "4,“when” is not a time written like 2026-11-22 20:30:15.,\"B,yesterday,=1+1\"\r\n"
                        "6,The line has fewer cells than the headings.,\"C,2026-01-03\"\r\n");
    while (uploads_left(&rooms) > 0) { // it goes right after the import has ended
        usleep(1000);
    }
    close_rooms(&rooms);
}

static int keep_in_records(void **state)
{
    (void)state;
    in_records = true;
    return 0;
}

static int keep_in_folder(void **state)
{
    (void)state;
    in_records = false;
    return 0;
}

TEST(every_line_is_stored_or_listed_with_its_reason)
{
    store_or_list_every_line();
}

TEST_WITH(uploads_and_refused_lines_may_lie_in_the_records, keep_in_records, keep_in_folder)
{
    store_or_list_every_line();
}

TEST(the_same_file_again_changes_nothing)
{
    struct rooms rooms;
    open_rooms(&rooms, test_folder());
    assert_counts(wait_for(&rooms, begin(&rooms, table, map).id), 5, 3, 0, 2);
    assert_counts(wait_for(&rooms, begin(&rooms, table, map).id), 5, 0, 3, 2);
    // A longer edition of the file adds what is new in it.
    str longer = STR("who,when,note\r\nA,2026-01-01,x\r\nA,2026-01-01,x\r\nA,2026-01-01,x\r\n");
    assert_counts(wait_for(&rooms, begin(&rooms, longer, map).id), 3, 1, 2, 0);
    assert_int_equal(rows_of(&rooms), 4);
    close_rooms(&rooms);
}

static void undo_and_do_again(void)
{
    struct rooms rooms;
    open_rooms(&rooms, test_folder());
    i64 id = wait_for(&rooms, begin(&rooms, table, map).id).id;
    wait_for(&rooms, begin(&rooms, STR("who,when,note\nD,2026-02-01,y\n"), map).id);
    assert_ok(import_undo(&rooms.ctx, rooms.importer, id));
    assert_int_equal(wait_for(&rooms, id).state, IMPORT_UNDONE);
    i64 deleted = 0;
    assert_ok(events_delete_import(&rooms.ctx, rooms.events, id, &deleted));
    assert_int_equal(deleted, 0);
    assert_counts(wait_for(&rooms, begin(&rooms, table, map).id), 5, 3, 0, 2);
    assert_int_equal(import_resume(&rooms.ctx, rooms.importer, id), ERR_CONFLICT);
    assert_int_equal(refused_list(&rooms, id).len, 0);
    close_rooms(&rooms);
}

TEST(an_import_can_be_undone_and_done_again)
{
    undo_and_do_again();
}

TEST_WITH(an_import_from_the_records_can_be_undone_and_done_again, keep_in_records, keep_in_folder)
{
    undo_and_do_again();
}

TEST(several_answers_of_a_line_are_counted_as_one_line)
{
    struct rooms rooms;
    open_rooms(&rooms, test_folder());
    struct import import = wait_for(
        &rooms, begin(&rooms, STR("a,b\n9,4\n,5\n,\n11,1\n"),
                      "{\"at\":{\"value\":\"2026-01-01\"},\"score\":[{\"column\":\"a\",\"metric\":\"nps\"},"
                      "{\"column\":\"b\",\"metric\":\"csat\"}]}")
                    .id);
    assert_counts(import, 4, 3, 0, 1);
    assert_int_equal(import.events, 4);
    close_rooms(&rooms);
}

TEST(the_demo_takes_no_real_file)
{
    struct rooms rooms;
    open_rooms(&rooms, test_folder());
    struct settings settings = {.demo = true};
    assert_ok(settings_write(&rooms.ctx, rooms.store, &settings, (shape_seen)1 << (settings_shape.field_count - 1)));
    struct import import;
    struct import_request request = {.file = upload(&rooms, table), .map = str_from(map)};
    assert_int_equal(import_begin(&rooms.ctx, rooms.importer, &request, LANGUAGE_EN, &import), ERR_CONFLICT);
    assert_string_equal(rooms.ctx.fault.key, "import.demo");
    close_rooms(&rooms);
}

TEST(a_mistake_in_the_map_is_told_before_anything_is_imported)
{
    struct rooms rooms;
    open_rooms(&rooms, test_folder());
    struct import import;
    struct import_request request = {.file = upload(&rooms, table), .map = STR("{\"at\":\"whn\"}")};
    assert_int_equal(import_begin(&rooms.ctx, rooms.importer, &request, LANGUAGE_EN, &import), ERR_INVALID);
    assert_string_equal(rooms.ctx.fault.key, "import.no_column");
    assert_string_equal(str_c(&rooms.ctx.arena, rooms.ctx.fault.pointer), "/map/at");
    ctx_forgive(&rooms.ctx);
    request.file = STR("../records");
    assert_int_equal(import_begin(&rooms.ctx, rooms.importer, &request, LANGUAGE_EN, &import), ERR_NOT_FOUND);
    close_rooms(&rooms);
}

static str long_table(struct arena *arena, i64 lines)
{
    struct buf text = buf_in(arena);
    buf_add(&text, STR("who,when,note\n"));
    for (i64 i = 0; i < lines; i++) {
        // Every third line is like the one before it, every hundredth is refused.
        buf_format(&text, "U%d,%s,line %d\n", (int)(i % 7), i % 100 == 99 ? "never" : "2026-01-01", (int)(i - i % 3));
    }
    return buf_str(&text);
}

/* Imports in a process of its own that is killed on the way. */
static void import_and_die(const char *folder, str bytes, i64 after_rows)
{
    pid_t child = fork();
    if (child == 0) {
        struct rooms rooms;
        const struct timespec pause = {.tv_nsec = 1000 * 1000};
        open_rooms(&rooms, folder);
        if (str_is(bytes)) {
            begin(&rooms, bytes, map);
        }
        i64 before = events_stats(rooms.events).stored;
        while (events_stats(rooms.events).stored < before + after_rows) {
            nanosleep(&pause, NULL);
        }
        kill(getpid(), SIGKILL);
    }
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
}

static void kill_and_go_on(void)
{
    enum { LINES = 30000 };
    const char *folder = test_folder();
    struct arena arena = {0};
    str bytes = long_table(&arena, LINES);
    import_and_die(folder, bytes, 2000);
    import_and_die(folder, STR_NONE, 5000);
    import_and_die(folder, STR_NONE, 1);
    struct rooms rooms;
    open_rooms(&rooms, folder);
    struct shape_list imports;
    assert_ok(import_list(&rooms.ctx, rooms.importer, 0, 10, LANGUAGE_EN, &imports));
    assert_int_equal(imports.count, 1);
    struct import import = wait_for(&rooms, ((struct import *)imports.items)->id);
    assert_int_equal(import.state, IMPORT_DONE);
    assert_counts(import, LINES, LINES - LINES / 100, 0, LINES / 100);
    assert_int_equal(rows_of(&rooms), LINES - LINES / 100);
    close_rooms(&rooms);
    arena_free(&arena);
}

TEST(an_import_killed_on_the_way_goes_on_and_counts_exactly)
{
    kill_and_go_on();
}

TEST_WITH(another_process_with_another_folder_goes_on_with_an_import_and_counts_exactly, keep_in_records,
          keep_in_folder)
{
    kill_and_go_on();
}

TEST(a_cancelled_import_keeps_what_it_has_and_can_go_on)
{
    enum { LINES = 60000 };
    struct rooms rooms;
    open_rooms(&rooms, test_folder());
    struct arena arena = {0};
    i64 id = begin(&rooms, long_table(&arena, LINES), map).id;
    const struct timespec pause = {.tv_nsec = 1000 * 1000};
    while (events_stats(rooms.events).stored < 1000) {
        nanosleep(&pause, NULL);
    }
    assert_ok(import_cancel(&rooms.ctx, rooms.importer, id));
    struct import import = wait_for(&rooms, id);
    if (import.state == IMPORT_CANCELLED) {
        assert_true(import.stored > 0 && import.lines < LINES);
        assert_int_equal(rows_of(&rooms), import.events);
        assert_ok(import_resume(&rooms.ctx, rooms.importer, id));
        import = wait_for(&rooms, id);
    }
    assert_int_equal(import.state, IMPORT_DONE);
    assert_counts(import, LINES, LINES - LINES / 100, 0, LINES / 100);
    assert_int_equal(import_cancel(&rooms.ctx, rooms.importer, id), ERR_CONFLICT);
    close_rooms(&rooms);
    arena_free(&arena);
}

static str list_of(struct ctx *ctx, const struct uploads *uploads, i64 id)
{
    int file;
    char *text = arena_alloc(&ctx->arena, 3 << 20, 1);
    assert_ok(refused_file(ctx, uploads, id, &file));
    i64 len = 0, got = 0;
    while (file >= 0 && (got = pread(file, text + len, (3 << 20) - (size_t)len, len)) > 0) {
        len += got;
    }
    if (file >= 0) {
        close(file);
    }
    return (str){text, len};
}

TEST(lists_of_refused_lines_move_into_the_records_and_back)
{
    struct ctx ctx = {0};
    struct store *store;
    struct refused refused;
    i64 id, none;
    str place = str_from(test_folder());
    assert_ok(store_open(&ctx, &(struct store_options){.folder = place, .no_fsync = true}, &store));
    assert_ok(job_put(&ctx, store, STR("import"), STR("a"), STR("{}"), &id));
    assert_ok(job_put(&ctx, store, STR("import"), STR("b"), STR("{}"), &none));
    struct uploads here = {store, place, false}, there = {store, str_from(test_folder()), true};
    struct uploads back = {store, str_from(test_folder()), false};
    assert_int_equal(mkdir(str_format(&ctx.arena, "%.*s/imports%c", STR_ARG(place), 0).data, 0700), 0);
    struct buf rows = buf_in(&ctx.arena);
    for (i64 i = 0; i < 40000; i++) { // more than one piece, with lines inside of quotes
        refused_row(&rows, i + 2, STR("a reason"), STR("some\ntext, \"quoted\""));
    }
    assert_ok(refused_open(&ctx, &here, id, 0, &refused));
    assert_ok(refused_add(&ctx, &refused, buf_str(&rows)));
    refused_close(&refused);
    str before = list_of(&ctx, &here, id);
    assert_true(before.len > 1 << 20);
    for (i32 round = 0; round < 2; round++) { // again changes nothing
        assert_ok(refused_copy(&ctx, &here, &there));
        assert_true(str_eq(list_of(&ctx, &there, id), before));
        assert_ok(refused_copy(&ctx, &there, &back));
        assert_true(str_eq(list_of(&ctx, &back, id), before));
        assert_int_equal(list_of(&ctx, &back, none).len, 0);
    }
    store_close(store);
    ctx_end(&ctx);
}
