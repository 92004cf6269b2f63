/* The questions that the demo company keeps, and the dashboard they are on. */
#pragma once

#include "store/store.h"

/* Saves them as a user would. */
err board_hang(struct ctx *ctx, struct store *store);
