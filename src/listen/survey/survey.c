#include "listen/survey/survey.h"

#include "base/id.h"
#include "journey/pointer.h"
#include "listen/survey/agree.h"
#include "listen/survey/results.h"
#include "listen/survey/state.h"

const char *const survey_state_words[SURVEY_STATE_COUNT_ + 1] = {"draft", "open", "paused", "closed", "archived", NULL};
const char *const survey_access_words[] = {"open", "invited", NULL};

struct store *surveys_store(struct surveys *surveys)
{
    return surveys->options.store;
}

#define S(member) offsetof(struct survey, member)
static const struct shape_field summary_fields[] = {
    SURVEY_FACTS(S),
    {"languages", SHAPE_STRS, S(languages), .flags = SHAPE_REQUIRED},
    {"questions", SHAPE_I64, S(questions), .flags = SHAPE_REQUIRED},
    {"score", SHAPE_MAYBE_OBJECT, S(score), .of = &result_figure_shape, .help = "shape.survey.score"},
};
const struct shape survey_summary_shape = SHAPE("SurveySummary", struct survey, summary_fields, "shape.survey_summary");
#undef S

/* A survey as it is stored, with the newest version beside it. */
struct row {
    i64 id;
    i32 state, access;
    str draft, document, by_name;
    i64 version, created_ms, changed_ms, published_ms, invited, opened, started, finished, last_ms, answered_invited,
        counted;
};
#define R(member) offsetof(struct row, member)
static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, R(id)},
    {"state", SHAPE_WORD, R(state), .words = survey_state_words},
    {"access", SHAPE_WORD, R(access), .words = survey_access_words},
    {"draft", SHAPE_STR, R(draft)},
    {"document", SHAPE_STR, R(document)},
    {"by_name", SHAPE_STR, R(by_name)},
    {"version", SHAPE_I64, R(version)},
    {"created_ms", SHAPE_TIME, R(created_ms)},
    {"changed_ms", SHAPE_TIME, R(changed_ms)},
    {"published_ms", SHAPE_TIME, R(published_ms)},
    {"invited", SHAPE_I64, R(invited)},
    {"opened", SHAPE_I64, R(opened)},
    {"started", SHAPE_I64, R(started)},
    {"finished", SHAPE_I64, R(finished)},
    {"last_ms", SHAPE_TIME, R(last_ms)},
    {"answered_invited", SHAPE_I64, R(answered_invited)},
    {"counted", SHAPE_I64, R(counted)},
};
static const struct shape row_shape = SHAPE("SurveyRow", struct row, row_fields, NULL);
#undef R

#define V(member) offsetof(struct survey_version, member)
static const struct shape_field version_fields[] = {
    {"version", SHAPE_I64, V(version), .flags = SHAPE_REQUIRED},
    {"published_ms", SHAPE_TIME, V(published_ms), .flags = SHAPE_REQUIRED},
    {"by", SHAPE_STR, V(by), .flags = SHAPE_REQUIRED},
    {"responses", SHAPE_I64, V(responses), .flags = SHAPE_REQUIRED},
    {"document", SHAPE_STR, V(document), .flags = SHAPE_WRITE_ONLY},
};
const struct shape survey_version_shape = SHAPE("SurveyVersion", struct survey_version, version_fields,
                                                "shape.survey_version");
#undef V

static str etag_of(struct ctx *ctx, const struct row *row)
{
    str text = str_is(row->draft) ? row->draft : row->document;
    struct sha256 digest = sha256(text);
    return hex(digest.bytes, 16, arena_alloc(&ctx->arena, 32, 1));
}

/* The draft may be half a document: only its shape is read. */
static err describe(struct ctx *ctx, const struct row *row, struct survey *out)
{
    *out = (struct survey){
        .id = row->id,
        .state = row->state,
        .access = row->access,
        .version = row->version,
        .created_ms = row->created_ms,
        .changed_ms = row->changed_ms,
        .published_ms = row->published_ms,
        .by = row->by_name,
        .draft = str_is(row->draft),
        .invited = row->invited,
        .opened = row->opened,
        .started = row->started,
        .finished = row->finished,
        .last_ms = row->last_ms,
        .answered_invited = row->answered_invited,
        .counted = row->counted,
    };
    str text = str_is(row->draft) ? row->draft : row->document;
    TRY(shape_parse(ctx, &survey_document_shape, text, &out->document, NULL));
    out->name = out->document.name;
    out->languages = out->document.languages;
    out->questions = out->document.questions.count;
    return OK;
}

static err find_row(struct ctx *ctx, struct surveys *surveys, i64 id, struct row *row)
{
    *row = (struct row){0};
    err code = store_one(ctx, surveys->options.store, SQL_SURVEY_ROW, ARGS(ARG_I64("id", id)), &row_shape, row);
    return code == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.survey.none") : code;
}

err survey_list(struct ctx *ctx, struct surveys *surveys, struct shape_list *out)
{
    struct shape_list rows;
    TRY(store_all(ctx, surveys->options.store, SQL_SURVEY_ROWS, ARGS_NONE, &row_shape, &rows));
    struct survey *items = arena_new(&ctx->arena, struct survey, greater(rows.count, 1));
    for (i64 i = 0; i < rows.count; i++) {
        TRY(describe(ctx, (const struct row *)rows.items + i, &items[i]));
    }
    *out = (struct shape_list){items, rows.count};
    return OK;
}

err survey_get(struct ctx *ctx, struct surveys *surveys, i64 id, struct survey *out)
{
    struct row row;
    TRY(find_row(ctx, surveys, id, &row));
    TRY(describe(ctx, &row, out));
    out->etag = etag_of(ctx, &row);
    survey_check(ctx, &out->document, &out->problems);
    return survey_agree_check(ctx, surveys->options.store, &out->document, &out->problems);
}

err survey_count(struct ctx *ctx, struct surveys *surveys, struct survey *survey)
{
    struct row row = {0};
    TRY(store_one(ctx, surveys->options.store, SQL_SURVEY_FIGURES, ARGS(ARG_I64("id", survey->id)), &row_shape, &row));
    survey->invited = row.invited;
    survey->opened = row.opened;
    survey->started = row.started;
    survey->finished = row.finished;
    survey->last_ms = row.last_ms;
    survey->answered_invited = row.answered_invited;
    survey->counted = row.counted;
    return OK;
}

/* Writing. */

/* Series are ours to give. */
static str draft_text(struct ctx *ctx, const struct survey_document *document)
{
    struct survey_question *questions = document->questions.items;
    for (i64 i = 0; i < document->questions.count; i++) {
        questions[i].series = STR_NONE;
    }
    return survey_document_text(ctx, document);
}

struct change {
    struct surveys *surveys;
    i64 id;
    str draft, etag, by;
    const struct survey_publishing *publishing;
};

static err add(struct ctx *ctx, struct store *store, void *arg)
{
    struct change *change = arg;
    i64 count = 0;
    TRY(store_number(ctx, store, SQL_SURVEY_COUNT, ARGS_NONE, &count));
    if (count >= SURVEYS_MAX) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.saved.full", {"most", str_format(&ctx->arena, "%d", SURVEYS_MAX)});
    }
    change->id = id_new();
    return store_run(ctx, store, SQL_SURVEY_ADD,
                     ARGS(ARG_I64("id", change->id), ARG_STR("draft", change->draft), ARG_STR("by_name", change->by),
                          ARG_I64("now_ms", ctx_now_ms(ctx))),
                     NULL);
}

err survey_add(struct ctx *ctx, struct surveys *surveys, str by, const struct survey_document *document, i64 *id)
{
    struct change change = {.surveys = surveys, .draft = draft_text(ctx, document), .by = by};
    TRY(store_write(ctx, surveys->options.store, add, &change));
    *id = change.id;
    return OK;
}

static err check_etag(struct ctx *ctx, const struct row *row, str etag)
{
    bool same = !str_is(etag) || etag.len == 0 || str_eq(etag, etag_of(ctx, row));
    return same ? OK : FAIL(ctx, ERR_STALE, NULL, "error.survey.stale");
}

static err put_draft(struct ctx *ctx, struct store *store, void *arg)
{
    struct change *change = arg;
    struct row row;
    TRY(find_row(ctx, change->surveys, change->id, &row));
    TRY(check_etag(ctx, &row, change->etag));
    return store_run(
        ctx, store, SQL_SURVEY_DRAFT,
        ARGS(ARG_I64("id", change->id), ARG_STR("draft", change->draft), ARG_I64("now_ms", ctx_now_ms(ctx))), NULL);
}

err survey_put_draft(struct ctx *ctx, struct surveys *surveys, i64 id, const struct survey_document *document, str etag)
{
    struct change change = {.surveys = surveys, .id = id, .draft = draft_text(ctx, document), .etag = etag};
    return store_write(ctx, surveys->options.store, put_draft, &change);
}

static err drop_draft(struct ctx *ctx, struct store *store, void *arg)
{
    struct change *change = arg;
    struct row row;
    TRY(find_row(ctx, change->surveys, change->id, &row));
    if (row.version == 0) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.survey.unpublished");
    }
    return store_run(ctx, store, SQL_SURVEY_DRAFT,
                     ARGS(ARG_I64("id", change->id), ARG_STR("draft", STR_NONE), ARG_I64("now_ms", ctx_now_ms(ctx))),
                     NULL);
}

err survey_drop_draft(struct ctx *ctx, struct surveys *surveys, i64 id)
{
    struct change change = {.surveys = surveys, .id = id};
    return store_write(ctx, surveys->options.store, drop_draft, &change);
}

/* Versions. */

err survey_versions(struct ctx *ctx, struct surveys *surveys, i64 id, struct shape_list *out)
{
    return store_all(ctx, surveys->options.store, SQL_SURVEY_VERSIONS, ARGS(ARG_I64("id", id)), &survey_version_shape,
                     out);
}

err survey_version_get(struct ctx *ctx, struct surveys *surveys, i64 id, i64 version, struct survey_version *about,
                       struct survey_document *out)
{
    struct survey_version row = {0};
    err code = store_one(ctx, surveys->options.store, SQL_SURVEY_VERSION,
                         ARGS(ARG_I64("id", id), ARG_I64("version", version)), &survey_version_shape, &row);
    if (code == ERR_NOT_FOUND) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.survey.no_version");
    }
    TRY(code);
    if (about != NULL) {
        *about = row;
    }
    return survey_document_read(ctx, row.document, out);
}

static err history_of(struct ctx *ctx, struct surveys *surveys, i64 id, struct survey_history *out)
{
    struct shape_list rows;
    TRY(survey_versions(ctx, surveys, id, &rows));
    struct survey_document *versions = arena_new(&ctx->arena, struct survey_document, greater(rows.count, 1));
    for (i64 i = 0; i < rows.count; i++) {
        TRY(survey_document_read(ctx, ((const struct survey_version *)rows.items)[i].document, &versions[i]));
    }
    *out = (struct survey_history){versions, rows.count};
    return OK;
}

/* Where a survey opens for the first time; one that was paused or closed stays so. */
static err store_version(struct ctx *ctx, struct store *store, const struct change *change, const struct row *row,
                         str document)
{
    i64 now_ms = ctx_now_ms(ctx), version = row->version + 1;
    enum survey_state state = row->state == SURVEY_DRAFT ? SURVEY_OPEN : (enum survey_state)row->state;
    TRY(store_run(ctx, store, SQL_SURVEY_VERSION_ADD,
                  ARGS(ARG_I64("id", change->id), ARG_I64("version", version), ARG_STR("document", document),
                       ARG_I64("now_ms", now_ms), ARG_STR("by", change->publishing->by)),
                  NULL));
    return store_run(ctx, store, SQL_SURVEY_PUBLISHED,
                     ARGS(ARG_I64("id", change->id), ARG_I64("version", version),
                          ARG_STR("state", str_from(survey_state_words[state])), ARG_I64("now_ms", now_ms)),
                     NULL);
}

static err publish(struct ctx *ctx, struct store *store, void *arg)
{
    struct change *change = arg;
    struct row row;
    struct survey_document document = {0};
    struct survey_problems problems;
    struct survey_history earlier;
    TRY(find_row(ctx, change->surveys, change->id, &row));
    TRY(check_etag(ctx, &row, change->publishing->etag));
    if (!str_is(row.draft)) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.survey.no_draft");
    }
    TRY(shape_parse(ctx, &survey_document_shape, row.draft, &document, NULL));
    survey_check(ctx, &document, &problems);
    TRY(survey_agree_check(ctx, store, &document, &problems));
    TRY(survey_refuse(ctx, &problems));
    TRY(history_of(ctx, change->surveys, change->id, &earlier));
    TRY(survey_series(ctx, change->id, &earlier, change->publishing->comparable, &document));
    return store_version(ctx, store, change, &row, survey_document_text(ctx, &document));
}

err survey_publish(struct ctx *ctx, struct surveys *surveys, const struct survey_publishing *with)
{
    struct change change = {.surveys = surveys, .id = with->id, .publishing = with};
    return store_write(ctx, surveys->options.store, publish, &change);
}

/* State. */

err survey_set_state(struct ctx *ctx, struct surveys *surveys, i64 id, enum survey_state state)
{
    struct row row;
    TRY(find_row(ctx, surveys, id, &row));
    if (row.version == 0 || state == SURVEY_DRAFT) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.survey.unpublished");
    }
    bool closed = state == SURVEY_CLOSED || state == SURVEY_ARCHIVED;
    return store_run(ctx, surveys->options.store, SQL_SURVEY_STATE,
                     ARGS(ARG_I64("id", id), ARG_STR("state", str_from(survey_state_words[state])),
                          ARG_I64("closed", closed), ARG_I64("now_ms", ctx_now_ms(ctx))),
                     NULL);
}

err survey_set_access(struct ctx *ctx, struct surveys *surveys, i64 id, enum survey_access access)
{
    struct row row;
    TRY(find_row(ctx, surveys, id, &row));
    return store_run(ctx, surveys->options.store, SQL_SURVEY_ACCESS,
                     ARGS(ARG_I64("id", id), ARG_STR("access", str_from(survey_access_words[access])),
                          ARG_I64("now_ms", ctx_now_ms(ctx))),
                     NULL);
}

static err remove_survey(struct ctx *ctx, struct store *store, void *arg)
{
    const struct change *change = arg;
    i64 count = 0;
    TRY(store_number(ctx, store, SQL_SURVEY_RESPONSES, ARGS(ARG_I64("id", change->id)), &count));
    if (count > 0) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.survey.answered");
    }
    return store_run(ctx, store, SQL_SURVEY_REMOVE, ARGS(ARG_I64("id", change->id)), NULL);
}

err survey_remove(struct ctx *ctx, struct surveys *surveys, i64 id, struct survey *removed)
{
    struct change change = {.surveys = surveys, .id = id};
    TRY(survey_get(ctx, surveys, id, removed));
    return store_write(ctx, surveys->options.store, remove_survey, &change);
}
