#include "guard/keys.h"
#include "api/app.h"
#include "api/routes.h"

struct key_made {
    struct key key;
    str secret;
};
static const struct shape_field made_fields[] = {
    {"key", SHAPE_OBJECT, offsetof(struct key_made, key), .of = &key_shape, .flags = SHAPE_REQUIRED},
    {"secret", SHAPE_STR, offsetof(struct key_made, secret), .flags = SHAPE_REQUIRED, .help = "shape.key_made.secret"},
};
static const struct shape made_shape = SHAPE("KeyMade", struct key_made, made_fields, "shape.key_made");

static const struct shape_field new_fields[] = {
    {"name", SHAPE_STR, offsetof(struct key, name), .min = 1, .max = 60, .flags = SHAPE_REQUIRED,
     .help = "shape.key.name"},
    {"kind", SHAPE_WORD, offsetof(struct key, kind), .words = key_words, .flags = SHAPE_REQUIRED,
     .help = "shape.key.kind"},
    {"trust", SHAPE_STR, offsetof(struct key, trust), .max = 10, .help = "shape.key.trust"},
    {"scopes", SHAPE_STRS, offsetof(struct key, scopes), .max = SCOPE_COUNT_, .help = "shape.key.scopes"},
};
static const struct shape new_shape = SHAPE("KeyNew", struct key, new_fields, "shape.key_new");

static err list(struct request *request, struct reply *reply)
{
    struct shape_list keys;
    TRY(key_list(request->ctx, request->app->guard, &keys));
    return reply_list(reply, &key_shape, keys, STR_NONE);
}

static err create(struct request *request, struct reply *reply)
{
    struct key_made made = {.key = *(const struct key *)request->input};
    TRY(key_create(request->ctx, request->app->guard, request->who, &made.key, &made.secret));
    TRY(request_audit(request, "key.create", made.key.name, str_from(key_words[made.key.kind])));
    return reply_shape(reply, &made_shape, &made);
}

static err remove_key(struct request *request, struct reply *reply)
{
    i64 id;
    struct key key;
    TRY(request_param_id(request, "id", &id));
    TRY(key_remove(request->ctx, request->app->guard, id, &key));
    TRY(request_audit(request, "key.remove", key.name, str_from(key_words[key.kind])));
    return reply_nothing(reply);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/keys", list, RIGHT_KEYS_MANAGE, .out = &key_shape, .flags = ROUTE_LIST,
     .summary = "route.keys.list"},
    {HTTP_POST, "/api/v1/keys", create, RIGHT_KEYS_MANAGE, .in = &new_shape, .out = &made_shape, .status = 201,
     .flags = ROUTE_CHANGES, .summary = "route.keys.create"},
    {HTTP_DELETE, "/api/v1/keys/:id", remove_key, RIGHT_KEYS_MANAGE, .flags = ROUTE_CHANGES,
     .summary = "route.keys.remove"},
};
const struct route_table keys_routes = ROUTES(routes);
