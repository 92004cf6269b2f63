#include "api/routes.h"

// A line each, so that lists that grow on two branches still merge.
/* clang-format off */
const struct route_table *const api_tables[] = {
    &analysis_routes,
    &ask_routes,
    &asks_routes,
    &audit_routes,
    &behind_routes,
    &benchmarks_routes,
    &consents_routes,
    &dashboards_routes,
    &debugger_routes,
    &demo_routes,
    &feedback_routes,
    &glossary_routes,
    &health_routes,
    &imports_routes,
    &journeys_routes,
    &keys_routes,
    &live_routes,
    &operate_routes,
    &opt_outs_routes,
    &people_routes,
    &promises_routes,
    &proposals_routes,
    &questions_routes,
    &respond_routes,
    &rules_routes,
    &sample_routes,
    &sends_routes,
    &session_routes,
    &settings_routes,
    &survey_links_routes,
    &surveys_routes,
    &system_routes,
    &tracking_routes,
    &users_routes,
    &webhook_targets_routes,
};
/* clang-format on */
const i64 api_table_count = countof(api_tables);
