-- Starting over, and the demo company's own.

-- name: clear_rules
-- Runs, lots and what fired once go along.
DELETE FROM rules

-- name: clear_sends
DELETE FROM sends

-- name: clear_send_jobs
DELETE FROM jobs WHERE (kind LIKE 'send.%' OR kind = 'rule') AND state = 'waiting'

-- name: clear_notices
DELETE FROM notices

-- name: clear_suppressed
DELETE FROM suppressed

-- name: clear_targets
DELETE FROM webhook_targets

-- name: clear_words
DELETE FROM consents

-- name: clear_wordings
DELETE FROM consent_wordings

-- name: demo_consents
-- Six customers in ten agreed to surveys when they registered; which ones is the same at every filling.
INSERT INTO consents (id, alias, purpose, state, wording, channel, how, evidence, at_ms, recorded_ms, by_name)
SELECT id, alias, 'survey', 'given', 1, NULL, 'form', NULL, since_ms, since_ms, 'demo' FROM aliases
WHERE alias LIKE 'user:%' AND (since_ms / 1000) % 10 < 6
