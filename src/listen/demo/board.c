#include "listen/demo/board.h"

#include "journey/saved.h"
#include "listen/demo/texts.h"
#include "listen/voices/promise.h"
#include "store/settings.h"

struct board {
    str name, description;
    struct shape_list questions; /* struct saved */
};

static const struct shape_field kept_fields[] = {
    {"name", SHAPE_STR, offsetof(struct saved, name), .flags = SHAPE_REQUIRED},
    {"description", SHAPE_STR, offsetof(struct saved, description), .flags = SHAPE_REQUIRED},
    {"question", SHAPE_JSON, offsetof(struct saved, question), .flags = SHAPE_REQUIRED},
    {"period", SHAPE_WORD, offsetof(struct saved, period), .words = saved_periods},
    {"shown", SHAPE_WORD, offsetof(struct saved, shown), .words = saved_views},
};
static const struct shape kept_shape = SHAPE("DemoQuestion", struct saved, kept_fields, NULL);

static const struct shape_field board_fields[] = {
    {"name", SHAPE_STR, offsetof(struct board, name), .flags = SHAPE_REQUIRED},
    {"description", SHAPE_STR, offsetof(struct board, description), .flags = SHAPE_REQUIRED},
    {"questions", SHAPE_LIST, offsetof(struct board, questions), .of = &kept_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape board_shape = SHAPE("DemoBoard", struct board, board_fields, NULL);

struct promised {
    struct shape_list promises; /* struct promise */
};
static const struct shape_field promise_fields[] = {
    {"text_vi", SHAPE_STR, offsetof(struct promise, text_vi), .flags = SHAPE_REQUIRED},
    {"text_en", SHAPE_STR, offsetof(struct promise, text_en), .flags = SHAPE_REQUIRED},
    {"touchpoint", SHAPE_STR, offsetof(struct promise, touchpoint), .flags = SHAPE_REQUIRED},
    {"made_where", SHAPE_STR, offsetof(struct promise, made_where), .flags = SHAPE_REQUIRED},
    {"made_by", SHAPE_STR, offsetof(struct promise, made_by), .flags = SHAPE_REQUIRED},
    {"target", SHAPE_F64, offsetof(struct promise, target), .flags = SHAPE_REQUIRED},
    {"test", SHAPE_JSON, offsetof(struct promise, test), .flags = SHAPE_REQUIRED},
};
static const struct shape promise_kept_shape = SHAPE("DemoPromise", struct promise, promise_fields, NULL);

static const struct shape_field promised_fields[] = {
    {"promises", SHAPE_LIST, offsetof(struct promised, promises), .of = &promise_kept_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape promised_shape = SHAPE("DemoPromises", struct promised, promised_fields, NULL);

/* Nobody's: every manager may change them. */
static struct principal company(str organisation)
{
    struct principal who = guard_local();
    who.name = organisation;
    return who;
}

static err promise_all(struct ctx *ctx, struct store *store, const struct principal *who,
                       const struct question_defaults *defaults)
{
    struct promised promised = {0};
    TRY(shape_parse(ctx, &promised_shape, demo_text_promises, &promised, NULL));
    for (i64 i = promised.promises.count - 1; i >= 0; i--) { // the newest is shown first
        struct promise *promise = &((struct promise *)promised.promises.items)[i];
        TRY(promise_add(ctx, store, NULL, who, defaults, promise));
    }
    return OK;
}

static err hang(struct ctx *ctx, struct store *store, [[maybe_unused]] void *arg)
{
    struct board board = {0};
    struct settings settings;
    struct question_defaults defaults;
    TRY(settings_read(ctx, store, &settings));
    TRY(zone_find(ctx, settings.zone, &defaults.zone));
    defaults.minimum_n = settings.minimum_n;
    TRY(shape_parse(ctx, &board_shape, demo_text_explore, &board, NULL));
    struct principal who = company(settings.organisation);
    TRY(promise_all(ctx, store, &who, &defaults));
    struct tile *tiles = arena_new(&ctx->arena, struct tile, greater(board.questions.count, 1));
    for (i64 i = 0; i < board.questions.count; i++) {
        struct saved *saved = &((struct saved *)board.questions.items)[i];
        TRY(saved_add(ctx, store, NULL, &who, &defaults, saved));
        tiles[i] = (struct tile){.question = saved->id, .width = i == 0 || i == board.questions.count - 1};
    }
    struct dashboard dashboard = {
        .name = board.name,
        .description = board.description,
        .tiles = {tiles, board.questions.count},
    };
    return dashboard_add(ctx, store, &who, &dashboard);
}

err board_hang(struct ctx *ctx, struct store *store)
{
    return store_write(ctx, store, hang, NULL);
}
