-- name: installation_put
-- What is agreed on first counts.
INSERT INTO installation (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING

-- name: installation_get
SELECT value FROM installation WHERE name = :name

-- name: installation_note
-- What may change.
INSERT INTO installation (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value

-- name: groups_begin
-- A group is on its way.
INSERT INTO event_groups (id, last, process, from_ms, to_ms, at_ms, doomed)
VALUES (:id, :last, :process, :from_ms, :to_ms, :at_ms, 0)

-- name: groups_doom
-- It is answered with a failure: whoever cleans up drops it. No row: it has ended all the same.
UPDATE event_groups SET doomed = 1 WHERE id = :id AND process = :process

-- name: groups_end
-- It is stored and followed, or given up.
DELETE FROM event_groups WHERE id = :id AND process = :process

-- name: groups_count_end
-- One more has ended; `dropped` is 1 when nothing of it counts.
UPDATE event_group_count SET ended = ended + 1, dropped = dropped + :dropped

-- name: groups_ended
SELECT ended FROM event_group_count

-- name: groups_dropped
SELECT dropped FROM event_group_count

-- name: groups_count
-- Groups on their way: being stored, or left by a process that died.
SELECT count(*) FROM event_groups

-- name: groups_others
-- Groups on their way but one.
SELECT id, last, process, from_ms, to_ms, at_ms FROM event_groups WHERE id <> :current

-- name: groups_left
-- Groups of ours but the one at work, and of processes that are gone.
SELECT id, last, process, from_ms, to_ms, at_ms, doomed FROM event_groups
WHERE (process = :process AND id <> :current)
   OR (process <> :process AND process NOT IN (SELECT id FROM processes WHERE gone_ms IS NULL))
ORDER BY doomed DESC, id LIMIT 100

-- name: groups_take
-- A group of a process that is gone becomes ours.
UPDATE event_groups SET process = :process WHERE id = :id AND process = :owner
