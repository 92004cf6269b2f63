-- Texts that are found by any part of them, without case, tone and đ. Derived: made anew from what they describe.
-- passing: made anew from what it describes
CREATE TABLE search_texts (
    -- sqlite:
    place {i64} PRIMARY KEY,      -- in the index
    -- both:
    kind {i64} NOT NULL,          -- of thing: enum search_kind
    id {id} NOT NULL,             -- of the thing
    folded {text} NOT NULL,
    -- sqlite:
    UNIQUE (kind, id)
    -- postgres:
    PRIMARY KEY (kind, id)
    -- both:
) {strict};

INSERT INTO search_texts (kind, id, folded) SELECT 1, id, folded FROM aliases;

-- sqlite:
-- Which text has which three characters. A search asks for all of its own and looks at the texts themselves then, so that the index
-- needs no positions.
CREATE VIRTUAL TABLE search_grams USING fts5(folded, content = 'search_texts', content_rowid = 'place',
    tokenize = "trigram case_sensitive 1", detail = none, columnsize = 0);

INSERT INTO search_grams (search_grams) VALUES ('rebuild');
-- both:

ALTER TABLE aliases DROP COLUMN folded;
