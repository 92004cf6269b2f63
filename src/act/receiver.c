/* Who somebody is in this moment: all aliases, traits, where mail goes, the language. */
#include "act/state.h"

#include "store/settings.h"
#include "text/fold.h"

/* The newest address that somebody vouched for: what a browser says about an address is a claim. */
static str email_of(const struct person *person)
{
    const struct person_alias *aliases = person->aliases.items;
    const struct person_alias *best = NULL;
    for (i64 i = 0; i < person->aliases.count; i++) {
        bool email = str_eq(aliases[i].kind, STR("email")) && aliases[i].verified;
        if (email && (best == NULL || aliases[i].since_ms >= best->since_ms)) {
            best = &aliases[i];
        }
    }
    return best == NULL ? STR_NONE : best->value;
}

/* "vi", "en-US": what the person prefers, as far as it is a language of ours. */
static err language_of(struct ctx *ctx, struct act *act, str traits, enum language *out)
{
    static const str names[] = {STR("language"), STR("locale"), STR("lang")};
    struct settings settings;
    struct json object;
    TRY(settings_read(ctx, act->store, &settings));
    *out = (enum language)settings.language;
    TRY(json_parse(ctx, json_reader_here(), traits, &object));
    for (i64 i = 0; i < countof(names); i++) {
        str text;
        if (json_str(json_get(object, names[i]), &text) && text.len >= 2) {
            text = str_lower_ascii(&ctx->arena, text);
            *out = str_starts(text, STR("en")) ? LANGUAGE_EN : str_starts(text, STR("vi")) ? LANGUAGE_VI : *out;
            return OK;
        }
    }
    return OK;
}

/* Two customers of one household may give one address. It is an alias of the first alone; the words said under it and its opt-out
 * are that person's too, so the second is not written to at it. */
static err is_shared(struct ctx *ctx, struct act *act, const struct receiver *receiver, bool *shared)
{
    struct json traits;
    str text;
    i64 holder = 0;
    *shared = false;
    TRY(json_parse(ctx, json_reader_here(), receiver->traits, &traits));
    if (receiver->email.len > 0 || !json_str(json_get(traits, STR("email")), &text) ||
        !str_is(text = fold_email(&ctx->arena, text))) {
        return OK;
    }
    err code = people_resolve(ctx, act->people, str_format(&ctx->arena, "email:%.*s", STR_ARG(text)), &holder);
    if (code == ERR_NOT_FOUND) {
        ctx_forgive(ctx);
        return OK;
    }
    *shared = holder != receiver->person;
    return code;
}

err receiver_find(struct ctx *ctx, struct act *act, str alias, struct receiver *out)
{
    struct person person;
    i64 id;
    *out = (struct receiver){0};
    TRY(people_catch_up(ctx, act->people));
    TRY(people_resolve(ctx, act->people, alias, &id));
    TRY(people_get(ctx, act->people, id, &person));
    TRY(people_aliases(ctx, act->people, id, &out->aliases));
    out->person = person.id;
    out->name = person.name;
    out->traits = person.traits;
    out->email = email_of(&person);
    TRY(is_shared(ctx, act, out, &out->shared));
    return language_of(ctx, act, person.traits, &out->language);
}
