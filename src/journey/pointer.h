/* JSON pointers (RFC 6901) while descending into an input: where a fault is. */
#pragma once

#include "json/read.h"

/* Descends into a member or an item; returns the pointer to restore afterwards. */
str pointer_enter(struct ctx *ctx, str name);
str pointer_enter_index(struct ctx *ctx, i64 index);

/* Has an object no other members than these (a list that ends with NULL)? ERR_INVALID names the first other one, and what is
 * allowed; the pointer is then at it. */
err pointer_members(struct ctx *ctx, struct json object, const char *const *keys);
