-- Interview studies (listen/voices/study.h).

-- name: study_notes_forget
-- Their words are no longer in the log.
DELETE FROM study_notes WHERE
-- sqlite:
note IN (SELECT value FROM json_each(:ids))
-- postgres:
note IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
