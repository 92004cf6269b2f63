#include "listen/demo/flow.h"

const char *const app_versions[APP_VERSIONS] = {"3.4.0", "3.4.2", "3.5.0", "3.6.0", "3.6.1", "3.7.0", "3.8.0"};

void flow_note(struct life *life, struct moment moment)
{
    struct world *world = life->world;
    u32 seed = dice_u32(&life->dice);
    if (moment.at_ms < world->from_ms || moment.at_ms >= world->until_ms) {
        return;
    }
    if (world->moment_count == world->moment_capacity) {
        world->moment_capacity = greater(4096, world->moment_capacity * 2);
        world->moments = mem_resize(world->moments, world->moment_capacity * (i64)sizeof *world->moments);
    }
    moment.shopper = life->number;
    moment.serial = (i32)world->moment_count;
    moment.seed = seed;
    moment.known = life->known;
    world->moments[world->moment_count++] = moment;
}

i32 flow_new_order(struct life *life, struct order order)
{
    struct world *world = life->world;
    if (world->order_count == world->order_capacity) {
        world->order_capacity = greater(1024, world->order_capacity * 2);
        world->orders = mem_resize(world->orders, world->order_capacity * (i64)sizeof *world->orders);
    }
    order.shopper = life->number;
    order.again = life->order_count > 0;
    world->orders[world->order_count] = order;
    life->order_count++;
    if (life->nps_due_ms == 0 && !life->shopper->stays_unknown) {
        life->nps_due_ms = order.placed_ms + chance_between(&life->dice, 14, 60) * DAY_MS;
    }
    return (i32)world->order_count++;
}

struct order *flow_order(const struct life *life, i32 index)
{
    return &life->world->orders[index];
}

void flow_fill_basket(struct life *life, struct order *order)
{
    static const u16 line_weights[ORDER_LINES] = {62, 27, 11};
    const struct world *world = life->world;
    i64 lines = 1 + CHANCE_PICK(&life->dice, line_weights);
    for (i64 i = 0; i < ORDER_LINES; i++) {
        order->lines[i] = -1;
        if (i < lines) {
            i64 product = chance_pick(&life->dice, world->product_weights, world->product_count);
            bool cheap = world->products[product].price < 300000;
            order->lines[i] = (i16)product;
            order->counts[i] = (u8)(cheap && chance(&life->dice, 300) ? chance_between(&life->dice, 2, 4) : 1);
            order->amount += world->products[product].price * order->counts[i];
        }
    }
    // One purchase in five comes with a voucher.
    if (chance(&life->dice, 200)) {
        order->amount -= order->amount * chance_between(&life->dice, 5, 15) / 100 / 1000 * 1000;
    }
}

void flow_feel(struct life *life, i64 change, enum cause cause)
{
    i64 old = life->mood;
    life->mood = greater(-100, lesser(100, old * 8 / 10 + 2 + change));
    if (change < -20 || change > 25) {
        life->grief = (u8)cause;
    } else if (life->mood > -10 && life->mood < 30) {
        life->grief = CAUSE_NONE;
    }
}

i8 flow_version(const struct life *life, i64 at_ms)
{
    i8 version = 0;
    for (i8 i = 1; i < APP_VERSIONS; i++) {
        if (life->world->released_ms[i] + (i64)life->shopper->update_days * DAY_MS <= at_ms) {
            version = i;
        }
    }
    return version;
}

void flow_identify(struct life *life, i64 at_ms, enum channel channel)
{
    if (life->known || life->shopper->stays_unknown) {
        return;
    }
    life->known = true;
    i8 version = channel == CHANNEL_APP ? flow_version(life, at_ms) : -1;
    flow_note(life, (struct moment){.at_ms = at_ms,
                                    .order = -1,
                                    .kind = IDENTIFIED,
                                    .channel = (u8)channel,
                                    .shop = channel == CHANNEL_STORE ? life->shopper->shop : SHOP_NONE,
                                    .version = version});
}

/* A friend's recommendation stands at the beginning, on the friend's side first. */
static void be_referred(struct life *life)
{
    if (life->shopper->referrer < 0) {
        return;
    }
    struct life friend = *life;
    friend.number = life->shopper->referrer;
    friend.shopper = &life->world->shoppers[friend.number];
    friend.known = true;
    i64 days = chance_between(&friend.dice, 1, 5);
    flow_note(&friend, (struct moment){.at_ms = life->shopper->arrives_ms - days * DAY_MS +
                                                dice_below(&friend.dice, 10 * HOUR_MS),
                                       .order = -1,
                                       .kind = REFERRED,
                                       .channel = CHANNEL_ZALO,
                                       .shop = SHOP_NONE,
                                       .version = -1,
                                       .detail = life->number});
}

static i64 meet_need(struct life *life, i64 at_ms)
{
    enum channel taste = life->shopper->taste;
    if (chance(&life->dice, 250)) {
        static const u16 others[] = {0, 30, 40, 10, 30};
        taste = (enum channel)CHANCE_PICK(&life->dice, others);
    }
    if (taste == CHANNEL_STORE && life->shopper->shop != SHOP_NONE) {
        return shop_buy(life, at_ms);
    }
    if (taste == CHANNEL_ZALO) {
        return chat_buy(life, at_ms);
    }
    return online_buy(life, at_ms, taste == CHANNEL_APP && !life->shopper->stays_unknown ? CHANNEL_APP : CHANNEL_WEB);
}

/* Disappointment makes the next need wait; delight hastens it a little. */
static i64 gap_now(const struct life *life)
{
    i64 gap_ms = life->shopper->gap_ms;
    return life->mood < -15 ? gap_ms * 4 : life->mood > 30 ? gap_ms * 4 / 5 : gap_ms;
}

static void ask_when_due(struct life *life, i64 until_ms)
{
    while (life->nps_due_ms != 0 && life->nps_due_ms < until_ms) {
        survey_nps(life, life->nps_due_ms);
        life->nps_due_ms += 91 * (i64)DAY_MS;
    }
}

static void browse_between(struct life *life, i64 from_ms, i64 until_ms)
{
    for (i64 at_ms = from_ms;;) {
        at_ms = calendar_next(&life->dice, RHYTHM_ONLINE, at_ms, (i64)95 * DAY_MS);
        if (at_ms >= until_ms) {
            return;
        }
        at_ms = online_browse(life, at_ms);
    }
}

void flow_live(struct world *world, i32 number)
{
    struct life life = {
        .world = world,
        .shopper = &world->shoppers[number],
        .number = number,
        .dice = dice_new(world->seed, (u64)number * 2 + 2),
        .mood = 10 + world->shoppers[number].temper / 2,
    };
    be_referred(&life);
    bool old = life.shopper->arrives_ms == world->from_ms;
    // Old customers are somewhere between two needs; new ones come because of one.
    enum rhythm rhythm = life.shopper->taste == CHANNEL_STORE ? RHYTHM_SHOP : RHYTHM_ONLINE;
    i64 at_ms = life.shopper->arrives_ms + (old ? chance_within(&life.dice, life.shopper->gap_ms) : 0);
    at_ms = greater(calendar_moment(&life.dice, rhythm, calendar_day(at_ms)), life.shopper->arrives_ms);
    while (at_ms < world->until_ms && !life.lost) {
        i64 over_ms = meet_need(&life, at_ms);
        i64 next_ms = calendar_next(&life.dice, rhythm, over_ms, gap_now(&life));
        browse_between(&life, over_ms, lesser(next_ms, world->until_ms));
        ask_when_due(&life, lesser(next_ms, world->until_ms));
        at_ms = next_ms;
    }
    ask_when_due(&life, world->until_ms);
}
