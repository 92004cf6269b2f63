#include "guard/users.h"
#include "api/app.h"
#include "api/routes.h"
#include "guard/links.h"
#include "store/settings.h"

enum { SCOPES_MOST = 100 };

struct user_link {
    struct user user;
    str link;
};
static const struct shape_field link_fields[] = {
    {"link", SHAPE_STR, offsetof(struct user_link, link), .flags = SHAPE_REQUIRED, .help = "shape.user_link.link"},
};
static const struct shape link_shape = SHAPE("UserLink", struct user_link, link_fields, "shape.user_link");

static const struct shape_field invited_fields[] = {
    {"user", SHAPE_OBJECT, offsetof(struct user_link, user), .of = &user_shape, .flags = SHAPE_REQUIRED},
    {"link", SHAPE_STR, offsetof(struct user_link, link), .flags = SHAPE_REQUIRED, .help = "shape.user_link.link"},
};
static const struct shape invited_shape = SHAPE("UserInvited", struct user_link, invited_fields, "shape.user_invited");

static const struct shape_field new_fields[] = {
    {"email", SHAPE_STR, offsetof(struct user, email), .min = 1, .max = EMAIL_MAX, .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct user, name), .min = 1, .max = NAME_MAX_BYTES, .flags = SHAPE_REQUIRED},
    {"role", SHAPE_WORD, offsetof(struct user, role), .words = role_words, .flags = SHAPE_REQUIRED},
    {"places", SHAPE_STRS, offsetof(struct user, places), .max = SCOPES_MOST, .help = "shape.user.places"},
    {"departments", SHAPE_STRS, offsetof(struct user, departments), .max = SCOPES_MOST,
     .help = "shape.user.departments"},
};
static const struct shape new_shape = SHAPE("UserNew", struct user, new_fields, "shape.user_new");

static const struct shape_field change_fields[] = {
    {"name", SHAPE_STR, offsetof(struct user, name), .min = 1, .max = NAME_MAX_BYTES},
    {"role", SHAPE_WORD, offsetof(struct user, role), .words = role_words},
    {"active", SHAPE_BOOL, offsetof(struct user, active), .help = "shape.user.active"},
    {"places", SHAPE_STRS, offsetof(struct user, places), .max = SCOPES_MOST, .help = "shape.user.places"},
    {"departments", SHAPE_STRS, offsetof(struct user, departments), .max = SCOPES_MOST,
     .help = "shape.user.departments"},
};
static const struct shape change_shape = SHAPE("UserChange", struct user, change_fields, "shape.user_change");

/* The token stands behind "#": browsers send that part to nobody. */
static err address_of(struct request *request, str token, str *out)
{
    struct settings settings;
    TRY(settings_read(request->ctx, request->app->store, &settings));
    str base = settings.public_url;
    if (base.len == 0) {
        base = http_base(request->app->http);
    }
    *out = str_format(&request->ctx->arena, "%.*s/welcome#%.*s", STR_ARG(base), STR_ARG(token));
    return OK;
}

static err list(struct request *request, struct reply *reply)
{
    struct shape_list users;
    TRY(user_list(request->ctx, request->app->guard, &users));
    return reply_list(reply, &user_shape, users, STR_NONE);
}

static err invite(struct request *request, struct reply *reply)
{
    struct user_link made = {.user = *(const struct user *)request->input};
    str token;
    TRY(user_create(request->ctx, request->app->guard, &made.user));
    TRY(link_create(request->ctx, request->app->guard, LINK_INVITATION, made.user.id, &token));
    TRY(address_of(request, token, &made.link));
    TRY(request_audit(request, "user.create", made.user.email, str_from(role_words[made.user.role])));
    return reply_shape(reply, &invited_shape, &made);
}

static void apply(struct user *user, const struct user *change, shape_seen seen)
{
    user->name = shape_has(&change_shape, seen, "name") ? change->name : user->name;
    user->role = shape_has(&change_shape, seen, "role") ? change->role : user->role;
    user->active = shape_has(&change_shape, seen, "active") ? change->active : user->active;
    user->places = shape_has(&change_shape, seen, "places") ? change->places : user->places;
    user->departments = shape_has(&change_shape, seen, "departments") ? change->departments : user->departments;
}

static err change(struct request *request, struct reply *reply)
{
    i64 id;
    struct user user;
    TRY(request_param_id(request, "id", &id));
    TRY(user_find(request->ctx, request->app->guard, id, &user));
    apply(&user, request->input, request->seen);
    TRY(user_change(request->ctx, request->app->guard, &user));
    TRY(request_audit(request, "user.change", user.email,
                      str_format(&request->ctx->arena, "%s%s", role_words[user.role],
                                 user.active ? "" : ", inactive")));
    return reply_shape(reply, &user_shape, &user);
}

/* Whoever lost the password, or never set one, gets a new link; the old one ends. */
static err renew(struct request *request, struct reply *reply)
{
    i64 id;
    struct user_link made;
    str token;
    TRY(request_param_id(request, "id", &id));
    TRY(user_find(request->ctx, request->app->guard, id, &made.user));
    if (!made.user.active) {
        return FAIL(request->ctx, ERR_CONFLICT, NULL, "error.user_inactive");
    }
    enum link_purpose purpose = made.user.invited ? LINK_INVITATION : LINK_RESET;
    TRY(link_create(request->ctx, request->app->guard, purpose, id, &token));
    TRY(address_of(request, token, &made.link));
    TRY(request_audit(request, "user.link", made.user.email, str_from(link_words[purpose])));
    return reply_shape(reply, &link_shape, &made);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/users", list, RIGHT_USERS_MANAGE, .out = &user_shape, .flags = ROUTE_LIST,
     .summary = "route.users.list"},
    {HTTP_POST, "/api/v1/users", invite, RIGHT_USERS_MANAGE, .in = &new_shape, .out = &invited_shape, .status = 201,
     .flags = ROUTE_CHANGES, .summary = "route.users.create"},
    {HTTP_PATCH, "/api/v1/users/:id", change, RIGHT_USERS_MANAGE, .in = &change_shape, .out = &user_shape,
     .flags = ROUTE_CHANGES, .summary = "route.users.change"},
    {HTTP_POST, "/api/v1/users/:id/link", renew, RIGHT_USERS_MANAGE, .out = &link_shape, .flags = ROUTE_CHANGES,
     .summary = "route.users.link"},
};
const struct route_table users_routes = ROUTES(routes);
