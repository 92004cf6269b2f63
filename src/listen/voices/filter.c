#include "listen/voices/filter.h"

#include "base/id.h"
#include "base/zone.h"
#include "listen/voices/filter_fields.h"
#include "listen/voices/inside.h"
#include "people/people.h"
#include "store/search.h"
#include "text/reading.h"

const char *const feedback_either_words[] = {"any", "true", "false", NULL};
const char *const feedback_polarity_words[] = {"any", "positive", "negative", NULL};

static const struct shape_field filter_fields[] = {FEEDBACK_FILTER_FIELDS(0)};
const struct shape feedback_filter_shape = SHAPE("FeedbackFilter", struct feedback_filter, filter_fields,
                                                 "shape.feedback_filter");

struct feedback_chosen {
    struct store *store;
    const struct feedback_filter *filter;
    struct feedback_sight sight;
    str query;     /* of words, as the index takes it; none: not asked for */
    bool no_words; /* words were asked for, and there is none in what was written */
    str aliases;   /* JSON; none: not asked for */
    i64 owner;     /* -1: nobody's */
    i64 floor, before, since;
    i64 topics, topics_good, topics_bad;
};

static err read_moment(struct ctx *ctx, const struct zone *zone, const char *name, str text, i64 otherwise, i64 *out)
{
    i64 at_ms;
    *out = otherwise;
    if (!str_is(text) || text.len == 0) {
        return OK;
    }
    if (!iso_parse(zone, text, &at_ms)) {
        return FAIL(ctx, ERR_INVALID, name, "error.feedback.date");
    }
    *out = feedback_position(at_ms);
    return OK;
}

static err read_owner(struct ctx *ctx, str owner, i64 *out)
{
    *out = 0;
    if (!str_is(owner) || owner.len == 0) {
        return OK;
    }
    if (str_eq(owner, STR("none"))) {
        *out = -1;
        return OK;
    }
    return id_parse(owner, out) ? OK : FAIL(ctx, ERR_INVALID, "owner", "error.feedback.owner");
}

static str strs_json(struct arena *arena, const struct str_list *list)
{
    struct json_writer out = json_writer_in(arena);
    json_list(&out);
    for (i64 i = 0; i < list->count; i++) {
        json_put_str(&out, list->items[i]);
    }
    json_list_end(&out);
    return json_text(&out);
}

static str some_json(struct arena *arena, const struct str_list *list)
{
    return list->count == 0 ? STR_NONE : strs_json(arena, list);
}

/* All aliases of a person, so that a merge counts at once. Nobody of that name has said nothing. */
static err read_person(struct ctx *ctx, struct people *people, str text, str *out)
{
    struct person person = {0};
    i64 id = 0;
    *out = STR_NONE;
    if (!str_is(text) || text.len == 0) {
        return OK;
    }
    err code = people == NULL ? ERR_NOT_FOUND : people_catch_up(ctx, people);
    code = code == OK ? people_resolve(ctx, people, text, &id) : code;
    code = code == OK ? people_get(ctx, people, id, &person) : code;
    if (code != OK && code != ERR_NOT_FOUND) {
        return code;
    }
    ctx_forgive(ctx);
    struct str_list aliases = {arena_new(&ctx->arena, str, greater(person.aliases.count, 1)), 0};
    for (i64 i = 0; i < person.aliases.count; i++) {
        const struct person_alias *alias = (const struct person_alias *)person.aliases.items + i;
        aliases.items[aliases.count++] = str_format(&ctx->arena, "%.*s:%.*s", STR_ARG(alias->kind),
                                                    STR_ARG(alias->value));
    }
    *out = strs_json(&ctx->arena, &aliases);
    return OK;
}

static err read_topics(struct ctx *ctx, const struct feedback_filter *filter, struct feedback_chosen *out)
{
    i64 mask = 0;
    for (i64 i = 0; i < filter->topic.count; i++) {
        i64 topic = 1;
        while (topic < TOPIC_COUNT_ && !str_eq(filter->topic.items[i], str_from(text_topic_words[topic]))) {
            topic++;
        }
        if (topic == TOPIC_COUNT_) {
            return FAIL(ctx, ERR_INVALID, "topic", "error.feedback.topic");
        }
        mask |= (i64)1 << topic;
    }
    bool judged = filter->polarity != POLARITY_ANY;
    i64 all = judged && mask == 0 ? ((i64)1 << TOPIC_COUNT_) - 1 : mask;
    out->topics = judged ? 0 : mask;
    out->topics_good = filter->polarity == POLARITY_GOOD ? all : 0;
    out->topics_bad = filter->polarity == POLARITY_BAD ? all : 0;
    return OK;
}

err feedback_choose(struct ctx *ctx, const struct feedback_source_of *from, const struct feedback_filter *filter,
                    struct feedback_chosen **out)
{
    struct feedback_chosen *chosen = *out = arena_new(&ctx->arena, struct feedback_chosen, 1);
    bool words = str_is(filter->q) && str_trim(filter->q).len > 0;
    bool person = str_is(filter->person) && filter->person.len > 0;
    if ((words || person) && !from->sight.personal) {
        return FAIL(ctx, ERR_FORBIDDEN, words ? "q" : "person", "error.feedback.personal");
    }
    chosen->store = from->store;
    chosen->filter = filter;
    chosen->sight = from->sight;
    if (words) {
        chosen->query = search_words_query(&ctx->arena, from->store, filter->q);
        chosen->no_words = !str_is(chosen->query);
    }
    TRY(read_moment(ctx, from->zone, "from", filter->from, INT64_MIN, &chosen->floor));
    TRY(read_moment(ctx, from->zone, "to", filter->to, INT64_MAX, &chosen->before));
    TRY(read_owner(ctx, filter->owner, &chosen->owner));
    TRY(read_topics(ctx, filter, chosen));
    return read_person(ctx, from->people, filter->person, &chosen->aliases);
}

void feedback_since(struct feedback_chosen *chosen, i64 event)
{
    chosen->since = event;
}

static i64 either(i32 word)
{
    return word == EITHER ? -1 : word == ONLY_TRUE;
}

static struct store_arg maybe(const char *name, struct maybe_f64 value)
{
    return (struct store_arg){.name = name, .type = STORE_F64, .none = !value.is, .number = value.value};
}

enum { ARGS_MAX = 40 };

static i64 put_lists(struct arena *arena, const struct feedback_filter *filter, struct store_arg *args)
{
    const struct {
        const char *name;
        const struct str_list *list;
    } lists[] = {
        {"sources", &filter->source},         {"kinds", &filter->kind},
        {"channels", &filter->channel},       {"places", &filter->place},
        {"touchpoints", &filter->touchpoint}, {"metrics", &filter->metric},
        {"questions", &filter->question},     {"surveys", &filter->survey},
        {"responses", &filter->response},     {"classes", &filter->class},
        {"emotions", &filter->emotion},       {"languages", &filter->language},
        {"statuses", &filter->status},        {"scales", &filter->scale},
        {"labels", &filter->label},
    };
    for (i64 i = 0; i < countof(lists); i++) {
        args[i] = ARG_STR(lists[i].name, some_json(arena, lists[i].list));
    }
    return countof(lists);
}

struct sight_texts feedback_sight_texts(struct arena *arena, const struct feedback_sight *sight)
{
    if (sight == NULL) {
        return (struct sight_texts){STR_NONE, STR_NONE};
    }
    return (struct sight_texts){some_json(arena, &sight->places),
                                sight->some_touchpoints ? strs_json(arena, &sight->touchpoints) : STR_NONE};
}

/* Everything that the conditions ask for. */
static struct store_args arguments(struct ctx *ctx, const struct feedback_chosen *chosen, i64 before, i64 limit)
{
    struct arena *arena = &ctx->arena;
    const struct feedback_filter *filter = chosen->filter;
    struct sight_texts sight = feedback_sight_texts(arena, &chosen->sight);
    struct store_arg *args = arena_new(arena, struct store_arg, ARGS_MAX);
    i64 n = put_lists(arena, filter, args);
    str ids = filter->ids.count == 0 ? STR_NONE : ids_text(arena, filter->ids.items, filter->ids.count);
    const struct store_arg others[] = {
        ARG_STR("sight_places", sight.places),
        ARG_STR("sight_touchpoints", sight.touchpoints),
        ARG_STR("aliases", chosen->aliases),
        ARG_STR("survey", filter->survey.count == 1 ? filter->survey.items[0] : STR_NONE),
        ARG_STR("ids", ids),
        ARG_STR("query", chosen->query),
        ARG_I64("floor", chosen->floor),
        ARG_I64("before", lesser(before, chosen->before)),
        ARG_I64("since", chosen->since),
        ARG_I64("limit", limit),
        ARG_I64("has_text", either(filter->has_text)),
        ARG_I64("complaint", either(filter->complaint)),
        ARG_I64("spam", either(filter->spam)),
        ARG_I64("topics", chosen->topics),
        ARG_I64("topics_good", chosen->topics_good),
        ARG_I64("topics_bad", chosen->topics_bad),
        ARG_I64("owner", chosen->owner),
        ARG_I64("pain", filter->pain),
        maybe("score_least", filter->score_gte),
        maybe("score_most", filter->score_lte),
    };
    _Static_assert(countof(others) + 15 + 1 <= ARGS_MAX, "room for all, and for one more");
    memcpy(args + n, others, sizeof others);
    return (struct store_args){.items = args, .count = n + countof(others)};
}

/* Pages. */

struct paging {
    const struct feedback_chosen *chosen;
    i64 before, limit;
    struct feedback *items;
    i64 count;
};

static err add_row(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct paging *paging = self;
    return row_read(ctx, row, &feedback_row_shape, &paging->items[paging->count++]);
}

/* How many more to look at one by one, from how many of them were found among the first: so many that the page should fill,
 * and a bit. 0: there are too few of them, the index finds those quicker. */
static i64 further_look(i64 found, i64 limit)
{
    enum { FREQUENT = 5, FURTHER_MOST = 20 * 1000 };
    i64 look = found < FREQUENT ? 0 : (i64)SEARCH_WORDS_LOOK * (limit - found) / found * 5 / 4;
    return look <= FURTHER_MOST ? look : 0;
}

/* PostgreSQL: among the newest first, then through the index what stands behind them. */
static err page_words(struct ctx *ctx, struct store *store, struct paging *paging)
{
    const struct feedback_chosen *chosen = paging->chosen;
    i64 before = lesser(paging->before, chosen->before), look = SEARCH_WORDS_LOOK;
    for (i32 round = 0; round < 2 && look > 0; round++) {
        i64 reach;
        TRY(search_words_reach(ctx, store, before, look, &reach));
        if (reach == INT64_MIN) {
            break;
        }
        struct store_args args = arguments(ctx, chosen, before, paging->limit - paging->count);
        ((struct store_arg *)args.items)[args.count++] = ARG_I64("reach", reach);
        TRY(store_each(ctx, store, SQL_FEEDBACK_PAGE_WORDS_NEWEST, args, add_row, paging));
        before = reach;
        if (paging->count == paging->limit || before <= chosen->floor) {
            return OK;
        }
        look = further_look(paging->count, paging->limit);
    }
    struct store_args args = arguments(ctx, chosen, before, paging->limit - paging->count);
    return store_each(ctx, store, SQL_FEEDBACK_PAGE_WORDS, args, add_row, paging);
}

/* Where a criterion has an index of its own, that is asked: others walk through the moments from the newest on. */
static enum statement page_statement(const struct feedback_chosen *chosen)
{
    const struct feedback_filter *filter = chosen->filter;
    return filter->ids.count > 0       ? SQL_FEEDBACK_PAGE_IDS
           : str_is(chosen->aliases)   ? SQL_FEEDBACK_PAGE_PEOPLE
           : filter->survey.count == 1 ? SQL_FEEDBACK_PAGE_SURVEY
           : chosen->owner > 0         ? SQL_FEEDBACK_PAGE_OWNER
                                       : SQL_FEEDBACK_PAGE;
}

static err read_page(struct ctx *ctx, struct store *store, void *arg)
{
    struct paging *paging = arg;
    const struct feedback_chosen *chosen = paging->chosen;
    if (str_is(chosen->query)) {
        return page_words(ctx, store, paging);
    }
    return store_each(ctx, store, page_statement(chosen), arguments(ctx, chosen, paging->before, paging->limit),
                      add_row, paging);
}

err feedback_page(struct ctx *ctx, const struct feedback_chosen *chosen, i64 before, i64 limit, struct shape_list *out)
{
    struct paging paging = {chosen, before, limit, arena_new(&ctx->arena, struct feedback, greater(limit, 1)), 0};
    if (!chosen->no_words) {
        TRY(store_read(ctx, chosen->store, read_page, &paging));
    }
    *out = (struct shape_list){paging.items, paging.count};
    return OK;
}

/* All of it. */

struct streaming {
    err (*each)(void *self, struct ctx *ctx, const struct feedback *row);
    err (*tally)(void *self, struct ctx *ctx, const struct feedback_tally *tally);
    void *self;
    struct ctx row; /* of one row */
};

static err stream_row(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct streaming *streaming = self;
    struct feedback feedback = {0};
    TRY(row_read(&streaming->row, row, &feedback_row_shape, &feedback));
    err code = streaming->each(streaming->self, ctx, &feedback);
    ctx_reset(&streaming->row);
    return code == OK && ctx_stopped(ctx) ? ERR_CANCELLED : code;
}

err feedback_each(struct ctx *ctx, const struct feedback_chosen *chosen,
                  err (*each)(void *self, struct ctx *ctx, const struct feedback *row), void *self)
{
    struct streaming streaming = {.each = each, .self = self};
    if (chosen->no_words) {
        return OK;
    }
    enum statement sql = str_is(chosen->query) ? SQL_FEEDBACK_PAGE_WORDS
                         : chosen->since > 0   ? SQL_FEEDBACK_PAGE_SINCE
                                               : page_statement(chosen);
    err code = store_each(ctx, chosen->store, sql, arguments(ctx, chosen, INT64_MAX, INT64_MAX), stream_row,
                          &streaming);
    ctx_end(&streaming.row);
    return code;
}

static const struct shape_field tally_fields[] = {
    {"source", SHAPE_STR, offsetof(struct feedback_tally, source)},
    {"channel", SHAPE_STR, offsetof(struct feedback_tally, channel)},
    {"place", SHAPE_STR, offsetof(struct feedback_tally, place)},
    {"touchpoint", SHAPE_STR, offsetof(struct feedback_tally, touchpoint)},
    {"metric", SHAPE_STR, offsetof(struct feedback_tally, metric)},
    {"question", SHAPE_STR, offsetof(struct feedback_tally, question)},
    {"survey", SHAPE_STR, offsetof(struct feedback_tally, survey)},
    {"scale", SHAPE_STR, offsetof(struct feedback_tally, scale)},
    {"score", SHAPE_MAYBE_F64, offsetof(struct feedback_tally, score)},
    {"has_text", SHAPE_BOOL, offsetof(struct feedback_tally, has_text)},
    {"language", SHAPE_STR, offsetof(struct feedback_tally, language)},
    {"class", SHAPE_STR, offsetof(struct feedback_tally, class)},
    {"emotion", SHAPE_STR, offsetof(struct feedback_tally, emotion)},
    {"complaint", SHAPE_BOOL, offsetof(struct feedback_tally, complaint)},
    {"spam", SHAPE_BOOL, offsetof(struct feedback_tally, spam)},
    {"topics", SHAPE_I64, offsetof(struct feedback_tally, topics)},
    {"topics_good", SHAPE_I64, offsetof(struct feedback_tally, topics_good)},
    {"topics_bad", SHAPE_I64, offsetof(struct feedback_tally, topics_bad)},
    {"label", SHAPE_STR, offsetof(struct feedback_tally, label)},
    {"status", SHAPE_STR, offsetof(struct feedback_tally, status)},
    {"owner", SHAPE_ID, offsetof(struct feedback_tally, owner)},
    {"n", SHAPE_I64, offsetof(struct feedback_tally, n)},
};
static const struct shape tally_shape = SHAPE("FeedbackTally", struct feedback_tally, tally_fields, NULL);

static err stream_tally(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct streaming *streaming = self;
    struct feedback_tally tally = {0};
    TRY(row_read(&streaming->row, row, &tally_shape, &tally));
    err code = streaming->tally(streaming->self, ctx, &tally);
    ctx_reset(&streaming->row);
    return code == OK && ctx_stopped(ctx) ? ERR_CANCELLED : code;
}

err feedback_tally(struct ctx *ctx, const struct feedback_chosen *chosen,
                   err (*each)(void *self, struct ctx *ctx, const struct feedback_tally *tally), void *self)
{
    struct streaming streaming = {.tally = each, .self = self};
    if (chosen->no_words) {
        return OK;
    }
    enum statement sql = str_is(chosen->query)               ? SQL_FEEDBACK_TALLIES_WORDS
                         : str_is(chosen->aliases)           ? SQL_FEEDBACK_TALLIES_PEOPLE
                         : chosen->filter->survey.count == 1 ? SQL_FEEDBACK_TALLIES_SURVEY
                                                             : SQL_FEEDBACK_TALLIES;
    err code = store_each(ctx, chosen->store, sql, arguments(ctx, chosen, INT64_MAX, INT64_MAX), stream_tally,
                          &streaming);
    ctx_end(&streaming.row);
    return code;
}
