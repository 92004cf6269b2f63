/* The questions that the demo company keeps, the dashboard they are on, and what it promises its customers. */
#pragma once

#include "store/store.h"

/* Saves them as a user would. */
err board_hang(struct ctx *ctx, struct store *store);
