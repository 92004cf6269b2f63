#include "listen/demo/house_rules.h"

#include "act/rule.h"
#include "people/consent.h"

static const struct {
    const char *name, *when, *condition, *actions;
    bool on;
} rules[] = {
    {"Khách chấm điểm thấp: báo quản lý",
     "{\"event\":[{\"field\":\"metric\",\"is\":[\"nps\"]},{\"field\":\"score\",\"lte\":6}]}", "[]",
     "[{\"do\":\"notify\",\"role\":\"manager\",\"text\":\"Khách vừa chấm điểm thấp, hãy gọi lại trong ngày\"}]", true},
    {"Khách gọi tổng đài lần thứ hai trong tuần", "{\"event\":[{\"field\":\"kind\",\"is\":[\"Call Received\"]}]}",
     "[{\"did\":{\"field\":\"kind\",\"is\":[\"Call Received\"]},\"at_least\":2,\"in_last\":\"7d\"}]",
     "[{\"do\":\"notify\",\"role\":\"agent\",\"text\":\"Khách gọi lần thứ hai trong tuần\"}]", false},
};

static const struct {
    enum purpose purpose;
    const char *texts;
} wordings[] = {
    {PURPOSE_SURVEY,
     "{\"vi\":\"Tôi đồng ý để Hiên Nhà hỏi ý kiến tôi sau khi mua hàng hoặc được phục vụ. Tôi có thể ngừng bất cứ "
     "lúc nào bằng liên kết trong thư.\",\"en\":\"Hiên Nhà may ask what I think after I bought something or was "
     "served. I can stop this at any time with the link in the mail.\"}"},
    {PURPOSE_SERVICE,
     "{\"vi\":\"Tôi đồng ý để Hiên Nhà báo cho tôi về đơn hàng và bảo hành của tôi.\",\"en\":\"Hiên Nhà may tell "
     "me about my orders and their warranty.\"}"},
};

err house_rules_hang(struct ctx *ctx, struct store *store)
{
    for (i64 i = 0; i < countof(wordings); i++) {
        struct wording wording = {.purpose = (i32)wordings[i].purpose,
                                  .texts = str_from(wordings[i].texts),
                                  .by = STR("demo")};
        TRY(wording_add(ctx, store, &wording));
    }
    for (i64 i = 0; i < countof(rules); i++) {
        struct rule rule = {
            .name = str_from(rules[i].name),
            .when = str_from(rules[i].when),
            .condition = str_from(rules[i].condition),
            .actions = str_from(rules[i].actions),
            .enabled = rules[i].on,
            .by = STR("demo"),
        };
        TRY(rule_add(ctx, store, &rule));
    }
    return store_run(ctx, store, SQL_DEMO_CONSENTS, ARGS_NONE, NULL);
}
