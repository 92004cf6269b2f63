/* The demo company's rules, the words its customers agreed to, and who agreed. */
#pragma once

#include "store/store.h"

/* After its events came, so that none of them sets a rule off. Inside store_write. */
err house_rules_hang(struct ctx *ctx, struct store *store);
