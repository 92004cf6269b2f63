#include "events/state.h"

#include "base/clock.h"
#include "base/log.h"

#include <sys/statvfs.h>

enum { RESERVE_BYTES = 64 << 20, LOOK_NS = 200 * 1000 * 1000, RETRY_S = 30 };

err fail_readonly(struct ctx *ctx)
{
    err code = FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
    ctx->fault.retry_after_s = RETRY_S;
    return code;
}

bool space_left(struct events *log)
{
    struct statvfs disk;
    atomic_store(&log->space_ns, clock_steady_ns());
    i64 reserve = log->options.reserve_bytes == 0 ? RESERVE_BYTES : log->options.reserve_bytes;
    bool was = atomic_load(&log->readonly);
    bool low = false;
    if (reserve > 0 && statvfs(log->folder.data, &disk) == 0) {
        i64 free_bytes = (i64)disk.f_bavail * (i64)disk.f_frsize;
        // A little more than it takes to stop is needed to go on, so that it does not flicker.
        low = free_bytes < reserve + (was ? reserve / 16 : 0);
    }
    if (low != was) {
        atomic_store(&log->readonly, low);
        log_say(LOG_WARN, low ? "events_readonly" : "events_writable", NULL);
    }
    return !low;
}

bool space_left_recently(struct events *log)
{
    if (atomic_load(&log->readonly) && clock_steady_ns() - atomic_load(&log->space_ns) > LOOK_NS) {
        return space_left(log);
    }
    return !atomic_load(&log->readonly);
}
