-- What people answered to surveys.

-- name: survey_standing
SELECT state, access, version FROM surveys WHERE id = :id

-- name: response_row
SELECT id, survey_id AS survey, version, link_id AS link, state, edit, request_key, language, alias, channel, place,
    device, answers, counted, hidden, seen, spent, answered, end_id AS "end", contact, started_ms, changed_ms,
    finished_ms, pending_ms
FROM responses WHERE id = :id

-- name: response_by_key
SELECT id, survey_id AS survey, version, link_id AS link, state, edit, request_key, language, alias, channel, place,
    device, answers, counted, hidden, seen, spent, answered, end_id AS "end", contact, started_ms, changed_ms,
    finished_ms, pending_ms
FROM responses WHERE link_id = :link AND request_key = :key

-- name: response_of_link
-- The one of a link that works once.
SELECT id, survey_id AS survey, version, link_id AS link, state, edit, request_key, language, alias, channel, place,
    device, answers, counted, hidden, seen, spent, answered, end_id AS "end", contact, started_ms, changed_ms,
    finished_ms, pending_ms
FROM responses WHERE link_id = :link ORDER BY id DESC LIMIT 1

-- name: response_by_edit
SELECT id, survey_id AS survey, version, link_id AS link, state, edit, request_key, language, alias, channel, place,
    device, answers, counted, hidden, seen, spent, answered, end_id AS "end", contact, started_ms, changed_ms,
    finished_ms, pending_ms
FROM responses WHERE link_id = :link AND edit = :edit AND state = 'partial'

-- name: response_add
INSERT INTO responses (id, survey_id, version, link_id, state, edit, request_key, language, alias, channel, place, device,
    answers, counted, hidden, seen, spent, answered, end_id, contact, started_ms, changed_ms, finished_ms, pending_ms)
VALUES (:id, :survey, :version, :link, :state, :edit, :request_key, :language, :alias, :channel, :place, :device,
    :answers, :counted, :hidden, :seen, :spent, :answered, :end, :contact, :started_ms, :changed_ms, :finished_ms,
    :pending_ms)

-- name: response_change
-- While it is not finished.
UPDATE responses SET state = :state, edit = :edit, language = :language, answers = :answers, counted = :counted,
    hidden = :hidden, seen = :seen, spent = :spent, answered = :answered, end_id = :end, contact = :contact,
    place = :place, changed_ms = :changed_ms, finished_ms = :finished_ms, pending_ms = :pending_ms
WHERE id = :id AND state = 'partial'

-- name: responses_pending
SELECT id, survey_id AS survey, version, link_id AS link, state, edit, request_key, language, alias, channel, place,
    device, answers, counted, hidden, seen, spent, answered, end_id AS "end", contact, started_ms, changed_ms,
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

-- name: survey_file_add
INSERT INTO response_files (id, survey_id, link_id, response_id, name, type, size, body, created_ms)
VALUES (:id, :survey, :link, :response, :name, :type, :size, :body, :created_ms)

-- name: survey_file_row
SELECT id, survey_id AS survey, link_id AS link, response_id AS response, name, type, size, created_ms, body
FROM response_files WHERE id = :id

-- name: survey_file_about
SELECT id, survey_id AS survey, link_id AS link, response_id AS response, name, type, size, created_ms
FROM response_files WHERE id = :id

-- name: survey_files_of
SELECT id, survey_id AS survey, link_id AS link, response_id AS response, name, type, size, created_ms
FROM response_files WHERE response_id = :response ORDER BY id

-- name: survey_files_waiting
SELECT count(*) FROM response_files WHERE link_id = :link AND response_id IS NULL

-- name: survey_file_attach
UPDATE response_files SET response_id = :response WHERE id = :id

-- name: survey_files_old
-- Nobody's answer ever named them.
DELETE FROM response_files WHERE response_id IS NULL AND created_ms < :before_ms
