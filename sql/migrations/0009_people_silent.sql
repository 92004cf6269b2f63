-- Aliases about to be forgotten, unless an event of theirs comes meanwhile in whatever process.
-- passing: while they are looked for
CREATE TABLE people_silent (
    alias_id {id} PRIMARY KEY
) {strict};

ALTER TABLE people_state ADD COLUMN silent {i64} NOT NULL DEFAULT 0; -- 1: there are such aliases
