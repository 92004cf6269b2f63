-- What funnels, retention and paths have in common.

-- name: click_bit
-- A condition as a bit.
({condition}) * :bit

-- name: click_bits
-- Several conditions as the bits of a number.
toUInt16({bits})

-- name: click_flag
-- A condition as an item of a walk.
toUInt8({condition})

-- name: click_is
-- A text equals another, which may be none.
({value} = :text)

-- name: click_behind
-- A page of people, each at the first moment, and how many they are.
SELECT count() AS people, arraySlice(arraySort(groupArrayIf((who, first), who > :after)), 1, :most) AS page FROM (
SELECT who, min(at) AS first FROM ({people}) GROUP BY who
)

-- name: click_behind_events
-- Everybody with an event of a group.
{with}SELECT person AS who, min(at_ms) AS at FROM {from} WHERE {where} AND alias_id != 0 GROUP BY who
