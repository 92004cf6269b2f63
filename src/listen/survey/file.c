#include "listen/survey/file.h"

#include "base/id.h"
#include "listen/survey/state.h"
#include "store/settings.h"

static const i64 DAY_MS = 24LL * 3600 * 1000;

#define F(member) offsetof(struct survey_file, member)
static const struct shape_field file_fields[] = {
    {"id", SHAPE_ID, F(id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, F(name), .flags = SHAPE_REQUIRED},
    {"type", SHAPE_STR, F(type), .flags = SHAPE_REQUIRED},
    {"size", SHAPE_I64, F(size), .flags = SHAPE_REQUIRED},
};
const struct shape survey_file_shape = SHAPE("SurveyFile", struct survey_file, file_fields, "shape.survey_file");

static const struct shape_field row_fields[] = {
    {"id", SHAPE_ID, F(id)},      {"survey", SHAPE_ID, F(survey)},
    {"link", SHAPE_ID, F(link)},  {"response", SHAPE_ID, F(response)},
    {"name", SHAPE_STR, F(name)}, {"type", SHAPE_STR, F(type)},
    {"size", SHAPE_I64, F(size)}, {"created_ms", SHAPE_TIME, F(created_ms)},
    {"body", SHAPE_STR, F(body)}, {"sender", SHAPE_STR, F(sender)},
};
static const struct shape row_shape = SHAPE("SurveyFileRow", struct survey_file, row_fields, NULL);
#undef F

str survey_file_sniff(str body)
{
    static const struct {
        i64 at;
        str bytes;
        const char *type;
    } known[] = {
        {0, STR("\x89PNG\r\n\x1a\n"), "image/png"},
        {0, STR("\xff\xd8\xff"), "image/jpeg"},
        {0, STR("GIF87a"), "image/gif"},
        {0, STR("GIF89a"), "image/gif"},
        {8, STR("WEBP"), "image/webp"},
        {4, STR("ftypheic"), "image/heic"},
        {4, STR("ftypmif1"), "image/heic"},
        {0, STR("%PDF-"), "application/pdf"},
        {0, STR("ID3"), "audio/mpeg"},
        {0, STR("OggS"), "audio/ogg"},
        {4, STR("ftypM4A"), "audio/mp4"},
        {4, STR("ftyp"), "video/mp4"},
        {0, STR("\x1a\x45\xdf\xa3"), "video/webm"},
    };
    for (i64 i = 0; i < countof(known); i++) {
        i64 end = known[i].at + known[i].bytes.len;
        if (body.len >= end && str_eq(str_slice(body, known[i].at, end), known[i].bytes)) {
            return str_from(known[i].type);
        }
    }
    return STR_NONE;
}

/* "image/png" under "image/ *" or itself; pictures and PDF where the author says nothing. */
static bool takes(const struct survey_question *question, str type)
{
    static str usual[] = {STR("image/*"), STR("application/pdf")};
    struct str_list list = question->files.count > 0 ? question->files : (struct str_list){usual, countof(usual)};
    for (i64 i = 0; i < list.count; i++) {
        str allowed = list.items[i];
        bool all = str_ends(allowed, STR("/*")) && str_starts(type, str_slice(allowed, 0, allowed.len - 1));
        if (all || str_eq(allowed, type)) {
            return true;
        }
    }
    return false;
}

static bool any_takes(const struct survey_document *document, str type)
{
    for (i64 i = 0; i < document->questions.count; i++) {
        const struct survey_question *question = survey_question_at(document, i);
        if (question->type == SURVEY_FILE && takes(question, type)) {
            return true;
        }
    }
    return false;
}

/* The last part of what the browser calls it, without control characters. */
static str clean_name(struct ctx *ctx, str name)
{
    struct buf out = buf_in(&ctx->arena);
    str given = str_is(name) ? name : STR("");
    for (i64 at = 0; at < given.len;) {
        i64 begin = at;
        u32 code = utf8_next(given, &at);
        if (code == '/' || code == '\\') {
            out.len = 0;
        } else if (code >= ' ' && code != 0x7F && code != '"' && out.len + (at - begin) <= SURVEY_FILE_NAME_MAX &&
                   !(code >= 0x200B && code <= 0x202E) && code != 0xFFFD) {
            buf_add(&out, str_slice(given, begin, at));
        }
    }
    return out.len > 0 ? buf_str(&out) : STR("file");
}

struct room {
    i64 total, link, loose, senders;
};
static const struct shape_field room_fields[] = {
    {"total", SHAPE_I64, offsetof(struct room, total)},
    {"link", SHAPE_I64, offsetof(struct room, link)},
    {"loose", SHAPE_I64, offsetof(struct room, loose)},
    {"senders", SHAPE_I64, offsetof(struct room, senders)},
};
static const struct shape room_shape = SHAPE("SurveyFilesRoom", struct room, room_fields, NULL);

/* Whoever holds something may have as much as is left. */
static bool fits(i64 more, i64 held, i64 all, i64 most)
{
    return all + more <= most && held + more <= most - all;
}

static err keep(struct ctx *ctx, struct store *store, void *arg)
{
    struct survey_file *file = arg;
    struct settings settings;
    struct room room = {0};
    TRY(settings_read(ctx, store, &settings));
    TRY(store_one(ctx, store, SQL_SURVEY_FILES_ROOM,
                  ARGS(ARG_I64("each", SURVEY_FILE_EACH), ARG_I64("link", file->link), ARG_STR("sender", file->sender)),
                  &room_shape, &room));
    i64 most = settings.answer_files_mb * 1024 * 1024, more = file->size + SURVEY_FILE_EACH;
    i64 loose = greater(most / SURVEY_FILES_LOOSE_SHARE, SURVEY_FILES_LOOSE_LEAST);
    if (!fits(more, room.link, room.total, most) || !fits(more, room.senders, room.loose, loose)) {
        ctx->fault.retry_after_s = 3600;
        return FAIL(ctx, ERR_BUSY, NULL, "error.survey.files_full");
    }
    return store_run(ctx, store, SQL_SURVEY_FILE_ADD, ARGS_OF(&row_shape, file, ARG_BYTES("body", file->body)), NULL);
}

static str sender_of(struct ctx *ctx, const struct surveys *surveys, str address)
{
    str parts[] = {STR("sender of files"), str_is(address) ? address : STR("")};
    struct u128 hash = hash_keyed(surveys->options.key, parts, countof(parts));
    return hex(&hash.low, sizeof hash.low, arena_alloc(&ctx->arena, 2 * (i64)sizeof hash.low, 1));
}

err survey_file_take(struct ctx *ctx, struct surveys *surveys, const struct file_taking *with, struct survey_file *out)
{
    str type = survey_file_sniff(with->body);
    if (!str_is(type) || !any_takes(&with->gate->document, type)) {
        return FAIL(ctx, ERR_INVALID, NULL, "error.survey.file");
    }
    *out = (struct survey_file){
        .id = id_new(),
        .survey = with->gate->link.survey,
        .link = with->gate->link.id,
        .name = clean_name(ctx, with->name),
        .type = type,
        .size = with->body.len,
        .created_ms = ctx_now_ms(ctx),
        .body = with->body,
        .sender = sender_of(ctx, surveys, with->address),
    };
    return store_write(ctx, surveys->options.store, keep, out);
}

err survey_file_get(struct ctx *ctx, struct surveys *surveys, i64 id, struct survey_file *out)
{
    *out = (struct survey_file){0};
    return store_one(ctx, surveys->options.store, SQL_SURVEY_FILE_ROW, ARGS(ARG_I64("id", id)), &row_shape, out);
}

err survey_file_list(struct ctx *ctx, struct surveys *surveys, i64 response, struct shape_list *out)
{
    return store_all(ctx, surveys->options.store, SQL_SURVEY_FILES_OF, ARGS(ARG_I64("response", response)), &row_shape,
                     out);
}

static const char *answer_pointer(struct ctx *ctx, const struct survey_question *question)
{
    return str_c(&ctx->arena, str_format(&ctx->arena, "answers/%.*s", STR_ARG(question->id)));
}

static err attach(struct ctx *ctx, struct store *store, const struct file_attaching *with,
                  const struct survey_question *question, str text)
{
    struct survey_file file = {0};
    i64 id, size = 0;
    err code = id_parse(text, &id)
                   ? store_one(ctx, store, SQL_SURVEY_FILE_ABOUT, ARGS(ARG_I64("id", id)), &row_shape, &file)
                   : ERR_NOT_FOUND;
    bool ours = code == OK && file.link == with->link && (file.response == 0 || file.response == with->response);
    if (code != OK && code != ERR_NOT_FOUND) {
        return code;
    }
    if (!ours || !takes(question, file.type)) {
        return FAIL(ctx, ERR_INVALID, answer_pointer(ctx, question), "error.survey.file");
    }
    TRY(store_run(ctx, store, SQL_SURVEY_FILE_ATTACH,
                  ARGS(ARG_I64("id", id), ARG_I64("response", with->response), ARG_I64("kept", with->finished)), NULL));
    TRY(store_number(ctx, store, SQL_SURVEY_FILES_SIZE, ARGS(ARG_I64("response", with->response)), &size));
    return size <= SURVEY_RESPONSE_FILES_MAX
               ? OK
               : FAIL(ctx, ERR_INVALID, answer_pointer(ctx, question), "error.survey.files_large");
}

err survey_files_attach(struct ctx *ctx, struct surveys *surveys, const struct file_attaching *with)
{
    struct store *store = surveys->options.store;
    TRY(store_run(ctx, store, SQL_SURVEY_FILES_DETACH, ARGS(ARG_I64("response", with->response)), NULL));
    for (i64 i = 0; i < with->document->questions.count; i++) {
        const struct survey_question *question = survey_question_at(with->document, i);
        for (i64 k = 0; question->type == SURVEY_FILE && with->answers[i].given && k < with->answers[i].chosen.count;
             k++) {
            TRY(attach(ctx, store, with, question, with->answers[i].chosen.items[k]));
        }
    }
    return OK;
}

err survey_files_clean(struct ctx *ctx, struct surveys *surveys)
{
    i64 now_ms = ctx_now_ms(ctx);
    TRY(store_run(ctx, surveys->options.store, SQL_SURVEY_FILES_OLD, ARGS(ARG_I64("before_ms", now_ms - DAY_MS)),
                  NULL));
    return store_run(ctx, surveys->options.store, SQL_SURVEY_FILES_STALE,
                     ARGS(ARG_I64("before_ms", now_ms - RESPONSE_CONTINUE_DAYS * DAY_MS)), NULL);
}
