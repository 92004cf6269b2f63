/* Interview studies: /api/v1/studies, /api/v1/findings. */
#include "listen/voices/study.h"

#include "api/people.h"
#include "api/routes.h"
#include "api/voices.h"
#include "base/id.h"
#include "listen/voices/note.h"
#include "people/people.h"

static const struct shape_field new_fields[] = {
    {"name", SHAPE_STR, offsetof(struct study, name), .min = 1, .max = STUDY_NAME_MAX, .flags = SHAPE_REQUIRED},
    {"purpose", SHAPE_STR, offsetof(struct study, purpose), .max = STUDY_TEXT_MAX, .help = "shape.study.purpose"},
    {"guide", SHAPE_STR, offsetof(struct study, guide), .max = STUDY_TEXT_MAX, .help = "shape.study.guide"},
    {"recruit", SHAPE_STR, offsetof(struct study, recruit), .max = STUDY_TEXT_MAX, .help = "shape.study.recruit"},
    {"from_date", SHAPE_STR, offsetof(struct study, from_date), .max = 10},
    {"to_date", SHAPE_STR, offsetof(struct study, to_date), .max = 10},
    {"target", SHAPE_I64, offsetof(struct study, target), .min = 0, .max = 10000, .help = "shape.study.target"},
    {"status", SHAPE_WORD, offsetof(struct study, status), .words = study_status_words},
    {"owner", SHAPE_ID, offsetof(struct study, owner)},
};
static const struct shape new_shape = SHAPE("StudyNew", struct study, new_fields, "shape.study");

/* The same members, none of which must be there. */
static const struct shape_field change_fields[] = {
    {"name", SHAPE_STR, offsetof(struct study, name), .min = 1, .max = STUDY_NAME_MAX},
    {"purpose", SHAPE_STR, offsetof(struct study, purpose), .max = STUDY_TEXT_MAX, .help = "shape.study.purpose"},
    {"guide", SHAPE_STR, offsetof(struct study, guide), .max = STUDY_TEXT_MAX, .help = "shape.study.guide"},
    {"recruit", SHAPE_STR, offsetof(struct study, recruit), .max = STUDY_TEXT_MAX, .help = "shape.study.recruit"},
    {"from_date", SHAPE_STR, offsetof(struct study, from_date), .max = 10},
    {"to_date", SHAPE_STR, offsetof(struct study, to_date), .max = 10},
    {"target", SHAPE_I64, offsetof(struct study, target), .min = 0, .max = 10000, .help = "shape.study.target"},
    {"status", SHAPE_WORD, offsetof(struct study, status), .words = study_status_words},
    {"owner", SHAPE_ID, offsetof(struct study, owner)},
};
static const struct shape change_shape = SHAPE("StudyChange", struct study, change_fields, "shape.study");

static err list(struct request *request, struct reply *reply)
{
    struct shape_list items;
    TRY(study_list(request->ctx, request->app->store, &items));
    return reply_list(reply, &study_shape, items, STR_NONE);
}

static err create(struct request *request, struct reply *reply)
{
    struct study study = *(const struct study *)request->input;
    study.by = request->who->name;
    TRY(study_add(request->ctx, request->app->store, &study));
    TRY(request_audit(request, "study.create", study.name, STR("")));
    return reply_shape(reply, &study_shape, &study);
}

static err find(struct request *request, struct study *out)
{
    i64 id;
    TRY(request_param_id(request, "id", &id));
    return study_get(request->ctx, request->app->store, id, out);
}

static err show(struct request *request, struct reply *reply)
{
    struct study study;
    TRY(find(request, &study));
    return reply_shape(reply, &study_shape, &study);
}

static err change(struct request *request, struct reply *reply)
{
    struct study study;
    TRY(find(request, &study));
    for (i64 i = 0; i < change_shape.field_count; i++) {
        const struct shape_field *field = &change_fields[i];
        bool text = field->type == SHAPE_STR;
        size_t size = text ? sizeof(str) : field->type == SHAPE_WORD ? sizeof(i32) : sizeof(i64);
        if ((request->seen >> i & 1) != 0) {
            memcpy((char *)&study + field->offset, (const char *)request->input + field->offset, size);
        }
    }
    TRY(study_change(request->ctx, request->app->store, &study));
    TRY(request_audit(request, "study.change", study.name, STR("")));
    return reply_shape(reply, &study_shape, &study);
}

static err remove_study(struct request *request, struct reply *reply)
{
    struct study study;
    i64 id;
    TRY(request_param_id(request, "id", &id));
    TRY(study_remove(request->ctx, request->app->store, id, &study));
    TRY(request_audit(request, "study.remove", study.name, STR("")));
    return reply_nothing(reply);
}

static err people(struct request *request, struct reply *reply)
{
    struct study study;
    struct shape_list items;
    TRY(find(request, &study));
    TRY(study_people(request->ctx, request->app->store, request->app->people, study.id, &items));
    TRY(KEEP_SEEN(request, &items, struct study_person, person));
    return reply_list(reply, &study_person_shape, items, STR_NONE);
}

/* Whoever sees some places takes only people from there, and does not learn whom else the company knows. */
static err check_sight(struct request *request, str person)
{
    struct ctx *ctx = request->ctx;
    str alias;
    i64 id;
    if (!principal_limited(request->who)) {
        return OK;
    }
    TRY(people_catch_up(ctx, request->app->people));
    TRY(note_alias(ctx, request->app->people, person, &alias));
    err code = people_resolve(ctx, request->app->people, alias, &id);
    code = code == OK ? people_in_sight(request, id) : code;
    if (code == ERR_NOT_FOUND) {
        ctx_forgive(ctx);
        return FAIL(ctx, ERR_INVALID, "person", "error.note.person");
    }
    return code;
}

struct person_put {
    str person;
    i32 state;
};
static const struct shape_field put_fields[] = {
    {"person", SHAPE_STR, offsetof(struct person_put, person), .min = 1, .max = 300, .flags = SHAPE_REQUIRED,
     .help = "shape.note.person"},
    {"state", SHAPE_WORD, offsetof(struct person_put, state), .words = study_person_words,
     .help = "shape.study_person.state"},
};
static const struct shape put_shape = SHAPE("StudyPersonPut", struct person_put, put_fields, "shape.study_person");

static err put_person(struct request *request, struct reply *reply)
{
    const struct person_put *input = request->input;
    struct app *app = request->app;
    struct study study;
    struct shape_list items;
    TRY(find(request, &study));
    TRY(check_sight(request, input->person));
    TRY(study_put_person(request->ctx, app->store, app->people, study.id, input->person, input->state));
    TRY(request_audit(request, "study.person", study.name, str_from(study_person_words[input->state])));
    TRY(study_people(request->ctx, app->store, app->people, study.id, &items));
    TRY(KEEP_SEEN(request, &items, struct study_person, person));
    return reply_list(reply, &study_person_shape, items, STR_NONE);
}

static err notes(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct feedback_filter *filter = arena_new(&ctx->arena, struct feedback_filter, 1);
    struct feedback_chosen *chosen;
    struct shape_list items = {0};
    struct study study;
    TRY(find(request, &study));
    TRY(study_notes(ctx, request->app->store, study.id, &filter->ids));
    if (filter->ids.count > 0) {
        TRY(voices_choose(request, filter, &chosen));
        TRY(feedback_page(ctx, chosen, INT64_MAX, filter->ids.count, &items));
        TRY(feedback_show(ctx, request->app->people, items.items, items.count));
    }
    return reply_list(reply, &feedback_shape, items, STR_NONE);
}

static err add_note(struct request *request, struct reply *reply)
{
    struct ctx *ctx = request->ctx;
    struct app *app = request->app;
    struct study study;
    struct feedback row;
    char text[ID_TEXT_LEN];
    i64 id;
    TRY(find(request, &study));
    TRY(check_sight(request, ((const struct study_note_new *)request->input)->person));
    TRY(study_note(ctx, app->store, app->people, app->events, request->who, study.id, request->input, &id));
    TRY(request_audit(request, "study.note", id_text(id, text), study.name));
    TRY(voices_one(request, id, &row));
    TRY(feedback_show(ctx, app->people, &row, 1));
    return reply_shape(reply, &feedback_shape, &row);
}

/* The words of passages, of notes the asker may see: the others are left out. */
static err quote_all(struct request *request, struct shape_list *passages)
{
    struct study_passage *items = passages->items;
    struct feedback row = {0};
    bool seen = false;
    i64 kept = 0;
    for (i64 i = 0; i < passages->count; i++) {
        if (row.id != items[i].note) {
            err code = voices_one(request, items[i].note, &row);
            if (code != OK && code != ERR_NOT_FOUND) {
                return code;
            }
            seen = code == OK;
            row.id = items[i].note;
        }
        if (seen) {
            bool fits = items[i].first + items[i].length <= row.text.len;
            items[kept] = items[i];
            items[kept++].quote = fits ? str_slice(row.text, items[i].first, items[i].first + items[i].length)
                                       : STR_NONE;
        }
    }
    passages->count = kept;
    return OK;
}

static err passages(struct request *request, struct reply *reply)
{
    struct study study;
    struct shape_list items;
    TRY(find(request, &study));
    TRY(study_passages(request->ctx, request->app->store, study.id, &items));
    TRY(quote_all(request, &items));
    return reply_list(reply, &study_passage_shape, items, STR_NONE);
}

static const struct shape_field passage_fields[] = {
    {"note", SHAPE_ID, offsetof(struct study_passage, note), .flags = SHAPE_REQUIRED},
    {"quote", SHAPE_STR, offsetof(struct study_passage, quote), .min = 1, .max = NOTE_TEXT_MAX, .flags = SHAPE_REQUIRED,
     .help = "shape.passage.quote"},
    {"touchpoint", SHAPE_STR, offsetof(struct study_passage, touchpoint), .max = 200},
    {"pain", SHAPE_ID, offsetof(struct study_passage, pain)},
    {"code", SHAPE_STR, offsetof(struct study_passage, code), .max = 100, .help = "shape.passage.code"},
};
static const struct shape passage_shape = SHAPE("StudyPassageNew", struct study_passage, passage_fields,
                                                "shape.passage");

static err add_passage(struct request *request, struct reply *reply)
{
    struct study_passage passage = *(const struct study_passage *)request->input;
    struct feedback row;
    struct study study;
    TRY(find(request, &study));
    TRY(voices_one(request, passage.note, &row));
    passage.by = request->who->name;
    TRY(study_code(request->ctx, request->app->store, study.id, row.text, &passage));
    TRY(request_audit(request, "study.passage", study.name, passage.code));
    return reply_shape(reply, &study_passage_shape, &passage);
}

/* A passage of this study, of a note the asker may see. */
static err check_passage(struct request *request, i64 study, i64 id)
{
    struct shape_list items;
    struct feedback row;
    TRY(study_passages(request->ctx, request->app->store, study, &items));
    const struct study_passage *passages = items.items;
    for (i64 i = 0; i < items.count; i++) {
        if (passages[i].id == id) {
            return voices_one(request, passages[i].note, &row);
        }
    }
    return ERR_NOT_FOUND;
}

static err remove_passage(struct request *request, struct reply *reply)
{
    struct study study;
    i64 id;
    TRY(find(request, &study));
    TRY(request_param_id(request, "passage", &id));
    TRY(check_passage(request, study.id, id));
    TRY(study_uncode(request->ctx, request->app->store, id));
    TRY(request_audit(request, "study.passage_remove", study.name, STR("")));
    return reply_nothing(reply);
}

static err findings(struct request *request, struct reply *reply)
{
    struct shape_list items;
    TRY(study_findings(request->ctx, request->app->store, 0, &items));
    return reply_list(reply, &study_finding_shape, items, STR_NONE);
}

static err findings_of(struct request *request, struct reply *reply)
{
    struct study study;
    struct shape_list items;
    TRY(find(request, &study));
    TRY(study_findings(request->ctx, request->app->store, study.id, &items));
    return reply_list(reply, &study_finding_shape, items, STR_NONE);
}

struct finding_new {
    str title, text, touchpoint;
    i64 pain;
    struct id_list passages;
};
static const struct shape_field finding_fields[] = {
    {"title", SHAPE_STR, offsetof(struct finding_new, title), .min = 1, .max = STUDY_NAME_MAX, .flags = SHAPE_REQUIRED},
    {"text", SHAPE_STR, offsetof(struct finding_new, text), .max = STUDY_TEXT_MAX},
    {"touchpoint", SHAPE_STR, offsetof(struct finding_new, touchpoint), .max = 200},
    {"pain", SHAPE_ID, offsetof(struct finding_new, pain)},
    {"passages", SHAPE_IDS, offsetof(struct finding_new, passages), .max = 200, .help = "shape.finding.passages"},
};
static const struct shape finding_shape = SHAPE("StudyFindingNew", struct finding_new, finding_fields, "shape.finding");

static err add_finding(struct request *request, struct reply *reply)
{
    const struct finding_new *input = request->input;
    struct json_writer ids = json_writer_in(&request->ctx->arena);
    struct study study;
    TRY(find(request, &study));
    json_list(&ids);
    for (i64 i = 0; i < input->passages.count; i++) {
        json_put_id(&ids, input->passages.items[i]);
    }
    json_list_end(&ids);
    struct study_finding finding = {.study = study.id,
                                    .title = input->title,
                                    .text = input->text,
                                    .touchpoint = input->touchpoint,
                                    .pain = input->pain,
                                    .passages = json_text(&ids),
                                    .by = request->who->name};
    TRY(study_find(request->ctx, request->app->store, &finding));
    TRY(request_audit(request, "study.finding", finding.title, STR("")));
    return reply_shape(reply, &study_finding_shape, &finding);
}

static err remove_finding(struct request *request, struct reply *reply)
{
    i64 id;
    char text[ID_TEXT_LEN];
    TRY(request_param_id(request, "id", &id));
    TRY(study_unfind(request->ctx, request->app->store, id));
    TRY(request_audit(request, "study.finding_remove", id_text(id, text), STR("")));
    return reply_nothing(reply);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/studies", list, RIGHT_VOICES_READ, .out = &study_shape, .flags = ROUTE_LIST,
     .summary = "route.studies.list"},
    {HTTP_POST, "/api/v1/studies", create, RIGHT_VOICES_WRITE, .in = &new_shape, .out = &study_shape, .status = 201,
     .flags = ROUTE_CHANGES, .summary = "route.studies.create"},
    {HTTP_GET, "/api/v1/studies/:id", show, RIGHT_VOICES_READ, .out = &study_shape, .summary = "route.studies.show"},
    {HTTP_PATCH, "/api/v1/studies/:id", change, RIGHT_VOICES_WRITE, .in = &change_shape, .out = &study_shape,
     .flags = ROUTE_CHANGES, .summary = "route.studies.change"},
    {HTTP_DELETE, "/api/v1/studies/:id", remove_study, RIGHT_VOICES_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.studies.remove"},
    {HTTP_GET, "/api/v1/studies/:id/people", people, RIGHT_PEOPLE_READ, .out = &study_person_shape,
     .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.studies.people"},
    {HTTP_POST, "/api/v1/studies/:id/people", put_person, RIGHT_VOICES_WRITE, .in = &put_shape,
     .out = &study_person_shape, .flags = ROUTE_LIST | ROUTE_CHANGES, .summary = "route.studies.put_person"},
    {HTTP_GET, "/api/v1/studies/:id/notes", notes, RIGHT_VOICES_READ, .out = &feedback_shape,
     .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.studies.notes"},
    {HTTP_POST, "/api/v1/studies/:id/notes", add_note, RIGHT_VOICES_WRITE, .in = &study_note_new_shape,
     .out = &feedback_shape, .status = 201, .summary = "route.studies.add_note"},
    {HTTP_GET, "/api/v1/studies/:id/passages", passages, RIGHT_VOICES_READ, .out = &study_passage_shape,
     .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.studies.passages"},
    {HTTP_POST, "/api/v1/studies/:id/passages", add_passage, RIGHT_VOICES_WRITE, .in = &passage_shape,
     .out = &study_passage_shape, .status = 201, .flags = ROUTE_CHANGES, .summary = "route.studies.add_passage"},
    {HTTP_DELETE, "/api/v1/studies/:id/passages/:passage", remove_passage, RIGHT_VOICES_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.studies.remove_passage"},
    {HTTP_GET, "/api/v1/studies/:id/findings", findings_of, RIGHT_VOICES_READ, .out = &study_finding_shape,
     .flags = ROUTE_LIST, .summary = "route.studies.findings"},
    {HTTP_POST, "/api/v1/studies/:id/findings", add_finding, RIGHT_VOICES_WRITE, .in = &finding_shape,
     .out = &study_finding_shape, .status = 201, .flags = ROUTE_CHANGES, .summary = "route.studies.add_finding"},
    {HTTP_GET, "/api/v1/findings", findings, RIGHT_VOICES_READ, .out = &study_finding_shape, .flags = ROUTE_LIST,
     .summary = "route.findings"},
    {HTTP_DELETE, "/api/v1/findings/:id", remove_finding, RIGHT_VOICES_WRITE, .flags = ROUTE_CHANGES,
     .summary = "route.findings.remove"},
};
const struct route_table studies_routes = ROUTES(routes);
