/* The actions that need no other room: webhook and notify; and what actions of other rooms share with them. */
#pragma once

#include "act/act.h"

/* Called by act_open's caller before the others are added. */
void actions_add(struct act *act);

/* "purpose" of an action, or the usual one. ERR_INVALID for a word that is none. */
err action_purpose(struct ctx *ctx, struct json action, enum purpose usual, i32 *purpose);

/* "target" of an action: a webhook target that is there. ERR_INVALID otherwise. */
err action_target(struct ctx *ctx, struct act *act, struct json action, i64 *id);

/* The cause of what an action of a run sends. */
str action_cause(struct ctx *ctx, const struct firing *firing);

/* "person":{…} of a payload; nothing about nobody. */
void payload_person(struct ctx *ctx, const struct receiver *to, struct json_writer *out);
