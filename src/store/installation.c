#include "store/installation.h"

static err take_value(void *self, struct ctx *ctx, const struct store_row *row)
{
    *(str *)self = str_copy(&ctx->arena, row_str(row, 0));
    return OK;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static err read_key(struct ctx *ctx, str text, u8 out[HASH_KEY_LEN])
{
    bool fine = text.len == 2 * HASH_KEY_LEN;
    for (i64 i = 0; i < HASH_KEY_LEN && fine; i++) {
        int high = digit(text.data[2 * i]), low = digit(text.data[2 * i + 1]);
        fine = high >= 0 && low >= 0;
        out[i] = (u8)(high << 4 | low);
    }
    return fine ? OK : FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt", {"file", STR("installation")});
}

err installation_key(struct ctx *ctx, struct store *store, const u8 own[HASH_KEY_LEN], u8 out[HASH_KEY_LEN])
{
    char text[2 * HASH_KEY_LEN];
    str value = STR("");
    struct store_args put = ARGS(ARG_STR("name", STR("key")), ARG_STR("value", hex(own, HASH_KEY_LEN, text)));
    TRY(store_run(ctx, store, SQL_INSTALLATION_PUT, put, NULL));
    TRY(store_each(ctx, store, SQL_INSTALLATION_GET, ARGS(ARG_STR("name", STR("key"))), take_value, &value));
    return read_key(ctx, value, out);
}

err installation_key_set(struct ctx *ctx, struct store *store, const u8 key[HASH_KEY_LEN])
{
    u8 agreed[HASH_KEY_LEN];
    TRY(installation_key(ctx, store, key, agreed));
    return memcmp(key, agreed, HASH_KEY_LEN) == 0 ? OK : FAIL(ctx, ERR_CONFLICT, NULL, "error.installation_key");
}

err installation_read(struct ctx *ctx, struct store *store, str name, str *out)
{
    *out = STR_NONE;
    return store_each(ctx, store, SQL_INSTALLATION_GET, ARGS(ARG_STR("name", name)), take_value, out);
}

err installation_note(struct ctx *ctx, struct store *store, str name, str value)
{
    return store_run(ctx, store, SQL_INSTALLATION_NOTE, ARGS(ARG_STR("name", name), ARG_STR("value", value)), NULL);
}
