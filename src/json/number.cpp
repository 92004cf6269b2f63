// The standard library knows the shortest text of a floating number (std::to_chars); C has no such function.
extern "C" {
#include "json/write.h"
}

#include <charconv>

// From here on a number without fraction needs an exponent: its digits alone would be read as an integer that does not fit.
static const f64 exponent_from = 1e18;

extern "C" i64 f64_text(f64 number, char out[32])
{
    // Adding 0 turns -0, which JSON readers take for an integer, into 0.
    f64 shown = number + 0.0;
    bool large = shown >= exponent_from || shown <= -exponent_from;
    std::to_chars_result result = large ? std::to_chars(out, out + 32, shown, std::chars_format::scientific)
                                        : std::to_chars(out, out + 32, shown);
    return result.ptr - out;
}
