#include "base/progress.h"

void progress_begin(struct progress *progress, const char *doing, i64 of, i32 from, i32 to)
{
    if (progress == NULL) {
        return;
    }
    // Readers may see half of this; the share is then off for a moment.
    atomic_store(&progress->done, 0);
    atomic_store(&progress->of, of);
    atomic_store(&progress->from, from);
    atomic_store(&progress->to, to);
    atomic_store(&progress->doing, doing);
}

void progress_add(struct progress *progress, i64 count)
{
    if (progress != NULL) {
        atomic_fetch_add(&progress->done, count);
    }
}

f64 progress_share(const struct progress *progress)
{
    if (progress == NULL) {
        return 0;
    }
    i64 done = atomic_load(&progress->done);
    i64 of = atomic_load(&progress->of);
    f64 from = atomic_load(&progress->from);
    f64 to = atomic_load(&progress->to);
    f64 part = of > 0 ? (f64)lesser(done, of) / (f64)of : 0;
    return (from + (to - from) * part) / 100;
}
