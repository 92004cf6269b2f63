/* The index over a restart: from its file, or from the log where the file is of no use. */
#include "test.h"

#include "base/clock.h"
#include "journey/ask.h"
#include "journey/kept.h"
#include "store/snapshot.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct scene {
    struct ctx ctx;
    struct identity *identity;
    struct index *index;
    struct events *log;
    struct event_follower follower;
    struct asked_rooms rooms;
    const char *folder;
    u8 key[HASH_KEY_LEN];
    i64 far_rows;
};

static void open_scene(struct scene *scene)
{
    scene->folder = scene->folder == NULL ? test_folder() : scene->folder;
    scene->identity = scene->identity == NULL ? identity_new() : scene->identity;
    scene->index = index_open_with(scene->identity, &(struct index_limits){.by_hand = true});
    index_keep_in(scene->index, str_from(scene->folder), scene->key);
    scene->follower = index_follower(scene->index);
    struct events_options options = {
        .folder = str_from(scene->folder),
        .followers = &scene->follower,
        .follower_count = 1,
        .no_fsync = true,
        .far_rows = scene->far_rows,
    };
    assert_ok(events_open(&scene->ctx, &options, &scene->log));
    index_attach(scene->index, scene->log);
    scene->rooms = (struct asked_rooms){.identity = scene->identity, .index = scene->index, .log = scene->log};
}

static void close_log(struct scene *scene)
{
    events_close(scene->log);
    index_close(scene->index);
}

static void close_scene(struct scene *scene)
{
    close_log(scene);
    identity_free(scene->identity);
    ctx_end(&scene->ctx);
}

static void tell(struct scene *scene, i64 from, i64 count)
{
    for (i64 i = from; i < from + count; i++) {
        u8 outcome;
        struct event event = {
            .at_ms = 1700000000000 + i * 7919 % 1000 * 60000,
            .source = i % 3 == 0 ? STR("web") : STR("shop"),
            .alias = i % 11 == 0 ? STR("") : str_format(&scene->ctx.arena, "user:U%lld", (long long)(i * 31 % 17)),
            .kind = str_format(&scene->ctx.arena, "Kind %lld", (long long)(i % 5)),
            .channel = i % 2 == 0 ? STR("phone") : STR("web"),
            .metric = i % 4 == 0 ? STR("nps") : STR(""),
            .scale = i % 4 == 0 ? STR("0-10") : STR(""),
            .score = {.value = (f64)(i * 3 % 11), .is = i % 4 == 0},
            .amount = {.value = i * 1000, .is = i % 6 == 0},
            .currency = i % 6 == 0 ? STR("VND") : STR(""),
            .text = i % 9 == 0 ? STR("rất tốt") : STR(""),
            .props = str_format(&scene->ctx.arena, "{\"size\":\"%s\",\"n\":%lld}", i % 3 == 1 ? "lớn" : "nhỏ",
                                (long long)(i % 7)),
        };
        assert_ok(events_append(&scene->ctx, scene->log, &event, 1, &outcome));
    }
}

/* Answers about everything, with and without a property. */
static str ask(struct scene *scene)
{
    static const char *const questions[] = {
        "{\"ask\":\"count\",\"by\":[\"kind\",\"channel\"]}",
        "{\"ask\":\"score\",\"metric\":\"nps\",\"by\":[\"source\"]}",
        "{\"ask\":\"count\",\"of\":\"amount\",\"by\":[\"prop:size\"]}",
        "{\"ask\":\"paths\",\"steps\":3,\"start\":{\"field\":\"prop:n\",\"is\":[\"3\"]}}",
    };
    struct buf all = buf_in(&scene->ctx.arena);
    struct question_defaults defaults = {zone_utc(), 30};
    for (i64 i = 0; i < countof(questions); i++) {
        struct ctx ctx = {0};
        str answer;
        assert_ok(ask_text(&ctx, &scene->rooms, &(struct sight){.personal = true}, &defaults, str_from(questions[i]),
                           &answer));
        buf_add(&all, str_slice(answer, 0, str_find(answer, STR(",\"asked\""))));
        ctx_end(&ctx);
    }
    return buf_str(&all);
}

static void keep(struct scene *scene)
{
    index_force(scene->index, FORCE_BASE);
    assert_ok(index_keep(&scene->ctx, scene->index, -1));
}

static char *path_of(struct scene *scene)
{
    return (char *)(uintptr_t)str_format(&scene->ctx.arena, "%s/journey", scene->folder).data;
}

struct file {
    char *bytes;
    i64 len;
};

static struct file take(struct scene *scene)
{
    struct stat stat_;
    int fd = open(path_of(scene), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0 && fstat(fd, &stat_) == 0);
    struct file file = {arena_new(&scene->ctx.arena, char, stat_.st_size), stat_.st_size};
    assert_int_equal(read(fd, file.bytes, (size_t)file.len), file.len);
    close(fd);
    return file;
}

static void put(struct scene *scene, const struct file *file, i64 len)
{
    int fd = open(path_of(scene), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, file->bytes, (size_t)len), len);
    close(fd);
}

/* What an empty index makes of the file beside the open log: its digest, or 0 where it takes nothing. */
static u64 digest_of_file(struct scene *scene, struct identity *identity, const u8 key[HASH_KEY_LEN])
{
    struct ctx ctx = {0};
    struct index *index = index_open_with(identity, &(struct index_limits){.by_hand = true});
    index_keep_in(index, str_from(scene->folder), key);
    assert_ok(kept_restore(&ctx, index, scene->log));
    u64 digest = index_last_id(index) == 0 ? 0 : index_digest(&ctx, index);
    assert_int_equal(index_last_id(index) == 0, index_stats(index).rows == 0);
    ctx_end(&ctx);
    index_close(index);
    return digest;
}

TEST(answers_are_the_same_after_a_restart_from_the_kept_base)
{
    struct scene scene = {0};
    open_scene(&scene);
    tell(&scene, 0, 300);
    str before = ask(&scene);
    assert_ok(index_survey(&scene.ctx, scene.index));
    i64 events = scene.index->facts.items[0].events;
    keep(&scene);
    u64 digest = index_digest(&scene.ctx, scene.index);
    assert_int_equal(digest_of_file(&scene, scene.identity, scene.key), digest);
    close_log(&scene);
    open_scene(&scene);
    assert_int_equal(index_digest(&scene.ctx, scene.index), digest);
    assert_true(index_is_promoted(scene.index, STR("size"))); // not read from the log again
    assert_true(scene.index->surveyed);
    assert_int_equal(scene.index->facts.items[0].events, events);
    assert_string_equal(str_c(&scene.ctx.arena, ask(&scene)), str_c(&scene.ctx.arena, before));
    close_scene(&scene);
}

TEST(what_came_after_the_kept_base_is_read_from_the_log_with_its_properties)
{
    struct scene scene = {0}, plain = {0};
    open_scene(&scene);
    tell(&scene, 0, 200);
    (void)ask(&scene);
    assert_ok(index_survey(&scene.ctx, scene.index));
    keep(&scene);
    tell(&scene, 200, 100);
    str before = ask(&scene);
    u64 digest = index_digest(&scene.ctx, scene.index);
    i64 events = scene.index->facts.items[0].events;
    close_log(&scene);
    open_scene(&scene);
    assert_int_equal(index_digest(&scene.ctx, scene.index), digest);
    assert_int_equal(scene.index->facts.items[0].events, events);
    assert_string_equal(str_c(&scene.ctx.arena, ask(&scene)), str_c(&scene.ctx.arena, before));
    tell(&scene, 300, 50);
    open_scene(&plain); // the same without a file
    tell(&plain, 0, 350);
    assert_string_equal(str_c(&scene.ctx.arena, ask(&scene)), str_c(&scene.ctx.arena, ask(&plain)));
    close_scene(&plain);
    close_scene(&scene);
}

TEST(every_flipped_byte_and_every_cut_leads_to_the_log_or_the_same_content)
{
    struct scene scene = {0};
    open_scene(&scene);
    tell(&scene, 0, 40);
    (void)ask(&scene);
    keep(&scene);
    u64 digest = index_digest(&scene.ctx, scene.index);
    struct file whole = take(&scene);
    i64 same = 0;
    for (i64 at = 0; at < whole.len; at++) {
        char right = whole.bytes[at];
        whole.bytes[at] = (char)(right ^ (1 << at % 8));
        put(&scene, &whole, whole.len);
        whole.bytes[at] = right;
        u64 is = digest_of_file(&scene, scene.identity, scene.key);
        assert_true(is == 0 || is == digest);
        same += is == digest;
    }
    assert_true(same < 160); // the unused end of the head
    for (i64 len = 0; len < whole.len; len += 1 + len / 64) {
        put(&scene, &whole, len);
        assert_int_equal(digest_of_file(&scene, scene.identity, scene.key), 0);
    }
    put(&scene, &whole, whole.len - 1);
    assert_int_equal(digest_of_file(&scene, scene.identity, scene.key), 0);
    close_scene(&scene);
}

TEST(a_file_of_another_folder_or_from_before_an_erasure_is_never_used)
{
    struct scene scene = {0};
    open_scene(&scene);
    tell(&scene, 0, 50);
    keep(&scene);
    const u8 other[HASH_KEY_LEN] = {1};
    assert_int_equal(digest_of_file(&scene, scene.identity, other), 0);
    assert_int_not_equal(digest_of_file(&scene, scene.identity, scene.key), 0);
    struct file old = take(&scene);
    i64 gone = scene.index->layers[0]->rows.ids[7], deleted;
    assert_ok(events_delete(&scene.ctx, scene.log, &gone, 1, &deleted));
    assert_int_equal(deleted, 1);
    assert_int_not_equal(access(path_of(&scene), F_OK), 0);
    u64 digest = index_digest(&scene.ctx, scene.index);
    put(&scene, &old, old.len);
    assert_int_equal(digest_of_file(&scene, scene.identity, scene.key), 0);
    close_log(&scene);
    open_scene(&scene);
    assert_int_equal(index_digest(&scene.ctx, scene.index), digest);
    assert_ok(index_keep(&scene.ctx, scene.index, -1)); // and it is written again, without what is gone
    assert_int_equal(digest_of_file(&scene, scene.identity, scene.key), digest);
    close_scene(&scene);
}

TEST(aliases_may_have_other_numbers)
{
    struct scene scene = {.identity = identity_new()};
    struct identity *fewer = identity_new();
    (void)identity_put(scene.identity, STR("user:unused"), 1); // forgotten before the restart
    open_scene(&scene);
    tell(&scene, 0, 60);
    keep(&scene);
    for (alias_no no = 2; no <= identity_count(scene.identity); no++) {
        (void)identity_put(fewer, identity_text(scene.identity, no), identity_id(scene.identity, no));
    }
    u64 digest = index_digest(&scene.ctx, scene.index);
    assert_int_equal(digest_of_file(&scene, fewer, scene.key), digest);
    identity_forget(fewer, 3);
    assert_int_equal(digest_of_file(&scene, fewer, scene.key), 0);
    identity_free(fewer);
    close_scene(&scene);
}

TEST(several_threads_that_load_give_the_same_content)
{
    struct scene scene = {0};
    open_scene(&scene);
    tell(&scene, 0, 300);
    str before = ask(&scene);
    u64 digest = index_digest(&scene.ctx, scene.index);
    scene.far_rows = 20;
    close_log(&scene);
    open_scene(&scene); // from the log alone
    assert_int_equal(index_digest(&scene.ctx, scene.index), digest);
    assert_string_equal(str_c(&scene.ctx.arena, ask(&scene)), str_c(&scene.ctx.arena, before));
    keep(&scene);
    tell(&scene, 300, 100);
    before = ask(&scene);
    digest = index_digest(&scene.ctx, scene.index);
    close_log(&scene);
    open_scene(&scene); // a kept base, and much behind it
    assert_int_equal(index_digest(&scene.ctx, scene.index), digest);
    assert_string_equal(str_c(&scene.ctx.arena, ask(&scene)), str_c(&scene.ctx.arena, before));
    close_scene(&scene);
}

TEST(an_alias_that_nobody_knows_gets_its_number_while_it_is_loaded)
{
    struct scene scene = {0};
    open_scene(&scene);
    tell(&scene, 0, 100);
    str before = ask(&scene);
    scene.far_rows = 20;
    close_log(&scene);
    identity_free(scene.identity);
    scene.identity = NULL; // the records know no aliases
    open_scene(&scene);
    assert_true(identity_count(scene.identity) > 10);
    assert_string_equal(str_c(&scene.ctx.arena, ask(&scene)), str_c(&scene.ctx.arena, before));
    close_scene(&scene);
}
