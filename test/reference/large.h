/* The same worlds in ClickHouse: the questions in SQL beside the reference. */
#pragma once

#include "events/clickhouse.h"
#include "scene.h"

/* Makes a database of its own with empty tables on the servers of an address (CHAM_TEST_CLICKHOUSE, CHAM_TEST_CLUSTER). */
struct clickhouse *told_open(str url);
void told_close(struct clickhouse *ch);

/* Puts what the world is now in the place of what was there, and lets the scene's rooms ask it. */
void large_tell(struct clickhouse *ch, struct scene *scene);
