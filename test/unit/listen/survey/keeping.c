/* What goes by itself (files that no answer named, files of responses that cannot go on, visits without an answer), and what is
 * kept of results. */
#include "databases.h"

#include "base/id.h"
#include "events/log.h"
#include "listen/survey/file.h"
#include "listen/survey/removal.h"
#include "listen/survey/results.h"
#include "listen/survey/state.h"

#define FILE_BYTES STR("\x89PNG\r\n\x1a\n and so on")

struct house {
    struct ctx ctx;
    struct store *store;
    struct events *log;
    struct surveys *surveys;
    i64 survey;
    str token;
};

static void open_house(struct house *house, enum database database)
{
    struct ctx *ctx = &house->ctx;
    struct store_options options = database_new(database);
    struct survey_document document;
    struct shape_list links;
    assert_ok(store_open(ctx, &options, &house->store));
    struct events_options logged = {.folder = str_from(test_folder()), .reserve_bytes = -1};
    assert_ok(events_open(ctx, &logged, &house->log));
    assert_ok(
        surveys_open(ctx, &(struct surveys_options){.store = house->store, .events = house->log}, &house->surveys));
    str text = STR("{\"languages\":[\"vi\"],\"name\":\"a\",\"title\":{\"vi\":\"a\"},\"questions\":["
                   "{\"id\":\"n\",\"type\":\"nps\",\"title\":{\"vi\":\"n\"}},"
                   "{\"id\":\"f\",\"type\":\"file\",\"title\":{\"vi\":\"f\"}}]}");
    assert_ok(survey_document_read(ctx, text, &document));
    assert_ok(survey_add(ctx, house->surveys, STR("a"), &document, &house->survey));
    assert_ok(survey_publish(ctx, house->surveys, &(struct survey_publishing){.id = house->survey, .by = STR("a")}));
    struct survey_linking linking = {
        .survey = house->survey, .count = 1, .base = STR("http://a"), .like = {.name = STR("")}};
    assert_ok(survey_link_add(ctx, house->surveys, &linking, &links));
    str url = ((const struct survey_link *)links.items)->url;
    house->token = str_slice(url, str_find(url, STR("/s/")) + 3, url.len);
}

static void close_house(struct house *house)
{
    surveys_close(house->surveys);
    events_close(house->log);
    store_close(house->store);
    ctx_end(&house->ctx);
}

static str send_file(struct house *house)
{
    struct gate gate;
    struct survey_file file;
    assert_ok(survey_gate(&house->ctx, house->surveys, &(struct gate_asked){.token = house->token}, &gate));
    struct file_taking with = {&gate, STR("a.png"), STR("192.0.2.1"), FILE_BYTES};
    assert_ok(survey_file_take(&house->ctx, house->surveys, &with, &file));
    char id[ID_TEXT_LEN];
    return str_copy(&house->ctx.arena, id_text(file.id, id));
}

static i64 answer(struct house *house, str answers, bool finished)
{
    struct receipt receipt;
    struct submission submission = {.token = house->token, .answers = answers, .finished = finished};
    assert_ok(response_take(&house->ctx, house->surveys, &submission, &receipt));
    return receipt.response;
}

static i64 answer_with_file(struct house *house, bool finished)
{
    return answer(house, str_format(&house->ctx.arena, "{\"f\":[\"%.*s\"]}", STR_ARG(send_file(house))), finished);
}

static i64 files_of(struct house *house, i64 response)
{
    struct shape_list files;
    assert_ok(survey_file_list(&house->ctx, house->surveys, response, &files));
    return files.count;
}

static bool there(struct house *house, str file)
{
    struct survey_file row;
    i64 id;
    assert_true(id_parse(file, &id));
    return survey_file_get(&house->ctx, house->surveys, id, &row) == OK;
}

static void clean_after(struct house *house, i64 days, i64 most)
{
    i64 now_ms = ctx_now_ms(&house->ctx);
    house->ctx.now_ms = now_ms + days * 86400000LL + 1;
    assert_ok(survey_files_clean(&house->ctx, house->surveys));
    assert_ok(response_clean(&house->ctx, house->surveys, most));
    house->ctx.now_ms = now_ms;
}

TEST_BOTH(files_that_no_answer_names_go_after_a_day)
{
    struct house house = {0};
    open_house(&house, database);
    str file = send_file(&house);
    clean_after(&house, 0, 10);
    assert_true(there(&house, file));
    clean_after(&house, 1, 10);
    assert_false(there(&house, file));
    close_house(&house);
}

TEST_BOTH(files_of_an_unfinished_response_go_when_it_cannot_go_on)
{
    struct house house = {0};
    open_house(&house, database);
    i64 partial = answer_with_file(&house, false), finished = answer_with_file(&house, true);
    clean_after(&house, 29, 10);
    assert_int_equal(files_of(&house, partial), 1);
    clean_after(&house, 30, 10);
    assert_int_equal(files_of(&house, partial), 0);
    assert_int_equal(files_of(&house, finished), 1);
    close_house(&house);
}

TEST_BOTH(a_link_keeps_only_so_many_visits_without_an_answer)
{
    struct house house = {0};
    struct response response;
    struct ctx *ctx = &house.ctx;
    open_house(&house, database);
    i64 answered = answer(&house, STR("{\"n\":9}"), false), empty[5];
    for (i64 i = 0; i < countof(empty); i++) {
        empty[i] = answer(&house, STR("{}"), false);
    }
    clean_after(&house, 0, 2);
    assert_ok(response_get(ctx, house.surveys, empty[0], &response));
    clean_after(&house, 1, 2);
    for (i64 i = 0; i < countof(empty); i++) {
        assert_int_equal(response_get(ctx, house.surveys, empty[i], &response), i < 3 ? ERR_NOT_FOUND : OK);
        ctx_forgive(ctx);
    }
    assert_ok(response_get(ctx, house.surveys, answered, &response));
    close_house(&house);
}

/* Everything, counted from what is kept and from the rows: a filter that lets everything through makes the difference. */
static void same_results(struct house *house, i64 days)
{
    struct results kept, rows;
    struct ctx *ctx = &house->ctx;
    ctx->now_ms = 0;
    ctx->now_ms = ctx_now_ms(ctx) + days * 86400000;
    assert_ok(survey_results(ctx, house->surveys, &(struct results_filter){.survey = house->survey}, 30, &kept));
    struct results_filter filter = {.survey = house->survey, .from_ms = 1};
    assert_ok(survey_results(ctx, house->surveys, &filter, 30, &rows));
    ctx->now_ms = 0;
    struct json_writer a = json_writer_in(&ctx->arena), b = json_writer_in(&ctx->arena);
    shape_write(&a, &results_shape, &kept, SHAPE_ALL);
    shape_write(&b, &results_shape, &rows, SHAPE_ALL);
    str one = json_text(&a), other = json_text(&b);
    for (i64 i = 0; i < one.len && i < other.len; i++) {
        if (one.data[i] != other.data[i]) {
            fail_msg("%.60s is not %.60s", one.data + greater(i - 20, 0), other.data + greater(i - 20, 0));
        }
    }
    assert_int_equal(one.len, other.len);
}

TEST_BOTH(what_is_kept_of_results_is_what_the_rows_say)
{
    struct house house = {0};
    struct response_removal removal;
    struct receipt receipt;
    struct ctx *ctx = &house.ctx;
    open_house(&house, database);
    i64 first = answer(&house, STR("{\"n\":9}"), true);
    struct submission begun = {.token = house.token, .answers = STR("{\"n\":3}"), .key = STR("one")};
    assert_ok(response_take(ctx, house.surveys, &begun, &receipt));
    house.surveys->young_ms = 0; // what is there by now is kept
    same_results(&house, 0);
    for (i64 i = 0; i < 40; i++) {
        (void)answer(&house, str_format(&ctx->arena, "{\"n\":%d}", (int)(i % 11)), i % 5 != 0);
        same_results(&house, 0);
    }
    begun.answers = STR("{\"n\":10}");
    begun.finished = true; // it goes on, long after it was kept as unfinished
    assert_ok(response_take(ctx, house.surveys, &begun, &receipt));
    same_results(&house, 0);
    same_results(&house, 40); // nothing unfinished can go on
    same_results(&house, 40);
    assert_ok(response_remove(ctx, house.surveys, first, STR("a"), &removal));
    same_results(&house, 0);
    struct survey_document document;
    assert_ok(survey_document_read(ctx,
                                   STR("{\"languages\":[\"vi\"],\"name\":\"b\",\"title\":{\"vi\":\"b\"},\"questions\":["
                                       "{\"id\":\"m\",\"type\":\"csat\",\"title\":{\"vi\":\"m\"}}]}"),
                                   &document));
    assert_ok(survey_put_draft(ctx, house.surveys, house.survey, &document, STR("")));
    assert_ok(survey_publish(ctx, house.surveys, &(struct survey_publishing){.id = house.survey, .by = STR("a")}));
    (void)answer(&house, STR("{\"m\":5}"), true);
    same_results(&house, 0);
    close_house(&house);
}
