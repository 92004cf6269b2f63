-- Mentions that others send (listen/voices/mention.h).

-- name: mention_sources
SELECT id, name, by_name, created_ms, last_ms FROM mention_sources ORDER BY id

-- name: mention_source_secrets
SELECT id, name, secret FROM mention_sources ORDER BY id

-- name: mention_source_one
SELECT id, name, by_name, created_ms, last_ms FROM mention_sources WHERE id = :id

-- name: mention_source_count
SELECT count(*) FROM mention_sources

-- name: mention_source_add
INSERT INTO mention_sources (id, name, secret, by_name, created_ms) VALUES (:id, :name, :secret, :by_name, :created_ms)

-- name: mention_source_remove
DELETE FROM mention_sources WHERE id = :id

-- name: mention_source_used
UPDATE mention_sources SET last_ms = :last_ms WHERE id = :id

-- name: mention_see
INSERT INTO mention_seen (message, at_ms) VALUES (:message, :at_ms) ON CONFLICT (message) DO NOTHING

-- name: mention_seen
-- 1 when it was taken before.
SELECT count(*) FROM mention_seen WHERE message = :message

-- name: mention_drop_seen
DELETE FROM mention_seen WHERE at_ms < :before_ms
