#include "listen/voices/feedback.h"

#include "people/people.h"

static const struct shape_field said_fields[] = {
    {"topic", SHAPE_STR, offsetof(struct said_topic, topic), .min = 1, .max = 60, .flags = SHAPE_REQUIRED,
     .help = "shape.feedback.topic"},
    {"polarity", SHAPE_F64, offsetof(struct said_topic, polarity), .min = -1, .max = 1,
     .help = "shape.feedback.polarity"},
};
const struct shape said_topic_shape = SHAPE("FeedbackTopic", struct said_topic, said_fields, "shape.feedback_topic");

static const struct shape_field person_fields[] = {
    {"id", SHAPE_ID, offsetof(struct feedback_person, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct feedback_person, name)},
};
static const struct shape person_shape = SHAPE("FeedbackPerson", struct feedback_person, person_fields,
                                               "shape.feedback_person");

enum { PERSONAL = SHAPE_PERSONAL | SHAPE_OMIT_NONE };

static const struct shape_field feedback_fields[] = {
    {"id", SHAPE_ID, offsetof(struct feedback, id), .flags = SHAPE_REQUIRED},
    {"at_ms", SHAPE_TIME, offsetof(struct feedback, at_ms), .flags = SHAPE_REQUIRED, .help = "shape.feedback.at_ms"},
    {"received_ms", SHAPE_TIME, offsetof(struct feedback, received_ms), .flags = SHAPE_REQUIRED},
    {"person", SHAPE_MAYBE_OBJECT, offsetof(struct feedback, person), .of = &person_shape, .flags = PERSONAL},
    {"alias", SHAPE_STR, offsetof(struct feedback, alias), .flags = PERSONAL},
    {"source", SHAPE_STR, offsetof(struct feedback, source), .flags = SHAPE_REQUIRED, .help = "shape.feedback.source"},
    {"kind", SHAPE_STR, offsetof(struct feedback, kind), .flags = SHAPE_REQUIRED},
    {"channel", SHAPE_STR, offsetof(struct feedback, channel)},
    {"place", SHAPE_STR, offsetof(struct feedback, place)},
    {"touchpoint", SHAPE_STR, offsetof(struct feedback, touchpoint), .help = "shape.feedback.touchpoint"},
    {"metric", SHAPE_STR, offsetof(struct feedback, metric)},
    {"question", SHAPE_STR, offsetof(struct feedback, question)},
    {"version", SHAPE_MAYBE_I64, offsetof(struct feedback, version)},
    {"survey", SHAPE_STR, offsetof(struct feedback, survey)},
    {"response", SHAPE_STR, offsetof(struct feedback, response)},
    {"score", SHAPE_MAYBE_F64, offsetof(struct feedback, score)},
    {"scale", SHAPE_STR, offsetof(struct feedback, scale)},
    {"reversed", SHAPE_BOOL, offsetof(struct feedback, reversed), .help = "shape.feedback.reversed"},
    {"text", SHAPE_STR, offsetof(struct feedback, text), .flags = PERSONAL},
    {"language", SHAPE_STR, offsetof(struct feedback, language), .help = "shape.feedback.language"},
    {"sentiment", SHAPE_MAYBE_F64, offsetof(struct feedback, sentiment), .help = "shape.feedback.sentiment"},
    {"class", SHAPE_STR, offsetof(struct feedback, class), .help = "shape.feedback.class"},
    {"emotion", SHAPE_STR, offsetof(struct feedback, emotion), .help = "shape.feedback.emotion"},
    {"complaint", SHAPE_BOOL, offsetof(struct feedback, complaint)},
    {"spam", SHAPE_BOOL, offsetof(struct feedback, spam), .help = "shape.feedback.spam"},
    {"topics", SHAPE_JSON, offsetof(struct feedback, said), .help = "shape.feedback.topics"},
    {"label", SHAPE_STR, offsetof(struct feedback, label), .help = "shape.feedback.label"},
    {"confidence", SHAPE_MAYBE_F64, offsetof(struct feedback, confidence)},
    {"status", SHAPE_STR, offsetof(struct feedback, status), .flags = SHAPE_REQUIRED, .help = "shape.feedback.status"},
    {"owner", SHAPE_ID, offsetof(struct feedback, owner), .help = "shape.feedback.owner"},
    {"product", SHAPE_STR, offsetof(struct feedback, product), .flags = SHAPE_OMIT_NONE},
    {"author", SHAPE_STR, offsetof(struct feedback, author), .flags = PERSONAL},
    {"url", SHAPE_STR, offsetof(struct feedback, url), .flags = PERSONAL},
};
const struct shape feedback_shape = SHAPE("Feedback", struct feedback, feedback_fields, "shape.feedback");

static const struct shape_field row_fields[] = {
    {"position", SHAPE_I64, offsetof(struct feedback, position)},
    {"id", SHAPE_I64, offsetof(struct feedback, id)},
    {"at_ms", SHAPE_I64, offsetof(struct feedback, at_ms)},
    {"received_ms", SHAPE_I64, offsetof(struct feedback, received_ms)},
    {"import", SHAPE_ID, offsetof(struct feedback, import)},
    {"alias", SHAPE_STR, offsetof(struct feedback, alias)},
    {"source", SHAPE_STR, offsetof(struct feedback, source)},
    {"kind", SHAPE_STR, offsetof(struct feedback, kind)},
    {"channel", SHAPE_STR, offsetof(struct feedback, channel)},
    {"place", SHAPE_STR, offsetof(struct feedback, place)},
    {"touchpoint", SHAPE_STR, offsetof(struct feedback, touchpoint)},
    {"metric", SHAPE_STR, offsetof(struct feedback, metric)},
    {"question", SHAPE_STR, offsetof(struct feedback, question)},
    {"version", SHAPE_MAYBE_I64, offsetof(struct feedback, version)},
    {"survey", SHAPE_STR, offsetof(struct feedback, survey)},
    {"response", SHAPE_STR, offsetof(struct feedback, response)},
    {"score", SHAPE_MAYBE_F64, offsetof(struct feedback, score)},
    {"scale", SHAPE_STR, offsetof(struct feedback, scale)},
    {"reversed", SHAPE_BOOL, offsetof(struct feedback, reversed)},
    {"has_text", SHAPE_BOOL, offsetof(struct feedback, has_text)},
    {"language", SHAPE_STR, offsetof(struct feedback, language)},
    {"sentiment", SHAPE_MAYBE_F64, offsetof(struct feedback, sentiment)},
    {"class", SHAPE_STR, offsetof(struct feedback, class)},
    {"emotion", SHAPE_STR, offsetof(struct feedback, emotion)},
    {"complaint", SHAPE_BOOL, offsetof(struct feedback, complaint)},
    {"spam", SHAPE_BOOL, offsetof(struct feedback, spam)},
    {"topics", SHAPE_I64, offsetof(struct feedback, topics)},
    {"topics_good", SHAPE_I64, offsetof(struct feedback, topics_good)},
    {"topics_bad", SHAPE_I64, offsetof(struct feedback, topics_bad)},
    {"label", SHAPE_STR, offsetof(struct feedback, label)},
    {"confidence", SHAPE_MAYBE_F64, offsetof(struct feedback, confidence)},
    {"status", SHAPE_STR, offsetof(struct feedback, status)},
    {"owner", SHAPE_ID, offsetof(struct feedback, owner)},
    {"text", SHAPE_STR, offsetof(struct feedback, text)},
    {"said", SHAPE_STR, offsetof(struct feedback, said)},
    {"product", SHAPE_STR, offsetof(struct feedback, product)},
    {"author", SHAPE_STR, offsetof(struct feedback, author)},
    {"url", SHAPE_STR, offsetof(struct feedback, url)},
};
const struct shape feedback_row_shape = SHAPE("FeedbackRow", struct feedback, row_fields, NULL);

static err show_person(struct ctx *ctx, struct people *people, struct feedback *row)
{
    struct identity *identity = people_identity(people);
    identity_lock(identity);
    alias_no no = identity_find(identity, row->alias);
    i64 id = no == 0 ? 0 : identity_id(identity, identity_person(identity, no));
    identity_unlock(identity);
    struct person person;
    err code = id == 0 ? ERR_NOT_FOUND : people_get(ctx, people, id, &person);
    if (code == ERR_NOT_FOUND) {
        return OK; // nobody's, or erased in between
    }
    TRY(code);
    row->person = arena_new(&ctx->arena, struct feedback_person, 1);
    *row->person = (struct feedback_person){person.id, person.name};
    return OK;
}

err feedback_show(struct ctx *ctx, struct people *people, struct feedback *items, i64 count)
{
    TRY(people_catch_up(ctx, people));
    for (i64 i = 0; i < count; i++) {
        if (str_is(items[i].alias)) {
            TRY(show_person(ctx, people, &items[i]));
        }
    }
    return OK;
}
