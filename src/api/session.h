/* Who is signed in and what the installation is: the answer that begins every page. */
#pragma once

#include "api/app.h"

struct session_user {
    i64 id;
    str email, name;
    i32 role;
    str language;
    struct str_list places, departments;
};

struct installation {
    str organisation, zone;
    i32 language;
    i64 minimum_n;
    bool demo, needs_owner, readonly;
    str version;
};

struct session {
    const struct session_user *user;
    struct str_list rights;
    struct installation installation;
};
extern const struct shape session_shape;

/* Replies with the session of `who` (not the request's own asker when somebody has just signed in). */
err session_reply(struct request *request, struct reply *reply, const struct principal *who);

/* True while nothing new can be stored. */
bool app_readonly(const struct app *app);
