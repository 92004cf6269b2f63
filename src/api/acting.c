#include "api/acting.h"

#include "act/actions.h"
#include "api/inviting.h"
#include "http/http.h"
#include "prove/told.h"

static str base(void *self, struct arena *arena)
{
    const struct app *app = self;
    return app->http == NULL ? STR("") : str_copy(arena, http_base(app->http));
}

void acting_open(struct app *app)
{
    struct act_options options = {
        .store = app->store,
        .people = app->people,
        .journeys = app->journeys,
        .out = app->out,
        .mailer = app->mailer,
        .self = app,
        .base = base,
        .runs = app->mode == APP_SERVE,
    };
    guard_key(app->guard, options.key);
    app->act = act_open(&options);
    actions_add(app->act);
    act_add_maker(app->act, &told_maker);
    inviting_add(app);
}
