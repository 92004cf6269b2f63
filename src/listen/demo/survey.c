#include "listen/demo/flow.h"

/* Shares of the possible answers by cause, worst first, per mille. Five of them for satisfaction, seven for
 * effort (7 is easy). */
struct answers {
    enum cause cause;
    u16 shares[7];
};

static const struct answers answers[] = {
    {DELIVERY_GOOD, {4, 10, 46, 370, 570}},
    {DELIVERY_SOSO, {20, 90, 560, 290, 40}},
    {DELIVERY_LATE, {190, 300, 320, 150, 40}},
    {DELIVERY_LATE_CHANGE, {260, 340, 270, 110, 20}},
    {DELIVERY_DAMAGED, {330, 340, 240, 70, 20}},
    {DELIVERY_RUDE, {150, 300, 340, 170, 40}},
    {SHOP_GOOD, {3, 12, 75, 440, 470}},
    {SHOP_SOSO, {20, 90, 520, 330, 40}},
    {SHOP_BEST, {1, 2, 17, 180, 800}},
    {SHOP_BEST_CALLED, {1, 3, 26, 200, 770}},
    {SHOP_BEST_TRIED, {1, 4, 35, 240, 720}},
    {SHOP_WAIT, {110, 280, 360, 210, 40}},
    {SHOP_STOCK, {120, 300, 350, 190, 40}},
    {SHOP_STAFF, {220, 340, 300, 120, 20}},
    {CALL_GOOD, {4, 16, 80, 420, 480}},
    {CALL_SOSO, {20, 110, 530, 300, 40}},
    {CALL_WAIT, {150, 290, 330, 190, 40}},
    {CALL_REPEAT, {230, 340, 290, 120, 20}},
    {CALL_LATE, {280, 350, 260, 90, 20}},
    {CHAT_GOOD, {4, 14, 82, 430, 470}},
    {CHAT_SLOW, {150, 300, 350, 170, 30}},
    {PAY_EASY, {2, 4, 14, 50, 170, 350, 410}},
    {PAY_HARD, {50, 130, 240, 260, 210, 90, 20}},
    {PAY_FAILED, {310, 270, 200, 120, 60, 30, 10}},
    {RETURN_EASY, {5, 15, 40, 100, 260, 340, 240}},
    {RETURN_HARD, {220, 270, 240, 150, 80, 30, 10}},
};

/* Per mille of those asked. */
static const u16 answer_rates[SURVEYS] = {
    [SURVEY_NPS] = 235,  [SURVEY_DELIVERY] = 360, [SURVEY_SHOP] = 450,   [SURVEY_PAYMENT] = 300,
    [SURVEY_CALL] = 380, [SURVEY_CHAT] = 270,     [SURVEY_RETURN] = 420,
};

static const struct answers *answers_to(enum cause cause)
{
    i64 i = 0;
    while (answers[i].cause != cause) {
        i++;
    }
    return &answers[i];
}

/* Friendly people round up, strict ones down. */
static i64 nudge(struct life *life, i64 score, i64 high)
{
    i64 temper = life->shopper->temper;
    if (temper > 0 && score < high && chance(&life->dice, temper * 12)) {
        return score + 1;
    }
    if (temper < 0 && score > 1 && chance(&life->dice, -temper * 9)) {
        return score - 1;
    }
    return score;
}

static void note_answer(struct life *life, struct asking asking, i64 score, bool words)
{
    flow_note(life, (struct moment){.at_ms = asking.at_ms,
                                    .order = asking.order,
                                    .kind = ANSWERED,
                                    .channel = (u8)asking.channel,
                                    .survey = (u8)asking.survey,
                                    .cause = words ? (u8)asking.cause : CAUSE_NONE,
                                    .score = (i8)score,
                                    .shop = asking.shop,
                                    .version = asking.version,
                                    .detail = (i32)asking.late_days});
}

/* Who is angry or delighted writes more often. */
static bool writes(struct life *life, i64 from_middle)
{
    return chance(&life->dice, life->shopper->words * (75 + 25 * from_middle) / 100);
}

void survey_ask(struct life *life, struct asking asking)
{
    // An unhappy person answers a little more often.
    bool bad = asking.cause == DELIVERY_LATE || asking.cause == DELIVERY_LATE_CHANGE || asking.cause == PAY_FAILED;
    if (!chance(&life->dice, answer_rates[asking.survey] * (bad ? 125 : 100) / 100)) {
        return;
    }
    const struct answers *shares = answers_to(asking.cause);
    i64 high = shares->shares[5] > 0 ? 7 : 5;
    i64 score = nudge(life, 1 + chance_pick(&life->dice, shares->shares, high), high);
    i64 middle = (high + 1) / 2;
    i64 away = score > middle ? score - middle : middle - score;
    // Words that contradict their number would be nobody's.
    bool praise = asking.cause == DELIVERY_GOOD || asking.cause == PAY_EASY || asking.cause == RETURN_EASY ||
                  asking.cause == CALL_GOOD || asking.cause == CHAT_GOOD || asking.cause == SHOP_GOOD ||
                  asking.cause == SHOP_BEST || asking.cause == SHOP_BEST_CALLED || asking.cause == SHOP_BEST_TRIED;
    bool even = asking.cause == DELIVERY_SOSO || asking.cause == SHOP_SOSO || asking.cause == CALL_SOSO;
    bool fits = even ? away <= 1 : praise ? score > middle : score <= middle;
    note_answer(life, asking, score, fits && writes(life, away));
}

static enum cause nps_cause(struct life *life, i64 score)
{
    enum cause memory = life->grief;
    bool best = memory == SHOP_BEST || memory == SHOP_BEST_CALLED;
    if (score >= 9) {
        return best ? NPS_PROMOTER_BEST : NPS_PROMOTER;
    }
    if (score >= 7) {
        return NPS_PASSIVE;
    }
    return memory == DELIVERY_LATE_CHANGE ? NPS_LATE : memory == PAY_FAILED ? NPS_PAYMENT : NPS_DETRACTOR;
}

void survey_nps(struct life *life, i64 at_ms)
{
    if (!chance(&life->dice, answer_rates[SURVEY_NPS])) {
        return;
    }
    at_ms = calendar_moment(&life->dice, RHYTHM_CARE, calendar_day(at_ms));
    i64 tenths = 79 + life->mood * 3 / 10 + life->shopper->temper / 2 + chance_bell(&life->dice, 0, 30);
    i64 score = greater(0, lesser(10, (tenths + 5) / 10));
    i64 away = score > 7 ? score - 7 : (7 - score) / 2;
    // The letter goes to who buys at a shop under that shop's name.
    i8 shop = life->shopper->taste == CHANNEL_STORE ? life->shopper->shop : SHOP_NONE;
    struct asking asking = {.survey = SURVEY_NPS,
                            .cause = nps_cause(life, score),
                            .at_ms = at_ms,
                            .order = -1,
                            .channel = str_is(life->shopper->email) ? CHANNEL_EMAIL : CHANNEL_ZALO,
                            .shop = shop,
                            .version = -1};
    note_answer(life, asking, score, writes(life, away));
}
