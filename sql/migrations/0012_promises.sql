-- What was promised to customers, and the test of whether it is kept.
CREATE TABLE promises (
    id {id} PRIMARY KEY,
    text_vi {text},             -- the words; at least one of the two
    text_en {text},
    touchpoint {text},          -- its id in the map; NULL: none
    made_where {text},          -- "Trang chủ, quảng cáo tháng 10"
    made_by {text},             -- who answers for it
    since {text},               -- ISO date from which on it holds; NULL: always
    target {f64} NOT NULL,      -- the least share that must be kept, 0 to 1
    retired {i64} NOT NULL,     -- 1: not promised any more
    test {text} NOT NULL,       -- JSON: listen/voices/promise.h
    by_name {text} NOT NULL,    -- who wrote it down
    created_ms {i64} NOT NULL,
    changed_ms {i64} NOT NULL
) {strict};

CREATE INDEX promises_touchpoint ON promises (touchpoint);
