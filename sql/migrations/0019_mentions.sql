-- Who sends us mentions: listening services, each with a secret of its own.
CREATE TABLE mention_sources (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    secret {text} NOT NULL,       -- sealed with the key of the installation
    by_name {text} NOT NULL,
    created_ms {i64} NOT NULL,
    last_ms {i64}                 -- when its last message was taken
) {strict};

-- Messages that were taken: a message comes once.
-- passing: older ones are refused by their time
CREATE TABLE mention_seen (
    message {text} PRIMARY KEY,   -- source and id of the message
    at_ms {i64} NOT NULL
) {strict};
