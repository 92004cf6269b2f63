-- How far the rule of a pain point has looked for evidence.
ALTER TABLE pains ADD COLUMN matched {id} NOT NULL DEFAULT 0;

-- Filters of the inbox that somebody keeps.
CREATE TABLE feedback_views (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    filter {text} NOT NULL,       -- JSON
    shared {i64} NOT NULL,        -- 1: everybody sees it
    owner_id {id} REFERENCES users (id) ON DELETE CASCADE, -- NULL: a key, the command line
    by_name {text} NOT NULL,
    created_ms {i64} NOT NULL,
    changed_ms {i64} NOT NULL
) {strict};

-- Changes of many feedbacks at once, and what these were before, so that it can be undone.
CREATE TABLE feedback_bulks (
    id {id} PRIMARY KEY,
    change {text} NOT NULL,       -- JSON
    by_name {text} NOT NULL,
    at_ms {i64} NOT NULL,
    found {i64} NOT NULL,         -- how many were meant
    done {i64} NOT NULL,          -- how many were gone through
    changed {i64} NOT NULL,       -- how many were different before
    state {text} NOT NULL         -- running, done, undoing, undone
) {strict};

CREATE TABLE feedback_bulk_rows (
    bulk {id} NOT NULL REFERENCES feedback_bulks (id) ON DELETE CASCADE,
    feedback {id} NOT NULL,       -- the event's id
    status {text},                -- as it was; NULL: not changed yet
    owner {id},
    corrected {text},
    had_pain {i64} NOT NULL,      -- 1: it was evidence of the change's pain point
    PRIMARY KEY (bulk, feedback)
) {strict};

CREATE INDEX feedback_bulk_rows_feedback ON feedback_bulk_rows (feedback);

-- Interview studies (listen/voices/study.h).
CREATE TABLE studies (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    purpose {text} NOT NULL,      -- what is to be found out
    guide {text} NOT NULL,        -- the questions to ask
    recruit {text} NOT NULL,      -- who is to take part, and how they are found
    from_date {text},             -- ISO dates of its calendar
    to_date {text},
    target {i64} NOT NULL,        -- how many interviews are wanted
    status {text} NOT NULL,       -- planned, running, closed
    owner {id} REFERENCES users (id) ON DELETE SET NULL,
    by_name {text} NOT NULL,
    created_ms {i64} NOT NULL,
    changed_ms {i64} NOT NULL
) {strict};

CREATE TABLE study_people (
    study {id} NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
    alias {text} NOT NULL,        -- of the person
    state {text} NOT NULL,        -- invited, agreed, interviewed, declined
    at_ms {i64} NOT NULL,
    PRIMARY KEY (study, alias)
) {strict};

CREATE INDEX study_people_alias ON study_people (alias);

-- The words of a note are an event; here is which study it belongs to.
CREATE TABLE study_notes (
    note {id} PRIMARY KEY,        -- the event's id
    study {id} NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
    by_name {text} NOT NULL,
    at_ms {i64} NOT NULL
) {strict};

CREATE INDEX study_notes_study ON study_notes (study, note);

-- What a passage of a note is about.
CREATE TABLE study_passages (
    id {id} PRIMARY KEY,
    note {id} NOT NULL REFERENCES study_notes (note) ON DELETE CASCADE,
    first {i64} NOT NULL,         -- bytes of the note's text
    length {i64} NOT NULL,
    touchpoint {text},
    pain {id} REFERENCES pains (id) ON DELETE SET NULL,
    code {text},                  -- a word of the researcher
    by_name {text} NOT NULL,
    at_ms {i64} NOT NULL
) {strict};

CREATE INDEX study_passages_note ON study_passages (note, first);

-- What was found out.
CREATE TABLE study_findings (
    id {id} PRIMARY KEY,
    study {id} NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
    title {text} NOT NULL,
    text {text} NOT NULL,
    touchpoint {text},
    pain {id} REFERENCES pains (id) ON DELETE SET NULL,
    passages {text} NOT NULL,     -- JSON: ids of the passages it rests on
    by_name {text} NOT NULL,
    at_ms {i64} NOT NULL
) {strict};

CREATE INDEX study_findings_study ON study_findings (study, id);
