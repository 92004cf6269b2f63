#include "listen/demo/voice.h"

#include "base/buf.h"
#include "text/fold.h"

#include <assert.h>

enum { REPLACEMENTS_MAX = 40 };

static const char *const cause_decks[CAUSES] = {
    [DELIVERY_GOOD] = "delivery.good",
    [DELIVERY_SOSO] = "delivery.soso",
    [DELIVERY_LATE] = "delivery.late",
    [DELIVERY_LATE_CHANGE] = "delivery.late.change",
    [DELIVERY_DAMAGED] = "delivery.damaged",
    [DELIVERY_RUDE] = "delivery.nocall",
    [RETURN_EASY] = "return.easy",
    [RETURN_HARD] = "return.hard",
    [SHOP_GOOD] = "store.good",
    [SHOP_BEST] = "store.best",
    [SHOP_BEST_CALLED] = "store.best.called",
    [SHOP_BEST_TRIED] = "store.best.tried",
    [SHOP_WAIT] = "store.wait",
    [SHOP_STOCK] = "store.stock",
    [SHOP_STAFF] = "store.staff",
    [SHOP_SOSO] = "store.soso",
    [PAY_EASY] = "pay.easy",
    [PAY_HARD] = "pay.hard",
    [PAY_FAILED] = "pay.failed",
    [CALL_GOOD] = "call.good",
    [CALL_WAIT] = "call.wait",
    [CALL_REPEAT] = "call.repeat",
    [CALL_LATE] = "call.late",
    [CALL_SOSO] = "call.soso",
    [CHAT_GOOD] = "chat.good",
    [CHAT_SLOW] = "chat.slow",
    [NPS_PROMOTER] = "nps.promoter",
    [NPS_PROMOTER_BEST] = "nps.promoter.best",
    [NPS_PASSIVE] = "nps.passive",
    [NPS_LATE] = "nps.late",
    [NPS_PAYMENT] = "nps.payment",
    [NPS_DETRACTOR] = "nps.detractor",
};

struct sentence_frame {
    str toi, hang, noi, tre, ban;
};

/* How this person says "I". */
static str pronoun(struct speaker *speaker)
{
    static const char *const young[] = {"i.young.north", "i.young.central", "i.young.south"};
    const struct shopper *shopper = speaker->shopper;
    enum area area = demo_cities[shopper->city].area;
    const char *deck = shopper->born >= 1992 ? young[area]
                       : area == AREA_SOUTH  ? "i.south"
                       : shopper->woman      ? "i.woman"
                                             : "i.man";
    return decks_pick(speaker->decks, str_from(deck), &speaker->dice);
}

static str word_for(struct speaker *speaker, const struct sentence_frame *frame, str name)
{
    if (str_eq(name, STR("toi"))) {
        return frame->toi;
    }
    if (str_eq(name, STR("hang"))) {
        return frame->hang;
    }
    if (str_eq(name, STR("noi"))) {
        return frame->noi;
    }
    if (str_eq(name, STR("tre"))) {
        return frame->tre;
    }
    if (str_eq(name, STR("ban"))) {
        return frame->ban;
    }
    return decks_pick(speaker->decks, name, &speaker->dice);
}

/* Fills the first brace until none is left; the decks are finite and do not name each other in circles. */
static str fill(struct arena *arena, struct speaker *speaker, const struct sentence_frame *frame, str text)
{
    for (int i = 0; i < REPLACEMENTS_MAX; i++) {
        i64 open = str_find_char(text, '{');
        if (open < 0) {
            return text;
        }
        i64 close = str_find_char(text, '}');
        str word = word_for(speaker, frame, str_slice(text, open + 1, close));
        text = str_format(arena, "%.*s%.*s%.*s", (int)open, text.data, STR_ARG(word), (int)(text.len - close - 1),
                          text.data + close + 1);
    }
    assert(false && "decks that name each other in circles");
    return text;
}

static bool letter_at(str text, i64 at)
{
    if (at < 0 || at >= text.len) {
        return false;
    }
    u8 c = (u8)text.data[at];
    return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Replaces `old` where it stands as a word of its own. */
static str replace_word(struct arena *arena, str text, str old, str new)
{
    struct buf out = buf_in(arena);
    i64 at = 0;
    while (at < text.len) {
        str rest = str_slice(text, at, text.len);
        bool word = str_starts(rest, old) && !letter_at(text, at - 1) && !letter_at(text, at + old.len);
        if (word) {
            buf_add(&out, new);
            at += old.len;
        } else {
            buf_char(&out, text.data[at++]);
        }
    }
    return buf_str(&out);
}

/* Each line of the deck is "common=own"; a person uses some of them. */
static str speak_like(struct arena *arena, struct speaker *speaker, str text, const char *deck_name, i64 per_mille)
{
    const struct deck *deck = decks_find(speaker->decks, str_from(deck_name));
    for (i64 i = 0; i < deck->count; i++) {
        str own = deck->cards[i].text;
        str common = str_cut(&own, '=');
        if (chance(&speaker->dice, per_mille)) {
            text = replace_word(arena, text, common, own);
        }
    }
    return text;
}

/* Vietnamese letters come in pairs: 32 places apart in ASCII and Latin-1, one place apart elsewhere. */
static u32 upper(u32 code)
{
    bool far = (code >= 'a' && code <= 'z') || (code >= 0xE0 && code <= 0xFE);
    bool near = code == 0x103 || code == 0x111 || code == 0x129 || code == 0x169 || code == 0x1A1 || code == 0x1B0 ||
                (code >= 0x1EA0 && code <= 0x1EF9 && code % 2 == 1);
    return far ? code - 32 : near ? code - 1 : code;
}

/* A capital at the beginning of the text and behind each full stop. */
static str capitals(struct arena *arena, str text)
{
    struct buf out = buf_in(arena);
    bool due = true;
    for (i64 at = 0; at < text.len;) {
        i64 from = at;
        u32 code = utf8_next(text, &at);
        char letter[4];
        if (due && letter_at(text, from)) {
            code = upper(code);
            due = false;
        }
        due = due || code == '.';
        buf_add(&out, (str){letter, utf8_put(letter, code)});
    }
    return buf_str(&out);
}

static str finish(struct arena *arena, struct speaker *speaker, str text)
{
    enum area area = demo_cities[speaker->shopper->city].area;
    bool young = speaker->shopper->born >= 1992;
    static const char *const regions[] = {"north", "central", "south"};
    text = speak_like(arena, speaker, text, regions[area], 380);
    if (young && chance(&speaker->dice, 450)) {
        text = speak_like(arena, speaker, text, "young", 420);
    }
    if (chance(&speaker->dice, 60)) {
        return fold_search(arena, text);
    }
    if (chance(&speaker->dice, young ? 560 : 860)) {
        text = capitals(arena, text);
    }
    if (chance(&speaker->dice, 520)) {
        str end = decks_pick(speaker->decks, speaker->pleased ? STR("end") : STR("end.bad"), &speaker->dice);
        text = str_format(arena, "%.*s%s%.*s", STR_ARG(text), letter_at(end, 0) ? " " : "", STR_ARG(end));
    }
    return fold_nfc(arena, text);
}

str voice_write(struct arena *arena, struct speaker *speaker)
{
    i64 days = speaker->late_days > 0 ? speaker->late_days : chance_between(&speaker->dice, 2, 4);
    struct sentence_frame frame = {
        .toi = pronoun(speaker),
        .hang = str_is(speaker->product) ? speaker->product : STR("hàng"),
        .noi = str_from(demo_cities[speaker->shopper->city].name),
        .tre = str_format(arena, "%lld", (long long)days),
        .ban = speaker->version != NULL ? str_from(speaker->version) : STR("mới"),
    };
    str text = decks_pick(speaker->decks, str_from(cause_decks[speaker->cause]), &speaker->dice);
    return finish(arena, speaker, fill(arena, speaker, &frame, text));
}
