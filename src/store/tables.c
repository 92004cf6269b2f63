#include "store/tables.h"

#include "base/progress.h"
#include "store/bind.h"

enum {
    PAGE_ROWS = 2000,
    PAGE_BYTES = 4 << 20, /* a page ends behind the row that reaches this */
    WRITTEN_ROWS = 10000, /* in one transaction */
};

struct item {
    struct store_arg *values; /* by column */
    str bytes;                /* all of them, for comparing and digesting */
};

/* A table read page by page in the order of its key. */
struct pages {
    struct store *store;
    const struct table_text *table;
    struct arena arenas[2]; /* of this page and of the one before, whose last row says where this one begins */
    i64 turn;
    struct item items[PAGE_ROWS];
    i64 count, at, bytes;
    bool ended;
};

static void add_number(struct buf *out, u64 number)
{
    for (int shift = 56; shift >= 0; shift -= 8) {
        buf_char(out, (char)(number >> shift & 0xff));
    }
}

/* One byte of type (0: NULL), then eight of a number, or of a length and the bytes. */
static void add_value(struct buf *out, const struct store_arg *value)
{
    u64 bits = (u64)value->integer;
    buf_char(out, value->none ? 0 : (char)value->type);
    if (value->none) {
        return;
    }
    switch (value->type) {
    case STORE_F64:
        memcpy(&bits, &value->number, sizeof bits);
        add_number(out, bits);
        break;
    case STORE_TEXT:
    case STORE_BYTES:
        add_number(out, (u64)value->text.len);
        buf_add(out, value->text);
        break;
    default: add_number(out, bits); break;
    }
}

static struct store_arg read_value(struct arena *arena, const struct store_row *row, const struct table_text *table,
                                   i32 column)
{
    const struct table_column *text = &table->columns[column];
    struct store_arg value = {.name = text->name, .none = row_null(row, column)};
    switch (text->type) {
    case OF_I64:
        value.type = STORE_I64;
        value.integer = row_i64(row, column);
        break;
    case OF_F64:
        value.type = STORE_F64;
        value.number = row_f64(row, column);
        break;
    case OF_TEXT:
    case OF_BYTES:
        value.type = text->type == OF_TEXT ? STORE_TEXT : STORE_BYTES;
        value.text = str_copy(arena, row_str(row, column));
        break;
    }
    return value;
}

static err keep_row(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct pages *pages = self;
    const struct table_text *table = pages->table;
    struct arena *arena = &pages->arenas[pages->turn];
    struct item *item = &pages->items[pages->count++];
    struct buf bytes = buf_in(arena);
    item->values = arena_new(arena, struct store_arg, table->column_count);
    for (i32 i = 0; i < table->column_count; i++) {
        item->values[i] = read_value(arena, row, table, i);
        add_value(&bytes, &item->values[i]);
    }
    item->bytes = buf_str(&bytes);
    pages->bytes += item->bytes.len;
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    return pages->bytes < PAGE_BYTES ? OK : ERR_EMPTY; // enough for once
}

static err read_page(struct ctx *ctx, struct pages *pages)
{
    const struct table_text *table = pages->table;
    struct store_arg args[PARAMETERS_MAX] = {ARG_I64("limit", PAGE_ROWS)};
    static const i64 FIRST_KEY = 1;
    struct item last = {0};
    if (pages->count > 0) {
        last = pages->items[pages->count - 1];
        for (i32 i = 0; i < table->key_count; i++) {
            args[FIRST_KEY + i] = last.values[table->keys[i]];
        }
    }
    bool first = pages->count == 0;
    pages->turn ^= 1;
    arena_reset(&pages->arenas[pages->turn]);
    pages->count = pages->at = pages->bytes = 0;
    err code = store_each(ctx, pages->store, first ? table->first : table->next,
                          (struct store_args){.items = args, .count = FIRST_KEY + (first ? 0 : table->key_count)},
                          keep_row, pages);
    pages->ended = code == OK && pages->count < PAGE_ROWS;
    return code == ERR_EMPTY ? OK : code;
}

static struct pages *pages_open(struct store *store, const struct table_text *table)
{
    struct pages *pages = mem_new(sizeof *pages);
    pages->store = store;
    pages->table = table;
    return pages;
}

static void pages_close(struct pages *pages)
{
    arena_free(&pages->arenas[0]);
    arena_free(&pages->arenas[1]);
    mem_free(pages);
}

/* The present row, or NULL behind the last. */
static err present(struct ctx *ctx, struct pages *pages, const struct item **out)
{
    if (pages->at == pages->count && !pages->ended) {
        TRY(read_page(ctx, pages));
    }
    *out = pages->at < pages->count ? &pages->items[pages->at] : NULL;
    return OK;
}

static int compare(const struct table_text *table, const struct item *a, const struct item *b)
{
    for (i32 i = 0; i < table->key_count; i++) {
        const struct store_arg *x = &a->values[table->keys[i]], *y = &b->values[table->keys[i]];
        int order = x->type == STORE_TEXT ? str_cmp(x->text, y->text)
                                          : (x->integer > y->integer) - (x->integer < y->integer);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

/* Digesting. */

static err digest_table(struct ctx *ctx, struct pages *pages, struct sha256_parts *sum, i64 *rows)
{
    const struct item *item;
    sha256_add(sum, str_from(pages->table->name));
    for (;;) {
        TRY(present(ctx, pages, &item));
        if (item == NULL) {
            return OK;
        }
        sha256_add(sum, item->bytes);
        pages->at++;
        ++*rows;
        progress_add(ctx->progress, 1);
    }
}

err tables_digest(struct ctx *ctx, struct store *store, struct tables_sum *out)
{
    struct sha256_parts sum;
    *out = (struct tables_sum){0};
    sha256_begin(&sum);
    for (i64 i = 0; i < TABLE_COUNT; i++) {
        struct pages *pages = pages_open(store, &table_texts[i]);
        err code = digest_table(ctx, pages, &sum, &out->rows);
        pages_close(pages);
        TRY(code);
    }
    out->digest = sha256_end(&sum);
    return OK;
}

err tables_empty(struct ctx *ctx, struct store *store, bool *out)
{
    *out = true;
    for (i64 i = 0; i < TABLE_COUNT && *out; i++) {
        i64 count;
        TRY(store_number(ctx, store, table_texts[i].count, ARGS_NONE, &count));
        *out = count == 0;
    }
    return OK;
}

/* Copying. */

/* One table, from both sides, and what is done about a difference. */
struct merge {
    struct pages *from, *to;
    bool puts; /* rows of `from` are put into `to`; else rows that `from` does not have are removed */
    bool ended;
    i64 written, changed;
};

static err write_row(struct ctx *ctx, struct merge *merge, enum statement sql, const struct item *item)
{
    merge->written++;
    merge->changed++;
    struct store_args args = {.items = item->values, .count = merge->to->table->column_count};
    return store_later(ctx, merge->to->store, sql, args);
}

/* The rows at which both sides stand. */
static err step(struct ctx *ctx, struct merge *merge, const struct item *from, const struct item *to)
{
    const struct table_text *table = merge->from->table;
    int order = from == NULL ? 1 : to == NULL ? -1 : compare(table, from, to);
    if (order <= 0) {
        if (merge->puts && (order < 0 || !str_eq(from->bytes, to->bytes))) {
            TRY(write_row(ctx, merge, table->put, from));
        }
        merge->from->at++;
        progress_add(ctx->progress, 1);
    }
    if (order > 0 && !merge->puts) {
        TRY(write_row(ctx, merge, table->remove, to));
    }
    merge->to->at += order >= 0;
    return OK;
}

static err merge_some(struct ctx *ctx, struct store *store, void *arg)
{
    (void)store;
    struct merge *merge = arg;
    for (merge->written = 0; merge->written < WRITTEN_ROWS;) {
        const struct item *from, *to;
        TRY(present(ctx, merge->from, &from));
        TRY(present(ctx, merge->to, &to));
        if (from == NULL && to == NULL) {
            merge->ended = true;
            return OK;
        }
        TRY(step(ctx, merge, from, to));
    }
    return OK;
}

static err merge_table(struct ctx *ctx, struct store *from, struct store *to, const struct table_text *table, bool puts,
                       i64 *changed)
{
    struct merge merge = {.from = pages_open(from, table), .to = pages_open(to, table), .puts = puts};
    err code = OK;
    while (code == OK && !merge.ended) {
        code = store_write(ctx, to, merge_some, &merge);
    }
    pages_close(merge.from);
    pages_close(merge.to);
    *changed += merge.changed;
    return code;
}

/* Who refers goes first and comes last. */
static err copy_tables(struct ctx *ctx, struct store *from, struct store *to, i64 *changed)
{
    for (i64 i = TABLE_COUNT - 1; i >= 0; i--) {
        i64 count;
        TRY(store_number(ctx, to, table_texts[i].count, ARGS_NONE, &count));
        if (count > 0) {
            TRY(merge_table(ctx, from, to, &table_texts[i], false, changed));
        }
    }
    for (i64 i = 0; i < TABLE_COUNT; i++) {
        TRY(merge_table(ctx, from, to, &table_texts[i], true, changed));
    }
    return OK;
}

static err clear_tables(struct ctx *ctx, struct store *store, void *arg)
{
    (void)arg;
    for (i64 i = TABLE_COUNT - 1; i >= 0; i--) {
        TRY(store_run(ctx, store, table_texts[i].clear, ARGS_NONE, NULL));
    }
    return OK;
}

err tables_copy(struct ctx *ctx, struct store *from, struct store *to, i64 *changed)
{
    *changed = 0;
    err code = copy_tables(ctx, from, to, changed);
    if (code == ERR_CONFLICT) {
        // Two rows changed places in something that is unique: from the beginning, then.
        ctx_forgive(ctx);
        TRY(store_write(ctx, to, clear_tables, NULL));
        code = copy_tables(ctx, from, to, changed);
    }
    return code;
}
