#include "listen/demo/world.h"

#include "listen/demo/texts.h"

/* Days before the end: the carrier, and the versions of the app. */
enum { CHANGE_DAYS = 70 };
static const i16 release_days[APP_VERSIONS] = {400, 310, 240, 170, 118, 76, 28};

static void read_texts(struct world *world)
{
    const str texts[] = {demo_text_people,       demo_text_shop,           demo_text_voices_delivery,
                         demo_text_voices_place, demo_text_voices_loyalty, demo_text_accents};
    for (i64 i = 0; i < countof(texts); i++) {
        decks_read(&world->arena, &world->decks, texts[i]);
    }
}

static struct product read_product(str line)
{
    struct product product = {.name = str_cut(&line, '|')};
    product.short_name = str_cut(&line, '|');
    product.sku = str_cut(&line, '|');
    product.group = str_cut(&line, '|');
    bool number = str_i64(str_cut(&line, '|'), &product.price);
    product.price *= number ? 1000 : 0;
    product.warranty = str_eq(line, STR("1"));
    return product;
}

static void read_products(struct world *world)
{
    const struct deck *deck = decks_find(&world->decks, STR("product"));
    struct product *products = arena_new(&world->arena, struct product, deck->count);
    u16 *weights = arena_new(&world->arena, u16, deck->count);
    for (i64 i = 0; i < deck->count; i++) {
        products[i] = read_product(deck->cards[i].text);
        weights[i] = (u16)(deck->cards[i].sum - (i > 0 ? deck->cards[i - 1].sum : 0));
    }
    world->products = products;
    world->product_weights = weights;
    world->product_count = deck->count;
}

/* The same day of the month, so many months earlier, at the same hour. */
static i64 months_before(i64 at_ms, i64 months)
{
    struct civil date = civil_from_days(calendar_day(at_ms));
    i64 month = (i64)date.year * 12 + date.month - 1 - months;
    struct civil first = {.year = (i32)(month / 12), .month = (i32)(month % 12 + 1), .day = date.day};
    while (!civil_valid(first)) {
        first.day--;
    }
    return calendar_midnight(civil_days(first.year, first.month, first.day));
}

static int in_time(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    if (x->at_ms != y->at_ms) {
        return x->at_ms < y->at_ms ? -1 : 1;
    }
    return x->serial < y->serial ? -1 : x->serial > y->serial;
}

static err check(struct ctx *ctx, const struct world_plan *plan)
{
    if (plan->people < 1 || plan->people > WORLD_PEOPLE_MAX) {
        return FAIL(ctx, ERR_INVALID, "people", "error.range", {"low", STR("1")}, {"high", STR("200000")});
    }
    if (plan->months < 1 || plan->months > WORLD_MONTHS_MAX) {
        return FAIL(ctx, ERR_INVALID, "months", "error.range", {"low", STR("1")}, {"high", STR("36")});
    }
    return OK;
}

err world_make(struct ctx *ctx, const struct world_plan *plan, struct world *out)
{
    TRY(check(ctx, plan));
    *out = (struct world){.seed = plan->seed, .until_ms = plan->until_ms};
    i64 last_day = calendar_day(plan->until_ms);
    out->from_ms = months_before(plan->until_ms, plan->months);
    out->change_ms = calendar_midnight(last_day - CHANGE_DAYS);
    for (i64 i = 0; i < APP_VERSIONS; i++) {
        out->released_ms[i] = calendar_midnight(last_day - release_days[i]);
    }
    read_texts(out);
    read_products(out);
    struct cast_plan cast = {
        .people = plan->people, .from_ms = out->from_ms, .until_ms = out->until_ms, .seed = plan->seed};
    out->shoppers = cast_all(&out->arena, &out->decks, &cast);
    out->shopper_count = plan->people;
    for (i64 i = 0; i < plan->people; i++) {
        flow_live(out, (i32)i);
    }
    if (out->moment_count > 0) {
        qsort(out->moments, (size_t)out->moment_count, sizeof *out->moments, in_time);
    }
    return OK;
}

void world_free(struct world *world)
{
    mem_free(world->moments);
    mem_free(world->orders);
    arena_free(&world->arena);
}
