#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "guard/inside.h"
#include "guard/users.h"
#include "text/fold.h"

/* Attempts within a quarter of an hour: of one account from one address (so that nobody is locked out by somebody
 * else), of one address over all accounts, and of one account over all addresses. */
enum { WINDOW_MS = 15 * 60 * 1000, TRIES_PAIR = 10, TRIES_ADDRESS = 40, TRIES_ACCOUNT = 200, SEEN_MS = 60000 };

static str pair_of(struct arena *arena, str account, str address)
{
    return str_format(arena, "%.*s %.*s", STR_ARG(address), STR_ARG(account));
}

err sign_attempt(struct ctx *ctx, struct guard *guard, str account, str address)
{
    TRY(tries_add(ctx, guard, "pair", pair_of(&ctx->arena, account, address), TRIES_PAIR, WINDOW_MS));
    TRY(tries_add(ctx, guard, "address", address, TRIES_ADDRESS, WINDOW_MS));
    return tries_add(ctx, guard, "account", account, TRIES_ACCOUNT, WINDOW_MS);
}

void sign_success(struct guard *guard, str account, str address)
{
    struct arena arena = {0};
    tries_clear(guard, "pair", pair_of(&arena, account, address));
    tries_clear(guard, "address", address);
    arena_free(&arena);
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

err guard_sign_in(struct ctx *ctx, struct guard *guard, const struct sign_in *with, str *token, struct principal *out)
{
    str email = fold_email(&ctx->arena, with->email);
    str account = str_is(email) ? email : STR("");
    TRY(sign_attempt(ctx, guard, account, with->address));
    struct secret secret = {0};
    err found = store_one(ctx, guard->store, SQL_USER_SECRET_BY_EMAIL, ARGS(ARG_STR("email", account)), &secret_shape,
                          &secret);
    if (found != OK && found != ERR_NOT_FOUND) {
        return found;
    }
    ctx_forgive(ctx);
    bool right = false;
    TRY(password_check(ctx, guard, secret.password, with->password, &right));
    if (!right) {
        return FAIL(ctx, ERR_UNAUTHENTICATED, NULL, "error.sign_in");
    }
    sign_success(guard, account, with->address);
    return guard_enter(ctx, guard, secret.id, token, out);
}

err guard_enter(struct ctx *ctx, struct guard *guard, i64 user, str *token, struct principal *out)
{
    *token = random_token(&ctx->arena, SECRET_BYTES);
    i64 now_ms = clock_ms();
    TRY(store_run(ctx, guard->store, SQL_SESSION_ADD,
                  ARGS(ARG_ID("id", id_new()), ARG_ID("user_id", user),
                       ARG_STR("digest", digest_of(&ctx->arena, *token)), ARG_I64("now_ms", now_ms)),
                  NULL));
    return guard_session(ctx, guard, *token, out);
}

err guard_sign_out(struct ctx *ctx, struct guard *guard, const struct principal *who)
{
    return store_run(ctx, guard->store, SQL_SESSION_END, ARGS(ARG_ID("id", who->session)), NULL);
}

struct session_row {
    i64 session, seen_ms, id;
    str email, name, language;
    i32 role;
    struct str_list places, departments;
};
static const struct shape_field session_fields[] = {
    {"session", SHAPE_ID, offsetof(struct session_row, session)},
    {"seen_ms", SHAPE_TIME, offsetof(struct session_row, seen_ms)},
    {"id", SHAPE_ID, offsetof(struct session_row, id)},
    {"email", SHAPE_STR, offsetof(struct session_row, email)},
    {"name", SHAPE_STR, offsetof(struct session_row, name)},
    {"role", SHAPE_WORD, offsetof(struct session_row, role), .words = role_words},
    {"language", SHAPE_STR, offsetof(struct session_row, language)},
    {"places", SHAPE_STRS, offsetof(struct session_row, places)},
    {"departments", SHAPE_STRS, offsetof(struct session_row, departments)},
};
static const struct shape session_shape = SHAPE("SessionRow", struct session_row, session_fields, NULL);

/* A clock that was set back must not make a session last for ever: one that was begun in the future has ended. */
static bool is_plausible(const struct session_row *row, i64 now_ms)
{
    return row->seen_ms <= now_ms + 24 * 3600 * (i64)1000;
}

err guard_session(struct ctx *ctx, struct guard *guard, str token, struct principal *out)
{
    struct session_row row = {0};
    i64 now_ms = clock_ms();
    err code = store_one(ctx, guard->store, SQL_SESSION_FIND,
                         ARGS(ARG_STR("digest", digest_of(&ctx->arena, token)),
                              ARG_I64("idle_since_ms", now_ms - guard->idle_ms),
                              ARG_I64("created_since_ms", now_ms - guard->absolute_ms)),
                         &session_shape, &row);
    if (code == ERR_NOT_FOUND || (code == OK && !is_plausible(&row, now_ms))) {
        return FAIL(ctx, ERR_UNAUTHENTICATED, NULL, "error.session");
    }
    TRY(code);
    *out = (struct principal){
        .asker = ASKER_USER,
        .rights = rights_of_role((enum role)row.role),
        .id = row.id,
        .session = row.session,
        .seen_ms = row.seen_ms,
        .name = row.email,
        .user_name = row.name,
        .role = (enum role)row.role,
        .places = row.places,
        .departments = row.departments,
    };
    out->has_language = str_is(row.language) && language_parse(row.language, &out->language);
    return OK;
}

err guard_touch(struct ctx *ctx, struct guard *guard, const struct principal *who)
{
    i64 now_ms = clock_ms();
    if (who->session == 0 || now_ms - who->seen_ms < SEEN_MS) {
        return OK;
    }
    return store_run(ctx, guard->store, SQL_SESSION_SEEN, ARGS(ARG_ID("id", who->session), ARG_I64("now_ms", now_ms)),
                     NULL);
}
