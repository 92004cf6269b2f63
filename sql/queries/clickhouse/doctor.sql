-- What the doctor asks every server of the events.

-- name: doctor_clock
-- Its clock, in seconds.
SELECT toInt64(toUnixTimestamp(now()))

-- name: doctor_tables
-- How many of our tables are there?
SELECT toInt64(count()) FROM system.tables WHERE database = :database AND name IN ('events', 'moved', 'removed')

-- name: doctor_has_disks
-- Does the release tell of its disks?
SELECT toInt64(count()) FROM system.tables WHERE database = 'system' AND name = 'disks'

-- name: doctor_disks
SELECT name, toInt64(least(free_space, toUInt64(9000000000000000000))),
    toInt64(least(total_space, toUInt64(9000000000000000000)))
FROM system.disks WHERE total_space > 0

-- name: doctor_cluster
-- How many replicas does the cluster have, as this server knows it?
SELECT toInt64(count()) FROM system.clusters WHERE cluster = :cluster

-- name: doctor_macros
-- Which of the two macros that tables are made with are set?
SELECT toInt64(countIf(macro = 'shard')) + toInt64(countIf(macro = 'replica')) FROM system.macros

-- name: doctor_keeper
-- Does the coordinator answer?
SELECT toInt64(count()) FROM system.zookeeper WHERE path = '/'

-- name: doctor_replicas
-- Replicated tables that are not as they should be.
SELECT table, toInt64(is_readonly OR is_session_expired), toInt64(absolute_delay), toInt64(total_replicas),
    toInt64(active_replicas)
FROM system.replicas WHERE database = :database

-- name: doctor_every_shard
-- Fails where a shard has no replica that answers.
SELECT toInt64(count()) FROM (SELECT id FROM events LIMIT 1)

-- name: doctor_make
-- May this user make tables?
CREATE TABLE {database}.{table} (a Int64) ENGINE = Memory

-- name: doctor_drop
DROP TABLE IF EXISTS {database}.{table}

-- name: doctor_url
-- Is a function that reaches other machines within reach?
SELECT toInt64(count()) FROM url('http://127.0.0.1:1/', 'CSV', 'a String')

-- name: doctor_remote
SELECT toInt64(count()) FROM remote('127.0.0.1', 'system', 'one')

-- name: doctor_file
SELECT toInt64(count()) FROM file('cham_doctor', 'CSV', 'a String')
