-- Retention: pieces that read `walk`, a person's starts and returns in their order as (at_ms, id, bits, period, keys …); bit 0:
-- the event is a start, bit 1: a return.

-- name: click_retention
-- How many started in each cohort (k = -1), and how many of them came back in its period k.
SELECT {keys}start.1.4 AS period, k, count() AS people FROM (
SELECT start FROM ({walks}) ARRAY JOIN out AS start
) ARRAY JOIN arrayPushFront(start.2, toInt64(-1)) AS k GROUP BY {names}, k LIMIT :most

-- name: click_retention_people
-- Who of a cohort is meant, and the moment that decided.
SELECT who, chosen.1 AS at FROM ({walks}) ARRAY JOIN out AS chosen

-- name: click_retention_since
-- From a moment on.
x.1 >= :at

-- name: click_retention_before
-- Before a moment.
x.1 < :at

-- name: click_retention_first
-- The first start ever, where it lies in the question's time.
arrayFilter(x -> {timely}, arraySlice(arrayFilter(x -> bitTest(x.3, 0), w), 1, 1))

-- name: click_retention_every
-- In every period the first start in the question's time.
arrayMap(f -> arrayFilter((x, n) -> n = 1, f, arrayEnumerateUniq(arrayMap(x -> x.4, f))),
    [arrayFilter(x -> bitTest(x.3, 0) AND {timely}, w)])[1]

-- name: click_retention_all
-- Every return.
arrayFilter(x -> bitTest(x.3, 1), w)

-- name: click_retention_outer
-- Of the returns in one stretch of time the first and the last: whenever a period begins, they tell whether it has one.
arrayMap(f -> arrayMap(c -> arrayFilter((x, a, b, d) -> a != b OR b != d, f,
        arrayPopBack(arrayPushFront(c, toInt64(-1))), c, arrayPopFront(arrayPushBack(c, toInt64(-1)))),
    [arrayMap(x -> toInt64({stretch}), f)])[1], [{returns}])[1]

-- name: click_retention_by_calendar
-- The stretch of time: a period of the calendar.
x.4

-- name: click_retention_by_length
-- The stretch of time: as long as a period.
intDiv(x.1 - :first, :length)

-- name: click_retention_calendar
-- How many periods behind the start's the return lies.
toInt64(x.4) - s.4

-- name: click_retention_elapsed
-- The same, where periods are counted from the start on.
intDiv(x.1 - s.1, :length)

-- name: click_retention_starts
-- The starts that count, each with the periods in which there is a return: a list of (start, [period …]).
, arrayMap(w -> arrayMap(r -> arrayMap(s -> (s,
        arrayDistinct(arrayFilter(k -> k >= 0 AND k < :periods,
            arrayMap(x -> if(x.1 > s.1 OR (x.1 = s.1 AND x.2 >= s.2), {period}, toInt64(-1)), r)))),
    {starts}), [{returns}])[1], [walk])[1] AS out

-- name: click_retention_started
-- The starts in the row's group.
, arrayMap(w -> arrayFilter(x -> x.5, {starts}), [walk])[1] AS out

-- name: click_retention_returned
-- The first return in one period behind the start in the row's group, which is one at most.
, arrayMap(w -> arrayMap(s ->
        arraySlice(arrayFilter(x -> (x.1 > s.1 OR (x.1 = s.1 AND x.2 >= s.2)) AND {period} = :k, {returns}), 1, 1),
    arrayFilter(x -> x.5, {starts}))[1], [walk])[1] AS out
