-- What others reached (prove/benchmark.h).
CREATE TABLE benchmarks (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    metric {text} NOT NULL,       -- nps, csat, ces
    scale {text} NOT NULL,        -- "0-10"
    question {text} NOT NULL,     -- the series of the question with that wording; empty: not known
    asked {text} NOT NULL,        -- how people were asked, as a channel; empty: not known
    from_date {text} NOT NULL,    -- ISO dates: when it was measured
    to_date {text} NOT NULL,
    value {f64} NOT NULL,         -- NPS points, CSAT percent, CES mean
    low {f64},                    -- the published interval
    high {f64},
    answers {i64} NOT NULL,       -- 0: not published
    source {text} NOT NULL,       -- who published it, and where
    url {text} NOT NULL,
    note {text} NOT NULL,
    by_name {text} NOT NULL,      -- who wrote it down
    created_ms {i64} NOT NULL,
    changed_ms {i64} NOT NULL
) {strict};
