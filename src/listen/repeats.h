/* How often the same line has occurred in a file so far: exact, for files of any length.
 *
 * The counts live in a file of their own that is mapped into memory, so the
 * kernel may write them out; the process itself holds nothing. 16 bytes a slot:
 *
 *     | 96 bits of the line's hash | count |
 */
#pragma once

#include "base/ctx.h"

struct repeats;

/* `path` is created and has no name any more when this returns: nothing is left behind by a crash. */
err repeats_open(struct ctx *ctx, const char *path, struct repeats **out);
void repeats_close(struct repeats *repeats);

/* Counts a line and gives its number among equal ones: 1 for the first. */
err repeats_add(struct ctx *ctx, struct repeats *repeats, struct u128 line, i64 *number);
