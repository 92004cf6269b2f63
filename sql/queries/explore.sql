-- Saved questions and dashboards.

-- name: saved_add
INSERT INTO saved_questions (id, name, description, question, period, shown, owner_id, by_name, created_ms, changed_ms)
VALUES (:id, :name, :description, :question, :period, :shown, :owner, :by, :created_ms, :changed_ms)

-- name: saved_rows
-- Every saved question, by name.
SELECT id, name, description, question, period, shown, owner_id AS owner, by_name AS "by", created_ms, changed_ms
FROM saved_questions ORDER BY name, id

-- name: saved_row
SELECT id, name, description, question, period, shown, owner_id AS owner, by_name AS "by", created_ms, changed_ms
FROM saved_questions WHERE id = :id

-- name: saved_count
SELECT count(*) FROM saved_questions

-- name: saved_change
UPDATE saved_questions SET name = :name, description = :description, question = :question, period = :period,
    shown = :shown, changed_ms = :changed_ms WHERE id = :id

-- name: saved_remove
DELETE FROM saved_questions WHERE id = :id

-- name: dashboard_add
INSERT INTO dashboards (id, name, description, owner_id, by_name, created_ms, changed_ms)
VALUES (:id, :name, :description, :owner, :by, :created_ms, :changed_ms)

-- name: dashboard_rows
-- Every dashboard, by name.
SELECT id, name, description, owner_id AS owner, by_name AS "by", created_ms, changed_ms FROM dashboards ORDER BY name, id

-- name: dashboard_row
SELECT id, name, description, owner_id AS owner, by_name AS "by", created_ms, changed_ms FROM dashboards WHERE id = :id

-- name: dashboard_count
SELECT count(*) FROM dashboards

-- name: dashboard_change
UPDATE dashboards SET name = :name, description = :description, changed_ms = :changed_ms WHERE id = :id

-- name: dashboard_remove
DELETE FROM dashboards WHERE id = :id

-- name: tile_rows
-- The tiles of every dashboard, in their order.
SELECT dashboard_id AS dashboard, question_id AS question, width FROM dashboard_tiles ORDER BY dashboard_id, place

-- name: tile_add
INSERT INTO dashboard_tiles (dashboard_id, place, question_id, width) VALUES (:dashboard, :place, :question, :width)

-- name: tile_clear
-- A dashboard's tiles are written anew whenever they change.
DELETE FROM dashboard_tiles WHERE dashboard_id = :dashboard

-- name: explore_clear_dashboards
-- Everything goes, for starting over.
DELETE FROM dashboards

-- name: explore_clear_questions
DELETE FROM saved_questions
