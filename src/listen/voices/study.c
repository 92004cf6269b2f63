#include "listen/voices/study.h"

#include "base/id.h"
#include "base/zone.h"
#include "listen/voices/note.h"
#include "people/consent.h"
#include "people/people.h"
#include "text/fold.h"

const char *const study_status_words[] = {"planned", "running", "closed", NULL};
const char *const study_person_words[] = {"invited", "agreed", "interviewed", "declined", NULL};

static const struct shape_field study_fields[] = {
    {"id", SHAPE_ID, offsetof(struct study, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct study, name), .flags = SHAPE_REQUIRED},
    {"purpose", SHAPE_STR, offsetof(struct study, purpose), .flags = SHAPE_REQUIRED, .help = "shape.study.purpose"},
    {"guide", SHAPE_STR, offsetof(struct study, guide), .flags = SHAPE_REQUIRED, .help = "shape.study.guide"},
    {"recruit", SHAPE_STR, offsetof(struct study, recruit), .flags = SHAPE_REQUIRED, .help = "shape.study.recruit"},
    {"from_date", SHAPE_STR, offsetof(struct study, from_date)},
    {"to_date", SHAPE_STR, offsetof(struct study, to_date)},
    {"target", SHAPE_I64, offsetof(struct study, target), .flags = SHAPE_REQUIRED, .help = "shape.study.target"},
    {"status", SHAPE_WORD, offsetof(struct study, status), .words = study_status_words, .flags = SHAPE_REQUIRED},
    {"owner", SHAPE_ID, offsetof(struct study, owner)},
    {"by", SHAPE_STR, offsetof(struct study, by), .flags = SHAPE_REQUIRED},
    {"created_ms", SHAPE_TIME, offsetof(struct study, created_ms), .flags = SHAPE_REQUIRED},
    {"changed_ms", SHAPE_TIME, offsetof(struct study, changed_ms), .flags = SHAPE_REQUIRED},
    {"people", SHAPE_I64, offsetof(struct study, people), .flags = SHAPE_REQUIRED},
    {"notes", SHAPE_I64, offsetof(struct study, notes), .flags = SHAPE_REQUIRED},
    {"findings", SHAPE_I64, offsetof(struct study, findings), .flags = SHAPE_REQUIRED},
};
const struct shape study_shape = SHAPE("Study", struct study, study_fields, "shape.study");

static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, offsetof(struct study, id)},
    {"name", SHAPE_STR, offsetof(struct study, name)},
    {"purpose", SHAPE_STR, offsetof(struct study, purpose)},
    {"guide", SHAPE_STR, offsetof(struct study, guide)},
    {"recruit", SHAPE_STR, offsetof(struct study, recruit)},
    {"from_date", SHAPE_STR, offsetof(struct study, from_date)},
    {"to_date", SHAPE_STR, offsetof(struct study, to_date)},
    {"target", SHAPE_I64, offsetof(struct study, target)},
    {"status", SHAPE_WORD, offsetof(struct study, status), .words = study_status_words},
    {"owner", SHAPE_ID, offsetof(struct study, owner)},
    {"by_name", SHAPE_STR, offsetof(struct study, by)},
    {"created_ms", SHAPE_I64, offsetof(struct study, created_ms)},
    {"changed_ms", SHAPE_I64, offsetof(struct study, changed_ms)},
    {"people", SHAPE_I64, offsetof(struct study, people)},
    {"notes", SHAPE_I64, offsetof(struct study, notes)},
    {"findings", SHAPE_I64, offsetof(struct study, findings)},
};
static const struct shape row_shape = SHAPE("StudyRow", struct study, row_fields, NULL);

static str text_or_empty(str text)
{
    return str_is(text) ? text : STR("");
}

static err check_date(struct ctx *ctx, const char *name, str *date)
{
    i64 at_ms;
    *date = date->len > 0 ? *date : STR_NONE;
    return !str_is(*date) || (date->len == 10 && iso_parse(zone_utc(), *date, &at_ms))
               ? OK
               : FAIL(ctx, ERR_INVALID, name, "error.feedback.date");
}

static err check(struct ctx *ctx, struct store *store, struct study *study)
{
    i64 there = 1;
    study->purpose = text_or_empty(study->purpose);
    study->guide = text_or_empty(study->guide);
    study->recruit = text_or_empty(study->recruit);
    TRY(check_date(ctx, "from_date", &study->from_date));
    TRY(check_date(ctx, "to_date", &study->to_date));
    if (study->owner != 0) {
        TRY(store_number(ctx, store, SQL_FEEDBACK_USER, ARGS(ARG_I64("id", study->owner)), &there));
    }
    return there > 0 ? OK : FAIL(ctx, ERR_INVALID, "owner", "error.feedback.owner");
}

err study_add(struct ctx *ctx, struct store *store, struct study *study)
{
    i64 count = 0;
    TRY(check(ctx, store, study));
    TRY(store_number(ctx, store, SQL_STUDY_COUNT, ARGS_NONE, &count));
    if (count >= STUDIES_MAX) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.study.full");
    }
    study->id = id_new();
    study->created_ms = study->changed_ms = ctx_now_ms(ctx);
    return store_run(ctx, store, SQL_STUDY_ADD, ARGS_OF(&row_shape, study), NULL);
}

err study_list(struct ctx *ctx, struct store *store, struct shape_list *out)
{
    return store_all(ctx, store, SQL_STUDY_LIST, ARGS_NONE, &row_shape, out);
}

err study_get(struct ctx *ctx, struct store *store, i64 id, struct study *out)
{
    *out = (struct study){0};
    return store_one(ctx, store, SQL_STUDY_ONE, ARGS(ARG_I64("id", id)), &row_shape, out);
}

err study_change(struct ctx *ctx, struct store *store, struct study *study)
{
    TRY(check(ctx, store, study));
    study->changed_ms = ctx_now_ms(ctx);
    return store_run(ctx, store, SQL_STUDY_SET, ARGS_OF(&row_shape, study), NULL);
}

err study_remove(struct ctx *ctx, struct store *store, i64 id, struct study *removed)
{
    TRY(study_get(ctx, store, id, removed));
    return store_run(ctx, store, SQL_STUDY_REMOVE, ARGS(ARG_I64("id", id)), NULL);
}

/* People. */

static const struct shape_field person_fields[] = {
    {"alias", SHAPE_STR, offsetof(struct study_person, alias), .flags = SHAPE_REQUIRED | SHAPE_PERSONAL},
    {"name", SHAPE_STR, offsetof(struct study_person, name), .flags = SHAPE_PERSONAL},
    {"person", SHAPE_ID, offsetof(struct study_person, person), .flags = SHAPE_PERSONAL},
    {"state", SHAPE_STR, offsetof(struct study_person, state), .flags = SHAPE_REQUIRED,
     .help = "shape.study_person.state"},
    {"agreed", SHAPE_BOOL, offsetof(struct study_person, agreed), .flags = SHAPE_REQUIRED,
     .help = "shape.study_person.agreed"},
    {"at_ms", SHAPE_TIME, offsetof(struct study_person, at_ms), .flags = SHAPE_REQUIRED},
};
const struct shape study_person_shape = SHAPE("StudyPerson", struct study_person, person_fields, "shape.study_person");

static const struct shape_field person_row_fields[] = {
    {"alias", SHAPE_STR, offsetof(struct study_person, alias)},
    {"state", SHAPE_STR, offsetof(struct study_person, state)},
    {"at_ms", SHAPE_I64, offsetof(struct study_person, at_ms)},
};
static const struct shape person_row_shape = SHAPE("StudyPersonRow", struct study_person, person_row_fields, NULL);

/* Whether the newest word about research, whatever the alias it was given for, is yes. */
static err agrees(struct ctx *ctx, struct store *store, const struct person *person, str alias, bool *out)
{
    struct str_list aliases = {arena_new(&ctx->arena, str, person->aliases.count + 1), 0};
    struct shape_list words;
    aliases.items[aliases.count++] = alias;
    for (i64 i = 0; i < person->aliases.count; i++) {
        const struct person_alias *one = (const struct person_alias *)person->aliases.items + i;
        aliases.items[aliases.count++] = str_format(&ctx->arena, "%.*s:%.*s", STR_ARG(one->kind), STR_ARG(one->value));
    }
    TRY(consent_list(ctx, store, &aliases, &words));
    *out = false;
    for (i64 i = 0; i < words.count; i++) {
        const struct consent *word = (const struct consent *)words.items + i;
        if (word->purpose == PURPOSE_RESEARCH) {
            *out = word->state == CONSENT_GIVEN;
            return OK;
        }
    }
    return OK;
}

/* The person of an alias, empty where nobody is known yet. */
static err person_of(struct ctx *ctx, struct people *people, str alias, struct person *out)
{
    i64 id;
    *out = (struct person){0};
    err code = people_resolve(ctx, people, alias, &id);
    code = code == OK ? people_get(ctx, people, id, out) : code;
    if (code == ERR_NOT_FOUND) {
        ctx_forgive(ctx);
        return OK;
    }
    return code;
}

err study_people(struct ctx *ctx, struct store *store, struct people *people, i64 study, struct shape_list *out)
{
    TRY(people_catch_up(ctx, people));
    TRY(store_all(ctx, store, SQL_STUDY_PEOPLE, ARGS(ARG_I64("study", study)), &person_row_shape, out));
    struct study_person *items = out->items;
    for (i64 i = 0; i < out->count; i++) {
        struct person person;
        TRY(person_of(ctx, people, items[i].alias, &person));
        items[i].person = person.id;
        items[i].name = person.name;
        TRY(agrees(ctx, store, &person, items[i].alias, &items[i].agreed));
    }
    return OK;
}

err study_put_person(struct ctx *ctx, struct store *store, struct people *people, i64 study, str person, i32 state)
{
    str alias;
    TRY(note_alias(ctx, people, person, &alias));
    return store_run(ctx, store, SQL_STUDY_PERSON_PUT,
                     ARGS(ARG_I64("study", study), ARG_STR("alias", alias),
                          ARG_STR("state", str_from(study_person_words[state])), ARG_I64("at_ms", ctx_now_ms(ctx))),
                     NULL);
}

err study_erase(struct ctx *ctx, struct store *store, const struct str_list *values)
{
    return store_run(ctx, store, SQL_STUDY_PEOPLE_FORGET, ARGS(ARG_STR("values", consent_texts(ctx, values))), NULL);
}

/* Notes. */

static const struct shape_field note_fields[] = {
    {"person", SHAPE_STR, offsetof(struct study_note_new, person), .min = 1, .max = 300, .flags = SHAPE_REQUIRED,
     .help = "shape.note.person"},
    {"text", SHAPE_STR, offsetof(struct study_note_new, text), .min = 1, .max = NOTE_TEXT_MAX, .flags = SHAPE_REQUIRED},
    {"channel", SHAPE_STR, offsetof(struct study_note_new, channel), .max = 100},
    {"touchpoint", SHAPE_STR, offsetof(struct study_note_new, touchpoint), .max = 200},
    {"key", SHAPE_STR, offsetof(struct study_note_new, key), .max = 100, .help = "shape.note.key"},
    {"at_ms", SHAPE_TIME, offsetof(struct study_note_new, at_ms), .help = "shape.note.at_ms"},
};
const struct shape study_note_new_shape = SHAPE("StudyNoteNew", struct study_note_new, note_fields, "shape.study_note");

err study_note(struct ctx *ctx, struct store *store, struct people *people, struct events *events,
               const struct principal *who, i64 study, const struct study_note_new *note, i64 *id)
{
    struct person person;
    bool agreed;
    char number[ID_TEXT_LEN];
    str alias;
    u8 outcome = EVENT_NONE;
    TRY(people_catch_up(ctx, people));
    TRY(note_alias(ctx, people, note->person, &alias));
    TRY(person_of(ctx, people, alias, &person));
    TRY(agrees(ctx, store, &person, alias, &agreed));
    if (!agreed) {
        return FAIL(ctx, ERR_CONFLICT, "person", "error.study.consent");
    }
    struct json_writer props = json_writer_in(&ctx->arena);
    json_object(&props);
    json_pair_str(&props, "study", id_text(study, number));
    json_pair_str(&props, "by", who->name);
    json_object_end(&props);
    struct event event = {
        .at_ms = note->at_ms != 0 ? note->at_ms : ctx_now_ms(ctx),
        .source = STR("staff"),
        .message_id = note->key.len > 0 ? note->key : STR(""),
        .alias = alias,
        .kind = STR("Interview Noted"),
        .channel = note->channel,
        .touchpoint = note->touchpoint,
        .text = fold_nfc(&ctx->arena, note->text),
        .props = json_text(&props),
    };
    TRY(events_append(ctx, events, &event, 1, &outcome));
    if (outcome == EVENT_DUPLICATE) {
        return FAIL(ctx, ERR_CONFLICT, "key", "error.note.key");
    }
    *id = event.id;
    TRY(store_run(ctx, store, SQL_STUDY_NOTE_ADD,
                  ARGS(ARG_I64("note", event.id), ARG_I64("study", study), ARG_STR("by_name", who->name),
                       ARG_I64("at_ms", ctx_now_ms(ctx))),
                  NULL));
    return store_run(ctx, store, SQL_STUDY_PERSON_PUT,
                     ARGS(ARG_I64("study", study), ARG_STR("alias", alias), ARG_STR("state", STR("interviewed")),
                          ARG_I64("at_ms", ctx_now_ms(ctx))),
                     NULL);
}

static err add_note(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct id_list *out = self;
    out->items = arena_grow(&ctx->arena, out->items, out->count * (i64)sizeof(i64), (out->count + 1) * (i64)sizeof(i64),
                            _Alignof(i64));
    out->items[out->count++] = row_i64(row, 0);
    return OK;
}

err study_notes(struct ctx *ctx, struct store *store, i64 study, struct id_list *out)
{
    *out = (struct id_list){0};
    return store_each(ctx, store, SQL_STUDY_NOTES, ARGS(ARG_I64("study", study)), add_note, out);
}
