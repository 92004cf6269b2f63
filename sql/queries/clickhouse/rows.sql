-- name: click_older
-- Events behind a cursor, from the newest to the oldest.
(at_ms < :at OR (at_ms = :at AND id < :id))

-- name: click_rows
-- The newest events: who is an alias, code that of the touchpoint.
SELECT at_ms, id, alias_id, code FROM (
{with}SELECT at_ms, id, alias_id, toUInt32(touch) AS code FROM {from} WHERE {where} ORDER BY at_ms DESC, id DESC LIMIT :most
) ORDER BY at_ms DESC, id DESC LIMIT :most
