-- name: events_insert
-- One event; the whole ingest path is this statement.
INSERT INTO events (id, at_ms, received_ms, import, message_hash, alias, kind, source, channel, place, touchpoint,
    metric, question, version, score, scale, reversed, amount, currency, text, props)
VALUES (:id, :at_ms, :received_ms, :import, :message_hash, :alias, :kind, :source, :channel, :place, :touchpoint,
    :metric, :question, :version, :score, :scale, :reversed, :amount, :currency, :text, :props)

-- name: events_put
-- One event from another log, unless it is there.
INSERT OR IGNORE INTO events (id, at_ms, received_ms, import, message_hash, alias, kind, source, channel, place, touchpoint,
    metric, question, version, score, scale, reversed, amount, currency, text, props)
VALUES (:id, :at_ms, :received_ms, :import, :message_hash, :alias, :kind, :source, :channel, :place, :touchpoint,
    :metric, :question, :version, :score, :scale, :reversed, :amount, :currency, :text, :props)

-- name: events_newest
-- The newest id.
SELECT max(id) FROM events

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

-- name: events_scan_load
-- A stretch of the log: what is in memory of every event. A text is not read, only looked for.
SELECT id, at_ms, received_ms, NULL AS import, message_hash, alias, kind, source, channel, place, touchpoint, metric,
    question, NULL AS version, score, scale, NULL AS reversed, amount, currency, typeof(text) <> 'null' AS has_text
FROM events WHERE id > :after AND id <= :last ORDER BY id LIMIT :count

-- name: events_more_than
-- How many events there are behind an id, up to a number.
SELECT count(*) FROM (SELECT id FROM events WHERE id > :after LIMIT :most)

-- name: events_fetch
-- One event.
SELECT id, at_ms, received_ms, import, message_hash, alias, kind, source, channel, place, touchpoint, metric, question,
    version, score, scale, reversed, amount, currency, text, props
FROM events WHERE id = :id

-- name: events_delete
-- Removes one event.
DELETE FROM events WHERE id = :id

-- name: events_mark_last
-- Remembers the newest id before events are deleted, so that no id is given twice.
INSERT INTO marks (name, value) VALUES ('last_id', :last_id)
ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- name: events_marked_last
-- The newest id that was remembered.
SELECT max(value) FROM marks WHERE name = 'last_id'

-- name: events_row_bytes
-- About how many bytes a row takes: the mean of a thousand of them.
SELECT CAST(avg(60 + coalesce(length(alias), 0) + coalesce(length(kind), 0) + coalesce(length(source), 0)
    + coalesce(length(channel), 0) + coalesce(length(place), 0) + coalesce(length(touchpoint), 0)
    + coalesce(length(question), 0) + coalesce(length(text), 0) + coalesce(length(props), 0)) AS INTEGER)
FROM (SELECT * FROM events ORDER BY id DESC LIMIT 1000)

-- name: events_deletions
-- How often events were deleted.
SELECT max(value) FROM marks WHERE name = 'deletions'

-- name: events_count_deletion
-- One more, in the transaction that deletes.
INSERT INTO marks (name, value) VALUES ('deletions', 1)
ON CONFLICT (name) DO UPDATE SET value = value + 1

-- name: events_holds
-- Is this event there, or was it the newest when events were deleted?
SELECT (SELECT count(*) FROM events WHERE id = :id)
    + (SELECT count(*) FROM marks WHERE name = 'last_id' AND value = :id)
