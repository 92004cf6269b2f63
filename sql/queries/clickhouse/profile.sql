-- name: click_profiles
-- First and last moment of persons and how many events they have.
SELECT who, min(at_ms), max(at_ms), count() FROM (
{with}SELECT {who} AS who, at_ms FROM {from} WHERE {where}
) GROUP BY who

-- name: click_profile_sums
-- Their amounts.
SELECT who, money, sum(amount), countIf(amount > 0) FROM (
{with}SELECT {who} AS who, currency AS money, amount FROM {from} WHERE {where} AND priced
) GROUP BY who, money

-- name: click_profile_scores
-- Their scores.
SELECT who, metric, scale, score, count() FROM (
{with}SELECT {who} AS who, metric, scale, score FROM {from} WHERE {where} AND scored AND metric != ''
) GROUP BY who, metric, scale, score ORDER BY who, metric, scale, score
