#include "listen/demo/render.h"

#include "listen/demo/voice.h"

static const char *const kinds[MOMENT_KINDS] = {
    [AD_CLICKED] = "Ad Clicked",         [PAGE_SEEN] = "page",
    [SEARCHED] = "Products Searched",    [PRODUCT_VIEWED] = "Product Viewed",
    [PRODUCT_ADDED] = "Product Added",   [CHECKOUT_STARTED] = "Checkout Started",
    [PAYMENT_FAILED] = "Payment Failed", [ORDERED] = "Order Completed",
    [SHIPPED] = "Order Shipped",         [OUT_FOR_DELIVERY] = "Out for Delivery",
    [DELIVERED] = "Order Delivered",     [SHOP_VISITED] = "Store Visited",
    [PRODUCT_TRIED] = "Product Tried",   [CALL_RECEIVED] = "Call Received",
    [CALL_RESOLVED] = "Call Resolved",   [CHAT_STARTED] = "Chat Started",
    [CHAT_ANSWERED] = "Chat Answered",   [FOLLOW_UP] = "Follow-up Call",
    [WARRANTY] = "Warranty Activated",   [RETURN_ASKED] = "Return Requested",
    [REFUNDED] = "Order Refunded",       [REVIEWED] = "Product Reviewed",
    [REFERRED] = "Friend Referred",      [IDENTIFIED] = "identify",
    [ANSWERED] = "Survey Answered",
};

static const char *const channels[] = {"ads", "web", "app", "zalo", "store", "phone", "delivery", "email"};
static const char *const carriers[] = {"Én Nhanh", "Cánh Buồm"};
static const char *const regions[] = {"Miền Bắc", "Miền Trung", "Miền Nam"};
static const char *const online_methods[] = {"cod", "qr", "card", "wallet"};
static const char *const shop_methods[] = {"cash", "qr", "card", "wallet"};

/* The touchpoints are those of journey.json. */
static const struct {
    const char *touchpoint, *metric, *question, *scale;
} surveys[SURVEYS] = {
    [SURVEY_NPS] = {"gan-bo", "nps", "nps_quarterly", "0-10"},
    [SURVEY_DELIVERY] = {"giao-hang", "csat", "csat_delivery", "1-5"},
    [SURVEY_SHOP] = {"mua-tai-cua-hang", "csat", "csat_store", "1-5"},
    [SURVEY_PAYMENT] = {"thanh-toan", "ces", "ces_payment", "1-7"},
    [SURVEY_CALL] = {"tong-dai", "csat", "csat_call", "1-5"},
    [SURVEY_CHAT] = {"tu-van-zalo", "csat", "csat_chat", "1-5"},
    [SURVEY_RETURN] = {"doi-tra", "ces", "ces_return", "1-7"},
};

/* What one event is told from. */
struct telling {
    const struct world *world;
    const struct moment *moment;
    const struct shopper *shopper;
    const struct order *order; /* NULL: none */
    struct arena *arena;
    struct json_writer props;
    struct dice dice;
};

static void put(struct telling *telling, const char *name, const char *value)
{
    json_pair_str(&telling->props, name, str_from(value));
}

static str alias_of(struct telling *telling, i32 number, bool known)
{
    if (known) {
        return str_format(telling->arena, "user:KH%05d", (int)number + 1);
    }
    struct dice dice = dice_new(telling->world->seed ^ 0x616e6f6e, (u64)number);
    u32 high = dice_u32(&dice), low = dice_u32(&dice);
    return str_format(telling->arena, "anon:%08x%08x", high, low);
}

static const char *city_of(const struct telling *telling)
{
    return demo_cities[telling->shopper->city].name;
}

static bool about_delivery(const struct moment *moment)
{
    return moment->channel == CHANNEL_DELIVERY || (moment->kind == ANSWERED && moment->survey == SURVEY_DELIVERY);
}

static const char *place_of(const struct telling *telling)
{
    const struct moment *moment = telling->moment;
    if (moment->shop != SHOP_NONE) {
        return demo_shops[moment->shop].name;
    }
    return about_delivery(moment) ? city_of(telling) : NULL;
}

static void put_order_id(struct telling *telling)
{
    if (telling->order != NULL) {
        json_pair_str(&telling->props, "order_id",
                      str_format(telling->arena, "HN%06d", (int)telling->moment->order + 100001));
    }
}

static void put_product(struct telling *telling, i64 index)
{
    const struct product *product = &telling->world->products[index];
    json_pair_str(&telling->props, "sku", product->sku);
    json_pair_str(&telling->props, "product", product->name);
    json_pair_str(&telling->props, "category", product->group);
}

static void put_device(struct telling *telling)
{
    if (telling->moment->version >= 0) {
        put(telling, "platform", telling->shopper->android ? "Android" : "iOS");
        put(telling, "app_version", app_versions[telling->moment->version]);
    }
}

static void put_purchase(struct telling *telling)
{
    const struct order *order = telling->order;
    i64 items = 0;
    for (i64 i = 0; i < ORDER_LINES && order->lines[i] >= 0; i++) {
        items += order->counts[i];
    }
    put_order_id(telling);
    put_product(telling, order->lines[0]);
    json_pair_i64(&telling->props, "items", items);
    put(telling, "payment_method", (order->shop == SHOP_NONE ? online_methods : shop_methods)[order->method]);
    json_pair_bool(&telling->props, "first_order", !order->again);
    if (order->shop == SHOP_NONE) {
        put(telling, "city", city_of(telling));
    }
}

static void put_delivery(struct telling *telling)
{
    const struct order *order = telling->order;
    put_order_id(telling);
    put(telling, "carrier", carriers[order->carrier]);
    put(telling, "region", regions[demo_cities[telling->shopper->city].area]);
    if (telling->moment->kind == DELIVERED || telling->moment->kind == ANSWERED) {
        json_pair_i64(&telling->props, "late_days", telling->moment->detail);
        json_pair_i64(&telling->props, "delivery_hours", (order->delivered_ms - order->placed_ms) / HOUR_MS);
    }
}

static void put_contact(struct telling *telling)
{
    static const char *const reasons[] = {"Đơn hàng đến trễ", "Lỗi thanh toán", "Hướng dẫn sử dụng, bảo hành",
                                          "Hỏi thông tin"};
    const struct moment *moment = telling->moment;
    i64 reason = moment->cause == DELIVERY_LATE ? 0
                 : moment->cause == PAY_FAILED  ? 1
                 : moment->cause == CALL_SOSO   ? 2
                                                : 3;
    put(telling, "reason", reasons[reason]);
    put_order_id(telling);
    if (moment->kind == CALL_RECEIVED) {
        json_pair_i64(&telling->props, "wait_s", moment->detail);
    }
    if (moment->kind == CHAT_ANSWERED) {
        json_pair_i64(&telling->props, "wait_minutes", moment->detail);
    }
}

/* Who the visitor turned out to be: verified by the company's own systems. */
static void put_identity(struct telling *telling)
{
    const struct shopper *shopper = telling->shopper;
    struct json_writer *props = &telling->props;
    json_key(props, STR("$"));
    json_object(props);
    json_pair_str(props, "trust", STR("server"));
    if (telling->moment->channel == CHANNEL_WEB || telling->moment->channel == CHANNEL_APP) {
        str anonymous = alias_of(telling, telling->moment->shopper, false);
        json_pair_str(props, "anonymous", str_slice(anonymous, 5, anonymous.len));
    }
    if (str_is(shopper->email)) {
        json_pair_str(props, "email", shopper->email);
    }
    if (str_is(shopper->phone)) {
        json_pair_str(props, "phone", shopper->phone);
    }
    json_key(props, STR("traits"));
    json_object(props);
    json_pair_str(props, "name", shopper->name);
    json_pair_str(props, "city", str_from(city_of(telling)));
    json_pair_str(props, "gender", shopper->woman ? STR("nữ") : STR("nam"));
    json_pair_i64(props, "birth_year", shopper->born);
    if (shopper->referrer >= 0) {
        json_pair_str(props, "referred_by", str_format(telling->arena, "KH%05d", (int)shopper->referrer + 1));
    }
    json_object_end(props);
    json_object_end(props);
}

static void put_search(struct telling *telling)
{
    json_pair_str(&telling->props, "query", decks_pick(&telling->world->decks, STR("search"), &telling->dice));
}

static void put_props(struct telling *telling)
{
    const struct moment *moment = telling->moment;
    switch ((enum moment_kind)moment->kind) {
    case AD_CLICKED:
        json_pair_str(&telling->props, "network", decks_pick(&telling->world->decks, STR("advert"), &telling->dice));
        break;
    case SEARCHED: put_search(telling); break;
    case PRODUCT_VIEWED:
    case PRODUCT_ADDED:
    case CHECKOUT_STARTED:
    case PRODUCT_TRIED: put_product(telling, moment->detail); break;
    case PAYMENT_FAILED:
        put(telling, "payment_method", online_methods[moment->detail]);
        put(telling, "error",
            moment->version == APP_BROKEN && telling->shopper->android ? "GATEWAY_TIMEOUT" : "DECLINED");
        break;
    case ORDERED: put_purchase(telling); break;
    case SHIPPED:
    case OUT_FOR_DELIVERY:
    case DELIVERED: put_delivery(telling); break;
    case CALL_RECEIVED:
    case CALL_RESOLVED:
    case CHAT_STARTED:
    case CHAT_ANSWERED: put_contact(telling); break;
    case FOLLOW_UP:
        put_order_id(telling);
        json_pair_i64(&telling->props, "minutes", moment->detail);
        break;
    case WARRANTY:
    case RETURN_ASKED:
    case REFUNDED:
        put_order_id(telling);
        put_product(telling, telling->order->lines[0]);
        break;
    case REVIEWED:
        put_order_id(telling);
        json_pair_i64(&telling->props, "stars", moment->detail);
        break;
    case REFERRED:
        json_pair_str(&telling->props, "code", str_format(telling->arena, "BAN%05d", (int)moment->shopper + 1));
        break;
    case IDENTIFIED: put_identity(telling); break;
    case ANSWERED:
        if (moment->survey == SURVEY_DELIVERY) {
            put_delivery(telling);
        } else {
            put_order_id(telling);
        }
        break;
    case PAGE_SEEN:
    case SHOP_VISITED:
    case MOMENT_KINDS: break;
    }
    put_device(telling);
}

static str words_of(struct telling *telling)
{
    const struct moment *moment = telling->moment;
    const struct order *order = telling->order;
    struct speaker speaker = {
        .decks = &telling->world->decks,
        .shopper = telling->shopper,
        .cause = (enum cause)moment->cause,
        .product = order != NULL ? telling->world->products[order->lines[0]].short_name : STR_NONE,
        .version = moment->version >= 0 ? app_versions[moment->version] : NULL,
        .pleased = moment->score >= (moment->survey == SURVEY_NPS ? 7 : 4),
        .late_days = moment->survey == SURVEY_DELIVERY ? moment->detail : 0,
        .dice = telling->dice,
    };
    return voice_write(telling->arena, &speaker);
}

static void tell_answer(struct telling *telling, struct event *event)
{
    const struct moment *moment = telling->moment;
    event->touchpoint = str_from(surveys[moment->survey].touchpoint);
    event->metric = str_from(surveys[moment->survey].metric);
    event->question = str_from(surveys[moment->survey].question);
    event->scale = str_from(surveys[moment->survey].scale);
    event->version = 1;
    event->score = (struct maybe_f64){moment->score, true};
    if (moment->cause != CAUSE_NONE) {
        event->text = words_of(telling);
    }
}

void render_event(const struct world *world, i64 index, struct arena *arena, struct event *out)
{
    const struct moment *moment = &world->moments[index];
    struct telling telling = {
        .world = world,
        .moment = moment,
        .shopper = &world->shoppers[moment->shopper],
        .order = moment->order >= 0 ? &world->orders[moment->order] : NULL,
        .arena = arena,
        .props = json_writer_in(arena),
        .dice = dice_new(moment->seed, 0),
    };
    bool nobody = !moment->known && moment->channel == CHANNEL_STORE;
    *out = (struct event){
        .at_ms = moment->at_ms,
        .received_ms = moment->at_ms,
        .source = STR(DEMO_SOURCE),
        .message_id = str_format(arena, "%llu-%lld", (unsigned long long)world->seed, (long long)index),
        .alias = nobody ? STR("") : alias_of(&telling, moment->shopper, moment->known),
        .kind = moment->kind == PAGE_SEEN && moment->channel == CHANNEL_APP ? STR("screen")
                                                                            : str_from(kinds[moment->kind]),
        .channel = str_from(channels[moment->channel]),
        .place = str_from(place_of(&telling)),
    };
    if (moment->kind == ORDERED) {
        out->amount = (struct maybe_i64){telling.order->amount, true};
        out->currency = STR("VND");
    }
    if (moment->kind == ANSWERED) {
        tell_answer(&telling, out);
    }
    json_object(&telling.props);
    put_props(&telling);
    json_object_end(&telling.props);
    out->props = json_text(&telling.props);
}
