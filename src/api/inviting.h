/* Survey invitations as an action of rules and as something people send by hand: where the room of rules meets that of surveys. */
#pragma once

#include "api/app.h"

struct act;

/* The action "survey" and who makes its messages. */
void inviting_add(struct app *app);

/* The cause of an invitation by hand: one for each person of one sending. */
struct invite_by_hand {
    i64 survey;
    str alias; /* of the person */
    i32 channel;
    i64 target;
    str batch; /* names the sending: the same person is invited once by it */
    str by;
};
err invite(struct ctx *ctx, struct app *app, const struct invite_by_hand *with);
