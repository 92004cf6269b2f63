-- What a person may change about the installation.

-- name: settings_all
SELECT name, value FROM settings ORDER BY name

-- name: settings_put
INSERT INTO settings (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = :value
