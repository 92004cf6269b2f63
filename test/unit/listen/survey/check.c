#include "test.h"

#include "listen/survey/check.h"

#include <stdio.h>

/* The pointers of all problems, joined by spaces. */
static void problems_of(const char *json, char *out, size_t room)
{
    struct ctx ctx = {0};
    struct survey_document document = {0};
    struct survey_problems problems;
    assert_ok(shape_parse(&ctx, &survey_document_shape, str_from(json), &document, NULL));
    survey_check(&ctx, &document, &problems);
    out[0] = '\0';
    for (i64 i = 0; i < problems.count; i++) {
        size_t used = strlen(out);
        snprintf(out + used, room - used, "%s%.*s", i > 0 ? " " : "", STR_ARG(problems.items[i].pointer));
    }
    ctx_end(&ctx);
}

#define TITLE "\"title\":{\"vi\":\"T\"}"
#define SURVEY(questions, more)                                                                                        \
    "{\"languages\":[\"vi\"],\"name\":\"x\"," TITLE ",\"questions\":[" questions "]" more "}"

TEST(every_problem_is_named_at_its_place)
{
    static const struct {
        const char *document, *pointers;
    } cases[] = {
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\"," TITLE "}", ""), ""},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\"}", ""), "/questions/0/title/vi"},
        {SURVEY("", ""), "/questions"},
        {SURVEY("{\"id\":\"a b\",\"type\":\"nps\"," TITLE "}", ""), "/questions/0/id"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\"," TITLE "},{\"id\":\"a\",\"type\":\"nps\"," TITLE "}", ""),
         "/questions/1/id"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\",\"scale\":\"1-5\"," TITLE "}", ""), "/questions/0/scale"},
        {SURVEY("{\"id\":\"a\",\"type\":\"csat\",\"reversed\":true," TITLE "}", ""), "/questions/0/reversed"},
        {SURVEY("{\"id\":\"a\",\"type\":\"single\"," TITLE "}", ""), "/questions/0/options"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\",\"show\":[{\"question\":\"b\",\"gte\":1}]," TITLE
                "},{\"id\":\"b\",\"type\":\"nps\"," TITLE "}",
                ""),
         "/questions/0/show/0"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\",\"show\":[{\"question\":\"a\",\"gte\":1}]," TITLE "}", ""),
         "/questions/0/show/0"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\",\"show\":[{\"question\":\"zz\",\"gte\":1}]," TITLE "}", ""),
         "/questions/0/show/0"},
        {SURVEY("{\"id\":\"a\",\"type\":\"text\"," TITLE
                "},{\"id\":\"b\",\"type\":\"nps\",\"show\":[{\"question\":\"a\",\"gte\":1}]," TITLE "}",
                ""),
         "/questions/1/show/0"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\",\"show\":[{\"question\":\"a\"}]," TITLE "}", ""),
         "/questions/0/show/0"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\",\"jump\":[{\"when\":[],\"to\":\"end:none\"}]," TITLE "}", ""),
         "/questions/0/jump/0/to"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\"," TITLE
                "},{\"id\":\"b\",\"type\":\"nps\",\"jump\":[{\"when\":[],\"to\":\"a\"}]," TITLE "}",
                ""),
         "/questions/1/jump/0/to"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\",\"title\":{\"vi\":\"{{b}}\"}},{\"id\":\"b\",\"type\":\"nps\"," TITLE
                "}",
                ""),
         "/questions/0/title"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\",\"title\":{\"vi\":\"{{hidden.x}} ${7*7} {{7*7}}\"}}", ""), ""},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\"," TITLE "}", ",\"partial_after\":\"soon\""), "/partial_after"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\"," TITLE "}",
                ",\"ends\":[{\"id\":\"e\"," TITLE ",\"redirect\":\"javascript:alert(1)\"}]"),
         "/ends/0/redirect"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\"," TITLE "}", ",\"theme\":{\"accent\":\"red;x:url(//evil)\"}"),
         "/theme/accent"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\"," TITLE "},{\"id\":\"b\",\"type\":\"nps\"," TITLE
                "},{\"id\":\"c\",\"type\":\"nps\"," TITLE "}",
                ",\"shuffle\":[[\"a\",\"c\"]]"),
         "/shuffle/0"},
        {SURVEY("{\"id\":\"a\",\"type\":\"nps\"," TITLE "}", ",\"quotas\":[{\"name\":\"n\",\"most\":1,\"to\":\"a\"}]"),
         "/quotas/0/to"},
        {"{\"languages\":[\"vi\",\"en\"],\"name\":\"x\"," TITLE ",\"questions\":[{\"id\":\"a\",\"type\":\"nps\"," TITLE
         "}]}",
         "/title/en /questions/0/title/en"},
        {"{\"languages\":[\"vn1\"],\"name\":\"x\",\"title\":{\"vn1\":\"x\"},"
         "\"questions\":[{\"id\":\"a\",\"type\":\"nps\",\"title\":{\"vn1\":\"x\"}}]}",
         "/languages"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        char found[1000];
        problems_of(cases[i].document, found, sizeof found);
        assert_string_equal(found, cases[i].pointers);
    }
}

TEST(an_end_leads_only_to_an_address_that_is_what_it_looks_like)
{
    static const struct {
        const char *redirect, *pointers;
    } cases[] = {
        {"https://congty.vn/cam-on?a=1&b=@c#d", ""},
        {"https://congty.vn:8443", ""},
        {"https://công-ty.vn/cảm-ơn", ""},
        {"http://congty.vn/", "/ends/0/redirect"},
        {"HTTPS:congty.vn", "/ends/0/redirect"},
        {"//congty.vn", "/ends/0/redirect"},
        {"data:text/html,x", "/ends/0/redirect"},
        {"https://", "/ends/0/redirect"},
        {"https:///x", "/ends/0/redirect"},
        {"https://:443/", "/ends/0/redirect"},
        {"https://u:p@congty.vn/", "/ends/0/redirect"},
        {"https://congty.vn@evil.example", "/ends/0/redirect"},
        {"https://congty.vn\\\\@evil.example", "/ends/0/redirect"},
        {"https://congty.vn/\\u202e", "/ends/0/redirect"},
        {"https://congty.vn/\\u2066x", "/ends/0/redirect"},
        {"https://congty\\u200b.vn/", "/ends/0/redirect"},
        {"https://congty.vn/\\u0007", "/ends/0/redirect"},
        {"https://congty.vn/\\u0085", "/ends/0/redirect"},
        {"https://congty.vn/a b", "/ends/0/redirect"},
        {"https://congty.vn/\\n", "/ends/0/redirect"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        char document[1000], found[1000];
        snprintf(document, sizeof document,
                 SURVEY("{\"id\":\"a\",\"type\":\"nps\"," TITLE "}",
                        ",\"ends\":[{\"id\":\"e\"," TITLE ",\"redirect\":\"%s\"}]"),
                 cases[i].redirect);
        problems_of(document, found, sizeof found);
        assert_string_equal(found, cases[i].pointers);
    }
}
