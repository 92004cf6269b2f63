#include "act/match.h"

#include "test.h"

static struct ctx ctx;

static bool holds(const char *conditions, const struct event *event, const char *traits)
{
    struct condition condition;
    struct matching matching = {
        .ctx = &ctx,
        .event = event,
        .person = traits == NULL ? 0 : 1,
        .traits = traits == NULL ? STR_NONE : str_from(traits),
        .now_ms = 1700000000000,
    };
    bool result = false;
    assert_ok(condition_parse(&ctx, str_from(conditions), FIELD_IN_QUESTION, &condition));
    assert_ok(match(&matching, &condition, &result));
    return result;
}

static struct event delivered(void)
{
    return (struct event){
        .at_ms = 1700000000000,
        .alias = STR("user:U1"),
        .kind = STR("Order Delivered"),
        .channel = STR("app"),
        .place = STR("Huế"),
        .metric = STR("nps"),
        .score = {6, true},
        .props = STR("{\"order\":\"D-1\",\"late_hours\":5}"),
    };
}

TEST(an_event_is_held_against_what_it_says_itself)
{
    struct event event = delivered();
    assert_true(holds("[{\"field\":\"kind\",\"is\":[\"Order Delivered\"]}]", &event, NULL));
    assert_false(holds("[{\"field\":\"kind\",\"is\":[\"Order Placed\"]}]", &event, NULL));
    assert_true(holds("[{\"field\":\"metric\",\"is\":[\"nps\"]},{\"field\":\"score\",\"lte\":6}]", &event, NULL));
    assert_false(holds("[{\"field\":\"metric\",\"is\":[\"nps\"]},{\"field\":\"score\",\"lte\":5}]", &event, NULL));
    assert_true(holds("[{\"field\":\"prop:late_hours\",\"gte\":5}]", &event, NULL));
    assert_true(holds("[{\"field\":\"place\",\"is\":[\"Hà Nội\",\"Huế\"]}]", &event, NULL));
    assert_true(holds("[]", &event, NULL));
}

TEST(what_an_event_does_not_say_is_not_there)
{
    struct event event = delivered();
    event.score = (struct maybe_f64){0};
    assert_false(holds("[{\"field\":\"score\",\"lte\":6}]", &event, NULL));
    assert_false(holds("[{\"field\":\"score\",\"exists\":true}]", &event, NULL));
    assert_true(holds("[{\"field\":\"score\",\"exists\":false}]", &event, NULL));
    assert_false(holds("[{\"field\":\"prop:nothing\",\"is\":[\"x\"]}]", &event, NULL));
}

TEST(a_person_is_held_against_traits)
{
    struct event event = delivered();
    const char *vip = "{\"plan\":\"vip\",\"age\":30,\"email\":\"lan@vidu.vn\"}";
    assert_true(holds("[{\"field\":\"trait:plan\",\"is\":[\"vip\"]}]", &event, vip));
    assert_false(holds("[{\"field\":\"trait:plan\",\"is\":[\"thường\"]}]", &event, vip));
    assert_true(holds("[{\"field\":\"trait:email\",\"exists\":true}]", &event, vip));
    assert_false(holds("[{\"field\":\"trait:email\",\"exists\":true}]", &event, "{}"));
    assert_false(holds("[{\"field\":\"trait:plan\",\"is\":[\"vip\"]}]", &event, NULL));
}

TEST(conditions_may_be_joined_and_turned_round)
{
    struct event event = delivered();
    const char *either = "[{\"any\":[{\"field\":\"kind\",\"is\":[\"x\"]},{\"field\":\"channel\",\"is\":[\"app\"]}]}]";
    const char *neither =
        "[{\"not\":{\"any\":[{\"field\":\"kind\",\"is\":[\"x\"]},{\"field\":\"channel\",\"is\":[\"app\"]}]}}]";
    assert_true(holds(either, &event, NULL));
    assert_false(holds(neither, &event, NULL));
}

TEST(without_an_event_nothing_of_it_holds)
{
    assert_false(holds("[{\"field\":\"kind\",\"is\":[\"Order Delivered\"]}]", NULL, "{}"));
    assert_true(holds("[{\"field\":\"trait:plan\",\"is\":[\"vip\"]}]", NULL, "{\"plan\":\"vip\"}"));
}
