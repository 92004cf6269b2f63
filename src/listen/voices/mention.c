#include "listen/voices/mention.h"

#include "act/seal.h"
#include "base/id.h"
#include "base/zone.h"
#include "listen/voice_lines.h"
#include "text/fold.h"

static const struct shape_field source_fields[] = {
    {"id", SHAPE_ID, offsetof(struct mention_source, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct mention_source, name), .flags = SHAPE_REQUIRED},
    {"secret", SHAPE_STR, offsetof(struct mention_source, secret), .flags = SHAPE_OMIT_NONE,
     .help = "shape.mention_source.secret"},
    {"by", SHAPE_STR, offsetof(struct mention_source, by), .flags = SHAPE_REQUIRED},
    {"created_ms", SHAPE_TIME, offsetof(struct mention_source, created_ms), .flags = SHAPE_REQUIRED},
    {"last_ms", SHAPE_TIME, offsetof(struct mention_source, last_ms), .help = "shape.mention_source.last_ms"},
};
const struct shape mention_source_shape = SHAPE("MentionSource", struct mention_source, source_fields,
                                                "shape.mention_source");

static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, offsetof(struct mention_source, id)},
    {"name", SHAPE_STR, offsetof(struct mention_source, name)},
    {"secret", SHAPE_STR, offsetof(struct mention_source, secret)},
    {"by_name", SHAPE_STR, offsetof(struct mention_source, by)},
    {"created_ms", SHAPE_I64, offsetof(struct mention_source, created_ms)},
    {"last_ms", SHAPE_TIME, offsetof(struct mention_source, last_ms)},
};
static const struct shape row_shape = SHAPE("MentionSourceRow", struct mention_source, row_fields, NULL);

static const struct shape_field taken_fields[] = {
    {"stored", SHAPE_I64, offsetof(struct mentions_taken, stored), .flags = SHAPE_REQUIRED},
    {"duplicates", SHAPE_I64, offsetof(struct mentions_taken, duplicates), .flags = SHAPE_REQUIRED},
};
const struct shape mentions_taken_shape = SHAPE("MentionsTaken", struct mentions_taken, taken_fields,
                                                "shape.mentions_taken");

struct mention {
    str id, text, author, url, at, channel, product, place, touchpoint;
};
static const struct shape_field mention_fields[] = {
    {"id", SHAPE_STR, offsetof(struct mention, id), .max = 200},
    {"text", SHAPE_STR, offsetof(struct mention, text), .min = 1, .max = MENTION_TEXT_MAX, .flags = SHAPE_REQUIRED},
    {"author", SHAPE_STR, offsetof(struct mention, author), .max = 200},
    {"url", SHAPE_STR, offsetof(struct mention, url), .max = 2000},
    {"at", SHAPE_STR, offsetof(struct mention, at), .max = 40, .help = "shape.mention.at"},
    {"channel", SHAPE_STR, offsetof(struct mention, channel), .max = 100},
    {"product", SHAPE_STR, offsetof(struct mention, product), .max = 200},
    {"place", SHAPE_STR, offsetof(struct mention, place), .max = 200},
    {"touchpoint", SHAPE_STR, offsetof(struct mention, touchpoint), .max = 200},
};
static const struct shape mention_shape = SHAPE("Mention", struct mention, mention_fields, "shape.mention");

struct message {
    struct shape_list mentions;
};
static const struct shape_field message_fields[] = {
    {"mentions", SHAPE_LIST, offsetof(struct message, mentions), .of = &mention_shape, .min = 1,
     .max = MENTIONS_A_MESSAGE, .flags = SHAPE_REQUIRED},
};
static const struct shape message_shape = SHAPE("MentionMessage", struct message, message_fields, "shape.mention");

err mention_source_add(struct ctx *ctx, struct store *store, const struct act *act, struct mention_source *source)
{
    i64 count = 0;
    TRY(store_number(ctx, store, SQL_MENTION_SOURCE_COUNT, ARGS_NONE, &count));
    if (count >= MENTION_SOURCES_MAX) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.mention.full");
    }
    source->id = id_new();
    source->secret = webhook_secret(&ctx->arena);
    source->created_ms = ctx_now_ms(ctx);
    return store_run(ctx, store, SQL_MENTION_SOURCE_ADD,
                     ARGS(ARG_I64("id", source->id), ARG_STR("name", source->name),
                          ARG_STR("secret", seal(ctx, act, source->secret)), ARG_STR("by_name", source->by),
                          ARG_I64("created_ms", source->created_ms)),
                     NULL);
}

err mention_source_list(struct ctx *ctx, struct store *store, struct shape_list *out)
{
    return store_all(ctx, store, SQL_MENTION_SOURCES, ARGS_NONE, &row_shape, out);
}

err mention_source_remove(struct ctx *ctx, struct store *store, i64 id, struct mention_source *removed)
{
    *removed = (struct mention_source){0};
    TRY(store_one(ctx, store, SQL_MENTION_SOURCE_ONE, ARGS(ARG_I64("id", id)), &row_shape, removed));
    return store_run(ctx, store, SQL_MENTION_SOURCE_REMOVE, ARGS(ARG_I64("id", id)), NULL);
}

/* Whose secret signed it. */
static err find_source(struct ctx *ctx, const struct mention_rooms *rooms, const struct webhook_received *message,
                       struct mention_source *out)
{
    struct shape_list sources;
    TRY(store_all(ctx, rooms->store, SQL_MENTION_SOURCE_SECRETS, ARGS_NONE, &row_shape, &sources));
    for (i64 i = 0; i < sources.count; i++) {
        *out = ((const struct mention_source *)sources.items)[i];
        str secret;
        TRY(unseal(ctx, rooms->act, out->secret, &secret));
        err code = webhook_verify(ctx, &(struct str_list){&secret, 1}, message);
        if (code != ERR_UNAUTHENTICATED) {
            return code;
        }
        ctx_forgive(ctx);
    }
    return FAIL(ctx, ERR_UNAUTHENTICATED, NULL, "error.webhook_signature");
}

static err event_of(struct ctx *ctx, const struct mention_rooms *rooms, const struct mention *mention,
                    struct event *out)
{
    i64 at_ms = ctx_now_ms(ctx);
    if (mention->at.len > 0 && !iso_parse(rooms->zone, mention->at, &at_ms)) {
        return FAIL(ctx, ERR_INVALID, "at", "error.feedback.date");
    }
    struct json_writer props = json_writer_in(&ctx->arena);
    json_object(&props);
    const struct {
        const char *name;
        str value;
    } texts[] = {{"author", mention->author}, {"url", mention->url}, {"product", mention->product}};
    for (i64 i = 0; i < countof(texts); i++) {
        if (texts[i].value.len > 0) {
            json_pair_str(&props, texts[i].name, fold_nfc(&ctx->arena, texts[i].value));
        }
    }
    json_object_end(&props);
    *out = (struct event){
        .at_ms = at_ms,
        .kind = KIND_MENTION,
        .channel = mention->channel.len > 0 ? fold_nfc(&ctx->arena, mention->channel) : STR("social"),
        .place = fold_nfc(&ctx->arena, mention->place),
        .touchpoint = mention->touchpoint,
        .text = fold_nfc(&ctx->arena, mention->text),
        .props = json_text(&props),
    };
    struct voice voice = {.id = mention->id, .author = mention->author, .text = out->text, .at_ms = at_ms};
    voice_name(ctx, rooms->zone, &voice, STR(""), out);
    return OK;
}

static err read_events(struct ctx *ctx, const struct mention_rooms *rooms, str body, struct event **items, i64 *count)
{
    struct message message = {0};
    TRY(shape_parse(ctx, &message_shape, body, &message, NULL));
    *count = message.mentions.count;
    *items = arena_new(&ctx->arena, struct event, *count);
    for (i64 i = 0; i < *count; i++) {
        ctx->pointer = str_format(&ctx->arena, "/mentions/%lld", (long long)i);
        TRY(event_of(ctx, rooms, (const struct mention *)message.mentions.items + i, &(*items)[i]));
    }
    ctx->pointer = STR_NONE;
    return OK;
}

/* Older than that no message is accepted by its time. */
enum { SEEN_MS = 2 * WEBHOOK_AGE_S * 1000 };

static err refuse_seen(struct ctx *ctx, struct store *store, str message)
{
    i64 there = 0;
    TRY(store_number(ctx, store, SQL_MENTION_SEEN, ARGS(ARG_STR("message", message)), &there));
    return there == 0 ? OK : FAIL(ctx, ERR_CONFLICT, NULL, "error.mention.again");
}

static err see(struct ctx *ctx, struct store *store, str message)
{
    i64 now_ms = ctx_now_ms(ctx);
    TRY(store_run(ctx, store, SQL_MENTION_DROP_SEEN, ARGS(ARG_I64("before_ms", now_ms - SEEN_MS)), NULL));
    return store_run(ctx, store, SQL_MENTION_SEE, ARGS(ARG_STR("message", message), ARG_I64("at_ms", now_ms)), NULL);
}

/* A message is seen when its mentions are on disk, not before: one that was interrupted is taken when it comes again, and what of
 * it was stored is not stored twice (voice_name). */
err mentions_take(struct ctx *ctx, const struct mention_rooms *rooms, const struct webhook_received *message,
                  struct mentions_taken *out)
{
    struct mention_source source = {0};
    struct event *items;
    i64 count;
    TRY(find_source(ctx, rooms, message, &source));
    TRY(read_events(ctx, rooms, message->body, &items, &count));
    char id[ID_TEXT_LEN];
    str seen = str_format(&ctx->arena, "%.*s:%.*s", STR_ARG(id_text(source.id, id)), STR_ARG(message->id));
    TRY(refuse_seen(ctx, rooms->store, seen));
    u8 *outcomes = arena_new(&ctx->arena, u8, count);
    TRY(events_append(ctx, rooms->events, items, count, outcomes));
    TRY(see(ctx, rooms->store, seen));
    *out = (struct mentions_taken){0};
    for (i64 i = 0; i < count; i++) {
        out->stored += outcomes[i] == EVENT_STORED;
        out->duplicates += outcomes[i] == EVENT_DUPLICATE;
    }
    return store_run(ctx, rooms->store, SQL_MENTION_SOURCE_USED,
                     ARGS(ARG_I64("id", source.id), ARG_I64("last_ms", ctx_now_ms(ctx))), NULL);
}
