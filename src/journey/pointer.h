/* JSON pointers (RFC 6901) while descending into an input: where a fault is. */
#pragma once

#include "base/ctx.h"

/* Descends into a member or an item; returns the pointer to restore afterwards. */
str pointer_enter(struct ctx *ctx, str name);
str pointer_enter_index(struct ctx *ctx, i64 index);
