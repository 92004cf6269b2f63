-- What a response was finished with: the same again is answered in the same way, anything else is not taken.
ALTER TABLE responses ADD COLUMN sent {text} NOT NULL DEFAULT ''; -- digest of the answers as they came; empty: not known

-- Responses that staff removed: what shows that it was done, without anything of what was answered.
CREATE TABLE response_removals (
    id {id} PRIMARY KEY,
    survey_id {id} NOT NULL REFERENCES surveys (id) ON DELETE CASCADE,
    response {id} NOT NULL,       -- the id it had
    by_name {text} NOT NULL,
    asked_ms {i64} NOT NULL,
    done_ms {i64},                -- NULL: it goes on at the next start
    events {i64} NOT NULL,        -- how many were removed
    files {i64} NOT NULL,
    digest {text} NOT NULL,       -- SHA-256 over the removed events' ids in order
    pending {text}                -- JSON list of the questions that were answered, until it is done
) {strict};

CREATE INDEX response_removals_survey ON response_removals (survey_id, id);
