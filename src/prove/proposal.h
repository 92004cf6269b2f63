/* Proposals: from what people said to what somebody decides.
 *
 *     feedback ──► pain point ──► proposal ──► decision ──► done ──► told
 *
 * A proposal asks for one decision, rests on pain points (and through them on
 * feedback), and keeps what was decided, by whom and when. When it is done,
 * exactly the people whose feedback lies behind it can be told so.
 */
#pragma once

#include "guard/guard.h"
#include "json/shape.h"
#include "store/store.h"

enum { PROPOSALS_MAX = 5000, PROPOSAL_PAINS_MAX = 50 };

enum proposal_state {
    PROPOSAL_DRAFT,
    PROPOSAL_ASKED, /* a decision is requested */
    PROPOSAL_APPROVED,
    PROPOSAL_DECLINED,
    PROPOSAL_DONE,
};
extern const char *const proposal_states[];

struct proposal {
    i64 id;
    str title;
    str why;        /* what people live through now */
    str what;       /* what is proposed */
    str decision;   /* what exactly is asked for: "Duyệt 120 triệu ₫ cho kho Đà Nẵng" */
    str touchpoint; /* may be empty */
    str department; /* who would carry it; may be empty */
    str meeting;    /* ISO date of the meeting that decides; may be empty */
    i32 state;      /* enum proposal_state */
    str note;       /* what was decided, and why */
    str decided_by;
    i64 decided_ms, done_ms, told_ms; /* 0: not yet */
    str survey;                       /* the survey that asks whether people noticed; may be empty */
    struct id_list pains;
    str by;
    i64 created_ms, changed_ms;
};
extern const struct shape proposal_shape; /* in and out: what only the server says is read-only */

struct proposal_filter {
    i32 state; /* enum proposal_state; -1: any */
    i64 pain;  /* 0: any */
};

/* Is this state a decision, or what follows from one? It needs the right to decide. */
bool proposal_decided(i32 state);

/* Fills in what only the server says. ERR_INVALID names a field; a pain point that is none is ERR_INVALID (error.proposal.pain);
 * ERR_CONFLICT (error.saved.full) when there are too many. This and changing write several rows: inside store_write. */
err proposal_add(struct ctx *ctx, struct store *store, const struct principal *who, struct proposal *proposal);

/* The newest first. */
err proposal_list(struct ctx *ctx, struct store *store, const struct proposal_filter *filter, struct shape_list *out);
err proposal_get(struct ctx *ctx, struct store *store, i64 id, struct proposal *out);

/* Replaces what is in the input. A decision keeps its moment and who made it: set when the state becomes approved or declined, kept
 * when it is done, cleared when it goes back. `before` is what is stored. */
err proposal_change(struct ctx *ctx, struct store *store, const struct principal *who, const struct proposal *before,
                    struct proposal *proposal);
err proposal_remove(struct ctx *ctx, struct store *store, i64 id, struct proposal *removed);

/* Remembers that people were told. */
err proposal_told(struct ctx *ctx, struct store *store, i64 id);
