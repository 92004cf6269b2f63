-- Aliases, links, traits, erasures.

-- name: people_aliases
-- All aliases in the order of their ids: what identity is rebuilt from at start.
SELECT id, alias FROM aliases ORDER BY id

-- name: people_alias_count
SELECT count(*) FROM aliases

-- name: people_links
SELECT a, b, kind, at_ms, event, number FROM person_links ORDER BY at_ms, event

-- name: people_aliases_after
-- What is new, where records are shared.
SELECT id, alias FROM aliases WHERE id > :id ORDER BY id

-- name: people_links_after
SELECT a, b, kind, at_ms, event, number FROM person_links WHERE number > 0 AND number > :number ORDER BY number

-- name: people_gone_after
SELECT a, b, kind, 0 AS at_ms, 0 AS event, number FROM people_gone WHERE number > :number ORDER BY number

-- name: people_gone_add
INSERT INTO people_gone (number, a, b, kind) VALUES (:number, :a, :b, :kind)

-- name: people_state
SELECT whole, alias, number, moved_upto, silent FROM people_state WHERE one = 1

-- name: people_state_set
INSERT INTO people_state (one, whole, alias, number, moved_upto, silent) VALUES (1, 0, :alias, :number, -1, 0)
ON CONFLICT (one) DO UPDATE SET alias = :alias, number = :number

-- name: people_moved_upto
INSERT INTO people_state (one, whole, alias, number, moved_upto, silent) VALUES (1, 0, 0, 0, :number, 0)
ON CONFLICT (one) DO UPDATE SET moved_upto = :number WHERE people_state.moved_upto < :number

-- name: people_silent_mark
-- There are aliases about to be forgotten, or none any more.
INSERT INTO people_state (one, whole, alias, number, moved_upto, silent) VALUES (1, 0, 0, 0, -1, :silent)
ON CONFLICT (one) DO UPDATE SET silent = :silent

-- name: people_silent_add
INSERT INTO people_silent (alias_id)
-- sqlite:
SELECT value FROM json_each(:ids)
-- postgres:
SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[]))

-- name: people_silent_clear
DELETE FROM people_silent

-- name: people_silent_speak
-- These have spoken.
DELETE FROM people_silent WHERE
-- sqlite:
alias_id IN (SELECT value FROM json_each(:ids))
-- postgres:
alias_id IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
-- both:

-- name: people_silent_still
-- Those that nobody speaks of: no event has come, and no link names them.
SELECT alias_id FROM people_silent WHERE NOT EXISTS (SELECT 1 FROM person_links WHERE a = alias_id)
    AND NOT EXISTS (SELECT 1 FROM person_links WHERE b = alias_id) ORDER BY alias_id

-- name: people_gone_trim
-- What everybody has surely heard, or will read anew.
DELETE FROM people_gone WHERE number <= :number

-- name: people_whole
UPDATE people_state SET whole = :number WHERE one = 1

-- name: people_moved_anew
UPDATE people_state SET moved_upto = -1 WHERE one = 1

-- name: people_newest_number
SELECT max(number) FROM person_links WHERE number > 0

-- name: people_cursor
SELECT event FROM people_cursor WHERE one = 1

-- name: people_cursor_set
INSERT INTO people_cursor (one, event) VALUES (1, :event) ON CONFLICT (one) DO UPDATE SET event = :event

-- name: people_alias_add
INSERT INTO aliases (id, alias, event, since_ms) VALUES (:id, :alias, :event, :since_ms)

-- name: people_link_put
-- A link that is known keeps its earliest evidence.
INSERT INTO person_links (a, b, kind, at_ms, event, number) VALUES (:a, :b, :kind, :at_ms, :event, :number)
ON CONFLICT (a, b, kind) DO UPDATE SET at_ms = :at_ms, event = :event, number = :number
WHERE person_links.at_ms > :at_ms OR (person_links.at_ms = :at_ms AND person_links.event > :event)

-- name: people_trait_add
INSERT INTO traits (alias_id, name, at_ms, event, value) VALUES (:alias_id, :name, :at_ms, :event, :value)
ON CONFLICT (alias_id, name, at_ms, event) DO UPDATE SET value = :value

-- name: people_traits_by_alias
-- Everything said about everybody, each alias's together, oldest first; and aliases of whom nothing is said.
SELECT aliases.id, aliases.alias, traits.name, traits.at_ms, traits.event, traits.value
FROM aliases LEFT JOIN traits ON traits.alias_id = aliases.id
ORDER BY aliases.id, traits.at_ms NULLS FIRST, traits.event NULLS FIRST, traits.name NULLS FIRST

-- name: people_trait_remove
DELETE FROM traits WHERE alias_id = :alias_id AND name = :name AND at_ms = :at_ms AND event = :event

-- name: people_traits_of_many
-- Everything said about some, each with its alias.
SELECT alias_id, name, at_ms, event, value FROM traits WHERE
-- sqlite:
alias_id IN (SELECT value FROM json_each(:ids))
-- postgres:
alias_id IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
-- both:

-- name: people_traits_of_events
-- Whom events said something about.
SELECT alias_id, name, at_ms, event, value FROM traits WHERE
-- sqlite:
event IN (SELECT value FROM json_each(:ids))
-- postgres:
event IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
-- both:

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

-- name: people_forget_links
DELETE FROM person_links WHERE
-- sqlite:
event IN (SELECT value FROM json_each(:ids))
-- postgres:
event IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
-- both:

-- name: people_forget_traits
DELETE FROM traits WHERE
-- sqlite:
event IN (SELECT value FROM json_each(:ids))
-- postgres:
event IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
-- both:

-- name: people_links_of_events
SELECT a, b, kind FROM person_links WHERE
-- sqlite:
event IN (SELECT value FROM json_each(:ids))
-- postgres:
event IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
-- both:
ORDER BY a, b, kind

-- name: people_links_of_many
SELECT a, b, kind FROM person_links WHERE
-- sqlite:
a IN (SELECT value FROM json_each(:ids))
-- postgres:
a IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
-- both:
OR
-- sqlite:
b IN (SELECT value FROM json_each(:ids))
-- postgres:
b IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
-- both:
ORDER BY a, b, kind

-- name: people_aliases_of_many
SELECT id, alias FROM aliases WHERE
-- sqlite:
id IN (SELECT value FROM json_each(:ids))
-- postgres:
id IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
-- both:
ORDER BY id

-- name: people_aliases_remove
DELETE FROM aliases WHERE
-- sqlite:
id IN (SELECT value FROM json_each(:ids))
-- postgres:
id IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
-- both:

-- name: people_aliases_of_event
-- The aliases that an event brought.
SELECT id, alias, event, since_ms FROM aliases WHERE event = :event

-- name: people_links_of
-- How many links still name an alias.
SELECT COUNT(*) FROM person_links WHERE a = :id OR b = :id

-- name: people_verified
-- How many links vouch for an alias.
SELECT COUNT(*) FROM person_links WHERE (a = :id OR b = :id) AND kind = 'verified'

-- name: erasure_begin
INSERT INTO erasures (id, person, asked_ms, events, aliases, digest, pending, process)
VALUES (:id, :person, :asked_ms, 0, :aliases, '', :pending, :process)

-- name: erasure_take
-- An erasure that nobody living carries out.
UPDATE erasures SET process = :process WHERE id = :id AND pending IS NOT NULL AND (process IS NULL
    OR process NOT IN (SELECT id FROM processes WHERE gone_ms IS NULL))

-- name: erasure_leave
UPDATE erasures SET process = NULL WHERE id = :id

-- name: erasure_end
UPDATE erasures SET done_ms = :done_ms, events = :events, digest = :digest, pending = NULL, process = NULL WHERE id = :id

-- name: erasures_pending
SELECT id, person, asked_ms, done_ms, events, aliases, digest, pending FROM erasures WHERE pending IS NOT NULL ORDER BY id

-- name: erasure_get
SELECT id, person, asked_ms, done_ms, events, aliases, digest, pending FROM erasures WHERE id = :id

-- name: people_groups_last
-- The newest group of events that is on its way.
SELECT max(id) FROM event_groups

-- name: people_groups_upto
SELECT count(*) FROM event_groups WHERE id <= :id
