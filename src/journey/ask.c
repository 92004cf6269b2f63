#include "journey/ask.h"

#include "base/clock.h"
#include "base/id.h"
#include "journey/answer.h"
#include "journey/tally.h"

/* Rows. */

/* What the sender sent, without what we keep in it for ourselves. */
static void write_props(struct json_writer *writer, struct ctx *ctx, str props)
{
    struct json value;
    json_key(writer, STR("props"));
    if (props.len == 0 || json_parse(ctx, json_reader_here(), props, &value) != OK || json_type(value) != JSON_OBJECT) {
        json_put_null(writer);
        return;
    }
    json_object(writer);
    for (struct json_iter iter = json_each(value); json_next(&iter);) {
        if (!str_eq(iter.key, STR("$"))) {
            json_key(writer, str_eq(iter.key, STR("$$")) ? STR("$") : iter.key);
            json_put_value(writer, iter.value);
        }
    }
    json_object_end(writer);
}

static void write_person(struct json_writer *writer, i64 person, str name)
{
    json_key(writer, STR("person"));
    if (person == 0) {
        json_put_null(writer);
        return;
    }
    json_object(writer);
    json_pair_id(writer, "id", person);
    json_pair_str(writer, "name", name);
    json_object_end(writer);
}

static void write_answer(struct json_writer *writer, const struct event *event)
{
    json_pair_str(writer, "metric", event->metric);
    json_pair_str(writer, "question", event->question);
    json_key(writer, STR("version"));
    if (event->version != 0) {
        json_put_i64(writer, event->version);
    } else {
        json_put_null(writer);
    }
    json_pair_number(writer, "score", event->score.is, event->score.value);
    json_pair_str(writer, "scale", event->scale);
}

static void write_amount(struct json_writer *writer, const struct event *event)
{
    json_key(writer, STR("amount"));
    if (event->amount.is) {
        json_put_i64(writer, event->amount.value);
    } else {
        json_put_null(writer);
    }
    json_pair_str(writer, "currency", event->currency);
}

static void write_event(struct json_writer *writer, struct ctx *ctx, const struct event *event,
                        const struct found_row *row, str name, bool personal)
{
    json_object(writer);
    json_pair_id(writer, "id", event->id);
    json_pair_i64(writer, "at_ms", event->at_ms);
    json_pair_i64(writer, "received_ms", event->received_ms);
    if (personal) {
        write_person(writer, row->person, name);
        json_pair_str(writer, "alias", event->alias);
    }
    json_pair_str(writer, "source", event->source);
    json_pair_str(writer, "kind", event->kind);
    json_pair_str(writer, "channel", event->channel);
    json_pair_str(writer, "place", event->place);
    json_pair_str(writer, "touchpoint", row->touchpoint);
    json_pair_str(writer, "stage", row->stage);
    write_answer(writer, event);
    write_amount(writer, event);
    if (personal) {
        json_pair_str(writer, "text", event->text);
    }
    write_props(writer, ctx, event->props);
    json_object_end(writer);
}

static err names_of(struct ctx *ctx, const struct asked_rooms *rooms, const struct found_row *rows, i64 count,
                    str **names)
{
    i64 *ids = arena_new(&ctx->arena, i64, greater(count, 1));
    *names = arena_new(&ctx->arena, str, greater(count, 1));
    for (i64 i = 0; i < count; i++) {
        ids[i] = rows[i].person;
    }
    return rooms->persons.names == NULL ? OK : rooms->persons.names(rooms->persons.self, ctx, ids, count, *names);
}

static err write_found(struct ctx *ctx, const struct asked_rooms *rooms, const struct found_row *rows, i64 count,
                       bool personal, struct json_writer *writer)
{
    i64 *ids = arena_new(&ctx->arena, i64, greater(count, 1));
    struct event *events = NULL;
    i64 found = 0;
    str *names;
    for (i64 i = 0; i < count; i++) {
        ids[i] = rows[i].id;
    }
    if (rooms->log != NULL && count > 0) {
        TRY(events_fetch(ctx, rooms->log, ids, count, &events, &found));
    }
    TRY(names_of(ctx, rooms, rows, count, &names));
    for (i64 i = 0, k = 0; i < count && k < found; i++) {
        if (events[k].id == rows[i].id) { // one may have been removed in between
            write_event(writer, ctx, &events[k++], &rows[i], names[i], personal);
        }
    }
    return OK;
}

static err rows_of(struct asking *asking, struct json_writer *writer, str *next)
{
    struct ctx *ctx = asking->ctx;
    struct found_row *rows;
    i64 count;
    bool more;
    TRY(answer_rows(asking, &rows, &count, &more));
    asking_end(asking); // the log is read without the locks
    *next = STR_NONE;
    if (more) {
        char *text = arena_alloc(&ctx->arena, CURSOR_MAX, 1);
        *next = cursor_text(rows[count - 1].at_ms, rows[count - 1].id, text);
    }
    return write_found(ctx, asking->rooms, rows, count, asking->scope.personal, writer);
}

err ask_rows(struct ctx *ctx, const struct asked_rooms *rooms, const struct scope *scope,
             const struct question *question, struct json_writer *writer, str *next)
{
    struct asking *asking = arena_new(&ctx->arena, struct asking, 1);
    TRY(asking_begin(ctx, rooms, scope, question, asking));
    return rows_of(asking, writer, next);
}

/* Answers. */

static void pair_moment(struct json_writer *writer, const char *name, const struct zone *zone, struct maybe_i64 at)
{
    char text[ISO_MAX];
    if (at.is) {
        json_pair_str(writer, name, iso_format(zone, at.value, text));
    }
}

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
    const struct question *question = &asking->question;
    json_key(writer, STR("asked"));
    json_object(writer);
    json_pair_str(writer, "ask", str_from(ask_words[question->kind]));
    pair_moment(writer, "from", question->zone, question->from_ms);
    pair_moment(writer, "to", question->zone, question->to_ms);
    if (str_is(question->where_text)) {
        json_pair_raw(writer, "where", question->where_text);
    }
    if (question->by_count > 0) {
        json_key(writer, STR("by"));
        json_list(writer);
        for (i64 i = 0; i < question->by_count; i++) {
            json_put_str(writer, question->by_names[i]);
        }
        json_list_end(writer);
    }
    if (question->every != PERIOD_NONE) {
        json_pair_str(writer, "every", question->every_word);
    }
    if (str_is(question->metric)) {
        json_pair_str(writer, "metric", question->metric);
    }
    if (question->person != 0) {
        json_pair_id(writer, "person", question->person);
    }
    write_versions(writer, &asking->view);
    json_pair_str(writer, "zone", zone_name(question->zone));
    json_pair_i64(writer, "minimum_n", question->minimum_n);
    json_object_end(writer);
}

static err write_rows(struct asking *asking, struct json_writer *writer, str *next)
{
    switch (asking->question.kind) {
    case ASK_SCORE: return answer_score(asking, writer);
    case ASK_COUNT: return answer_count(asking, writer);
    case ASK_ADHERENCE: return answer_adherence(asking, writer);
    default: return rows_of(asking, writer, next);
    }
}

err ask_answer(struct ctx *ctx, const struct asked_rooms *rooms, const struct scope *scope,
               const struct question *question, str *out)
{
    if (question->kind == ASK_TIMELINE && !scope->personal) {
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
    asking_end(asking);
    json_list_end(&writer);
    if (question->kind == ASK_TIMELINE) {
        json_pair_str(&writer, "next", next);
    }
    write_asked(&writer, asking);
    json_pair_i64(&writer, "as_of", asking->asked_ms);
    json_pair_f64(&writer, "took_ms", (f64)(clock_steady_ns() - began_ns) / 1e6);
    json_object_end(&writer);
    *out = json_text(&writer);
    return OK;
}

err ask_text(struct ctx *ctx, const struct asked_rooms *rooms, const struct scope *scope,
             const struct question_defaults *defaults, str json, str *out)
{
    struct json object;
    struct question question;
    TRY(json_parse(ctx, json_reader_here(), json, &object));
    TRY(question_read(ctx, object, defaults, &question));
    return ask_answer(ctx, rooms, scope, &question, out);
}
