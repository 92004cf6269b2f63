-- Everything that goes out.

-- name: send_add
-- Unless there is one of this cause.
INSERT INTO sends (id, cause, rule_id, run_id, alias, purpose, channel, what, object, target, input, state, reason, attempts,
    created_ms, due_ms, passed_ms, sent_ms, by_name)
VALUES (:id, :cause, :rule, :run, :alias, :purpose, :channel, :what, :object, :target, :input, :state, :reason, 0, :created_ms,
    :due_ms, NULL, NULL, :by)
ON CONFLICT (cause) DO NOTHING

-- name: send_by_cause
SELECT id, cause, rule_id AS rule, run_id AS run, alias, purpose, channel, what, object, target, link, input, state,
    reason, attempts, created_ms, due_ms, passed_ms, sent_ms, by_name AS "by"
FROM sends WHERE cause = :cause

-- name: send_row
SELECT id, cause, rule_id AS rule, run_id AS run, alias, purpose, channel, what, object, target, link, input, state,
    reason, attempts, created_ms, due_ms, passed_ms, sent_ms, by_name AS "by"
FROM sends WHERE id = :id

-- name: send_count
-- Messages of a purpose that the holder of some aliases got since a moment, or is getting; about one survey, or any (0).
-- What asks for an opinion counts together, by whatever way and for whatever purpose it went out.
SELECT count(*) FROM sends
WHERE (purpose = :purpose OR :asks = 1 AND (what = 'survey' OR purpose IN ('survey', 'research')))
    AND state IN ('sending', 'sent') AND passed_ms > :since_ms
    AND (:object = 0 OR object = :object) AND id <> :self AND
-- sqlite:
alias IN (SELECT value FROM json_each(:aliases))
-- postgres:
alias IN (SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB)))
-- both:

-- name: send_pass
-- It is being sent; at another attempt it keeps the moment it first passed.
UPDATE sends SET state = 'sending', reason = NULL, passed_ms = coalesce(passed_ms, :now_ms), attempts = attempts + 1,
    address = :address
WHERE id = :id

-- name: send_wait
-- It waits (again), and does not count meanwhile; unless another process, to which it fell, has ended it.
UPDATE sends SET state = 'waiting', reason = :reason, due_ms = :due_ms, passed_ms = NULL
WHERE id = :id AND state IN ('waiting', 'sending')

-- name: send_end
UPDATE sends SET state = :state, reason = :reason, sent_ms = :sent_ms,
    passed_ms = CASE WHEN :state = 'sent' THEN passed_ms ELSE NULL END
WHERE id = :id AND state IN ('waiting', 'sending')

-- name: send_cancel
UPDATE sends SET state = 'cancelled', reason = NULL WHERE id = :id AND state = 'waiting'

-- name: send_retry
-- What failed waits again, and what waits does so no longer.
UPDATE sends SET state = 'waiting', reason = NULL, due_ms = :now_ms,
    created_ms = CASE WHEN state = 'failed' THEN :now_ms ELSE created_ms END
WHERE id = :id AND state IN ('failed', 'waiting')

-- name: send_hours_over
-- Quiet hours changed: what waits for their end is looked at again.
UPDATE sends SET due_ms = :now_ms WHERE state = 'waiting' AND reason = 'quiet_hours'

-- name: suppressed
SELECT count(*) FROM suppressed WHERE address = :address

-- name: suppressed_row
SELECT reason, since_ms FROM suppressed WHERE address = :address

-- name: suppress
INSERT INTO suppressed (address, channel, reason, since_ms) VALUES (:address, :channel, :reason, :now_ms)
ON CONFLICT (address) DO NOTHING

-- name: suppress_lift
DELETE FROM suppressed WHERE address = :address

-- name: send_hours
SELECT quiet, quiet_from, quiet_to, sundays FROM send_hours WHERE one = 1

-- name: send_hours_put
INSERT INTO send_hours (one, quiet, quiet_from, quiet_to, sundays) VALUES (1, :quiet, :quiet_from, :quiet_to, :sundays)
ON CONFLICT (one) DO UPDATE SET quiet = :quiet, quiet_from = :quiet_from, quiet_to = :quiet_to, sundays = :sundays

-- name: send_limits
SELECT purpose, most, days, gap_days FROM send_limits ORDER BY purpose

-- name: send_limit_put
INSERT INTO send_limits (purpose, most, days, gap_days) VALUES (:purpose, :most, :days, :gap_days)
ON CONFLICT (purpose) DO UPDATE SET most = :most, days = :days, gap_days = :gap_days

-- name: send_address
-- Whom a message went to.
SELECT alias, address, purpose, channel FROM sends WHERE id = :id

-- name: send_forget
-- Of a person who is erased. A job without its send does nothing and goes when it is taken.
DELETE FROM sends WHERE
-- sqlite:
alias IN (SELECT value FROM json_each(:aliases)) OR 'email:' || address IN (SELECT value FROM json_each(:aliases))
-- postgres:
alias IN (SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB)))
    OR 'email:' || address IN (SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB)))
-- both:

-- name: send_of_run
SELECT id, channel, what, state, reason, sent_ms FROM sends WHERE run_id = :run ORDER BY id

-- name: send_counts_of_rule
SELECT state AS what, reason, count(*) AS count FROM sends WHERE rule_id = :rule AND created_ms >= :since_ms
GROUP BY state, reason ORDER BY state, reason NULLS FIRST

-- name: send_rows
-- Newest first; 0 and '' for whatever is not asked for.
SELECT id, cause, rule_id AS rule, run_id AS run, alias, purpose, channel, what, object, target, link, input, state,
    reason, attempts, created_ms, due_ms, passed_ms, sent_ms, by_name AS "by"
FROM sends WHERE (:rule = 0 OR rule_id = :rule) AND (:object = 0 OR object = :object) AND (:state = '' OR state = :state)
    AND (:reason = '' OR reason = :reason) AND (:before = 0 OR id < :before) AND (:anybody = 1 OR
-- sqlite:
    alias IN (SELECT value FROM json_each(:aliases)))
-- postgres:
    alias IN (SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB))))
-- both:
ORDER BY id DESC LIMIT :count

-- name: send_link
-- The personal link of a message, made before its first attempt.
UPDATE sends SET link = :link WHERE id = :id
