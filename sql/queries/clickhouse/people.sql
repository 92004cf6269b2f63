-- name: people_speaking
-- Which aliases of a stretch of ids have events.
SELECT DISTINCT alias_id FROM events
WHERE alias_id >= :first AND alias_id <= :last AND id NOT IN (SELECT id FROM {database}.removed)
