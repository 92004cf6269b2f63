#include "text/reading.h"

#include "text/language.h"
#include "text/score.h"

#include <math.h>

const char *const text_language_words[] = {"other", "vi", "en", NULL};
const char *const text_class_words[] = {"none", "negative", "neutral", "positive", NULL};
const char *const text_emotion_words[] = {"none", "joy", "sadness", "anger", "fear", "disgust", "surprise", NULL};
const char *const text_topic_words[] = {"none",        "product", "price",   "delivery",    "packaging",   "staff",
                                        "store",       "app",     "payment", "after_sales", "call_centre", "promotion",
                                        "information", "waiting", "policy",  "food",        "cleanliness", "network",
                                        "teaching",    "course",  "health",  NULL};
const char *const text_why_words[] = {"word",   "negated", "stronger", "weaker", "emoji",
                                      "rating", "wish",    "contrast", "hint",   NULL};

/* Where sums become judgements (docs/understanding.md). */
#define FULL_AT 3.0F         /* the sum at which sentiment is 0.71 */
#define DECIDED 0.05F        /* a sum beyond this is a class where the lexicon spoke */
#define HINT_DECIDES 0.15F   /* weak signs alone have to say more */
#define HINTS_MOST 1.2F      /* many weak signs are still weak */
#define QUESTION_BLAMES 0.8F /* a question that says no more than this is one */
#define TOPIC_FULL_AT 1.4F
#define COMPLAINT_AT 1.8F /* beside praise */
#define EVIDENT_AT 0.6F   /* where blame decides */
#define SEVERE_AT 4.5F    /* so much blame of a thing is a complaint whatever it says */
#define DELIGHTS_AT 5.0F  /* praise without a word of feeling */
#define ANGERS_AT 3.2F    /* the same for a complaint */
#define SPAM_AT 2.0F
#define MIXED_AT 1.0F
#define EMOTION_AT 0.5F

static f32 squashed(f32 sum, f32 full_at)
{
    return sum / sqrtf(sum * sum + full_at * full_at);
}

static void read_windows(str text, struct manner *manner, struct findings *findings)
{
    struct tokens tokens;
    struct hit hits[TOKENS_MAX];
    struct speech speech = {0};
    i64 whole = 0;
    tokens_read(text, &whole, &tokens);
    speech_add(&speech, &tokens);
    bool one = whole >= text.len;
    for (i64 at = whole; at < text.len;) { // the language of a long text is that of all of it
        tokens_read(text, &at, &tokens);
        speech_add(&speech, &tokens);
    }
    *manner = speech_manner(&speech);
    for (i64 at = one ? text.len : 0;;) {
        if (!one) {
            tokens_read(text, &at, &tokens);
        }
        if (manner->language != TEXT_EN) {
            tokens_expand(&tokens);
        }
        i32 count = hits_find(&tokens, *manner, hits);
        hits_weigh(&tokens, hits, count);
        findings_add(findings, &tokens, hits, count);
        if (at >= text.len) {
            break;
        }
    }
}

static bool is_nonsense(const struct findings *findings)
{
    if (findings->links + findings->phones + findings->faces + findings->ratings + findings->foreign > 0) {
        return false;
    }
    bool mashed = findings->mash * 2 >= findings->words || (findings->mash > 0 && findings->known == 0);
    return findings->words == 0 || (mashed && findings->hits == 0);
}

/* Weak signs decide only where the lexicon says nothing; a long text without praise is rarely content. */
static f32 decide(const struct findings *findings)
{
    enum { LONG_WORDS = 25 };
    f32 hints = fminf(fmaxf(findings->hints, -HINTS_MOST), HINTS_MOST) - 0.15F * (f32)lesser(findings->asks, 3);
    if (findings->hits == 0 && findings->words >= LONG_WORDS) {
        hints -= 0.2F;
    }
    return findings->sum + hints * (findings->hits > 0 ? 0.5F : 1.0F);
}

static enum text_class class_of(const struct findings *findings, f32 sum, bool nonsense)
{
    if (nonsense || (findings->words + findings->faces + findings->ratings == 0)) {
        return CLASS_NONE;
    }
    f32 least = findings->hits > 0 ? DECIDED : HINT_DECIDES;
    if (findings->hits == 0 && findings->asks > 0 && sum > -QUESTION_BLAMES) { // somebody asks
        return CLASS_NEUTRAL;
    }
    if (findings->hits > 1 && fabsf(sum) <= DECIDED) { // praise and blame in balance: people end with what they mean
        return findings->last > 0 ? CLASS_POSITIVE : CLASS_NEGATIVE;
    }
    return sum > least ? CLASS_POSITIVE : sum < -least ? CLASS_NEGATIVE : CLASS_NEUTRAL;
}

static enum text_emotion emotion_of(const struct findings *findings, const struct reading *reading)
{
    i32 best = EMOTION_NONE;
    for (i32 i = 1; i < EMOTION_COUNT_; i++) {
        bool against = reading->class == CLASS_NEGATIVE ? i == EMOTION_JOY
                                                        : reading->class == CLASS_POSITIVE && i == EMOTION_ANGER;
        best = !against && findings->emotions[i] > findings->emotions[best] ? i : best;
    }
    if (findings->emotions[best] >= EMOTION_AT) {
        return (enum text_emotion)best;
    }
    if (reading->class == CLASS_POSITIVE && findings->praise >= DELIGHTS_AT) {
        return EMOTION_JOY;
    }
    bool angry = findings->complaint >= ANGERS_AT || findings->outcries > 0;
    return reading->complaint && angry ? EMOTION_ANGER : EMOTION_NONE;
}

static i32 topics_blamed(const struct findings *findings)
{
    i32 count = 0;
    for (i32 i = 1; i < TOPIC_COUNT_; i++) {
        count += findings->topic_sums[i] < 0;
    }
    return count;
}

/* A fault that somebody answers for, a demand or a warning. What is dislike, a wish or a mood is none, and words of abuse
 * are evidence only where a thing is blamed. */
static bool is_complaint(const struct findings *findings, const struct reading *reading)
{
    f32 evidence = findings->complaint - (topics_blamed(findings) > 0 ? 0 : findings->abuse);
    if (reading->class == CLASS_NEGATIVE) {
        return evidence >= EVIDENT_AT || (topics_blamed(findings) > 0 && findings->blame >= SEVERE_AT);
    }
    return evidence >= COMPLAINT_AT && findings->blame > findings->praise * 0.5F;
}

/* What only some trades have is spoken of where more than one syllable says so: a shop's customers have teachers and meals too. */
static i32 topic_least(i32 topic)
{
    bool of_a_trade = topic == TOPIC_FOOD || topic == TOPIC_NETWORK || topic == TOPIC_TEACHING ||
                      topic == TOPIC_COURSE || topic == TOPIC_HEALTH;
    return of_a_trade ? TOPIC_SURE : 1;
}

/* The topics by how often they are spoken of. */
static void put_topics(const struct findings *findings, struct reading *out)
{
    for (i32 topic = 1; topic < TOPIC_COUNT_; topic++) {
        if (findings->topic_hits[topic] < topic_least(topic)) {
            continue;
        }
        i32 at = out->topic_count;
        while (at > 0 && findings->topic_hits[out->topics[at - 1].topic] < findings->topic_hits[topic]) {
            at--;
        }
        if (at == TEXT_TOPICS_MAX) {
            continue;
        }
        i32 kept = lesser(out->topic_count, TEXT_TOPICS_MAX - 1);
        memmove(&out->topics[at + 1], &out->topics[at], (size_t)(kept - at) * sizeof out->topics[0]);
        out->topics[at] = (struct text_topic){(u8)topic, squashed(findings->topic_sums[topic], TOPIC_FULL_AT)};
        out->topic_count = kept + 1;
    }
}

void reading_of(str text, struct reading *out)
{
    struct findings findings = {0};
    struct manner manner;
    *out = (struct reading){0};
    read_windows(text, &manner, &findings);
    f32 sum = decide(&findings);
    out->language = manner.language;
    out->nonsense = is_nonsense(&findings);
    out->class = class_of(&findings, sum, out->nonsense);
    out->sentiment = out->class == CLASS_NONE ? 0 : squashed(sum, FULL_AT);
    out->mixed = findings.praise >= MIXED_AT && findings.blame >= MIXED_AT;
    out->complaint = is_complaint(&findings, out);
    out->spam = findings.spam + 1.2F * (f32)findings.links + 1.0F * (f32)findings.phones >= SPAM_AT;
    out->emotion = emotion_of(&findings, out);
    put_topics(&findings, out);
    out->because_count = findings.because_count;
    memcpy(out->because, findings.because, sizeof out->because);
}
