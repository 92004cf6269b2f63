/* The link in every message that ends such messages: /api/v1/opt-out/:token, and POST /o/:token as mail programs do it (RFC 8058).
 * Looking changes nothing. */
#include "act/opt_out.h"
#include "api/app.h"
#include "api/routes.h"
#include "store/settings.h"

enum { LOOKS_A_MINUTE = 60 };

struct shown {
    str organisation, address;
    i32 purpose, channel;
    bool out;
};
static const struct shape_field shown_fields[] = {
    {"organisation", SHAPE_STR, offsetof(struct shown, organisation), .flags = SHAPE_REQUIRED},
    {"address", SHAPE_STR, offsetof(struct shown, address), .flags = SHAPE_REQUIRED, .help = "shape.opt_out.address"},
    {"purpose", SHAPE_WORD, offsetof(struct shown, purpose), .words = purpose_words, .flags = SHAPE_REQUIRED},
    {"channel", SHAPE_WORD, offsetof(struct shown, channel), .words = reach_words, .flags = SHAPE_REQUIRED},
    {"out", SHAPE_BOOL, offsetof(struct shown, out), .flags = SHAPE_REQUIRED, .help = "shape.opt_out.out"},
};
static const struct shape shown_shape = SHAPE("OptOut", struct shown, shown_fields, "shape.opt_out");

struct wish {
    bool all;
};
static const struct shape_field wish_fields[] = {
    {"all", SHAPE_BOOL, offsetof(struct wish, all), .help = "shape.opt_out.all"},
};
static const struct shape wish_shape = SHAPE("OptOutWish", struct wish, wish_fields, NULL);

static err look(struct request *request, struct opt_out *out)
{
    TRY(guard_rate(request->ctx, request->app->guard, "opt_out", request->address, LOOKS_A_MINUTE));
    return opt_out_look(request->ctx, request->app->act, request_param(request, "token"), out);
}

static err say(struct request *request, struct reply *reply, const struct opt_out *what)
{
    struct settings settings;
    TRY(settings_read(request->ctx, request->app->store, &settings));
    struct shown shown = {settings.organisation, what->shown, what->purpose, what->channel, what->out};
    return reply_shape(reply, &shown_shape, &shown);
}

static err show(struct request *request, struct reply *reply)
{
    struct opt_out what;
    TRY(look(request, &what));
    return say(request, reply, &what);
}

struct withdrawing {
    struct app *app;
    const struct opt_out *what;
    bool all;
};

static err withdraw(struct ctx *ctx, struct store *store, void *arg)
{
    const struct withdrawing *withdrawing = arg;
    (void)store;
    return opt_out_do(ctx, withdrawing->app->act, withdrawing->what, withdrawing->all);
}

/* Said again it changes nothing more. */
static err carry_out(struct request *request, struct opt_out *what, bool all)
{
    TRY(look(request, what));
    if (what->out && !all) {
        return OK;
    }
    struct withdrawing withdrawing = {request->app, what, all};
    TRY(store_write(request->ctx, request->app->store, withdraw, &withdrawing));
    what->out = true;
    return OK;
}

static err opt_out(struct request *request, struct reply *reply)
{
    const struct wish *wish = request->input;
    struct opt_out what;
    TRY(carry_out(request, &what, wish->all));
    return say(request, reply, &what);
}

/* Mail programs send "List-Unsubscribe=One-Click" as a form; whatever they send, a POST to this address means it. */
static err one_click(struct request *request, struct reply *reply)
{
    struct opt_out what;
    TRY(carry_out(request, &what, false));
    return reply_nothing(reply);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/opt-out/:token", show, RIGHT_PUBLIC, .out = &shown_shape, .summary = "route.opt_out.show"},
    {HTTP_POST, "/api/v1/opt-out/:token", opt_out, RIGHT_PUBLIC, .in = &wish_shape, .out = &shown_shape,
     .summary = "route.opt_out.do"},
    {HTTP_POST, "/o/:token", one_click, RIGHT_PUBLIC, .limit_bytes = 16384, .flags = ROUTE_RAW,
     .summary = "route.opt_out.one_click"},
};
const struct route_table opt_outs_routes = ROUTES(routes);
