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

-- name: rule_version
-- 0: there never was a rule.
SELECT version FROM rule_state WHERE one = 1

-- name: rule_version_grow
INSERT INTO rule_state (one, version) VALUES (1, 1) ON CONFLICT (one) DO UPDATE SET version = rule_state.version + 1

-- name: rule_rows_on
-- Those that are switched on.
SELECT id, name, enabled AS "on", when_json AS "when", if_json AS "if", then_json AS "then", wait, share, hold_out,
    once_json AS once, fresh, since_ms, created_ms, changed_ms, by_name AS "by"
FROM rules WHERE enabled = 1 ORDER BY id

-- name: rule_cursor
SELECT event FROM rule_cursor WHERE one = 1

-- name: rule_cursor_set
INSERT INTO rule_cursor (one, event) VALUES (1, :event) ON CONFLICT (one) DO UPDATE SET event = :event

-- name: run_add
-- Once for each cause.
INSERT INTO rule_runs (id, rule_id, cause, event, alias, told, at_ms, due_ms, outcome)
VALUES (:id, :rule, :cause, :event, :alias, :told, :at_ms, :due_ms, 'waiting')
ON CONFLICT (rule_id, cause) DO NOTHING

-- name: run_find
SELECT id, rule_id AS rule, cause, event, alias, told, at_ms, due_ms, outcome, done_ms FROM rule_runs
WHERE rule_id = :rule AND cause = :cause

-- name: run_end
UPDATE rule_runs SET outcome = :outcome, done_ms = :now_ms WHERE id = :id AND outcome = 'waiting'

-- name: run_settle
-- Fired as long as something it sends is out or on its way, or somebody was told.
UPDATE rule_runs SET outcome = CASE
    WHEN EXISTS (SELECT 1 FROM sends s WHERE s.run_id = :run AND s.state IN ('waiting', 'sending', 'sent'))
        OR EXISTS (SELECT 1 FROM notices n WHERE n.run_id = :run) THEN 'fired' ELSE 'unsent' END
WHERE id = :run AND outcome IN ('fired', 'unsent')

-- name: run_forget_events
-- What waited for events that are gone.
DELETE FROM rule_runs WHERE outcome = 'waiting' AND
-- sqlite:
event IN (SELECT value FROM json_each(:ids))
-- postgres:
event IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
-- both:

-- name: run_prune
-- Old runs; those where nothing happened go earlier.
DELETE FROM rule_runs
WHERE (outcome IN ('fired', 'unsent') AND done_ms < :fired_ms)
    OR (outcome NOT IN ('fired', 'unsent', 'waiting') AND done_ms < :other_ms)

-- name: lot_newest
-- What was drawn first for any alias of a person.
SELECT held FROM rule_lots WHERE rule_id = :rule AND
-- sqlite:
alias IN (SELECT value FROM json_each(:aliases))
-- postgres:
alias IN (SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB)))
-- both:
ORDER BY at_ms, alias LIMIT 1

-- name: lot_add
INSERT INTO rule_lots (rule_id, alias, held, at_ms) VALUES (:rule, :alias, :held, :now_ms)
ON CONFLICT (rule_id, alias) DO NOTHING

-- name: once_take
-- The first, or the first after a while: changes a row only then.
INSERT INTO rule_once (rule_id, what, run_id, at_ms) VALUES (:rule, :what, :run, :now_ms)
ON CONFLICT (rule_id, what) DO UPDATE SET run_id = :run, at_ms = :now_ms WHERE rule_once.at_ms < :before_ms

-- name: run_there
SELECT count(*) FROM rule_runs WHERE rule_id = :rule AND cause = :cause

-- name: run_forget
-- Of a person who is erased.
DELETE FROM rule_runs WHERE
-- sqlite:
alias IN (SELECT value FROM json_each(:aliases))
-- postgres:
alias IN (SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB)))
-- both:

-- name: lot_forget
DELETE FROM rule_lots WHERE
-- sqlite:
alias IN (SELECT value FROM json_each(:aliases))
-- postgres:
alias IN (SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB)))
-- both:

-- name: run_rows
-- Newest first; 0 and '' for whatever is not asked for.
SELECT id, rule_id AS rule, cause, event, alias, outcome, at_ms, due_ms, done_ms FROM rule_runs
WHERE (:rule = 0 OR rule_id = :rule) AND (:outcome = '' OR outcome = :outcome) AND (:before = 0 OR id < :before)
ORDER BY id DESC LIMIT :count

-- name: run_counts
SELECT outcome AS what, NULL AS reason, count(*) AS count FROM rule_runs WHERE rule_id = :rule AND at_ms >= :since_ms
GROUP BY outcome ORDER BY outcome
