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
