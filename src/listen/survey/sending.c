#include "listen/survey/sending.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "events/log.h"
#include "http/sse.h"
#include "listen/survey/agree.h"
#include "listen/survey/file.h"
#include "listen/survey/removal.h"
#include "listen/survey/results_pass.h"
#include "listen/survey/state.h"
#include "store/processes.h"

#include <errno.h>
#include <time.h>

enum { LOOK_S = 2, CLEAN_S = 3600, PENDING_AT_ONCE = 100 };

/* Events. */

static void put_chosen(struct json_writer *props, const struct survey_question *question,
                       const struct survey_answer *answer)
{
    bool one = question->type == SURVEY_SINGLE;
    if (question->type == SURVEY_EMOTION) {
        json_pair_str(props, "emotion", answer->chosen.items[0]);
        json_pair_i64(props, "strength", (i64)answer->number);
        if (str_is(question->target)) {
            json_pair_str(props, "target", question->target);
        }
        return;
    }
    if (question->type == SURVEY_FILE) {
        json_pair_i64(props, "files", answer->chosen.count);
        return;
    }
    if (one) {
        json_pair_str(props, "answer", answer->chosen.items[0]);
        return;
    }
    json_key(props, STR("answers"));
    json_list(props);
    for (i64 i = 0; i < answer->chosen.count; i++) {
        json_put_str(props, answer->chosen.items[i]);
    }
    json_list_end(props);
}

/* What somebody wrote into a contact question stays with the response: the log is no place for addresses nobody may look up. */
static str props_of(struct ctx *ctx, const struct response *response, const struct survey_question *question,
                    const struct survey_answer *answer)
{
    struct json_writer props = json_writer_in(&ctx->arena);
    struct hidden_field *hidden;
    i64 hidden_count = 0;
    if (survey_hidden_read(ctx, response->hidden, &hidden, &hidden_count) != OK) {
        ctx_forgive(ctx);
        hidden_count = 0;
    }
    json_object(&props);
    json_pair_id(&props, "survey", response->survey);
    json_pair_id(&props, "response", response->id);
    json_pair_str(&props, "item", question->id);
    if (answer->chosen.count > 0) {
        put_chosen(&props, question, answer);
    } else if (question->type == SURVEY_SLIDER) {
        json_pair_f64(&props, "answer", answer->number);
    }
    json_pair_str(&props, "language", response->language);
    for (i64 i = 0; i < hidden_count; i++) {
        json_key(&props, hidden[i].name);
        json_put_str(&props, hidden[i].value);
    }
    json_object_end(&props);
    return json_text(&props);
}

static str first_of(str a, str b, str c)
{
    return str_is(a) && a.len > 0 ? a : str_is(b) && b.len > 0 ? b : str_is(c) ? c : STR("");
}

/* Scores pass the one gate at entry: reversed wordings are flipped there. A slider has a score where its ends are a scale. */
static void put_score(struct ctx *ctx, const struct survey_question *question, const struct survey_answer *answer,
                      struct event *event)
{
    enum metric metric = survey_metric((enum survey_type)question->type);
    struct scale scale = survey_scale(question);
    char text[SCALE_TEXT_MAX];
    if (question->type == SURVEY_SLIDER) {
        f64 low = question->min.value, high = question->max.is ? question->max.value : 100;
        str range = str_format(&ctx->arena, "%.17g-%.17g", low, high);
        if (!scale_parse(range, &scale)) {
            return;
        }
    }
    struct answer given = {metric, scale, answer->number, question->reversed};
    f64 score;
    if (metric_admit(&given, &score, &scale) == OK) {
        event->metric = metric == METRIC_NONE ? STR("") : metric_word(metric);
        event->score = (struct maybe_f64){score, true};
        event->scale = str_copy(&ctx->arena, scale_text(scale, text));
        event->reversed = question->reversed;
    }
}

static void fill_event(struct ctx *ctx, const struct response *response, const struct survey_link *link,
                       const struct survey_document *document, const struct survey_question *question,
                       const struct survey_answer *answer, struct event *event)
{
    char id[ID_TEXT_LEN];
    *event = (struct event){
        .at_ms = response->finished_ms != 0 ? response->finished_ms : response->changed_ms,
        .source = STR(SURVEY_SOURCE),
        .message_id = str_format(&ctx->arena, "%.*s:%.*s", STR_ARG(id_text(response->id, id)), STR_ARG(question->id)),
        .alias = response->alias,
        .kind = STR(SURVEY_ANSWERED),
        .channel = response->channel,
        .place = response->place,
        .touchpoint = first_of(link->touchpoint, question->touchpoint, document->touchpoint),
        .question = question->series,
        .version = response->version,
        .text = question->type == SURVEY_TEXT ? answer->text : answer->other,
        .props = props_of(ctx, response, question, answer),
    };
    if (survey_numeric((enum survey_type)question->type)) {
        put_score(ctx, question, answer, event);
    }
}

err sending_events(struct ctx *ctx, const struct response *response, const struct survey_link *link,
                   const struct survey_document *document, struct event **out, i64 *count)
{
    i64 most = greater(document->questions.count, 1);
    struct survey_answer *answers = arena_new(&ctx->arena, struct survey_answer, most);
    TRY(survey_answers_read(ctx, document, response->counted, answers));
    *out = arena_new(&ctx->arena, struct event, most);
    *count = 0;
    for (i64 i = 0; i < document->questions.count; i++) {
        if (answers[i].given) {
            fill_event(ctx, response, link, document, survey_question_at(document, i), &answers[i],
                       &(*out)[(*count)++]);
        }
    }
    return OK;
}

/* Where somebody removed the response while its events were on their way, they are taken out again. */
static err take_back(struct ctx *ctx, struct surveys *surveys, const struct response *response,
                     const struct survey_document *document)
{
    i64 there = 0;
    TRY(store_number(ctx, surveys->options.store, SQL_RESPONSE_THERE, ARGS(ARG_I64("id", response->id)), &there));
    if (there != 0) {
        return OK;
    }
    struct json_writer questions = json_writer_in(&ctx->arena);
    json_list(&questions);
    for (i64 i = 0; i < document->questions.count; i++) {
        json_put_str(&questions, survey_question_at(document, i)->id);
    }
    json_list_end(&questions);
    return response_unsend(ctx, surveys, response->id, json_text(&questions));
}

static err send(struct ctx *ctx, struct surveys *surveys, const struct response *response,
                const struct survey_document *document)
{
    struct survey_link link;
    struct event *events;
    i64 count;
    err found = survey_link_get(ctx, surveys, response->link, STR(""), &link);
    if (found == ERR_NOT_FOUND) {
        ctx_forgive(ctx);
        link = (struct survey_link){.touchpoint = STR("")};
    } else {
        TRY(found);
    }
    TRY(sending_events(ctx, response, &link, document, &events, &count));
    if (count > 0) {
        TRY(events_append(ctx, surveys->options.events, events, count, arena_new(&ctx->arena, u8, count)));
    }
    TRY(take_back(ctx, surveys, response, document));
    return store_run(ctx, surveys->options.store, SQL_RESPONSE_SENT,
                     ARGS(ARG_I64("id", response->id), ARG_I64("pending_ms", response->pending_ms)), NULL);
}

void sending_now(struct ctx *ctx, struct surveys *surveys, const struct response *response,
                 const struct survey_document *document)
{
    err code = send(ctx, surveys, response, document);
    if (code != OK) {
        log_fault(LOG_WARN, "answers_wait", ctx, code);
        ctx_forgive(ctx);
    }
}

/* The thread. */

struct freezing {
    struct response *response;
    const struct survey_document *document;
    i64 again_ms;
    bool due;
};

static err count_them(struct ctx *ctx, struct store *store, void *arg)
{
    struct freezing *freezing = arg;
    const struct response *response = freezing->response;
    i64 changed = 0;
    TRY(store_run(ctx, store, SQL_RESPONSE_COUNT,
                  ARGS(ARG_I64("id", response->id), ARG_I64("pending_ms", response->pending_ms),
                       ARG_I64("again_ms", freezing->again_ms)),
                  &changed));
    freezing->due = changed > 0;
    return freezing->due ? survey_agree_write(ctx, store, freezing->document, response, response->counted) : OK;
}

/* Answers that were left alone become the counted ones. False when somebody went on with them meanwhile. */
static err freeze(struct ctx *ctx, struct surveys *surveys, struct response *response,
                  const struct survey_document *document, bool *due)
{
    struct freezing freezing = {response, document, ctx_now_ms(ctx) + RESPONSE_AGAIN_MS, false};
    TRY(store_write(ctx, surveys->options.store, count_them, &freezing));
    *due = freezing.due;
    response->counted = response->answers;
    response->pending_ms = freezing.again_ms;
    return OK;
}

static err send_pending(struct ctx *ctx, struct surveys *surveys, struct response *response)
{
    struct survey_document document;
    bool due;
    TRY(survey_version_get(ctx, surveys, response->survey, response->version, NULL, &document));
    TRY(freeze(ctx, surveys, response, &document, &due));
    if (!due) {
        return OK;
    }
    TRY(send(ctx, surveys, response, &document));
    surveys_tell(surveys, ctx, response->survey);
    return OK;
}

/* Sends what is due; false when there is nothing more, or it cannot be done now. */
static bool send_some(struct surveys *surveys)
{
    struct ctx ctx = {0};
    struct shape_list rows;
    bool more = false;
    err code = store_all(&ctx, surveys->options.store, SQL_RESPONSES_PENDING,
                         ARGS(ARG_I64("now_ms", ctx_now_ms(&ctx)), ARG_I64("limit", PENDING_AT_ONCE)),
                         &response_row_shape, &rows);
    for (i64 i = 0; code == OK && i < rows.count && !__atomic_load_n(&surveys->stop, __ATOMIC_RELAXED); i++) {
        code = send_pending(&ctx, surveys, (struct response *)rows.items + i);
        more = rows.count == PENDING_AT_ONCE;
    }
    if (code != OK) {
        log_fault(LOG_WARN, "answers_wait", &ctx, code);
    }
    ctx_end(&ctx);
    return code == OK && more;
}

static void clean(struct surveys *surveys)
{
    struct ctx ctx = {0};
    err code = response_removals_finish(&ctx, surveys);
    code = code == OK ? survey_files_clean(&ctx, surveys) : code;
    code = code == OK ? response_clean(&ctx, surveys, RESPONSES_EMPTY_MAX) : code;
    if (code != OK) {
        log_fault(LOG_WARN, "surveys_not_cleaned", &ctx, code);
    }
    ctx_end(&ctx);
}

static bool wait_for_work(struct surveys *surveys)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&surveys->lock);
    int waited = 0;
    while (!surveys->work && !surveys->stop && waited != ETIMEDOUT) {
        waited = pthread_cond_timedwait(&surveys->wake, &surveys->lock, &until);
    }
    surveys->work = false;
    bool stop = surveys->stop;
    pthread_mutex_unlock(&surveys->lock);
    return !stop;
}

static void *work(void *self)
{
    struct surveys *surveys = self;
    i64 cleaned_ns = clock_steady_ns() - CLEAN_S * 1000000000LL; // what a crash interrupted is not left for an hour
    bool warm = false;
    do {
        while (send_some(surveys)) {
        }
        if (!warm) {
            warm = true;
            results_kept_warm(surveys);
        }
        if (clock_steady_ns() - cleaned_ns >= CLEAN_S * 1000000000LL) {
            cleaned_ns = clock_steady_ns();
            clean(surveys);
        }
    } while (wait_for_work(surveys));
    return NULL;
}

void surveys_wake(struct surveys *surveys)
{
    pthread_mutex_lock(&surveys->lock);
    surveys->work = true;
    pthread_cond_signal(&surveys->wake);
    pthread_mutex_unlock(&surveys->lock);
}

/* Open pages. */

static void publish(struct surveys *surveys, str id)
{
    struct ctx ctx = {0};
    struct json_writer writer = json_writer_in(&ctx.arena);
    if (surveys->options.live != NULL) {
        json_object(&writer);
        json_pair_str(&writer, "survey", id);
        json_object_end(&writer);
        sse_publish(surveys->options.live, "survey", json_text(&writer));
    }
    ctx_end(&ctx);
}

static err hear(void *self, struct ctx *ctx, str text)
{
    (void)ctx;
    if (str_is(text)) {
        publish(self, text);
    }
    return OK;
}

void surveys_tell(struct surveys *surveys, struct ctx *ctx, i64 survey)
{
    (void)ctx;
    char id[ID_TEXT_LEN];
    publish(surveys, id_text(survey, id));
    processes_tell(surveys->options.processes, "survey", id_text(survey, id));
}

/* Opening and closing. */

err surveys_open(struct ctx *ctx, const struct surveys_options *options, struct surveys **out)
{
    struct surveys *surveys = mem_new(sizeof *surveys);
    surveys->options = *options;
    surveys->young_ms = RESULTS_YOUNG_MS;
    pthread_mutex_init(&surveys->lock, NULL);
    pthread_cond_init(&surveys->wake, NULL);
    for (i64 i = 0; i < KEPT_RESULTS; i++) {
        pthread_mutex_init(&surveys->results[i].lock, NULL);
    }
    if (pthread_create(&surveys->thread, NULL, work, surveys) != 0) {
        surveys_close(surveys);
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.threads");
    }
    surveys->started = true;
    processes_hear(options->processes, "survey", hear, surveys);
    *out = surveys;
    return OK;
}

void surveys_close(struct surveys *surveys)
{
    if (surveys == NULL) {
        return;
    }
    pthread_mutex_lock(&surveys->lock);
    __atomic_store_n(&surveys->stop, true, __ATOMIC_RELAXED);
    pthread_cond_signal(&surveys->wake);
    pthread_mutex_unlock(&surveys->lock);
    if (surveys->started) {
        pthread_join(surveys->thread, NULL);
    }
    results_kept_close(surveys);
    pthread_mutex_destroy(&surveys->lock);
    pthread_cond_destroy(&surveys->wake);
    mem_free(surveys);
}
