-- Long or outgoing work, each once per cause.
CREATE TABLE jobs (
    id {id} PRIMARY KEY,        -- time-ordered id
    kind {text} NOT NULL,       -- who does it: "import", …
    cause {text} NOT NULL,      -- what it follows from; the same cause makes no second job
    input {text} NOT NULL,      -- JSON: what to do
    output {text},              -- JSON: what came of it so far
    state {text} NOT NULL,      -- waiting, running, done, failed, cancelled
    progress {f64} NOT NULL,    -- 0 to 1
    attempts {i64} NOT NULL,    -- how often it was taken
    cancel {i64} NOT NULL,      -- 1: asked to stop
    failure {text},             -- locale key of what went wrong last
    created_ms {i64} NOT NULL,  -- when it was asked for
    due_ms {i64} NOT NULL,      -- not to be taken before
    started_ms {i64},           -- when it was taken last
    ended_ms {i64},             -- when it was done, failed or cancelled
    UNIQUE (kind, cause)
) {strict};

CREATE INDEX jobs_due ON jobs (kind, state, due_ms);
