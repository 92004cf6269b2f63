/* Conditions that name somebody: an address, a number, a trait of one person.
 *
 * They may be asked by whoever sees people, and are not kept: what is kept would
 * be read by those who do not, and would outlive an erasure.
 */
#pragma once

#include "base/ctx.h"
#include "json/read.h"

struct asked_rooms;

/* A question that was read well: ERR_INVALID (error.saved.names) at the field of a condition that compares a trait, or a
 * property that is known to have more than PROP_VALUES_MAX values, or any property with what looks like an e-mail address or a
 * telephone number. `rooms` may be NULL: then only what is compared with counts. */
err naming_refuse(struct ctx *ctx, const struct asked_rooms *rooms, struct json question);

/* Does a condition of this question look at a trait? */
bool naming_trait(struct json question);
