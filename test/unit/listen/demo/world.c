#include "listen/demo/world.h"

#include "base/hash.h"
#include "listen/demo/render.h"
#include "measure/nps.h"
#include "test.h"
#include "text/fold.h"

enum { DAY_22 = 20779 }; /* 2026-11-22 */

static void make(struct world *world, i64 people, u64 seed)
{
    struct ctx ctx = {0};
    struct world_plan plan = {.people = people, .months = 12, .seed = seed, .until_ms = calendar_midnight(DAY_22)};
    assert_ok(world_make(&ctx, &plan, world));
    ctx_end(&ctx);
}

static void add(struct buf *out, str text)
{
    buf_i64(out, text.len);
    buf_char(out, ':');
    buf_add(out, text);
}

/* Everything that is stored of every event. */
static str digest(const struct world *world, char out[64])
{
    struct arena arena = {0};
    struct arena one = {0};
    struct buf all = buf_in(&arena);
    for (i64 i = 0; i < world->moment_count; i++) {
        struct event event;
        render_event(world, i, &one, &event);
        buf_i64(&all, event.at_ms);
        const str texts[] = {event.source,   event.message_id, event.alias,  event.kind,     event.channel,
                             event.place,    event.touchpoint, event.metric, event.question, event.scale,
                             event.currency, event.text,       event.props};
        for (i64 k = 0; k < countof(texts); k++) {
            add(&all, texts[k]);
        }
        buf_i64(&all, event.amount.value);
        buf_i64(&all, (i64)event.score.value);
        arena_reset(&one);
    }
    struct sha256 sum = sha256(buf_str(&all));
    arena_free(&arena);
    arena_free(&one);
    return hex(sum.bytes, 32, out);
}

static str digest_of(i64 people, u64 seed, char out[64])
{
    struct world world;
    make(&world, people, seed);
    str text = digest(&world, out);
    world_free(&world);
    return text;
}

TEST(a_seed_gives_the_same_events_on_every_machine)
{
    char text[64];
    str found = digest_of(120, 1, text);
    str expected = STR("29512f6bb84ee61b3e701f0dc71f5571512d57a5c706d322d009aabb6907c2c0");
    if (!str_eq(found, expected)) {
        print_message("digest %.*s\n", STR_ARG(found));
    }
    assert_true(str_eq(found, expected));
}

TEST(another_seed_gives_other_events)
{
    char one[64], two[64];
    assert_false(str_eq(digest_of(40, 1, one), digest_of(40, 2, two)));
}

TEST(people_do_not_change_when_others_are_added)
{
    struct world small, large;
    make(&small, 30, 1);
    make(&large, 60, 1);
    for (i64 i = 0; i < 30; i++) {
        assert_true(str_eq(small.shoppers[i].name, large.shoppers[i].name));
    }
    world_free(&small);
    world_free(&large);
}

TEST(a_world_without_people_is_refused)
{
    struct ctx ctx = {0};
    struct world world;
    assert_int_equal(world_make(&ctx, &(struct world_plan){.people = 0, .months = 12}, &world), ERR_INVALID);
    ctx_end(&ctx);
    ctx = (struct ctx){0};
    assert_int_equal(world_make(&ctx, &(struct world_plan){.people = 5, .months = 37}, &world), ERR_INVALID);
    ctx_end(&ctx);
}

/* The company of `cham demo`, made once for the tests below. */
static struct world company;

static void the_company(void)
{
    if (company.moment_count == 0) {
        make(&company, 5000, 1);
    }
}

__attribute__((destructor)) static void close_company(void)
{
    world_free(&company);
}

static bool is_nfc(struct arena *arena, str text)
{
    return utf8_valid(text) && str_eq(fold_nfc(arena, text), text);
}

TEST(a_company_of_5000_people_has_a_quarter_of_a_million_events)
{
    the_company();
    assert_in_range(company.moment_count, 180000, 270000);
}

TEST(events_are_in_order_and_within_the_year)
{
    the_company();
    for (i64 i = 0; i < company.moment_count; i++) {
        assert_true(company.moments[i].at_ms >= company.from_ms);
        assert_true(company.moments[i].at_ms < company.until_ms);
        assert_true(i == 0 || company.moments[i].at_ms >= company.moments[i - 1].at_ms);
    }
}

TEST(every_event_is_well_formed)
{
    the_company();
    struct arena arena = {0};
    struct ctx ctx = {0};
    for (i64 i = 0; i < company.moment_count; i += 7) {
        struct event event;
        render_event(&company, i, &arena, &event);
        struct json props;
        assert_ok(json_parse(&ctx, json_reader_here(), event.props, &props));
        assert_int_equal(json_type(props), JSON_OBJECT);
        assert_false(json_repeats(props));
        assert_true(event.kind.len > 0 && event.channel.len > 0 && event.message_id.len > 0);
        assert_true(is_nfc(&arena, event.props) && is_nfc(&arena, event.text) && is_nfc(&arena, event.place));
        assert_true(event.metric.len == 0 || event.score.is);
        assert_int_equal(event.amount.is, event.currency.len > 0);
        assert_true(!event.amount.is || (event.amount.value > 0 && event.amount.value % 1000 == 0));
        arena_reset(&arena);
    }
    ctx_end(&ctx);
    arena_free(&arena);
}

TEST(words_are_many_and_finished)
{
    the_company();
    enum { SLOTS = 1 << 14 };
    struct arena arena = {0};
    u64 *seen = arena_new(&arena, u64, SLOTS);
    struct arena one = {0};
    i64 texts = 0, different = 0;
    for (i64 i = 0; i < company.moment_count; i++) {
        if (company.moments[i].kind != ANSWERED || company.moments[i].cause == CAUSE_NONE) {
            continue;
        }
        struct event event;
        render_event(&company, i, &one, &event);
        assert_true(event.text.len > 2);
        assert_int_equal(str_find_char(event.text, '{'), -1);
        u64 hash = hash_str(event.text);
        u64 slot = hash % SLOTS;
        while (seen[slot] != 0 && seen[slot] != hash) {
            slot = (slot + 1) % SLOTS;
        }
        different += seen[slot] == 0;
        seen[slot] = hash;
        texts++;
        arena_reset(&one);
    }
    assert_in_range(texts, 4000, 12000);
    assert_true(different > 1500);
    arena_free(&one);
    arena_free(&arena);
}

/* Answers of one survey: how many, and how many of them at least `good`. */
struct share {
    i64 n, good;
};

static i64 percent(struct share share)
{
    return share.n == 0 ? -1 : 100 * share.good / share.n;
}

static struct share delivery(bool middle, bool after)
{
    struct share share = {0};
    for (i64 i = 0; i < company.moment_count; i++) {
        const struct moment *moment = &company.moments[i];
        bool here = demo_cities[company.shoppers[moment->shopper].city].area == AREA_CENTRAL;
        bool then = moment->at_ms >= company.change_ms + (i64)4 * DAY_MS;
        if (moment->kind == ANSWERED && moment->survey == SURVEY_DELIVERY && here == middle && then == after) {
            share.n++;
            share.good += moment->score >= 4;
        }
    }
    return share;
}

TEST(deliveries_in_the_middle_get_worse_with_the_new_carrier)
{
    the_company();
    struct share before = delivery(true, false), after = delivery(true, true), elsewhere = delivery(false, true);
    assert_true(before.n > 300 && after.n > 150 && elsewhere.n > 500);
    assert_true(percent(before) > 72);
    assert_true(percent(elsewhere) > 72);
    assert_true(percent(after) < 48);
}

/* How many of those who got a parcel between the change and 45 days before the end bought again in 45 days. */
static struct share again(bool middle)
{
    struct share share = {0};
    for (i64 i = 0; i < company.moment_count; i++) {
        const struct moment *parcel = &company.moments[i];
        bool here = demo_cities[company.shoppers[parcel->shopper].city].area == AREA_CENTRAL;
        if (parcel->kind != DELIVERED || here != middle || parcel->at_ms < company.change_ms ||
            parcel->at_ms >= company.until_ms - (i64)45 * DAY_MS) {
            continue;
        }
        share.n++;
        for (i64 k = i + 1; k < company.moment_count && company.moments[k].at_ms < parcel->at_ms + (i64)45 * DAY_MS;
             k++) {
            if (company.moments[k].kind == ORDERED && company.moments[k].shopper == parcel->shopper) {
                share.good++;
                break;
            }
        }
    }
    return share;
}

TEST(who_waits_for_a_late_parcel_buys_again_less)
{
    the_company();
    struct share middle = again(true), elsewhere = again(false);
    assert_true(middle.n > 100);
    assert_true(percent(middle) + 8 < percent(elsewhere));
}

static struct share paying(bool android, bool broken)
{
    struct share share = {0};
    for (i64 i = 0; i < company.moment_count; i++) {
        const struct moment *moment = &company.moments[i];
        if (moment->kind == ANSWERED && moment->survey == SURVEY_PAYMENT && moment->version >= 0 &&
            company.shoppers[moment->shopper].android == android && (moment->version == APP_BROKEN) == broken) {
            share.n++;
            share.good += moment->score >= 5;
        }
    }
    return share;
}

TEST(paying_is_hard_with_the_newest_app_on_android_only)
{
    the_company();
    assert_true(paying(true, true).n > 60);
    assert_true(percent(paying(true, true)) < 70);
    assert_true(percent(paying(true, false)) > 76);
    assert_true(percent(paying(false, true)) > 76);
}

static struct nps_tally loyalty(bool best)
{
    struct nps_tally tally = {0};
    for (i64 i = 0; i < company.moment_count; i++) {
        const struct moment *moment = &company.moments[i];
        if (moment->kind == ANSWERED && moment->survey == SURVEY_NPS && moment->shop != SHOP_NONE &&
            demo_shops[moment->shop].best == best) {
            assert_ok(nps_add(&tally, moment->score));
        }
    }
    return tally;
}

TEST(one_shop_is_loved)
{
    the_company();
    struct nps_tally best = loyalty(true), others = loyalty(false);
    struct nps_score loved, ordinary;
    assert_ok(nps_score(&best, &loved));
    assert_ok(nps_score(&others, &ordinary));
    assert_true(loved.low > ordinary.high + 15);
}

TEST(the_reason_is_in_their_words)
{
    the_company();
    struct arena arena = {0};
    struct share practice = {0};
    for (i64 i = 0; i < company.moment_count; i++) {
        const struct moment *moment = &company.moments[i];
        if (moment->kind == ANSWERED && moment->survey == SURVEY_SHOP && moment->cause != CAUSE_NONE &&
            demo_shops[moment->shop].best) {
            struct event event;
            render_event(&company, i, &arena, &event);
            str folded = fold_search(&arena, event.text);
            practice.n++;
            practice.good += str_find(folded, STR("hoi tham")) >= 0 || str_find(folded, STR("thu")) >= 0;
            arena_reset(&arena);
        }
    }
    assert_true(practice.n > 80);
    assert_true(percent(practice) > 50);
    arena_free(&arena);
}
