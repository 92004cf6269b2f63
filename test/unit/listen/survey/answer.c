#include "test.h"

#include "listen/survey/answer.h"

static const char questions[] =
    "{\"languages\":[\"vi\"],\"name\":\"x\",\"questions\":["
    "{\"id\":\"nps\",\"type\":\"nps\"},{\"id\":\"csat\",\"type\":\"csat\",\"scale\":\"1-10\"},{\"id\":\"ces\",\"type\":\"ces\"},"
    "{\"id\":\"one\",\"type\":\"single\",\"options\":[{\"id\":\"a\"},{\"id\":\"x\",\"other\":true}]},"
    "{\"id\":\"many\",\"type\":\"multiple\",\"least\":1,\"most\":2,\"options\":[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\"}]},"
    "{\"id\":\"grid\",\"type\":\"matrix\",\"options\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"rows\":[{\"id\":\"r\"}]},"
    "{\"id\":\"slide\",\"type\":\"slider\",\"min\":0,\"max\":1,\"step\":0.1},"
    "{\"id\":\"feel\",\"type\":\"emotion\"},{\"id\":\"say\",\"type\":\"text\",\"most\":5},"
    "{\"id\":\"who\",\"type\":\"contact\",\"fields\":[\"email\"]},{\"id\":\"note\",\"type\":\"note\"},"
    "{\"id\":\"file\",\"type\":\"file\"}]}";

static err take(const char *answers)
{
    struct ctx ctx = {0};
    struct survey_document document;
    struct survey_answer out[20] = {0};
    assert_ok(survey_document_read(&ctx, str_from(questions), &document));
    err code = survey_answers_read(&ctx, &document, str_from(answers), out);
    ctx_end(&ctx);
    return code;
}

TEST(answers_that_fit_are_taken)
{
    static const char *const good[] = {
        "{\"nps\":0}",
        "{\"nps\":10}",
        "{\"nps\":9.0}",
        "{\"nps\":null}",
        "{\"csat\":10}",
        "{\"one\":\"a\"}",
        "{\"one\":{\"option\":\"x\",\"other\":\"gì đó\"}}",
        "{\"many\":[\"a\",\"b\"]}",
        "{\"many\":[]}",
        "{\"grid\":{\"r\":\"a\"}}",
        "{\"slide\":0.3}",
        "{\"feel\":{\"emotion\":\"target\",\"strength\":3}}",
        "{\"say\":\"đẹp\"}",
        "{\"who\":{\"email\":\"a@b.vn\",\"consent\":true}}",
        "{\"file\":[]}",
        "{}",
    };
    for (i64 i = 0; i < countof(good); i++) {
        if (take(good[i]) != OK) {
            fail_msg("%s is refused", good[i]);
        }
    }
}

TEST(nothing_else_is_an_answer)
{
    static const char *const bad[] = {
        "{\"nps\":11}",
        "{\"nps\":-1}",
        "{\"nps\":9.5}",
        "{\"nps\":\"10\"}",
        "{\"nps\":true}",
        "{\"nps\":[9]}",
        "{\"nps\":1e999}",
        "{\"csat\":0}",
        "{\"csat\":10.5}",
        "{\"ces\":8}",
        "{\"ces\":0}",
        "{\"one\":\"b\"}",
        "{\"one\":[\"a\"]}",
        "{\"one\":{\"option\":\"a\",\"other\":\"words\"}}",
        "{\"one\":{\"option\":\"x\"}}",
        "{\"many\":[\"a\",\"a\"]}",
        "{\"many\":[\"a\",\"b\",\"c\"]}",
        "{\"many\":\"a\"}",
        "{\"grid\":{\"s\":\"a\"}}",
        "{\"grid\":{\"r\":\"c\"}}",
        "{\"grid\":{\"r\":\"a\",\"r\":\"b\"}}",
        "{\"slide\":0.35}",
        "{\"slide\":1.1}",
        "{\"feel\":{\"emotion\":\"love\"}}",
        "{\"feel\":{\"emotion\":\"joy\",\"strength\":4}}",
        "{\"feel\":\"joy\"}",
        "{\"say\":\"quá dài\"}",
        "{\"say\":5}",
        "{\"who\":{\"phone\":\"1\"}}",
        "{\"who\":{\"email\":\"nobody\"}}",
        "{\"note\":\"x\"}",
        "{\"file\":\"x\"}",
        "{\"other\":1}",
        "{\"nps\":1,\"nps\":2}",
        "[]",
    };
    for (i64 i = 0; i < countof(bad); i++) {
        if (take(bad[i]) == OK) {
            fail_msg("%s is taken", bad[i]);
        }
    }
}

TEST(hidden_fields_may_not_look_like_our_own)
{
    struct ctx ctx = {0};
    struct hidden_field *fields;
    i64 count;
    assert_ok(survey_hidden_read(&ctx, STR("{\"plan\":\"vip\",\"utm_source\":\"zalo\"}"), &fields, &count));
    assert_int_equal(count, 2);
    static const char *const bad[] = {"{\"survey\":\"x\"}", "{\"answer\":\"x\"}", "{\"$\":\"x\"}",
                                      "{\"a\":1}",          "{\"A\":\"x\"}",      "[]"};
    for (i64 i = 0; i < countof(bad); i++) {
        if (survey_hidden_read(&ctx, str_from(bad[i]), &fields, &count) == OK) {
            fail_msg("%s is taken", bad[i]);
        }
        ctx_forgive(&ctx);
        ctx.pointer = STR_NONE;
    }
    ctx_end(&ctx);
}
