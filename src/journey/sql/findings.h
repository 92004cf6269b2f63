/* What findings are made of, counted by ClickHouse. */
#pragma once

#include "journey/findings_count.h"

/* As findings_prepare: `read` of what it makes asks ClickHouse. */
err sql_findings_prepare(const struct asking *asking, i64 from_ms, struct findings_count *out);
