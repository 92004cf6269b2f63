-- What was noticed in feedback: a day out of the ordinary, a change that lasts. Each once.
CREATE TABLE alerts (
    id {id} PRIMARY KEY,
    cause {text} NOT NULL UNIQUE, -- kind, what, key and period: the same is never said twice
    kind {text} NOT NULL,         -- spike, drop, drift
    what {text} NOT NULL,         -- volume, complaint, negative, topic, score
    key {text},                   -- of a topic or score: which one
    period {text} NOT NULL,       -- the day of a spike; the week since which a drift lasts
    observed {f64} NOT NULL,
    expected {f64} NOT NULL,
    low {f64},                    -- 95 % of ordinary days lie between; NULL for drifts
    high {f64},
    p {f64},                      -- probability on an ordinary day; NULL for drifts
    filter {text} NOT NULL,       -- JSON: finds the feedback behind it
    created_ms {i64} NOT NULL,
    seen_ms {i64},                -- when somebody put it aside
    seen_by {text}                -- who, for readers
) {strict};

-- What the company's own classifier of texts learnt: the newest one labels feedback.
CREATE TABLE models (
    id {id} PRIMARY KEY,
    bytes {bytes} NOT NULL,       -- the model itself: text/model.h
    report {text} NOT NULL,       -- JSON: how well it did on what it had not seen
    wrong {text} NOT NULL,        -- JSON: examples it got wrong there
    texts {i64} NOT NULL,         -- learnt from
    corrections {i64} NOT NULL,   -- of these, corrected by somebody
    trained_ms {i64} NOT NULL,
    by_name {text} NOT NULL       -- who asked for it, for readers
) {strict};
