#include "listen/voices/view.h"

#include "base/id.h"
#include "store/search.h"

static const struct shape_field view_fields[] = {
    {"id", SHAPE_ID, offsetof(struct view_saved, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct view_saved, name), .flags = SHAPE_REQUIRED},
    {"filter", SHAPE_JSON, offsetof(struct view_saved, filter), .flags = SHAPE_REQUIRED,
     .help = "shape.feedback_filter"},
    {"shared", SHAPE_BOOL, offsetof(struct view_saved, shared), .flags = SHAPE_REQUIRED, .help = "shape.view.shared"},
    {"owner", SHAPE_ID, offsetof(struct view_saved, owner)},
    {"by", SHAPE_STR, offsetof(struct view_saved, by), .flags = SHAPE_REQUIRED},
    {"may_change", SHAPE_BOOL, offsetof(struct view_saved, may_change), .flags = SHAPE_REQUIRED,
     .help = "shape.saved.may_change"},
    {"created_ms", SHAPE_TIME, offsetof(struct view_saved, created_ms), .flags = SHAPE_REQUIRED},
    {"changed_ms", SHAPE_TIME, offsetof(struct view_saved, changed_ms), .flags = SHAPE_REQUIRED},
};
const struct shape view_saved_shape = SHAPE("FeedbackView", struct view_saved, view_fields, "shape.view");

static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, offsetof(struct view_saved, id)},
    {"name", SHAPE_STR, offsetof(struct view_saved, name)},
    {"filter", SHAPE_STR, offsetof(struct view_saved, filter)},
    {"shared", SHAPE_BOOL, offsetof(struct view_saved, shared)},
    {"owner", SHAPE_ID, offsetof(struct view_saved, owner)},
    {"by_name", SHAPE_STR, offsetof(struct view_saved, by)},
    {"created_ms", SHAPE_I64, offsetof(struct view_saved, created_ms)},
    {"changed_ms", SHAPE_I64, offsetof(struct view_saved, changed_ms)},
};
static const struct shape row_shape = SHAPE("FeedbackViewRow", struct view_saved, row_fields, NULL);

static bool is_own(const struct principal *who, const struct view_saved *view)
{
    return who->asker == ASKER_USER && view->owner != 0 && who->id == view->owner;
}

/* Its owner, and of what everybody sees whoever may write the rules everybody works with. */
static bool may_change(const struct principal *who, const struct view_saved *view)
{
    return is_own(who, view) || (view->shared && principal_may(who, RIGHT_RULES_WRITE));
}

static err check(struct ctx *ctx, str text)
{
    struct feedback_filter filter = {0};
    str before = ctx->pointer;
    ctx->pointer = str_format(&ctx->arena, "%.*s/filter", STR_ARG(before));
    TRY(shape_parse(ctx, &feedback_filter_shape, text, &filter, NULL));
    if (str_is(filter.person) && filter.person.len > 0) {
        return FAIL(ctx, ERR_INVALID, "person", "error.feedback.view_person");
    }
    ctx->pointer = before;
    return OK;
}

err view_add(struct ctx *ctx, struct store *store, const struct principal *who, struct view_saved *view)
{
    i64 count = 0;
    TRY(check(ctx, view->filter));
    TRY(store_number(ctx, store, SQL_VIEW_COUNT, ARGS_NONE, &count));
    if (count >= VIEWS_MAX) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.feedback.views_full");
    }
    view->id = id_new();
    view->owner = who->asker == ASKER_USER ? who->id : 0;
    view->by = str_is(who->user_name) && who->user_name.len > 0 ? who->user_name : who->name;
    view->created_ms = view->changed_ms = ctx_now_ms(ctx);
    view->may_change = may_change(who, view);
    return store_run(ctx, store, SQL_VIEW_ADD, ARGS_OF(&row_shape, view), NULL);
}

err view_list(struct ctx *ctx, struct store *store, const struct principal *who, struct shape_list *out)
{
    i64 owner = who->asker == ASKER_USER ? who->id : -1;
    TRY(store_all(ctx, store, SQL_VIEW_LIST, ARGS(ARG_I64("owner", owner)), &row_shape, out));
    struct view_saved *views = out->items;
    for (i64 i = 0; i < out->count; i++) {
        views[i].may_change = may_change(who, &views[i]);
    }
    return OK;
}

err view_get(struct ctx *ctx, struct store *store, const struct principal *who, i64 id, struct view_saved *out)
{
    *out = (struct view_saved){0};
    TRY(store_one(ctx, store, SQL_VIEW_ONE, ARGS(ARG_I64("id", id)), &row_shape, out));
    out->may_change = may_change(who, out);
    return out->shared || is_own(who, out) ? OK : ERR_NOT_FOUND;
}

static err allow(struct ctx *ctx, const struct view_saved *view)
{
    return view->may_change ? OK : FAIL(ctx, ERR_FORBIDDEN, NULL, "error.saved.others");
}

err view_change(struct ctx *ctx, struct store *store, const struct principal *who, struct view_saved *view)
{
    struct view_saved before;
    TRY(view_get(ctx, store, who, view->id, &before));
    TRY(allow(ctx, &before));
    TRY(check(ctx, view->filter));
    view->changed_ms = ctx_now_ms(ctx);
    view->may_change = true;
    return store_run(ctx, store, SQL_VIEW_SET, ARGS_OF(&row_shape, view), NULL);
}

err view_remove(struct ctx *ctx, struct store *store, const struct principal *who, i64 id, struct view_saved *removed)
{
    TRY(view_get(ctx, store, who, id, removed));
    TRY(allow(ctx, removed));
    return store_run(ctx, store, SQL_VIEW_REMOVE, ARGS(ARG_I64("id", id)), NULL);
}

/* Words are compared as they are searched: without case, tone and đ. */
err view_erase(struct ctx *ctx, struct store *store, const struct str_list *texts)
{
    struct shape_list list;
    TRY(store_all(ctx, store, SQL_VIEW_ALL, ARGS_NONE, &row_shape, &list));
    for (i64 i = 0; i < list.count; i++) {
        const struct view_saved *view = (const struct view_saved *)list.items + i;
        str words = search_words_of(&ctx->arena,
                                    str_format(&ctx->arena, "%.*s %.*s", STR_ARG(view->name), STR_ARG(view->filter)));
        str padded = str_format(&ctx->arena, " %.*s ", STR_ARG(words));
        for (i64 k = 0; k < texts->count; k++) {
            str wanted = str_format(&ctx->arena, " %.*s ", STR_ARG(search_words_of(&ctx->arena, texts->items[k])));
            if (wanted.len > 3 && str_find(padded, wanted) >= 0) {
                TRY(store_run(ctx, store, SQL_VIEW_REMOVE, ARGS(ARG_I64("id", view->id)), NULL));
                break;
            }
        }
    }
    return OK;
}
