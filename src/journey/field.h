/* What a question can look at: the fields of an event and of the person behind it. */
#pragma once

#include "base/ctx.h"
#include "journey/index.h"

enum field_kind {
    FIELD_WORD, /* kind, channel, place, source, metric, question, scale, currency, and the touchpoint that the sender
                 * declared: "touchpoint" in a map, "declared" in a question */
    FIELD_TOUCHPOINT, /* the derived touchpoint */
    FIELD_STAGE,      /* the stage of the derived touchpoint */
    FIELD_DEPARTMENT, /* the department that owns it: only scope (11.15) asks for it */
    FIELD_VERSION,    /* the journey's version in force at the event */
    FIELD_JOURNEY,    /* is it on a touchpoint of this journey? */
    FIELD_SCORE,
    FIELD_AMOUNT, /* minor units */
    FIELD_TEXT,   /* did the customer say something? exists only: the words themselves are in the log */
    FIELD_PROP,   /* prop:NAME */
    FIELD_TRAIT,  /* trait:NAME of the person */
};

struct field {
    enum field_kind kind;
    enum word word; /* FIELD_WORD */
    str name;       /* behind prop: and trait: */
};

/* Where the field is used: each place knows another set. */
enum field_use {
    FIELD_IN_QUESTION, /* where of a question */
    FIELD_IN_MAP,      /* where and when of a touchpoint: facts of the event alone */
    FIELD_IN_BY,       /* dimensions: no numbers */
};

/* ERR_INVALID (error.ask.field) names the fields that are allowed there. The text is borrowed. */
err field_parse(struct ctx *ctx, str text, enum field_use use, struct field *out);

bool field_is_number(const struct field *field);
