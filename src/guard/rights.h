/* Who may do what: the one table of rights.
 *
 * A right is what a route asks for; a role is a set of rights that a user has;
 * a scope is a set of rights that an API key has. Nothing else decides.
 */
#pragma once

#include "base/str.h"

enum right {
    RIGHT_NONE_, /* 0: somebody forgot to name a right; no route may have it */
    RIGHT_PUBLIC,
    RIGHT_COLLECT, /* the handler looks at the write key, wherever the client put it */
    RIGHT_SIGNED_IN,
    RIGHT_ASK,
    RIGHT_EXPLORE_WRITE,
    RIGHT_JOURNEYS_READ,
    RIGHT_JOURNEYS_WRITE,
    RIGHT_PEOPLE_READ,
    RIGHT_PEOPLE_ERASE,
    RIGHT_IMPORTS_READ,
    RIGHT_IMPORTS_WRITE,
    RIGHT_DEBUGGER_READ,
    RIGHT_USERS_MANAGE,
    RIGHT_KEYS_MANAGE,
    RIGHT_SETTINGS_WRITE,
    RIGHT_AUDIT_READ,
    RIGHT_VOICES_READ,
    RIGHT_VOICES_WRITE,
    RIGHT_SURVEYS_READ,
    RIGHT_SURVEYS_WRITE,
    RIGHT_RULES_READ,
    RIGHT_RULES_WRITE,
    RIGHT_CONSENTS_READ,
    RIGHT_CONSENTS_WRITE,
    RIGHT_COUNT_,
};

enum role { ROLE_OWNER, ROLE_MANAGER, ROLE_ANALYST, ROLE_AGENT, ROLE_VIEWER, ROLE_COUNT_ };

enum scope { SCOPE_READ, SCOPE_PERSONAL, SCOPE_ADMIN, SCOPE_COUNT_ };

/* Bit k is right k. */
typedef u64 rights;

/* "journeys.read"; NULL-terminated, index = the enum. */
extern const char *const right_words[RIGHT_COUNT_ + 1];
extern const char *const role_words[ROLE_COUNT_ + 1];
extern const char *const scope_words[SCOPE_COUNT_ + 1];

static inline bool rights_have(rights set, enum right right)
{
    return (set >> right & 1U) != 0;
}

rights rights_of_role(enum role role);
rights rights_of_scopes(u32 scopes); /* bit k is scope k */
