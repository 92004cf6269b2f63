#include "test.h"

#include "base/arena.h"
#include "text/fold.h"
#include "text/reading.h"
#include "text/sentence.h"

#include <stdio.h>

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

TEST(a_strong_word_weighs_more_and_a_weak_one_less)
{
    f32 plain = read("Quán này ngon").sentiment, strong = read("Quán này ngon cực kỳ").sentiment;
    f32 weak = read("Quán này hơi ngon").sentiment, longer = read("Quán này ngonnnnn").sentiment;
    assert_true(strong > plain && longer > plain && weak < plain && weak > 0);
    assert_true(read("Phục vụ TỆ!!!").sentiment < read("Phục vụ tệ").sentiment);
}

TEST(what_follows_a_but_decides)
{
    static const struct sentence sentences[] = {
        {"Nhân viên thân thiện nhưng đồ ăn dở", CLASS_NEGATIVE},
        {"Đồ ăn dở nhưng nhân viên thân thiện", CLASS_POSITIVE},
        {"Tuy giao hơi lâu nhưng hàng đẹp", CLASS_POSITIVE},
        {"Hàng đẹp, mỗi tội nhanh hỏng", CLASS_NEGATIVE},
        {"đẹp thì đẹp mà nhanh hỏng", CLASS_NEGATIVE},
    };
    check(sentences, countof(sentences));
    assert_true(read("Nhân viên thân thiện nhưng đồ ăn dở tệ").mixed);
}

TEST(what_is_wished_for_is_missing)
{
    static const struct sentence sentences[] = {
        {"Mong shop giao hàng nhanh hơn", CLASS_NEGATIVE},
        {"Giá mà nhân viên nhiệt tình hơn", CLASS_NEGATIVE},
        {"Nếu đóng gói cẩn thận thì tốt", CLASS_NEGATIVE},
        {"The staff should be more friendly", CLASS_NEGATIVE},
    };
    check(sentences, countof(sentences));
}

TEST(a_denied_blame_is_praise_and_a_double_denial_too)
{
    static const struct sentence sentences[] = {
        {"Không có gì để chê", CLASS_POSITIVE},
        {"không thể chê vào đâu được", CLASS_POSITIVE},
        {"hàng không hề bị móp hay trầy xước", CLASS_POSITIVE},
        {"chưa bao giờ thất vọng", CLASS_POSITIVE},
        {"Chưa dùng đã thấy hỏng", CLASS_NEGATIVE},
    };
    check(sentences, countof(sentences));
}

TEST(ratings_and_faces_speak)
{
    static const struct sentence sentences[] = {
        {"Cho shop 5 sao", CLASS_POSITIVE}, {"1 sao", CLASS_NEGATIVE},        {"10/10", CLASS_POSITIVE},
        {"2/10 thôi", CLASS_NEGATIVE},      {"5* nha", CLASS_POSITIVE},       {"❤️❤️", CLASS_POSITIVE},
        {"giao hàng :((", CLASS_NEGATIVE},  {"shop này =))", CLASS_POSITIVE},
    };
    check(sentences, countof(sentences));
}

TEST(a_phrase_is_found_across_words_of_degree)
{
    struct reading reading = read("giao hàng thì cực kỳ là chậm");
    assert_int_equal(reading.class, CLASS_NEGATIVE);
    assert_int_equal(reading.because_count, 1);
    assert_int_equal(reading.because[0].at, 0);
}

TEST(where_the_tone_stands_changes_nothing)
{
    assert_near(read("thái độ hoà nhã").sentiment, read("thái độ hòa nhã").sentiment, 1e-6);
    assert_near(read("phục vụ uỷ mị qúa tệ").sentiment, read("phục vụ ủy mị quá tệ").sentiment, 1e-6);
    assert_near(read("kĩ càng").sentiment, read("kỹ càng").sentiment, 1e-6);
    assert_near(read("QUÁ TỆ").sentiment, read("QU\xC3\x81 T\xE1\xBB\x86").sentiment, 1e-6);
}

TEST(the_language_is_told)
{
    assert_int_equal(read("Hàng đẹp lắm").language, TEXT_VI);
    assert_int_equal(read("hang dep lam, giao nhanh nua").language, TEXT_VI);
    assert_int_equal(read("ko dc j het").language, TEXT_VI);
    assert_int_equal(read("app good nhưng hơi lag").language, TEXT_VI);
    assert_int_equal(read("The room was clean and quiet").language, TEXT_EN);
    assert_int_equal(read("Отличный сервис, спасибо").language, TEXT_OTHER);
    assert_int_equal(read("サービスがとても良い").language, TEXT_OTHER);
    assert_int_equal(read("Le garçon était très désagréable").language, TEXT_OTHER);
}

struct feeling {
    const char *text;
    enum text_emotion emotion;
};

TEST(emotions_are_told_apart)
{
    static const struct feeling feelings[] = {
        {"vui quá trời luôn hihi", EMOTION_JOY},     {"buồn quá, chỉ muốn khóc", EMOTION_SADNESS},
        {"tức điên lên được", EMOTION_ANGER},        {"sợ quá, tối không dám ngủ", EMOTION_FEAR},
        {"nhìn ghê tởm, buồn nôn", EMOTION_DISGUST}, {"ôi trời, bất ngờ thật sự luôn á", EMOTION_SURPRISE},
        {"Thứ hai trời nắng", EMOTION_NONE},
    };
    for (i64 i = 0; i < countof(feelings); i++) {
        struct reading reading = read(feelings[i].text);
        if (reading.emotion != feelings[i].emotion) {
            fail_msg("%s: %s", feelings[i].text, text_emotion_words[reading.emotion]);
        }
    }
}

TEST(a_complaint_is_about_something)
{
    assert_true(read("Giao thiếu hàng, gọi shop không ai nghe máy").complaint);
    assert_true(read("Trừ tiền rồi mà đơn báo lỗi").complaint);
    assert_true(read("Đồ ăn ngon nhưng nhân viên thái độ lồi lõm, quát khách").complaint);
    assert_false(read("Hàng đẹp, giao nhanh").complaint);
    assert_false(read("buồn quá, nhớ nhà").complaint);
}

TEST(dislike_and_wishes_are_no_complaints_and_blame_is_no_anger)
{
    static const char *const mild[] = {
        "Vải hơi mỏng",    "Giá cao",      "Màu hơi nhạt so với ảnh", "Ước gì shop giao nhanh hơn", "Nên thêm ví dụ",
        "Ăn không hợp vị", "A bit pricey",
    };
    for (i64 i = 0; i < countof(mild); i++) {
        struct reading reading = read(mild[i]);
        if (reading.class != CLASS_NEGATIVE || reading.complaint || reading.emotion != EMOTION_NONE) {
            fail_msg("%s: %s", mild[i], text_emotion_words[reading.emotion]);
        }
    }
    assert_int_equal(read("Giao đúng mẫu").emotion, EMOTION_NONE);
}

TEST(feelings_are_found_whatever_the_class)
{
    static const struct feeling feelings[] = {
        {"So sad", EMOTION_SADNESS},
        {"Disgusting food", EMOTION_DISGUST},
        {"I was scared my card was stolen", EMOTION_FEAR},
        {"Bất ngờ vì giao nhanh thế", EMOTION_SURPRISE},
        {"Thất vọng tràn trề", EMOTION_SADNESS},
        {"I am furious, nobody answers", EMOTION_ANGER},
        {"Trả tiền lại cho tôi ngay, lừa đảo!", EMOTION_ANGER},
    };
    for (i64 i = 0; i < countof(feelings); i++) {
        struct reading reading = read(feelings[i].text);
        if (reading.emotion != feelings[i].emotion) {
            fail_msg("%s: %s", feelings[i].text, text_emotion_words[reading.emotion]);
        }
    }
}

TEST(what_a_negation_denies_depends_on_what_stands_between)
{
    static const struct sentence sentences[] = {
        {"Chẳng có gì ngoài thất vọng", CLASS_NEGATIVE},
        {"Không giao hàng chậm", CLASS_POSITIVE},
        {"duoc giai quyet ngay", CLASS_POSITIVE},
        {"quét mã QR cái xong liền", CLASS_POSITIVE},
        {"Bình thường, chưa có gì nổi bật", CLASS_NEUTRAL},
        {"ngoài giao nhanh ra thì chẳng được gì", CLASS_NEGATIVE},
        {"ít lỗi", CLASS_POSITIVE},
        {"ít khi giải đáp", CLASS_NEGATIVE},
    };
    check(sentences, countof(sentences));
}

static f32 polarity_of(const struct reading *reading, enum text_topic_word topic)
{
    for (i32 i = 0; i < reading->topic_count; i++) {
        if (reading->topics[i].topic == topic) {
            return reading->topics[i].polarity;
        }
    }
    fail_msg("no topic %s", text_topic_words[topic]);
    return 0;
}

TEST(each_topic_has_its_own_polarity)
{
    struct reading reading = read("Giao hàng nhanh, giá rẻ nhưng nhân viên thái độ tệ. App thì hay bị lỗi.");
    assert_true(polarity_of(&reading, TOPIC_DELIVERY) > 0.3F);
    assert_true(polarity_of(&reading, TOPIC_PRICE) > 0.3F);
    assert_true(polarity_of(&reading, TOPIC_STAFF) < -0.3F);
    assert_true(polarity_of(&reading, TOPIC_APP) < -0.3F);
}

TEST(names_of_goods_are_no_blame)
{
    static const char *const goods[] = {"Kệ treo tường", "Túi đựng rác", "Nồi nấu chậm", "Ổ cắm chống giật",
                                        "Hoa giả",       "Sầu riêng",    "Tông đơ",      "Gel tẩy tế bào chết"};
    for (i64 i = 0; i < countof(goods); i++) {
        assert_int_equal(read(goods[i]).class, CLASS_NEUTRAL);
    }
}

TEST(goods_that_fail_and_promises_that_slip_are_complaints)
{
    static const char *const faults[] = {
        "Bàn lắp vào lung lay, thiếu ốc vít",          "Chăn xù lông, giặt ra màu",
        "Chảo mới dùng 2 tuần đã bong lớp chống dính", "Giường hộp ọp ẹp, nằm kêu cót két",
        "Đặt size 1m8 giao 1m6, đổi mất 2 tuần",       "Hẹn giao 8h sáng mà 9h tối mới tới"};
    for (i64 i = 0; i < countof(faults); i++) {
        assert_true(read(faults[i]).complaint);
    }
    assert_false(read("Vải không xù lông, không ra màu").complaint);
}

TEST(advertisements_and_nonsense_are_not_feedback)
{
    static const char *const spam[] = {
        "Vay tiền nhanh giải ngân trong ngày, liên hệ zalo 0912 345 678",
        "Kiếm tiền online tại nhà https://abc.xyz/nhan-thuong",
        "hình ảnh mang tính chất nhận xu",
        "Bên em chuyên sỉ lẻ toàn quốc, inbox em 0987654321",
    };
    static const char *const nonsense[] = {"asdfghjkl qwrtp", "aaaaaaaaaaa",    "!!!???...",
                                           "zxcvbnm",         "asdkjh qwe zzz", "asdf qwer zxcv"};
    for (i64 i = 0; i < countof(spam); i++) {
        assert_true(read(spam[i]).spam);
    }
    for (i64 i = 0; i < countof(nonsense); i++) {
        assert_true(read(nonsense[i]).nonsense);
    }
    assert_false(read("Gọi lại cho tôi theo số 0912345678 để đổi hàng").spam);
    assert_false(read("Sản phẩm tốt").nonsense);
}

TEST(a_long_text_is_read_to_its_end)
{
    struct arena arena = {0};
    char *text = arena_new(&arena, char, 200000);
    i64 len = 0;
    for (i32 i = 0; i < 3000; i++) {
        memcpy(text + len, "Hôm qua tôi đi chợ Bến Thành. ", strlen("Hôm qua tôi đi chợ Bến Thành. "));
        len += (i64)strlen("Hôm qua tôi đi chợ Bến Thành. ");
    }
    memcpy(text + len, "Nhân viên cực kỳ tệ, lừa đảo.", strlen("Nhân viên cực kỳ tệ, lừa đảo.") + 1);
    struct reading reading = read(text);
    assert_int_equal(reading.class, CLASS_NEGATIVE);
    assert_true(reading.because[reading.because_count - 1].at > len);
    arena_free(&arena);
}

TEST(without_tones_a_clear_text_keeps_its_class)
{
    static const struct sentence sentences[] = {
        {"san pham rat tot, giao hang nhanh", CLASS_POSITIVE},     {"phuc vu cham, thai do te", CLASS_NEGATIVE},
        {"khong hai long ve chat luong", CLASS_NEGATIVE},          {"nhan vien nhiet tinh de thuong", CLASS_POSITIVE},
        {"app loi lien tuc khong dang nhap duoc", CLASS_NEGATIVE},
    };
    check(sentences, countof(sentences));
}

TEST(what_is_read_has_names_in_both_languages)
{
    static const struct {
        const char *key;
        const char *const *words;
        i32 count;
    } lists[] = {
        {"text.topic", text_topic_words + 1, TOPIC_COUNT_ - 1},
        {"text.emotion", text_emotion_words, EMOTION_COUNT_},
        {"text.class", text_class_words, CLASS_POSITIVE + 1},
        {"text.text_language", text_language_words, TEXT_EN + 1},
        {"text.why", text_why_words, WHY_COUNT_},
    };
    char key[100];
    for (i64 i = 0; i < countof(lists); i++) {
        assert_null(lists[i].words[lists[i].count]);
        for (i32 k = 0; k < lists[i].count; k++) {
            (void)snprintf(key, sizeof key, "%s.%s", lists[i].key, lists[i].words[k]);
            if (!sentence_exists(key)) { // the catalogue has every key in both languages or does not build
                fail_msg("%s", key);
            }
        }
    }
}
