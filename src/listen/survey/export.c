/* All responses as a table: one line each, one column for each question and series, rows of a matrix in columns of their own. */
#include "listen/csv.h"
#include "listen/survey/listing.h"
#include "listen/survey/state.h"

#include "base/id.h"
#include "base/zone.h"

#include <errno.h>
#include <unistd.h>

enum { FLUSH_BYTES = 64 * 1024 };

struct column {
    const struct survey_document *document;
    const struct survey_question *question;
    str row;   /* of a matrix */
    str field; /* of a contact */
};

struct exporting {
    struct ctx *ctx;
    struct ctx here;
    const struct listing *listing;
    str language;
    const struct survey_document *versions;
    i64 version_count;
    struct column *columns;
    i64 column_count;
    struct buf out;
    int file;
    i64 bytes;
};

static err flush(struct exporting *exporting)
{
    str text = buf_str(&exporting->out);
    exporting->bytes += text.len;
    while (text.len > 0) {
        ssize_t written = write(exporting->file, text.data, (size_t)text.len);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return FAIL(exporting->ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
        }
        text = str_slice(text, written, text.len);
    }
    exporting->out.len = 0;
    return OK;
}

/* Columns. */

static bool is_there(const struct exporting *exporting, const struct survey_question *question)
{
    for (i64 i = 0; i < exporting->column_count; i++) {
        const struct survey_question *other = exporting->columns[i].question;
        if (str_eq(other->id, question->id) && str_eq(other->series, question->series)) {
            return true;
        }
    }
    return false;
}

static void add_columns(struct exporting *exporting, const struct survey_document *document,
                        const struct survey_question *question)
{
    bool matrix = question->type == SURVEY_MATRIX, contact = question->type == SURVEY_CONTACT;
    i64 parts = matrix ? question->rows.count : contact ? question->fields.count : 1;
    bool hidden = !exporting->listing->personal && survey_wordy((enum survey_type)question->type);
    if (question->type == SURVEY_NOTE || hidden || is_there(exporting, question)) {
        return;
    }
    exporting->columns = arena_grow(&exporting->ctx->arena, exporting->columns,
                                    exporting->column_count * (i64)sizeof(struct column),
                                    (exporting->column_count + parts) * (i64)sizeof(struct column),
                                    _Alignof(struct column));
    for (i64 i = 0; i < parts; i++) {
        struct column column = {document, question, STR_NONE, STR_NONE};
        if (matrix) {
            column.row = ((const struct survey_option *)question->rows.items)[i].id;
        } else if (contact) {
            column.field = question->fields.items[i];
        }
        exporting->columns[exporting->column_count++] = column;
    }
}

static void lay_out(struct exporting *exporting)
{
    for (i64 v = exporting->version_count - 1; v >= 0; v--) {
        for (i64 i = 0; i < exporting->versions[v].questions.count; i++) {
            add_columns(exporting, &exporting->versions[v], survey_question_at(&exporting->versions[v], i));
        }
    }
}

static str words(struct exporting *exporting, const struct survey_document *document, str texts)
{
    str text = survey_text(&exporting->here, document, texts, exporting->language);
    return str_is(text) ? text : STR("");
}

static void put_head(struct exporting *exporting)
{
    static const char *const names[] = {"response", "state",  "version", "language", "channel", "place",
                                        "link",     "person", "started", "finished", "seconds", "end"};
    buf_add(&exporting->out, STR("\xEF\xBB\xBF")); // tells Excel that this is UTF-8
    for (i64 i = 0; i < countof(names); i++) {
        buf_add(&exporting->out, i > 0 ? STR(",") : STR(""));
        csv_put(&exporting->out, str_from(names[i]));
    }
    for (i64 i = 0; i < exporting->column_count; i++) {
        const struct column *column = &exporting->columns[i];
        str title = words(exporting, column->document, column->question->title), part = column->field;
        i64 row = str_is(column->row) ? survey_option_find(&column->question->rows, column->row) : -1;
        if (row >= 0) {
            part = words(exporting, column->document,
                         ((const struct survey_option *)column->question->rows.items)[row].label);
        }
        buf_char(&exporting->out, ',');
        csv_put(&exporting->out,
                str_is(part) ? str_format(&exporting->here.arena, "%.*s: %.*s", STR_ARG(title), STR_ARG(part)) : title);
    }
    buf_add(&exporting->out, STR("\r\n"));
    ctx_reset(&exporting->here);
}

/* Cells. */

static str label_of(struct exporting *exporting, const struct column *column, str id)
{
    i64 at = survey_option_find(&column->question->options, id);
    if (at < 0) {
        return id;
    }
    str label = words(exporting, column->document,
                      ((const struct survey_option *)column->question->options.items)[at].label);
    return label.len > 0 ? label : id;
}

static void put_chosen(struct exporting *exporting, const struct column *column, const struct survey_answer *answer,
                       struct buf *cell)
{
    for (i64 i = 0; i < answer->chosen.count; i++) {
        str id = answer->chosen.items[i];
        if (str_is(column->row)) {
            str rest = id, row = str_cut(&rest, ':');
            if (!str_eq(row, column->row)) {
                continue;
            }
            id = rest;
        }
        buf_add(cell, cell->len > 0 ? STR("; ") : STR(""));
        buf_add(cell, label_of(exporting, column, id));
    }
    if (str_is(answer->other) && answer->other.len > 0) {
        buf_format(cell, ": %.*s", STR_ARG(answer->other));
    }
}

static str field_of(struct exporting *exporting, const struct survey_answer *answer, str field)
{
    struct json object;
    str text = STR("");
    if (json_parse(&exporting->here, json_reader_here(), answer->json, &object) == OK &&
        json_str(json_get(object, field), &text)) {
        return str_copy(&exporting->here.arena, text);
    }
    return STR("");
}

static void put_answer(struct exporting *exporting, const struct column *column, const struct survey_answer *answer)
{
    struct buf cell = buf_in(&exporting->here.arena);
    char number[32];
    if (survey_numeric((enum survey_type)column->question->type)) {
        i64 len = f64_text(answer->number, number); // as it was given
        buf_add(&exporting->out, (str){number, len});
        return;
    }
    if (str_is(column->field)) {
        buf_add(&cell, field_of(exporting, answer, column->field));
    } else if (str_is(answer->text)) {
        buf_add(&cell, answer->text);
    } else {
        put_chosen(exporting, column, answer, &cell);
    }
    csv_put(&exporting->out, buf_str(&cell));
}

static void put_time(struct exporting *exporting, i64 at_ms)
{
    char text[ISO_MAX];
    buf_char(&exporting->out, ',');
    buf_add(&exporting->out, at_ms != 0 ? iso_format(zone_utc(), at_ms, text) : STR(""));
}

static void put_about(struct exporting *exporting, const struct listed_response *item)
{
    const struct response *response = &item->response;
    char id[ID_TEXT_LEN];
    buf_format(&exporting->out, "%.*s,%s,%lld", STR_ARG(id_text(response->id, id)),
               response_state_words[response->state], (long long)response->version);
    const str cells[] = {response->language, response->channel, response->place, item->link_name,
                         exporting->listing->personal ? response->alias : STR("")};
    for (i64 i = 0; i < countof(cells); i++) {
        buf_char(&exporting->out, ',');
        csv_put(&exporting->out, cells[i]);
    }
    put_time(exporting, response->started_ms);
    put_time(exporting, response->finished_ms);
    buf_char(&exporting->out, ',');
    if (item->seconds.is) {
        buf_format(&exporting->out, "%.1f", item->seconds.value);
    }
    buf_char(&exporting->out, ',');
    csv_put(&exporting->out, response->end);
}

static err put_response(struct exporting *exporting, const struct listed_response *item)
{
    i64 version = item->response.version - 1;
    const struct survey_document *document = version >= 0 && version < exporting->version_count
                                                 ? &exporting->versions[version]
                                                 : NULL;
    i64 count = document != NULL ? document->questions.count : 0;
    struct survey_answer *answers = arena_new(&exporting->here.arena, struct survey_answer, greater(count, 1));
    if (document != NULL && survey_answers_read(&exporting->here, document, item->answers, answers) != OK) {
        ctx_forgive(&exporting->here);
    }
    put_about(exporting, item);
    for (i64 i = 0; i < exporting->column_count; i++) {
        const struct column *column = &exporting->columns[i];
        i64 at = document != NULL ? survey_question_find(document, column->question->id) : -1;
        bool same = at >= 0 && answers[at].given &&
                    str_eq(survey_question_at(document, at)->series, column->question->series);
        buf_char(&exporting->out, ',');
        if (same) {
            put_answer(exporting, column, &answers[at]);
        }
    }
    buf_add(&exporting->out, STR("\r\n"));
    return exporting->out.len < FLUSH_BYTES ? OK : flush(exporting);
}

static err read_versions(struct ctx *ctx, struct surveys *surveys, struct exporting *exporting)
{
    struct shape_list rows;
    TRY(survey_versions(ctx, surveys, exporting->listing->filter.survey, &rows));
    struct survey_document *versions = arena_new(&ctx->arena, struct survey_document, greater(rows.count, 1));
    for (i64 i = 0; i < rows.count; i++) {
        TRY(survey_document_read(ctx, ((const struct survey_version *)rows.items)[i].document, &versions[i]));
    }
    exporting->versions = versions;
    exporting->version_count = rows.count;
    return OK;
}

/* Page by page, so that no statement stays open and memory is that of one page. */
err response_export(struct ctx *ctx, struct surveys *surveys, const struct listing *listing, str language, int file,
                    i64 *bytes)
{
    struct exporting exporting = {
        .ctx = ctx, .listing = listing, .language = language, .out = buf_in(&ctx->arena), .file = file};
    TRY(read_versions(ctx, surveys, &exporting));
    lay_out(&exporting);
    put_head(&exporting);
    struct listing page = *listing;
    err code = OK;
    page.before = 0;
    page.limit = 500;
    do {
        struct shape_list items;
        struct ctx one = {.stop = ctx->stop};
        code = response_list(&one, surveys, &page, &items, &page.before);
        for (i64 i = 0; code == OK && i < items.count; i++) {
            code = put_response(&exporting, (const struct listed_response *)items.items + i);
            ctx_reset(&exporting.here);
        }
        if (code != OK && one.fault.key != NULL) {
            (void)ctx_fail_args(ctx, code, NULL, one.fault.key, one.fault.args, one.fault.arg_count);
        }
        ctx_end(&one);
    } while (code == OK && page.before != 0);
    ctx_end(&exporting.here);
    TRY(code);
    TRY(flush(&exporting));
    *bytes = exporting.bytes;
    return OK;
}
