#include "act/gate.h"

#include "act/limits.h"
#include "act/send.h"
#include "databases.h"
#include "store/settings.h"

/* The gate alone, over records of its own: nothing is sent. Its clock is a fixed noon in Viet Nam. */
struct world {
    struct ctx ctx;
    struct store *store;
    struct act *act;
    struct str_list aliases;
    i64 noon_ms;
};

#define HOUR_MS ((i64)3600 * 1000)
#define DAY_MS (24 * HOUR_MS)

static str lan[] = {STR("user:KH-1"), STR("email:lan@vidu.vn")};

static void say(struct world *world, str alias, enum purpose purpose, enum consent_state state, i64 at_ms)
{
    struct consent word = {
        .alias = alias,
        .purpose = (i32)purpose,
        .state = (i32)state,
        .wording = state == CONSENT_GIVEN ? 1 : 0,
        .how = HOW_FORM,
        .at_ms = at_ms,
        .by = STR("test"),
    };
    assert_ok(consent_put(&world->ctx, world->store, &word));
}

/* Everybody agreed to everything, and only what a test sets is limited. */
static struct world new_world(enum database database)
{
    struct world world = {.aliases = {lan, countof(lan)}, .noon_ms = 1795237200000};
    struct store_options options = database == IN_POSTGRES ? database_new(database)
                                                           : (struct store_options){.folder = str_from(test_folder())};
    assert_ok(store_open(&world.ctx, &options, &world.store));
    world.act = act_open(&(struct act_options){.store = world.store});
    for (i32 purpose = 0; purpose < PURPOSE_COUNT; purpose++) {
        struct wording wording = {.purpose = (i32)purpose, .texts = STR("{\"vi\":\"Tôi đồng ý.\"}"), .by = STR("test")};
        assert_ok(wording_add(&world.ctx, world.store, &wording));
        say(&world, lan[0], (enum purpose)purpose, CONSENT_GIVEN, 1000);
    }
    return world;
}

static void end_world(struct world *world)
{
    act_close(world->act);
    store_close(world->store);
    ctx_end(&world->ctx);
}

static void limit(struct world *world, enum purpose purpose, i64 most, i64 gap_days)
{
    struct send_limit one = {.purpose = (i32)purpose, .most = most, .days = most > 0 ? 30 : 0, .gap_days = gap_days};
    struct sending sending;
    assert_ok(sending_read(&world->ctx, world->store, &sending));
    sending.limits = (struct shape_list){&one, 1};
    assert_ok(sending_write(&world->ctx, world->store, &sending));
}

/* A message that asks the gate at a moment. */
struct asking {
    const char *cause;
    enum purpose purpose;
    enum reach reach;
    i64 survey; /* 0: a call that is about none */
    i64 at_ms;
    bool at_once, no_address;
};

static struct passing ask(struct world *world, struct asking asking)
{
    struct send send = {
        .cause = str_from(asking.cause),
        .alias = lan[0],
        .purpose = (i32)asking.purpose,
        .channel = (i32)asking.reach,
        .what = asking.survey != 0 ? STR("survey") : STR("webhook"),
        .object = asking.survey,
    };
    assert_ok(send_put(&world->ctx, world->store, &send));
    struct passing passing = {
        .act = world->act,
        .send.id = send.id,
        .to = {.person = 1, .aliases = world->aliases, .email = asking.no_address ? STR_NONE : STR("lan@vidu.vn")},
        .now_ms = asking.at_ms != 0 ? asking.at_ms : world->noon_ms,
        .at_once = asking.at_once,
    };
    assert_ok(store_write(&world->ctx, world->store, gate_pass, &passing));
    return passing;
}

/* The same, with the reason that stays with the send: "" where it went through. */
static const char *refusal(struct world *world, struct asking asking)
{
    static char text[40];
    struct passing passing = ask(world, asking);
    struct send send = {0};
    assert_ok(
        store_one(&world->ctx, world->store, SQL_SEND_ROW, ARGS(ARG_ID("id", passing.send.id)), &send_shape, &send));
    assert_int_equal(send.state, passing.verdict == GATE_OPEN      ? SEND_SENDING
                                 : passing.verdict == GATE_REFUSED ? SEND_REFUSED
                                                                   : SEND_WAITING);
    (void)snprintf(text, sizeof text, "%.*s", STR_ARG(send.reason));
    return text;
}

TEST_BOTH(without_a_word_nothing_goes_out_and_the_newest_word_counts)
{
    struct world world = new_world(database);
    struct asking survey = {"a", PURPOSE_SURVEY, REACH_EMAIL, 5, 0, false, false};
    assert_string_equal(refusal(&world, survey), "");
    say(&world, lan[1], PURPOSE_SURVEY, CONSENT_WITHDRAWN, 2000);
    survey.cause = "b";
    assert_string_equal(refusal(&world, survey), SEND_WITHDRAWN);
    world.aliases = (struct str_list){(str[]){STR("user:KH-9")}, 1};
    survey.cause = "c";
    assert_string_equal(refusal(&world, survey), SEND_NO_CONSENT);
    end_world(&world);
}

TEST_BOTH(mail_needs_an_address_that_takes_mail_and_a_call_needs_none)
{
    struct world world = new_world(database);
    struct asking asking = {"a", PURPOSE_SERVICE, REACH_EMAIL, 0, 0, false, true};
    assert_string_equal(refusal(&world, asking), SEND_NO_ADDRESS);
    asking = (struct asking){"b", PURPOSE_SERVICE, REACH_WEBHOOK, 0, 0, false, true};
    assert_string_equal(refusal(&world, asking), "");
    assert_ok(store_run(&world.ctx, world.store, SQL_SUPPRESS,
                        ARGS(ARG_STR("address", gate_address(&world.ctx, world.act, STR("lan@vidu.vn"))),
                             ARG_STR("channel", STR("email")), ARG_STR("reason", STR(SEND_BAD)), ARG_I64("now_ms", 1)),
                        NULL));
    asking = (struct asking){"c", PURPOSE_SERVICE, REACH_EMAIL, 0, 0, false, false};
    assert_string_equal(refusal(&world, asking), SEND_SUPPRESSED);
    end_world(&world);
}

TEST_BOTH(what_asks_for_an_opinion_is_limited_over_all_surveys_and_channels)
{
    struct world world = new_world(database);
    limit(&world, PURPOSE_SURVEY, 2, 0);
    assert_string_equal(refusal(&world, (struct asking){"a", PURPOSE_SURVEY, REACH_EMAIL, 5, 0, false, false}), "");
    assert_string_equal(refusal(&world, (struct asking){"b", PURPOSE_RESEARCH, REACH_WEBHOOK, 0, 0, false, false}), "");
    struct asking third = {"c", PURPOSE_SURVEY, REACH_WEBHOOK, 6, 0, false, false};
    assert_string_equal(refusal(&world, third), SEND_FATIGUE);
    assert_string_equal(refusal(&world, (struct asking){"d", PURPOSE_SERVICE, REACH_EMAIL, 0, 0, false, false}), "");
    third.cause = "e";
    third.at_ms = world.noon_ms + 30 * DAY_MS + 1;
    assert_string_equal(refusal(&world, third), "");
    end_world(&world);
}

TEST_BOTH(the_same_survey_comes_again_only_after_its_gap)
{
    struct world world = new_world(database);
    limit(&world, PURPOSE_SURVEY, 0, 10);
    struct asking asking = {"a", PURPOSE_SURVEY, REACH_EMAIL, 5, 0, false, false};
    assert_string_equal(refusal(&world, asking), "");
    asking = (struct asking){"b", PURPOSE_SURVEY, REACH_WEBHOOK, 5, world.noon_ms + 10 * DAY_MS - 1, false, false};
    assert_string_equal(refusal(&world, asking), SEND_GAP);
    asking = (struct asking){"c", PURPOSE_SURVEY, REACH_EMAIL, 6, world.noon_ms + 9 * DAY_MS, false, false};
    assert_string_equal(refusal(&world, asking), "");
    asking = (struct asking){"d", PURPOSE_SURVEY, REACH_EMAIL, 5, world.noon_ms + 10 * DAY_MS, false, false};
    assert_string_equal(refusal(&world, asking), "");
    end_world(&world);
}

TEST_BOTH(a_message_that_failed_or_waits_counts_as_none)
{
    struct world world = new_world(database);
    limit(&world, PURPOSE_MARKETING, 1, 0);
    struct passing first = ask(&world, (struct asking){"a", PURPOSE_MARKETING, REACH_EMAIL, 0, 0, false, false});
    struct asking second = {"b", PURPOSE_MARKETING, REACH_EMAIL, 0, 0, false, false};
    assert_string_equal(refusal(&world, second), SEND_FATIGUE);
    assert_ok(send_end(&world.ctx, world.store, &first.send, SEND_FAILED, SEND_BAD));
    second.cause = "c";
    assert_string_equal(refusal(&world, second), "");
    end_world(&world);
}

TEST_BOTH(in_quiet_hours_it_waits_for_their_end_and_only_service_may_not)
{
    struct world world = new_world(database);
    i64 night_ms = world.noon_ms + 10 * HOUR_MS, morning_ms = world.noon_ms + 20 * HOUR_MS;
    struct asking asking = {"a", PURPOSE_SURVEY, REACH_EMAIL, 5, night_ms, false, false};
    struct passing passing = ask(&world, asking);
    assert_int_equal(passing.verdict, GATE_LATER);
    assert_int_equal(passing.due_ms, morning_ms);
    asking.cause = "b";
    assert_string_equal(refusal(&world, asking), SEND_QUIET);
    static const enum purpose sells[] = {PURPOSE_SURVEY, PURPOSE_MARKETING, PURPOSE_RESEARCH, PURPOSE_TRAINING};
    static const char *const causes[] = {"c", "d", "e", "f"};
    for (i64 i = 0; i < countof(sells); i++) {
        asking = (struct asking){causes[i], sells[i], REACH_WEBHOOK, 0, night_ms, true, false};
        assert_int_equal(ask(&world, asking).verdict, GATE_LATER);
    }
    asking = (struct asking){"g", PURPOSE_SERVICE, REACH_WEBHOOK, 0, night_ms, true, false};
    assert_int_equal(ask(&world, asking).verdict, GATE_OPEN);
    end_world(&world);
}

TEST_BOTH(a_survey_for_another_purpose_is_refused_whatever_was_agreed)
{
    struct world world = new_world(database);
    struct asking asking = {"a", PURPOSE_SERVICE, REACH_EMAIL, 5, 0, false, false};
    assert_string_equal(refusal(&world, asking), SEND_PURPOSE);
    end_world(&world);
}

TEST_BOTH(what_was_sent_or_taken_back_does_not_go_out_and_does_not_wait_again)
{
    struct world world = new_world(database);
    struct passing passing = ask(&world, (struct asking){"a", PURPOSE_SERVICE, REACH_EMAIL, 0, 0, false, false});
    assert_ok(send_end(&world.ctx, world.store, &passing.send, SEND_SENT, NULL));
    assert_ok(store_run(
        &world.ctx, world.store, SQL_SEND_WAIT,
        ARGS(ARG_ID("id", passing.send.id), ARG_STR("reason", STR(SEND_UNREACHABLE)), ARG_I64("due_ms", 1)), NULL));
    assert_ok(store_write(&world.ctx, world.store, gate_pass, &passing));
    assert_int_equal(passing.verdict, GATE_SENT);
    assert_int_equal(passing.send.state, SEND_SENT);
    struct asking same = {"a", PURPOSE_SERVICE, REACH_EMAIL, 0, 0, false, false};
    assert_int_equal(ask(&world, same).verdict, GATE_SENT);
    struct send other = {.cause = STR("b"), .alias = lan[0], .purpose = PURPOSE_SERVICE, .what = STR("webhook")};
    assert_ok(send_put(&world.ctx, world.store, &other));
    assert_ok(store_run(&world.ctx, world.store, SQL_SEND_CANCEL, ARGS(ARG_ID("id", other.id)), NULL));
    passing.send.id = other.id;
    assert_ok(store_write(&world.ctx, world.store, gate_pass, &passing));
    assert_int_equal(passing.verdict, GATE_GONE);
    end_world(&world);
}
