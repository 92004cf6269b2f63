/* The API's description, from the routes and shapes that serve it: OpenAPI 3.1 for programs, one page for people. */
#pragma once

#include "http/http.h"

struct openapi {
    const struct route_table *const *tables;
    i64 table_count;
    enum language language; /* of summaries and explanations */
    str server;             /* the public address */
};

str openapi_text(struct arena *arena, const struct openapi *api);

/* An HTML page without scripts; its style is the file /docs.css. */
str reference_page(struct arena *arena, const struct openapi *api);
str reference_style(void);
