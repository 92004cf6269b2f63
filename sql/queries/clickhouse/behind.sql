-- The people behind a figure.

-- name: click_text_equals
-- A text is this one, byte for byte; '' for none.
({text} = :value)

-- name: click_number_equals
-- A whole number is this one.
({number} = :value)

-- name: click_first_events
-- Everybody's first event.
SELECT who, min(first) FROM (
{with}SELECT person AS who, min(at_ms) AS first FROM {from} WHERE {where} AND alias_id != 0 GROUP BY who
) GROUP BY who
