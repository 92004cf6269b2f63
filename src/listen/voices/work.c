#include "listen/voices/work.h"

#include "base/id.h"
#include "listen/voices/inside.h"

static const struct shape_field change_fields[] = {
    {"status", SHAPE_WORD, offsetof(struct feedback_change, status), .words = feedback_status_words},
    {"owner", SHAPE_STR, offsetof(struct feedback_change, owner), .max = 20, .help = "shape.feedback_filter.owner"},
    {"corrected", SHAPE_JSON, offsetof(struct feedback_change, corrected), .max = 8000,
     .help = "shape.feedback_change.corrected"},
    {"reset", SHAPE_STRS, offsetof(struct feedback_change, reset), .max = 10, .help = "shape.feedback_change.reset"},
    {"pain", SHAPE_ID, offsetof(struct feedback_change, pain), .help = "shape.feedback_change.pain"},
    {"not_pain", SHAPE_ID, offsetof(struct feedback_change, not_pain), .help = "shape.feedback_change.not_pain"},
};
const struct shape feedback_change_shape = SHAPE("FeedbackChange", struct feedback_change, change_fields,
                                                 "shape.feedback_change");

static const struct shape_field pain_fields[] = {
    {"id", SHAPE_ID, offsetof(struct feedback_pain, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct feedback_pain, name), .flags = SHAPE_REQUIRED},
    {"how", SHAPE_STR, offsetof(struct feedback_pain, how), .flags = SHAPE_REQUIRED, .help = "shape.feedback_pain.how"},
};
static const struct shape pain_shape = SHAPE("FeedbackPain", struct feedback_pain, pain_fields, "shape.feedback_pain");

static const struct shape_field worked_fields[] = {
    {"corrected", SHAPE_JSON, offsetof(struct feedback_worked, corrected), .help = "shape.feedback_change.corrected"},
    {"changed_ms", SHAPE_TIME, offsetof(struct feedback_worked, changed_ms)},
    {"by", SHAPE_STR, offsetof(struct feedback_worked, by)},
    {"pains", SHAPE_LIST, offsetof(struct feedback_worked, pains), .of = &pain_shape, .flags = SHAPE_REQUIRED},
};
const struct shape feedback_worked_shape = SHAPE("FeedbackWork", struct feedback_worked, worked_fields,
                                                 "shape.feedback_work");

struct work_row {
    i64 feedback, owner, changed_ms;
    str status, corrected, by_name;
};
static const struct shape_field work_fields[] = {
    {"feedback", SHAPE_I64, offsetof(struct work_row, feedback)},
    {"owner", SHAPE_ID, offsetof(struct work_row, owner)},
    {"status", SHAPE_STR, offsetof(struct work_row, status)},
    {"corrected", SHAPE_STR, offsetof(struct work_row, corrected)},
    {"changed_ms", SHAPE_I64, offsetof(struct work_row, changed_ms)},
    {"by_name", SHAPE_STR, offsetof(struct work_row, by_name)},
};
static const struct shape work_shape = SHAPE("FeedbackWorkRow", struct work_row, work_fields, NULL);

static bool gives(const struct feedback_changing *changing, const char *name)
{
    return shape_has(&feedback_change_shape, changing->seen, name);
}

/* 0: nobody. */
static err owner_of(struct ctx *ctx, const struct feedback_changing *changing, i64 *out)
{
    str owner = changing->change->owner;
    i64 there = 0;
    *out = 0;
    if (!gives(changing, "owner") || !str_is(owner) || str_eq(owner, STR("none"))) {
        return OK;
    }
    if (id_parse(owner, out)) {
        TRY(store_number(ctx, changing->store, SQL_FEEDBACK_USER, ARGS(ARG_I64("id", *out)), &there));
    }
    return there > 0 ? OK : FAIL(ctx, ERR_INVALID, "owner", "error.feedback.owner");
}

static err pain_is_there(struct ctx *ctx, const struct feedback_changing *changing, const char *name, i64 pain)
{
    i64 there = 0;
    if (pain == 0) {
        return OK;
    }
    TRY(store_number(ctx, changing->store, SQL_PAIN_THERE, ARGS(ARG_I64("id", pain)), &there));
    return there > 0 ? OK : FAIL(ctx, ERR_INVALID, name, "error.pain.none");
}

static err check_correction(struct ctx *ctx, const struct feedback_changing *changing)
{
    const struct feedback_change *change = changing->change;
    struct correction correction;
    shape_seen seen;
    str before = ctx->pointer;
    ctx->pointer = str_format(&ctx->arena, "%.*s/corrected", STR_ARG(before));
    TRY(correction_parse(ctx, gives(changing, "corrected") ? change->corrected : STR_NONE, &correction, &seen));
    ctx->pointer = before;
    for (i64 i = 0; i < correction.topics.count; i++) {
        const struct said_topic *topic = (const struct said_topic *)correction.topics.items + i;
        if (!feedback_knows_topic(topic->topic)) {
            return FAIL(ctx, ERR_INVALID, "corrected/topics", "error.feedback.topic");
        }
    }
    for (i64 i = 0; i < change->reset.count; i++) {
        if (shape_bit(&correction_shape, str_c(&ctx->arena, change->reset.items[i])) == 0) {
            return FAIL(ctx, ERR_INVALID, "reset", "error.feedback.reset");
        }
    }
    return OK;
}

err feedback_change_check(struct ctx *ctx, const struct feedback_changing *changing)
{
    i64 owner;
    TRY(owner_of(ctx, changing, &owner));
    TRY(check_correction(ctx, changing));
    TRY(pain_is_there(ctx, changing, "pain", changing->change->pain));
    return pain_is_there(ctx, changing, "not_pain", changing->change->not_pain);
}

/* The correction that follows from an earlier one and the change, as JSON; none when nothing is corrected any more. */
static err merge(struct ctx *ctx, const struct feedback_changing *changing, str earlier, str *out)
{
    const struct feedback_change *change = changing->change;
    struct json old = {0}, new = {0};
    struct json_reader *reader = json_reader_open();
    struct json_writer writer = json_writer_in(&ctx->arena);
    bool any = false;
    err code = str_is(earlier) ? json_parse(ctx, reader, earlier, &old) : OK;
    if (code == OK && gives(changing, "corrected") && str_is(change->corrected)) {
        code = json_parse(ctx, json_reader_here(), change->corrected, &new);
    }
    json_object(&writer);
    for (i64 i = 0; i < correction_shape.field_count && code == OK; i++) {
        str name = str_from(correction_shape.fields[i].name);
        struct json value = json_is(json_get(new, name)) ? json_get(new, name) : json_get(old, name);
        for (i64 k = 0; k < change->reset.count; k++) {
            value = str_eq(change->reset.items[k], name) ? (struct json){0} : value;
        }
        if (json_is(value) && json_type(value) != JSON_NULL) {
            json_key(&writer, name);
            json_put_value(&writer, value);
            any = true;
        }
    }
    json_object_end(&writer);
    json_reader_close(reader);
    *out = any ? json_text(&writer) : STR_NONE;
    return code;
}

/* One chunk. */
struct chunk {
    const struct feedback_changing *changing;
    const i64 *ids;
    i64 count, owner;
    struct event *events; /* of these feedbacks, as far as they are there */
    i64 event_count;
    err (*keep)(void *self, struct ctx *ctx, const struct feedback_before *before);
    void *self;
    i64 changed;
};

static err put_row(struct ctx *ctx, struct store *store, const struct feedback *row)
{
    TRY(store_later(ctx, store, SQL_FEEDBACK_SET, ARGS_OF(&feedback_row_shape, row)));
    return row->has_text ? store_later(ctx, store, SQL_FEEDBACK_SET_SAID, ARGS_OF(&feedback_row_shape, row)) : OK;
}

static err put_work(struct ctx *ctx, const struct feedback_changing *changing, const struct feedback *row,
                    str corrected)
{
    return store_later(ctx, changing->store, SQL_FEEDBACK_WORK_SET,
                       ARGS(ARG_I64("feedback", row->id), ARG_STR("status", row->status), ARG_ID("owner", row->owner),
                            ARG_STR("corrected", corrected), ARG_I64("changed_ms", ctx_now_ms(ctx)),
                            ARG_STR("by_name", changing->by)));
}

static err put_pains(struct ctx *ctx, const struct feedback_changing *changing, i64 feedback)
{
    const struct feedback_change *change = changing->change;
    if (change->pain != 0) {
        TRY(store_later(ctx, changing->store, SQL_PAIN_LINK,
                        ARGS(ARG_I64("feedback", feedback), ARG_I64("pain", change->pain), ARG_STR("how", STR("hand")),
                             ARG_STR("by_name", changing->by), ARG_I64("at_ms", ctx_now_ms(ctx)))));
    }
    if (change->not_pain == 0) {
        return OK;
    }
    // What a rule found would be found again: it is remembered that somebody took it out.
    return store_later(ctx, changing->store, SQL_PAIN_LINK,
                       ARGS(ARG_I64("feedback", feedback), ARG_I64("pain", change->not_pain),
                            ARG_STR("how", STR("not")), ARG_STR("by_name", changing->by),
                            ARG_I64("at_ms", ctx_now_ms(ctx))));
}

/* The row as it is with a status, an owner and a correction: read from its event again. */
static err derive(struct ctx *ctx, const struct event *event, i64 position, const struct work_row *work,
                  struct feedback *out)
{
    TRY(feedback_of(ctx, event, out));
    out->position = position;
    out->status = str_is(work->status) ? work->status : out->status;
    out->owner = work->owner;
    return feedback_correct(ctx, out, work->corrected);
}

static err read_work(struct ctx *ctx, struct store *store, i64 id, struct work_row *out)
{
    *out = (struct work_row){.feedback = id};
    err code = store_one(ctx, store, SQL_FEEDBACK_WORK,
                         ARGS(ARG_STR("ids", str_format(&ctx->arena, "[%lld]", (long long)id))), &work_shape, out);
    return code == ERR_NOT_FOUND ? OK : code;
}

static bool same(str a, str b)
{
    return str_is(a) == str_is(b) && str_eq(a, b);
}

static err keep_before(struct ctx *ctx, const struct chunk *chunk, const struct work_row *work)
{
    i64 linked = 0;
    const struct feedback_change *change = chunk->changing->change;
    if (chunk->keep == NULL) {
        return OK;
    }
    if (change->pain != 0) {
        TRY(store_number(ctx, chunk->changing->store, SQL_PAIN_LINKED,
                         ARGS(ARG_I64("feedback", work->feedback), ARG_I64("pain", change->pain)), &linked));
    }
    struct feedback_before before = {work->feedback, work->owner,
                                     str_is(work->status) ? work->status : str_from(feedback_status_words[STATUS_NEW]),
                                     work->corrected, linked > 0};
    return chunk->keep(chunk->self, ctx, &before);
}

static err change_one(struct ctx *ctx, struct chunk *chunk, const struct event *event, i64 position)
{
    const struct feedback_changing *changing = chunk->changing;
    struct work_row work, next;
    struct feedback row;
    TRY(read_work(ctx, changing->store, event->id, &work));
    TRY(keep_before(ctx, chunk, &work));
    next = work;
    next.status = gives(changing, "status") ? str_from(feedback_status_words[changing->change->status]) : work.status;
    next.owner = gives(changing, "owner") ? chunk->owner : work.owner;
    TRY(merge(ctx, changing, work.corrected, &next.corrected));
    bool differs = !same(next.status, work.status) || next.owner != work.owner || !same(next.corrected, work.corrected);
    if (differs) {
        TRY(derive(ctx, event, position, &next, &row));
        TRY(put_row(ctx, changing->store, &row));
        TRY(put_work(ctx, changing, &row, next.corrected));
    }
    chunk->changed += differs || changing->change->pain != 0 || changing->change->not_pain != 0;
    return put_pains(ctx, changing, event->id);
}

static err position_of(struct ctx *ctx, struct store *store, i64 id, i64 *out)
{
    return store_number(ctx, store, SQL_FEEDBACK_POSITION, ARGS(ARG_I64("id", id)), out);
}

static err change_chunk(struct ctx *ctx, struct store *store, void *arg)
{
    struct chunk *chunk = arg;
    chunk->changed = 0;
    for (i64 i = 0; i < chunk->event_count; i++) {
        i64 position;
        TRY(position_of(ctx, store, chunk->events[i].id, &position));
        if (position != 0) {
            TRY(change_one(ctx, chunk, &chunk->events[i], position));
        }
    }
    return OK;
}

err feedback_change_rows(struct ctx *ctx, const struct feedback_changing *changing, const i64 *ids, i64 count,
                         err (*keep)(void *self, struct ctx *ctx, const struct feedback_before *before), void *self,
                         i64 *changed)
{
    struct chunk chunk = {.changing = changing, .ids = ids, .count = count, .keep = keep, .self = self};
    TRY(owner_of(ctx, changing, &chunk.owner));
    TRY(events_fetch(ctx, changing->events, ids, count, &chunk.events, &chunk.event_count));
    TRY(store_write(ctx, changing->store, change_chunk, &chunk));
    *changed = chunk.changed;
    return OK;
}

err feedback_put_back(struct ctx *ctx, const struct feedback_changing *changing, const struct feedback_before *before)
{
    struct work_row work = {
        .feedback = before->id, .owner = before->owner, .status = before->status, .corrected = before->corrected};
    struct event *event;
    struct feedback row;
    i64 found, position;
    TRY(events_fetch(ctx, changing->events, &before->id, 1, &event, &found));
    TRY(position_of(ctx, changing->store, before->id, &position));
    if (found == 0 || position == 0) {
        return OK; // erased or undone meanwhile
    }
    TRY(derive(ctx, event, position, &work, &row));
    TRY(put_row(ctx, changing->store, &row));
    TRY(put_work(ctx, changing, &row, before->corrected));
    struct store_args link = ARGS(ARG_I64("feedback", before->id), ARG_I64("pain", changing->change->pain));
    return changing->change->pain == 0 || before->had_pain ? OK
                                                           : store_later(ctx, changing->store, SQL_PAIN_UNLINK, link);
}

err feedback_worked(struct ctx *ctx, struct store *store, i64 id, struct feedback_worked *out)
{
    struct work_row work;
    TRY(read_work(ctx, store, id, &work));
    *out = (struct feedback_worked){.corrected = work.corrected, .changed_ms = work.changed_ms, .by = work.by_name};
    return store_all(ctx, store, SQL_PAINS_OF, ARGS(ARG_I64("feedback", id)), &pain_shape, &out->pains);
}

static const struct shape_field label_fields[] = {
    {"id", SHAPE_I64, offsetof(struct feedback_label, id)},
    {"text", SHAPE_STR, offsetof(struct feedback_label, text)},
    {"language", SHAPE_STR, offsetof(struct feedback_label, language)},
    {"class", SHAPE_STR, offsetof(struct feedback_label, class)},
    {"emotion", SHAPE_STR, offsetof(struct feedback_label, emotion)},
    {"complaint", SHAPE_BOOL, offsetof(struct feedback_label, complaint)},
    {"corrected", SHAPE_STR, offsetof(struct feedback_label, corrected)},
    {"score", SHAPE_MAYBE_F64, offsetof(struct feedback_label, score)},
    {"metric", SHAPE_STR, offsetof(struct feedback_label, metric)},
    {"scale", SHAPE_STR, offsetof(struct feedback_label, scale)},
};
static const struct shape label_shape = SHAPE("FeedbackLabel", struct feedback_label, label_fields, NULL);

struct labelling {
    err (*each)(void *self, struct ctx *ctx, const struct feedback_label *label);
    void *self;
    struct ctx row;
};

static err take_label(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct labelling *labelling = self;
    struct feedback_label label = {0};
    TRY(row_read(&labelling->row, row, &label_shape, &label));
    err code = labelling->each(labelling->self, ctx, &label);
    ctx_reset(&labelling->row);
    return code;
}

err feedback_labels(struct ctx *ctx, struct store *store,
                    err (*each)(void *self, struct ctx *ctx, const struct feedback_label *label), void *self)
{
    struct labelling labelling = {.each = each, .self = self};
    err code = store_each(ctx, store, SQL_FEEDBACK_LABELS, ARGS_NONE, take_label, &labelling);
    ctx_end(&labelling.row);
    return code;
}
