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
-- The clusters it knows, each with the replicas of its largest shard.
SELECT cluster, toInt64(max(replicas))
FROM (SELECT cluster, shard_num, count() AS replicas FROM system.clusters GROUP BY cluster, shard_num)
GROUP BY cluster

-- name: click_kill
-- Ends a statement nobody waits for any more.
KILL QUERY WHERE query_id = :query_id ASYNC

-- name: click_one
-- Does it answer?
SELECT toInt64(1)
