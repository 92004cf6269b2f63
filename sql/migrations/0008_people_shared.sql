-- People of several processes. Each keeps who is one person in memory and learns by number what the others changed.
ALTER TABLE person_links ADD COLUMN number {i64} NOT NULL DEFAULT 0; -- of its newest change; 0: records were not shared

CREATE INDEX person_links_number ON person_links (number) WHERE number > 0;

-- What was removed, for those who still have it in memory.
-- passing: for memory
-- passing: for processes that still have it in memory
CREATE TABLE people_gone (
    number {i64} PRIMARY KEY,
    a {id} NOT NULL,              -- ids of aliases: the ends of a link, or the alias itself
    b {id} NOT NULL,              -- 0: an alias
    kind {text} NOT NULL          -- of the link; alias
) {strict};

-- How far it all has come.
-- passing: made anew where records are shared
-- passing: of this database and its log
CREATE TABLE people_state (
    one {i64} PRIMARY KEY,        -- 1
    whole {i64} NOT NULL,         -- who knows less than this number reads everything anew
    alias {id} NOT NULL,          -- the newest id given to an alias
    number {i64} NOT NULL,        -- the newest number given to a change
    moved_upto {i64} NOT NULL     -- the log's server knows who is one person up to this number; -1: nothing yet
) {strict};

-- Who carries it out; NULL: nobody does.
ALTER TABLE erasures ADD COLUMN process {id};
