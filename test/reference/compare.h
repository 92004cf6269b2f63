/* Two answers side by side. */
#pragma once

#include "json/read.h"

/* The same rows in the same order, with the same members; numbers within 1e-9. `at` names the first difference. */
bool same_json(struct arena *arena, struct json a, struct json b, str *at);

/* Has the answer anything in it? Rows of nothing but zeros are none. */
bool says_something(struct json answer);
