#include "journey/ask.h"

#include "base/clock.h"
#include "journey/answer.h"
#include "journey/sql/answers.h"

/* Answers. */

enum { HINT_WORDS = 50 };

static void write_versions(struct json_writer *writer, const struct journey_view *view)
{
    if (view->newest == NULL) {
        return;
    }
    json_pair_id(writer, "journey", view->id);
    json_key(writer, STR("versions"));
    json_list(writer);
    for (i64 i = 0; i < view->count; i++) {
        json_put_i64(writer, view->taking[i]->version);
    }
    json_list_end(writer);
}

/* The question as it was understood: with zone, versions and minimum n. */
static void write_asked(struct json_writer *writer, const struct asking *asking)
{
    json_key(writer, STR("asked"));
    json_object(writer);
    question_write(writer, &asking->question);
    write_versions(writer, &asking->journey);
    json_object_end(writer);
}

static void write_words(struct json_writer *writer, const char *name, const struct str_list *words)
{
    json_key(writer, str_from(name));
    json_list(writer);
    for (i64 i = 0; i < lesser(words->count, HINT_WORDS); i++) {
        json_put_str(writer, words->items[i]);
    }
    json_list_end(writer);
}

/* All words of one sort that ever occurred, in the order of first sight. */
static err words_seen(const struct asking *asking, enum word word, struct str_list *out)
{
    if (asking->rooms->index == NULL) {
        return sql_words(asking, word, out);
    }
    const struct texts *texts = &asking->view.texts[word];
    *out = (struct str_list){(str *)(uintptr_t)(texts->values + 1), texts->count};
    return OK;
}

static bool holds_word(const struct str_list *words, str wanted)
{
    i64 i = 0;
    while (i < words->count && !str_eq(words->items[i], wanted)) {
        i++;
    }
    return i < words->count;
}

/* No answer ever had this metric: rather a slip of the pen than a score of nobody. Says which there are. */
static err write_hint(struct json_writer *writer, const struct asking *asking)
{
    struct str_list metrics, questions;
    str wanted = asking->question.metric;
    if (asking->question.kind != ASK_SCORE || asking->read->answered) {
        return OK;
    }
    TRY(words_seen(asking, WORD_METRIC, &metrics));
    TRY(words_seen(asking, WORD_QUESTION, &questions));
    if (holds_word(&metrics, wanted) || holds_word(&questions, wanted)) {
        return OK;
    }
    json_key(writer, STR("hint"));
    json_object(writer);
    write_words(writer, "metrics", &metrics);
    write_words(writer, "questions", &questions);
    json_object_end(writer);
    return OK;
}

err answer_use(const struct asking *asking, const struct json_writer *writer)
{
    struct budget *budget = asking->budget;
    i64 bytes = writer->out.capacity * 2; // what it grew out of stays in the arena
    i64 more = bytes - budget->answer;
    if (more == 0) {
        return OK;
    }
    budget->answer = bytes;
    return asking_use(asking, more);
}

void answer_pair_seconds(struct json_writer *writer, const char *name, i64 ms)
{
    json_key(writer, str_from(name));
    if (ms < 0) {
        json_put_null(writer);
    } else {
        json_put_f64(writer, (f64)ms / 1000.0);
    }
}

static err write_timeline(struct asking *asking, struct json_writer *writer, str *next)
{
    struct shape_list rows;
    TRY(answer_list(asking, &rows, next));
    for (i64 i = 0; i < rows.count; i++) {
        shape_write(writer, &row_shape, &((struct row *)rows.items)[i], SHAPE_ALL);
        TRY(answer_use(asking, writer));
    }
    return OK;
}

/* What it took. */
static void write_read(struct json_writer *writer, const struct asking *asking)
{
    json_key(writer, STR("read"));
    json_object(writer);
    json_pair_i64(writer, "events", asking->read->events);
    json_pair_i64(writer, "people", asking->read->people);
    json_pair_i64(writer, "bytes", asking->budget->most);
    json_pair_i64(writer, "threads", asking->read->threads);
    json_object_end(writer);
}

static err write_rows(struct asking *asking, struct json_writer *writer, str *next)
{
    switch (asking->question.kind) {
    case ASK_SCORE: return answer_score(asking, writer);
    case ASK_COUNT: return answer_count(asking, writer);
    case ASK_FUNNEL: return answer_funnel(asking, writer);
    case ASK_RETENTION: return answer_retention(asking, writer);
    case ASK_PATHS: return answer_paths(asking, writer);
    case ASK_ADHERENCE: return answer_adherence(asking, writer);
    case ASK_FEATURES: return answer_features(asking, writer, next);
    default: return write_timeline(asking, writer, next);
    }
}

/* These are about persons, page by page. */
static bool is_paged(enum ask_kind kind)
{
    return kind == ASK_TIMELINE || kind == ASK_FEATURES;
}

err ask_answer(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
               const struct question *question, str *out)
{
    if (is_paged(question->kind) && !scope->personal) {
        return FAIL(ctx, ERR_FORBIDDEN, "ask", "error.ask.personal");
    }
    i64 began_ns = clock_steady_ns();
    struct asking *asking = arena_new(&ctx->arena, struct asking, 1);
    struct json_writer writer = json_writer_in(&ctx->arena);
    str next = STR_NONE;
    TRY(asking_begin(ctx, rooms, scope, question, asking));
    json_object(&writer);
    json_key(&writer, STR("rows"));
    json_list(&writer);
    TRY(write_rows(asking, &writer, &next));
    json_list_end(&writer);
    TRY(write_hint(&writer, asking));
    asking_end(asking);
    if (is_paged(question->kind)) {
        json_pair_str(&writer, "next", next);
    }
    write_asked(&writer, asking);
    write_read(&writer, asking);
    json_pair_i64(&writer, "as_of", asking->asked_ms);
    json_pair_f64(&writer, "took_ms", (f64)(clock_steady_ns() - began_ns) / 1e6);
    json_object_end(&writer);
    *out = json_text(&writer);
    return OK;
}

err ask_text(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
             const struct question_defaults *defaults, str json, str *out)
{
    struct json object;
    struct question question;
    TRY(json_parse(ctx, json_reader_here(), json, &object));
    TRY(question_read(ctx, object, defaults, &question));
    return ask_answer(ctx, rooms, scope, &question, out);
}
