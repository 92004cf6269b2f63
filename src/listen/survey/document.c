#include "listen/survey/document.h"

#include "journey/pointer.h"

const char *const survey_type_words[SURVEY_TYPE_COUNT_ + 1] = {"nps",      "csat",   "ces",     "emotion", "single",
                                                               "multiple", "matrix", "ranking", "slider",  "text",
                                                               "contact",  "file",   "note",    NULL};
const char *const survey_emotion_words[SURVEY_EMOTIONS + 1] = {"joy",     "sadness",  "anger",  "fear",
                                                               "disgust", "surprise", "target", NULL};
const char *const survey_adjective_words[] = {"",     "satisfaction", "accessibility", "ease",       "delight",
                                              "love", "awareness",    "consideration", "preference", NULL};
const char *const survey_look_words[] = {"", "numbers", "stars", "faces", NULL};
static const char *const corner_words[] = {"soft", "square", NULL};

#define TEXTS(name_, struct_, member, flags_)                                                                          \
    {                                                                                                                  \
        (name_), SHAPE_JSON, offsetof(struct struct_, member), .max = SURVEY_TEXTS_MAX, .flags = (flags_),             \
                                                               .help = "shape.survey.texts"                            \
    }

static const struct shape_field option_fields[] = {
    {"id", SHAPE_STR, offsetof(struct survey_option, id), .min = 1, .max = SURVEY_WORD_MAX, .flags = SHAPE_REQUIRED},
    TEXTS("label", survey_option, label, SHAPE_OMIT_NONE),
    {"other", SHAPE_BOOL, offsetof(struct survey_option, other), .flags = SHAPE_OMIT_NONE,
     .help = "shape.survey.other"},
};
static const struct shape option_shape = SHAPE("SurveyOption", struct survey_option, option_fields,
                                               "shape.survey.option");

static const struct shape_field jump_fields[] = {
    {"when", SHAPE_JSON, offsetof(struct survey_jump, when), .max = SURVEY_TEXTS_MAX, .flags = SHAPE_OMIT_NONE,
     .help = "shape.survey.conditions"},
    {"to", SHAPE_STR, offsetof(struct survey_jump, to), .max = SURVEY_WORD_MAX + 4, .flags = SHAPE_REQUIRED,
     .help = "shape.survey.to"},
};
static const struct shape jump_shape = SHAPE("SurveyJump", struct survey_jump, jump_fields, "shape.survey.jump");

#define Q(member) offsetof(struct survey_question, member)
static const struct shape_field question_fields[] = {
    {"id", SHAPE_STR, Q(id), .min = 1, .max = SURVEY_WORD_MAX, .flags = SHAPE_REQUIRED},
    {"series", SHAPE_STR, Q(series), .max = 100, .flags = SHAPE_OMIT_NONE, .help = "shape.survey.series"},
    {"bank", SHAPE_STR, Q(bank), .max = 60, .flags = SHAPE_OMIT_NONE, .help = "shape.survey.bank"},
    {"type", SHAPE_WORD, Q(type), .words = survey_type_words, .flags = SHAPE_REQUIRED},
    TEXTS("title", survey_question, title, SHAPE_OMIT_NONE),
    TEXTS("help", survey_question, help, SHAPE_OMIT_NONE),
    {"required", SHAPE_BOOL, Q(required), .flags = SHAPE_OMIT_NONE},
    {"touchpoint", SHAPE_STR, Q(touchpoint), .max = 100, .flags = SHAPE_OMIT_NONE},
    {"dimension", SHAPE_STR, Q(dimension), .max = 100, .flags = SHAPE_OMIT_NONE},
    {"adjective", SHAPE_WORD, Q(adjective), .words = survey_adjective_words, .flags = SHAPE_OMIT_NONE,
     .help = "shape.survey.adjective"},
    {"scale", SHAPE_STR, Q(scale), .max = 10, .flags = SHAPE_OMIT_NONE, .help = "shape.survey.scale"},
    {"look", SHAPE_WORD, Q(look), .words = survey_look_words, .flags = SHAPE_OMIT_NONE},
    TEXTS("low", survey_question, low, SHAPE_OMIT_NONE),
    TEXTS("high", survey_question, high, SHAPE_OMIT_NONE),
    {"reversed", SHAPE_BOOL, Q(reversed), .flags = SHAPE_OMIT_NONE, .help = "shape.survey.reversed"},
    {"options", SHAPE_LIST, Q(options), .of = &option_shape, .max = SURVEY_OPTIONS_MAX, .flags = SHAPE_OMIT_NONE},
    {"rows", SHAPE_LIST, Q(rows), .of = &option_shape, .max = SURVEY_OPTIONS_MAX, .flags = SHAPE_OMIT_NONE},
    {"shuffle", SHAPE_BOOL, Q(shuffle), .flags = SHAPE_OMIT_NONE, .help = "shape.survey.shuffle_options"},
    {"least", SHAPE_I64, Q(least), .max = SURVEY_OPTIONS_MAX, .flags = SHAPE_OMIT_NONE, .help = "shape.survey.least"},
    {"most", SHAPE_I64, Q(most), .max = 10000, .flags = SHAPE_OMIT_NONE, .help = "shape.survey.most"},
    {"min", SHAPE_MAYBE_F64, Q(min), .flags = SHAPE_OMIT_NONE},
    {"max", SHAPE_MAYBE_F64, Q(max), .flags = SHAPE_OMIT_NONE},
    {"step", SHAPE_MAYBE_F64, Q(step), .flags = SHAPE_OMIT_NONE},
    {"long", SHAPE_BOOL, Q(is_long), .flags = SHAPE_OMIT_NONE},
    {"fields", SHAPE_STRS, Q(fields), .max = 3, .flags = SHAPE_OMIT_NONE, .help = "shape.survey.fields"},
    {"purpose", SHAPE_STR, Q(purpose), .max = 40, .flags = SHAPE_OMIT_NONE, .help = "shape.survey.purpose"},
    {"files", SHAPE_STRS, Q(files), .max = 10, .flags = SHAPE_OMIT_NONE, .help = "shape.survey.files"},
    {"target", SHAPE_STR, Q(target), .max = 100, .flags = SHAPE_OMIT_NONE, .help = "shape.survey.target"},
    {"show", SHAPE_JSON, Q(show), .max = SURVEY_TEXTS_MAX, .flags = SHAPE_OMIT_NONE, .help = "shape.survey.conditions"},
    {"jump", SHAPE_LIST, Q(jump), .of = &jump_shape, .max = 50, .flags = SHAPE_OMIT_NONE},
};
#undef Q
const struct shape survey_question_shape = SHAPE("SurveyQuestion", struct survey_question, question_fields,
                                                 "shape.survey.question");

static const struct shape_field quota_fields[] = {
    {"name", SHAPE_STR, offsetof(struct survey_quota, name), .min = 1, .max = 100, .flags = SHAPE_REQUIRED},
    {"when", SHAPE_JSON, offsetof(struct survey_quota, when), .max = SURVEY_TEXTS_MAX, .flags = SHAPE_OMIT_NONE,
     .help = "shape.survey.conditions"},
    {"most", SHAPE_I64, offsetof(struct survey_quota, most), .min = 0, .max = 1000000000, .flags = SHAPE_REQUIRED},
    {"to", SHAPE_STR, offsetof(struct survey_quota, to), .max = SURVEY_WORD_MAX + 4, .flags = SHAPE_REQUIRED,
     .help = "shape.survey.to"},
};
static const struct shape quota_shape = SHAPE("SurveyQuota", struct survey_quota, quota_fields, "shape.survey.quota");

static const struct shape_field end_fields[] = {
    {"id", SHAPE_STR, offsetof(struct survey_end, id), .min = 1, .max = SURVEY_WORD_MAX, .flags = SHAPE_REQUIRED},
    TEXTS("title", survey_end, title, SHAPE_OMIT_NONE),
    TEXTS("text", survey_end, text, SHAPE_OMIT_NONE),
    {"redirect", SHAPE_STR, offsetof(struct survey_end, redirect), .max = 2000, .flags = SHAPE_OMIT_NONE,
     .help = "shape.survey.redirect"},
    {"when", SHAPE_JSON, offsetof(struct survey_end, when), .max = SURVEY_TEXTS_MAX, .flags = SHAPE_OMIT_NONE,
     .help = "shape.survey.conditions"},
};
static const struct shape end_shape = SHAPE("SurveyEnd", struct survey_end, end_fields, "shape.survey.end");

static const struct shape_field theme_fields[] = {
    {"accent", SHAPE_STR, offsetof(struct survey_theme, accent), .max = 20, .flags = SHAPE_OMIT_NONE},
    {"background", SHAPE_STR, offsetof(struct survey_theme, background), .max = 20, .flags = SHAPE_OMIT_NONE},
    {"shape", SHAPE_WORD, offsetof(struct survey_theme, shape), .words = corner_words},
    {"progress", SHAPE_BOOL, offsetof(struct survey_theme, progress)},
};
static const struct shape theme_shape = SHAPE("SurveyTheme", struct survey_theme, theme_fields, "shape.survey.theme");

#define D(member) offsetof(struct survey_document, member)
static const struct shape_field document_fields[] = {
    {"languages", SHAPE_STRS, D(languages), .max = SURVEY_LANGUAGES_MAX, .flags = SHAPE_REQUIRED,
     .help = "shape.survey.languages"},
    {"name", SHAPE_STR, D(name), .max = 200, .flags = SHAPE_REQUIRED, .help = "shape.survey.name"},
    TEXTS("title", survey_document, title, SHAPE_OMIT_NONE),
    TEXTS("welcome", survey_document, welcome, SHAPE_OMIT_NONE),
    {"touchpoint", SHAPE_STR, D(touchpoint), .max = 100, .flags = SHAPE_OMIT_NONE},
    {"place", SHAPE_STR, D(place), .max = 200, .flags = SHAPE_OMIT_NONE},
    {"theme", SHAPE_MAYBE_OBJECT, D(theme), .of = &theme_shape, .flags = SHAPE_OMIT_NONE},
    {"questions", SHAPE_LIST, D(questions), .of = &survey_question_shape, .max = SURVEY_QUESTIONS_MAX,
     .flags = SHAPE_REQUIRED},
    {"shuffle", SHAPE_JSON, D(shuffle), .max = SURVEY_TEXTS_MAX, .flags = SHAPE_OMIT_NONE,
     .help = "shape.survey.shuffle"},
    {"quotas", SHAPE_LIST, D(quotas), .of = &quota_shape, .max = 50, .flags = SHAPE_OMIT_NONE},
    {"ends", SHAPE_LIST, D(ends), .of = &end_shape, .max = 50, .flags = SHAPE_OMIT_NONE},
    {"partial_after", SHAPE_STR, D(partial_after), .max = 10, .flags = SHAPE_OMIT_NONE,
     .help = "shape.survey.partial_after"},
};
const struct shape survey_document_shape = SHAPE("SurveyDocument", struct survey_document, document_fields,
                                                 "shape.survey.document");

/* What respondents see of them. */
#define Q(member) offsetof(struct survey_question, member)
static const char *const internal_questions[] = {"series", "bank", "touchpoint", "dimension", "adjective", NULL};
static const struct shape_field agree_field = {"agree", SHAPE_JSON, Q(agree), .flags = SHAPE_OMIT_NONE};
static const char *const internal_members[] = {"name", "touchpoint", "place", "quotas", "partial_after", NULL};
#undef Q

/* Reading. */

static err read_condition_at(struct ctx *ctx, const char *member, str json, struct branch *out)
{
    str before = pointer_enter(ctx, str_from(member));
    TRY(branch_read(ctx, json, out));
    ctx->pointer = before;
    return OK;
}

static err read_question(struct ctx *ctx, struct survey_question *question)
{
    struct survey_jump *jumps = question->jump.items;
    TRY(read_condition_at(ctx, "show", question->show, &question->condition));
    for (i64 i = 0; i < question->jump.count; i++) {
        str before = pointer_enter(ctx, STR("jump"));
        (void)pointer_enter_index(ctx, i);
        TRY(read_condition_at(ctx, "when", jumps[i].when, &jumps[i].condition));
        ctx->pointer = before;
    }
    return OK;
}

static err read_groups(struct ctx *ctx, struct survey_document *document)
{
    struct json lists;
    if (!str_is(document->shuffle) || str_eq(document->shuffle, STR("null"))) {
        return OK;
    }
    str before = pointer_enter(ctx, STR("shuffle"));
    TRY(json_parse(ctx, json_reader_here(), document->shuffle, &lists));
    i64 count = json_type(lists) == JSON_LIST ? json_count(lists) : -1;
    if (count < 0 || count > SURVEY_QUESTIONS_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("list")});
    }
    struct str_list *groups = arena_new(&ctx->arena, struct str_list, greater(count, 1));
    i64 at = 0;
    for (struct json_iter list = json_each(lists); json_next(&list); at++) {
        i64 most = json_type(list.value) == JSON_LIST ? json_count(list.value) : -1;
        if (most < 0 || most > SURVEY_QUESTIONS_MAX) {
            return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("list")});
        }
        groups[at].items = arena_new(&ctx->arena, str, greater(most, 1));
        for (struct json_iter item = json_each(list.value); json_next(&item);) {
            str id;
            if (!json_str(item.value, &id)) {
                return FAIL(ctx, ERR_INVALID, "", "error.type", {"expected", STR("string")});
            }
            groups[at].items[groups[at].count++] = str_copy(&ctx->arena, id);
        }
    }
    document->groups = (struct shape_list){groups, count};
    ctx->pointer = before;
    return OK;
}

err survey_document_finish(struct ctx *ctx, struct survey_document *document)
{
    struct survey_question *questions = document->questions.items;
    struct survey_quota *quotas = document->quotas.items;
    struct survey_end *ends = document->ends.items;
    for (i64 i = 0; i < document->questions.count; i++) {
        str before = pointer_enter(ctx, STR("questions"));
        (void)pointer_enter_index(ctx, i);
        TRY(read_question(ctx, &questions[i]));
        ctx->pointer = before;
    }
    for (i64 i = 0; i < document->quotas.count; i++) {
        str before = pointer_enter(ctx, STR("quotas"));
        (void)pointer_enter_index(ctx, i);
        TRY(read_condition_at(ctx, "when", quotas[i].when, &quotas[i].condition));
        ctx->pointer = before;
    }
    for (i64 i = 0; i < document->ends.count; i++) {
        str before = pointer_enter(ctx, STR("ends"));
        (void)pointer_enter_index(ctx, i);
        TRY(read_condition_at(ctx, "when", ends[i].when, &ends[i].condition));
        ctx->pointer = before;
    }
    return read_groups(ctx, document);
}

err survey_document_read(struct ctx *ctx, str json, struct survey_document *out)
{
    *out = (struct survey_document){0};
    TRY(shape_parse(ctx, &survey_document_shape, json, out, NULL));
    return survey_document_finish(ctx, out);
}

/* Writing. */

str survey_document_text(struct ctx *ctx, const struct survey_document *document)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    shape_write(&writer, &survey_document_shape, document, SHAPE_ALL);
    return json_text(&writer);
}

static bool is_among(const char *name, const char *const *words)
{
    for (i64 i = 0; words[i] != NULL; i++) {
        if (str_eq(str_from(name), str_from(words[i]))) {
            return true;
        }
    }
    return false;
}

/* The shape without some of its members. */
static struct shape without(struct ctx *ctx, const struct shape *shape, const char *const *words)
{
    struct shape out = *shape;
    struct shape_field *fields = arena_new(&ctx->arena, struct shape_field, shape->field_count);
    out.field_count = 0;
    for (i64 i = 0; i < shape->field_count; i++) {
        if (!is_among(shape->fields[i].name, words)) {
            fields[out.field_count++] = shape->fields[i];
        }
    }
    out.fields = fields;
    return out;
}

str survey_document_public(struct ctx *ctx, const struct survey_document *document)
{
    struct shape questions = without(ctx, &survey_question_shape, internal_questions);
    struct shape_field *asked = arena_new(&ctx->arena, struct shape_field, questions.field_count + 1);
    for (i64 i = 0; i < questions.field_count; i++) {
        asked[i] = questions.fields[i];
    }
    asked[questions.field_count++] = agree_field;
    questions.fields = asked;
    struct shape shown = without(ctx, &survey_document_shape, internal_members);
    struct shape_field *fields = arena_new(&ctx->arena, struct shape_field, shown.field_count);
    for (i64 i = 0; i < shown.field_count; i++) {
        fields[i] = shown.fields[i];
        if (fields[i].of == &survey_question_shape) {
            fields[i].of = &questions;
        }
    }
    shown.fields = fields;
    struct json_writer writer = json_writer_in(&ctx->arena);
    shape_write(&writer, &shown, document, SHAPE_ALL);
    return json_text(&writer);
}

/* Looking things up. */

i64 survey_question_find(const struct survey_document *document, str id)
{
    for (i64 i = 0; i < document->questions.count; i++) {
        if (str_eq(survey_question_at(document, i)->id, id)) {
            return i;
        }
    }
    return -1;
}

i64 survey_option_find(const struct shape_list *options, str id)
{
    const struct survey_option *items = options->items;
    for (i64 i = 0; i < options->count; i++) {
        if (str_eq(items[i].id, id)) {
            return i;
        }
    }
    return -1;
}

const struct survey_end *survey_end_find(const struct survey_document *document, str id)
{
    const struct survey_end *ends = document->ends.items;
    for (i64 i = 0; i < document->ends.count; i++) {
        if (str_eq(ends[i].id, id)) {
            return &ends[i];
        }
    }
    return NULL;
}

str survey_text(struct ctx *ctx, const struct survey_document *document, str texts, str language)
{
    struct json object;
    str text = STR_NONE;
    if (!str_is(texts) || json_parse(ctx, json_reader_here(), texts, &object) != OK) {
        ctx_forgive(ctx);
        return STR_NONE;
    }
    if (!json_str(json_get(object, language), &text) && document->languages.count > 0) {
        (void)json_str(json_get(object, document->languages.items[0]), &text);
    }
    return str_is(text) ? str_copy(&ctx->arena, text) : STR_NONE;
}

enum metric survey_metric(enum survey_type type)
{
    switch (type) {
    case SURVEY_NPS: return METRIC_NPS;
    case SURVEY_CSAT: return METRIC_CSAT;
    case SURVEY_CES: return METRIC_CES;
    default: return METRIC_NONE;
    }
}

struct scale survey_scale(const struct survey_question *question)
{
    struct scale scale = {0, 0};
    if (!str_is(question->scale) || !scale_parse(question->scale, &scale)) {
        scale = metric_scale(survey_metric((enum survey_type)question->type));
    }
    return scale;
}

bool survey_numeric(enum survey_type type)
{
    return survey_metric(type) != METRIC_NONE || type == SURVEY_SLIDER;
}

bool survey_wordy(enum survey_type type)
{
    return type == SURVEY_TEXT || type == SURVEY_CONTACT || type == SURVEY_FILE;
}

static i64 seconds_for(const struct survey_question *question)
{
    enum { TAP = 7, READ = 5, COMPARE = 15, WRITE = 20, DETAILS = 30 };
    switch ((enum survey_type)question->type) {
    case SURVEY_NOTE: return READ;
    case SURVEY_MULTIPLE:
    case SURVEY_RANKING: return COMPARE;
    case SURVEY_MATRIX: return TAP * question->rows.count;
    case SURVEY_TEXT: return WRITE;
    case SURVEY_CONTACT:
    case SURVEY_FILE: return DETAILS;
    default: return TAP;
    }
}

bool survey_is_brief(const struct survey_document *document)
{
    enum { MINUTE = 60 };
    const struct survey_question *questions = document->questions.items;
    i64 seconds = 0;
    for (i64 i = 0; i < document->questions.count; i++) {
        seconds += seconds_for(&questions[i]);
    }
    return seconds < MINUTE;
}
