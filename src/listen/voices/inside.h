/* What the files of voices share. Nobody else includes this. */
#pragma once

#include "listen/voices/filter.h"

#include <stdatomic.h>

struct voices {
    struct store *store;
    bool shared;     /* other processes write the same records */
    i64 cursor;      /* everything up to this event is in the rows */
    i64 kept_cursor; /* as it is written down */
    i64 unkept;      /* events since then */
    bool whole;      /* shared: what was in the log before is there too */
    _Atomic i64 taken;
};

/* "[1,2,3]": how statements take many ids at once. */
str ids_text(struct arena *arena, const i64 *ids, i64 count);

/* A sight as lists for a statement; none: everything is in sight. */
struct sight_texts {
    str places, touchpoints;
};
struct sight_texts feedback_sight_texts(struct arena *arena, const struct feedback_sight *sight);

/* What a person set by hand; which members are meant is said beside it. */
struct correction {
    i32 class, emotion, language; /* enum text_class, text_emotion, text_language */
    bool complaint, spam;
    struct shape_list topics; /* struct said_topic */
    str touchpoint;           /* empty: none */
};
extern const struct shape correction_shape;
err correction_parse(struct ctx *ctx, str corrected, struct correction *out, shape_seen *seen);
void correction_apply(struct ctx *ctx, const struct correction *correction, shape_seen seen, struct feedback *row);

/* read.c: what the words of a row say, with what somebody corrected. `corrected` is JSON or none. */
void feedback_read(struct ctx *ctx, struct feedback *row);
bool feedback_knows_topic(str word);
err feedback_correct(struct ctx *ctx, struct feedback *row, str corrected);

/* take.c: is this event a feedback? And the row of one. */
bool feedback_is(const struct event *event);
err feedback_of(struct ctx *ctx, const struct event *event, struct feedback *out);

/* write.c: rows that are not there yet, with what staff decided about them; inside store_write. */
err feedback_write(struct ctx *ctx, struct voices *voices, struct feedback *rows, i64 count);
