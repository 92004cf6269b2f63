/* Who is asking, and may they: users, sessions, keys and one-time links.
 *
 * Secrets (session tokens, keys, links) are 256 random bits, given out once and
 * stored only as a digest, so a stolen database opens nothing. Passwords are
 * argon2id. The rights themselves stand in rights.h.
 */
#pragma once

#include "base/ctx.h"
#include "base/hash.h"
#include "guard/rights.h"
#include "json/shape.h"
#include "text/sentence.h"

struct store;
struct guard;

enum asker {
    ASKER_NOBODY,
    ASKER_USER,  /* a signed-in person: cookie */
    ASKER_KEY,   /* an API key: Authorization: Bearer */
    ASKER_LOCAL, /* the command line on this machine, under the server's own account: acts as owner */
};

enum trust { TRUST_BROWSER, TRUST_SERVER, TRUST_COUNT_ };
extern const char *const trust_words[TRUST_COUNT_ + 1];

/* Who asks, in one piece of work. */
struct principal {
    enum asker asker;
    rights rights;
    i64 id;        /* of the user or key; 0 for nobody and the command line */
    i64 session;   /* of the session that asks; 0 without */
    str name;      /* for the audit log: the e-mail, the key's name, "local" */
    str user_name; /* how the person is called */
    i64 seen_ms;   /* when the session was noted as used */
    enum role role;
    enum language language;
    bool has_language;           /* `language` is the user's own choice */
    struct str_list places;      /* empty: everywhere */
    struct str_list departments; /* empty: all */
};

static inline bool principal_may(const struct principal *principal, enum right right)
{
    return rights_have(principal->rights, right);
}

/* Does the principal see some places or departments only? */
static inline bool principal_limited(const struct principal *principal)
{
    return principal->places.count > 0 || principal->departments.count > 0;
}

/* What readers are told about who did something: the name of a user, else that of the key. */
static inline str principal_name(const struct principal *principal)
{
    bool named = principal->asker == ASKER_USER && str_is(principal->user_name) && principal->user_name.len > 0;
    return named ? principal->user_name : principal->name;
}

struct processes;
struct guard_options {
    struct store *store;
    struct processes *processes; /* who else serves the same records; may be NULL */
    i64 idle_ms;                 /* a session ends after this long without a request */
    i64 absolute_ms;             /* and after this long in any case */
    i32 hashes_max;              /* passwords hashed at the same time: each takes GUARD_HASH_BYTES; 0: 2 */
    u8 key[HASH_KEY_LEN];        /* the installation's, the same in all its processes: names the records of attempts */
};

/* argon2id: 3 passes over 32 MB, about 60 ms (OWASP's least is 2 over 19 MB). */
enum { GUARD_HASH_BYTES = 32 * 1024 * 1024, GUARD_HASH_PASSES = 3 };

/* Reads the keys into memory and ends sessions and links that are too old. */
err guard_open(struct ctx *ctx, const struct guard_options *options, struct guard **out);
void guard_close(struct guard *guard);

/* The key of the installation, the same in all its processes: for what must not be made by others. */
void guard_key(const struct guard *guard, u8 out[HASH_KEY_LEN]);

/* Signing in and out. Addresses are texts; what the client says about itself is not believed. */
struct sign_in {
    str email, password, address;
};

/* A new session. ERR_UNAUTHENTICATED for any wrong combination (same answer, same time, whether the user
 * exists or not); ERR_BUSY with retry_after_s after too many failures of the account or the address. */
err guard_sign_in(struct ctx *ctx, struct guard *guard, const struct sign_in *with, str *token, struct principal *out);
err guard_sign_out(struct ctx *ctx, struct guard *guard, const struct principal *who);

/* Another session for a user whose identity is proven already: by a one-time link or the old password. */
err guard_enter(struct ctx *ctx, struct guard *guard, i64 user, str *token, struct principal *out);

/* The principal of a session token; ERR_UNAUTHENTICATED when it is none, expired or ended. Only reads. */
err guard_session(struct ctx *ctx, struct guard *guard, str token, struct principal *out);

/* May looking up a session wait for another machine? False for NULL. */
bool guard_waits(const struct guard *guard);

/* Notes, at most once a minute, that the session is in use. */
err guard_touch(struct ctx *ctx, struct guard *guard, const struct principal *who);

/* The principal of an API key; ERR_UNAUTHENTICATED for anything else, write keys included. */
err guard_api_key(struct ctx *ctx, struct guard *guard, str secret, struct principal *out);

/* A write key, which can only collect. Looked up in memory: this is on the path of every event. */
struct write_key {
    i64 id;
    enum trust trust;
    char name[64];
};
err guard_write_key(struct ctx *ctx, struct guard *guard, str secret, struct write_key *out);

/* Runs `work` as one transaction of the records, so that a change and its entry in the audit log are kept together or not at
 * all. What the guard keeps in memory follows when it is committed. */
err guard_transaction(struct ctx *ctx, struct guard *guard,
                      err (*work)(struct ctx *ctx, struct store *store, void *arg), void *arg);

/* The principal of the command line. */
struct principal guard_local(void);

/* OK when the principal has the right; ERR_UNAUTHENTICATED or ERR_FORBIDDEN otherwise. */
err guard_check(struct ctx *ctx, const struct principal *who, enum right right);

/* OK when nobody has asked for `what` from `who` more than `most` times within a minute, of all processes together; ERR_BUSY with
 * retry_after_s otherwise. Kept in memory, and in the records where several processes share them. */
err guard_rate(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most);

/* The same answer, and nothing is counted: asked before a secret is compared, where only wrong ones are counted afterwards. */
err guard_rate_look(struct ctx *ctx, struct guard *guard, const char *what, str who, i64 most);
