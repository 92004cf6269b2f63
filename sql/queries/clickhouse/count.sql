-- name: click_count
-- Events, people and sums of amounts by group. Every server counts people of its own.
SELECT {names}, sum(n), sum(people), sum(money), sum(sold) FROM (
{with}SELECT {select}, count() AS n, uniqExactIf({person}, alias_id != 0) AS people,
    sumIf(amount, priced) AS money, countIf(priced) AS sold
FROM {from} WHERE {where} GROUP BY {names}
) GROUP BY {names} LIMIT :most

-- name: click_count_across
-- The same where a person's aliases may lie on several servers.
SELECT {names}, sum(n), uniqExactMerge(people), sum(money), sum(sold) FROM (
{with}SELECT {select}, count() AS n, uniqExactStateIf({person}, alias_id != 0) AS people,
    sumIf(amount, priced) AS money, countIf(priced) AS sold
FROM {from} WHERE {where} GROUP BY {names}
) GROUP BY {names} LIMIT :most

-- name: click_scores
-- How often each score was given, by group and scale.
SELECT {names}, scale_text, value, sum(n) FROM (
{with}SELECT {select}, {scale} AS scale_text, score AS value, count() AS n
FROM {from} WHERE {where} GROUP BY {names}, scale_text, value
) GROUP BY {names}, scale_text, value ORDER BY scale_text, value

-- name: click_score_of
-- Answers to what is asked for.
(scored AND {word} = :wanted)

-- name: click_words
-- The words of one sort, in the order of their first event.
SELECT word, min(first) AS earliest FROM (
SELECT {word} AS word, min(id) AS first FROM events WHERE {where} AND word != '' GROUP BY word
) GROUP BY word ORDER BY earliest
