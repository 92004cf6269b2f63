-- Who people are. All of it follows from the event log and can be read from it again, except erasures.
CREATE TABLE aliases (
    id {id} PRIMARY KEY,          -- a person is known by the id of its oldest alias
    alias {text} NOT NULL UNIQUE, -- kind and value: "user:U1", "anon:A1", "email:a@b.vn", "phone:+84…"
    event {id} NOT NULL,          -- the event that brought it
    since_ms {i64} NOT NULL,      -- when that happened
    folded {text} NOT NULL        -- value and names without case, tone and đ: for finding
) {strict};

CREATE TABLE person_links (
    a {id} NOT NULL REFERENCES aliases (id) ON DELETE CASCADE,
    b {id} NOT NULL REFERENCES aliases (id) ON DELETE CASCADE,
    kind {text} NOT NULL,         -- seen_together, verified, same_user, claim
    at_ms {i64} NOT NULL,         -- when the evidence happened
    event {id} NOT NULL,          -- the event that is the evidence
    PRIMARY KEY (a, b, kind)
) {strict};

CREATE INDEX person_links_b ON person_links (b);
CREATE INDEX person_links_event ON person_links (event);

-- What is said about the holder of an alias: every value once with the event that said it, the newest one counts.
CREATE TABLE traits (
    alias_id {id} NOT NULL REFERENCES aliases (id) ON DELETE CASCADE,
    name {text} NOT NULL,
    at_ms {i64} NOT NULL,
    event {id} NOT NULL,
    value {text} NOT NULL,        -- JSON
    PRIMARY KEY (alias_id, name, at_ms, event)
) {strict};

CREATE INDEX traits_event ON traits (event);
CREATE INDEX traits_name ON traits (name);

-- How far the log has been followed.
CREATE TABLE people_cursor (
    one {i64} PRIMARY KEY,        -- 1
    event {id} NOT NULL           -- the newest event whose consequences are here
) {strict};

-- Certificates of erasure, without personal data once they are done.
CREATE TABLE erasures (
    id {id} PRIMARY KEY,
    person {id} NOT NULL,         -- the id the person had
    asked_ms {i64} NOT NULL,
    done_ms {i64},                -- NULL: it goes on at the next start
    events {i64} NOT NULL,        -- how many were removed
    aliases {i64} NOT NULL,
    digest {text} NOT NULL,       -- SHA-256 over the removed events' ids in order
    pending {text}                -- JSON list of aliases until it is done
) {strict};
