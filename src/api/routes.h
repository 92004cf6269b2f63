/* Every route of the server. One table per resource; routes.c lists the tables. */
#pragma once

#include "http/http.h"

extern const struct route_table api_tables[];
extern const i64 api_table_count;
