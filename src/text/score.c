#include "text/score.h"

#include <math.h>

enum {
    NEGATION_REACH = 5, /* tokens between a negation and what it turns */
    BLAME_REACH = 3,    /* the same for blame: "chưa dùng đã thấy hỏng" denies nothing */
    DEGREE_REACH = 2,   /* between a word of degree and what it strengthens */
    WISH_REACH = 12,
};

/* How much each circumstance counts; tried on sentences of our own (test/unit/text). */
#define TURNED_PRAISE (-0.85F)
#define TURNED_BLAME (-0.45F)
#define WISHED (-0.4F)
#define BEFORE_BUT 0.6F
#define AFTER_BUT 1.3F
#define CONCEDED 0.55F
#define SHOUTED 1.2F
#define BARE_NEGATION (-0.4F)
#define NEGATION_MOST (-1.0F)
#define BLAME_COUNTS 1.05F

static bool judges(const struct hit *hit)
{
    u8 role = hit->entry->role;
    return hit->why == WHY_RATING || ((role == ROLE_PLAIN || role == ROLE_ASK) && hit->entry->valence != 0);
}

/* The strongest break between two hits. */
static u8 break_between(const struct tokens *tokens, const struct hit *from, const struct hit *to)
{
    u8 most = BREAK_NONE;
    for (i32 i = from->last + 1; i <= to->first; i++) {
        most = greater(most, tokens->items[i].before);
    }
    return most;
}

static bool near(const struct tokens *tokens, const struct hit *from, const struct hit *to, i32 reach, u8 breaks)
{
    return to->first - from->last - 1 <= reach && break_between(tokens, from, to) <= breaks;
}

/* A word of degree belongs to what it stands before ("rất đẹp"), else to what it follows ("đẹp lắm"). */
static void apply_degrees(const struct tokens *tokens, struct hit *hits, i32 count)
{
    for (i32 i = 0; i < count; i++) {
        u8 role = hits[i].entry->role;
        if (role != ROLE_MORE && role != ROLE_LESS) {
            continue;
        }
        f32 strength = (f32)hits[i].entry->valence / 10;
        i32 next = i + 1;
        while (next < count && (hits[next].entry->role == ROLE_MORE || hits[next].entry->role == ROLE_LESS ||
                                hits[next].entry->role == ROLE_GAP)) {
            next++;
        }
        struct hit *target = NULL;
        if (next < count && judges(&hits[next]) && near(tokens, &hits[i], &hits[next], 1, BREAK_NONE)) {
            target = &hits[next];
        } else if (i > 0 && judges(&hits[i - 1]) && near(tokens, &hits[i - 1], &hits[i], DEGREE_REACH, BREAK_NONE)) {
            target = &hits[i - 1];
        }
        if (target != NULL) {
            target->strength *= strength;
            hits[i].used = true;
        }
    }
}

/* The negation in front of a hit, or NULL: the nearest, unless another judgement lies between. */
static struct hit *negation_of(const struct tokens *tokens, struct hit *hits, i32 at)
{
    bool chain = false;
    for (i32 i = at - 1; i >= 0 && near(tokens, &hits[i], &hits[at], NEGATION_REACH, BREAK_NONE); i--) {
        if (hits[i].entry->role == ROLE_NOT) {
            bool blamed = !chain && hits[at].entry->valence < 0 && hits[at].first - hits[i].last > BLAME_REACH;
            return blamed ? NULL : &hits[i];
        }
        bool chained = hits[i].negated && hits[at].first - hits[i].last <= 2 &&
                       (hits[i].entry->valence > 0) == (hits[at].entry->valence > 0);
        if (chained) { // "không móp hay trầy": both are denied
            chain = true;
            continue;
        }
        if (judges(&hits[i]) || hits[i].entry->role == ROLE_BUT) {
            return NULL;
        }
    }
    return NULL;
}

static f32 loudness(const struct tokens *tokens, const struct hit *hit)
{
    f32 loud = 1;
    for (i32 i = hit->first; i <= hit->last; i++) {
        if ((tokens->items[i].flags & (TOKEN_LONG | TOKEN_CAPITALS)) != 0 && tokens->items[i].kind == TOKEN_WORD) {
            loud = SHOUTED;
        }
    }
    return tokens->items[hit->last].exclaims > 0 ? loud * SHOUTED : loud;
}

static void weigh(const struct tokens *tokens, struct hit *hits, i32 at)
{
    struct hit *hit = &hits[at];
    if (hit->why != WHY_RATING) {
        hit->weight = (f32)hit->entry->valence / 10;
    }
    f32 loud = hit->strength * loudness(tokens, hit);
    hit->weight *= loud;
    if (hit->why == WHY_WORD && (loud > 1.01F || loud < 0.99F)) {
        hit->why = loud > 1 ? WHY_STRONGER : WHY_WEAKER;
    }
    struct hit *negation = hit->why == WHY_RATING || hit->why == WHY_EMOJI ? NULL : negation_of(tokens, hits, at);
    if (negation != NULL && (hit->entry->flags & ENTRY_FIRM) == 0) {
        hit->weight *= hit->weight > 0 ? TURNED_PRAISE : TURNED_BLAME;
        hit->why = WHY_NEGATED;
        hit->negated = true;
        negation->used = true;
    } else if (negation != NULL) {
        negation->used = true;
    }
}

/* What is wished for is not there: praise behind "mong", "nếu", "should" turns, up to the next comma. */
static void apply_wishes(const struct tokens *tokens, struct hit *hits, i32 count)
{
    for (i32 i = 0; i < count; i++) {
        if (hits[i].entry->role != ROLE_WISH) {
            continue;
        }
        hits[i].weight = (f32)hits[i].entry->valence / 10;
        hits[i].why = WHY_WISH;
        for (i32 k = i + 1; k < count && near(tokens, &hits[i], &hits[k], WISH_REACH, BREAK_NONE); k++) {
            if (hits[k].entry->role == ROLE_BUT) {
                break;
            }
            if (judges(&hits[k]) && hits[k].weight > 0 && (hits[k].entry->flags & ENTRY_FIRM) == 0) {
                hits[k].weight *= hits[k].negated ? 0 : WISHED;
                hits[k].why = WHY_WISH;
            }
        }
    }
}

/* Multiplies what judges in a sentence, from a hit on into one direction. */
static void lean(const struct tokens *tokens, struct hit *hits, i32 count, i32 from, i32 direction, u8 stop, f32 factor)
{
    for (i32 i = from + direction; i >= 0 && i < count; i += direction) {
        const struct hit *a = direction > 0 ? &hits[i - 1] : &hits[i];
        const struct hit *b = direction > 0 ? &hits[i] : &hits[i + 1];
        if (break_between(tokens, a, b) >= stop || (direction > 0 && hits[i].entry->role == ROLE_BUT)) {
            break;
        }
        hits[i].weight *= judges(&hits[i]) ? factor : 1;
    }
}

/* Nothing stands before the hit in its sentence. */
static bool opens_sentence(const struct tokens *tokens, const struct hit *hit)
{
    return hit->first == 0 || tokens->items[hit->first].before == BREAK_HARD;
}

static void apply_contrasts(const struct tokens *tokens, struct hit *hits, i32 count)
{
    for (i32 i = 0; i < count; i++) {
        u8 role = hits[i].entry->role;
        if (role == ROLE_BUT) {
            lean(tokens, hits, count, i, -1, opens_sentence(tokens, &hits[i]) ? BREAK_HARD + 1 : BREAK_HARD,
                 BEFORE_BUT);
            lean(tokens, hits, count, i, 1, BREAK_HARD, AFTER_BUT);
            hits[i].weight = (f32)hits[i].entry->valence / 10;
            hits[i].why = WHY_CONTRAST;
        } else if (role == ROLE_THOUGH) {
            lean(tokens, hits, count, i, 1, BREAK_SOFT, CONCEDED);
        }
    }
}

static void apply_hints(const struct tokens *tokens, struct hit *hits, i32 count)
{
    for (i32 i = 0; i < count; i++) {
        u8 role = hits[i].entry->role;
        if (role == ROLE_NOT && !hits[i].used) {
            bool asks = tokens->items[hits[i].last].asks > 0;
            f32 weight = fmaxf((f32)hits[i].entry->valence / 10, NEGATION_MOST);
            weight = weight < 0 ? weight : BARE_NEGATION;
            hits[i].weight = asks ? weight / 4 : weight;
            hits[i].why = WHY_HINT;
        } else if (role == ROLE_STAR || role == ROLE_HINT) {
            hits[i].weight = (f32)hits[i].entry->valence / 10;
            hits[i].why = WHY_HINT;
        }
    }
}

void hits_weigh(const struct tokens *tokens, struct hit *hits, i32 count)
{
    apply_degrees(tokens, hits, count);
    for (i32 i = 0; i < count; i++) {
        if (judges(&hits[i])) {
            weigh(tokens, hits, i);
        }
    }
    apply_wishes(tokens, hits, count);
    apply_hints(tokens, hits, count);
    apply_contrasts(tokens, hits, count);
}

/* Keeps the weightiest reasons. */
static void explain(struct findings *findings, const struct tokens *tokens, const struct hit *hit)
{
    i32 slot = findings->because_count;
    if (slot == TEXT_BECAUSE_MAX) {
        slot = 0;
        for (i32 i = 1; i < TEXT_BECAUSE_MAX; i++) {
            slot = fabsf(findings->because[i].weight) < fabsf(findings->because[slot].weight) ? i : slot;
        }
        if (fabsf(findings->because[slot].weight) >= fabsf(hit->weight)) {
            return;
        }
        // The rest moves up: reasons stay in the order of the text.
        memmove(&findings->because[slot], &findings->because[slot + 1],
                (size_t)(TEXT_BECAUSE_MAX - 1 - slot) * sizeof findings->because[0]);
        slot = TEXT_BECAUSE_MAX - 1;
    } else {
        findings->because_count++;
    }
    const struct token *first = &tokens->items[hit->first], *last = &tokens->items[hit->last];
    findings->because[slot] = (struct text_because){first->at, last->at + last->len - first->at, hit->weight, hit->why};
}

/* Which topic a judgement is about: its own, else the one spoken of last in the sentence, else the next one right behind it. */
struct focus {
    u8 topic;
    f32 waiting; /* judged before any topic was named */
    i32 waiting_at;
};

/* One syllable may be another word: "cô" teaches or shops, "cơm" is in a pot's name. */
static i32 naming(const struct hit *hit)
{
    bool sure = hit->last > hit->first && (hit->entry->flags & ENTRY_WEAK) == 0;
    return sure ? TOPIC_SURE : 1;
}

static void add_topic(struct findings *findings, struct focus *focus, const struct hit *hit)
{
    enum { NEXT_DOOR = 3 };
    bool weak = (hit->entry->flags & ENTRY_WEAK) != 0;
    u8 topic = weak && focus->topic != TOPIC_NONE ? TOPIC_NONE : hit->entry->topic;
    if (topic != TOPIC_NONE) {
        findings->topic_hits[topic] += naming(hit);
        focus->topic = topic;
        if (focus->waiting != 0 && hit->first - focus->waiting_at <= NEXT_DOOR) { // exact: 0 is "nothing waits"
            findings->topic_sums[topic] += focus->waiting;
        }
        focus->waiting = 0;
    }
    if (hit->weight == 0 || hit->why == WHY_HINT) { // exact: nothing was added
        return;
    }
    if (focus->topic != TOPIC_NONE) {
        findings->topic_sums[focus->topic] += hit->weight;
    } else {
        focus->waiting = hit->weight;
        focus->waiting_at = hit->last;
    }
}

/* How much a word says of the heart: cries of surprise judge little but say much. */
static f32 openness(const struct entry *entry)
{
    return entry->emotion == EMOTION_SURPRISE ? 3.0F : 1.0F;
}

static bool is_abuse(const struct entry *entry)
{
    return entry->topic == TOPIC_NONE && (entry->emotion == EMOTION_ANGER || entry->emotion == EMOTION_DISGUST);
}

static void add_hit(struct findings *findings, const struct tokens *tokens, const struct hit *hit)
{
    const struct entry *entry = hit->entry;
    if (entry->role == ROLE_SPAM) {
        findings->spam += (f32)entry->valence / 10;
        return;
    }
    findings->negations += entry->role == ROLE_NOT;
    findings->asks += entry->role == ROLE_ASK && entry->valence == 0;
    if (hit->weight == 0) { // exact: it said nothing
        return;
    }
    bool weak = hit->why == WHY_HINT;
    f32 weight = hit->weight < 0 ? hit->weight * BLAME_COUNTS : hit->weight;
    *(weak ? &findings->hints : &findings->sum) += weight;
    findings->last = weak ? findings->last : weight;
    findings->hits += !weak;
    findings->praise += !weak && weight > 0 ? weight : 0;
    findings->blame += !weak && weight < 0 ? -weight : 0;
    findings->ratings += hit->why == WHY_RATING;
    findings->outcries += weight < 0 && (entry->role == ROLE_ASK || tokens->items[hit->last].exclaims > 0);
    if (entry->emotion != EMOTION_NONE && !hit->negated) {
        findings->emotions[entry->emotion] += fabsf(weight) * openness(entry);
    } else if (hit->negated && weight < 0 && entry->emotion == EMOTION_JOY) {
        findings->emotions[EMOTION_SADNESS] += -weight / 2;
    }
    if ((entry->flags & ENTRY_COMPLAINT) != 0 && weight < 0) {
        findings->complaint += -weight;
        findings->abuse += is_abuse(entry) ? -weight : 0;
    }
    explain(findings, tokens, hit);
}

static void count_tokens(struct findings *findings, const struct tokens *tokens)
{
    for (i32 i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->items[i];
        findings->words += token->kind == TOKEN_WORD;
        findings->known += token->kind == TOKEN_WORD &&
                           (token->flags & (TOKEN_SYLLABLE | TOKEN_COMMON | TOKEN_SHORT)) != 0;
        findings->mash += (token->flags & TOKEN_MASH) != 0;
        findings->links += token->kind == TOKEN_LINK;
        findings->phones += token->kind == TOKEN_PHONE;
        findings->faces += token->kind == TOKEN_EMOJI;
        findings->foreign += token->kind == TOKEN_FOREIGN;
        findings->asks += token->asks > 0;
    }
}

void findings_add(struct findings *findings, const struct tokens *tokens, const struct hit *hits, i32 count)
{
    struct focus focus = {0};
    for (i32 i = 0; i < count; i++) {
        if (i > 0 && break_between(tokens, &hits[i - 1], &hits[i]) == BREAK_HARD) {
            focus = (struct focus){0};
        }
        add_hit(findings, tokens, &hits[i]);
        add_topic(findings, &focus, &hits[i]);
    }
    count_tokens(findings, tokens);
}
