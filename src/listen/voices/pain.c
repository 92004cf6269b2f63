#include "listen/voices/pain.h"

#include "base/id.h"
#include "listen/voices/inside.h"

const char *const pain_status_words[] = {"new", "confirmed", "working", "solved", "dropped", NULL};

static const struct shape_field pain_fields[] = {
    {"id", SHAPE_ID, offsetof(struct pain, id), .flags = SHAPE_REQUIRED | SHAPE_READ_ONLY},
    {"name", SHAPE_STR, offsetof(struct pain, name), .flags = SHAPE_REQUIRED},
    {"description", SHAPE_STR, offsetof(struct pain, description), .flags = SHAPE_REQUIRED},
    {"touchpoint", SHAPE_STR, offsetof(struct pain, touchpoint)},
    {"status", SHAPE_WORD, offsetof(struct pain, status), .words = pain_status_words, .flags = SHAPE_REQUIRED},
    {"owner", SHAPE_ID, offsetof(struct pain, owner)},
    {"matches", SHAPE_JSON, offsetof(struct pain, matches), .help = "shape.pain.matches"},
    {"merged", SHAPE_ID, offsetof(struct pain, merged), .help = "shape.pain.merged"},
    {"by", SHAPE_STR, offsetof(struct pain, by), .flags = SHAPE_REQUIRED},
    {"created_ms", SHAPE_TIME, offsetof(struct pain, created_ms), .flags = SHAPE_REQUIRED},
    {"changed_ms", SHAPE_TIME, offsetof(struct pain, changed_ms), .flags = SHAPE_REQUIRED},
    {"evidence", SHAPE_I64, offsetof(struct pain, evidence), .flags = SHAPE_REQUIRED, .help = "shape.pain.evidence"},
};
const struct shape pain_shape = SHAPE("Pain", struct pain, pain_fields, "shape.pain");

static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, offsetof(struct pain, id)},
    {"name", SHAPE_STR, offsetof(struct pain, name)},
    {"description", SHAPE_STR, offsetof(struct pain, description)},
    {"touchpoint", SHAPE_STR, offsetof(struct pain, touchpoint)},
    {"status", SHAPE_WORD, offsetof(struct pain, status), .words = pain_status_words},
    {"owner", SHAPE_ID, offsetof(struct pain, owner)},
    {"matches", SHAPE_STR, offsetof(struct pain, matches)},
    {"merged", SHAPE_ID, offsetof(struct pain, merged)},
    {"by", SHAPE_STR, offsetof(struct pain, by)},
    {"by_name", SHAPE_STR, offsetof(struct pain, by)},
    {"created_ms", SHAPE_I64, offsetof(struct pain, created_ms)},
    {"changed_ms", SHAPE_I64, offsetof(struct pain, changed_ms)},
    {"matched", SHAPE_I64, offsetof(struct pain, matched)},
    {"evidence", SHAPE_I64, offsetof(struct pain, evidence)},
};
static const struct shape row_shape = SHAPE("PainRow", struct pain, row_fields, NULL);

/* The filter of a rule. It finds words only, and everything that whoever wrote the rule may see. */
static err rule_of(struct ctx *ctx, const struct feedback_source_of *from, str matches, struct feedback_chosen **out)
{
    struct feedback_filter *filter = arena_new(&ctx->arena, struct feedback_filter, 1);
    shape_seen seen;
    str before = ctx->pointer;
    ctx->pointer = str_format(&ctx->arena, "%.*s/matches", STR_ARG(before));
    TRY(shape_parse(ctx, &feedback_filter_shape, matches, filter, &seen));
    filter->has_text = shape_has(&feedback_filter_shape, seen, "has_text") ? filter->has_text : ONLY_TRUE;
    TRY(feedback_choose(ctx, from, filter, out));
    ctx->pointer = before;
    return OK;
}

static bool has_rule(const struct pain *pain)
{
    return str_is(pain->matches) && pain->matches.len > 0 && !str_eq(pain->matches, STR("null"));
}

static err check(struct ctx *ctx, const struct feedback_source_of *from, struct pain *pain)
{
    struct feedback_chosen *chosen;
    i64 there = 0;
    pain->description = str_is(pain->description) ? pain->description : STR("");
    pain->touchpoint = pain->touchpoint.len > 0 ? pain->touchpoint : STR_NONE;
    pain->matches = has_rule(pain) ? pain->matches : STR_NONE;
    if (pain->owner != 0) {
        TRY(store_number(ctx, from->store, SQL_FEEDBACK_USER, ARGS(ARG_I64("id", pain->owner)), &there));
        if (there == 0) {
            return FAIL(ctx, ERR_INVALID, "owner", "error.feedback.owner");
        }
    }
    return has_rule(pain) ? rule_of(ctx, from, pain->matches, &chosen) : OK;
}

err pain_add(struct ctx *ctx, const struct feedback_source_of *from, str by, struct pain *pain)
{
    i64 count = 0;
    TRY(check(ctx, from, pain));
    TRY(store_number(ctx, from->store, SQL_PAIN_COUNT, ARGS_NONE, &count));
    if (count >= PAINS_MAX) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.pain.full");
    }
    pain->id = id_new();
    pain->by = by;
    pain->created_ms = pain->changed_ms = ctx_now_ms(ctx);
    return store_run(ctx, from->store, SQL_PAIN_ADD, ARGS_OF(&row_shape, pain), NULL);
}

err pain_list(struct ctx *ctx, struct store *store, const struct feedback_sight *sight, struct shape_list *out)
{
    struct sight_texts seen = feedback_sight_texts(&ctx->arena, sight);
    return store_all(ctx, store, SQL_PAIN_LIST,
                     ARGS(ARG_STR("sight_places", seen.places), ARG_STR("sight_touchpoints", seen.touchpoints)),
                     &row_shape, out);
}

err pain_get(struct ctx *ctx, struct store *store, const struct feedback_sight *sight, i64 id, struct pain *out)
{
    struct sight_texts seen = feedback_sight_texts(&ctx->arena, sight);
    *out = (struct pain){0};
    return store_one(ctx, store, SQL_PAIN_ONE,
                     ARGS(ARG_I64("id", id), ARG_STR("sight_places", seen.places),
                          ARG_STR("sight_touchpoints", seen.touchpoints)),
                     &row_shape, out);
}

static bool same(str a, str b)
{
    return str_is(a) == str_is(b) && str_eq(a, b);
}

err pain_change(struct ctx *ctx, const struct feedback_source_of *from, struct pain *pain)
{
    struct pain before;
    TRY(check(ctx, from, pain));
    TRY(pain_get(ctx, from->store, NULL, pain->id, &before));
    pain->changed_ms = ctx_now_ms(ctx);
    TRY(store_run(ctx, from->store, SQL_PAIN_SET, ARGS_OF(&row_shape, pain), NULL));
    if (same(before.matches, pain->matches)) {
        return OK;
    }
    TRY(store_run(ctx, from->store, SQL_PAIN_UNFIND, ARGS(ARG_I64("pain", pain->id)), NULL));
    pain->matched = 0;
    return store_run(ctx, from->store, SQL_PAIN_SET_MATCHED, ARGS(ARG_I64("id", pain->id), ARG_I64("matched", 0)),
                     NULL);
}

err pain_remove(struct ctx *ctx, struct store *store, i64 id, struct pain *removed)
{
    TRY(pain_get(ctx, store, NULL, id, removed));
    return store_run(ctx, store, SQL_PAIN_REMOVE, ARGS(ARG_I64("id", id)), NULL);
}

err pain_merge(struct ctx *ctx, struct store *store, i64 id, i64 into)
{
    struct pain from, to;
    TRY(pain_get(ctx, store, NULL, id, &from));
    err code = pain_get(ctx, store, NULL, into, &to);
    if (code == ERR_NOT_FOUND || id == into || (code == OK && to.merged != 0)) {
        return FAIL(ctx, ERR_INVALID, "into", "error.pain.into");
    }
    TRY(code);
    struct store_args args = ARGS(ARG_I64("id", id), ARG_I64("into", into), ARG_I64("changed_ms", ctx_now_ms(ctx)));
    TRY(store_run(ctx, store, SQL_PAIN_TAKE_OVER, args, NULL));
    TRY(store_run(ctx, store, SQL_PAIN_LET_GO, args, NULL));
    return store_run(ctx, store, SQL_PAIN_SET_MERGED, args, NULL);
}

/* Rules. */

/* Where several processes store events their ids interleave: a rule looks back a little. */
enum { LOOK_BACK_MS = 60000 };

struct finding {
    const struct feedback_source_of *from;
    const struct pain *pain;
    struct id_list found;
    i64 capacity, newest;
};

static err add_found(void *self, struct ctx *ctx, const struct feedback *row)
{
    struct finding *finding = self;
    struct id_list *found = &finding->found;
    if (found->count == finding->capacity) {
        i64 wish = finding->capacity * 2 + 64;
        found->items = arena_grow(&ctx->arena, found->items, finding->capacity * (i64)sizeof(i64),
                                  wish * (i64)sizeof(i64), _Alignof(i64));
        finding->capacity = wish;
    }
    found->items[found->count++] = row->id;
    return OK;
}

static err write_found(struct ctx *ctx, struct store *store, void *arg)
{
    const struct finding *finding = arg;
    for (i64 i = 0; i < finding->found.count; i++) {
        TRY(store_later(ctx, store, SQL_PAIN_FIND,
                        ARGS(ARG_I64("feedback", finding->found.items[i]), ARG_I64("pain", finding->pain->id),
                             ARG_I64("at_ms", ctx_now_ms(ctx)))));
    }
    return store_later(ctx, store, SQL_PAIN_SET_MATCHED,
                       ARGS(ARG_I64("id", finding->pain->id), ARG_I64("matched", finding->newest)));
}

static err match_one(struct ctx *ctx, const struct feedback_source_of *from, const struct pain *pain, i64 newest)
{
    struct finding finding = {.from = from, .pain = pain, .newest = newest};
    struct feedback_chosen *chosen;
    if (!has_rule(pain) || pain->matched >= newest) {
        return OK;
    }
    struct feedback_source_of all = *from;
    all.sight = (struct feedback_sight){.personal = true};
    TRY(rule_of(ctx, &all, pain->matches, &chosen));
    i64 now_ms = ctx_now_ms(ctx), back = id_from_ms(now_ms) - id_from_ms(now_ms - LOOK_BACK_MS);
    feedback_since(chosen, pain->matched == 0 ? 0 : greater(pain->matched - back, 0));
    TRY(feedback_each(ctx, chosen, add_found, &finding));
    return store_write(ctx, from->store, write_found, &finding);
}

err pain_match(struct ctx *ctx, const struct feedback_source_of *from, const struct pain *pain)
{
    i64 newest;
    TRY(store_number(ctx, from->store, SQL_FEEDBACK_NEWEST_ID, ARGS_NONE, &newest));
    if (pain != NULL) {
        return match_one(ctx, from, pain, newest);
    }
    struct shape_list pains;
    TRY(pain_list(ctx, from->store, NULL, &pains));
    for (i64 i = 0; i < pains.count; i++) {
        TRY(match_one(ctx, from, (const struct pain *)pains.items + i, newest));
    }
    return OK;
}
