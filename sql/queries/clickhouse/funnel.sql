-- Funnels: pieces that read `walk`, a person's events in their order as (at_ms, id, bits, keys …); bit k: the event satisfies
-- step k + 1. Nothing here takes more than a few times the memory of the walk: a list is never looked into once for each
-- item of a list, only merged with it by sorting.

-- name: click_funnel
-- People by step, and the time from the step before: the median and the ninth tenth. As few levels as can be: 18.16 looks
-- through everything inside once more for each.
SELECT {keys}{period} AS period, step, count() AS people, quantilesExact(0.5, 0.9)(time) AS times
FROM ({walks}) ARRAY JOIN arrayEnumerate(out.1) AS step, arrayDifference(out.1) AS time
GROUP BY {names}, step LIMIT :most

-- name: click_funnel_reached
-- Who reached a step.
SELECT who, arrayElement(out.1, :step) AS at FROM ({walks}) WHERE length(out.1) >= :step AND out.2.4

-- name: click_funnel_lost
-- Who reached a step and not the next one.
SELECT who, arrayElement(out.1, :step) AS at FROM ({walks}) WHERE length(out.1) = :step AND out.2.4

-- name: click_funnel_places
-- The places in the walk of the events with a step.
[arrayFilter((i, x) -> bitTest(x.3, :bit), arrayEnumerate(w), w)]

-- name: click_funnel_times
-- The times of these events, counted from just before the first start.
[arrayFilter((t, x) -> bitTest(x.3, :bit), arrayMap(x -> x.1 - base, w), w)]

-- name: click_funnel_bound
-- What is spoken of more than once: p0, p1 … the places of each step's events, t0, t1 … their times.
arrayMap(({names}) -> {within}, {lists})[1]

-- name: click_funnel_next
-- The place of the first event with a step behind the event of the step before; 0: there is none, or was none before.
arrayFirst(i{step} -> toUInt64(i{step} - 1) > toUInt64({before} - 1), p{step})

-- name: click_funnel_place
-- A place as the type that lists of them have.
toUInt32({place})

-- name: click_funnel_starts
-- For each event with a step the latest start, in the form of a time, from which the steps before it lead to it; 0: none. The
-- starts of the step before ascend. So they are merged with this step's events by place, as what each adds to the one
-- before, and summed up on the way.
arrayFilter((s, j) -> j % 2 = 0,
    arrayCumSum(arraySort((s, j) -> j,
        arrayConcat(arrayPopFront(arrayDifference(arrayPushFront({starts}, toInt64(0)))), arrayMap(i -> toInt64(0), p{step})),
        arrayConcat(arrayMap(i -> toUInt64(i) * 2 + 1, p{before}), arrayMap(i -> toUInt64(i) * 2, p{step})))),
    arraySort(arrayConcat(arrayMap(i -> toUInt64(i) * 2 + 1, p{before}), arrayMap(i -> toUInt64(i) * 2, p{step}))))

-- name: click_funnel_first_time
-- The time of the first event that reached a step within the limit; 0: none did.
arrayFirst((t, s) -> s > 0 AND t - s <= :within, t{step}, {starts})

-- name: click_funnel_first_times
-- Those of some steps, and of the steps behind them, which begin with the starts of the last of these.
arrayConcat([{times}], arrayMap({name} -> {rest}, [{starts}])[1])

-- name: click_funnel_last_times
-- Those of the last steps.
[{times}]

-- name: click_funnel_any_time
-- The places of the attempt that counts, without a time limit: the first one is never behind.
arrayFilter(i -> i > 0, arrayMap(f -> [{steps}], [p0[1]])[1])

-- name: click_funnel_in_time
-- The same with one. l: when each step was reached first; d: how deep somebody got; f: the place of the first start from
-- which the deepest step was reached in time.
arrayMap(l -> arrayMap(d -> arrayMap(u ->
    arraySlice(arrayMap(f -> [{steps}], [arrayFirst((i, t) -> u - t <= :within, p0, t0)])[1], 1, d),
    [l[d]])[1], [arrayCount(t -> t > 0, l)])[1], [{first_times}])[1]

-- name: click_funnel_base
-- Just before the first start.
arrayMap(base -> {within}, [arrayFirst(x -> bitTest(x.3, 0), w).1 - 1])[1]

-- name: click_funnel_start
-- For each event: is it a start?
arrayMap(x -> toUInt8(bitTest(x.3, 0)), w)

-- name: click_funnel_very_next
-- For each event: is the one so many places behind it the step, and were those between the steps before?
arrayMap((c, x, y) -> toUInt8(c AND bitTest(x.3, :bit){limit}),
    {before}, arrayResize(arraySlice(w, :place), length(w)), w)

-- name: click_funnel_limit
-- The limit of the time from the start on.
 AND x.1 - y.1 <= :within

-- name: click_funnel_strict
-- The places of the attempt that counts, where each step must be the very next event. g: for each event, how deep an attempt
-- from it gets; d: the deepest.
arrayMap(g -> arrayMap(d -> arrayMap(i -> toUInt32(indexOf(g, d) + i), range(toUInt64(d))), [arrayReduce('max', g)])[1],
    [arrayMap(({names}) -> toUInt8({sum}), {reached})])[1]

-- name: click_funnel_attempt
-- The times of the steps of the attempt that counts, and its first event.
, arrayMap(w -> arrayMap(h -> (arrayMap(t -> arrayMap(i -> t[i], h), [arrayMap(x -> x.1, w)])[1], w[h[1]]),
    [{places}])[1], [walk])[1] AS out
