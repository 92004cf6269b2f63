/* Reading a text: what somebody says, how they feel about it, and which words say so.
 *
 *     text ─ letters ─ tokens ─ language ─ phrases of the lexicon ─ clauses ─ sentiment, emotion, complaint, topics
 *
 * Vietnamese with tones, without them and as young people type it, and English. Nothing is trained and nothing is
 * asked of another machine: the lexicon is in the program (src/text/lexicon), the rules are in docs/understanding.md,
 * and each finding names the words it rests on.
 */
#pragma once

#include "base/str.h"

/* A number for what reads; stored beside what was read, so that a reader that knows more can read again. */
enum { TEXT_READER_VERSION = 2 };

enum text_language { TEXT_OTHER, TEXT_VI, TEXT_EN };

enum text_class { CLASS_NONE, CLASS_NEGATIVE, CLASS_NEUTRAL, CLASS_POSITIVE };

enum text_emotion {
    EMOTION_NONE,
    EMOTION_JOY,
    EMOTION_SADNESS,
    EMOTION_ANGER,
    EMOTION_FEAR,
    EMOTION_DISGUST,
    EMOTION_SURPRISE,
    EMOTION_COUNT_,
};

enum text_topic_word {
    TOPIC_NONE,
    TOPIC_PRODUCT,     /* the thing itself: quality, look, size, how long it lasts */
    TOPIC_PRICE,       /* what it costs, what it is worth */
    TOPIC_DELIVERY,    /* shipping, shippers, right goods, in time */
    TOPIC_PACKAGING,   /* box, wrapping, seal */
    TOPIC_STAFF,       /* people who serve: manner, knowledge */
    TOPIC_STORE,       /* place: shop, branch, room, parking, air */
    TOPIC_APP,         /* app, web site, signing in, updates */
    TOPIC_PAYMENT,     /* paying, cards, transfers, refunds that do not come */
    TOPIC_AFTER_SALES, /* warranty, returns, exchange, repair */
    TOPIC_CALL_CENTRE, /* hotline, chat, answering */
    TOPIC_PROMOTION,   /* vouchers, gifts, sales, points */
    TOPIC_INFORMATION, /* descriptions, advice, notices */
    TOPIC_WAITING,     /* queues, opening hours, how long a thing takes */
    TOPIC_POLICY,      /* rules, procedure, papers */
    TOPIC_FOOD,        /* taste, freshness, portions */
    TOPIC_CLEANLINESS, /* clean or not, smell */
    TOPIC_NETWORK,     /* signal, speed, calls */
    TOPIC_TEACHING,    /* teachers and how they teach */
    TOPIC_COURSE,      /* contents, exercises, exams, timetable */
    TOPIC_HEALTH,      /* doctors, treatment */
    TOPIC_COUNT_,
};

enum text_why {
    WHY_WORD,     /* a word or phrase of the lexicon */
    WHY_NEGATED,  /* one whose sense a negation turns */
    WHY_STRONGER, /* one that is made stronger (very, !!!, long letters) */
    WHY_WEAKER,   /* one that is made weaker (a bit, rather) */
    WHY_EMOJI,    /* an emoji or emoticon */
    WHY_RATING,   /* "5 sao", "2/10" */
    WHY_WISH,     /* what is wished for is missing */
    WHY_CONTRAST, /* a "but" */
    WHY_HINT,     /* weak signs: a bare negation, a question, thanks */
    WHY_COUNT_,
};

enum { TEXT_TOPICS_MAX = 8, TEXT_BECAUSE_MAX = 16 };

struct text_because {
    i32 at, len; /* bytes of the text as it was given */
    f32 weight;  /* what it added; below zero speaks for negative */
    u8 what;     /* enum text_why */
};

struct text_topic {
    u8 topic;     /* enum text_topic_word */
    f32 polarity; /* -1 … 1; 0: spoken of, not judged */
};

struct reading {
    enum text_language language;
    enum text_class class;     /* CLASS_NONE: nothing to read (empty, nonsense, another language without any sign) */
    enum text_emotion emotion; /* the strongest; EMOTION_NONE when nothing says one */
    f32 sentiment;             /* -1 … 1 */
    bool mixed;                /* clear praise and clear blame side by side */
    bool complaint, spam, nonsense;
    i32 topic_count, because_count;
    struct text_topic topics[TEXT_TOPICS_MAX];     /* the most spoken of first */
    struct text_because because[TEXT_BECAUSE_MAX]; /* the weightiest, in the order of the text */
};

/* Reads a text of any length and form (NFC, NFD, bad bytes). Thread-safe; takes no memory beside the stack. */
void reading_of(str text, struct reading *out);

/* "other", "vi", "en"; "none", "negative" …; "none", "joy" …; "none", "product" …; "word" …: the words of shape fields and
 * of JSON, each list ending with NULL. */
extern const char *const text_language_words[];
extern const char *const text_class_words[];
extern const char *const text_emotion_words[];
extern const char *const text_topic_words[];
extern const char *const text_why_words[];

/* The reading as members of a JSON object that is open: language, sentiment, class, emotion, complaint, topics, because, spam …
 * `text` is the one that was read. */
struct json_writer;
void reading_write(struct json_writer *writer, str text, const struct reading *reading);
