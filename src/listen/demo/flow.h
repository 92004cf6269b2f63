/* The year as it is lived: one person after the other, moment by moment.
 *
 *     need ─► ad, page, search, look ─► cart ─► paying ─► order ─► parcel ─► answer, review
 *          └► shop: visit, try, buy ─► answer         └► call, return    └► next need, later or never
 *
 * A moment is what becomes one event. It holds numbers only; its words are
 * found when it is told (listen/demo/render.h), from its own seed.
 */
#pragma once

#include "listen/demo/calendar.h"
#include "listen/demo/cast.h"
#include "listen/demo/chance.h"

enum moment_kind {
    AD_CLICKED,
    PAGE_SEEN,
    SEARCHED,
    PRODUCT_VIEWED,
    PRODUCT_ADDED,
    CHECKOUT_STARTED,
    PAYMENT_FAILED,
    ORDERED,
    SHIPPED,
    OUT_FOR_DELIVERY,
    DELIVERED,
    SHOP_VISITED,
    PRODUCT_TRIED,
    CALL_RECEIVED,
    CALL_RESOLVED,
    CHAT_STARTED,
    CHAT_ANSWERED,
    FOLLOW_UP,
    WARRANTY,
    RETURN_ASKED,
    REFUNDED,
    REVIEWED,
    REFERRED,
    IDENTIFIED,
    ANSWERED,
    MOMENT_KINDS,
};

enum survey {
    SURVEY_NPS,
    SURVEY_DELIVERY,
    SURVEY_SHOP,
    SURVEY_PAYMENT,
    SURVEY_CALL,
    SURVEY_CHAT,
    SURVEY_RETURN,
    SURVEYS
};

/* What an answer is about: the deck its words come from. */
enum cause {
    CAUSE_NONE,
    DELIVERY_GOOD,
    DELIVERY_SOSO,
    DELIVERY_LATE,
    DELIVERY_LATE_CHANGE,
    DELIVERY_DAMAGED,
    DELIVERY_RUDE,
    RETURN_EASY,
    RETURN_HARD,
    SHOP_GOOD,
    SHOP_BEST,
    SHOP_BEST_CALLED,
    SHOP_BEST_TRIED,
    SHOP_WAIT,
    SHOP_STOCK,
    SHOP_STAFF,
    SHOP_SOSO,
    PAY_EASY,
    PAY_HARD,
    PAY_FAILED,
    CALL_GOOD,
    CALL_WAIT,
    CALL_REPEAT,
    CALL_LATE,
    CALL_SOSO,
    CHAT_GOOD,
    CHAT_SLOW,
    NPS_PROMOTER,
    NPS_PROMOTER_BEST,
    NPS_PASSIVE,
    NPS_LATE,
    NPS_PAYMENT,
    NPS_DETRACTOR,
    CAUSES,
};

enum carrier { CARRIER_OLD, CARRIER_NEW };
enum { ORDER_LINES = 3 };

struct order {
    i64 placed_ms, promised_ms, delivered_ms; /* delivered: 0 in a shop */
    i64 amount;                               /* đồng */
    i32 shopper;
    i16 lines[ORDER_LINES]; /* indexes of products; -1: none */
    u8 counts[ORDER_LINES];
    u8 channel, carrier, method; /* method: how it is paid */
    i8 shop;                     /* SHOP_NONE: it is delivered */
    bool again;                  /* not the first one */
};

struct moment {
    i64 at_ms;
    i32 shopper, order; /* order: -1 for none */
    i32 serial;         /* in the order of making: decides between equal times */
    u32 seed;           /* of its words */
    i32 detail;         /* by kind: page, product, minutes, days late, referrer … */
    u8 kind, channel, survey, cause;
    i8 score;
    i8 shop;    /* SHOP_NONE: nowhere, or where the order goes */
    i8 version; /* of the app; -1: not the app */
    bool known; /* under the customer number, not the visitor's */
};

/* The app's versions; the newest one cannot take payments on Android. */
enum { APP_VERSIONS = 7, APP_BROKEN = APP_VERSIONS - 1 };
extern const char *const app_versions[APP_VERSIONS];

struct product {
    str name, short_name, sku, group; /* short: as people call it */
    i64 price;                        /* đồng */
    i64 weight;
    bool warranty;
};

struct world {
    struct arena arena;
    struct decks decks;
    u64 seed;
    i64 from_ms, until_ms;
    i64 change_ms; /* since then another carrier serves the middle of the country */
    i64 released_ms[APP_VERSIONS];
    const struct product *products;
    const u16 *product_weights;
    i64 product_count;
    struct shopper *shoppers;
    i64 shopper_count;
    struct order *orders;
    i64 order_count, order_capacity;
    struct moment *moments;
    i64 moment_count, moment_capacity;
};

/* One person's year while it is being lived. */
struct life {
    struct world *world;
    const struct shopper *shopper;
    i32 number;
    struct dice dice;
    i64 mood;       /* -100 to 100; 10 is ordinary */
    i64 nps_due_ms; /* the next letter asking for a recommendation; 0: not a customer yet */
    i64 order_count;
    u8 grief;         /* enum cause of the strongest memory */
    bool known, lost; /* known: signed in; lost: buys elsewhere from now on */
};

/* Notes a moment, filling in person, seed and serial. Nothing outside the world's time is noted. */
void flow_note(struct life *life, struct moment moment);

/* A new order; its index. The pointer from flow_order is valid until the next one is made. */
i32 flow_new_order(struct life *life, struct order order);
struct order *flow_order(const struct life *life, i32 index);

/* Products of one purchase and what they cost. */
void flow_fill_basket(struct life *life, struct order *order);

/* Something touches the person: mood moves, and the strongest memory stays. */
void flow_feel(struct life *life, i64 change, enum cause cause);

/* The app version this person has at a moment. */
i8 flow_version(const struct life *life, i64 at_ms);

/* The person tells who they are, if they ever do. */
void flow_identify(struct life *life, i64 at_ms, enum channel channel);

/* Lives one person's time from arrival to the end of the world. */
void flow_live(struct world *world, i32 number);

/* Chapters of a life. Each returns when it is over in the person's time, as far as the next need is concerned. */
i64 online_browse(struct life *life, i64 at_ms);
i64 online_buy(struct life *life, i64 at_ms, enum channel channel);
i64 chat_buy(struct life *life, i64 at_ms);
i64 shop_buy(struct life *life, i64 at_ms);
i64 delivery_send(struct life *life, i32 order);

void care_call(struct life *life, i64 at_ms, i32 order, enum cause cause);
void care_chat(struct life *life, i64 at_ms, i32 order);
void care_return(struct life *life, i64 at_ms, i32 order);

/* Asks, and notes the answer if one comes, `after_ms` later. */
struct asking {
    enum survey survey;
    enum cause cause;
    i64 at_ms;
    i32 order;
    enum channel channel;
    i8 shop, version;
    i64 late_days;
};
void survey_ask(struct life *life, struct asking asking);
void survey_nps(struct life *life, i64 at_ms);
