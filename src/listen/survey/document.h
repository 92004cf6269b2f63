/* A survey as one document: what is asked, in which languages, on which way.
 *
 * The author's draft is read leniently (only types and limits), because it is saved while it is unfinished; a version is what
 * passed survey_check (check.h) and never changes afterwards. Texts are JSON objects by language: {"vi":"…","en":"…"}.
 *
 *     questions in order ── show: is it on the way? ── answer ── jump: the first that holds leads on, forwards only ── … ── an end
 *
 * docs/surveys.md describes every member for people who write documents by hand.
 */
#pragma once

#include "json/shape.h"
#include "listen/survey/branch.h"
#include "measure/metric.h"

enum survey_type {
    SURVEY_NPS,
    SURVEY_CSAT,
    SURVEY_CES,
    SURVEY_EMOTION,
    SURVEY_SINGLE,
    SURVEY_MULTIPLE,
    SURVEY_MATRIX,
    SURVEY_RANKING,
    SURVEY_SLIDER,
    SURVEY_TEXT,
    SURVEY_CONTACT,
    SURVEY_FILE,
    SURVEY_NOTE, /* a text between questions: no answer */
    SURVEY_TYPE_COUNT_,
};
extern const char *const survey_type_words[SURVEY_TYPE_COUNT_ + 1];

/* The six emotions and the one that the touchpoint aims at. */
enum { SURVEY_EMOTIONS = 7 };
extern const char *const survey_emotion_words[SURVEY_EMOTIONS + 1];

enum {
    SURVEY_QUESTIONS_MAX = 200,
    SURVEY_OPTIONS_MAX = 100,
    SURVEY_LANGUAGES_MAX = 12,
    SURVEY_TEXTS_MAX = 20000, /* bytes of one text in all languages */
    SURVEY_WORD_MAX = 40,     /* ids of questions, options, ends */
    SURVEY_DOCUMENT_MAX = 512 * 1024,
};

/* An option of a choice or a row of a matrix. */
struct survey_option {
    str id, label;
    bool other; /* the respondent writes what it is */
};

struct survey_jump {
    str when; /* JSON: a list of conditions */
    str to;   /* a later question's id, or "end:ID" */
    struct branch condition;
};

struct survey_question {
    str id, series, bank;
    i32 type; /* enum survey_type */
    str title, help;
    bool required;
    str touchpoint, dimension;
    i32 adjective; /* index of survey_adjective_words */
    str scale;     /* "1-5"; none: the metric's own */
    i32 look;      /* index of survey_look_words */
    str low, high;
    bool reversed;
    struct shape_list options, rows; /* struct survey_option */
    bool shuffle;
    i64 least, most;
    struct maybe_f64 min, max, step;
    bool is_long;
    struct str_list fields;
    str purpose;
    str agree; /* JSON: the words of the purpose, for those who answer; never part of a document (agree.h) */
    struct str_list files;
    str target;
    str show; /* JSON: a list of conditions */
    struct shape_list jump;
    struct branch condition; /* of show */
};

struct survey_quota {
    str name, when;
    i64 most;
    str to;
    struct branch condition;
};

struct survey_end {
    str id, title, text, redirect, when;
    struct branch condition;
};

struct survey_theme {
    str accent, background;
    i32 shape;
    bool progress;
};

struct survey_document {
    struct str_list languages;
    str name, title, welcome, touchpoint, place;
    struct survey_theme *theme;
    struct shape_list questions; /* struct survey_question */
    str shuffle;                 /* JSON: lists of questions that are asked in a random order */
    struct shape_list quotas, ends;
    str partial_after;
    struct shape_list groups; /* of shuffle: struct str_list */
};
extern const struct shape survey_document_shape, survey_question_shape;
extern const char *const survey_adjective_words[];
extern const char *const survey_look_words[];

/* Reads a document: types, limits and the form of conditions are checked (ERR_INVALID with the pointer). */
err survey_document_read(struct ctx *ctx, str json, struct survey_document *out);

/* The same of a document that shape_read has read already: conditions and groups. */
err survey_document_finish(struct ctx *ctx, struct survey_document *document);

/* As JSON. */
str survey_document_text(struct ctx *ctx, const struct survey_document *document);

/* As JSON for those who answer: nothing internal (names, quotas, series, purposes of the bank). */
str survey_document_public(struct ctx *ctx, const struct survey_document *document);

static inline const struct survey_question *survey_question_at(const struct survey_document *document, i64 index)
{
    return (const struct survey_question *)document->questions.items + index;
}

/* The place of a question; -1 without one of that name. */
i64 survey_question_find(const struct survey_document *document, str id);

/* The place of an option or row; -1 without. */
i64 survey_option_find(const struct shape_list *options, str id);

const struct survey_end *survey_end_find(const struct survey_document *document, str id);

/* A text in a language, else in the document's first; none when it has neither. */
str survey_text(struct ctx *ctx, const struct survey_document *document, str texts, str language);

/* Which metric a type is, and the scale a question is answered on. */
enum metric survey_metric(enum survey_type type);
struct scale survey_scale(const struct survey_question *question);

/* Has it numbers for answers? */
bool survey_numeric(enum survey_type type);

/* Will nearly everybody be through within a minute? Reckoned from what is asked of them: 7 seconds for a tap, more where somebody
 * compares, writes or takes a picture. */
bool survey_is_brief(const struct survey_document *document);

/* Are its answers words, names or files of whoever answers? Only who may see people reads them. */
bool survey_wordy(enum survey_type type);
