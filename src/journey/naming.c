#include "journey/naming.h"

#include "journey/pointer.h"
#include "journey/sql/personal.h"
#include "journey/view.h"
#include "text/phone.h"

struct naming {
    struct ctx *ctx;
    const struct asked_rooms *rooms; /* NULL: what properties hold is not known */
    struct view *view;               /* NULL: there is no index */
    err code;                        /* what came of asking ClickHouse */
};

/* The words of an operand, of a list of them or of one. */
static bool looks_personal(struct naming *naming, struct json value)
{
    str text;
    i64 number;
    bool personal = false;
    for (struct json_iter i = json_each(value); json_type(value) == JSON_LIST && !personal && json_next(&i);) {
        personal = looks_personal(naming, i.value); // a list of operands holds no lists
    }
    if (json_str(value, &text)) {
        i64 at = str_find(text, STR("@"));
        bool address = at > 0 && str_find(str_slice(text, at, text.len), STR(".")) > 1;
        return address || phone_e164(&naming->ctx->arena, text).len > 0;
    }
    if (json_i64(value, &number)) {
        return phone_e164(&naming->ctx->arena, str_format(&naming->ctx->arena, "%lld", (long long)number)).len > 0;
    }
    return personal;
}

/* As with asking: a property of many values may be a name or a number of a person (journey/asking.c). */
static bool has_many(struct naming *naming, str name)
{
    const struct view_prop *prop = naming->view == NULL ? NULL : view_prop(naming->view, name);
    if (prop != NULL) {
        return prop->texts.count > PROP_VALUES_MAX;
    }
    if (naming->view == NULL) {
        bool found = false;
        if (naming->rooms != NULL && naming->rooms->clickhouse != NULL && naming->code == OK) {
            naming->code = sql_many_values(naming->ctx, naming->rooms, name, &found);
        }
        return found;
    }
    struct index *index = naming->view->index;
    bool many = false;
    index_facts_lock(index);
    for (i32 i = 0; i < index->facts.count; i++) {
        many |= index->facts.items[i].many && str_eq(index->facts.items[i].name, name);
    }
    index_facts_unlock(index);
    return many;
}

static bool picks(str operator)
{
    return str_eq(operator, STR("is")) || str_eq(operator, STR("is_not")) || str_eq(operator, STR("contains"));
}

static bool is_trait(struct json condition)
{
    str field;
    return json_str(json_get(condition, STR("field")), &field) && str_starts(field, STR("trait:"));
}

/* More or less than a number is nobody's name; only what looks like one is, and so is every value of a trait. */
static bool names_somebody(struct naming *naming, struct json condition)
{
    str field;
    str prefix = STR("prop:");
    if (!json_str(json_get(condition, STR("field")), &field)) {
        return false;
    }
    bool prop = str_starts(field, prefix);
    bool many = prop && has_many(naming, str_slice(field, prefix.len, field.len));
    bool trait = is_trait(condition);
    bool names = false;
    for (struct json_iter i = json_each(condition); (prop || trait) && json_next(&i);) {
        bool compares = !str_eq(i.key, STR("field")) && !str_eq(i.key, STR("exists")) &&
                        json_type(i.value) != JSON_NULL;
        names |= compares && (trait || (many && picks(i.key)) || (picks(i.key) && looks_personal(naming, i.value)));
    }
    return names;
}

/* Conditions are wherever a question has them; the depth of what was read is bounded. */
static err refuse(struct naming *naming, struct json value)
{
    struct ctx *ctx = naming->ctx;
    enum json_type type = json_type(value);
    i64 place = 0;
    if (type != JSON_OBJECT && type != JSON_LIST) {
        return OK;
    }
    if (type == JSON_OBJECT && names_somebody(naming, value)) {
        str field = STR("");
        json_str(json_get(value, STR("field")), &field);
        return FAIL(ctx, ERR_INVALID, "field", "error.saved.names", {"field", str_copy(&ctx->arena, field)});
    }
    for (struct json_iter i = json_each(value); json_next(&i); place++) {
        str before = type == JSON_OBJECT ? pointer_enter(ctx, i.key) : pointer_enter_index(ctx, place);
        TRY(refuse(naming, i.value));
        ctx->pointer = before;
    }
    return OK;
}

err naming_refuse(struct ctx *ctx, const struct asked_rooms *rooms, struct json question)
{
    struct naming naming = {.ctx = ctx, .rooms = rooms};
    if (rooms != NULL && rooms->index != NULL) {
        naming.view = arena_new(&ctx->arena, struct view, 1);
        view_open(ctx, rooms->index, naming.view);
    }
    err code = refuse(&naming, question);
    if (naming.view != NULL) {
        view_close(naming.view);
    }
    return naming.code != OK ? naming.code : code;
}

bool naming_trait(struct json question)
{
    enum json_type type = json_type(question);
    bool found = type == JSON_OBJECT && is_trait(question);
    for (struct json_iter i = json_each(question);
         (type == JSON_OBJECT || type == JSON_LIST) && !found && json_next(&i);) {
        found = naming_trait(i.value);
    }
    return found;
}
