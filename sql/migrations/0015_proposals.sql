-- What is proposed to be done.
CREATE TABLE proposals (
    id {id} PRIMARY KEY,
    title {text} NOT NULL,
    why {text} NOT NULL,          -- what people live through now
    what {text} NOT NULL,
    decision {text} NOT NULL,     -- what exactly is asked for
    touchpoint {text} NOT NULL,
    department {text} NOT NULL,   -- who would carry it
    meeting {text} NOT NULL,      -- ISO date of the meeting that decides
    state {text} NOT NULL,        -- draft, asked, approved, declined, done
    note {text} NOT NULL,         -- what was decided, and why
    decided_by {text} NOT NULL,
    decided_ms {i64},             -- NULL: not yet
    done_ms {i64},
    told_ms {i64},                -- when the people whose feedback lies behind it were told
    survey {text} NOT NULL,       -- that asks whether people noticed
    by_name {text} NOT NULL,
    created_ms {i64} NOT NULL,
    changed_ms {i64} NOT NULL
) {strict};

-- What a proposal rests on.
CREATE TABLE proposal_pains (
    proposal {id} NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
    pain {id} NOT NULL REFERENCES pains (id) ON DELETE CASCADE,
    PRIMARY KEY (proposal, pain)
) {strict};

CREATE INDEX proposal_pains_pain ON proposal_pains (pain);
