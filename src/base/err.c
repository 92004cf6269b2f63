#include "base/err.h"

#include "base/types.h"

const char *err_name(err code)
{
    static const char *const names[ERR_COUNT_] = {
        [OK] = "ok",
        [ERR_MALFORMED] = "malformed",
        [ERR_INVALID] = "invalid",
        [ERR_EMPTY] = "empty",
        [ERR_UNAUTHENTICATED] = "unauthenticated",
        [ERR_FORBIDDEN] = "forbidden",
        [ERR_NOT_FOUND] = "not_found",
        [ERR_METHOD] = "method",
        [ERR_CONFLICT] = "conflict",
        [ERR_GONE] = "gone",
        [ERR_STALE] = "stale",
        [ERR_TOO_LARGE] = "too_large",
        [ERR_BUSY] = "busy",
        [ERR_UNAVAILABLE] = "unavailable",
        [ERR_CANCELLED] = "cancelled",
        [ERR_IO] = "io",
        [ERR_CORRUPT] = "corrupt",
    };
    return (u32)code < ERR_COUNT_ ? names[code] : "unknown";
}
