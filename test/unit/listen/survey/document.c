#include "test.h"

#include "listen/survey/document.h"

TEST(a_survey_is_brief_when_it_takes_less_than_a_minute)
{
#define QUESTION(type, more) "{\"id\":\"a\",\"type\":\"" type "\"" more "}"
    static const struct {
        const char *questions;
        bool brief;
    } cases[] = {
        {QUESTION("nps", "") "," QUESTION("text", "") "," QUESTION("single", ""), true},
        {QUESTION("csat", "") "," QUESTION("contact", "") "," QUESTION("note", ""), true},
        {QUESTION("text", "") "," QUESTION("text", "") "," QUESTION("text", ""), false},
        {QUESTION("file", "") "," QUESTION("contact", ""), false},
        {QUESTION("matrix", ",\"rows\":[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\"},{\"id\":\"d\"},{\"id\":\"e\"},"
                            "{\"id\":\"f\"},{\"id\":\"g\"},{\"id\":\"h\"},{\"id\":\"i\"}]"),
         false},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct ctx ctx = {0};
        struct survey_document document = {0};
        str json = str_format(&ctx.arena, "{\"languages\":[\"vi\"],\"name\":\"x\",\"questions\":[%s]}",
                              cases[i].questions);
        assert_ok(shape_parse(&ctx, &survey_document_shape, json, &document, NULL));
        assert_int_equal(survey_is_brief(&document), cases[i].brief);
        ctx_end(&ctx);
    }
#undef QUESTION
}
