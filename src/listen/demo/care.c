#include "listen/demo/flow.h"

/* Calls, chats and returns. */

/* The reason of a call as care_call takes it: DELIVERY_LATE, PAY_FAILED, CALL_SOSO (how something is used, or its warranty)
 * or CAUSE_NONE (anything else). */
static enum cause cause_of_call(struct dice *dice, enum cause reason, i64 wait_s)
{
    if (reason == DELIVERY_LATE && chance(dice, 640)) {
        return CALL_LATE;
    }
    if (wait_s > 240) {
        return CALL_WAIT;
    }
    static const u16 weights[] = {640, 130, 230};
    static const enum cause causes[] = {CALL_GOOD, CALL_REPEAT, CALL_SOSO};
    return causes[CHANCE_PICK(dice, weights)];
}

void care_call(struct life *life, i64 at_ms, i32 order, enum cause reason)
{
    struct dice *dice = &life->dice;
    i32 hour = calendar_hour(at_ms);
    if (hour < 7 || hour > 21) {
        at_ms = calendar_moment(dice, RHYTHM_CARE, calendar_day(at_ms) + (hour > 21));
    }
    // Around noon nobody is at the telephones.
    i64 wait_s = chance_wait(dice, hour >= 11 && hour <= 13 ? 260 : 70);
    struct moment call = {.at_ms = at_ms,
                          .order = order,
                          .kind = CALL_RECEIVED,
                          .channel = CHANNEL_PHONE,
                          .shop = SHOP_NONE,
                          .version = -1,
                          .detail = (i32)wait_s,
                          .cause = (u8)reason};
    flow_note(life, call);
    enum cause cause = cause_of_call(dice, reason, wait_s);
    bool solved = chance(dice, cause == CALL_GOOD ? 960 : cause == CALL_LATE ? 380 : 700);
    i64 minutes = wait_s / 60 + chance_between(dice, 2, 11);
    if (solved) {
        call.kind = CALL_RESOLVED;
        call.at_ms += (chance(dice, 780) ? minutes : minutes + chance_between(dice, 90, 2600)) * MINUTE_MS;
        flow_note(life, call);
    } else if (chance(dice, 420)) {
        // Calls again, and tells everything from the start.
        call.at_ms = calendar_moment(dice, RHYTHM_CARE, calendar_day(at_ms) + chance_between(dice, 1, 2));
        flow_note(life, call);
    }
    flow_feel(life, cause == CALL_GOOD ? 8 : cause == CALL_SOSO ? 0 : -8, cause);
    survey_ask(life, (struct asking){.survey = SURVEY_CALL,
                                     .cause = cause,
                                     .order = order,
                                     .channel = CHANNEL_PHONE,
                                     .shop = SHOP_NONE,
                                     .version = -1,
                                     .at_ms = at_ms + (minutes + chance_between(dice, 5, 300)) * MINUTE_MS});
}

void care_chat(struct life *life, i64 at_ms, i32 order)
{
    struct dice *dice = &life->dice;
    i32 hour = calendar_hour(at_ms);
    i64 minutes = chance_wait(dice, hour >= 8 && hour < 21 ? 9 : 260);
    struct moment chat = {.at_ms = at_ms,
                          .order = order,
                          .kind = CHAT_STARTED,
                          .channel = CHANNEL_ZALO,
                          .shop = SHOP_NONE,
                          .version = -1,
                          .cause = order >= 0 ? DELIVERY_LATE : CAUSE_NONE};
    flow_note(life, chat);
    chat.kind = CHAT_ANSWERED;
    chat.at_ms += greater(1, minutes) * MINUTE_MS;
    chat.detail = (i32)minutes;
    flow_note(life, chat);
    enum cause cause = minutes > 60 || chance(dice, 90) ? CHAT_SLOW : CHAT_GOOD;
    survey_ask(life, (struct asking){.survey = SURVEY_CHAT,
                                     .cause = cause,
                                     .order = order,
                                     .channel = CHANNEL_ZALO,
                                     .shop = SHOP_NONE,
                                     .version = -1,
                                     .at_ms = chat.at_ms + chance_between(dice, 10, 240) * MINUTE_MS});
}

void care_return(struct life *life, i64 at_ms, i32 order)
{
    struct dice *dice = &life->dice;
    struct moment asked = {.at_ms = at_ms,
                           .order = order,
                           .kind = RETURN_ASKED,
                           .shop = SHOP_NONE,
                           .version = -1,
                           .channel = chance(dice, 500) ? CHANNEL_ZALO : CHANNEL_WEB};
    flow_note(life, asked);
    bool slow = chance(dice, 300);
    asked.kind = REFUNDED;
    asked.at_ms = calendar_work(at_ms, slow ? chance_between(dice, 50, 110) : chance_between(dice, 12, 45));
    flow_note(life, asked);
    flow_feel(life, slow ? -18 : 4, slow ? RETURN_HARD : RETURN_EASY);
    survey_ask(life, (struct asking){.survey = SURVEY_RETURN,
                                     .cause = slow ? RETURN_HARD : RETURN_EASY,
                                     .order = order,
                                     .channel = CHANNEL_ZALO,
                                     .shop = SHOP_NONE,
                                     .version = -1,
                                     .at_ms = asked.at_ms + chance_between(dice, 30, 1200) * MINUTE_MS});
}
