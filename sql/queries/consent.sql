-- What people agreed to.

-- name: consent_add
INSERT INTO consents (id, alias, purpose, state, wording, channel, how, evidence, at_ms, recorded_ms, by_name)
VALUES (:id, :alias, :purpose, :state, :version, :channel, :how, :evidence, :at_ms, :recorded_ms, :by)

-- name: consent_rows
-- Every word of some aliases, newest first.
SELECT id, alias, purpose, state, coalesce(wording, 0) AS wording, channel, how, evidence, at_ms, recorded_ms,
    by_name AS "by"
FROM consents WHERE
-- sqlite:
alias IN (SELECT value FROM json_each(:aliases))
-- postgres:
alias IN (SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB)))
-- both:
ORDER BY at_ms DESC, id DESC

-- name: consent_newest
-- The word that counts for a purpose through a channel.
SELECT id, alias, purpose, state, coalesce(wording, 0) AS wording, channel, how, evidence, at_ms, recorded_ms,
    by_name AS "by"
FROM consents WHERE purpose = :purpose AND (channel IS NULL OR channel = :channel) AND
-- sqlite:
alias IN (SELECT value FROM json_each(:aliases))
-- postgres:
alias IN (SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB)))
-- both:
ORDER BY at_ms DESC, id DESC LIMIT 1

-- name: consent_forget
-- Of a person who is erased.
DELETE FROM consents WHERE
-- sqlite:
alias IN (SELECT value FROM json_each(:aliases))
-- postgres:
alias IN (SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB)))
-- both:

-- name: wording_there
SELECT count(*) FROM consent_wordings WHERE purpose = :purpose AND version = :version

-- name: wording_newest
SELECT max(version) FROM consent_wordings WHERE purpose = :purpose

-- name: wording_add
INSERT INTO consent_wordings (purpose, version, texts, created_ms, by_name)
VALUES (:purpose, :version, :texts, :created_ms, :by)

-- name: wording_rows
SELECT purpose, version, texts, created_ms, by_name AS "by" FROM consent_wordings ORDER BY purpose, version DESC
