-- What people say, whatever it came through: one row for each event that has words or a score. Made from the log; what staff do
-- with
-- it is beside it, in feedback_work.
-- passing: made anew from the log and feedback_work
CREATE TABLE feedback (
    position {i64} PRIMARY KEY,   -- the order in which it is shown: when it was said, and a number among those of the same moment
    id {id} NOT NULL UNIQUE,      -- the event's
    at_ms {i64} NOT NULL,
    received_ms {i64} NOT NULL,
    import {id},                  -- that brought it
    alias {text},                 -- the identity it arrived under
    source {text} NOT NULL,       -- survey, review, mention, complaint, interview, call, chat, email, other
    kind {text} NOT NULL,         -- the event's
    channel {text},
    place {text},
    touchpoint {text},            -- as declared, or as somebody corrected it
    metric {text},
    question {text},              -- the series
    version {i64},                -- of the survey
    survey {text},
    response {text},              -- all answers of one sitting have the same
    score {f64},
    scale {text},
    reversed {i64} NOT NULL,      -- 1: the wording was reversed and the score flipped at entry
    has_text {i64} NOT NULL,
    language {text},              -- vi, en, other; this and what follows as read, or as somebody corrected it; NULL without words
    sentiment {f64},              -- -1 to 1
    class {text},                 -- negative, neutral, positive
    emotion {text},               -- as read, or as the person said
    complaint {i64} NOT NULL,
    spam {i64} NOT NULL,          -- or nonsense
    topics {i64} NOT NULL,        -- bit k: topic k of the reader
    topics_good {i64} NOT NULL,   -- those spoken well of
    topics_bad {i64} NOT NULL,    -- those spoken badly of
    label {text},                 -- what the company's own model says
    confidence {f64},             -- how sure that is, 0 to 1
    status {text} NOT NULL,       -- new, read, waiting, done, ignored
    owner {id}                    -- the user who looks after it
) {strict};

CREATE INDEX feedback_alias ON feedback (alias, position) WHERE alias IS NOT NULL;
CREATE INDEX feedback_owner ON feedback (owner, position) WHERE owner IS NOT NULL;
CREATE INDEX feedback_survey ON feedback (survey, position) WHERE survey IS NOT NULL;

-- The words of feedback, apart: who counts does not read them.
-- passing: made anew from the log
CREATE TABLE feedback_texts (
    position {i64} PRIMARY KEY,   -- of the feedback
    text {text} NOT NULL,         -- verbatim
    said {text},                  -- JSON: each topic with its polarity
    product {text},               -- what a review is about
    author {text},                -- as the site shows who wrote it
    url {text}                    -- where it stands
) {strict};

-- What staff decided about a feedback. Truth: it survives reading everything anew.
CREATE TABLE feedback_work (
    feedback {id} PRIMARY KEY,    -- the event's id
    status {text} NOT NULL,
    owner {id},
    corrected {text},             -- JSON: what a person set by hand; it wins over what was read
    changed_ms {i64} NOT NULL,
    by_name {text} NOT NULL       -- who changed it last, for readers
) {strict};

-- Pain points (listen/voices/pain.h).
CREATE TABLE pains (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    description {text} NOT NULL,
    touchpoint {text},            -- of the journey
    status {text} NOT NULL,       -- new, confirmed, working, solved, dropped
    owner {id} REFERENCES users (id) ON DELETE SET NULL,
    matches {text},               -- JSON: a filter; feedback that meets it is evidence too
    merged {id},                  -- the pain point it became a part of
    by_name {text} NOT NULL,      -- who wrote it down, for readers
    created_ms {i64} NOT NULL,
    changed_ms {i64} NOT NULL
) {strict};

-- Evidence that somebody linked by hand, or took out of what the filter finds.
CREATE TABLE feedback_pains (
    feedback {id} NOT NULL,       -- the event's id
    pain {id} NOT NULL REFERENCES pains (id) ON DELETE CASCADE,
    how {text} NOT NULL,          -- hand, rule
    by_name {text} NOT NULL,
    at_ms {i64} NOT NULL,
    PRIMARY KEY (feedback, pain)
) {strict};

CREATE INDEX feedback_pains_pain ON feedback_pains (pain, feedback);

-- How far the log has been followed.
-- passing: of what is made anew
CREATE TABLE feedback_state (
    one {i64} PRIMARY KEY,        -- 1
    event {id} NOT NULL,          -- everything up to here is in feedback
    reading {i64} NOT NULL,       -- the version of what read the words
    whole {i64} NOT NULL          -- 1: where records are shared, what was in the log before is here too
) {strict};

-- Words by which things are found (store/search.h), as tokens without case, tone and đ.
-- passing: made anew from what it describes
CREATE TABLE search_words (
    position {i64} PRIMARY KEY,
    -- sqlite:
    words {text} NOT NULL
    -- postgres:
    words TSVECTOR NOT NULL
    -- both:
) {strict};

-- sqlite:
-- Which text has which word. Whole texts are not asked for the order of words, so that it needs no positions; beginnings of
-- words have
-- lists of their own.
CREATE VIRTUAL TABLE search_tokens USING fts5(words, content = 'search_words', content_rowid = 'position',
    tokenize = "ascii", detail = none, columnsize = 0, prefix = '1 2 3');
-- postgres:
-- What is new waits in a list that every search reads: 256 KB of it instead of 4 MB.
CREATE INDEX search_words_words ON search_words USING gin (words) WITH (gin_pending_list_limit = 256);
-- both:
