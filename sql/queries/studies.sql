-- Interview studies (listen/voices/study.h).

-- part: study
s.id, s.name, s.purpose, s.guide, s.recruit, s.from_date, s.to_date, s.target, s.status, s.owner, s.by_name, s.created_ms,
s.changed_ms,
(SELECT count(*) FROM study_notes AS n WHERE n.study = s.id) AS notes,
(SELECT count(*) FROM study_people AS p WHERE p.study = s.id) AS people,
(SELECT count(*) FROM study_findings AS f WHERE f.study = s.id) AS findings

-- name: study_list
SELECT {study} FROM studies AS s ORDER BY s.id DESC

-- name: study_one
SELECT {study} FROM studies AS s WHERE s.id = :id

-- name: study_count
SELECT count(*) FROM studies

-- name: study_add
INSERT INTO studies (id, name, purpose, guide, recruit, from_date, to_date, target, status, owner, by_name, created_ms, changed_ms)
VALUES (:id, :name, :purpose, :guide, :recruit, :from_date, :to_date, :target, :status, :owner, :by_name, :created_ms, :changed_ms)

-- name: study_set
UPDATE studies SET name = :name, purpose = :purpose, guide = :guide, recruit = :recruit, from_date = :from_date, to_date = :to_date,
    target = :target, status = :status, owner = :owner, changed_ms = :changed_ms WHERE id = :id

-- name: study_remove
DELETE FROM studies WHERE id = :id

-- name: studies_clear
DELETE FROM studies

-- name: study_people
SELECT alias, state, at_ms FROM study_people WHERE study = :study ORDER BY at_ms, alias

-- name: study_person_put
INSERT INTO study_people (study, alias, state, at_ms) VALUES (:study, :alias, :state, :at_ms)
ON CONFLICT (study, alias) DO UPDATE SET state = :state, at_ms = :at_ms

-- name: study_people_forget
-- Whoever is erased takes part in nothing.
DELETE FROM study_people WHERE
-- sqlite:
substr(alias, instr(alias, ':') + 1) IN (SELECT value FROM json_each(:values))
-- postgres:
substr(alias, strpos(alias, ':') + 1) IN (SELECT jsonb_array_elements_text(CAST(:values AS JSONB)))

-- name: study_note_add
INSERT INTO study_notes (note, study, by_name, at_ms) VALUES (:note, :study, :by_name, :at_ms) ON CONFLICT (note) DO NOTHING

-- name: study_notes
SELECT note FROM study_notes WHERE study = :study ORDER BY note DESC LIMIT 500

-- name: study_note_study
-- Which study a note belongs to; 0: none.
SELECT study FROM study_notes WHERE note = :note

-- name: study_notes_forget
-- Their words are no longer in the log.
DELETE FROM study_notes WHERE
-- sqlite:
note IN (SELECT value FROM json_each(:ids))
-- postgres:
note IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))

-- name: study_passages
SELECT p.id, p.note, p.first, p.length, p.touchpoint, p.pain, p.code, p.by_name, p.at_ms FROM study_passages AS p
JOIN study_notes AS n ON n.note = p.note WHERE n.study = :study ORDER BY p.note DESC, p.first, p.id

-- name: study_passage_add
INSERT INTO study_passages (id, note, first, length, touchpoint, pain, code, by_name, at_ms)
VALUES (:id, :note, :first, :length, :touchpoint, :pain, :code, :by_name, :at_ms)

-- name: study_passage_remove
DELETE FROM study_passages WHERE id = :id

-- name: study_findings
SELECT id, study, title, text, touchpoint, pain, passages, by_name, at_ms FROM study_findings
WHERE :study = 0 OR study = :study ORDER BY id DESC LIMIT 1000

-- name: study_finding_add
INSERT INTO study_findings (id, study, title, text, touchpoint, pain, passages, by_name, at_ms)
VALUES (:id, :study, :title, :text, :touchpoint, :pain, :passages, :by_name, :at_ms)

-- name: study_finding_remove
DELETE FROM study_findings WHERE id = :id
