-- What all processes of an installation agree on.
-- passing: of this database
CREATE TABLE installation (
    name {text} PRIMARY KEY, -- "key": of the hash of message ids, hexadecimal
    value {text} NOT NULL
) {strict};

-- Groups of events on their way into a log that is elsewhere: written before the events, removed after what follows from them.
-- passing: events on their way
CREATE TABLE event_groups (
    id {id} PRIMARY KEY,     -- the first event's id
    last {i64} NOT NULL,     -- the last event's; the ids between are dense
    process {id} NOT NULL,   -- who stores it
    from_ms {i64} NOT NULL,  -- its events were received within
    to_ms {i64} NOT NULL,
    at_ms {i64} NOT NULL,    -- when it was begun
    doomed {i64} NOT NULL    -- 1: it was answered with a failure, nothing of it counts
) {strict};

-- How many groups ever ended: who finds the number unchanged has missed nothing.
-- passing: counts since this database was made
CREATE TABLE event_group_count (
    one {i64} PRIMARY KEY CHECK (one = 1),
    ended {i64} NOT NULL,    -- in either way
    dropped {i64} NOT NULL   -- given up: nothing of them counts
) {strict};
INSERT INTO event_group_count (one, ended, dropped) VALUES (1, 0, 0);
