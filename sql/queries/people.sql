-- Aliases, links, traits, erasures.

-- name: people_aliases
-- All aliases in the order of their ids: what identity is rebuilt from at start.
SELECT id, alias FROM aliases ORDER BY id

-- name: people_alias_count
SELECT count(*) FROM aliases

-- name: people_links
SELECT a, b, kind, at_ms, event FROM person_links ORDER BY at_ms, event

-- name: people_cursor
SELECT event FROM people_cursor WHERE one = 1

-- name: people_cursor_set
INSERT INTO people_cursor (one, event) VALUES (1, :event) ON CONFLICT (one) DO UPDATE SET event = :event

-- name: people_alias_add
INSERT INTO aliases (id, alias, event, since_ms, folded) VALUES (:id, :alias, :event, :since_ms, :folded)

-- name: people_alias_fold
UPDATE aliases SET folded = :folded WHERE id = :id

-- name: people_link_put
-- A link that is known keeps its earliest evidence.
INSERT INTO person_links (a, b, kind, at_ms, event) VALUES (:a, :b, :kind, :at_ms, :event)
ON CONFLICT (a, b, kind) DO UPDATE SET at_ms = :at_ms, event = :event

-- name: people_trait_add
INSERT INTO traits (alias_id, name, at_ms, event, value) VALUES (:alias_id, :name, :at_ms, :event, :value)
ON CONFLICT (alias_id, name, at_ms, event) DO UPDATE SET value = :value

-- name: people_traits_of
-- Everything ever said about the holder of an alias, oldest first.
SELECT name, at_ms, event, value FROM traits WHERE alias_id = :alias_id ORDER BY at_ms, event, name

-- name: people_trait_everywhere
-- One trait of everybody, oldest first, so that the last one read counts.
SELECT alias_id, value FROM traits WHERE name = :name ORDER BY at_ms, event

-- name: people_alias
SELECT id, alias, event, since_ms FROM aliases WHERE id = :id

-- name: people_newest
-- Newest aliases first.
SELECT id FROM aliases WHERE id < :before ORDER BY id DESC LIMIT :limit

-- name: people_search
SELECT id FROM aliases WHERE id < :before AND folded LIKE :pattern ESCAPE '\' ORDER BY id DESC LIMIT :limit

-- name: people_forget_links
DELETE FROM person_links WHERE event = :event

-- name: people_forget_traits
DELETE FROM traits WHERE event = :event

-- name: people_aliases_of_event
-- The aliases that an event brought.
SELECT id, alias, event, since_ms FROM aliases WHERE event = :event

-- name: people_alias_remove
DELETE FROM aliases WHERE id = :id

-- name: people_links_of
-- How many links still name an alias.
SELECT COUNT(*) FROM person_links WHERE a = :id OR b = :id

-- name: people_verified
-- How many links vouch for an alias.
SELECT COUNT(*) FROM person_links WHERE (a = :id OR b = :id) AND kind = 'verified'

-- name: erasure_begin
INSERT INTO erasures (id, person, asked_ms, events, aliases, digest, pending)
VALUES (:id, :person, :asked_ms, 0, :aliases, '', :pending)

-- name: erasure_end
UPDATE erasures SET done_ms = :done_ms, events = :events, digest = :digest, pending = NULL WHERE id = :id

-- name: erasures_pending
SELECT id, person, asked_ms, done_ms, events, aliases, digest, pending FROM erasures WHERE pending IS NOT NULL ORDER BY id

-- name: erasure_get
SELECT id, person, asked_ms, done_ms, events, aliases, digest, pending FROM erasures WHERE id = :id

-- name: people_matches
-- 1 when an alias is found by a pattern.
SELECT COUNT(*) FROM aliases WHERE id = :id AND folded LIKE :pattern ESCAPE '\'
