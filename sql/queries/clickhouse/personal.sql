-- name: click_many_values
-- How many different values a property has, counted to a limit.
SELECT count() FROM (SELECT value FROM (
SELECT DISTINCT {value} AS value FROM events WHERE {where} AND value != '' LIMIT :most
) GROUP BY value)

-- name: click_source_words
-- Which words of one sort each source has used.
SELECT source, word FROM (
SELECT source, {word} AS word FROM events WHERE {where} AND word != '' GROUP BY source, word LIMIT :most
) GROUP BY source, word ORDER BY source, word LIMIT :most
