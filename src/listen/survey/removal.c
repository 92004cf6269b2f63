#include "listen/survey/removal.h"

#include "base/hash.h"
#include "base/id.h"
#include "events/log.h"
#include "json/read.h"
#include "json/write.h"
#include "listen/survey/sending.h"
#include "listen/survey/state.h"

/* Clocks of several processes differ: an event's id may be a little below that of the response it is of. */
enum { CLOCKS_MS = 60000 };

#define F(member) offsetof(struct response_removal, member)
static const struct shape_field removal_fields[] = {
    {"id", SHAPE_ID, F(id), .flags = SHAPE_REQUIRED},
    {"survey", SHAPE_ID, F(survey), .flags = SHAPE_REQUIRED},
    {"response", SHAPE_ID, F(response), .flags = SHAPE_REQUIRED},
    {"by", SHAPE_STR, F(by), .flags = SHAPE_REQUIRED},
    {"asked_ms", SHAPE_TIME, F(asked_ms), .flags = SHAPE_REQUIRED},
    {"done_ms", SHAPE_TIME, F(done_ms), .flags = SHAPE_REQUIRED, .help = "shape.response_removal.done_ms"},
    {"events", SHAPE_I64, F(events), .flags = SHAPE_REQUIRED},
    {"files", SHAPE_I64, F(files), .flags = SHAPE_REQUIRED},
    {"digest", SHAPE_STR, F(digest), .flags = SHAPE_REQUIRED, .help = "shape.erasure.digest"},
    {"pending", SHAPE_STR, F(pending), .flags = SHAPE_WRITE_ONLY},
};
#undef F
const struct shape response_removal_shape = SHAPE("ResponseRemoval", struct response_removal, removal_fields,
                                                  "shape.response_removal");

/* The events of a response by the hashes of their messages. */
struct hunt {
    struct u128 *hashes;
    i64 *ids;
    i64 count, found;
};

static err look(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    struct hunt *hunt = self;
    for (i64 i = 0; i < hunt->count; i++) {
        if (event->message_hash.high == hunt->hashes[i].high && event->message_hash.low == hunt->hashes[i].low) {
            hunt->ids[hunt->found++] = event->id;
            break;
        }
    }
    return hunt->found < hunt->count ? OK : ERR_EMPTY; // there are no more
}

static err hunt_for(struct ctx *ctx, struct surveys *surveys, i64 response, str questions, struct hunt *hunt)
{
    struct json list;
    char id[ID_TEXT_LEN];
    *hunt = (struct hunt){.hashes = arena_new(&ctx->arena, struct u128, SURVEY_QUESTIONS_MAX),
                          .ids = arena_new(&ctx->arena, i64, SURVEY_QUESTIONS_MAX)};
    TRY(json_parse(ctx, json_reader_here(), questions, &list));
    for (struct json_iter item = json_each(list); json_next(&item) && hunt->count < SURVEY_QUESTIONS_MAX;) {
        str question;
        if (json_str(item.value, &question)) {
            str message = str_format(&ctx->arena, "%.*s:%.*s", STR_ARG(id_text(response, id)), STR_ARG(question));
            hunt->hashes[hunt->count++] = events_message_hash(surveys->options.events, STR(SURVEY_SOURCE), message);
        }
    }
    if (hunt->count == 0) {
        return OK;
    }
    i64 now_ms = ctx_now_ms(ctx), back = id_from_ms(now_ms) - id_from_ms(now_ms - CLOCKS_MS);
    err code = events_scan(ctx, surveys->options.events, response - back, EVENT_KEYS, look, hunt);
    return code == ERR_EMPTY ? OK : code;
}

static err unsend(struct ctx *ctx, struct surveys *surveys, struct response_removal *removal)
{
    struct hunt hunt;
    i64 deleted = 0;
    struct json_writer digest = json_writer_in(&ctx->arena);
    TRY(hunt_for(ctx, surveys, removal->response, removal->pending, &hunt));
    json_list(&digest);
    for (i64 i = 0; i < hunt.found; i++) {
        json_put_id(&digest, hunt.ids[i]);
    }
    json_list_end(&digest);
    if (hunt.found > 0) {
        err code = events_delete(ctx, surveys->options.events, hunt.ids, hunt.found, &deleted);
        if (code != OK && code != ERR_BUSY) { // busy: they are gone, the file is emptied as soon as possible
            return code;
        }
        ctx_forgive(ctx);
    }
    char text[64];
    struct sha256 sum = sha256(json_text(&digest));
    removal->digest = str_copy(&ctx->arena, hex(sum.bytes, sizeof sum.bytes, text));
    removal->events = deleted;
    return OK;
}

err response_unsend(struct ctx *ctx, struct surveys *surveys, i64 response, str questions)
{
    struct response_removal removal = {.response = response, .pending = questions};
    return unsend(ctx, surveys, &removal);
}

static err finish(struct ctx *ctx, struct surveys *surveys, struct response_removal *removal)
{
    TRY(unsend(ctx, surveys, removal));
    ctx->now_ms = 0;
    removal->done_ms = ctx_now_ms(ctx);
    removal->pending = STR_NONE;
    return store_run(ctx, surveys->options.store, SQL_RESPONSE_REMOVAL_DONE,
                     ARGS(ARG_I64("id", removal->id), ARG_I64("done_ms", removal->done_ms),
                          ARG_I64("events", removal->events), ARG_STR("digest", removal->digest)),
                     NULL);
}

/* Which questions may have become events: those that count, and those that stand there. */
static err questions_of(struct ctx *ctx, const struct response *response, str *out)
{
    struct json object;
    struct json_writer writer = json_writer_in(&ctx->arena);
    str text = str_is(response->counted) ? response->counted : response->answers;
    TRY(json_parse(ctx, json_reader_here(), text, &object));
    json_list(&writer);
    for (struct json_iter member = json_each(object); json_next(&member);) {
        json_put_str(&writer, member.key);
    }
    json_list_end(&writer);
    *out = json_text(&writer);
    return OK;
}

struct removing {
    struct surveys *surveys;
    struct response_removal *removal;
};

static err remove_row(struct ctx *ctx, struct store *store, void *arg)
{
    struct removing *removing = arg;
    struct response_removal *removal = removing->removal;
    struct response response;
    TRY(response_get(ctx, removing->surveys, removal->response, &response));
    TRY(questions_of(ctx, &response, &removal->pending));
    removal->survey = response.survey;
    TRY(store_run(ctx, store, SQL_RESPONSE_FILES_REMOVE, ARGS(ARG_I64("response", response.id)), &removal->files));
    TRY(store_run(ctx, store, SQL_RESPONSE_TAKEN_BACK, ARGS(ARG_I64("id", response.id)), NULL));
    TRY(store_run(ctx, store, SQL_RESPONSE_REMOVE, ARGS(ARG_I64("id", response.id)), NULL));
    return store_run(ctx, store, SQL_RESPONSE_REMOVAL_ADD,
                     ARGS(ARG_I64("id", removal->id), ARG_I64("survey", removal->survey),
                          ARG_I64("response", removal->response), ARG_STR("by", removal->by),
                          ARG_I64("asked_ms", removal->asked_ms), ARG_I64("files", removal->files),
                          ARG_STR("pending", removal->pending)),
                     NULL);
}

err response_remove(struct ctx *ctx, struct surveys *surveys, i64 response, str by, struct response_removal *out)
{
    *out = (struct response_removal){.id = id_new(), .response = response, .by = by, .asked_ms = ctx_now_ms(ctx)};
    struct removing removing = {surveys, out};
    TRY(store_write(ctx, surveys->options.store, remove_row, &removing));
    TRY(finish(ctx, surveys, out));
    surveys_tell(surveys, ctx, out->survey);
    return OK;
}

err response_removals(struct ctx *ctx, struct surveys *surveys, i64 survey, i64 before, i64 limit,
                      struct shape_list *out)
{
    return store_all(ctx, surveys->options.store, SQL_RESPONSE_REMOVALS,
                     ARGS(ARG_I64("survey", survey), ARG_I64("before", before == 0 ? INT64_MAX : before),
                          ARG_I64("limit", limit)),
                     &response_removal_shape, out);
}

err response_removals_finish(struct ctx *ctx, struct surveys *surveys)
{
    struct shape_list rows;
    TRY(store_all(ctx, surveys->options.store, SQL_RESPONSE_REMOVALS_PENDING, ARGS_NONE, &response_removal_shape,
                  &rows));
    for (i64 i = 0; i < rows.count; i++) {
        struct response_removal *removal = (struct response_removal *)rows.items + i;
        TRY(finish(ctx, surveys, removal));
        surveys_tell(surveys, ctx, removal->survey);
    }
    return OK;
}
