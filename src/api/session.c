#include "api/session.h"

#include "api/routes.h"
#include "events/log.h"
#include "guard/audit.h"
#include "guard/links.h"
#include "guard/users.h"
#include "store/settings.h"

static const struct shape_field user_fields[] = {
    {"id", SHAPE_ID, offsetof(struct session_user, id), .flags = SHAPE_REQUIRED},
    {"email", SHAPE_STR, offsetof(struct session_user, email), .flags = SHAPE_REQUIRED},
    {"name", SHAPE_STR, offsetof(struct session_user, name), .flags = SHAPE_REQUIRED},
    {"role", SHAPE_WORD, offsetof(struct session_user, role), .words = role_words, .flags = SHAPE_REQUIRED},
    {"language", SHAPE_STR, offsetof(struct session_user, language)},
    {"places", SHAPE_STRS, offsetof(struct session_user, places), .flags = SHAPE_REQUIRED},
    {"departments", SHAPE_STRS, offsetof(struct session_user, departments), .flags = SHAPE_REQUIRED},
};
static const struct shape session_user_shape = SHAPE("SessionUser", struct session_user, user_fields,
                                                     "shape.session_user");

static const struct shape_field installation_fields[] = {
    {"organisation", SHAPE_STR, offsetof(struct installation, organisation), .flags = SHAPE_REQUIRED},
    {"zone", SHAPE_STR, offsetof(struct installation, zone), .flags = SHAPE_REQUIRED},
    {"language", SHAPE_WORD, offsetof(struct installation, language), .words = language_words, .flags = SHAPE_REQUIRED},
    {"minimum_n", SHAPE_I64, offsetof(struct installation, minimum_n), .flags = SHAPE_REQUIRED,
     .help = "shape.settings.minimum_n"},
    {"demo", SHAPE_BOOL, offsetof(struct installation, demo), .flags = SHAPE_REQUIRED, .help = "shape.settings.demo"},
    {"needs_owner", SHAPE_BOOL, offsetof(struct installation, needs_owner), .flags = SHAPE_REQUIRED,
     .help = "shape.installation.needs_owner"},
    {"readonly", SHAPE_BOOL, offsetof(struct installation, readonly), .flags = SHAPE_REQUIRED,
     .help = "shape.installation.readonly"},
    {"version", SHAPE_STR, offsetof(struct installation, version), .flags = SHAPE_REQUIRED},
};
static const struct shape installation_shape = SHAPE("Installation", struct installation, installation_fields,
                                                     "shape.installation");

static const struct shape_field session_fields[] = {
    {"user", SHAPE_MAYBE_OBJECT, offsetof(struct session, user), .of = &session_user_shape, .flags = SHAPE_REQUIRED},
    {"rights", SHAPE_STRS, offsetof(struct session, rights), .flags = SHAPE_REQUIRED, .help = "shape.session.rights"},
    {"installation", SHAPE_OBJECT, offsetof(struct session, installation), .of = &installation_shape,
     .flags = SHAPE_REQUIRED},
};
const struct shape session_shape = SHAPE("Session", struct session, session_fields, "shape.session");

bool app_readonly(const struct app *app)
{
    return store_stats(app->store).readonly || (app->events != NULL && events_stats(app->events).readonly);
}

static struct str_list words_of(struct arena *arena, rights set)
{
    struct str_list list = {.items = arena_new(arena, str, RIGHT_COUNT_)};
    for (i32 i = RIGHT_PUBLIC; i < RIGHT_COUNT_; i++) {
        if (rights_have(set, (enum right)i)) {
            list.items[list.count++] = str_from(right_words[i]);
        }
    }
    return list;
}

static const struct session_user *user_of(struct arena *arena, const struct principal *who)
{
    if (who->asker != ASKER_USER) {
        return NULL;
    }
    struct session_user *user = arena_new(arena, struct session_user, 1);
    *user = (struct session_user){
        .id = who->id,
        .email = who->name,
        .name = who->user_name,
        .role = (i32)who->role,
        .language = who->has_language ? str_from(language_words[who->language]) : STR_NONE,
        .places = who->places,
        .departments = who->departments,
    };
    return user;
}

err session_reply(struct request *request, struct reply *reply, const struct principal *who)
{
    struct settings settings;
    bool needs_owner = false;
    TRY(settings_read(request->ctx, request->app->store, &settings));
    TRY(users_need_owner(request->ctx, request->app->guard, &needs_owner));
    struct session session = {
        .user = user_of(&request->ctx->arena, who),
        .rights = words_of(&request->ctx->arena, who->asker == ASKER_NOBODY ? 1u << RIGHT_PUBLIC : who->rights),
        .installation =
            {
                .organisation = settings.organisation,
                .zone = settings.zone,
                .language = settings.language,
                .minimum_n = settings.minimum_n,
                .demo = settings.demo,
                .needs_owner = needs_owner,
                .readonly = app_readonly(request->app),
                .version = STR(CHAM_VERSION),
            },
    };
    return reply_shape(reply, &session_shape, &session);
}

static err show(struct request *request, struct reply *reply)
{
    return session_reply(request, reply, request->who);
}

struct sign_in_form {
    str email, password;
};
static const struct shape_field sign_in_fields[] = {
    {"email", SHAPE_STR, offsetof(struct sign_in_form, email), .min = 1, .max = 254, .flags = SHAPE_REQUIRED},
    {"password", SHAPE_STR, offsetof(struct sign_in_form, password), .min = 1, .max = 1000,
     .flags = SHAPE_REQUIRED | SHAPE_WRITE_ONLY},
};
static const struct shape sign_in_shape = SHAPE("SignIn", struct sign_in_form, sign_in_fields, "shape.sign_in");

static void note(struct request *request, const char *action, const struct principal *who)
{
    struct audit what = {.action = str_from(action), .object = who->name, .address = request->address};
    if (audit_add(request->ctx, request->app->guard, who, &what) != OK) {
        ctx_forgive(request->ctx);
    }
}

static err sign_in(struct request *request, struct reply *reply)
{
    const struct sign_in_form *form = request->input;
    struct principal who;
    str token;
    struct sign_in with = {form->email, form->password, request->address};
    TRY(guard_sign_in(request->ctx, request->app->guard, &with, &token, &who));
    // Whatever session the browser had ends with the new one: an id that was planted before is worth nothing.
    if (request->who->session != 0) {
        TRY(guard_sign_out(request->ctx, request->app->guard, request->who));
    }
    note(request, "session.begin", &who);
    reply_session(reply, request, token);
    return session_reply(request, reply, &who);
}

static err sign_out(struct request *request, struct reply *reply)
{
    if (request->who->session != 0) {
        TRY(guard_sign_out(request->ctx, request->app->guard, request->who));
        note(request, "session.end", request->who);
    }
    reply_session(reply, request, STR(""));
    return reply_nothing(reply);
}

/* One-time links. */

struct link_view {
    i32 purpose;
    str email, name;
    i32 role;
};
static const struct shape_field link_fields[] = {
    {"purpose", SHAPE_WORD, offsetof(struct link_view, purpose), .words = link_words, .flags = SHAPE_REQUIRED},
    {"email", SHAPE_STR, offsetof(struct link_view, email)},
    {"name", SHAPE_STR, offsetof(struct link_view, name)},
    {"role", SHAPE_WORD, offsetof(struct link_view, role), .words = role_words, .flags = SHAPE_REQUIRED},
};
static const struct shape link_view_shape = SHAPE("Link", struct link_view, link_fields, "shape.link");

struct token_form {
    str token;
};
static const struct shape_field token_fields[] = {
    {"token", SHAPE_STR, offsetof(struct token_form, token), .min = 1, .max = 200,
     .flags = SHAPE_REQUIRED | SHAPE_WRITE_ONLY, .help = "shape.link.token"},
};
static const struct shape token_shape = SHAPE("LinkToken", struct token_form, token_fields, "shape.link_token");

/* Guessing one is hopeless at 256 bits; trying is made tiresome all the same. */
enum { LINK_GUESSES_A_MINUTE = 30 };

static err count_guess(struct request *request, err code)
{
    if (code != ERR_NOT_FOUND) {
        return code;
    }
    ctx_forgive(request->ctx);
    TRY(guard_rate(request->ctx, request->app->guard, "link", request->address, LINK_GUESSES_A_MINUTE));
    return FAIL(request->ctx, ERR_NOT_FOUND, NULL, "error.link");
}

static err look(struct request *request, struct reply *reply)
{
    const struct token_form *form = request->input;
    struct link link;
    TRY(count_guess(request, link_look(request->ctx, request->app->guard, form->token, &link)));
    struct link_view view = {link.purpose, link.email, link.name, link.role};
    return reply_shape(reply, &link_view_shape, &view);
}

static const struct shape_field accept_fields[] = {
    {"token", SHAPE_STR, offsetof(struct link_answer, token), .min = 1, .max = 200,
     .flags = SHAPE_REQUIRED | SHAPE_WRITE_ONLY, .help = "shape.link.token"},
    {"email", SHAPE_STR, offsetof(struct link_answer, email), .max = 254, .help = "shape.link.email"},
    {"name", SHAPE_STR, offsetof(struct link_answer, name), .max = 200},
    {"password", SHAPE_STR, offsetof(struct link_answer, password), .min = 1, .max = 1000,
     .flags = SHAPE_REQUIRED | SHAPE_WRITE_ONLY},
};
static const struct shape accept_shape = SHAPE("LinkAnswer", struct link_answer, accept_fields, "shape.link_answer");

static err accept_link(struct request *request, struct reply *reply)
{
    struct guard *guard = request->app->guard;
    struct principal who;
    i64 user = 0;
    str token;
    TRY(count_guess(request, link_accept(request->ctx, guard, request->input, &user)));
    TRY(guard_enter(request->ctx, guard, user, &token, &who));
    note(request, "link.accept", &who);
    reply_session(reply, request, token);
    return session_reply(request, reply, &who);
}

/* The user's own settings. */

struct me_form {
    str name, language, old_password, new_password;
};
static const struct shape_field me_fields[] = {
    {"name", SHAPE_STR, offsetof(struct me_form, name), .min = 1, .max = 200},
    {"language", SHAPE_STR, offsetof(struct me_form, language), .max = 2, .help = "shape.me.language"},
    {"old_password", SHAPE_STR, offsetof(struct me_form, old_password), .max = 1000, .flags = SHAPE_WRITE_ONLY},
    {"new_password", SHAPE_STR, offsetof(struct me_form, new_password), .max = 1000, .flags = SHAPE_WRITE_ONLY,
     .help = "shape.me.new_password"},
};
static const struct shape me_shape = SHAPE("MeChange", struct me_form, me_fields, "shape.me");

static err change_password(struct request *request, const struct me_form *form)
{
    const struct principal *who = request->who;
    if (!str_is(form->old_password)) {
        return FAIL(request->ctx, ERR_INVALID, "old_password", "error.required", {"field", STR("old_password")});
    }
    TRY(user_proves(request->ctx, request->app->guard, who->id, form->old_password, request->address));
    return user_password(request->ctx, request->app->guard, who->id, form->new_password);
}

static err change_me(struct request *request, struct reply *reply)
{
    const struct me_form *form = request->input;
    struct guard *guard = request->app->guard;
    struct user user;
    struct principal who;
    if (request->who->asker != ASKER_USER) {
        return FAIL(request->ctx, ERR_FORBIDDEN, NULL, "error.only_users");
    }
    bool new_password = str_is(form->new_password);
    if (new_password) {
        TRY(change_password(request, form));
    }
    TRY(user_find(request->ctx, guard, request->who->id, &user));
    user.name = shape_has(&me_shape, request->seen, "name") ? form->name : user.name;
    user.language = shape_has(&me_shape, request->seen, "language") ? form->language : user.language;
    TRY(user_change(request->ctx, guard, &user));
    TRY(request_audit(request, new_password ? "me.password" : "me.change", user.email, STR("")));
    str token = STR_NONE;
    if (new_password) {
        TRY(guard_enter(request->ctx, guard, user.id, &token, &who));
        reply_session(reply, request, token);
        return session_reply(request, reply, &who);
    }
    who = *request->who;
    who.user_name = user.name;
    who.has_language = str_is(user.language) && language_parse(user.language, &who.language);
    return session_reply(request, reply, &who);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/session", show, RIGHT_PUBLIC, .out = &session_shape, .summary = "route.session.show"},
    {HTTP_POST, "/api/v1/session", sign_in, RIGHT_PUBLIC, .in = &sign_in_shape, .out = &session_shape,
     .summary = "route.session.begin"},
    {HTTP_DELETE, "/api/v1/session", sign_out, RIGHT_SIGNED_IN, .summary = "route.session.end"},
    {HTTP_POST, "/api/v1/links/look", look, RIGHT_PUBLIC, .in = &token_shape, .out = &link_view_shape,
     .summary = "route.links.look"},
    {HTTP_POST, "/api/v1/links/accept", accept_link, RIGHT_PUBLIC, .in = &accept_shape, .out = &session_shape,
     .summary = "route.links.accept"},
    {HTTP_PATCH, "/api/v1/me", change_me, RIGHT_SIGNED_IN, .in = &me_shape, .out = &session_shape,
     .summary = "route.me.change"},
};
const struct route_table session_routes = ROUTES(routes);
