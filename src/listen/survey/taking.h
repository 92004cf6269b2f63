/* Taking one submission: what its parts share. */
#pragma once

#include "listen/survey/logic.h"
#include "listen/survey/response.h"

struct taking {
    struct surveys *surveys;
    const struct submission *submission;
    struct gate gate;
    i64 at_ms; /* when it was answered */
    struct response response;
    bool created, again, repeated;

    struct survey_document document; /* of the response's version */
    struct survey_answer *answers;   /* as they stand now, by place in the document */
    struct survey_answer *counted;   /* those that are events already, likewise */
    struct hidden_field *hidden;
    i64 hidden_count;
    struct survey_way way;
};

/* When it was answered: now, but for a kiosk, which may have been without a network. */
err taking_moment(struct ctx *ctx, struct taking *taking);

/* Reads, walks, counts and stores. Inside store_write. */
err taking_write(struct ctx *ctx, struct taking *taking);

/* Are these the answers with which the response was finished? True where that is not known any more, and where none are given. */
err taking_is_same(struct ctx *ctx, struct taking *taking, bool *same);

/* Whose answers they are: the invited person's, else the anonymous id that the page gave, else nobody's. */
str taking_alias(struct ctx *ctx, const struct taking *taking);

/* A hash of where it came from: bursts from one device are seen, the address is not kept. */
str taking_device(struct ctx *ctx, const struct taking *taking);
