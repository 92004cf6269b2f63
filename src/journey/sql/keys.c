/* Fields, periods and groups as SQL, with the meaning that dimension.c, periods.c and groups.c give them. */
#include "base/hash.h"
#include "journey/sql/sql.h"

str sql_word(struct ctx *ctx, enum word word)
{
    static const char *const columns[WORD_COUNT] = {
        [WORD_KIND] = "kind",         [WORD_CHANNEL] = "channel",
        [WORD_PLACE] = "place",       [WORD_TOUCHPOINT] = "touchpoint",
        [WORD_SOURCE] = "source",     [WORD_METRIC] = "metric",
        [WORD_QUESTION] = "question",
    };
    switch (word) {
    case WORD_SCALE: return SQL_TEXT(ctx, SQL_CLICK_SCALE);
    case WORD_CURRENCY: return SQL_TEXT(ctx, SQL_CLICK_CURRENCY);
    default: return str_from(columns[word]);
    }
}

bool sql_field_is_text(const struct field *field)
{
    return field->kind == FIELD_WORD || field->kind == FIELD_PROP;
}

/* Touchpoints with several codes have one number. */
static struct sql_expr of_map(struct sql_asking *sql, const struct dimension *dimension)
{
    struct ctx *ctx = sql->ctx;
    const struct derived *derived = sql->asking->derived;
    if (derived == NULL) {
        return sql_never();
    }
    struct sql_expr out = {STR("touch"), SQL_NEEDS_TOUCH};
    if (dimension->field.kind == FIELD_JOURNEY) {
        out.text = SQL_TEXT(ctx, SQL_CLICK_ON_MAP, PART("touch", out.text));
    } else if (dimension->same != NULL) {
        i64 *codes = arena_new(&ctx->arena, i64, derived->touch_count);
        i64 *numbers = arena_new(&ctx->arena, i64, derived->touch_count);
        for (u32 code = 1; code <= derived->touch_count; code++) {
            codes[code - 1] = code;
            numbers[code - 1] = dimension->same[code];
        }
        out.text = SQL_TEXT(ctx, SQL_CLICK_TRANSLATE, PART("number", out.text),
                            PART("from", sql_numbers(ctx, codes, derived->touch_count)),
                            PART("into", sql_numbers(ctx, numbers, derived->touch_count)));
    }
    return out;
}

/* The version in force: the first decides from ever. */
static struct sql_expr of_version(struct sql_asking *sql)
{
    struct ctx *ctx = sql->ctx;
    const struct journey_view *journey = &sql->asking->journey;
    struct buf pairs = buf_in(&ctx->arena);
    str newest = str_format(&ctx->arena, "%lld", (long long)journey->count);
    for (i64 i = 1; i < journey->count; i++) {
        buf_add(&pairs, i == 1 ? STR_NONE : STR(", "));
        buf_add(&pairs, SQL_TEXT(ctx, SQL_CLICK_BEFORE, VALUE_I64("at", journey->from_ms[i])));
        buf_format(&pairs, ", %lld", (long long)i);
    }
    return (struct sql_expr){.text = pairs.len == 0 ? newest
                                                    : SQL_TEXT(ctx, SQL_CLICK_FIRST_OF, PART("pairs", buf_str(&pairs)),
                                                               PART("otherwise", newest))};
}

static err of_trait(struct sql_asking *sql, const struct dimension *dimension, struct sql_expr *out)
{
    str ids, codes;
    sql_trait_lists(sql, dimension->trait, NULL, &ids, &codes);
    TRY(asking_use(sql->asking, ids.len + codes.len));
    *out = sql_never();
    if (ids.len > 0) {
        out->text = SQL_TEXT(sql->ctx, SQL_CLICK_TRAIT, VALUE_STR("ids", ids), VALUE_STR("codes", codes));
        out->needs = SQL_NEEDS_PERSON;
    }
    return OK;
}

err sql_field(struct sql_asking *sql, const struct dimension *dimension, struct sql_expr *out)
{
    const struct field *field = &dimension->field;
    *out = (struct sql_expr){0};
    switch (field->kind) {
    case FIELD_WORD: out->text = sql_word(sql->ctx, field->word); return OK;
    case FIELD_PROP: out->text = SQL_TEXT(sql->ctx, SQL_CLICK_PROP, VALUE_STR("name", field->name)); return OK;
    case FIELD_TRAIT: TRY(of_trait(sql, dimension, out)); break;
    case FIELD_VERSION: *out = of_version(sql); break;
    default: *out = of_map(sql, dimension); break;
    }
    out->text = SQL_TEXT(sql->ctx, SQL_CLICK_NUMBER, PART("number", out->text));
    return OK;
}

err sql_field_text(struct sql_asking *sql, const struct dimension *dimension, struct sql_expr *out)
{
    struct ctx *ctx = sql->ctx;
    TRY(sql_field(sql, dimension, out));
    if (sql_field_is_text(&dimension->field)) {
        return OK;
    }
    struct buf from = buf_in(&ctx->arena), into = buf_in(&ctx->arena);
    u32 size = dimension->field.kind == FIELD_JOURNEY ? (sql->asking->derived != NULL ? 2 : 1) : dimension->size;
    for (u32 number = 1; number < size; number++) {
        buf_add(&from, number == 1 ? STR_NONE : STR(", "));
        buf_add(&into, number == 1 ? STR_NONE : STR(", "));
        buf_i64(&from, number);
        click_literal(&into, dimension_text(sql->asking, dimension, number));
    }
    if (size <= 1) {
        *out = (struct sql_expr){.text = STR("''")};
        return OK;
    }
    out->text = SQL_TEXT(ctx, SQL_CLICK_TEXTS_OF, PART("number", out->text), PART("from", buf_str(&from)),
                         PART("into", buf_str(&into)));
    return asking_use(sql->asking, out->text.len);
}

/* Periods. */

/* The length that all periods have; 0: they differ. */
static i64 length_of(const struct periods *periods)
{
    i64 length = periods->starts[1] - periods->starts[0];
    for (i64 i = 1; i < periods->count && length != 0; i++) {
        length = periods->starts[i + 1] - periods->starts[i] == length ? length : 0;
    }
    return length;
}

str sql_period(struct ctx *ctx, const struct periods *periods, str at)
{
    if (periods->count <= 1) {
        return SQL_TEXT(ctx, SQL_CLICK_NUMBER, PART("number", STR("0")));
    }
    i64 length = length_of(periods);
    str number;
    if (length != 0) {
        number = SQL_TEXT(ctx, SQL_CLICK_EVEN_PERIOD, PART("at", at), VALUE_I64("first", periods->starts[0]),
                          VALUE_I64("length", length));
    } else {
        i64 count = ((periods->starts[periods->count] - 1 - periods->first_ms) >> periods->shift) + 1;
        i64 *stretches = arena_new(&ctx->arena, i64, count), *numbers = arena_new(&ctx->arena, i64, count);
        i64 *borders = arena_new(&ctx->arena, i64, count);
        for (i64 i = 0; i < count; i++) {
            stretches[i] = i;
            numbers[i] = periods->table[i];
            borders[i] = periods->starts[periods->table[i] + 1] - periods->first_ms; // never negative
        }
        number = SQL_TEXT(ctx, SQL_CLICK_PERIOD, PART("at", at), VALUE_I64("first", periods->first_ms),
                          VALUE_I64("length", (i64)1 << periods->shift),
                          PART("stretches", sql_numbers(ctx, stretches, count)),
                          PART("periods", sql_numbers(ctx, numbers, count)),
                          PART("borders", sql_numbers(ctx, borders, count)));
    }
    return SQL_TEXT(ctx, SQL_CLICK_NUMBER, PART("number", number));
}

err sql_periods(struct sql_asking *sql, struct periods *out)
{
    const struct asking *asking = sql->asking;
    const struct question *question = &asking->question;
    i64 low = asking->from_ms, high = asking->to_ms;
    *out = (struct periods){.every = question->every, .zone = question->zone};
    if (question->every == PERIOD_NONE) {
        return OK;
    }
    TRY(sql_bounds(sql, &low, &high));
    low = greater(low, asking->from_ms);
    high = lesser(high, asking->to_ms == INT64_MAX ? INT64_MAX : asking->to_ms - 1);
    return periods_make(sql->ctx, question->zone, question->every, low, high, out);
}

/* Groups. */

static err add_key(struct sql_groups *out, struct field field, str name, struct buf *select, struct buf *names)
{
    struct sql_asking *sql = out->sql;
    i64 at = out->groups.dimension_count++;
    struct dimension *dimension = &out->groups.dimensions[at];
    *dimension = dimension_make(sql->asking, NULL, field, name);
    TRY(sql_field(sql, dimension, &out->keys[at]));
    out->needs |= out->keys[at].needs;
    out->texts[at] = arena_new(&sql->ctx->arena, struct dictionary, 1);
    str alias = str_format(&sql->ctx->arena, "k%lld", (long long)at);
    buf_add(select, SQL_TEXT(sql->ctx, SQL_CLICK_ALIAS, PART("expression", out->keys[at].text), PART("name", alias)));
    buf_add(select, STR(", "));
    buf_add(names, alias);
    buf_add(names, STR(", "));
    return OK;
}

static void free_groups(void *object)
{
    struct sql_groups *groups = object;
    for (i64 i = 0; i < groups->groups.dimension_count; i++) {
        dictionary_free(groups->texts[i]);
    }
    mem_free(groups->listed);
    mem_free(groups->slots);
}

err sql_groups_begin(struct sql_asking *sql, const struct field *more, i64 more_count, struct sql_groups *out)
{
    struct ctx *ctx = sql->ctx;
    const struct question *question = &sql->asking->question;
    struct buf select = buf_in(&ctx->arena), names = buf_in(&ctx->arena);
    *out = (struct sql_groups){.sql = sql, .groups = {.asking = sql->asking}};
    ctx_defer(ctx, free_groups, out);
    for (i64 i = 0; i < question->by_count; i++) {
        TRY(add_key(out, question->by[i], question->by_names[i], &select, &names));
    }
    for (i64 i = 0; i < more_count; i++) {
        TRY(add_key(out, more[i], STR_NONE, &select, &names));
    }
    TRY(sql_periods(sql, &out->groups.periods));
    out->period = sql_period(ctx, &out->groups.periods, STR("at_ms"));
    buf_add(&select, SQL_TEXT(ctx, SQL_CLICK_ALIAS, PART("expression", out->period), PART("name", STR("period"))));
    buf_add(&names, STR("period"));
    out->select = buf_str(&select);
    out->names = buf_str(&names);
    out->grouping = (struct grouping){.groups = &out->groups};
    return OK;
}

static i64 width_of(const struct sql_groups *groups)
{
    return groups->groups.dimension_count + 1;
}

static u64 hash_of(const struct sql_groups *groups, const u32 *numbers)
{
    return hash64(numbers, width_of(groups) * (i64)sizeof(u32));
}

/* The place of a group in the table, or the free one where it belongs. */
static i64 slot_of(const struct sql_groups *groups, const u32 *numbers)
{
    i64 mask = groups->slot_count - 1, width = width_of(groups);
    i64 slot = (i64)(hash_of(groups, numbers) & (u64)mask);
    while (groups->slots[slot] != 0 &&
           memcmp(groups->listed + (groups->slots[slot] - 1) * width, numbers, (size_t)width * sizeof(u32)) != 0) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static err make_room(struct sql_groups *groups)
{
    i64 width = width_of(groups), count = groups->grouping.count;
    if (count == groups->capacity) {
        i64 capacity = groups->capacity * 2 + 64;
        TRY(asking_use(groups->sql->asking, (capacity - groups->capacity) * width * (i64)sizeof(u32)));
        groups->listed = mem_resize(groups->listed, capacity * width * (i64)sizeof(u32));
        groups->capacity = capacity;
    }
    if (count * 2 >= groups->slot_count) {
        mem_free(groups->slots);
        groups->slot_count = greater(groups->slot_count * 2, 256);
        groups->slots = mem_new(groups->slot_count * (i64)sizeof(i64));
        for (i64 group = 0; group < count; group++) {
            groups->slots[slot_of(groups, groups->listed + group * width)] = group + 1;
        }
    }
    return OK;
}

err sql_groups_read(struct sql_groups *groups, struct click_rows *rows, i64 *group)
{
    u32 numbers[KEY_MAX + 1];
    i64 dimensions = groups->groups.dimension_count;
    for (i64 i = 0; i < dimensions; i++) {
        bool text = sql_field_is_text(&groups->groups.dimensions[i].field);
        numbers[i] = text ? dictionary_put(groups->texts[i], click_str(rows)) : click_u32(rows);
    }
    numbers[dimensions] = click_u32(rows);
    TRY(make_room(groups));
    i64 slot = slot_of(groups, numbers);
    if (groups->slots[slot] == 0) {
        if (groups->grouping.count == GROUPS_MAX) {
            return groups_too_many(groups->sql->ctx);
        }
        memcpy(groups->listed + groups->grouping.count * (dimensions + 1), numbers,
               (size_t)(dimensions + 1) * sizeof(u32));
        groups->slots[slot] = ++groups->grouping.count;
    }
    *group = groups->slots[slot] - 1;
    return OK;
}

void sql_groups_end(struct sql_groups *groups)
{
    for (i64 i = 0; i < groups->groups.dimension_count; i++) {
        struct dimension *dimension = &groups->groups.dimensions[i];
        if (sql_field_is_text(&dimension->field)) {
            dimension->texts = dictionary_texts(groups->texts[i]);
            dimension->size = dimension->texts.count + 1;
        }
    }
    groups->grouping.listed = groups->listed;
}
