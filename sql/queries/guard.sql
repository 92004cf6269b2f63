-- Users, sessions, keys, one-time links, the audit log.

-- name: user_add
-- A new user; a known e-mail is a conflict.
INSERT INTO users (id, email, name, role, language, active, password, places, departments, created_ms)
VALUES (:id, :email, :name, :role, :language, 1, :password, :places, :departments, :created_ms)

-- name: user_list
-- Everybody, by name.
SELECT id, email, name, role, language, active, places, departments, created_ms,
    CASE WHEN password IS NULL THEN 1 ELSE 0 END AS invited
FROM users ORDER BY name, id

-- name: user_by_id
SELECT id, email, name, role, language, active, places, departments, created_ms,
    CASE WHEN password IS NULL THEN 1 ELSE 0 END AS invited
FROM users WHERE id = :id

-- name: user_by_email
-- The user who signs in with this folded e-mail.
SELECT id, email, name, role, language, active, places, departments, created_ms,
    CASE WHEN password IS NULL THEN 1 ELSE 0 END AS invited
FROM users WHERE email = :email

-- name: user_secret_by_email
-- What a sign-in is checked against.
SELECT id, password FROM users WHERE email = :email AND active = 1

-- name: user_secret
-- What a change of password is checked against.
SELECT id, password FROM users WHERE id = :id AND active = 1

-- name: user_update
UPDATE users SET name = :name, role = :role, language = :language, active = :active, places = :places,
    departments = :departments WHERE id = :id

-- name: user_set_password
UPDATE users SET password = :password WHERE id = :id

-- name: user_owners
-- Owners who can sign in, but for one user.
SELECT count(*) FROM users WHERE role = 'owner' AND active = 1 AND password IS NOT NULL AND id <> :id

-- name: session_add
INSERT INTO sessions (id, user_id, digest, created_ms, seen_ms) VALUES (:id, :user_id, :digest, :now_ms, :now_ms)

-- name: session_find
-- The session of a token, with its user; not when it is too old or the user was deactivated.
SELECT sessions.id AS session, sessions.seen_ms, users.id, users.email, users.name, users.role, users.language,
    users.places, users.departments
FROM sessions JOIN users ON users.id = sessions.user_id
WHERE sessions.digest = :digest AND users.active = 1 AND sessions.seen_ms > :idle_since_ms
    AND sessions.created_ms > :created_since_ms

-- name: session_seen
UPDATE sessions SET seen_ms = :now_ms WHERE id = :id

-- name: session_end
DELETE FROM sessions WHERE id = :id

-- name: session_end_all
-- All sessions of a user.
DELETE FROM sessions WHERE user_id = :user_id

-- name: session_end_old
-- Sessions that nobody can use any more.
DELETE FROM sessions WHERE seen_ms <= :idle_since_ms OR created_ms <= :created_since_ms

-- name: key_add
INSERT INTO keys (id, name, kind, trust, scopes, prefix, digest, created_by, created_ms)
VALUES (:id, :name, :kind, :trust, :scopes, :prefix, :digest, :created_by, :created_ms)

-- name: key_list
-- Every key without its digest, oldest first.
SELECT id, name, kind, trust, scopes, prefix, created_ms FROM keys ORDER BY id

-- name: key_by_id
SELECT id, name, kind, trust, scopes, prefix, created_ms FROM keys WHERE id = :id

-- name: key_remove
DELETE FROM keys WHERE id = :id

-- name: key_live
-- Keys that work: an API key only for as long as whoever made it may sign in.
SELECT keys.id, keys.name, keys.kind, keys.trust, keys.scopes, keys.digest
FROM keys LEFT JOIN users ON users.id = keys.created_by
WHERE keys.kind = 'write' OR keys.created_by IS NULL OR users.active = 1
ORDER BY keys.id

-- name: link_add
INSERT INTO links (digest, purpose, user_id, created_ms, expires_ms)
VALUES (:digest, :purpose, :user_id, :created_ms, :expires_ms)

-- name: link_find
-- A link that is still good, with the user it is for.
SELECT links.purpose, links.user_id, users.email, users.name, users.role
FROM links LEFT JOIN users ON users.id = links.user_id
WHERE links.digest = :digest AND links.expires_ms > :now_ms AND (links.user_id IS NULL OR users.active = 1)

-- name: link_use
-- A link is gone once it was used.
DELETE FROM links WHERE digest = :digest AND expires_ms > :now_ms

-- name: link_end_user
-- Every link of a user.
DELETE FROM links WHERE user_id = :user_id

-- name: link_end_owner
-- Links that make an owner.
DELETE FROM links WHERE purpose = 'owner'

-- name: link_end_old
DELETE FROM links WHERE expires_ms <= :now_ms

-- name: audit_last
-- The newest entry: its number and digest go into the next.
SELECT id, digest FROM audit ORDER BY id DESC LIMIT 1

-- name: audit_add
INSERT INTO audit (id, at_ms, who, action, object, detail, address, digest)
VALUES (:id, :at_ms, :who, :action, :object, :detail, :address, :digest)

-- name: audit_page
-- Newest first, before an entry.
SELECT id, at_ms, who, action, object, detail, address, digest FROM audit
WHERE id < :before ORDER BY id DESC LIMIT :limit

-- name: audit_from
-- Oldest first, for checking the chain.
SELECT id, at_ms, who, action, object, detail, address, digest FROM audit
WHERE id > :after ORDER BY id LIMIT :limit

-- name: tries_add
-- Counts an attempt of somebody within a window, up to one beyond what is allowed; how many there are now, and how long the
-- window still lasts.
INSERT INTO tries (who, since_ms, ends_ms, count)
-- sqlite:
VALUES (:who, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER),
    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) + :window_ms, 1)
ON CONFLICT (who) DO UPDATE SET
    count = CASE WHEN tries.ends_ms <= excluded.since_ms THEN 1 ELSE min(tries.count, :most) + 1 END,
    since_ms = CASE WHEN tries.ends_ms <= excluded.since_ms THEN excluded.since_ms ELSE tries.since_ms END,
    ends_ms = CASE WHEN tries.ends_ms <= excluded.since_ms THEN excluded.ends_ms ELSE tries.ends_ms END
RETURNING count, ends_ms - CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) AS left_ms
-- postgres:
VALUES (:who, CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT),
    CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) + :window_ms, 1)
ON CONFLICT (who) DO UPDATE SET
    count = CASE WHEN tries.ends_ms <= excluded.since_ms THEN 1 ELSE least(tries.count, :most) + 1 END,
    since_ms = CASE WHEN tries.ends_ms <= excluded.since_ms THEN excluded.since_ms ELSE tries.since_ms END,
    ends_ms = CASE WHEN tries.ends_ms <= excluded.since_ms THEN excluded.ends_ms ELSE tries.ends_ms END
RETURNING count, ends_ms - CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS left_ms

-- name: tries_count
-- How many attempts there are in a window that has not ended, and how long it still lasts.
-- sqlite:
SELECT count, ends_ms - CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) AS left_ms
FROM tries WHERE who = :who AND ends_ms > CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
-- postgres:
SELECT count, ends_ms - CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS left_ms
FROM tries WHERE who = :who AND ends_ms > CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)

-- name: tries_clear
DELETE FROM tries WHERE who = :who

-- name: tries_forget
-- Windows that have ended.
DELETE FROM tries WHERE ends_ms <=
-- sqlite:
    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
-- postgres:
    CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)
