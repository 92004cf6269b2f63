/* Surveys: a draft that is edited, versions that never change, and a state that says whether answers are taken.
 *
 * Publishing makes a version. Answers keep theirs for ever, and figures are kept by series: what stands in the event's
 * `question`. A bank question that is unchanged has the bank's key as its series, so that several surveys are one series; an own
 * question has SURVEY.QUESTION. When an edit changes what is asked (type, scale, polarity, options, or the wording unless the
 * author says that it is only a correction; no language in common is another wording) the question goes on under a new series
 * (… .2), and nothing mixes by accident.
 */
#pragma once

#include "base/hash.h"
#include "guard/guard.h"
#include "listen/survey/check.h"
#include "store/store.h"

struct events;
struct names;
struct processes;
struct sse;
struct result_figure;
struct surveys;

enum { SURVEYS_MAX = 5000 };

enum survey_state { SURVEY_DRAFT, SURVEY_OPEN, SURVEY_PAUSED, SURVEY_CLOSED, SURVEY_ARCHIVED, SURVEY_STATE_COUNT_ };
extern const char *const survey_state_words[SURVEY_STATE_COUNT_ + 1];

enum survey_access { ACCESS_OPEN, ACCESS_INVITED };
extern const char *const survey_access_words[];

struct surveys_options {
    struct store *store;
    struct events *events;
    struct processes *processes; /* who else serves the same records; may be NULL */
    struct names *names;         /* the collector's, which bounds what hidden fields are called; NULL: any */
    struct sse *live;            /* open pages are told when answers arrive; may be NULL */
    u8 key[HASH_KEY_LEN];        /* the installation's: tokens of links follow from it */
};

/* Starts the thread that turns answers into events where that was interrupted or is due (sending.h). */
err surveys_open(struct ctx *ctx, const struct surveys_options *options, struct surveys **out);
void surveys_close(struct surveys *surveys); /* NULL is allowed */

struct survey {
    i64 id;
    i32 state, access;
    i64 version; /* the newest; 0: none */
    i64 created_ms, changed_ms, published_ms;
    str by;
    bool draft; /* there is something to publish */
    str name;
    struct str_list languages;
    i64 questions;
    i64 invited, opened, started, finished; /* invitations and responses */
    i64 answered_invited;                   /* responses to invitations that count */
    i64 counted;                            /* responses that count */
    const struct result_figure *score;      /* of the first question that has one; NULL: none, or nobody asked for it */
    i64 last_ms;                            /* of the newest answer; 0: none */

    /* Only of one survey, not of a list. */
    str etag;
    struct survey_document document; /* the draft, else the newest version */
    struct survey_problems problems;
};
/* What a list and one survey say alike: the rows of a shape whose members `at` places. */
#define SURVEY_FACTS(at)                                                                                               \
    {"id", SHAPE_ID, at(id), .flags = SHAPE_REQUIRED}, {"name", SHAPE_STR, at(name), .flags = SHAPE_REQUIRED},         \
        {"state",                                                                                                      \
         SHAPE_WORD,                                                                                                   \
         at(state),                                                                                                    \
         .words = survey_state_words,                                                                                  \
         .flags = SHAPE_REQUIRED,                                                                                      \
         .help = "shape.survey.state"},                                                                                \
        {"access",                                                                                                     \
         SHAPE_WORD,                                                                                                   \
         at(access),                                                                                                   \
         .words = survey_access_words,                                                                                 \
         .flags = SHAPE_REQUIRED,                                                                                      \
         .help = "shape.survey.access"},                                                                               \
        {"version", SHAPE_I64, at(version), .flags = SHAPE_REQUIRED, .help = "shape.survey.version"},                  \
        {"published_ms", SHAPE_TIME, at(published_ms), .flags = SHAPE_REQUIRED},                                       \
        {"created_ms", SHAPE_TIME, at(created_ms), .flags = SHAPE_REQUIRED},                                           \
        {"changed_ms", SHAPE_TIME, at(changed_ms), .flags = SHAPE_REQUIRED},                                           \
        {"by", SHAPE_STR, at(by), .flags = SHAPE_REQUIRED},                                                            \
        {"draft", SHAPE_BOOL, at(draft), .flags = SHAPE_REQUIRED, .help = "shape.survey.draft"},                       \
        {"invited", SHAPE_I64, at(invited), .flags = SHAPE_REQUIRED},                                                  \
        {"opened", SHAPE_I64, at(opened), .flags = SHAPE_REQUIRED},                                                    \
        {"started", SHAPE_I64, at(started), .flags = SHAPE_REQUIRED},                                                  \
        {"finished", SHAPE_I64, at(finished), .flags = SHAPE_REQUIRED},                                                \
        {"answered_invited", SHAPE_I64, at(answered_invited), .flags = SHAPE_REQUIRED},                                \
    {                                                                                                                  \
        "last_ms", SHAPE_TIME, at(last_ms), .flags = SHAPE_REQUIRED                                                    \
    }
extern const struct shape survey_summary_shape;

err survey_list(struct ctx *ctx, struct surveys *surveys, struct shape_list *out);

/* ERR_NOT_FOUND (error.survey.none) without one of that id. What is counted (invited … last_ms) stays 0: that is survey_count's. */
err survey_get(struct ctx *ctx, struct surveys *surveys, i64 id, struct survey *out);

/* Counts a survey's invitations and responses. */
err survey_count(struct ctx *ctx, struct surveys *surveys, struct survey *survey);

/* A new survey with this draft. ERR_CONFLICT (error.saved.full) when there are too many. */
err survey_add(struct ctx *ctx, struct surveys *surveys, str by, const struct survey_document *document, i64 *id);

/* Replaces the draft. `etag` (may be none) is what the author saw: ERR_STALE (error.survey.stale) when another wrote since. */
err survey_put_draft(struct ctx *ctx, struct surveys *surveys, i64 id, const struct survey_document *document,
                     str etag);

/* Throws the draft away: the newest version is what is edited next. ERR_CONFLICT without a version. */
err survey_drop_draft(struct ctx *ctx, struct surveys *surveys, i64 id);

/* Makes the draft the next version and, at the first time, opens the survey. ERR_INVALID with the first problem of the draft, or
 * with /comparable/QUESTION where what is asked differs in more than words. */
struct survey_publishing {
    i64 id;
    str comparable; /* JSON {"q1":true}: only corrected, the series goes on; false: a new one in any case */
    str by, etag;
};
err survey_publish(struct ctx *ctx, struct surveys *surveys, const struct survey_publishing *with);

/* open, paused, closed or archived; ERR_CONFLICT (error.survey.unpublished) for a survey without a version. */
err survey_set_state(struct ctx *ctx, struct surveys *surveys, i64 id, enum survey_state state);
err survey_set_access(struct ctx *ctx, struct surveys *surveys, i64 id, enum survey_access access);

/* ERR_CONFLICT (error.survey.answered) when somebody has answered it: close or archive it then. */
err survey_remove(struct ctx *ctx, struct surveys *surveys, i64 id, struct survey *removed);

struct survey_version {
    i64 version, published_ms;
    str by;
    i64 responses; /* with an answer: where survey_version_answers counted them (results.h) */
    str document;  /* JSON */
};
err survey_versions(struct ctx *ctx, struct surveys *surveys, i64 id, struct shape_list *out);
extern const struct shape survey_version_shape;

/* A published version; ERR_NOT_FOUND (error.survey.no_version). */
err survey_version_get(struct ctx *ctx, struct surveys *surveys, i64 id, i64 version, struct survey_version *about,
                       struct survey_document *out);

/* Gives the questions of `document` their series. `earlier` are the documents of all versions, oldest first. */
struct survey_history {
    const struct survey_document *versions;
    i64 count;
};
err survey_series(struct ctx *ctx, i64 survey, const struct survey_history *earlier, str comparable,
                  struct survey_document *document);

/* A question as a document asks it: in the document's languages. */
struct survey_asked {
    const struct survey_document *in;
    const struct survey_question *question;
};

/* Is the question the bank's, word for word? bank.c. */
bool survey_bank_same(struct ctx *ctx, const struct survey_asked *asked);

/* Do two questions ask the same thing in the same words? `words`: in every language that both documents have, and not without such
 * a language. `meaning` looks at type, scale, polarity and options. */
bool survey_same_meaning(const struct survey_question *a, const struct survey_question *b);
bool survey_same_words(struct ctx *ctx, const struct survey_asked *one, const struct survey_asked *other);

struct store *surveys_store(struct surveys *surveys);
