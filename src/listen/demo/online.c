#include "listen/demo/flow.h"

/* How an order is paid, by enum method in render.c: on delivery, QR transfer, card, wallet. */
static const u16 methods[] = {340, 310, 150, 200};
enum { METHOD_ON_DELIVERY = 0 };

struct visit {
    struct life *life;
    i64 at_ms;
    enum channel channel;
    i8 version;
    i32 product; /* the one looked at last */
    bool by_ad;  /* an advert brought the person here */
};

static void step(struct visit *visit, enum moment_kind kind, i32 detail)
{
    flow_note(visit->life, (struct moment){.at_ms = visit->at_ms,
                                           .order = -1,
                                           .kind = (u8)kind,
                                           .channel = (u8)visit->channel,
                                           .shop = SHOP_NONE,
                                           .version = visit->version,
                                           .detail = detail});
    visit->at_ms += chance_between(&visit->life->dice, 8, 90) * 1000;
}

static i32 any_product(struct life *life)
{
    return (i32)chance_pick(&life->dice, life->world->product_weights, life->world->product_count);
}

static struct visit arrive(struct life *life, i64 at_ms, enum channel channel)
{
    struct visit visit = {life, at_ms, channel, channel == CHANNEL_APP ? flow_version(life, at_ms) : -1, 0, false};
    if (channel == CHANNEL_WEB && chance(&life->dice, life->order_count == 0 ? 420 : 160)) {
        visit.channel = CHANNEL_ADS;
        step(&visit, AD_CLICKED, 0);
        visit.channel = CHANNEL_WEB;
        visit.by_ad = true;
    }
    step(&visit, PAGE_SEEN, 0);
    // On the app people stay signed in; on the web they sign in now and then.
    if (channel == CHANNEL_APP || chance(&life->dice, 350)) {
        flow_identify(life, visit.at_ms, channel);
    }
    return visit;
}

static void look_around(struct visit *visit, i64 looks)
{
    struct dice *dice = &visit->life->dice;
    if (chance(dice, 480)) {
        step(visit, SEARCHED, 0);
    }
    for (i64 i = 0; i < looks; i++) {
        visit->product = any_product(visit->life);
        step(visit, PRODUCT_VIEWED, visit->product);
    }
}

i64 online_browse(struct life *life, i64 at_ms)
{
    enum channel channel = life->shopper->taste == CHANNEL_APP && !life->shopper->stays_unknown ? CHANNEL_APP
                                                                                                : CHANNEL_WEB;
    struct visit visit = arrive(life, at_ms, channel);
    // Half of those whom an advert brought, and who need nothing, leave after a glance.
    if (visit.by_ad && chance(&life->dice, 500)) {
        return visit.at_ms;
    }
    look_around(&visit, chance_between(&life->dice, 1, 2));
    if (chance(&life->dice, 230)) {
        step(&visit, PRODUCT_ADDED, visit.product);
        if (chance(&life->dice, 300)) {
            step(&visit, CHECKOUT_STARTED, visit.product);
        }
    }
    return visit.at_ms;
}

static bool payment_fails(const struct visit *visit, i64 method)
{
    if (method == METHOD_ON_DELIVERY) {
        return false;
    }
    bool broken = visit->version == APP_BROKEN && visit->life->shopper->android;
    return chance(&visit->life->dice, broken ? 620 : 18);
}

/* Tries until it works or patience ends. Returns how the order is paid, or -1; counts the failures. */
static i64 pay(struct visit *visit, i64 *failures)
{
    struct dice *dice = &visit->life->dice;
    i64 method = CHANCE_PICK(dice, methods);
    while (payment_fails(visit, method)) {
        *failures += 1;
        step(visit, PAYMENT_FAILED, (i32)method);
        visit->at_ms += chance_between(dice, 1, 6) * MINUTE_MS;
        if (chance(dice, 260)) {
            return -1;
        }
        if (chance(dice, 380)) {
            method = METHOD_ON_DELIVERY;
        }
    }
    return method;
}

static void ask_about_paying(struct visit *visit, i32 order, i64 failures, bool paid)
{
    struct life *life = visit->life;
    enum cause cause = failures > 0 ? PAY_FAILED : chance(&life->dice, 130) ? PAY_HARD : PAY_EASY;
    if (failures > 0) {
        flow_feel(life, paid ? -26 : -38, PAY_FAILED);
    }
    survey_ask(life, (struct asking){.survey = SURVEY_PAYMENT,
                                     .cause = cause,
                                     .at_ms = visit->at_ms + 2 * MINUTE_MS,
                                     .order = order,
                                     .channel = (u8)visit->channel,
                                     .shop = SHOP_NONE,
                                     .version = visit->version});
}

static i32 place_order(struct visit *visit, i64 method)
{
    struct life *life = visit->life;
    struct order order = {
        .placed_ms = visit->at_ms, .channel = (u8)visit->channel, .method = (u8)method, .shop = SHOP_NONE};
    flow_fill_basket(life, &order);
    i32 index = flow_new_order(life, order);
    flow_note(life, (struct moment){.at_ms = visit->at_ms,
                                    .order = index,
                                    .kind = ORDERED,
                                    .channel = (u8)visit->channel,
                                    .shop = SHOP_NONE,
                                    .version = visit->version});
    return index;
}

i64 online_buy(struct life *life, i64 at_ms, enum channel channel)
{
    struct visit visit = arrive(life, at_ms, channel);
    look_around(&visit, chance_between(&life->dice, 1, 3));
    if (chance(&life->dice, 90)) {
        care_chat(life, visit.at_ms, -1);
        visit.at_ms += 20 * MINUTE_MS;
    }
    step(&visit, PRODUCT_ADDED, visit.product);
    if (chance(&life->dice, 60)) {
        return visit.at_ms;
    }
    flow_identify(life, visit.at_ms, channel);
    step(&visit, CHECKOUT_STARTED, visit.product);
    if (chance(&life->dice, 70)) {
        return visit.at_ms;
    }
    i64 failures = 0;
    i64 method = pay(&visit, &failures);
    if (method < 0) {
        ask_about_paying(&visit, -1, failures, false);
        if (chance(&life->dice, 250)) {
            care_call(life, visit.at_ms + 10 * MINUTE_MS, -1, PAY_FAILED);
        }
        return visit.at_ms;
    }
    i32 order = place_order(&visit, method);
    ask_about_paying(&visit, order, failures, true);
    return delivery_send(life, order);
}

i64 chat_buy(struct life *life, i64 at_ms)
{
    flow_identify(life, at_ms, CHANNEL_ZALO);
    care_chat(life, at_ms, -1);
    struct visit visit = {life, at_ms + chance_between(&life->dice, 12, 90) * MINUTE_MS, CHANNEL_ZALO, -1, 0, false};
    if (chance(&life->dice, 260)) {
        return visit.at_ms;
    }
    return delivery_send(life, place_order(&visit, CHANCE_PICK(&life->dice, methods)));
}
