#include "guard/users.h"

#include "base/clock.h"
#include "base/id.h"
#include "guard/inside.h"
#include "guard/keys.h"
#include "text/fold.h"

static const char *const languages[] = {"vi", "en", NULL};

static const struct shape_field user_fields[] = {
    {"id", SHAPE_ID, offsetof(struct user, id), .flags = SHAPE_REQUIRED},
    {"email", SHAPE_STR, offsetof(struct user, email), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct user, name), .flags = SHAPE_REQUIRED},
    {"role", SHAPE_WORD, offsetof(struct user, role), .words = role_words, .flags = SHAPE_REQUIRED},
    {"language", SHAPE_STR, offsetof(struct user, language)},
    {"active", SHAPE_BOOL, offsetof(struct user, active), .flags = SHAPE_REQUIRED, .help = "shape.user.active"},
    {"invited", SHAPE_BOOL, offsetof(struct user, invited), .flags = SHAPE_REQUIRED, .help = "shape.user.invited"},
    {"places", SHAPE_STRS, offsetof(struct user, places), .flags = SHAPE_REQUIRED, .help = "shape.user.places"},
    {"departments", SHAPE_STRS, offsetof(struct user, departments), .flags = SHAPE_REQUIRED,
     .help = "shape.user.departments"},
    {"created_ms", SHAPE_TIME, offsetof(struct user, created_ms), .flags = SHAPE_REQUIRED},
};
const struct shape user_shape = SHAPE("User", struct user, user_fields, "shape.user");

static err check_text(struct ctx *ctx, const char *field, str text, i64 most)
{
    if (!str_is(text) || str_trim(text).len == 0) {
        return FAIL(ctx, ERR_INVALID, field, "error.required", {"field", str_from(field)});
    }
    if (text.len > most) {
        return FAIL(ctx, ERR_INVALID, field, "error.too_long", {"most", str_format(&ctx->arena, "%ld", (long)most)});
    }
    return OK;
}

static err check_language(struct ctx *ctx, struct user *user)
{
    if (!str_is(user->language) || user->language.len == 0) {
        user->language = STR_NONE;
        return OK;
    }
    for (i64 i = 0; languages[i] != NULL; i++) {
        if (str_eq(user->language, str_from(languages[i]))) {
            return OK;
        }
    }
    return FAIL(ctx, ERR_INVALID, "language", "error.word", {"allowed", STR("vi, en")});
}

/* What a struct holds as the row keeps it. */
static struct store_args row_args(const struct user *user, struct store_arg *extra, i64 extra_count)
{
    return (struct store_args){.items = extra, .count = extra_count, .shape = &user_shape, .from = user};
}

err user_create(struct ctx *ctx, struct guard *guard, struct user *user)
{
    str email = fold_email(&ctx->arena, user->email);
    if (!str_is(email)) {
        return FAIL(ctx, ERR_INVALID, "email", "error.email");
    }
    TRY(check_text(ctx, "name", user->name, NAME_MAX_BYTES));
    TRY(check_language(ctx, user));
    user->id = id_new();
    user->email = email;
    user->active = true;
    user->invited = true;
    user->created_ms = clock_ms();
    struct store_arg extra[] = {ARG_NULL("password")};
    err code = store_run(ctx, guard->store, SQL_USER_ADD, row_args(user, extra, 1), NULL);
    return code == ERR_CONFLICT ? FAIL(ctx, ERR_CONFLICT, "email", "error.email_taken") : code;
}

err user_list(struct ctx *ctx, struct guard *guard, struct shape_list *out)
{
    return store_all(ctx, guard->store, SQL_USER_LIST, ARGS_NONE, &user_shape, out);
}

static err found(struct ctx *ctx, err code)
{
    return code == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found") : code;
}

err user_find(struct ctx *ctx, struct guard *guard, i64 id, struct user *out)
{
    *out = (struct user){0};
    return found(ctx, store_one(ctx, guard->store, SQL_USER_BY_ID, ARGS(ARG_ID("id", id)), &user_shape, out));
}

err user_by_email(struct ctx *ctx, struct guard *guard, str email, struct user *out)
{
    *out = (struct user){0};
    str folded = fold_email(&ctx->arena, email);
    return found(ctx, store_one(ctx, guard->store, SQL_USER_BY_EMAIL,
                                ARGS(ARG_STR("email", str_is(folded) ? folded : STR(""))), &user_shape, out));
}

static err end_everything(struct ctx *ctx, struct store *store, i64 id)
{
    TRY(store_run(ctx, store, SQL_SESSION_END_ALL, ARGS(ARG_ID("user_id", id)), NULL));
    return store_run(ctx, store, SQL_LINK_END_USER, ARGS(ARG_ID("user_id", id)), NULL);
}

static err change(struct ctx *ctx, struct store *store, void *arg)
{
    const struct user *user = arg;
    i64 owners = 0, changed = 0;
    TRY(store_number(ctx, store, SQL_USER_OWNERS, ARGS(ARG_ID("id", user->id)), &owners));
    if (owners == 0 && (!user->active || user->role != ROLE_OWNER)) {
        return FAIL(ctx, ERR_CONFLICT, user->active ? "role" : "active", "error.last_owner");
    }
    TRY(store_run(ctx, store, SQL_USER_UPDATE, ARGS_OF(&user_shape, user), &changed));
    if (changed == 0) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found");
    }
    return user->active ? OK : end_everything(ctx, store, user->id);
}

err user_change(struct ctx *ctx, struct guard *guard, const struct user *user)
{
    struct user copy = *user;
    TRY(check_text(ctx, "name", copy.name, NAME_MAX_BYTES));
    TRY(check_language(ctx, &copy));
    TRY(store_writing(guard->store) ? change(ctx, guard->store, &copy) : store_write(ctx, guard->store, change, &copy));
    return keys_follow(ctx, guard);
}

struct new_password {
    i64 id;
    str hash;
};

static err set_password(struct ctx *ctx, struct store *store, void *arg)
{
    const struct new_password *password = arg;
    TRY(store_run(ctx, store, SQL_USER_SET_PASSWORD,
                  ARGS(ARG_ID("id", password->id), ARG_STR("password", password->hash)), NULL));
    return end_everything(ctx, store, password->id);
}

err user_password(struct ctx *ctx, struct guard *guard, i64 id, str password)
{
    struct new_password new = {.id = id};
    TRY(password_rules(ctx, "new_password", password));
    TRY(password_hash(ctx, guard, password, &new.hash));
    return store_write(ctx, guard->store, set_password, &new);
}

struct secret {
    i64 id;
    str password;
};
static const struct shape_field secret_fields[] = {
    {"id", SHAPE_ID, offsetof(struct secret, id)},
    {"password", SHAPE_STR, offsetof(struct secret, password)},
};
static const struct shape secret_shape = SHAPE("Secret", struct secret, secret_fields, NULL);

err user_proves(struct ctx *ctx, struct guard *guard, i64 id, str password, str address)
{
    struct secret secret = {0};
    TRY(found(ctx, store_one(ctx, guard->store, SQL_USER_SECRET, ARGS(ARG_ID("id", id)), &secret_shape, &secret)));
    struct user user;
    TRY(user_find(ctx, guard, id, &user));
    TRY(sign_attempt(ctx, guard, user.email, address));
    bool right = false;
    TRY(password_check(ctx, guard, secret.password, password, &right));
    if (!right) {
        return FAIL(ctx, ERR_INVALID, "old_password", "error.password_wrong");
    }
    sign_success(guard, user.email, address);
    return OK;
}

err users_need_owner(struct ctx *ctx, struct guard *guard, bool *out)
{
    i64 owners = 0;
    TRY(store_number(ctx, guard->store, SQL_USER_OWNERS, ARGS(ARG_I64("id", 0)), &owners));
    *out = owners == 0;
    return OK;
}
