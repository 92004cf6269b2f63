-- What only PostgreSQL is told: settings of a session, transactions, words between processes.

-- name: postgres_session
-- No statement and no lock is waited for without end; whoever vanished while it held the writers' turn loses it. A commit
-- is on disk when it returns, whatever the server's own setting is.
SELECT set_config('statement_timeout', '30s', false), set_config('lock_timeout', '10s', false),
    set_config('idle_in_transaction_session_timeout', '60s', false),
    set_config('client_connection_check_interval', '1s', false),
    set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),
    set_config('tcp_keepalives_count', '3', false),
    set_config('synchronous_commit', CASE current_setting('synchronous_commit')
        WHEN 'remote_write' THEN 'remote_write' WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)

-- name: postgres_begin
-- A transaction that reads one state.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY

-- name: postgres_begin_write
-- A transaction that writes. Each statement sees what was committed before it, and that is what everybody else wrote:
-- the lock is taken first.
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE

-- name: postgres_turn
-- The turn to write, of all processes on this database; given back with the transaction. The number is "cham" in ASCII.
SELECT pg_advisory_xact_lock(1667785069)

-- name: postgres_unhurried
-- Rows that are read one by one may take as long as their reader.
SET LOCAL statement_timeout = 0

-- name: postgres_unhurried_lock
-- A step of the schema waits for the process that is at it.
SET LOCAL lock_timeout = '600s'

-- name: postgres_commit
COMMIT

-- name: postgres_rollback
ROLLBACK

-- name: postgres_listen
LISTEN cham

-- name: postgres_notify
SELECT pg_notify('cham', :words)

-- name: postgres_tables
-- How many tables there are where ours go: none in a new database.
SELECT count(*) FROM pg_catalog.pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')

-- name: postgres_migrations_exist
SELECT count(*) FROM pg_catalog.pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname = 'migrations'

-- name: postgres_migrations_create
-- The applied steps of the schema; made before the first step.
CREATE TABLE migrations (
    number BIGINT PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    applied_ms BIGINT NOT NULL
)

-- name: postgres_migration_newest
SELECT coalesce(max(number), 0) FROM migrations

-- name: postgres_migration_put
INSERT INTO migrations (number, name, digest, applied_ms) VALUES (:number, :name, :digest, :applied_ms)

-- name: postgres_scrub
-- Takes deleted rows out of every table that holds texts of persons: what people, imports, jobs and saved questions hold.
-- sqlite:
SELECT 1
-- postgres:
VACUUM (SKIP_LOCKED, TRUNCATE false) aliases, person_links, traits, erasures, search_texts,
    upload_pieces, refused_pieces, jobs, saved_questions

-- name: postgres_look
-- What doctors want to know of a server.
SELECT current_setting('server_encoding') = 'UTF8' AS utf8,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create,
    pg_is_in_recovery() AS standby,
    coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS tls,
    coalesce(inet_server_addr() <<= inet '127.0.0.0/8' OR inet_server_addr() = inet '::1', true) AS near,
    CAST(current_setting('max_connections') AS BIGINT) - CAST(current_setting('superuser_reserved_connections') AS BIGINT)
        - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections_free,
    CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS now_ms,
    current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on' AS durable,
    EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm')
        OR (EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm')
            AND has_database_privilege(current_database(), 'CREATE')) AS trigrams,
    pg_database_size(current_database()) AS bytes
