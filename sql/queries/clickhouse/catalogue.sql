-- name: click_union
-- Rows of both.
{a}
UNION ALL
{b}

-- name: click_word_counts
-- The most frequent words of one sort.
SELECT sort, word, sum(n) AS times FROM (
{with}SELECT toUInt32(:sort) AS sort, {word} AS word, count() AS n FROM {from} WHERE {where} AND word != '' GROUP BY sort, word
) GROUP BY sort, word ORDER BY times DESC, word LIMIT :most

-- name: click_touch_counts
-- Events by the code of their touchpoint.
SELECT code, sum(n) FROM (
{with}SELECT toUInt32(touch) AS code, count() AS n FROM {from} WHERE {where} GROUP BY code
) GROUP BY code

-- name: click_prop_facts
-- Properties: in how many events, with how many different values (few of them exactly).
SELECT name, sum(n) AS times, uniqMerge(values) FROM (
{with}SELECT name, count() AS n, uniqState(value) AS values
FROM events ARRAY JOIN prop_names AS name, prop_values AS value WHERE {where} AND value != '' GROUP BY name
) GROUP BY name ORDER BY times DESC, name LIMIT :most

-- name: click_prop_counts
-- The same of some properties among some events.
SELECT name, value, sum(n), min(earliest) AS first FROM (
SELECT name, value, count() AS n, min(id) AS earliest FROM (
{with}SELECT id, prop_names, prop_values FROM {from} WHERE {where}
) ARRAY JOIN prop_names AS name, prop_values AS value WHERE {named} AND value != '' GROUP BY name, value
) GROUP BY name, value ORDER BY name, first

-- name: click_early
-- Up to which event something has happened so often.
(id <= (SELECT max(id) FROM (SELECT id FROM (SELECT id FROM events WHERE {where} ORDER BY id LIMIT :most) ORDER BY id LIMIT :most)))
