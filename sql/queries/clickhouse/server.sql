-- name: click_version
-- Which release it is.
SELECT version()

-- name: click_settings
-- The settings it knows, of those that not every release has.
SELECT name FROM system.settings
WHERE name IN ('insert_quorum', 'insert_quorum_parallel', 'insert_quorum_timeout', 'select_sequential_consistency',
    'insert_distributed_sync', 'distributed_foreground_insert', 'fsync_after_insert', 'async_insert',
    'insert_deduplicate', 'mutations_sync')

-- name: click_readonly
-- What the user who asks may: 0 write, 1 only read, 2 only read but with settings of its own.
SELECT value FROM system.settings WHERE name = 'readonly'

-- name: click_clusters
-- The clusters it knows, each with the replicas of its smallest and of its largest shard.
SELECT cluster, toInt64(min(replicas)), toInt64(max(replicas))
FROM (SELECT cluster, shard_num, count() AS replicas FROM system.clusters GROUP BY cluster, shard_num)
GROUP BY cluster

-- name: click_kill
-- Ends a statement nobody waits for any more.
KILL QUERY WHERE query_id = :query_id ASYNC

-- name: click_one
-- Does it answer?
SELECT toInt64(1)

-- name: click_serves
-- Does every shard answer? It looks at no row.
SELECT toInt64(count()) FROM {database}.events WHERE alias_id < 0

-- name: click_stored
-- How many rows of a table are there and how many bytes they take; of a cluster one replica of each shard is looked at.
SELECT toInt64(sum(rows)), toInt64(sum(bytes_on_disk)) FROM {parts}
WHERE active AND database = :database AND table = :table

-- name: click_parts_here
-- The parts of the tables of one server.
system.parts

-- name: click_parts_all
-- The parts of the tables of all shards.
cluster({cluster}, system, parts)

-- name: click_shards
-- The shards of a cluster and the replicas of all of them.
SELECT toInt64(uniqExact(shard_num)), toInt64(count()) FROM system.clusters WHERE cluster = :cluster
