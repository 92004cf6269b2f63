-- What people answered to surveys.

-- name: survey_standing
SELECT state, access, version, coalesce(closed_ms, 0) AS closed_ms FROM surveys WHERE id = :id

-- name: response_row
SELECT id, survey_id AS survey, version, link_id AS link, state, edit, request_key, language, alias, channel, place,
    device, answers, counted, sent, hidden, seen, spent, answered, end_id AS "end", contact, started_ms, changed_ms,
    finished_ms, pending_ms
FROM responses WHERE id = :id

-- name: response_by_key
SELECT id, survey_id AS survey, version, link_id AS link, state, edit, request_key, language, alias, channel, place,
    device, answers, counted, sent, hidden, seen, spent, answered, end_id AS "end", contact, started_ms, changed_ms,
    finished_ms, pending_ms
FROM responses WHERE link_id = :link AND request_key = :key

-- name: response_of_link
-- The one of a link that works once.
SELECT id, survey_id AS survey, version, link_id AS link, state, edit, request_key, language, alias, channel, place,
    device, answers, counted, sent, hidden, seen, spent, answered, end_id AS "end", contact, started_ms, changed_ms,
    finished_ms, pending_ms
FROM responses WHERE link_id = :link ORDER BY id DESC LIMIT 1

-- name: response_by_edit
SELECT id, survey_id AS survey, version, link_id AS link, state, edit, request_key, language, alias, channel, place,
    device, answers, counted, sent, hidden, seen, spent, answered, end_id AS "end", contact, started_ms, changed_ms,
    finished_ms, pending_ms
FROM responses WHERE link_id = :link AND edit = :edit AND state = 'partial'

-- name: response_add
INSERT INTO responses (id, survey_id, version, link_id, state, edit, request_key, language, alias, channel, place, device,
    answers, counted, sent, hidden, seen, spent, answered, end_id, contact, started_ms, changed_ms, finished_ms, pending_ms)
VALUES (:id, :survey, :version, :link, :state, :edit, :request_key, :language, :alias, :channel, :place, :device,
    :answers, :counted, :sent, :hidden, :seen, :spent, :answered, :end, :contact, :started_ms, :changed_ms, :finished_ms,
    :pending_ms)

-- name: response_change
-- While it is not finished.
UPDATE responses SET version = :version, state = :state, edit = :edit, request_key = :request_key, alias = :alias,
    device = :device, started_ms = :started_ms, language = :language, answers = :answers, counted = :counted,
    sent = :sent, hidden = :hidden, seen = :seen, spent = :spent, answered = :answered, end_id = :end, contact = :contact,
    place = :place, changed_ms = :changed_ms, finished_ms = :finished_ms, pending_ms = :pending_ms
WHERE id = :id AND state = 'partial'

-- name: responses_pending
SELECT id, survey_id AS survey, version, link_id AS link, state, edit, request_key, language, alias, channel, place,
    device, answers, counted, sent, hidden, seen, spent, answered, end_id AS "end", contact, started_ms, changed_ms,
    finished_ms, pending_ms
FROM responses WHERE pending_ms <= :now_ms ORDER BY pending_ms LIMIT :limit

-- name: response_count
-- Takes a pending response to send it: its answers count from now on. Nothing is changed when somebody was faster.
UPDATE responses SET counted = answers, pending_ms = :again_ms WHERE id = :id AND pending_ms = :pending_ms

-- name: response_sent
UPDATE responses SET pending_ms = NULL WHERE id = :id AND pending_ms = :pending_ms

-- name: quota_taken
SELECT coalesce((SELECT taken FROM survey_quotas WHERE survey_id = :survey AND name = :name), 0)

-- name: quota_take
INSERT INTO survey_quotas (survey_id, name, taken) VALUES (:survey, :name, 1)
ON CONFLICT (survey_id, name) DO UPDATE SET taken = survey_quotas.taken + 1

-- name: responses_empty
-- Of each link all but the newest of those that were begun long ago and hold no answer.
DELETE FROM responses WHERE id IN (
    SELECT e.id FROM (SELECT r.id, row_number() OVER (PARTITION BY r.link_id ORDER BY r.id DESC) AS place
        FROM responses r WHERE r.answered = 0 AND r.state = 'partial' AND r.changed_ms < :before_ms) e
    WHERE e.place > :most)

-- name: survey_file_add
INSERT INTO response_files (id, survey_id, link_id, response_id, name, type, size, body, created_ms, sender)
VALUES (:id, :survey, :link, :response, :name, :type, :size, :body, :created_ms, :sender)

-- name: survey_file_row
SELECT id, survey_id AS survey, link_id AS link, response_id AS response, name, type, size, created_ms, body
FROM response_files WHERE id = :id

-- name: survey_file_about
SELECT id, survey_id AS survey, link_id AS link, response_id AS response, name, type, size, created_ms
FROM response_files WHERE id = :id

-- name: survey_files_of
SELECT id, survey_id AS survey, link_id AS link, response_id AS response, name, type, size, created_ms
FROM response_files WHERE response_id = :response ORDER BY id

-- name: survey_files_room
-- What files take: all of them, those of a link, those of it that are in no finished response yet, and of these one sender's.
SELECT (SELECT CAST(coalesce(sum(size + :each), 0) AS BIGINT) FROM response_files) AS total,
    (SELECT CAST(coalesce(sum(size + :each), 0) AS BIGINT) FROM response_files WHERE link_id = :link) AS link,
    (SELECT CAST(coalesce(sum(size + :each), 0) AS BIGINT) FROM response_files WHERE link_id = :link AND kept = 0) AS loose,
    (SELECT CAST(coalesce(sum(size + :each), 0) AS BIGINT) FROM response_files
        WHERE link_id = :link AND kept = 0 AND sender = :sender) AS senders

-- name: survey_file_attach
-- Whoever sent it is of no interest any more when it stays.
UPDATE response_files SET response_id = :response, kept = CAST(:kept AS BIGINT),
    sender = CASE WHEN CAST(:kept AS BIGINT) = 1 THEN '' ELSE sender END
WHERE id = :id

-- name: survey_files_size
SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM response_files WHERE response_id = :response

-- name: survey_files_detach
-- Those that its answers still name are attached again; the others go with the old ones.
UPDATE response_files SET response_id = NULL WHERE response_id = :response

-- name: survey_files_old
-- Nobody's answer ever named them.
DELETE FROM response_files WHERE kept = 0 AND response_id IS NULL AND created_ms < :before_ms

-- name: survey_files_stale
-- Their responses were never finished and cannot be continued any more.
DELETE FROM response_files WHERE kept = 0 AND response_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.id = response_files.response_id
        AND (r.state <> 'partial' OR r.started_ms >= :before_ms))

-- name: results_each
-- What figures are made of: every response that the filter lets through, oldest first.
SELECT r.version, r.state, r.answered, r.counted, r.seen, r.spent, r.end_id,
    CASE WHEN l.kind = 'invitation' AND EXISTS (SELECT 1 FROM sends m WHERE m.link = l.id AND m.state <> 'sent') THEN 'unsent'
        ELSE l.kind END AS kind, r.started_ms, r.finished_ms
FROM responses r JOIN survey_links l ON l.id = r.link_id
WHERE r.survey_id = :survey AND (:version = 0 OR r.version = :version) AND (:link = 0 OR r.link_id = :link)
    AND (:place = '' OR r.place = :place) AND (:channel = '' OR r.channel = :channel)
    AND (:language = '' OR r.language = :language)
    AND coalesce(r.finished_ms, r.changed_ms) >= :from_ms AND coalesce(r.finished_ms, r.changed_ms) < :to_ms
    AND (:everywhere = 1 OR r.place IN (
-- sqlite:
        SELECT value FROM json_each(:places)
-- postgres:
        SELECT jsonb_array_elements_text(CAST(:places AS JSONB))
-- both:
    ))
    AND (:every_touchpoint = 1 OR (:document_seen = 1 AND l.touchpoint = '') OR l.touchpoint IN (
-- sqlite:
        SELECT value FROM json_each(:touchpoints)
-- postgres:
        SELECT jsonb_array_elements_text(CAST(:touchpoints AS JSONB))
-- both:
    ))
ORDER BY r.id

-- name: results_versions
-- How many answered each version, of what is in sight.
SELECT r.version, count(*) AS responses
FROM responses r
WHERE r.survey_id = :survey AND r.answered > 0
    AND (:everywhere = 1 OR r.place IN (
-- sqlite:
        SELECT value FROM json_each(:places)
-- postgres:
        SELECT jsonb_array_elements_text(CAST(:places AS JSONB))
-- both:
    ))
    AND (:every_touchpoint = 1 OR EXISTS (SELECT 1 FROM survey_links l WHERE l.id = r.link_id
        AND ((:document_seen = 1 AND l.touchpoint = '') OR l.touchpoint IN (
-- sqlite:
        SELECT value FROM json_each(:touchpoints)
-- postgres:
        SELECT jsonb_array_elements_text(CAST(:touchpoints AS JSONB))
-- both:
    ))))
GROUP BY r.version

-- name: results_standing
-- How often something that counts was taken back, and the newest version: what was kept of another state is no good.
SELECT taken_back, version FROM surveys WHERE id = :survey

-- name: results_fold
-- What came since, and what was not settled then.
SELECT r.version, r.state, r.answered, r.counted, r.seen, r.spent, r.end_id, l.kind, r.started_ms, r.finished_ms, r.id,
    r.pending_ms
FROM responses r JOIN survey_links l ON l.id = r.link_id
WHERE r.survey_id = :survey AND r.id > :after
UNION ALL
SELECT r.version, r.state, r.answered, r.counted, r.seen, r.spent, r.end_id, l.kind, r.started_ms, r.finished_ms, r.id,
    r.pending_ms
FROM responses r JOIN survey_links l ON l.id = r.link_id
WHERE r.survey_id = :survey AND r.id IN (
-- sqlite:
    SELECT value FROM json_each(:open)
-- postgres:
    SELECT CAST(jsonb_array_elements_text(CAST(:open AS JSONB)) AS BIGINT)
-- both:
)

-- name: results_largest
-- The surveys that take longest to count, largest first.
SELECT survey_id FROM responses GROUP BY survey_id HAVING count(*) >= :least ORDER BY count(*) DESC LIMIT :limit

-- name: responses_taken_back
UPDATE surveys SET taken_back = taken_back + 1 WHERE id IN (SELECT survey_id FROM responses WHERE alias = :alias)

-- name: response_taken_back
UPDATE surveys SET taken_back = taken_back + 1 WHERE id = (SELECT survey_id FROM responses WHERE id = :id)

-- name: link_taken_back
UPDATE surveys SET taken_back = taken_back + 1 WHERE id = (SELECT survey_id FROM survey_links WHERE id = :link)

-- name: all_taken_back
UPDATE surveys SET taken_back = taken_back + 1

-- name: results_invited
-- Invitations that were sent, and personal links made by hand; a filter on what only answers have leaves none.
SELECT count(*) FROM survey_links l
WHERE l.survey_id = :survey AND l.kind = 'invitation'
    AND NOT EXISTS (SELECT 1 FROM sends m WHERE m.link = l.id AND m.state <> 'sent')
    AND :version = 0 AND (:link = 0 OR l.id = :link)
    AND (:place = '' OR l.place = :place) AND (:channel = '' OR l.channel = :channel) AND :language = ''
    AND l.created_ms >= :from_ms AND l.created_ms < :to_ms
    AND (:everywhere = 1 OR l.place IN (
-- sqlite:
        SELECT value FROM json_each(:places)
-- postgres:
        SELECT jsonb_array_elements_text(CAST(:places AS JSONB))
-- both:
    ))
    AND (:every_touchpoint = 1 OR (:document_seen = 1 AND l.touchpoint = '') OR l.touchpoint IN (
-- sqlite:
        SELECT value FROM json_each(:touchpoints)
-- postgres:
        SELECT jsonb_array_elements_text(CAST(:touchpoints AS JSONB))
-- both:
    ))

-- name: responses_listed
-- The rows behind figures, newest first.
SELECT r.id, r.survey_id AS survey, r.version, r.link_id AS link, r.state, r.language, r.alias, r.channel, r.place, r.device,
    r.answers, r.counted, r.hidden, r.seen, r.spent, r.answered, r.end_id AS "end", r.started_ms, r.changed_ms,
    r.finished_ms, l.name AS link_name, l.kind AS link_kind
FROM responses r JOIN survey_links l ON l.id = r.link_id
WHERE r.survey_id = :survey AND r.id < :before AND (:state = '' OR r.state = :state)
    AND (:version = 0 OR r.version = :version) AND (:link = 0 OR r.link_id = :link)
    AND (:place = '' OR r.place = :place) AND (:channel = '' OR r.channel = :channel)
    AND (:language = '' OR r.language = :language)
    AND coalesce(r.finished_ms, r.changed_ms) >= :from_ms AND coalesce(r.finished_ms, r.changed_ms) < :to_ms
    AND (:everywhere = 1 OR r.place IN (
-- sqlite:
        SELECT value FROM json_each(:places)
-- postgres:
        SELECT jsonb_array_elements_text(CAST(:places AS JSONB))
-- both:
    ))
    AND (:every_touchpoint = 1 OR (:document_seen = 1 AND l.touchpoint = '') OR l.touchpoint IN (
-- sqlite:
        SELECT value FROM json_each(:touchpoints)
-- postgres:
        SELECT jsonb_array_elements_text(CAST(:touchpoints AS JSONB))
-- both:
    ))
ORDER BY r.id DESC

-- name: response_files_forget
DELETE FROM response_files WHERE response_id IN (SELECT id FROM responses WHERE alias = :alias)

-- name: responses_forget
DELETE FROM responses WHERE alias = :alias

-- name: survey_links_forget
DELETE FROM survey_links WHERE alias = :alias

-- name: responses_contact
-- Those in which somebody wrote names or addresses.
SELECT id, alias, answers, coalesce(counted, '') FROM responses WHERE contact = 1

-- name: response_files_remove
DELETE FROM response_files WHERE response_id = :response

-- name: response_blank
-- Takes out who somebody said to be; what they answered stays nobody's. Nothing is changed when it is another answer by now.
UPDATE responses SET answers = :answers, counted = CASE WHEN counted IS NULL THEN NULL ELSE :counted END,
    hidden = CASE WHEN :nobody = 1 THEN '{}' ELSE hidden END
WHERE id = :id AND answers = :before AND coalesce(counted, '') = :counted_before

-- name: response_there
SELECT count(*) FROM responses WHERE id = :id

-- name: response_remove
DELETE FROM responses WHERE id = :id

-- name: response_removal_add
INSERT INTO response_removals (id, survey_id, response, by_name, asked_ms, done_ms, events, files, digest, pending)
VALUES (:id, :survey, :response, :by, :asked_ms, NULL, 0, :files, '', :pending)

-- name: response_removal_done
UPDATE response_removals SET done_ms = :done_ms, events = :events, digest = :digest, pending = NULL WHERE id = :id

-- name: response_removals
-- The newest first.
SELECT id, survey_id AS survey, response, by_name AS "by", asked_ms, done_ms, events, files, digest, pending
FROM response_removals WHERE survey_id = :survey AND id < :before ORDER BY id DESC LIMIT :limit

-- name: response_removals_pending
SELECT id, survey_id AS survey, response, by_name AS "by", asked_ms, done_ms, events, files, digest, pending
FROM response_removals WHERE pending IS NOT NULL ORDER BY id
