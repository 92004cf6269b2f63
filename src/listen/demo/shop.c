#include "listen/demo/flow.h"

struct counter {
    struct life *life;
    const struct shop *shop;
    i8 index;
    i64 at_ms;
    bool tried, called;
};

static void step(struct counter *counter, enum moment_kind kind, i32 order, i32 detail)
{
    flow_note(counter->life, (struct moment){.at_ms = counter->at_ms,
                                             .order = order,
                                             .kind = (u8)kind,
                                             .channel = CHANNEL_STORE,
                                             .shop = counter->index,
                                             .version = -1,
                                             .detail = detail});
    counter->at_ms += chance_between(&counter->life->dice, 3, 14) * MINUTE_MS;
}

/* Usually the shop nearby, sometimes another one of the same city. */
static i8 choose_shop(struct life *life)
{
    i8 near = life->shopper->shop;
    u16 weights[SHOP_COUNT];
    for (i64 i = 0; i < SHOP_COUNT; i++) {
        weights[i] = demo_shops[i].city == life->shopper->city ? demo_shops[i].weight : 0;
    }
    return chance(&life->dice, 820) ? near : (i8)CHANCE_PICK(&life->dice, weights);
}

static enum cause cause_of(struct counter *counter, bool bought)
{
    struct dice *dice = &counter->life->dice;
    if (counter->shop->best && (counter->called || counter->tried) && chance(dice, 860)) {
        return counter->called && counter->tried ? SHOP_BEST : counter->called ? SHOP_BEST_CALLED : SHOP_BEST_TRIED;
    }
    if (!bought && chance(dice, 450)) {
        return SHOP_STOCK;
    }
    static const u16 ordinary[] = {560, 150, 70, 60, 160};
    static const enum cause causes[] = {SHOP_GOOD, SHOP_WAIT, SHOP_STOCK, SHOP_STAFF, SHOP_SOSO};
    return counter->shop->best && chance(dice, 700) ? SHOP_GOOD : causes[CHANCE_PICK(dice, ordinary)];
}

static void feel(struct life *life, enum cause cause)
{
    if (cause == SHOP_BEST || cause == SHOP_BEST_CALLED || cause == SHOP_BEST_TRIED) {
        flow_feel(life, 34, cause);
    } else {
        flow_feel(life, cause == SHOP_GOOD ? 5 : cause == SHOP_SOSO ? -2 : -16, cause);
    }
}

static void call_after_three_days(struct counter *counter, i32 order)
{
    struct dice *dice = &counter->life->dice;
    if (!counter->shop->best || counter->life->shopper->stays_unknown || !chance(dice, 780)) {
        return;
    }
    i64 at_ms = calendar_moment(dice, RHYTHM_CARE, calendar_day(counter->at_ms) + 3);
    counter->called = at_ms < counter->life->world->until_ms;
    flow_note(counter->life, (struct moment){.at_ms = at_ms,
                                             .order = order,
                                             .kind = FOLLOW_UP,
                                             .channel = CHANNEL_PHONE,
                                             .shop = counter->index,
                                             .version = -1,
                                             .detail = (i32)chance_between(dice, 2, 7)});
}

static i32 buy(struct counter *counter)
{
    struct life *life = counter->life;
    static const u16 methods[] = {420, 330, 250, 60}; /* cash, QR transfer, card, wallet */
    struct order order = {.placed_ms = counter->at_ms,
                          .channel = CHANNEL_STORE,
                          .shop = counter->index,
                          .method = (u8)CHANCE_PICK(&life->dice, methods)};
    flow_fill_basket(life, &order);
    i32 index = flow_new_order(life, order);
    step(counter, ORDERED, index, 0);
    const struct product *product = &life->world->products[order.lines[0]];
    if (product->warranty && chance(&life->dice, 560)) {
        step(counter, WARRANTY, index, 0);
    }
    call_after_three_days(counter, index);
    return index;
}

i64 shop_buy(struct life *life, i64 at_ms)
{
    struct dice *dice = &life->dice;
    i64 hour = calendar_hour(at_ms);
    if (hour < 8 || hour > 20) {
        at_ms = calendar_moment(dice, RHYTHM_SHOP, calendar_day(at_ms) + 1);
    }
    i8 index = choose_shop(life);
    struct counter counter = {.life = life, .shop = &demo_shops[index], .index = index, .at_ms = at_ms};
    // Customers show their card at the door's screen; the others are only counted.
    flow_identify(life, at_ms, CHANNEL_STORE);
    step(&counter, SHOP_VISITED, -1, 0);
    counter.tried = chance(dice, counter.shop->best ? 640 : 240);
    if (counter.tried) {
        step(&counter, PRODUCT_TRIED, -1,
             (i32)chance_pick(dice, life->world->product_weights, life->world->product_count));
    }
    i64 buys = (counter.shop->best ? 860 : 700) + (counter.tried ? 70 : 0);
    i32 order = chance(dice, buys) ? buy(&counter) : -1;
    enum cause cause = cause_of(&counter, order >= 0);
    feel(life, cause);
    if (order >= 0 && life->known) {
        // Four days later, so that the answer covers what came after the sale too.
        survey_ask(life, (struct asking){.survey = SURVEY_SHOP,
                                         .cause = cause,
                                         .order = order,
                                         .channel = CHANNEL_STORE,
                                         .shop = index,
                                         .version = -1,
                                         .at_ms = calendar_moment(dice, RHYTHM_CARE, calendar_day(at_ms) + 4)});
    }
    return counter.at_ms;
}
