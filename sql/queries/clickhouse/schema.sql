-- name: schema_database
-- The database, where there is none.
CREATE DATABASE IF NOT EXISTS {database}

-- name: schema_is
-- Has this server a format?
SELECT toInt64(count()) FROM system.tables WHERE database = :database AND name = :table

-- name: schema_create
-- Which steps were taken.
CREATE TABLE IF NOT EXISTS cham_format (number Int64, name String, sha256 String, applied_ms Int64)
ENGINE = MergeTree PARTITION BY tuple() ORDER BY number

-- name: schema_newest
-- The newest step.
SELECT max(number) FROM cham_format

-- name: schema_put
-- One more.
INSERT INTO cham_format (number, name, sha256, applied_ms)

-- name: schema_servers
-- Servers of the cluster.
SELECT toInt64(count()) FROM system.clusters WHERE cluster = :cluster

-- name: schema_shard
-- Which shard this server is of.
SELECT substitution FROM system.macros WHERE macro = 'shard'
