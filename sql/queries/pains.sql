-- Pain points (listen/voices/pain.h).

-- part: columns
p.id, p.name, p.description, p.touchpoint, p.status, p.owner, p.matches, p.merged, p.by_name, p.created_ms, p.changed_ms, p.matched,
(SELECT count(*) FROM feedback_pains AS e WHERE e.pain = p.id AND e.how <> 'not' AND {seen}) AS evidence

-- part: seen
-- Is the feedback of a row e in sight? Lists that are NULL ask nothing.
-- sqlite:
((:sight_places IS NULL AND :sight_touchpoints IS NULL) OR EXISTS (SELECT 1 FROM feedback AS f WHERE f.id = e.feedback
    AND (:sight_places IS NULL OR f.place IN (SELECT value FROM json_each(:sight_places)))
    AND (:sight_touchpoints IS NULL OR f.touchpoint IN (SELECT value FROM json_each(:sight_touchpoints)))))
-- postgres:
((CAST(:sight_places AS TEXT) IS NULL AND CAST(:sight_touchpoints AS TEXT) IS NULL)
    OR EXISTS (SELECT 1 FROM feedback AS f WHERE f.id = e.feedback
        AND (CAST(:sight_places AS TEXT) IS NULL
            OR f.place IN (SELECT jsonb_array_elements_text(CAST(:sight_places AS JSONB))))
        AND (CAST(:sight_touchpoints AS TEXT) IS NULL
            OR f.touchpoint IN (SELECT jsonb_array_elements_text(CAST(:sight_touchpoints AS JSONB))))))

-- name: pain_there
SELECT count(*) FROM pains WHERE id = :id

-- name: pain_count
SELECT count(*) FROM pains

-- name: pain_list
SELECT {columns} FROM pains AS p ORDER BY p.id DESC

-- name: pain_one
SELECT {columns} FROM pains AS p WHERE p.id = :id

-- name: pain_add
INSERT INTO pains (id, name, description, touchpoint, status, owner, matches, merged, by_name, created_ms, changed_ms, matched)
VALUES (:id, :name, :description, :touchpoint, :status, :owner, :matches, NULL, :by, :created_ms, :changed_ms, 0)

-- name: pain_set
UPDATE pains SET name = :name, description = :description, touchpoint = :touchpoint, status = :status, owner = :owner,
    matches = :matches, changed_ms = :changed_ms WHERE id = :id

-- name: pain_set_matched
UPDATE pains SET matched = :matched WHERE id = :id

-- name: pain_set_merged
UPDATE pains SET merged = :into, status = 'dropped', matches = NULL, changed_ms = :changed_ms WHERE id = :id

-- name: pain_remove
DELETE FROM pains WHERE id = :id

-- name: pain_link
INSERT INTO feedback_pains (feedback, pain, how, by_name, at_ms) VALUES (:feedback, :pain, :how, :by_name, :at_ms)
ON CONFLICT (feedback, pain) DO UPDATE SET how = :how, by_name = :by_name, at_ms = :at_ms

-- name: pain_find
-- What a rule finds; what somebody decided by hand stays.
INSERT INTO feedback_pains (feedback, pain, how, by_name, at_ms) VALUES (:feedback, :pain, 'rule', '', :at_ms)
ON CONFLICT (feedback, pain) DO NOTHING

-- name: pain_unlink
DELETE FROM feedback_pains WHERE feedback = :feedback AND pain = :pain

-- name: pain_unfind
-- The rule has become another one.
DELETE FROM feedback_pains WHERE pain = :pain AND how = 'rule'

-- name: pain_linked
SELECT count(*) FROM feedback_pains WHERE feedback = :feedback AND pain = :pain AND how <> 'not'

-- name: pain_take_over
-- The evidence of one pain point becomes that of another.
INSERT INTO feedback_pains (feedback, pain, how, by_name, at_ms)
SELECT e.feedback, :into, 'hand', e.by_name, e.at_ms FROM feedback_pains AS e WHERE e.pain = :id AND e.how <> 'not'
ON CONFLICT (feedback, pain) DO NOTHING

-- name: pain_let_go
DELETE FROM feedback_pains WHERE pain = :id

-- name: pains_of
-- What a feedback is evidence of.
SELECT p.id, p.name, e.how FROM feedback_pains AS e JOIN pains AS p ON p.id = e.pain WHERE e.feedback = :feedback AND e.how <> 'not'
ORDER BY p.id

-- name: pain_shared
-- How much evidence two pain points share.
SELECT count(*) FROM feedback_pains AS e JOIN feedback_pains AS b ON b.feedback = e.feedback
WHERE e.pain = :a AND b.pain = :b AND e.how <> 'not' AND b.how <> 'not' AND {seen}

-- name: pains_clear
DELETE FROM pains
