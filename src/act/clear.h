/* Starting over: everything this room keeps, and what people agreed to. Inside store_write. */
#pragma once

#include "store/store.h"

err act_clear(struct ctx *ctx, struct store *store);
