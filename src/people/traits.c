#include "people/state.h"

#include "base/buf.h"
#include "text/fold.h"

static const struct shape_field trait_fields[] = {
    {"alias_id", SHAPE_I64, offsetof(struct trait, alias_id)}, {"name", SHAPE_STR, offsetof(struct trait, name)},
    {"at_ms", SHAPE_I64, offsetof(struct trait, at_ms)},       {"event", SHAPE_I64, offsetof(struct trait, event)},
    {"value", SHAPE_STR, offsetof(struct trait, value)},
};
const struct shape trait_shape = SHAPE("Trait", struct trait, trait_fields, NULL);

str alias_kind(str alias)
{
    i64 colon = str_find_char(alias, ':');
    return colon < 0 ? STR("") : str_slice(alias, 0, colon);
}

str alias_value(str alias)
{
    i64 colon = str_find_char(alias, ':');
    return colon < 0 ? alias : str_slice(alias, colon + 1, alias.len);
}

static bool overruled(const struct trait *rows, i64 count, i64 at)
{
    for (i64 i = at + 1; i < count; i++) {
        if (str_eq(rows[i].name, rows[at].name)) {
            return true;
        }
    }
    return false;
}

str traits_object(struct arena *arena, const struct shape_list *list)
{
    const struct trait *rows = list->items;
    struct json_writer out = json_writer_in(arena);
    json_object(&out);
    for (i64 i = 0; i < list->count; i++) {
        if (!overruled(rows, list->count, i) && !str_eq(rows[i].value, STR("null"))) {
            json_key(&out, rows[i].name);
            json_put_raw(&out, rows[i].value);
        }
    }
    json_object_end(&out);
    return json_text(&out);
}

static str text_of(struct json traits, const char *const *names)
{
    str text;
    for (; *names != NULL; names++) {
        if (json_str(json_get(traits, str_from(*names)), &text) && str_trim(text).len > 0) {
            return str_trim(text);
        }
    }
    return STR_NONE;
}

/* Vietnamese names begin with the family's. */
str traits_name(struct arena *arena, struct json traits)
{
    static const char *const whole[] = {"name", "full_name", "fullName", "fullname", NULL};
    static const char *const family[] = {"last_name", "lastName", "lastname", "family_name", NULL};
    static const char *const given[] = {"first_name", "firstName", "firstname", "given_name", NULL};
    str name = text_of(traits, whole);
    if (str_is(name)) {
        return str_copy(arena, name);
    }
    str last = text_of(traits, family);
    str first = text_of(traits, given);
    if (str_is(last) && str_is(first)) {
        return str_format(arena, "%.*s %.*s", STR_ARG(last), STR_ARG(first));
    }
    return str_copy(arena, str_is(last) ? last : first);
}

/* The newest row of this name that is not later than the trait; NULL without one. */
static const struct trait *before(const struct shape_list *list, const struct trait *trait)
{
    const struct trait *rows = list->items;
    const struct trait *found = NULL;
    for (i64 i = 0; i < list->count; i++) {
        bool earlier = rows[i].at_ms < trait->at_ms || (rows[i].at_ms == trait->at_ms && rows[i].event <= trait->event);
        if (earlier && str_eq(rows[i].name, trait->name)) {
            found = &rows[i];
        }
    }
    return found;
}

err trait_put(struct ctx *ctx, struct people *people, const struct trait *trait, bool *changed)
{
    struct shape_list rows;
    TRY(store_all(ctx, people->store, SQL_PEOPLE_TRAITS_OF, ARGS(ARG_I64("alias_id", trait->alias_id)), &trait_shape,
                  &rows));
    const struct trait *known = before(&rows, trait);
    *changed = known == NULL || !str_eq(known->value, trait->value);
    return *changed ? store_run(ctx, people->store, SQL_PEOPLE_TRAIT_ADD, ARGS_OF(&trait_shape, trait), NULL) : OK;
}

err alias_fold(struct ctx *ctx, struct people *people, i64 alias_id, str alias)
{
    static const char *const found_by[] = {"email", "phone", NULL};
    struct shape_list rows;
    struct json traits;
    struct arena *arena = &ctx->arena;
    TRY(store_all(ctx, people->store, SQL_PEOPLE_TRAITS_OF, ARGS(ARG_I64("alias_id", alias_id)), &trait_shape, &rows));
    TRY(json_parse(ctx, json_reader_here(), traits_object(arena, &rows), &traits));
    str name = traits_name(arena, traits);
    struct buf text = buf_in(arena);
    buf_add(&text, alias_value(alias));
    buf_char(&text, ' ');
    buf_add(&text, name);
    for (i64 i = 0; found_by[i] != NULL; i++) {
        str value;
        if (json_str(json_get(traits, str_from(found_by[i])), &value)) {
            buf_char(&text, ' ');
            buf_add(&text, value);
        }
    }
    str folded = fold_search(arena, buf_str(&text));
    return store_run(ctx, people->store, SQL_PEOPLE_ALIAS_FOLD,
                     ARGS(ARG_I64("id", alias_id), ARG_STR("folded", folded)), NULL);
}
