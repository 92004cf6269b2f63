/* The words and properties that occur, as catalogue.c tells them. */
#include "journey/catalogue.h"

#include "journey/findings_count.h"
#include "journey/sql/answers.h"
#include "journey/sql/sql.h"

enum { SORTS = 7, FEW_VALUES = PROP_VALUES_MAX, EARLY_EVENTS = 20000 };

static const enum word sorts[SORTS] = {WORD_KIND,   WORD_CHANNEL,  WORD_PLACE,   WORD_SOURCE,
                                       WORD_METRIC, WORD_QUESTION, WORD_CURRENCY};

static err count_words(struct sql_asking *sql, struct shape_list *lists)
{
    struct ctx *ctx = sql->ctx;
    struct sql_expr where = sql_where(sql);
    struct counted *items = arena_new(&ctx->arena, struct counted, (i64)SORTS * CATALOGUE_VALUES_MAX);
    struct click_rows rows;
    str all = STR_NONE;
    for (i64 i = 0; i < SORTS; i++) {
        str one = SQL_TEXT(ctx, SQL_CLICK_WORD_COUNTS, PART("with", sql_with(sql, where.needs)), VALUE_I64("sort", i),
                           PART("word", sql_word(ctx, sorts[i])), PART("from", sql_from(sql, where.needs)),
                           PART("where", where.text), VALUE_I64("most", CATALOGUE_VALUES_MAX));
        all = i == 0 ? one : SQL_TEXT(ctx, SQL_CLICK_UNION, PART("a", all), PART("b", one));
        lists[i] = (struct shape_list){items + i * CATALOGUE_VALUES_MAX, 0};
    }
    TRY(sql_query(sql, all, &rows));
    while (click_more(&rows)) {
        u32 sort = click_u32(&rows);
        struct counted counted = {.value = click_str(&rows)};
        counted.events = (i64)click_u64(&rows);
        if (sort < SORTS && lists[sort].count < CATALOGUE_VALUES_MAX) {
            ((struct counted *)lists[sort].items)[lists[sort].count++] = counted;
        }
    }
    for (i64 i = 0; i < SORTS; i++) {
        lists[i] = catalogue_ordered(lists[i].items, lists[i].count);
    }
    return OK;
}

static err count_touchpoints(struct sql_asking *sql, struct shape_list *out)
{
    struct ctx *ctx = sql->ctx;
    struct sql_expr where = sql_where(sql);
    const struct derived *derived = sql->asking->derived;
    u32 codes = derived == NULL ? 0 : derived->touch_count;
    i64 *events = arena_new(&ctx->arena, i64, (i64)codes + 1);
    struct click_rows rows;
    if (codes > 0) {
        u32 needs = where.needs | SQL_NEEDS_TOUCH;
        TRY(sql_query(sql,
                      SQL_TEXT(ctx, SQL_CLICK_TOUCH_COUNTS, PART("with", sql_with(sql, needs)),
                               PART("from", sql_from(sql, needs)), PART("where", where.text)),
                      &rows));
        while (click_more(&rows)) {
            u32 code = click_u32(&rows);
            events[lesser(code, codes)] += (i64)click_u64(&rows);
        }
    }
    *out = catalogue_touchpoints(&ctx->arena, derived, events);
    return OK;
}

/* Properties. */

struct found_props {
    struct counted_prop *items;
    i64 count;
};

static err read_facts(struct sql_asking *sql, struct found_props *out)
{
    struct ctx *ctx = sql->ctx;
    struct click_rows rows;
    struct sql_expr living = sql->living;
    out->items = arena_new(&ctx->arena, struct counted_prop, PROP_NAMES_MAX);
    out->count = 0;
    TRY(sql_query(sql,
                  SQL_TEXT(ctx, SQL_CLICK_PROP_FACTS, PART("with", STR_NONE), PART("where", living.text),
                           VALUE_I64("most", PROP_NAMES_MAX)),
                  &rows));
    while (click_more(&rows) && out->count < PROP_NAMES_MAX) {
        struct counted_prop *prop = &out->items[out->count++];
        prop->value = click_str(&rows);
        prop->events = (i64)click_u64(&rows);
        i64 distinct = (i64)click_u64(&rows);
        prop->distinct = lesser(distinct, FEW_VALUES);
        prop->sample.items = arena_new(&ctx->arena, str, CATALOGUE_SAMPLE_MAX);
    }
    return OK;
}

static struct counted_prop *find_prop(const struct found_props *props, str name)
{
    i64 i = 0;
    while (i < props->count && !str_eq(props->items[i].value, name)) {
        i++;
    }
    return i < props->count ? &props->items[i] : NULL;
}

/* Values of these properties among the events of `where`: how many there are, in how many events, and the first few. */
static err read_values(struct sql_asking *sql, const struct found_props *props, struct sql_expr where, bool count,
                       bool samples)
{
    struct ctx *ctx = sql->ctx;
    struct click_rows rows;
    str *names = arena_new(&ctx->arena, str, props->count + 1);
    for (i64 i = 0; i < props->count; i++) {
        names[i] = props->items[i].value;
    }
    TRY(sql_query(sql,
                  SQL_TEXT(ctx, SQL_CLICK_PROP_COUNTS, PART("with", sql_with(sql, where.needs)),
                           PART("from", sql_from(sql, where.needs)), PART("where", where.text),
                           PART("named", sql_one_of_texts(ctx, STR("name"), names, props->count))),
                  &rows));
    while (click_more(&rows)) {
        struct counted_prop *prop = find_prop(props, click_str(&rows));
        str value = click_str(&rows);
        i64 events = (i64)click_u64(&rows);
        (void)click_i64(&rows);
        if (prop == NULL) {
            continue;
        }
        prop->events += count ? events : 0;
        prop->distinct += count;
        if (samples && prop->sample.count < CATALOGUE_SAMPLE_MAX) {
            prop->sample.items[prop->sample.count++] = value;
        }
    }
    return OK;
}

/* The first values of all properties: of those with few values among all events, of the others among the first events. */
static err read_samples(struct sql_asking *sql, const struct found_props *all)
{
    struct ctx *ctx = sql->ctx;
    struct sql_expr living = sql->living;
    for (i32 many = 0; many < 2; many++) {
        struct found_props some = {arena_new(&ctx->arena, struct counted_prop, all->count + 1), 0};
        for (i64 i = 0; i < all->count; i++) {
            if ((all->items[i].distinct >= FEW_VALUES) == (many == 1)) {
                some.items[some.count++] = all->items[i];
            }
        }
        struct sql_expr early = {
            .text = SQL_TEXT(ctx, SQL_CLICK_EARLY, PART("where", living.text), VALUE_I64("most", EARLY_EVENTS))};
        if (some.count > 0) {
            TRY(read_values(sql, &some, many == 1 ? sql_and(ctx, early, living) : living, false, true));
        }
        for (i64 i = 0; i < some.count; i++) {
            find_prop(all, some.items[i].value)->sample = some.items[i].sample;
        }
    }
    return OK;
}

/* With conditions: those that events can be split by, counted among the events that satisfy them. */
static err count_some(struct sql_asking *sql, bool samples, struct found_props *props)
{
    i64 kept = 0;
    for (i64 i = 0; i < props->count; i++) {
        struct counted_prop *prop = &props->items[i];
        if (findings_splits(prop->value, prop->distinct, prop->events)) {
            prop->events = prop->distinct = 0;
            props->items[kept++] = *prop;
        }
    }
    props->count = kept;
    if (kept > 0) {
        TRY(read_values(sql, props, sql_where(sql), true, samples));
    }
    kept = 0;
    for (i64 i = 0; i < props->count; i++) {
        props->items[kept] = props->items[i];
        kept += props->items[i].events > 0;
    }
    props->count = kept;
    return OK;
}

err sql_catalogue(const struct asking *asking, bool samples, struct catalogue *out)
{
    struct sql_asking *sql = arena_new(&asking->ctx->arena, struct sql_asking, 1);
    struct shape_list lists[SORTS], touchpoints;
    struct found_props props;
    TRY(sql_begin(asking, sql));
    TRY(count_words(sql, lists));
    TRY(count_touchpoints(sql, &touchpoints));
    TRY(read_facts(sql, &props));
    if (!condition_empty(&asking->question.where)) {
        TRY(count_some(sql, samples, &props));
    } else if (samples) {
        TRY(read_samples(sql, &props));
    }
    *out = (struct catalogue){
        .kinds = lists[0],
        .channels = lists[1],
        .places = lists[2],
        .sources = lists[3],
        .metrics = lists[4],
        .questions = lists[5],
        .currencies = lists[6],
        .touchpoints = touchpoints,
        .props = catalogue_props(props.items, props.count),
    };
    return OK;
}
