-- Surveys: what is asked, on which ways people reach it, and what they answered.
CREATE TABLE surveys (
    id {id} PRIMARY KEY,
    state {text} NOT NULL,        -- draft, open, paused, closed, archived
    access {text} NOT NULL,       -- open, invited: only single-use links and invitations are let in
    draft {text},                 -- JSON: the document that is being edited; NULL: it is the newest version
    version {i64} NOT NULL,       -- the newest published version; 0: none yet
    created_ms {i64} NOT NULL,
    changed_ms {i64} NOT NULL,
    closed_ms {i64},              -- since when it takes no more answers; NULL: it is not closed or archived
    by_name {text} NOT NULL       -- who made it, for readers
) {strict};

CREATE TABLE survey_versions (
    survey_id {id} NOT NULL REFERENCES surveys (id) ON DELETE CASCADE,
    version {i64} NOT NULL,       -- 1, 2, …
    document {text} NOT NULL,     -- JSON with the series of every question, never changed
    published_ms {i64} NOT NULL,
    published_by {text} NOT NULL,
    PRIMARY KEY (survey_id, version)
) {strict};

-- Ways to a survey. The token in the address follows from the installation's key, the id and the nonce; only its digest is kept.
CREATE TABLE survey_links (
    id {id} PRIMARY KEY,
    survey_id {id} NOT NULL REFERENCES surveys (id) ON DELETE CASCADE,
    kind {text} NOT NULL,         -- link, single, qr, widget, kiosk, invitation
    nonce {bytes} NOT NULL,
    digest {bytes} NOT NULL UNIQUE, -- SHA-256 of the token
    name {text} NOT NULL,
    place {text} NOT NULL,        -- empty: the question's or survey's own
    touchpoint {text} NOT NULL,
    channel {text} NOT NULL,
    alias {text} NOT NULL,        -- of whom an invitation is for; empty: nobody's
    hidden {text} NOT NULL,       -- JSON object: fields that whoever answers cannot change
    pin {text} NOT NULL,          -- hash of the PIN; empty: none
    most {i64} NOT NULL,          -- finished responses it takes; 0: any number
    finished {i64} NOT NULL,      -- how many there are
    paused {i64} NOT NULL,        -- 1: takes no answers until it is resumed
    expires_ms {i64},             -- NULL: never
    created_ms {i64} NOT NULL
) {strict};

CREATE INDEX survey_links_survey ON survey_links (survey_id, id);
CREATE INDEX survey_links_alias ON survey_links (alias);

CREATE TABLE responses (
    id {id} PRIMARY KEY,
    survey_id {id} NOT NULL REFERENCES surveys (id) ON DELETE CASCADE,
    version {i64} NOT NULL,       -- of the survey it answers; never changes
    link_id {id} NOT NULL,
    state {text} NOT NULL,        -- partial, finished, over (a quota was full: kept, counted nowhere)
    edit {bytes} NOT NULL,        -- digest of the secret that lets it be continued
    request_key {text},           -- the page's own: sent again it is the same response; random orders follow from it
    language {text} NOT NULL,
    alias {text} NOT NULL,        -- "user:U1", "anon:A1"; empty: nobody's
    channel {text} NOT NULL,
    place {text} NOT NULL,
    device {text} NOT NULL,       -- keyed hash of address and browser: bursts from one device; never the address itself
    answers {text} NOT NULL,      -- JSON: as they stand now
    counted {text},               -- JSON: those that are events and figures; these never change; NULL: none yet
    hidden {text} NOT NULL,       -- JSON object
    seen {text} NOT NULL,         -- JSON list of questions that were shown
    spent {text} NOT NULL,        -- JSON object: milliseconds by question
    answered {i64} NOT NULL,      -- how many answers there are; 0: opened, no more
    end_id {text} NOT NULL,       -- the end it came to; empty: none yet
    contact {i64} NOT NULL,       -- 1: holds names or addresses that somebody wrote
    started_ms {i64} NOT NULL,
    changed_ms {i64} NOT NULL,
    finished_ms {i64},
    pending_ms {i64},             -- when its answers are to become events, or to be tried again; NULL: nothing to do
    UNIQUE (link_id, request_key)
) {strict};

CREATE INDEX responses_survey ON responses (survey_id, id);
CREATE INDEX responses_pending ON responses (pending_ms);
CREATE INDEX responses_alias ON responses (alias);

CREATE TABLE survey_quotas (
    survey_id {id} NOT NULL REFERENCES surveys (id) ON DELETE CASCADE,
    name {text} NOT NULL,
    taken {i64} NOT NULL,         -- finished responses that counted
    PRIMARY KEY (survey_id, name)
) {strict};

-- What people send along. In the records, so that every process has it.
CREATE TABLE response_files (
    id {id} PRIMARY KEY,
    survey_id {id} NOT NULL REFERENCES surveys (id) ON DELETE CASCADE,
    link_id {id} NOT NULL,
    response_id {id},             -- NULL: not yet part of one; removed after a day
    name {text} NOT NULL,
    type {text} NOT NULL,         -- as its first bytes say, never as the sender says
    size {i64} NOT NULL,
    body {bytes} NOT NULL,
    created_ms {i64} NOT NULL
) {strict};

CREATE INDEX response_files_response ON response_files (response_id);
CREATE INDEX response_files_survey ON response_files (survey_id);
