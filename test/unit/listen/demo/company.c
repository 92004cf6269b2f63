#include "listen/demo/company.h"

#include "base/clock.h"
#include "store/folder.h"
#include "store/jobs.h"
#include "store/settings.h"
#include "test.h"

#include <sodium.h>

/* The rooms of a new folder, without the index. */
struct house {
    struct ctx ctx;
    struct company_rooms rooms;
    struct event_follower follower;
};

static void open_house(struct house *house)
{
    assert_true(sodium_init() >= 0);
    *house = (struct house){0};
    struct ctx *ctx = &house->ctx;
    str folder = str_from(test_folder());
    assert_ok(store_open(ctx, &(struct store_options){.folder = folder}, &house->rooms.store));
    assert_ok(journeys_open(ctx, house->rooms.store, &house->rooms.journeys));
    assert_ok(people_open(ctx, house->rooms.store, &house->rooms.people));
    house->follower = people_follower(house->rooms.people);
    struct events_options options = {.folder = folder, .followers = &house->follower, .follower_count = 1};
    assert_ok(events_open(ctx, &options, &house->rooms.events));
}

static void close_house(struct house *house)
{
    events_close(house->rooms.events);
    journeys_close(house->rooms.journeys);
    people_close(house->rooms.people);
    store_close(house->rooms.store);
    ctx_end(&house->ctx);
}

static struct world_plan few(void)
{
    return (struct world_plan){.people = 30, .months = 4, .seed = 1, .until_ms = calendar_midnight(20779)};
}

static struct company_filled fill(struct house *house, bool if_empty)
{
    struct world_plan plan = few();
    struct company_filled filled;
    assert_ok(company_fill(&house->ctx, &house->rooms, &plan, if_empty, &filled));
    return filled;
}

static struct settings settings_of(struct house *house)
{
    struct settings settings;
    assert_ok(settings_read(&house->ctx, house->rooms.store, &settings));
    return settings;
}

static err count_one(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    assert_true(str_eq(event->source, STR("demo")));
    *(i64 *)self += 1;
    return OK;
}

static i64 events_in(struct house *house)
{
    i64 count = 0;
    assert_ok(events_scan(&house->ctx, house->rooms.events, 0, EVENT_ALL, count_one, &count));
    return count;
}

static i64 people_in(struct house *house)
{
    struct id_list ids;
    i64 next;
    assert_ok(people_list(&house->ctx, house->rooms.people, &(struct people_query){.limit = 100}, &ids, &next));
    return ids.count;
}

static i64 journeys_in(struct house *house)
{
    struct shape_list journeys;
    assert_ok(journeys_list(&house->ctx, house->rooms.journeys, &journeys));
    return journeys.count;
}

TEST(the_company_moves_into_an_empty_folder)
{
    struct house house;
    open_house(&house);
    struct company_filled filled = fill(&house, true);
    assert_false(filled.skipped);
    assert_true(filled.events > 300);
    assert_int_equal(events_in(&house), filled.events);
    assert_int_equal(journeys_in(&house), 1);
    assert_in_range(people_in(&house), 25, 30);
    assert_true(settings_of(&house).demo);
    assert_true(str_eq(settings_of(&house).organisation, STR("Hiên Nhà")));
    close_house(&house);
}

TEST(its_journey_is_published_for_all_of_its_past)
{
    struct house house;
    struct shape_list versions;
    struct shape_list journeys;
    open_house(&house);
    fill(&house, true);
    assert_ok(journeys_list(&house.ctx, house.rooms.journeys, &journeys));
    const struct journey *journey = journeys.items;
    assert_false(journey->draft);
    assert_int_equal(journey->stages.count, 7);
    assert_int_equal(journey->touchpoints.count, 14);
    assert_ok(journeys_versions(&house.ctx, house.rooms.journeys, journey->id, &versions));
    assert_true(((struct journey_version *)versions.items)[0].from_ms <= 0); // for ever
    close_house(&house);
}

TEST(it_moves_in_once)
{
    struct house house;
    struct company_filled filled;
    struct world_plan plan = few();
    open_house(&house);
    i64 events = fill(&house, true).events;
    assert_true(fill(&house, true).skipped);
    assert_int_equal(company_fill(&house.ctx, &house.rooms, &plan, false, &filled), ERR_CONFLICT);
    assert_string_equal(house.ctx.fault.key, "error.demo_not_empty");
    assert_int_equal(events_in(&house), events);
    close_house(&house);
}

TEST(it_leaves_alone_what_somebody_began)
{
    struct house house;
    i64 id;
    open_house(&house);
    struct journey_new new = {.name = STR("Của tôi"), .standard = true, .by = STR("lan")};
    assert_ok(journeys_create(&house.ctx, house.rooms.journeys, &new, &id));
    assert_true(fill(&house, true).skipped);
    assert_false(settings_of(&house).demo);
    close_house(&house);
}

TEST(it_moves_out_whole_and_does_not_come_back_by_itself)
{
    struct house house;
    i64 removed = 0;
    open_house(&house);
    i64 events = fill(&house, true).events;
    assert_ok(company_clear(&house.ctx, &house.rooms, &removed));
    assert_int_equal(removed, events);
    assert_int_equal(events_in(&house), 0);
    assert_int_equal(journeys_in(&house), 0);
    assert_int_equal(people_in(&house), 0);
    assert_false(settings_of(&house).demo);
    assert_true(str_eq(settings_of(&house).organisation, settings_defaults().organisation));
    assert_true(fill(&house, true).skipped);
    assert_false(fill(&house, false).skipped);
    assert_int_equal(events_in(&house), events);
    close_house(&house);
}

TEST(real_data_is_not_cleared_as_if_it_were_invented)
{
    struct house house;
    i64 removed = 0;
    open_house(&house);
    assert_int_equal(company_clear(&house.ctx, &house.rooms, &removed), ERR_CONFLICT);
    assert_string_equal(house.ctx.fault.key, "error.demo_none");
    close_house(&house);
}

TEST(a_filling_that_was_interrupted_begins_anew)
{
    struct house house;
    struct company_filled filled;
    struct world_plan plan = few();
    bool stop = true;
    open_house(&house);
    house.ctx.stop = &stop;
    assert_int_equal(company_fill(&house.ctx, &house.rooms, &plan, true, &filled), ERR_CANCELLED);
    house.ctx.stop = NULL;
    ctx_forgive(&house.ctx);
    assert_int_equal(journeys_in(&house), 1);
    filled = fill(&house, true);
    assert_false(filled.skipped);
    assert_int_equal(events_in(&house), filled.events);
    assert_int_equal(journeys_in(&house), 1);
    close_house(&house);
}
