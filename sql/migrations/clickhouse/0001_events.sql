-- The event log on ClickHouse: on every server the tables of its shard, and `events` over all of them.
-- {log}, {distinct} and {newest} are the engines: of one server, or replicated.
CREATE TABLE IF NOT EXISTS {events} (
    id Int64,
    at_ms Int64,
    received_ms Int64,
    import Int64,                   -- 0: none
    message_hash FixedString(16),   -- zeros: none
    alias_id Int64,                 -- of the alias in the records; 0: nobody's
    alias String,                   -- missing text is '' here and below
    kind String,
    source String,
    channel String,
    place String,
    touchpoint String,
    metric String,
    question String,
    version Int64,                  -- 0: none
    scored UInt8,                   -- is there a score?
    score Float64,
    scale String,
    reversed UInt8,
    priced UInt8,                   -- is there an amount?
    amount Int64,
    currency String,
    text String,
    props String,                   -- JSON as it was sent
    prop_names Array(String),       -- every property that can be asked for, once
    prop_values Array(String),      -- its text, as questions compare it
    prop_numbers Array(Float64)     -- and its number; NaN: none
) ENGINE = {log}
PARTITION BY toYYYYMM(toDateTime(intDiv(received_ms, 1000), 'UTC'))
ORDER BY (alias_id, message_hash, id)
SETTINGS index_granularity = 1024;

-- Aliases whose person is the one of another alias, or was once; the newest version counts.
CREATE TABLE IF NOT EXISTS moved (
    alias_id Int64,
    person Int64,   -- id of the person's oldest alias
    version Int64
) ENGINE = {newest}
ORDER BY alias_id;

-- Rows that do not count: repeats that lost a race, groups that were never acknowledged, deleted events until they are gone.
CREATE TABLE IF NOT EXISTS removed (
    id Int64
) ENGINE = {distinct}
ORDER BY id;

-- cluster:
CREATE TABLE IF NOT EXISTS events AS {events}
ENGINE = Distributed({cluster}, {database}, {events}, if(alias_id = 0, cityHash64(id), cityHash64(alias)));
