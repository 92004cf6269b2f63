/* The records as whole tables: copied into another store, compared, digested. Which tables there are and what columns they
 * have is taken from the migrations (table_texts); those that only running processes need are left out.
 */
#pragma once

#include "base/hash.h"
#include "store/store.h"

struct tables_sum {
    i64 rows;
    struct sha256 digest; /* over every column of every row, table by table in the order of their keys */
};

/* Inside store_read of a store that others write. */
err tables_digest(struct ctx *ctx, struct store *store, struct tables_sum *out);

/* Are all of them empty? */
err tables_empty(struct ctx *ctx, struct store *store, bool *out);

/* Makes the tables of `to` equal to those of `from`: what is equal already stays untouched, so a copy that was interrupted
 * goes on where it was. Inside store_read of `from`. `changed` is how many rows were written or removed. */
err tables_copy(struct ctx *ctx, struct store *from, struct store *to, i64 *changed);
