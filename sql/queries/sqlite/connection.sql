-- What only SQLite is told: settings of a connection, transactions, copies.

-- name: sqlite_large_pages
-- For a new file that is appended to: half as many pages to write and to check, a quarter more rows a second.
PRAGMA page_size = 8192

-- name: sqlite_wal
-- Readers and the writer do not wait for each other.
PRAGMA journal_mode = WAL

-- name: sqlite_sync_full
-- A commit returns after its fsync.
PRAGMA synchronous = FULL

-- name: sqlite_sync_off
-- Only for tests that prove that fsync matters.
PRAGMA synchronous = OFF

-- name: sqlite_secure_delete
-- Deleted rows are overwritten with zeros.
PRAGMA secure_delete = ON

-- name: sqlite_temporary
-- What a sort spills must not lie on the disk where nobody deletes it.
PRAGMA temp_store = MEMORY

-- name: sqlite_foreign_keys
-- References are checked.
PRAGMA foreign_keys = ON

-- name: sqlite_checkpoint
-- Copies the write-ahead log into the database as far as readers allow.
PRAGMA wal_checkpoint(PASSIVE)

-- name: sqlite_checkpoint_truncate
-- The same, waiting for readers, and empties the file.
PRAGMA wal_checkpoint(TRUNCATE)

-- name: sqlite_cache
-- 16 MB of pages for a connection that writes.
PRAGMA cache_size = -16384

-- name: sqlite_cell_check
-- Damaged pages are noticed when they are read instead of being followed.
PRAGMA cell_size_check = ON

-- name: sqlite_begin
-- A transaction that reads.
BEGIN

-- name: sqlite_begin_write
-- A transaction that writes takes its place at once.
BEGIN IMMEDIATE

-- name: sqlite_commit
-- Ends a transaction.
COMMIT

-- name: sqlite_rollback
-- Undoes a transaction.
ROLLBACK

-- name: sqlite_tables
-- How many tables there are: none in a new file.
SELECT count(*) FROM sqlite_schema WHERE type = 'table'

-- name: sqlite_migrations_exist
-- Is the table of applied steps there?
SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'

-- name: sqlite_migrations_create
-- The applied steps of the schema; made before the first step.
CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    applied_ms INTEGER NOT NULL
) STRICT

-- name: sqlite_migration_newest
-- The number of the newest applied step.
SELECT max(number) FROM migrations

-- name: sqlite_migration_put
-- Notes an applied step.
INSERT INTO migrations (number, name, digest, applied_ms) VALUES (:number, :name, :digest, :applied_ms)

-- name: sqlite_check
-- The number of damaged pages and broken constraints, up to a few.
SELECT count(*) FROM pragma_quick_check(5) WHERE quick_check <> 'ok'

-- name: sqlite_bytes
-- The size of the database.
SELECT page_count * page_size FROM pragma_page_count, pragma_page_size
