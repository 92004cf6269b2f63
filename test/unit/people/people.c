#include "people/people.h"

#include "databases.h"

#include <dirent.h>
#include <stdio.h>

/* A data folder with everything that people need. */
struct world {
    struct ctx ctx;
    const char *folder;
    struct store_options records;
    struct store *store;
    struct people *people;
    struct events *log;
    struct event_follower follower;
    i64 clock_ms;
};

static void open_world(struct world *world)
{
    struct ctx *ctx = &world->ctx;
    str folder = str_from(world->folder);
    assert_ok(store_open(ctx, &world->records, &world->store));
    assert_ok(people_open(ctx, world->store, &world->people));
    world->follower = people_follower(world->people);
    struct events_options options = {
        .folder = folder, .followers = &world->follower, .follower_count = 1, .reserve_bytes = -1};
    assert_ok(events_open(ctx, &options, &world->log));
}

static void close_world(struct world *world)
{
    events_close(world->log);
    people_close(world->people);
    store_close(world->store);
    ctx_reset(&world->ctx);
}

static struct world new_world(enum database database)
{
    struct world world = {.folder = test_folder(), .clock_ms = 1700000000000};
    world.records = database == IN_POSTGRES ? database_new(database)
                                            : (struct store_options){.folder = str_from(world.folder)};
    return world;
}

static void live(struct world *world, const char *alias, const char *props)
{
    struct event event = {
        .at_ms = world->clock_ms += 1000,
        .source = STR("test"),
        .alias = str_from(alias),
        .kind = STR("page"),
        .props = str_from(props),
    };
    u8 outcome;
    assert_ok(events_append(&world->ctx, world->log, &event, 1, &outcome));
}

static struct person who(struct world *world, const char *alias)
{
    i64 id;
    struct person person;
    assert_ok(people_resolve(&world->ctx, world->people, str_from(alias), &id));
    assert_ok(people_get(&world->ctx, world->people, id, &person));
    return person;
}

static bool same(struct world *world, const char *a, const char *b)
{
    return who(world, a).id == who(world, b).id;
}

static i64 found(struct world *world, const char *text)
{
    struct id_list ids;
    i64 next;
    struct people_query query = {.text = str_from(text), .limit = 10};
    assert_ok(people_list(&world->ctx, world->people, &query, &ids, &next));
    assert_int_equal(next, 0);
    return ids.count;
}

TEST_BOTH(a_server_joins_what_a_browser_only_claims)
{
    struct world world = new_world(database);
    open_world(&world);
    live(&world, "anon:A1", NULL);
    live(&world, "user:U1", "{\"$\":{\"trust\":\"browser\",\"anonymous\":\"A1\",\"email\":\"an@vidu.vn\"}}");
    live(&world, "user:U2", "{\"$\":{\"trust\":\"server\",\"email\":\"an@vidu.vn\"}}");
    assert_true(same(&world, "user:U1", "anon:A1"));
    assert_true(same(&world, "user:U2", "email:an@vidu.vn"));
    assert_false(same(&world, "user:U1", "user:U2"));
    live(&world, "user:U1", "{\"$\":{\"trust\":\"server\",\"phone\":\"+84912345678\"}}");
    assert_true(same(&world, "user:U1", "0912 345 678"));
    close_world(&world);
    ctx_end(&world.ctx);
}

TEST_BOTH(the_newest_word_about_somebody_counts)
{
    struct world world = new_world(database);
    open_world(&world);
    live(&world, "user:U1",
         "{\"$\":{\"traits\":{\"last_name\":\"Nguyễn\",\"first_name\":\"Thị Ánh\",\"tier\":\"gold\"}}}");
    live(&world, "user:U1", "{\"$\":{\"traits\":{\"tier\":\"silver\",\"points\":12}}}");
    struct person person = who(&world, "user:U1");
    assert_true(str_eq(person.name, STR("Nguyễn Thị Ánh")));
    struct json traits;
    str tier;
    assert_ok(json_parse(&world.ctx, json_reader_here(), person.traits, &traits));
    assert_true(json_str(json_get(traits, STR("tier")), &tier) && str_eq(tier, STR("silver")));
    assert_int_equal(found(&world, "nguyen thi anh"), 1);
    assert_int_equal(found(&world, "ÁNH"), 1);
    assert_int_equal(found(&world, "u1"), 1);
    assert_int_equal(found(&world, "%"), 0);
    assert_int_equal(found(&world, "tran"), 0);
    close_world(&world);
    ctx_end(&world.ctx);
}

TEST_BOTH(people_are_the_same_after_a_restart)
{
    struct world world = new_world(database);
    open_world(&world);
    live(&world, "user:U1", "{\"$\":{\"trust\":\"import\",\"anonymous\":\"A1\",\"email\":\"an@vidu.vn\"}}");
    i64 before = who(&world, "email:an@vidu.vn").id;
    close_world(&world);
    open_world(&world);
    assert_true(who(&world, "anon:A1").id == before);
    assert_int_equal(who(&world, "user:U1").aliases.count, 3);
    close_world(&world);
    ctx_end(&world.ctx);
}

TEST_BOTH(each_person_stands_in_a_list_once)
{
    struct world world = new_world(database);
    open_world(&world);
    live(&world, "user:U1", "{\"$\":{\"trust\":\"import\",\"anonymous\":\"U1x\",\"email\":\"u1@vidu.vn\"}}");
    live(&world, "user:U12", NULL);
    assert_int_equal(found(&world, "u1"), 2);
    struct id_list ids;
    i64 next;
    struct people_query query = {.text = STR("u1"), .limit = 1};
    assert_ok(people_list(&world.ctx, world.people, &query, &ids, &next));
    assert_int_equal(ids.count, 1);
    i64 first = ids.items[0];
    query.before = next;
    assert_ok(people_list(&world.ctx, world.people, &query, &ids, &next));
    assert_int_equal(ids.count, 1);
    assert_true(ids.items[0] != first);
    close_world(&world);
    ctx_end(&world.ctx);
}

/* How often a text stands in the files of the folder. */
static i64 occurrences(const char *folder, str text)
{
    i64 count = 0;
    DIR *names = opendir(folder);
    assert_non_null(names);
    for (const struct dirent *name; (name = readdir(names)) != NULL;) {
        struct ctx ctx = {0};
        FILE *file = fopen(str_format(&ctx.arena, "%s/%s", folder, name->d_name).data, "rb");
        if (file != NULL && name->d_name[0] != '.') {
            char *bytes = arena_alloc(&ctx.arena, 8 << 20, 1);
            i64 len = (i64)fread(bytes, 1, 8 << 20, file);
            for (str rest = {bytes, len}; str_find(rest, text) >= 0; count++) {
                i64 at = str_find(rest, text);
                rest = str_slice(rest, at + text.len, rest.len);
            }
        }
        if (file != NULL) {
            (void)fclose(file);
        }
        ctx_end(&ctx);
    }
    (void)closedir(names);
    return count;
}

static err note_values(void *self, struct ctx *ctx, const struct str_list *texts)
{
    (void)ctx;
    *(i64 *)self += texts->count;
    return OK;
}

TEST_BOTH(nothing_is_left_of_an_erased_person)
{
    struct world world = new_world(database);
    open_world(&world);
    live(&world, "user:CANARY1",
         "{\"note\":\"CANARY-PROP\",\"$\":{\"trust\":\"server\",\"anonymous\":\"CANARY2\",\"email\":\"canary@vidu.vn\","
         "\"traits\":{\"name\":\"Hoàng Yến CANARY\"}}}");
    live(&world, "anon:CANARY2", "{\"x\":\"CANARY-ANON\"}");
    live(&world, "user:OTHER", "{\"x\":1}");
    i64 traces = 0;
    struct people_trace trace = {&traces, note_values};
    struct people_erasing with = {world.log, &trace, 1};
    struct erasure certificate;
    assert_true(occurrences(world.folder, STR("CANARY")) > 0);
    assert_ok(people_erase(&world.ctx, world.people, &with, who(&world, "user:CANARY1").id, &certificate));
    assert_int_equal(certificate.events, 2);
    assert_int_equal(certificate.aliases, 3);
    assert_int_equal(certificate.digest.len, 64);
    assert_int_equal(traces, 3);
    static const str gone[] = {STR("CANARY"), STR("canary"), STR("Hoàng Yến"), STR("hoang yen")};
    for (i64 i = 0; i < countof(gone); i++) {
        assert_int_equal(occurrences(world.folder, gone[i]), 0);
    }
    i64 id;
    assert_int_equal(people_resolve(&world.ctx, world.people, STR("user:CANARY1"), &id), ERR_NOT_FOUND);
    assert_int_equal(found(&world, "canary"), 0);
    (void)who(&world, "user:OTHER");
    close_world(&world);
    open_world(&world);
    assert_int_equal(people_resolve(&world.ctx, world.people, STR("anon:CANARY2"), &id), ERR_NOT_FOUND);
    close_world(&world);
    ctx_end(&world.ctx);
}

static err fail_to_note(void *self, struct ctx *ctx, const struct str_list *texts)
{
    (void)self;
    (void)texts;
    return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
}

TEST_BOTH(an_interrupted_erasure_is_finished_later)
{
    struct world world = new_world(database);
    open_world(&world);
    live(&world, "user:CANARY1", "{\"$\":{\"trust\":\"server\",\"email\":\"canary@vidu.vn\"}}");
    i64 traces = 0;
    struct people_trace failing = {NULL, fail_to_note};
    struct people_trace working = {&traces, note_values};
    struct people_erasing broken = {world.log, &failing, 1};
    struct erasure certificate;
    i64 id = who(&world, "user:CANARY1").id;
    assert_int_equal(people_erase(&world.ctx, world.people, &broken, id, &certificate), ERR_UNAVAILABLE);
    close_world(&world);
    open_world(&world);
    struct people_erasing with = {world.log, &working, 1};
    assert_ok(people_erase_pending(&world.ctx, world.people, &with));
    assert_int_equal(traces, 2);
    assert_int_equal(occurrences(world.folder, STR("CANARY")), 0);
    assert_int_equal(occurrences(world.folder, STR("canary")), 0);
    assert_ok(people_erase_pending(&world.ctx, world.people, &with));
    assert_int_equal(traces, 2);
    close_world(&world);
    ctx_end(&world.ctx);
}

TEST_BOTH(undoing_an_import_forgets_whom_only_it_brought)
{
    struct world world = new_world(database);
    open_world(&world);
    live(&world, "user:OLD", "{\"$\":{\"traits\":{\"tier\":\"gold\"}}}");
    struct event items[] = {
        {.at_ms = world.clock_ms + 1,
         .import = 7,
         .alias = STR("user:OLD"),
         .kind = STR("x"),
         .props = STR("{\"$\":{\"trust\":\"import\",\"email\":\"old@vidu.vn\",\"traits\":{\"tier\":\"none\"}}}")},
        {.at_ms = world.clock_ms + 2, .import = 7, .alias = STR("user:NEW"), .kind = STR("x")},
    };
    u8 outcomes[2];
    i64 deleted;
    assert_ok(events_append(&world.ctx, world.log, items, 2, outcomes));
    assert_true(same(&world, "user:OLD", "email:old@vidu.vn"));
    assert_ok(events_delete_import(&world.ctx, world.log, 7, &deleted));
    assert_ok(people_prune(&world.ctx, world.people, world.log));
    i64 id;
    assert_int_equal(people_resolve(&world.ctx, world.people, STR("user:NEW"), &id), ERR_NOT_FOUND);
    assert_int_equal(people_resolve(&world.ctx, world.people, STR("email:old@vidu.vn"), &id), ERR_NOT_FOUND);
    assert_true(str_find(who(&world, "user:OLD").traits, STR("gold")) > 0);
    live(&world, "user:NEW", NULL);
    (void)who(&world, "user:NEW");
    close_world(&world);
    ctx_end(&world.ctx);
}

TEST_BOTH(a_rebuild_finds_everybody_as_before)
{
    struct world world = new_world(database);
    open_world(&world);
    live(&world, "user:U1", "{\"$\":{\"traits\":{\"name\":\"Trần Đức\",\"email\":\"duc@vidu.vn\"}}}");
    live(&world, "anon:A1", NULL);
    for (i64 round = 0; round < 2; round++) {
        assert_int_equal(found(&world, "tran duc"), 1);
        assert_int_equal(found(&world, "duc@vidu"), 1);
        assert_int_equal(found(&world, "a1"), 1);
        assert_int_equal(found(&world, "u1"), 1);
        assert_ok(people_refold(&world.ctx, world.people));
    }
    close_world(&world);
    ctx_end(&world.ctx);
}
