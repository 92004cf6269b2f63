/* What a person sees before importing: the first rows, a map, and what is wrong with it. */
#pragma once

#include "json/shape.h"
#include "listen/import.h"

struct preview_request {
    str file, map; /* id of an upload; JSON or none: guess one */
};
extern const struct shape preview_request_shape;

struct preview_problem {
    str target, detail; /* "at", "score/0/metric"; a sentence */
};

struct preview_example {
    str target, values; /* JSON list: what the first rows become, null where they are refused */
};

struct preview {
    struct str_list columns;
    str rows; /* JSON: a list of lists of texts */
    str map;  /* JSON */
    str encoding, separator;
    i32 kind; /* enum rows_kind */
    struct str_list sheets;
    struct shape_list problems, examples;
};
extern const struct shape preview_shape;

/* ERR_NOT_FOUND (import.no_upload) or a failure of the file itself; mistakes in the map are problems in the answer. */
err import_preview(struct ctx *ctx, struct importer *importer, const struct preview_request *request,
                   enum language language, struct preview *out);
