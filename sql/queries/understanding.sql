-- name: alert_add
-- Something was noticed; nothing happens when it was noticed before.
INSERT INTO alerts (id, cause, kind, what, key, period, observed, expected, low, high, p, filter, created_ms)
VALUES (:id, :cause, :kind, :what, :key, :period, :observed, :expected, :low, :high, :p, :filter, :created)
ON CONFLICT (cause) DO NOTHING

-- part: alert_seen
-- Is all that it counted in sight? What is about no place or touchpoint alone is about all of them.
-- sqlite:
(:sight_places IS NULL OR json_extract(filter, '$.place[0]') IN (SELECT value FROM json_each(:sight_places)))
AND (:sight_touchpoints IS NULL OR json_extract(filter, '$.touchpoint[0]') IN (SELECT value FROM json_each(:sight_touchpoints)))
-- postgres:
(CAST(:sight_places AS TEXT) IS NULL OR CAST(filter AS JSONB) -> 'place' ->> 0
    IN (SELECT jsonb_array_elements_text(CAST(:sight_places AS JSONB))))
AND (CAST(:sight_touchpoints AS TEXT) IS NULL OR CAST(filter AS JSONB) -> 'touchpoint' ->> 0
    IN (SELECT jsonb_array_elements_text(CAST(:sight_touchpoints AS JSONB))))

-- name: alert_list
-- Newest first, those with ids below `before`.
SELECT id, kind, what, key, period, observed, expected, low, high, p, filter, created_ms AS created, seen_ms AS seen,
    seen_by AS by
FROM alerts
WHERE id < :before AND (:open = 0 OR seen_ms IS NULL) AND {alert_seen}
ORDER BY id DESC LIMIT :limit

-- name: alert_find
SELECT id, kind, what, key, period, observed, expected, low, high, p, filter, created_ms AS created, seen_ms AS seen,
    seen_by AS by
FROM alerts WHERE id = :id AND {alert_seen}

-- name: alert_put_aside
UPDATE alerts SET seen_ms = :seen, seen_by = :by WHERE id = :id

-- name: alert_prune
-- What nobody will look at any more.
DELETE FROM alerts WHERE created_ms < :before

-- name: alert_clear
DELETE FROM alerts

-- name: model_add
INSERT INTO models (id, bytes, report, wrong, texts, corrections, trained_ms, by_name)
VALUES (:id, :bytes, :report, :wrong, :texts, :corrections, :trained, :by)

-- name: model_list
SELECT id, report, texts, corrections, trained_ms AS trained, by_name AS by FROM models ORDER BY id DESC

-- name: model_newest
-- 0 without any.
SELECT MAX(id) FROM models

-- name: model_bytes
SELECT bytes FROM models WHERE id = :id

-- name: model_wrong
SELECT wrong FROM models WHERE id = :id

-- name: model_remove_older
-- Only the newest few are kept.
DELETE FROM models WHERE id NOT IN (SELECT id FROM models ORDER BY id DESC LIMIT :keep)

-- name: model_remove
DELETE FROM models WHERE id = :id

-- name: model_clear
DELETE FROM models

-- name: model_unlabelled
-- Feedback with words that the model has not read yet, the newest first.
SELECT f.id, t.text FROM feedback f JOIN feedback_texts t ON t.position = f.position
WHERE f.has_text = 1 AND f.label IS NULL AND f.position < :before
ORDER BY f.position DESC LIMIT :limit

-- name: model_forget_labels
-- There is no model any more, or another one.
UPDATE feedback SET label = NULL, confidence = NULL WHERE label IS NOT NULL
