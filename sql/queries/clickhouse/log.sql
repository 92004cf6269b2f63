-- name: log_insert
-- The whole ingest path.
INSERT INTO events (id, at_ms, received_ms, import, message_hash, alias_id, alias, kind, source, channel, place, touchpoint,
    metric, question, version, scored, score, scale, reversed, priced, amount, currency, text, props,
    prop_names, prop_values, prop_numbers)

-- name: log_keys
-- Messages, out of two texts with commas.
SELECT toInt64(a), toFixedString(unhex(h), 16)
FROM (SELECT splitByChar(',', :aliases) AS all_aliases, splitByChar(',', :hashes) AS all_hashes)
ARRAY JOIN all_aliases AS a, all_hashes AS h

-- name: log_known
-- Which of these messages are there, in which events, but for those of one group.
SELECT alias_id, message_hash, id
FROM events
PREWHERE (alias_id, message_hash) IN ({keys})
WHERE received_ms >= :since AND NOT (id >= :first AND id <= :last AND (id - :first) % :step = 0)
    AND id NOT IN (SELECT id FROM {database}.removed)

-- name: log_group_ids
-- Which events of a group are there.
SELECT id FROM events
WHERE received_ms >= :from AND received_ms <= :to AND id >= :first AND id <= :last

-- name: log_rows
-- Events, every column.
SELECT id, at_ms, received_ms, import, message_hash, alias_id, alias, kind, source, channel, place, touchpoint, metric,
    question, version, scored, score, scale, reversed, priced, amount, currency, text, props
FROM events WHERE {where} AND id NOT IN (SELECT id FROM {database}.removed)
ORDER BY id

-- name: log_rows_plain
-- Events without the long columns.
SELECT id, at_ms, received_ms, import, message_hash, alias_id, alias, kind, source, channel, place, touchpoint, metric,
    question, version, scored, score, scale, reversed, priced, amount, currency, '' AS no_text, '' AS no_props
FROM events WHERE {where} AND id NOT IN (SELECT id FROM {database}.removed)
ORDER BY id

-- name: log_rows_keys
-- Events: their keys alone.
SELECT id, at_ms, received_ms, import, message_hash
FROM events WHERE {where} AND id NOT IN (SELECT id FROM {database}.removed)
ORDER BY id

-- name: log_in_group
-- Rows of a group.
received_ms >= :from AND received_ms <= :to AND id >= :first AND id <= :last

-- name: log_between
-- Rows of a stretch of the log.
received_ms >= :from AND received_ms <= :to AND id > :first AND id <= :last

-- name: log_one_of
-- Rows with these ids; when they were received is about known.
received_ms >= :from AND received_ms <= :to AND id IN ({ids})

-- name: log_stretches
-- The log in stretches of so many events, in the order of ids: the last id of each and when its events were received.
SELECT max(id), min(received_ms), max(received_ms)
FROM (SELECT id, received_ms FROM events WHERE id > :after AND id NOT IN (SELECT id FROM {database}.removed) ORDER BY id)
GROUP BY intDiv(rowNumberInAllBlocks(), :rows)
ORDER BY max(id)

-- name: log_newest
-- The newest event.
SELECT max(id) FROM (SELECT max(id) AS id FROM events)

-- name: log_of_aliases
-- The events of some aliases.
SELECT id FROM events WHERE alias_id IN ({ids}) AND id NOT IN (SELECT id FROM {database}.removed)

-- name: log_hidden_of_aliases
-- What lies in the parts of some aliases though it does not count: by the alias too, as such a row may have another id of it.
SELECT id FROM events WHERE (alias_id IN ({ids}) OR alias IN ({aliases})) AND id IN (SELECT id FROM {database}.removed)

-- name: log_there
-- Which of these events were ever stored.
SELECT id FROM events WHERE received_ms >= :from AND received_ms <= :to AND id IN ({ids})

-- name: log_counted
-- How many events count.
SELECT toInt64(count()) FROM events WHERE id NOT IN (SELECT id FROM {database}.removed)

-- name: log_living
-- Which of these events are there.
SELECT id FROM events WHERE id IN ({ids}) AND id NOT IN (SELECT id FROM {database}.removed)

-- name: log_of_import
-- The events of an import.
SELECT id FROM events WHERE import = :import AND id NOT IN (SELECT id FROM {database}.removed) ORDER BY id

-- name: log_remove
-- Events that do not count any more.
INSERT INTO removed (id)

-- name: log_move
-- Aliases of other persons.
INSERT INTO moved (alias_id, person, version)

-- name: log_delete
-- Takes rows out of the parts of a shard.
ALTER TABLE {events} DELETE WHERE id IN ({ids}) OR id < 0

-- name: log_left_in
-- Where rows with these ids still lie on this server: one moment of each month.
SELECT min(received_ms) FROM {events} WHERE id IN ({ids})
GROUP BY toYYYYMM(toDateTime(intDiv(received_ms, 1000), 'UTC'))

-- name: log_push
-- Rows that mean nothing, into one month of this shard.
INSERT INTO {events} (id, received_ms)

-- name: log_sync
-- Waits until this server has what others wrote.
SYSTEM SYNC REPLICA {table}
