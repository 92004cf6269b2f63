/* A fuzz target: whatever the bytes are, nothing crashes, leaks or breaks a promise.
 *
 * An input that ever broke something is kept in test/fuzz/corpus/NAME/ and replayed by `make test`.
 */
#pragma once

#include "base/ctx.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len);

static inline str fuzz_str(const u8 *bytes, size_t len)
{
    return (str){len > 0 ? (const char *)bytes : "", (i64)len};
}
