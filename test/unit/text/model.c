#include "text/model.h"
#include "test.h"
#include "text/features.h"

#include <math.h>

static const char *const good[] = {"giao hàng nhanh", "rất hài lòng",      "nhân viên nhiệt tình", "đồ ăn ngon",
                                   "sản phẩm tốt",    "dùng thích lắm",    "sẽ ủng hộ tiếp",       "quán sạch sẽ",
                                   "tuyệt vời",       "đóng gói cẩn thận", "giá hợp lý",           "rất đáng tiền"};
static const char *const bad[] = {
    "giao hàng chậm",        "rất thất vọng", "nhân viên thô lỗ", "đồ ăn dở",         "sản phẩm lỗi", "dùng chán lắm",
    "không bao giờ mua nữa", "quán bẩn",      "quá tệ",           "đóng gói cẩu thả", "giá cắt cổ",   "phí tiền"};
static const str two_names[] = {{"bad", 3}, {"good", 4}};

struct lot {
    str texts[96];
    i32 labels[96];
    struct model_texts as;
};

static void lot_of(struct lot *lot, i64 times)
{
    i64 n = 0;
    for (i64 round = 0; round < times; round++) {
        for (i64 i = 0; i < countof(good); i++) {
            lot->texts[n] = str_from(good[i]);
            lot->labels[n++] = 1;
            lot->texts[n] = str_from(bad[i]);
            lot->labels[n++] = 0;
        }
    }
    lot->as = (struct model_texts){lot->texts, lot->labels, n, two_names, 2};
}

static struct model *trained(struct ctx *ctx, struct workers *workers, struct model_report *report)
{
    struct lot *lot = arena_new(&ctx->arena, struct lot, 1);
    struct model *model = NULL;
    lot_of(lot, 2);
    assert_int_equal(model_train(ctx, &lot->as, workers, &model, report), OK);
    return model;
}

static void guesses(const struct model *model, struct arena *arena, const char *text, const char *label)
{
    struct model_guess guess;
    assert_true(model_guess(model, arena, str_from(text), &guess));
    assert_true(str_eq(model_label_name(model, guess.label), str_from(label)));
    assert_true(guess.confidence > 0.5F && guess.confidence <= 1.0F);
}

TEST(a_model_labels_what_it_learnt_from)
{
    struct ctx ctx = {0};
    struct model_report report;
    struct model *model = trained(&ctx, NULL, &report);
    guesses(model, &ctx.arena, "nhân viên nhiệt tình", "good");
    guesses(model, &ctx.arena, "sản phẩm lỗi, thất vọng", "bad");
    assert_int_equal(report.texts, 48);
    model_free(model);
    ctx_end(&ctx);
}

TEST(a_text_without_tones_and_in_another_form_reads_the_same)
{
    struct ctx ctx = {0};
    struct model_report report;
    struct model *model = trained(&ctx, NULL, &report);
    guesses(model, &ctx.arena, "nhan vien nhiet tinh", "good");
    guesses(model, &ctx.arena, "DO AN DO, QUA TE", "bad");
    guesses(model, &ctx.arena, "qua\xCC\x81 te\xCC\xA3\xCC\x82", "bad");
    model_free(model);
    ctx_end(&ctx);
}

TEST(the_same_examples_give_the_same_bytes_whatever_the_threads)
{
    struct ctx ctx = {0};
    struct model_report report;
    struct workers *workers = workers_open(3);
    struct model *alone = trained(&ctx, NULL, &report), *together = trained(&ctx, workers, &report);
    str a = model_bytes(alone, &ctx.arena), b = model_bytes(together, &ctx.arena);
    assert_true(str_eq(a, b));
    model_free(alone);
    model_free(together);
    workers_close(workers);
    ctx_end(&ctx);
}

TEST(because_names_words_inside_the_text)
{
    struct ctx ctx = {0};
    struct model_report report;
    struct model *model = trained(&ctx, NULL, &report);
    str text = STR("Shop ơi, nhân viên thô lỗ quá!!!");
    struct model_guess guess;
    bool found = false;
    assert_true(model_guess(model, &ctx.arena, text, &guess));
    assert_true(guess.because_count > 0);
    for (i32 i = 0; i < guess.because_count; i++) {
        const struct model_because *because = &guess.because[i];
        assert_true(because->at >= 0 && because->len > 0 && because->at + because->len <= text.len);
        str word = {text.data + because->at, because->len};
        found = found || (str_eq(word, STR("lỗ")) && because->weight > 0.0F);
    }
    assert_true(found);
    model_free(model);
    ctx_end(&ctx);
}

TEST(a_text_without_words_is_not_guessed)
{
    struct ctx ctx = {0};
    struct model_report report;
    struct model_guess guess;
    struct model *model = trained(&ctx, NULL, &report);
    assert_false(model_guess(model, &ctx.arena, STR(" , . "), &guess));
    assert_false(model_guess(model, &ctx.arena, STR(""), &guess));
    assert_true(model_guess(model, &ctx.arena, STR("\xFF\xFE x"), &guess));
    model_free(model);
    ctx_end(&ctx);
}

TEST(bytes_that_were_changed_or_cut_are_no_model)
{
    struct ctx ctx = {0};
    struct model_report report;
    struct model *model = trained(&ctx, NULL, &report), *again = NULL;
    str bytes = model_bytes(model, &ctx.arena);
    char *copy = arena_alloc(&ctx.arena, bytes.len, 1);
    for (i64 at = 0; at < bytes.len; at += bytes.len / 97 + 1) {
        memcpy(copy, bytes.data, (size_t)bytes.len);
        copy[at] ^= 4;
        assert_int_not_equal(model_of_bytes(&ctx, (str){copy, bytes.len}, &again), OK);
        assert_int_not_equal(model_of_bytes(&ctx, str_slice(bytes, 0, at), &again), OK);
    }
    assert_int_equal(model_of_bytes(&ctx, bytes, &again), OK);
    assert_true(str_eq(model_bytes(again, &ctx.arena), bytes));
    model_free(model);
    model_free(again);
    ctx_end(&ctx);
}

TEST(a_model_is_saved_and_loaded)
{
    struct ctx ctx = {0};
    struct model_report report;
    struct model *model = trained(&ctx, NULL, &report), *again = NULL;
    str path = str_format(&ctx.arena, "%s/x.model", test_folder());
    assert_int_equal(model_save(&ctx, model, path.data), OK);
    assert_int_equal(model_load(&ctx, path.data, &again), OK);
    guesses(again, &ctx.arena, "đồ ăn ngon", "good");
    assert_int_equal(model_load(&ctx, "/nowhere/x.model", &again), ERR_IO);
    model_free(model);
    model_free(again);
    ctx_end(&ctx);
}

TEST(what_cannot_teach_is_refused)
{
    struct lot lot;
    struct model_report report;
    struct model *model = NULL;
    struct ctx ctx = {0};
    lot_of(&lot, 1);
    lot.as.count = 10;
    assert_int_equal(model_train(&ctx, &lot.as, NULL, &model, &report), ERR_INVALID);
    assert_string_equal(ctx.fault.key, "error.learn_few");
    ctx_forgive(&ctx);
    lot_of(&lot, 2);
    for (i64 i = 0; i < lot.as.count; i++) {
        lot.labels[i] = 0;
    }
    assert_int_equal(model_train(&ctx, &lot.as, NULL, &model, &report), ERR_INVALID);
    assert_string_equal(ctx.fault.key, "error.learn_one_label");
    ctx_end(&ctx);
}

TEST(blank_texts_and_single_labels_are_left_out_and_counted)
{
    struct ctx ctx = {0};
    struct lot lot;
    struct model_report report;
    struct model *model = NULL;
    str names[] = {STR("bad"), STR("good"), STR("once")};
    lot_of(&lot, 2);
    lot.texts[0] = STR("  ");
    lot.labels[1] = -1;
    lot.labels[2] = 2;
    lot.as.names = names;
    lot.as.name_count = 3;
    assert_int_equal(model_train(&ctx, &lot.as, NULL, &model, &report), OK);
    assert_int_equal(report.blank, 2);
    assert_int_equal(report.rare, 1);
    assert_int_equal(report.texts, 45);
    assert_int_equal(report.predicted[0], -1);
    model_free(model);
    ctx_end(&ctx);
}

TEST(figures_are_those_of_the_confusion)
{
    struct ctx ctx = {0};
    struct model_report report;
    struct model *model = trained(&ctx, NULL, &report);
    i64 hits = 0, all = 0;
    for (i64 i = 0; i < 4; i++) {
        all += report.confusion[i];
        hits += i % 3 == 0 ? report.confusion[i] : 0;
    }
    assert_int_equal(all, 48);
    assert_true(fabs(report.accuracy - (f64)hits / 48.0) < 1e-12);
    f64 f1 = (report.labels[0].f1 + report.labels[1].f1) / 2.0;
    assert_true(fabs(report.macro_f1 - f1) < 1e-12);
    model_free(model);
    ctx_end(&ctx);
}
