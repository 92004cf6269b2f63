/* Who the customers are: names, homes, habits. Nobody of them exists. */
#pragma once

#include "base/types.h"
#include "listen/demo/deck.h"

enum area { AREA_NORTH, AREA_CENTRAL, AREA_SOUTH };

struct city {
    const char *name, *code;
    enum area area;
    u16 weight;
    u8 lane_days; /* the carrier's promise from the nearest warehouse */
};

enum { CITY_COUNT = 9, SHOP_COUNT = 7, SHOP_NONE = -1 };
extern const struct city demo_cities[CITY_COUNT];

struct shop {
    const char *name;
    i8 city;
    u16 weight;
    bool best; /* cooks at the counter before the sale and calls three days after it */
};
extern const struct shop demo_shops[SHOP_COUNT];

enum channel {
    CHANNEL_ADS,
    CHANNEL_WEB,
    CHANNEL_APP,
    CHANNEL_ZALO,
    CHANNEL_STORE,
    CHANNEL_PHONE,
    CHANNEL_DELIVERY,
    CHANNEL_EMAIL
};

struct shopper {
    str name;
    str email, phone;   /* either may be none; the phone as "+84…" */
    i64 arrives_ms;     /* when the company first sees the person */
    i64 gap_ms;         /* between two needs, on average */
    i32 born, referrer; /* a year; the number of the person who recommended us, -1: nobody */
    i8 city, shop;      /* the shop nearby or SHOP_NONE */
    u8 taste;           /* enum channel: where this person mostly buys */
    i8 temper;          /* -20 to 20: how friendly answers are */
    u16 update_days;    /* how late app versions are installed */
    u16 words;          /* per mille: how often an answer comes with words */
    bool woman, android, stays_unknown;
};

struct cast_plan {
    i64 people, from_ms, until_ms;
    u64 seed;
};

/* All shoppers of the plan, in the arena. */
struct shopper *cast_all(struct arena *arena, const struct decks *decks, const struct cast_plan *plan);
