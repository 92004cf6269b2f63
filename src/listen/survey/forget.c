#include "listen/survey/forget.h"

#include "base/id.h"
#include "json/read.h"
#include "json/write.h"
#include "text/fold.h"
#include "text/phone.h"

/* A response in which somebody is named. */
struct named {
    i64 id;
    str answers, counted;
    bool nobody; /* no customer is known to have answered it */
};

struct forgetting {
    const struct str_list *reached; /* e-mail addresses and numbers, as people/ writes them */
    struct named *named;
    i64 count, capacity;
    i64 missed; /* changed by somebody else meanwhile */
};

struct file_ids {
    i64 *items;
    i64 count, capacity;
};

static err forget_aliases(struct ctx *ctx, struct store *store, void *arg)
{
    const struct str_list *aliases = arg;
    for (i64 i = 0; i < aliases->count; i++) {
        str alias = aliases->items[i];
        TRY(store_run(ctx, store, SQL_RESPONSE_FILES_FORGET, ARGS(ARG_STR("alias", alias)), NULL));
        TRY(store_run(ctx, store, SQL_RESPONSES_TAKEN_BACK, ARGS(ARG_STR("alias", alias)), NULL));
        TRY(store_run(ctx, store, SQL_RESPONSES_FORGET, ARGS(ARG_STR("alias", alias)), NULL));
        TRY(store_run(ctx, store, SQL_SURVEY_LINKS_FORGET, ARGS(ARG_STR("alias", alias)), NULL));
    }
    return OK;
}

/* How the person is reached. A customer number is no address, though it may look like somebody else's telephone number. */
static struct str_list reached_by(struct ctx *ctx, const struct str_list *aliases)
{
    struct str_list out = {arena_new(&ctx->arena, str, aliases->count), 0};
    for (i64 i = 0; i < aliases->count; i++) {
        str value = aliases->items[i], kind = str_cut(&value, ':');
        str way = str_eq(kind, STR("phone")) ? phone_e164(&ctx->arena, value) : fold_email(&ctx->arena, value);
        if (str_is(way)) {
            out.items[out.count++] = way;
        }
    }
    return out;
}

static bool is_one_of(const struct str_list *list, str text)
{
    for (i64 i = 0; i < list->count; i++) {
        if (str_eq(list->items[i], text)) {
            return true;
        }
    }
    return false;
}

/* All that answer.c lets into one. */
static bool is_contact(struct json answer)
{
    static str fields[] = {STR("name"), STR("email"), STR("phone"), STR("consent"), STR("wording")};
    struct str_list known = {fields, countof(fields)};
    for (struct json_iter field = json_each(answer); json_next(&field);) {
        if (!is_one_of(&known, field.key)) {
            return false;
        }
    }
    return json_type(answer) == JSON_OBJECT;
}

/* A contact answer with an address or number of the person, whichever field it was written into. */
static bool reaches(struct ctx *ctx, struct json answer, const struct str_list *reached)
{
    if (!is_contact(answer)) {
        return false;
    }
    for (struct json_iter field = json_each(answer); json_next(&field);) {
        str text;
        if (!json_str(field.value, &text)) {
            continue;
        }
        str email = fold_email(&ctx->arena, str_trim(text)), phone = phone_e164(&ctx->arena, str_trim(text));
        if ((str_is(email) && is_one_of(reached, email)) || (str_is(phone) && is_one_of(reached, phone))) {
            return true;
        }
    }
    return false;
}

static err is_named(struct ctx *ctx, str answers, const struct str_list *reached, bool *named)
{
    struct json object;
    if (answers.len == 0) {
        return OK;
    }
    TRY(json_parse(ctx, json_reader_here(), answers, &object));
    for (struct json_iter answer = json_each(object); json_next(&answer);) {
        *named = *named || reaches(ctx, answer.value, reached);
    }
    return OK;
}

static err look(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct forgetting *forgetting = self;
    str alias = row_str(row, 1), answers = row_str(row, 2), counted = row_str(row, 3);
    bool named = false;
    TRY(is_named(ctx, answers, forgetting->reached, &named));
    TRY(is_named(ctx, counted, forgetting->reached, &named));
    if (!named) {
        return OK;
    }
    if (forgetting->count == forgetting->capacity) {
        i64 size = (i64)sizeof(struct named), wish = forgetting->capacity * 2 + 16;
        forgetting->named = arena_grow(&ctx->arena, forgetting->named, forgetting->capacity * size, wish * size,
                                       _Alignof(struct named));
        forgetting->capacity = wish;
    }
    forgetting->named[forgetting->count++] = (struct named){row_i64(row, 0), str_copy(&ctx->arena, answers),
                                                            str_copy(&ctx->arena, counted),
                                                            alias.len == 0 || str_starts(alias, STR("anon:"))};
    return OK;
}

static err add_file(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct file_ids *files = self;
    if (files->count == files->capacity) {
        i64 wish = files->capacity * 2 + 8;
        files->items = arena_grow(&ctx->arena, files->items, files->capacity * (i64)sizeof(i64),
                                  wish * (i64)sizeof(i64), _Alignof(i64));
        files->capacity = wish;
    }
    files->items[files->count++] = row_i64(row, 0);
    return OK;
}

/* The list of a file question. */
static bool is_files(struct json answer, const struct file_ids *files)
{
    str text;
    i64 id;
    struct json_iter first = json_each(answer);
    if (json_type(answer) != JSON_LIST || !json_next(&first) || !json_str(first.value, &text) || !id_parse(text, &id)) {
        return false;
    }
    for (i64 i = 0; i < files->count; i++) {
        if (files->items[i] == id) {
            return true;
        }
    }
    return false;
}

/* The answers but for what names the person; in nobody's response every contact answer is theirs. */
static err without(struct ctx *ctx, const struct forgetting *forgetting, const struct named *named,
                   const struct file_ids *files, str answers, str *out)
{
    struct json object;
    *out = answers;
    if (answers.len == 0) {
        return OK;
    }
    TRY(json_parse(ctx, json_reader_here(), answers, &object));
    struct json_writer writer = json_writer_in(&ctx->arena);
    json_object(&writer);
    for (struct json_iter answer = json_each(object); json_next(&answer);) {
        bool theirs = (named->nobody && is_contact(answer.value)) || reaches(ctx, answer.value, forgetting->reached) ||
                      is_files(answer.value, files);
        if (!theirs) {
            json_key(&writer, answer.key);
            json_put_value(&writer, answer.value);
        }
    }
    json_object_end(&writer);
    *out = json_text(&writer);
    return OK;
}

static err blank(struct ctx *ctx, struct store *store, struct forgetting *forgetting, const struct named *named)
{
    struct file_ids files = {0};
    str answers, counted;
    i64 changed = 0;
    if (named->nobody) {
        TRY(store_each(ctx, store, SQL_SURVEY_FILES_OF, ARGS(ARG_I64("response", named->id)), add_file, &files));
    }
    TRY(without(ctx, forgetting, named, &files, named->answers, &answers));
    TRY(without(ctx, forgetting, named, &files, named->counted, &counted));
    TRY(store_run(ctx, store, SQL_RESPONSE_BLANK,
                  ARGS(ARG_I64("id", named->id), ARG_STR("answers", answers), ARG_STR("counted", counted),
                       ARG_I64("nobody", named->nobody), ARG_STR("before", named->answers),
                       ARG_STR("counted_before", named->counted)),
                  &changed));
    forgetting->missed += changed == 0;
    TRY(store_run(ctx, store, SQL_RESPONSE_TAKEN_BACK, ARGS(ARG_I64("id", named->id)), NULL));
    if (changed > 0 && named->nobody) {
        TRY(store_run(ctx, store, SQL_RESPONSE_FILES_REMOVE, ARGS(ARG_I64("response", named->id)), NULL));
    }
    return OK;
}

static err forget_contacts(struct ctx *ctx, struct store *store, void *arg)
{
    struct forgetting *forgetting = arg;
    forgetting->count = forgetting->missed = 0;
    TRY(store_each(ctx, store, SQL_RESPONSES_CONTACT, ARGS_NONE, look, forgetting));
    for (i64 i = 0; i < forgetting->count; i++) {
        TRY(blank(ctx, store, forgetting, &forgetting->named[i]));
    }
    return OK;
}

err survey_forget(struct ctx *ctx, struct store *store, const struct str_list *aliases)
{
    struct str_list reached = reached_by(ctx, aliases);
    struct forgetting forgetting = {.reached = &reached};
    TRY(store_write(ctx, store, forget_aliases, (void *)aliases));
    if (reached.count == 0) {
        return OK;
    }
    do {
        TRY(store_write(ctx, store, forget_contacts, &forgetting));
    } while (forgetting.missed > 0);
    return OK;
}
