-- The event log. Append-only, in the order of id; no index beside it. The columns that questions read come first, so that
-- reading them never touches the long ones behind.
CREATE TABLE events (
    id {id} PRIMARY KEY,         -- given by the log, increasing in the order of storing
    at_ms {i64} NOT NULL,        -- when it happened
    received_ms {i64} NOT NULL,  -- when it arrived
    import {i64},                -- the import it came with
    message_hash {bytes},        -- keyed 128-bit hash of (source, message id); NULL without a message id
    alias {text},                -- "user:U1", "anon:A1", …: the identity it arrived under
    kind {text},                 -- the name of what happened
    source {text},               -- the key or file it came through
    channel {text},              -- web, shop, phone, …
    place {text},                -- the shop, region or page
    touchpoint {text},           -- what the sender declared
    metric {text},               -- nps, csat, ces of an answer
    question {text},             -- the question answered
    version {i64},               -- of the survey
    score {f64},                 -- the answer as a number
    scale {text},                -- "0-10"
    reversed {i64},              -- 1: the wording was reversed and the score flipped at entry
    amount {i64},                -- minor units
    currency {text},             -- ISO 4217
    text {text},                 -- verbatim
    props {text}                 -- JSON object
) {strict};

-- What must outlive the rows it was taken from.
CREATE TABLE marks (
    name {text} PRIMARY KEY,     -- "last_id": ids up to here were given, even when those events are deleted
    value {i64} NOT NULL         -- its value
) {strict};
