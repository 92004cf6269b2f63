#include "listen/voice_lines.h"

#include "base/hash.h"
#include "json/write.h"
#include "text/fold.h"

struct column_words {
    const char *name;  /* of the property */
    const char *words; /* folded headings, separated by "|" */
};

static const struct column_words canonical[] = {
    {"author",
     "author|reviewer|reviewer name|user name|username|buyer|buyer username|profile name|author name|nguoi danh gia|"
     "nguoi mua|ten nguoi mua|ten nguoi danh gia|nguoi nhan xet|buyer name|tac gia|ten khach|"
     "ten khach hang|ten nguoi dung|nguoi dang|nguoi viet|tai khoan|nick|nickname"},
    {"product", "product|product name|item|item name|product title|san pham|ten san pham|ten hang|mat hang"},
    {"url", "url|link|permalink|post url|source url|duong dan|lien ket|link bai viet|duong link|dia chi bai viet"},
};

static const char review_words[] =
    "review|review text|review content|reviews|stars|star|star rating|rating|ratings|so sao|sao|"
    "diem danh gia|noi dung danh gia|danh gia san pham|reviewer|reviewer name|nguoi danh gia|ten nguoi danh gia|"
    "ngay danh gia|thoi gian danh gia|ngay gio danh gia|review date|review time|date of review";
/* Numbers from 1 to 5 under these, beside words, are a review's stars. */
static const char star_words[] =
    "stars|star|star rating|so sao|sao|so sao danh gia|danh gia sao|danh gia|diem danh gia";
/* Under these they may be an answer of one's own customers: something must name a buyer, a product or a review. */
static const char rating_words[] = "rating|ratings|score|diem|diem so";
static const char market_words[] =
    "buyer|buyer name|buyer username|profile name|nguoi mua|ten nguoi mua|product|product name|product title|item name|"
    "san pham|ten san pham|review id|ma danh gia|id danh gia";
static const char id_words[] = "review id|mention id|post id|ma danh gia|id danh gia";
static const char mention_words[] =
    "mention|mentions|mention text|post|post text|post url|permalink|bai viet|bai dang|"
    "noi dung bai viet|link bai viet|noi dung thao luan|thao luan|reach|engagement|luot tuong tac";

bool voice_kind(str kind)
{
    return str_eq(kind, KIND_REVIEW) || str_eq(kind, KIND_MENTION);
}

static bool among(const char *words, str heading)
{
    for (str rest = str_from(words); str_is(rest);) {
        if (str_eq(str_cut(&rest, '|'), heading)) {
            return true;
        }
    }
    return false;
}

/* "Nội_dung (tiếng Việt)" as it is compared. */
static str plain(struct arena *arena, str name)
{
    char *spaced = arena_new(arena, char, name.len + 1);
    for (i64 i = 0; i < name.len; i++) {
        spaced[i] = name.data[i] == '_' || name.data[i] == '-' ? ' ' : name.data[i];
    }
    i64 bracket = str_ends(str_trim(name), STR(")")) ? str_find_char(name, '(') : -1;
    return fold_search(arena, (str){spaced, bracket > 0 ? bracket : name.len});
}

/* The words without what differs between two copies of them: case, marks, white space. */
static str key_of(struct ctx *ctx, const struct zone *zone, const struct voice *voice)
{
    char day[ISO_MAX], digits[64];
    str author = fold_search(&ctx->arena, str_is(voice->author) ? voice->author : STR(""));
    str text = fold_search(&ctx->arena, str_is(voice->text) ? voice->text : STR(""));
    str date = iso_date(zone, voice->at_ms, day);
    str whole = str_format(&ctx->arena, "%.*s\x1f%.*s\x1f%.*s", STR_ARG(author), STR_ARG(text), STR_ARG(date));
    struct sha256 digest = sha256(whole);
    return str_copy(&ctx->arena, hex(digest.bytes, 16, digits));
}

void voice_name(struct ctx *ctx, const struct zone *zone, const struct voice *voice, str otherwise, struct event *event)
{
    event->source = str_eq(event->kind, KIND_REVIEW) ? STR("reviews") : STR("mentions");
    if (voice->id.len > 0) {
        event->message_id = str_format(&ctx->arena, "id:%.*s", STR_ARG(voice->id));
    } else if (voice->text.len > 0) {
        event->message_id = str_format(&ctx->arena, "said:%.*s", STR_ARG(key_of(ctx, zone, voice)));
    } else {
        event->message_id = otherwise;
    }
}

/* The properties with those that are missing among the canonical ones. */
static str with_canonical(struct ctx *ctx, str props, const str values[countof(canonical)])
{
    struct json object = {0};
    struct json_writer out = json_writer_in(&ctx->arena);
    if (props.len > 0 && json_parse(ctx, json_reader_here(), props, &object) != OK) {
        ctx_forgive(ctx);
        return props;
    }
    json_object(&out);
    for (struct json_iter i = json_each(object); json_next(&i);) {
        json_key(&out, i.key);
        json_put_value(&out, i.value);
    }
    for (i64 k = 0; k < countof(canonical); k++) {
        if (str_is(values[k]) && !json_is(json_get(object, str_from(canonical[k].name)))) {
            json_pair_str(&out, canonical[k].name, values[k]);
        }
    }
    json_object_end(&out);
    return json_text(&out);
}

void voice_line(struct ctx *ctx, const struct zone *zone, const struct rows *rows, const struct row *row, str id,
                str otherwise, struct event *event)
{
    str values[countof(canonical)] = {0};
    for (i64 i = 0; i < row->count && i < rows->columns.count; i++) {
        str heading = plain(&ctx->arena, rows->columns.items[i]);
        for (i64 k = 0; k < countof(canonical); k++) {
            if (!str_is(values[k]) && row->cells[i].len > 0 && among(canonical[k].words, heading)) {
                values[k] = fold_nfc(&ctx->arena, row->cells[i]);
            }
        }
    }
    event->props = with_canonical(ctx, event->props, values);
    struct voice voice = {.id = id, .author = values[0], .text = event->text, .at_ms = event->at_ms};
    voice_name(ctx, zone, &voice, otherwise, event);
}

bool voice_id(struct arena *arena, str column)
{
    return among(id_words, plain(arena, column));
}

bool voice_stars(struct arena *arena, str column)
{
    return str_is(column) && among(star_words, plain(arena, column));
}

str voice_guess(struct arena *arena, const struct str_list *columns, str stars)
{
    i64 reviews = 0, mentions = 0, market = 0;
    for (i64 i = 0; i < columns->count; i++) {
        str heading = plain(arena, columns->items[i]);
        reviews += among(review_words, heading);
        mentions += among(mention_words, heading);
        market += among(market_words, heading);
    }
    str heading = str_is(stars) ? plain(arena, stars) : STR("");
    if (voice_stars(arena, stars) || (among(rating_words, heading) && reviews + market >= 2)) {
        reviews = greater(reviews, 2);
    }
    if (reviews < 2 && mentions < 2) {
        return STR_NONE; // one word alone may be anything
    }
    return mentions > reviews ? KIND_MENTION : KIND_REVIEW;
}
