-- Jobs: long or outgoing work, each once per cause.

-- name: job_put
-- A new job, unless there is one of this kind and cause.
INSERT INTO jobs (id, kind, cause, input, state, progress, attempts, cancel, created_ms, due_ms)
VALUES (:id, :kind, :cause, :input, 'waiting', 0, 0, 0, :now_ms, :due_ms)
ON CONFLICT (kind, cause) DO NOTHING

-- name: job_by_cause
-- The id of the job of a cause.
SELECT id FROM jobs WHERE kind = :kind AND cause = :cause

-- name: job_kinds_due
-- Kinds of a family that have something to do.
SELECT DISTINCT kind FROM jobs WHERE
-- sqlite:
kind >= :prefix AND kind < :upto
-- postgres:
kind COLLATE "C" >= :prefix AND kind COLLATE "C" < :upto
-- both:
AND state = 'waiting' AND due_ms <= :now_ms ORDER BY kind

-- name: job_hurry
-- A job that waits is due now.
UPDATE jobs SET due_ms = :now_ms WHERE kind = :kind AND cause = :cause AND state = 'waiting'

-- name: job_hurry_failure
-- The same for those of a family that wait for one reason.
UPDATE jobs SET due_ms = :now_ms WHERE kind LIKE :family AND failure = :failure AND state = 'waiting'

-- name: job_forget
-- A job whose outcome is kept elsewhere.
DELETE FROM jobs WHERE id = :id AND state = 'running' AND owner = :owner

-- name: job_take
-- Takes the oldest due job of a kind; in PostgreSQL the oldest that nobody else is taking at this moment.
UPDATE jobs SET state = 'running', attempts = attempts + 1, started_ms = :now_ms, failure = NULL, owner = :owner
WHERE id = (
    SELECT id FROM jobs WHERE kind = :kind AND state = 'waiting' AND due_ms <= :now_ms
    ORDER BY due_ms, id LIMIT 1
-- postgres:
    FOR UPDATE SKIP LOCKED
-- both:
)
RETURNING id, kind, cause, input, output, state, progress, attempts, cancel, failure, created_ms, due_ms,
    started_ms, ended_ms

-- name: job_progress
-- How far a running job is; nothing changes when it was taken over by another process.
UPDATE jobs SET progress = :progress, output = :output WHERE id = :id AND state = 'running' AND owner = :owner

-- name: job_cancelled
-- 1 when the job was asked to stop.
SELECT cancel FROM jobs WHERE id = :id

-- name: job_end
-- A running or waiting job ends, unless another process runs it; a done one is whole.
UPDATE jobs SET state = :state, output = coalesce(:output, output), failure = :failure, ended_ms = :now_ms,
    progress = CASE WHEN :state = 'done' THEN 1 ELSE progress END, owner = NULL
WHERE id = :id AND state IN ('waiting', 'running') AND (owner IS NULL OR owner = :owner)

-- name: job_again
-- A running job waits again.
UPDATE jobs SET state = 'waiting', due_ms = :due_ms, failure = :failure, owner = NULL
WHERE id = :id AND state = 'running' AND owner = :owner

-- name: job_cancel_waiting
-- A job that waits is cancelled at once.
UPDATE jobs SET state = 'cancelled', cancel = 1, ended_ms = :now_ms WHERE id = :id AND state = 'waiting'

-- name: job_cancel_running
-- A job that runs is asked to stop.
UPDATE jobs SET cancel = 1 WHERE id = :id AND state = 'running'

-- name: job_resume
-- A job that failed or was cancelled waits again.
UPDATE jobs SET state = 'waiting', cancel = 0, failure = NULL, due_ms = :now_ms, ended_ms = NULL
WHERE id = :id AND state IN ('failed', 'cancelled')

-- name: job_find
-- One job, whatever its state.
SELECT id, kind, cause, input, output, state, progress, attempts, cancel, failure, created_ms, due_ms,
    started_ms, ended_ms
FROM jobs WHERE id = :id

-- name: job_list
-- Jobs of a kind, newest first.
SELECT id, kind, cause, input, output, state, progress, attempts, cancel, failure, created_ms, due_ms,
    started_ms, ended_ms
FROM jobs WHERE kind = :kind AND (:before = 0 OR id < :before) ORDER BY id DESC LIMIT :count

-- name: job_recover
-- What ran when its process ended waits again.
UPDATE jobs SET state = 'waiting', due_ms = :now_ms, owner = NULL
WHERE state = 'running' AND (owner IS NULL OR owner NOT IN (SELECT id FROM processes WHERE gone_ms IS NULL))

-- name: job_count
-- How many jobs of a kind there are, in any state.
SELECT count(*) FROM jobs WHERE kind = :kind
