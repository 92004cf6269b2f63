-- Planned against actual, and what lies on no touchpoint.

-- name: click_spot
-- The place of an event in the newest map.
toUInt8(transform(touch, [{codes}], [{places}], :none))

-- name: click_no_spot
-- A map without touchpoints.
toUInt8(:none)

-- name: click_stop
-- The same for visits, which answers neither begin nor end.
if(metric = '', {spot}, toUInt8(:none))

-- name: click_act
-- One of the next acts, as its bit.
toUInt64({act}) * :bit

-- name: click_act_also
-- Several bits.
{acts} + {act}

-- name: click_counted
-- Does the event count, on a touchpoint whose visits are wanted?
({takes} AND stop IN ({wanted}))

-- name: click_counted_text
-- A text of events that count.
if(counts, {value}, '')

-- name: click_counted_number
-- A number of events that count.
if(counts, {value}, toUInt32(0))

-- name: click_steps
-- What a step of a person is made of.
, {stop} AS stop, {counted} AS counts{acts}{more}

-- name: click_step_acts
-- Whose next act a step is, as bits.
, toUInt{width}({acts}) AS {name}

-- name: click_stops
-- A step: on a touchpoint.
(stop != :none)

-- name: click_acts
-- A step: perhaps somebody's next act.
({name} != 0)

-- name: click_who_counts
-- Of whom a step counts: nobody else's visits do.
 HAVING arrayExists(step -> tupleElement(step, 4), walk)

-- name: click_pages
-- About where a sample of persons must be cut into pages of about the same number of events.
SELECT alias_id FROM events WHERE alias_id != 0 AND cityHash64(id) % :each = 0

-- name: click_people_here
-- Different persons, counted by each server of its own.
uniqExactIf(person, alias_id != 0)

-- name: click_people_summed
-- All servers' persons.
sum(people)

-- name: click_people_state
-- Different persons where somebody's aliases may lie on several servers.
uniqExactStateIf(person, alias_id != 0)

-- name: click_people_merged
-- All servers' persons, each once.
uniqExactMerge(people)

-- name: click_adherence_events
-- Events and persons by group and place.
SELECT {names}, spot, sum(n), {all} FROM (
{with}SELECT {select}, {spot} AS spot, count() AS n, {people} AS people FROM {from} WHERE {where} GROUP BY {names}, spot
) GROUP BY {names}, spot

-- name: click_adherence_answers
-- Answers by group and place.
SELECT {names}, spot, metric, scale, score, sum(n) AS answers FROM (
{with}SELECT {select}, {spot} AS spot, metric, scale, score, count() AS n FROM {from}
WHERE {where} AND scored AND metric IN ('nps', 'csat', 'ces') GROUP BY {names}, spot, metric, scale, score
) GROUP BY {names}, spot, metric, scale, score

-- name: click_nowhere
-- Events on no touchpoint.
(touch = 0)

-- name: click_unmapped_one
-- Calls that only say who somebody is are no experience.
(kind NOT IN ('identify', 'group', 'alias'))

-- name: click_unmapped
-- What lies on no touchpoint, by what it has in common.
SELECT kind, channel, metric, sum(n) AS times, {all} AS persons FROM (
{with}SELECT kind, channel, metric, count() AS n, {people} AS people FROM {from}
WHERE {where} GROUP BY kind, channel, metric
) GROUP BY kind, channel, metric ORDER BY times DESC, kind, channel, metric LIMIT :most
