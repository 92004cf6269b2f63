/* Properties of an event: the value behind a name, and all of them as lists. */
#pragma once

#include "json/read.h"

enum {
    PROP_TEXT_MAX = 200, /* bytes of a value that count */
    PROP_NAME_MAX = 195, /* bytes of a name that can be asked for ("prop:NAME", at most 200) */
};

/* The properties as an object; false when there are none. */
bool props_parse(struct ctx *ctx, str text, struct json *out);

/* The value behind a dotted name in an object; a member whose own name has dots comes first. */
struct json props_find(struct json props, str name);

/* A property's value as the text that conditions compare: strings as they are, numbers and true/false as JSON writes them, at most
 * PROP_TEXT_MAX bytes; none for null, lists and objects. `number` holds the digits. */
str props_text(struct json value, char number[32]);

/* Every property that can be asked for, once: its name, its text as above, and the number that "greater" and "less" see in that
 * text (not a number: NaN). What we keep for ourselves below "$" is nobody's property. */
struct prop_list {
    str *names, *texts;
    f64 *numbers;
    i64 count;
};
void props_list(struct arena *arena, struct json props, struct prop_list *out);
