/* What the words of a feedback say, and what people set right. */
#include "listen/voices/inside.h"

#include "text/reading.h"

_Static_assert(TOPIC_COUNT_ < 63, "a topic is a bit of a positive number");

static void put_said(struct ctx *ctx, struct feedback *row, const struct said_topic *topics, i64 count)
{
    struct shape_list list = {(void *)topics, count};
    struct json_writer out = json_writer_in(&ctx->arena);
    shape_write_list(&out, &said_topic_shape, list, SHAPE_ALL);
    row->said = count > 0 ? json_text(&out) : STR_NONE;
}

static i64 topic_of(str word)
{
    for (i64 i = 1; i < TOPIC_COUNT_; i++) {
        if (str_eq(word, str_from(text_topic_words[i]))) {
            return i;
        }
    }
    return -1;
}

bool feedback_knows_topic(str word)
{
    return topic_of(word) > 0;
}

/* The masks of what is said. What no reader knows is shown and not found by. */
static void put_topics(struct ctx *ctx, struct feedback *row, const struct said_topic *topics, i64 count)
{
    row->topics = row->topics_good = row->topics_bad = 0;
    for (i64 i = 0; i < count; i++) {
        i64 topic = topic_of(topics[i].topic);
        i64 bit = topic < 0 ? 0 : (i64)1 << topic;
        row->topics |= bit;
        row->topics_good |= topics[i].polarity > 0 ? bit : 0;
        row->topics_bad |= topics[i].polarity < 0 ? bit : 0;
    }
    put_said(ctx, row, topics, count);
}

static str word_or_none(const char *word)
{
    return word == NULL || word[0] == 0 || strcmp(word, "none") == 0 ? STR_NONE : str_from(word);
}

void feedback_read(struct ctx *ctx, struct feedback *row)
{
    struct reading reading;
    struct said_topic topics[TEXT_TOPICS_MAX];
    if (!row->has_text) {
        return;
    }
    reading_of(row->text, &reading);
    if (!str_is(row->language)) {
        row->language = str_from(text_language_words[reading.language]);
    }
    row->sentiment = (struct maybe_f64){(f64)reading.sentiment, true};
    row->class = word_or_none(text_class_words[reading.class]);
    if (!str_is(row->emotion)) {
        row->emotion = word_or_none(text_emotion_words[reading.emotion]);
    }
    row->complaint = reading.complaint;
    row->spam = reading.spam || reading.nonsense;
    for (i64 i = 0; i < reading.topic_count; i++) {
        topics[i] = (struct said_topic){str_from(text_topic_words[reading.topics[i].topic]),
                                        (f64)reading.topics[i].polarity};
    }
    put_topics(ctx, row, topics, reading.topic_count);
}

static const struct shape_field correction_fields[] = {
    {"class", SHAPE_WORD, offsetof(struct correction, class), .words = text_class_words},
    {"emotion", SHAPE_WORD, offsetof(struct correction, emotion), .words = text_emotion_words},
    {"language", SHAPE_WORD, offsetof(struct correction, language), .words = text_language_words},
    {"complaint", SHAPE_BOOL, offsetof(struct correction, complaint)},
    {"spam", SHAPE_BOOL, offsetof(struct correction, spam)},
    {"topics", SHAPE_LIST, offsetof(struct correction, topics), .of = &said_topic_shape, .max = TEXT_TOPICS_MAX},
    {"touchpoint", SHAPE_STR, offsetof(struct correction, touchpoint), .max = 200},
};
const struct shape correction_shape = SHAPE("FeedbackCorrection", struct correction, correction_fields,
                                            "shape.feedback_correction");

void correction_apply(struct ctx *ctx, const struct correction *correction, shape_seen seen, struct feedback *row)
{
    const struct shape *shape = &correction_shape;
    if (shape_has(shape, seen, "class")) {
        row->class = word_or_none(text_class_words[correction->class]);
    }
    if (shape_has(shape, seen, "emotion")) {
        row->emotion = word_or_none(text_emotion_words[correction->emotion]);
    }
    if (shape_has(shape, seen, "language")) {
        row->language = str_from(text_language_words[correction->language]);
    }
    row->complaint = shape_has(shape, seen, "complaint") ? correction->complaint : row->complaint;
    row->spam = shape_has(shape, seen, "spam") ? correction->spam : row->spam;
    if (shape_has(shape, seen, "topics")) {
        put_topics(ctx, row, correction->topics.items, correction->topics.count);
    }
    if (shape_has(shape, seen, "touchpoint")) {
        row->touchpoint = correction->touchpoint.len > 0 ? correction->touchpoint : STR_NONE;
    }
}

err correction_parse(struct ctx *ctx, str corrected, struct correction *out, shape_seen *seen)
{
    *out = (struct correction){0};
    *seen = 0;
    return str_is(corrected) && corrected.len > 0 ? shape_parse(ctx, &correction_shape, corrected, out, seen) : OK;
}

/* What was written by another version and is not understood any more leaves the row as it was read. */
err feedback_correct(struct ctx *ctx, struct feedback *row, str corrected)
{
    struct correction correction;
    shape_seen seen;
    err code = correction_parse(ctx, corrected, &correction, &seen);
    if (code == ERR_INVALID || code == ERR_MALFORMED) {
        ctx_forgive(ctx);
        return OK;
    }
    TRY(code);
    correction_apply(ctx, &correction, seen, row);
    return OK;
}
