/* Feedback: whatever a person said or scored, whichever way it came, as one row of one inbox.
 *
 *     event with words or a score ─► take ─► read (text/reading.h) ─► feedback, feedback_texts, search words
 *                                              corrections win  ◄──── feedback_work
 *
 * The room follows the log. Its rows are derived: they are made anew from the log when they are not there, when what
 * reads the words has become another version, and by `cham rebuild`. What staff decide (status, owner, corrections, links
 * to pain points) is truth and stands beside them.
 *
 * Rows are ordered by `position`: when it was said, then the order of arrival. It is one number, so that a page, a search
 * and a period are a stretch of it.
 */
#pragma once

#include "events/log.h"
#include "guard/guard.h"
#include "json/shape.h"
#include "store/store.h"

struct people;
struct voices;

extern const char *const feedback_source_words[]; /* survey, review … */
enum feedback_source {
    SOURCE_SURVEY,
    SOURCE_REVIEW,
    SOURCE_MENTION,
    SOURCE_COMPLAINT,
    SOURCE_INTERVIEW,
    SOURCE_CALL,
    SOURCE_CHAT,
    SOURCE_EMAIL,
    SOURCE_OTHER,
    SOURCE_COUNT_,
};

extern const char *const feedback_status_words[];
enum feedback_status { STATUS_NEW, STATUS_READ, STATUS_WAITING, STATUS_DONE, STATUS_IGNORED, STATUS_COUNT_ };

/* A topic that is spoken of. */
struct said_topic {
    str topic;
    f64 polarity; /* -1 to 1 */
};
extern const struct shape said_topic_shape;

struct feedback_person {
    i64 id;
    str name;
};

struct feedback {
    i64 id; /* the event's */
    i64 position;
    i64 at_ms, received_ms, import;
    str alias;
    struct feedback_person *person; /* filled in by feedback_show; NULL: nobody is known */
    str source, kind, channel, place, touchpoint, metric, question;
    struct maybe_i64 version;
    str survey, response;
    struct maybe_f64 score;
    str scale;
    bool reversed, has_text;
    str language;
    struct maybe_f64 sentiment;
    str class, emotion;
    bool complaint, spam;
    i64 topics, topics_good, topics_bad; /* bit k: text_topic_words[k] */
    str label;
    struct maybe_f64 confidence;
    str status;
    i64 owner;
    str text;
    str said; /* JSON: its topics */
    str product, author, url;
};

/* The row as readers get it. */
extern const struct shape feedback_shape;

/* The row as the records have it, for statements. */
extern const struct shape feedback_row_shape;

/* The position of the first feedback of a moment. */
i64 feedback_position(i64 at_ms);

/* Reads how far it is; what another version read is put away, so that the log is followed again. `again`: all of it is. */
err voices_open(struct ctx *ctx, struct store *store, bool again, struct voices **out);
void voices_close(struct voices *voices);

/* The room as a follower of the log; as people_follower. */
struct event_follower voices_follower(struct voices *voices);

/* Where records are shared: takes in what was in the log before it was followed, if nobody has. With progress. */
err voices_catch_up(struct ctx *ctx, struct voices *voices, struct events *log);

/* How far the log was followed, written down when it closes. */
err voices_keep_cursor(struct ctx *ctx, struct voices *voices);

/* How many rows came since it was opened: for notices. */
i64 voices_taken(const struct voices *voices);

/* Fills in persons. */
err feedback_show(struct ctx *ctx, struct people *people, struct feedback *items, i64 count);
