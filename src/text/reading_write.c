#include "json/write.h"
#include "text/reading.h"

#include <math.h>

/* Two digits after the point: the third says nothing. */
static f64 rounded(f32 number)
{
    f64 hundredths = round((f64)number * 100);
    return hundredths == 0 ? 0 : hundredths / 100; // no -0
}

static void write_topics(struct json_writer *writer, const struct reading *reading)
{
    json_key(writer, STR("topics"));
    json_list(writer);
    for (i32 i = 0; i < reading->topic_count; i++) {
        json_object(writer);
        json_pair_str(writer, "topic", str_from(text_topic_words[reading->topics[i].topic]));
        json_pair_f64(writer, "polarity", rounded(reading->topics[i].polarity));
        json_object_end(writer);
    }
    json_list_end(writer);
}

static void write_because(struct json_writer *writer, str text, const struct reading *reading)
{
    json_key(writer, STR("because"));
    json_list(writer);
    for (i32 i = 0; i < reading->because_count; i++) {
        const struct text_because *because = &reading->because[i];
        json_object(writer);
        json_pair_str(writer, "text", str_slice(text, because->at, because->at + because->len));
        json_pair_i64(writer, "at", because->at);
        json_pair_f64(writer, "weight", rounded(because->weight));
        json_pair_str(writer, "what", str_from(text_why_words[because->what]));
        json_object_end(writer);
    }
    json_list_end(writer);
}

void reading_write(struct json_writer *writer, str text, const struct reading *reading)
{
    json_pair_str(writer, "language", str_from(text_language_words[reading->language]));
    json_pair_f64(writer, "sentiment", rounded(reading->sentiment));
    json_pair_str(writer, "class", str_from(text_class_words[reading->class]));
    json_pair_str(writer, "emotion", str_from(text_emotion_words[reading->emotion]));
    json_pair_bool(writer, "complaint", reading->complaint);
    write_topics(writer, reading);
    json_pair_bool(writer, "mixed", reading->mixed);
    json_pair_bool(writer, "spam", reading->spam);
    json_pair_bool(writer, "nonsense", reading->nonsense);
    write_because(writer, text, reading);
}
