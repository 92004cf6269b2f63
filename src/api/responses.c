/* What came of a survey: /api/v1/surveys/:id/results, its responses, the table of them, and what people sent along. */
#include "listen/survey/listing.h"

#include "api/app.h"
#include "api/routes.h"
#include "api/survey_links.h"
#include "api/voices.h"
#include "base/id.h"
#include "base/zone.h"
#include "journey/index.h"
#include "listen/sheet.h"
#include "listen/survey/file.h"
#include "listen/survey/removal.h"
#include "store/settings.h"

#include <fcntl.h>
#include <unistd.h>

struct filter_query {
    i64 version;
    str link, place, channel, language, from, to;
    str state, question, series, answer, after;
    i64 limit;
};
#define F(member) offsetof(struct filter_query, member)
#define FILTER_FIELDS                                                                                                  \
    {"version", SHAPE_I64, F(version), .min = 0, .max = 1000000}, {"link", SHAPE_STR, F(link), .max = 20},             \
        {"place", SHAPE_STR, F(place), .max = 200}, {"channel", SHAPE_STR, F(channel), .max = 40},                     \
        {"language", SHAPE_STR, F(language), .max = 10},                                                               \
        {"from", SHAPE_STR, F(from), .max = 40, .help = "shape.results_query.from"},                                   \
    {                                                                                                                  \
        "to", SHAPE_STR, F(to), .max = 40, .help = "shape.results_query.from"                                          \
    }
#define ROW_FIELDS                                                                                                     \
    {"state", SHAPE_STR, F(state), .max = 20},                                                                         \
        {"question", SHAPE_STR, F(question), .max = SURVEY_WORD_MAX, .help = "shape.results_query.question"},          \
        {"series", SHAPE_STR, F(series), .max = 100},                                                                  \
    {                                                                                                                  \
        "answer", SHAPE_STR, F(answer), .max = 200, .help = "shape.results_query.answer"                               \
    }

static const struct shape_field results_query_fields[] = {FILTER_FIELDS};
static const struct shape results_query_shape = SHAPE("SurveyResultsQuery", struct filter_query, results_query_fields,
                                                      NULL);
static const struct shape_field rows_query_fields[] = {
    FILTER_FIELDS,
    ROW_FIELDS,
    {"limit", SHAPE_I64, F(limit), .min = 1, .max = LIMIT_PAGE},
    {"after", SHAPE_STR, F(after), .max = 40},
};
static const struct shape rows_query_shape = SHAPE("SurveyResponsesQuery", struct filter_query, rows_query_fields,
                                                   NULL);
static const struct shape_field table_query_fields[] = {FILTER_FIELDS, ROW_FIELDS};
static const struct shape table_query_shape = SHAPE("SurveyTableQuery", struct filter_query, table_query_fields, NULL);
#undef F

struct step {
    str question;
    i64 ms;
};
static const struct shape_field step_fields[] = {
    {"question", SHAPE_STR, offsetof(struct step, question), .flags = SHAPE_REQUIRED},
    {"ms", SHAPE_I64, offsetof(struct step, ms), .flags = SHAPE_REQUIRED},
};
static const struct shape step_shape = SHAPE("SurveyResponseStep", struct step, step_fields, "shape.response_step");

struct shown {
    struct listed_response about;
    struct survey_document document;
    struct shape_list path, files;
};
static const struct shape_field shown_fields[] = {
    {"about", SHAPE_OBJECT, offsetof(struct shown, about), .of = &listed_response_shape, .flags = SHAPE_REQUIRED},
    {"document", SHAPE_OBJECT, offsetof(struct shown, document), .of = &survey_document_shape, .flags = SHAPE_REQUIRED},
    {"path", SHAPE_LIST, offsetof(struct shown, path), .of = &step_shape, .flags = SHAPE_REQUIRED},
    {"hidden", SHAPE_JSON, offsetof(struct shown, about.response.hidden), .flags = SHAPE_PERSONAL},
    {"files", SHAPE_LIST, offsetof(struct shown, files), .of = &survey_file_shape, .flags = SHAPE_PERSONAL},
};
static const struct shape shown_shape = SHAPE("SurveyResponseShown", struct shown, shown_fields,
                                              "shape.response_shown");

struct sheet_query {
    i32 format, language, kind;
};
static const char *const sheet_kinds[] = {"qr", "kiosk", "link", "single", NULL};
static const struct shape_field sheet_query_fields[] = {
    {"format", SHAPE_WORD, offsetof(struct sheet_query, format), .words = sheet_words},
    {"language", SHAPE_WORD, offsetof(struct sheet_query, language), .words = language_words},
    {"kind", SHAPE_WORD, offsetof(struct sheet_query, kind), .words = sheet_kinds},
};
static const struct shape sheet_query_shape = SHAPE("SheetQuery", struct sheet_query, sheet_query_fields, NULL);

/* Reading the filter. */

static err moment(struct request *request, const char *field, str text, i64 *out)
{
    struct settings settings;
    const struct zone *zone;
    if (!str_is(text) || text.len == 0) {
        return OK;
    }
    TRY(settings_read(request->ctx, request->app->store, &settings));
    TRY(zone_find(request->ctx, settings.zone, &zone));
    return iso_parse(zone, text, out) ? OK : FAIL(request->ctx, ERR_INVALID, field, "error.ask.moment");
}

static err read_filter(struct request *request, struct listing *out)
{
    const struct filter_query *given = request->query;
    struct survey survey;
    *out = (struct listing){
        .filter = {.version = given->version,
                   .place = given->place,
                   .channel = given->channel,
                   .language = given->language},
        .state = given->state,
        .question = given->question,
        .series = given->series,
        .answer = given->answer,
        .limit = page_limit(given->limit),
        .personal = request_view(request) == SHAPE_ALL,
    };
    TRY(request_param_id(request, "id", &out->filter.survey));
    TRY(survey_get(request->ctx, request->app->surveys, out->filter.survey, &survey));
    TRY(voices_survey_sight(request, &out->filter.sight));
    out->filter.document_seen = survey_sees_document(&out->filter.sight, &survey.document);
    if (str_is(given->link) && given->link.len > 0 && !id_parse(given->link, &out->filter.link)) {
        return FAIL(request->ctx, ERR_INVALID, "link", "error.type", {"expected", STR("id")});
    }
    if (str_is(given->after) && !id_parse(given->after, &out->before)) {
        return FAIL(request->ctx, ERR_INVALID, "after", "error.cursor");
    }
    TRY(moment(request, "from", given->from, &out->filter.from_ms));
    return moment(request, "to", given->to, &out->filter.to_ms);
}

/* Routes. */

static err results(struct request *request, struct reply *reply)
{
    struct listing listing;
    struct settings settings;
    struct results results;
    TRY(read_filter(request, &listing));
    TRY(settings_read(request->ctx, request->app->store, &settings));
    TRY(survey_results(request->ctx, request->app->surveys, &listing.filter, settings.minimum_n, &results));
    return reply_shape(reply, &results_shape, &results);
}

static err list(struct request *request, struct reply *reply)
{
    struct listing listing;
    struct shape_list items;
    i64 next;
    TRY(read_filter(request, &listing));
    TRY(response_list(request->ctx, request->app->surveys, &listing, &items, &next));
    char *cursor = arena_alloc(&request->ctx->arena, ID_TEXT_LEN, 1);
    return reply_list(reply, &listed_response_shape, items, next != 0 ? id_text(next, cursor) : STR_NONE);
}

static struct shape_list path_of(struct ctx *ctx, const struct response *response)
{
    struct json_reader *second = json_reader_open();
    struct json seen = {0}, spent = {0};
    struct step *steps = arena_new(&ctx->arena, struct step, SURVEY_QUESTIONS_MAX);
    i64 count = 0;
    bool timed = json_parse(ctx, second, response->spent, &spent) == OK;
    if (json_parse(ctx, json_reader_here(), response->seen, &seen) == OK) {
        for (struct json_iter item = json_each(seen); json_next(&item) && count < SURVEY_QUESTIONS_MAX;) {
            str id;
            i64 ms = 0;
            if (json_str(item.value, &id)) {
                (void)(timed && json_i64(json_get(spent, id), &ms));
                steps[count++] = (struct step){str_copy(&ctx->arena, id), ms};
            }
        }
    }
    ctx_forgive(ctx);
    json_reader_close(second);
    return (struct shape_list){steps, count};
}

static err find(struct request *request, struct shown *out)
{
    struct listing listing = {.personal = request_view(request) == SHAPE_ALL};
    i64 id;
    *out = (struct shown){0};
    TRY(voices_survey_sight(request, &listing.filter.sight));
    TRY(request_param_id(request, "id", &listing.filter.survey));
    TRY(request_param_id(request, "response", &id));
    return response_show(request->ctx, request->app->surveys, &listing, id, &out->about, &out->document);
}

static err show(struct request *request, struct reply *reply)
{
    struct shown shown;
    TRY(find(request, &shown));
    shown.path = path_of(request->ctx, &shown.about.response);
    TRY(survey_file_list(request->ctx, request->app->surveys, shown.about.response.id, &shown.files));
    return reply_shape(reply, &shown_shape, &shown);
}

/* Whoever may erase people may remove one answer; the places one is limited to hold here too. */
static err remove_response(struct request *request, struct reply *reply)
{
    struct shown shown;
    struct response_removal removal;
    char text[ID_TEXT_LEN];
    TRY(find(request, &shown));
    i64 id = shown.about.response.id;
    TRY(request_audit(request, "survey.response.remove", id_text(id, text), request_param(request, "id")));
    TRY(response_remove(request->ctx, request->app->surveys, id, principal_name(request->who), &removal));
    if (request->app->index != NULL) {
        index_scrub(request->app->index);
    }
    return reply_shape(reply, &response_removal_shape, &removal);
}

static err removals(struct request *request, struct reply *reply)
{
    const struct page_query *query = request->query;
    struct survey survey;
    struct shape_list items;
    i64 id, before = 0, limit = page_limit(query->limit);
    char text[ID_TEXT_LEN];
    TRY(request_param_id(request, "id", &id));
    TRY(survey_get(request->ctx, request->app->surveys, id, &survey));
    if (str_is(query->after) && !id_parse(query->after, &before)) {
        return FAIL(request->ctx, ERR_INVALID, "after", "error.cursor");
    }
    TRY(response_removals(request->ctx, request->app->surveys, id, before, limit, &items));
    const struct response_removal *rows = items.items;
    str next = items.count < limit ? STR_NONE : str_copy(&request->ctx->arena, id_text(rows[items.count - 1].id, text));
    return reply_list(reply, &response_removal_shape, items, next);
}

/* Whatever it is, it is saved and never opened here. */
static err file(struct request *request, struct reply *reply)
{
    struct shown shown;
    struct survey_file file;
    i64 id;
    TRY(find(request, &shown));
    TRY(request_param_id(request, "file", &id));
    TRY(survey_file_get(request->ctx, request->app->surveys, id, &file));
    if (file.response != shown.about.response.id) {
        return ERR_NOT_FOUND;
    }
    struct buf name = buf_in(&request->ctx->arena);
    for (i64 i = 0; i < file.name.len; i++) { // RFC 8187
        char c = file.name.data[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                     c == '-' || c == '_';
        if (plain) {
            buf_char(&name, c);
        } else {
            buf_format(&name, "%%%02X", (u8)c);
        }
    }
    reply_header(reply, "Content-Disposition",
                 str_format(&request->ctx->arena, "attachment; filename*=UTF-8''%.*s", STR_ARG(buf_str(&name))));
    reply_header(reply, "Content-Security-Policy", STR("sandbox; default-src 'none'"));
    return reply_text(reply, "application/octet-stream", file.body);
}

static err table(struct request *request, struct reply *reply)
{
    struct listing listing;
    i64 bytes = 0;
    TRY(read_filter(request, &listing));
    int out = open(str_c(&request->ctx->arena, request->app->folder), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (out < 0) {
        return FAIL(request->ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
    }
    err code = response_export(request->ctx, request->app->surveys, &listing,
                               str_from(language_words[request->language]), out, &bytes);
    if (code != OK || lseek(out, 0, SEEK_SET) != 0) {
        (void)close(out);
        return code != OK ? code : FAIL(request->ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
    }
    char text[ID_TEXT_LEN];
    str name = id_text(listing.filter.survey, text);
    return reply_file(reply, out, bytes, "text/csv; charset=utf-8",
                      str_format(&request->ctx->arena, "%.*s.csv", STR_ARG(name)));
}

/* Sheets to print. */

/* What stands below a code: the link's name, with its place where several links have that name. */
static str sheet_name(struct ctx *ctx, const struct shape_list *links, const struct survey_link *link)
{
    const struct survey_link *items = links->items;
    i64 alike = 0;
    for (i64 i = 0; i < links->count; i++) {
        alike += str_eq(items[i].name, link->name);
    }
    if (link->name.len == 0 || link->place.len == 0) {
        return link->name.len > 0 ? link->name : link->place;
    }
    return alike == 1 ? link->name : str_format(&ctx->arena, "%.*s · %.*s", STR_ARG(link->name), STR_ARG(link->place));
}

static err write_sheet(struct request *request, struct reply *reply, const struct survey *survey,
                       const struct shape_list *links)
{
    struct ctx *ctx = request->ctx;
    const struct sheet_query *query = request->query;
    const struct survey_link *items = links->items;
    struct settings settings;
    struct sheet_code *codes = arena_new(&ctx->arena, struct sheet_code, greater(links->count, 1));
    struct buf out = buf_in(&ctx->arena);
    i64 count = 0;
    TRY(settings_read(ctx, request->app->store, &settings));
    for (i64 i = 0; i < links->count && count < SHEET_CODES_MAX; i++) {
        codes[count++] = (struct sheet_code){items[i].url, sheet_name(ctx, links, &items[i])};
    }
    struct sheet sheet = {
        .format = (enum sheet_format)query->format,
        .language = (enum language)query->language,
        .brief = survey_is_brief(&survey->document),
        .organisation = settings.organisation,
        .title = survey_text(ctx, &survey->document, survey->document.title, str_from(language_words[query->language])),
        .accent = survey->document.theme != NULL ? survey->document.theme->accent : STR_NONE,
        .codes = codes,
        .code_count = count,
    };
    TRY(sheet_write(ctx, &sheet, &out));
    reply_header(reply, "Content-Disposition", STR("attachment; filename=\"qr.pdf\""));
    return reply_text(reply, "application/pdf", buf_str(&out));
}

static err link_sheet(struct request *request, struct reply *reply)
{
    struct link_sight sight;
    struct survey_link link;
    TRY(link_find(request, &sight, &link));
    if (!str_is(link.url)) {
        return ERR_FORBIDDEN;
    }
    return write_sheet(request, reply, &sight.survey, &(struct shape_list){&link, 1});
}

static err survey_sheet(struct request *request, struct reply *reply)
{
    static const enum way_kind kinds[] = {WAY_QR, WAY_KIOSK, WAY_PUBLIC, WAY_SINGLE};
    const struct sheet_query *given = request->query;
    struct survey_link_query query = {.limit = SHEET_CODES_MAX,
                                      .kind = (i32)kinds[given->kind],
                                      .base = http_base(request->app->http)};
    struct link_sight sight;
    struct shape_list links;
    if (query.kind == WAY_SINGLE && !principal_may(request->who, RIGHT_SURVEYS_WRITE)) {
        return ERR_FORBIDDEN;
    }
    TRY(request_param_id(request, "id", &query.survey));
    TRY(link_sight(request, query.survey, &sight));
    TRY(survey_link_list(request->ctx, request->app->surveys, &query, &links));
    links_in_sight(request, &sight, &links);
    return write_sheet(request, reply, &sight.survey, &links);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/surveys/:id/results", results, RIGHT_SURVEYS_READ, .query = &results_query_shape,
     .out = &results_shape, .summary = "route.responses.results"},
    {HTTP_GET, "/api/v1/surveys/:id/responses", list, RIGHT_VOICES_READ, .query = &rows_query_shape,
     .out = &listed_response_shape, .flags = ROUTE_LIST | ROUTE_PERSONAL, .summary = "route.responses.list"},
    {HTTP_DELETE, "/api/v1/surveys/:id/responses/:response", remove_response, RIGHT_PEOPLE_ERASE,
     .out = &response_removal_shape, .summary = "route.responses.remove"},
    {HTTP_GET, "/api/v1/surveys/:id/removals", removals, RIGHT_AUDIT_READ, .query = &page_query_shape,
     .out = &response_removal_shape, .flags = ROUTE_LIST, .summary = "route.responses.removals"},
    {HTTP_GET, "/api/v1/surveys/:id/responses/:response", show, RIGHT_VOICES_READ, .out = &shown_shape,
     .flags = ROUTE_PERSONAL, .summary = "route.responses.show"},
    {HTTP_GET, "/api/v1/surveys/:id/responses/:response/files/:file", file, RIGHT_PEOPLE_READ,
     .out_type = "application/octet-stream", .flags = ROUTE_PERSONAL, .summary = "route.responses.file"},
    {HTTP_GET, "/api/v1/surveys/:id/responses.csv", table, RIGHT_VOICES_READ, .query = &table_query_shape,
     .out_type = "text/csv; charset=utf-8", .flags = ROUTE_PERSONAL, .summary = "route.responses.table"},
    {HTTP_GET, "/api/v1/surveys/:id/links/:link/sheet.pdf", link_sheet, RIGHT_SURVEYS_READ, .query = &sheet_query_shape,
     .out_type = "application/pdf", .summary = "route.survey_links.sheet"},
    {HTTP_GET, "/api/v1/surveys/:id/sheet.pdf", survey_sheet, RIGHT_SURVEYS_READ, .query = &sheet_query_shape,
     .out_type = "application/pdf", .summary = "route.survey_links.sheets"},
};
const struct route_table responses_routes = ROUTES(routes);
