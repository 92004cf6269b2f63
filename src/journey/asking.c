#include "journey/asking.h"

#include "base/id.h"
#include "journey/block_build.h"
#include "journey/sql/personal.h"

#include <stdlib.h>

enum { NAMES_MAX = 64, ASK_MEMORY_MB = 512, OPEN_TRIES = 9, AGAIN_S = 2 };

err asking_use(const struct asking *asking, i64 bytes)
{
    struct ctx *ctx = asking->ctx;
    struct budget *budget = asking->budget;
    if (budget_take(budget, bytes)) {
        return OK;
    }
    budget_give(budget, bytes);
    return FAIL(ctx, ERR_INVALID, "", "error.ask.memory",
                {"most", str_format(&ctx->arena, "%lld", (long long)(budget->limit >> 20))});
}

/* Scope. */

static struct condition one_of(struct arena *arena, struct field field, struct str_list values)
{
    struct operand *operands = arena_new(arena, struct operand, values.count);
    for (i64 i = 0; i < values.count; i++) {
        operands[i].text = values.items[i];
    }
    return (struct condition){.op = CONDITION_IS, .field = field, .operands = operands, .operand_count = values.count};
}

struct condition scope_join(struct arena *arena, struct condition where, const struct sight *scope)
{
    if (scope->places.count > 0) {
        where = condition_and(arena, where,
                              one_of(arena, (struct field){.kind = FIELD_WORD, .word = WORD_PLACE}, scope->places));
    }
    if (scope->departments.count > 0) {
        where = condition_and(arena, where,
                              one_of(arena, (struct field){.kind = FIELD_DEPARTMENT}, scope->departments));
    }
    return where;
}

static void names_stated(const struct asking *asking, enum field_kind kind, struct names *names)
{
    const struct condition *conditions[QUESTION_CONDITIONS_MAX];
    i64 count = question_conditions(&asking->question, conditions);
    for (i64 i = 0; i < count; i++) {
        condition_names(conditions[i], kind, names);
    }
}

/* What the question's conditions and dimensions name. */
static void names_asked(const struct asking *asking, enum field_kind kind, struct names *names)
{
    const struct field *fields[QUESTION_FIELDS_MAX];
    i64 count = question_fields(&asking->question, fields);
    names_stated(asking, kind, names);
    for (i64 i = 0; i < count; i++) {
        if (fields[i]->kind == kind) {
            names_add(names, fields[i]->name);
        }
    }
}

/* Traits are personal. */
static err load_traits(struct ctx *ctx, struct asking *asking)
{
    str names[NAMES_MAX];
    struct names traits = {.items = names, .max = NAMES_MAX};
    names_asked(asking, FIELD_TRAIT, &traits);
    if (traits.count > 0 && !asking->scope.personal) {
        return FAIL(ctx, ERR_FORBIDDEN, "", "error.ask.personal");
    }
    struct trait_column *columns = arena_new(&ctx->arena, struct trait_column, greater(traits.count, 1));
    const struct person_source *source = &asking->rooms->persons;
    for (i64 i = 0; i < traits.count; i++) {
        columns[i].name = names[i];
        if (source->trait != NULL) {
            TRY(source->trait(source->self, ctx, names[i], &columns[i]));
            TRY(asking_use(asking, columns[i].count * (i64)sizeof(u32) + dictionary_bytes(&columns[i].texts)));
        }
    }
    asking->env.traits = columns;
    asking->env.trait_count = traits.count;
    return OK;
}

/* What the maps of other journeys look at, when a condition may name them. */
static err name_other_props(struct ctx *ctx, struct asking *asking)
{
    struct journeys *journeys = asking->rooms->journeys;
    struct id_list ids = {0};
    str ignored[1];
    struct names named = {.items = ignored, .max = 1};
    names_stated(asking, FIELD_JOURNEY, &named);
    if (named.count > 0 && journeys != NULL) {
        TRY(journeys_published(ctx, journeys, &ids));
    }
    for (i64 i = 0; i < ids.count; i++) {
        struct journey_view view;
        TRY(journeys_view(ctx, journeys, ids.items[i], 0, asking->question.as_of_ms, &view));
        journeys_props(&view, &asking->props);
    }
    return OK;
}

static err name_props(struct ctx *ctx, struct asking *asking)
{
    struct names *props = &asking->props;
    *props = (struct names){.items = arena_new(&ctx->arena, str, PROMOTED_MAX + 1), .max = PROMOTED_MAX + 1};
    names_asked(asking, FIELD_PROP, props);
    asking->asked_props = props->count;
    if (str_is(asking->question.traveller_name)) { // its values are followed and never shown
        names_add(props, asking->question.traveller.name);
    }
    journeys_props(&asking->journey, props);
    return name_other_props(ctx, asking);
}

/* Opens a view with every property that is needed in a column: an erasure in between may have dropped some, or a question
 * that needed room for its own. */
static err open_with_props(struct ctx *ctx, struct asking *asking)
{
    struct index *index = asking->rooms->index;
    for (i32 tries = 1; tries <= OPEN_TRIES; tries++) {
        TRY(index_promote(ctx, index, asking->props.items, asking->props.count));
        view_open(ctx, index, &asking->view);
        i64 there = 0;
        for (i64 i = 0; i < asking->props.count; i++) {
            bool is = view_prop(&asking->view, asking->props.items[i]) != NULL;
            there += is;
            if (!is && tries % 3 == 0) { // a layer lacks it, whatever the reason: it is made anew
                index_unpromote(index, asking->props.items[i]);
            }
        }
        if (there == asking->props.count) {
            return OK;
        }
        view_close(&asking->view);
        if (ctx_stopped(ctx)) {
            return ERR_CANCELLED;
        }
    }
    ctx->fault.retry_after_s = AGAIN_S;
    return FAIL(ctx, ERR_UNAVAILABLE, "", "error.busy");
}

/* A property of many values may be a name or a number of a person. Where it is known to be one, the log is not read for it. */
static err check_facts(struct ctx *ctx, const struct asking *asking)
{
    struct index *index = asking->rooms->index;
    bool many = false;
    index_facts_lock(index);
    for (i32 i = 0; i < index->facts.count && index->surveyed && !asking->scope.personal; i++) {
        const struct prop_facts *facts = &index->facts.items[i];
        for (i64 k = 0; k < asking->asked_props; k++) {
            many |= facts->many && str_eq(facts->name, asking->props.items[k]);
        }
    }
    index_facts_unlock(index);
    return many ? FAIL(ctx, ERR_FORBIDDEN, "", "error.ask.personal") : OK;
}

/* Without an index its values are counted. */
static err check_values(struct ctx *ctx, const struct asking *asking)
{
    bool many = false;
    for (i64 i = 0; i < asking->asked_props && !asking->scope.personal && !many; i++) {
        TRY(sql_many_values(ctx, asking->rooms, asking->props.items[i], &many));
    }
    return many ? FAIL(ctx, ERR_FORBIDDEN, "", "error.ask.personal") : OK;
}

/* The same by its column, which goes again when it was made for this question (it was not `there` before). */
static err check_props(struct ctx *ctx, struct asking *asking, const bool *there)
{
    err code = OK;
    for (i64 i = 0; i < asking->asked_props && !asking->scope.personal; i++) {
        const struct view_prop *prop = view_prop(&asking->view, asking->props.items[i]);
        if (prop != NULL && prop->texts.count > PROP_VALUES_MAX) {
            code = FAIL(ctx, ERR_FORBIDDEN, "", "error.ask.personal");
            if (!there[i]) {
                index_unpromote(asking->rooms->index, asking->props.items[i]);
            }
        }
    }
    return code;
}

static err open_checked(struct ctx *ctx, struct asking *asking)
{
    bool *there = arena_new(&ctx->arena, bool, asking->props.count + 1);
    TRY(check_facts(ctx, asking));
    for (i64 i = 0; i < asking->asked_props; i++) {
        there[i] = index_is_promoted(asking->rooms->index, asking->props.items[i]);
    }
    TRY(open_with_props(ctx, asking));
    return check_props(ctx, asking, there);
}

/* As of: ids of what arrived later. */
struct cut {
    const struct asking *asking;
    i64 as_of_ms;
    i64 *ids;
    i64 count, capacity;
};

static void free_cut(void *object)
{
    struct cut *cut = object;
    mem_free(cut->ids);
}

static err cut_event(void *self, [[maybe_unused]] struct ctx *ctx, const struct event *event)
{
    struct cut *cut = self;
    if (event->received_ms > cut->as_of_ms) {
        if (cut->count == cut->capacity) {
            TRY(asking_use(cut->asking, (cut->capacity + 1024) * (i64)sizeof(i64)));
            cut->capacity = cut->capacity * 2 + 1024;
            cut->ids = mem_resize(cut->ids, cut->capacity * (i64)sizeof(i64));
        }
        cut->ids[cut->count++] = event->id; // the log is read in the order of ids
    }
    return OK;
}

static err load_cut(struct ctx *ctx, struct asking *asking)
{
    if (asking->question.as_of_ms == 0 || asking->rooms->log == NULL || asking->rooms->index == NULL) {
        return OK;
    }
    struct cut *cut = arena_new(&ctx->arena, struct cut, 1);
    *cut = (struct cut){.asking = asking, .as_of_ms = asking->question.as_of_ms};
    ctx_defer(ctx, free_cut, cut);
    TRY(events_scan(ctx, asking->rooms->log, 0, EVENT_KEYS, cut_event, cut));
    asking->env.cut_ids = cut->ids;
    asking->env.cut_count = cut->count;
    return OK;
}

/* Without an index touchpoints are codes alone: which event has which is told where the events are. */
static err derive_codes(struct ctx *ctx, struct asking *asking)
{
    struct derivation derivation;
    struct derived *derived = arena_new(&ctx->arena, struct derived, 1);
    if (asking->journey.newest != NULL) {
        journeys_derivation(&ctx->arena, &asking->journey, &derivation);
        *derived = (struct derived){.touches = derivation.touches, .touch_count = derivation.count, .column = -1};
        asking->derived = derived;
    }
    return OK;
}

/* Other journeys that a condition may name. */
static err derive_all(struct ctx *ctx, struct asking *asking)
{
    const struct asked_rooms *rooms = asking->rooms;
    if (rooms->index == NULL) {
        TRY(derive_codes(ctx, asking));
    } else {
        TRY(journeys_derive(ctx, rooms->journeys, &asking->view, &asking->journey, &asking->derived));
    }
    struct id_list ids;
    TRY(journeys_published(ctx, rooms->journeys, &ids));
    struct program_journey *journeys = arena_new(&ctx->arena, struct program_journey, greater(ids.count, 1));
    str ignored[1];
    struct names named = {.items = ignored, .max = 1};
    names_stated(asking, FIELD_JOURNEY, &named);
    for (i64 i = 0; i < ids.count; i++) {
        char *text = arena_alloc(&ctx->arena, ID_TEXT_LEN, 1);
        journeys[i].id = id_text(ids.items[i], text);
        if (ids.items[i] == asking->journey.id) {
            journeys[i].derived = asking->derived;
        } else if (named.count > 0 && rooms->index != NULL) {
            struct journey_view view;
            TRY(journeys_view(ctx, rooms->journeys, ids.items[i], 0, asking->question.as_of_ms, &view));
            TRY(journeys_derive(ctx, rooms->journeys, &asking->view, &view, &journeys[i].derived));
        }
    }
    asking->env.journeys = journeys;
    asking->env.journey_count = ids.count;
    return OK;
}

void asking_end(struct asking *asking)
{
    view_close(&asking->view);
}

static err gather(struct ctx *ctx, struct asking *asking)
{
    const struct question *question = &asking->question;
    if (question->map != NULL) {
        journeys_view_alone(ctx, question->map, &asking->journey);
    } else if (asking->rooms->journeys != NULL) {
        TRY(journeys_view(ctx, asking->rooms->journeys, question->journey, question->version, question->as_of_ms,
                          &asking->journey));
    }
    TRY(load_traits(ctx, asking));
    TRY(name_props(ctx, asking));
    return load_cut(ctx, asking);
}

/* What its passes over the events share. */
static void begin_scans(struct ctx *ctx, struct asking *asking)
{
    const struct scan_limits *limits = &asking->rooms->limits;
    asking->lens = lens_new(&ctx->arena);
    asking->env.lens = asking->lens;
    asking->read = arena_new(&ctx->arena, struct ask_read, 1);
    asking->budget = arena_new(&ctx->arena, struct budget, 1);
    asking->scattered = arena_new(&ctx->arena, const u64 *, 1);
    asking->budget->limit = (limits->memory_mb > 0 ? limits->memory_mb : ASK_MEMORY_MB) << 20;
}

err asking_begin(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
                 const struct question *question, struct asking *out)
{
    *out = (struct asking){.ctx = ctx, .rooms = rooms, .question = *question, .scope = *scope};
    out->asked_ms = question->as_of_ms != 0 ? question->as_of_ms : ctx_now_ms(ctx);
    out->from_ms = question->from_ms.is ? question->from_ms.value : INT64_MIN;
    out->to_ms = question->to_ms.is ? question->to_ms.value : INT64_MAX;
    begin_scans(ctx, out);
    if (rooms->persons.catch_up != NULL) {
        TRY(rooms->persons.catch_up(rooms->persons.self, ctx));
    }
    TRY(gather(ctx, out));
    if (rooms->index != NULL) {
        TRY(open_checked(ctx, out));
    }
    out->env.view = &out->view;
    out->env.asking = out;
    if (rooms->journeys != NULL) {
        TRY(derive_all(ctx, out));
    }
    out->env.derived = out->derived;
    out->env.now_ms = lesser(out->to_ms, out->asked_ms);
    if (rooms->index == NULL) {
        return check_values(ctx, out);
    }
    struct condition where = scope_join(&ctx->arena, question->where, scope);
    return program_compile(ctx, &where, &out->env, &out->where);
}

struct walk asking_walk(const struct asking *asking, bool ordered)
{
    struct walk walk = walk_begin(&asking->view, ordered);
    walk.cut_ids = asking->env.cut_ids;
    walk.cut_count = asking->env.cut_count;
    return walk;
}
