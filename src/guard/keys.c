#include "guard/keys.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "guard/inside.h"

#include <sodium.h>

const char *const key_words[KEY_KIND_COUNT_ + 1] = {"write", "api", NULL};

static const struct shape_field key_fields[] = {
    {"id", SHAPE_ID, offsetof(struct key, id), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct key, name), .flags = SHAPE_REQUIRED},
    {"kind", SHAPE_WORD, offsetof(struct key, kind), .words = key_words, .flags = SHAPE_REQUIRED,
     .help = "shape.key.kind"},
    {"trust", SHAPE_STR, offsetof(struct key, trust), .help = "shape.key.trust"},
    {"scopes", SHAPE_STRS, offsetof(struct key, scopes), .flags = SHAPE_REQUIRED, .help = "shape.key.scopes"},
    {"prefix", SHAPE_STR, offsetof(struct key, prefix), .flags = SHAPE_REQUIRED, .help = "shape.key.prefix"},
    {"created_ms", SHAPE_TIME, offsetof(struct key, created_ms), .flags = SHAPE_REQUIRED},
};
const struct shape key_shape = SHAPE("Key", struct key, key_fields, "shape.key");

static i32 word_index(str word, const char *const *words)
{
    for (i32 i = 0; words[i] != NULL; i++) {
        if (str_eq(word, str_from(words[i]))) {
            return i;
        }
    }
    return -1;
}

static err check_scopes(struct ctx *ctx, const struct key *key)
{
    for (i64 i = 0; i < key->scopes.count; i++) {
        if (word_index(key->scopes.items[i], scope_words) < 0) {
            return FAIL(ctx, ERR_INVALID, "scopes", "error.word", {"allowed", STR("read, personal, admin")});
        }
    }
    bool api = key->kind == KEY_API;
    if (api && key->scopes.count == 0) {
        return FAIL(ctx, ERR_INVALID, "scopes", "error.key_scopes");
    }
    return !api && key->scopes.count > 0 ? FAIL(ctx, ERR_INVALID, "scopes", "error.key_write_only") : OK;
}

err keys_heard(void *self, struct ctx *ctx, str text)
{
    (void)text;
    return keys_load(ctx, self);
}

err keys_follow(struct ctx *ctx, struct guard *guard)
{
    err told = store_tell(ctx, guard->store, STR("keys"), STR("changed"));
    if (store_writing(guard->store)) {
        atomic_store(&guard->keys_changed, true);
        return told;
    }
    TRY(keys_load(ctx, guard));
    return told;
}

bool key_name_ours(str name)
{
    static const char *const ours[] = {"survey", "staff", "mentions", "demo"};
    for (i64 i = 0; i < countof(ours); i++) {
        if (str_eq(name, str_from(ours[i]))) {
            return true;
        }
    }
    return false;
}

err key_create(struct ctx *ctx, struct guard *guard, const struct principal *who, struct key *key, str *secret)
{
    TRY(check_scopes(ctx, key));
    if (key->kind == KEY_WRITE && key_name_ours(str_trim(key->name))) {
        return FAIL(ctx, ERR_INVALID, "name", "error.key.ours");
    }
    if (key->kind == KEY_WRITE && word_index(key->trust, trust_words) < 0) {
        return FAIL(ctx, ERR_INVALID, "trust", "error.word", {"allowed", STR("browser, server")});
    }
    key->trust = key->kind == KEY_WRITE ? key->trust : STR_NONE;
    str random = random_token(&ctx->arena, SECRET_BYTES);
    *secret = str_format(&ctx->arena, "%s_%.*s", key->kind == KEY_WRITE ? "chw" : "cha", STR_ARG(random));
    key->id = id_new();
    key->prefix = str_slice(*secret, 0, PREFIX_LEN);
    key->created_ms = clock_ms();
    struct store_arg extra[] = {
        ARG_STR("digest", digest_of(&ctx->arena, *secret)),
        ARG_ID("created_by", who->asker == ASKER_USER ? who->id : 0),
    };
    struct store_args args = {.items = extra, .count = countof(extra), .shape = &key_shape, .from = key};
    TRY(store_run(ctx, guard->store, SQL_KEY_ADD, args, NULL));
    return keys_follow(ctx, guard);
}

err key_list(struct ctx *ctx, struct guard *guard, struct shape_list *out)
{
    return store_all(ctx, guard->store, SQL_KEY_LIST, ARGS_NONE, &key_shape, out);
}

err key_remove(struct ctx *ctx, struct guard *guard, i64 id, struct key *removed)
{
    *removed = (struct key){0};
    err code = store_one(ctx, guard->store, SQL_KEY_BY_ID, ARGS(ARG_ID("id", id)), &key_shape, removed);
    if (code == ERR_NOT_FOUND) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    TRY(code);
    TRY(store_run(ctx, guard->store, SQL_KEY_REMOVE, ARGS(ARG_ID("id", id)), NULL));
    return keys_follow(ctx, guard);
}

struct live_row {
    struct key key;
    str digest;
};
static const struct shape_field live_fields[] = {
    {"id", SHAPE_ID, offsetof(struct live_row, key.id)},
    {"name", SHAPE_STR, offsetof(struct live_row, key.name)},
    {"kind", SHAPE_WORD, offsetof(struct live_row, key.kind), .words = key_words},
    {"trust", SHAPE_STR, offsetof(struct live_row, key.trust)},
    {"scopes", SHAPE_STRS, offsetof(struct live_row, key.scopes)},
    {"digest", SHAPE_STR, offsetof(struct live_row, digest)},
};
static const struct shape live_shape = SHAPE("LiveKey", struct live_row, live_fields, NULL);

static void take(struct live_key *key, const struct live_row *row)
{
    *key = (struct live_key){.id = row->key.id, .kind = row->key.kind};
    key->trust = str_eq(row->key.trust, STR("server")) ? TRUST_SERVER : TRUST_BROWSER;
    for (i64 i = 0; i < row->key.scopes.count; i++) {
        i32 scope = word_index(row->key.scopes.items[i], scope_words);
        key->scopes |= scope >= 0 ? 1u << scope : 0;
    }
    memcpy(key->digest, row->digest.data, (size_t)lesser(row->digest.len, DIGEST_TEXT));
    str name = utf8_prefix(row->key.name, (i64)sizeof key->name - 1);
    memcpy(key->name, name.data, (size_t)name.len);
}

static err load(struct ctx *ctx, struct guard *guard)
{
    struct shape_list rows;
    TRY(store_all(ctx, guard->store, SQL_KEY_LIVE, ARGS_NONE, &live_shape, &rows));
    struct live_key *keys = mem_new((i64)sizeof(struct live_key) * greater(rows.count, 1));
    for (i64 i = 0; i < rows.count; i++) {
        take(&keys[i], &((const struct live_row *)rows.items)[i]);
    }
    pthread_rwlock_wrlock(&guard->keys_lock);
    struct live_key *old = guard->keys;
    guard->keys = keys;
    guard->key_count = rows.count;
    pthread_rwlock_unlock(&guard->keys_lock);
    mem_free(old);
    return OK;
}

/* Reading and putting in place are one step: what was read later is never replaced by what was read earlier. */
err keys_load(struct ctx *ctx, struct guard *guard)
{
    pthread_mutex_lock(&guard->keys_loading);
    err code = load(ctx, guard);
    pthread_mutex_unlock(&guard->keys_loading);
    return code;
}

/* Digests are compared to their end, all of them: how long it takes says nothing. */
static bool find_live(struct ctx *ctx, struct guard *guard, str secret, enum key_kind kind, struct live_key *out)
{
    str digest = digest_of(&ctx->arena, secret);
    bool found = false;
    pthread_rwlock_rdlock(&guard->keys_lock);
    for (i64 i = 0; i < guard->key_count; i++) {
        bool equal = sodium_memcmp(guard->keys[i].digest, digest.data, DIGEST_TEXT) == 0;
        if (equal && guard->keys[i].kind == (i32)kind) {
            *out = guard->keys[i];
            found = true;
        }
    }
    pthread_rwlock_unlock(&guard->keys_lock);
    return found;
}

err guard_api_key(struct ctx *ctx, struct guard *guard, str secret, struct principal *out)
{
    struct live_key key;
    if (!find_live(ctx, guard, secret, KEY_API, &key)) {
        return FAIL(ctx, ERR_UNAUTHENTICATED, NULL, "error.key_unknown");
    }
    *out = (struct principal){
        .asker = ASKER_KEY,
        .rights = rights_of_scopes(key.scopes),
        .id = key.id,
        .name = str_copy(&ctx->arena, str_from(key.name)),
        .role = ROLE_VIEWER,
    };
    return OK;
}

err guard_write_key(struct ctx *ctx, struct guard *guard, str secret, struct write_key *out)
{
    struct live_key key;
    if (!find_live(ctx, guard, secret, KEY_WRITE, &key)) {
        return FAIL(ctx, ERR_UNAUTHENTICATED, NULL, "error.key_unknown");
    }
    *out = (struct write_key){.id = key.id, .trust = key.trust};
    memcpy(out->name, key.name, sizeof out->name);
    return OK;
}
