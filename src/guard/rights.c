#include "guard/rights.h"

const char *const right_words[RIGHT_COUNT_ + 1] = {
    "",
    "public",
    "collect",
    "signed_in",
    "ask",
    "explore.write",
    "journeys.read",
    "journeys.write",
    "people.read",
    "people.erase",
    "imports.read",
    "imports.write",
    "debugger.read",
    "users.manage",
    "keys.manage",
    "settings.write",
    "audit.read",
    "voices.read",
    "voices.write",
    "surveys.read",
    "surveys.write",
    "rules.read",
    "rules.write",
    "consents.read",
    "consents.write",
    NULL,
};
const char *const role_words[ROLE_COUNT_ + 1] = {"owner", "manager", "analyst", "agent", "viewer", NULL};
const char *const scope_words[SCOPE_COUNT_ + 1] = {"read", "personal", "admin", NULL};

#define BIT(right) ((rights)1 << (right))

/* What every signed-in person may do, whatever the role. */
#define EVERYBODY                                                                                                      \
    (BIT(RIGHT_PUBLIC) | BIT(RIGHT_SIGNED_IN) | BIT(RIGHT_ASK) | BIT(RIGHT_JOURNEYS_READ) | BIT(RIGHT_SURVEYS_READ))

/* Who meets customers: what they say, and what they agreed to. */
#define MEETS_PEOPLE                                                                                                   \
    (BIT(RIGHT_PEOPLE_READ) | BIT(RIGHT_VOICES_READ) | BIT(RIGHT_VOICES_WRITE) | BIT(RIGHT_CONSENTS_READ) |            \
     BIT(RIGHT_CONSENTS_WRITE))

#define WORKS_WITH_DATA                                                                                                \
    (BIT(RIGHT_EXPLORE_WRITE) | BIT(RIGHT_PEOPLE_READ) | BIT(RIGHT_IMPORTS_READ) | BIT(RIGHT_IMPORTS_WRITE) |          \
     BIT(RIGHT_DEBUGGER_READ) | BIT(RIGHT_VOICES_READ) | BIT(RIGHT_VOICES_WRITE) | BIT(RIGHT_SURVEYS_WRITE) |          \
     BIT(RIGHT_RULES_READ) | BIT(RIGHT_CONSENTS_READ))

#define DIRECTS (BIT(RIGHT_JOURNEYS_WRITE) | BIT(RIGHT_RULES_WRITE))

#define OWNS                                                                                                           \
    (BIT(RIGHT_PEOPLE_ERASE) | BIT(RIGHT_USERS_MANAGE) | BIT(RIGHT_KEYS_MANAGE) | BIT(RIGHT_SETTINGS_WRITE) |          \
     BIT(RIGHT_AUDIT_READ))

rights rights_of_role(enum role role)
{
    static const rights table[ROLE_COUNT_] = {
        [ROLE_OWNER] = EVERYBODY | MEETS_PEOPLE | WORKS_WITH_DATA | DIRECTS | OWNS,
        [ROLE_MANAGER] = EVERYBODY | MEETS_PEOPLE | WORKS_WITH_DATA | DIRECTS,
        [ROLE_ANALYST] = EVERYBODY | MEETS_PEOPLE | WORKS_WITH_DATA,
        [ROLE_AGENT] = EVERYBODY | MEETS_PEOPLE,
        [ROLE_VIEWER] = EVERYBODY | BIT(RIGHT_VOICES_READ),
    };
    return table[role];
}

rights rights_of_scopes(u32 scopes)
{
    static const rights table[SCOPE_COUNT_] = {
        [SCOPE_READ] = EVERYBODY | BIT(RIGHT_IMPORTS_READ),
        [SCOPE_PERSONAL] = EVERYBODY | MEETS_PEOPLE | BIT(RIGHT_DEBUGGER_READ),
        [SCOPE_ADMIN] = EVERYBODY | MEETS_PEOPLE | WORKS_WITH_DATA | DIRECTS | OWNS,
    };
    rights sum = BIT(RIGHT_PUBLIC);
    for (i32 i = 0; i < SCOPE_COUNT_; i++) {
        sum |= (scopes >> i & 1u) != 0 ? table[i] : 0;
    }
    return sum;
}
