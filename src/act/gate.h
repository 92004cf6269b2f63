/* The one gate in front of everything that is sent (act/send.h). Inside act/ alone. */
#pragma once

#include "act/state.h"

enum gate_verdict {
    GATE_OPEN,    /* it is marked as being sent */
    GATE_LATER,   /* at passing.due_ms */
    GATE_REFUSED, /* the reason is in the row */
    GATE_SENT,    /* it was sent before; what follows may be missing */
    GATE_GONE,    /* cancelled, or erased */
};

struct passing {
    struct act *act;
    struct send send; /* .id is given */
    struct receiver to;
    i64 now_ms;
    bool at_once; /* may go out in quiet hours, as far as the purpose lets it */
    enum gate_verdict verdict;
    i64 due_ms;
};

/* Decides and writes down what was decided; inside store_write, so that no two messages are both the last that is allowed. `arg`
 * is a struct passing. */
err gate_pass(struct ctx *ctx, struct store *store, void *arg);

/* An address as the list of addresses that do not exist knows it. */
str gate_address(struct ctx *ctx, const struct act *act, str address);
