#include "api/routes.h"

const struct route_table *const api_tables[] = {
    &glossary_routes,
    &live_routes,
    &operate_routes,
};
const i64 api_table_count = countof(api_tables);
