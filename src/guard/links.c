#include "guard/links.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "guard/inside.h"
#include "text/fold.h"

const char *const link_words[LINK_PURPOSE_COUNT_ + 1] = {"owner", "invitation", "reset", NULL};

struct link_row {
    str digest, purpose;
    i64 user_id, created_ms, expires_ms;
    str email, name, role;
};
static const struct shape_field link_fields[] = {
    {"digest", SHAPE_STR, offsetof(struct link_row, digest)},
    {"purpose", SHAPE_STR, offsetof(struct link_row, purpose)},
    {"user_id", SHAPE_ID, offsetof(struct link_row, user_id)},
    {"created_ms", SHAPE_TIME, offsetof(struct link_row, created_ms)},
    {"expires_ms", SHAPE_TIME, offsetof(struct link_row, expires_ms)},
    {"email", SHAPE_STR, offsetof(struct link_row, email)},
    {"name", SHAPE_STR, offsetof(struct link_row, name)},
    {"role", SHAPE_STR, offsetof(struct link_row, role)},
};
static const struct shape link_shape = SHAPE("LinkRow", struct link_row, link_fields, NULL);

static err put_link(struct ctx *ctx, struct store *store, void *arg)
{
    const struct link_row *row = arg;
    if (row->user_id != 0) {
        TRY(store_run(ctx, store, SQL_LINK_END_USER, ARGS(ARG_ID("user_id", row->user_id)), NULL));
    } else {
        TRY(store_run(ctx, store, SQL_LINK_END_OWNER, ARGS_NONE, NULL));
    }
    return store_run(ctx, store, SQL_LINK_ADD, ARGS_OF(&link_shape, row), NULL);
}

err link_create(struct ctx *ctx, struct guard *guard, enum link_purpose purpose, i64 user, str *token)
{
    *token = random_token(&ctx->arena, SECRET_BYTES);
    i64 now_ms = clock_ms();
    struct link_row row = {
        .digest = digest_of(&ctx->arena, *token),
        .purpose = str_from(link_words[purpose]),
        .user_id = user,
        .created_ms = now_ms,
        .expires_ms = now_ms + LINK_DAYS * 86400000LL,
    };
    return store_writing(guard->store) ? put_link(ctx, guard->store, &row)
                                       : store_write(ctx, guard->store, put_link, &row);
}

static i32 index_of(str word, const char *const *words)
{
    for (i32 i = 0; words[i] != NULL; i++) {
        if (str_eq(word, str_from(words[i]))) {
            return i;
        }
    }
    return 0;
}

static err find(struct ctx *ctx, struct store *store, str digest, struct link_row *out)
{
    *out = (struct link_row){0};
    err code = store_one(ctx, store, SQL_LINK_FIND, ARGS(ARG_STR("digest", digest), ARG_I64("now_ms", clock_ms())),
                         &link_shape, out);
    return code == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.link") : code;
}

err link_look(struct ctx *ctx, struct guard *guard, str token, struct link *out)
{
    struct link_row row;
    TRY(find(ctx, guard->store, digest_of(&ctx->arena, token), &row));
    *out = (struct link){
        .purpose = index_of(row.purpose, link_words),
        .user = row.user_id,
        .email = row.email,
        .name = row.name,
        .role = row.user_id != 0 ? index_of(row.role, role_words) : ROLE_OWNER,
    };
    return OK;
}

struct acceptance {
    struct guard *guard;
    str digest, email, name, hash;
    i64 user;
};

/* The first owner. Whoever else asks at the same moment finds one and is refused. */
static err make_owner(struct ctx *ctx, struct store *store, struct acceptance *accept)
{
    i64 owners = 0;
    TRY(store_number(ctx, store, SQL_USER_OWNERS, ARGS(ARG_I64("id", 0)), &owners));
    if (owners > 0) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.link");
    }
    struct user user = {.email = accept->email, .name = accept->name, .role = ROLE_OWNER};
    TRY(user_create(ctx, accept->guard, &user));
    accept->user = user.id;
    return OK;
}

static err accept_link(struct ctx *ctx, struct store *store, void *arg)
{
    struct acceptance *accept = arg;
    struct link_row row;
    TRY(find(ctx, store, accept->digest, &row));
    TRY(store_run(ctx, store, SQL_LINK_USE, ARGS(ARG_STR("digest", accept->digest), ARG_I64("now_ms", clock_ms())),
                  NULL));
    accept->user = row.user_id;
    if (row.user_id == 0) {
        TRY(make_owner(ctx, store, accept));
    } else if (str_is(accept->name) && str_eq(row.purpose, STR("invitation"))) {
        struct user user;
        TRY(user_find(ctx, accept->guard, row.user_id, &user));
        user.name = accept->name;
        TRY(store_run(ctx, store, SQL_USER_UPDATE, ARGS_OF(&user_shape, &user), NULL));
    }
    TRY(store_run(ctx, store, SQL_USER_SET_PASSWORD,
                  ARGS(ARG_ID("id", accept->user), ARG_STR("password", accept->hash)), NULL));
    TRY(store_run(ctx, store, SQL_SESSION_END_ALL, ARGS(ARG_ID("user_id", accept->user)), NULL));
    return store_run(ctx, store, SQL_LINK_END_USER, ARGS(ARG_ID("user_id", accept->user)), NULL);
}

err link_accept(struct ctx *ctx, struct guard *guard, const struct link_answer *answer, i64 *user)
{
    struct link link;
    TRY(link_look(ctx, guard, answer->token, &link));
    TRY(password_rules(ctx, "password", answer->password));
    if (link.purpose == LINK_OWNER && !str_is(fold_email(&ctx->arena, answer->email))) {
        return FAIL(ctx, ERR_INVALID, "email", "error.email");
    }
    if (str_is(answer->name) && (str_trim(answer->name).len == 0 || answer->name.len > NAME_MAX_BYTES)) {
        return FAIL(ctx, ERR_INVALID, "name", "error.required", {"field", STR("name")});
    }
    struct acceptance accept = {
        .guard = guard,
        .digest = digest_of(&ctx->arena, answer->token),
        .email = answer->email,
        .name = answer->name,
    };
    TRY(password_hash(ctx, guard, answer->password, &accept.hash));
    TRY(store_write(ctx, guard->store, accept_link, &accept));
    *user = accept.user;
    return OK;
}
