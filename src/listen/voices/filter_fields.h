/* The members of a filter, for shapes that hold one among other members: `at` is where in the struct it stands. */
#pragma once

#include "listen/voices/filter.h"

enum { FILTER_VALUES_MAX = 200, FILTER_VALUE_MAX = 500, FILTER_WORDS_MAX = 300, FILTER_IDS_MAX = 1000 };

#define FEEDBACK_FILTER_AT(at, member) ((at) + offsetof(struct feedback_filter, member))
#define FEEDBACK_FILTER_LIST(at, member, text)                                                                         \
    {                                                                                                                  \
#member, SHAPE_STRS, FEEDBACK_FILTER_AT(at, member), .max = FILTER_VALUES_MAX, .help = (text)                  \
    }

#define FEEDBACK_FILTER_FIELDS(at)                                                                                     \
    {"q", SHAPE_STR, FEEDBACK_FILTER_AT(at, q), .max = FILTER_WORDS_MAX, .help = "shape.feedback_filter.q"},           \
        FEEDBACK_FILTER_LIST(at, source, "shape.feedback.source"), FEEDBACK_FILTER_LIST(at, kind, NULL),               \
        FEEDBACK_FILTER_LIST(at, channel, NULL), FEEDBACK_FILTER_LIST(at, place, NULL),                                \
        FEEDBACK_FILTER_LIST(at, touchpoint, NULL), FEEDBACK_FILTER_LIST(at, metric, NULL),                            \
        FEEDBACK_FILTER_LIST(at, question, NULL), FEEDBACK_FILTER_LIST(at, survey, NULL),                              \
        FEEDBACK_FILTER_LIST(at, response, NULL), FEEDBACK_FILTER_LIST(at, class, "shape.feedback.class"),             \
        FEEDBACK_FILTER_LIST(at, emotion, "shape.feedback.emotion"),                                                   \
        FEEDBACK_FILTER_LIST(at, topic, "shape.feedback_filter.topic"),                                                \
        FEEDBACK_FILTER_LIST(at, language, "shape.feedback.language"),                                                 \
        FEEDBACK_FILTER_LIST(at, status, "shape.feedback.status"), FEEDBACK_FILTER_LIST(at, scale, NULL),              \
        FEEDBACK_FILTER_LIST(at, label, "shape.feedback.label"),                                                       \
        {"polarity", SHAPE_WORD, FEEDBACK_FILTER_AT(at, polarity), .words = feedback_polarity_words,                   \
         .help = "shape.feedback_filter.polarity"},                                                                    \
        {"complaint", SHAPE_WORD, FEEDBACK_FILTER_AT(at, complaint), .words = feedback_either_words},                  \
        {"spam", SHAPE_WORD, FEEDBACK_FILTER_AT(at, spam), .words = feedback_either_words},                            \
        {"has_text", SHAPE_WORD, FEEDBACK_FILTER_AT(at, has_text), .words = feedback_either_words,                     \
         .help = "shape.feedback_filter.has_text"},                                                                    \
        {"owner", SHAPE_STR, FEEDBACK_FILTER_AT(at, owner), .max = 20, .help = "shape.feedback_filter.owner"},         \
        {"pain", SHAPE_ID, FEEDBACK_FILTER_AT(at, pain), .help = "shape.feedback_filter.pain"},                        \
        {"person", SHAPE_STR, FEEDBACK_FILTER_AT(at, person), .max = FILTER_VALUE_MAX,                                 \
         .help = "shape.feedback_filter.person"},                                                                      \
        {"score_gte", SHAPE_MAYBE_F64, FEEDBACK_FILTER_AT(at, score_gte)},                                             \
        {"score_lte", SHAPE_MAYBE_F64, FEEDBACK_FILTER_AT(at, score_lte)},                                             \
        {"from", SHAPE_STR, FEEDBACK_FILTER_AT(at, from), .max = 40, .help = "shape.feedback_filter.from"},            \
        {"to", SHAPE_STR, FEEDBACK_FILTER_AT(at, to), .max = 40, .help = "shape.feedback_filter.to"},                  \
    {                                                                                                                  \
        "ids", SHAPE_IDS, FEEDBACK_FILTER_AT(at, ids), .max = FILTER_IDS_MAX                                           \
    }
