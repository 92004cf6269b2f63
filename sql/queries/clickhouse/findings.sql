-- What findings are made of.

-- name: click_split_names
-- Properties of few values on enough events, the most frequent first.
SELECT name, sum(n) AS times, uniqUpToMerge({most})(held) AS differ FROM (
SELECT name, count() AS n, uniqUpToState({most})(value) AS held
FROM events ARRAY JOIN prop_names AS name, prop_values AS value WHERE {where} AND value != '' GROUP BY name
) GROUP BY name HAVING differ >= 2 AND differ <= {most} ORDER BY times DESC, name

-- name: click_finding_where
-- Something on the map that is counted: an event, or an answer that was given.
(spot IN ({places}) AND (metric = '' OR scored))

-- name: click_facet
-- What an event is split by: the number of a field, and its value.
, (toUInt8({number}), {value})

-- name: click_facets
-- All of an event's facets that it has, and (0, '') for the touchpoint as a whole.
arrayFilter(x -> tupleElement(x, 1) = 0 OR tupleElement(x, 2) != '', [(toUInt8(0), ''){facets}])

-- name: click_left_out
-- Parts of touchpoints that are left out.
(({place}, {value}) IN ({pairs}))

-- name: click_not_allowed
-- Answers that their scale does not allow.
((metric, scale, score) IN ({answers}))

-- name: click_findings
-- Events and answers by touchpoint, facet and span (0: now, 1: before).
SELECT spot, facet, span, asked, range, value, mishap, sum(n) FROM (
{with}SELECT {spot} AS spot, arrayJoin({facets}) AS facet, toUInt8(at_ms < :begins) AS span,
if(metric IN ('nps', 'csat', 'ces'), metric, '') AS asked, if(asked = '', '', scale) AS range,
if(asked = '', 0., score) AS value, if(asked = '' AND kind IN ({mishaps}), kind, '') AS mishap, count() AS n
FROM {from} WHERE {where} GROUP BY spot, facet, span, asked, range, value, mishap
) GROUP BY spot, facet, span, asked, range, value, mishap ORDER BY value

-- name: click_findings_people
-- Persons by touchpoint and facet, now.
SELECT spot, facet, {all} AS persons FROM (
{with}SELECT {spot} AS spot, arrayJoin({facets}) AS facet, {people} AS people
FROM {from} WHERE {where} AND at_ms >= :begins GROUP BY spot, facet
) GROUP BY spot, facet

-- name: click_counted_facets
-- The facets of a step that counts.
, arraySlice({facets}, 1, if(counts, :most, 0))
