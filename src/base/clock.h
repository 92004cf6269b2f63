/* The two clocks: the wall for what is written down, the steady one for waiting and measuring. */
#pragma once

#include "base/types.h"

i64 clock_ms(void);        /* milliseconds since 1970, UTC; may jump */
i64 clock_steady_ns(void); /* nanoseconds since some moment; never goes back */
