-- Where signed calls go, and what rules tell the company's own people.

-- name: target_add
INSERT INTO webhook_targets (id, name, url, enabled, secret, created_ms, by_name)
VALUES (:id, :name, :url, 1, :secret, :created_ms, :by)

-- name: target_change
-- Switched on or sent elsewhere, it begins without failures.
UPDATE webhook_targets SET failing_ms = CASE WHEN url = :url AND enabled = :on THEN failing_ms ELSE NULL END, name = :name,
    url = :url, enabled = :on
WHERE id = :id

-- name: target_remove
DELETE FROM webhook_targets WHERE id = :id

-- name: target_row
SELECT id, name, url, enabled AS "on", old_until_ms, coalesce(last_class, 0) AS last_class, last_ms, failing_ms, created_ms,
    by_name AS "by"
FROM webhook_targets WHERE id = :id

-- name: target_rows
SELECT id, name, url, enabled AS "on", old_until_ms, coalesce(last_class, 0) AS last_class, last_ms, failing_ms, created_ms,
    by_name AS "by"
FROM webhook_targets ORDER BY name, id

-- name: target_count
SELECT count(*) FROM webhook_targets

-- name: target_secrets
SELECT url, enabled AS "on", secret, old_secret, old_until_ms FROM webhook_targets WHERE id = :id

-- name: target_rotate
UPDATE webhook_targets SET old_secret = secret, old_until_ms = :until_ms, secret = :secret WHERE id = :id

-- name: target_note
-- How the last call went; who says 410 is not called any more.
UPDATE webhook_targets SET last_class = CAST(:class AS BIGINT), last_ms = CAST(:now_ms AS BIGINT),
    failing_ms = CASE WHEN CAST(:class AS BIGINT) = 2 THEN NULL ELSE coalesce(failing_ms, CAST(:now_ms AS BIGINT)) END,
    enabled = CASE WHEN :off = 1 THEN 0 ELSE enabled END
WHERE id = :id

-- name: notice_add
INSERT INTO notices (id, role, rule_id, run_id, text, event, created_ms) VALUES (:id, :role, :rule, :run, :text, :event, :now_ms)

-- name: notice_rows
-- What a role should read, newest first; without a role everything.
SELECT id, role, rule_id AS rule, run_id AS run, text, event, created_ms, done_ms, done_by FROM notices
WHERE (:role = '' OR role = :role) AND (:before = 0 OR id < :before) AND (:open = 0 OR done_ms IS NULL)
ORDER BY id DESC LIMIT :count

-- name: notice_done
UPDATE notices SET done_ms = :now_ms, done_by = :by WHERE id = :id AND done_ms IS NULL

-- name: notice_prune
DELETE FROM notices WHERE created_ms < :before_ms

-- name: notice_there
SELECT count(*) FROM notices WHERE id = :id AND (:role = '' OR role = :role)
