#include "events/event.h"

static const struct shape_field event_fields[] = {
    {"id", SHAPE_ID, offsetof(struct event, id), .flags = SHAPE_READ_ONLY},
    {"at_ms", SHAPE_TIME, offsetof(struct event, at_ms)},
    {"received_ms", SHAPE_TIME, offsetof(struct event, received_ms)},
    {"source", SHAPE_STR, offsetof(struct event, source)},
    {"import", SHAPE_ID, offsetof(struct event, import)},
    {"alias", SHAPE_STR, offsetof(struct event, alias), .flags = SHAPE_PERSONAL},
    {"kind", SHAPE_STR, offsetof(struct event, kind)},
    {"channel", SHAPE_STR, offsetof(struct event, channel)},
    {"place", SHAPE_STR, offsetof(struct event, place)},
    {"touchpoint", SHAPE_STR, offsetof(struct event, touchpoint)},
    {"metric", SHAPE_STR, offsetof(struct event, metric)},
    {"question", SHAPE_STR, offsetof(struct event, question)},
    {"version", SHAPE_I64, offsetof(struct event, version)},
    {"score", SHAPE_MAYBE_F64, offsetof(struct event, score)},
    {"scale", SHAPE_STR, offsetof(struct event, scale)},
    {"reversed", SHAPE_BOOL, offsetof(struct event, reversed)},
    {"amount", SHAPE_MAYBE_I64, offsetof(struct event, amount)},
    {"currency", SHAPE_STR, offsetof(struct event, currency)},
    {"text", SHAPE_STR, offsetof(struct event, text), .flags = SHAPE_PERSONAL},
    {"props", SHAPE_JSON, offsetof(struct event, props), .flags = SHAPE_PERSONAL},
};
const struct shape event_shape = SHAPE("Event", struct event, event_fields, NULL);
