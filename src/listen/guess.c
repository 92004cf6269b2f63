#include "listen/guess.h"

#include "base/zone.h"
#include "listen/guess_values.h"
#include "listen/voice_lines.h"
#include "text/fold.h"

struct heading {
    const char *target;
    const char *words; /* folded, separated by "|"; a word that ends with * may be followed by others */
};

/* Most telling first: a column serves one target. */
static const struct heading headings[] = {
    {"email", "email|e-mail|mail|email address|customer email|thu dien tu|dia chi email"},
    {"phone", "phone|phone number|mobile|telephone|tel|sdt|so dien thoai|dien thoai|so dt|di dong"},
    {"user",
     "customerid|customer id|customer|user id|userid|user|client id|member id|ma khach hang|ma khach|ma kh|makh|"
     "khach hang|id khach hang|ma thanh vien|caller id|caller"},
    {"anonymous", "anonymous id|anonymousid|visitor id|device id|cookie id|ma thiet bi"},
    {"at", "timestamp|time|date|datetime|date time|at|created|created at|event time|event date|order date|invoicedate|"
           "invoice date|order_purchase_timestamp|submitted at|ngay|ngay gio|thoi gian|thoi diem|ngay tao|ngay mua|"
           "ngay dat|ngay dat hang|ngay danh gia|thoi gian danh gia|ngay gio danh gia|ngay nhan xet|ngay binh luan|"
           "review date|review time|date of review|dau thoi gian|sys updated at"},
    {"kind", "event|event name|kind|event type|activity|action|su kien|ten su kien|loai su kien|hanh dong|hoat dong|"
             "incident state"},
    {"channel", "channel|platform|kenh|kenh ban|kenh ban hang|contact type|nen tang"},
    {"place",
     "store|shop|branch|place|location|country|city|region|cua hang|chi nhanh|dia diem|khu vuc|tinh|tinh thanh|"
     "thanh pho|quoc gia"},
    {"touchpoint", "touchpoint|diem cham"},
    {"currency", "currency|tien te|loai tien|don vi tien"},
    {"times", "quantity|qty|so luong|sl"},
    {"amount",
     "amount|total|revenue|price|unit price|unitprice|total price|order total|so tien|thanh tien|tong tien|gia|"
     "don gia|doanh thu|gia tri don hang|tong cong"},
    {"score", "score|rating|stars|star|star rating|so sao|sao|nps|csat|ces|nps score|csat score|ces score|how likely*|"
              "on a scale*|diem|diem so|danh gia|diem danh gia|so sao danh gia|danh gia sao|"
              "diem nps|diem csat|diem hai long|muc do hai long|ban co san long*|kha nang gioi thieu*"},
    {"text", "comment|comments|feedback|review|review text|review content|mention|mention text|post|post text|content|"
             "text|verbatim|why|...why?|reason|nhan xet|y kien|gop y|noi dung|phan hoi|"
             "ly do|binh luan|noi dung danh gia|noi dung bai viet|bai viet|bai dang|noi dung thao luan|thao luan"},
    {"id",
     "review id|mention id|post id|ma danh gia|id danh gia|message id|messageid|event id|eventid|uuid|ma giao dich|ma su kien"},
};

struct guessing {
    struct ctx *ctx;
    const struct sample *sample;
    const struct zone *zone;
    i64 columns[countof(headings)]; /* -1: none */
    bool *taken;
    str voice; /* what kind of voices the file holds: reviews, mentions; none: something else */
    struct guess *out;
    struct json_writer map;
};

static bool word_fits(str words, str heading)
{
    while (str_is(words)) {
        str word = str_cut(&words, '|');
        bool open = str_ends(word, STR("*"));
        str stem = open ? str_slice(word, 0, word.len - 1) : word;
        if (open ? str_starts(heading, stem) : str_eq(heading, stem)) {
            return true;
        }
    }
    return false;
}

/* "Customer_ID" and "customer id" are one heading, and so are "Điểm (1-5)" and "diem". */
static str plain_heading(struct arena *arena, str name)
{
    char *spaced = arena_new(arena, char, name.len + 1);
    for (i64 i = 0; i < name.len; i++) {
        spaced[i] = name.data[i] == '_' ? ' ' : name.data[i];
    }
    i64 bracket = str_ends(str_trim(name), STR(")")) ? str_find_char(name, '(') : -1;
    return fold_search(arena, (str){spaced, bracket > 0 ? bracket : name.len});
}

static i64 target_index(const char *target)
{
    for (i64 i = 0; i < countof(headings); i++) {
        if (strcmp(headings[i].target, target) == 0) {
            return i;
        }
    }
    return -1;
}

static i64 column_of(const struct guessing *guessing, const char *target)
{
    return guessing->columns[target_index(target)];
}

static str name_of(const struct guessing *guessing, i64 column)
{
    return guessing->sample->columns.items[column];
}

/* How many values are what a heading promises; anything goes for a target that takes any text. */
static struct fit fit_for(const struct guessing *guessing, const char *target, i64 column)
{
    const struct sample *sample = guessing->sample;
    struct number_guess number;
    struct time_guess time;
    if (strcmp(target, "email") == 0) {
        return values_emails(sample, column);
    }
    if (strcmp(target, "phone") == 0) {
        return values_phones(sample, column);
    }
    if (strcmp(target, "at") == 0) {
        return values_times(sample, column, guessing->zone, &time);
    }
    if (strcmp(target, "amount") == 0 || strcmp(target, "times") == 0) {
        return values_numbers(sample, column, &number);
    }
    if (strcmp(target, "score") == 0) {
        i64 low, high;
        return values_scores(sample, column, &low, &high);
    }
    if (strcmp(target, "id") == 0) {
        // A review that is exported twice is still one: only ids of other things must all differ.
        struct fit distinct = values_distinct(guessing->ctx, sample, column);
        bool own = voice_id(&guessing->ctx->arena, name_of(guessing, column));
        return (struct fit){own ? fit_most(distinct) : distinct.count > 0 && distinct.fits == distinct.count, 1};
    }
    return (struct fit){1, 1};
}

static void doubt(struct guessing *guessing, const char *target, const char *key, i64 column)
{
    struct guess *out = guessing->out;
    if (out->doubt_count < countof(out->doubts)) {
        out->doubts[out->doubt_count++] = (struct guess_doubt){
            target, key, column < 0 ? STR_NONE : guessing->sample->columns.items[column]};
    }
}

static void take(struct guessing *guessing, i64 target, i64 column, struct fit fit)
{
    guessing->columns[target] = column;
    guessing->taken[column] = true;
    if (fit.fits < fit.count) {
        doubt(guessing, headings[target].target, "import.guessed_some", column);
    }
}

static void match_headings(struct guessing *guessing)
{
    const struct sample *sample = guessing->sample;
    for (i64 t = 0; t < countof(headings); t++) {
        guessing->columns[t] = -1;
        for (i64 c = 0; c < sample->columns.count && guessing->columns[t] < 0; c++) {
            str heading = plain_heading(&guessing->ctx->arena, sample->columns.items[c]);
            if (guessing->taken[c] || !word_fits(str_from(headings[t].words), heading)) {
                continue;
            }
            struct fit fit = fit_for(guessing, headings[t].target, c);
            if (fit_most(fit)) {
                take(guessing, t, c, fit);
            }
        }
    }
}

/* Where no heading spoke, values that can be nothing else do. */
static void match_values(struct guessing *guessing)
{
    static const char *const telling[] = {"email", "phone", "at"};
    for (i64 t = 0; t < countof(telling); t++) {
        i64 target = target_index(telling[t]);
        for (i64 c = 0; c < guessing->sample->columns.count && guessing->columns[target] < 0; c++) {
            struct fit fit = guessing->taken[c] ? (struct fit){0} : fit_for(guessing, telling[t], c);
            if (fit_nearly(fit)) {
                take(guessing, target, c, fit);
            }
        }
    }
}

static void put_plain(struct guessing *guessing, const char *target)
{
    i64 column = column_of(guessing, target);
    if (column >= 0) {
        json_pair_str(&guessing->map, target, name_of(guessing, column));
    }
}

static void put_at(struct guessing *guessing)
{
    i64 column = column_of(guessing, "at");
    struct time_guess time;
    if (column < 0) {
        doubt(guessing, "at", "import.at_required", -1);
        return;
    }
    (void)values_times(guessing->sample, column, guessing->zone, &time);
    json_key(&guessing->map, STR("at"));
    json_object(&guessing->map);
    json_pair_str(&guessing->map, "column", name_of(guessing, column));
    json_pair_str(&guessing->map, "format", str_from(time.format));
    json_object_end(&guessing->map);
    if (time.ambiguous) {
        doubt(guessing, "at", "import.ambiguous_date", column);
    }
}

static void put_amount(struct guessing *guessing)
{
    i64 column = column_of(guessing, "amount"), times = column_of(guessing, "times"),
        currency = column_of(guessing, "currency");
    struct number_guess number;
    if (column < 0) {
        return;
    }
    (void)values_numbers(guessing->sample, column, &number);
    json_key(&guessing->map, STR("amount"));
    json_object(&guessing->map);
    json_pair_str(&guessing->map, "column", name_of(guessing, column));
    str heading = plain_heading(&guessing->ctx->arena, name_of(guessing, column));
    bool unit = str_find(heading, STR("price")) >= 0 || str_find(heading, STR("don gia")) >= 0 ||
                str_eq(heading, STR("gia"));
    if (times >= 0 && unit) {
        json_pair_str(&guessing->map, "times", name_of(guessing, times));
    }
    json_key(&guessing->map, STR("currency"));
    if (currency >= 0) {
        json_object(&guessing->map);
        json_pair_str(&guessing->map, "column", name_of(guessing, currency));
        json_object_end(&guessing->map);
    } else {
        json_put_str(&guessing->map, STR("VND"));
        doubt(guessing, "amount", "import.guessed_currency", column);
    }
    json_object_end(&guessing->map);
    if (number.thousands[0] != 0 || number.decimal[0] == ',') {
        json_pair_str(&guessing->map, "decimal", str_from(number.decimal));
    }
    if (number.thousands[0] != 0) {
        json_pair_str(&guessing->map, "thousands", str_from(number.thousands));
    }
    if (number.ambiguous) {
        doubt(guessing, "amount", "import.ambiguous_number", column);
    }
}

/* Stars of a shop's page are no answer to a question of ours: they are a series of their own. */
static void put_stars(struct guessing *guessing, i64 column)
{
    json_key(&guessing->map, STR("score"));
    json_object(&guessing->map);
    json_pair_str(&guessing->map, "column", name_of(guessing, column));
    json_pair_str(&guessing->map, "question", STR("review.stars"));
    json_pair_str(&guessing->map, "scale", STR("1-5"));
    json_object_end(&guessing->map);
}

/* What no column says: the file holds reviews or mentions, as the reader said or the headings do. */
static void put_voice(struct guessing *guessing)
{
    if (str_is(guessing->voice)) {
        json_key(&guessing->map, STR("kind"));
        json_object(&guessing->map);
        json_pair_str(&guessing->map, "value", guessing->voice);
        json_object_end(&guessing->map);
        doubt(guessing, "kind", "import.guessed_voices", -1);
    }
}

/* The heading of the score if its numbers can be stars. */
static str stars_of(const struct guessing *guessing)
{
    i64 column = column_of(guessing, "score"), low, high;
    if (column < 0) {
        return STR_NONE;
    }
    (void)values_scores(guessing->sample, column, &low, &high);
    return low >= 1 && high <= 5 ? name_of(guessing, column) : STR_NONE;
}

/* The constant kind of a given map, if it is one of voices; else what the headings say. */
static str voice_of(struct guessing *guessing, str given)
{
    struct json object;
    str kind;
    if (str_is(given) && json_parse(guessing->ctx, json_reader_here(), given, &object) == OK &&
        json_str(json_get(json_get(object, STR("kind")), STR("value")), &kind) && voice_kind(kind)) {
        return str_copy(&guessing->ctx->arena, kind);
    }
    ctx_forgive(guessing->ctx);
    bool other = column_of(guessing, "kind") >= 0 || column_of(guessing, "amount") >= 0 ||
                 column_of(guessing, "text") < 0;
    return other ? STR_NONE : voice_guess(&guessing->ctx->arena, &guessing->sample->columns, stars_of(guessing));
}

static void put_score(struct guessing *guessing)
{
    i64 column = column_of(guessing, "score"), low, high;
    if (column < 0) {
        return;
    }
    (void)values_scores(guessing->sample, column, &low, &high);
    str heading = plain_heading(&guessing->ctx->arena, name_of(guessing, column));
    bool effort = str_find(heading, STR("ces")) >= 0 || str_find(heading, STR("effort")) >= 0;
    bool advice = str_find(heading, STR("nps")) >= 0 || str_find(heading, STR("recommend")) >= 0 ||
                  str_find(heading, STR("gioi thieu")) >= 0 || str_find(heading, STR("0-10")) >= 0;
    bool satisfied = str_find(heading, STR("csat")) >= 0 || str_find(heading, STR("hai long")) >= 0;
    bool stars = str_find(heading, STR("sao")) >= 0 || str_find(heading, STR("star")) >= 0 ||
                 (column_of(guessing, "text") >= 0 && voice_stars(&guessing->ctx->arena, stars_of(guessing)));
    // What is no star from 1 to 5 is refused line by line.
    if (!effort && !advice && (stars || (str_is(guessing->voice) && high <= 5))) {
        put_stars(guessing, column);
        return;
    }
    const char *metric = effort ? "ces" : advice || (!satisfied && (high > 5 || low == 0)) ? "nps" : "csat";
    json_key(&guessing->map, STR("score"));
    json_object(&guessing->map);
    json_pair_str(&guessing->map, "column", name_of(guessing, column));
    json_pair_str(&guessing->map, "metric", str_from(metric));
    if (strcmp(metric, "csat") == 0) {
        json_pair_str(&guessing->map, "scale", high > 5 ? STR("1-10") : STR("1-5"));
    }
    json_object_end(&guessing->map);
    if (!effort && !advice && !satisfied) {
        doubt(guessing, "score", "import.guessed_metric", column);
    }
}

static void put_missing(struct guessing *guessing)
{
    static const char *const words[] = {"?", "N/A", "n/a", "NULL", "null", "#N/A"};
    bool some = false;
    for (i64 i = 0; i < countof(words); i++) {
        if (!values_hold(guessing->sample, str_from(words[i]))) {
            continue;
        }
        if (!some) {
            json_key(&guessing->map, STR("missing"));
            json_list(&guessing->map);
            some = true;
        }
        json_put_str(&guessing->map, str_from(words[i]));
    }
    if (some) {
        json_list_end(&guessing->map);
    }
}

static void put_given(struct guessing *guessing, str given)
{
    struct json object;
    if (!str_is(given) || json_parse(guessing->ctx, json_reader_here(), given, &object) != OK) {
        ctx_forgive(guessing->ctx);
        return;
    }
    static const char *const about_reading[] = {"separator", "encoding", "sheet", "source"};
    for (i64 i = 0; i < countof(about_reading); i++) {
        struct json value = json_get(object, str_from(about_reading[i]));
        if (json_is(value)) {
            json_key(&guessing->map, str_from(about_reading[i]));
            json_put_value(&guessing->map, value);
        }
    }
}

void guess_map(struct ctx *ctx, const struct sample *sample, const struct zone *zone, str given, struct guess *out)
{
    static const char *const plain[] = {"user",    "anonymous", "email",      "phone", "kind",
                                        "channel", "place",     "touchpoint", "text",  "id"};
    *out = (struct guess){0};
    struct guessing guessing = {
        .ctx = ctx,
        .sample = sample,
        .zone = zone,
        .taken = arena_new(&ctx->arena, bool, sample->columns.count + 1),
        .out = out,
        .map = json_writer_in(&ctx->arena),
    };
    match_headings(&guessing);
    match_values(&guessing);
    guessing.voice = voice_of(&guessing, given);
    json_object(&guessing.map);
    put_given(&guessing, given);
    for (i64 i = 0; i < countof(plain); i++) {
        put_plain(&guessing, plain[i]);
    }
    put_voice(&guessing);
    put_at(&guessing);
    put_amount(&guessing);
    put_score(&guessing);
    put_missing(&guessing);
    json_pair_str(&guessing.map, "props", STR("*"));
    json_object_end(&guessing.map);
    out->map = json_text(&guessing.map);
}
