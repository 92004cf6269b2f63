#include "store/search.h"

#include "databases.h"

#include "base/random.h"
#include "text/fold.h"

enum { THINGS = 60 };

#define KIND SEARCH_PEOPLE
#define OTHER ((enum search_kind)7)

struct thing {
    i64 id;
    str text; /* none: removed */
};

struct scene {
    struct ctx ctx, texts;
    struct store *store;
    struct thing things[THINGS];
    struct dice dice;
};

static void open_scene(struct scene *scene, enum database database)
{
    struct store_options options = database_new(database);
    memset(scene, 0, sizeof *scene);
    scene->dice = dice_new(20261122, database);
    assert_ok(store_open(&scene->ctx, &options, &scene->store));
    assert_ok(search_open(&scene->ctx, scene->store));
}

static void close_scene(struct scene *scene)
{
    store_close(scene->store);
    ctx_end(&scene->ctx);
    ctx_end(&scene->texts);
}

struct put {
    enum search_kind kind;
    i64 id;
    str folded; /* none: remove */
    bool fails;
};

static err put_one(struct ctx *ctx, struct store *store, void *arg)
{
    const struct put *put = arg;
    str ids = str_format(&ctx->arena, "[%lld]", (long long)put->id);
    TRY(str_is(put->folded) ? search_put(ctx, store, put->kind, put->id, put->folded)
                            : search_remove(ctx, store, put->kind, ids));
    return put->fails ? ERR_BUSY : OK;
}

static void put(struct scene *scene, enum search_kind kind, i64 id, str folded)
{
    assert_ok(store_write(&scene->ctx, scene->store, put_one, &(struct put){kind, id, folded, false}));
}

static struct id_list find(struct scene *scene, const char *text, i64 before, i64 limit)
{
    struct id_list ids;
    struct search search = {KIND, fold_search(&scene->ctx.arena, str_from(text)), before, limit};
    assert_ok(search_find(&scene->ctx, scene->store, &search, &ids));
    return ids;
}

static i64 hits(struct scene *scene, const char *text)
{
    return find(scene, text, INT64_MAX, 50).count;
}

TEST_BOTH(vietnamese_is_found_without_case_tone_and_d)
{
    struct scene scene;
    open_scene(&scene, database);
    put(&scene, KIND, 1, fold_search(&scene.texts.arena, STR("Nguyễn Thị Đào dao@vidu.vn")));
    put(&scene, KIND, 2, fold_search(&scene.texts.arena, STR("TRẦN VĂN ĐỨC")));
    put(&scene, OTHER, 3, fold_search(&scene.texts.arena, STR("Nguyễn")));
    static const char *const first[] = {"nguyen thi", "NGUYỄN", "Đào", "dao", "đáo", "yễn th", "a", "@", "vidu.vn"};
    for (i64 i = 0; i < countof(first); i++) {
        struct id_list ids = find(&scene, first[i], INT64_MAX, 50);
        assert_true(ids.count >= 1 && ids.items[ids.count - 1] == 1);
    }
    assert_int_equal(hits(&scene, "đức"), 1);
    assert_int_equal(hits(&scene, "n"), 2);
    assert_int_equal(hits(&scene, "nguyenthi"), 0);
    close_scene(&scene);
}

TEST_BOTH(signs_of_patterns_and_queries_mean_themselves)
{
    struct scene scene;
    open_scene(&scene, database);
    put(&scene, KIND, 1, STR("100% \"ok\" a_b\\c and (d) or near* -x^2:y"));
    put(&scene, KIND, 2, STR("100 okay aab bc"));
    static const char *const first[] = {"100%", "% \"ok", "a_b",    "b\\c", "\"ok\"",
                                        "*",    "near*",  "-x^2:y", "_",    "(d) or"};
    for (i64 i = 0; i < countof(first); i++) {
        struct id_list ids = find(&scene, first[i], INT64_MAX, 50);
        assert_int_equal(ids.count, 1);
        assert_int_equal(ids.items[0], 1);
    }
    assert_int_equal(hits(&scene, "%%"), 0);
    assert_int_equal(hits(&scene, "1__"), 0);
    close_scene(&scene);
}

TEST_BOTH(what_was_not_committed_is_not_found)
{
    struct scene scene;
    open_scene(&scene, database);
    put(&scene, KIND, 1, STR("alpha beta"));
    struct put change = {KIND, 1, STR("gamma delta"), true};
    assert_int_equal(store_write(&scene.ctx, scene.store, put_one, &change), ERR_BUSY);
    assert_int_equal(hits(&scene, "gamma"), 0);
    assert_int_equal(hits(&scene, "alpha"), 1);
    change.fails = false;
    assert_ok(store_write(&scene.ctx, scene.store, put_one, &change));
    assert_int_equal(hits(&scene, "alpha"), 0);
    assert_int_equal(hits(&scene, "mma del"), 1);
    put(&scene, KIND, 1, STR_NONE);
    assert_int_equal(hits(&scene, "gamma"), 0);
    assert_ok(search_purge(&scene.ctx, scene.store));
    close_scene(&scene);
}

/* Against reading everything. */

static const char *const syllables[] = {"an", "nguyễn", "Đ", "ức", " ", "%", "_", "\\", "\"", "9", "ư", "-", "aa", "'"};

static str draw(struct scene *scene, i64 most)
{
    struct buf out = buf_in(&scene->texts.arena);
    for (i64 i = 1 + dice_below(&scene->dice, most); i > 0; i--) {
        buf_add(&out, str_from(syllables[dice_below(&scene->dice, countof(syllables))]));
    }
    return fold_search(&scene->texts.arena, buf_str(&out));
}

static void change_some(struct scene *scene)
{
    for (i64 i = 0; i < THINGS / 3; i++) {
        struct thing *thing = &scene->things[dice_below(&scene->dice, THINGS)];
        thing->id = (thing - scene->things) * 1000 + 1000;
        thing->text = dice_below(&scene->dice, 5) == 0 ? STR_NONE : draw(scene, 8);
        put(scene, KIND, thing->id, thing->text);
        put(scene, OTHER, thing->id, draw(scene, 8));
    }
}

static void check(struct scene *scene, str text)
{
    i64 before = dice_below(&scene->dice, 2) == 0 ? INT64_MAX : dice_below(&scene->dice, THINGS * 1000);
    struct search search = {KIND, text, before, 1 + dice_below(&scene->dice, 20)};
    struct id_list ids;
    assert_ok(search_find(&scene->ctx, scene->store, &search, &ids));
    i64 count = 0;
    for (i64 i = THINGS - 1; i >= 0; i--) {
        const struct thing *thing = &scene->things[i];
        bool hit = str_is(thing->text) && str_find(thing->text, text) >= 0;
        if (thing->id != 0) {
            bool holds;
            assert_ok(search_holds(&scene->ctx, scene->store, KIND, thing->id, text, &holds));
            assert_int_equal(holds, hit);
        }
        if (hit && thing->id < before && count < search.limit) {
            assert_true(count < ids.count);
            assert_int_equal(ids.items[count++], thing->id);
        }
    }
    assert_int_equal(count, ids.count);
}

TEST_BOTH(a_search_finds_what_reading_everything_finds)
{
    struct scene *scene = mem_new(sizeof *scene);
    open_scene(scene, database);
    for (i64 round = 0; round < 4; round++) {
        change_some(scene);
        for (i64 i = 0; i < 12; i++) {
            str text = draw(scene, 3);
            if (text.len > 0) {
                check(scene, text);
            }
        }
        ctx_reset(&scene->ctx);
    }
    close_scene(scene);
    mem_free(scene);
}

static err put_many(struct ctx *ctx, struct store *store, void *arg)
{
    (void)arg;
    for (i64 i = 1; i <= 5000; i++) {
        TRY(search_put(ctx, store, SEARCH_PEOPLE, i,
                       str_format(&ctx->arena, "khach %lld%s", (long long)i, i % 1000 == 7 ? " hiem" : "")));
    }
    return OK;
}

TEST_BOTH(what_is_rare_is_found_through_the_index)
{
    struct scene scene;
    bool indexed;
    open_scene(&scene, database);
    assert_ok(store_write(&scene.ctx, scene.store, put_many, NULL));
    struct id_list ids = find(&scene, "hiem", INT64_MAX, 50);
    assert_int_equal(ids.count, 5);
    for (i64 i = 0; i < ids.count; i++) {
        assert_int_equal(ids.items[i], 4007 - i * 1000);
    }
    assert_int_equal(find(&scene, "hiem", 4007, 50).count, 4);
    assert_int_equal(find(&scene, "hiem", 4007, 2).count, 2);
    assert_int_equal(find(&scene, "khach", INT64_MAX, 50).items[0], 5000);
    assert_int_equal(find(&scene, "07", 500, 50).count, 4);
    assert_ok(search_indexed(&scene.ctx, scene.store, &indexed));
    assert_true(indexed);
    close_scene(&scene);
}
