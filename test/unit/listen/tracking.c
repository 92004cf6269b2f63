#include "test.h"

#include "guard/keys.h"
#include "listen/limits.h"
#include "listen/tracking.h"
#include "store/store.h"

enum { NOW_MS = 1767323045000 }; /* 2026-01-02T03:04:05Z */

struct room {
    struct ctx ctx;
    struct store *store;
    struct guard *guard;
    struct names *names;
    str key;
};

static int set_up(void **state)
{
    struct room *room = mem_new(sizeof *room);
    assert_ok(store_open(&room->ctx, &(struct store_options){.folder = str_from(test_folder())}, &room->store));
    struct guard_options options = {.store = room->store, .idle_ms = 1000, .absolute_ms = 1000};
    assert_ok(guard_open(&room->ctx, &options, &room->guard));
    struct principal who = guard_local();
    struct key key = {.name = STR("shop"), .kind = KEY_WRITE, .trust = STR("server")};
    assert_ok(key_create(&room->ctx, room->guard, &who, &key, &room->key));
    room->names = names_open(NULL);
    *state = room;
    return 0;
}

static int tear_down(void **state)
{
    struct room *room = *state;
    names_close(room->names);
    guard_close(room->guard);
    store_close(room->store);
    ctx_end(&room->ctx);
    mem_free(room);
    return 0;
}

#define TRACKING_TEST(sentence) TEST_WITH(sentence, set_up, tear_down)

static struct tracking read(struct room *room, enum track_type route, const char *body)
{
    i64 len = (i64)strlen(body);
    char *padded = arena_new(&room->ctx.arena, char, len + JSON_PADDING);
    memcpy(padded, body, (size_t)len);
    struct tracking tracking = {.route = route,
                                .body = {padded, len},
                                .key = room->key,
                                .received_ms = NOW_MS,
                                .truncate_addresses = true,
                                .guard = room->guard,
                                .names = room->names};
    assert_ok(tracking_read(&room->ctx, &tracking));
    return tracking;
}

static struct event one(struct room *room, enum track_type route, const char *body)
{
    struct tracking tracking = read(room, route, body);
    assert_int_equal(tracking.count, 1);
    assert_int_equal(tracking.refused, 0);
    return tracking.events[0];
}

static void check(struct room *room, str text, const char *expected)
{
    assert_string_equal(str_c(&room->ctx.arena, text), expected);
}

TRACKING_TEST(the_user_is_the_alias_and_the_anonymous_id_its_link)
{
    struct event event = one(*state, TRACK_TRACK,
                             "{\"event\":\" Viewed \",\"userId\":\"U1\",\"anonymousId\":\"A1\",\"messageId\":\"m1\"}");
    check(*state, event.alias, "user:U1");
    check(*state, event.kind, "Viewed");
    check(*state, event.source, "shop");
    check(*state, event.message_id, "m1");
    check(*state, event.props, "{\"$\":{\"trust\":\"server\",\"anonymous\":\"A1\"}}");
    event = one(*state, TRACK_TRACK, "{\"event\":\"e\",\"userId\":\"null\",\"anonymousId\":\"A1\"}");
    check(*state, event.alias, "anon:A1");
    check(*state, event.props, "{}");
    event = one(*state, TRACK_TRACK, "{\"event\":\"e\",\"userId\":17850}");
    check(*state, event.alias, "user:17850");
}

TRACKING_TEST(properties_fill_the_columns_and_stay_as_they_came)
{
    struct event event = one(
        *state, TRACK_TRACK,
        "{\"event\":\"Answered\",\"userId\":\"u\",\"properties\":{\"channel\":\"web\",\"place\":\"H\xC3\xA0 N"
        "\xE1\xBB\x99i\",\"touchpoint\":\"checkout\",\"metric\":\"NPS\",\"question\":\"q1\",\"score\":9,"
        "\"text\":\"To\xCC\x82\xCC\x81t\",\"total\":12.5,\"currency\":\"usd\",\"$\":1,\"context\":2}}");
    check(*state, event.channel, "web");
    check(*state, event.place, "Hà Nội");
    check(*state, event.touchpoint, "checkout");
    check(*state, event.metric, "nps");
    check(*state, event.question, "q1");
    check(*state, event.scale, "0-10");
    check(*state, event.text, "Tốt");
    assert_true(event.score.is && event.score.value == 9.0);
    assert_true(event.amount.is);
    assert_int_equal(event.amount.value, 1250);
    check(*state, event.currency, "USD");
    check(
        *state, event.props,
        "{\"channel\":\"web\",\"place\":\"Hà Nội\",\"touchpoint\":\"checkout\",\"metric\":\"NPS\",\"question\":\"q1\",\"score\":9,"
        "\"text\":\"Tốt\",\"total\":12.5,\"currency\":\"usd\",\"$$\":1,\"$context\":2}");
}

TRACKING_TEST(money_is_revenue_else_total_else_value_with_a_currency)
{
    static const struct {
        const char *properties;
        i64 amount; /* -1: none */
        const char *currency;
    } cases[] = {
        {"\"revenue\":250000,\"total\":1,\"value\":2", 250000, "VND"},
        {"\"total\":99.5", 100, "VND"},
        {"\"value\":5", -1, ""},
        {"\"value\":5,\"currency\":\"EUR\"", 500, "EUR"},
        {"\"revenue\":\"12.34\",\"currency\":\"GBP\"", 1234, "GBP"},
        {"\"revenue\":0.1,\"currency\":\"USD\"", 10, "USD"},
        {"\"revenue\":\"free\"", -1, ""},
        {"\"revenue\":1.005,\"currency\":\"USD\"", 101, "USD"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct room *room = *state;
        str body = str_format(&room->ctx.arena, "{\"event\":\"e\",\"userId\":\"u\",\"properties\":{%s}}",
                              cases[i].properties);
        struct event event = one(room, TRACK_TRACK, str_c(&room->ctx.arena, body));
        assert_int_equal(event.amount.is ? event.amount.value : -1, cases[i].amount);
        check(room, event.currency, cases[i].currency);
    }
}

TRACKING_TEST(a_score_without_a_metric_is_a_property_and_a_skip_is_no_answer)
{
    struct event event = one(*state, TRACK_TRACK,
                             "{\"event\":\"Won\",\"userId\":\"u\",\"properties\":{\"score\":31337}}");
    assert_false(event.score.is);
    event = one(*state, TRACK_TRACK,
                "{\"event\":\"Answered\",\"userId\":\"u\",\"properties\":{\"metric\":\"nps\",\"score\":null}}");
    assert_false(event.score.is);
    check(*state, event.metric, "");
    event = one(
        *state, TRACK_TRACK,
        "{\"event\":\"Answered\",\"userId\":\"u\",\"properties\":{\"question\":\"ease\",\"scale\":\"1-7\",\"score\":2,"
        "\"reversed\":true}}");
    check(*state, event.metric, "ease");
    assert_true(event.score.value == 6.0);
    assert_true(event.reversed);
}

TRACKING_TEST(an_identify_call_carries_traits_and_folded_identities)
{
    struct event event = one(
        *state, TRACK_IDENTIFY,
        "{\"userId\":\"U1\",\"traits\":{\"name\":\"Lan\",\"email\":\"Lan@Example.VN\",\"phone\":\"0912 345 678\"}}");
    check(*state, event.kind, "identify");
    check(
        *state, event.props,
        "{\"$\":{\"trust\":\"server\",\"email\":\"lan@example.vn\",\"phone\":\"+84912345678\",\"traits\":{\"name\":\"Lan\","
        "\"email\":\"Lan@Example.VN\",\"phone\":\"0912 345 678\"}}}");
    event = one(*state, TRACK_ALIAS, "{\"userId\":\"new\",\"previousId\":\"old\"}");
    check(*state, event.props, "{\"$\":{\"trust\":\"server\",\"previous\":\"old\"}}");
    event = one(*state, TRACK_GROUP, "{\"userId\":\"u\",\"groupId\":\"G\",\"traits\":{\"size\":3}}");
    check(*state, event.props, "{\"group_id\":\"G\",\"traits\":{\"size\":3}}");
    event = one(*state, TRACK_PAGE, "{\"userId\":\"u\",\"name\":\"Home\",\"properties\":{\"path\":\"/\"}}");
    check(*state, event.props, "{\"path\":\"/\",\"name\":\"Home\"}");
}

TRACKING_TEST(the_context_of_a_batch_completes_that_of_its_items_and_addresses_are_cut)
{
    struct event event = one(
        *state, TRACK_BATCH,
        "{\"context\":{\"ip\":\"203.0.113.77\",\"locale\":\"vi\"},\"batch\":[{\"type\":\"track\",\"event\":\"e\","
        "\"userId\":\"u\",\"context\":{\"locale\":\"en\",\"app\":{\"ip\":\"x\"}}}]}");
    check(*state, event.props, "{\"context\":{\"locale\":\"en\",\"app\":{\"ip\":\"x\"},\"ip\":\"203.0.113.0\"}}");
    event = one(*state, TRACK_TRACK, "{\"event\":\"e\",\"userId\":\"u\",\"context\":{\"ip\":\"2001:db8:1:2::3\"}}");
    check(*state, event.props, "{\"context\":{\"ip\":\"2001:db8:1::\"}}");
    event = one(*state, TRACK_TRACK, "{\"event\":\"e\",\"userId\":\"u\",\"context\":{\"ip\":\"somewhere\"}}");
    check(*state, event.props, "{\"context\":{\"ip\":\"\"}}");
}

TRACKING_TEST(a_clock_that_is_off_is_corrected_the_way_through_the_network_is_not)
{
    static const struct {
        const char *members;
        i64 at_ms;
    } cases[] = {
        {"\"x\":1", NOW_MS},
        {"\"timestamp\":\"2026-01-01T00:00:00Z\"", 1767225600000},
        {"\"originalTimestamp\":\"2026-01-01T07:00:00+07:00\"", 1767225600000},
        {"\"timestamp\":1767225600000", 1767225600000},
        {"\"timestamp\":null,\"originalTimestamp\":\"2026-01-01T00:00:00Z\"", 1767225600000},
        {"\"timestamp\":\"2026-01-01T00:00:00Z\",\"sentAt\":\"2026-01-02T03:04:01Z\"", 1767225600000},
        {"\"timestamp\":\"2026-01-02T04:00:00Z\",\"sentAt\":\"2026-01-02T04:04:05Z\"", NOW_MS - 245000},
        {"\"timestamp\":\"2025-12-31T00:00:00Z\",\"sentAt\":\"2026-01-01T03:04:05Z\"", 1767225600000},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct room *room = *state;
        str body = str_format(&room->ctx.arena, "{\"event\":\"e\",\"userId\":\"u\",%s}", cases[i].members);
        assert_int_equal(one(room, TRACK_TRACK, str_c(&room->ctx.arena, body)).at_ms, cases[i].at_ms);
    }
}

TRACKING_TEST(a_refused_item_is_noted_with_its_reason_and_leaves_nothing_behind)
{
    struct tracking tracking = read(
        *state, TRACK_BATCH,
        "{\"batch\":[{\"type\":\"track\",\"event\":\"a\",\"userId\":\"u\",\"properties\":{\"x\":1}},"
        "{\"type\":\"track\",\"event\":\"b\",\"userId\":\"u\",\"properties\":{\"metric\":\"nps\",\"score\":6.5}},"
        "{\"type\":\"track\",\"event\":\"c\",\"userId\":\"u\",\"properties\":{\"y\":2}},7]}");
    assert_int_equal(tracking.count, 2);
    assert_int_equal(tracking.refused, 2);
    check(*state, tracking.events[0].props, "{\"x\":1}");
    check(*state, tracking.events[1].props, "{\"y\":2}");
    assert_int_equal(tracking.note_count, 4);
    assert_int_equal(tracking.notes[1].event, -1);
    assert_string_equal(tracking.notes[1].fault.key, "import.bad_score");
    assert_string_equal(tracking.notes[3].fault.key, "tracking.no_object");
}

struct split_list {
    char text[512];
    i64 len;
};

static void note_piece(void *self, str item)
{
    struct split_list *list = self;
    list->len += snprintf(list->text + list->len, sizeof list->text - (size_t)list->len, "[%.*s]", STR_ARG(item));
}

TEST(a_document_is_cut_between_its_items)
{
    static const struct {
        const char *document, *items, *outside;
    } cases[] = {
        {"{\"batch\":[{\"a\":1},{\"b\":2}],\"k\":1}", "[{\"a\":1}][{\"b\":2}]", "{\"batch\":[],\"k\":1}"},
        {"{\"k\":\"\\\"batch\\\":[\",\"batch\" : [ {\"a\":tru} , {\"b\":2}]}", "[{\"a\":tru}][{\"b\":2}]",
         "{\"k\":\"\\\"batch\\\":[\",\"batch\" : []}"},
        {"{\"batch\":[{\"a\":\"},{\"},{\"b\":2}]}", "[{\"a\":\"},{\"}][{\"b\":2}]", "{\"batch\":[]}"},
        {"{\"batch\":[{\"a\":1,{\"b\":2}],\"k\":1}", "[{\"a\":1,][{\"b\":2}]", "{\"batch\":[],\"k\":1}"},
        {"{\"batch\":[nul,{\"b\":2}]}", "[nul,][{\"b\":2}]", "{\"batch\":[]}"},
        {"{\"batch\":[{\"b\":2},{\"a\":", "[{\"b\":2}][{\"a\":]", "{\"batch\":["},
        {"{\"batch\":[", "", "{\"batch\":["},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct arena arena = {0};
        struct split_list list = {0};
        str outside;
        assert_true(tracking_split(&arena, str_from(cases[i].document), note_piece, &list, &outside));
        assert_string_equal(list.text, cases[i].items);
        assert_string_equal(str_c(&arena, outside), cases[i].outside);
        arena_free(&arena);
    }
}

TEST(names_are_admitted_up_to_their_limit_and_known_ones_always)
{
    struct names *names = names_open(NULL);
    char name[32];
    for (i64 i = 0; i < EVENT_NAMES_MAX; i++) {
        i64 len = snprintf(name, sizeof name, "event %d", (int)i);
        assert_true(names_admit(names, STR("a"), NAME_EVENT, (str){name, len}));
    }
    assert_false(names_admit(names, STR("a"), NAME_EVENT, STR("one more")));
    assert_true(names_admit(names, STR("a"), NAME_EVENT, STR("event 7")));
    assert_true(names_admit(names, STR("b"), NAME_EVENT, STR("one more")));
    assert_true(names_admit(names, STR("a"), NAME_WORD, STR("one more")));
    names_close(names);
}
