-- Promises to customers.

-- name: promise_add
INSERT INTO promises (id, text_vi, text_en, touchpoint, made_where, made_by, since, target, retired, test, by_name,
    created_ms, changed_ms)
VALUES (:id, :text_vi, :text_en, :touchpoint, :made_where, :made_by, :since, :target, :retired, :test, :by,
    :created_ms, :changed_ms)

-- name: promise_rows
-- All of them, or those of one touchpoint: those that hold first, then the newest.
SELECT id, text_vi, text_en, touchpoint, made_where, made_by, since, target, retired, test, by_name AS "by", created_ms,
    changed_ms
FROM promises WHERE :touchpoint = '' OR touchpoint = :touchpoint ORDER BY retired, created_ms DESC, id DESC

-- name: promise_row
SELECT id, text_vi, text_en, touchpoint, made_where, made_by, since, target, retired, test, by_name AS "by", created_ms,
    changed_ms
FROM promises WHERE id = :id

-- name: promise_count
SELECT count(*) FROM promises

-- name: promise_change
UPDATE promises SET text_vi = :text_vi, text_en = :text_en, touchpoint = :touchpoint, made_where = :made_where,
    made_by = :made_by, since = :since, target = :target, retired = :retired, test = :test, changed_ms = :changed_ms
WHERE id = :id

-- name: promise_remove
DELETE FROM promises WHERE id = :id

-- name: promise_clear
-- Everything goes, for starting over.
DELETE FROM promises
