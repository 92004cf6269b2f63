-- The people behind a figure.

-- name: click_text_equals
-- A text is this one, byte for byte; '' for none.
({text} = :value)

-- name: click_number_equals
-- A whole number is this one.
({number} = :value)

-- name: click_first_events
-- Everybody's first event, on each server.
{with}SELECT person AS who, min(at_ms) AS at FROM {from} WHERE {where} AND alias_id != 0 GROUP BY who

-- name: click_behind
-- A page of people, each at the first moment, and how many they are.
SELECT count() AS people, arraySlice(arraySort(groupArrayIf((who, first), who > :after)), 1, :most) AS page FROM (
SELECT who, min(at) AS first FROM ({people}) GROUP BY who
)
