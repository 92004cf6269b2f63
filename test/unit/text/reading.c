#include "test.h"

#include "base/arena.h"
#include "text/fold.h"
#include "text/reading.h"

struct sentence {
    const char *text;
    enum text_class class;
};

static struct reading read(const char *text)
{
    struct reading out;
    reading_of(str_from(text), &out);
    return out;
}

static void check(const struct sentence *sentences, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        struct reading reading = read(sentences[i].text);
        if (reading.class != sentences[i].class) {
            fail_msg("%s: %s", sentences[i].text, text_class_words[reading.class]);
        }
    }
}

TEST(a_plain_judgement_is_read)
{
    static const struct sentence sentences[] = {
        {"Sản phẩm đẹp, đúng mô tả", CLASS_POSITIVE},
        {"Giao hàng chậm, thái độ tệ", CLASS_NEGATIVE},
        {"The food was delicious", CLASS_POSITIVE},
        {"Terrible service", CLASS_NEGATIVE},
    };
    check(sentences, countof(sentences));
}

TEST(a_negation_turns_what_follows_it)
{
    static const struct sentence sentences[] = {
        {"Sản phẩm không tốt", CLASS_NEGATIVE},
        {"chưa hài lòng lắm", CLASS_NEGATIVE},
        {"ko đẹp", CLASS_NEGATIVE},
        {"hàng không lỗi", CLASS_POSITIVE},
    };
    check(sentences, countof(sentences));
}

TEST(texts_without_tones_and_with_abbreviations_are_read)
{
    static const struct sentence sentences[] = {
        {"hang dep, giao nhanh", CLASS_POSITIVE},
        {"sp te qua, khong tot", CLASS_NEGATIVE},
        {"nv nhiệt tình lắm lun", CLASS_POSITIVE},
        {"đẹpppppp quáaaaa", CLASS_POSITIVE},
    };
    check(sentences, countof(sentences));
}

TEST(the_same_text_composed_or_decomposed_reads_the_same)
{
    struct reading
        composed = read("Phục vụ rất tệ, hoà nhã thì không"),
        decomposed = read(
            "Phu\xCC\xA3"
            "c vu\xCC\xA3 ra\xCC\x82\xCC\x81t te\xCC\x82\xCC\xA3, hoa\xCC\x80 nha\xCC\x83 thi\xCC\x80 kho\xCC\x82ng");
    assert_near(composed.sentiment, decomposed.sentiment, 1e-6);
    assert_int_equal(composed.because_count, decomposed.because_count);
}

TEST(nothing_is_no_judgement)
{
    assert_int_equal(read("").class, CLASS_NONE);
    assert_int_equal(read("sdkjfhskdjfh dkfjhg").class, CLASS_NONE);
    assert_true(read("sdkjfhskdjfh dkfjhg").nonsense);
}

TEST(reasons_are_bytes_of_the_text)
{
    const char *text = "Trời ạ, xấu";
    struct reading reading = read(text);
    assert_true(reading.because_count >= 1);
    const struct text_because *last = &reading.because[reading.because_count - 1];
    assert_memory_equal(text + last->at, "xấu", (size_t)last->len);
    assert_int_equal(last->at + last->len, strlen(text));
    assert_true(last->weight < 0);
}
