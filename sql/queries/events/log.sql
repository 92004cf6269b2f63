-- name: events_insert
-- One event; the whole ingest path is this statement.
INSERT INTO events (id, at_ms, received_ms, import, message_hash, alias, kind, source, channel, place, touchpoint,
    metric, question, version, score, scale, reversed, amount, currency, text, props)
VALUES (:id, :at_ms, :received_ms, :import, :message_hash, :alias, :kind, :source, :channel, :place, :touchpoint,
    :metric, :question, :version, :score, :scale, :reversed, :amount, :currency, :text, :props)

-- name: events_newest
-- The newest id.
SELECT max(id) FROM events

-- name: events_count
-- How many rows there are.
SELECT count(*) FROM events

-- name: events_scan_all
-- A stretch of the log, every column.
SELECT id, at_ms, received_ms, import, message_hash, alias, kind, source, channel, place, touchpoint, metric, question,
    version, score, scale, reversed, amount, currency, text, props
FROM events WHERE id > :after AND id <= :last ORDER BY id LIMIT :count

-- name: events_scan_plain
-- A stretch of the log without the long columns.
SELECT id, at_ms, received_ms, import, message_hash, alias, kind, source, channel, place, touchpoint, metric, question,
    version, score, scale, reversed, amount, currency
FROM events WHERE id > :after AND id <= :last ORDER BY id LIMIT :count

-- name: events_scan_keys
-- A stretch of the log: what the filter of repeats needs.
SELECT id, at_ms, received_ms, import, message_hash
FROM events WHERE id > :after AND id <= :last ORDER BY id LIMIT :count

-- name: events_fetch
-- One event.
SELECT id, at_ms, received_ms, import, message_hash, alias, kind, source, channel, place, touchpoint, metric, question,
    version, score, scale, reversed, amount, currency, text, props
FROM events WHERE id = :id

-- name: events_delete
-- Removes one event.
DELETE FROM events WHERE id = :id
