#include "listen/demo/asked.h"

#include "base/id.h"
#include "base/random.h"
#include "events/log.h"
#include "listen/demo/chance.h"
#include "listen/survey/bank.h"
#include "listen/survey/link.h"
#include "listen/survey/response.h"

enum { ASKED = 4, ASKED_DAYS = 90, CORRECTED_DAYS = 35, SHOPS_MAX = 12 };

/* A template, the question of the world's events that its first question is, and the one that takes the words. The template's other
 * questions are left out: nobody in the world answers them. */
static const struct {
    const char *template, *series, *words, *touchpoint, *name;
} plans[ASKED] = {
    {"relationship", "nps_quarterly", "q2", "gan-bo", "NPS hằng quý"},
    {"delivery", "csat_delivery", "q4", "giao-hang", "Sau giao hàng"},
    {"store", "csat_store", "q5", "mua-tai-cua-hang", "Tại cửa hàng"},
    {"call", "csat_call", "q4", "tong-dai", "Sau cuộc gọi"},
};

struct asked_survey {
    i64 id;
    i64 link; /* of everybody who is not at a shop */
    str places[SHOPS_MAX];
    i64 place_links[SHOPS_MAX];
    i64 place_count;
};

struct hanging {
    struct store *store;
    struct surveys *rooms;
    struct bank bank;
    struct asked_survey surveys[ASKED];
    i64 since_ms, newest_ms;
    struct dice dice;
    struct response *responses; /* on the way into the records */
    i64 count, capacity;
};

/* The first question and the one for words, which everybody is asked. */
static void keep_asked(struct survey_document *document, str words)
{
    struct survey_question *questions = document->questions.items;
    for (i64 i = 1; i < document->questions.count; i++) {
        if (str_eq(questions[i].id, words)) {
            questions[1] = questions[i];
            questions[1].show = STR_NONE;
            questions[1].jump = (struct shape_list){NULL, 0};
        }
    }
    document->questions.count = 2;
    document->shuffle = STR_NONE;
    document->groups = document->quotas = (struct shape_list){NULL, 0};
}

/* The document as the version has it: the series of the first question is that of the events. */
static err version_of(struct ctx *ctx, const struct hanging *hanging, i64 number, bool corrected, str *out)
{
    const struct bank_template *templates = hanging->bank.templates.items;
    struct survey_document document = {0};
    for (i64 i = 0; i < hanging->bank.templates.count; i++) {
        if (str_eq(templates[i].key, str_from(plans[number].template))) {
            TRY(survey_document_read(ctx, templates[i].document, &document));
            keep_asked(&document, str_from(plans[number].words));
        }
    }
    TRY(survey_series(ctx, hanging->surveys[number].id, &(struct survey_history){NULL, 0}, STR_NONE, &document));
    struct survey_question *first = document.questions.items;
    first->series = str_from(plans[number].series);
    first->bank = STR_NONE;
    if (corrected) { // a later version asks the same, and says thank you in other words
        struct survey_end *end = document.ends.items;
        end->text = STR("{\"vi\":\"Hiên Nhà đọc từng góp ý.\",\"en\":\"Hiên Nhà reads every answer.\"}");
    }
    document.name = str_from(plans[number].name);
    document.touchpoint = str_from(plans[number].touchpoint);
    *out = survey_document_text(ctx, &document);
    return OK;
}

static err publish(struct ctx *ctx, const struct hanging *hanging, i64 number, i64 version, i64 at_ms)
{
    struct store *store = hanging->store;
    str document;
    TRY(version_of(ctx, hanging, number, version > 1, &document));
    TRY(store_run(ctx, store, SQL_SURVEY_VERSION_ADD,
                  ARGS(ARG_I64("id", hanging->surveys[number].id), ARG_I64("version", version),
                       ARG_STR("document", document), ARG_I64("now_ms", at_ms), ARG_STR("by", STR("demo"))),
                  NULL));
    return store_run(ctx, store, SQL_SURVEY_PUBLISHED,
                     ARGS(ARG_I64("id", hanging->surveys[number].id), ARG_I64("version", version),
                          ARG_STR("state", STR("open")), ARG_I64("now_ms", at_ms)),
                     NULL);
}

static err add_link(struct ctx *ctx, const struct hanging *hanging, i64 number, enum way_kind kind, str place, i64 *id)
{
    struct survey_linking with = {
        .survey = hanging->surveys[number].id,
        .count = 1,
        .base = STR(""),
        .like = {.kind = (i32)kind,
                 .name = place.len > 0 ? place : STR("Thư và Zalo"),
                 .place = place,
                 .touchpoint = str_from(plans[number].touchpoint)},
    };
    struct shape_list made;
    TRY(survey_link_add(ctx, hanging->rooms, &with, &made));
    *id = ((const struct survey_link *)made.items)->id;
    return OK;
}

static err add_survey(struct ctx *ctx, struct hanging *hanging, i64 number)
{
    struct survey_document draft;
    str text;
    TRY(version_of(ctx, hanging, number, false, &text));
    TRY(survey_document_read(ctx, text, &draft));
    TRY(survey_add(ctx, hanging->rooms, STR("demo"), &draft, &hanging->surveys[number].id));
    TRY(publish(ctx, hanging, number, 1, hanging->since_ms));
    TRY(publish(ctx, hanging, number, 2, hanging->newest_ms - CORRECTED_DAYS * 86400000LL));
    return add_link(ctx, hanging, number, WAY_PUBLIC, STR(""), &hanging->surveys[number].link);
}

/* Responses. */

static i64 survey_of(const struct event *event)
{
    for (i64 i = 0; i < ASKED; i++) {
        if (str_eq(event->question, str_from(plans[i].series))) {
            return i;
        }
    }
    return -1;
}

static err note_newest(void *self, struct ctx *ctx, const struct event *event)
{
    struct hanging *hanging = self;
    (void)ctx;
    hanging->newest_ms = greater(hanging->newest_ms, event->at_ms);
    return OK;
}

static str text_or_empty(str text)
{
    return str_is(text) ? text : STR("");
}

static str answers_of(struct ctx *ctx, const struct event *event, i64 number)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    json_object(&writer);
    json_pair_i64(&writer, "q1", (i64)event->score.value);
    if (str_is(event->text) && event->text.len > 0) {
        json_pair_str(&writer, plans[number].words, event->text);
    }
    json_object_end(&writer);
    return json_text(&writer);
}

/* The response an answer came with, and now and then somebody who only looked. */
static void note_response(struct ctx *ctx, struct hanging *hanging, const struct event *event, i64 number)
{
    bool words = str_is(event->text) && event->text.len > 0;
    i64 first_ms = chance_between(&hanging->dice, 2500, 9000), words_ms = chance_between(&hanging->dice, 8000, 45000);
    bool looked = chance(&hanging->dice, 280);
    for (i64 k = 0; k < (looked ? 2 : 1); k++) {
        if (hanging->count == hanging->capacity) {
            i64 wish = hanging->capacity * 2 + 1024;
            hanging->responses = arena_grow(&ctx->arena, hanging->responses,
                                            hanging->capacity * (i64)sizeof(struct response),
                                            wish * (i64)sizeof(struct response), _Alignof(struct response));
            hanging->capacity = wish;
        }
        struct response *response = &hanging->responses[hanging->count++];
        *response = (struct response){
            .id = id_new(),
            .survey = number,
            .version = event->at_ms < hanging->newest_ms - CORRECTED_DAYS * 86400000LL ? 1 : 2,
            .state = k == 0 ? RESPONSE_FINISHED : RESPONSE_PARTIAL,
            .language = STR("vi"),
            .alias = k == 0 ? str_copy(&ctx->arena, event->alias) : STR(""),
            .channel = str_copy(&ctx->arena, text_or_empty(event->channel)),
            .place = str_copy(&ctx->arena, text_or_empty(event->place)),
            .device = STR(""),
            .answers = k == 0 ? answers_of(ctx, event, number) : STR("{}"),
            .sent = STR(""),
            .hidden = STR("{}"),
            .seen = k > 0 ? STR("[\"q1\"]") : str_format(&ctx->arena, "[\"q1\",\"%s\"]", plans[number].words),
            .spent = k > 0   ? STR("{}")
                     : words ? str_format(&ctx->arena, "{\"q1\":%lld,\"%s\":%lld}", (long long)first_ms,
                                          plans[number].words, (long long)words_ms)
                             : str_format(&ctx->arena, "{\"q1\":%lld}", (long long)first_ms),
            .answered = k > 0   ? 0
                        : words ? 2
                                : 1,
            .end = k == 0 ? STR("thanks") : STR(""),
            .started_ms = event->at_ms - first_ms - (words ? words_ms : 0),
            .changed_ms = event->at_ms,
            .finished_ms = k == 0 ? event->at_ms : 0,
        };
        response->counted = k == 0 ? response->answers : STR_NONE;
    }
}

static err take(void *self, struct ctx *ctx, const struct event *event)
{
    struct hanging *hanging = self;
    i64 number = str_is(event->question) ? survey_of(event) : -1;
    if (number >= 0 && event->score.is && event->at_ms >= hanging->since_ms) {
        note_response(ctx, hanging, event, number);
    }
    return ctx_stopped(ctx) ? ERR_CANCELLED : OK;
}

/* At a shop it was the code on the counter. */
static err link_of(struct ctx *ctx, struct hanging *hanging, i64 number, str place, i64 *out)
{
    struct asked_survey *survey = &hanging->surveys[number];
    *out = survey->link;
    if (place.len == 0 || !str_eq(str_from(plans[number].template), STR("store"))) {
        return OK;
    }
    for (i64 i = 0; i < survey->place_count; i++) {
        if (str_eq(survey->places[i], place)) {
            *out = survey->place_links[i];
            return OK;
        }
    }
    if (survey->place_count == SHOPS_MAX) {
        return OK;
    }
    TRY(add_link(ctx, hanging, number, WAY_QR, place, out));
    survey->places[survey->place_count] = place;
    survey->place_links[survey->place_count++] = *out;
    return OK;
}

static err store_all_of(struct ctx *ctx, struct store *store, void *arg)
{
    struct hanging *hanging = arg;
    for (i64 i = 0; i < ASKED; i++) {
        TRY(add_survey(ctx, hanging, i));
    }
    for (i64 i = 0; i < hanging->count; i++) {
        struct response *response = &hanging->responses[i];
        i64 number = response->survey;
        response->survey = hanging->surveys[number].id;
        TRY(link_of(ctx, hanging, number, response->place, &response->link));
        u8 nobody[32];
        random_bytes(nobody, sizeof nobody); // nobody continues these
        TRY(store_later(ctx, store, SQL_RESPONSE_ADD,
                        ARGS_OF(&response_row_shape, response,
                                ARG_BYTES("edit", str_copy(&ctx->arena, (str){(const char *)nobody, sizeof nobody})))));
        if (response->state == RESPONSE_FINISHED) {
            TRY(store_later(ctx, store, SQL_SURVEY_LINK_FINISHED, ARGS(ARG_I64("id", response->link))));
        }
    }
    return OK;
}

err asked_hang(struct ctx *ctx, struct store *store, struct events *events, struct surveys *surveys)
{
    struct hanging hanging = {.store = store, .rooms = surveys, .dice = dice_new(20261122, 7)};
    if (surveys == NULL) {
        return OK;
    }
    TRY(survey_bank(ctx, &hanging.bank));
    TRY(events_scan(ctx, events, 0, EVENT_KEYS, note_newest, &hanging));
    hanging.since_ms = hanging.newest_ms - ASKED_DAYS * 86400000LL;
    TRY(events_scan(ctx, events, 0, EVENT_ALL, take, &hanging));
    return store_write(ctx, store, store_all_of, &hanging);
}

err asked_clear(struct ctx *ctx, struct store *store)
{
    return store_run(ctx, store, SQL_SURVEY_CLEAR, ARGS_NONE, NULL);
}
