-- Benchmarks and proposals.

-- name: benchmark_add
INSERT INTO benchmarks (id, name, metric, scale, question, asked, from_date, to_date, value, low, high, answers, source, url, note,
    by_name, created_ms, changed_ms)
VALUES (:id, :name, :metric, :scale, :question, :asked, :from, :to, :value, :low, :high, :answers, :source, :url, :note, :by,
    :created_ms, :changed_ms)

-- name: benchmark_rows
SELECT id, name, metric, scale, question, asked, from_date AS "from", to_date AS "to", value, low, high, answers, source, url, note,
    by_name AS "by", created_ms, changed_ms
FROM benchmarks ORDER BY metric, name, id

-- name: benchmark_row
SELECT id, name, metric, scale, question, asked, from_date AS "from", to_date AS "to", value, low, high, answers, source, url, note,
    by_name AS "by", created_ms, changed_ms
FROM benchmarks WHERE id = :id

-- name: benchmark_count
SELECT count(*) FROM benchmarks

-- name: benchmark_change
UPDATE benchmarks SET name = :name, metric = :metric, scale = :scale, question = :question, asked = :asked, from_date = :from,
    to_date = :to, value = :value, low = :low, high = :high, answers = :answers, source = :source, url = :url, note = :note,
    changed_ms = :changed_ms
WHERE id = :id

-- name: benchmark_remove
DELETE FROM benchmarks WHERE id = :id
-- name: proposal_add
INSERT INTO proposals (id, title, why, what, decision, touchpoint, department, meeting, state, note, decided_by, decided_ms,
    done_ms, told_ms, survey, by_name, created_ms, changed_ms)
VALUES (:id, :title, :why, :what, :decision, :touchpoint, :department, :meeting, :state, :note, :decided_by, :decided_ms, :done_ms,
    :told_ms, :survey, :by, :created_ms, :changed_ms)

-- name: proposal_rows
-- Every proposal, the newest first.
SELECT id, title, why, what, decision, touchpoint, department, meeting, state, note, decided_by, decided_ms, done_ms, told_ms,
    survey, by_name AS "by", created_ms, changed_ms
FROM proposals ORDER BY id DESC

-- name: proposal_row
SELECT id, title, why, what, decision, touchpoint, department, meeting, state, note, decided_by, decided_ms, done_ms, told_ms,
    survey, by_name AS "by", created_ms, changed_ms
FROM proposals WHERE id = :id

-- name: proposal_count
SELECT count(*) FROM proposals

-- name: proposal_change
UPDATE proposals SET title = :title, why = :why, what = :what, decision = :decision, touchpoint = :touchpoint,
    department = :department, meeting = :meeting, state = :state, note = :note, decided_by = :decided_by, decided_ms = :decided_ms,
    done_ms = :done_ms, survey = :survey, changed_ms = :changed_ms
WHERE id = :id

-- name: proposal_told
UPDATE proposals SET told_ms = :told_ms WHERE id = :id

-- name: proposal_remove
DELETE FROM proposals WHERE id = :id

-- name: proposal_pain_rows
SELECT proposal, pain FROM proposal_pains ORDER BY proposal, pain

-- name: proposal_pain_is
SELECT count(*) FROM pains WHERE id = :pain

-- name: proposal_pain_add
INSERT INTO proposal_pains (proposal, pain) VALUES (:proposal, :pain) ON CONFLICT (proposal, pain) DO NOTHING

-- name: proposal_pains_clear
-- A proposal's pain points are written anew whenever it changes.
DELETE FROM proposal_pains WHERE proposal = :proposal

-- name: proposal_clear
-- Everything goes, for starting over.
DELETE FROM proposals

-- name: benchmark_clear
DELETE FROM benchmarks
