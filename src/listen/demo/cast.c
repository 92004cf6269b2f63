#include "listen/demo/cast.h"

#include "listen/demo/calendar.h"
#include "listen/demo/chance.h"
#include "text/fold.h"

const struct city demo_cities[CITY_COUNT] = {
    {"Hà Nội", "HN", AREA_NORTH, 280, 2},
    {"Hải Phòng", "HP", AREA_NORTH, 50, 3},
    {"Nghệ An", "NA", AREA_NORTH, 30, 3},
    {"Đà Nẵng", "DN", AREA_CENTRAL, 180, 2},
    {"Huế", "HU", AREA_CENTRAL, 40, 3},
    {"Quảng Ngãi", "QN", AREA_CENTRAL, 30, 3},
    {"TP. Hồ Chí Minh", "HCM", AREA_SOUTH, 290, 2},
    {"Cần Thơ", "CT", AREA_SOUTH, 40, 3},
    {"Đồng Nai", "DO", AREA_SOUTH, 60, 2},
};

const struct shop demo_shops[SHOP_COUNT] = {
    {"Hà Nội – Cầu Giấy", 0, 40, false},          {"Hà Nội – Nguyễn Trãi", 0, 34, false},
    {"Hà Nội – Long Biên", 0, 26, false},         {"Đà Nẵng – Hải Châu", 3, 100, false},
    {"TP. Hồ Chí Minh – Phú Nhuận", 6, 58, true}, {"TP. Hồ Chí Minh – Võ Văn Tần", 6, 30, false},
    {"TP. Hồ Chí Minh – Thủ Đức", 6, 24, false},
};

static const char *const area_words[] = {"north", "central", "south"};

struct casting {
    struct arena *arena;
    const struct decks *decks;
    struct dice *dice;
};

static str pick(struct casting *casting, const char *deck)
{
    return decks_pick(casting->decks, str_from(deck), casting->dice);
}

static void give_name(struct casting *casting, struct shopper *shopper)
{
    str family_deck = str_format(casting->arena, "family.%s", area_words[demo_cities[shopper->city].area]);
    str family = decks_pick(casting->decks, family_deck, casting->dice);
    str middle = pick(casting, shopper->woman ? "middle.woman" : "middle.man");
    str given = pick(casting, shopper->woman ? "given.woman" : "given.man");
    if (str_eq(middle, given)) {
        middle = shopper->woman ? STR("Thị") : STR("Văn");
    }
    shopper->name = str_format(casting->arena, "%.*s %.*s %.*s", STR_ARG(family), STR_ARG(middle), STR_ARG(given));
}

/* "nguyenthilan85.12@example.com": the folded name without blanks. */
static str address_of(struct casting *casting, const struct shopper *shopper, i64 number)
{
    str folded = fold_search(casting->arena, shopper->name);
    char *letters = arena_alloc(casting->arena, folded.len + 1, 1);
    i64 len = 0;
    for (i64 i = 0; i < folded.len; i++) {
        if (folded.data[i] != ' ') {
            letters[len++] = folded.data[i];
        }
    }
    str domain = pick(casting, "domain");
    return str_format(casting->arena, "%.*s%02d.%lld@%.*s", (int)len, letters, shopper->born % 100, (long long)number,
                      STR_ARG(domain));
}

static void give_contacts(struct casting *casting, struct shopper *shopper, i64 number)
{
    if (chance(casting->dice, 700)) {
        shopper->email = address_of(casting, shopper, number);
    }
    // A block of zeros behind an operator's prefix, then the person's number, so that no two share one.
    str prefix = pick(casting, "prefix");
    if (!str_is(shopper->email) || chance(casting->dice, 920)) {
        shopper->phone = str_format(casting->arena, "+84%.*s00%05lld", STR_ARG(prefix), (long long)(number % 100000));
    }
}

static i8 shop_near(struct dice *dice, i8 city)
{
    u16 weights[SHOP_COUNT];
    i64 sum = 0;
    for (i64 i = 0; i < SHOP_COUNT; i++) {
        weights[i] = demo_shops[i].city == city ? demo_shops[i].weight : 0;
        sum += weights[i];
    }
    return sum == 0 ? SHOP_NONE : (i8)CHANCE_PICK(dice, weights);
}

static void give_habits(struct dice *dice, struct shopper *shopper)
{
    static const u16 tastes[] = {0, 290, 410, 60, 370}; /* by enum channel: web, app, Zalo, shop */
    static const u16 tastes_far[] = {0, 400, 500, 100, 0};
    shopper->taste = (u8)(shopper->shop == SHOP_NONE ? CHANCE_PICK(dice, tastes_far) : CHANCE_PICK(dice, tastes));
    shopper->gap_ms = (i64)DAY_MS * (24 + chance_wait(dice, 66));
    shopper->temper = (i8)chance_bell(dice, 0, 20);
    shopper->android = chance(dice, 720);
    shopper->update_days = (u16)chance_wait(dice, 4);
    shopper->words = (u16)chance_between(dice, 120, 780);
    shopper->stays_unknown = shopper->taste == CHANNEL_WEB ? chance(dice, 240) : chance(dice, 40);
}

/* Most are customers already; the others come over the months, more of them when much is bought. */
static i64 arrival(struct dice *dice, const struct cast_plan *plan)
{
    if (chance(dice, 560)) {
        return plan->from_ms;
    }
    i64 day;
    do {
        day = calendar_day(plan->from_ms + chance_within(dice, plan->until_ms - plan->from_ms));
    } while (!chance(dice, calendar_demand(RHYTHM_ONLINE, day) * 1000 / CALENDAR_PEAK));
    return greater(calendar_midnight(day), plan->from_ms);
}

/* Somebody friendly who was here well before. */
static i32 referrer_of(struct dice *dice, const struct shopper *cast, i64 number)
{
    for (int i = 0; number > 0 && i < 6; i++) {
        i64 other = dice_below(dice, number);
        if (cast[other].temper > 4 && !cast[other].stays_unknown &&
            cast[other].arrives_ms + (i64)30 * DAY_MS < cast[number].arrives_ms) {
            return (i32)other;
        }
    }
    return -1;
}

struct shopper *cast_all(struct arena *arena, const struct decks *decks, const struct cast_plan *plan)
{
    struct shopper *cast = arena_new(arena, struct shopper, plan->people);
    u16 city_weights[CITY_COUNT];
    for (i64 i = 0; i < CITY_COUNT; i++) {
        city_weights[i] = demo_cities[i].weight;
    }
    i32 year = civil_from_days(calendar_day(plan->until_ms)).year;
    for (i64 i = 0; i < plan->people; i++) {
        struct dice dice = dice_new(plan->seed, (u64)i * 2 + 1);
        struct casting casting = {arena, decks, &dice};
        struct shopper *shopper = &cast[i];
        shopper->city = (i8)CHANCE_PICK(&dice, city_weights);
        shopper->shop = shop_near(&dice, shopper->city);
        shopper->woman = chance(&dice, 610);
        shopper->born = year - (i32)chance_bell(&dice, 37, 26);
        give_name(&casting, shopper);
        give_habits(&dice, shopper);
        give_contacts(&casting, shopper, i);
        shopper->arrives_ms = arrival(&dice, plan);
        shopper->referrer = -1;
        if (shopper->arrives_ms > plan->from_ms && chance(&dice, 240)) {
            shopper->referrer = referrer_of(&dice, cast, i);
        }
    }
    return cast;
}
