-- Rules.

-- name: rule_add
INSERT INTO rules (id, name, enabled, when_json, if_json, then_json, wait, share, hold_out, once_json, fresh, since_ms,
    created_ms, changed_ms, by_name)
VALUES (:id, :name, :on, :when, :if, :then, :wait, :share, :hold_out, :once, :fresh, :since_ms, :created_ms, :changed_ms,
    :by)

-- name: rule_change
UPDATE rules SET name = :name, enabled = :on, when_json = :when, if_json = :if, then_json = :then, wait = :wait,
    share = :share, hold_out = :hold_out, once_json = :once, fresh = :fresh, since_ms = :since_ms, changed_ms = :changed_ms
WHERE id = :id

-- name: rule_rows
-- Every rule, oldest first.
SELECT id, name, enabled AS "on", when_json AS "when", if_json AS "if", then_json AS "then", wait, share, hold_out,
    once_json AS once, fresh, since_ms, created_ms, changed_ms, by_name AS "by"
FROM rules ORDER BY id

-- name: rule_row
SELECT id, name, enabled AS "on", when_json AS "when", if_json AS "if", then_json AS "then", wait, share, hold_out,
    once_json AS once, fresh, since_ms, created_ms, changed_ms, by_name AS "by"
FROM rules WHERE id = :id

-- name: rule_count
SELECT count(*) FROM rules

-- name: rule_remove
-- Its runs, lots and what it did once go along; what was sent stays.
DELETE FROM rules WHERE id = :id
