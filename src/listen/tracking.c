#include "listen/tracking.h"

#include "base/zone.h"
#include "guard/keys.h"
#include "listen/limits.h"

const char *const track_words[] = {"track", "identify", "page", "screen", "group", "alias", "batch", NULL};

static err authenticate(struct ctx *ctx, struct tracking *tracking, struct json document)
{
    str in_body;
    // A key in the body wins: with Bearer the header holds a token of somebody else's.
    str key = json_str(json_get(document, STR("writeKey")), &in_body) && in_body.len > 0 ? in_body : tracking->key;
    if (!str_is(key)) {
        return FAIL(ctx, ERR_UNAUTHENTICATED, NULL, "tracking.no_key");
    }
    err known = guard_write_key(ctx, tracking->guard, key, &tracking->who);
    if (known != OK && str_is(tracking->key) && !str_eq(key, tracking->key)) {
        ctx_forgive(ctx);
        known = guard_write_key(ctx, tracking->guard, tracking->key, &tracking->who);
    }
    TRY(known);
    str name = str_from(tracking->who.name);
    // A key that was named so before that was refused.
    tracking->source = key_name_ours(name) ? str_format(&ctx->arena, "key %.*s", STR_ARG(name))
                                           : str_copy(&ctx->arena, name);
    return OK;
}

static i64 moment(str text)
{
    i64 ms;
    return str_is(text) && time_parse(zone_utc(), STR("iso"), text, &ms) ? ms : 0;
}

static void read_context(struct track_batch *batch, struct json context)
{
    struct arena *arena = &batch->ctx->arena;
    i64 count = json_type(context) == JSON_OBJECT ? json_count(context) : 0, bytes = 0;
    batch->context = arena_new(arena, struct track_pair, count + 1);
    for (struct json_iter i = json_each(context); count > 0 && json_next(&i);) {
        struct json_writer value = json_writer_in(arena);
        json_put_value(&value, i.value);
        bytes += json_text(&value).len + i.key.len;
        batch->context[batch->context_count++] = (struct track_pair){str_copy(arena, i.key), json_text(&value)};
    }
    if (bytes > TRACK_CONTEXT_MAX) {
        batch->context_count = 0;
    }
}

/* What stands beside the items. */
static void read_outside(struct track_batch *batch, struct json document)
{
    str sent_at = batch->tracking->sent_at, in_body;
    if (json_str(json_get(document, STR("sentAt")), &in_body)) {
        sent_at = in_body;
    }
    batch->sent_ms = moment(sent_at);
    if (batch->tracking->route == TRACK_BATCH) {
        read_context(batch, json_get(document, STR("context")));
    }
}

static void make_room(struct track_batch *batch, i64 items)
{
    struct tracking *tracking = batch->tracking;
    tracking->room = lesser(items, TRACK_EVENTS_MAX);
    tracking->events = arena_new(&batch->ctx->arena, struct event, tracking->room + 1);
    tracking->notes = arena_new(&batch->ctx->arena, struct track_note, TRACK_NOTES_MAX);
    batch->props = json_writer_in(&batch->ctx->arena);
    buf_room(&batch->props.out, tracking->body.len + tracking->body.len / 4 + 256);
}

static err read_whole(struct track_batch *batch, struct json document)
{
    struct tracking *tracking = batch->tracking;
    struct ctx *ctx = batch->ctx;
    TRY(authenticate(ctx, tracking, document));
    read_outside(batch, document);
    struct json list = json_get(document, STR("batch"));
    if (tracking->route != TRACK_BATCH) {
        make_room(batch, 1);
        track_item(batch, document);
        return OK;
    }
    if (json_type(list) != JSON_LIST) {
        return FAIL(ctx, ERR_MALFORMED, NULL, "tracking.no_batch");
    }
    make_room(batch, json_count(list));
    for (struct json_iter i = json_each(list); json_next(&i);) {
        track_item(batch, i.value);
    }
    return OK;
}

struct pieces {
    str *items;
    i64 count, room;
    struct arena *arena;
};

static void keep_piece(void *self, str item)
{
    struct pieces *pieces = self;
    if (pieces->count == pieces->room) {
        i64 room = pieces->room * 2 + 64;
        pieces->items = arena_grow(pieces->arena, pieces->items, pieces->room * (i64)sizeof(str),
                                   room * (i64)sizeof(str), _Alignof(str));
        pieces->room = room;
    }
    if (pieces->count <= TRACK_EVENTS_MAX) {
        pieces->items[pieces->count++] = item;
    }
}

/* The document does not parse: each item for itself. */
static err read_pieces(struct track_batch *batch)
{
    struct ctx *ctx = batch->ctx;
    struct tracking *tracking = batch->tracking;
    struct pieces pieces = {.arena = &ctx->arena};
    struct fault why = ctx->fault;
    struct json document = {0};
    str outside;
    if (tracking->route != TRACK_BATCH || !tracking_split(&ctx->arena, tracking->body, keep_piece, &pieces, &outside)) {
        return ERR_MALFORMED;
    }
    ctx_forgive(ctx);
    if (json_parse(ctx, json_reader_here(), outside, &document) != OK) {
        ctx_forgive(ctx); // the damage is outside the items; the key may still be in the header
    }
    err known = authenticate(ctx, tracking, document);
    if (known != OK && !json_is(document)) {
        ctx->fault = why;
        return ERR_MALFORMED;
    }
    TRY(known);
    read_outside(batch, document);
    make_room(batch, pieces.count);
    for (i64 i = 0; i < pieces.count; i++) {
        struct json item;
        if (json_parse(ctx, json_reader_here(), pieces.items[i], &item) == OK) {
            track_item(batch, item);
        } else {
            track_refuse(batch, TRACK_BATCH, (struct json){0}, pieces.items[i]);
        }
    }
    return OK;
}

/* Properties were written one behind the other while their memory could still move. */
static void settle_props(struct track_batch *batch)
{
    struct tracking *tracking = batch->tracking;
    i64 at = 0;
    for (i64 i = 0; i < tracking->count; i++) {
        str *props = &tracking->events[i].props;
        *props = (str){batch->props.out.data + at, props->len};
        at += props->len;
    }
}

err tracking_read(struct ctx *ctx, struct tracking *tracking)
{
    struct track_batch batch = {.tracking = tracking, .ctx = ctx};
    struct json document;
    if (str_starts(tracking->body, STR("\xEF\xBB\xBF"))) {
        tracking->body = str_slice(tracking->body, 3, tracking->body.len);
    }
    err parsed = json_parse_padded(ctx, json_reader_here(), tracking->body, &document);
    if (parsed == OK && json_type(document) != JSON_OBJECT) {
        return FAIL(ctx, ERR_MALFORMED, NULL, "tracking.no_object");
    }
    names_begin(tracking->names);
    err result = parsed == OK ? read_whole(&batch, document) : read_pieces(&batch);
    names_end(tracking->names);
    settle_props(&batch);
    return result;
}
