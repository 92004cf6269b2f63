-- Surveys, their versions and links.

-- part: invited
-- A personal link that reached somebody: its invitation was sent, or it was made by hand.
l.kind = 'invitation' AND NOT EXISTS (SELECT 1 FROM sends m WHERE m.link = l.id AND m.state <> 'sent')

-- part: about
s.id, s.state, s.access, s.draft, v.document, s.by_name, s.version, s.created_ms, s.changed_ms,
    coalesce(v.published_ms, 0) AS published_ms

-- name: survey_rows
-- Every survey, the newest first, with its newest version and how many answered.
SELECT {about}, coalesce(i.invited, 0) AS invited, coalesce(r.opened, 0) AS opened, coalesce(r.started, 0) AS started,
    coalesce(r.finished, 0) AS finished, coalesce(r.last_ms, 0) AS last_ms, coalesce(a.answered, 0) AS answered_invited,
    coalesce(r.finished, 0) + coalesce(p.counted, 0) AS counted
FROM surveys s
LEFT JOIN survey_versions v ON v.survey_id = s.id AND v.version = s.version
LEFT JOIN (SELECT l.survey_id, count(*) AS invited FROM survey_links l WHERE {invited} GROUP BY l.survey_id) i
    ON i.survey_id = s.id
LEFT JOIN (SELECT survey_id, count(*) AS opened, sum(CASE WHEN answered > 0 THEN 1 ELSE 0 END) AS started,
        sum(CASE WHEN state = 'finished' THEN 1 ELSE 0 END) AS finished, max(changed_ms) AS last_ms
    FROM responses GROUP BY survey_id) r ON r.survey_id = s.id
LEFT JOIN (SELECT survey_id, count(*) AS counted FROM responses WHERE state = 'partial' AND counted IS NOT NULL
    GROUP BY survey_id) p ON p.survey_id = s.id
LEFT JOIN (SELECT l.survey_id, count(x.counted) AS answered FROM survey_links l JOIN responses x ON x.link_id = l.id
    WHERE {invited} GROUP BY l.survey_id) a ON a.survey_id = s.id
ORDER BY s.id DESC

-- name: survey_row
-- Without what only counting says.
SELECT {about} FROM surveys s LEFT JOIN survey_versions v ON v.survey_id = s.id AND v.version = s.version
WHERE s.id = :id

-- name: survey_figures
SELECT (SELECT count(*) FROM survey_links l WHERE l.survey_id = :id AND {invited}) AS invited,
    r.opened, coalesce(r.started, 0) AS started, coalesce(r.finished, 0) AS finished, coalesce(r.last_ms, 0) AS last_ms,
    (SELECT count(x.counted) FROM survey_links l JOIN responses x ON x.link_id = l.id
        WHERE l.survey_id = :id AND {invited}) AS answered_invited,
    coalesce(r.finished, 0) + (SELECT count(*) FROM responses p
        WHERE p.survey_id = :id AND p.state = 'partial' AND p.counted IS NOT NULL) AS counted
FROM (SELECT count(*) AS opened, sum(CASE WHEN answered > 0 THEN 1 ELSE 0 END) AS started,
        sum(CASE WHEN state = 'finished' THEN 1 ELSE 0 END) AS finished, max(changed_ms) AS last_ms
    FROM responses WHERE survey_id = :id) r

-- name: survey_count
SELECT count(*) FROM surveys

-- name: survey_add
INSERT INTO surveys (id, state, access, draft, version, created_ms, changed_ms, by_name)
VALUES (:id, 'draft', 'open', :draft, 0, :now_ms, :now_ms, :by_name)

-- name: survey_draft
-- Replaces the draft; NULL when it was published or thrown away.
UPDATE surveys SET draft = :draft, changed_ms = :now_ms WHERE id = :id

-- name: survey_version_add
-- A new version; it never changes afterwards.
INSERT INTO survey_versions (survey_id, version, document, published_ms, published_by)
VALUES (:id, :version, :document, :now_ms, :by)

-- name: survey_published
UPDATE surveys SET version = :version, draft = NULL, state = :state, changed_ms = :now_ms WHERE id = :id

-- name: survey_state
-- The moment at which it was closed stays when it is archived afterwards.
UPDATE surveys SET state = :state, changed_ms = :now_ms,
    closed_ms = CASE WHEN :closed = 0 THEN NULL ELSE coalesce(closed_ms, :now_ms) END
WHERE id = :id

-- name: survey_access
UPDATE surveys SET access = :access, changed_ms = :now_ms WHERE id = :id

-- name: survey_responses
SELECT count(*) FROM responses WHERE survey_id = :id AND answered > 0

-- name: survey_remove
-- Versions, links and empty responses go along.
DELETE FROM surveys WHERE id = :id

-- name: survey_versions
-- Oldest first.
SELECT v.version, v.published_ms, v.published_by AS "by", v.document
FROM survey_versions v WHERE v.survey_id = :id ORDER BY v.version

-- name: survey_version
SELECT v.version, v.published_ms, v.published_by AS "by", v.document
FROM survey_versions v WHERE v.survey_id = :id AND v.version = :version

-- name: survey_newest
-- The newest version; -1 without such a survey.
SELECT coalesce((SELECT version FROM surveys WHERE id = :id), -1)

-- name: survey_link_count
SELECT count(*) FROM survey_links WHERE survey_id = :survey AND kind <> 'invitation'

-- name: survey_link_add
INSERT INTO survey_links (id, survey_id, kind, nonce, digest, name, place, touchpoint, channel, alias, hidden, pin, most,
    finished, paused, expires_ms, created_ms)
VALUES (:id, :survey, :kind, :nonce, :digest, :name, :place, :touchpoint, :channel, :alias, :hidden, :pin, :most,
    :finished, :paused, :expires_ms, :created_ms)

-- name: survey_link_rows
-- The newest first. Without a kind all but invitations, of which there may be very many.
SELECT id, survey_id AS survey, kind, name, place, touchpoint, channel, alias, hidden, pin, most, finished, paused,
    expires_ms, created_ms, nonce
FROM survey_links
WHERE survey_id = :survey AND id < :before AND (kind = :kind OR (:kind = '' AND kind <> 'invitation'))
ORDER BY id DESC LIMIT :limit

-- name: survey_link_row
SELECT id, survey_id AS survey, kind, name, place, touchpoint, channel, alias, hidden, pin, most, finished, paused,
    expires_ms, created_ms, nonce
FROM survey_links WHERE id = :id

-- name: survey_link_find
SELECT id, survey_id AS survey, kind, name, place, touchpoint, channel, alias, hidden, pin, most, finished, paused,
    expires_ms, created_ms, nonce
FROM survey_links WHERE digest = :digest

-- name: survey_link_change
UPDATE survey_links SET name = :name, place = :place, touchpoint = :touchpoint, most = :most, paused = :paused,
    expires_ms = :expires_ms, pin = :pin
WHERE id = :id

-- name: survey_link_answered
SELECT count(*) FROM responses WHERE link_id = :link AND answered > 0

-- name: survey_link_empty
-- Those who only opened it.
DELETE FROM responses WHERE link_id = :link

-- name: survey_link_remove
DELETE FROM survey_links WHERE id = :id

-- name: survey_link_finished
-- One more, where there is room: nothing is changed when it is full.
UPDATE survey_links SET finished = finished + 1 WHERE id = :id AND (most = 0 OR finished < most)

-- name: survey_clear
-- Everything goes, for starting over: versions, links and responses along with the surveys.
DELETE FROM surveys
