#include "journey/suggest.h"

#include "journey/unmapped.h"
#include "json/write.h"
#include "text/fold.h"

static const struct shape_field fields[] = {
    {"kind", SHAPE_STR, offsetof(struct unmapped, kind)},
    {"channel", SHAPE_STR, offsetof(struct unmapped, channel)},
    {"metric", SHAPE_STR, offsetof(struct unmapped, metric)},
    {"events", SHAPE_I64, offsetof(struct unmapped, events)},
    {"people", SHAPE_I64, offsetof(struct unmapped, people)},
    {"suggested", SHAPE_MAYBE_OBJECT, offsetof(struct unmapped, suggested), .of = &touchpoint_shape},
};
const struct shape unmapped_shape = SHAPE("Unmapped", struct unmapped, fields, "shape.unmapped");

/* Stages. */

/* Words that speak for a stage of the standard template, folded. The first row with a word in the text counts. */
static const struct {
    const char *stage;
    const char *words; /* separated by blanks; _ is a blank */
} signs[] = {
    {"after_sales", "return refund warranty repair replace spare doi_tra hoan_tien bao_hanh sua_chua khieu_nai"},
    {"advocacy", "refer recommend invite review share loyalty point gioi_thieu danh_gia mua_lai nps"},
    {"post_sale", "ship deliver parcel dispatch install unbox onboard giao_hang van_chuyen lap_dat nhan_hang"},
    {"purchase",
     "cart basket checkout pay order purchase invoice sale transaction billing gio_hang dat_hang thanh_toan "
     "don_hang mua hoa_don"},
    {"care", "call ticket case incident support chat message complaint contact help service tong_dai ho_tro cham_soc "
             "hoi_dap tin_nhan csat ces"},
    {"sales_support", "advice consult quote lead appointment booking tu_van bao_gia dat_lich"},
    {"trial",
     "trial try demo sample test product_viewed view search filter wishlist store_visited dung_thu xem tim_kiem"},
    {"communication",
     "ad campaign email sms impression click landing page screen visit session article social quang_cao "
     "truyen_thong bai_viet"},
};

/* Words of the stages' names, for maps that were not made from the template. */
static const struct {
    const char *stage, *words;
} names[] = {
    {"communication", "truyen_thong nhan_biet awareness communication discover biet_den"},
    {"trial", "thu_nghiem dung_thu trial consider can_nhac tim_hieu"},
    {"sales_support", "ho_tro_ban sales_support tu_van advice"},
    {"purchase", "mua purchase buy order thanh_toan checkout"},
    {"care", "cham_soc care support service"},
    {"post_sale", "sau_ban post_sale giao deliver nhan_hang onboarding"},
    {"after_sales", "hau_mai after_sales warranty bao_hanh return doi_tra"},
    {"advocacy", "gioi_thieu gan_bo mua_lai loyal advoc referral trung_thanh ung_ho"},
};

static bool has_word(struct arena *arena, str text, const char *words)
{
    str rest = str_from(words);
    while (str_is(rest)) {
        str word = str_copy(arena, str_cut(&rest, ' '));
        char *letters = (char *)(uintptr_t)word.data;
        for (i64 i = 0; i < word.len; i++) {
            letters[i] = letters[i] == '_' ? ' ' : letters[i];
        }
        // A word counts where it begins: "page" in "page viewed", but not "ad" in "loaded".
        i64 at = str_find(text, word);
        if (word.len > 0 && at >= 0 && (at == 0 || text.data[at - 1] == ' ')) {
            return true;
        }
    }
    return false;
}

/* A folded text in which everything but letters and digits is a blank. */
static str plain(struct arena *arena, str text)
{
    str folded = str_copy(arena, fold_search(arena, text));
    char *letters = (char *)(uintptr_t)folded.data;
    for (i64 i = 0; i < folded.len; i++) {
        bool word = (letters[i] >= 'a' && letters[i] <= 'z') || (letters[i] >= '0' && letters[i] <= '9') ||
                    (u8)letters[i] >= 128;
        letters[i] = word ? letters[i] : ' ';
    }
    return folded;
}

static i64 find_stage(struct arena *arena, const struct journey_map *map, const char *stage)
{
    i64 same = journey_map_find_stage(map, str_from(stage));
    if (same >= 0) {
        return same;
    }
    for (i64 i = 0; i < countof(names); i++) {
        for (i64 k = 0; k < map->stages.count && str_eq(str_from(names[i].stage), str_from(stage)); k++) {
            if (has_word(arena, plain(arena, journey_map_stage(map, k)->name), names[i].words)) {
                return k;
            }
        }
    }
    return -1;
}

i64 suggest_stage(struct arena *arena, const struct journey_map *map, str kind, str metric)
{
    str text = plain(arena, str_format(arena, "%.*s %.*s", STR_ARG(kind), STR_ARG(metric)));
    for (i64 i = 0; i < countof(signs); i++) {
        i64 stage = has_word(arena, text, signs[i].words) ? find_stage(arena, map, signs[i].stage) : -1;
        if (stage >= 0) {
            return stage;
        }
    }
    return 0;
}

/* Suggesting. */

static void put_is(struct json_writer *writer, const char *field, str value)
{
    if (!str_is(value)) {
        return;
    }
    json_object(writer);
    json_pair_str(writer, "field", str_from(field));
    json_key(writer, STR("is"));
    json_list(writer);
    json_put_str(writer, value);
    json_list_end(writer);
    json_object_end(writer);
}

static str condition_of(struct arena *arena, const struct unmapped *unmapped)
{
    struct json_writer writer = json_writer_in(arena);
    json_list(&writer);
    put_is(&writer, "kind", unmapped->kind);
    put_is(&writer, "channel", unmapped->channel);
    put_is(&writer, "metric", unmapped->metric);
    json_list_end(&writer);
    return json_text(&writer);
}

/* "Order Completed · web"; answers are called by their metric. */
static str name_of(struct arena *arena, const struct unmapped *unmapped, enum language language)
{
    static const char *const calls[] = {"page", "screen", "track"};
    str name = unmapped->kind;
    for (i64 i = 0; i < countof(calls); i++) {
        if (str_eq(name, str_from(calls[i]))) {
            name = sentence(language, str_format(arena, "journey.suggest.%s%c", calls[i], 0).data);
        }
    }
    if (str_is(unmapped->metric)) {
        str metric = sentence(language, str_format(arena, "journey.suggest.%.*s%c", STR_ARG(unmapped->metric), 0).data);
        name = str_format(arena, "%.*s: %.*s", STR_ARG(metric), STR_ARG(name));
    }
    return str_is(unmapped->channel) ? str_format(arena, "%.*s · %.*s", STR_ARG(name), STR_ARG(unmapped->channel))
                                     : name;
}

static struct touchpoint *suggest(struct arena *arena, const struct journey_map *map, const struct unmapped *unmapped,
                                  enum language language)
{
    struct touchpoint *suggested = arena_new(arena, struct touchpoint, 1);
    str name = utf8_prefix(name_of(arena, unmapped, language), 200);
    i64 stage = suggest_stage(arena, map, unmapped->kind, unmapped->metric);
    *suggested = (struct touchpoint){
        .id = journey_map_slug(arena, name),
        .name = name,
        .stage = map->stages.count == 0 ? STR("all") : journey_map_stage(map, stage)->id,
        .function = STR(""),
        .task = STR(""),
        .channel = unmapped->channel,
        .metric = unmapped->metric,
        .where = condition_of(arena, unmapped),
    };
    return suggested;
}

/* Several suggestions of one name get ids of their own. */
static void number_ids(struct arena *arena, struct unmapped *items, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        i64 same = 1;
        for (i64 k = 0; k < i; k++) {
            same += str_eq(journey_map_slug(arena, items[k].suggested->name), items[i].suggested->id);
        }
        if (same > 1) {
            items[i].suggested->id = str_format(arena, "%.*s-%lld", STR_ARG(utf8_prefix(items[i].suggested->id, 52)),
                                                (long long)same);
        }
    }
}

err suggest_unmapped(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
                     const struct question *question, enum language language, struct shape_list *out)
{
    struct arena *arena = &ctx->arena;
    struct asking *asking = arena_new(arena, struct asking, 1);
    static const struct journey_map no_map = {0};
    struct bunch *bunches;
    i64 count;
    TRY(asking_begin(ctx, rooms, scope, question, asking));
    TRY(unmapped_count(asking, &bunches, &count));
    count = lesser(count, UNMAPPED_MAX);
    struct unmapped *items = arena_new(arena, struct unmapped, greater(count, 1));
    const struct journey_map *map = asking->journey.newest == NULL ? &no_map : &asking->journey.newest->map;
    for (i64 i = 0; i < count; i++) {
        const struct bunch *bunch = &bunches[i];
        items[i] = (struct unmapped){.events = bunch->events, .people = bunch->people};
        items[i].kind = str_copy(arena, bunch->kind);
        items[i].channel = str_copy(arena, bunch->channel);
        items[i].metric = str_copy(arena, bunch->metric);
        items[i].suggested = suggest(arena, map, &items[i], language);
    }
    number_ids(arena, items, count);
    asking_end(asking);
    *out = (struct shape_list){items, count};
    return OK;
}
