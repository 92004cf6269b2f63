/* The index while rows move: nothing is lost, doubled, reordered or seen too early, whatever moves meanwhile. */
#include "test.h"

#include "base/random.h"
#include "journey/ask.h"
#include "journey/index.h"
#include "journey/walk.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Limits so small that a few hundred events live in many layers. */
static const struct index_limits tiny = {.tail_rows = 7, .tier_layers = 2, .base_rows = 40, .by_hand = true};

enum { EVENTS = 600, ALIASES = 25 };

/* What was told, kept plainly. */
struct told {
    i64 id, at_ms;
    alias_no alias;
    f64 score;
    bool scored, gone;
};

struct scene {
    struct ctx ctx;
    struct dice dice;
    struct identity *identity;
    struct index *index;
    struct event_follower follower;
    struct told told[EVENTS];
    i64 count;
};

static void open_scene(struct scene *scene, u64 seed, const struct index_limits *limits)
{
    *scene = (struct scene){.dice = dice_new(seed, 5), .identity = identity_new()};
    scene->index = index_open_with(scene->identity, limits);
    scene->follower = index_follower(scene->index);
}

static void close_scene(struct scene *scene)
{
    ctx_end(&scene->ctx);
    index_close(scene->index);
    identity_free(scene->identity);
}

static void tell(struct scene *scene)
{
    char alias[24], kind[24];
    i64 id = scene->count + 1, who = dice_below(&scene->dice, ALIASES + 1);
    struct event event = {.id = id, .at_ms = 1000 + dice_below(&scene->dice, 300), .source = STR("s")};
    event.alias = (str){alias, who == 0 ? 0 : snprintf(alias, sizeof alias, "anon:%lld", (long long)who)};
    event.kind = (str){kind, snprintf(kind, sizeof kind, "kind %lld", (long long)dice_below(&scene->dice, 400))};
    event.score = (struct maybe_f64){(f64)dice_below(&scene->dice, 7) / 4, dice_below(&scene->dice, 3) == 0};
    event.metric = event.score.is ? STR("nps") : STR_NONE;
    event.amount = (struct maybe_i64){id * 3, dice_below(&scene->dice, 5) == 0};
    event.text = dice_below(&scene->dice, 6) == 0 ? STR("words") : STR_NONE;
    assert_ok(scene->follower.follow(scene->follower.self, &scene->ctx, &event, 1));
    scene->told[scene->count++] = (struct told){
        id, event.at_ms, identity_find(scene->identity, event.alias), event.score.value, event.score.is, false};
}

static void forget_one(struct scene *scene)
{
    struct told *told = &scene->told[dice_below(&scene->dice, scene->count)];
    told->gone = true;
    assert_ok(scene->follower.forget(scene->follower.self, &scene->ctx, &told->id, 1));
}

static void link_two(struct scene *scene)
{
    u32 known = identity_count(scene->identity);
    if (known >= 2) {
        i64 event = 1 + dice_below(&scene->dice, 30);
        struct link link = {(alias_no)dice_below(&scene->dice, known) + 1,
                            (alias_no)dice_below(&scene->dice, known) + 1, event, event, LINK_SEEN_TOGETHER};
        (void)identity_link(scene->identity, &link);
    }
}

static int in_order(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    if (x->at_ms != y->at_ms) {
        return x->at_ms < y->at_ms ? -1 : 1;
    }
    return (x->id > y->id) - (x->id < y->id);
}

/* The person's events as they should be. */
static i64 expected(const struct scene *scene, alias_no person, struct told *out)
{
    i64 count = 0;
    for (i64 i = 0; i < scene->count; i++) {
        const struct told *told = &scene->told[i];
        alias_no whose = told->alias == 0 ? 0 : identity_person(scene->identity, told->alias);
        if (!told->gone && whose == person) {
            out[count++] = *told;
        }
    }
    if (count > 0) {
        qsort(out, (size_t)count, sizeof *out, in_order);
    }
    return count;
}

static void check_row(const struct view *view, u32 row, const struct told *told)
{
    struct view_answer answer;
    i64 amount;
    assert_int_equal(view_id(view, row), told->id);
    assert_int_equal(view_at_ms(view, row), told->at_ms);
    assert_int_equal(view_answer(view, row, &answer), told->scored);
    if (told->scored) {
        assert_true(view->scores.values[answer.score] == told->score);
    }
    if (view_amount(view, row, &amount)) {
        assert_int_equal(amount, told->id * 3);
    }
}

static void check_everything(struct scene *scene)
{
    static struct told want[EVENTS];
    struct ctx ctx = {0};
    struct view view;
    i64 seen = 0, living = 0;
    view_open(&ctx, scene->index, &view);
    struct walk walk = walk_begin(&view, true);
    while (walk_next(&walk)) {
        assert_int_equal(walk.count, expected(scene, walk.person, want));
        for (i64 i = 0; i < walk.count; i++) {
            check_row(&view, walk.rows[i], &want[i]);
        }
        seen += walk.count;
    }
    walk_end(&walk);
    for (i64 i = 0; i < scene->count; i++) {
        living += !scene->told[i].gone;
    }
    assert_int_equal(seen, living);
    ctx_end(&ctx);
}

static void move_something(struct scene *scene)
{
    i64 what = dice_below(&scene->dice, 40);
    if (what < 3) {
        index_force(scene->index, (enum index_force)what);
    } else if (what < 6) {
        link_two(scene);
    } else if (what == 6) {
        identity_unlink(scene->identity, 1 + dice_below(&scene->dice, 30));
    } else if (what == 7) {
        forget_one(scene);
    } else if (what == 8 && dice_below(&scene->dice, 4) == 0) {
        index_scrub(scene->index);
    }
}

TEST(every_living_event_of_every_person_is_seen_in_order_whatever_moves)
{
    for (u64 seed = 1; seed <= 12; seed++) {
        struct scene scene;
        open_scene(&scene, seed, &tiny);
        i64 loaded = dice_below(&scene.dice, 100); // before the log is attached
        for (i64 i = 0; i < EVENTS; i++) {
            if (i == loaded) {
                index_attach(scene.index, NULL);
            }
            tell(&scene);
            if (i >= loaded) {
                move_something(&scene);
            }
            if (i >= loaded && i % 25 == 0) {
                check_everything(&scene);
            }
        }
        check_everything(&scene);
        index_force(scene.index, FORCE_BASE);
        check_everything(&scene);
        close_scene(&scene);
    }
}

TEST(an_open_view_stays_as_it_was)
{
    struct scene scene;
    struct ctx ctx = {0};
    struct view view;
    open_scene(&scene, 3, &tiny);
    index_attach(scene.index, NULL);
    for (i64 i = 0; i < 60; i++) {
        tell(&scene);
    }
    view_open(&ctx, scene.index, &view);
    i64 count = view.count, first = view_id(&view, 0), last = view_id(&view, count - 1);
    for (i64 i = 0; i < 200; i++) {
        tell(&scene);
        move_something(&scene);
    }
    index_force(scene.index, FORCE_BASE);
    assert_int_equal(view.count, count);
    assert_int_equal(view_id(&view, 0), first);
    assert_int_equal(view_id(&view, count - 1), last);
    ctx_end(&ctx);
    close_scene(&scene);
}

TEST(who_is_one_person_changes_without_a_new_base)
{
    struct scene scene;
    open_scene(&scene, 4, &tiny);
    index_attach(scene.index, NULL);
    for (i64 i = 0; i < 300; i++) {
        tell(&scene);
    }
    index_force(scene.index, FORCE_BASE);
    u64 generation = scene.index->generation;
    const struct layer *base = scene.index->layers[0];
    for (i64 i = 0; i < 100; i++) {
        link_two(&scene);
        if (i % 3 == 0) {
            identity_unlink(scene.identity, 1 + dice_below(&scene.dice, 30));
        }
        check_everything(&scene);
    }
    assert_int_equal(scene.index->generation, generation);
    assert_ptr_equal(scene.index->layers[0], base);
    index_force(scene.index, FORCE_BASE); // now they lie side by side
    check_everything(&scene);
    close_scene(&scene);
}

static struct event plain(i64 id, const char *alias, const char *kind)
{
    return (struct event){
        .id = id, .at_ms = 1000 - id, .source = STR("s"), .alias = str_from(alias), .kind = str_from(kind)};
}

TEST(builders_with_their_own_codes_make_one_base)
{
    struct scene scene;
    open_scene(&scene, 1, &tiny);
    struct builder *builders[] = {builder_new(), builder_new()};
    alias_no a = identity_put(scene.identity, STR("anon:a"), 1), b = identity_put(scene.identity, STR("anon:b"), 2);
    struct event events[] = {plain(1, "anon:a", "x"), plain(2, "anon:b", "y"), plain(3, "anon:a", "y"),
                             plain(4, "anon:b", "z")};
    events[2].score = events[3].score = (struct maybe_f64){2.5, true};
    builder_put(builders[0], &events[0], a);
    builder_put(builders[0], &events[1], b);
    builder_put(builders[1], &events[2], a);
    builder_put(builders[1], &events[3], b);
    index_load(scene.index, builders, 2, 4);
    index_attach(scene.index, NULL);
    assert_int_equal(index_last_id(scene.index), 4);
    struct view view;
    view_open(&scene.ctx, scene.index, &view);
    static const i64 ids[] = {3, 1, 4, 2};
    static const char *const kinds[] = {"y", "x", "z", "y"};
    assert_int_equal(view.count, 4);
    for (i64 row = 0; row < 4; row++) {
        str kind = texts_text(&view.texts[WORD_KIND], view_word(&view, WORD_KIND, row));
        assert_int_equal(view_id(&view, row), ids[row]);
        assert_true(str_eq(kind, str_from(kinds[row])));
    }
    struct view_answer answer;
    assert_true(view_answer(&view, 0, &answer));
    assert_true(view.scores.values[answer.score] == 2.5);
    close_scene(&scene);
}

TEST(numbers_have_codes_and_a_skipped_one_has_none)
{
    struct numbers numbers = {0};
    assert_int_equal(numbers_put(&numbers, (f64)NAN), 0);
    u32 zero = numbers_put(&numbers, 0.0);
    assert_int_equal(numbers_put(&numbers, -0.0), zero);
    for (i64 i = 1; i < 500; i++) {
        u32 code = numbers_put(&numbers, (f64)i / 8);
        assert_int_equal(numbers_put(&numbers, (f64)i / 8), code);
    }
    struct numbers_seen seen = numbers_seen(&numbers);
    assert_int_equal(seen.count, 500);
    assert_true(seen.values[zero] == 0.0);
    assert_true(isnan(seen.values[0]));
    numbers_free(&numbers);
}

/* Many at once: a writer, readers who promote and derive, a merger that never rests, removals, joinings. */

enum { ROUNDS = 1500, READERS = 3 };

struct crowd {
    struct ctx ctx;
    struct identity *identity;
    struct index *index;
    struct events *log;
    struct event_follower follower;
    struct asked_rooms rooms;
    _Atomic i64 acknowledged, removed, wrong;
    _Atomic bool done;
};

static void open_crowd(struct crowd *crowd)
{
    static const struct index_limits small = {.tail_rows = 16, .tier_layers = 2, .base_rows = 64};
    crowd->identity = identity_new();
    crowd->index = index_open_with(crowd->identity, &small);
    crowd->follower = index_follower(crowd->index);
    struct events_options options = {
        .folder = str_from(test_folder()), .followers = &crowd->follower, .follower_count = 1, .no_fsync = true};
    assert_ok(events_open(&crowd->ctx, &options, &crowd->log));
    index_attach(crowd->index, crowd->log);
    crowd->rooms = (struct asked_rooms){.identity = crowd->identity, .index = crowd->index, .log = crowd->log};
}

static void close_crowd(struct crowd *crowd)
{
    events_close(crowd->log);
    index_close(crowd->index);
    identity_free(crowd->identity);
    ctx_end(&crowd->ctx);
}

static i64 count_of(struct crowd *crowd, struct ctx *ctx, const char *question)
{
    str answer;
    struct question_defaults defaults = {zone_utc(), 30};
    if (ask_text(ctx, &crowd->rooms, &(struct sight){.personal = true}, &defaults, str_from(question), &answer) != OK) {
        return -1;
    }
    i64 at = str_find(answer, STR("\"events\":")), number = 0;
    for (i64 i = at + 9; at >= 0 && answer.data[i] >= '0' && answer.data[i] <= '9'; i++) {
        number = number * 10 + answer.data[i] - '0';
    }
    return number;
}

static void *read_on(void *self)
{
    struct crowd *crowd = self;
    for (i64 i = 0; !atomic_load(&crowd->done); i++) {
        struct ctx ctx = {0};
        i64 removed = atomic_load(&crowd->removed), least = atomic_load(&crowd->acknowledged);
        const char *question =
            i % 2 == 0
                ? "{\"ask\":\"count\",\"where\":[{\"field\":\"prop:p\",\"is\":[1]},{\"field\":\"kind\",\"is\":[\"k\"]}]}"
                : "{\"ask\":\"count\"}";
        i64 events = count_of(crowd, &ctx, question);
        i64 most = atomic_load(&crowd->acknowledged) + 1 - removed;
        // Removed ones may go at any moment in between.
        crowd->wrong += events < least - atomic_load(&crowd->removed) - 1 || events > most;
        ctx_end(&ctx);
    }
    return NULL;
}

static void *merge_on(void *self)
{
    struct crowd *crowd = self;
    for (i64 i = 0; !atomic_load(&crowd->done); i++) {
        index_force(crowd->index, (enum index_force)(i % 3));
        if (i % 40 == 39) {
            index_scrub(crowd->index); // drops every column
        }
    }
    return NULL;
}

static void append_one(struct crowd *crowd, i64 i, struct event *event)
{
    char alias[16];
    u8 outcome;
    *event = (struct event){.at_ms = 100000 - i % 91, .source = STR("s"), .kind = STR("k"), .props = STR("{\"p\":1}")};
    event->alias = (str){alias, snprintf(alias, sizeof alias, "anon:%d", (int)(i * 7 % 31))};
    assert_ok(events_append(&crowd->ctx, crowd->log, event, 1, &outcome));
    atomic_fetch_add(&crowd->acknowledged, 1);
}

static void join_and_separate(struct crowd *crowd, i64 i)
{
    identity_lock_write(crowd->identity);
    alias_no count = identity_count(crowd->identity);
    struct link link = {(alias_no)i % count + 1, (alias_no)(i * 5) % count + 1, i, i, LINK_SEEN_TOGETHER};
    (void)identity_link(crowd->identity, &link);
    identity_unlink(crowd->identity, i - 20);
    identity_unlock(crowd->identity);
}

TEST(nothing_is_lost_or_comes_back_while_everything_moves_at_once)
{
    struct crowd crowd = {0};
    pthread_t readers[READERS], merger;
    open_crowd(&crowd);
    for (i64 i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_on, &crowd), 0);
    }
    assert_int_equal(pthread_create(&merger, NULL, merge_on, &crowd), 0);
    for (i64 i = 0; i < ROUNDS; i++) {
        struct event event;
        append_one(&crowd, i, &event);
        if (i % 5 == 0) {
            join_and_separate(&crowd, i);
        }
        if (i % 9 == 0) {
            struct ctx ctx = {0};
            assert_ok(crowd.follower.forget(crowd.follower.self, &ctx, &event.id, 1));
            atomic_fetch_add(&crowd.removed, 1);
            i64 known = atomic_load(&crowd.acknowledged) - atomic_load(&crowd.removed);
            assert_int_equal(count_of(&crowd, &ctx, "{\"ask\":\"count\"}"), known);
            ctx_end(&ctx);
        }
    }
    atomic_store(&crowd.done, true);
    for (i64 i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
    }
    pthread_join(merger, NULL);
    assert_int_equal(crowd.wrong, 0);
    assert_int_equal(count_of(&crowd, &crowd.ctx, "{\"ask\":\"count\"}"), crowd.acknowledged - crowd.removed);
    close_crowd(&crowd);
}

TEST(a_column_that_a_layer_lacks_is_made_anew)
{
    struct crowd crowd = {0};
    struct event event;
    open_crowd(&crowd);
    append_one(&crowd, 1, &event);
    static const char question[] = "{\"ask\":\"count\",\"where\":[{\"field\":\"prop:p\",\"is\":[1]}]}";
    assert_int_equal(count_of(&crowd, &crowd.ctx, question), 1);
    index_force(crowd.index, FORCE_BASE);
    pthread_mutex_lock(&crowd.index->lock);
    layer_detach(crowd.index->layers[0], crowd.index->promoted[0]->column);
    pthread_mutex_unlock(&crowd.index->lock);
    assert_int_equal(count_of(&crowd, &crowd.ctx, question), 1);
    close_crowd(&crowd);
}
