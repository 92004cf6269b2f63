-- Questions that somebody kept, and dashboards that show them.
CREATE TABLE saved_questions (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    description {text} NOT NULL,
    question {text} NOT NULL,   -- JSON, in the language of docs/ask.md
    period {text} NOT NULL,     -- a period that moves along ("30d"); empty: the question's own from and to
    shown {text} NOT NULL,      -- how it is looked at: chart, table
    owner_id {id} REFERENCES users (id) ON DELETE SET NULL, -- NULL: a key, the command line
    by_name {text} NOT NULL,    -- who saved it, for readers
    created_ms {i64} NOT NULL,
    changed_ms {i64} NOT NULL
) {strict};

CREATE TABLE dashboards (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    description {text} NOT NULL,
    owner_id {id} REFERENCES users (id) ON DELETE SET NULL, -- NULL: a key, the command line
    by_name {text} NOT NULL,
    created_ms {i64} NOT NULL,
    changed_ms {i64} NOT NULL
) {strict};

CREATE TABLE dashboard_tiles (
    dashboard_id {id} NOT NULL REFERENCES dashboards (id) ON DELETE CASCADE,
    place {i64} NOT NULL,       -- 0, 1, …: the order on the page
    question_id {id} NOT NULL REFERENCES saved_questions (id) ON DELETE CASCADE, -- a removed question takes its tiles along
    width {text} NOT NULL,      -- half, full
    PRIMARY KEY (dashboard_id, place)
) {strict};

CREATE INDEX dashboard_tiles_question ON dashboard_tiles (question_id);
