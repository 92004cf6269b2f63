// The standard library knows the shortest text of a floating number (std::to_chars); C has no such function.
extern "C" {
#include "json/write.h"
}

#include <charconv>

extern "C" i64 f64_text(f64 number, char out[32])
{
    std::to_chars_result result = std::to_chars(out, out + 32, number);
    return result.ptr - out;
}
