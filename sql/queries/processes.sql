-- The processes of the installation. Times are the records' own: the clocks of several machines differ.

-- name: process_numbers
-- Numbers that are taken, those of the dead included, who go first when all are.
SELECT id, number, CASE WHEN gone_ms IS NULL THEN 0 ELSE 1 END AS gone FROM processes ORDER BY gone, gone_ms DESC

-- name: process_enter
INSERT INTO processes (id, number, name, version, folder, home, started_ms, seen_ms)
-- sqlite:
VALUES (:id, :number, :name, :version, :folder, :home,
    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER),
    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
-- postgres:
VALUES (:id, :number, :name, :version, :folder, :home,
    CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT),
    CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT))

-- name: process_remove
DELETE FROM processes WHERE id = :id

-- name: process_beat
-- It lives.
UPDATE processes SET gone_ms = NULL, seen_ms =
-- sqlite:
    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
-- postgres:
    CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)
-- both:
WHERE id = :id

-- name: process_end
-- It ends.
UPDATE processes SET gone_ms =
-- sqlite:
    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
-- postgres:
    CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)
-- both:
WHERE id = :id AND gone_ms IS NULL

-- name: process_end_home
-- Earlier processes of a folder: whoever holds its lock now is alone.
UPDATE processes SET gone_ms =
-- sqlite:
    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
-- postgres:
    CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)
-- both:
WHERE home = :home AND id <> :id AND gone_ms IS NULL

-- name: process_end_all
-- All others, where nobody else can write these records.
UPDATE processes SET gone_ms =
-- sqlite:
    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
-- postgres:
    CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)
-- both:
WHERE id <> :id AND gone_ms IS NULL

-- name: process_end_silent
-- Those that were not heard of for so long that they count as dead.
UPDATE processes SET gone_ms =
-- sqlite:
    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
WHERE seen_ms < CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) - :silent_ms
-- postgres:
    CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE seen_ms < CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) - :silent_ms
-- both:
    AND id <> :id AND gone_ms IS NULL

-- name: process_forget
-- The dead, once their numbers may be given again.
DELETE FROM processes WHERE gone_ms <
-- sqlite:
    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) - :kept_ms
-- postgres:
    CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) - :kept_ms

-- name: process_list
-- Who lives, oldest first.
SELECT id, name, version, folder, started_ms, seen_ms FROM processes WHERE gone_ms IS NULL ORDER BY started_ms, id

-- name: process_lives
-- 1 when this process is among the living.
SELECT count(*) FROM processes WHERE id = :id AND gone_ms IS NULL

-- name: records_about
-- What the records lie in.
-- sqlite:
SELECT sqlite_version() AS version, page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()
-- postgres:
SELECT split_part(current_setting('server_version'), ' ', 1) AS version, pg_database_size(current_database()) AS bytes
