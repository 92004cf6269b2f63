-- name: click_people_with
-- Persons with events, by id.
SELECT who FROM (
{with}SELECT person AS who FROM {from} WHERE {where} AND alias_id != 0 AND person > :after GROUP BY who ORDER BY who LIMIT :most
) GROUP BY who ORDER BY who LIMIT :most

-- name: click_person_of
-- The person of an alias, of a list of both.
transform(alias_id, (SELECT arrayMap(x -> toInt64(x), splitByChar(',', :aliases))),
    (SELECT arrayMap(x -> toInt64(x), splitByChar(',', :people))), toInt64(0))

-- name: click_features
-- What persons have lived through, by id. Few persons are asked for, so their events come together here.
SELECT who, min(at_ms), max(at_ms), count(), countIf(metric != ''), uniqExact(day),
    uniqExactIf(kind, kind != ''), uniqExactIf(channel, channel != ''),
    countIf(sold), minIf(at_ms, sold), maxIf(at_ms, sold),
    countIf(nps), arrayReverseSort(groupArrayIf((at_ms, id, score), nps))[1].3,
    countIf(csat), arrayReverseSort(groupArrayIf((at_ms, id, score), csat))[1].3,
    countIf(ces), arrayReverseSort(groupArrayIf((at_ms, id, score), ces))[1].3
FROM (
{with}SELECT {who} AS who, at_ms, id, metric, kind, channel, score, {day} AS day, priced AND amount > 0 AS sold,
    scored AND metric = 'nps' AS nps, scored AND metric = 'csat' AS csat, scored AND metric = 'ces' AS ces
FROM {from} WHERE {where}
) GROUP BY who ORDER BY who

-- name: click_feature_sums
-- Sums of amounts by person and currency.
SELECT who, money, sum(amount) FROM (
{with}SELECT {who} AS who, currency AS money, amount FROM {from} WHERE {where} AND priced
) GROUP BY who, money ORDER BY who, money
