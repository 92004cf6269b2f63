-- Changes of many feedbacks at once (listen/voices/bulk.h).

-- name: bulk_one
SELECT id, change, by_name, at_ms, found, done, changed, state FROM feedback_bulks WHERE id = :id

-- name: bulk_add
INSERT INTO feedback_bulks (id, change, by_name, at_ms, found, done, changed, state)
VALUES (:id, :change, :by_name, :at_ms, :found, 0, 0, :state)

-- name: bulk_add_rows
INSERT INTO feedback_bulk_rows (bulk, feedback, had_pain)
-- sqlite:
SELECT :bulk, value, 0 FROM json_each(:ids)
-- postgres:
SELECT :bulk, unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])), 0

-- name: bulk_drop_old
DELETE FROM feedback_bulks WHERE at_ms < :before_ms AND state IN ('done', 'undone')

-- name: bulk_next
SELECT feedback AS id FROM feedback_bulk_rows WHERE bulk = :bulk AND feedback > :after ORDER BY feedback LIMIT :limit

-- name: bulk_keep
UPDATE feedback_bulk_rows SET status = :status, owner = :owner, corrected = :corrected, had_pain = :had_pain
WHERE bulk = :bulk AND feedback = :id AND status IS NULL

-- name: bulk_kept
SELECT feedback AS id, status, owner, corrected, had_pain FROM feedback_bulk_rows
WHERE bulk = :bulk AND feedback > :after AND status IS NOT NULL ORDER BY feedback LIMIT :limit

-- name: bulk_progress
UPDATE feedback_bulks SET done = :done, changed = :changed WHERE id = :id

-- name: bulk_state
UPDATE feedback_bulks SET state = :state WHERE id = :id

-- name: bulk_forget
-- Of events that are no longer in the log.
DELETE FROM feedback_bulk_rows WHERE
-- sqlite:
feedback IN (SELECT value FROM json_each(:ids))
-- postgres:
feedback IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))

-- name: view_list
-- One's own and those that are shared.
SELECT id, name, filter, shared, owner_id AS owner, by_name, created_ms, changed_ms FROM feedback_views
WHERE shared = 1 OR owner_id = :owner ORDER BY id

-- name: view_one
SELECT id, name, filter, shared, owner_id AS owner, by_name, created_ms, changed_ms FROM feedback_views WHERE id = :id

-- name: view_all
SELECT id, name, filter, shared, owner_id AS owner, by_name, created_ms, changed_ms FROM feedback_views ORDER BY id

-- name: view_count
SELECT count(*) FROM feedback_views

-- name: view_add
INSERT INTO feedback_views (id, name, filter, shared, owner_id, by_name, created_ms, changed_ms)
VALUES (:id, :name, :filter, :shared, :owner, :by_name, :created_ms, :changed_ms)

-- name: view_set
UPDATE feedback_views SET name = :name, filter = :filter, shared = :shared, changed_ms = :changed_ms WHERE id = :id

-- name: view_remove
DELETE FROM feedback_views WHERE id = :id

-- name: views_clear
DELETE FROM feedback_views
