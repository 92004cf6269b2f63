-- What funnels, retention and paths have in common.

-- name: click_bit
-- A condition as a bit; a function around it, for a server that sends a statement on may lose the parentheses of NOT.
toUInt8({condition}) * :bit

-- name: click_bits
-- Several conditions as the bits of a number.
toUInt16({bits})

-- name: click_no_bits
-- Nothing is asked of the events.
toUInt8(0)

-- name: click_flag
-- A condition as one more item of a walk.
, toUInt8({condition})

-- name: click_flag_of_person
-- The same, and whose the event is.
, toUInt8({condition}), person
