#include "journey/features.h"
#include "journey/sql/answers.h"
#include "journey/sql/sql.h"
#include "people/identity.h"

/* The persons of a page, and all their aliases with the person of each. */
struct page {
    struct sql_asking sql;
    i64 *people;
    i64 count;
    struct id_list aliases;
    i64 *person_of; /* [alias] */
    struct feature_figures *figures;
};

/* The aliases of these persons. */
static void list_aliases(struct page *page)
{
    struct arena *arena = &page->sql.ctx->arena;
    i64 capacity = page->count * 2 + 1, size = (i64)sizeof(i64);
    page->aliases = (struct id_list){arena_new(arena, i64, capacity), 0};
    page->person_of = arena_new(arena, i64, capacity);
    for (i64 i = 0; i < page->count; i++) {
        struct id_list own = sql_aliases(&page->sql, page->people[i], STR_NONE);
        for (i64 k = 0; k < own.count; k++) {
            if (page->aliases.count == capacity) {
                page->aliases.items = arena_grow(arena, page->aliases.items, capacity * size, capacity * 2 * size, 8);
                page->person_of = arena_grow(arena, page->person_of, capacity * size, capacity * 2 * size, 8);
                capacity *= 2;
            }
            page->person_of[page->aliases.count] = page->people[i];
            page->aliases.items[page->aliases.count++] = own.items[k];
        }
    }
}

/* Who has events that the question takes, among all or among some. */
static err find_people(struct page *page, struct sql_expr among)
{
    struct sql_asking *sql = &page->sql;
    struct ctx *ctx = sql->ctx;
    const struct question *question = &sql->asking->question;
    struct sql_expr where = sql_and(ctx, among, sql_where(sql));
    u32 needs = where.needs | SQL_NEEDS_PERSON;
    struct click_rows rows;
    str text = SQL_TEXT(ctx, SQL_CLICK_PEOPLE_WITH, PART("with", sql_with(sql, needs)),
                        PART("from", sql_from(sql, needs)), PART("where", where.text),
                        VALUE_I64("after", question->after_id), VALUE_I64("most", question->limit + 1));
    TRY(sql_query(sql, text, &rows));
    page->people = arena_new(&ctx->arena, i64, question->limit + 1);
    page->count = 0;
    while (click_more(&rows) && page->count <= question->limit) {
        page->people[page->count++] = click_i64(&rows);
    }
    return OK;
}

/* The first persons behind an id; returns whether these are all. */
static bool next_people(struct page *page, i64 most)
{
    struct identity *identity = page->sql.asking->rooms->identity;
    i64 after = page->sql.asking->question.after_id;
    page->people = arena_new(&page->sql.ctx->arena, i64, most);
    page->count = 0;
    identity_lock(identity);
    alias_no low = 1, last = identity_count(identity), high = last + 1;
    while (low < high) { // aliases are numbered in the order of their ids
        alias_no middle = low + (high - low) / 2;
        if (identity_id(identity, middle) <= after) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low <= last && page->count < most; low++) {
        if (identity_person(identity, low) == low) {
            page->people[page->count++] = identity_id(identity, low);
        }
    }
    identity_unlock(identity);
    return low > last;
}

/* The next persons are looked at first; where they are too few, all are searched. */
static err find_page(struct page *page)
{
    i64 wanted = page->sql.asking->question.limit + 1;
    bool all = next_people(page, greater(wanted, FEATURES_FIRST_LOOK));
    list_aliases(page);
    TRY(find_people(page, sql_of_aliases(page->sql.ctx, &page->aliases)));
    return page->count >= wanted || all ? OK : find_people(page, sql_always());
}

static err find_one(struct page *page)
{
    const struct question *question = &page->sql.asking->question;
    page->aliases = sql_aliases(&page->sql, question->person, question->person_alias);
    return find_people(page, sql_of_aliases(page->sql.ctx, &page->aliases));
}

static struct maybe_f64 read_newest(struct click_rows *rows)
{
    u64 count = click_u64(rows);
    f64 value = click_f64(rows);
    return (struct maybe_f64){value, count > 0};
}

static void read_figures(struct page *page, struct click_rows *rows)
{
    i64 at = 0;
    while (click_more(rows) && at < page->count) {
        struct feature_figures *out = &page->figures[at++];
        out->person = click_i64(rows);
        out->first_ms = click_i64(rows);
        out->last_ms = click_i64(rows);
        out->events = (i64)click_u64(rows);
        out->answers = (i64)click_u64(rows);
        out->days = (i64)click_u64(rows);
        out->kinds = (i64)click_u64(rows);
        out->channels = (i64)click_u64(rows);
        out->orders = (i64)click_u64(rows);
        out->first_order_ms = click_i64(rows);
        out->last_order_ms = click_i64(rows);
        for (i32 metric = METRIC_NPS; metric < METRIC_COUNT; metric++) {
            out->newest[metric] = read_newest(rows);
        }
        page->sql.asking->read->events += out->events;
        page->sql.asking->read->people++;
    }
    page->count = at; // one may have been removed in between
}

static void read_sums(struct page *page, struct click_rows *rows)
{
    struct arena *arena = &page->sql.ctx->arena;
    i64 at = 0, size = (i64)sizeof(struct feature_sum);
    while (click_more(rows)) {
        i64 who = click_i64(rows);
        str currency = click_str(rows);
        i64 sum = click_i64(rows);
        while (at < page->count && page->figures[at].person < who) {
            at++;
        }
        if (at < page->count && page->figures[at].person == who) {
            struct feature_figures *out = &page->figures[at];
            out->sums = arena_grow(arena, out->sums, out->sum_count * size, (out->sum_count + 1) * size, 8);
            out->sums[out->sum_count++] = (struct feature_sum){currency, sum};
        }
    }
}

/* The number of an event's calendar day. Where a broken clock put events half a century apart, all days are as long as the
 * first. */
static err day_of(struct page *page, str *out)
{
    enum { DAY_MS = 24 * 3600 * 1000 };
    struct ctx *ctx = page->sql.ctx;
    const struct asking *asking = page->sql.asking;
    const struct zone *zone = asking->question.zone;
    struct periods days;
    i64 first, last;
    TRY(sql_bounds(&page->sql, &first, &last));
    first = greater(first, asking->from_ms);
    last = lesser(last, asking->to_ms == INT64_MAX ? INT64_MAX : asking->to_ms - 1);
    if (first <= last && (last - first) / DAY_MS > PERIODS_MAX - 2) {
        *out = SQL_TEXT(ctx, SQL_CLICK_EVEN_PERIOD, PART("at", STR("at_ms")),
                        VALUE_I64("first", period_start(zone, PERIOD_DAY, first)), VALUE_I64("length", DAY_MS));
        return OK;
    }
    TRY(periods_make(ctx, zone, PERIOD_DAY, first, last, &days));
    *out = sql_period(ctx, &days, STR("at_ms"));
    return OK;
}

static err read_page(struct page *page)
{
    struct sql_asking *sql = &page->sql;
    struct ctx *ctx = sql->ctx;
    struct click_rows rows;
    str day;
    TRY(day_of(page, &day));
    list_aliases(page);
    page->figures = arena_new(&ctx->arena, struct feature_figures, page->count + 1);
    struct sql_expr where = sql_and(ctx, sql_of_aliases(ctx, &page->aliases), sql_where(sql));
    str who = SQL_TEXT(ctx, SQL_CLICK_PERSON_OF,
                       VALUE_STR("aliases", sql_numbers(ctx, page->aliases.items, page->aliases.count)),
                       VALUE_STR("people", sql_numbers(ctx, page->person_of, page->aliases.count)));
    struct sql_arg args[] = {PART("with", sql_with(sql, where.needs)), PART("from", sql_from(sql, where.needs)),
                             PART("where", where.text), PART("who", who), PART("day", day)};
    TRY(sql_query(sql, sql_text(ctx, SQL_CLICK_FEATURES, args, countof(args)), &rows));
    read_figures(page, &rows);
    TRY(sql_query(sql, sql_text(ctx, SQL_CLICK_FEATURE_SUMS, args, countof(args)), &rows));
    read_sums(page, &rows);
    return OK;
}

err sql_features(const struct asking *asking, struct json_writer *writer, str *next)
{
    const struct question *question = &asking->question;
    struct page *page = arena_new(&asking->ctx->arena, struct page, 1);
    TRY(sql_begin(asking, &page->sql));
    if (question->person != 0 || question->person_alias.len > 0) {
        TRY(find_one(page));
    } else {
        TRY(find_page(page));
    }
    if (page->count > 0) {
        TRY(read_page(page));
    }
    return features_write(asking, page->figures, page->count, writer, next);
}
