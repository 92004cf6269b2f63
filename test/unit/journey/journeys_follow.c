/* Two processes that publish journeys on one installation. */
#include "databases.h"

#include "journey/journeys.h"

struct place {
    struct ctx ctx;
    struct store *store;
    struct journeys *journeys;
};

static void open_place(struct place *place, const struct store_options *options)
{
    *place = (struct place){0};
    assert_ok(store_open(&place->ctx, options, &place->store));
    assert_ok(journeys_open(&place->ctx, place->store, &place->journeys));
}

static void open_both(struct place *one, struct place *two)
{
    struct store_options options = database_new(IN_POSTGRES);
    open_place(one, &options);
    open_place(two, &options);
}

static void close_place(struct place *place)
{
    journeys_close(place->journeys);
    store_close(place->store);
    ctx_end(&place->ctx);
}

static i64 create(struct place *place, const char *name)
{
    i64 id;
    struct journey_new new = {.name = str_from(name), .standard = true, .by = STR("an")};
    assert_ok(journeys_create(&place->ctx, place->journeys, &new, &id));
    return id;
}

static i64 newest_of(struct place *place, i64 id)
{
    struct journey_view view;
    assert_ok(journeys_view(&place->ctx, place->journeys, id, 0, 0, &view));
    return view.newest->version;
}

static struct shape_list one_touchpoint(struct place *place, const char *id)
{
    struct touchpoint *touchpoint = arena_new(&place->ctx.arena, struct touchpoint, 1);
    *touchpoint = (struct touchpoint){
        .id = str_from(id),
        .stage = STR("trial"),
        .name = str_from(id),
        .where = STR("{\"field\":\"kind\",\"is\":[\"Visit\"]}"),
    };
    return (struct shape_list){touchpoint, 1};
}

TEST_POSTGRES(what_one_process_publishes_the_other_knows_at_once)
{
    struct place one, two;
    struct shape_list list;
    open_both(&one, &two);
    i64 id = create(&one, "A");
    assert_int_equal(newest_of(&two, id), 1);
    assert_ok(journeys_list(&two.ctx, two.journeys, &list));
    assert_int_equal(list.count, 1);
    assert_ok(journeys_adopt(&two.ctx, two.journeys, id, one_touchpoint(&two, "t1"), STR("binh")));
    assert_int_equal(newest_of(&one, id), 2);
    assert_ok(journeys_versions(&one.ctx, one.journeys, id, &list));
    assert_int_equal(list.count, 2);
    close_place(&one);
    close_place(&two);
}

TEST_POSTGRES(processes_that_publish_in_turn_lose_nothing)
{
    struct place one, two;
    struct journey journey;
    open_both(&one, &two);
    i64 id = create(&one, "A");
    for (i32 i = 0; i < 6; i++) {
        struct place *place = i % 2 == 0 ? &one : &two;
        assert_ok(journeys_adopt(&place->ctx, place->journeys, id, one_touchpoint(place, "t"), STR("an")));
    }
    assert_ok(journeys_get(&one.ctx, one.journeys, id, 0, &journey));
    assert_int_equal(journey.version.value, 7);
    assert_int_equal(journey.touchpoints.count, 6);
    close_place(&one);
    close_place(&two);
}

TEST_POSTGRES(what_one_process_clears_is_gone_in_the_other)
{
    struct place one, two;
    struct journey_view view;
    open_both(&one, &two);
    i64 id = create(&one, "A");
    assert_int_equal(newest_of(&two, id), 1);
    assert_ok(journeys_clear(&one.ctx, one.journeys));
    assert_int_equal(journeys_view(&two.ctx, two.journeys, id, 0, 0, &view), ERR_INVALID);
    i64 again = create(&two, "B");
    assert_int_equal(newest_of(&one, again), 1);
    assert_ok(journeys_view(&one.ctx, one.journeys, 0, 0, 0, &view));
    assert_true(view.id == again);
    close_place(&one);
    close_place(&two);
}

TEST_POSTGRES(a_draft_that_another_process_changed_is_stale)
{
    struct place one, two;
    struct journey journey;
    open_both(&one, &two);
    i64 id = create(&one, "A");
    assert_ok(journeys_get(&two.ctx, two.journeys, id, -1, &journey));
    struct journey_map map = {.name = STR("B")};
    assert_ok(journeys_put_draft(&one.ctx, one.journeys, id, &map, journey.etag));
    assert_int_equal(journeys_put_draft(&two.ctx, two.journeys, id, &map, journey.etag), ERR_STALE);
    close_place(&one);
    close_place(&two);
}
