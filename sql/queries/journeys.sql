-- Journey maps: drafts and published versions.

-- name: journey_add
-- A new journey, with its first draft.
INSERT INTO journeys (id, draft, created_ms) VALUES (:id, :draft, :created_ms)

-- name: journey_rows
-- Every journey, oldest first.
SELECT id, draft FROM journeys ORDER BY id

-- name: journey_row
SELECT id, draft FROM journeys WHERE id = :id

-- name: journey_draft
-- Replaces the draft; NULL when it was published or thrown away.
UPDATE journeys SET draft = :draft WHERE id = :id

-- name: journey_publish
-- A new version; it never changes afterwards.
INSERT INTO journey_versions (journey_id, version, map, published_ms, from_ms, published_by)
VALUES (:journey_id, :version, :map, :published_ms, :from_ms, :published_by)

-- name: journey_versions_all
-- Every published version of every journey, in order.
SELECT journey_id, version, map, published_ms, from_ms, published_by FROM journey_versions ORDER BY journey_id, version

-- name: journey_clear_versions
-- Everything goes, for starting over.
DELETE FROM journey_versions

-- name: journey_clear
DELETE FROM journeys

-- name: journey_stamp
-- Another number whenever the published versions have changed.
SELECT coalesce(max(published_ms), 0) * 10000 + count(*) FROM journey_versions
