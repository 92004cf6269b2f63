#include "act/notices.h"

static const struct shape_field notice_fields[] = {
    {"id", SHAPE_ID, offsetof(struct notice, id), .flags = SHAPE_REQUIRED},
    {"role", SHAPE_STR, offsetof(struct notice, role), .flags = SHAPE_REQUIRED, .help = "shape.notice.role"},
    {"rule", SHAPE_ID, offsetof(struct notice, rule)},
    {"run", SHAPE_ID, offsetof(struct notice, run)},
    {"text", SHAPE_STR, offsetof(struct notice, text), .flags = SHAPE_REQUIRED},
    {"event", SHAPE_ID, offsetof(struct notice, event)},
    {"created_ms", SHAPE_TIME, offsetof(struct notice, created_ms), .flags = SHAPE_REQUIRED},
    {"done_ms", SHAPE_TIME, offsetof(struct notice, done_ms)},
    {"done_by", SHAPE_STR, offsetof(struct notice, done_by)},
};
const struct shape notice_shape = SHAPE("Notice", struct notice, notice_fields, "shape.notice");

err notices_list(struct ctx *ctx, struct store *store, const struct notice_query *query, struct shape_list *out)
{
    return store_all(ctx, store, SQL_NOTICE_ROWS,
                     ARGS(ARG_STR("role", query->role), ARG_I64("before", query->before), ARG_I64("open", query->open),
                          ARG_I64("count", query->limit)),
                     &notice_shape, out);
}

err notice_end(struct ctx *ctx, struct store *store, i64 id, str role, str by)
{
    i64 there = 0;
    struct store_args which = ARGS(ARG_ID("id", id), ARG_STR("role", role));
    TRY(store_number(ctx, store, SQL_NOTICE_THERE, which, &there));
    if (there == 0) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    return store_run(ctx, store, SQL_NOTICE_DONE,
                     ARGS(ARG_ID("id", id), ARG_I64("now_ms", ctx_now_ms(ctx)), ARG_STR("by", by)), NULL);
}
