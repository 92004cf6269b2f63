#include "journey/ask.h"

#include "journey/answer.h"

static const struct shape_field person_fields[] = {
    {"id", SHAPE_ID, offsetof(struct row_person, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct row_person, name)},
};
static const struct shape person_shape = SHAPE("RowPerson", struct row_person, person_fields, "shape.row_person");

enum { PERSONAL = SHAPE_PERSONAL | SHAPE_OMIT_NONE };

static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, offsetof(struct row, id), .flags = SHAPE_REQUIRED},
    {"at_ms", SHAPE_I64, offsetof(struct row, at_ms), .help = "shape.row.at_ms"},
    {"received_ms", SHAPE_I64, offsetof(struct row, received_ms), .help = "shape.row.received_ms"},
    {"person", SHAPE_MAYBE_OBJECT, offsetof(struct row, person), .of = &person_shape, .flags = PERSONAL},
    {"alias", SHAPE_STR, offsetof(struct row, alias), .flags = PERSONAL, .help = "shape.row.alias"},
    {"source", SHAPE_STR, offsetof(struct row, source)},
    {"kind", SHAPE_STR, offsetof(struct row, kind)},
    {"channel", SHAPE_STR, offsetof(struct row, channel)},
    {"place", SHAPE_STR, offsetof(struct row, place)},
    {"touchpoint", SHAPE_STR, offsetof(struct row, touchpoint), .help = "shape.row.touchpoint"},
    {"stage", SHAPE_STR, offsetof(struct row, stage)},
    {"metric", SHAPE_STR, offsetof(struct row, metric)},
    {"question", SHAPE_STR, offsetof(struct row, question)},
    {"version", SHAPE_MAYBE_I64, offsetof(struct row, version), .help = "shape.row.version"},
    {"score", SHAPE_MAYBE_F64, offsetof(struct row, score)},
    {"scale", SHAPE_STR, offsetof(struct row, scale)},
    {"amount", SHAPE_MAYBE_I64, offsetof(struct row, amount), .help = "shape.row.amount"},
    {"currency", SHAPE_STR, offsetof(struct row, currency)},
    {"text", SHAPE_STR, offsetof(struct row, text), .flags = PERSONAL},
    {"props", SHAPE_JSON, offsetof(struct row, props), .flags = PERSONAL},
};
const struct shape row_shape = SHAPE("Row", struct row, row_fields, "shape.row");

/* What the sender sent, without what we keep in it for ourselves. */
static str clean_props(struct ctx *ctx, str props)
{
    struct json value;
    if (props.len == 0 || json_parse(ctx, json_reader_here(), props, &value) != OK || json_type(value) != JSON_OBJECT) {
        return STR_NONE;
    }
    struct json_writer writer = json_writer_in(&ctx->arena);
    json_object(&writer);
    for (struct json_iter iter = json_each(value); json_next(&iter);) {
        if (!str_eq(iter.key, STR("$"))) {
            json_key(&writer, str_eq(iter.key, STR("$$")) ? STR("$") : iter.key);
            json_put_value(&writer, iter.value);
        }
    }
    json_object_end(&writer);
    return json_text(&writer);
}

static struct row_person *person_of(struct ctx *ctx, i64 id, str name)
{
    if (id == 0) {
        return NULL;
    }
    struct row_person *person = arena_new(&ctx->arena, struct row_person, 1);
    *person = (struct row_person){id, name};
    return person;
}

static struct row describe(struct ctx *ctx, const struct event *event, const struct found_row *found, str name)
{
    return (struct row){
        .id = event->id,
        .at_ms = event->at_ms,
        .received_ms = event->received_ms,
        .person = person_of(ctx, found->person, name),
        .alias = event->alias,
        .source = event->source,
        .kind = event->kind,
        .channel = event->channel,
        .place = event->place,
        .touchpoint = found->touchpoint,
        .stage = found->stage,
        .metric = event->metric,
        .question = event->question,
        .version = {event->version, event->version != 0},
        .score = event->score,
        .scale = event->scale,
        .amount = event->amount,
        .currency = event->currency,
        .text = event->text,
        .props = clean_props(ctx, event->props),
    };
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

static err fetch(struct ctx *ctx, const struct asking *asking, const struct found_row *rows, i64 count,
                 struct shape_list *out)
{
    const struct asked_rooms *rooms = asking->rooms;
    i64 *ids = arena_new(&ctx->arena, i64, greater(count, 1));
    struct event *events = NULL;
    i64 found = 0, written = 0;
    str *names = NULL;
    for (i64 i = 0; i < count; i++) {
        ids[i] = rows[i].id;
    }
    if (rooms->log != NULL && count > 0) {
        TRY(events_fetch(ctx, rooms->log, ids, count, &events, &found));
    }
    if (asking->scope.personal) {
        TRY(names_of(ctx, rooms, rows, count, &names));
    }
    struct row *items = arena_new(&ctx->arena, struct row, greater(count, 1));
    for (i64 i = 0; i < count && written < found; i++) {
        if (events[written].id == rows[i].id) { // one may have been removed in between
            items[written] = describe(ctx, &events[written], &rows[i], names == NULL ? STR_NONE : names[i]);
            written++;
        }
    }
    *out = (struct shape_list){items, written};
    return OK;
}

err answer_list(struct asking *asking, struct shape_list *out, str *next)
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
    return fetch(ctx, asking, rows, count, out);
}

err ask_rows(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
             const struct question *question, struct shape_list *out, str *next)
{
    struct asking *asking = arena_new(&ctx->arena, struct asking, 1);
    TRY(asking_begin(ctx, rooms, scope, question, asking));
    return answer_list(asking, out, next);
}
