-- Everything that goes out.

-- name: send_add
-- Unless there is one of this cause.
INSERT INTO sends (id, cause, rule_id, run_id, alias, purpose, channel, what, object, target, input, state, reason, attempts,
    created_ms, due_ms, passed_ms, sent_ms, by_name)
VALUES (:id, :cause, :rule, :run, :alias, :purpose, :channel, :what, :object, :target, :input, :state, :reason, 0, :created_ms,
    :due_ms, NULL, NULL, :by)
ON CONFLICT (cause) DO NOTHING

-- name: send_by_cause
SELECT id, cause, rule_id AS rule, run_id AS run, alias, purpose, channel, what, object, target, input, state, reason,
    attempts, created_ms, due_ms, passed_ms, sent_ms, by_name AS "by"
FROM sends WHERE cause = :cause

-- name: send_row
SELECT id, cause, rule_id AS rule, run_id AS run, alias, purpose, channel, what, object, target, input, state, reason,
    attempts, created_ms, due_ms, passed_ms, sent_ms, by_name AS "by"
FROM sends WHERE id = :id
