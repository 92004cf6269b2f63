-- Who may use the installation. Secrets are stored as SHA-256 digests of 256 random bits, passwords as argon2id.
CREATE TABLE users (
    id {id} PRIMARY KEY,
    email {text} NOT NULL UNIQUE, -- folded: lower case, compatibility forms resolved
    name {text} NOT NULL,
    role {text} NOT NULL,         -- owner, manager, analyst, agent, viewer
    language {text},              -- vi or en; NULL: the browser's
    active {i64} NOT NULL,        -- 0: signed out and kept out
    password {text},              -- argon2id with its salt and parameters; NULL until the invitation is accepted
    places {text} NOT NULL,       -- JSON list; empty: everywhere
    departments {text} NOT NULL,  -- JSON list; empty: all
    created_ms {i64} NOT NULL
) {strict};

CREATE TABLE sessions (
    id {id} PRIMARY KEY,
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    digest {text} NOT NULL UNIQUE, -- of the token in the cookie
    created_ms {i64} NOT NULL,
    seen_ms {i64} NOT NULL         -- the last request, to the minute
) {strict};

CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE keys (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    kind {text} NOT NULL,          -- write: can only collect; api: reads or administers
    trust {text},                  -- of write keys: browser or server
    scopes {text} NOT NULL,        -- JSON list, of api keys: read, personal, admin
    prefix {text} NOT NULL,        -- the beginning of the secret, to recognise it by
    digest {text} NOT NULL UNIQUE, -- of the whole secret
    created_by {id} REFERENCES users (id) ON DELETE SET NULL,
    created_ms {i64} NOT NULL
) {strict};

CREATE TABLE links (
    digest {text} PRIMARY KEY,     -- of the token in the address
    purpose {text} NOT NULL,       -- owner, invitation, reset; never another
    user_id {id} REFERENCES users (id) ON DELETE CASCADE, -- NULL: the owner to be
    created_ms {i64} NOT NULL,
    expires_ms {i64} NOT NULL
) {strict};

CREATE TABLE audit (
    id {i64} PRIMARY KEY,          -- 1, 2, 3 … without gaps
    at_ms {i64} NOT NULL,
    who {text} NOT NULL,           -- e-mail of a user, name of a key, "local"
    action {text} NOT NULL,        -- "user.create", "people.read", …
    object {text} NOT NULL,        -- an id or name
    detail {text} NOT NULL,
    address {text} NOT NULL,       -- the client's
    digest {text} NOT NULL         -- SHA-256 of the digest before and this entry
) {strict};

-- What a person may change about the installation, as text; a missing name has its default.
CREATE TABLE settings (
    name {text} PRIMARY KEY,
    value {text} NOT NULL
) {strict};
