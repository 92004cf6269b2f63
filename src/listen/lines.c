#include "listen/lines.h"

#include "listen/answer.h"
#include "listen/voice_lines.h"
#include "text/fold.h"
#include "text/phone.h"

enum { FUTURE_MS = 5 * 60 * 1000, ID_MAX = 500, WORD_MAX = 500 };

struct reading {
    struct ctx *ctx;
    const struct map *map;
    const struct rows *rows;
    const struct row *row;
};

bool is_nobody(str id)
{
    static const str nobody[] = {STR("null"), STR("undefined"), STR("0"), STR("guest")};
    for (i64 i = 0; i < countof(nobody); i++) {
        if (str_eq_nocase(id, nobody[i])) {
            return true;
        }
    }
    return id.len == 0;
}

bool is_plausible_ms(i64 at_ms, i64 now_ms)
{
    return at_ms >= 0 && at_ms <= now_ms + FUTURE_MS;
}

/* A cell that holds something, trimmed; none for empty ones and those that mean "no value". */
static str cell_at(const struct reading *reading, i64 index)
{
    if (index < 0 || index >= reading->row->count) {
        return STR_NONE;
    }
    str cell = str_trim(reading->row->cells[index]);
    for (i64 i = 0; i < reading->map->missing.count && cell.len > 0; i++) {
        if (str_eq(cell, str_trim(reading->map->missing.items[i]))) {
            return STR_NONE;
        }
    }
    return cell.len > 0 ? cell : STR_NONE;
}

static str value_of(const struct reading *reading, const struct target *target)
{
    return str_is(target->value) ? target->value : cell_at(reading, target->index);
}

static str column_name(const struct target *target)
{
    return str_is(target->column) ? target->column : target->value;
}

static str stored(const struct reading *reading, str text)
{
    struct arena *arena = &reading->ctx->arena;
    str composed = fold_nfc(arena, text);
    return composed.data == text.data ? str_copy(arena, text) : composed;
}

#define REFUSE(reading, target, key, ...)                                                                              \
    FAIL((reading)->ctx, ERR_INVALID, "", (key), {"column", column_name(target)} __VA_OPT__(, ) __VA_ARGS__)

static err read_word(const struct reading *reading, const struct target *target, str *out)
{
    str value = value_of(reading, target);
    if (!str_is(value)) {
        *out = STR("");
        return OK;
    }
    if (value.len > WORD_MAX) {
        return REFUSE(reading, target, "import.word_long");
    }
    *out = stored(reading, value);
    return OK;
}

static err read_time(const struct reading *reading, struct event *out)
{
    const struct map *map = reading->map;
    str value = value_of(reading, &map->at);
    if (!str_is(value)) {
        return REFUSE(reading, &map->at, "import.no_time");
    }
    bool read = time_parse(map->zone, map->at_format, value, &out->at_ms);
    // A workbook's own dates arrive as ISO whatever the cell looks like.
    if (!read && reading->rows->kind == ROWS_XLSX) {
        read = time_parse(map->zone, STR("iso"), value, &out->at_ms);
    }
    if (!read) {
        return REFUSE(reading, &map->at, "import.bad_time", {"allowed", map->at_example});
    }
    return is_plausible_ms(out->at_ms, ctx_now_ms(reading->ctx)) ? OK
                                                                 : REFUSE(reading, &map->at, "import.implausible_time");
}

struct identity {
    str user, anonymous, email, phone;
};

static str id_of(const struct reading *reading, const struct target *target)
{
    str value = value_of(reading, target);
    return str_is(value) && !is_nobody(value) ? stored(reading, utf8_prefix(value, ID_MAX)) : STR_NONE;
}

static struct identity read_identity(const struct reading *reading)
{
    const struct map *map = reading->map;
    struct arena *arena = &reading->ctx->arena;
    struct identity out = {.user = id_of(reading, &map->user), .anonymous = id_of(reading, &map->anonymous)};
    str email = value_of(reading, &map->email), phone = value_of(reading, &map->phone);
    out.email = str_is(email) ? fold_email(arena, email) : STR_NONE;
    out.phone = str_is(phone) ? phone_e164(arena, phone) : STR_NONE;
    str person = id_of(reading, &map->person);
    if (str_is(person)) {
        str address = fold_email(arena, person);
        *(str_is(address) ? &out.email : &out.user) = str_is(address) ? address : person;
    }
    return out;
}

static str alias_of(const struct reading *reading, const struct identity *identity)
{
    struct arena *arena = &reading->ctx->arena;
    if (str_is(identity->user)) {
        return str_format(arena, "user:%.*s", STR_ARG(identity->user));
    }
    if (str_is(identity->anonymous)) {
        return str_format(arena, "anon:%.*s", STR_ARG(identity->anonymous));
    }
    if (str_is(identity->email)) {
        return str_format(arena, "email:%.*s", STR_ARG(identity->email));
    }
    return str_is(identity->phone) ? str_format(arena, "phone:%.*s", STR_ARG(identity->phone)) : STR("");
}

static err read_amount(const struct reading *reading, struct event *out)
{
    const struct map *map = reading->map;
    str value = value_of(reading, &map->amount), times = value_of(reading, &map->times);
    if (!str_is(value) || (target_is(&map->times) && !str_is(times))) {
        return OK;
    }
    struct decimal amount, factor = {.digits = 1};
    if (!decimal_parse(value, &map->numbers, &amount)) {
        return REFUSE(reading, &map->amount, "import.not_number");
    }
    if (str_is(times) && !decimal_parse(times, &map->numbers, &factor)) {
        return REFUSE(reading, &map->times, "import.not_number");
    }
    char code[4];
    i32 digits;
    str currency = value_of(reading, &map->currency);
    if (!str_is(currency) || !currency_find(currency, code, &digits)) {
        return REFUSE(reading, &map->currency, "import.bad_currency");
    }
    if (!money_minor(amount, factor, digits, &out->amount.value)) {
        return REFUSE(reading, &map->amount, "import.number_large");
    }
    out->amount.is = true;
    out->currency = str_copy(&reading->ctx->arena, (str){code, 3});
    return OK;
}

/* True in `*answered` when the line holds this answer. */
static err read_answer(const struct reading *reading, const struct map_answer *from, struct event *out, bool *answered)
{
    str value = value_of(reading, &from->score);
    *answered = str_is(value);
    if (!*answered) {
        return OK;
    }
    struct decimal number;
    if (!decimal_parse(value, &reading->map->numbers, &number)) {
        return REFUSE(reading, &from->score, "import.not_number");
    }
    TRY(read_word(reading, &from->metric, &out->metric));
    TRY(read_word(reading, &from->question, &out->question));
    struct answer answer = {.given = decimal_f64(number), .reversed = from->reversed};
    str scale = value_of(reading, &from->scale);
    if (str_is(scale) && !scale_parse(scale, &answer.scale)) {
        return REFUSE(reading, &from->scale, "import.bad_scale", {"allowed", STR("0-10, 1-5, 1-7, 1-10")});
    }
    if (out->metric.len == 0) {
        out->metric = out->question;
    }
    enum metric known;
    str lower = str_lower_ascii(&reading->ctx->arena, out->metric);
    out->metric = metric_parse(lower, &known) ? lower : out->metric;
    return answer_admit(reading->ctx, &answer, column_name(&from->score), out);
}

static void put_identity(struct json_writer *props, const struct identity *identity, str alias)
{
    bool anonymous = str_is(identity->anonymous) && !str_starts(alias, STR("anon:"));
    if (!anonymous && !str_is(identity->email) && !str_is(identity->phone)) {
        return;
    }
    json_key(props, STR("$"));
    json_object(props);
    json_pair_str(props, "trust", STR("import"));
    if (anonymous) {
        json_pair_str(props, "anonymous", identity->anonymous);
    }
    if (str_is(identity->email)) {
        json_pair_str(props, "email", identity->email);
    }
    if (str_is(identity->phone)) {
        json_pair_str(props, "phone", identity->phone);
    }
    json_object_end(props);
}

static void put_prop(const struct reading *reading, struct json_writer *props, i64 column)
{
    str value = cell_at(reading, column), name = reading->rows->columns.items[column];
    if (!str_is(value)) {
        return;
    }
    json_key(props, str_eq(name, STR("$")) ? STR("$$") : name);
    if (reading->row->json != NULL) {
        json_put_raw(props, reading->row->json[column]);
    } else {
        json_put_str(props, fold_nfc(&reading->ctx->arena, value));
    }
}

static str build_props(const struct reading *reading, const struct identity *identity, str alias)
{
    const struct map *map = reading->map;
    struct json_writer props = json_writer_in(&reading->ctx->arena);
    json_object(&props);
    put_identity(&props, identity, alias);
    for (i64 i = 0; map->props_all && i < reading->row->count; i++) {
        // An address that is none stays readable, so that somebody can correct it.
        bool useless = (i == map->email.index && !str_is(identity->email)) ||
                       (i == map->phone.index && !str_is(identity->phone));
        if (i >= map->bound || !map->hidden[i] || useless) {
            put_prop(reading, &props, i);
        }
    }
    for (i64 i = 0; i < map->prop_count; i++) {
        if (map->props[i].index >= 0) {
            put_prop(reading, &props, map->props[i].index);
        }
    }
    json_object_end(&props);
    return json_text(&props).len > 2 ? json_text(&props) : STR("");
}

/* The id column, or several joined by a sign that text does not hold; none when all are empty. */
static str own_id(const struct reading *reading)
{
    struct buf id = buf_in(&reading->ctx->arena);
    bool some = false;
    for (i64 i = 0; i < reading->map->id_count; i++) {
        str cell = cell_at(reading, reading->map->ids[i].index);
        some = some || str_is(cell);
        if (i > 0) {
            buf_char(&id, '\x1F');
        }
        buf_add(&id, str_is(cell) ? fold_nfc(&reading->ctx->arena, cell) : STR(""));
    }
    return some ? buf_str(&id) : STR_NONE;
}

static err read_common(const struct reading *reading, str message_id, struct event *out)
{
    const struct map *map = reading->map;
    TRY(read_time(reading, out));
    TRY(read_word(reading, &map->kind, &out->kind));
    TRY(read_word(reading, &map->channel, &out->channel));
    TRY(read_word(reading, &map->place, &out->place));
    TRY(read_word(reading, &map->touchpoint, &out->touchpoint));
    TRY(read_amount(reading, out));
    if (out->kind.len == 0) {
        out->kind = map->answer_count > 0 ? STR("Answered") : STR("Imported");
    }
    str text = value_of(reading, &map->text), id = own_id(reading);
    out->text = str_is(text) ? stored(reading, text) : STR("");
    out->message_id = str_is(id) ? id : message_id;
    out->source = map->source;
    struct identity identity = read_identity(reading);
    out->alias = alias_of(reading, &identity);
    out->props = build_props(reading, &identity, out->alias);
    if (voice_kind(out->kind)) {
        voice_line(reading->ctx, map->zone, reading->rows, reading->row, id, message_id, out);
    }
    return OK;
}

/* A further answer of the same line: same moment, person and properties, but the amount and the line's text count once. */
static struct event further(const struct event *first)
{
    struct event out = *first;
    out.amount = (struct maybe_i64){0};
    out.currency = out.text = out.metric = out.question = out.scale = STR("");
    out.score = (struct maybe_f64){0};
    out.reversed = false;
    return out;
}

static err read_answers(const struct reading *reading, const struct event *common, struct line_events *out)
{
    const struct map *map = reading->map;
    struct arena *arena = &reading->ctx->arena;
    for (i64 i = 0; i < map->answer_count; i++) {
        struct event event = out->count == 0 ? *common : further(common);
        bool answered;
        TRY(read_answer(reading, &map->answers[i], &event, &answered));
        if (!answered) {
            continue;
        }
        str own = value_of(reading, &map->answers[i].text);
        if (str_is(own)) {
            event.text = stored(reading, own);
        }
        if (map->several) {
            str name = event.question.len > 0 ? event.question : event.metric;
            event.message_id = str_format(arena, "%.*s/%.*s", STR_ARG(common->message_id), STR_ARG(name));
        }
        out->items[out->count++] = event;
    }
    return OK;
}

err line_read(struct ctx *ctx, const struct map *map, const struct rows *rows, const struct row *row, str message_id,
              struct line_events *out)
{
    struct reading reading = {ctx, map, rows, row};
    *out = (struct line_events){.items = arena_new(&ctx->arena, struct event, greater(map->answer_count, 1))};
    if (row->problem != NULL) {
        return FAIL(ctx, ERR_INVALID, "", row->problem);
    }
    struct event common = {0};
    TRY(read_common(&reading, message_id, &common));
    TRY(read_answers(&reading, &common, out));
    if (out->count == 0) {
        out->items[out->count++] = common; // nobody answered: what happened still happened
    }
    return OK;
}
