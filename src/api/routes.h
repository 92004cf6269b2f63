/* Every route of the server. One table per resource; routes.c lists the tables. */
#pragma once

#include "http/http.h"

extern const struct route_table *const api_tables[];

/* Each is at the end of its resource's file. */
extern const struct route_table analysis_routes;
extern const struct route_table ask_routes;
extern const struct route_table asks_routes;
extern const struct route_table audit_routes;
extern const struct route_table behind_routes;
extern const struct route_table benchmarks_routes;
extern const struct route_table consents_routes;
extern const struct route_table dashboards_routes;
extern const struct route_table debugger_routes;
extern const struct route_table demo_routes;
extern const struct route_table feedback_routes;
extern const struct route_table feedback_views_routes;
extern const struct route_table feedback_work_routes;
extern const struct route_table glossary_routes;
extern const struct route_table health_routes;
extern const struct route_table imports_routes;
extern const struct route_table invitations_routes;
extern const struct route_table journeys_routes;
extern const struct route_table keys_routes;
extern const struct route_table live_routes;
extern const struct route_table models_routes;
extern const struct route_table mentions_routes;
extern const struct route_table operate_routes;
extern const struct route_table pains_routes;
extern const struct route_table people_routes;
extern const struct route_table promises_routes;
extern const struct route_table proposals_routes;
extern const struct route_table questions_routes;
extern const struct route_table respond_routes;
extern const struct route_table responses_routes;
extern const struct route_table rules_routes;
extern const struct route_table sample_routes;
extern const struct route_table session_routes;
extern const struct route_table settings_routes;
extern const struct route_table survey_links_routes;
extern const struct route_table surveys_routes;
extern const struct route_table studies_routes;
extern const struct route_table system_routes;
extern const struct route_table tracking_routes;
extern const struct route_table opt_outs_routes;
extern const struct route_table sends_routes;
extern const struct route_table webhook_targets_routes;
extern const struct route_table users_routes;

extern const i64 api_table_count;
