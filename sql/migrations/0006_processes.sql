-- Several processes on one installation.
-- passing: who lives now
CREATE TABLE processes (
    id {id} PRIMARY KEY,
    number {i64} NOT NULL,     -- in the low bits of the ids it makes
    name {text} NOT NULL,      -- of its machine
    version {text} NOT NULL,
    folder {text} NOT NULL,    -- its own small data folder
    home {text} NOT NULL,      -- digest of that folder's key: an earlier process of the same folder has ended
    started_ms {i64} NOT NULL, -- these by the clock of the records
    seen_ms {i64} NOT NULL,
    gone_ms {i64}              -- it ended, or was taken for dead; NULL: it lives
) {strict};

-- Who runs it; NULL unless it is running.
ALTER TABLE jobs ADD COLUMN owner {id};

-- How often somebody tried something lately, over all processes; who is a digest.
-- passing: what is counted for minutes
CREATE TABLE tries (
    who {text} PRIMARY KEY,
    since_ms {i64} NOT NULL, -- when the window began, by the clock of the records
    ends_ms {i64} NOT NULL,  -- and when it ends
    count {i64} NOT NULL
) {strict};

-- Uploaded files in pieces, so that any process can take the import. Whole when the row of the upload is there.
-- passing: files that are being imported
CREATE TABLE uploads (
    id {id} PRIMARY KEY,
    size {i64} NOT NULL,
    created_ms {i64} NOT NULL
) {strict};

-- passing: with the upload
CREATE TABLE upload_pieces (
    upload {id} NOT NULL,
    number {i64} NOT NULL, -- 0, 1, …
    piece {bytes} NOT NULL,
    PRIMARY KEY (upload, number)
) {strict};

-- The lists of refused lines of imports, in pieces.
-- passing: lists for a download, where records are shared
CREATE TABLE refused_pieces (
    import {id} NOT NULL,
    start {i64} NOT NULL, -- where in the list it begins
    piece {bytes} NOT NULL,
    PRIMARY KEY (import, start)
) {strict};
