/* What staff do with feedback: PATCH /api/v1/feedback/:id, POST /api/v1/feedback, /api/v1/feedback/bulk. */
#include "api/routes.h"
#include "api/voices.h"
#include "base/id.h"
#include "listen/voices/bulk.h"
#include "listen/voices/note.h"

static str text_of(struct arena *arena, i64 id)
{
    char *text = arena_alloc(arena, ID_TEXT_LEN, 1);
    return id_text(id, text);
}

/* What was changed, for the audit log: never the words of customers. */
static str change_text(struct arena *arena, const struct feedback_change *change, shape_seen seen)
{
    struct json_writer out = json_writer_in(arena);
    json_object(&out);
    for (i64 i = 0; i < feedback_change_shape.field_count; i++) {
        const struct shape_field *field = &feedback_change_shape.fields[i];
        const void *member = (const char *)change + field->offset;
        if ((seen >> i & 1) == 0) {
            continue;
        }
        switch (field->type) {
        case SHAPE_WORD: json_pair_str(&out, field->name, str_from(field->words[*(const i32 *)member])); break;
        case SHAPE_ID: json_pair_id(&out, field->name, *(const i64 *)member); break;
        case SHAPE_JSON: json_pair_raw(&out, field->name, *(const str *)member); break;
        case SHAPE_STR: json_pair_str(&out, field->name, *(const str *)member); break;
        case SHAPE_STRS:
            json_key(&out, str_from(field->name));
            json_list(&out);
            for (i64 k = 0; k < ((const struct str_list *)member)->count; k++) {
                json_put_str(&out, ((const struct str_list *)member)->items[k]);
            }
            json_list_end(&out);
            break;
        default: break;
        }
    }
    json_object_end(&out);
    return json_text(&out);
}

static err change_one(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct app *app = request->app;
    struct feedback_change *change = arena_new(&ctx->arena, struct feedback_change, 1);
    struct feedback_changing changing = {app->store, app->events, change, request->seen, principal_name(request->who)};
    *change = *(const struct feedback_change *)request->input;
    change->owner = voices_owner(request, change->owner);
    struct feedback row;
    i64 id, changed;
    TRY(request_param_id(request, "id", &id));
    TRY(voices_one(request, id, &row));
    TRY(feedback_change_check(ctx, &changing));
    TRY(feedback_change_rows(ctx, &changing, &id, 1, NULL, NULL, &changed));
    if (changed > 0) {
        TRY(request_audit(request, "feedback.change", text_of(&ctx->arena, id),
                          change_text(&ctx->arena, change, request->seen)));
    }
    TRY(voices_one(request, id, &row));
    TRY(feedback_show(ctx, app->people, &row, 1));
    return reply_shape(reply, &feedback_shape, &row);
}

static err worked(struct request *request, struct reply *reply)
{
    struct feedback row;
    struct feedback_worked out;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(voices_one(request, id, &row));
    TRY(feedback_worked(request->ctx, request->app->store, id, &out));
    return reply_shape(reply, &feedback_worked_shape, &out);
}

static err add(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct app *app = request->app;
    struct feedback row = {0};
    i64 id;
    TRY(note_put(ctx, app->people, app->events, request->who, request->input, &id));
    if (id == 0) {
        return FAIL(ctx, ERR_CONFLICT, "key", "error.note.key");
    }
    TRY(request_audit(request, "feedback.create", text_of(&ctx->arena, id), STR("")));
    err code = voices_one(request, id, &row);
    if (code == ERR_NOT_FOUND) { // written by somebody who does not see that place
        row = (struct feedback){.id = id,
                                .at_ms = ctx_now_ms(ctx),
                                .received_ms = ctx_now_ms(ctx),
                                .source = STR("other"),
                                .kind = STR("Feedback Given"),
                                .status = STR("new")};
        return reply_shape(reply, &feedback_shape, &row);
    }
    TRY(code);
    TRY(feedback_show(ctx, app->people, &row, 1));
    return reply_shape(reply, &feedback_shape, &row);
}

/* What a bulk action is asked for. */
struct bulk_new {
    struct feedback_filter filter;
    struct feedback_change change;
};
struct bulk_input {
    str filter, change; /* JSON, so that what was given is known of each */
};
static const struct shape_field input_fields[] = {
    {"filter", SHAPE_JSON, offsetof(struct bulk_input, filter), .max = 64 * 1024, .flags = SHAPE_REQUIRED,
     .help = "shape.feedback_filter"},
    {"change", SHAPE_JSON, offsetof(struct bulk_input, change), .max = 16 * 1024, .flags = SHAPE_REQUIRED,
     .help = "shape.feedback_change"},
};
static const struct shape input_shape = SHAPE("FeedbackBulkNew", struct bulk_input, input_fields, "shape.bulk_new");

static err read_bulk(struct ctx *ctx, const struct bulk_input *input, struct bulk_new *out, shape_seen *seen)
{
    shape_seen given;
    *out = (struct bulk_new){0};
    ctx->pointer = STR("/filter");
    TRY(shape_parse(ctx, &feedback_filter_shape, input->filter, &out->filter, &given));
    ctx->pointer = STR("/change");
    TRY(shape_parse(ctx, &feedback_change_shape, input->change, &out->change, seen));
    bool any = out->filter.ids.count > 0 || shape_has(&feedback_filter_shape, given, "has_text");
    out->filter.has_text = any ? out->filter.has_text : ONLY_TRUE;
    return OK;
}

static err begin_bulk(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct app *app = request->app;
    const struct bulk_input *input = request->input;
    struct feedback_chosen *chosen;
    struct bulk_new *new = arena_new(&ctx->arena, struct bulk_new, 1);
    struct bulk bulk;
    shape_seen seen;
    TRY(read_bulk(ctx, input, new, &seen));
    new->change.owner = voices_owner(request, new->change.owner);
    struct feedback_changing changing = {app->store, app->events, &new->change, seen, principal_name(request->who)};
    TRY(feedback_change_check(ctx, &changing));
    ctx->pointer = STR("/filter");
    TRY(voices_choose(request, &new->filter, &chosen));
    ctx->pointer = STR_NONE;
    str change = change_text(&ctx->arena, &new->change, seen);
    TRY(bulk_begin(ctx, app->bulks, chosen, &changing, change, &bulk));
    str detail = str_format(&ctx->arena, "%lld %.*s", (long long)bulk.found, STR_ARG(change));
    TRY(request_audit(request, "feedback.bulk", text_of(&ctx->arena, bulk.id), detail));
    return reply_shape(reply, &bulk_shape, &bulk);
}

/* Who is limited to places or departments has nothing to do with a change that reached further. */
static err find_bulk(struct request *request, i64 *id)
{
    struct feedback_source_of from;
    TRY(request_param_id(request, "id", id));
    TRY(voices_source(request, &from));
    bool all = from.sight.places.count == 0 && !from.sight.some_touchpoints;
    return all ? OK : bulk_in_sight(request->ctx, &from, *id);
}

static err show_bulk(struct request *request, struct reply *reply)
{
    struct bulk bulk;
    i64 id;
    TRY(find_bulk(request, &id));
    TRY(bulk_find(request->ctx, request->app->store, id, &bulk));
    return reply_shape(reply, &bulk_shape, &bulk);
}

static err undo_bulk(struct request *request, struct reply *reply)
{
    struct bulk bulk;
    i64 id;
    TRY(find_bulk(request, &id));
    TRY(bulk_undo(request->ctx, request->app->bulks, id, &bulk));
    TRY(request_audit(request, "feedback.bulk_undo", text_of(&request->ctx->arena, id), STR("")));
    return reply_shape(reply, &bulk_shape, &bulk);
}

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/feedback", add, RIGHT_VOICES_WRITE, .in = &note_new_shape, .out = &feedback_shape,
     .status = 201, .summary = "route.feedback.add"},
    {HTTP_PATCH, "/api/v1/feedback/:id", change_one, RIGHT_VOICES_WRITE, .in = &feedback_change_shape,
     .out = &feedback_shape, .summary = "route.feedback.change"},
    {HTTP_GET, "/api/v1/feedback/:id/work", worked, RIGHT_VOICES_READ, .out = &feedback_worked_shape,
     .summary = "route.feedback.work"},
    {HTTP_POST, "/api/v1/feedback/bulk", begin_bulk, RIGHT_VOICES_WRITE, .in = &input_shape, .out = &bulk_shape,
     .status = 201, .summary = "route.feedback.bulk"},
    {HTTP_GET, "/api/v1/feedback/bulk/:id", show_bulk, RIGHT_VOICES_WRITE, .out = &bulk_shape,
     .summary = "route.feedback.bulk_show"},
    {HTTP_POST, "/api/v1/feedback/bulk/:id/undo", undo_bulk, RIGHT_VOICES_WRITE, .out = &bulk_shape,
     .summary = "route.feedback.bulk_undo"},
};
const struct route_table feedback_work_routes = ROUTES(routes);
