#include "act/match.h"

#include "events/props.h"
#include "journey/ask.h"
#include "journey/program_number.h"

static str word_of(const struct event *event, enum word word)
{
    switch (word) {
    case WORD_KIND: return event->kind;
    case WORD_CHANNEL: return event->channel;
    case WORD_PLACE: return event->place;
    case WORD_TOUCHPOINT: return event->touchpoint;
    case WORD_SOURCE: return event->source;
    case WORD_METRIC: return event->metric;
    case WORD_QUESTION: return event->question;
    case WORD_SCALE: return event->scale;
    case WORD_CURRENCY: return event->currency;
    default: return STR_NONE;
    }
}

/* A document of its own, so that reading another does not take it away. */
static struct json parse(struct matching *matching, str text)
{
    struct json value = {0};
    struct json_reader *reader = json_reader_of(matching->ctx);
    if (text.len == 0 || json_parse(matching->ctx, reader, text, &value) != OK) {
        ctx_forgive(matching->ctx);
        return (struct json){0};
    }
    return value;
}

static bool prop_holds(struct matching *matching, const struct condition *condition)
{
    char number[32];
    if (!matching->has_props) {
        matching->props = parse(matching, matching->event == NULL ? STR_NONE : matching->event->props);
        matching->has_props = true;
    }
    return program_text(condition, props_text(props_find(matching->props, condition->field.name), number));
}

/* Traits are texts without quotes, other values as JSON. */
static bool trait_holds(struct matching *matching, const struct condition *condition)
{
    if (!matching->has_traits) {
        matching->trait_values = parse(matching, matching->traits);
        matching->has_traits = true;
    }
    struct json value = json_get(matching->trait_values, condition->field.name);
    str text = STR_NONE;
    if (json_is(value) && json_type(value) != JSON_NULL && !json_str(value, &text)) {
        struct json_writer out = json_writer_in(&matching->ctx->arena);
        json_put_value(&out, value);
        text = json_text(&out);
    }
    return program_text(condition, text);
}

/* Which touchpoint the event is on, by the version in force at its moment: the first in map order whose condition holds. */
static err derive(struct matching *matching)
{
    struct journey_view view = {0};
    const struct event *event = matching->event;
    matching->derived = true;
    if (event == NULL || matching->journeys == NULL) {
        return OK;
    }
    TRY(journeys_view(matching->ctx, matching->journeys, 0, 0, 0, &view));
    const struct journey_version *version = NULL;
    for (i64 i = 0; i < view.count; i++) {
        version = i == 0 || view.from_ms[i] <= event->at_ms ? view.taking[i] : version;
    }
    for (i64 i = 0; version != NULL && i < version->map.touchpoints.count; i++) {
        bool holds = false;
        if (!condition_empty(&version->where[i])) { // a map's conditions are facts of the event alone
            TRY(match(matching, &version->where[i], &holds));
        }
        if (holds) {
            const struct touchpoint *touchpoint = journey_map_touchpoint(&version->map, i);
            matching->touchpoint = touchpoint->id;
            matching->stage = touchpoint->stage;
            return OK;
        }
    }
    return OK;
}

static err touch_holds(struct matching *matching, const struct condition *condition, bool *holds)
{
    if (!matching->derived) {
        TRY(derive(matching));
    }
    bool stage = condition->field.kind == FIELD_STAGE;
    *holds = program_text(condition, stage ? matching->stage : matching->touchpoint);
    return OK;
}

static err field_holds(struct matching *matching, const struct condition *condition, bool *holds)
{
    static const struct event nothing;
    const struct event *event = matching->event == NULL ? &nothing : matching->event;
    const struct field *field = &condition->field;
    switch (field->kind) {
    case FIELD_WORD: *holds = program_text(condition, word_of(event, field->word)); return OK;
    case FIELD_SCORE: *holds = program_number(condition, event->score.is, event->score.value); return OK;
    case FIELD_AMOUNT: *holds = program_number(condition, event->amount.is, (f64)event->amount.value); return OK;
    case FIELD_TEXT: *holds = (event->text.len > 0) == condition->exists; return OK;
    case FIELD_PROP: *holds = prop_holds(matching, condition); return OK;
    case FIELD_TRAIT: *holds = trait_holds(matching, condition); return OK;
    default: return touch_holds(matching, condition, holds);
    }
}

/* The person's own events that satisfy the condition, as many as are needed. */
static err did_holds(struct matching *matching, const struct condition *condition, bool *holds)
{
    static const struct sight everything = {.personal = true};
    i64 found = 0;
    struct question question = {
        .kind = ASK_TIMELINE,
        .zone = zone_utc(),
        .where = condition->children[0],
        .person = matching->person,
        .to_ms = {matching->now_ms, true},
        .from_ms = {matching->now_ms - condition->in_last_ms, condition->in_last_ms > 0},
    };
    *holds = false;
    while (matching->person != 0) {
        struct shape_list rows;
        str next;
        question.limit = lesser(condition->at_least - found, QUESTION_LIMIT_MAX);
        TRY(ask_rows(matching->ctx, matching->rooms, &everything, &question, &rows, &next));
        found += rows.count;
        *holds = found >= condition->at_least;
        if (*holds || !str_is(next) || !cursor_parse(next, &question.after_ms, &question.after_id)) {
            return OK;
        }
    }
    return OK;
}

/* As deep as conditions are nested: bounded when they are read. */
static err list_holds(struct matching *matching, const struct condition *condition, bool *holds)
{
    bool all = condition->op == CONDITION_ALL;
    *holds = all;
    for (i64 i = 0; i < condition->child_count && *holds == all; i++) {
        TRY(match(matching, &condition->children[i], holds));
    }
    return OK;
}

err match(struct matching *matching, const struct condition *condition, bool *holds)
{
    switch (condition->op) {
    case CONDITION_ALL:
    case CONDITION_ANY: return list_holds(matching, condition, holds);
    case CONDITION_NOT:
        TRY(match(matching, &condition->children[0], holds));
        *holds = !*holds;
        return OK;
    case CONDITION_DID: return did_holds(matching, condition, holds);
    default: return field_holds(matching, condition, holds);
    }
}

err match_allows(struct ctx *ctx, const struct condition *condition, bool whole)
{
    enum field_kind kind = condition->field.kind;
    bool leaf = condition->op >= CONDITION_IS;
    bool person = condition->op == CONDITION_DID || (leaf && kind == FIELD_TRAIT);
    if ((person && !whole) || (leaf && (kind == FIELD_JOURNEY || kind == FIELD_DEPARTMENT || kind == FIELD_VERSION))) {
        return FAIL(ctx, ERR_INVALID, "", "error.rule.when_field");
    }
    // What a history asks of the events in it is a question's own.
    for (i64 i = 0; i < condition->child_count && condition->op != CONDITION_DID; i++) {
        TRY(match_allows(ctx, &condition->children[i], whole));
    }
    return OK;
}
