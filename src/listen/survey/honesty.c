#include "listen/survey/honesty.h"

#include "measure/interval.h"

static const struct shape_field group_fields[] = {
    {"field", SHAPE_STR, offsetof(struct honest_group, field), .flags = SHAPE_REQUIRED, .help = "shape.honest.field"},
    {"value", SHAPE_STR, offsetof(struct honest_group, value)},
    {"invited", SHAPE_I64, offsetof(struct honest_group, invited), .flags = SHAPE_REQUIRED},
    {"answered", SHAPE_I64, offsetof(struct honest_group, answered), .flags = SHAPE_REQUIRED},
    {"rate", SHAPE_F64, offsetof(struct honest_group, rate), .flags = SHAPE_REQUIRED},
    {"low", SHAPE_F64, offsetof(struct honest_group, low), .flags = SHAPE_REQUIRED},
    {"high", SHAPE_F64, offsetof(struct honest_group, high), .flags = SHAPE_REQUIRED},
    {"apart", SHAPE_BOOL, offsetof(struct honest_group, apart), .flags = SHAPE_REQUIRED, .help = "shape.honest.apart"},
};
static const struct shape group_shape = SHAPE("HonestGroup", struct honest_group, group_fields, NULL);

static const struct shape_field count_fields[] = {
    {"state", SHAPE_STR, offsetof(struct honest_count, state), .flags = SHAPE_REQUIRED},
    {"reason", SHAPE_STR, offsetof(struct honest_count, reason)},
    {"count", SHAPE_I64, offsetof(struct honest_count, count), .flags = SHAPE_REQUIRED},
};
static const struct shape count_shape = SHAPE("HonestCount", struct honest_count, count_fields, NULL);

static const struct shape_field honesty_fields[] = {
    {"invited", SHAPE_I64, offsetof(struct honesty, invited), .flags = SHAPE_REQUIRED, .help = "shape.honest.invited"},
    {"answered", SHAPE_I64, offsetof(struct honesty, answered), .flags = SHAPE_REQUIRED},
    {"rate", SHAPE_F64, offsetof(struct honesty, rate), .flags = SHAPE_REQUIRED},
    {"low", SHAPE_F64, offsetof(struct honesty, low), .flags = SHAPE_REQUIRED},
    {"high", SHAPE_F64, offsetof(struct honesty, high), .flags = SHAPE_REQUIRED},
    {"outcomes", SHAPE_LIST, offsetof(struct honesty, outcomes), .of = &count_shape, .flags = SHAPE_REQUIRED},
    {"groups", SHAPE_LIST, offsetof(struct honesty, groups), .of = &group_shape, .flags = SHAPE_REQUIRED,
     .help = "shape.honest.groups"},
    {"selective", SHAPE_LIST, offsetof(struct honesty, selective), .of = &group_shape, .flags = SHAPE_REQUIRED,
     .help = "shape.honest.selective"},
    {"staff", SHAPE_IDS, offsetof(struct honesty, staff), .flags = SHAPE_REQUIRED, .help = "shape.honest.staff"},
};
const struct shape honesty_shape = SHAPE("SurveyHonesty", struct honesty, honesty_fields, "shape.honest");

/* Without invitations nothing is known: anything between none and all. */
static struct interval share(i64 hits, i64 count)
{
    struct interval interval = {.low = 0, .high = 1};
    return interval_share(hits, count, &interval) == OK ? interval : (struct interval){.low = 0, .high = 1};
}

/* A group against all others together. */
static void judge(struct honest_group *group, i64 invited, i64 answered)
{
    struct interval own = share(group->answered, group->invited);
    struct interval rest = share(answered - group->answered, invited - group->invited);
    group->rate = own.value;
    group->low = own.low;
    group->high = own.high;
    group->apart = invited > group->invited && group->invited > 0 && (own.high < rest.low || rest.high < own.low);
}

static void append(struct ctx *ctx, struct shape_list *list, const struct honest_group *group)
{
    i64 size = (i64)sizeof *group;
    list->items = arena_grow(&ctx->arena, list->items, list->count * size, (list->count + 1) * size,
                             _Alignof(struct honest_group));
    ((struct honest_group *)list->items)[list->count++] = *group;
}

/* A trait is kept as JSON: texts lose their quotes. */
static str plain(struct ctx *ctx, str value)
{
    struct json json;
    str text = value;
    if (value.len > 0 && json_parse(ctx, json_reader_here(), value, &json) == OK && json_str(json, &text)) {
        return str_copy(&ctx->arena, text);
    }
    ctx_forgive(ctx);
    return value;
}

static err read_groups(struct ctx *ctx, struct store *store, enum statement sql, struct store_args args, str field,
                       struct honesty *out)
{
    struct shape_list rows;
    i64 invited = 0, answered = 0;
    TRY(store_all(ctx, store, sql, args, &group_shape, &rows));
    struct honest_group *groups = rows.items;
    for (i64 i = 0; i < rows.count; i++) {
        invited += groups[i].invited;
        answered += groups[i].answered;
    }
    for (i64 i = 0; i < rows.count; i++) {
        groups[i].field = field;
        groups[i].value = sql == SQL_HONEST_TRAIT ? plain(ctx, groups[i].value) : groups[i].value;
        judge(&groups[i], invited, answered);
        append(ctx, &out->groups, &groups[i]);
    }
    if (sql == SQL_HONEST_CHANNEL) {
        struct interval all = share(answered, invited);
        out->invited = invited;
        out->answered = answered;
        out->rate = all.value;
        out->low = all.low;
        out->high = all.high;
    }
    return OK;
}

/* Whoever chooses people by hand is compared with everybody: who asks only those who like us has another share of them. */
static err read_inviters(struct ctx *ctx, struct store *store, i64 survey, struct honesty *out)
{
    struct shape_list all, rows;
    struct store_args args = ARGS(ARG_ID("survey", survey));
    TRY(store_all(ctx, store, SQL_HONEST_EVERYBODY, ARGS_NONE, &group_shape, &all));
    TRY(store_all(ctx, store, SQL_HONEST_INVITERS, args, &group_shape, &rows));
    struct honest_group everybody = *(const struct honest_group *)all.items;
    struct interval fair = share(everybody.answered, everybody.invited);
    everybody.field = STR("everybody");
    everybody.rate = fair.value;
    everybody.low = fair.low;
    everybody.high = fair.high;
    append(ctx, &out->selective, &everybody);
    for (i64 i = 0; i < rows.count; i++) {
        struct honest_group group = ((const struct honest_group *)rows.items)[i];
        struct interval own = share(group.answered, group.invited);
        group.field = STR("by");
        group.rate = own.value;
        group.low = own.low;
        group.high = own.high;
        group.apart = group.invited > 0 && everybody.invited > 0 && (own.low > fair.high || own.high < fair.low);
        append(ctx, &out->selective, &group);
    }
    return OK;
}

static err add_id(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct id_list *ids = self;
    ids->items = arena_grow(&ctx->arena, ids->items, ids->count * (i64)sizeof(i64), (ids->count + 1) * (i64)sizeof(i64),
                            _Alignof(i64));
    ids->items[ids->count++] = row_i64(row, 0);
    return OK;
}

err honesty_read(struct ctx *ctx, struct store *store, i64 survey, str trait, struct honesty *out)
{
    struct store_args of = ARGS(ARG_ID("survey", survey));
    struct store_args told = ARGS(ARG_ID("survey", survey), ARG_STR("trait", trait));
    *out = (struct honesty){0};
    TRY(store_all(ctx, store, SQL_HONEST_REASONS, of, &count_shape, &out->outcomes));
    TRY(read_groups(ctx, store, SQL_HONEST_CHANNEL, of, STR("channel"), out));
    TRY(read_groups(ctx, store, SQL_HONEST_RULE, of, STR("rule"), out));
    TRY(read_groups(ctx, store, SQL_HONEST_EARLIER, of, STR("earlier"), out));
    TRY(read_groups(ctx, store, SQL_HONEST_TRAIT, told, trait, out));
    TRY(read_inviters(ctx, store, survey, out));
    return store_each(ctx, store, SQL_HONEST_STAFF, of, add_id, &out->staff);
}
