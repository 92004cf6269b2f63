/* Reading texts: whatever the bytes are, what is found lies in the text and in its limits, and reading again finds the same. */
#include "fuzz.h"

#include "text/normal.h"
#include "text/reading.h"

static void check(const struct reading *reading, i64 len)
{
    assert(reading->sentiment >= -1 && reading->sentiment <= 1);
    assert(reading->topic_count >= 0 && reading->topic_count <= TEXT_TOPICS_MAX);
    assert(reading->because_count >= 0 && reading->because_count <= TEXT_BECAUSE_MAX);
    for (i32 i = 0; i < reading->topic_count; i++) {
        assert(reading->topics[i].topic > TOPIC_NONE && reading->topics[i].topic < TOPIC_COUNT_);
        assert(reading->topics[i].polarity >= -1 && reading->topics[i].polarity <= 1);
    }
    for (i32 i = 0, at = 0; i < reading->because_count; i++) {
        assert(reading->because[i].at >= at && reading->because[i].len > 0);
        assert(reading->because[i].at + reading->because[i].len <= len);
        at = reading->because[i].at;
    }
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len)
{
    struct ctx ctx = {0};
    str text = fuzz_str(bytes, len);
    struct reading first, second;
    reading_of(text, &first);
    check(&first, text.len);
    reading_of(text, &second);
    assert(first.sentiment == second.sentiment && first.class == second.class); // exact: the same program
    str normal = text_normal(&ctx.arena, text);
    assert(utf8_valid(normal));
    struct text_tokens tokens = text_tokens(&ctx.arena, text);
    for (i64 i = 0, at = 0; i < tokens.count; i++) {
        assert(tokens.items[i].at >= at && tokens.items[i].len > 0);
        at = tokens.items[i].at + tokens.items[i].len;
        assert(at <= text.len);
    }
    ctx_end(&ctx);
    return 0;
}
