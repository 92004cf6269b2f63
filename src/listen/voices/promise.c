#include "listen/voices/promise.h"

#include "base/id.h"
#include "journey/naming.h"
#include "journey/pointer.h"
#include "journey/question.h"

static const struct shape_field promise_fields[] = {
    {"id", SHAPE_ID, offsetof(struct promise, id), .flags = SHAPE_REQUIRED},
    {"text_vi", SHAPE_STR, offsetof(struct promise, text_vi), .help = "shape.promise.text"},
    {"text_en", SHAPE_STR, offsetof(struct promise, text_en), .help = "shape.promise.text"},
    {"touchpoint", SHAPE_STR, offsetof(struct promise, touchpoint), .help = "shape.promise.touchpoint"},
    {"made_where", SHAPE_STR, offsetof(struct promise, made_where), .help = "shape.promise.made_where"},
    {"made_by", SHAPE_STR, offsetof(struct promise, made_by), .help = "shape.promise.made_by"},
    {"since", SHAPE_STR, offsetof(struct promise, since), .help = "shape.promise.since"},
    {"target", SHAPE_F64, offsetof(struct promise, target), .flags = SHAPE_REQUIRED, .help = "shape.promise.target"},
    {"retired", SHAPE_BOOL, offsetof(struct promise, retired), .flags = SHAPE_REQUIRED,
     .help = "shape.promise.retired"},
    {"test", SHAPE_JSON, offsetof(struct promise, test), .flags = SHAPE_REQUIRED, .help = "shape.promise.test"},
    {"by", SHAPE_STR, offsetof(struct promise, by), .flags = SHAPE_REQUIRED, .help = "shape.promise.by"},
    {"created_ms", SHAPE_TIME, offsetof(struct promise, created_ms), .flags = SHAPE_REQUIRED},
    {"changed_ms", SHAPE_TIME, offsetof(struct promise, changed_ms), .flags = SHAPE_REQUIRED},
};
const struct shape promise_shape = SHAPE("Promise", struct promise, promise_fields, "shape.promise");

static const char *const kinds[] = {"follows", "share", "gap", NULL};
static const struct shape_field test_fields[] = {
    {"kind", SHAPE_WORD, offsetof(struct promise_test, kind), .words = kinds, .flags = SHAPE_REQUIRED},
    {"when", SHAPE_JSON, offsetof(struct promise_test, when)},
    {"then", SHAPE_JSON, offsetof(struct promise_test, then)},
    {"within", SHAPE_STR, offsetof(struct promise_test, within), .max = 20},
    {"of", SHAPE_JSON, offsetof(struct promise_test, of)},
    {"kept", SHAPE_JSON, offsetof(struct promise_test, kept)},
    {"expected", SHAPE_STR, offsetof(struct promise_test, expected), .min = 1, .max = 200},
    {"experienced", SHAPE_STR, offsetof(struct promise_test, experienced), .min = 1, .max = 200},
};
static const struct shape test_shape = SHAPE("PromiseTest", struct promise_test, test_fields, NULL);

/* What each kind needs, as places in test_fields. */
static const u32 needs[] = {
    [PROMISE_FOLLOWS] = 1u << 1 | 1u << 2 | 1u << 3,
    [PROMISE_SHARE] = 1u << 4 | 1u << 5,
    [PROMISE_GAP] = 1u << 6 | 1u << 7,
};

err promise_test_read(struct ctx *ctx, str text, struct promise_test *out)
{
    shape_seen seen;
    *out = (struct promise_test){0};
    TRY(shape_parse(ctx, &test_shape, text, out, &seen));
    for (u32 i = 1; i < countof(test_fields); i++) {
        bool given = (seen >> i & 1U) != 0, needed = (needs[out->kind] >> i & 1U) != 0;
        if (given && !needed) {
            return FAIL(ctx, ERR_INVALID, test_fields[i].name, "error.promise.other",
                        {"kind", str_from(kinds[out->kind])});
        }
        if (needed && !given) {
            return FAIL(ctx, ERR_INVALID, test_fields[i].name, "error.required");
        }
    }
    return OK;
}

/* A condition that states something and names nobody. */
static err check_condition(struct ctx *ctx, const struct asked_rooms *rooms, str text, const char *name,
                           enum field_use use)
{
    struct condition condition;
    struct json object;
    str before = pointer_enter(ctx, str_from(name));
    TRY(condition_parse(ctx, text, use, &condition));
    if (condition_empty(&condition)) {
        return FAIL(ctx, ERR_INVALID, NULL, "error.promise.empty");
    }
    struct json_writer where = json_writer_in(&ctx->arena);
    json_object(&where);
    json_pair_raw(&where, "where", text);
    json_object_end(&where);
    TRY(json_parse(ctx, json_reader_here(), json_text(&where), &object));
    TRY(naming_refuse(ctx, rooms, object));
    ctx->pointer = before;
    return OK;
}

static err check_test(struct ctx *ctx, const struct asked_rooms *rooms, str text)
{
    struct promise_test test;
    i64 within_ms;
    str before = pointer_enter(ctx, STR("test"));
    TRY(promise_test_read(ctx, text, &test));
    switch ((enum promise_kind)test.kind) {
    case PROMISE_FOLLOWS:
        TRY(check_condition(ctx, rooms, test.when, "when", FIELD_IN_MAP));
        TRY(check_condition(ctx, rooms, test.then, "then", FIELD_IN_MAP));
        if (!duration_parse(test.within, &within_ms)) {
            return FAIL(ctx, ERR_INVALID, "within", "error.ask.duration");
        }
        break;
    case PROMISE_SHARE:
        TRY(check_condition(ctx, rooms, test.of, "of", FIELD_IN_QUESTION));
        TRY(check_condition(ctx, rooms, test.kept, "kept", FIELD_IN_QUESTION));
        break;
    case PROMISE_GAP: break;
    }
    ctx->pointer = before;
    return OK;
}

static err check(struct ctx *ctx, const struct asked_rooms *rooms, const struct question_defaults *defaults,
                 struct promise *promise)
{
    i64 at_ms;
    if (promise->text_vi.len + promise->text_en.len <= 0) {
        return FAIL(ctx, ERR_INVALID, "text_vi", "error.required");
    }
    if (promise->since.len > 0 && (promise->since.len != 10 || !iso_parse(defaults->zone, promise->since, &at_ms))) {
        return FAIL(ctx, ERR_INVALID, "since", "error.ask.moment");
    }
    if (!(promise->target > 0.0 && promise->target <= 1.0)) {
        return FAIL(ctx, ERR_INVALID, "target", "error.range", {"low", STR("0")}, {"high", STR("1")});
    }
    return check_test(ctx, rooms, promise->test);
}

err promise_add(struct ctx *ctx, struct store *store, const struct asked_rooms *rooms, const struct principal *who,
                const struct question_defaults *defaults, struct promise *promise)
{
    i64 count = 0;
    TRY(check(ctx, rooms, defaults, promise));
    TRY(store_number(ctx, store, SQL_PROMISE_COUNT, ARGS_NONE, &count));
    if (count >= PROMISES_MAX) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.promise.full",
                    {"most", str_format(&ctx->arena, "%d", (int)PROMISES_MAX)});
    }
    promise->id = id_new();
    promise->by = who->asker == ASKER_USER && who->user_name.len > 0 ? who->user_name : who->name;
    promise->created_ms = promise->changed_ms = ctx_now_ms(ctx);
    return store_run(ctx, store, SQL_PROMISE_ADD, ARGS_OF(&promise_shape, promise), NULL);
}

err promise_list(struct ctx *ctx, struct store *store, str touchpoint, struct shape_list *out)
{
    return store_all(ctx, store, SQL_PROMISE_ROWS,
                     ARGS(ARG_STR("touchpoint", touchpoint.len > 0 ? touchpoint : STR(""))), &promise_shape, out);
}

err promise_get(struct ctx *ctx, struct store *store, i64 id, struct promise *out)
{
    *out = (struct promise){0};
    err code = store_one(ctx, store, SQL_PROMISE_ROW, ARGS(ARG_ID("id", id)), &promise_shape, out);
    return code == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found") : code;
}

err promise_change(struct ctx *ctx, struct store *store, const struct asked_rooms *rooms,
                   const struct question_defaults *defaults, struct promise *promise)
{
    TRY(check(ctx, rooms, defaults, promise));
    promise->changed_ms = ctx_now_ms(ctx);
    return store_run(ctx, store, SQL_PROMISE_CHANGE, ARGS_OF(&promise_shape, promise), NULL);
}

err promise_remove(struct ctx *ctx, struct store *store, i64 id, struct promise *removed)
{
    TRY(promise_get(ctx, store, id, removed));
    return store_run(ctx, store, SQL_PROMISE_REMOVE, ARGS(ARG_ID("id", id)), NULL);
}

err promise_clear(struct ctx *ctx, struct store *store)
{
    return store_run(ctx, store, SQL_PROMISE_CLEAR, ARGS_NONE, NULL);
}
