#include "listen/map.h"

#include "guard/keys.h"

/* Every part of the map is kept as JSON first, because a target is a name or an object. */
struct raw_map {
    str person, user, anonymous, email, phone, at, kind, channel, place, touchpoint, id, amount, score, text, props;
    struct str_list missing;
    str separator, decimal, thousands, encoding, source, sheet;
};

enum { NAME_MAX = 1000, VALUE_MAX = 2000 };

#define RAW(name)                                                                                                      \
    {                                                                                                                  \
#name, SHAPE_JSON, offsetof(struct raw_map, name)                                                              \
    }
#define WORDS(name, least, most)                                                                                       \
    {                                                                                                                  \
#name, SHAPE_STR, offsetof(struct raw_map, name), .min = (least), .max = (most)                                \
    }
static const struct shape_field raw_fields[] = {
    RAW(person),
    RAW(user),
    RAW(anonymous),
    RAW(email),
    RAW(phone),
    RAW(at),
    RAW(kind),
    RAW(channel),
    RAW(place),
    RAW(touchpoint),
    RAW(id),
    RAW(amount),
    RAW(score),
    RAW(text),
    RAW(props),
    {"missing", SHAPE_STRS, offsetof(struct raw_map, missing), .max = 100},
    WORDS(separator, 1, 4),
    WORDS(decimal, 1, 4),
    WORDS(thousands, 0, 4),
    WORDS(encoding, 1, 20),
    WORDS(source, 1, 200),
    WORDS(sheet, 1, 200),
};
static const struct shape raw_shape = SHAPE("ImportMap", struct raw_map, raw_fields, NULL);

struct raw_target {
    str column, value;
    struct str_list columns;
    str format, zone;                  /* at */
    str times, currency;               /* amount */
    str metric, question, scale, text; /* score */
    bool reversed;
};

#define COLUMN                                                                                                         \
    {                                                                                                                  \
        "column", SHAPE_STR, offsetof(struct raw_target, column), .min = 1, .max = NAME_MAX                            \
    }
#define VALUE                                                                                                          \
    {                                                                                                                  \
        "value", SHAPE_JSON, offsetof(struct raw_target, value)                                                        \
    }
#define OPTION(name)                                                                                                   \
    {                                                                                                                  \
#name, SHAPE_JSON, offsetof(struct raw_target, name)                                                           \
    }
static const struct shape_field plain_fields[] = {COLUMN, VALUE};
static const struct shape_field at_fields[] = {
    COLUMN,
    VALUE,
    {"format", SHAPE_STR, offsetof(struct raw_target, format), .min = 1, .max = 100},
    {"zone", SHAPE_STR, offsetof(struct raw_target, zone), .min = 1, .max = 64},
};
static const struct shape_field id_fields[] = {
    COLUMN,
    {"columns", SHAPE_STRS, offsetof(struct raw_target, columns), .min = 1, .max = MAP_IDS_MAX},
};
static const struct shape_field amount_fields[] = {COLUMN, VALUE, OPTION(times), OPTION(currency)};
static const struct shape_field score_fields[] = {
    COLUMN,
    VALUE,
    OPTION(metric),
    OPTION(question),
    OPTION(scale),
    OPTION(text),
    {"reversed", SHAPE_BOOL, offsetof(struct raw_target, reversed)},
};
static const struct shape plain_shape = SHAPE("ImportTarget", struct raw_target, plain_fields, NULL);
static const struct shape at_shape = SHAPE("ImportTime", struct raw_target, at_fields, NULL);
static const struct shape id_shape = SHAPE("ImportId", struct raw_target, id_fields, NULL);
static const struct shape amount_shape = SHAPE("ImportAmount", struct raw_target, amount_fields, NULL);
static const struct shape score_shape = SHAPE("ImportScore", struct raw_target, score_fields, NULL);

/* Goes one step down in the pointer; the caller keeps what it was. */
static str enter(struct ctx *ctx, const char *step)
{
    str before = ctx->pointer;
    ctx->pointer = str_format(&ctx->arena, "%.*s/%s", STR_ARG(before), step);
    return before;
}

static err read_constant(struct ctx *ctx, str json, str *out)
{
    struct json value;
    TRY(json_parse(ctx, json_reader_here(), json, &value));
    if (json_str(value, out)) {
        *out = str_copy(&ctx->arena, *out);
        return out->len <= VALUE_MAX ? OK : FAIL(ctx, ERR_INVALID, "value", "import.value_long");
    }
    enum json_type type = json_type(value);
    if (type == JSON_I64 || type == JSON_U64 || type == JSON_F64 || type == JSON_BOOL) {
        *out = json;
        return OK;
    }
    return FAIL(ctx, ERR_INVALID, "value", "import.value_simple");
}

static err as_target(struct ctx *ctx, const struct raw_target *raw, struct target *out)
{
    *out = (struct target){.column = raw->column, .index = -1};
    if (str_is(raw->value) == str_is(raw->column)) {
        return FAIL(ctx, ERR_INVALID, "", "import.column_or_value");
    }
    return str_is(raw->value) ? read_constant(ctx, raw->value, &out->value) : OK;
}

/* A target as JSON: "name" means {"column": "name"}. */
static err read_raw(struct ctx *ctx, str json, const struct shape *shape, struct raw_target *out)
{
    struct json value;
    *out = (struct raw_target){0};
    TRY(json_parse(ctx, json_reader_here(), json, &value));
    str name;
    if (json_str(value, &name)) {
        out->column = str_copy(&ctx->arena, name);
        return name.len > 0 ? OK : FAIL(ctx, ERR_INVALID, "", "import.column_or_value");
    }
    return shape_read(ctx, shape, value, out, NULL);
}

static bool is_null(str json)
{
    return !str_is(json) || str_eq(json, STR("null"));
}

static err read_plain(struct ctx *ctx, const char *name, str json, struct target *out)
{
    *out = (struct target){.index = -1};
    if (is_null(json)) {
        return OK;
    }
    struct raw_target raw;
    str before = enter(ctx, name);
    TRY(read_raw(ctx, json, &plain_shape, &raw));
    TRY(as_target(ctx, &raw, out));
    ctx->pointer = before;
    return OK;
}

/* An option of a target: "text" is a constant, {"column": name} a column. `names` turns it round: text is a column. */
static err read_option(struct ctx *ctx, const char *name, str json, bool names, struct target *out)
{
    *out = (struct target){.index = -1};
    if (is_null(json)) {
        return OK;
    }
    struct json value;
    str before = enter(ctx, name), word;
    TRY(json_parse(ctx, json_reader_here(), json, &value));
    if (json_str(value, &word)) {
        *(names ? &out->column : &out->value) = str_copy(&ctx->arena, word);
    } else {
        struct raw_target raw = {0};
        TRY(shape_read(ctx, &plain_shape, value, &raw, NULL));
        TRY(as_target(ctx, &raw, out));
    }
    ctx->pointer = before;
    return OK;
}

static err read_at(struct ctx *ctx, str json, struct map *map)
{
    map->at = (struct target){.index = -1};
    map->at_format = STR("iso");
    if (is_null(json)) {
        return FAIL(ctx, ERR_INVALID, "at", "import.at_required");
    }
    struct raw_target raw;
    str before = enter(ctx, "at");
    TRY(read_raw(ctx, json, &at_shape, &raw));
    TRY(as_target(ctx, &raw, &map->at));
    if (str_is(raw.format)) {
        map->at_format = raw.format;
    }
    if (str_is(raw.zone)) {
        TRY(zone_find(ctx, raw.zone, &map->zone));
    }
    ctx->pointer = before;
    map->at_example = time_example(&ctx->arena, map->at_format);
    i64 ms;
    if (str_is(map->at.value) && !time_parse(map->zone, map->at_format, map->at.value, &ms)) {
        return FAIL(ctx, ERR_INVALID, "at", "import.bad_time", {"column", map->at.value}, {"allowed", map->at_example});
    }
    return OK;
}

static err read_id(struct ctx *ctx, str json, struct map *map)
{
    if (is_null(json)) {
        return OK;
    }
    struct raw_target raw;
    str before = enter(ctx, "id");
    TRY(read_raw(ctx, json, &id_shape, &raw));
    if (str_is(raw.column) == (raw.columns.count > 0)) {
        return FAIL(ctx, ERR_INVALID, "", "import.column_or_columns");
    }
    map->id_count = str_is(raw.column) ? 1 : raw.columns.count;
    for (i64 i = 0; i < map->id_count; i++) {
        map->ids[i] = (struct target){.column = str_is(raw.column) ? raw.column : raw.columns.items[i], .index = -1};
    }
    ctx->pointer = before;
    return OK;
}

static err read_amount(struct ctx *ctx, str json, struct map *map)
{
    map->amount = map->times = map->currency = (struct target){.index = -1};
    if (is_null(json)) {
        return OK;
    }
    struct raw_target raw;
    str before = enter(ctx, "amount");
    TRY(read_raw(ctx, json, &amount_shape, &raw));
    TRY(as_target(ctx, &raw, &map->amount));
    TRY(read_option(ctx, "times", raw.times, true, &map->times));
    TRY(read_option(ctx, "currency", raw.currency, false, &map->currency));
    char code[4];
    i32 digits;
    if (!target_is(&map->currency)) {
        map->currency.value = STR("VND");
    }
    if (str_is(map->currency.value) && !currency_find(map->currency.value, code, &digits)) {
        return FAIL(ctx, ERR_INVALID, "currency", "import.currency");
    }
    ctx->pointer = before;
    return OK;
}

static err read_answer(struct ctx *ctx, str json, struct map_answer *out)
{
    struct raw_target raw;
    TRY(read_raw(ctx, json, &score_shape, &raw));
    TRY(as_target(ctx, &raw, &out->score));
    TRY(read_option(ctx, "metric", raw.metric, false, &out->metric));
    TRY(read_option(ctx, "question", raw.question, false, &out->question));
    TRY(read_option(ctx, "scale", raw.scale, false, &out->scale));
    TRY(read_option(ctx, "text", raw.text, true, &out->text));
    out->reversed = raw.reversed;
    if (!target_is(&out->metric) && !target_is(&out->question)) {
        return FAIL(ctx, ERR_INVALID, "metric", "import.metric_or_question");
    }
    return OK;
}

static err read_score(struct ctx *ctx, str json, struct map *map)
{
    if (is_null(json)) {
        return OK;
    }
    struct json value;
    str before = enter(ctx, "score"), here = ctx->pointer;
    TRY(json_parse(ctx, json_reader_here(), json, &value));
    map->several = json_type(value) == JSON_LIST;
    map->answer_count = map->several ? json_count(value) : 1;
    if (map->answer_count < 1 || map->answer_count > MAP_ANSWERS_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "import.answers_count");
    }
    str *texts = arena_new(&ctx->arena, str, map->answer_count);
    texts[0] = json;
    i64 count = 0;
    for (struct json_iter i = json_each(value); map->several && json_next(&i);) {
        struct json_writer writer = json_writer_in(&ctx->arena);
        json_put_value(&writer, i.value);
        texts[count++] = json_text(&writer);
    }
    map->answers = arena_new(&ctx->arena, struct map_answer, map->answer_count);
    for (i64 i = 0; i < map->answer_count; i++) {
        ctx->pointer = map->several ? str_format(&ctx->arena, "%.*s/%d", STR_ARG(here), (int)i) : here;
        TRY(read_answer(ctx, texts[i], &map->answers[i]));
    }
    ctx->pointer = before;
    return OK;
}

static err read_props(struct ctx *ctx, str json, struct map *map)
{
    if (is_null(json)) {
        return OK;
    }
    struct json value;
    str name;
    TRY(json_parse(ctx, json_reader_here(), json, &value));
    map->props_all = json_str(value, &name) && str_eq(name, STR("*"));
    if (map->props_all) {
        return OK;
    }
    i64 count = json_count(value);
    if (json_type(value) != JSON_LIST || count > MAP_TARGETS_MAX) {
        return FAIL(ctx, ERR_INVALID, "props", "import.props");
    }
    map->props = arena_new(&ctx->arena, struct target, count + 1);
    for (struct json_iter i = json_each(value); json_next(&i);) {
        if (!json_str(i.value, &name)) {
            return FAIL(ctx, ERR_INVALID, "props", "import.props");
        }
        map->props[map->prop_count++] = (struct target){.column = str_copy(&ctx->arena, name), .index = -1};
    }
    return OK;
}

static err read_top(struct ctx *ctx, const struct raw_map *raw, struct map *map)
{
    map->missing = raw->missing;
    map->numbers = (struct number_format){.decimal = raw->decimal, .thousands = raw->thousands};
    map->source = str_is(raw->source) ? raw->source : STR("import");
    if (key_name_ours(str_trim(map->source))) {
        return FAIL(ctx, ERR_INVALID, "source", "error.key.ours");
    }
    map->file = (struct rows_options){.separator = raw->separator, .sheet = raw->sheet};
    if (str_eq(raw->separator, STR("\\t")) || str_eq_nocase(raw->separator, STR("tab"))) {
        map->file.separator = STR("\t");
    }
    str decimal = str_is(raw->decimal) ? raw->decimal : STR(".");
    if (str_is(raw->thousands) && str_eq(decimal, raw->thousands)) {
        return FAIL(ctx, ERR_INVALID, "thousands", "import.same_signs");
    }
    if (str_is(raw->encoding) && !encoding_parse(raw->encoding, &map->file.encoding)) {
        return FAIL(ctx, ERR_INVALID, "encoding", "import.encoding");
    }
    return OK;
}

err map_read(struct ctx *ctx, str json, const struct zone *zone, struct map *out)
{
    struct raw_map raw = {0};
    *out = (struct map){.zone = zone};
    TRY(shape_parse(ctx, &raw_shape, json, &raw, NULL));
    TRY(read_top(ctx, &raw, out));
    TRY(read_plain(ctx, "person", raw.person, &out->person));
    TRY(read_plain(ctx, "user", raw.user, &out->user));
    TRY(read_plain(ctx, "anonymous", raw.anonymous, &out->anonymous));
    TRY(read_plain(ctx, "email", raw.email, &out->email));
    TRY(read_plain(ctx, "phone", raw.phone, &out->phone));
    TRY(read_plain(ctx, "kind", raw.kind, &out->kind));
    TRY(read_plain(ctx, "channel", raw.channel, &out->channel));
    TRY(read_plain(ctx, "place", raw.place, &out->place));
    TRY(read_plain(ctx, "touchpoint", raw.touchpoint, &out->touchpoint));
    TRY(read_plain(ctx, "text", raw.text, &out->text));
    TRY(read_at(ctx, raw.at, out));
    TRY(read_id(ctx, raw.id, out));
    TRY(read_amount(ctx, raw.amount, out));
    TRY(read_score(ctx, raw.score, out));
    return read_props(ctx, raw.props, out);
}

static void put_place(struct map_place *places, i64 *count, struct map_place place)
{
    if (str_is(place.target->column)) {
        places[(*count)++] = place;
    }
}

i64 map_places(struct arena *arena, struct map *map, struct map_place **out)
{
    i64 room = 16 + map->id_count + map->answer_count * 5 + map->prop_count, count = 0;
    struct map_place *places = *out = arena_new(arena, struct map_place, room);
#define PLACE(member, hidden) put_place(places, &count, (struct map_place){#member, STR(#member), &map->member, hidden})
    PLACE(person, true);
    PLACE(user, true);
    PLACE(anonymous, true);
    PLACE(email, true);
    PLACE(phone, true);
    PLACE(text, true);
    PLACE(at, false);
    PLACE(kind, false);
    PLACE(channel, false);
    PLACE(place, false);
    PLACE(touchpoint, false);
    PLACE(amount, false);
#undef PLACE
    put_place(places, &count, (struct map_place){"amount", STR("amount/times"), &map->times, false});
    put_place(places, &count, (struct map_place){"amount", STR("amount/currency"), &map->currency, false});
    for (i64 i = 0; i < map->id_count; i++) {
        put_place(places, &count, (struct map_place){"id", STR("id"), &map->ids[i], false});
    }
    for (i64 i = 0; i < map->answer_count; i++) {
        struct map_answer *answer = &map->answers[i];
        str at = map->several ? str_format(arena, "score/%d", (int)i) : STR("score");
        put_place(places, &count, (struct map_place){"score", at, &answer->score, false});
        str metric = str_format(arena, "%.*s/metric", STR_ARG(at)),
            question = str_format(arena, "%.*s/question", STR_ARG(at));
        str scale = str_format(arena, "%.*s/scale", STR_ARG(at)), text = str_format(arena, "%.*s/text", STR_ARG(at));
        put_place(places, &count, (struct map_place){"score", metric, &answer->metric, false});
        put_place(places, &count, (struct map_place){"score", question, &answer->question, false});
        put_place(places, &count, (struct map_place){"score", scale, &answer->scale, false});
        put_place(places, &count, (struct map_place){"score", text, &answer->text, true});
    }
    for (i64 i = 0; i < map->prop_count; i++) {
        put_place(places, &count, (struct map_place){"props", STR("props"), &map->props[i], false});
    }
    return count;
}

err map_bind(struct ctx *ctx, struct map *map, const struct rows *rows)
{
    struct map_place *places;
    i64 count = map_places(&ctx->arena, map, &places);
    map->hidden = arena_new(&ctx->arena, bool, rows->columns.count + 1);
    map->bound = rows->columns.count;
    for (i64 i = 0; i < count; i++) {
        struct target *target = places[i].target;
        target->index = rows_column(rows, target->column);
        if (target->index >= 0) {
            map->hidden[target->index] = map->hidden[target->index] || places[i].hides;
        } else if (rows->kind != ROWS_JSONL) {
            return FAIL(ctx, ERR_INVALID, str_c(&ctx->arena, places[i].path), "import.no_column",
                        {"column", target->column});
        }
    }
    return OK;
}
