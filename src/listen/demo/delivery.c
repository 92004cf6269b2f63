#include "listen/demo/flow.h"

/* Where the parcel is when, and what happens to it. */
struct parcel {
    struct life *life;
    i32 order;
    enum carrier carrier;
    i64 late_days;
    bool damaged, rude;
};

static enum carrier carrier_of(const struct life *life, i64 at_ms)
{
    bool middle = demo_cities[life->shopper->city].area == AREA_CENTRAL;
    return middle && at_ms >= life->world->change_ms ? CARRIER_NEW : CARRIER_OLD;
}

static i64 days_late(struct dice *dice, enum carrier carrier)
{
    static const u16 old[] = {930, 50, 20};
    static const u16 new[] = {330, 130, 180, 160, 100, 60, 40};
    return carrier == CARRIER_OLD ? CHANCE_PICK(dice, old) : CHANCE_PICK(dice, new);
}

static void note(struct parcel *parcel, enum moment_kind kind, i64 at_ms)
{
    flow_note(parcel->life, (struct moment){.at_ms = at_ms,
                                            .order = parcel->order,
                                            .kind = (u8)kind,
                                            .channel = CHANNEL_DELIVERY,
                                            .shop = SHOP_NONE,
                                            .version = -1,
                                            .detail = (i32)parcel->late_days});
}

static enum cause cause_of(struct parcel *parcel)
{
    struct dice *dice = &parcel->life->dice;
    if (parcel->late_days > 0) {
        return parcel->carrier == CARRIER_NEW && chance(dice, 600) ? DELIVERY_LATE_CHANGE : DELIVERY_LATE;
    }
    if (parcel->damaged) {
        return DELIVERY_DAMAGED;
    }
    return parcel->rude ? DELIVERY_RUDE : chance(dice, 80) ? DELIVERY_SOSO : DELIVERY_GOOD;
}

static void feel(struct parcel *parcel, enum cause cause)
{
    struct life *life = parcel->life;
    if (parcel->late_days > 0) {
        flow_feel(life, -32 - 5 * parcel->late_days, cause);
        life->lost = chance(&life->dice, 90 + 50 * parcel->late_days);
    } else {
        flow_feel(life, parcel->damaged ? -34 : parcel->rude ? -18 : 5, cause);
    }
}

/* Who waits in vain asks: by telephone or Zalo, on the day after the promise. */
static void ask_where_it_is(struct parcel *parcel, i64 promised_ms)
{
    struct dice *dice = &parcel->life->dice;
    if (parcel->late_days == 0 || !chance(dice, 300 + 60 * parcel->late_days)) {
        return;
    }
    i64 at_ms = calendar_moment(dice, RHYTHM_CARE, calendar_day(promised_ms) + 1);
    if (chance(dice, 620)) {
        care_call(parcel->life, at_ms, parcel->order, DELIVERY_LATE);
    } else {
        care_chat(parcel->life, at_ms, parcel->order);
    }
}

static void afterwards(struct parcel *parcel, i64 delivered_ms)
{
    struct life *life = parcel->life;
    struct dice *dice = &life->dice;
    const struct order *order = flow_order(life, parcel->order);
    bool warranty = life->world->products[order->lines[0]].warranty;
    if (warranty && chance(dice, 480)) {
        i64 at_ms = delivered_ms + chance_between(dice, 1, 9 * 24) * HOUR_MS;
        enum channel channel = life->shopper->taste == CHANNEL_APP ? CHANNEL_APP : CHANNEL_ZALO;
        flow_note(life, (struct moment){.at_ms = at_ms,
                                        .order = parcel->order,
                                        .kind = WARRANTY,
                                        .channel = (u8)channel,
                                        .shop = SHOP_NONE,
                                        .version = channel == CHANNEL_APP ? flow_version(life, at_ms) : -1});
    }
    if (life->mood > 0 && chance(dice, 110)) {
        i64 hours = chance_between(dice, 2, 90);
        flow_note(life, (struct moment){.at_ms = delivered_ms + hours * HOUR_MS,
                                        .order = parcel->order,
                                        .kind = REVIEWED,
                                        .channel = CHANNEL_WEB,
                                        .shop = SHOP_NONE,
                                        .version = -1,
                                        .detail = (i32)chance_between(dice, 4, 5)});
    }
    if (chance(dice, 45)) {
        care_call(life, delivered_ms + chance_between(dice, 1, 25) * DAY_MS, parcel->order,
                  warranty ? CALL_SOSO : CAUSE_NONE);
    }
    if (chance(dice, parcel->damaged ? 620 : parcel->late_days > 2 ? 110 : 22)) {
        care_return(life, delivered_ms + chance_between(dice, 4, 70) * HOUR_MS, parcel->order);
    }
}

i64 delivery_send(struct life *life, i32 index)
{
    struct dice *dice = &life->dice;
    i64 placed_ms = flow_order(life, index)->placed_ms;
    struct parcel parcel = {.life = life, .order = index};
    parcel.damaged = chance(dice, 24);
    parcel.rude = chance(dice, 35);
    i64 shipped_ms = calendar_work(placed_ms, chance_between(dice, 2, 9));
    parcel.carrier = carrier_of(life, shipped_ms);
    parcel.late_days = days_late(dice, parcel.carrier);
    i64 lane = demo_cities[life->shopper->city].lane_days;
    i64 promised_day = calendar_day(calendar_work(shipped_ms, lane * 10));
    i64 early = parcel.late_days == 0 ? chance(dice, 380) : 0;
    i64 day = greater(calendar_day(shipped_ms) + 1, promised_day - early) + parcel.late_days;
    i64 out_ms = calendar_midnight(day) + 7 * HOUR_MS + dice_below(dice, 2 * HOUR_MS);
    i64 delivered_ms = out_ms + chance_between(dice, 40, 620) * MINUTE_MS;

    struct order *order = flow_order(life, index);
    order->carrier = (u8)parcel.carrier;
    order->promised_ms = calendar_midnight(greater(promised_day, day - parcel.late_days)) + 21 * HOUR_MS;
    order->delivered_ms = delivered_ms;
    i64 promised_ms = order->promised_ms;
    note(&parcel, SHIPPED, shipped_ms);
    note(&parcel, OUT_FOR_DELIVERY, out_ms);
    note(&parcel, DELIVERED, delivered_ms);
    ask_where_it_is(&parcel, promised_ms);
    enum cause cause = cause_of(&parcel);
    feel(&parcel, cause);
    survey_ask(life, (struct asking){.survey = SURVEY_DELIVERY,
                                     .cause = cause,
                                     .order = index,
                                     .channel = CHANNEL_DELIVERY,
                                     .at_ms = delivered_ms + chance_between(dice, 1, 20) * HOUR_MS,
                                     .shop = SHOP_NONE,
                                     .version = -1,
                                     .late_days = parcel.late_days});
    afterwards(&parcel, delivered_ms);
    return delivered_ms;
}
