#include "test.h"

#include "listen/survey/survey.h"

#define QUESTION(more) "{\"languages\":[\"vi\",\"en\"],\"name\":\"x\",\"questions\":[{\"id\":\"q\"," more "}]}"
#define TITLE(vi) "\"title\":{\"vi\":\"" vi "\",\"en\":\"E\"}"

static void publish(struct ctx *ctx, struct survey_history *history, const char *json, const char *comparable,
                    const char *series)
{
    struct survey_document *versions = (struct survey_document *)history->versions;
    struct survey_document *document = &versions[history->count];
    assert_ok(survey_document_read(ctx, str_from(json), document));
    assert_ok(survey_series(ctx, 1, history, str_from(comparable), document));
    const char *is = str_c(&ctx->arena, survey_question_at(document, 0)->series);
    assert_string_equal(is + 14, series); // behind the survey's id
    history->count++;
}

TEST(a_question_keeps_its_series_only_while_it_asks_the_same)
{
    struct ctx ctx = {0};
    struct survey_document versions[12] = {0};
    struct survey_history history = {versions, 0};
    publish(&ctx, &history, QUESTION("\"type\":\"csat\"," TITLE("A")), NULL, "q");
    publish(&ctx, &history, QUESTION("\"type\":\"csat\",\"required\":true,\"look\":\"stars\"," TITLE("A")), NULL, "q");
    publish(&ctx, &history, QUESTION("\"type\":\"csat\",\"scale\":\"1-10\"," TITLE("A")), NULL, "q.2");
    publish(&ctx, &history, QUESTION("\"type\":\"csat\"," TITLE("A")), NULL, "q"); // as it was
    publish(&ctx, &history, QUESTION("\"type\":\"csat\"," TITLE("B")), NULL, "q.3");
    publish(&ctx, &history, QUESTION("\"type\":\"csat\"," TITLE("B!")), "{\"q\":true}", "q.3"); // only a correction
    publish(&ctx, &history, QUESTION("\"type\":\"csat\"," TITLE("B!")), "{\"q\":false}", "q.4");
    publish(&ctx, &history, QUESTION("\"type\":\"ces\"," TITLE("B!")), NULL, "q.5");
    publish(&ctx, &history, QUESTION("\"type\":\"ces\",\"reversed\":true," TITLE("B!")), NULL, "q.6");
    ctx_end(&ctx);
}

#define IN(languages, title)                                                                                           \
    "{\"languages\":[" languages "],\"name\":\"x\",\"questions\":[{\"id\":\"q\",\"type\":\"csat\",\"title\":{" title   \
    "}}]}"

TEST(without_a_language_in_common_nothing_is_the_same_question_by_itself)
{
    struct ctx ctx = {0};
    struct survey_document versions[12] = {0};
    struct survey_history history = {versions, 0};
    publish(&ctx, &history, IN("\"vi\"", "\"vi\":\"Giá?\""), NULL, "q");
    publish(&ctx, &history, IN("\"en\"", "\"en\":\"Was the staff friendly?\""), NULL, "q.2");
    publish(&ctx, &history, IN("\"vi\",\"en\"", "\"vi\":\"Giá?\",\"en\":\"Price?\""), NULL, "q"); // as the first was
    publish(&ctx, &history, IN("\"en\"", "\"vi\":\"Giá?\",\"en\":\"Price?\""), NULL, "q");
    publish(&ctx, &history, IN("\"fr\"", "\"en\":\"Price?\",\"fr\":\"Le personnel ?\""), NULL, "q.3");
    publish(&ctx, &history, IN("\"de\"", "\"de\":\"Das Personal?\""), "{\"q\":true}", "q.3"); // the author says so
    ctx_end(&ctx);
}

TEST(an_answer_added_to_a_choice_begins_a_series)
{
    struct ctx ctx = {0};
    struct survey_document versions[4] = {0};
    struct survey_history history = {versions, 0};
    publish(&ctx, &history, QUESTION("\"type\":\"single\",\"options\":[{\"id\":\"a\"},{\"id\":\"b\"}]," TITLE("A")),
            NULL, "q");
    publish(&ctx, &history, QUESTION("\"type\":\"single\",\"options\":[{\"id\":\"b\"},{\"id\":\"a\"}]," TITLE("A")),
            NULL, "q");
    publish(&ctx, &history,
            QUESTION("\"type\":\"single\",\"options\":[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\"}]," TITLE("A")),
            NULL, "q.2");
    ctx_end(&ctx);
}

TEST(another_feeling_to_leave_begins_a_series)
{
    struct ctx ctx = {0};
    struct survey_document versions[4] = {0};
    struct survey_history history = {versions, 0};
    publish(&ctx, &history, QUESTION("\"type\":\"emotion\",\"target\":\"an tâm\"," TITLE("A")), NULL, "q");
    publish(&ctx, &history, QUESTION("\"type\":\"emotion\",\"target\":\"tự hào\"," TITLE("A")), NULL, "q.2");
    publish(&ctx, &history, QUESTION("\"type\":\"emotion\",\"target\":\"an tâm\"," TITLE("A")), NULL, "q");
    ctx_end(&ctx);
}

TEST(what_asks_something_else_cannot_be_called_a_correction)
{
    struct ctx ctx = {0};
    struct survey_document versions[4] = {0}, next;
    struct survey_history history = {versions, 0};
    publish(&ctx, &history, QUESTION("\"type\":\"csat\"," TITLE("A")), NULL, "q");
    assert_ok(survey_document_read(&ctx, STR(QUESTION("\"type\":\"nps\"," TITLE("A"))), &next));
    assert_int_equal(survey_series(&ctx, 1, &history, STR("{\"q\":true}"), &next), ERR_INVALID);
    assert_string_equal(str_c(&ctx.arena, ctx.fault.pointer), "/comparable/q");
    ctx_end(&ctx);
}

TEST(a_bank_question_word_for_word_has_the_banks_series)
{
    struct ctx ctx = {0};
    struct survey_document document;
    struct survey_history none = {NULL, 0};
    const char *bank =
        "{\"languages\":[\"vi\"],\"name\":\"x\",\"questions\":[{\"id\":\"q\",\"bank\":\"nps.recommend\",\"type\":\"nps\","
        "\"title\":{\"vi\":\"Bạn sẵn lòng giới thiệu chúng tôi với bạn bè hoặc người thân đến mức nào?\"}}]}";
    assert_ok(survey_document_read(&ctx, str_from(bank), &document));
    assert_ok(survey_series(&ctx, 1, &none, STR_NONE, &document));
    assert_string_equal(str_c(&ctx.arena, survey_question_at(&document, 0)->series), "nps.recommend");
    const char *edited =
        "{\"languages\":[\"vi\"],\"name\":\"x\",\"questions\":[{\"id\":\"q\",\"bank\":\"nps.recommend\",\"type\":\"nps\","
        "\"title\":{\"vi\":\"Bạn có giới thiệu không?\"}}]}";
    assert_ok(survey_document_read(&ctx, str_from(edited), &document));
    assert_ok(survey_series(&ctx, 1, &none, STR_NONE, &document));
    assert_string_equal(str_c(&ctx.arena, survey_question_at(&document, 0)->series) + 14, "q");
    const char *foreign =
        "{\"languages\":[\"fr\"],\"name\":\"x\",\"questions\":[{\"id\":\"q\",\"bank\":\"nps.recommend\",\"type\":\"nps\","
        "\"title\":{\"fr\":\"Le personnel ?\"}}]}";
    assert_ok(survey_document_read(&ctx, str_from(foreign), &document));
    assert_ok(survey_series(&ctx, 1, &none, STR_NONE, &document));
    assert_string_equal(str_c(&ctx.arena, survey_question_at(&document, 0)->series) + 14, "q");
    ctx_end(&ctx);
}
